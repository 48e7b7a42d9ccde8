//! Who must approve a plan. For now there is one policy, the default: one approval by somebody else, two where more is at stake.

use serde::{Deserialize, Serialize};

use crate::{
    access_list::{Width, cover_everything},
    atlas_roles::{self, Weight},
    plan::{Change, Plan},
};

/// What a plan needs before it may run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Requirement {
    /// The policy's name.
    pub policy: String,
    /// How many people other than the requester must approve.
    pub approvals: u32,
    /// Why it is this number, one sentence each.
    pub reasons: Vec<String>,
}

/// The default policy's answer for `plan`.
#[must_use]
pub fn default_policy(plan: &Plan) -> Requirement {
    let mut reasons = Vec::new();
    let changes = || plan.targets.iter().flat_map(|target| &target.changes);

    let mut owners: Vec<&str> = changes()
        .flat_map(|change| match change {
            Change::KeyAdded { roles, .. } | Change::ProjectRolesAdded { roles, .. } => roles.as_slice(),
            Change::AccessListAdded { .. } | Change::AccessListRemoved { .. } => &[],
        })
        .map(String::as_str)
        .filter(|role| atlas_roles::weight(role) == Weight::Owner)
        .collect();
    owners.sort_unstable();
    owners.dedup();
    if !owners.is_empty() {
        reasons.push(format!("It gives an owner role ({}).", owners.join(", ")));
    }

    let ranges: Vec<ipnet::IpNet> = changes()
        .filter_map(|change| match change {
            Change::AccessListAdded { entries } => Some(entries),
            _ => None,
        })
        .flatten()
        .filter_map(|entry| entry.range.parse().ok())
        .collect();
    let widest = ranges.iter().map(Width::of).max();
    if widest == Some(Width::Any) || cover_everything(&ranges) {
        reasons.push("Its access list allows any address.".into());
    } else if widest == Some(Width::Wide) {
        reasons.push("Its access list holds a range wider than /16 (IPv4) or /48 (IPv6).".into());
    }

    if reasons.is_empty() {
        let reasons = vec!["Every change needs one approval by somebody other than the person who asked.".into()];
        return Requirement { policy: "Default".into(), approvals: 1, reasons };
    }
    Requirement { policy: "Default".into(), approvals: 2, reasons }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::{AddedEntry, ChangeKind, Target};

    fn plan(changes: Vec<Change>) -> Plan {
        Plan {
            kind: ChangeKind::CreateApiKey,
            sentence: String::new(),
            targets: vec![Target {
                org: "5f1a2b3c4d5e6f7081920a1b".parse().unwrap(),
                org_name: String::new(),
                key: None,
                observed: vec![],
                changes,
                calls: vec![],
                on_failure: vec![],
            }],
            warnings: vec![],
        }
    }

    fn key(role: &str) -> Change {
        Change::KeyAdded { description: String::new(), roles: vec![role.into()], end: None }
    }

    fn list(ranges: &[&str]) -> Change {
        let entry =
            |range: &&str| AddedEntry { range: (*range).into(), width: String::new(), wide: false, comment: None };
        Change::AccessListAdded { entries: ranges.iter().map(entry).collect() }
    }

    #[test]
    fn one_approval_is_the_rule() {
        assert_eq!(default_policy(&plan(vec![key("ORG_MEMBER"), list(&["203.0.113.0/24"])])).approvals, 1);
    }

    #[test]
    fn owner_roles_need_two() {
        assert_eq!(default_policy(&plan(vec![key("ORG_OWNER")])).approvals, 2);
    }

    #[test]
    fn wide_lists_need_two_also_when_split_into_halves() {
        assert_eq!(default_policy(&plan(vec![key("ORG_MEMBER"), list(&["10.0.0.0/8"])])).approvals, 2);
        assert_eq!(default_policy(&plan(vec![key("ORG_MEMBER"), list(&["0.0.0.0/0"])])).approvals, 2);
        let halves = default_policy(&plan(vec![key("ORG_MEMBER"), list(&["0.0.0.0/1", "128.0.0.0/1"])]));
        assert_eq!(halves.approvals, 2);
        assert!(halves.reasons[0].contains("any address"), "{halves:?}");
    }
}
