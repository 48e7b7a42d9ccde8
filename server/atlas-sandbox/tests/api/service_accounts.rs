//! Service accounts of an organization, their secrets and access lists.

use std::{collections::HashSet, time::Duration};

use atlas_sandbox::ClientSecret;
use serde_json::{Value, json};

use crate::support::{
    NOW, World,
    client::{Client, basic},
};

fn wanted(name: &str, roles: &[&str]) -> Value {
    json!({ "name": name, "description": "Made by a test", "roles": roles, "secretExpiresAfterHours": 24 })
}

/// The credentials an answer shows this once.
fn shown(account: &Value) -> ClientSecret {
    ClientSecret {
        client_id: account["clientId"].as_str().unwrap().to_owned(),
        client_secret: account["secrets"][0]["secret"].as_str().unwrap().to_owned(),
    }
}

async fn may_sign_in(world: &World, account: &ClientSecret) -> bool {
    let stranger = Client::with_token(world, "");
    stranger.form("token", "grant_type=client_credentials", Some(&basic(account))).await.status == 200
}

#[tokio::test]
async fn an_account_shows_its_secret_once_and_works() {
    let world = World::demo().await;
    let (org, client) = world.retail();
    let all = format!("/orgs/{}/serviceAccounts", org.org_id);
    let made = client.post(&all, wanted("ci-checkout", &["ORG_READ_ONLY", "ORG_MEMBER"])).await.created();
    let credentials = shown(&made);
    assert!(credentials.client_id.starts_with("mdb_sa_id_") && credentials.client_secret.starts_with("mdb_sa_sk_"));
    assert_eq!(made["secrets"][0]["expiresAt"], "2026-08-11T03:02:57Z");
    let one = format!("{all}/{}", credentials.client_id);
    let later = client.get(&one).await.ok();
    assert_eq!(later["roles"], json!(["ORG_READ_ONLY", "ORG_MEMBER"]));
    let secret = &later["secrets"][0];
    assert!(secret.get("secret").is_none() && secret.get("lastUsedAt").is_none());
    assert!(secret["maskedSecretValue"].as_str().unwrap().starts_with("mdb_sa_sk_"));
    assert!(!later.to_string().contains(&credentials.client_secret));
    assert_eq!(world.signed_in(&credentials).await.get(&one).await.ok()["secrets"][0]["lastUsedAt"], NOW);
    world.sandbox.advance(Duration::from_secs(24 * 3_600));
    assert!(!may_sign_in(&world, &credentials).await, "the secret has ended");
}

#[tokio::test]
async fn lists_page_and_always_count() {
    let world = World::demo().await;
    let (org, client) = world.retail();
    let all = format!("/orgs/{}/serviceAccounts", org.org_id);
    let total = client.get(&all).await.ok()["totalCount"].as_u64().unwrap();
    let (mut seen, mut next) = (HashSet::new(), Some(format!("{all}?itemsPerPage=5&includeSystemManaged=true")));
    while let Some(path) = next {
        let page = client.get(&path).await.ok();
        seen.extend(page["results"].as_array().unwrap().iter().map(|one| one["clientId"].to_string()));
        let link = page["links"].as_array().unwrap().iter().find(|link| link["rel"] == "next").cloned();
        next = link.map(|link| link["href"].as_str().unwrap().split_once("/api/atlas/v2").unwrap().1.to_owned());
    }
    assert_eq!(u64::try_from(seen.len()).unwrap(), total);
    client.get(&format!("{all}?includeCount=false")).await.refused(400, "INVALID_QUERY_PARAMETER");
    client.get(&format!("{all}?includeSystemManaged=maybe")).await.refused(400, "INVALID_QUERY_PARAMETER");
}

