//! People in organizations and projects, invited and active.

use std::time::Duration;

use serde_json::{Value, json};

use crate::support::{
    World,
    client::{Answer, Ask, Client},
};

/// The release that knows active people only.
pub(crate) const OLD: &str = "application/vnd.atlas.2023-01-01+json";

const DAY: Duration = Duration::from_secs(24 * 3600);

/// The body of a 201.
#[track_caller]
pub(crate) fn created(answer: Answer) -> Value {
    assert_eq!(answer.status, 201, "{}", answer.text);
    answer.json()
}

/// Asks for a path with the old release.
pub(crate) async fn old(client: &Client, method: &str, path: &str, body: Option<Value>) -> Answer {
    let ask = Ask { accept: Some(OLD), ..Ask::new(method, path) };
    client.ask(body.map_or(ask.clone(), |body| ask.json(&body))).await
}

/// What happened in an organization since `before` events, in Atlas's words.
pub(crate) fn kinds(world: &World, org_id: &str, before: usize) -> Vec<String> {
    let events = world.sandbox.events(org_id).split_off(before);
    events.iter().map(|event| event["eventTypeName"].as_str().unwrap().to_owned()).collect()
}

pub(crate) fn names(list: &Value) -> Vec<&str> {
    list["results"].as_array().unwrap().iter().map(|one| one["username"].as_str().unwrap()).collect()
}

fn member(username: &str) -> Value {
    json!({ "username": username, "roles": { "orgRoles": ["ORG_MEMBER"] } })
}

#[tokio::test]
async fn somebody_is_invited_changed_and_removed() {
    let world = World::demo().await;
    let (org, client) = world.retail();
    let before = world.sandbox.events(&org.org_id).len();
    let users = format!("/orgs/{}/users", org.org_id);
    let teams = client.get(&format!("/orgs/{}/teams", org.org_id)).await.ok();
    let team = teams["results"][0]["id"].as_str().unwrap();
    let assignment = json!([{ "groupId": org.project_ids[0], "groupRoles": ["GROUP_READ_ONLY"] }]);
    let body = json!({
        "username": "ada.lovelace@example.org",
        "roles": { "orgRoles": ["ORG_MEMBER"], "groupRoleAssignments": assignment },
        "teamIds": [team],
    });
    let made = created(client.post(&users, body.clone()).await);
    assert_eq!((made["orgMembershipStatus"].as_str(), &made["teamIds"]), (Some("PENDING"), &json!([team])));
    assert_eq!(made["inviterUsername"], org.writer.as_ref().unwrap().public_key, "a key invites by its public key");
    assert_eq!(made["invitationCreatedAt"], "2026-08-10T03:02:57Z");
    assert_eq!(made["invitationExpiresAt"], "2026-09-09T03:02:57Z", "30 days");
    assert_eq!(made["roles"]["groupRoleAssignments"], assignment);
    client.post(&users, body).await.refused(409, "USER_ALREADY_EXISTS");

    let one = format!("{users}/{}", made["id"].as_str().unwrap());
    assert_eq!(client.get(&one).await.ok(), made);
    let changed = client.patch(&one, json!({ "teamIds": [] })).await.ok();
    assert_eq!((&changed["teamIds"], &changed["roles"]), (&json!([]), &made["roles"]), "what is absent stays");
    let roles = json!({ "roles": { "orgRoles": ["ORG_READ_ONLY"], "groupRoleAssignments": [] } });
    let changed = client.patch(&one, roles).await.ok();
    assert_eq!(changed["roles"], json!({ "orgRoles": ["ORG_READ_ONLY"], "groupRoleAssignments": [] }));
    let added = client.post(&format!("{one}:addRole"), json!({ "orgRole": "ORG_OWNER" })).await.ok();
    assert_eq!(added["roles"]["orgRoles"], json!(["ORG_READ_ONLY", "ORG_OWNER"]));
    let removed = client.post(&format!("{one}:removeRole"), json!({ "orgRole": "ORG_READ_ONLY" })).await.ok();
    assert_eq!(removed["roles"]["orgRoles"], json!(["ORG_OWNER"]), "somebody invited is no last owner");
    client
        .post(&format!("{one}:removeRole"), json!({ "orgRole": "ORG_OWNER" }))
        .await
        .refused(403, "CANNOT_REMOVE_ALL_USER_ROLES");
    assert_eq!(client.delete(&one).await.status, 204);
    client.get(&one).await.refused(404, "USER_NOT_IN_ORG");
    client.delete(&one).await.refused(404, "USER_NOT_IN_ORG");
    assert_eq!(
        kinds(&world, &org.org_id, before),
        [
            "INVITED_TO_ORG",
            "REMOVED_FROM_TEAM",
            "USER_ROLES_CHANGED_AUDIT",
            "USER_ROLES_CHANGED_AUDIT",
            "USER_ROLES_CHANGED_AUDIT",
            "ORG_INVITATION_DELETED",
        ]
    );
    assert_eq!(world.sandbox.events(&org.org_id)[before]["targetUsername"], "ada.lovelace@example.org");
}

