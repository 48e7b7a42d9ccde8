//! Findings: what an administrator should look at, why, and what to do about it.

use domain::ids::{ApiKeyId, OrgId};
use jiff::Timestamp;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use super::{inventory::StaleOrg, people::OrgChoice};
use crate::error::ApiError;

/// After how many days a key counts as old.
pub const OLD_DAYS: i64 = 90;

/// After how many days without use a key counts as unused.
pub const UNUSED_DAYS: i64 = 90;

/// How bad a finding is, the worst first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FindingSeverity {
    /// Whoever holds the private key holds the organization, from anywhere.
    Critical,
    /// Too much power or reach.
    High,
    /// Should be put in order.
    Medium,
    /// Worth knowing.
    Low,
    /// Neither good nor bad: it cannot be seen.
    NotKnown,
}

impl FindingSeverity {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Critical, Self::High, Self::Medium, Self::Low, Self::NotKnown];

    /// The word.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Critical => "Critical",
            Self::High => "High",
            Self::Medium => "Medium",
            Self::Low => "Low",
            Self::NotKnown => "Not known",
        }
    }
}

/// Something about a key that an administrator should look at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum KeyFinding {
    /// It holds `ORG_OWNER` and has no access list.
    OwnerWithoutList,
    /// It holds `ORG_OWNER`.
    OwnerRole,
    /// Its access list allows any address.
    AnyAddress,
    /// Its access list holds a range wider than /16 (IPv4) or /48 (IPv6), also in pieces.
    WideRange,
    /// It has no access list.
    NoAccessList,
    /// It holds `ORG_BILLING_ADMIN`.
    BillingRole,
    /// It has an access list and none of its entries was ever used.
    NeverUsed,
    /// It was used, but not for [`UNUSED_DAYS`].
    Unused,
    /// It holds `GROUP_OWNER` in a project.
    ProjectOwner,
    /// Its access list holds a range that no call from the internet can come from.
    PrivateRange,
    /// It is older than [`OLD_DAYS`].
    Old,
    /// Whether it is used cannot be known.
    UseUnknown,
    /// Its access list cannot be read with the reader's roles.
    ListNotReadable,
}

impl KeyFinding {
    /// All findings, the worst first.
    pub const ALL: [Self; 13] = [
        Self::OwnerWithoutList,
        Self::OwnerRole,
        Self::AnyAddress,
        Self::WideRange,
        Self::NoAccessList,
        Self::BillingRole,
        Self::NeverUsed,
        Self::Unused,
        Self::ProjectOwner,
        Self::PrivateRange,
        Self::Old,
        Self::UseUnknown,
        Self::ListNotReadable,
    ];

