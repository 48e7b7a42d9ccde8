//! What was read from Atlas, page by page.

use app::{
    api::{
        connections::Health,
        exports::{Export, FileFormat},
        inventory::{
            EndsFilter, KeyFinding, KeyPage, KeyQuery, KeySort, PAGE_SIZE, ProjectQuery, ProjectSort, UsedFilter,
        },
        requests::TimelineKind,
    },
    backend::{Caller, ConnectionService as _, InventoryService as _},
};
use atlas_sandbox::{FaultKind, FaultRule, NewCredentials, RateLimit, Release, Sandbox, ScaledOptions};
use domain::{
    Known,
    ids::{OrgId, RequestNumber},
    key_end::{KeyEnd, end_after, today},
    people::Role,
};
use server::{
    clock::{Clock as _, ManualClock, SystemClock},
    log::Action,
    store::{LogFilter, Store},
};

use crate::{
    connections::delete_key,
    support::{Database, Desk, file, form, on_both_engines, person},
};

async fn keys(desk: &Desk, caller: &Caller, query: &KeyQuery) -> KeyPage {
    desk.inventory.keys(caller, query).await.unwrap()
}

async fn csv_of(desk: &Desk, caller: &Caller, query: &KeyQuery) -> Vec<u8> {
    file(desk, caller, &Export::Keys(query.clone(), FileFormat::Csv)).await
}

fn descriptions(page: &KeyPage) -> Vec<&str> {
    page.rows.iter().map(|row| row.description.as_str()).collect()
}

fn find(q: &str) -> KeyQuery {
    KeyQuery { q: q.into(), page: 1, ..KeyQuery::default() }
}

#[tokio::test]
async fn a_reader_that_may_not_read_lists_leaves_them_not_readable_never_empty() {
    on_both_engines(async |database| {
        let desk = Desk::new(&database, &[]).await;
        let org = desk.connect("Logistics US").await;
        let caller = desk.administrator();
        let own = desk.credentials("Logistics US").reader.public_key;
        let page = keys(&desk, &caller, &KeyQuery::default()).await;
        assert_eq!(page.matching, 25);
        for row in &page.rows {
            if row.public_key == own {
                assert_eq!(row.entries, Known::Yes(2), "a key may always read its own list");
                continue;
            }
            let needs = Known::NotReadable { needs: "Organization Owner".to_owned() };
            assert_eq!(row.entries.clone().map(|_| String::new()), needs);
            assert_eq!(row.widest.clone().map(|_| String::new()), needs);
            assert_eq!(row.last_used.clone().map(|_| String::new()), needs);
            assert!(row.findings.contains(&KeyFinding::ListNotReadable));
            assert!(!row.findings.contains(&KeyFinding::NoAccessList));
        }
        let view = desk.connections.get(&caller, &org).await.unwrap();
        let Health::Partial { why } = &view.row.health else { panic!("{:?}", view.row.health) };
        assert!(why.problem.contains("Organization Owner"), "{why:?}");
        assert!(matches!(view.row.medium_findings, Known::NotReadable { .. } | Known::Yes(1..)));
        assert!(!view.reader.abilities.last().unwrap().can);
        assert!(page.stale.is_empty(), "it is as new as it can be");

        let asked = desk.sandbox.journal().into_iter().filter(|call| call.path.ends_with("/accessList")).count();
        assert_eq!(asked, 2, "one refusal is enough");
        let detail = desk.inventory.key(&caller, &org, page.rows[0].key.as_str()).await.unwrap();
        assert!(detail.row.public_key == own || matches!(detail.access_list, Known::NotReadable { .. }));
    })
    .await;
}