#[tokio::test]
async fn an_invitation_is_accepted_declined_or_expires() {
    let world = World::demo().await;
    let (org, client) = world.retail();
    let users = format!("/orgs/{}/users", org.org_id);
    let mut ids = Vec::new();
    for name in ["accepts", "declines", "waits"] {
        let made = created(client.post(&users, member(&format!("{name}@example.org"))).await);
        ids.push(format!("{users}/{}", made["id"].as_str().unwrap()));
    }
    let before = world.sandbox.events(&org.org_id).len();
    assert!(world.sandbox.accept_invitation(&org.org_id, "Accepts@example.org"));
    assert!(!world.sandbox.accept_invitation(&org.org_id, "accepts@example.org"), "there is nothing left to accept");
    assert!(world.sandbox.decline_invitation(&org.org_id, "declines@example.org"));
    assert!(!world.sandbox.accept_invitation(&org.org_id, "declines@example.org"));
    assert_eq!(kinds(&world, &org.org_id, before), ["JOINED_ORG"]);

    let accepted = client.get(&ids[0]).await.ok();
    assert_eq!((accepted["orgMembershipStatus"].as_str(), &accepted["firstName"]), (Some("ACTIVE"), &json!("Accepts")));
    assert!(accepted.get("inviterUsername").is_none());
    client.get(&ids[1]).await.refused(404, "USER_NOT_IN_ORG");
    let declined = client.get(&format!("{}?orgMembershipStatuses=INVITATION_REJECTED", ids[1])).await.ok();
    assert_eq!(declined["invitationExpiresAt"], Value::Null);

    world.sandbox.advance(30 * DAY);
    client.get(&ids[2]).await.refused(404, "USER_NOT_IN_ORG");
    let late = client.get(&format!("{}?orgMembershipStatuses=INVITATION_EXPIRED", ids[2])).await.ok();
    assert_eq!(late["orgMembershipStatus"], "INVITATION_EXPIRED");
    client.delete(&ids[2]).await.refused(404, "USER_NOT_IN_ORG");
    assert!(!world.sandbox.accept_invitation(&org.org_id, "waits@example.org"));
    for name in ["declines", "waits"] {
        let again = created(client.post(&users, member(&format!("{name}@example.org"))).await);
        assert_eq!(again["orgMembershipStatus"], "PENDING", "a new invitation replaces the old one");
        let all = "orgMembershipStatuses=PENDING&orgMembershipStatuses=INVITATION_EXPIRED&orgMembershipStatuses=INVITATION_REJECTED";
        let found = client.get(&format!("{users}?username={name}%40example.org&{all}")).await.ok();
        assert_eq!(found["totalCount"], 1);
    }
}

