//! Requests compared as data, in the form a plan keeps them.
#![expect(clippy::unwrap_used, reason = "helpers of tests")]

#[path = "support/every_request.rs"]
mod every_request;

use atlas::{AccessListAddress, ApiUserId, AtlasRequest, EventFilter, GroupId, InvalidRequest, Operation, OrgId};
use every_request::every_request;
use serde_json::{Value, json};

fn org() -> OrgId {
    "5f1b2c3d4e5f60718293a4b5".parse().unwrap()
}

fn key() -> ApiUserId {
    "6a1b2c3d4e5f60718293a4b5".parse().unwrap()
}

fn group() -> GroupId {
    "7c1b2c3d4e5f60718293a4b5".parse().unwrap()
}

fn address(text: &str) -> AccessListAddress {
    text.parse().unwrap()
}

/// Constructors with what they must give: operation, method, path below the root, body.
fn by_hand() -> Vec<(AtlasRequest, Operation, &'static str, String, Option<Value>)> {
    let org_path = format!("/orgs/{}", org());
    let key_path = format!("{org_path}/apiKeys/{}", key());
    let group_path = format!("/groups/{}/apiKeys", group());
    let group_key_path = format!("{group_path}/{}", key());
    let entries = [address("192.0.2.7"), address("198.51.100.0/24"), address("2001:db8::/32")];
    vec![
        (AtlasRequest::system_status(), Operation::GetSystemStatus, "GET", String::new(), None),
        (AtlasRequest::list_orgs(), Operation::ListOrgs, "GET", "/orgs".to_owned(), None),
        (AtlasRequest::get_org(&org()), Operation::GetOrg, "GET", org_path.clone(), None),
        (AtlasRequest::list_org_groups(&org()), Operation::GetOrgGroups, "GET", format!("{org_path}/groups"), None),
        (
            AtlasRequest::list_org_api_keys(&org()),
            Operation::ListOrgApiKeys,
            "GET",
            format!("{org_path}/apiKeys"),
            None,
        ),
        (
            AtlasRequest::create_org_api_key(&org(), "ci-deploy", &["ORG_MEMBER"]),
            Operation::CreateOrgApiKey,
            "POST",
            format!("{org_path}/apiKeys"),
            Some(json!({ "desc": "ci-deploy", "roles": ["ORG_MEMBER"] })),
        ),
        (AtlasRequest::get_org_api_key(&org(), &key()), Operation::GetOrgApiKey, "GET", key_path.clone(), None),
        (
            AtlasRequest::update_org_api_key(&org(), &key(), None, Some(&["ORG_READ_ONLY"])),
            Operation::UpdateOrgApiKey,
            "PATCH",
            key_path.clone(),
            Some(json!({ "roles": ["ORG_READ_ONLY"] })),
        ),
        (
            AtlasRequest::delete_org_api_key(&org(), &key()),
            Operation::DeleteOrgApiKey,
            "DELETE",
            key_path.clone(),
            None,
        ),
        (
            AtlasRequest::list_access_list(&org(), &key()),
            Operation::ListOrgApiKeyAccessListEntries,
            "GET",
            format!("{key_path}/accessList"),
            None,
        ),
        (
            AtlasRequest::create_access_list_entries(&org(), &key(), &entries),
            Operation::CreateOrgApiKeyAccessListEntry,
            "POST",
            format!("{key_path}/accessList"),
            Some(json!([
                { "ipAddress": "192.0.2.7" },
                { "cidrBlock": "198.51.100.0/24" },
                { "cidrBlock": "2001:db8:0:0:0:0:0:0/32" }
            ])),
        ),
        (
            AtlasRequest::delete_access_list_entry(&org(), &key(), address("198.51.100.0/24")),
            Operation::DeleteOrgApiKeyAccessListEntry,
            "DELETE",
            format!("{key_path}/accessList/198.51.100.0%2F24"),
            None,
        ),
        (AtlasRequest::list_group_api_keys(&group()), Operation::ListGroupApiKeys, "GET", group_path, None),
        (
            AtlasRequest::add_group_api_key(&group(), &key(), &["GROUP_READ_ONLY"]),
            Operation::AddGroupApiKey,
            "POST",
            group_key_path.clone(),
            Some(json!([{ "roles": ["GROUP_READ_ONLY"] }])),
        ),
        (
            AtlasRequest::update_group_api_key_roles(&group(), &key(), &["GROUP_OWNER"]),
            Operation::UpdateGroupApiKeyRoles,
            "PATCH",
            group_key_path.clone(),
            Some(json!({ "roles": ["GROUP_OWNER"] })),
        ),
        (
            AtlasRequest::remove_group_api_key(&group(), &key()),
            Operation::RemoveGroupApiKey,
            "DELETE",
            group_key_path,
            None,
        ),
    ]
}

