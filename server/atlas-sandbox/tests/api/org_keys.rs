//! API keys of an organization.

use serde_json::{Value, json};

use crate::support::World;

fn role_names(key: &Value) -> Vec<&str> {
    let mut names: Vec<_> =
        key["roles"].as_array().unwrap().iter().map(|role| role["roleName"].as_str().unwrap()).collect();
    names.sort_unstable();
    names
}

#[tokio::test]
async fn a_key_shows_its_private_part_once_and_works() {
    let world = World::demo().await;
    let (org, client) = world.retail();
    let keys = format!("/orgs/{}/apiKeys", org.org_id);
    let made = client
        .post(&keys, json!({ "desc": "Nightly \u{1f511} report", "roles": ["ORG_OWNER", "ORG_OWNER"] }))
        .await
        .ok();
    let (id, private) = (made["id"].as_str().unwrap(), made["privateKey"].as_str().unwrap());
    assert_eq!(private.split('-').map(str::len).collect::<Vec<_>>(), [8, 4, 4, 4, 12]);
    assert_eq!(made["roles"], json!([{ "orgId": org.org_id, "roleName": "ORG_OWNER" }]));
    let mask = format!("********-****-****-{}", private.rsplit('-').next().unwrap());

    let one = format!("{keys}/{id}");
    let project = format!("/groups/{}/apiKeys", org.project_ids[0]);
    assert_eq!(client.get(&one).await.ok()["privateKey"], *mask);
    assert_eq!(client.patch(&one, json!({ "desc": "Renamed" })).await.ok()["privateKey"], *mask);
    assert_eq!(
        client.patch(&format!("{project}/{id}"), json!({ "roles": ["GROUP_READ_ONLY"] })).await.ok()["privateKey"],
        *mask
    );
    for list in [&keys, &project] {
        let list = client.get(&format!("{list}?itemsPerPage=500")).await;
        assert!(list.text.contains(&mask) && !list.text.contains(private));
    }

    let pair = atlas_sandbox::KeyPair {
        public_key: made["publicKey"].as_str().unwrap().to_owned(),
        private_key: private.to_owned(),
    };
    let status = world.client(&pair).get("").await.ok();
    assert_eq!(status["apiKey"]["id"], id);
    assert!(!format!("{pair:?}").contains(private));
}

#[tokio::test]
async fn the_age_of_a_key_is_in_its_id() {
    let world = World::demo().await;
    let (org, client) = world.retail();
    let made = client
        .post(&format!("/orgs/{}/apiKeys", org.org_id), json!({ "desc": "x", "roles": ["ORG_MEMBER"] }))
        .await
        .ok();
    let seconds = i64::from_str_radix(&made["id"].as_str().unwrap()[..8], 16).unwrap();
    let now: jiff::Timestamp = crate::support::NOW.parse().unwrap();
    assert!((0..60).contains(&(seconds - now.as_second())));
}

#[tokio::test]
async fn bodies_are_read_strictly() {
    let world = World::demo().await;
    let (org, client) = world.retail();
    let keys = format!("/orgs/{}/apiKeys", org.org_id);
    let roles = json!(["ORG_MEMBER"]);
    for (body, code) in [
        (json!({ "roles": roles }), "API_KEY_REQUIRES_DESCRIPTION"),
        (json!({ "desc": "", "roles": roles }), "INVALID_API_KEY_DESC"),
        (json!({ "desc": "x".repeat(251), "roles": roles }), "INVALID_API_KEY_DESC"),
        (json!({ "desc": 7, "roles": roles }), "INVALID_API_KEY_DESC"),
        (json!({ "desc": "x" }), "MISSING_API_KEY_ROLES"),
        (json!({ "desc": "x", "roles": [] }), "MISSING_API_KEY_ROLES"),
        (json!({ "desc": "x", "roles": "ORG_MEMBER" }), "MISSING_API_KEY_ROLES"),
        (json!({ "desc": "x", "roles": ["GROUP_OWNER"] }), "INVALID_ROLE_FOR_ORG"),
        (json!({ "desc": "x", "roles": ["ORG_KING"] }), "INVALID_ENUM_VALUE"),
        (json!({ "desc": "x", "roles": [null] }), "INVALID_ENUM_VALUE"),
        (json!({ "desc": "x", "roles": roles, "description": "y" }), "INVALID_ATTRIBUTE"),
        (json!({ "desc": "x", "roles": roles, "id": "y" }), "ATTRIBUTE_READ_ONLY"),
    ] {
        client.post(&keys, body).await.refused(400, code);
    }
    let longest = client.post(&keys, json!({ "desc": "\u{e9}".repeat(250), "roles": roles })).await.ok();
    let detail = client.patch(&format!("{keys}/{}", longest["id"].as_str().unwrap()), json!({ "desc": "" })).await;
    assert_eq!(detail.json()["badRequestDetail"]["fields"][0]["field"], "desc");
}

