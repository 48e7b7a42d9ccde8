//! Search over everything: what is found, how it is ordered, and above all what is not.

use app::{
    api::search::{SearchGroup, SearchKind, SearchResults},
    backend::{Caller, SearchService as _},
};
use domain::{ids::OrgId, people::Role};
use server::services::search::Search;
use std::sync::Arc;

use crate::support::{Desk, Office, on_both_engines, person};

async fn found(desk: &Desk, caller: &Caller, text: &str) -> SearchResults {
    Search::new(desk.store.clone(), Arc::new(desk.clock.clone())).find(caller, text, 0).await.unwrap()
}

fn group(results: &SearchResults, kind: SearchKind) -> Option<&SearchGroup> {
    results.groups.iter().find(|group| group.kind == kind)
}

fn titles(results: &SearchResults, kind: SearchKind) -> Vec<&str> {
    group(results, kind).map(|group| group.hits.iter().map(|hit| hit.title.as_str()).collect()).unwrap_or_default()
}

#[tokio::test]
async fn organizations_projects_and_keys_are_found_by_every_text_they_have() {
    on_both_engines(async |database| {
        let desk = Desk::new(&database, &[]).await;
        let org = desk.connect("Payments EU").await;
        let caller = desk.administrator();
        for text in ["payments eu", "PAYM", org.as_str()] {
            assert_eq!(titles(&found(&desk, &caller, text).await, SearchKind::Organization), ["Payments EU"], "{text}");
        }
        let reader = desk.credentials("Payments EU").reader.public_key;
        let filter = server::store::KeyFilter::default();
        let order = server::store::KeyOrder { sort: app::api::inventory::KeySort::Age, descending: false };
        for key in desk.store.list_keys(&filter, order, 10, 0).await.unwrap() {
            let middle = key.public_key[2..7].to_uppercase();
            for text in [key.public_key.as_str(), key.key.as_str(), &middle] {
                let results = found(&desk, &caller, text).await;
                let hit = &group(&results, SearchKind::ApiKey).unwrap().hits[0];
                assert_eq!(
                    (hit.id.as_str(), hit.href.as_str()),
                    (key.public_key.as_str(), app::paths::key(&org, &key.key).as_str())
                );
            }
            let results = found(&desk, &caller, &key.description).await;
            assert_eq!(titles(&results, SearchKind::ApiKey)[0], key.description);
        }
        assert_eq!(group(&found(&desk, &caller, &reader).await, SearchKind::ApiKey).unwrap().hits.len(), 1);
        let project = &desk.store.list_projects(&Default::default(), Default::default(), false, 1, 0).await.unwrap()[0];
        for text in [project.name.to_uppercase(), project.project.to_string()] {
            assert!(titles(&found(&desk, &caller, &text).await, SearchKind::Project).contains(&project.name.as_str()));
        }
    })
    .await;
}

#[tokio::test]
async fn an_address_finds_the_keys_whose_lists_allow_it_the_narrowest_first_and_says_what_is_not_known() {
    on_both_engines(async |database| {
        let desk = Desk::new(&database, &[]).await;
        desk.connect("Payments EU").await;
        desk.connect("Retail Platform").await;
        desk.connect("Logistics US").await;
        let caller = desk.administrator();
        let address: std::net::IpAddr = "203.0.113.42".parse().unwrap();
        // What a look at every list finds.
        let mut expected = Vec::new();
        let filter = server::store::KeyFilter::default();
        let order = server::store::KeyOrder { sort: app::api::inventory::KeySort::Age, descending: false };
        for key in desk.store.list_keys(&filter, order, 1000, 0).await.unwrap() {
            let list = desk.store.access_list(&key.org, &key.key).await.unwrap();
            let nets = list.iter().filter_map(|entry| domain::access_list::read_range(&entry.block).ok());
            if nets.filter(|(net, _)| net.contains(&address)).count() > 0 {
                expected.push(key.public_key);
            }
        }
        let search = Search::new(desk.store.clone(), Arc::new(desk.clock.clone()));
        let results = search.find(&caller, " 203.0.113.42 ", 50).await.unwrap();
        let group = group(&results, SearchKind::AllowedKey).unwrap();
        let mut ids: Vec<String> = group.hits.iter().map(|hit| hit.id.clone()).collect();
        ids.sort();
        expected.sort();
        assert!(expected.len() > 1);
        assert_eq!(ids, expected);
        let widths: Vec<u8> = group
            .hits
            .iter()
            .map(|hit| {
                let block = hit.detail.rsplit(' ').next().unwrap();
                domain::access_list::read_range(block).unwrap().0.prefix_len() / 8
            })
            .collect();
        assert!(widths.is_sorted_by(|a, b| a >= b), "{widths:?}");
        assert!(group.note.as_ref().unwrap().text.contains("could not be read"), "{:?}", group.note);
    })
    .await;
}

