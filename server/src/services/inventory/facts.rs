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
    let assignments: Vec<Assignment> = projects
        .into_iter()
        .map(|(project, mut roles)| {
            sort(&mut roles);
            Assignment { project, roles }
        })
        .collect();
    let (list_state, mut entries) = list;
    entries.sort_by(|a, b| a.block.cmp(&b.block));
    entries.dedup_by(|a, b| a.block == b.block);
    let nets: Vec<IpNet> = entries.iter().filter_map(|entry| parse_block(&entry.block)).collect();
    let widest = nets.iter().max_by_key(|net| share(net));
    let created = Timestamp::from_second(key.created_seconds()).unwrap_or(Timestamp::UNIX_EPOCH);
    let findings = findings(&org_roles, &assignments, list_state, &entries, &nets);
    Some(StoredKey {
        public_key: clean(&api.public_key),
        description: clean(&api.desc),
        reaches_all: org_roles.iter().any(|role| role == "ORG_OWNER"),
        list_state,
        widest: widest.map(shown),
        widest_sort: widest.map_or(-1, |net| i64::from(share(net))),
        created,
        last_used: entries.iter().filter_map(|entry| entry.last_used).max(),
        findings,
        assignments,
        org_roles,
        entries,
        key,
    })
}

fn sort(roles: &mut Vec<String>) {
    roles.sort();
    roles.dedup();
}

/// What should be looked at, apart from what depends on the time.
fn findings(
    org_roles: &[String],
    assignments: &[Assignment],
    state: ListState,
    entries: &[StoredEntry],
    nets: &[IpNet],
) -> Vec<KeyFinding> {
    let holds = |wanted: &str| org_roles.iter().any(|role| role == wanted);
    let owns_a_project = assignments.iter().flat_map(|assignment| &assignment.roles).any(|role| role == "GROUP_OWNER");
    let (is_owner, has_no_list) = (holds("ORG_OWNER"), state == ListState::Known && entries.is_empty());
    let is_hidden = state == ListState::NotReadable;
    // Neighbours are put together first, so that a range written as halves counts as the whole.
    let allows_all = domain::access_list::cover_everything(nets);
    let is_wide = IpNet::aggregate(&nets.to_vec()).iter().any(|net| Width::of(net) != Width::Narrow);
    let is_never_used =
        state == ListState::Known && !entries.is_empty() && entries.iter().all(|entry| entry.last_used.is_none());
    let found = [
        (is_owner && has_no_list, KeyFinding::OwnerWithoutList),
        (is_owner, KeyFinding::OwnerRole),
        (allows_all, KeyFinding::AnyAddress),
        (is_wide && !allows_all, KeyFinding::WideRange),
        (has_no_list, KeyFinding::NoAccessList),
        (holds("ORG_BILLING_ADMIN"), KeyFinding::BillingRole),
        (is_never_used, KeyFinding::NeverUsed),
        (owns_a_project, KeyFinding::ProjectOwner),
        (nets.iter().any(is_private), KeyFinding::PrivateRange),
        (has_no_list || is_hidden, KeyFinding::UseUnknown),
        (is_hidden, KeyFinding::ListNotReadable),
    ];
    found.into_iter().filter_map(|(is_so, finding)| is_so.then_some(finding)).collect()
}