#[tokio::test]
async fn one_broken_organization_hinders_no_other() {
    on_both_engines(async |database| {
        let desk = Desk::new(&database, &[]).await;
        let caller = desk.administrator();
        let broken = desk.credentials("Retail Platform").org_id;
        let fault = FaultKind::Status { status: 500, retry_after: None, after_change: false };
        desk.sandbox.add_faults([FaultRule::on("GET", &format!("/orgs/{broken}"), fault).times(1000)]);
        let broken = desk.connect("Retail Platform").await;
        let healthy = desk.connect("Payments EU").await;

        let orgs = desk.connections.list(&caller).await.unwrap();
        let of = |org: &OrgId| orgs.iter().find(|row| row.org == *org).unwrap();
        assert_eq!(of(&healthy).health, Health::Healthy);
        assert!(matches!(&of(&broken).health, Health::Failed { word, .. } if word == "Atlas fault"));
        assert_eq!(of(&broken).keys, Known::NotYetRead);
        assert_eq!(of(&broken).high_findings, Known::NotYetRead);
        let page = keys(&desk, &caller, &KeyQuery::default()).await;
        assert_eq!((page.total, page.organizations), (38, 2));
        assert_eq!(page.stale.len(), 1);
        assert_eq!((page.stale[0].name.as_str(), page.stale[0].read_at), ("Retail Platform", None));
        assert!(page.as_of.is_some());

        desk.sandbox.clear_faults();
        desk.refresh(&broken).await;
        let page = keys(&desk, &caller, &KeyQuery::default()).await;
        assert!(page.stale.is_empty());
        assert_eq!(page.total, 38 + 60);
    })
    .await;
}

#[tokio::test]
async fn a_part_that_fails_keeps_what_was_known_and_its_time() {
    let database = Database::sqlite();
    let desk = Desk::new(&database, &[]).await;
    let caller = desk.administrator();
    let org = desk.connect("Payments EU").await;
    let before = desk.connections.get(&caller, &org).await.unwrap();
    let lists = keys(&desk, &caller, &KeyQuery::default()).await;

    desk.clock.advance(jiff::SignedDuration::from_secs(30));
    let fault = FaultKind::Status { status: 503, retry_after: None, after_change: false };
    desk.sandbox.add_faults([FaultRule::on("GET", "/accessList", fault).times(1000)]);
    desk.refresh(&org).await;
    let after = desk.connections.get(&caller, &org).await.unwrap();
    assert!(matches!(&after.row.health, Health::Partial { why } if why.problem.starts_with("Access lists: ")));
    for (before, after) in before.parts.iter().zip(&after.parts) {
        if after.part == "Access lists" {
            assert_eq!(after.read_at, before.read_at);
            assert!(after.failure.as_ref().unwrap().problem.contains("could not be read"));
        } else {
            assert!(after.read_at > before.read_at && after.failure.is_none());
        }
    }
    assert_eq!(keys(&desk, &caller, &KeyQuery::default()).await.rows, lists.rows);
    let asked = desk.sandbox.journal().into_iter().filter(|call| call.status == 503).count();
    assert!(asked < 12, "{asked} calls: a failing Atlas is left alone");
}

#[tokio::test]
async fn what_was_deleted_in_atlas_disappears_and_what_is_new_appears() {
    on_both_engines(async |database| {
        let desk = Desk::new(&database, &[]).await;
        let caller = desk.administrator();
        let org = desk.connect("Group Finance").await;
        let before = keys(&desk, &caller, &KeyQuery::default()).await;
        let credentials = desk.credentials("Group Finance");
        let owner = credentials.writer.unwrap();
        let gone = before
            .rows
            .iter()
            .find(|row| row.public_key != owner.public_key && row.public_key != credentials.reader.public_key);
        let gone = gone.unwrap();
        delete_key(&desk, &org, &owner, &gone.public_key).await;
        let new = NewCredentials {
            org_id: &credentials.org_id,
            desc: "Brand new",
            org_roles: &["ORG_MEMBER"],
            project_roles: &[(&credentials.project_ids[0], "GROUP_OWNER")],
            access_list: &[],
        };
        desk.sandbox.plant_key(&new).unwrap();
        desk.refresh(&org).await;

        let after = keys(&desk, &caller, &KeyQuery::default()).await;
        assert_eq!(after.total, before.total);
        assert!(after.rows.iter().all(|row| row.key != gone.key));
        let found = keys(&desk, &caller, &find("brand NEW")).await;
        assert_eq!(descriptions(&found), ["Brand new"]);
        assert_eq!(found.rows[0].projects, Known::Yes(1));
        assert!(matches!(found.rows[0].last_used, Known::Unknown { .. }), "no entries, no trace of use");
        assert!(desk.inventory.key(&caller, &org, gone.key.as_str()).await.is_err());

        let detail = desk.inventory.key(&caller, &org, &found.rows[0].public_key).await.unwrap();
        assert_eq!(detail.row.key, found.rows[0].key, "found by its public key too");
        assert!(!detail.blocked.is_empty());
        assert_eq!(detail.timeline.last().unwrap().kind, TimelineKind::Created);
        let Known::Yes(projects) = &detail.projects else { panic!("{:?}", detail.projects) };
        assert_eq!(projects[0].roles, ["GROUP_OWNER"]);
        let command = &detail.commands[0].command;
        assert_eq!(*command, format!("atlas organizations apiKeys describe {} --orgId {org} -o json", detail.row.key));
    })
    .await;
}

