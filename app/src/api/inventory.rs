//! API keys and projects as they were last read from Atlas.

use domain::{
    Known,
    ids::{ApiKeyId, OrgId, ProjectId, RequestNumber},
};
use jiff::Timestamp;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

pub use super::findings::KeyFinding;
use super::{connections::Explanation, people::OrgChoice, requests::TimelineItem};
use crate::{error::ApiError, paths};

/// How many rows a page of a table has.
pub const PAGE_SIZE: u32 = 50;

/// The column that a table of keys is sorted by.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum KeySort {
    /// The description.
    #[default]
    Description,
    /// The organization's label.
    Organization,
    /// How many projects it is in.
    Projects,
    /// How many entries its access list has.
    Entries,
    /// How wide its widest entry is.
    Widest,
    /// Its age.
    Age,
    /// When it was last used.
    LastUsed,
    /// When it is no longer needed.
    Ends,
}

impl KeySort {
    /// All columns.
    pub const ALL: [Self; 8] = [
        Self::Description,
        Self::Organization,
        Self::Projects,
        Self::Entries,
        Self::Widest,
        Self::Age,
        Self::LastUsed,
        Self::Ends,
    ];

    /// The word in addresses.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Description => "key",
            Self::Organization => "organization",
            Self::Projects => "projects",
            Self::Entries => "entries",
            Self::Widest => "widest",
            Self::Age => "age",
            Self::LastUsed => "last-used",
            Self::Ends => "ends",
        }
    }
}

/// When a key was last used, for filtering.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum UsedFilter {
    /// Within 30 days.
    Recent,
    /// Not within 30 days.
    Stale,
    /// Never, as far as its access list tells.
    Never,
    /// It cannot be known.
    Unknown,
}

impl UsedFilter {
    /// All choices.
    pub const ALL: [Self; 4] = [Self::Recent, Self::Stale, Self::Never, Self::Unknown];

    /// The word in addresses.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Recent => "recent",
            Self::Stale => "stale",
            Self::Never => "never",
            Self::Unknown => "unknown",
        }
    }

    /// The words shown.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Recent => "within 30 days",
            Self::Stale => "not for 30 days",
            Self::Never => "never",
            Self::Unknown => "unknown",
        }
    }
}

/// How many days before its end a key is due.
pub const DUE_DAYS: i64 = 30;

/// When a key's end is, for filtering.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EndsFilter {
    /// It is due within [`DUE_DAYS`].
    Soon,
    /// It is over.
    Past,
    /// There is none.
    None,
    /// There is no record of it.
    Unknown,
}

impl EndsFilter {
    /// All choices.
    pub const ALL: [Self; 4] = [Self::Soon, Self::Past, Self::None, Self::Unknown];

    /// The word in addresses.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Soon => "soon",
            Self::Past => "past",
            Self::None => "none",
            Self::Unknown => "unknown",
        }
    }

    /// The words shown.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Soon => "within 30 days",
            Self::Past => "past its end",
            Self::None => "no end",
            Self::Unknown => "unknown",
        }
    }
}

/// A parameter of an address, cut to what anybody would type.
fn parameter(get: impl Fn(&str) -> Option<String>, name: &str) -> String {
    get(name).unwrap_or_default().trim().chars().take(200).collect()
}

/// The number of a page, from 1, whatever stands in the address.
fn page_number(text: &str) -> u32 {
    text.parse().unwrap_or(1).clamp(1, 1_000_000)
}

/// How a table is sorted and which page it shows, for its address; what goes without saying is left out of it.
fn order(sort: &str, descending: bool, page: u32) -> [(&'static str, String); 3] {
    let direction = if descending { "desc" } else { "" };
    let page = if page > 1 { page.to_string() } else { String::new() };
    [("sort", sort.to_owned()), ("dir", direction.to_owned()), ("page", page)]
}

/// Which keys a table shows, and how. It lives in the address; what does not make sense there is left out, never an error.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct KeyQuery {
    /// Text to find: part of a description, a public key or id, or an address that a key's list must allow.
    pub q: String,
    /// Only this organization.
    pub org: Option<OrgId>,
    /// Only keys with this organization role.
    pub role: String,
    /// Only keys with this finding.
    pub finding: Option<KeyFinding>,
    /// Only keys used then.
    pub used: Option<UsedFilter>,
    /// Only keys whose end is then.
    pub ends: Option<EndsFilter>,
    /// The column to sort by.
    pub sort: KeySort,
    /// Whether the largest comes first.
    pub descending: bool,
    /// The page, from 1.
    pub page: u32,
}

