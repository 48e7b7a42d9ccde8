//! Writing a snapshot: in one transaction, and only the rows that changed.

use std::collections::{HashMap, HashSet};

use domain::ids::OrgId;
use sha2::{Digest as _, Sha256};

use super::{
    super::{
        Query, Row, Store, StoreError, Tx,
        connections::{opt_json, to_json},
    },
    Counts, ListState, PartOutcome, Snapshot, StoredEntry, StoredKey, StoredProject, finding_bit, role_bit,
};

/// Goes up when columns are computed otherwise, so that rows are written again.
const FORMAT: u8 = 2;

/// Rows in one statement: enough to make the way to the database cheap, far below the limits on placeholders.
const BATCH: usize = 50;

impl Store {
    /// Writes what a refresh brought, so that readers see either all of it or nothing.
    ///
    /// Returns false, and changes nothing, when the organization was removed meanwhile, its credentials were replaced, or
    /// a refresh that began later has been written already.
    ///
    /// # Errors
    ///
    /// When the database cannot take it.
    pub async fn write_snapshot(&self, snapshot: &Snapshot) -> Result<bool, StoreError> {
        let org = snapshot.org.as_str();
        let mut tx = self.begin().await?;
        let query = Query::new("select org_name, label, version, tried_at, counts from connections where org_id = $1")
            .bind(org)
            .push(tx.dialect().for_update());
        let Some(row) = tx.fetch_optional(query).await? else {
            return Ok(false);
        };
        let is_newer = row.get_opt_timestamp("tried_at")?.is_none_or(|tried| tried <= snapshot.began);
        if row.get_i64("version")? != snapshot.version || !is_newer {
            return Ok(false);
        }
        let counts = opt_json(&row, "counts")?.unwrap_or_default();
        let label = new_label(&row, snapshot)?;
        if let Some(label) = &label.changed {
            let query = Query::new("update connections set label = $1 where org_id = $2").bind(label).bind(org);
            tx.execute(query).await?;
            Self::sort_under_label(&mut tx, &snapshot.org, label).await?;
        }
        let counts = write_rows(&mut tx, snapshot, &label.sort, counts).await?;
        for part in &snapshot.parts {
            write_part(&mut tx, org, part).await?;
        }
        let query = Query::new(
            "update connections set org_name = coalesce($1, org_name), tried_at = $2, read_at = coalesce($3, read_at), \
             health = $4, counts = $5, address_seen = coalesce($6, address_seen) where org_id = $7",
        )
        .bind(snapshot.name.clone())
        .bind(snapshot.began)
        .bind(snapshot.keys.as_ref().map(|(_, read_at)| *read_at))
        .bind(to_json(&snapshot.health))
        .bind(to_json(&counts))
        .bind(snapshot.address_seen.clone())
        .bind(org);
        tx.execute(query).await?;
        tx.commit().await?;
        Ok(true)
    }
}

struct Label {
    sort: String,
    changed: Option<String>,
}

/// A label that nobody chose follows the name.
fn new_label(row: &Row, snapshot: &Snapshot) -> Result<Label, StoreError> {
    let (old_name, label) = (row.get_text("org_name")?, row.get_text("label")?);
    let changed = snapshot.name.clone().filter(|name| label == old_name && *name != old_name);
    let sort = changed.as_ref().unwrap_or(&label).to_lowercase();
    Ok(Label { sort, changed })
}

async fn write_rows(
    tx: &mut Tx,
    snapshot: &Snapshot,
    org_sort: &str,
    mut counts: Counts,
) -> Result<Counts, StoreError> {
    if let Some(projects) = &snapshot.projects {
        write_projects(tx, &snapshot.org, org_sort, projects).await?;
        counts.projects = Some(u32::try_from(projects.len()).unwrap_or(u32::MAX));
    }
    if let Some((keys, _)) = &snapshot.keys {
        write_keys(tx, &snapshot.org, org_sort, keys).await?;
        Store::copy_key_ends(tx, &snapshot.org).await?;
        counts.of_keys(keys);
        if snapshot.projects.is_none() {
            recount_projects(tx, &snapshot.org, keys).await?;
        }
    }
    Ok(counts)
}

async fn write_part(tx: &mut Tx, org: &str, outcome: &PartOutcome) -> Result<(), StoreError> {
    let query = Query::new(
        "insert into inventory_parts (org_id, part, read_at, failure) values ($1, $2, $3, $4) \
         on conflict (org_id, part) do update \
         set read_at = coalesce(excluded.read_at, inventory_parts.read_at), failure = excluded.failure",
    );
    let failure = outcome.failure.as_ref().map(to_json);
    tx.execute(query.bind(org).bind(outcome.part.as_str()).bind(outcome.read_at).bind(failure)).await.map(drop)
}