/// An organization with four keys that tests know, besides its own.
async fn planted(desk: &Desk) -> OrgId {
    let org_id = desk.credentials("Group Finance").org_id;
    let keys: [(&str, &[&str], &[&str]); 4] = [
        ("zz office", &["ORG_MEMBER"], &["203.0.113.0/24", "2001:db8:7::/64"]),
        ("zz Anywhere", &["ORG_MEMBER"], &["0.0.0.0/1", "128.0.0.0/1"]),
        ("zz =cmd|' /C calc'!A0", &["ORG_BILLING_READ_ONLY"], &["10.0.0.0/8"]),
        ("zz nowhere", &["ORG_OWNER"], &[]),
    ];
    for (desc, org_roles, access_list) in keys {
        let new = NewCredentials { org_id: &org_id, desc, org_roles, project_roles: &[], access_list };
        desk.sandbox.plant_key(&new).unwrap();
    }
    desk.connect("Group Finance").await
}

#[tokio::test]
async fn keys_are_found_by_text_address_role_finding_and_use() {
    on_both_engines(async |database| {
        let desk = Desk::new(&database, &[]).await;
        let caller = desk.administrator();
        planted(&desk).await;
        let ours = async |query: KeyQuery| {
            let page = keys(&desk, &caller, &query).await;
            let mut found: Vec<String> = page.rows.iter().map(|row| row.description.clone()).collect();
            assert_eq!(found.len(), page.matching as usize, "{query:?}");
            found.retain(|description| description.starts_with("zz"));
            found.sort();
            found
        };
        let (office, anywhere) = ("zz office", "zz Anywhere");
        let (formula, nowhere) = ("zz =cmd|' /C calc'!A0", "zz nowhere");

        assert_eq!(ours(find("ZZ OFF")).await, [office]);
        assert_eq!(ours(find("zz")).await.len(), 4);
        assert!(ours(find("%")).await.is_empty(), "nothing in a search is special");
        assert!(ours(find("'; drop table api_keys; --")).await.is_empty());
        assert_eq!(ours(find("203.0.113.7")).await, [anywhere, office]);
        assert_eq!(ours(find("203.0.113.0/25")).await, [anywhere, office]);
        assert_eq!(ours(find("10.9.8.7")).await, [formula, anywhere]);
        assert_eq!(ours(find("2001:db8:7::1")).await, [office], "IPv4 says nothing about IPv6");
        let role = |role: &str| KeyQuery { role: role.into(), ..find("") };
        assert_eq!(ours(role("ORG_BILLING_READ_ONLY")).await, [formula]);
        let finding = |finding| KeyQuery { finding: Some(finding), ..find("") };
        assert_eq!(ours(finding(KeyFinding::AnyAddress)).await, [anywhere]);
        assert_eq!(ours(finding(KeyFinding::WideRange)).await, [formula]);
        assert_eq!(ours(finding(KeyFinding::NoAccessList)).await, [nowhere]);
        assert_eq!(ours(finding(KeyFinding::OwnerRole)).await, [nowhere]);
        assert_eq!(ours(finding(KeyFinding::NeverUsed)).await, [formula, anywhere, office]);
        let used = |used| KeyQuery { used: Some(used), ..find("zz") };
        assert_eq!(ours(used(UsedFilter::Never)).await, [formula, anywhere, office]);
        assert_eq!(ours(used(UsedFilter::Unknown)).await, [nowhere]);
        assert!(ours(used(UsedFilter::Recent)).await.is_empty());

        let page = keys(&desk, &caller, &find("zz nowhere")).await;
        let id = page.rows[0].key.to_string();
        assert_eq!(ours(find(&id)).await, [nowhere]);
        assert_eq!(ours(find(&page.rows[0].public_key)).await, [nowhere]);
    })
    .await;
}

