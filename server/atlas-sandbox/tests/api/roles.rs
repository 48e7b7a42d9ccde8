//! Who may do what: every operation as every kind of caller.

use atlas_sandbox::{ClientSecret, NewCredentials, PlantedKey};
use serde_json::{Value, json};

use crate::support::{World, client::Ask};

/// The callers, each with the organization and project roles of a key.
const CALLERS: &[(&str, &[&str], Option<&str>)] = &[
    ("org owner", &["ORG_OWNER"], None),
    ("org reader", &["ORG_READ_ONLY"], None),
    ("streams administrator", &["ORG_STREAM_PROCESSING_ADMIN"], None),
    ("billing administrator", &["ORG_BILLING_ADMIN"], None),
    ("project creator", &["ORG_GROUP_CREATOR"], None),
    ("member", &["ORG_MEMBER"], None),
    ("project owner", &["ORG_MEMBER"], Some("GROUP_OWNER")),
    ("access manager", &["ORG_MEMBER"], Some("GROUP_ACCESS_MANAGER")),
    ("project reader", &["ORG_MEMBER"], Some("GROUP_READ_ONLY")),
];

const EVERYBODY: &[&str] = &[
    "org owner",
    "org reader",
    "streams administrator",
    "billing administrator",
    "project creator",
    "member",
    "project owner",
    "access manager",
    "project reader",
];

/// A limit of projects.
const CLUSTERS: &str = "atlas.project.deployment.clusters";

