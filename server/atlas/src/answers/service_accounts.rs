//! Answers about service accounts, their secrets and from where they may call.

use jiff::Timestamp;
use secrecy::SecretString;
use serde::Deserialize;

use super::{Other, list, maybe, or_default, parsed, secret};
use crate::{AccessListAddress, ClientId, GroupId, SecretId};

/// A service account, seen from an organization or from a project.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ServiceAccount {
    /// Its id, and its name when it signs in.
    pub client_id: ClientId,
    /// Its name.
    #[serde(default, deserialize_with = "or_default")]
    pub name: String,
    /// Its description.
    #[serde(default, deserialize_with = "or_default")]
    pub description: String,
    /// When it was made.
    #[serde(default, deserialize_with = "maybe")]
    pub created_at: Option<Timestamp>,
    /// Its roles: of the organization, or of the project it was asked for in.
    #[serde(default, deserialize_with = "list")]
    pub roles: Vec<String>,
    /// Its secrets, at most two.
    #[serde(default, deserialize_with = "list")]
    pub secrets: Vec<ServiceAccountSecret>,
    /// What Atlas answers besides.
    #[serde(flatten)]
    pub other: Other,
}

/// A secret of a service account. `Debug` hides it.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ServiceAccountSecret {
    /// Its id.
    pub id: SecretId,
    /// When it was made.
    #[serde(default, deserialize_with = "maybe")]
    pub created_at: Option<Timestamp>,
    /// When it ends.
    #[serde(default, deserialize_with = "maybe")]
    pub expires_at: Option<Timestamp>,
    /// When it was last used; absent until then.
    #[serde(default, deserialize_with = "maybe")]
    pub last_used_at: Option<Timestamp>,
    /// Its first characters and its last: good for recognizing it.
    #[serde(default, deserialize_with = "maybe")]
    pub masked_secret_value: Option<String>,
    /// The secret itself, which Atlas tells when it is made and not again.
    #[serde(default, deserialize_with = "secret")]
    pub secret: Option<SecretString>,
    /// What Atlas answers besides.
    #[serde(flatten)]
    pub other: Other,
}

/// An entry of a service account's access list. Its use appears up to five minutes late.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ServiceAccountEntry {
    /// The address, for an entry of one address.
    #[serde(default, deserialize_with = "maybe")]
    pub ip_address: Option<String>,
    /// The block; for one address also, with `/32`.
    #[serde(default, deserialize_with = "maybe")]
    pub cidr_block: Option<String>,
    /// When it was added.
    #[serde(default, deserialize_with = "maybe")]
    pub created_at: Option<Timestamp>,
    /// When a request last came from it; absent until the first.
    #[serde(default, deserialize_with = "maybe")]
    pub last_used_at: Option<Timestamp>,
    /// From which address it came.
    #[serde(default, deserialize_with = "maybe")]
    pub last_used_address: Option<String>,
    /// How many requests came from it.
    #[serde(default, deserialize_with = "maybe")]
    pub request_count: Option<u64>,
    /// What Atlas answers besides.
    #[serde(flatten)]
    pub other: Other,
}

impl ServiceAccountEntry {
    /// The entry as an address or block; `None` if Atlas wrote it in a way we do not know.
    #[must_use]
    pub fn address(&self) -> Option<AccessListAddress> {
        parsed(self.cidr_block.as_deref(), self.ip_address.as_deref())
    }
}

/// A project a service account is assigned to.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ServiceAccountGroup {
    /// The project.
    pub group_id: GroupId,
    /// Its roles there.
    #[serde(default, deserialize_with = "list")]
    pub roles: Vec<String>,
    /// What Atlas answers besides.
    #[serde(flatten)]
    pub other: Other,
}
