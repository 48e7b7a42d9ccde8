//! Plans that narrow an entry of a key's access list to the address it was last used from.
//!
//! The address is added before the range is removed, so that nobody who calls from it is refused in between.

use std::net::IpAddr;

use app::{backend::Answer, error::ApiError};
use atlas::{AccessListAddress, AccessListEntry, ApiKey, ApiUserId, AtlasError, AtlasRequest, Category, Client};
use domain::{
    access_list::{Width, width_in_words},
    ids::{ApiKeyId, OrgId},
    narrow::{self, NotNarrowable},
    plan::{
        AddedEntry, CallKind, Change, ChangeKind, ExistingKey, Fact, Plan, PlannedCall, RemovedEntry, Severity, Target,
        Warning,
    },
};
use ipnet::IpNet;

use super::{atlas_org, cannot_read, cli, facts, planned, unplannable};
use crate::{
    services::inventory::{clean, shown},
    store::StoredDrift,
};

const DESCRIPTION: &str = "key.description";
const LIST: &str = "access_list";
const LAST_CALLER: &str = "entry.last_used_from";
const READS: &str = "connection.reads_with_key";

/// What is to be narrowed.
#[derive(Debug, Clone)]
pub(in crate::services) struct NarrowInput {
    /// The organization.
    pub(in crate::services) org: OrgId,
    /// The key.
    pub(in crate::services) key: ApiKeyId,
    /// The entry.
    pub(in crate::services) entry: IpNet,
    /// Set when Meridian itself signs in with this key: the address it calls from, if it is known.
    pub(in crate::services) own_address: Option<Option<IpAddr>>,
}

/// What Atlas holds of a key, as far as these plans are concerned.
struct Seen {
    org_name: String,
    key: ApiKey,
    entries: Vec<AccessListEntry>,
    /// Whether the reader signs in with this very key.
    reads_with_it: bool,
}

/// Reads what the plan is computed from; `None` when the key is gone.
async fn observe(org: &OrgId, key: &ApiKeyId, reader: &Client) -> Result<Option<Seen>, AtlasError> {
    let org: atlas::OrgId = org.as_str().parse().expect("both kinds of id have the same form");
    let id: ApiUserId = key.as_str().parse().expect("both kinds of id have the same form");
    let org_name = reader.get_org(&org).await?.name;
    let key = match reader.get_org_api_key(&org, &id).await {
        Ok(key) => key,
        Err(error) if error.category() == Category::NotFound => return Ok(None),
        Err(error) => return Err(error),
    };
    let entries = reader.list_access_list(&org, &id).await?;
    let reads_with_it = reader.system_status().await?.api_key.is_some_and(|caller| caller.id == id);
    Ok(Some(Seen { org_name, key, entries, reads_with_it }))
}

impl Seen {
    fn nets(&self) -> impl Iterator<Item = (IpNet, &AccessListEntry)> {
        self.entries.iter().filter_map(|entry| Some((net(&entry.address()?)?, entry)))
    }

    fn entry(&self, range: &IpNet) -> Option<&AccessListEntry> {
        self.nets().find(|(net, _)| net == range).map(|(_, entry)| entry)
    }

    fn list(&self) -> String {
        let mut nets: Vec<IpNet> = self.nets().map(|(net, _)| net).collect();
        nets.sort_unstable();
        let shown: Vec<String> = nets.iter().map(shown).collect();
        if shown.is_empty() { facts::NONE.to_owned() } else { shown.join(", ") }
    }

    fn facts(&self, range: &IpNet) -> Vec<Fact> {
        let reads = if self.reads_with_it { "yes" } else { "no" };
        vec![
            facts::fact(facts::ORG_NAME, "Name of the organization", self.org_name.clone()),
            facts::fact(DESCRIPTION, "Description of the key", clean(&self.key.desc)),
            facts::fact(LIST, "Access list of the key", self.list()),
            facts::fact(LAST_CALLER, &format!("{} last used from", shown(range)), self.last_caller(range)),
            facts::fact(READS, "Meridian reads Atlas with this key", reads.to_owned()),
        ]
    }

    fn last_caller(&self, range: &IpNet) -> String {
        match self.entry(range) {
            Some(entry) => entry.last_used_address.as_deref().map_or_else(|| facts::NONE.to_owned(), clean),
            None => facts::GONE.to_owned(),
        }
    }
}