/// A method, a path, a body, who may, and the code for those who may not.
type Row = (&'static str, String, Option<Value>, &'static [&'static str], &'static str);

fn table(org: &str, project: &str, key: &PlantedKey) -> Vec<Row> {
    let id = &key.id;
    let (org_keys, project_keys) = (format!("/orgs/{org}/apiKeys"), format!("/groups/{project}/apiKeys"));
    let (one, list) = (format!("{org_keys}/{id}"), format!("{org_keys}/{id}/accessList"));
    let desc = || Some(json!({ "desc": "changed" }));
    let owner: &[&str] = &["org owner"];
    let billing: &[&str] = &["org owner", "billing administrator"];
    let limit = format!("/groups/{project}/limits/{CLUSTERS}");
    let managers: &[&str] = &["org owner", "project owner", "access manager"];
    let in_project: &[&str] =
        &["org owner", "org reader", "streams administrator", "project owner", "access manager", "project reader"];
    let access = "API_KEY_ACCESS_LIST_ACCESS_DENIED";
    vec![
        ("GET", String::new(), None, EVERYBODY, ""),
        ("GET", "/orgs".into(), None, EVERYBODY, ""),
        ("GET", "/groups".into(), None, EVERYBODY, ""),
        ("GET", format!("/orgs/{org}"), None, EVERYBODY, ""),
        ("GET", format!("/orgs/{org}/groups"), None, EVERYBODY, ""),
        ("GET", "/eventTypes".into(), None, EVERYBODY, ""),
        ("GET", format!("/orgs/{org}/settings"), None, EVERYBODY, ""),
        ("PATCH", format!("/orgs/{org}/settings"), Some(json!({})), owner, "NOT_ORG_OWNER"),
        ("GET", format!("/orgs/{org}/delegationSettings"), None, EVERYBODY, ""),
        ("PATCH", format!("/orgs/{org}/delegationSettings"), Some(json!({})), owner, "NOT_ORG_OWNER"),
        ("GET", format!("/orgs/{org}/events"), None, EVERYBODY, ""),
        ("GET", format!("/groups/{project}/events"), None, in_project, "NOT_IN_GROUP"),
        ("PATCH", format!("/orgs/{org}"), Some(json!({ "name": "Retail Platform" })), owner, "NOT_ORG_OWNER"),
        (
            "POST",
            "/groups".into(),
            Some(json!({ "name": format!("of {id}"), "orgId": org })),
            &["org owner", "project creator"],
            "NOT_ORG_GROUP_CREATOR",
        ),
        ("PATCH", format!("/groups/{project}"), Some(json!({})), &["org owner", "project owner"], "USER_UNAUTHORIZED"),
        ("GET", limit.clone(), None, in_project, "NOT_IN_GROUP"),
        (
            "PATCH",
            limit.clone(),
            Some(json!({ "name": CLUSTERS, "value": 30 })),
            &["org owner", "project owner"],
            "USER_UNAUTHORIZED",
        ),
        ("DELETE", limit, None, &["org owner", "project owner"], "USER_UNAUTHORIZED"),
        ("GET", "/skus".into(), None, EVERYBODY, ""),
        ("GET", format!("/orgs/{org}/invoices"), None, billing, "USER_UNAUTHORIZED"),
        ("GET", format!("/orgs/{org}/invoices/pending"), None, billing, "USER_UNAUTHORIZED"),
        ("GET", format!("/orgs/{org}/associatedInvoices"), None, billing, "USER_UNAUTHORIZED"),
        (
            "POST",
            format!("/orgs/{org}/billing/costExplorer/usage"),
            Some(json!({ "startDate": "2026-06-01", "endDate": "2026-07-01" })),
            billing,
            "USER_UNAUTHORIZED",
        ),
        ("GET", org_keys.clone(), None, EVERYBODY, ""),
        ("GET", one.clone(), None, EVERYBODY, ""),
        ("POST", org_keys, Some(json!({ "desc": "x", "roles": ["ORG_MEMBER"] })), owner, "NOT_ORG_OWNER"),
        ("PATCH", one.clone(), desc(), owner, "NOT_ORG_OWNER"),
        ("GET", list.clone(), None, owner, access),
        ("GET", format!("{list}/192.0.2.7"), None, owner, access),
        ("POST", list.clone(), Some(json!([{ "ipAddress": "192.0.2.8" }])), owner, access),
        ("DELETE", format!("{list}/192.0.2.7"), None, owner, access),
        ("GET", format!("/groups/{project}"), None, in_project, "NOT_IN_GROUP"),
        ("GET", project_keys.clone(), None, in_project, "NOT_IN_GROUP"),
        (
            "POST",
            project_keys.clone(),
            Some(json!({ "desc": "x", "roles": ["GROUP_OWNER"] })),
            managers,
            "NOT_GROUP_USER_ADMIN",
        ),
        (
            "POST",
            format!("{project_keys}/{id}"),
            Some(json!([{ "roles": ["GROUP_OWNER"] }])),
            &["org owner", "project owner"],
            "USER_UNAUTHORIZED",
        ),
        ("PATCH", format!("{project_keys}/{id}"), desc(), managers, "NOT_GROUP_USER_ADMIN"),
        ("DELETE", format!("{project_keys}/{id}"), None, managers, "NOT_GROUP_USER_ADMIN"),
        ("DELETE", one, None, owner, "NOT_ORG_OWNER"),
    ]
}

fn account_table(org: &str, project: &str, account: &ClientSecret) -> Vec<Row> {
    let id = &account.client_id;
    let (in_org, in_project) = (format!("/orgs/{org}/serviceAccounts"), format!("/groups/{project}/serviceAccounts"));
    let (one, here) = (format!("{in_org}/{id}"), format!("{in_project}/{id}"));
    let wanted =
        |role: &str| Some(json!({ "name": "x", "description": "x", "roles": [role], "secretExpiresAfterHours": 8 }));
    let name = || Some(json!({ "name": "changed" }));
    let hours = || Some(json!({ "secretExpiresAfterHours": 8 }));
    let entry = |last: u8| Some(json!([{ "ipAddress": format!("192.0.2.{last}") }]));
    let owner: &[&str] = &["org owner"];
    let owners: &[&str] = &["org owner", "project owner"];
    let readers: &[&str] = &["org owner", "org reader", "streams administrator"];
    let managers: &[&str] = &["org owner", "project owner", "access manager"];
    let in_it: &[&str] =
        &["org owner", "org reader", "streams administrator", "project owner", "access manager", "project reader"];
    vec![
        ("GET", in_org.clone(), None, readers, "USER_UNAUTHORIZED"),
        ("GET", one.clone(), None, readers, "USER_UNAUTHORIZED"),
        ("GET", format!("{one}/groups"), None, readers, "USER_UNAUTHORIZED"),
        ("GET", format!("{one}/accessList"), None, readers, "USER_UNAUTHORIZED"),
        ("POST", in_org, wanted("ORG_MEMBER"), owner, "NOT_ORG_OWNER"),
        ("PATCH", one.clone(), name(), owner, "NOT_ORG_OWNER"),
        ("POST", format!("{one}/accessList"), entry(9), owner, "NOT_ORG_OWNER"),
        ("DELETE", format!("{one}/accessList/192.0.2.9"), None, owner, "NOT_ORG_OWNER"),
        ("GET", in_project.clone(), None, in_it, "NOT_IN_GROUP"),
        ("GET", here.clone(), None, in_it, "NOT_IN_GROUP"),
        ("GET", format!("{here}/accessList"), None, in_it, "NOT_IN_GROUP"),
        ("POST", in_project, wanted("GROUP_READ_ONLY"), owners, "USER_UNAUTHORIZED"),
        ("PATCH", here.clone(), name(), owners, "USER_UNAUTHORIZED"),
        ("POST", format!("{here}/accessList"), entry(8), managers, "NOT_GROUP_USER_ADMIN"),
        ("DELETE", format!("{here}/accessList/192.0.2.8"), None, managers, "NOT_GROUP_USER_ADMIN"),
        ("POST", format!("{here}/secrets"), hours(), owners, "USER_UNAUTHORIZED"),
        ("DELETE", here.clone(), None, owners, "USER_UNAUTHORIZED"),
        ("POST", format!("{here}:invite"), Some(json!({ "roles": ["GROUP_OWNER"] })), owner, "NOT_ORG_OWNER"),
        ("DELETE", one, None, owner, "NOT_ORG_OWNER"),
    ]
}

#[tokio::test]
async fn every_operation_asks_keys_for_their_role() {
    every_operation_asks_for_its_role(false).await;
}

#[tokio::test]
async fn every_operation_asks_service_accounts_for_their_role() {
    every_operation_asks_for_its_role(true).await;
}

async fn every_operation_asks_for_its_role(by_token: bool) {
    let world = World::demo().await;
    let (org, _) = world.retail();
    let project = org.project_ids[5].as_str();
    for (caller, org_roles, project_role) in CALLERS {
        let roles: Vec<(&str, &str)> = project_role.iter().map(|role| (project, *role)).collect();
        let new = NewCredentials {
            org_id: &org.org_id,
            desc: caller,
            org_roles,
            project_roles: &roles,
            access_list: &["127.0.0.0/8"],
        };
        let client = if by_token {
            world.signed_in(&world.sandbox.plant_service_account(&new).unwrap()).await
        } else {
            world.client(&world.plant(&new).pair)
        };
        let sees_project =
            org_roles.iter().any(|role| ["ORG_OWNER", "ORG_READ_ONLY", "ORG_STREAM_PROCESSING_ADMIN"].contains(role))
                || project_role.is_some();
        let target = NewCredentials {
            desc: "target",
            project_roles: &[(project, "GROUP_READ_ONLY")],
            access_list: &["192.0.2.7"],
            org_roles: &["ORG_MEMBER"],
            ..new
        };
        let (key, account) = (world.plant(&target), world.sandbox.plant_service_account(&target).unwrap());
        let rows = table(&org.org_id, project, &key).into_iter();
        for (method, path, body, allowed, code) in rows.chain(account_table(&org.org_id, project, &account)) {
            let ask = Ask::new(method, &path);
            let answer = client.ask(body.as_ref().map_or(ask.clone(), |body| ask.clone().json(body))).await;
            if allowed.contains(caller) {
                assert!(answer.status < 300, "{caller}: {method} {path}: {}", answer.text);
            } else {
                let code = if path.starts_with("/groups/") && !sees_project { "NOT_IN_GROUP" } else { code };
                assert_eq!(
                    (answer.status, answer.json()["errorCode"].as_str()),
                    (401, Some(code)),
                    "{caller}: {method} {path}"
                );
            }
        }
    }
}

#[tokio::test]
async fn a_key_may_read_and_change_its_own_access_list() {
    let world = World::demo().await;
    let (org, _) = world.retail();
    let new = NewCredentials {
        org_id: &org.org_id,
        desc: "self",
        org_roles: &["ORG_MEMBER"],
        project_roles: &[],
        access_list: &["127.0.0.1"],
    };
    let key = world.plant(&new);
    let client = world.client(&key.pair);
    let list = format!("/orgs/{}/apiKeys/{}/accessList", org.org_id, key.id);
    assert_eq!(client.post(&list, json!([{ "ipAddress": "192.0.2.7" }])).await.ok()["totalCount"], 2);
    assert_eq!(client.get(&format!("{list}/192.0.2.7")).await.status, 200);
    assert_eq!(client.delete(&format!("{list}/192.0.2.7")).await.status, 204);
}
