//! Projects that are made, changed, moved and closed, and their limits.

use atlas_sandbox::{RateLimit, Sandbox, ScaledOptions};
use serde_json::{Value, json};

use crate::support::{NOW, World};

fn last(world: &World, org: &str) -> Value {
    world.sandbox.events(org).last().unwrap()["eventTypeName"].clone()
}

#[tokio::test]
async fn a_project_is_made_changed_found_and_closed() {
    let world = World::demo().await;
    let (org, client) = world.retail();
    let made = client.post("/groups", json!({ "name": "Gift cards (beta)", "orgId": org.org_id })).await;
    assert_eq!(made.status, 201, "{}", made.text);
    let made = made.json();
    assert_eq!((&made["clusterCount"], &made["created"], made.get("tags")), (&json!(0), &json!(NOW), None));
    assert_eq!(last(&world, &org.org_id), "GROUP_CREATED");
    let project = format!("/groups/{}", made["id"].as_str().unwrap());
    assert_eq!(client.get(&project).await.ok()["tags"], json!([]));
    assert_eq!(client.get("/groups/byName/Gift%20cards%20(beta)").await.ok()["id"], made["id"]);
    client.get("/groups/byName/nowhere").await.refused(404, "GROUP_NAME_NOT_FOUND");

    let tags = json!([{ "key": "environment", "value": "test" }, { "key": "owner", "value": "checkout" }]);
    let tagged = client.patch(&project, json!({ "tags": tags, "name": "gift-cards" })).await.ok();
    assert_eq!((&tagged["tags"], &tagged["name"]), (&tags, &json!("gift-cards")));
    let tags = json!([{ "key": "owner", "value": "loyalty" }]);
    assert_eq!(client.patch(&project, json!({ "tags": tags })).await.ok()["tags"], tags, "tags replace all");
    let feed = client.get(&format!("{project}/events")).await.ok();
    let kinds: Vec<&str> =
        feed["results"].as_array().unwrap().iter().map(|one| one["eventTypeName"].as_str().unwrap()).collect();
    assert_eq!(kinds, ["GROUP_TAGS_MODIFIED", "GROUP_TAGS_MODIFIED", "GROUP_NAME_CHANGED", "GROUP_CREATED"]);
    assert_eq!(feed["results"][0]["resourceType"], "PROJECT");
    assert_eq!(client.patch(&project, json!({ "tags": [] })).await.ok()["tags"], json!([]));
    assert_eq!(client.patch(&project, json!({ "withDefaultAlertsSettings": false })).await.status, 200);

    let key = world.key(&org.org_id, &["ORG_MEMBER"], &[(made["id"].as_str().unwrap(), "GROUP_OWNER")]);
    let closed = client.delete(&project).await;
    assert_eq!((closed.status, closed.text.as_str()), (202, "{}"), "recorded");
    assert_eq!(last(&world, &org.org_id), "GROUP_DELETED");
    client.get(&project).await.refused(404, "GROUP_NOT_FOUND");
    let left = client.get(&format!("/orgs/{}/apiKeys/{}", org.org_id, key.id)).await.ok();
    assert_eq!(left["roles"].as_array().unwrap().len(), 1, "its roles are gone");
}

