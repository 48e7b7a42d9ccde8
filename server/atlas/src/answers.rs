//! What Atlas answers. Tolerant on purpose: fields we do not know are kept beside the others, lists that are missing are
//! empty, roles, states and the like are open strings, values of another type than described are absent.

mod events;
mod invoices;
mod keys;
mod organizations;
mod projects;
mod root;
mod service_accounts;
mod teams;
mod users;

use std::fmt;

use secrecy::SecretString;
use serde::{
    Deserialize, Deserializer,
    de::{DeserializeOwned, IgnoredAny, MapAccess, Visitor},
};
use serde_json::{Map, Value};

pub use self::{
    events::Event,
    invoices::{
        AssociatedInvoice, AssociatedInvoices, CostQuery, CostUsage, Invoice, InvoiceReport, LineItem, Payment, Refund,
        Sku, UsageLineItem,
    },
    keys::{AccessListEntry, ApiKey, CreatedApiKey, RoleAssignment},
    organizations::{CreatedOrganization, DelegationSettings, OrgSettings, Organization, SessionTimeouts},
    projects::{Group, Limit, Tag},
    root::{CallerAccessEntry, CallerKey, Endpoint, EventType, LimitValue, RateLimit, SystemStatus},
    service_accounts::{ServiceAccount, ServiceAccountEntry, ServiceAccountGroup, ServiceAccountSecret},
    teams::{GroupTeam, Team},
    users::{
        AtlasUser, GroupInvite, GroupRoleAssignment, GroupUser, InvitedRole, OrgInvite, OrgUser, OrgUserRoles,
        ReplacedGroupRoles, ReplacedOrgRoles,
    },
};
use crate::AccessListAddress;

/// A list that may be missing or `null`.
fn list<'de, T: Deserialize<'de>, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<T>, D::Error> {
    Ok(Option::<Vec<T>>::deserialize(deserializer)?.unwrap_or_default())
}

/// A text, a yes or no, or the like that may be missing, `null` or unreadable, and is empty then.
fn or_default<'de, T: DeserializeOwned + Default, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    Ok(maybe(deserializer)?.unwrap_or_default())
}

/// A value that may be missing, `null` or unreadable.
fn maybe<'de, T: DeserializeOwned, D: Deserializer<'de>>(deserializer: D) -> Result<Option<T>, D::Error> {
    Ok(T::deserialize(Value::deserialize(deserializer)?).ok())
}

/// A secret that is there only once.
fn secret<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<SecretString>, D::Error> {
    Ok(maybe::<String, D>(deserializer)?.map(SecretString::from))
}

fn parsed(block: Option<&str>, address: Option<&str>) -> Option<AccessListAddress> {
    block.or(address)?.parse().ok()
}

/// The fields of an answer that this crate does not know, as they came; links apart, which lead to where the ids lead.
///
/// `Debug` shows their names only: nobody knows what the values are.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Other(Map<String, Value>);

impl Other {
    /// The value of a field.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.0.get(name)
    }

    /// All of them, by name.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value))
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl fmt::Debug for Other {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}

impl<'de> Deserialize<'de> for Other {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Fields;

        impl<'de> Visitor<'de> for Fields {
            type Value = Other;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut fields: A) -> Result<Other, A::Error> {
                let mut other = Map::new();
                while let Some(name) = fields.next_key::<String>()? {
                    if name == "links" {
                        fields.next_value::<IgnoredAny>()?;
                    } else {
                        other.insert(name, fields.next_value()?);
                    }
                }
                Ok(Other(other))
            }
        }

        deserializer.deserialize_map(Fields)
    }
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
    #[serde(default, deserialize_with = "maybe")]
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
    #[serde(default, deserialize_with = "or_default")]
    pub href: String,
    /// What is there: `self`, `next`, `previous` or an address of MongoDB's vocabulary.
    #[serde(default, deserialize_with = "or_default")]
    pub rel: String,
}