    /// The word in addresses and files.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::OwnerWithoutList => "owner_without_list",
            Self::OwnerRole => "owner_role",
            Self::AnyAddress => "any_address",
            Self::WideRange => "wide_range",
            Self::NoAccessList => "no_access_list",
            Self::BillingRole => "billing_role",
            Self::NeverUsed => "never_used",
            Self::Unused => "unused",
            Self::ProjectOwner => "project_owner",
            Self::PrivateRange => "private_range",
            Self::Old => "old",
            Self::UseUnknown => "use_unknown",
            Self::ListNotReadable => "list_not_readable",
        }
    }

    /// The words on the chip.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::OwnerWithoutList => "Owner without list",
            Self::OwnerRole => "Owner key",
            Self::AnyAddress => "Any address",
            Self::WideRange => "Wide range",
            Self::NoAccessList => "No access list",
            Self::BillingRole => "Billing key",
            Self::NeverUsed => "Never used",
            Self::Unused => "Unused 90 d",
            Self::ProjectOwner => "Project owner",
            Self::PrivateRange => "Private range",
            Self::Old => "Older than 90 d",
            Self::UseUnknown => "Use unknown",
            Self::ListNotReadable => "List not readable",
        }
    }

    /// How bad it is.
    #[must_use]
    pub fn severity(self) -> FindingSeverity {
        match self {
            Self::OwnerWithoutList => FindingSeverity::Critical,
            Self::OwnerRole | Self::AnyAddress | Self::WideRange => FindingSeverity::High,
            Self::NoAccessList | Self::BillingRole | Self::NeverUsed | Self::Unused => FindingSeverity::Medium,
            Self::ProjectOwner | Self::PrivateRange | Self::Old => FindingSeverity::Low,
            Self::UseUnknown | Self::ListNotReadable => FindingSeverity::NotKnown,
        }
    }

    /// What was seen.
    #[must_use]
    pub fn seen(self) -> &'static str {
        match self {
            Self::OwnerWithoutList => "The key holds Organization Owner and has no access list.",
            Self::OwnerRole => "The key holds Organization Owner.",
            Self::AnyAddress => {
                "Its access list allows every address: with 0.0.0.0/0 or ::/0, or with pieces that make up the same, such as 0.0.0.0/1 and 128.0.0.0/1."
            }
            Self::WideRange => {
                "A range on its access list, or neighbouring ranges together, are wider than /16 (IPv4) or /48 (IPv6)."
            }
            Self::NoAccessList => "The key has no access list.",
            Self::BillingRole => "The key holds Organization Billing Admin.",
            Self::NeverUsed => "It has an access list, and Atlas notes no use of any entry on it.",
            Self::Unused => "The last use that Atlas notes on its access list is more than 90 days ago.",
            Self::ProjectOwner => "The key holds Project Owner in at least one project.",
            Self::PrivateRange => {
                "An entry on its access list lies in a private or reserved range, such as 10.0.0.0/8 or fd00::/8."
            }
            Self::Old => "The key was made more than 90 days ago, as the time inside its id says.",
            Self::UseUnknown => {
                "Atlas notes the use of a key only on the entries of its access list, and there are none, or they cannot be read."
            }
            Self::ListNotReadable => {
                "Atlas shows a key's access list only to the key itself and to organization owners, and the reader of this connection is neither."
            }
        }
    }

    /// Why it matters.
    #[must_use]
    pub fn why(self) -> &'static str {
        match self {
            Self::OwnerWithoutList => {
                "Whoever gets hold of its private key can do everything in the organization from anywhere, unless the organization requires access lists."
            }
            Self::OwnerRole => {
                "It may do everything in its organization: make more keys, invite owners, delete projects. Automation rarely needs that."
            }
            Self::AnyAddress => "It is as good as no list: the private key alone is enough, from anywhere.",
            Self::WideRange => "Tens of thousands of addresses may use the key, most of which nobody here answers for.",
            Self::NoAccessList => {
                "It may be used from anywhere, unless its organization requires access lists; then it cannot be used at all. Some operations are refused to it either way."
            }
            Self::BillingRole => "It may change how the organization pays, and read every invoice.",
            Self::NeverUsed => "A key that nobody uses is a secret that nobody misses when it is stolen.",
            Self::Unused => "Whatever used it has probably gone; the secret has not.",
            Self::ProjectOwner => "It may do everything in these projects, with their clusters and users.",
            Self::PrivateRange => {
                "Atlas sees public addresses, so the entry never matches. Whoever added it may believe that it does."
            }
            Self::Old => {
                "A private key cannot be changed, only replaced; the older it is, the more places it has been in."
            }
            Self::UseUnknown => "It is neither in use nor unused: nobody can tell from here.",
            Self::ListNotReadable => "Nobody can tell from here how wide the list is, or whether there is one.",
        }
    }

    /// What to do.
    #[must_use]
    pub fn what_to_do(self) -> &'static str {
        match self {
            Self::OwnerWithoutList => {
                "Add the addresses that use it, then give it a smaller role. Begin with these: nothing else weighs more."
            }
            Self::OwnerRole => "Give it a smaller role, or replace it by a key that has one.",
            Self::AnyAddress => "Narrow the list to the addresses that were seen to use the key.",
            Self::WideRange => "Narrow the range to the addresses that were seen to use the key.",
            Self::NoAccessList => "Add the addresses that use it.",
            Self::BillingRole => "Give it Organization Billing Viewer if it only reads invoices.",
            Self::NeverUsed => "Ask who asked for it, and delete it if nobody needs it.",
            Self::Unused => "Ask its owner, and delete it if nobody needs it.",
            Self::ProjectOwner => "Give it the smallest project role that does its work.",
            Self::PrivateRange => "Remove the entry, or replace it by the public address behind which its callers are.",
            Self::Old => "Make a new key, move what uses the old one, and delete the old one.",
            Self::UseUnknown => "Give the key an access list; from then on Atlas notes when it is used.",
            Self::ListNotReadable => "Give the connection a reader with Organization Owner to see it.",
        }
    }

    /// What it means, and what to do about it: one sentence or two, for a hover or a card.
    #[must_use]
    pub fn explanation(self) -> String {
        format!("{} {}", self.seen(), self.what_to_do())
    }

    /// Whether it counts as high: high, or worse.
    #[must_use]
    pub fn is_high(self) -> bool {
        self.severity() <= FindingSeverity::High
    }

    /// Whether it depends on what time it is, so that it is not kept but found out whenever somebody asks.
    #[must_use]
    pub fn depends_on_time(self) -> bool {
        matches!(self, Self::Unused | Self::Old)
    }

    /// Whether a row of a table leaves it to other columns, or to a worse finding among `others`, to say the same.
    #[must_use]
    pub fn goes_without_saying(self, others: &[Self]) -> bool {
        match self {
            Self::Old | Self::UseUnknown => true,
            Self::OwnerRole | Self::NoAccessList => others.contains(&Self::OwnerWithoutList),
            _ => false,
        }
    }
}