#[tokio::test]
async fn projects_are_read_strictly() {
    let world = World::demo().await;
    let (org, client) = world.retail();
    let taken = client.get(&format!("/groups/{}", org.project_ids[0])).await.ok()["name"].clone();
    let tag = |key: &str| json!({ "key": key, "value": "x" });
    for (body, status, code) in [
        (json!({ "orgId": org.org_id }), 400, "MISSING_ATTRIBUTE"),
        (json!({ "name": "x" }), 400, "MISSING_ATTRIBUTE"),
        (json!({ "name": "x/y", "orgId": org.org_id }), 400, "INVALID_GROUP_NAME"),
        (json!({ "name": " ", "orgId": org.org_id }), 400, "INVALID_GROUP_NAME"),
        (json!({ "name": taken, "orgId": org.org_id }), 409, "GROUP_ALREADY_EXISTS"),
        (json!({ "name": "x", "orgId": "retail" }), 404, "INVALID_ORG_ID"),
        (json!({ "name": "x", "orgId": world.org("Payments EU").org_id }), 401, "USER_CANNOT_ACCESS_ORG"),
        (json!({ "name": "x", "orgId": org.org_id, "clusterCount": 0 }), 400, "ATTRIBUTE_READ_ONLY"),
        (
            json!({ "name": "x", "orgId": org.org_id, "regionUsageRestrictions": "GOV_REGIONS_ONLY" }),
            400,
            "INVALID_ATTRIBUTE",
        ),
        (json!({ "name": "x", "orgId": org.org_id, "tags": {} }), 400, "INVALID_ATTRIBUTE"),
        (json!({ "name": "x", "orgId": org.org_id, "tags": [tag("")] }), 400, "INVALID_ATTRIBUTE"),
        (json!({ "name": "x", "orgId": org.org_id, "tags": [tag("a"), tag("a")] }), 400, "INVALID_ATTRIBUTE"),
        (json!({ "name": "x", "orgId": org.org_id, "tags": [{ "key": "a" }] }), 400, "MISSING_ATTRIBUTE"),
    ] {
        client.post("/groups", body).await.refused(status, code);
    }
    let unknown = "/groups?projectOwnerId=5e2211c17a3e5a48f5497de3";
    client.post(unknown, json!({ "name": "x", "orgId": org.org_id })).await.refused(404, "USER_NOT_FOUND");
    let other = format!("/groups/{}", org.project_ids[1]);
    client.patch(&other, json!({ "name": taken })).await.refused(409, "GROUP_ALREADY_EXISTS");
    client.patch(&other, json!({ "orgId": org.org_id })).await.refused(400, "INVALID_ATTRIBUTE");
}

#[tokio::test]
async fn a_project_with_clusters_stays() {
    let world = World::demo().await;
    let (org, client) = world.retail();
    let projects = client.get("/groups").await.ok();
    let busy = projects["results"].as_array().unwrap().iter().find(|one| one["clusterCount"] != 0).unwrap();
    let path = format!("/groups/{}", busy["id"].as_str().unwrap());
    client.delete(&path).await.refused(409, "CANNOT_CLOSE_GROUP_ACTIVE_ATLAS_CLUSTERS");
    assert_eq!(client.get(&path).await.ok()["orgId"], org.org_id);
}

#[tokio::test]
async fn who_makes_a_project_without_owning_the_organization_owns_the_project() {
    let world = World::demo().await;
    let (org, _) = world.retail();
    let creator = world.client(&world.key(&org.org_id, &["ORG_GROUP_CREATOR"], &[]).pair);
    let made = creator.post("/groups", json!({ "name": "mine", "orgId": org.org_id })).await.json();
    let path = format!("/groups/{}", made["id"].as_str().unwrap());
    assert_eq!(creator.patch(&path, json!({ "name": "still mine" })).await.status, 200);
    let member = world.client(&world.key(&org.org_id, &["ORG_MEMBER"], &[]).pair);
    member.post("/groups", json!({ "name": "x", "orgId": org.org_id })).await.refused(401, "NOT_ORG_GROUP_CREATOR");
}

#[tokio::test]
async fn an_organization_holds_250_projects() {
    let options =
        ScaledOptions { orgs: 1, projects: 249, keys: 1, rate_limit: RateLimit::Unlimited, ..ScaledOptions::default() };
    let world = World::of(Sandbox::scaled(&options, NOW.parse().unwrap())).await;
    let org = &world.sandbox.demo_credentials()[0];
    let client = world.client(org.writer.as_ref().unwrap());
    assert_eq!(client.post("/groups", json!({ "name": "last", "orgId": org.org_id })).await.status, 201);
    let refused = client.post("/groups", json!({ "name": "one more", "orgId": org.org_id })).await;
    assert_eq!(refused.refused(400, "MAX_GROUPS_PER_ORG_EXCEEDED")["parameters"], json!([250]));
    let path = format!("/groups/{}", org.project_ids[0]);
    assert_eq!(client.patch(&path, json!({ "name": "renamed" })).await.status, 200, "a full one can be renamed in");
}

