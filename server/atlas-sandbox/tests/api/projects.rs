//! Organizations and projects, and the keys of a project.

use serde_json::{Value, json};

use crate::support::World;

fn roles_in(key: &Value, project: &str) -> Vec<String> {
    let roles = key["roles"].as_array().unwrap().iter().filter(|role| role["groupId"] == project);
    let mut names: Vec<_> = roles.map(|role| role["roleName"].as_str().unwrap().to_owned()).collect();
    names.sort_unstable();
    names
}

#[tokio::test]
async fn the_status_says_who_is_calling() {
    let world = World::demo().await;
    let (org, client) = world.retail();
    let status = client.get("").await.ok();
    assert_eq!(status["apiKey"]["publicKey"], org.writer.unwrap().public_key);
    assert_eq!(status["apiKey"]["accessList"][0], json!({ "cidrBlock": "127.0.0.1/32", "ipAddress": "127.0.0.1" }));
    assert_eq!(client.get("/").await.status, 200);
}

#[tokio::test]
async fn a_key_sees_its_organization_and_no_other() {
    let world = World::demo().await;
    let (org, client) = world.retail();
    let list = client.get("/orgs").await.ok();
    assert_eq!(list["totalCount"], 1);
    assert_eq!(list["results"][0]["id"], org.org_id);
    assert_eq!(client.get(&format!("/orgs/{}", org.org_id)).await.ok()["name"], "Retail Platform");
    let other = world.org("Group Finance");
    for below in ["", "/groups", "/apiKeys"] {
        client.get(&format!("/orgs/{}{below}", other.org_id)).await.refused(401, "USER_CANNOT_ACCESS_ORG");
    }
    client.get(&format!("/groups/{}", other.project_ids[0])).await.refused(401, "NOT_IN_GROUP");
    client.get("/orgs/5e2211c17a3e5a48f5497de3").await.refused(404, "ORG_NOT_FOUND");
    client.get("/orgs/retail").await.refused(404, "INVALID_ORG_ID");
    let refused = client.get("/groups/5e2211c17a3e5a48f5497de3").await.refused(404, "GROUP_NOT_FOUND");
    assert_eq!(refused["parameters"], json!(["5e2211c17a3e5a48f5497de3"]));
    client.get("/groups/checkout").await.refused(404, "INVALID_GROUP_ID");
}

#[tokio::test]
async fn members_see_the_projects_they_were_added_to() {
    let world = World::demo().await;
    let (org, owner) = world.retail();
    let mine = &org.project_ids[3];
    let key = world.key(&org.org_id, &["ORG_MEMBER"], &[(mine, "GROUP_READ_ONLY")]);
    let client = world.client(&key.pair);
    for path in ["/groups".to_owned(), format!("/orgs/{}/groups", org.org_id)] {
        let seen = client.get(&path).await.ok();
        assert_eq!(
            (&seen["totalCount"], seen["results"][0]["id"].as_str()),
            (&json!(1), Some(mine.as_str())),
            "{path}"
        );
        assert_eq!(owner.get(&path).await.ok()["totalCount"], 20);
    }
    assert_eq!(client.get(&format!("/groups/{mine}")).await.ok()["orgId"], org.org_id);
    client.get(&format!("/groups/{}", org.project_ids[4])).await.refused(401, "NOT_IN_GROUP");
}

