//! Organizations that are made, renamed and deleted.

use atlas_sandbox::KeyPair;
use serde_json::{Value, json};

use crate::support::{World, client::Client};

/// The paying organization and a client of its owner.
fn finance(world: &World) -> (atlas_sandbox::DemoCredentials, Client) {
    let org = world.org("Group Finance");
    let client = world.client(org.writer.as_ref().unwrap());
    (org, client)
}

/// Somebody who is active in the organization.
async fn somebody(client: &Client, org: &str) -> String {
    let users = client.get(&format!("/orgs/{org}/users?orgMembershipStatuses=ACTIVE")).await.ok();
    users["results"][0]["id"].as_str().unwrap().to_owned()
}

fn kinds(events: &[Value]) -> Vec<&str> {
    events.iter().map(|event| event["eventTypeName"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn a_new_organization_is_linked_and_has_a_key_of_its_own() {
    let world = World::demo().await;
    let (org, client) = finance(&world);
    let owner = somebody(&client, &org.org_id).await;
    let seen = world.sandbox.events(&org.org_id).len();
    let body = json!({
        "name": "Warehouse & Co. (EU)",
        "orgOwnerId": owner,
        "apiKey": { "desc": "First key", "roles": ["ORG_OWNER"] },
        "skipDefaultAlertsSettings": true,
    });
    let made = client.post("/orgs", body).await;
    assert_eq!(made.status, 201, "{}", made.text);
    let made = made.json();
    assert_eq!((&made["orgOwnerId"], &made["skipDefaultAlertsSettings"]), (&json!(owner), &json!(true)));
    let id = made["organization"]["id"].as_str().unwrap();
    assert_eq!(made["apiKey"]["roles"], json!([{ "orgId": id, "roleName": "ORG_OWNER" }]));
    let pair = KeyPair {
        public_key: made["apiKey"]["publicKey"].as_str().unwrap().to_owned(),
        private_key: made["apiKey"]["privateKey"].as_str().unwrap().to_owned(),
    };
    assert_eq!(kinds(&world.sandbox.events(&org.org_id)[seen..]), ["NEW_LINKED_ORG"]);
    let own = world.client(&pair);
    let there = own.get("/orgs").await.ok();
    assert_eq!((&there["totalCount"], &there["results"][0]["name"]), (&json!(1), &json!("Warehouse & Co. (EU)")));
    assert_eq!(own.get(&format!("/orgs/{id}/settings")).await.ok()["apiAccessListRequired"], false);
    let events = own.get(&format!("/orgs/{id}/events")).await.ok();
    let events: Vec<_> = kinds(events["results"].as_array().unwrap()).into_iter().map(str::to_owned).collect();
    for kind in ["ORG_CREATED", "BECAME_LINKED_ORG", "ORG_LINKED_TO_PAYING_ORG", "API_KEY_CREATED"] {
        assert!(events.contains(&kind.to_owned()), "{kind}: {events:?}");
    }
    client.get(&format!("/orgs/{id}")).await.refused(401, "USER_CANNOT_ACCESS_ORG");
    let pending = client.get(&format!("/orgs/{}/invoices/pending", org.org_id)).await.ok();
    let linked = pending["results"][0]["linkedInvoices"].as_array().unwrap();
    assert!(linked.iter().any(|invoice| invoice["orgId"] == id), "the caller's pays");
    own.post("/orgs", json!({ "name": "x", "orgOwnerId": owner }))
        .await
        .refused(400, "API_KEY_MUST_BE_ASSOCIATED_WITH_PAYING_ORG");
}

#[tokio::test]
async fn a_new_organization_may_have_a_service_account_instead() {
    let world = World::demo().await;
    let (org, client) = finance(&world);
    let account = json!({ "name": "Terraform", "description": "Sets things up", "roles": ["ORG_OWNER"], "secretExpiresAfterHours": 24 });
    let owner = somebody(&client, &org.org_id).await;
    let made = client.post("/orgs", json!({ "name": "Labs", "orgOwnerId": owner, "serviceAccount": account })).await;
    assert_eq!(made.status, 201, "{}", made.text);
    let made = made.json();
    assert!(made["serviceAccount"]["clientId"].as_str().unwrap().starts_with("mdb_sa_id_"));
    assert!(made["serviceAccount"]["secrets"][0]["secret"].as_str().unwrap().starts_with("mdb_sa_sk_"));
    assert!(made.get("apiKey").is_none());
}

#[tokio::test]
async fn creating_an_organization_is_read_strictly() {
    let world = World::demo().await;
    let (org, client) = finance(&world);
    let owner = somebody(&client, &org.org_id).await;
    let key = json!({ "desc": "x", "roles": ["ORG_OWNER"] });
    let account = json!({ "name": "x", "description": "x", "roles": ["ORG_OWNER"], "secretExpiresAfterHours": 24 });
    for (body, status, code) in [
        (json!({ "orgOwnerId": owner }), 400, "MISSING_ATTRIBUTE"),
        (json!({ "name": "" , "orgOwnerId": owner }), 400, "INVALID_ORG_NAME"),
        (json!({ "name": "a/b", "orgOwnerId": owner }), 400, "INVALID_ORG_NAME"),
        (json!({ "name": "x".repeat(65), "orgOwnerId": owner }), 400, "INVALID_ORG_NAME"),
        (json!({ "name": "x" }), 400, "MISSING_ATTRIBUTE"),
        (json!({ "name": "x", "orgOwnerId": "me" }), 400, "INVALID_ATTRIBUTE"),
        (json!({ "name": "x", "orgOwnerId": "5e2211c17a3e5a48f5497de3" }), 404, "USER_NOT_FOUND"),
        (
            json!({ "name": "x", "orgOwnerId": owner, "apiKey": key, "serviceAccount": account }),
            400,
            "INVALID_ATTRIBUTE",
        ),
        (
            json!({ "name": "x", "orgOwnerId": owner, "apiKey": { "desc": "x", "roles": [] } }),
            400,
            "MISSING_API_KEY_ROLES",
        ),
        (
            json!({ "name": "x", "orgOwnerId": owner, "apiKey": { "desc": "x", "roles": ["GROUP_OWNER"] } }),
            400,
            "INVALID_ROLE_FOR_ORG",
        ),
        (
            json!({ "name": "x", "orgOwnerId": owner, "federationSettingsId": "5e2211c17a3e5a48f5497de3" }),
            404,
            "RESOURCE_NOT_FOUND",
        ),
        (json!({ "name": "x", "orgOwnerId": owner, "isDeleted": false }), 400, "ATTRIBUTE_READ_ONLY"),
    ] {
        client.post("/orgs", body).await.refused(status, code);
    }
    let (_, retail) = world.retail();
    let refused = retail.post("/orgs", json!({ "name": "x", "orgOwnerId": owner })).await;
    refused.refused(400, "API_KEY_MUST_BE_ASSOCIATED_WITH_PAYING_ORG");
    let reader = world.client(
        &world
            .plant(&atlas_sandbox::NewCredentials {
                org_id: &org.org_id,
                desc: "reader",
                org_roles: &["ORG_READ_ONLY"],
                project_roles: &[],
                access_list: &["127.0.0.1"],
            })
            .pair,
    );
    reader.post("/orgs", json!({ "name": "x", "orgOwnerId": owner })).await.refused(401, "NOT_ORG_OWNER");
}

#[tokio::test]
async fn organizations_are_renamed() {
    let world = World::demo().await;
    let (org, client) = world.retail();
    let path = format!("/orgs/{}", org.org_id);
    let renamed = client.patch(&path, json!({ "name": "Retail Group", "skipDefaultAlertsSettings": true })).await.ok();
    assert_eq!((&renamed["name"], &renamed["skipDefaultAlertsSettings"]), (&json!("Retail Group"), &json!(true)));
    assert_eq!(client.get("/orgs?name=retail%20g").await.ok()["totalCount"], 1);
    assert_eq!(world.sandbox.events(&org.org_id).last().unwrap()["eventTypeName"], "ORG_RENAMED");
    client.patch(&path, json!({ "skipDefaultAlertsSettings": false })).await.refused(400, "MISSING_ATTRIBUTE");
    client.patch(&path, json!({ "name": "a\nb" })).await.refused(400, "INVALID_ORG_NAME");
    client.patch(&path, renamed).await.refused(400, "ATTRIBUTE_READ_ONLY");
}

#[tokio::test]
async fn only_empty_organizations_are_deleted_and_their_keys_with_them() {
    let world = World::demo().await;
    let (org, client) = finance(&world);
    client.delete(&format!("/orgs/{}", org.org_id)).await.refused(409, "ORG_NOT_EMPTY");
    let owner = somebody(&client, &org.org_id).await;
    let key = json!({ "desc": "x", "roles": ["ORG_OWNER"] });
    let made = client.post("/orgs", json!({ "name": "Short-lived", "orgOwnerId": owner, "apiKey": key })).await.json();
    let pair = KeyPair {
        public_key: made["apiKey"]["publicKey"].as_str().unwrap().to_owned(),
        private_key: made["apiKey"]["privateKey"].as_str().unwrap().to_owned(),
    };
    let (own, id) = (world.client(&pair), made["organization"]["id"].as_str().unwrap());
    let project = own.post("/groups", json!({ "name": "only", "orgId": id })).await.json();
    own.delete(&format!("/orgs/{id}")).await.refused(409, "ORG_NOT_EMPTY");
    assert_eq!(own.delete(&format!("/groups/{}", project["id"].as_str().unwrap())).await.status, 202);
    assert_eq!(own.delete(&format!("/orgs/{id}")).await.status, 204);
    assert_eq!(own.get("").await.status, 401);
    assert_eq!(world.sandbox.events(&org.org_id).last().unwrap()["eventTypeName"], "UNLINKED_ORG");
    client.get(&format!("/orgs/{id}")).await.refused(404, "ORG_NOT_FOUND");
}
