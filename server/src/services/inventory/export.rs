//! Tables as files, written while they are read: a file costs the memory of a batch, however long it is.
//!
//! A JSON file is one object that says first when it was made, how old the data is and how many rows were selected, and last how
//! many were written, so that a file that was cut off can be told from a whole one.

mod table;

use std::collections::VecDeque;

use app::{
    api::{
        exports::{Export, FileFormat, REPORT_COLUMNS},
        findings::KeyFinding,
        inventory::{KeyQuery, KeyRow, KeySort, ProjectQuery, ProjectRow},
    },
    backend::{Answer, Caller},
    paths,
};
use axum::body::Body;
use bytes::Bytes;
use domain::{
    Known,
    ids::{ApiKeyId, OrgId},
};
use futures_util::stream;
use jiff::Timestamp;

use self::table::{Cell, Head, Table};
use super::{Inventory, Orgs, project_row, rows};
use crate::{
    log::{Action, Actor, Entry},
    store::{KeyFilter, KeyOrder, ProjectFilter, Store, StoreError},
};

/// Rows fetched at once.
const BATCH: u32 = 500;

const KEY_COLUMNS: [&str; 17] = [
    "organization",
    "organization_id",
    "description",
    "key_id",
    "public_key",
    "organization_roles",
    "projects",
    "reaches_all_projects",
    "access_list_entries",
    "widest_range",
    "created",
    "last_used",
    "owner",
    "ends",
    "request",
    "findings",
    "read_at",
];

const PROJECT_COLUMNS: [&str; 8] =
    ["organization", "organization_id", "name", "project_id", "clusters", "keys", "created", "read_at"];

/// What one row of a table of keys is made of.
type KeyCells = fn(&KeyRow, &Surrounding<'_>) -> Vec<Cell>;

/// What a row needs to know besides the key.
struct Surrounding<'a> {
    read_at: Option<Timestamp>,
    environment: &'a str,
    generated_at: Timestamp,
}

impl Inventory {
    /// A table as a file. It is noted in the log before its first byte leaves.
    pub(super) async fn export_table(&self, caller: &Caller, export: &Export) -> Answer<Body> {
        match export {
            Export::Keys(query, format) => {
                let address =
                    query.address(if *format == FileFormat::Csv { paths::KEYS_CSV } else { paths::KEYS_JSON });
                let table = Table::new(*format, &KEY_COLUMNS);
                self.export_keys(caller, query, table, key_cells, "keys", address).await
            }
            Export::CredentialReport => {
                let query = KeyQuery { sort: KeySort::Organization, ..KeyQuery::default() };
                let table = Table::new(FileFormat::Csv, &REPORT_COLUMNS.map(|column| column.name));
                let address = paths::CREDENTIAL_REPORT.to_owned();
                self.export_keys(caller, &query, table, report_cells, "credential report", address).await
            }
            Export::Projects(query, format) => self.export_projects(caller, query, *format).await,
        }
    }

    async fn export_keys(
        &self,
        caller: &Caller,
        query: &KeyQuery,
        table: Table,
        cells: KeyCells,
        name: &'static str,
        address: String,
    ) -> Answer<Body> {
        let orgs = self.visible(caller).await?;
        let filter = self.key_filter(&orgs, query);
        let order = KeyOrder { sort: query.sort, descending: query.descending };
        let ids = if orgs.orgs.is_empty() { Vec::new() } else { self.store.list_key_ids(&filter, order).await? };
        let now = self.clock.now();
        let head = self.head(&orgs, query.org.as_ref(), name, ids.len(), now, &address);
        self.note(caller, query.org.as_ref(), &head).await?;
        let rows = KeyRows { store: self.store.clone(), filter, orgs, ids: ids.into(), cells, now };
        Ok(body(rows, table, head))
    }

    async fn export_projects(&self, caller: &Caller, query: &ProjectQuery, format: FileFormat) -> Answer<Body> {
        let orgs = self.visible(caller).await?;
        let filter =
            ProjectFilter { visible: orgs.visible.clone(), org: query.org.clone(), text: query.q.to_lowercase() };
        let matching = if orgs.orgs.is_empty() { 0 } else { self.store.count_projects(&filter).await? };
        let path = if format == FileFormat::Csv { paths::PROJECTS_CSV } else { paths::PROJECTS_JSON };
        let rows = usize::try_from(matching).unwrap_or(usize::MAX);
        let head = self.head(&orgs, query.org.as_ref(), "projects", rows, self.clock.now(), &query.address_at(path));
        self.note(caller, query.org.as_ref(), &head).await?;
        let (store, query) = (self.store.clone(), query.clone());
        let rows = ProjectRows { store, filter, orgs, query, offset: 0, left: matching };
        Ok(body(rows, Table::new(format, &PROJECT_COLUMNS), head))
    }

