//! Keys and organizations as tables show them.

use app::api::{
    connections::{Explanation, Health},
    findings::KeyFinding,
    inventory::{KeyRow, StaleOrg},
};
use domain::{Known, key_end::KeyEnd};
use jiff::Timestamp;

use crate::{
    services::connections::OWNER,
    store::{ListState, ListedKey, OrgSummary, old_before, unused_before},
};

/// Why the use of a key without entries is unknown.
const NO_TRACE: &str = "Atlas notes the use of a key with the entries of its access list, and this key has none.";

/// Why the owner of a key from elsewhere is unknown.
const NO_OWNER: &str = "Atlas does not tell who made a key, and this one was not created through Meridian.";

/// Why the end of a key is unknown.
const NO_END: &str = "Atlas knows no end of API keys, and nobody noted one here.";

/// A line of the table of keys.
pub(super) fn key(org_name: String, key: ListedKey, now: Timestamp) -> KeyRow {
    let mut findings = key.findings.clone();
    findings.extend(findings_at(&key, now));
    findings.sort();
    let last_used = match key.list_state {
        ListState::Known if key.entries == 0 => Known::Unknown { why: NO_TRACE.into() },
        _ => of_list(&key, key.last_used),
    };
    KeyRow {
        org_name,
        projects: Known::Yes(key.projects),
        reaches_all_projects: key.reaches_all,
        entries: of_list(&key, key.entries),
        widest: of_list(&key, key.widest.clone()),
        last_used,
        org: key.org,
        key: key.key,
        public_key: key.public_key,
        description: key.description,
        org_roles: key.org_roles,
        created: key.created,
        owner: key.requested_by.map_or_else(|| Known::Unknown { why: NO_OWNER.into() }, Known::Yes),
        ends: key.end.map_or_else(|| Known::Unknown { why: NO_END.into() }, |end| Known::Yes(KeyEnd::at(end))),
        request: key.request,
        findings,
    }
}

/// The findings that depend on what time it is.
fn findings_at(key: &ListedKey, now: Timestamp) -> impl Iterator<Item = KeyFinding> {
    let is_old = key.created < old_before(now);
    let is_unused = key.last_used.is_some_and(|used| used < unused_before(now));
    let found = [(is_old, KeyFinding::Old), (is_unused, KeyFinding::Unused)];
    found.into_iter().filter_map(|(is_so, finding)| is_so.then_some(finding))
}

/// Something about the access list, as far as that is known.
pub(super) fn of_list<T>(key: &ListedKey, fact: T) -> Known<T> {
    match key.list_state {
        ListState::Known => Known::Yes(fact),
        ListState::NotReadable => Known::NotReadable { needs: OWNER.into() },
        ListState::NotYetRead => Known::NotYetRead,
    }
}

/// The organization as one whose data is older than it should be, if it is.
pub(super) fn stale(org: &OrgSummary) -> Option<StaleOrg> {
    // When the last refresh brought keys, it also set the time.
    let is_older = org.read_at.is_none() || org.read_at < org.tried_at;
    let why: &Explanation = match org.health.as_ref()? {
        Health::Failed { why, .. } => why,
        Health::Partial { why } if is_older => why,
        _ => return None,
    };
    Some(StaleOrg { org: org.org.clone(), name: org.label.clone(), read_at: org.read_at, why: why.clone() })
}