#[tokio::test]
async fn new_roles_replace_the_organization_roles_and_leave_the_projects() {
    let world = World::demo().await;
    let (org, client) = world.retail();
    let project = (org.project_ids[0].as_str(), "GROUP_OWNER");
    let key = world.key(&org.org_id, &["ORG_MEMBER", "ORG_BILLING_ADMIN"], &[project]);
    let path = format!("/orgs/{}/apiKeys/{}", org.org_id, key.id);
    let changed = client.patch(&path, json!({ "roles": ["ORG_READ_ONLY"] })).await.ok();
    assert_eq!(role_names(&changed), ["GROUP_OWNER", "ORG_READ_ONLY"]);
    assert_eq!(changed["desc"], "planted");
    let renamed = client.patch(&path, json!({ "desc": "Renamed" })).await.ok();
    assert_eq!((role_names(&renamed), &renamed["desc"]), (vec!["GROUP_OWNER", "ORG_READ_ONLY"], &json!("Renamed")));
    client.patch(&path, json!({ "roles": [] })).await.refused(400, "MISSING_API_KEY_ROLES");
    client.patch(&path, client.get(&path).await.ok()).await.refused(400, "ATTRIBUTE_READ_ONLY");
}

#[tokio::test]
async fn the_order_of_roles_is_not_stable() {
    let world = World::demo().await;
    let (org, client) = world.retail();
    let key = world.key(&org.org_id, &["ORG_MEMBER", "ORG_BILLING_ADMIN"], &[]);
    let path = format!("/orgs/{}/apiKeys/{}", org.org_id, key.id);
    let (first, second) = (client.get(&path).await.ok(), client.get(&path).await.ok());
    assert_ne!(first["roles"], second["roles"]);
    assert_eq!(role_names(&first), role_names(&second));
}

#[tokio::test]
async fn a_deleted_key_leaves_its_projects_and_is_missing_with_400() {
    let world = World::demo().await;
    let (org, client) = world.retail();
    let key = world.key(&org.org_id, &["ORG_MEMBER"], &[(&org.project_ids[0], "GROUP_OWNER")]);
    let path = format!("/orgs/{}/apiKeys/{}", org.org_id, key.id);
    let in_project = format!("/groups/{}/apiKeys", org.project_ids[0]);
    assert!(client.get(&in_project).await.text.contains(&key.id));
    let deleted = client.delete(&path).await;
    assert_eq!((deleted.status, deleted.text.as_str(), deleted.header("content-type")), (204, "", ""));
    assert!(!client.get(&in_project).await.text.contains(&key.id));
    client.get(&path).await.refused(400, "API_KEY_NOT_FOUND");
    client.delete(&path).await.refused(400, "API_KEY_NOT_FOUND");
    client.patch(&path, json!({ "desc": "x" })).await.refused(400, "API_KEY_NOT_FOUND");
}

#[tokio::test]
async fn a_public_key_is_no_id() {
    let world = World::demo().await;
    let (org, client) = world.retail();
    let path = format!("/orgs/{}/apiKeys/{}", org.org_id, org.reader.public_key);
    let refused = client.get(&path).await.refused(400, "PATH_PARAM_PARSE_ERROR");
    assert!(refused["parameters"].as_array().unwrap().contains(&json!(org.reader.public_key)));
}

