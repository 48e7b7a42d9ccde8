//! What was last read from Atlas: written as a whole per organization, read page by page.

mod ends;
mod pages;
mod write;

use std::collections::BTreeMap;

use app::api::{
    connections::{Explanation, Health},
    findings::{FindingSeverity, KeyFinding, OLD_DAYS, UNUSED_DAYS},
};
use domain::ids::{ApiKeyId, OrgId, ProjectId};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

pub use pages::{
    EndRange, KeyFilter, KeyOrder, ListedKey, ListedProject, OrgKeyEntries, PartRecord, ProjectFilter, UsedRange,
};

/// A part of an organization that is read by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Part {
    /// The organization itself.
    Organization,
    /// Its projects.
    Projects,
    /// Its API keys.
    Keys,
    /// The access lists of the keys.
    AccessLists,
    /// Which key is in which project.
    Assignments,
}

impl Part {
    /// All parts, in the order in which they are shown.
    pub const ALL: [Self; 5] = [Self::Organization, Self::Projects, Self::Keys, Self::AccessLists, Self::Assignments];

    /// The word stored.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Organization => "organization",
            Self::Projects => "projects",
            Self::Keys => "keys",
            Self::AccessLists => "access_lists",
            Self::Assignments => "assignments",
        }
    }

    /// The words shown.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Organization => "Organization",
            Self::Projects => "Projects",
            Self::Keys => "API keys",
            Self::AccessLists => "Access lists",
            Self::Assignments => "Project assignments",
        }
    }
}

/// What is counted of an organization when it is read.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Counts {
    /// Its keys; `None` before they were read.
    pub keys: Option<u32>,
    /// Its projects; `None` before they were read.
    pub projects: Option<u32>,
    /// Keys with a finding of high severity.
    pub high: u32,
    /// Keys with a finding of medium severity.
    pub medium: u32,
    /// Keys whose access list Atlas did not show.
    pub lists_not_readable: u32,
    /// Keys whose access list was not read yet.
    pub lists_not_read: u32,
    /// Keys by finding.
    pub findings: BTreeMap<String, u32>,
    /// Keys by organization role.
    pub roles: BTreeMap<String, u32>,
}

impl Counts {
    fn of_keys(&mut self, keys: &[StoredKey]) {
        let count = |holds: &dyn Fn(&StoredKey) -> bool| {
            u32::try_from(keys.iter().filter(|key| holds(key)).count()).unwrap_or(u32::MAX)
        };
        self.keys = Some(count(&|_| true));
        self.high = count(&|key| key.findings.iter().any(|finding| finding.is_high()));
        self.medium = count(&|key| key.findings.iter().any(|finding| is_medium(*finding)));
        self.lists_not_readable = count(&|key| key.list_state == ListState::NotReadable);
        self.lists_not_read = count(&|key| key.list_state == ListState::NotYetRead);
        self.findings.clear();
        self.roles.clear();
        for key in keys {
            for finding in &key.findings {
                *self.findings.entry(finding.as_str().to_owned()).or_default() += 1;
            }
            for role in &key.org_roles {
                *self.roles.entry(role.clone()).or_default() += 1;
            }
        }
    }
}

/// Whether a finding counts as medium.
fn is_medium(finding: KeyFinding) -> bool {
    finding.severity() == FindingSeverity::Medium
}

/// Keys made before this moment are old at `now`.
#[must_use]
pub fn old_before(now: Timestamp) -> Timestamp {
    now - SignedDuration::from_hours(24 * OLD_DAYS)
}

/// Keys last used before this moment are unused at `now`.
#[must_use]
pub fn unused_before(now: Timestamp) -> Timestamp {
    now - SignedDuration::from_hours(24 * UNUSED_DAYS)
}

/// The bit of a finding in the column; never changed, since rows are kept. None for what depends on the time.
fn finding_bit(finding: KeyFinding) -> i64 {
    match finding {
        KeyFinding::OwnerRole => 1,
        KeyFinding::AnyAddress => 2,
        KeyFinding::WideRange => 4,
        KeyFinding::NoAccessList => 8,
        KeyFinding::NeverUsed => 16,
        KeyFinding::ListNotReadable => 32,
        KeyFinding::BillingRole => 64,
        KeyFinding::ProjectOwner => 128,
        KeyFinding::PrivateRange => 256,
        KeyFinding::OwnerWithoutList => 512,
        KeyFinding::UseUnknown => 1024,
        KeyFinding::Unused | KeyFinding::Old => 0,
    }
}