#[tokio::test]
async fn a_project_moves_with_keys_of_both_owners() {
    let world = World::demo().await;
    let (org, client) = world.retail();
    let to = world.org("Payments EU");
    let owner = to.writer.clone().unwrap();
    let made = client.post("/groups", json!({ "name": "on the move", "orgId": org.org_id })).await.json();
    let id = made["id"].as_str().unwrap();
    let path = format!("/groups/{id}:migrate");
    let body = |public: &str, private: &str| json!({ "destinationOrgId": to.org_id, "destinationOrgPublicApiKey": public, "destinationOrgPrivateApiKey": private });
    client.post(&path, json!({ "destinationOrgId": to.org_id })).await.refused(400, "MISSING_ATTRIBUTE");
    client.post(&path, body(&owner.public_key, "wrong")).await.refused(401, "USER_CANNOT_ACCESS_ORG");
    let member = world.key(&to.org_id, &["ORG_MEMBER"], &[]).pair;
    client.post(&path, body(&member.public_key, &member.private_key)).await.refused(401, "NOT_ORG_OWNER");
    let moved = client.post(&path, body(&owner.public_key, &owner.private_key)).await.ok();
    assert_eq!((&moved["id"], &moved["orgId"]), (&json!(id), &json!(to.org_id)));
    client.get(&format!("/groups/{id}")).await.refused(401, "NOT_IN_GROUP");
    assert_eq!(world.client(&owner).get(&format!("/groups/{id}")).await.status, 200);
    assert_eq!(
        (last(&world, &org.org_id), last(&world, &to.org_id)),
        (json!("GROUP_MOVED_FROM_ORG"), json!("GROUP_MOVED"))
    );
}

#[tokio::test]
async fn limits_are_raised_and_put_back() {
    let world = World::demo().await;
    let (org, client) = world.retail();
    let limits = format!("/groups/{}/limits", org.project_ids[0]);
    let all = client.get(&limits).await.ok();
    assert_eq!(all.as_array().unwrap().len(), 9, "a bare list; limits of data federation are not set");
    let name = "atlas.project.deployment.clusters";
    let one = format!("{limits}/{name}");
    assert_eq!(client.get(&one).await.ok()["value"], 25);
    let raised = client.patch(&one, json!({ "name": name, "value": 90 })).await.ok();
    assert_eq!(
        (&raised["value"], &raised["defaultLimit"], &raised["maximumLimit"]),
        (&json!(90), &json!(25), &json!(100))
    );
    client.patch(&one, json!({ "name": name, "value": 101 })).await.refused(400, "INVALID_ATTRIBUTE");
    client.patch(&one, json!({ "name": "other", "value": 1 })).await.refused(400, "INVALID_ATTRIBUTE");
    client.patch(&one, json!({ "name": name })).await.refused(400, "MISSING_ATTRIBUTE");
    assert_eq!(client.delete(&one).await.status, 204);
    assert_eq!(client.get(&one).await.ok()["value"], 25);
    let bytes = "dataFederation.bytesProcessed.daily";
    let one = format!("{limits}/{bytes}");
    client.get(&one).await.refused(404, "RESOURCE_NOT_FOUND");
    assert_eq!(client.patch(&one, json!({ "name": bytes, "value": 1_000_000_000_000_u64 })).await.status, 200);
    assert_eq!(client.get(&limits).await.ok().as_array().unwrap().len(), 10);
    assert_eq!(client.delete(&one).await.status, 204);
    client.delete(&one).await.refused(404, "RESOURCE_NOT_FOUND");
    client.get(&format!("{limits}/speed")).await.refused(400, "INVALID_PATH_PARAMETER");
}
