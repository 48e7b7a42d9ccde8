//! From Atlas's answers to what is stored: roles sorted out, ranges understood, findings found.
//!
//! Text from Atlas is written by whoever may name things there: it is bounded, and invisible characters are made visible.

use std::{collections::BTreeMap, net::IpAddr};

use app::api::inventory::KeyFinding;
use atlas::{AccessListAddress, AccessListEntry, ApiKey, Group};
use domain::{
    access_list::Width,
    description::is_deceptive,
    ids::{ApiKeyId, OrgId, ProjectId},
};
use ipnet::IpNet;
use jiff::Timestamp;

use crate::store::{Assignment, ListState, StoredEntry, StoredKey, StoredProject};

/// The longest text of Atlas that is kept; names and descriptions there are at most 250 characters.
const MAX_TEXT: usize = 300;

/// What is known of a key's access list: its state, and its entries if it is known.
pub(super) type List = (ListState, Vec<StoredEntry>);

/// `text` without what cannot be seen, and not too long.
pub(crate) fn clean(text: &str) -> String {
    text.chars().take(MAX_TEXT).map(|c| if is_deceptive(c) { char::REPLACEMENT_CHARACTER } else { c }).collect()
}

/// A key with what is computed of it; `None` when its id is not one.
pub(super) fn key(org: &OrgId, api: &ApiKey, list: List) -> Option<StoredKey> {
    let key: ApiKeyId = api.id.as_str().parse().ok()?;
    let mut org_roles = Vec::new();
    let mut projects: BTreeMap<ProjectId, Vec<String>> = BTreeMap::new();
    for role in &api.roles {
        match (&role.group_id, &role.org_id) {
            (Some(group), _) => {
                projects.entry(group.as_str().parse().ok()?).or_default().push(clean(&role.role_name));
            }
            (None, Some(other)) if other.as_str() != org.as_str() => {}
            (None, _) => org_roles.push(clean(&role.role_name)),
        }
    }
    // Atlas gives roles in changing order.
    sort(&mut org_roles);
    let assignments = projects.into_iter().map(|(project, mut roles)| {
        sort(&mut roles);
        Assignment { project, roles }
    });
    let (list_state, mut entries) = list;
    entries.sort_by(|a, b| a.block.cmp(&b.block));
    entries.dedup_by(|a, b| a.block == b.block);
    let nets: Vec<IpNet> = entries.iter().filter_map(|entry| parse_block(&entry.block)).collect();
    let widest = nets.iter().max_by_key(|net| share(net));
    let created = Timestamp::from_second(key.created_seconds()).unwrap_or(Timestamp::UNIX_EPOCH);
    Some(StoredKey {
        public_key: clean(&api.public_key),
        description: clean(&api.desc),
        assignments: assignments.collect(),
        reaches_all: org_roles.iter().any(|role| role == "ORG_OWNER"),
        list_state,
        widest: widest.map(shown),
        widest_sort: widest.map_or(-1, |net| i64::from(share(net))),
        created,
        last_used: entries.iter().filter_map(|entry| entry.last_used).max(),
        findings: findings(&org_roles, list_state, &entries, &nets),
        org_roles,
        entries,
        key,
    })
}

fn sort(roles: &mut Vec<String>) {
    roles.sort();
    roles.dedup();
}

fn findings(org_roles: &[String], state: ListState, entries: &[StoredEntry], nets: &[IpNet]) -> Vec<KeyFinding> {
    let mut found = Vec::new();
    if org_roles.iter().any(|role| role == "ORG_OWNER") {
        found.push(KeyFinding::OwnerRole);
    }
    match state {
        ListState::NotReadable => found.push(KeyFinding::ListNotReadable),
        ListState::NotYetRead => {}
        ListState::Known if entries.is_empty() => found.push(KeyFinding::NoAccessList),
        ListState::Known => {
            // Neighbours are put together first, so that a range written as halves counts as the whole.
            let merged = IpNet::aggregate(&nets.to_vec());
            if domain::access_list::cover_everything(nets) {
                found.push(KeyFinding::AnyAddress);
            } else if merged.iter().any(|net| Width::of(net) != Width::Narrow) {
                found.push(KeyFinding::WideRange);
            }
            if entries.iter().all(|entry| entry.last_used.is_none()) {
                found.push(KeyFinding::NeverUsed);
            }
        }
    }
    found
}

/// How much of its family's addresses a range holds, as a power of two up to 128: IPv4 and IPv6 can be compared.
fn share(net: &IpNet) -> u32 {
    let prefix = u32::from(net.prefix_len());
    match net {
        IpNet::V4(_) => 128 - prefix * 4,
        IpNet::V6(_) => 128 - prefix,
    }
}

/// An entry as it is stored.
pub(super) fn entry(api: &AccessListEntry) -> StoredEntry {
    let net = api.address().map(|address| net_of(&address));
    let written = || clean(api.cidr_block.as_deref().or(api.ip_address.as_deref()).unwrap_or("(no address)"));
    StoredEntry {
        block: net.as_ref().map_or_else(written, shown),
        bounds: net.as_ref().map(bounds),
        created: api.created,
        last_used: api.last_used,
        last_used_from: api.last_used_address.as_deref().map(clean),
        uses: i64::try_from(api.count.unwrap_or(0)).unwrap_or(i64::MAX),
    }
}

