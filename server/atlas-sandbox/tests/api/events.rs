//! The activity feeds of organizations and projects.

use std::time::Duration;

use serde_json::{Value, json};

use crate::support::World;

fn kinds(list: &Value) -> Vec<&str> {
    list["results"].as_array().unwrap().iter().map(|event| event["eventTypeName"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn what_happened_is_listed_newest_first_with_its_actor() {
    let world = World::demo().await;
    let (org, client) = world.retail();
    let keys = format!("/orgs/{}/apiKeys", org.org_id);
    let made = client.post(&keys, json!({ "desc": "Watched", "roles": ["ORG_MEMBER"] })).await.ok();
    world.sandbox.advance(Duration::from_secs(90));
    let key = format!("{keys}/{}", made["id"].as_str().unwrap());
    client.patch(&key, json!({ "desc": "Seen" })).await.ok();
    let events = format!("/orgs/{}/events", org.org_id);
    let list = client.get(&format!("{events}?itemsPerPage=2")).await.ok();
    assert_eq!(kinds(&list), ["API_KEY_DESCRIPTION_CHANGED", "API_KEY_CREATED"]);
    let event = &list["results"][0];
    assert_eq!(event["publicKey"], json!(org.writer.as_ref().unwrap().public_key));
    assert_eq!((&event["targetPublicKey"], &event["created"]), (&made["publicKey"], &json!("2026-08-10T03:04:27Z")));
    assert!(event["links"][0]["href"].as_str().unwrap().contains("/groups/null/events/"), "recorded");
    let one = format!("{events}/{}", event["id"].as_str().unwrap());
    assert_eq!(client.get(&one).await.ok(), *event);
    assert!(event.get("raw").is_none());
    let raw = client.get(&format!("{one}?includeRaw=true")).await.ok();
    assert_eq!((&raw["raw"]["orgName"], &raw["raw"]["cre"]), (&json!("Retail Platform"), &event["created"]));
}

#[tokio::test]
async fn a_cursor_gets_all_of_its_last_second_again() {
    let world = World::demo().await;
    let (org, client) = world.retail();
    let keys = format!("/orgs/{}/apiKeys", org.org_id);
    world.sandbox.advance(Duration::from_millis(400));
    client.post(&keys, json!({ "desc": "first", "roles": ["ORG_MEMBER"] })).await.ok();
    world.sandbox.advance(Duration::from_millis(100));
    client.post(&keys, json!({ "desc": "second", "roles": ["ORG_MEMBER"] })).await.ok();
    world.sandbox.advance(Duration::from_secs(10));
    client.post(&keys, json!({ "desc": "third", "roles": ["ORG_MEMBER"] })).await.ok();
    let count = async |filter: &str| {
        let list = client.get(&format!("/orgs/{}/events?eventType=API_KEY_CREATED&{filter}", org.org_id)).await.ok();
        list["totalCount"].as_u64().unwrap()
    };
    assert_eq!(count("minDate=2026-08-10T03:02:57Z").await, 3);
    assert_eq!(count("minDate=2026-08-10T03:02:58Z").await, 1);
    assert_eq!(count("minDate=2026-08-10T03:02:57Z&maxDate=2026-08-10T03:02:57Z").await, 2);
    assert_eq!(count("minDate=2026-08-10T03:02:57").await, 3, "without a zone UTC");
    assert_eq!(count("minDate=2026-08-10T05:02:57%2B02:00").await, 3);
    assert_eq!(count("minDate=2026-08-10T05:02:57+02:00").await, 3, "a plus sign nobody escaped");
    assert_eq!(count("minDate=2026-08-10T03:02:57.400Z").await, 3);
}

#[tokio::test]
async fn feeds_are_filtered_by_type() {
    let world = World::demo().await;
    let (org, client) = world.retail();
    let (project, other) = (&org.project_ids[0], &org.project_ids[1]);
    let key = world.key(&org.org_id, &["ORG_MEMBER"], &[]);
    for project in [project, other] {
        let path = format!("/groups/{project}/apiKeys/{}", key.id);
        assert_eq!(client.post(&path, json!([{ "roles": ["GROUP_OWNER"] }])).await.status, 204);
    }
    assert_eq!(client.delete(&format!("/groups/{project}/apiKeys/{}", key.id)).await.status, 204);
    let since = "minDate=2026-08-10T03:02:57Z";
    let events = format!("/groups/{project}/events?{since}");
    let list = client.get(&events).await.ok();
    assert_eq!(kinds(&list), ["API_KEY_REMOVED_FROM_GROUP", "API_KEY_ADDED_TO_GROUP"]);
    assert_eq!(list["results"][0]["groupId"], json!(project));
    let one = format!("/groups/{project}/events/{}", list["results"][0]["id"].as_str().unwrap());
    assert_eq!(client.get(&one).await.ok(), list["results"][0]);
    let only = client.get(&format!("{events}&eventType=API_KEY_ADDED_TO_GROUP&eventType=API_KEY_CREATED")).await.ok();
    assert_eq!(kinds(&only), ["API_KEY_ADDED_TO_GROUP"]);
    let without = client.get(&format!("{events}&excludedEventType=API_KEY_ADDED_TO_GROUP")).await.ok();
    assert_eq!(kinds(&without), ["API_KEY_REMOVED_FROM_GROUP"]);
    assert_eq!(client.get(&format!("{events}&clusterNames=Nowhere")).await.ok()["totalCount"], 0);
    let all = client.get(&format!("/orgs/{}/events?{since}", org.org_id)).await.ok();
    assert_eq!(all["totalCount"], 3, "an organization's feed has those of its projects");
    let paged = client.get(&format!("{events}&itemsPerPage=1&includeRaw=true")).await.ok();
    assert_eq!((paged["totalCount"].as_u64(), paged["links"][1]["rel"].as_str()), (Some(2), Some("next")));
    assert!(paged["results"][0]["raw"]["gn"].is_string());
}

#[tokio::test]
async fn filters_are_read_strictly() {
    let world = World::demo().await;
    let (org, client) = world.retail();
    let events = format!("/orgs/{}/events", org.org_id);
    for (query, code) in [
        ("eventType=CAT_FED", "INVALID_ENUM_VALUE"),
        ("eventType=MONGODB_USER_ADDED", "INVALID_ENUM_VALUE"),
        ("minDate=yesterday", "INVALID_DATE_FORMAT"),
        ("maxDate=1754794977", "INVALID_DATE_FORMAT"),
        ("minDate=2026-08-10T00:00:00Z&maxDate=2026-08-09T00:00:00Z", "INVALID_DATE_RANGE"),
        ("excludedEventType=API_KEY_CREATED", "INVALID_QUERY_PARAMETER"),
        ("includeRaw=maybe", "INVALID_QUERY_PARAMETER"),
    ] {
        client.get(&format!("{events}?{query}")).await.refused(400, code);
    }
    client.get(&format!("{events}/5e2211c17a3e5a48f5497de3")).await.refused(404, "ORG_EVENT_NOT_FOUND");
    client.get(&format!("{events}/newest")).await.refused(400, "PATH_PARAM_PARSE_ERROR");
    let project = format!("/groups/{}/events", org.project_ids[0]);
    client.get(&format!("{project}/5e2211c17a3e5a48f5497de3")).await.refused(404, "EVENT_NOT_FOUND");
    client.get(&format!("{project}?eventType=ORG_CREATED")).await.refused(400, "INVALID_ENUM_VALUE");
}

#[tokio::test]
async fn every_type_of_event_has_words() {
    let world = World::demo().await;
    let (_, client) = world.retail();
    let list = client.get("/eventTypes?itemsPerPage=500").await.ok();
    assert!(list["totalCount"].as_u64().unwrap() > 900);
    let created = list["results"].as_array().unwrap().iter().find(|one| one["eventType"] == "API_KEY_CREATED").unwrap();
    assert_eq!((&created["description"], &created["alertable"]), (&json!("API key created"), &json!(false)));
    assert_eq!(
        client.get("/eventTypes?itemsPerPage=500&pageNum=2").await.ok()["results"][0]["description"]
            .as_str()
            .map(str::is_empty),
        Some(false)
    );
}
