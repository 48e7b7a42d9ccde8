//! The deprecated operations on people, which other clients still call.

use serde_json::{Value, json};

use crate::{
    support::{
        World,
        client::{Ask, Client},
    },
    users::{created, kinds, names, old},
};

async fn ok(client: &Client, method: &str, path: &str, body: Option<Value>) -> Value {
    let answer = old(client, method, path, body).await;
    assert_eq!(answer.header("sunset"), "Thu, 01 Jul 2027 00:00:00 GMT");
    answer.ok()
}

fn usernames(list: &Value) -> Vec<&str> {
    list.as_array().unwrap().iter().map(|one| one["username"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn an_invitation_to_the_organization_is_somebody_pending_for_the_newer_endpoints() {
    let world = World::demo().await;
    let (org, client) = world.retail();
    let before = world.sandbox.events(&org.org_id).len();
    let (invites, users) = (format!("/orgs/{}/invites", org.org_id), format!("/orgs/{}/users", org.org_id));
    let project = &org.project_ids[0];
    let body = json!({
        "username": "ada@example.org",
        "roles": ["ORG_MEMBER"],
        "groupRoleAssignments": [{ "groupId": project, "roles": ["GROUP_OWNER"] }],
    });
    let made = ok(&client, "POST", &invites, Some(body.clone())).await;
    assert_eq!(made["groupRoleAssignments"], json!([{ "groupId": project, "groupRole": "GROUP_OWNER" }]));
    assert_eq!((&made["orgName"], &made["expiresAt"]), (&json!("Retail Platform"), &json!("2026-09-09T03:02:57Z")));
    assert_eq!(made["inviterUsername"], org.writer.as_ref().unwrap().public_key);
    old(&client, "POST", &invites, Some(body)).await.refused(409, "USER_ALREADY_EXISTS");
    let pending = client.get(&format!("{users}?orgMembershipStatuses=PENDING&itemsPerPage=500")).await.ok();
    assert_eq!(names(&pending), usernames(&ok(&client, "GET", &invites, None).await), "both show the same people");
    let found = ok(&client, "GET", &format!("{invites}?username=ada%40example.org"), None).await;
    assert_eq!(found, json!([made]));

    let one = format!("{invites}/{}", made["id"].as_str().unwrap());
    assert_eq!(ok(&client, "GET", &one, None).await, made);
    let changed = ok(&client, "PATCH", &one, Some(json!({ "roles": ["ORG_READ_ONLY"] }))).await;
    assert_eq!((&changed["roles"], &changed["id"]), (&json!(["ORG_READ_ONLY"]), &made["id"]));
    assert_eq!(changed["groupRoleAssignments"], made["groupRoleAssignments"]);
    let by_name = json!({ "username": "ADA@example.org", "roles": ["ORG_MEMBER"], "groupRoleAssignments": [] });
    assert_eq!(ok(&client, "PATCH", &invites, Some(by_name)).await["groupRoleAssignments"], json!([]));
    let nobody = json!({ "username": "nobody@example.org", "roles": ["ORG_MEMBER"] });
    old(&client, "PATCH", &invites, Some(nobody)).await.refused(400, "INVALID_INVITATION_ID");
    assert_eq!(old(&client, "DELETE", &one, None).await.status, 204);
    old(&client, "DELETE", &one, None).await.refused(400, "INVALID_INVITATION_ID");
    old(&client, "GET", &one, None).await.refused(400, "INVALID_INVITATION_ID");
    assert_eq!(
        kinds(&world, &org.org_id, before),
        ["INVITED_TO_ORG", "USER_ROLES_CHANGED_AUDIT", "USER_ROLES_CHANGED_AUDIT", "ORG_INVITATION_DELETED"]
    );
    let member = world.client(&world.key(&org.org_id, &["ORG_MEMBER"], &[]).pair);
    old(&member, "GET", &invites, None).await.refused(401, "NOT_ORG_OWNER");
}

#[tokio::test]
async fn old_and_new_invitations_to_a_project_do_not_see_each_other() {
    let world = World::demo().await;
    let (org, client) = world.retail();
    let before = world.sandbox.events(&org.org_id).len();
    let project = &org.project_ids[0];
    let (invites, users) = (format!("/groups/{project}/invites"), format!("/groups/{project}/users"));
    let body = |name: &str, role: &str| json!({ "username": name, "roles": [role] });
    created(client.post(&users, body("new@example.org", "GROUP_READ_ONLY")).await);
    let made = ok(&client, "POST", &invites, Some(body("old@example.org", "GROUP_READ_ONLY"))).await;
    assert_eq!(made["groupId"], *project);
    assert_eq!(usernames(&ok(&client, "GET", &invites, None).await), ["old@example.org"]);
    for path in [users.clone(), format!("/orgs/{}/users", org.org_id)] {
        let found = client.get(&format!("{path}?username=old%40example.org")).await.ok();
        assert_eq!(found["totalCount"], 0, "{path}");
    }
    for name in ["new@example.org", "old@example.org"] {
        let again = Some(body(name, "GROUP_OWNER"));
        old(&client, "POST", &invites, again).await.refused(409, "USER_ALREADY_EXISTS");
    }
    let one = format!("{invites}/{}", made["id"].as_str().unwrap());
    let changed = ok(&client, "PATCH", &one, Some(json!({ "roles": ["GROUP_OWNER"] }))).await;
    assert_eq!(changed["roles"], json!(["GROUP_OWNER"]));
    ok(&client, "PATCH", &invites, Some(body("old@example.org", "GROUP_DATA_ACCESS_ADMIN"))).await;
    assert_eq!(ok(&client, "GET", &one, None).await["roles"], json!(["GROUP_DATA_ACCESS_ADMIN"]));
    assert_eq!(ok(&client, "GET", &format!("{invites}?username=x%40example.org"), None).await, json!([]));

    assert!(world.sandbox.accept_invitation(&org.org_id, "old@example.org"));
    old(&client, "GET", &one, None).await.refused(400, "INVALID_INVITATION_ID");
    let found = client.get(&format!("{users}?username=old%40example.org")).await.ok();
    assert_eq!(found["results"][0]["roles"], json!(["GROUP_DATA_ACCESS_ADMIN"]), "accepted, it is visible");

    let other = ok(&client, "POST", &invites, Some(body("other@example.org", "GROUP_OWNER"))).await;
    let other = format!("{invites}/{}", other["id"].as_str().unwrap());
    assert_eq!(old(&client, "DELETE", &other, None).await.status, 204);
    old(&client, "DELETE", &other, None).await.refused(400, "INVALID_INVITATION_ID");
    assert_eq!(
        kinds(&world, &org.org_id, before),
        ["INVITED_TO_ORG", "INVITED_TO_GROUP", "JOINED_ORG", "INVITED_TO_GROUP", "GROUP_INVITATION_DELETED"]
    );
    let manager = world.client(&world.key(&org.org_id, &["ORG_MEMBER"], &[(project, "GROUP_ACCESS_MANAGER")]).pair);
    old(&manager, "GET", &invites, None).await.refused(401, "USER_UNAUTHORIZED");
}

#[tokio::test]
async fn roles_are_replaced_as_a_whole() {
    let world = World::demo().await;
    let (org, client) = world.retail();
    let person = world.sandbox.plant_person(&org.org_id, "grace@example.org", &["ORG_MEMBER"]).unwrap();
    let in_org = format!("/orgs/{}/users/{person}", org.org_id);
    let roles = format!("{in_org}/roles");
    let answer = ok(&client, "PUT", &roles, Some(json!({ "orgRoles": ["ORG_READ_ONLY", "ORG_BILLING_ADMIN"] }))).await;
    assert_eq!(answer["orgRoles"], json!(["ORG_READ_ONLY", "ORG_BILLING_ADMIN"]));
    assert_eq!(client.get(&in_org).await.ok()["roles"]["orgRoles"], answer["orgRoles"]);
    old(&client, "PUT", &roles, Some(json!({ "orgRoles": [] }))).await.refused(403, "CANNOT_REMOVE_ALL_USER_ROLES");
    old(&client, "PUT", &roles, Some(json!({}))).await.refused(400, "MISSING_ATTRIBUTE");

    let project = &org.project_ids[0];
    let roles = format!("/groups/{project}/users/{person}/roles");
    let wanted = json!({ "groupRoles": ["GROUP_OWNER"] });
    old(&client, "PUT", &roles, Some(wanted.clone())).await.refused(404, "USER_NOT_IN_GROUP");
    let access = format!("/groups/{project}/access");
    let body = |name: &str| json!({ "username": name, "roles": ["GROUP_READ_ONLY"] });
    assert_eq!(client.post(&access, body("grace@example.org")).await.status, 204, "members get in at once");
    client.post(&access, body("grace@example.org")).await.refused(409, "USER_ALREADY_EXISTS");
    assert_eq!(ok(&client, "PUT", &roles, Some(wanted)).await["groupRoles"], json!(["GROUP_OWNER"]));
    let invited = client.post(&access, body("stranger@example.org")).await.ok();
    assert_eq!((&invited["roles"], &invited["orgId"]), (&json!(["ORG_MEMBER"]), &json!(org.org_id)));
    let early = Ask { accept: Some("application/vnd.atlas.2023-01-01+json"), ..Ask::new("POST", &access) };
    client.ask(early.json(&body("x@example.org"))).await.refused(406, "INVALID_VERSION_DATE");
}

#[tokio::test]
async fn accounts_are_made_and_seen_by_owners() {
    let world = World::demo().await;
    let (org, client) = world.retail();
    let body = json!({
        "username": "alan.turing@example.org",
        "emailAddress": "alan.turing@example.org",
        "password": "correct horse battery",
        "firstName": "Alan",
        "lastName": "Turing",
        "country": "GB",
        "mobileNumber": "2125550142",
        "roles": [{ "groupId": org.project_ids[0], "roleName": "GROUP_OWNER" }],
    });
    let answer = client.post("/users", body.clone()).await;
    assert!(!answer.text.contains("battery"), "a password is never answered");
    let made = answer.ok();
    assert_eq!((&made["firstName"], &made["roles"][0]["roleName"]), (&json!("Alan"), &json!("ORG_MEMBER")));
    client.post("/users", body.clone()).await.refused(409, "USER_ALREADY_EXISTS");
    let invited = client.get(&format!("/orgs/{}/users?username=alan.turing%40example.org", org.org_id)).await.ok();
    assert_eq!(invited["results"][0]["orgMembershipStatus"], "PENDING");
    assert_eq!(invited["results"][0]["id"], made["id"]);
    let one = format!("/users/{}", made["id"].as_str().unwrap());
    client.get(&one).await.refused(401, "NOT_USER_ADMIN");
    assert!(world.sandbox.accept_invitation(&org.org_id, "alan.turing@example.org"));
    let seen = client.get(&one).await;
    assert_eq!(seen.header("sunset"), "Thu, 01 Jul 2027 00:00:00 GMT");
    assert_eq!(seen.ok()["country"], "GB");
    assert_eq!(client.get("/users/byName/Alan.Turing%40example.org").await.ok()["id"], made["id"]);
    client.get("/users/byName/nobody%40example.org").await.refused(404, "USERNAME_NOT_FOUND");
    client.get(&format!("/users/{}", "0".repeat(24))).await.refused(404, "USER_NOT_FOUND");

    let project_owner =
        world.client(&world.key(&org.org_id, &["ORG_MEMBER"], &[(&org.project_ids[0], "GROUP_OWNER")]).pair);
    project_owner.get(&one).await.ok();
    let member = world.client(&world.key(&org.org_id, &["ORG_MEMBER"], &[]).pair);
    member.get(&one).await.refused(401, "NOT_USER_ADMIN");
    member.post("/users", json!({ "username": "x@example.org" })).await.refused(400, "MISSING_ATTRIBUTE");
    let with = |field: &str, value: Value| {
        let mut changed = body.clone();
        changed["username"] = "somebody.else@example.org".into();
        changed[field] = value;
        changed
    };
    for (field, value, status, code) in [
        ("country", json!("gb"), 400, "INVALID_ATTRIBUTE"),
        ("password", json!("short"), 400, "INVALID_ATTRIBUTE"),
        ("roles", json!([]), 400, "MISSING_ATTRIBUTE"),
        ("roles", json!([{ "roleName": "ORG_OWNER" }]), 400, "MISSING_ONE_OF_ATTRIBUTES"),
        ("roles", json!([{ "orgId": world.org("Payments EU").org_id, "roleName": "ORG_OWNER" }]), 401, "NOT_ORG_OWNER"),
    ] {
        client.post("/users", with(field, value)).await.refused(status, code);
    }
    let theirs = world.org("Payments EU");
    let foreign = world.client(theirs.writer.as_ref().unwrap());
    foreign.get(&one).await.refused(401, "NOT_USER_ADMIN");
}
