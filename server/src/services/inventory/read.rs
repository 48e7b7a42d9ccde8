//! Reading one organization from Atlas. Parts fail by themselves; what cannot be read keeps what was known of it.

use std::{
    collections::{BTreeSet, HashMap},
    sync::Arc,
};

use app::api::connections::{Explanation, Health};
use atlas::{AccessListEntry, ApiKey, ApiUserId, AtlasError, Category, Client, Group};
use domain::ids::OrgId;
use futures_util::{StreamExt as _, stream};
use jiff::{SignedDuration, Timestamp};

use super::facts;
use crate::{
    clock::Clock,
    services::connections::{OWNER, explanation, word},
    store::{ListState, OrgKeyEntries, Part, PartOutcome, Snapshot, StoredEntry, StoredKey},
};

/// Access lists read at once within one organization. Its rate limit allows about four a second in the long run.
const LISTS_AT_ONCE: usize = 4;
/// After so many lists that could not be read, the others are left for the next time.
const PATIENCE: usize = 5;

/// What there is to know before reading.
pub(super) struct Job<'a> {
    pub(super) org: &'a OrgId,
    pub(super) client: Arc<Client>,
    /// The version of the connection that `client` belongs to.
    pub(super) version: i64,
    /// The public key of `client`, whose own access list is always readable.
    pub(super) own_key: String,
    pub(super) clock: &'a dyn Clock,
    /// The access lists as they were known before.
    pub(super) before: OrgKeyEntries,
}

/// Reads everything. `None` when the organization's id is not one, which cannot be.
pub(super) async fn organization(job: Job<'_>) -> Option<Snapshot> {
    let began = job.clock.now();
    let org = job.org.as_str().parse().ok()?;
    let mut snapshot = Snapshot {
        org: job.org.clone(),
        version: job.version,
        began,
        name: None,
        projects: None,
        keys: None,
        parts: Vec::new(),
        health: Health::Healthy,
        address_seen: None,
    };
    match job.client.get_org(&org).await {
        Ok(found) => {
            snapshot.name = Some(facts::clean(&found.name)).filter(|name| !name.trim().is_empty());
            snapshot.parts.push(read(Part::Organization, job.clock.now()));
        }
        Err(error) => {
            if let Category::AddressNotListed { address: Some(address) } = error.category() {
                snapshot.address_seen = Some(address.to_string());
            }
            if concerns_everything(&error) {
                snapshot.parts = Part::ALL.map(|part| failed(part, explanation(&error))).into();
                snapshot.health = Health::Failed { word: word(&error).into(), why: explanation(&error) };
                return Some(snapshot);
            }
            snapshot.parts.push(failed(Part::Organization, explanation(&error)));
        }
    }
    let (projects, keys) = tokio::join!(job.client.list_org_groups(&org), job.client.list_org_api_keys(&org));
    let listed_at = job.clock.now();
    match &projects {
        Ok(_) => snapshot.parts.push(read(Part::Projects, listed_at)),
        Err(error) => snapshot.parts.push(failed(Part::Projects, explanation(error))),
    }
    match keys {
        Ok(keys) => {
            snapshot.parts.push(read(Part::Keys, listed_at));
            snapshot.parts.push(read(Part::Assignments, listed_at));
            let (lists, outcome) = access_lists(&job, &org, &keys).await;
            snapshot.parts.push(outcome);
            snapshot.address_seen = lists.address_seen(&keys, &job.own_key, began);
            snapshot.projects = projects.as_ref().ok().map(|groups| stored_projects(job.org, groups, Some(&keys)));
            snapshot.keys = Some((stored_keys(job.org, &keys, lists, job.before), listed_at));
        }
        Err(error) => {
            let why = explanation(&error);
            for part in [Part::Keys, Part::Assignments, Part::AccessLists] {
                snapshot.parts.push(failed(part, why.clone()));
            }
            snapshot.projects = projects.as_ref().ok().map(|groups| stored_projects(job.org, groups, None));
            if projects.is_err() {
                snapshot.health = Health::Failed { word: word(&error).into(), why };
            }
        }
    }
    if snapshot.health == Health::Healthy {
        snapshot.health = partial(&snapshot.parts);
    }
    Some(snapshot)
}

fn read(part: Part, at: Timestamp) -> PartOutcome {
    PartOutcome { part, read_at: Some(at), failure: None }
}

fn failed(part: Part, failure: Explanation) -> PartOutcome {
    PartOutcome { part, read_at: None, failure: Some(failure) }
}

/// Whether every other call would fail in the same way.
fn concerns_everything(error: &AtlasError) -> bool {
    matches!(
        error.category(),
        Category::WrongCredentials
            | Category::AddressNotListed { .. }
            | Category::OrgRequiresList
            | Category::VersionGone
            | Category::Transport(_)
    )
}

fn partial(parts: &[PartOutcome]) -> Health {
    let mut failures = parts.iter().filter_map(|part| Some((part.part, part.failure.as_ref()?)));
    let Some((part, why)) = failures.next() else { return Health::Healthy };
    // One cause is behind all of them, or it will show after this one is gone.
    Health::Partial {
        why: Explanation { problem: format!("{}: {}", part.label(), why.problem), next: why.next.clone() },
    }
}