impl KeyQuery {
    /// Reads the query of an address; `get` answers with the value of a parameter.
    pub fn read(get: impl Fn(&str) -> Option<String>) -> Self {
        let text = |name: &str| parameter(&get, name);
        let role = text("role");
        Self {
            q: text("q"),
            org: text("org").parse().ok(),
            role: if domain::atlas_roles::org_role(&role).is_some() { role } else { String::new() },
            finding: KeyFinding::ALL.into_iter().find(|finding| finding.as_str() == text("finding")),
            used: UsedFilter::ALL.into_iter().find(|used| used.as_str() == text("used")),
            ends: EndsFilter::ALL.into_iter().find(|ends| ends.as_str() == text("ends")),
            sort: KeySort::ALL.into_iter().find(|sort| sort.as_str() == text("sort")).unwrap_or_default(),
            descending: text("dir") == "desc",
            page: page_number(&text("page")),
        }
    }

    /// The address of `path` with this query.
    #[must_use]
    pub fn address(&self, path: &str) -> String {
        let sort = if self.sort == KeySort::default() { "" } else { self.sort.as_str() };
        let [sort, direction, page] = order(sort, self.descending, self.page);
        paths::with_query(
            path,
            &[
                ("q", self.q.clone()),
                ("org", self.org.as_ref().map(ToString::to_string).unwrap_or_default()),
                ("role", self.role.clone()),
                ("finding", self.finding.map(KeyFinding::as_str).unwrap_or_default().to_owned()),
                ("used", self.used.map(UsedFilter::as_str).unwrap_or_default().to_owned()),
                ("ends", self.ends.map(EndsFilter::as_str).unwrap_or_default().to_owned()),
                sort,
                direction,
                page,
            ],
        )
    }

    /// Whether anything narrows the table.
    #[must_use]
    pub fn is_filtered(&self) -> bool {
        !self.q.is_empty()
            || self.org.is_some()
            || !self.role.is_empty()
            || self.finding.is_some()
            || self.used.is_some()
            || self.ends.is_some()
    }
}

/// A line of the table of keys.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct KeyRow {
    /// Its organization.
    pub org: OrgId,
    /// The organization's label.
    pub org_name: String,
    /// The key's id, used in paths.
    pub key: ApiKeyId,
    /// The public key, used to sign in.
    pub public_key: String,
    /// Its description.
    pub description: String,
    /// Its organization roles.
    #[serde(default)]
    pub org_roles: Vec<String>,
    /// How many projects it is in by a role of its own.
    pub projects: Known<u32>,
    /// Whether it reaches every project as organization owner.
    pub reaches_all_projects: bool,
    /// How many entries its access list has.
    pub entries: Known<u32>,
    /// Its widest range, such as `10.0.0.0/8`; `None` when the list is empty.
    pub widest: Known<Option<String>>,
    /// When it was created, derived from its id.
    pub created: Timestamp,
    /// When it was last used from an entry of its access list; `None` when never.
    pub last_used: Known<Option<Timestamp>>,
    /// Who answers for it: whoever asked for it here.
    pub owner: Known<String>,
    /// When it is no longer needed, as its requester said; `None` for no end.
    pub ends: Known<Option<Timestamp>>,
    /// The request that made it, if it was created through Meridian.
    pub request: Option<RequestNumber>,
    /// What should be looked at, the worst first.
    #[serde(default)]
    pub findings: Vec<KeyFinding>,
}

/// An organization whose data is older than it should be, and why.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct StaleOrg {
    /// The organization.
    pub org: OrgId,
    /// Its label.
    pub name: String,
    /// When its data was last read; `None` for never.
    pub read_at: Option<Timestamp>,
    /// Why it could not be read since.
    pub why: Explanation,
}