fn net_of(address: &AccessListAddress) -> IpNet {
    IpNet::new(address.address(), address.prefix()).map_or_else(|_| IpNet::from(address.address()), |net| net.trunc())
}

/// A range as it is shown: one address without its prefix.
pub(crate) fn shown(net: &IpNet) -> String {
    if net.prefix_len() == net.max_prefix_len() { net.addr().to_string() } else { net.to_string() }
}

/// The range that [`shown`] showed.
pub(crate) fn parse_block(block: &str) -> Option<IpNet> {
    block.parse().ok().or_else(|| block.parse::<IpAddr>().ok().map(IpNet::from))
}

/// First and last address of a range, as text of fixed width that sorts as the addresses do.
pub(crate) fn bounds(net: &IpNet) -> (String, String) {
    (sortable(net.network()), sortable(net.broadcast()))
}

fn sortable(address: IpAddr) -> String {
    match address {
        IpAddr::V4(address) => format!("4{:08x}", address.to_bits()),
        IpAddr::V6(address) => format!("6{:032x}", address.to_bits()),
    }
}

/// A project as it is stored; `None` when its id is not one.
pub(super) fn project(api: &Group, keys: Option<u32>) -> Option<StoredProject> {
    Some(StoredProject {
        project: api.id.as_str().parse().ok()?,
        name: clean(&api.name),
        clusters: api.cluster_count.and_then(|count| u32::try_from(count).ok()),
        created: api.created,
        keys,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entries(blocks: &[&str]) -> Vec<StoredEntry> {
        blocks
            .iter()
            .map(|block| StoredEntry {
                block: (*block).to_owned(),
                bounds: parse_block(block).as_ref().map(bounds),
                created: None,
                last_used: Some(Timestamp::UNIX_EPOCH),
                last_used_from: None,
                uses: 1,
            })
            .collect()
    }

    fn key_with(blocks: &[&str]) -> StoredKey {
        let api: ApiKey = serde_json::from_str(
            r#"{"id":"6f1a2b3c4d5e6f7081920a1b","desc":"ci","publicKey":"abcdefgh","roles":[
                {"orgId":"5f1a2b3c4d5e6f7081920a1b","roleName":"ORG_READ_ONLY"},
                {"orgId":"5f1a2b3c4d5e6f7081920a1b","roleName":"ORG_MEMBER"},
                {"groupId":"5f1a2b3c4d5e6f7081920a1c","roleName":"GROUP_OWNER"}]}"#,
        )
        .unwrap();
        let org: OrgId = "5f1a2b3c4d5e6f7081920a1b".parse().unwrap();
        key(&org, &api, (ListState::Known, entries(blocks))).unwrap()
    }

    #[test]
    fn roles_are_sorted_out_by_organization_and_project() {
        let key = key_with(&[]);
        assert_eq!(key.org_roles, ["ORG_MEMBER", "ORG_READ_ONLY"]);
        assert_eq!(key.assignments.len(), 1);
        assert_eq!(key.created.as_second(), 0x6f1a_2b3c);
    }

    #[test]
    fn findings_follow_the_access_list() {
        let cases: [(&[&str], &[KeyFinding]); 7] = [
            (&[], &[KeyFinding::NoAccessList]),
            (&["203.0.113.7", "2001:db8::/48", "10.1.0.0/16"], &[]),
            (&["0.0.0.0/0"], &[KeyFinding::AnyAddress]),
            (&["0.0.0.0/1", "128.0.0.0/1"], &[KeyFinding::AnyAddress]),
            (&["10.0.0.0/8"], &[KeyFinding::WideRange]),
            (&["10.0.0.0/16", "10.1.0.0/16"], &[KeyFinding::WideRange]),
            (&["2001:db8::/32"], &[KeyFinding::WideRange]),
        ];
        for (blocks, expected) in cases {
            assert_eq!(key_with(blocks).findings, expected, "{blocks:?}");
        }
    }

    #[test]
    fn the_widest_entry_is_found_across_families() {
        assert_eq!(key_with(&["203.0.113.7", "10.0.0.0/8", "2001:db8::/48"]).widest.as_deref(), Some("10.0.0.0/8"));
        assert_eq!(key_with(&["203.0.113.7", "2001:db8::/32"]).widest.as_deref(), Some("2001:db8::/32"));
        assert_eq!(key_with(&[]).widest, None);
    }

    #[test]
    fn bounds_sort_as_addresses_do() {
        let (first, last) = bounds(&"10.0.0.0/8".parse().unwrap());
        let (one, _) = bounds(&"10.200.0.1/32".parse().unwrap());
        assert!(first <= one && one <= last);
        let (other, _) = bounds(&"::a00:1/128".parse().unwrap());
        assert!(!(first <= other && other <= last), "families do not mix");
    }

    #[test]
    fn invisible_characters_become_visible() {
        assert_eq!(clean("a\u{202e}b\0c"), "a\u{fffd}b\u{fffd}c");
        assert_eq!(clean(&"x".repeat(1000)).len(), MAX_TEXT);
    }
}
