//! Findings: each kind is found, counted alike on both pages, and changes with the time where it depends on it.

use app::{
    api::{
        findings::{FindingsPage, KeyFinding},
        inventory::KeyQuery,
    },
    backend::{Caller, Clock as _, InventoryService as _},
};
use atlas_sandbox::NewCredentials;
use domain::{ids::OrgId, people::Role};
use jiff::SignedDuration;

use crate::support::{Desk, Office, on_both_engines, person};

async fn page(desk: &Desk, caller: &Caller, org: Option<&OrgId>) -> FindingsPage {
    desk.inventory.findings(caller, org).await.unwrap()
}

fn keys_with(page: &FindingsPage, finding: KeyFinding) -> u32 {
    page.groups.iter().find(|group| group.finding == finding).map_or(0, |group| group.keys)
}

async fn listed(desk: &Desk, caller: &Caller, finding: KeyFinding) -> app::api::inventory::KeyPage {
    let query = KeyQuery { finding: Some(finding), page: 1, ..KeyQuery::default() };
    desk.inventory.keys(caller, &query).await.unwrap()
}

#[tokio::test]
async fn every_count_is_the_number_of_keys_behind_its_link() {
    on_both_engines(async |database| {
        let desk = Desk::new(&database, &[]).await;
        for org in ["Payments EU", "Retail Platform", "Logistics US"] {
            desk.connect(org).await;
        }
        let caller = desk.administrator();
        let found = page(&desk, &caller, None).await;
        assert_eq!((found.keys, found.organizations), (123, 3));
        assert!(found.groups.is_sorted_by_key(|group| group.finding), "the worst first");
        for finding in KeyFinding::ALL {
            let listed = listed(&desk, &caller, finding).await;
            assert_eq!(listed.matching, keys_with(&found, finding), "{finding:?}");
            assert!(listed.rows.iter().all(|row| row.findings.contains(&finding)), "{finding:?}");
        }
        for group in &found.groups {
            assert_eq!(group.organizations.iter().map(|org| org.keys).sum::<u32>(), group.keys, "{group:?}");
            assert!(group.organizations.is_sorted_by(|a, b| a.keys >= b.keys));
        }
    })
    .await;
}

#[tokio::test]
async fn keys_grow_old_and_go_unused_without_being_read_again() {
    on_both_engines(async |database| {
        let desk = Desk::new(&database, &[]).await;
        let caller = desk.administrator();
        let org_id = desk.credentials("Group Finance").org_id;
        let new = NewCredentials {
            org_id: &org_id,
            desc: "zz new",
            org_roles: &["ORG_OWNER", "ORG_BILLING_ADMIN"],
            project_roles: &[],
            access_list: &["10.1.2.0/24"],
        };
        desk.sandbox.plant_key(&new).unwrap();
        desk.connect("Group Finance").await;
        let of_new = async || {
            let query = KeyQuery { q: "zz new".into(), page: 1, ..KeyQuery::default() };
            desk.inventory.keys(&caller, &query).await.unwrap().rows.remove(0).findings
        };
        use KeyFinding::{BillingRole, NeverUsed, Old, OwnerRole, PrivateRange};
        assert_eq!(of_new().await, [OwnerRole, BillingRole, NeverUsed, PrivateRange]);
        let before = page(&desk, &caller, None).await;
        desk.clock.advance(SignedDuration::from_hours(24 * 90 - 1));
        assert!(!of_new().await.contains(&Old), "not before the 90 days are over");
        desk.clock.advance(SignedDuration::from_hours(2));
        assert_eq!(of_new().await, [OwnerRole, BillingRole, NeverUsed, PrivateRange, Old]);
        let after = page(&desk, &caller, None).await;
        assert!(keys_with(&after, KeyFinding::Old) > keys_with(&before, KeyFinding::Old));
        assert_eq!(keys_with(&after, KeyFinding::Old), after.keys, "all are old by now");
        assert!(keys_with(&after, KeyFinding::Unused) >= keys_with(&before, KeyFinding::Unused));
        let listed = listed(&desk, &caller, KeyFinding::Unused).await;
        assert_eq!(listed.matching, keys_with(&after, KeyFinding::Unused));
        assert!(listed.rows.iter().all(|row| !row.findings.contains(&NeverUsed)), "never used is another matter");
    })
    .await;
}

#[tokio::test]
async fn what_cannot_be_seen_is_neither_good_nor_bad_and_other_organizations_do_not_exist() {
    on_both_engines(async |database| {
        let desk = Desk::new(&database, &[]).await;
        let own = desk.connect("Logistics US").await;
        let foreign = desk.connect("Retail Platform").await;
        let caller = person(desk.clock.now(), &[(Role::Viewer, Some(&own))]);
        let found = page(&desk, &caller, None).await;
        assert_eq!((found.keys, found.organizations, found.choices.len()), (25, 1, 1));
        assert!(keys_with(&found, KeyFinding::ListNotReadable) > 0);
        assert!(keys_with(&found, KeyFinding::UseUnknown) >= keys_with(&found, KeyFinding::ListNotReadable));
        assert!(found.groups.iter().flat_map(|group| &group.organizations).all(|org| org.org == own));
        let none = page(&desk, &caller, Some(&foreign)).await;
        assert_eq!((none.keys, none.groups.len()), (0, 0));
        let nobody = page(&desk, &person(desk.clock.now(), &[]), None).await;
        assert_eq!((nobody.keys, nobody.organizations, nobody.groups.len()), (0, 0, 0));
    })
    .await;
}

#[tokio::test]
async fn wide_ranges_lead_to_the_wizard_that_narrows_them_for_those_who_may_ask() {
    on_both_engines(async |database| {
        let desk = Desk::new(&database, &[]).await;
        desk.connect("Retail Platform").await;
        desk.connect("Payments EU").await;
        let operator = person(desk.clock.now(), &[(Role::Operator, None)]);
        let viewer = person(desk.clock.now(), &[(Role::Viewer, None)]);
        let examples = async |caller: &Caller| -> Vec<_> {
            page(&desk, caller, None).await.groups.into_iter().flat_map(|group| group.examples).collect()
        };
        assert!(examples(&operator).await.iter().any(|example| example.narrow.is_some()));
        let shown = examples(&viewer).await;
        assert!(!shown.is_empty() && shown.iter().all(|example| example.narrow.is_none()));
    })
    .await;
}

#[tokio::test]
async fn the_page_says_what_was_seen_why_it_matters_and_what_to_do_and_survives_nonsense() {
    let office = Office::open().await;
    let mut vera = office.site.signed_in("vera").await;
    let page = vera.get("/findings").await;
    for words in
        ["Owner key", "What was seen", "Why it matters", "What to do", "finding=owner_role", "Credential report"]
    {
        assert!(page.body.contains(words), "{words}: {}", page.body);
    }
    for nonsense in ["/findings?org=x", "/findings?org=%00", "/findings?org=ffffffffffffffffffffffff"] {
        assert_eq!(vera.get(nonsense).await.status, http::StatusCode::OK, "{nonsense}");
    }
}
