//! Teams of an organization and of a project.

use serde_json::{Value, json};

use crate::{
    support::{World, client::Client},
    users::{created, kinds, names, old},
};

/// User names of active people.
async fn active(client: &Client, org: &str) -> Vec<String> {
    let list = client.get(&format!("/orgs/{org}/users?orgMembershipStatuses=ACTIVE&itemsPerPage=500")).await.ok();
    names(&list).into_iter().map(str::to_owned).collect()
}

async fn id_of(client: &Client, org: &str, username: &str) -> String {
    let found = client.get(&format!("/orgs/{org}/users?username={}", username.replace('@', "%40"))).await.ok();
    found["results"][0]["id"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_team_is_made_found_renamed_and_deleted() {
    let world = World::demo().await;
    let (org, client) = world.retail();
    let before = world.sandbox.events(&org.org_id).len();
    let teams = format!("/orgs/{}/teams", org.org_id);
    let people = active(&client, &org.org_id).await;
    let made = created(client.post(&teams, json!({ "name": "Night shift", "usernames": people[..2] })).await);
    assert_eq!(made["usernames"], json!(people[..2]));
    let one = format!("{teams}/{}", made["id"].as_str().unwrap());
    assert_eq!(client.get(&one).await.ok()["name"], "Night shift");
    assert_eq!(client.get(&format!("{teams}/byName/Night%20shift")).await.ok()["id"], made["id"]);
    client.get(&format!("{teams}/byName/Nobody")).await.refused(404, "TEAM_NOT_FOUND");
    client
        .post(&teams, json!({ "name": "Night shift", "usernames": people[..1] }))
        .await
        .refused(409, "TEAM_NAME_NOT_AVAILABLE");
    client.patch(&one, json!({ "name": "Night shift" })).await.ok();
    assert_eq!(client.patch(&one, json!({ "name": "Day shift" })).await.ok()["name"], "Day shift");
    assert_eq!(client.patch(&one, json!({ "name": "x".repeat(65) })).await.status, 400);
    assert_eq!(names(&client.get(&format!("{one}/users")).await.ok()), people[..2]);

    let in_project = format!("/groups/{}/teams", org.project_ids[0]);
    let assigned = json!([{ "teamId": made["id"], "roleNames": ["GROUP_READ_ONLY"] }]);
    client.post(&in_project, assigned).await.ok();
    client.delete(&one).await.refused(404, "CANNOT_DELETE_TEAM_ASSIGNED_TO_PROJECT");
    let assigned = format!("{in_project}/{}", made["id"].as_str().unwrap());
    assert_eq!(client.delete(&assigned).await.status, 204);
    assert_eq!(client.delete(&one).await.status, 204);
    client.get(&one).await.refused(404, "TEAM_NOT_FOUND");
    let person =
        client.get(&format!("/orgs/{}/users?username={}", org.org_id, people[0].replace('@', "%40"))).await.ok();
    assert!(!person["results"][0]["teamIds"].as_array().unwrap().contains(&made["id"]), "nobody is in it any more");
    assert_eq!(
        kinds(&world, &org.org_id, before),
        [
            "TEAM_CREATED",
            "JOINED_TEAM",
            "JOINED_TEAM",
            "TEAM_NAME_CHANGED",
            "TEAM_NAME_CHANGED",
            "TEAM_ADDED_TO_GROUP",
            "TEAM_REMOVED_FROM_GROUP",
            "TEAM_DELETED",
        ]
    );
    assert_eq!(world.sandbox.events(&org.org_id)[before]["teamId"], made["id"]);
}

#[tokio::test]
async fn bodies_about_teams_are_read_strictly() {
    let world = World::demo().await;
    let (org, client) = world.retail();
    let teams = format!("/orgs/{}/teams", org.org_id);
    let people = active(&client, &org.org_id).await;
    let guests = client.get(&format!("/orgs/{}/users?orgMembershipStatuses=PENDING", org.org_id)).await.ok();
    let gone = client.get(&format!("/orgs/{}/users?orgMembershipStatuses=INVITATION_EXPIRED", org.org_id)).await.ok();
    for (body, status, code) in [
        (json!({ "usernames": people[..1] }), 400, "MISSING_ATTRIBUTE"),
        (json!({ "name": " ", "usernames": people[..1] }), 400, "INVALID_TEAM_NAME"),
        (json!({ "name": "New" }), 400, "CANNOT_CREATE_EMPTY_TEAM"),
        (json!({ "name": "New", "usernames": [] }), 400, "CANNOT_CREATE_EMPTY_TEAM"),
        (json!({ "name": "New", "usernames": "x" }), 400, "INVALID_ATTRIBUTE"),
        (json!({ "name": "New", "usernames": ["nobody@example.org"] }), 404, "USERNAME_NOT_FOUND"),
        (json!({ "name": "New", "usernames": [names(&guests)[0]] }), 404, "CANNOT_ADD_PENDING_USER"),
        (json!({ "name": "New", "usernames": [names(&gone)[0]] }), 404, "USERNAME_NOT_FOUND"),
        (json!({ "name": "New", "usernames": people[..1], "roles": [] }), 400, "INVALID_ATTRIBUTE"),
    ] {
        client.post(&teams, body).await.refused(status, code);
    }
    let elsewhere = world.org("Payments EU");
    let others = world.client(elsewhere.writer.as_ref().unwrap());
    let theirs = others.get(&format!("/orgs/{}/teams", elsewhere.org_id)).await.ok();
    let path = format!("{teams}/{}", theirs["results"][0]["id"].as_str().unwrap());
    client.get(&path).await.refused(404, "TEAM_NOT_IN_ORG");
    client.delete(&format!("{teams}/x")).await.refused(400, "PATH_PARAM_PARSE_ERROR");
}

#[tokio::test]
async fn people_join_and_leave_a_team() {
    let world = World::demo().await;
    let (org, client) = world.retail();
    let before = world.sandbox.events(&org.org_id).len();
    let people = active(&client, &org.org_id).await;
    let made = created(
        client.post(&format!("/orgs/{}/teams", org.org_id), json!({ "name": "New", "usernames": people[..1] })).await,
    );
    let team = format!("/orgs/{}/teams/{}", org.org_id, made["id"].as_str().unwrap());
    let (first, second) =
        (id_of(&client, &org.org_id, &people[0]).await, id_of(&client, &org.org_id, &people[1]).await);
    let joined = client.post(&format!("{team}:addUser"), json!({ "id": second })).await.ok();
    assert!(joined["teamIds"].as_array().unwrap().contains(&made["id"]));
    client.post(&format!("{team}:addUser"), json!({ "id": second })).await.refused(409, "USER_ALREADY_IN_TEAM");
    let left = client.post(&format!("{team}:removeUser"), json!({ "id": second })).await.ok();
    assert!(!left["teamIds"].as_array().unwrap().contains(&made["id"]));
    client.post(&format!("{team}:removeUser"), json!({ "id": second })).await.refused(404, "USER_NOT_IN_TEAM");
    client.post(&format!("{team}:addUser"), json!({ "id": "0".repeat(24) })).await.refused(404, "USER_NOT_IN_ORG");
    client.post(&format!("{team}:addUser"), json!({})).await.refused(400, "MISSING_ATTRIBUTE");
    assert_eq!(kinds(&world, &org.org_id, before), ["TEAM_CREATED", "JOINED_TEAM", "JOINED_TEAM", "REMOVED_FROM_TEAM"]);

    let read = async |status: &str| {
        client.get(&format!("/orgs/{}/users?orgMembershipStatuses={status}", org.org_id)).await.ok()
    };
    let (guests, gone) = (read("PENDING").await, read("INVITATION_EXPIRED").await);
    let (guest, gone) = (guests["results"][0]["id"].clone(), gone["results"][0]["id"].clone());
    client.post(&format!("{team}:addUser"), json!({ "id": gone })).await.refused(404, "USER_NOT_IN_ORG");
    client.post(&format!("{team}:addUser"), json!({ "id": guest })).await.ok();
    let users = format!("{team}/users");
    let seen = client.get(&users).await.ok();
    assert_eq!((names(&seen).len(), &seen["totalCount"]), (2, &json!(2)), "invited people are listed");
    assert_eq!(client.get(&format!("{users}?userId={first}")).await.ok()["totalCount"], 1);
    assert_eq!(client.get(&format!("{users}?orgMembershipStatuses=PENDING")).await.ok()["totalCount"], 1);
    client.get(&format!("{users}?includeCount=false")).await.refused(400, "INVALID_QUERY_PARAMETER");
    let seen = old(&client, "GET", &users, None).await.ok();
    assert_eq!(names(&seen), people[..1], "the old release shows active people only");
}

#[tokio::test]
async fn the_deprecated_way_into_a_team_is_for_active_people() {
    let world = World::demo().await;
    let (org, client) = world.retail();
    let people = active(&client, &org.org_id).await;
    let made = created(
        client.post(&format!("/orgs/{}/teams", org.org_id), json!({ "name": "New", "usernames": people[..1] })).await,
    );
    let users = format!("/orgs/{}/teams/{}/users", org.org_id, made["id"].as_str().unwrap());
    let guests = client.get(&format!("/orgs/{}/users?orgMembershipStatuses=PENDING", org.org_id)).await.ok();
    let (second, third) =
        (id_of(&client, &org.org_id, &people[1]).await, id_of(&client, &org.org_id, &people[2]).await);
    let with_guest = json!([{ "id": second }, { "id": guests["results"][0]["id"] }]);
    old(&client, "POST", &users, Some(with_guest)).await.refused(404, "CANNOT_ADD_PENDING_USER");
    assert_eq!(client.get(&users).await.ok()["totalCount"], 1, "all or none");
    let answer = old(&client, "POST", &users, Some(json!([{ "id": second }, { "id": third }]))).await;
    assert_eq!(answer.header("sunset"), "Thu, 01 Jul 2027 00:00:00 GMT");
    assert_eq!(names(&answer.ok()), people[..3]);
    old(&client, "POST", &users, Some(json!([{ "id": second }]))).await.refused(409, "USER_ALREADY_IN_TEAM");
    assert_eq!(old(&client, "DELETE", &format!("{users}/{second}"), None).await.status, 204);
    old(&client, "DELETE", &format!("{users}/{second}"), None).await.refused(404, "USER_NOT_IN_TEAM");
}

#[tokio::test]
async fn a_team_works_in_projects() {
    let world = World::demo().await;
    let (org, client) = world.retail();
    let project = &org.project_ids[0];
    let teams = format!("/groups/{project}/teams");
    let people = active(&client, &org.org_id).await;
    let mut ids: Vec<Value> = Vec::new();
    for name in ["One", "Two"] {
        let body = json!({ "name": name, "usernames": people[..1] });
        ids.push(created(client.post(&format!("/orgs/{}/teams", org.org_id), body).await)["id"].clone());
    }
    let before = world.sandbox.events(&org.org_id).len();
    let had = client.get(&teams).await.ok()["totalCount"].as_u64().unwrap();
    let role = |id: &Value, role: &str| json!({ "teamId": id, "roleNames": [role] });
    let added = client.post(&teams, json!([role(&ids[0], "GROUP_OWNER"), role(&ids[1], "GROUP_READ_ONLY")])).await.ok();
    assert_eq!(added["totalCount"], had + 2, "all teams of the project are answered");
    client.post(&teams, json!([role(&ids[0], "GROUP_OWNER")])).await.refused(409, "TEAM_EXISTS_IN_GROUP");
    let one = format!("{teams}/{}", ids[0].as_str().unwrap());
    assert_eq!(client.get(&one).await.ok()["roleNames"], json!(["GROUP_OWNER"]));
    let changed = client.patch(&one, role(&ids[0], "GROUP_READ_ONLY")).await.ok();
    assert_eq!(changed["totalCount"], had + 2, "a change answers a page, not one team");
    assert_eq!(client.get(&one).await.ok()["roleNames"], json!(["GROUP_READ_ONLY"]));
    client.patch(&one, role(&ids[1], "GROUP_OWNER")).await.refused(400, "INVALID_ATTRIBUTE");
    client.patch(&one, json!({ "teamId": ids[0], "roleNames": [] })).await.refused(400, "MISSING_ATTRIBUTE");
    client.patch(&one, role(&ids[0], "ORG_OWNER")).await.refused(400, "INVALID_ROLE_FOR_GROUP");
    assert_eq!(client.delete(&one).await.status, 204);
    client.get(&one).await.refused(404, "TEAM_NOT_IN_GROUP");
    client.delete(&one).await.refused(404, "TEAM_NOT_IN_GROUP");
    client.post(&teams, json!([role(&json!("0".repeat(24)), "GROUP_OWNER")])).await.refused(404, "TEAM_NOT_FOUND");
    assert_eq!(
        kinds(&world, &org.org_id, before),
        ["TEAM_ADDED_TO_GROUP", "TEAM_ADDED_TO_GROUP", "TEAM_ROLES_MODIFIED", "TEAM_REMOVED_FROM_GROUP"]
    );
    let member = world.client(&world.key(&org.org_id, &["ORG_MEMBER"], &[(project, "GROUP_READ_ONLY")]).pair);
    member.get(&teams).await.ok();
    member.post(&teams, json!([])).await.refused(401, "NOT_GROUP_USER_ADMIN");
    let org_teams = format!("/orgs/{}/teams", org.org_id);
    member.get(&org_teams).await.ok();
    member.post(&org_teams, json!({})).await.refused(401, "NOT_ORG_OWNER");
}

#[tokio::test]
async fn teams_have_atlass_limits() {
    let world = World::demo().await;
    let (org, client) = world.retail();
    let teams = format!("/orgs/{}/teams", org.org_id);
    let people = active(&client, &org.org_id).await;
    let had = client.get(&teams).await.ok()["totalCount"].as_u64().unwrap();
    let mut ids = Vec::new();
    for number in had..250 {
        let body = json!({ "name": format!("Team {number}"), "usernames": people[..1] });
        ids.push(created(client.post(&teams, body).await)["id"].clone());
    }
    let body = json!({ "name": "One too many", "usernames": people[..1] });
    client.post(&teams, body).await.refused(400, "MAX_TEAMS_PER_ORG_EXCEEDED");

    let in_project = format!("/groups/{}/teams", org.project_ids[0]);
    let there = client.get(&in_project).await.ok()["totalCount"].as_u64().unwrap();
    let room = usize::try_from(100 - there).unwrap();
    let assigned = |ids: &[Value]| -> Value {
        ids.iter().map(|id| json!({ "teamId": id, "roleNames": ["GROUP_READ_ONLY"] })).collect()
    };
    client.post(&in_project, assigned(&ids[..=room])).await.refused(400, "MAX_TEAMS_PER_GROUP_EXCEEDED");
    assert_eq!(client.post(&in_project, assigned(&ids[..room])).await.ok()["totalCount"], 100);

    let mut planted = Vec::new();
    for number in 0..250 {
        let name = format!("colleague{number}@example.org");
        planted.push(world.sandbox.plant_person(&org.org_id, &name, &["ORG_MEMBER"]).unwrap());
    }
    let users = format!("{teams}/{}/users", ids[0].as_str().unwrap());
    let body = |ids: &[String]| -> Value { ids.iter().map(|id| json!({ "id": id })).collect() };
    old(&client, "POST", &users, Some(body(&planted))).await.refused(400, "MAX_USERS_PER_TEAM_EXCEEDED");
    assert_eq!(old(&client, "POST", &users, Some(body(&planted[..249]))).await.ok()["totalCount"], 250);
    let add = format!("{teams}/{}:addUser", ids[0].as_str().unwrap());
    client.post(&add, json!({ "id": planted[249] })).await.refused(400, "MAX_USERS_PER_TEAM_EXCEEDED");
}