#[tokio::test]
async fn every_sort_is_stable_in_both_directions_and_pages_leave_nothing_out() {
    on_both_engines(async |database| {
        let desk = Desk::new(&database, &[]).await;
        let caller = desk.administrator();
        for org in ["Payments EU", "Retail Platform", "Logistics US"] {
            desk.connect(org).await;
        }
        for sort in KeySort::ALL {
            let mut seen: Vec<Vec<String>> = Vec::new();
            for descending in [false, true] {
                let mut ids = Vec::new();
                for page in 1.. {
                    let query = KeyQuery { sort, descending, page, ..KeyQuery::default() };
                    let found = keys(&desk, &caller, &query).await;
                    assert_eq!((found.matching, found.total, found.pages), (123, 123, 3));
                    ids.extend(found.rows.iter().map(|row| row.key.to_string()));
                    if page == found.pages {
                        break;
                    }
                    assert_eq!(found.rows.len(), PAGE_SIZE as usize);
                }
                seen.push(ids);
            }
            seen[1].reverse();
            assert_eq!(seen[0], seen[1], "{sort:?}");
            seen[0].sort();
            seen[0].dedup();
            assert_eq!(seen[0].len(), 123, "{sort:?}");
        }
        let late = keys(&desk, &caller, &KeyQuery { page: 99, ..KeyQuery::default() }).await;
        assert_eq!((late.page, late.rows.len()), (3, 23), "a page after the end is the last one");
        let aged = keys(&desk, &caller, &KeyQuery { sort: KeySort::Age, descending: true, ..find("") }).await;
        assert!(aged.rows.is_sorted_by_key(|row| row.created), "the oldest first");
        for sort in ProjectSort::ALL {
            let query = ProjectQuery { sort, page: 1, ..ProjectQuery::default() };
            assert_eq!(desk.inventory.projects(&caller, &query).await.unwrap().matching, 40);
        }
        let found = ProjectQuery { q: "LEDGER".into(), page: 1, ..ProjectQuery::default() };
        let found = desk.inventory.projects(&caller, &found).await.unwrap();
        assert!(found.matching > 0 && found.rows.iter().all(|row| row.name.contains("ledger")));
        assert!(found.rows.iter().all(|row| row.keys.value().is_some() && row.clusters.value().is_some()));
    })
    .await;
}

#[tokio::test]
async fn nobody_sees_keys_or_projects_of_an_organization_that_is_not_theirs() {
    on_both_engines(async |database| {
        let desk = Desk::new(&database, &[]).await;
        let (own, foreign) = (desk.connect("Payments EU").await, desk.connect("Retail Platform").await);
        let caller = person(desk.clock.now(), &[(Role::Operator, Some(&own))]);
        let nobody = person(desk.clock.now(), &[]);
        let everything = KeyQuery { page: 1, ..KeyQuery::default() };
        let theirs = KeyQuery { org: Some(foreign.clone()), ..everything.clone() };

        let page = keys(&desk, &caller, &everything).await;
        assert_eq!((page.total, page.organizations, page.choices.len()), (38, 1, 1));
        assert!(page.rows.iter().all(|row| row.org == own));
        assert!(page.may_request);
        for query in [&theirs, &KeyQuery { q: "e".into(), ..theirs.clone() }] {
            let page = keys(&desk, &caller, query).await;
            assert_eq!((page.matching, page.rows.len()), (0, 0));
        }
        assert!(keys(&desk, &caller, &find("e")).await.rows.iter().all(|row| row.org == own));
        let csv = csv_of(&desk, &caller, &theirs).await;
        assert_eq!(csv.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()).count(), 1, "the header alone");
        let projects = desk.inventory.projects(&caller, &ProjectQuery::default()).await.unwrap();
        assert!(projects.total == 12 && projects.rows.iter().all(|row| row.org == own));

        let page = keys(&desk, &nobody, &everything).await;
        assert_eq!((page.total, page.organizations, page.rows.len(), page.pages), (0, 0, 0, 1));
        assert!(!csv_of(&desk, &nobody, &everything).await.is_empty());
        assert_eq!(desk.inventory.projects(&nobody, &ProjectQuery::default()).await.unwrap().total, 0);
    })
    .await;
}