#[tokio::test]
async fn lists_of_people_are_filtered() {
    let world = World::demo().await;
    let (org, client) = world.retail();
    let users = format!("/orgs/{}/users", org.org_id);
    let usual = client.get(&format!("{users}?itemsPerPage=500")).await.ok();
    let statuses: std::collections::BTreeSet<&str> =
        usual["results"].as_array().unwrap().iter().map(|one| one["orgMembershipStatus"].as_str().unwrap()).collect();
    assert_eq!(Vec::from_iter(statuses), ["ACTIVE", "PENDING"]);
    let count = async |query: &str| client.get(&format!("{users}?{query}")).await.ok()["totalCount"].as_u64().unwrap();
    assert_eq!(
        count("orgMembershipStatuses=ACTIVE").await + count("orgMembershipStatus=PENDING").await,
        usual["totalCount"].as_u64().unwrap()
    );
    assert!(count("orgMembershipStatuses=INVITATION_EXPIRED").await > 0);
    assert!(count("orgMembershipStatuses=INVITATION_REJECTED").await > 0);
    let first = names(&usual)[0];
    assert_eq!(count(&format!("username={}", first.to_uppercase().replace('@', "%40"))).await, 1);
    assert_eq!(count("username=nobody%40example.org").await, 0);
    for query in
        ["orgMembershipStatuses=HERE", "orgMembershipStatus=ACTIVE&orgMembershipStatuses=ACTIVE", "flattenTeams=true"]
    {
        client.get(&format!("{users}?{query}")).await.refused(400, "INVALID_QUERY_PARAMETER");
    }
}

#[tokio::test]
async fn the_old_release_knows_active_people_only_and_says_that_it_ends() {
    let world = World::demo().await;
    let (org, client) = world.retail();
    let (users, in_project) = (format!("/orgs/{}/users", org.org_id), format!("/groups/{}/users", org.project_ids[0]));
    let active = client.get(&format!("{users}?orgMembershipStatuses=ACTIVE")).await;
    assert_eq!(active.header("sunset"), "");
    let active = active.ok();
    let seen = old(&client, "GET", &users, None).await;
    assert_eq!(seen.header("sunset"), "Thu, 01 Jul 2027 00:00:00 GMT");
    assert_eq!(seen.header("deprecation"), "Wed, 19 Feb 2025 00:00:00 GMT");
    let seen = seen.ok();
    assert_eq!(names(&seen), names(&active));
    assert_eq!(seen["results"][0]["emailAddress"], seen["results"][0]["username"]);
    old(&client, "GET", &format!("{users}?username=a%40b"), None).await.refused(400, "INVALID_QUERY_PARAMETER");
    old(&client, "GET", &in_project, None).await.ok();

    let invited = created(client.post(&users, member("new@example.org")).await);
    let one = format!("{users}/{}", invited["id"].as_str().unwrap());
    old(&client, "DELETE", &one, None).await.refused(404, "USER_NOT_IN_ORG");
    let body = json!({ "username": "new@example.org", "roles": ["GROUP_OWNER"] });
    created(client.post(&in_project, body).await);
    let here = format!("{in_project}/{}", invited["id"].as_str().unwrap());
    old(&client, "DELETE", &here, None).await.refused(404, "USER_NOT_IN_GROUP");
    assert!(world.sandbox.accept_invitation(&org.org_id, "new@example.org"));
    assert_eq!(old(&client, "DELETE", &here, None).await.status, 204);
    assert_eq!(old(&client, "DELETE", &one, None).await.status, 204);
    old(&client, "GET", &one, None).await.refused(406, "INVALID_VERSION_DATE");
}

#[tokio::test]
async fn the_last_owner_stays() {
    let world = World::demo().await;
    let org = world.org("Retail Platform");
    let client = world.client(org.writer.as_ref().unwrap());
    let users = format!("/orgs/{}/users", org.org_id);
    let list = client.get(&format!("{users}?orgMembershipStatuses=ACTIVE&itemsPerPage=500")).await.ok();
    let is_owner = |one: &&Value| one["roles"]["orgRoles"].as_array().unwrap().contains(&json!("ORG_OWNER"));
    let owners: Vec<&Value> = list["results"].as_array().unwrap().iter().filter(is_owner).collect();
    let (last, others) = owners.split_last().unwrap();
    for other in others {
        assert_eq!(client.delete(&format!("{users}/{}", other["id"].as_str().unwrap())).await.status, 204);
    }
    let one = format!("{users}/{}", last["id"].as_str().unwrap());
    client.delete(&one).await.refused(403, "CANNOT_DELETE_LAST_ADMIN");
    let members = json!({ "roles": { "orgRoles": ["ORG_MEMBER"] } });
    client.patch(&one, members.clone()).await.refused(403, "CANNOT_DEMOTE_LAST_ORG_OWNER");
    client.post(&format!("{one}:addRole"), json!({ "orgRole": "ORG_MEMBER" })).await.ok();
    client
        .post(&format!("{one}:removeRole"), json!({ "orgRole": "ORG_OWNER" }))
        .await
        .refused(403, "CANNOT_DEMOTE_LAST_ORG_OWNER");
    let body = json!({ "username": "heir@example.org", "roles": { "orgRoles": ["ORG_OWNER"] } });
    created(client.post(&users, body).await);
    client.patch(&one, members.clone()).await.refused(403, "CANNOT_DEMOTE_LAST_ORG_OWNER");
    assert!(world.sandbox.accept_invitation(&org.org_id, "heir@example.org"));
    client.patch(&one, members).await.ok();
}