#[tokio::test]
async fn bodies_are_read_strictly() {
    let world = World::demo().await;
    let (org, client) = world.retail();
    let all = format!("/orgs/{}/serviceAccounts", org.org_id);
    let good = wanted("Reports, nightly", &["ORG_MEMBER"]);
    let long = "x".repeat(65);
    for (field, value, code) in [
        ("name", Value::Null, "MISSING_ATTRIBUTE"),
        ("description", Value::Null, "MISSING_ATTRIBUTE"),
        ("name", json!(""), "INVALID_ATTRIBUTE"),
        ("name", json!(long), "INVALID_ATTRIBUTE"),
        ("name", json!("a/b"), "INVALID_ATTRIBUTE"),
        ("description", json!("(old)"), "INVALID_ATTRIBUTE"),
        ("roles", json!([]), "INVALID_ATTRIBUTE"),
        ("roles", json!(["GROUP_OWNER"]), "INVALID_ROLE_FOR_ORG"),
        ("roles", json!(["ORG_KING"]), "INVALID_ENUM_VALUE"),
        ("secretExpiresAfterHours", json!(7), "INVALID_ATTRIBUTE"),
        ("secretExpiresAfterHours", json!(8_761), "INVALID_ATTRIBUTE"),
        ("secretExpiresAfterHours", json!("24"), "INVALID_ATTRIBUTE"),
        ("clientId", json!("x"), "ATTRIBUTE_READ_ONLY"),
        ("colour", json!("red"), "INVALID_ATTRIBUTE"),
    ] {
        let mut body = good.clone();
        body[field] = value;
        client.post(&all, body).await.refused(400, code);
    }
    let mut body = good.clone();
    body.as_object_mut().unwrap().remove("roles");
    client.post(&all, body).await.refused(400, "MISSING_ATTRIBUTE");
    for (hours, name) in [(8, "Zürich's 8-hour key_1"), (8_760, "A year.")] {
        let body =
            json!({ "name": name, "description": name, "roles": ["ORG_MEMBER"], "secretExpiresAfterHours": hours });
        client.post(&all, body).await.created();
    }
}

#[tokio::test]
async fn details_and_roles_change_and_deletion_ends_everything() {
    let world = World::demo().await;
    let (org, client) = world.retail();
    let project = org.project_ids[1].as_str();
    let account = world.account(&org.org_id, &["ORG_MEMBER"], &[(project, "GROUP_OWNER")], &[]);
    let one = format!("/orgs/{}/serviceAccounts/{}", org.org_id, account.client_id);
    let changed = client.patch(&one, json!({ "name": "renamed", "description": null })).await.ok();
    assert_eq!((&changed["name"], &changed["description"]), (&json!("renamed"), &json!("planted")));
    assert_eq!(client.patch(&one, json!({ "roles": ["ORG_OWNER"] })).await.ok()["roles"], json!(["ORG_OWNER"]));
    client.patch(&one, json!({ "roles": [] })).await.refused(400, "INVALID_ATTRIBUTE");
    client.patch(&one, json!({ "secrets": [] })).await.refused(400, "ATTRIBUTE_READ_ONLY");
    let groups = client.get(&format!("{one}/groups")).await.ok();
    assert_eq!(groups["results"], json!([{ "groupId": project, "roles": ["GROUP_OWNER"] }]));
    let token = world.signed_in(&account).await;
    assert_eq!(token.get("").await.status, 200);
    client.delete(&one).await.gone();
    assert_eq!(token.get("").await.status, 401);
    assert!(!may_sign_in(&world, &account).await);
    client.get(&one).await.refused(404, "SERVICE_ACCOUNT_NOT_FOUND");
    client.get(&format!("/orgs/{}/serviceAccounts/x", org.org_id)).await.refused(400, "PATH_PARAM_PARSE_ERROR");
    let in_project = format!("/groups/{project}/serviceAccounts/{}", account.client_id);
    client.get(&in_project).await.refused(404, "SERVICE_ACCOUNT_NOT_FOUND");
    let foreign = world.org("Group Finance").service_account.unwrap();
    let foreign = format!("/orgs/{}/serviceAccounts/{}", org.org_id, foreign.client_id);
    client.get(&foreign).await.refused(404, "SERVICE_ACCOUNT_NOT_FOUND");
}

#[tokio::test]
async fn two_secrets_are_enough_to_change_them_without_a_gap() {
    let world = World::demo().await;
    let (org, client) = world.retail();
    let account = world.account(&org.org_id, &["ORG_MEMBER"], &[], &[]);
    let one = format!("/orgs/{}/serviceAccounts/{}", org.org_id, account.client_id);
    let secrets = format!("{one}/secrets");
    let hours = |hours: u32| json!({ "secretExpiresAfterHours": hours });
    let second = client.post(&secrets, hours(48)).await.created();
    client.post(&secrets, hours(48)).await.refused(400, "MAX_SECRETS_PER_SERVICE_ACCOUNT_EXCEEDED");
    client.post(&secrets, hours(4)).await.refused(400, "INVALID_ATTRIBUTE");
    client.post(&secrets, json!({})).await.refused(400, "MISSING_ATTRIBUTE");
    let newer = ClientSecret { client_secret: second["secret"].as_str().unwrap().to_owned(), ..account.clone() };
    assert!(may_sign_in(&world, &account).await && may_sign_in(&world, &newer).await);
    let listed = client.get(&one).await.ok()["secrets"].clone();
    let first = listed.as_array().unwrap().iter().find(|one| one["id"] != second["id"]).unwrap()["id"].clone();
    client.delete(&format!("{secrets}/{}", first.as_str().unwrap())).await.gone();
    assert!(!may_sign_in(&world, &account).await && may_sign_in(&world, &newer).await);
    let again = client.delete(&format!("{secrets}/{}", first.as_str().unwrap())).await;
    again.refused(404, "SERVICE_ACCOUNT_SECRET_NOT_FOUND");
}

