//! Service accounts of a project.

use atlas_sandbox::ClientSecret;
use serde_json::json;

use crate::support::World;

#[tokio::test]
async fn an_account_made_in_a_project_becomes_a_member_of_the_organization() {
    let world = World::demo().await;
    let (org, client) = world.retail();
    let project = org.project_ids[0].as_str();
    let all = format!("/groups/{project}/serviceAccounts");
    let body = json!({
        "name": "deploy", "description": "Deploys", "roles": ["GROUP_CLUSTER_MANAGER"], "secretExpiresAfterHours": 100,
    });
    let made = client.post(&all, body).await.created();
    assert_eq!(made["roles"], json!(["GROUP_CLUSTER_MANAGER"]));
    let account = ClientSecret {
        client_id: made["clientId"].as_str().unwrap().to_owned(),
        client_secret: made["secrets"][0]["secret"].as_str().unwrap().to_owned(),
    };
    let in_org = client.get(&format!("/orgs/{}/serviceAccounts/{}", org.org_id, account.client_id)).await.ok();
    assert_eq!(in_org["roles"], json!(["ORG_MEMBER"]));
    let own = world.signed_in(&account).await;
    assert_eq!(own.get("/groups").await.ok()["results"][0]["id"], project);
    let listed = own.get(&format!("{all}?itemsPerPage=500")).await.ok();
    assert!(listed["results"].as_array().unwrap().iter().any(|one| one["clientId"] == account.client_id.as_str()));
    own.get(&format!("/orgs/{}/serviceAccounts", org.org_id)).await.refused(401, "USER_UNAUTHORIZED");
}

#[tokio::test]
async fn an_invited_account_keeps_its_credentials_when_the_project_lets_it_go() {
    let world = World::demo().await;
    let (org, client) = world.retail();
    let project = org.project_ids[0].as_str();
    let account = world.account(&org.org_id, &["ORG_MEMBER"], &[], &[]);
    let one = format!("/groups/{project}/serviceAccounts/{}", account.client_id);
    client.get(&one).await.refused(404, "SERVICE_ACCOUNT_NOT_FOUND");
    client.post(&format!("{one}:invite"), json!({ "roles": [] })).await.refused(400, "INVALID_ATTRIBUTE");
    client.post(&format!("{one}:invite"), json!({})).await.refused(400, "MISSING_ATTRIBUTE");
    client
        .post(&format!("{one}:invite"), json!({ "roles": ["ORG_OWNER"] }))
        .await
        .refused(400, "INVALID_ROLE_FOR_GROUP");
    let invited = client.post(&format!("{one}:invite"), json!({ "roles": ["GROUP_OWNER"] })).await.ok();
    assert_eq!(invited["roles"], json!(["GROUP_OWNER"]));
    let again = client.post(&format!("{one}:invite"), json!({ "roles": ["GROUP_READ_ONLY"] })).await.ok();
    assert_eq!(again["roles"], json!(["GROUP_READ_ONLY"]), "an assignment replaces the roles");
    let own = world.signed_in(&account).await;
    assert_eq!(own.get(&one).await.status, 200);
    client.delete(&one).await.gone();
    client.delete(&one).await.refused(404, "SERVICE_ACCOUNT_NOT_FOUND");
    own.get(&one).await.refused(401, "NOT_IN_GROUP");
    assert_eq!(world.signed_in(&account).await.get("/orgs").await.status, 200);
}

#[tokio::test]
async fn owners_of_a_project_manage_the_secrets_of_accounts_that_are_the_projects_alone() {
    let world = World::demo().await;
    let (org, owner) = world.retail();
    let (project, other) = (org.project_ids[0].as_str(), org.project_ids[1].as_str());
    let client = world.client(&world.key(&org.org_id, &["ORG_MEMBER"], &[(project, "GROUP_OWNER")]).pair);
    let own = world.account(&org.org_id, &["ORG_MEMBER"], &[(project, "GROUP_READ_ONLY")], &[]);
    let reader = world.account(&org.org_id, &["ORG_READ_ONLY"], &[(project, "GROUP_READ_ONLY")], &[]);
    let shared = world.account(&org.org_id, &["ORG_MEMBER"], &[(project, "GROUP_OWNER"), (other, "GROUP_OWNER")], &[]);
    let hours = json!({ "secretExpiresAfterHours": 8 });
    let secrets = |account: &ClientSecret| format!("/groups/{project}/serviceAccounts/{}/secrets", account.client_id);
    let made = client.post(&secrets(&own), hours.clone()).await.created();
    client.delete(&format!("{}/{}", secrets(&own), made["id"].as_str().unwrap())).await.gone();
    for account in [&reader, &shared] {
        client.post(&secrets(account), hours.clone()).await.refused(401, "NOT_ORG_OWNER");
        let made = owner.post(&secrets(account), hours.clone()).await.created();
        let secret = format!("{}/{}", secrets(account), made["id"].as_str().unwrap());
        client.delete(&secret).await.refused(401, "NOT_ORG_OWNER");
        owner.delete(&secret).await.gone();
    }
}

#[tokio::test]
async fn managers_of_a_project_change_the_list_of_any_account_in_it() {
    let world = World::demo().await;
    let (org, owner) = world.retail();
    let project = org.project_ids[0].as_str();
    let client = world.client(&world.key(&org.org_id, &["ORG_MEMBER"], &[(project, "GROUP_ACCESS_MANAGER")]).pair);
    let account = world.account(&org.org_id, &["ORG_OWNER"], &[(project, "GROUP_READ_ONLY")], &[]);
    let list = format!("/groups/{project}/serviceAccounts/{}/accessList", account.client_id);
    client.post(&list, json!([{ "cidrBlock": "192.0.2.0/24" }])).await.ok();
    assert_eq!(client.get(&list).await.ok()["totalCount"], 1);
    let in_org = format!("/orgs/{}/serviceAccounts/{}/accessList", org.org_id, account.client_id);
    assert_eq!(owner.get(&in_org).await.ok()["results"][0]["cidrBlock"], "192.0.2.0/24", "it is the same list");
    client.delete(&format!("{list}/192.0.2.0%2F24")).await.gone();
    assert_eq!(owner.get(&in_org).await.ok()["totalCount"], 0);
}