#[tokio::test]
async fn keys_are_assigned_to_projects_and_taken_out_again() {
    let world = World::demo().await;
    let (org, client) = world.retail();
    let project = org.project_ids[2].as_str();
    let keys = format!("/groups/{project}/apiKeys");
    let key = world.key(&org.org_id, &["ORG_MEMBER"], &[]);
    let path = format!("{keys}/{}", key.id);
    client.delete(&path).await.refused(400, "API_KEY_NOT_FOUND");
    let added = client.post(&path, json!([{ "roles": ["GROUP_READ_ONLY"] }])).await;
    assert_eq!((added.status, added.text.as_str()), (204, ""));
    assert_eq!(client.post(&path, json!([{ "roles": ["GROUP_OWNER"] }])).await.status, 204);
    let listed = client.get(&format!("{keys}?itemsPerPage=500")).await.ok();
    let listed = listed["results"].as_array().unwrap().iter().find(|one| one["id"] == key.id).unwrap();
    assert_eq!(roles_in(listed, project), ["GROUP_OWNER", "GROUP_READ_ONLY"]);
    let replaced = client.patch(&path, json!({ "roles": ["GROUP_BACKUP_MANAGER"], "desc": "Backups" })).await.ok();
    assert_eq!(
        (roles_in(&replaced, project), &replaced["desc"]),
        (vec!["GROUP_BACKUP_MANAGER".to_owned()], &json!("Backups"))
    );
    assert_eq!(client.delete(&path).await.status, 204);
    let kept = client.get(&format!("/orgs/{}/apiKeys/{}", org.org_id, key.id)).await.ok();
    assert!(roles_in(&kept, project).is_empty());
    client.patch(&path, json!({ "desc": "x" })).await.refused(400, "API_KEY_NOT_FOUND");
    assert_eq!(client.patch(&path, json!({ "roles": ["GROUP_OWNER"] })).await.status, 200, "PATCH assigns too");
}

#[tokio::test]
async fn a_key_made_in_a_project_becomes_a_member_of_the_organization() {
    let world = World::demo().await;
    let (org, client) = world.retail();
    let keys = format!("/groups/{}/apiKeys", org.project_ids[0]);
    let made = client.post(&keys, json!({ "desc": "Deploy", "roles": ["GROUP_OWNER"] })).await.ok();
    assert!(!made["privateKey"].as_str().unwrap().starts_with('*'));
    assert!(made["roles"].as_array().unwrap().contains(&json!({ "orgId": org.org_id, "roleName": "ORG_MEMBER" })));
    assert_eq!(roles_in(&made, &org.project_ids[0]), ["GROUP_OWNER"]);
}

#[tokio::test]
async fn assignments_are_read_strictly() {
    let world = World::demo().await;
    let (org, client) = world.retail();
    let keys = format!("/groups/{}/apiKeys", org.project_ids[0]);
    let key = world.key(&org.org_id, &["ORG_MEMBER"], &[]);
    let path = format!("{keys}/{}", key.id);
    for (body, code) in [
        (json!([]), "MISSING_API_KEY_ROLES"),
        (json!([{}]), "MISSING_API_KEY_ROLES"),
        (json!([{ "roles": ["ORG_OWNER"] }]), "INVALID_ROLE_FOR_GROUP"),
        (json!([{ "roles": ["GROUP_KING"] }]), "INVALID_ENUM_VALUE"),
        (json!([{ "roles": ["GROUP_OWNER"], "userId": "x" }]), "ATTRIBUTE_READ_ONLY"),
        (json!({ "roles": ["GROUP_OWNER"] }), "INVALID_JSON"),
    ] {
        client.post(&path, body).await.refused(400, code);
    }
    client.post(&keys, json!({ "desc": "x", "roles": ["ORG_OWNER"] })).await.refused(400, "INVALID_ROLE_FOR_GROUP");
    client.patch(&path, json!({ "roles": [] })).await.refused(400, "MISSING_API_KEY_ROLES");
    let foreign = world.key(&world.org("Logistics US").org_id, &["ORG_MEMBER"], &[]);
    client
        .post(&format!("{keys}/{}", foreign.id), json!([{ "roles": ["GROUP_OWNER"] }]))
        .await
        .refused(400, "API_KEY_NOT_FOUND");
}

#[tokio::test]
async fn a_project_is_found_by_its_name() {
    let world = World::demo().await;
    let (org, client) = world.retail();
    let project = client.get(&format!("/groups/{}", org.project_ids[0])).await.ok();
    let path = format!("/groups/byName/{}", project["name"].as_str().unwrap());
    assert_eq!(client.get(&path).await.ok(), project);
    client.get("/groups/byName/no%20such").await.refused(404, "GROUP_NAME_NOT_FOUND");
    let member = world.client(&world.key(&org.org_id, &["ORG_MEMBER"], &[]).pair);
    member.get(&path).await.refused(404, "GROUP_NAME_NOT_FOUND");
}
