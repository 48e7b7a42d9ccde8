//! Reading what was read: pages of keys and projects, one key, and what a refresh needs of the one before.
//!
//! Every sort has an index that ends with the id, so a page costs what it shows. Filters that have none walk that index.

use std::collections::HashMap;

use app::api::{
    connections::Explanation,
    inventory::{KeyFinding, KeySort, ProjectSort},
};
use domain::{
    ids::{ApiKeyId, OrgId, ProjectId, RequestNumber},
    key_end::KeyEnd,
};
use jiff::Timestamp;

use super::{
    super::{Dialect, LogRow, Query, Row, Store, StoreError, connections::opt_json},
    Assignment, ListState, Part, StoredEntry, ends, finding_bit, old_before, role_bit, unused_before,
};

/// When a key must have been used last, in terms of a moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UsedRange {
    /// At or after it.
    Since(Timestamp),
    /// Before it, but some time.
    Before(Timestamp),
    /// Never.
    Never,
    /// It cannot be known.
    Unknown,
}

/// When a key's end must be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EndRange {
    /// After the first moment, and not after the second.
    Between(Timestamp, Timestamp),
    /// At it or before.
    Until(Timestamp),
    /// It has none.
    Never,
    /// There is no record of it.
    Unknown,
}

/// Which keys; what is `None` or empty does not matter.
#[derive(Debug, Clone, Default)]
pub struct KeyFilter {
    /// Only these organizations: what the caller may see.
    pub visible: Option<Vec<OrgId>>,
    /// Only this one of them.
    pub org: Option<OrgId>,
    /// Only keys with this lower-case text in description, public key or id.
    pub text: String,
    /// Or an entry of their access list that holds this whole range (first and last address as stored).
    pub range: Option<(String, String)>,
    /// Only keys with this organization role.
    pub role: String,
    /// Only keys with this finding.
    pub finding: Option<KeyFinding>,
    /// The time at which findings that depend on it are looked for.
    pub found_at: Timestamp,
    /// Only keys used then.
    pub used: Option<UsedRange>,
    /// Only keys whose end is then.
    pub ends: Option<EndRange>,
}

/// The order of keys.
#[derive(Debug, Clone, Copy)]
pub struct KeyOrder {
    /// The column.
    pub sort: KeySort,
    /// Whether the largest comes first.
    pub descending: bool,
}

/// A key as a table shows it.
#[derive(Debug, Clone, PartialEq)]
pub struct ListedKey {
    /// Its organization.
    pub org: OrgId,
    /// Its id.
    pub key: ApiKeyId,
    /// Its public key.
    pub public_key: String,
    /// Its description.
    pub description: String,
    /// Its organization roles.
    pub org_roles: Vec<String>,
    /// How many projects it has a role in.
    pub projects: u32,
    /// Whether it reaches every project.
    pub reaches_all: bool,
    /// What is known of its access list.
    pub list_state: ListState,
    /// How many entries the list has; 0 when it is not known.
    pub entries: u32,
    /// Its widest entry.
    pub widest: Option<String>,
    /// When it was created.
    pub created: Timestamp,
    /// When it was last used.
    pub last_used: Option<Timestamp>,
    /// What should be looked at.
    pub findings: Vec<KeyFinding>,
    /// Who asked for it here.
    pub requested_by: Option<String>,
    /// The request that made it.
    pub request: Option<RequestNumber>,
    /// When it is no longer needed, if there is a record of it.
    pub end: Option<KeyEnd>,
}

/// Which projects.
#[derive(Debug, Clone, Default)]
pub struct ProjectFilter {
    /// Only these organizations: what the caller may see.
    pub visible: Option<Vec<OrgId>>,
    /// Only this one of them.
    pub org: Option<OrgId>,
    /// Only projects with this lower-case text in their name, or with this id.
    pub text: String,
}

/// A project as a table shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListedProject {
    /// Its organization.
    pub org: OrgId,
    /// Its id.
    pub project: ProjectId,
    /// Its name.
    pub name: String,
    /// How many clusters it has.
    pub clusters: Option<u32>,
    /// How many keys have a role in it.
    pub keys: Option<u32>,
    /// When it was created.
    pub created: Option<Timestamp>,
}