async fn write_projects(
    tx: &mut Tx,
    org: &OrgId,
    org_sort: &str,
    projects: &[StoredProject],
) -> Result<(), StoreError> {
    let query = Query::new("select project_id, name, clusters, created_at, keys from projects where org_id = $1");
    let mut before = HashMap::new();
    for row in tx.fetch_all(query.bind(org.as_str())).await? {
        let project = StoredProject {
            project: row.parse("project_id")?,
            name: row.get_text("name")?,
            clusters: row.get_opt_i64("clusters")?.and_then(|count| u32::try_from(count).ok()),
            created: row.get_opt_timestamp("created_at")?,
            keys: row.get_opt_i64("keys")?.and_then(|count| u32::try_from(count).ok()),
        };
        before.insert(project.project.clone(), project);
    }
    let mut changed = Vec::new();
    for project in projects {
        if before.remove(&project.project).as_ref() != Some(project) {
            changed.push(project);
        }
    }
    let gone: Vec<&str> = before.keys().map(|project| project.as_str()).collect();
    delete(tx, "delete from projects where org_id = ", " and project_id in (", org, &gone).await?;
    for batch in changed.chunks(BATCH) {
        let mut query = Query::new(
            "insert into projects (org_id, project_id, name, clusters, created_at, keys, org_sort, name_sort, \
             clusters_sort, keys_sort, created_sort) values ",
        );
        for (index, project) in batch.iter().enumerate() {
            query = query.push(if index == 0 { "(" } else { ", (" });
            query = query.push_bind(org.as_str()).push(", ").push_bind(project.project.as_str());
            query = query.push(", ").push_bind(project.name.as_str());
            query = query.push(", ").push_bind(project.clusters);
            query = query.push(", ").push_bind(project.created);
            query = query.push(", ").push_bind(project.keys);
            query = query.push(", ").push_bind(org_sort).push(", ").push_bind(project.name.to_lowercase());
            query = query.push(", ").push_bind(project.clusters.map_or(-1, i64::from));
            query = query.push(", ").push_bind(project.keys.map_or(-1, i64::from));
            query = query.push(", ").push_bind(project.created.map_or(-1, |at| at.as_microsecond())).push(")");
        }
        query = query.push(
            " on conflict (org_id, project_id) do update set name = excluded.name, clusters = excluded.clusters, \
             created_at = excluded.created_at, keys = excluded.keys, org_sort = excluded.org_sort, \
             name_sort = excluded.name_sort, clusters_sort = excluded.clusters_sort, keys_sort = excluded.keys_sort, \
             created_sort = excluded.created_sort",
        );
        tx.execute(query).await?;
    }
    Ok(())
}

/// Keys were read and projects were not: the projects known from before get their new number of keys.
async fn recount_projects(tx: &mut Tx, org: &OrgId, keys: &[StoredKey]) -> Result<(), StoreError> {
    let mut counts: HashMap<&str, i64> = HashMap::new();
    for assignment in keys.iter().flat_map(|key| &key.assignments) {
        *counts.entry(assignment.project.as_str()).or_default() += 1;
    }
    let query = Query::new("select project_id, keys_sort from projects where org_id = $1").bind(org.as_str());
    for row in tx.fetch_all(query).await? {
        let project = row.get_text("project_id")?;
        let count = counts.get(project.as_str()).copied().unwrap_or(0);
        if count != row.get_i64("keys_sort")? {
            let query =
                Query::new("update projects set keys = $1, keys_sort = $1 where org_id = $2 and project_id = $3");
            tx.execute(query.bind(count).bind(org.as_str()).bind(project)).await?;
        }
    }
    Ok(())
}

async fn write_keys(tx: &mut Tx, org: &OrgId, org_sort: &str, keys: &[StoredKey]) -> Result<(), StoreError> {
    let query = Query::new("select key_id, digest from api_keys where org_id = $1").bind(org.as_str());
    let mut before = HashMap::new();
    for row in tx.fetch_all(query).await? {
        before.insert(row.get_text("key_id")?, row.get_text("digest")?);
    }
    let (mut known, mut changed) = (HashSet::new(), Vec::new());
    for key in keys {
        let digest = digest(key);
        if before.get(key.key.as_str()) != Some(&digest) {
            changed.push((key, digest));
        }
        known.insert(key.key.as_str());
    }
    let gone: Vec<&str> = before.keys().map(String::as_str).filter(|key| !known.contains(key)).collect();
    delete(tx, "delete from api_keys where org_id = ", " and key_id in (", org, &gone).await?;
    let rewritten: Vec<&str> =
        changed.iter().map(|(key, _)| key.key.as_str()).filter(|key| before.contains_key(*key)).collect();
    delete(tx, "delete from access_entries where org_id = ", " and key_id in (", org, &rewritten).await?;
    for batch in changed.chunks(BATCH) {
        tx.execute(insert_keys(org, org_sort, batch)).await?;
    }
    let entries: Vec<(&StoredKey, &StoredEntry)> =
        changed.iter().flat_map(|(key, _)| key.entries.iter().map(move |entry| (*key, entry))).collect();
    for batch in entries.chunks(BATCH) {
        tx.execute(insert_entries(org, batch)).await?;
    }
    Ok(())
}