#[tokio::test]
async fn the_csv_is_the_view_without_pages_and_without_formulas() {
    on_both_engines(async |database| {
        let desk = Desk::new(&database, &[]).await;
        let caller = desk.administrator();
        planted(&desk).await;
        desk.connect("Retail Platform").await;
        let new = NewCredentials {
            org_id: &desk.credentials("Group Finance").org_id,
            desc: "=HYPERLINK(\"http://evil\")",
            org_roles: &["ORG_MEMBER"],
            ..NewCredentials::default()
        };
        desk.sandbox.plant_key(&new).unwrap();
        desk.refresh(&desk.credentials("Group Finance").org_id.parse().unwrap()).await;

        let query = KeyQuery { sort: KeySort::LastUsed, descending: true, page: 1, ..KeyQuery::default() };
        let bytes = csv_of(&desk, &caller, &query).await;
        let mut reader = csv::Reader::from_reader(bytes.as_slice());
        assert_eq!(reader.headers().unwrap().get(3), Some("key_id"));
        let rows: Vec<csv::StringRecord> = reader.records().collect::<Result<_, _>>().unwrap();
        let mut shown = Vec::new();
        for page in 1..=2 {
            shown.extend(keys(&desk, &caller, &KeyQuery { page, ..query.clone() }).await.rows);
        }
        assert_eq!(rows.len(), shown.len());
        for (row, key) in rows.iter().zip(&shown) {
            assert_eq!(row.get(3), Some(key.key.as_str()));
            assert_eq!(row.get(2).unwrap().trim_start_matches('\''), key.description);
        }
        let formula = rows.iter().find(|row| row.get(2).unwrap().contains("HYPERLINK")).unwrap();
        assert!(formula.get(2).unwrap().starts_with("'="));
        assert_eq!((formula.get(8), formula.get(11)), (Some("0"), Some("unknown")));

        let entries = desk.store.list_log(&LogFilter::default(), 1, 0).await.unwrap();
        assert_eq!(entries[0].written.action, Action::TableExported.as_str());
        assert_eq!(entries[0].written.details["rows"], rows.len());
    })
    .await;
}

#[tokio::test]
async fn a_key_made_through_meridian_names_who_asked_for_it() {
    on_both_engines(async |database| {
        let desk = Desk::new(&database, &[]).await;
        let caller = desk.administrator();
        let org = planted(&desk).await;
        let key = keys(&desk, &caller, &find("zz office")).await.rows.remove(0).key;
        let mut tx = desk.store.begin().await.unwrap();
        Store::note_key_origin(&mut tx, &org, &key, "Omar Haddad", RequestNumber(7), None).await.unwrap();
        tx.commit().await.unwrap();
        let row = keys(&desk, &caller, &find("zz office")).await.rows.remove(0);
        assert_eq!(row.owner.value().map(String::as_str), Some("Omar Haddad"));
        assert!(matches!(row.ends, Known::Unknown { .. }), "nobody was asked for the end");
        desk.refresh(&org).await;
        let detail = desk.inventory.key(&caller, &org, key.as_str()).await.unwrap();
        assert_eq!(detail.row.owner.value().map(String::as_str), Some("Omar Haddad"));
        assert_eq!(detail.row.request, Some(RequestNumber(7)));
        let Known::Yes(entries) = detail.access_list else { panic!("not known") };
        let widths: Vec<&str> = entries.iter().map(|entry| entry.width.as_str()).collect();
        assert_eq!(widths, ["2^64 addresses", "256 addresses"]);
        assert!(detail.blocked.is_empty());
    })
    .await;
}

