//! Narrowing an entry of a key's access list: from the key's page to Atlas, and everything that stops it on the way.

use std::sync::Arc;

use atlas::{AccessListAddress, ApiUserId, Client, Credentials, ReqwestTransport, TransportOptions};
use atlas_sandbox::{FaultKind, FaultRule, KeyPair, NewCredentials, PlantedKey};

use super::support::{Browser, Database, Office, between};

const RANGE: &str = "127.0.0.0/8";
const OTHER: &str = "192.0.2.7";

/// A key whose range was used from this machine, as the inventory knows it too.
async fn used_key(office: &Office, list: &[&str]) -> PlantedKey {
    let new = NewCredentials {
        org_id: office.org.as_str(),
        desc: "nightly-export",
        org_roles: &["ORG_MEMBER"],
        project_roles: &[],
        access_list: list,
    };
    let planted = office.sandbox.plant_key(&new).unwrap();
    client(office, &planted.pair).get_org(&atlas_org(office)).await.unwrap();
    office.site.refresher.refresh_now(&office.org).await;
    planted
}

fn client(office: &Office, pair: &KeyPair) -> Client {
    let options = TransportOptions { use_proxy: false, ..TransportOptions::default() };
    let transport = Arc::new(ReqwestTransport::new(&options).unwrap());
    let credentials =
        Credentials::ApiKey { public_key: pair.public_key.clone(), private_key: pair.private_key.clone().into() };
    Client::new(transport, office.base_url.parse().unwrap(), credentials)
}

/// Somebody who changes Atlas without Meridian.
fn owner(office: &Office) -> Client {
    let credentials = office.sandbox.demo_credentials().into_iter().find(|org| org.is_paying).unwrap();
    client(office, &credentials.writer.unwrap())
}

fn atlas_org(office: &Office) -> atlas::OrgId {
    office.org.as_str().parse().unwrap()
}

fn id(key: &PlantedKey) -> ApiUserId {
    key.id.parse().unwrap()
}

/// The key's access list in Atlas, sorted.
async fn list(office: &Office, key: &PlantedKey) -> Vec<String> {
    let entries = owner(office).list_access_list(&atlas_org(office), &id(key)).await.unwrap();
    let mut list: Vec<String> = entries.iter().map(|entry| entry.address().unwrap().to_string()).collect();
    list.sort();
    list
}

fn page(office: &Office, key: &PlantedKey) -> String {
    format!("/keys/{}/{}/narrow?entry={RANGE}", office.org, key.id)
}

/// Asks in `browser` for the range to be narrowed; returns the request's number.
async fn ask(office: &Office, browser: &mut Browser, key: &PlantedKey) -> String {
    let review = browser.get(&page(office, key)).await;
    assert!(review.status.is_success(), "{}", review.body);
    let digest = between(&review.body, "name=\"digest\" value=\"", "\"");
    let fields = [
        ("org", office.org.as_str()),
        ("key", &key.id),
        ("entry", RANGE),
        ("digest", &digest),
        ("reason", "Only the exporter uses it."),
    ];
    let reply = browser.post("/api/keys/narrow", &fields).await;
    reply.location().unwrap().strip_prefix("/requests/").unwrap_or_else(|| panic!("{reply:?}")).to_owned()
}

/// Asked for by Olga and approved by Paul.
async fn approved(office: &Office, key: &PlantedKey) -> String {
    let number = ask(office, &mut office.site.signed_in("olga").await, key).await;
    office.approve(&mut office.site.signed_in("paul").await, &number).await;
    assert_eq!(office.state(&number).await, "approved");
    number
}

/// The calls that changed the key's access list, with their statuses.
fn changes(office: &Office) -> Vec<(String, u16)> {
    let journal = office.sandbox.journal();
    let calls = journal.iter().filter(|call| call.method != "GET" && call.path.contains("/accessList"));
    calls.map(|call| (call.method.clone(), call.status)).filter(|(_, status)| *status != 401).collect()
}

#[tokio::test]
async fn a_range_is_narrowed_to_the_address_it_was_used_from() {
    whole_way(Office::open().await).await;
}

#[tokio::test]
async fn narrowing_works_on_postgresql_too() {
    let Some(database) = Database::postgres().await else { return };
    whole_way(Office::open_on(Arc::new(database)).await).await;
}