/// How a part of an organization was last read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PartRecord {
    /// The part.
    pub part: Part,
    /// When it was last read.
    pub read_at: Option<Timestamp>,
    /// What went wrong the last time.
    pub failure: Option<Explanation>,
}

/// What is known of the access lists of an organization's keys.
pub type OrgKeyEntries = HashMap<ApiKeyId, (ListState, Vec<StoredEntry>)>;

macro_rules! key_columns {
    () => {
        "select k.org_id, k.key_id, k.public_key, k.description, k.org_roles, k.projects, k.reaches_all, k.list_state, \
         k.entries, k.widest, k.created_at, k.last_used_at, k.findings, k.ends, \
         o.requested_by, o.request_number \
         from api_keys k left join key_origins o on o.org_id = k.org_id and o.key_id = k.key_id"
    };
}

impl Store {
    /// How many keys `filter` lets through.
    ///
    /// # Errors
    ///
    /// When the database cannot answer.
    pub async fn count_keys(&self, filter: &KeyFilter) -> Result<u32, StoreError> {
        let query = Query::new("select count(*) as n from api_keys k where 1 = 1");
        self.fetch_one(where_keys(query, filter, self.dialect())).await?.get_u32("n")
    }

    /// How many keys `filter` lets through in each organization that has any.
    ///
    /// # Errors
    ///
    /// When the database cannot answer.
    pub async fn count_keys_by_org(&self, filter: &KeyFilter) -> Result<HashMap<OrgId, u32>, StoreError> {
        let query = Query::new("select k.org_id, count(*) as n from api_keys k where 1 = 1");
        let query = where_keys(query, filter, self.dialect()).push(" group by k.org_id");
        self.fetch_all(query).await?.iter().map(|row| Ok((row.parse("org_id")?, row.get_u32("n")?))).collect()
    }

    /// Some of the keys that `filter` lets through, in order.
    ///
    /// # Errors
    ///
    /// When the database cannot answer.
    pub async fn list_keys(
        &self,
        filter: &KeyFilter,
        order: KeyOrder,
        limit: u32,
        offset: u32,
    ) -> Result<Vec<ListedKey>, StoreError> {
        let query = Query::new(concat!(key_columns!(), " where 1 = 1"));
        let query = order_keys(where_keys(query, filter, self.dialect()), order);
        let query = query.push(" limit ").push_bind(limit).push(" offset ").push_bind(offset);
        self.fetch_all(query).await?.iter().map(read_key).collect()
    }

    /// The ids of all keys that `filter` lets through, in order.
    ///
    /// # Errors
    ///
    /// When the database cannot answer.
    pub async fn list_key_ids(
        &self,
        filter: &KeyFilter,
        order: KeyOrder,
    ) -> Result<Vec<(OrgId, ApiKeyId)>, StoreError> {
        let query = Query::new("select k.org_id, k.key_id from api_keys k where 1 = 1");
        let query = order_keys(where_keys(query, filter, self.dialect()), order);
        self.fetch_all(query).await?.iter().map(|row| Ok((row.parse("org_id")?, row.parse("key_id")?))).collect()
    }

    /// The keys with these ids that `filter` still lets through, in any order.
    ///
    /// # Errors
    ///
    /// When the database cannot answer.
    pub async fn keys_with_ids(
        &self,
        filter: &KeyFilter,
        ids: &[(OrgId, ApiKeyId)],
    ) -> Result<Vec<ListedKey>, StoreError> {
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let query = Query::new(concat!(key_columns!(), " where 1 = 1"));
        let mut query = where_keys(query, filter, self.dialect()).push(" and (k.org_id, k.key_id) in (values ");
        for (index, (org, key)) in ids.iter().enumerate() {
            query = query.push(if index == 0 { "(" } else { ", (" });
            query = query.push_bind(org.as_str()).push(", ").push_bind(key.as_str()).push(")");
        }
        let query = query.push(")");
        self.fetch_all(query).await?.iter().map(read_key).collect()
    }