/// A page of keys.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct KeyPage {
    /// The rows.
    #[serde(default)]
    pub rows: Vec<KeyRow>,
    /// How many keys the filter selects.
    pub matching: u32,
    /// How many keys there are in the organizations the caller sees.
    pub total: u32,
    /// In how many organizations.
    pub organizations: u32,
    /// The page shown, from 1; the last one when a later one was asked for.
    pub page: u32,
    /// How many pages there are, at least 1.
    pub pages: u32,
    /// The organizations to filter by.
    #[serde(default)]
    pub choices: Vec<OrgChoice>,
    /// The oldest reading that the page shows, of the organizations that could be read.
    pub as_of: Option<Timestamp>,
    /// Organizations that could not be read.
    #[serde(default)]
    pub stale: Vec<StaleOrg>,
    /// Whether a refresh is under way.
    pub refreshing: bool,
    /// Whether the caller may ask for a new key somewhere.
    pub may_request: bool,
}

/// A key's roles in a project.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ProjectRolesRow {
    /// The project.
    pub project: ProjectId,
    /// Its name.
    pub name: String,
    /// The roles.
    #[serde(default)]
    pub roles: Vec<String>,
}

/// An entry of a key's access list.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct EntryRow {
    /// The range.
    pub range: String,
    /// How many addresses it holds, in words.
    pub width: String,
    /// Whether it is wide.
    pub is_wide: bool,
    /// When it was added.
    pub created: Option<Timestamp>,
    /// When it was last used; `None` for never.
    pub last_used: Option<Timestamp>,
    /// The address it was last used from.
    pub last_address: Option<String>,
    /// How many calls it allowed.
    pub count: u64,
    /// The one address it can be narrowed to: the last caller's, when it is a range that holds it.
    #[serde(default)]
    pub narrows_to: Option<String>,
}

/// A command with what it does.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Command {
    /// What it does.
    pub label: String,
    /// The command.
    pub command: String,
}

/// One key.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct KeyDetail {
    /// What the table shows.
    pub row: KeyRow,
    /// Its roles by project.
    pub projects: Known<Vec<ProjectRolesRow>>,
    /// Its access list, entries never used first.
    pub access_list: Known<Vec<EntryRow>>,
    /// What it cannot do for want of an access list; empty when it has one or when that is not known.
    #[serde(default)]
    pub blocked: Vec<String>,
    /// What happened to it, newest first.
    #[serde(default)]
    pub timeline: Vec<TimelineItem>,
    /// Open requests that touch it.
    #[serde(default)]
    pub open_requests: Vec<RequestNumber>,
    /// Whether the caller may ask for changes to it.
    #[serde(default)]
    pub may_request: bool,
    /// Commands of the Atlas CLI about it.
    #[serde(default)]
    pub commands: Vec<Command>,
    /// When it was read.
    pub read_at: Option<Timestamp>,
    /// Whether its organization could not be read since.
    pub stale: Option<StaleOrg>,
}

/// The column that a table of projects is sorted by.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProjectSort {
    /// The name.
    #[default]
    Name,
    /// The organization's label.
    Organization,
    /// How many clusters it has.
    Clusters,
    /// How many keys it has.
    Keys,
    /// When it was created.
    Created,
}

impl ProjectSort {
    /// All columns.
    pub const ALL: [Self; 5] = [Self::Name, Self::Organization, Self::Clusters, Self::Keys, Self::Created];

    /// The word in addresses.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Name => "project",
            Self::Organization => "organization",
            Self::Clusters => "clusters",
            Self::Keys => "keys",
            Self::Created => "created",
        }
    }
}

/// Which projects a table shows, and how.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ProjectQuery {
    /// Part of a name, or an id.
    pub q: String,
    /// Only this organization.
    pub org: Option<OrgId>,
    /// The column to sort by.
    pub sort: ProjectSort,
    /// Whether the largest comes first.
    pub descending: bool,
    /// The page, from 1.
    pub page: u32,
}