async fn whole_way(office: Office) {
    let key = used_key(&office, &[RANGE, OTHER]).await;
    let mut olga = office.site.signed_in("olga").await;
    let key_page = format!("/keys/{}/{}", office.org, key.id);
    let before = olga.get(&key_page).await.body;
    assert!(before.contains(&format!("{key_page}/narrow?entry=127.0.0.0/8")), "{before}");
    assert!(!before.contains("narrow?entry=192.0.2.7"), "a single address cannot be narrowed");

    let review = olga.get(&page(&office, &key)).await.body;
    for words in [
        "Callers from elsewhere in 127.0.0.0/8 will be refused afterwards",
        "16,777,216 addresses",
        "accessList/127.0.0.0%2F8",
        "accessLists create --apiKey",
        "accessLists delete 127.0.0.0/8 --apiKey",
        "Request approval for 2 changes",
        "1 added, nothing changed, 1 removed",
    ] {
        assert!(review.contains(words), "{words} is not in {review}");
    }

    let number = ask(&office, &mut olga, &key).await;
    assert!(changes(&office).is_empty(), "asking changes nothing");
    assert!(olga.get(&key_page).await.body.contains("An open request is about this key."));
    assert!(olga.get(&page(&office, &key)).await.body.contains("Another request about this key is open."));

    office.approve(&mut office.site.signed_in("paul").await, &number).await;
    office.execute().await;
    assert_eq!(office.state(&number).await, "applied");
    assert_eq!(list(&office, &key).await, ["127.0.0.1", OTHER]);
    assert_eq!(changes(&office), [("POST".to_owned(), 200), ("DELETE".to_owned(), 204)]);

    // The inventory is read again by itself, and the key tells its story.
    office.site.refresher.idle().await;
    let after = olga.get(&key_page).await.body;
    assert!(!after.contains(RANGE) && after.contains("127.0.0.1"), "{after}");
    assert!(!after.contains("open request is about this key"));
    assert!(after.contains(&format!("/requests/{number}")) && after.contains("asked for a change"), "{after}");
    let request = olga.get(&format!("/requests/{number}")).await.body;
    assert!(request.contains(&format!("<a href=\"{key_page}\">Look at the key")), "{request}");
}

#[tokio::test]
async fn an_address_with_an_entry_of_its_own_is_not_added_again() {
    let office = Office::open().await;
    let key = used_key(&office, &[RANGE]).await;
    let address: AccessListAddress = "127.0.0.1".parse().unwrap();
    owner(&office).create_access_list_entries(&atlas_org(&office), &id(&key), &[address]).await.unwrap();
    let before = changes(&office).len();
    approved(&office, &key).await;
    office.execute().await;
    assert_eq!(list(&office, &key).await, ["127.0.0.1"]);
    assert_eq!(changes(&office)[before..], [("DELETE".to_owned(), 204)]);
}

#[tokio::test]
async fn a_list_that_changed_after_the_approval_is_left_alone() {
    let office = Office::open().await;
    let key = used_key(&office, &[RANGE]).await;
    let number = approved(&office, &key).await;
    let other: AccessListAddress = OTHER.parse().unwrap();
    owner(&office).create_access_list_entries(&atlas_org(&office), &id(&key), &[other]).await.unwrap();
    office.execute().await;
    assert_eq!(office.state(&number).await, "stale");
    assert_eq!(list(&office, &key).await, [RANGE, OTHER]);
    let page = office.site.signed_in("olga").await.get(&format!("/requests/{number}")).await.body;
    assert!(page.contains("Access list of the key") && page.contains("127.0.0.0/8, 192.0.2.7"), "{page}");
}

#[tokio::test]
async fn an_entry_or_key_that_is_gone_makes_the_request_stale_at_the_approval() {
    let office = Office::open().await;
    let key = used_key(&office, &[RANGE]).await;
    let mut olga = office.site.signed_in("olga").await;
    let (entry, deleted) = (ask(&office, &mut olga, &key).await, ask(&office, &mut olga, &key).await);
    let range: AccessListAddress = RANGE.parse().unwrap();
    owner(&office).delete_access_list_entry(&atlas_org(&office), &id(&key), range).await.unwrap();
    let mut paul = office.site.signed_in("paul").await;
    office.approve(&mut paul, &entry).await;
    assert_eq!(office.state(&entry).await, "stale");
    owner(&office).delete_org_api_key(&atlas_org(&office), &id(&key)).await.unwrap();
    office.approve(&mut paul, &deleted).await;
    assert_eq!(office.state(&deleted).await, "stale");
}