/// Plans it: reads Atlas with `reader` and says what will be sent.
///
/// # Errors
///
/// When Atlas cannot be read, there is nothing to narrow, or Meridian would lock itself out; each with what to do.
pub(in crate::services) async fn plan(input: &NarrowInput, reader: &Client) -> Answer<Plan> {
    let gone = |what: &str| {
        ApiError::refused(
            format!("{what} is no longer in Atlas."),
            "Refresh the organization on the key’s page to see what is there now.",
        )
    };
    let seen = observe(&input.org, &input.key, reader).await.map_err(|error| cannot_read(&error))?;
    let seen = seen.ok_or_else(|| gone("The key"))?;
    let range = &input.entry;
    let entry = seen.entry(range).ok_or_else(|| gone(&format!("The entry {}", shown(range))))?;
    let last_used_from = entry.last_used_address.as_deref().and_then(|address| address.parse().ok());
    let observed =
        narrow::observed(range, entry.last_used.is_some(), last_used_from).map_err(|error| refused(&error))?;
    let rest: Vec<IpNet> = seen.nets().map(|(net, _)| net).filter(|net| net != range).collect();
    let own = input.own_address.or(seen.reads_with_it.then_some(None));
    if own.is_some_and(|own| narrow::locks_out(range, &rest, observed, own)) {
        return Err(ApiError::refused(
            format!(
                "Meridian signs in with this key itself, and {} may be what lets it in: without it, Meridian would be refused.",
                shown(range)
            ),
            "Add the address that Meridian calls from to this key’s access list in Atlas, then ask again.",
        ));
    }
    let single = IpNet::from(observed);
    let is_there = rest.contains(&single);
    Ok(Plan {
        kind: ChangeKind::NarrowAccessList,
        sentence: format!("Narrow {} to {observed} for key {}", shown(range), clean(&seen.key.desc)),
        warnings: warnings(range, &rest, observed, own.is_some()),
        targets: vec![Target {
            org: input.org.clone(),
            org_name: seen.org_name.clone(),
            key: Some(ExistingKey {
                id: input.key.clone(),
                public_key: clean(&seen.key.public_key),
                description: clean(&seen.key.desc),
            }),
            observed: seen.facts(range),
            changes: changes(range, &single, is_there),
            calls: calls(input, observed, is_there)?,
            // An address too many refuses nobody; what is missing is asked for again.
            on_failure: vec![],
        }],
    })
}

/// The address that the range was last used from when `plan` was made.
pub(in crate::services) fn last_caller(plan: &Plan) -> &str {
    let mut seen = plan.targets.iter().flat_map(|target| &target.observed);
    seen.find(|fact| fact.name == LAST_CALLER).map_or(facts::NONE, |fact| &fact.value)
}

/// Why an entry cannot be narrowed, for whoever asked.
pub(in crate::services) fn refused(why: &NotNarrowable) -> ApiError {
    ApiError::refused(why.to_string(), "")
}

fn changes(range: &IpNet, single: &IpNet, is_there: bool) -> Vec<Change> {
    let added = AddedEntry {
        range: shown(single),
        width: width_in_words(single),
        wide: Width::of(single) != Width::Narrow,
        comment: None,
    };
    let removed = RemovedEntry { range: shown(range), width: width_in_words(range) };
    let adds = (!is_there).then(|| Change::AccessListAdded { entries: vec![added] });
    adds.into_iter().chain([Change::AccessListRemoved { entries: vec![removed] }]).collect()
}

fn calls(input: &NarrowInput, observed: IpAddr, is_there: bool) -> Answer<Vec<PlannedCall>> {
    let org = atlas_org(&input.org)?;
    let key: ApiUserId = input.key.as_str().parse().map_err(|_| unplannable())?;
    let range = AccessListAddress::block(input.entry.addr(), input.entry.prefix_len()).map_err(|_| unplannable())?;
    let add = planned(
        CallKind::AddAccessListEntries,
        format!("Add {observed} to its access list"),
        &AtlasRequest::create_access_list_entries(&org, &key, &[AccessListAddress::from(observed)]),
        "Remove the entry.",
        cli::add_address(&input.org, &input.key, observed),
    );
    let remove = planned(
        CallKind::RemoveAccessListEntry,
        format!("Remove {} from its access list", shown(&input.entry)),
        &AtlasRequest::delete_access_list_entry(&org, &key, range),
        "Add the entry again; Atlas forgets when it was used.",
        cli::delete_entry(&input.org, &input.key, &input.entry),
    );
    Ok((!is_there).then_some(add).into_iter().chain([remove]).collect())
}

