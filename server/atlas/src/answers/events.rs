//! Events.

use jiff::Timestamp;
use serde::Deserialize;
use serde_json::Value;

use super::{Other, maybe, or_default};
use crate::{EventId, GroupId, OrgId, TeamId, UserId};

/// Something that happened. One shape for all kinds, since Atlas adds some without notice: what a kind has beyond this is in
/// `other`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Event {
    /// Its id.
    pub id: EventId,
    /// When it happened.
    #[serde(default, deserialize_with = "maybe")]
    pub created: Option<Timestamp>,
    /// Its kind: `API_KEY_CREATED`, and names yet to come.
    #[serde(default, deserialize_with = "or_default")]
    pub event_type_name: String,
    /// In which organization.
    #[serde(default, deserialize_with = "maybe")]
    pub org_id: Option<OrgId>,
    /// In which project.
    #[serde(default, deserialize_with = "maybe")]
    pub group_id: Option<GroupId>,
    /// The person who did it.
    #[serde(default, deserialize_with = "maybe")]
    pub user_id: Option<UserId>,
    /// That person's name.
    #[serde(default, deserialize_with = "maybe")]
    pub username: Option<String>,
    /// The API key that did it.
    #[serde(default, deserialize_with = "maybe")]
    pub api_key_id: Option<String>,
    /// Its public key.
    #[serde(default, deserialize_with = "maybe")]
    pub public_key: Option<String>,
    /// From which address.
    #[serde(default, deserialize_with = "maybe")]
    pub remote_address: Option<String>,
    /// Whether it was somebody of MongoDB.
    #[serde(default, deserialize_with = "or_default")]
    pub is_global_admin: bool,
    /// The person it was done to.
    #[serde(default, deserialize_with = "maybe")]
    pub target_username: Option<String>,
    /// The API key it was done to.
    #[serde(default, deserialize_with = "maybe")]
    pub target_public_key: Option<String>,
    /// The entry of an access list it is about.
    #[serde(default, deserialize_with = "maybe")]
    pub whitelist_entry: Option<String>,
    /// The team it is about.
    #[serde(default, deserialize_with = "maybe")]
    pub team_id: Option<TeamId>,
    /// The invoice it is about.
    #[serde(default, deserialize_with = "maybe")]
    pub invoice_id: Option<String>,
    /// The payment it is about.
    #[serde(default, deserialize_with = "maybe")]
    pub payment_id: Option<String>,
    /// The object whose tags changed.
    #[serde(default, deserialize_with = "maybe")]
    pub resource_id: Option<String>,
    /// The kind of that object.
    #[serde(default, deserialize_with = "maybe")]
    pub resource_type: Option<String>,
    /// The application that did it in somebody's name.
    #[serde(default, deserialize_with = "maybe")]
    pub delegate_principal: Option<Value>,
    /// What Atlas keeps of it internally, when asked for.
    #[serde(default, deserialize_with = "maybe")]
    pub raw: Option<Value>,
    /// What Atlas answers besides.
    #[serde(flatten)]
    pub other: Other,
}