/// Whether no call that comes from the internet can come from `net`, so that an entry with it never matches.
fn is_private(net: &IpNet) -> bool {
    // RFC 6890 and its successors: private use, shared address space, loopback, link-local; unique local and link-local for IPv6.
    const NOWHERE: [&str; 9] = [
        "10.0.0.0/8",
        "172.16.0.0/12",
        "192.168.0.0/16",
        "100.64.0.0/10",
        "127.0.0.0/8",
        "169.254.0.0/16",
        "::1/128",
        "fc00::/7",
        "fe80::/10",
    ];
    NOWHERE.iter().filter_map(|range| range.parse::<IpNet>().ok()).any(|range| range.contains(net))
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

    /// What is found besides the role in a project that the key of these tests has.
    fn found(blocks: &[&str]) -> Vec<KeyFinding> {
        let found = key_with(blocks).findings;
        assert!(found.contains(&KeyFinding::ProjectOwner));
        found.into_iter().filter(|finding| *finding != KeyFinding::ProjectOwner).collect()
    }

    #[test]
    fn findings_follow_the_access_list() {
        use KeyFinding::{AnyAddress, NoAccessList, PrivateRange, UseUnknown, WideRange};
        let cases: [(&[&str], &[KeyFinding]); 12] = [
            (&[], &[NoAccessList, UseUnknown]),
            (&["203.0.113.7", "2001:db8::/48", "198.51.0.0/16"], &[]),
            (&["0.0.0.0/0"], &[AnyAddress]),
            (&["::/0"], &[AnyAddress]),
            (&["0.0.0.0/1", "128.0.0.0/1"], &[AnyAddress]),
            (&["0.0.0.0/2", "64.0.0.0/2", "128.0.0.0/1"], &[AnyAddress]),
            (&["203.0.0.0/15"], &[WideRange]),
            (&["203.0.0.0/16", "203.1.0.0/16"], &[WideRange]),
            (&["2001:db8::/32"], &[WideRange]),
            (&["10.1.0.0/16"], &[PrivateRange]),
            (&["10.0.0.0/8"], &[WideRange, PrivateRange]),
            (&["fd00::/64", "203.0.113.7"], &[PrivateRange]),
        ];
        for (blocks, expected) in cases {
            assert_eq!(found(blocks), expected, "{blocks:?}");
        }
    }

    #[test]
    fn only_ranges_that_lie_wholly_in_private_space_can_never_match() {
        for never in ["10.0.0.0/8", "172.31.255.1/32", "192.168.1.0/24", "100.64.0.0/10", "169.254.1.1/32", "fe80::/64"]
        {
            assert!(is_private(&never.parse().unwrap()), "{never}");
        }
        for maybe in ["9.0.0.0/7", "172.32.0.0/16", "100.128.0.0/16", "0.0.0.0/0", "2001:db8::/32", "11.0.0.1/32"] {
            assert!(!is_private(&maybe.parse().unwrap()), "{maybe}");
        }
    }

    #[test]
    fn findings_follow_the_roles_and_an_owner_without_a_list_is_the_worst() {
        use KeyFinding::{
            AnyAddress, BillingRole, ListNotReadable, NeverUsed, NoAccessList, OwnerRole, OwnerWithoutList, UseUnknown,
        };
        let of = |roles: &[&str], state, blocks: &[&str]| {
            let roles: Vec<String> = roles.iter().map(ToString::to_string).collect();
            let entries = entries(blocks);
            let nets: Vec<IpNet> = entries.iter().filter_map(|entry| parse_block(&entry.block)).collect();
            findings(&roles, &[], state, &entries, &nets)
        };
        let worst = of(&["ORG_OWNER"], ListState::Known, &[]);
        assert_eq!(worst, [OwnerWithoutList, OwnerRole, NoAccessList, UseUnknown]);
        assert_eq!(worst[0].severity(), app::api::findings::FindingSeverity::Critical);
        assert_eq!(of(&["ORG_OWNER"], ListState::NotReadable, &[]), [OwnerRole, UseUnknown, ListNotReadable]);
        assert_eq!(of(&["ORG_OWNER"], ListState::NotYetRead, &[]), [OwnerRole], "what was not read yet is no finding");
        assert_eq!(of(&["ORG_BILLING_ADMIN"], ListState::Known, &["0.0.0.0/0"]), [AnyAddress, BillingRole]);
        let unused = StoredEntry { last_used: None, ..entries(&["203.0.113.7"]).remove(0) };
        assert_eq!(findings(&[], &[], ListState::Known, &[unused], &[]), [NeverUsed]);
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