    fn head(
        &self,
        orgs: &Orgs,
        only: Option<&OrgId>,
        table: &'static str,
        rows: usize,
        generated_at: Timestamp,
        address: &str,
    ) -> Head {
        Head {
            table,
            generated_at,
            as_of: orgs.as_of(only),
            rows,
            address: address.to_owned(),
            stale: orgs.stale(only).into_iter().map(|org| (org.name, org.read_at)).collect(),
        }
    }

    async fn note(&self, caller: &Caller, org: Option<&OrgId>, head: &Head) -> Answer<()> {
        let actor = Actor::Person { id: caller.person, username: caller.username.clone() };
        let entry = Entry::new(head.generated_at, actor, Action::TableExported)
            .address(Some(&caller.address))
            .detail("table", head.table)
            .detail("rows", u32::try_from(head.rows).unwrap_or(u32::MAX))
            .detail("query", head.address.clone());
        let entry = match org {
            Some(org) => entry.org(org),
            None => entry,
        };
        self.store.log_alone(&entry).await?;
        Ok(())
    }
}

/// Rows that come in batches; an empty one is the end.
trait Batches: Send + 'static {
    fn next(&mut self) -> impl Future<Output = Result<Option<Vec<Vec<Cell>>>, StoreError>> + Send;
}

/// A file under way.
struct Writing<R> {
    rows: R,
    table: Table,
    head: Head,
    state: State,
}

enum State {
    Head,
    Rows,
    End,
}

fn body<R: Batches>(rows: R, table: Table, head: Head) -> Body {
    let writing = Writing { rows, table, head, state: State::Head };
    Body::from_stream(stream::try_unfold(writing, async |mut writing| {
        let bytes: Bytes = match writing.state {
            State::End => return Ok::<_, StoreError>(None),
            State::Head => {
                writing.state = State::Rows;
                writing.table.begin(&writing.head)
            }
            State::Rows => match writing.rows.next().await {
                Ok(Some(rows)) => writing.table.rows(rows),
                Ok(None) => {
                    writing.state = State::End;
                    writing.table.end()
                }
                Err(error) => {
                    // Too late for a status: the file breaks off, and whoever reads it can tell.
                    tracing::error!(%error, table = writing.head.table, "a file could not be written to its end");
                    return Err(error);
                }
            },
        };
        Ok(Some((bytes, writing)))
    }))
}

struct KeyRows {
    store: Store,
    filter: KeyFilter,
    orgs: Orgs,
    ids: VecDeque<(OrgId, ApiKeyId)>,
    cells: KeyCells,
    now: Timestamp,
}

impl Batches for KeyRows {
    async fn next(&mut self) -> Result<Option<Vec<Vec<Cell>>>, StoreError> {
        let size = self.ids.len().min(usize::try_from(BATCH).unwrap_or(usize::MAX));
        if size == 0 {
            return Ok(None);
        }
        let batch: Vec<(OrgId, ApiKeyId)> = self.ids.drain(..size).collect();
        let mut keys = self.store.keys_with_ids(&self.filter, &batch).await?;
        let places: std::collections::HashMap<&ApiKeyId, usize> =
            batch.iter().enumerate().map(|(place, (_, key))| (key, place)).collect();
        keys.sort_by_key(|key| places.get(&key.key).copied());
        let row = |key: crate::store::ListedKey| {
            let org = self.orgs.get(&key.org);
            let surrounding = Surrounding {
                read_at: org.and_then(|org| org.read_at),
                environment: org.map_or("", |org| org.environment.as_str()),
                generated_at: self.now,
            };
            (self.cells)(&rows::key(self.orgs.label(&key.org), key, self.now), &surrounding)
        };
        Ok(Some(keys.into_iter().map(row).collect()))
    }
}

struct ProjectRows {
    store: Store,
    filter: ProjectFilter,
    orgs: Orgs,
    query: ProjectQuery,
    offset: u32,
    left: u32,
}

impl Batches for ProjectRows {
    async fn next(&mut self) -> Result<Option<Vec<Vec<Cell>>>, StoreError> {
        let size = self.left.min(BATCH);
        if size == 0 {
            return Ok(None);
        }
        let ProjectQuery { sort, descending, .. } = self.query;
        let found = self.store.list_projects(&self.filter, sort, descending, size, self.offset).await?;
        self.offset += size;
        self.left -= size;
        let row = |project: crate::store::ListedProject| {
            let read_at = self.orgs.get(&project.org).and_then(|org| org.read_at);
            project_cells(&project_row(&self.orgs, project), read_at)
        };
        Ok(Some(found.into_iter().map(row).collect()))
    }
}