fn stored_projects(org: &OrgId, groups: &[Group], keys: Option<&[ApiKey]>) -> Vec<crate::store::StoredProject> {
    let mut counts: HashMap<&str, u32> = HashMap::new();
    for key in keys.unwrap_or_default() {
        let groups: BTreeSet<&str> =
            key.roles.iter().filter_map(|role| Some(role.group_id.as_ref()?.as_str())).collect();
        for group in groups {
            *counts.entry(group).or_default() += 1;
        }
    }
    groups
        .iter()
        .filter(|group| group.org_id.as_str() == org.as_str())
        .filter_map(|group| {
            let count = keys.map(|_| counts.get(group.id.as_str()).copied().unwrap_or(0));
            facts::project(group, count)
        })
        .collect()
}

fn stored_keys(org: &OrgId, keys: &[ApiKey], mut lists: Lists, mut before: OrgKeyEntries) -> Vec<StoredKey> {
    let mut stored = Vec::with_capacity(keys.len());
    for key in keys {
        let list = match lists.0.remove(&key.id) {
            Some(OneList::Entries(entries)) => (ListState::Known, entries.iter().map(facts::entry).collect()),
            Some(OneList::NotReadable) => (ListState::NotReadable, Vec::new()),
            Some(OneList::Gone) => continue,
            Some(OneList::Failed(_)) | None => {
                let known = key.id.as_str().parse().ok().and_then(|id| before.remove(&id));
                known.unwrap_or((ListState::NotYetRead, Vec::<StoredEntry>::new()))
            }
        };
        stored.extend(facts::key(org, key, list));
    }
    stored
}

/// What became of reading one access list.
enum OneList {
    Entries(Vec<AccessListEntry>),
    NotReadable,
    /// The key was deleted since it was listed.
    Gone,
    Failed(AtlasError),
}

struct Lists(HashMap<ApiUserId, OneList>);

impl Lists {
    /// Where Atlas saw this very refresh come from, going by the use of our own key's list.
    fn address_seen(&self, keys: &[ApiKey], own_key: &str, began: Timestamp) -> Option<String> {
        let own = keys.iter().find(|key| key.public_key == own_key)?;
        let Some(OneList::Entries(entries)) = self.0.get(&own.id) else { return None };
        let latest = entries.iter().filter(|entry| entry.last_used_address.is_some()).max_by_key(|e| e.last_used)?;
        // Older use may be somebody else's.
        let is_recent = latest.last_used? >= began - SignedDuration::from_mins(10);
        is_recent.then(|| latest.last_used_address.as_deref().map(facts::clean)).flatten()
    }
}

async fn one_list(client: Arc<Client>, org: atlas::OrgId, key: ApiUserId) -> (ApiUserId, OneList) {
    let list = match client.list_access_list(&org, &key).await {
        Ok(entries) => OneList::Entries(entries),
        Err(error) => match error.category() {
            Category::NotAllowed { .. } => OneList::NotReadable,
            Category::NotFound => OneList::Gone,
            _ => OneList::Failed(error),
        },
    };
    (key, list)
}

/// Reads the access list of every key: our own first, which is always allowed, then one to see whether the others are.
async fn access_lists(job: &Job<'_>, org: &atlas::OrgId, keys: &[ApiKey]) -> (Lists, PartOutcome) {
    let mut ids: Vec<ApiUserId> = Vec::with_capacity(keys.len());
    let (own, others): (Vec<&ApiKey>, Vec<&ApiKey>) = keys.iter().partition(|key| key.public_key == job.own_key);
    ids.extend(own.iter().chain(&others).map(|key| key.id.clone()));
    let probes = own.len() + 1;

    let mut lists = HashMap::with_capacity(ids.len());
    let mut may_read_others = true;
    for id in ids.iter().take(probes) {
        let (id, list) = one_list(Arc::clone(&job.client), org.clone(), id.clone()).await;
        may_read_others = !matches!(list, OneList::NotReadable);
        lists.insert(id, list);
    }
    let rest = ids.into_iter().skip(probes);
    if may_read_others {
        let calls = rest.map(|id| one_list(Arc::clone(&job.client), org.clone(), id));
        let mut answers = stream::iter(calls).buffer_unordered(LISTS_AT_ONCE);
        let mut failures = 0;
        while let Some((id, list)) = answers.next().await {
            failures += usize::from(matches!(list, OneList::Failed(_)));
            lists.insert(id, list);
            if failures == PATIENCE {
                break;
            }
        }
    } else {
        lists.extend(rest.map(|id| (id, OneList::NotReadable)));
    }
    let outcome = lists_outcome(&lists, keys.len(), job.clock.now());
    (Lists(lists), outcome)
}

fn lists_outcome(lists: &HashMap<ApiUserId, OneList>, keys: usize, now: Timestamp) -> PartOutcome {
    let unread = keys - lists.values().filter(|list| !matches!(list, OneList::Failed(_))).count();
    let failure = lists.values().find_map(|list| match list {
        OneList::Failed(error) => Some(error),
        _ => None,
    });
    if let Some(error) = failure {
        let Explanation { problem, next } = explanation(error);
        let lists = if unread == 1 { "1 list".to_owned() } else { format!("{unread} lists") };
        let problem = format!("{lists} could not be read this time. {problem}");
        return failed(Part::AccessLists, Explanation { problem, next });
    }
    if lists.values().any(|list| matches!(list, OneList::NotReadable)) {
        let why = Explanation {
            problem: format!(
                "Atlas shows a key’s access list only to the key itself and to keys with {OWNER}, and this connection’s \
                 reader is not one."
            ),
            next: format!("Replace the reader by a key with {OWNER} to see them, or go on without."),
        };
        // What may be read was read.
        return PartOutcome { failure: Some(why), ..read(Part::AccessLists, now) };
    }
    read(Part::AccessLists, now)
}