fn warnings(range: &IpNet, rest: &[IpNet], observed: IpAddr, is_own: bool) -> Vec<Warning> {
    let mut warnings = Vec::new();
    let mut warn = |severity, label: &str, text: String| {
        warnings.push(Warning { severity, label: label.to_owned(), text });
    };
    let text = format!(
        "Atlas tells only the last address, {observed}. Callers from elsewhere in {} will be refused afterwards.",
        shown(range)
    );
    warn(Severity::Attention, "Other callers", text);
    if is_own {
        let text = "Meridian signs in with this key itself. It still can afterwards, as far as Atlas tells.".to_owned();
        warn(Severity::Attention, "Meridian’s own key", text);
    }
    if let Some(wider) = rest.iter().find(|kept| kept.contains(range)) {
        let text = format!("Another entry, {}, goes on allowing every address of {}.", shown(wider), shown(range));
        warn(Severity::Attention, "Still allowed", text);
    }
    warnings
}

fn net(address: &AccessListAddress) -> Option<IpNet> {
    IpNet::new(address.address(), address.prefix()).ok().map(|net| net.trunc())
}

/// The facts of `target` that no longer hold.
///
/// # Errors
///
/// When Atlas cannot be read.
pub(super) async fn drift(target: &Target, reader: &Client) -> Result<Vec<StoredDrift>, AtlasError> {
    let (Some(key), Some(range)) = (&target.key, removed(target)) else {
        return Ok(vec![]);
    };
    let seen = observe(&target.org, &key.id, reader).await?;
    let now: Vec<Fact> = seen.map(|seen| seen.facts(&range)).unwrap_or_default();
    let changed = |fact: &&Fact| now.iter().find(|now| now.name == fact.name).is_none_or(|now| now.value != fact.value);
    Ok(target
        .observed
        .iter()
        .filter(changed)
        .map(|fact| StoredDrift {
            org_name: target.org_name.clone(),
            label: fact.label.clone(),
            was: fact.value.clone(),
            now: now.iter().find(|now| now.name == fact.name).map_or(facts::GONE, |now| &now.value).to_owned(),
        })
        .collect())
}

/// The range that `target` removes.
fn removed(target: &Target) -> Option<IpNet> {
    target.changes.iter().find_map(|change| match change {
        Change::AccessListRemoved { entries } => entries.first()?.range.parse().ok(),
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn input() -> NarrowInput {
        NarrowInput {
            org: "5f1a2b3c4d5e6f7081920a1b".parse().unwrap(),
            key: "6f1a2b3c4d5e6f7081920a1b".parse().unwrap(),
            entry: "10.0.0.0/8".parse().unwrap(),
            own_address: None,
        }
    }

    #[test]
    fn the_address_is_added_before_the_range_is_removed() {
        let calls = calls(&input(), "10.0.3.7".parse().unwrap(), false).unwrap();
        let list = "/api/atlas/v2/orgs/5f1a2b3c4d5e6f7081920a1b/apiKeys/6f1a2b3c4d5e6f7081920a1b/accessList";
        assert_eq!((calls[0].method.as_str(), calls[0].path.as_str()), ("POST", list));
        assert_eq!(calls[0].body, Some(serde_json::json!([{"ipAddress": "10.0.3.7"}])));
        assert_eq!((calls[1].method.as_str(), calls[1].path.clone()), ("DELETE", format!("{list}/10.0.0.0%2F8")));
        assert_eq!(calls.len(), 2);
    }

    #[test]
    fn an_address_that_has_an_entry_already_is_not_added_again() {
        let observed = "10.0.3.7".parse().unwrap();
        let calls = calls(&input(), observed, true).unwrap();
        assert_eq!(calls.iter().map(|call| call.kind).collect::<Vec<_>>(), [CallKind::RemoveAccessListEntry]);
        assert_eq!(changes(&input().entry, &IpNet::from(observed), true).len(), 1);
    }

    #[test]
    fn a_wider_entry_that_stays_is_pointed_out() {
        let (range, seen) = (input().entry, "10.0.3.7".parse().unwrap());
        let labels = |rest: &[IpNet], own| -> Vec<String> {
            warnings(&range, rest, seen, own).into_iter().map(|warning| warning.label).collect()
        };
        assert_eq!(labels(&["0.0.0.0/0".parse().unwrap()], false), ["Other callers", "Still allowed"]);
        assert_eq!(labels(&["192.0.2.7/32".parse().unwrap()], true), ["Other callers", "Meridian’s own key"]);
    }
}