fn project_cells(project: &ProjectRow, read_at: Option<Timestamp>) -> Vec<Cell> {
    vec![
        text(&project.org_name),
        text(&project.org),
        text(&project.name),
        text(&project.project),
        known(&project.clusters, |count| Cell::Number(*count)),
        known(&project.keys, |count| Cell::Number(*count)),
        known(&project.created, |at| time(*at)),
        read_at.map_or(Cell::Nothing, time),
    ]
}

fn key_cells(key: &KeyRow, around: &Surrounding<'_>) -> Vec<Cell> {
    vec![
        text(&key.org_name),
        text(&key.org),
        text(&key.description),
        text(&key.key),
        text(&key.public_key),
        Cell::List(key.org_roles.clone()),
        known(&key.projects, |count| Cell::Number(*count)),
        Cell::Yes(key.reaches_all_projects),
        known(&key.entries, |count| Cell::Number(*count)),
        widest(key),
        time(key.created),
        known(&key.last_used, |used| used.map_or_else(|| text("never"), time)),
        known(&key.owner, text),
        known(&key.ends, |ends| ends.map_or_else(|| text("no end"), day)),
        key.request.map_or(Cell::Nothing, |number| text(&number)),
        findings(key),
        around.read_at.map_or(Cell::Nothing, time),
    ]
}

/// In the order of [`REPORT_COLUMNS`].
fn report_cells(key: &KeyRow, around: &Surrounding<'_>) -> Vec<Cell> {
    let source = |is_known: bool, word: &str| if is_known { text(word) } else { Cell::Nothing };
    vec![
        time(around.generated_at),
        text(&key.org_name),
        text(&key.org),
        text(around.environment),
        text("api_key"),
        text(&key.key),
        text(&key.public_key),
        text(&key.description),
        Cell::List(key.org_roles.clone()),
        known(&key.projects, |count| Cell::Number(*count)),
        time(key.created),
        text("key_id"),
        known(&key.last_used, |used| used.map_or_else(|| text("never"), time)),
        source(key.last_used.value().is_some(), "access_list"),
        known(&key.ends, |ends| ends.map_or_else(|| text("no end"), day)),
        source(key.ends.value().is_some(), "request"),
        known(&key.owner, text),
        key.request.map_or(Cell::Nothing, |number| text(&number)),
        known(&key.entries, |count| Cell::Number(*count)),
        widest(key),
        findings(key),
        around.read_at.map_or(Cell::Nothing, time),
    ]
}

fn text(text: &(impl ToString + ?Sized)) -> Cell {
    Cell::Text(text.to_string())
}

fn widest(key: &KeyRow) -> Cell {
    known(&key.widest, |widest| widest.as_ref().map_or_else(|| text("none"), text))
}

fn findings(key: &KeyRow) -> Cell {
    Cell::List(key.findings.iter().map(|finding| KeyFinding::as_str(*finding).to_owned()).collect())
}

fn time(at: Timestamp) -> Cell {
    text(&Timestamp::from_second(at.as_second()).unwrap_or(at))
}

/// Ends are days: the first moment of one in UTC.
fn day(at: Timestamp) -> Cell {
    text(&domain::key_end::today(at))
}

fn known<T>(fact: &Known<T>, shown: impl Fn(&T) -> Cell) -> Cell {
    match fact {
        Known::Yes(fact) => shown(fact),
        Known::NotReadable { needs } => Cell::NotKnown(format!("not readable (needs {needs})")),
        Known::NotYetRead => Cell::NotKnown("not yet read".to_owned()),
        Known::Unknown { .. } => Cell::NotKnown("unknown".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_column_of_the_report_has_a_cell() {
        let key = KeyRow {
            org: "5f1a2b3c4d5e6f7081920a1b".parse().unwrap(),
            org_name: "Payments".into(),
            key: "6f1a2b3c4d5e6f7081920a1b".parse().unwrap(),
            public_key: "abcdefgh".into(),
            description: "=1+1".into(),
            org_roles: vec!["ORG_OWNER".into(), "ORG_MEMBER".into()],
            projects: Known::Yes(2),
            reaches_all_projects: true,
            entries: Known::NotReadable { needs: "Organization Owner".into() },
            widest: Known::NotYetRead,
            created: Timestamp::UNIX_EPOCH,
            last_used: Known::Unknown { why: "No trace.".into() },
            owner: Known::Yes("Mara".into()),
            ends: Known::Yes(None),
            request: None,
            findings: vec![KeyFinding::OwnerRole],
        };
        let around = Surrounding { read_at: None, environment: "prod", generated_at: Timestamp::UNIX_EPOCH };
        assert_eq!(report_cells(&key, &around).len(), REPORT_COLUMNS.len());
        assert_eq!(key_cells(&key, &around).len(), KEY_COLUMNS.len());
    }
}