/// How many keys of an organization have a finding.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrgFinding {
    /// The organization.
    pub org: OrgId,
    /// Its label.
    pub name: String,
    /// How many of its keys.
    pub keys: u32,
}

/// A key with a finding, and what can be asked for at once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FindingExample {
    /// Its organization.
    pub org: OrgId,
    /// The organization's label.
    pub org_name: String,
    /// The key.
    pub key: ApiKeyId,
    /// Its description.
    pub description: String,
    /// Its public key.
    pub public_key: String,
    /// The entry that can be narrowed, and to what, if one was seen in use and the caller may ask for changes.
    #[serde(default)]
    pub narrow: Option<(String, String)>,
}

/// All keys with one finding.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FindingGroup {
    /// The finding.
    pub finding: KeyFinding,
    /// How many keys have it.
    pub keys: u32,
    /// By organization, the most first.
    #[serde(default)]
    pub organizations: Vec<OrgFinding>,
    /// A few of the keys, for a beginning; only of findings that there is a wizard for.
    #[serde(default)]
    pub examples: Vec<FindingExample>,
}

/// The findings of all organizations, or of one.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FindingsPage {
    /// What was found, the worst first.
    #[serde(default)]
    pub groups: Vec<FindingGroup>,
    /// How many keys there are in the organizations shown.
    pub keys: u32,
    /// How many organizations are shown.
    pub organizations: u32,
    /// Those among them whose keys were never read.
    #[serde(default)]
    pub unread: Vec<OrgChoice>,
    /// The organizations to filter by.
    #[serde(default)]
    pub choices: Vec<OrgChoice>,
    /// The oldest reading that the page shows.
    pub as_of: Option<Timestamp>,
    /// Organizations that could not be read.
    #[serde(default)]
    pub stale: Vec<StaleOrg>,
    /// Whether a refresh is under way.
    pub refreshing: bool,
}

/// The findings of all organizations the caller may see, or of one of them.
#[server(prefix = "/api", endpoint = "findings/list")]
pub async fn list_findings(
    /// Only this organization.
    #[server(default)]
    org: Option<OrgId>,
) -> Result<FindingsPage, ApiError> {
    use crate::server::{answer, begin};

    let listing = async {
        let (caller, backend) = begin()?;
        backend.inventory.findings(&caller, org.as_ref()).await
    };
    answer(listing.await)
}
