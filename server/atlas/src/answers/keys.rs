//! Answers about API keys and from where they may call.

use std::fmt;

use jiff::Timestamp;
use secrecy::SecretString;
use serde::{Deserialize, Deserializer};

use super::{Other, list, maybe, or_default, parsed};
use crate::{AccessListAddress, ApiUserId, GroupId, OrgId};

/// A role of an API key or a person, in an organization or in a project.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RoleAssignment {
    /// The organization, for an organization role.
    #[serde(default, deserialize_with = "maybe")]
    pub org_id: Option<OrgId>,
    /// The project, for a project role.
    #[serde(default, deserialize_with = "maybe")]
    pub group_id: Option<GroupId>,
    /// The role: `ORG_OWNER`, `GROUP_READ_ONLY`, and names yet to come.
    #[serde(default, deserialize_with = "or_default")]
    pub role_name: String,
}

/// An API key as Atlas lists it. Atlas keeps neither its date of creation nor that of its last use.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ApiKey {
    /// Its id.
    pub id: ApiUserId,
    /// Its description.
    #[serde(default, deserialize_with = "or_default")]
    pub desc: String,
    /// Its public key.
    #[serde(default, deserialize_with = "or_default")]
    pub public_key: String,
    /// The masked private key, `********-****-****-01bdd56c8977`: good for recognizing it.
    /// A value without a mask is dropped here, so that a listing can never carry a secret.
    #[serde(default, rename = "privateKey", deserialize_with = "masked")]
    pub masked_private_key: Option<String>,
    /// Its roles in the organization and in projects.
    #[serde(default, deserialize_with = "list")]
    pub roles: Vec<RoleAssignment>,
    /// What Atlas answers besides.
    #[serde(flatten)]
    pub other: Other,
}

fn masked<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    Ok(Option::<String>::deserialize(deserializer)?.filter(|key| key.starts_with("********-")))
}

/// The answer to `createOrgApiKey` and `createGroupApiKey`: the only ones with the whole private key. `Debug` hides it.
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
            #[serde(default, deserialize_with = "or_default")]
            desc: String,
            public_key: String,
            private_key: String,
            #[serde(default, deserialize_with = "list")]
            roles: Vec<RoleAssignment>,
            #[serde(flatten)]
            other: Other,
        }

        let Created { id, desc, public_key, private_key, roles, other } = Created::deserialize(deserializer)?;
        let private_key = SecretString::from(private_key);
        Ok(Self { key: ApiKey { id, desc, public_key, masked_private_key: None, roles, other }, private_key })
    }
}

/// An entry of an API key's access list.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AccessListEntry {
    /// The address, for an entry of one address.
    #[serde(default, deserialize_with = "maybe")]
    pub ip_address: Option<String>,
    /// The block; for one address also, with `/32`.
    #[serde(default, deserialize_with = "maybe")]
    pub cidr_block: Option<String>,
    /// When it was added.
    #[serde(default, deserialize_with = "maybe")]
    pub created: Option<Timestamp>,
    /// How many requests came from it.
    #[serde(default, deserialize_with = "maybe")]
    pub count: Option<u64>,
    /// When the last of them came; absent until the first.
    #[serde(default, deserialize_with = "maybe")]
    pub last_used: Option<Timestamp>,
    /// From which address it came.
    #[serde(default, deserialize_with = "maybe")]
    pub last_used_address: Option<String>,
    /// What Atlas answers besides.
    #[serde(flatten)]
    pub other: Other,
}

impl AccessListEntry {
    /// The entry as an address or block; `None` if Atlas wrote it in a way we do not know.
    #[must_use]
    pub fn address(&self) -> Option<AccessListAddress> {
        parsed(self.cidr_block.as_deref(), self.ip_address.as_deref())
    }
}