#[tokio::test]
async fn lost_answers_are_looked_up_and_nothing_is_sent_twice() {
    let whole = [("POST", FaultKind::CutAfter), ("DELETE", FaultKind::CutAfter)];
    let not_arrived = [("POST", FaultKind::CutBefore), ("DELETE", FaultKind::CutBefore)];
    for (method, fault) in whole.into_iter().chain(not_arrived) {
        let office = Office::open().await;
        let key = used_key(&office, &[RANGE, OTHER]).await;
        let number = approved(&office, &key).await;
        office.sandbox.add_faults([FaultRule::on(method, "/accessList", fault.clone()).times(1)]);
        office.execute().await;
        assert_eq!(office.state(&number).await, "applied", "{method} {fault:?}");
        assert_eq!(list(&office, &key).await, ["127.0.0.1", OTHER], "{method} {fault:?}");
        assert!(
            office.site.logged().await.iter().any(|action| action == "execution.step_reconciled"),
            "{method} {fault:?}"
        );
    }
}

#[tokio::test]
async fn an_entry_that_somebody_else_removed_meanwhile_counts_as_removed() {
    let office = Office::open().await;
    let key = used_key(&office, &[RANGE, OTHER]).await;
    let number = approved(&office, &key).await;
    let gone = FaultKind::Status { status: 404, retry_after: None, after_change: true };
    office.sandbox.add_faults([FaultRule::on("DELETE", "/accessList/", gone).times(1)]);
    office.execute().await;
    assert_eq!(office.state(&number).await, "applied");
    let page = office.site.signed_in("olga").await.get(&format!("/requests/{number}")).await.body;
    assert!(page.contains("The entry was already gone."), "{page}");
}

#[tokio::test]
async fn a_range_that_atlas_keeps_leaves_the_address_beside_it() {
    let office = Office::open().await;
    let key = used_key(&office, &[RANGE]).await;
    let number = approved(&office, &key).await;
    let refusal = FaultKind::Status { status: 403, retry_after: None, after_change: false };
    office.sandbox.add_faults([FaultRule::on("DELETE", "/accessList/", refusal).times(1)]);
    office.execute().await;
    assert_eq!(office.state(&number).await, "partly_applied");
    assert_eq!(list(&office, &key).await, [RANGE, "127.0.0.1"]);
}

#[tokio::test]
async fn only_what_the_inventory_knows_can_be_narrowed() {
    let office = Office::open().await;
    let key = used_key(&office, &[RANGE, OTHER]).await;
    let mut olga = office.site.signed_in("olga").await;
    let review = olga.get(&page(&office, &key)).await;
    let digest = between(&review.body, "name=\"digest\" value=\"", "\"");
    let (org, nowhere) = (office.org.to_string(), "5f1a2b3c4d5e6f7081920a1b");
    let forged: [(&str, &str, &str, u16); 6] = [
        (nowhere, &key.id, RANGE, 404),
        ("../../etc", &key.id, RANGE, 404),
        (&org, nowhere, RANGE, 404),
        (&org, &key.id, "10.0.0.0/8", 404),
        (&org, &key.id, "127.0.0.0/8' or '1'='1", 404),
        (&org, &key.id, OTHER, 409),
    ];
    for (org, id, entry, status) in forged {
        let fields = [("org", org), ("key", id), ("entry", entry), ("digest", &digest), ("reason", "Because.")];
        let reply = olga.call("/api/keys/narrow", &fields).await;
        assert_eq!(reply.status, status, "{org} {id} {entry}: {}", reply.body);
    }
    let fields = [("org", org.as_str()), ("key", &key.id), ("entry", RANGE)];
    let other_plan = [&fields[..], &[("digest", nowhere), ("reason", "Because.")]].concat();
    let reply = olga.post("/api/keys/narrow", &other_plan).await;
    let back = olga.get(reply.location().unwrap()).await.body;
    assert!(back.contains("no longer the one you reviewed") && back.contains("Because.</textarea>"), "{back}");
    let silent = [&fields[..], &[("digest", digest.as_str()), ("reason", " ")]].concat();
    let reply = olga.post("/api/keys/narrow", &silent).await;
    assert!(olga.get(reply.location().unwrap()).await.body.contains("Say why this is wanted"));
    assert!(!office.site.logged().await.iter().any(|action| action == "request.submitted"));
}

#[tokio::test]
async fn viewers_see_the_button_and_why_it_is_not_theirs() {
    let office = Office::open().await;
    let key = used_key(&office, &[RANGE]).await;
    let mut vera = office.site.signed_in("vera").await;
    let shown = vera.get(&format!("/keys/{}/{}", office.org, key.id)).await.body;
    assert!(shown.contains("It takes the role operator") && !shown.contains("narrow?entry="), "{shown}");
    assert_eq!(vera.get(&page(&office, &key)).await.status, 403);
    let fields = [("org", office.org.as_str()), ("key", &key.id), ("entry", RANGE), ("reason", "Because.")];
    assert_eq!(vera.call("/api/keys/narrow", &fields).await.status, 403);
}