#[tokio::test]
async fn an_organization_holds_500_keys() {
    let options = atlas_sandbox::ScaledOptions {
        orgs: 1,
        projects: 1,
        keys: 497,
        rate_limit: atlas_sandbox::RateLimit::Unlimited,
        ..Default::default()
    };
    let world = World::of(atlas_sandbox::Sandbox::scaled(&options, crate::support::NOW.parse().unwrap())).await;
    let org = &world.sandbox.demo_credentials()[0];
    let client = world.client(&org.reader);
    let keys = format!("/orgs/{}/apiKeys", org.org_id);
    let body = json!({ "desc": "x", "roles": ["ORG_MEMBER"] });
    assert_eq!(client.post(&keys, body.clone()).await.status, 200);
    client.post(&keys, body).await.refused(400, "MAX_API_KEYS_PER_ORG_EXCEEDED");
    let project_key = json!({ "desc": "x", "roles": ["GROUP_OWNER"] });
    client
        .post(&format!("/groups/{}/apiKeys", org.project_ids[0]), project_key)
        .await
        .refused(400, "MAX_API_KEYS_PER_ORG_EXCEEDED");
    assert_eq!(client.get(&format!("{keys}?itemsPerPage=500")).await.ok()["results"].as_array().unwrap().len(), 500);
}

#[tokio::test]
async fn a_well_known_name_always_fails() {
    let world = World::demo().await;
    let (org, client) = world.retail();
    let body = json!({ "desc": "always-503", "roles": ["ORG_MEMBER"] });
    client.post(&format!("/orgs/{}/apiKeys", org.org_id), body).await.refused(503, "UNEXPECTED_ERROR");
}

#[tokio::test]
async fn every_change_of_a_key_is_written_down() {
    let world = World::demo().await;
    let (org, client) = world.retail();
    let keys = format!("/orgs/{}/apiKeys", org.org_id);
    let before = world.sandbox.events(&org.org_id).len();
    let made = client.post(&keys, json!({ "desc": "Watched", "roles": ["ORG_MEMBER"] })).await.ok();
    let (key, public) = (format!("{keys}/{}", made["id"].as_str().unwrap()), made["publicKey"].clone());
    client.patch(&key, json!({ "desc": "Seen", "roles": ["ORG_READ_ONLY"] })).await.ok();
    client.post(&format!("{key}/accessList"), json!([{ "ipAddress": "192.0.2.7" }])).await.ok();
    assert_eq!(client.delete(&format!("{key}/accessList/192.0.2.7")).await.status, 204);
    let in_project = format!("/groups/{}/apiKeys/{}", org.project_ids[0], made["id"].as_str().unwrap());
    assert_eq!(client.post(&in_project, json!([{ "roles": ["GROUP_OWNER"] }])).await.status, 204);
    assert_eq!(client.delete(&in_project).await.status, 204);
    assert_eq!(client.delete(&key).await.status, 204);
    let events = world.sandbox.events(&org.org_id).split_off(before);
    let kinds: Vec<&str> = events.iter().map(|event| event["eventTypeName"].as_str().unwrap()).collect();
    assert_eq!(
        kinds,
        [
            "API_KEY_CREATED",
            "API_KEY_ROLES_CHANGED",
            "API_KEY_DESCRIPTION_CHANGED",
            "API_KEY_ACCESS_LIST_ENTRY_ADDED",
            "API_KEY_ACCESS_LIST_ENTRY_DELETED",
            "API_KEY_ADDED_TO_GROUP",
            "API_KEY_REMOVED_FROM_GROUP",
            "API_KEY_DELETED",
        ]
    );
    let writer = org.writer.unwrap().public_key;
    for event in &events {
        assert_eq!((&event["targetPublicKey"], &event["publicKey"]), (&public, &json!(writer)), "{event}");
        assert_eq!((&event["orgId"], &event["remoteAddress"]), (&json!(org.org_id), &json!("127.0.0.1")));
    }
    assert_eq!(events[3]["whitelistEntry"], "192.0.2.7/32");
    assert_eq!(events[5]["groupId"], org.project_ids[0]);
}