#[test]
fn a_request_has_the_method_path_version_and_body_of_its_operation() {
    for (request, operation, method, path, body) in by_hand() {
        assert_eq!(request.operation(), operation);
        assert_eq!(request.method().as_str(), method, "{}", operation.id());
        assert_eq!(request.path(), format!("/api/atlas/v2{path}"), "{}", operation.id());
        assert_eq!(request.body(), body.as_ref(), "{}", operation.id());
        assert_eq!(request.version().media_type(), "application/vnd.atlas.2023-01-01+json");
        assert_eq!(request.is_read(), method == "GET");
    }
}

#[test]
fn a_request_survives_the_store_unchanged() {
    for request in every_request() {
        let stored = serde_json::to_string(&request).unwrap();
        assert_eq!(serde_json::from_str::<AtlasRequest>(&stored).unwrap(), request, "{stored}");
        let version = request.version().to_string();
        let again =
            AtlasRequest::from_parts(request.method().as_str(), request.path(), &version, request.body().cloned());
        // The form of the answer is no part of what a plan holds, since only reads have a choice.
        let form = |request: AtlasRequest| if request.is_read() { request.as_csv() } else { request };
        assert_eq!(again.map(form), Ok(form(request)));
    }
}

#[test]
fn secrets_in_a_body_do_not_show() {
    for request in every_request() {
        assert!(!format!("{request:?}{request:#?}").contains("5eccae755eca"));
    }
}

#[test]
fn a_query_has_one_spelling_and_only_what_the_operation_has() {
    let events = format!("/api/atlas/v2/orgs/{}/events", org());
    let read = |query: &str| AtlasRequest::from_parts("GET", &format!("{events}?{query}"), "2023-01-01", None);
    for query in ["eventType=A&eventType=B", "minDate=2026-08-10T09%3A00%3A00Z", "includeRaw=true&pageNum=2"] {
        assert_eq!(read(query).unwrap().path(), format!("{events}?{query}"));
    }
    for query in [
        "",
        "eventType",
        "eventType=",
        "includeRaw=yes",
        "includeRaw=true&includeRaw=true",
        "minDate=yesterday",
        "minDate=2026-08-10T09:00:00Z",
        "pageNum=0",
        "pageNum=01",
        "envelope=true",
        "clusterNames=A",
        "eventType=%41",
        "eventType=A%0A",
        "eventType=A&",
    ] {
        assert_eq!(read(query), Err(InvalidRequest::Query(Operation::ListOrgEvents)), "{query}");
    }
}

#[test]
fn a_page_keeps_the_rest_of_the_query() {
    let filter = EventFilter { event_types: vec!["A".to_owned()], ..EventFilter::default() };
    let page = AtlasRequest::list_org_events(&org(), &filter).page(2, 500);
    assert!(page.path().ends_with("/events?eventType=A&itemsPerPage=500&pageNum=2"), "{}", page.path());
    assert_eq!(page.query_parameters()[0], ("eventType", "A".to_owned()));
}

#[test]
fn a_form_the_operation_does_not_have_is_refused() {
    let mut stored = serde_json::to_value(AtlasRequest::get_org(&org())).unwrap();
    stored["format"] = json!("csv");
    assert!(serde_json::from_value::<AtlasRequest>(stored).is_err());
    assert_eq!(AtlasRequest::get_org(&org()).as_csv(), AtlasRequest::get_org(&org()));
}

#[test]
fn a_verb_after_an_id_belongs_to_the_path() {
    let request = AtlasRequest::from_parts(
        "POST",
        &format!("/api/atlas/v2/groups/{}:migrate", group()),
        "2024-05-30",
        Some(json!({})),
    );
    assert_eq!(request.map(|request| request.operation()), Ok(Operation::MigrateGroup));
    let path = format!("/api/atlas/v2/groups/{}:delete", group());
    assert_eq!(AtlasRequest::from_parts("POST", &path, "2024-05-30", Some(json!({}))), Err(InvalidRequest::Unknown));
}

