//! What had happened before anybody looked.

use std::collections::BTreeSet;

use atlas_sandbox::Sandbox;
use serde_json::{Value, json};

use crate::support::{NOW, World};

fn kinds(events: &[Value]) -> BTreeSet<&str> {
    events.iter().map(|event| event["eventTypeName"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn every_key_of_the_demo_was_made_by_somebody() {
    let world = World::demo().await;
    let (org, client) = world.retail();
    let keys = client.get(&format!("/orgs/{}/apiKeys?itemsPerPage=500", org.org_id)).await.ok();
    let path = format!("/orgs/{}/events?itemsPerPage=500&eventType=API_KEY_CREATED", org.org_id);
    let made = client.get(&path).await.ok();
    for key in keys["results"].as_array().unwrap() {
        let event = made["results"].as_array().unwrap().iter().find(|one| one["targetPublicKey"] == key["publicKey"]);
        let event = event.unwrap_or_else(|| panic!("nobody made {key}"));
        let seconds = i64::from_str_radix(&key["id"].as_str().unwrap()[..8], 16).unwrap();
        let at: jiff::Timestamp = event["created"].as_str().unwrap().parse().unwrap();
        assert_eq!(at.as_second(), seconds);
        assert!(event["username"].is_string() && event["userId"].is_string(), "{event}");
    }
}

#[tokio::test]
async fn feeds_go_back_over_months_in_order() {
    let world = World::demo().await;
    let (org, client) = world.retail();
    let list = client.get(&format!("/orgs/{}/events?itemsPerPage=500", org.org_id)).await.ok();
    let list = list["results"].as_array().unwrap();
    let times: Vec<&str> = list.iter().map(|event| event["created"].as_str().unwrap()).collect();
    assert!(times.is_sorted_by(|one, other| one >= other), "newest first");
    assert!(times.iter().all(|at| *at <= NOW) && times.iter().any(|at| *at < "2025-01-01"));
    let all = world.sandbox.events(&org.org_id);
    for kind in [
        "ORG_CREATED",
        "GROUP_CREATED",
        "API_KEY_ADDED_TO_GROUP",
        "API_KEY_ROLES_CHANGED",
        "API_KEY_DELETED",
        "API_KEY_ACCESS_LIST_ENTRY_ADDED",
        "SERVICE_ACCOUNT_CREATED",
        "JOINED_ORG",
        "BECAME_LINKED_ORG",
        "INVOICE_CLOSED",
    ] {
        assert!(kinds(&all).contains(kind), "{kind}");
    }
    let finance = world.sandbox.events(&world.org("Group Finance").org_id);
    for kind in ["BECAME_PAYING_ORG", "NEW_LINKED_ORG", "CHARGE_SUCCEEDED"] {
        assert!(kinds(&finance).contains(kind), "{kind}");
    }
    let project = client.get(&format!("/groups/{}/events?itemsPerPage=500", org.project_ids[0])).await.ok();
    assert!(kinds(project["results"].as_array().unwrap()).contains("GROUP_CREATED"));
}

#[test]
fn what_happened_stays_what_happened() {
    let ids = |now: &str, org: &str| -> BTreeSet<String> {
        let events = Sandbox::demo(now.parse().unwrap()).events(org);
        events
            .iter()
            .filter(|event| event["eventTypeName"] != "INVITED_TO_ORG")
            .map(|event| event["id"].as_str().unwrap().to_owned())
            .collect()
    };
    let org = Sandbox::demo(NOW.parse().unwrap()).demo_credentials()[1].org_id.clone();
    let (first, later) = (ids(NOW, &org), ids("2026-11-20T00:00:00Z", &org));
    assert!(first.is_subset(&later) && first.len() < later.len(), "only what happened since is new");
}

#[tokio::test]
async fn events_name_clusters_to_who_filters_by_them() {
    let world = World::demo().await;
    let (_, client) = world.retail();
    let projects = client.get("/groups").await.ok();
    let busy = projects["results"].as_array().unwrap().iter().find(|one| one["clusterCount"] != 0).unwrap();
    let path = format!("/groups/{}/events?clusterNames=Cluster0", busy["id"].as_str().unwrap());
    let list = client.get(&path).await.ok();
    assert_eq!(kinds(list["results"].as_array().unwrap()), BTreeSet::from(["CLUSTER_CREATED", "CLUSTER_READY"]));
    assert_eq!(list["totalCount"], json!(2));
}
