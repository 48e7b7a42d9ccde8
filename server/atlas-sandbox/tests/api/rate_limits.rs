//! The inspection of rate limits.

use atlas_sandbox::{RateLimit, Sandbox};
use serde_json::json;

use crate::support::{NOW, World};

#[tokio::test]
async fn the_published_limits_are_listed_by_scope() {
    let world = World::demo().await;
    let (org, client) = world.retail();
    let list = client.get(&format!("/rateLimits?orgId={}&itemsPerPage=500", org.org_id)).await.ok();
    let sets = list["results"].as_array().unwrap();
    assert!(sets.iter().all(|set| set["scope"] == "ORGANIZATION"));
    let keys = sets.iter().find(|set| set["endpointSetName"] == "Programmatic API Keys").unwrap();
    assert_eq!(keys["capacity"], json!({ "value": 500, "defaultValue": 500 }));
    assert_eq!(keys["refillRate"], json!({ "value": 250, "defaultValue": 250 }));
    assert_eq!(keys["refillDurationSeconds"]["value"], 60);
    let endpoint = json!({ "method": "POST", "path": "/api/atlas/v2/orgs/{orgId}/apiKeys" });
    assert!(keys["endpoints"].as_array().unwrap().contains(&endpoint));
    let id = keys["endpointSetId"].as_str().unwrap();
    assert_eq!(client.get(&format!("/rateLimits/{id}?orgId={}", org.org_id)).await.ok(), *keys);
    client.get(&format!("/rateLimits/nothing?orgId={}", org.org_id)).await.refused(404, "RESOURCE_NOT_FOUND");
}

#[tokio::test]
async fn names_and_paths_narrow_the_list() {
    let world = World::demo().await;
    let (org, client) = world.retail();
    let list = |query: String| {
        let (client, path) = (&client, format!("/rateLimits?groupId={}&{query}", org.project_ids[0]));
        async move { client.get(&path).await.ok()["totalCount"].as_u64().unwrap() }
    };
    assert_eq!(list("name=Programmatic%20API%20Keys&name=Service%20Accounts".into()).await, 2);
    assert_eq!(list("endpointPath=%2Fapi%2Fatlas%2Fv2%2Fgroups%2F%7BgroupId%7D%2FapiKeys".into()).await, 1);
    assert_eq!(list("name=Nothing".into()).await, 0);
}

#[tokio::test]
async fn one_sees_ones_own_limits_as_they_are() {
    let sandbox = Sandbox::demo(NOW.parse().unwrap()).with_rate_limit(RateLimit::PerMinute(70));
    let world = World::of(sandbox).await;
    let (org, client) = world.retail();
    let own = format!("/rateLimits/rateLimitsInspection_user?userId={}", org.writer.as_ref().unwrap().public_key);
    assert_eq!(client.get(&own).await.ok()["capacity"], json!({ "value": 70, "defaultValue": 300 }));
    let account = world.signed_in(org.service_account.as_ref().unwrap()).await;
    let of_account = format!("/rateLimits?userId={}", org.service_account.unwrap().client_id);
    assert_eq!(account.get(&of_account).await.status, 200);
    account.get(&own).await.refused(403, "ACCESS_FORBIDDEN");
    assert_eq!(client.get("/rateLimits?ipAddress=127.0.0.1").await.ok()["totalCount"], 0);
    client.get("/rateLimits?ipAddress=192.0.2.7").await.refused(403, "ACCESS_FORBIDDEN");
    client.get("/rateLimits?ipAddress=here").await.refused(400, "INVALID_QUERY_PARAMETER");
    client.get("/rateLimits").await.refused(400, "MISSING_ONE_OF_ATTRIBUTES");
    let other = world.org("Group Finance");
    client.get(&format!("/rateLimits?orgId={}", other.org_id)).await.refused(401, "USER_CANNOT_ACCESS_ORG");
    let member = world.client(&world.key(&org.org_id, &["ORG_MEMBER"], &[]).pair);
    member.get(&format!("/rateLimits?orgId={}", org.org_id)).await.refused(401, "USER_UNAUTHORIZED");
    member.get(&format!("/rateLimits?groupId={}", org.project_ids[0])).await.refused(401, "NOT_IN_GROUP");
}
