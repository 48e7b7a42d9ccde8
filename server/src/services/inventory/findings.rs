//! The findings of all organizations: counted by kind and organization, with a few keys to begin with.

use std::collections::HashMap;

use app::{
    api::{
        findings::{FindingExample, FindingGroup, FindingsPage, KeyFinding, OrgFinding},
        inventory::KeySort,
        people::OrgChoice,
    },
    backend::{Answer, Caller},
};
use domain::{ids::OrgId, people::Permission};

use super::{Inventory, Orgs, count, detail};
use crate::store::{KeyFilter, KeyOrder, ListedKey};

/// How many keys are named for a beginning.
const EXAMPLES: u32 = 3;

/// How many keys are looked at to find those that can be narrowed.
const LOOKED_AT: u32 = 12;

impl Inventory {
    /// The findings of the organizations the caller may see, or of one of them.
    pub(super) async fn findings_page(&self, caller: &Caller, only: Option<&OrgId>) -> Answer<FindingsPage> {
        let orgs = self.visible(caller).await?;
        let mut groups = Vec::new();
        for finding in KeyFinding::ALL {
            let organizations = self.found_in(&orgs, only, finding).await?;
            let keys = organizations.iter().map(|org| org.keys).sum();
            if keys > 0 {
                let examples = self.examples(caller, &orgs, only, finding).await?;
                groups.push(FindingGroup { finding, keys, organizations, examples });
            }
        }
        let unread = orgs.shown(only).filter(|org| org.counts.keys.is_none());
        Ok(FindingsPage {
            groups,
            keys: orgs.shown(only).filter_map(|org| org.counts.keys).sum(),
            organizations: count(orgs.shown(only).count()),
            unread: unread.map(|org| OrgChoice { id: org.org.to_string(), name: org.label.clone() }).collect(),
            choices: orgs.choices(),
            as_of: orgs.as_of(only),
            stale: orgs.stale(only),
            refreshing: self.is_refreshing(&orgs, only),
        })
    }

    /// How many keys of each organization have a finding, the most first.
    async fn found_in(&self, orgs: &Orgs, only: Option<&OrgId>, finding: KeyFinding) -> Answer<Vec<OrgFinding>> {
        let counted: HashMap<OrgId, u32> = if finding.depends_on_time() && !orgs.orgs.is_empty() {
            self.store.count_keys_by_org(&self.with_finding(orgs, only, finding)).await?
        } else {
            let kept = orgs
                .shown(only)
                .filter_map(|org| org.counts.findings.get(finding.as_str()).map(|keys| (org.org.clone(), *keys)));
            kept.collect()
        };
        let mut found: Vec<OrgFinding> = orgs
            .shown(only)
            .filter_map(|org| {
                let keys = counted.get(&org.org).copied().filter(|keys| *keys > 0)?;
                Some(OrgFinding { org: org.org.clone(), name: org.label.clone(), keys })
            })
            .collect();
        // The organizations come in the order of their labels, which decides between equals.
        found.sort_by_key(|org| std::cmp::Reverse(org.keys));
        Ok(found)
    }

    /// Keys to begin with: of what can be narrowed, those with an entry that was seen in use.
    async fn examples(
        &self,
        caller: &Caller,
        orgs: &Orgs,
        only: Option<&OrgId>,
        finding: KeyFinding,
    ) -> Answer<Vec<FindingExample>> {
        if !matches!(finding, KeyFinding::AnyAddress | KeyFinding::WideRange) {
            return Ok(Vec::new());
        }
        let order = KeyOrder { sort: KeySort::LastUsed, descending: true };
        let keys = self.store.list_keys(&self.with_finding(orgs, only, finding), order, LOOKED_AT, 0).await?;
        let mut examples = Vec::new();
        for key in keys {
            let may_request = caller.grants.allow(Permission::Request(&key.org));
            let narrow = if may_request { self.narrowable(&key).await? } else { None };
            examples.push(FindingExample {
                org_name: orgs.label(&key.org),
                org: key.org,
                key: key.key,
                description: key.description,
                public_key: key.public_key,
                narrow,
            });
        }
        examples.sort_by_key(|example| example.narrow.is_none());
        examples.truncate(usize::try_from(EXAMPLES).unwrap_or(usize::MAX));
        Ok(examples)
    }

    /// The widest entry of a key that can be narrowed, and to what.
    async fn narrowable(&self, key: &ListedKey) -> Answer<Option<(String, String)>> {
        let entries = self.store.access_list(&key.org, &key.key).await?;
        let wide = entries.into_iter().map(detail::entry).filter(|entry| entry.is_wide);
        Ok(wide.filter_map(|entry| entry.narrows_to.clone().map(|to| (entry.range, to))).next())
    }

    fn with_finding(&self, orgs: &Orgs, only: Option<&OrgId>, finding: KeyFinding) -> KeyFilter {
        KeyFilter {
            visible: orgs.visible.clone(),
            org: only.cloned(),
            finding: Some(finding),
            found_at: self.clock.now(),
            ..KeyFilter::default()
        }
    }
}