#[tokio::test]
async fn people_of_a_project_come_by_their_own_roles_by_teams_and_by_the_organization() {
    let world = World::demo().await;
    let (org, client) = world.retail();
    let before = world.sandbox.events(&org.org_id).len();
    let project = &org.project_ids[3];
    let users = format!("/groups/{project}/users");
    let body = json!({ "username": "grace.hopper@example.org", "roles": ["GROUP_READ_ONLY"] });
    let made = created(client.post(&users, body.clone()).await);
    assert_eq!((&made["orgMembershipStatus"], &made["roles"]), (&json!("PENDING"), &json!(["GROUP_READ_ONLY"])));
    client.post(&users, body).await.refused(409, "USER_ALREADY_EXISTS");
    let id = made["id"].as_str().unwrap();
    let in_org = client.get(&format!("/orgs/{}/users/{id}", org.org_id)).await.ok();
    assert_eq!(in_org["roles"]["orgRoles"], json!(["ORG_MEMBER"]), "invited to the organization too");

    let one = format!("{users}/{id}");
    assert_eq!(client.get(&one).await.ok(), made);
    let added = client.post(&format!("{one}:addRole"), json!({ "groupRole": "GROUP_OWNER" })).await.ok();
    assert_eq!(added["roles"], json!(["GROUP_READ_ONLY", "GROUP_OWNER"]));
    let left = client.post(&format!("{one}:removeRole"), json!({ "groupRole": "GROUP_READ_ONLY" })).await.ok();
    assert_eq!(left["roles"], json!(["GROUP_OWNER"]));
    client
        .post(&format!("{one}:removeRole"), json!({ "groupRole": "GROUP_OWNER" }))
        .await
        .refused(403, "CANNOT_REMOVE_ALL_USER_ROLES");
    client
        .post(&format!("{one}:addRole"), json!({ "groupRole": "ORG_OWNER" }))
        .await
        .refused(400, "INVALID_ROLE_FOR_GROUP");
    assert_eq!(client.delete(&one).await.status, 204);
    client.get(&one).await.refused(404, "USER_NOT_IN_GROUP");
    client.delete(&one).await.refused(404, "USER_NOT_IN_GROUP");
    assert_eq!(
        kinds(&world, &org.org_id, before),
        ["INVITED_TO_ORG", "USER_ROLES_CHANGED_AUDIT", "USER_ROLES_CHANGED_AUDIT", "REMOVED_FROM_GROUP"]
    );
    let again = json!({ "username": "grace.hopper@example.org", "roles": ["GROUP_OWNER"] });
    created(client.post(&users, again).await);
    assert_eq!(kinds(&world, &org.org_id, before + 4), ["INVITED_TO_GROUP"], "the open invitation is extended");

    let read = async |query: &str| client.get(&format!("{users}?itemsPerPage=500&{query}")).await.ok();
    let (own, teams, orgs) = (read("").await, read("flattenTeams=true").await, read("includeOrgUsers=true").await);
    let count = |list: &Value| list["totalCount"].as_u64().unwrap();
    assert!(count(&own) > 0 && count(&orgs) > count(&own));
    assert!(count(&teams) >= count(&own));
    let planted = world.sandbox.plant_person(&org.org_id, "only.by.team@example.org", &["ORG_MEMBER"]).unwrap();
    let list = client.get(&format!("/orgs/{}/teams", org.org_id)).await.ok();
    let team = list["results"][0]["id"].as_str().unwrap();
    client.post(&format!("/orgs/{}/teams/{team}:addUser", org.org_id), json!({ "id": planted })).await.ok();
    let assigned = json!([{ "teamId": team, "roleNames": ["GROUP_CLUSTER_MANAGER"] }]);
    client.delete(&format!("/groups/{project}/teams/{team}")).await;
    client.post(&format!("/groups/{project}/teams"), assigned).await.ok();
    assert_eq!(count(&read("username=only.by.team%40example.org").await), 0);
    let found = read("flattenTeams=true&username=only.by.team%40example.org").await;
    assert_eq!(found["results"][0]["roles"], json!(["GROUP_CLUSTER_MANAGER"]));
    client.get(&format!("{users}/{planted}")).await.refused(404, "USER_NOT_IN_GROUP");
    client.get(&format!("{users}?flattenTeams=maybe")).await.refused(400, "INVALID_QUERY_PARAMETER");
}

