//! Answers read from sample files in the shape of recorded ones.
#![expect(clippy::unwrap_used, reason = "helpers of tests")]

use atlas::{AccessListEntry, ApiKey, CreatedApiKey, Group, Organization, Page, SystemStatus};
use secrecy::ExposeSecret;
use serde::de::DeserializeOwned;
use serde_json::json;

fn read<T: DeserializeOwned>(sample: &str) -> T {
    serde_json::from_str(sample).unwrap()
}

#[test]
fn the_status_tells_who_the_caller_is() {
    let status: SystemStatus = read(include_str!("data/system_status.json"));
    let key = status.api_key.unwrap();
    assert_eq!(key.public_key, "abcdefgh");
    assert_eq!(key.roles[0].role_name, "ORG_OWNER");
    let listed: Vec<String> = key.access_list.iter().map(|entry| entry.address().unwrap().to_string()).collect();
    assert_eq!(listed, ["203.0.113.9", "198.51.100.0/24"]);
}

#[test]
fn the_status_of_another_kind_of_caller_has_no_key() {
    let status: SystemStatus = serde_json::from_value(json!({ "apiKey": null, "appName": "MongoDB Atlas" })).unwrap();
    assert_eq!(status.api_key, None);
}

#[test]
fn organizations_are_read() {
    let page: Page<Organization> = read(include_str!("data/orgs.json"));
    assert_eq!(page.results[0].name, "Payments EU");
    assert_eq!(page.total_count, Some(1));
    assert!(!page.has_next());
}

#[test]
fn projects_are_read_with_and_without_tags() {
    let page: Page<Group> = read(include_str!("data/groups.json"));
    assert_eq!(page.results[0].created, Some("2026-08-10T03:02:57Z".parse().unwrap()));
    assert_eq!(page.results[0].tags[0].value, "payments");
    assert!(page.results[1].tags.is_empty());
}

#[test]
fn keys_are_read_with_the_roles_of_both_levels() {
    let page: Page<ApiKey> = read(include_str!("data/api_keys.json"));
    let key = &page.results[0];
    assert_eq!(key.masked_private_key.as_deref(), Some("********-****-****-01bdd56c8977"));
    assert!(key.roles.iter().any(|role| role.group_id.is_some() && role.org_id.is_none()));
    assert!(key.roles.iter().any(|role| role.org_id.is_some() && role.group_id.is_none()));
    assert_eq!((page.results[1].desc.as_str(), page.results[1].roles.len()), ("", 0));
}

#[test]
fn a_new_key_has_its_private_key() {
    let created: CreatedApiKey = read(include_str!("data/created_api_key.json"));
    assert_eq!(created.key.desc, "ci-deploy");
    assert_eq!(created.private_key.expose_secret(), "0c8f1c1e-7d7e-4c7c-9f3a-01bdd56c8977");
}

#[test]
fn an_access_list_tells_what_was_used_and_what_never() {
    let page: Page<AccessListEntry> = read(include_str!("data/access_list.json"));
    assert_eq!(page.results[0].count, Some(4));
    assert!(page.results[0].last_used.is_some());
    assert_eq!(page.results[0].address(), "203.0.113.9".parse().ok());
    assert_eq!((page.results[1].last_used, page.results[1].count), (None, None));
}

#[test]
fn what_is_missing_or_odd_does_not_spoil_the_rest() {
    let page: Page<AccessListEntry> =
        serde_json::from_value(json!({ "results": [{ "ipAddress": "?", "created": "yesterday", "new": {} }] }))
            .unwrap();
    assert_eq!(page.results[0].created, None);
    assert_eq!(page.results[0].address(), None);
    let page: Page<ApiKey> = serde_json::from_value(json!({ "links": null, "results": null })).unwrap();
    assert!(page.results.is_empty());
}