#[test]
fn the_stored_form_can_be_read_without_a_table() {
    let request = AtlasRequest::create_org_api_key(&org(), "ci-deploy", &["ORG_MEMBER"]);
    assert_eq!(
        serde_json::to_value(request).unwrap(),
        json!({
            "operation": "createOrgApiKey",
            "method": "POST",
            "path": "/api/atlas/v2/orgs/5f1b2c3d4e5f60718293a4b5/apiKeys",
            "version": "2023-01-01",
            "body": { "desc": "ci-deploy", "roles": ["ORG_MEMBER"] }
        })
    );
}

#[test]
fn the_parameters_of_a_path_are_told_by_name() {
    let request = AtlasRequest::delete_access_list_entry(&org(), &key(), address("198.51.100.0/24"));
    assert_eq!(request.template(), "/api/atlas/v2/orgs/{orgId}/apiKeys/{apiUserId}/accessList/{ipAddress}");
    let expected =
        [("orgId", org().to_string()), ("apiUserId", key().to_string()), ("ipAddress", "198.51.100.0/24".to_owned())];
    assert_eq!(request.path_parameters(), expected);
}

#[test]
fn only_lists_have_pages() {
    let page = AtlasRequest::list_orgs().page(3, 9_999);
    assert_eq!(page.path(), "/api/atlas/v2/orgs?itemsPerPage=500&pageNum=3");
    assert_eq!(page.page(4, 100).path(), "/api/atlas/v2/orgs?itemsPerPage=100&pageNum=4");
    let single = AtlasRequest::get_org(&org());
    assert_eq!(single.page(2, 100), single);
}

#[test]
fn a_tampered_plan_is_refused() {
    let key_path = format!("/api/atlas/v2/orgs/{}/apiKeys/{}", org(), key());
    let from =
        |method: &str, path: &str, body: Option<Value>| AtlasRequest::from_parts(method, path, "2023-01-01", body);
    assert_eq!(from("POST", &format!("/api/atlas/v2/orgs/{}", org()), Some(json!({}))), Err(InvalidRequest::Unknown));
    for path in [
        "/api/atlas/v2/orgs/{newKeyId}/apiKeys/{newKeyId}".to_owned(),
        format!("{key_path}/"),
        format!("{key_path}/.."),
        format!("{key_path}#"),
        format!("//elsewhere.example.org{key_path}"),
        key_path.replace("/api/atlas/v2", "/api/atlas/v1.0"),
        key_path.to_uppercase(),
    ] {
        assert_eq!(from("DELETE", &path, None), Err(InvalidRequest::Unknown), "{path}");
    }
    let queried = from("DELETE", &format!("{key_path}?envelope=true"), None);
    assert_eq!(queried, Err(InvalidRequest::Query(Operation::DeleteOrgApiKey)));
    assert_eq!(from("DELETE", &key_path, Some(json!({}))), Err(InvalidRequest::Body(Operation::DeleteOrgApiKey)));
    assert_eq!(from("PATCH", &key_path, None), Err(InvalidRequest::Body(Operation::UpdateOrgApiKey)));
    for version in ["latest", "", "20230101", "2023-01-01T00:00:00", "2023-02-30"] {
        let request = AtlasRequest::from_parts("DELETE", &key_path, version, None);
        assert_eq!(request, Err(InvalidRequest::Version), "{version}");
    }

    let mut stored = serde_json::to_value(AtlasRequest::get_org_api_key(&org(), &key())).unwrap();
    stored["operation"] = json!("getOrg");
    assert!(serde_json::from_value::<AtlasRequest>(stored.clone()).is_err());
    stored["operation"] = json!("deleteOrgApiKey");
    assert!(serde_json::from_value::<AtlasRequest>(stored.clone()).is_err());
    stored["method"] = json!("DELETE");
    assert!(serde_json::from_value::<AtlasRequest>(stored).is_ok());
}

#[test]
fn an_entry_in_a_path_has_one_spelling_only() {
    let list = format!("/api/atlas/v2/orgs/{}/apiKeys/{}/accessList", org(), key());
    let delete = |entry: &str| AtlasRequest::from_parts("DELETE", &format!("{list}/{entry}"), "2023-01-01", None);
    assert!(delete("192.0.2.7").is_ok());
    assert!(delete("192.0.2.0%2F24").is_ok());
    for entry in ["192.0.2.7%2F32", "192.0.2.0%2f24", "192.0.2.0/24", "192.0.2.0%252F24", "", "..", "2001:db8::1"] {
        assert_eq!(delete(entry), Err(InvalidRequest::Unknown), "{entry}");
    }
}