#[tokio::test]
async fn nothing_of_other_organizations_is_found_or_counted() {
    on_both_engines(async |database| {
        let desk = Desk::new(&database, &[]).await;
        let seen = desk.connect("Payments EU").await;
        let hidden = desk.connect("Logistics US").await;
        let now = app::backend::Clock::now(&desk.clock);
        let stranger = person(now, &[]);
        let caller = person(now, &[(Role::Viewer, Some(&seen))]);
        let other: OrgId = hidden.clone();
        let everything = found(&desk, &desk.administrator(), "e").await;
        assert!(group(&everything, SearchKind::ApiKey).unwrap().more.is_some());
        let reader = desk.credentials("Logistics US").reader.public_key;
        for text in ["Logistics", other.as_str(), reader.as_str(), "e", "203.0.113.7", "0.0.0.0/0", "mara"] {
            let results = found(&desk, &caller, text).await;
            let shown = serde_json::to_string(&results.groups).unwrap();
            assert!(!shown.contains(hidden.as_str()) && !shown.contains("Logistics US"), "{text}: {shown}");
            assert!(!shown.contains("could not be read"), "not even counted: {shown}");
            let nothing = found(&desk, &stranger, text).await;
            assert!(nothing.groups.iter().all(|group| group.kind == SearchKind::Page), "{text}: {nothing:?}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_request_is_found_by_its_number_and_people_only_by_those_who_manage_them() {
    let office = Office::open().await;
    let mut olga = office.site.signed_in("olga").await;
    let draft = office.draft(&mut olga, &["ORG_MEMBER"], "203.0.113.7").await;
    let number = office.submit(&mut olga, &draft).await;
    let short = number.trim_start_matches("CR-").trim_start_matches('0').to_owned();
    for text in [number.as_str(), &number.to_lowercase(), &short] {
        let page = olga.get(&app::paths::search(text)).await;
        assert!(page.body.contains(&format!("href=\"/requests/{number}\"")), "{text}: {}", page.body);
    }
    let mut root = office.site.signed_in("root").await;
    assert!(root.get("/search?q=petra").await.body.contains("href=\"/people/"));
    let page = olga.get("/search?q=petra").await;
    assert!(!page.body.contains("href=\"/people/"));
    assert!(page.body.contains("Nothing that you may see has “petra” in it."), "{}", page.body);
    let page = olga.get("/search?q=create").await;
    assert!(page.body.contains("href=\"/keys/new\""));
    assert!(!olga.get("/search?q=connect").await.body.contains("class=\"hit\" href=\"/organizations/new\""));
}

#[tokio::test]
async fn the_palette_gets_a_piece_of_a_page_and_strangers_get_nothing() {
    let office = Office::open().await;
    let mut vera = office.site.signed_in("vera").await;
    let piece = vera.get("/palette?q=finance").await;
    assert!(piece.body.starts_with("<div data-found="), "{}", piece.body);
    assert!(piece.body.contains(&format!("href=\"/organizations/{}\"", office.org)), "{}", piece.body);
    assert!(!piece.body.contains("<html"));
    let nothing = vera.get("/palette").await;
    assert!(nothing.body.contains("href=\"/keys\""), "where one can go: {}", nothing.body);
    let mut stranger = office.site.browser();
    assert!(stranger.get("/palette?q=payments").await.location().unwrap().starts_with("/sign-in"));
}

#[tokio::test]
async fn whatever_is_looked_for_is_text_and_nothing_else() {
    let office = Office::open().await;
    let mut vera = office.site.signed_in("vera").await;
    let long = "x".repeat(5_000);
    for text in [
        "'; drop table api_keys; --",
        "%",
        "_",
        "\\",
        "</title><script>alert(1)</script>",
        "\u{202e}",
        "\u{10ffff}",
        "\0",
        "CR-99999999999",
        "::/0",
        "1.2.3.4/99",
        long.as_str(),
    ] {
        for page in [app::paths::search(text), app::paths::with_query("/palette", &[("q", text.to_owned())])] {
            let page = vera.get(&page).await;
            assert_eq!(page.status, http::StatusCode::OK, "{text:?}: {}", page.body);
            assert!(!page.body.contains("<script>alert"), "{}", page.body);
        }
    }
}