    /// The key of `org` with this id or this public key, and its project roles.
    ///
    /// # Errors
    ///
    /// When the database cannot answer.
    pub async fn key(&self, org: &OrgId, key: &str) -> Result<Option<(ListedKey, Vec<Assignment>)>, StoreError> {
        let query =
            Query::new(concat!(key_columns!(), " where k.org_id = $1 and (k.key_id = $2 or k.public_key = $2)"));
        let Some(row) = self.fetch_optional(query.bind(org.as_str()).bind(key)).await? else {
            return Ok(None);
        };
        let listed = read_key(&row)?;
        let query = Query::new("select assignments from api_keys where org_id = $1 and key_id = $2");
        let row = self.fetch_optional(query.bind(org.as_str()).bind(listed.key.as_str())).await?;
        let assignments = row.map(|row| row.get_json("assignments")).transpose()?.unwrap_or_default();
        Ok(Some((listed, assignments)))
    }

    /// The access list of a key: entries never used first, then those used longest ago.
    ///
    /// # Errors
    ///
    /// When the database cannot answer.
    pub async fn access_list(&self, org: &OrgId, key: &ApiKeyId) -> Result<Vec<StoredEntry>, StoreError> {
        let query = Query::new(
            "select block, first_address, last_address, created_at, last_used_at, last_used_from, uses \
             from access_entries where org_id = $1 and key_id = $2 order by coalesce(last_used_at, 0), block",
        );
        self.fetch_all(query.bind(org.as_str()).bind(key.as_str())).await?.iter().map(read_entry).collect()
    }

    /// What was known so far of the access lists of an organization's keys.
    ///
    /// # Errors
    ///
    /// When the database cannot answer.
    pub async fn access_lists(&self, org: &OrgId) -> Result<OrgKeyEntries, StoreError> {
        let mut lists = OrgKeyEntries::new();
        let query = Query::new("select key_id, list_state from api_keys where org_id = $1").bind(org.as_str());
        for row in self.fetch_all(query).await? {
            lists.insert(row.parse("key_id")?, (row.parse("list_state")?, Vec::new()));
        }
        let query = Query::new(
            "select key_id, block, first_address, last_address, created_at, last_used_at, last_used_from, uses \
             from access_entries where org_id = $1 order by block",
        );
        for row in self.fetch_all(query.bind(org.as_str())).await? {
            if let Some((_, entries)) = lists.get_mut(&row.parse("key_id")?) {
                entries.push(read_entry(&row)?);
            }
        }
        Ok(lists)
    }

    /// The names of an organization's projects.
    ///
    /// # Errors
    ///
    /// When the database cannot answer.
    pub async fn project_names(&self, org: &OrgId) -> Result<HashMap<ProjectId, String>, StoreError> {
        let query = Query::new("select project_id, name from projects where org_id = $1").bind(org.as_str());
        let rows = self.fetch_all(query).await?;
        rows.iter().map(|row| Ok((row.parse("project_id")?, row.get_text("name")?))).collect()
    }

    /// How many projects `filter` lets through.
    ///
    /// # Errors
    ///
    /// When the database cannot answer.
    pub async fn count_projects(&self, filter: &ProjectFilter) -> Result<u32, StoreError> {
        let query = Query::new("select count(*) as n from projects p where 1 = 1");
        self.fetch_one(where_projects(query, filter, self.dialect())).await?.get_u32("n")
    }

    /// Some of the projects that `filter` lets through, in order.
    ///
    /// # Errors
    ///
    /// When the database cannot answer.
    pub async fn list_projects(
        &self,
        filter: &ProjectFilter,
        sort: ProjectSort,
        descending: bool,
        limit: u32,
        offset: u32,
    ) -> Result<Vec<ListedProject>, StoreError> {
        let query = Query::new(
            "select p.org_id, p.project_id, p.name, p.clusters, p.keys, p.created_at from projects p where 1 = 1",
        );
        let query = where_projects(query, filter, self.dialect()).push(match sort {
            ProjectSort::Name => " order by p.name_sort",
            ProjectSort::Organization => " order by p.org_sort",
            ProjectSort::Clusters => " order by p.clusters_sort",
            ProjectSort::Keys => " order by p.keys_sort",
            ProjectSort::Created => " order by p.created_sort",
        });
        let query = query.push(if descending { " desc, p.project_id desc" } else { ", p.project_id" });
        let query = query.push(" limit ").push_bind(limit).push(" offset ").push_bind(offset);
        self.fetch_all(query).await?.iter().map(read_project).collect()
    }