#[tokio::test]
async fn ends_are_sorted_filtered_and_exported_and_no_record_is_unknown() {
    on_both_engines(async |database| {
        let desk = Desk::new(&database, &[]).await;
        let caller = desk.administrator();
        let org = desk.connect("Group Finance").await;
        let all = keys(&desk, &caller, &KeyQuery::default()).await;
        let today = today(desk.clock.now());
        let end = |days| Some(KeyEnd::On(end_after(days, today).unwrap()));
        // In this order: over, due, later, without an end; the others have no record.
        let ends = [end(-3), end(12), end(300), Some(KeyEnd::Never)];
        let noted: Vec<_> = all.rows.iter().take(ends.len()).map(|row| row.key.clone()).collect();
        let mut tx = desk.store.begin().await.unwrap();
        for (key, end) in noted.iter().zip(ends) {
            Store::note_key_origin(&mut tx, &org, key, "Omar Haddad", RequestNumber(7), end).await.unwrap();
            // What was noted first stays, also when an outcome is written again.
            Store::note_key_origin(&mut tx, &org, key, "Somebody", RequestNumber(8), Some(KeyEnd::Never))
                .await
                .unwrap();
        }
        tx.commit().await.unwrap();

        let by_end = KeyQuery { sort: KeySort::Ends, page: 1, ..KeyQuery::default() };
        for _ in 0..2 {
            let rows = keys(&desk, &caller, &by_end).await.rows;
            let shown: Vec<_> = rows.iter().take(ends.len()).map(|row| row.key.clone()).collect();
            assert_eq!(shown, noted);
            let known: Vec<_> = rows.iter().take(ends.len()).map(|row| row.ends.clone()).collect();
            assert_eq!(known, ends.map(|end| Known::Yes(end.unwrap().at())));
            assert_eq!(rows[0].owner, Known::Yes("Omar Haddad".to_owned()));
            assert!(matches!((&rows[4].owner, &rows[4].ends), (Known::Unknown { .. }, Known::Unknown { .. })));
            // Reading Atlas again changes none of it.
            desk.refresh(&org).await;
        }
        for (filter, matching) in [
            (EndsFilter::Past, 1),
            (EndsFilter::Soon, 1),
            (EndsFilter::None, 1),
            (EndsFilter::Unknown, all.matching - 4),
        ] {
            let page = keys(&desk, &caller, &KeyQuery { ends: Some(filter), ..by_end.clone() }).await;
            assert_eq!(page.matching, matching, "{filter:?}");
        }
        let bytes = csv_of(&desk, &caller, &by_end).await;
        let mut reader = csv::Reader::from_reader(bytes.as_slice());
        let headers: Vec<_> = reader.headers().unwrap().iter().skip(12).take(3).map(str::to_owned).collect();
        assert_eq!(headers, ["owner", "ends", "request"]);
        let rows: Vec<csv::StringRecord> = reader.records().collect::<Result<_, _>>().unwrap();
        let cells = |row: usize| (rows[row][12].to_owned(), rows[row][13].to_owned());
        assert_eq!(cells(0), ("Omar Haddad".to_owned(), end_after(-3, today).unwrap().to_string()));
        assert_eq!(cells(3).1, "no end");
        assert_eq!(cells(4), ("unknown".to_owned(), "unknown".to_owned()));
    })
    .await;
}

#[test]
fn a_filter_by_end_that_makes_no_sense_is_left_out() {
    let read = |value: &'static str| KeyQuery::read(|name| (name == "ends").then(|| value.to_owned()));
    assert_eq!(read("soon").ends, Some(EndsFilter::Soon));
    assert!(read("soon").address("/keys").contains("ends=soon"));
    for nonsense in ["", "tomorrow", "SOON", "'; drop table api_keys"] {
        assert_eq!(read(nonsense).ends, None);
        assert!(!read(nonsense).is_filtered());
    }
}

