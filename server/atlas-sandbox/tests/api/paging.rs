//! Lists.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::support::{World, client::Ask};

fn link(list: &Value, rel: &str) -> Option<String> {
    let links = list["links"].as_array().unwrap();
    assert!(!links.is_empty());
    let found = links.iter().find(|link| link["rel"] == rel)?;
    Some(found["href"].as_str().unwrap().to_owned())
}

#[tokio::test]
async fn following_next_visits_everything_once() {
    let world = World::demo().await;
    let (org, client) = world.retail();
    let path = format!("/orgs/{}/apiKeys", org.org_id);
    let total = client.get(&path).await.ok()["totalCount"].as_u64().unwrap();
    let mut seen = BTreeSet::new();
    let mut target = format!("{}/api/atlas/v2{path}?itemsPerPage=7", world.base);
    loop {
        let local = target.strip_prefix(&world.base).expect("links lead to where the client came from").to_owned();
        let list = client.ask(Ask { target: local, ..Ask::new("GET", "") }).await.ok();
        for key in list["results"].as_array().unwrap() {
            assert!(seen.insert(key["id"].as_str().unwrap().to_owned()));
        }
        assert!(link(&list, "self").is_some());
        match link(&list, "next") {
            Some(next) => target = next,
            None => break,
        }
    }
    assert_eq!(seen.len() as u64, total);
    assert_eq!(total, 60);
}

#[tokio::test]
async fn links_use_the_host_and_scheme_of_the_client() {
    let world = World::demo().await;
    let (_, client) = world.retail();
    let mut ask = Ask::new("GET", "/orgs");
    ask.headers = vec![("host", "atlas.example:8443".to_owned()), ("x-forwarded-proto", "https".to_owned())];
    let list = client.ask(ask).await.ok();
    assert!(link(&list, "self").unwrap().starts_with("https://atlas.example:8443/api/atlas/v2/orgs?"));
}

#[tokio::test]
async fn a_page_past_the_end_is_empty_and_counts_can_be_left_out() {
    let world = World::demo().await;
    let (org, client) = world.retail();
    let list = client.get(&format!("/orgs/{}/groups?pageNum=99&includeCount=false", org.org_id)).await.ok();
    assert!(list["results"].as_array().unwrap().is_empty());
    assert!(list.get("totalCount").is_none());
    assert!(link(&list, "next").is_none());
}

#[tokio::test]
async fn names_are_searched_by_prefix_whatever_the_case() {
    let world = World::demo().await;
    let (org, client) = world.retail();
    assert_eq!(client.get("/orgs?name=rETAIL+p").await.ok()["totalCount"], 1);
    assert_eq!(client.get("/orgs?name=platform").await.ok()["totalCount"], 0);
    let list = client.get(&format!("/orgs/{}/groups?name=Ledger-&itemsPerPage=2", org.org_id)).await.ok();
    assert_eq!(list["totalCount"], 5);
    assert!(link(&list, "next").unwrap().contains("name=Ledger-&"));
}

#[tokio::test]
async fn query_parameters_are_checked() {
    let world = World::demo().await;
    let (_, client) = world.retail();
    for query in [
        "pageNum=0",
        "pageNum=-1",
        "pageNum=x",
        "itemsPerPage=0",
        "itemsPerPage=501",
        "includeCount=1",
        "envelope=yes",
        "page=1",
    ] {
        client.get(&format!("/orgs?{query}")).await.refused(400, "INVALID_QUERY_PARAMETER");
    }
    client.get("?name=x").await.refused(400, "INVALID_QUERY_PARAMETER");
}