impl ProjectQuery {
    /// Reads the query of an address; `get` answers with the value of a parameter.
    pub fn read(get: impl Fn(&str) -> Option<String>) -> Self {
        let text = |name: &str| parameter(&get, name);
        Self {
            q: text("q"),
            org: text("org").parse().ok(),
            sort: ProjectSort::ALL.into_iter().find(|sort| sort.as_str() == text("sort")).unwrap_or_default(),
            descending: text("dir") == "desc",
            page: page_number(&text("page")),
        }
    }

    /// The address of the table with this query.
    #[must_use]
    pub fn address(&self) -> String {
        self.address_at(paths::PROJECTS)
    }

    /// The address of `path` with this query.
    #[must_use]
    pub fn address_at(&self, path: &str) -> String {
        let sort = if self.sort == ProjectSort::default() { "" } else { self.sort.as_str() };
        let [sort, direction, page] = order(sort, self.descending, self.page);
        paths::with_query(
            path,
            &[
                ("q", self.q.clone()),
                ("org", self.org.as_ref().map(ToString::to_string).unwrap_or_default()),
                sort,
                direction,
                page,
            ],
        )
    }
}

/// A line of the table of projects.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ProjectRow {
    /// Its organization.
    pub org: OrgId,
    /// The organization's label.
    pub org_name: String,
    /// The project.
    pub project: ProjectId,
    /// Its name.
    pub name: String,
    /// How many clusters it has.
    pub clusters: Known<u32>,
    /// How many keys have a role in it.
    pub keys: Known<u32>,
    /// When it was created.
    pub created: Known<Timestamp>,
}

/// A page of projects.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ProjectPage {
    /// The rows.
    #[serde(default)]
    pub rows: Vec<ProjectRow>,
    /// How many projects the filter selects.
    pub matching: u32,
    /// How many there are.
    pub total: u32,
    /// In how many organizations.
    pub organizations: u32,
    /// The page shown, from 1.
    pub page: u32,
    /// How many pages there are, at least 1.
    pub pages: u32,
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

/// A page of API keys.
#[server(prefix = "/api", endpoint = "keys/list")]
pub async fn list_keys(
    /// Which keys, and how.
    query: KeyQuery,
) -> Result<KeyPage, ApiError> {
    use crate::server::{answer, begin};

    let listing = async {
        let (caller, backend) = begin()?;
        backend.inventory.keys(&caller, &query).await
    };
    answer(listing.await)
}

/// One API key, by its id or its public key.
#[server(prefix = "/api", endpoint = "keys/get")]
pub async fn get_key(
    /// The organization.
    org: OrgId,
    /// The key's id or its public key.
    key: String,
) -> Result<KeyDetail, ApiError> {
    use crate::server::{answer, begin};

    let getting = async {
        let (caller, backend) = begin()?;
        backend.inventory.key(&caller, &org, &key).await
    };
    answer(getting.await)
}

/// A page of projects.
#[server(prefix = "/api", endpoint = "projects/list")]
pub async fn list_projects(
    /// Which projects, and how.
    query: ProjectQuery,
) -> Result<ProjectPage, ApiError> {
    use crate::server::{answer, begin};

    let listing = async {
        let (caller, backend) = begin()?;
        backend.inventory.projects(&caller, &query).await
    };
    answer(listing.await)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(query: &str) -> KeyQuery {
        KeyQuery::read(|name| {
            query
                .split('&')
                .filter_map(|pair| pair.split_once('='))
                .find(|(n, _)| *n == name)
                .map(|(_, v)| v.to_owned())
        })
    }

    #[test]
    fn nonsense_in_an_address_is_left_out() {
        assert_eq!(
            read("org=x&role=BOSS&finding=7&sort=colour&page=-3&dir=up"),
            KeyQuery { page: 1, ..KeyQuery::default() }
        );
        assert_eq!(read("page=99999999999999999999").page, 1);
    }

    #[test]
    fn an_address_reads_back() {
        let query = KeyQuery {
            q: "ci".into(),
            role: "ORG_OWNER".into(),
            finding: Some(KeyFinding::WideRange),
            sort: KeySort::Age,
            descending: true,
            page: 3,
            ..KeyQuery::default()
        };
        let address = query.address(paths::KEYS);
        assert_eq!(read(address.split_once('?').unwrap().1), query);
    }
}