#[tokio::test]
async fn access_lists_of_accounts_hold_two_hundred_entries() {
    let world = World::demo().await;
    let (org, client) = world.retail();
    let account = world.account(&org.org_id, &["ORG_MEMBER"], &[], &[]);
    let list = format!("/orgs/{}/serviceAccounts/{}/accessList", org.org_id, account.client_id);
    let added = client.post(&list, json!([{ "ipAddress": "192.0.2.7" }, { "cidrBlock": "10.0.0.0/8" }])).await.ok();
    assert_eq!(added["totalCount"], 2);
    assert_eq!(
        added["results"][0],
        json!({ "ipAddress": "192.0.2.7", "cidrBlock": "192.0.2.7/32", "createdAt": NOW, "requestCount": 0 })
    );
    client.post(&list, json!([{ "ipAddress": "192.0.2.7" }])).await.refused(409, "ADDRESS_ALREADY_IN_ACCESS_LIST");
    let many: Vec<Value> = (0..199).map(|last| json!({ "ipAddress": format!("198.51.100.{last}") })).collect();
    let refused = client.post(&list, many.clone().into()).await;
    refused.refused(400, "MAX_ACCESS_LIST_ENTRIES_PER_SERVICE_ACCOUNT_EXCEEDED");
    assert_eq!(client.post(&list, many[..198].into()).await.ok()["totalCount"], 200);
    client.delete(&format!("{list}/10.0.0.0%2F8")).await.gone();
    client.delete(&format!("{list}/10.0.0.0%2F8")).await.refused(404, "SERVICE_ACCOUNT_ACCESS_LIST_NOT_FOUND");
    let page = client.get(&format!("{list}?itemsPerPage=500&includeCount=false")).await.ok();
    assert_eq!((page["results"].as_array().unwrap().len(), page.get("totalCount")), (199, None));
}

#[tokio::test]
async fn every_change_of_an_account_is_written_down() {
    let world = World::demo().await;
    let (org, _) = world.retail();
    let caller = org.service_account.clone().unwrap();
    let client = world.signed_in(&caller).await;
    let before = world.sandbox.events(&org.org_id).len();
    let all = format!("/orgs/{}/serviceAccounts", org.org_id);
    let made = client.post(&all, wanted("watched", &["ORG_MEMBER"])).await.created();
    let id = made["clientId"].as_str().unwrap();
    let (one, in_project) = (format!("{all}/{id}"), format!("/groups/{}/serviceAccounts/{id}", org.project_ids[0]));
    client.patch(&one, json!({ "name": "seen", "roles": ["ORG_READ_ONLY"] })).await.ok();
    client.post(&format!("{one}/accessList"), json!([{ "ipAddress": "192.0.2.7" }])).await.ok();
    client.delete(&format!("{one}/accessList/192.0.2.7")).await.gone();
    let secret = client.post(&format!("{one}/secrets"), json!({ "secretExpiresAfterHours": 8 })).await.created();
    client.delete(&format!("{one}/secrets/{}", secret["id"].as_str().unwrap())).await.gone();
    client.post(&format!("{in_project}:invite"), json!({ "roles": ["GROUP_OWNER"] })).await.ok();
    client.patch(&in_project, json!({ "roles": ["GROUP_READ_ONLY"] })).await.ok();
    client.delete(&in_project).await.gone();
    client.delete(&one).await.gone();
    let events = world.sandbox.events(&org.org_id).split_off(before);
    let kinds: Vec<&str> = events
        .iter()
        .map(|event| event["eventTypeName"].as_str().unwrap().strip_prefix("SERVICE_ACCOUNT_").unwrap())
        .collect();
    assert_eq!(
        kinds,
        [
            "CREATED",
            "DETAILS_CHANGED",
            "ROLES_CHANGED",
            "ACCESS_LIST_ENTRY_ADDED",
            "ACCESS_LIST_ENTRY_DELETED",
            "SECRET_ADDED",
            "SECRET_DELETED",
            "ADDED_TO_GROUP",
            "ROLES_CHANGED",
            "REMOVED_FROM_GROUP",
            "DELETED",
        ]
    );
    assert!(events.iter().all(|event| event["publicKey"] == caller.client_id && event.get("apiKeyId").is_none()));
    assert_eq!(
        (&events[8]["groupId"], events[9]["groupId"].as_str()),
        (&json!(org.project_ids[0]), Some(org.project_ids[0].as_str()))
    );
}
