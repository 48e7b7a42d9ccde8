//! The page of one key: its projects, its access list, what it cannot do, what happened to it.

use std::{collections::HashMap, net::IpAddr};

use app::api::{
    inventory::{Command, EntryRow, KeyDetail, ProjectRolesRow},
    requests::{TimelineItem, TimelineKind},
};
use domain::{
    Known,
    access_list::{Width, width_in_words},
    ids::{ProjectId, RequestNumber},
    narrow,
};
use jiff::Timestamp;

use super::{facts::parse_block, rows};
use crate::{
    log::{Action, Outcome},
    store::{Assignment, ListState, ListedKey, LogRow, OrgSummary, StoredEntry},
};

/// The most entries of the log that a key's page shows.
pub(super) const LONGEST_TIMELINE: u32 = 100;

/// What Atlas refuses to a key without an access list, also where the organization does not require one.
///
/// From MongoDB's guide, "Required for Select Resources"; its newer page dropped the list.
const BLOCKED: [&str; 5] = [
    "Add or remove entries of API access lists",
    "Restore cloud backups, or look at restores",
    "Take or delete cloud backup snapshots",
    "Read or change cloud backup schedules",
    "Change legacy backup snapshots and their schedules",
];

/// What was read about a key besides its row.
pub(super) struct Facts {
    pub(super) assignments: Vec<Assignment>,
    pub(super) project_names: HashMap<ProjectId, String>,
    pub(super) entries: Vec<StoredEntry>,
    pub(super) log: Vec<LogRow>,
    pub(super) open_requests: Vec<RequestNumber>,
    /// Whether the caller may ask for changes here.
    pub(super) may_request: bool,
    pub(super) now: Timestamp,
}

/// The page.
pub(super) fn detail(org: &OrgSummary, key: ListedKey, facts: Facts) -> KeyDetail {
    let has_no_list = key.list_state == ListState::Known && key.entries == 0;
    let created = TimelineItem {
        kind: TimelineKind::Created,
        at: key.created,
        who: None,
        what: "created in Atlas".into(),
        quote: Some("Derived from the key’s id; Atlas does not tell the time.".into()),
        request: None,
    };
    let names = facts.project_names;
    let project = |assignment: Assignment| ProjectRolesRow {
        name: names.get(&assignment.project).cloned().unwrap_or_else(|| assignment.project.to_string()),
        project: assignment.project,
        roles: assignment.roles,
    };
    let mut projects: Vec<ProjectRolesRow> = facts.assignments.into_iter().map(project).collect();
    projects.sort_by_key(|project| project.name.to_lowercase());
    KeyDetail {
        projects: Known::Yes(projects),
        access_list: rows::of_list(&key, facts.entries.into_iter().map(entry).collect()),
        blocked: if has_no_list { BLOCKED.map(str::to_owned).into() } else { Vec::new() },
        timeline: facts.log.iter().filter_map(happened).chain([created]).collect(),
        open_requests: facts.open_requests,
        may_request: facts.may_request,
        commands: commands(&key),
        read_at: org.read_at,
        stale: rows::stale(org),
        row: rows::key(org.label.clone(), key, facts.now),
    }
}

pub(super) fn entry(entry: StoredEntry) -> EntryRow {
    let net = parse_block(&entry.block);
    let last_used_from: Option<IpAddr> = entry.last_used_from.as_deref().and_then(|address| address.parse().ok());
    let observed = net.as_ref().and_then(|net| narrow::observed(net, entry.last_used.is_some(), last_used_from).ok());
    EntryRow {
        narrows_to: observed.map(|address| address.to_string()),
        width: net.as_ref().map_or_else(|| "not understood".to_owned(), width_in_words),
        is_wide: net.as_ref().is_some_and(|net| Width::of(net) != Width::Narrow),
        range: entry.block,
        created: entry.created,
        last_used: entry.last_used,
        last_address: last_used_from.map(|address| address.to_string()).or(entry.last_used_from),
        count: u64::try_from(entry.uses).unwrap_or(0),
    }
}

/// An entry of the log in words that go on after a name. Reading it needs no more than seeing the key.
fn happened(row: &LogRow) -> Option<TimelineItem> {
    let written = &row.written;
    let action = Action::ALL.iter().find(|action| action.as_str() == written.action)?;
    let (kind, what) = match action {
        Action::RequestSubmitted => (TimelineKind::Submitted, "asked for a change"),
        Action::RequestApproved => (TimelineKind::Approved, "approved a change"),
        Action::RequestDenied => (TimelineKind::Refused, "denied a change"),
        Action::RequestWithdrawn => (TimelineKind::Refused, "took a request back"),
        Action::StepFinished => match written.outcome {
            Outcome::Done => (TimelineKind::Call, "changed through Meridian"),
            Outcome::Unknown => (TimelineKind::Call, "maybe changed: the answer of Atlas was lost"),
            Outcome::Refused | Outcome::Failed => (TimelineKind::Call, "a change failed"),
        },
        Action::StepReconciled => (TimelineKind::Call, "looked up in Atlas after a lost answer"),
        Action::ExecutionFinished => (TimelineKind::Finished, "the change came to its end"),
        Action::SecretSealed => (TimelineKind::Secret, "private key sealed for the requester"),
        Action::SecretRevealed => (TimelineKind::Secret, "revealed the private key"),
        Action::SecretDestroyed => (TimelineKind::Secret, "private key destroyed unseen"),
        _ => return None,
    };
    Some(TimelineItem {
        kind,
        at: Timestamp::from_microsecond(written.at).ok()?,
        who: written.actor.id.map(|_| written.actor.name.clone()),
        what: what.to_owned(),
        quote: None,
        request: written.request,
    })
}

fn commands(key: &ListedKey) -> Vec<Command> {
    let (org, id) = (&key.org, &key.key);
    let command = |label: &str, command: String| Command { label: label.to_owned(), command };
    vec![
        command("Show this key", format!("atlas organizations apiKeys describe {id} --orgId {org} -o json")),
        command(
            "Show its access list",
            format!("atlas organizations apiKeys accessLists list {id} --orgId {org} -o json"),
        ),
    ]
}