#[tokio::test]
async fn one_refresh_of_an_organization_at_a_time_and_an_ordered_one_begins_afterwards() {
    let database = Database::sqlite();
    let desk = Desk::new(&database, &[]).await;
    let caller = desk.administrator();
    let org = desk.connect("Group Finance").await;
    let calls = || {
        let path = format!("/api/atlas/v2/orgs/{org}");
        desk.sandbox.journal().into_iter().filter(|call| call.path == path).count()
    };
    let before = calls();
    desk.sandbox.add_faults([FaultRule::on("GET", "/apiKeys", FaultKind::HoldBefore)]);
    desk.connections.refresh(&caller, Some(&org)).await.unwrap();
    desk.sandbox.wait_for_held(1).await;
    assert_eq!(desk.connections.get(&caller, &org).await.unwrap().row.health, Health::Refreshing);
    assert!(keys(&desk, &caller, &KeyQuery::default()).await.refreshing);
    desk.connections.refresh(&caller, None).await.unwrap();
    let (refresher, ordered) = (desk.refresher.clone(), org.clone());
    let waiting = tokio::spawn(async move { refresher.refresh_now(&ordered).await });
    // The order has been placed once the task has run; yielding lets it, on this one thread.
    tokio::task::yield_now().await;
    assert_eq!(calls(), before + 1, "the one under way serves whoever asks meanwhile");
    desk.sandbox.release(Release::Continue);
    waiting.await.unwrap();
    assert_eq!(calls(), before + 2, "what changed during a refresh is read by another");
    assert!(!desk.refresher.is_refreshing(&org));
}

#[tokio::test]
async fn a_refresh_that_ends_after_the_connection_was_removed_writes_nothing() {
    on_both_engines(async |database| {
        let desk = Desk::new(&database, &[]).await;
        let caller = desk.administrator();
        let org = desk.connect("Group Finance").await;
        desk.sandbox.add_faults([FaultRule::on("GET", "/apiKeys", FaultKind::HoldBefore)]);
        desk.connections.refresh(&caller, Some(&org)).await.unwrap();
        desk.sandbox.wait_for_held(1).await;
        desk.connections.remove(&caller, &org, "Group Finance").await.unwrap();
        desk.sandbox.release(Release::Continue);
        desk.refresher.idle().await;
        assert!(desk.connections.list(&caller).await.unwrap().is_empty());
        assert_eq!(keys(&desk, &caller, &KeyQuery::default()).await.total, 0);
    })
    .await;
}

#[tokio::test]
async fn organizations_never_read_are_read_at_the_start() {
    let database = Database::sqlite();
    let clock = ManualClock::new(SystemClock.now());
    let options =
        ScaledOptions { orgs: 12, projects: 3, keys: 5, rate_limit: RateLimit::Unlimited, ..Default::default() };
    let desk = Desk::with(&database, Sandbox::scaled(&options, clock.now()), clock, &[]).await;
    // Connected while Atlas was away.
    let fault = FaultKind::Status { status: 503, retry_after: None, after_change: false };
    for credentials in desk.sandbox.demo_credentials() {
        let path = format!("/orgs/{}", credentials.org_id);
        desk.sandbox.add_faults([FaultRule::on("GET", &path, fault.clone()).times(1000)]);
        desk.connections.add(&desk.administrator(), form(&credentials)).await.unwrap();
    }
    desk.refresher.idle().await;
    desk.sandbox.clear_faults();
    desk.clock.advance(jiff::SignedDuration::from_mins(15));

    let stop = tokio_util::sync::CancellationToken::new();
    let every = jiff::SignedDuration::from_mins(15);
    let running = tokio::spawn(desk.refresher.clone().run(every, stop.clone()));
    let org = desk.sandbox.demo_credentials()[0].org_id.parse().unwrap();
    while keys(&desk, &desk.administrator(), &KeyQuery::default()).await.total < 12 * 7 {
        desk.refresh(&org).await;
        desk.refresher.idle().await;
    }
    stop.cancel();
    running.await.unwrap();
    let page = keys(&desk, &desk.administrator(), &KeyQuery::default()).await;
    assert_eq!((page.total, page.organizations, page.stale.len()), (84, 12, 0));
}