    /// How each part of an organization was last read, in the order in which they are shown.
    ///
    /// # Errors
    ///
    /// When the database cannot answer.
    pub async fn parts(&self, org: &OrgId) -> Result<Vec<PartRecord>, StoreError> {
        let query = Query::new("select part, read_at, failure from inventory_parts where org_id = $1");
        let rows = self.fetch_all(query.bind(org.as_str())).await?;
        let mut known: HashMap<String, &Row> = HashMap::new();
        for row in &rows {
            known.insert(row.get_text("part")?, row);
        }
        Part::ALL
            .into_iter()
            .map(|part| match known.get(part.as_str()) {
                Some(row) => Ok(PartRecord {
                    part,
                    read_at: row.get_opt_timestamp("read_at")?,
                    failure: opt_json(row, "failure")?,
                }),
                None => Ok(PartRecord { part, read_at: None, failure: None }),
            })
            .collect()
    }

    /// The newest entries of the log about a key.
    ///
    /// # Errors
    ///
    /// When the database cannot answer.
    pub async fn log_of_key(&self, org: &OrgId, key: &ApiKeyId, limit: u32) -> Result<Vec<LogRow>, StoreError> {
        let query =
            Query::new("select seq, entry, hash from log where key_id = $1 and org_id = $2 order by seq desc limit $3");
        let rows = self.fetch_all(query.bind(key.as_str()).bind(org.as_str()).bind(limit)).await?;
        rows.iter()
            .map(|row| {
                Ok(LogRow { seq: row.get_i64("seq")?, written: row.get_json("entry")?, hash: row.get_hash("hash")? })
            })
            .collect()
    }
}

fn where_keys(mut query: Query, filter: &KeyFilter, dialect: Dialect) -> Query {
    if let Some(visible) = &filter.visible {
        query = query.push(" and k.org_id in (").push_list(visible.iter().map(OrgId::as_str)).push(")");
    }
    if let Some(org) = &filter.org {
        query = query.push(" and k.org_id = ").push_bind(org.as_str());
    }
    if !filter.text.is_empty() {
        query = query.push(" and (").push(contains(dialect, "k.search")).push_bind(filter.text.as_str()).push(") > 0");
        if let Some((first, last)) = &filter.range {
            query = query
                .push(" or (k.org_id, k.key_id) in (select e.org_id, e.key_id from access_entries e")
                .push(" where e.first_address <= ")
                .push_bind(first.as_str())
                .push(" and e.last_address >= ")
                .push_bind(last.as_str())
                .push(")");
        }
        query = query.push(")");
    }
    if !filter.role.is_empty() {
        query = query.push(" and (k.role_bits & ").push_bind(role_bit(&filter.role)).push(") <> 0");
    }
    query = match filter.finding {
        None => query,
        Some(KeyFinding::Old) => query.push(" and k.created_at < ").push_bind(old_before(filter.found_at)),
        Some(KeyFinding::Unused) => {
            query.push(" and k.used_sort > 0 and k.used_sort < ").push_bind(unused_before(filter.found_at))
        }
        Some(finding) => query.push(" and (k.findings & ").push_bind(finding_bit(finding)).push(") <> 0"),
    };
    query = match filter.used {
        None => query,
        Some(UsedRange::Since(moment)) => query.push(" and k.used_sort >= ").push_bind(moment),
        Some(UsedRange::Before(moment)) => query.push(" and k.used_sort > 0 and k.used_sort < ").push_bind(moment),
        Some(UsedRange::Never) => query.push(" and k.used_sort = 0"),
        Some(UsedRange::Unknown) => query.push(" and k.used_sort = -1"),
    };
    match filter.ends {
        None => query,
        Some(EndRange::Between(after, until)) => {
            query.push(" and k.ends > ").push_bind(after).push(" and k.ends <= ").push_bind(until)
        }
        Some(EndRange::Until(moment)) => query.push(" and k.ends <= ").push_bind(moment),
        Some(EndRange::Never) => query.push(" and k.ends = ").push_bind(ends::NO_END),
        Some(EndRange::Unknown) => query.push(" and k.ends = ").push_bind(ends::NOT_KNOWN),
    }
}

