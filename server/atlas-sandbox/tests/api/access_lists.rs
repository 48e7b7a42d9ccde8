//! Access lists: kept, and kept to.

use atlas_sandbox::NewCredentials;
use serde_json::{Value, json};

use crate::support::World;

fn names(list: &Value) -> Vec<&str> {
    list["results"].as_array().unwrap().iter().map(|entry| entry["cidrBlock"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn entries_are_added_read_and_removed() {
    let world = World::demo().await;
    let (org, client) = world.retail();
    let key = world.key(&org.org_id, &["ORG_MEMBER"], &[]);
    let list = format!("/orgs/{}/apiKeys/{}/accessList", org.org_id, key.id);
    let added =
        client.post(&list, json!([{ "ipAddress": "192.0.2.7" }, { "cidrBlock": "198.51.100.0/24" }])).await.ok();
    assert_eq!(names(&added), ["192.0.2.7/32", "198.51.100.0/24"]);
    assert_eq!(added["results"][0]["ipAddress"], "192.0.2.7");
    assert!(added["results"][1].get("ipAddress").is_none());
    assert!(added["results"][0]["links"][0]["href"].as_str().unwrap().ends_with("/accessList/192.0.2.7"));
    assert!(added["results"][1]["links"][0]["href"].as_str().unwrap().ends_with("/accessList/198.51.100.0%2F24"));
    let more = client.post(&list, json!([
        { "cidrBlock": "203.0.113.9/32" }, { "cidrBlock": "2001:db8::/32" }, { "ipAddress": "2001:db8:0:0:0:0:0:25" }, { "cidrBlock": "0.0.0.0/0" }
    ])).await.ok();
    assert_eq!(more["totalCount"], 6, "the whole list comes back");
    assert_eq!(more["results"][4]["cidrBlock"], "2001:db8:0:0:0:0:0:25/128");

    for path in
        ["192.0.2.7", "198.51.100.0%2F24", "203.0.113.9", "2001:db8::%2F32", "2001:db8:0:0:0:0:0:25", "0.0.0.0%2f0"]
    {
        let entry = client.get(&format!("{list}/{path}")).await.ok();
        assert!(entry.get("count").is_none() && entry.get("lastUsed").is_none(), "{path}");
        assert_eq!(client.delete(&format!("{list}/{path}")).await.status, 204, "{path}");
        client.get(&format!("{list}/{path}")).await.refused(404, "API_KEY_ACCESS_LIST_NOT_FOUND");
    }
    assert_eq!(client.get(&list).await.ok()["totalCount"], 0);
}

#[tokio::test]
async fn a_single_address_is_not_addressed_with_its_length() {
    let world = World::demo().await;
    let (org, client) = world.retail();
    let key = world.key(&org.org_id, &["ORG_MEMBER"], &[]);
    let list = format!("/orgs/{}/apiKeys/{}/accessList", org.org_id, key.id);
    assert_eq!(client.post(&list, json!([{ "cidrBlock": "192.0.2.7/32" }])).await.status, 200);
    client.delete(&format!("{list}/192.0.2.7%2F32")).await.refused(404, "API_KEY_ACCESS_LIST_NOT_FOUND");
    client.delete(&format!("{list}/office")).await.refused(400, "INVALID_IP_ADDRESS_OR_CIDR_NOTATION");
}

#[tokio::test]
async fn bad_entries_are_refused_and_add_nothing() {
    let world = World::demo().await;
    let (org, client) = world.retail();
    let key = world.key(&org.org_id, &["ORG_MEMBER"], &[]);
    let list = format!("/orgs/{}/apiKeys/{}/accessList", org.org_id, key.id);
    assert_eq!(client.post(&list, json!([{ "ipAddress": "192.0.2.7" }])).await.status, 200);
    for (status, code, item) in [
        (400, "INVALID_IP_ADDRESS_OR_CIDR_NOTATION", json!({ "ipAddress": "300.1.1.1" })),
        (400, "INVALID_IP_ADDRESS_OR_CIDR_NOTATION", json!({ "ipAddress": "2001:db8::1" })),
        (400, "INVALID_IP_ADDRESS_OR_CIDR_NOTATION", json!({ "ipAddress": null })),
        (400, "INVALID_CIDR_BLOCK", json!({ "cidrBlock": "10.0.0.1/33" })),
        (400, "INVALID_CIDR_BLOCK", json!({ "cidrBlock": "10.0.0.1/8" })),
        (400, "INVALID_CIDR_BLOCK", json!({ "cidrBlock": "10.0.0.0" })),
        (400, "BAD_ACCESS_LIST_ADD_REQUEST", json!({ "cidrBlock": "10.0.0.0/8", "ipAddress": "10.0.0.1" })),
        (400, "MISSING_ONE_OF_ATTRIBUTES", json!({})),
        (400, "INVALID_ATTRIBUTE", json!({ "ipAddress": "192.0.2.8", "comment": "office" })),
        (400, "ATTRIBUTE_READ_ONLY", json!({ "ipAddress": "192.0.2.8", "count": 1 })),
        (400, "DUPLICATE_ADDRESSES_IN_INPUT", json!({ "cidrBlock": "192.0.2.9/32" })),
        (409, "ADDRESS_ALREADY_IN_ACCESS_LIST", json!({ "cidrBlock": "192.0.2.7/32" })),
        (400, "INVALID_JSON", json!(7)),
    ] {
        client.post(&list, json!([{ "ipAddress": "192.0.2.9" }, item])).await.refused(status, code);
    }
    client.post(&list, json!({ "ipAddress": "192.0.2.9" })).await.refused(400, "INVALID_JSON");
    assert_eq!(client.get(&list).await.ok()["totalCount"], 1);
}

#[tokio::test]
async fn only_listed_addresses_may_call() {
    let world = World::demo().await;
    let (org, _) = world.retail();
    let new = NewCredentials {
        org_id: &org.org_id,
        desc: "listed",
        org_roles: &["ORG_MEMBER"],
        access_list: &["192.0.2.0/24", "2001:db8::/32"],
        project_roles: &[],
    };
    let pair = world.plant(&new).pair;
    for address in ["192.0.2.200", "::ffff:192.0.2.7", "2001:db8:5::1"] {
        assert_eq!(world.client(&pair).from(address).get("").await.status, 200, "{address}");
    }
    for address in ["192.0.3.1", "2001:db9::1"] {
        let refused = world.client(&pair).from(address).get("").await.refused(403, "IP_ADDRESS_NOT_ON_ACCESS_LIST");
        assert_eq!(refused["parameters"], json!([address]));
    }
    let from_here = world.client(&pair).get("").await.refused(403, "IP_ADDRESS_NOT_ON_ACCESS_LIST");
    assert_eq!(from_here["parameters"], json!(["127.0.0.1"]));
}

#[tokio::test]
async fn an_organization_may_require_a_list() {
    let world = World::demo().await;
    let (org, _) = world.retail();
    let key = world.key(&org.org_id, &["ORG_OWNER"], &[]);
    let client = world.client(&key.pair);
    assert_eq!(client.get("").await.status, 200);
    assert!(world.sandbox.require_access_list(&org.org_id, true));
    client.get("").await.refused(403, "ORG_REQUIRES_ACCESS_LIST");
    client.get("/nowhere").await.refused(403, "ORG_REQUIRES_ACCESS_LIST");
    assert!(!world.sandbox.require_access_list("5e2211c17a3e5a48f5497de3", true));
}

#[tokio::test]
async fn changing_a_list_takes_a_list_of_ones_own() {
    let world = World::demo().await;
    let (org, owner) = world.retail();
    let key = world.key(&org.org_id, &["ORG_OWNER"], &[]);
    let client = world.client(&key.pair);
    let list = format!("/orgs/{}/apiKeys/{}/accessList", org.org_id, key.id);
    let entry = json!([{ "ipAddress": "127.0.0.1" }]);
    let refused = client.post(&list, entry.clone()).await.refused(403, "RESOURCE_REQUIRES_ACCESS_LIST");
    assert_eq!(refused["parameters"], json!(["127.0.0.1"]));
    client.delete(&format!("{list}/192.0.2.7")).await.refused(403, "RESOURCE_REQUIRES_ACCESS_LIST");
    assert_eq!(client.get(&list).await.status, 200);
    assert_eq!(owner.post(&list, entry).await.status, 200);
    assert_eq!(client.post(&list, json!([{ "ipAddress": "192.0.2.7" }])).await.status, 200);
}

#[tokio::test]
async fn the_caller_cannot_lock_itself_out() {
    let world = World::demo().await;
    let (org, owner) = world.retail();
    let key = world.key(&org.org_id, &["ORG_MEMBER"], &[]);
    let list = format!("/orgs/{}/apiKeys/{}/accessList", org.org_id, key.id);
    let entries = json!([{ "ipAddress": "127.0.0.1" }, { "cidrBlock": "127.0.0.0/8" }]);
    assert_eq!(owner.post(&list, entries).await.status, 200);
    let client = world.client(&key.pair);
    let refused =
        client.delete(&format!("{list}/127.0.0.1")).await.refused(400, "CANNOT_REMOVE_CALLER_FROM_ACCESS_LIST");
    assert_eq!(refused["parameters"], json!(["127.0.0.1"]));
    owner.delete(&format!("{list}/127.0.0.1")).await.refused(400, "CANNOT_REMOVE_CALLER_FROM_ACCESS_LIST");
    let elsewhere = world.client(&key.pair).from("127.0.0.9");
    assert_eq!(elsewhere.delete(&format!("{list}/127.0.0.1")).await.status, 204);
    client.delete(&format!("{list}/127.0.0.0%2F8")).await.refused(400, "CANNOT_REMOVE_CALLER_FROM_ACCESS_LIST");
    assert_eq!(owner.delete(&format!("{list}/127.0.0.0%2F8")).await.status, 204);
}

#[tokio::test]
async fn use_is_counted_on_the_narrowest_entry() {
    let world = World::demo().await;
    let (org, owner) = world.retail();
    let key = world.key(&org.org_id, &["ORG_MEMBER"], &[]);
    let list = format!("/orgs/{}/apiKeys/{}/accessList", org.org_id, key.id);
    assert_eq!(
        owner.post(&list, json!([{ "cidrBlock": "192.0.2.0/24" }, { "cidrBlock": "0.0.0.0/0" }])).await.status,
        200
    );
    for (address, expected) in [("192.0.2.7", 1), ("192.0.2.8", 2)] {
        assert_eq!(world.client(&key.pair).from(address).get("").await.status, 200);
        let entry = owner.get(&format!("{list}/192.0.2.0%2F24")).await.ok();
        assert_eq!((&entry["count"], &entry["lastUsedAddress"]), (&json!(expected), &json!(address)));
        assert!(entry["lastUsed"].as_str().unwrap() >= crate::support::NOW);
    }
    assert!(owner.get(&format!("{list}/0.0.0.0%2F0")).await.ok().get("count").is_none());
}