#[tokio::test]
async fn bodies_about_people_are_read_strictly() {
    let world = World::demo().await;
    let (org, client) = world.retail();
    let users = format!("/orgs/{}/users", org.org_id);
    let roles = json!({ "orgRoles": ["ORG_MEMBER"] });
    let elsewhere = &world.org("Payments EU").project_ids[0];
    let to = |assignment: Value| json!({ "orgRoles": ["ORG_MEMBER"], "groupRoleAssignments": [assignment] });
    let name = "a.b@example.org";
    for (body, status, code) in [
        (json!({ "roles": roles }), 400, "MISSING_ATTRIBUTE"),
        (json!({ "username": "nobody", "roles": roles }), 400, "INVALID_ATTRIBUTE"),
        (json!({ "username": "a b@example.org", "roles": roles }), 400, "INVALID_ATTRIBUTE"),
        (json!({ "username": 7, "roles": roles }), 400, "INVALID_ATTRIBUTE"),
        (json!({ "username": name }), 400, "MISSING_ATTRIBUTE"),
        (json!({ "username": name, "roles": ["ORG_MEMBER"] }), 400, "INVALID_JSON"),
        (json!({ "username": name, "roles": { "orgRoles": [] } }), 400, "MISSING_ATTRIBUTE"),
        (json!({ "username": name, "roles": { "orgRoles": "ORG_MEMBER" } }), 400, "INVALID_ATTRIBUTE"),
        (json!({ "username": name, "roles": { "orgRoles": ["GROUP_OWNER"] } }), 400, "INVALID_ROLE_FOR_ORG"),
        (json!({ "username": name, "roles": { "orgRoles": ["ORG_KING"] } }), 400, "INVALID_ENUM_VALUE"),
        (
            json!({ "username": name, "roles": to(json!({ "groupId": elsewhere, "groupRoles": ["GROUP_OWNER"] })) }),
            404,
            "GROUP_NOT_FOUND",
        ),
        (
            json!({ "username": name, "roles": to(json!({ "groupId": org.project_ids[0], "groupRoles": [] })) }),
            403,
            "NO_ROLES_IN_ASSIGNMENT",
        ),
        (json!({ "username": name, "roles": to(json!({ "groupRoles": ["GROUP_OWNER"] })) }), 400, "MISSING_ATTRIBUTE"),
        (json!({ "username": name, "roles": roles, "teamIds": ["000000000000000000000000"] }), 404, "TEAM_NOT_FOUND"),
        (json!({ "username": name, "roles": roles, "teamIds": ["x"] }), 400, "INVALID_ATTRIBUTE"),
        (json!({ "username": name, "roles": roles, "firstName": "A" }), 400, "INVALID_ATTRIBUTE"),
        (json!({ "username": name, "roles": roles, "id": "x" }), 400, "ATTRIBUTE_READ_ONLY"),
    ] {
        client.post(&users, body).await.refused(status, code);
    }
    client.get(&format!("{users}/{name}")).await.refused(400, "PATH_PARAM_PARSE_ERROR");
    client
        .post(&format!("{users}/000000000000000000000000:addRole"), json!({}))
        .await
        .refused(400, "MISSING_ATTRIBUTE");
}

