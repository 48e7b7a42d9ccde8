//! Versions, media types, methods and paths.

use serde_json::json;

use crate::support::{
    World,
    client::{Ask, Client},
};

async fn status_accepting(client: &Client, accept: Option<&str>) -> u16 {
    client.ask(Ask { accept, ..Ask::new("GET", "") }).await.status
}

#[tokio::test]
async fn a_later_date_chooses_the_newest_release_and_the_answer_names_it() {
    let world = World::demo().await;
    let (_, client) = world.retail();
    for accept in [
        "application/vnd.atlas.2023-01-01+json",
        "application/vnd.atlas.2024-08-05+json",
        "application/vnd.atlas.2030-12-31+json",
    ] {
        let answer = client.ask(Ask { accept: Some(accept), ..Ask::new("GET", "") }).await;
        assert_eq!(answer.header("content-type"), "application/vnd.atlas.2023-01-01+json;charset=utf-8");
    }
}

#[tokio::test]
async fn no_version_is_refused() {
    let world = World::demo().await;
    let (_, client) = world.retail();
    for accept in [
        "*/*",
        "application/json",
        "application/vnd.atlas.2022-01-01+json",
        "application/vnd.atlas.2023-99-01+json",
        "application/vnd.atlas.2023-01-01+csv",
    ] {
        client.ask(Ask { accept: Some(accept), ..Ask::new("GET", "") }).await.refused(406, "INVALID_VERSION_DATE");
    }
    assert_eq!(status_accepting(&client, None).await, 406);
}

#[tokio::test]
async fn a_body_may_be_typed_with_or_without_version_and_charset() {
    let world = World::demo().await;
    let (org, client) = world.retail();
    let path = format!("/orgs/{}/apiKeys", org.org_id);
    let body = json!({ "desc": "typed", "roles": ["ORG_MEMBER"] });
    for content_type in [
        "application/json",
        "application/json; charset=utf-8",
        "application/vnd.atlas.2023-01-01+json",
        "application/vnd.atlas.2023-01-01+json;charset=utf-8",
    ] {
        let ask = Ask { content_type: Some(content_type), ..Ask::new("POST", &path).json(&body) };
        assert_eq!(client.ask(ask).await.status, 200, "{content_type}");
    }
    for content_type in
        [None, Some("text/plain"), Some("application/xml"), Some("application/vnd.atlas.2022-01-01+json")]
    {
        let ask = Ask { content_type, ..Ask::new("POST", &path).json(&body) };
        client.ask(ask).await.refused(415, "UNEXPECTED_ERROR");
    }
}

#[tokio::test]
async fn unknown_paths_and_other_methods_are_refused_in_the_shape_of_errors() {
    let world = World::demo().await;
    let (org, client) = world.retail();
    let key = format!("/orgs/{}/apiKeys/x", org.org_id);
    for path in ["/nowhere", "/orgs/x/y/z", &format!("{key}/accessList/192.0.2.0/24")] {
        client.get(path).await.refused(404, "RESOURCE_NOT_FOUND");
    }
    let refused = client.ask(Ask::new("PUT", &key)).await;
    assert_eq!(refused.header("allow"), "GET, PATCH, DELETE");
    refused.refused(405, "UNEXPECTED_ERROR");
    let outside = Ask { target: "/api/public/v1.0".to_owned(), ..Ask::new("GET", "") };
    client.send_with(&outside, None).await.unwrap().refused(404, "RESOURCE_NOT_FOUND");
}

#[tokio::test]
async fn head_is_answered_like_get_without_a_body() {
    let world = World::demo().await;
    let (_, client) = world.retail();
    let answer = client.ask(Ask::new("HEAD", "/orgs")).await;
    assert_eq!((answer.status, answer.text.as_str()), (200, ""));
    assert_ne!(answer.header("content-length"), "0");
}

#[tokio::test]
async fn broken_and_misshapen_json_is_the_clients_fault() {
    let world = World::demo().await;
    let (org, client) = world.retail();
    let path = format!("/orgs/{}/apiKeys", org.org_id);
    let deep = format!("{}{}", "[".repeat(400), "]".repeat(400));
    for (body, code) in [
        ("", "MALFORMED_JSON"),
        ("{", "MALFORMED_JSON"),
        (deep.as_str(), "MALFORMED_JSON"),
        ("[]", "INVALID_JSON"),
        ("null", "INVALID_JSON"),
    ] {
        let ask =
            Ask { content_type: Some("application/json"), body: Some(body.to_owned()), ..Ask::new("POST", &path) };
        client.ask(ask).await.refused(400, code);
    }
    let large =
        Ask { content_type: Some("application/json"), body: Some(" ".repeat(2_000_000)), ..Ask::new("POST", &path) };
    client.ask(large).await.refused(413, "UNEXPECTED_ERROR");
}

#[tokio::test]
async fn envelope_and_pretty_change_only_the_wrapping() {
    let world = World::demo().await;
    let (org, client) = world.retail();
    let one = client.get(&format!("/orgs/{}?envelope=true", org.org_id)).await.ok();
    assert_eq!((&one["status"], &one["content"]["name"]), (&json!(200), &json!("Retail Platform")));
    let list = client.get("/orgs?envelope=true").await.ok();
    assert_eq!((&list["status"], &list["totalCount"]), (&json!(200), &json!(1)));
    let plain = client.get(&format!("/orgs/{}", org.org_id)).await;
    let pretty = client.get(&format!("/orgs/{}?pretty=true", org.org_id)).await;
    assert!(pretty.text.contains("\n  "));
    assert_eq!(plain.json(), pretty.json());
}
