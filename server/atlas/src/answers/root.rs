//! Answers about the caller and its limits.

use serde::Deserialize;

use super::{Other, list, maybe, or_default, parsed};
use crate::{AccessListAddress, ApiUserId, RoleAssignment};

/// The answer of `getSystemStatus`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SystemStatus {
    /// The API key that asked; absent for other kinds of credential.
    #[serde(default)]
    pub api_key: Option<CallerKey>,
    /// `MongoDB Atlas`.
    #[serde(default, deserialize_with = "or_default")]
    pub app_name: String,
    /// The commit Atlas runs.
    #[serde(default, deserialize_with = "or_default")]
    pub build: String,
    /// Whether Atlas slows callers down.
    #[serde(default, deserialize_with = "or_default")]
    pub throttling: bool,
    /// What Atlas answers besides.
    #[serde(flatten)]
    pub other: Other,
}

/// The API key that asks.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CallerKey {
    /// Its id.
    pub id: ApiUserId,
    /// Its public key.
    pub public_key: String,
    /// All its roles.
    #[serde(default, deserialize_with = "list")]
    pub roles: Vec<RoleAssignment>,
    /// From where it may call.
    #[serde(default, deserialize_with = "list")]
    pub access_list: Vec<CallerAccessEntry>,
    /// What Atlas answers besides.
    #[serde(flatten)]
    pub other: Other,
}

/// An entry of the caller's own access list.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CallerAccessEntry {
    /// The address.
    #[serde(default, deserialize_with = "maybe")]
    pub ip_address: Option<String>,
    /// The block; for one address also, with `/32`.
    #[serde(default, deserialize_with = "maybe")]
    pub cidr_block: Option<String>,
}

impl CallerAccessEntry {
    /// The entry as an address or block; `None` if Atlas wrote it in a way we do not know.
    #[must_use]
    pub fn address(&self) -> Option<AccessListAddress> {
        parsed(self.cidr_block.as_deref(), self.ip_address.as_deref())
    }
}

/// How fast one organization, project, credential or address may ask of one set of operations.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RateLimit {
    /// The id of the set: `rateLimitsInspection_group`.
    #[serde(default, deserialize_with = "or_default")]
    pub endpoint_set_id: String,
    /// Its name.
    #[serde(default, deserialize_with = "or_default")]
    pub endpoint_set_name: String,
    /// Whose limit it is: `ORGANIZATION`, `GROUP`, `USER`, `IP`, and others yet to come.
    #[serde(default, deserialize_with = "or_default")]
    pub scope: String,
    /// The operations of the set.
    #[serde(default, deserialize_with = "list")]
    pub endpoints: Vec<Endpoint>,
    /// How many requests may come at once.
    #[serde(default, deserialize_with = "or_default")]
    pub capacity: LimitValue,
    /// How many of them come back each time.
    #[serde(default, deserialize_with = "or_default")]
    pub refill_rate: LimitValue,
    /// After how many seconds they come back.
    #[serde(default, deserialize_with = "or_default")]
    pub refill_duration_seconds: LimitValue,
    /// What Atlas answers besides.
    #[serde(flatten)]
    pub other: Other,
}

/// An operation by method and path, as Atlas documents it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Endpoint {
    /// Its method.
    #[serde(default, deserialize_with = "or_default")]
    pub method: String,
    /// Its path, with names in braces.
    #[serde(default, deserialize_with = "or_default")]
    pub path: String,
}

/// A limit, and what it is for everybody else.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LimitValue {
    /// The limit.
    #[serde(default, deserialize_with = "maybe")]
    pub value: Option<u64>,
    /// What it is without an exception.
    #[serde(default, deserialize_with = "maybe")]
    pub default_value: Option<u64>,
}

/// A kind of event.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct EventType {
    /// Its name, as in `eventTypeName`.
    #[serde(default, deserialize_with = "or_default")]
    pub event_type: String,
    /// What it means.
    #[serde(default, deserialize_with = "or_default")]
    pub description: String,
    /// Whether an alert can be made of it.
    #[serde(default, deserialize_with = "or_default")]
    pub alertable: bool,
    /// What Atlas answers besides.
    #[serde(flatten)]
    pub other: Other,
}