/// The position of a text in a column, up to the text itself. Not `like`, in which characters are special.
fn contains(dialect: Dialect, column: &'static str) -> &'static str {
    match (dialect, column) {
        (Dialect::Sqlite, "k.search") => "instr(k.search, ",
        (Dialect::Postgres, "k.search") => "strpos(k.search, ",
        (Dialect::Sqlite, _) => "instr(p.name_sort, ",
        (Dialect::Postgres, _) => "strpos(p.name_sort, ",
    }
}

fn order_keys(query: Query, order: KeyOrder) -> Query {
    let (column, descending) = match order.sort {
        KeySort::Description => (" order by k.description_sort", order.descending),
        KeySort::Organization => (" order by k.org_sort", order.descending),
        KeySort::Projects => (" order by k.projects", order.descending),
        KeySort::Entries => (" order by k.entries_sort", order.descending),
        KeySort::Widest => (" order by k.widest_sort", order.descending),
        // What was created early has a great age.
        KeySort::Age => (" order by k.created_at", !order.descending),
        KeySort::LastUsed => (" order by k.used_sort", order.descending),
        KeySort::Ends => (" order by k.ends", order.descending),
    };
    query.push(column).push(if descending { " desc, k.key_id desc" } else { ", k.key_id" })
}

fn where_projects(mut query: Query, filter: &ProjectFilter, dialect: Dialect) -> Query {
    if let Some(visible) = &filter.visible {
        query = query.push(" and p.org_id in (").push_list(visible.iter().map(OrgId::as_str)).push(")");
    }
    if let Some(org) = &filter.org {
        query = query.push(" and p.org_id = ").push_bind(org.as_str());
    }
    if !filter.text.is_empty() {
        query = query
            .push(" and (")
            .push(contains(dialect, "p.name_sort"))
            .push_bind(filter.text.as_str())
            .push(") > 0 or p.project_id = ")
            .push_bind(filter.text.as_str())
            .push(")");
    }
    query
}

fn read_key(row: &Row) -> Result<ListedKey, StoreError> {
    let findings = row.get_i64("findings")?;
    Ok(ListedKey {
        org: row.parse("org_id")?,
        key: row.parse("key_id")?,
        public_key: row.get_text("public_key")?,
        description: row.get_text("description")?,
        org_roles: row.get_json("org_roles")?,
        projects: row.get_u32("projects")?,
        reaches_all: row.get_bool("reaches_all")?,
        list_state: row.parse("list_state")?,
        entries: opt_u32(row, "entries")?.unwrap_or(0),
        widest: row.get_opt_text("widest")?,
        created: row.get_timestamp("created_at")?,
        last_used: row.get_opt_timestamp("last_used_at")?,
        findings: KeyFinding::ALL.into_iter().filter(|finding| findings & finding_bit(*finding) != 0).collect(),
        requested_by: row.get_opt_text("requested_by")?,
        request: opt_u32(row, "request_number")?.map(RequestNumber),
        end: ends::read(row)?,
    })
}

fn read_project(row: &Row) -> Result<ListedProject, StoreError> {
    Ok(ListedProject {
        org: row.parse("org_id")?,
        project: row.parse("project_id")?,
        name: row.get_text("name")?,
        clusters: opt_u32(row, "clusters")?,
        keys: opt_u32(row, "keys")?,
        created: row.get_opt_timestamp("created_at")?,
    })
}

fn read_entry(row: &Row) -> Result<StoredEntry, StoreError> {
    Ok(StoredEntry {
        block: row.get_text("block")?,
        bounds: row.get_opt_text("first_address")?.zip(row.get_opt_text("last_address")?),
        created: row.get_opt_timestamp("created_at")?,
        last_used: row.get_opt_timestamp("last_used_at")?,
        last_used_from: row.get_opt_text("last_used_from")?,
        uses: row.get_i64("uses")?,
    })
}

fn opt_u32(row: &Row, column: &'static str) -> Result<Option<u32>, StoreError> {
    row.get_opt_i64(column)?.map(|number| u32::try_from(number).map_err(|_| row.corrupt(column))).transpose()
}
