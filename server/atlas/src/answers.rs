//! What Atlas answers. Tolerant on purpose: fields we do not know are ignored, lists that are
//! missing are empty, roles and the like are open strings, times that do not parse are absent.

use std::fmt;

use jiff::Timestamp;
use secrecy::SecretString;
use serde::{Deserialize, Deserializer};

use crate::{AccessListAddress, ApiUserId, GroupId, OrgId};

/// A list that may be missing or `null`.
fn list<'de, T: Deserialize<'de>, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<T>, D::Error> {
    Ok(Option::<Vec<T>>::deserialize(deserializer)?.unwrap_or_default())
}

/// A text that may be missing or `null`.
fn text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    Ok(Option::<String>::deserialize(deserializer)?.unwrap_or_default())
}

/// A time that may be missing, `null` or unreadable.
fn time<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Timestamp>, D::Error> {
    Ok(Option::<String>::deserialize(deserializer)?.and_then(|text| text.parse().ok()))
}

/// One page of a list.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", bound(deserialize = "T: Deserialize<'de>"))]
pub struct Page<T> {
    /// The entries.
    #[serde(default, deserialize_with = "list")]
    pub results: Vec<T>,
    /// Where the page stands among the others.
    #[serde(default, deserialize_with = "list")]
    pub links: Vec<Link>,
    /// How many entries there are altogether. An estimate, says Atlas's description.
    #[serde(default)]
    pub total_count: Option<u64>,
}

impl<T> Page<T> {
    /// Whether another page follows.
    #[must_use]
    pub fn has_next(&self) -> bool {
        self.links.iter().any(|link| link.rel == "next")
    }
}

/// A link beside an entity. For display; requests are built from ids.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Link {
    /// Where it leads.
    #[serde(default)]
    pub href: String,
    /// What is there: `self`, `next`, `previous` or an address of MongoDB's vocabulary.
    #[serde(default)]
    pub rel: String,
}

/// The answer of `getSystemStatus`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SystemStatus {
    /// The API key that asked; absent for other kinds of credential.
    #[serde(default)]
    pub api_key: Option<CallerKey>,
    /// `MongoDB Atlas`.
    #[serde(default, deserialize_with = "text")]
    pub app_name: String,
    /// The commit Atlas runs.
    #[serde(default, deserialize_with = "text")]
    pub build: String,
    /// Whether Atlas slows callers down.
    #[serde(default)]
    pub throttling: bool,
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
}

/// An entry of the caller's own access list.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CallerAccessEntry {
    /// The address.
    #[serde(default)]
    pub ip_address: Option<String>,
    /// The block; for one address also, with `/32`.
    #[serde(default)]
    pub cidr_block: Option<String>,
}

impl CallerAccessEntry {
    /// The entry as an address or block; `None` if Atlas wrote it in a way we do not know.
    #[must_use]
    pub fn address(&self) -> Option<AccessListAddress> {
        parsed(self.cidr_block.as_deref(), self.ip_address.as_deref())
    }
}

fn parsed(block: Option<&str>, address: Option<&str>) -> Option<AccessListAddress> {
    block.or(address)?.parse().ok()
}

/// A role of an API key, in an organization or in a project.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RoleAssignment {
    /// The organization, for an organization role.
    #[serde(default)]
    pub org_id: Option<OrgId>,
    /// The project, for a project role.
    #[serde(default)]
    pub group_id: Option<GroupId>,
    /// The role: `ORG_OWNER`, `GROUP_READ_ONLY`, and names yet to come.
    #[serde(default, deserialize_with = "text")]
    pub role_name: String,
}

/// An organization.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Organization {
    /// Its id.
    pub id: OrgId,
    /// Its name.
    #[serde(default, deserialize_with = "text")]
    pub name: String,
    /// Whether it is deleted and only remembered.
    #[serde(default)]
    pub is_deleted: bool,
}

/// A project, which Atlas calls a group.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Group {
    /// Its id.
    pub id: GroupId,
    /// The organization it belongs to.
    pub org_id: OrgId,
    /// Its name.
    #[serde(default, deserialize_with = "text")]
    pub name: String,
    /// How many clusters it has.
    #[serde(default)]
    pub cluster_count: Option<u64>,
    /// When it was created.
    #[serde(default, deserialize_with = "time")]
    pub created: Option<Timestamp>,
    /// Its tags.
    #[serde(default, deserialize_with = "list")]
    pub tags: Vec<Tag>,
}

/// A tag of a project.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Tag {
    /// What it tells.
    #[serde(default)]
    pub key: String,
    /// What it says.
    #[serde(default)]
    pub value: String,
}

/// An API key as Atlas lists it. Atlas keeps neither its date of creation nor that of its last use.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ApiKey {
    /// Its id.
    pub id: ApiUserId,
    /// Its description.
    #[serde(default, deserialize_with = "text")]
    pub desc: String,
    /// Its public key.
    #[serde(default, deserialize_with = "text")]
    pub public_key: String,
    /// The masked private key, `********-****-****-01bdd56c8977`: good for recognizing it.
    /// A value without a mask is dropped here, so that a listing can never carry a secret.
    #[serde(default, rename = "privateKey", deserialize_with = "masked")]
    pub masked_private_key: Option<String>,
    /// Its roles in the organization and in projects.
    #[serde(default, deserialize_with = "list")]
    pub roles: Vec<RoleAssignment>,
}

fn masked<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    Ok(Option::<String>::deserialize(deserializer)?.filter(|key| key.starts_with("********-")))
}

/// The answer to `createOrgApiKey`: the only one with the whole private key. `Debug` hides it.
#[derive(Clone)]
pub struct CreatedApiKey {
    /// The key.
    pub key: ApiKey,
    /// Its private key, which Atlas does not tell again.
    pub private_key: SecretString,
}

impl fmt::Debug for CreatedApiKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CreatedApiKey").field("key", &self.key).field("private_key", &"(hidden)").finish()
    }
}

impl<'de> Deserialize<'de> for CreatedApiKey {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(rename_all = "camelCase")]
        struct Created {
            id: ApiUserId,
            #[serde(default, deserialize_with = "text")]
            desc: String,
            public_key: String,
            private_key: String,
            #[serde(default, deserialize_with = "list")]
            roles: Vec<RoleAssignment>,
        }

        let Created { id, desc, public_key, private_key, roles } = Created::deserialize(deserializer)?;
        let private_key = SecretString::from(private_key);
        Ok(Self { key: ApiKey { id, desc, public_key, masked_private_key: None, roles }, private_key })
    }
}

/// An entry of an API key's access list.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AccessListEntry {
    /// The address, for an entry of one address.
    #[serde(default)]
    pub ip_address: Option<String>,
    /// The block; for one address also, with `/32`.
    #[serde(default)]
    pub cidr_block: Option<String>,
    /// When it was added.
    #[serde(default, deserialize_with = "time")]
    pub created: Option<Timestamp>,
    /// How many requests came from it.
    #[serde(default)]
    pub count: Option<u64>,
    /// When the last of them came; absent until the first.
    #[serde(default, deserialize_with = "time")]
    pub last_used: Option<Timestamp>,
    /// From which address it came.
    #[serde(default)]
    pub last_used_address: Option<String>,
}

impl AccessListEntry {
    /// The entry as an address or block; `None` if Atlas wrote it in a way we do not know.
    #[must_use]
    pub fn address(&self) -> Option<AccessListAddress> {
        parsed(self.cidr_block.as_deref(), self.ip_address.as_deref())
    }
}