#[tokio::test]
async fn people_ask_for_the_same_roles_as_everything_else() {
    let world = World::demo().await;
    let (org, owner) = world.retail();
    let project = org.project_ids[0].as_str();
    let plant = |org_roles: &[&str], project_roles: &[(&str, &str)]| {
        world.client(&world.key(&org.org_id, org_roles, project_roles).pair)
    };
    let member = plant(&["ORG_MEMBER"], &[]);
    let reader = plant(&["ORG_MEMBER"], &[(project, "GROUP_READ_ONLY")]);
    let manager = plant(&["ORG_MEMBER"], &[(project, "GROUP_ACCESS_MANAGER")]);
    let users = format!("/orgs/{}/users", org.org_id);
    let list = member.get(&users).await.ok();
    let one = format!("{users}/{}", list["results"][7]["id"].as_str().unwrap());
    member.get(&one).await.ok();
    for answer in [
        member.post(&users, json!({})).await,
        member.patch(&one, json!({})).await,
        member.delete(&one).await,
        member.post(&format!("{one}:addRole"), json!({})).await,
        member.post(&format!("{one}:removeRole"), json!({})).await,
    ] {
        answer.refused(401, "NOT_ORG_OWNER");
    }
    let here = format!("/groups/{project}/users");
    member.get(&here).await.refused(401, "NOT_IN_GROUP");
    reader.get(&here).await.ok();
    let body = json!({ "username": "new@example.org", "roles": ["GROUP_READ_ONLY"] });
    reader.post(&here, body.clone()).await.refused(401, "NOT_GROUP_USER_ADMIN");
    let made = created(manager.post(&here, body).await);
    let one = format!("{here}/{}", made["id"].as_str().unwrap());
    reader.delete(&one).await.refused(401, "NOT_GROUP_USER_ADMIN");
    reader.post(&format!("{one}:addRole"), json!({})).await.refused(401, "NOT_GROUP_USER_ADMIN");
    assert_eq!(manager.delete(&one).await.status, 204);
    let other = world.org("Payments EU").org_id;
    owner.get(&format!("/orgs/{other}/users")).await.refused(401, "USER_CANNOT_ACCESS_ORG");
}

#[tokio::test]
async fn an_address_sends_ten_invitations_a_minute() {
    let world = World::demo().await;
    let (org, client) = world.retail();
    let users = format!("/orgs/{}/users", org.org_id);
    for number in 0..10 {
        created(client.post(&users, member(&format!("guest{number}@example.org"))).await);
    }
    client.post(&users, member("guest10@example.org")).await.refused(400, "INVITATIONS_RATE_LIMITED_IP");
    client
        .post(
            &format!("/groups/{}/users", org.project_ids[0]),
            json!({ "username": "x@example.org", "roles": ["GROUP_OWNER"] }),
        )
        .await
        .refused(400, "INVITATIONS_RATE_LIMITED_IP");
    client.post(&users, member("guest3@example.org")).await.refused(409, "USER_ALREADY_EXISTS");
    world.sandbox.advance(Duration::from_secs(60));
    created(client.post(&users, member("guest10@example.org")).await);
}

#[tokio::test]
async fn an_organization_holds_500_people() {
    let world = World::demo().await;
    let (org, client) = world.retail();
    let users = format!("/orgs/{}/users", org.org_id);
    let total = client.get(&format!("{users}?itemsPerPage=1")).await.ok()["totalCount"].as_u64().unwrap();
    for number in total..499 {
        world.sandbox.plant_person(&org.org_id, &format!("colleague{number}@example.org"), &["ORG_MEMBER"]).unwrap();
    }
    created(client.post(&users, member("last@example.org")).await);
    client.post(&users, member("late@example.org")).await.refused(400, "MAX_USERS_PER_ORG_EXCEEDED");
    assert_eq!(client.get(&format!("{users}?itemsPerPage=500")).await.ok()["results"].as_array().unwrap().len(), 500);
}