async fn delete(
    tx: &mut Tx,
    from: &'static str,
    and: &'static str,
    org: &OrgId,
    ids: &[&str],
) -> Result<(), StoreError> {
    for batch in ids.chunks(BATCH) {
        let query = Query::new(from).push_bind(org.as_str()).push(and).push_list(batch.iter().copied()).push(")");
        tx.execute(query).await?;
    }
    Ok(())
}

fn insert_keys(org: &OrgId, org_sort: &str, batch: &[(&StoredKey, String)]) -> Query {
    let mut query = Query::new(
        "insert into api_keys (org_id, key_id, public_key, description, org_roles, role_bits, assignments, projects, \
         reaches_all, list_state, entries, widest, created_at, last_used_at, findings, digest, org_sort, \
         description_sort, search, entries_sort, widest_sort, used_sort) values ",
    );
    for (index, (key, digest)) in batch.iter().enumerate() {
        let is_known = key.list_state == ListState::Known;
        let entries = i64::try_from(key.entries.len()).unwrap_or(i64::MAX);
        let projects = i64::try_from(key.assignments.len()).unwrap_or(i64::MAX);
        query = query.push(if index == 0 { "(" } else { ", (" });
        query = query.push_bind(org.as_str()).push(", ").push_bind(key.key.as_str());
        query = query.push(", ").push_bind(key.public_key.as_str());
        query = query.push(", ").push_bind(key.description.as_str());
        query = query.push(", ").push_bind(to_json(&key.org_roles));
        query = query.push(", ").push_bind(key.org_roles.iter().fold(0, |bits, role| bits | role_bit(role)));
        query = query.push(", ").push_bind(to_json(&key.assignments));
        query = query.push(", ").push_bind(projects).push(", ").push_bind(key.reaches_all);
        query = query.push(", ").push_bind(key.list_state.as_str());
        query = query.push(", ").push_bind(is_known.then_some(entries));
        query = query.push(", ").push_bind(key.widest.clone());
        query = query.push(", ").push_bind(key.created).push(", ").push_bind(key.last_used);
        query = query.push(", ").push_bind(key.findings.iter().fold(0, |bits, finding| bits | finding_bit(*finding)));
        query = query.push(", ").push_bind(digest.as_str()).push(", ").push_bind(org_sort);
        query = query.push(", ").push_bind(key.description.to_lowercase());
        query = query.push(", ").push_bind(search_text(key));
        query = query.push(", ").push_bind(if is_known { entries } else { -1 });
        query = query.push(", ").push_bind(key.widest_sort).push(", ").push_bind(used_sort(key)).push(")");
    }
    query.push(
        " on conflict (org_id, key_id) do update set public_key = excluded.public_key, \
         description = excluded.description, org_roles = excluded.org_roles, role_bits = excluded.role_bits, \
         assignments = excluded.assignments, projects = excluded.projects, reaches_all = excluded.reaches_all, \
         list_state = excluded.list_state, entries = excluded.entries, widest = excluded.widest, \
         created_at = excluded.created_at, last_used_at = excluded.last_used_at, findings = excluded.findings, \
         digest = excluded.digest, org_sort = excluded.org_sort, description_sort = excluded.description_sort, \
         search = excluded.search, entries_sort = excluded.entries_sort, widest_sort = excluded.widest_sort, \
         used_sort = excluded.used_sort",
    )
}

fn insert_entries(org: &OrgId, batch: &[(&StoredKey, &StoredEntry)]) -> Query {
    let mut query = Query::new(
        "insert into access_entries (org_id, key_id, block, first_address, last_address, created_at, last_used_at, \
         last_used_from, uses) values ",
    );
    for (index, (key, entry)) in batch.iter().enumerate() {
        let (first, last) = entry.bounds.clone().unzip();
        query = query.push(if index == 0 { "(" } else { ", (" });
        query = query.push_bind(org.as_str()).push(", ").push_bind(key.key.as_str());
        query = query.push(", ").push_bind(entry.block.as_str());
        query = query.push(", ").push_bind(first).push(", ").push_bind(last);
        query = query.push(", ").push_bind(entry.created).push(", ").push_bind(entry.last_used);
        query = query.push(", ").push_bind(entry.last_used_from.clone());
        query = query.push(", ").push_bind(entry.uses).push(")");
    }
    query.push(" on conflict (org_id, key_id, block) do nothing")
}

/// 0 for never, -1 when it cannot be known: a key without entries leaves no trace of its use.
fn used_sort(key: &StoredKey) -> i64 {
    match (key.last_used, key.list_state) {
        (Some(at), _) => at.as_microsecond(),
        (None, ListState::Known) if !key.entries.is_empty() => 0,
        (None, _) => -1,
    }
}

fn search_text(key: &StoredKey) -> String {
    format!("{}\n{}\n{}", key.description, key.public_key, key.key).to_lowercase()
}

fn digest(key: &StoredKey) -> String {
    hex::encode(Sha256::new().chain_update([FORMAT]).chain_update(to_json(key)).finalize())
}