/// The bit of an organization role in the column; 0 for roles that are not known here.
fn role_bit(role: &str) -> i64 {
    const ROLES: [&str; 7] = [
        "ORG_MEMBER",
        "ORG_READ_ONLY",
        "ORG_BILLING_READ_ONLY",
        "ORG_BILLING_ADMIN",
        "ORG_GROUP_CREATOR",
        "ORG_STREAM_PROCESSING_ADMIN",
        "ORG_OWNER",
    ];
    ROLES.iter().position(|known| *known == role).map_or(0, |position| 1 << position)
}

/// What is known of a key's access list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ListState {
    /// It was read.
    Known,
    /// Atlas does not show it to this reader.
    NotReadable,
    /// It could not be read so far.
    NotYetRead,
}

impl ListState {
    fn as_str(self) -> &'static str {
        match self {
            Self::Known => "known",
            Self::NotReadable => "not_readable",
            Self::NotYetRead => "not_yet_read",
        }
    }
}

impl std::str::FromStr for ListState {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        [Self::Known, Self::NotReadable, Self::NotYetRead].into_iter().find(|state| state.as_str() == text).ok_or(())
    }
}

/// A key's roles in one project.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Assignment {
    /// The project.
    pub project: ProjectId,
    /// The roles, sorted.
    pub roles: Vec<String>,
}

/// An entry of an access list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct StoredEntry {
    /// The address or range as it is shown.
    pub block: String,
    /// First and last address, if the range was understood.
    pub bounds: Option<(String, String)>,
    /// When it was added.
    pub created: Option<Timestamp>,
    /// When it was last used; `None` for never.
    pub last_used: Option<Timestamp>,
    /// The address it was last used from.
    pub last_used_from: Option<String>,
    /// How many calls it allowed.
    pub uses: i64,
}

/// A key with everything that is computed of it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct StoredKey {
    /// Its id.
    pub key: ApiKeyId,
    /// Its public key.
    pub public_key: String,
    /// Its description.
    pub description: String,
    /// Its organization roles, sorted.
    pub org_roles: Vec<String>,
    /// Its project roles, by project.
    pub assignments: Vec<Assignment>,
    /// Whether it reaches every project by an organization role.
    pub reaches_all: bool,
    /// What is known of its access list.
    pub list_state: ListState,
    /// The list; empty unless it is known.
    pub entries: Vec<StoredEntry>,
    /// The widest entry.
    pub widest: Option<String>,
    /// How wide that is, for sorting; -1 when there is none.
    pub widest_sort: i64,
    /// When it was created.
    pub created: Timestamp,
    /// When it was last used.
    pub last_used: Option<Timestamp>,
    /// What should be looked at.
    pub findings: Vec<KeyFinding>,
}

/// A project.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredProject {
    /// Its id.
    pub project: ProjectId,
    /// Its name.
    pub name: String,
    /// How many clusters it has, if Atlas said so.
    pub clusters: Option<u32>,
    /// When it was created, if Atlas said so.
    pub created: Option<Timestamp>,
    /// How many keys have a role in it, if the keys were read.
    pub keys: Option<u32>,
}

/// How reading one part went.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PartOutcome {
    /// The part.
    pub part: Part,
    /// When it was read; `None` when that failed this time.
    pub read_at: Option<Timestamp>,
    /// What went wrong.
    pub failure: Option<Explanation>,
}

/// Everything that one refresh of an organization brought.
#[derive(Debug, Clone)]
pub struct Snapshot {
    /// The organization.
    pub org: OrgId,
    /// The version of the credentials it was read with.
    pub version: i64,
    /// When reading began.
    pub began: Timestamp,
    /// The organization's name, if it was read.
    pub name: Option<String>,
    /// Its projects, if they were read.
    pub projects: Option<Vec<StoredProject>>,
    /// Its keys, if they were read, and when.
    pub keys: Option<(Vec<StoredKey>, Timestamp)>,
    /// How each part went.
    pub parts: Vec<PartOutcome>,
    /// How the whole went.
    pub health: Health,
    /// The address Atlas saw us call from, if it said so.
    pub address_seen: Option<String>,
}
