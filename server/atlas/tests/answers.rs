//! Answers read from sample files in the shape of recorded ones.
#![expect(clippy::unwrap_used, reason = "helpers of tests")]

use atlas::{
    AccessListEntry, ApiKey, CreatedApiKey, CreatedOrganization, Event, Group, GroupUser, Invoice, InvoiceReport,
    OrgSettings, OrgUser, Organization, Page, RateLimit, ServiceAccount, ServiceAccountEntry, SystemStatus,
};
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

fn of<T: DeserializeOwned>(answer: serde_json::Value) -> T {
    serde_json::from_value(answer).unwrap()
}

#[test]
fn fields_nobody_knows_are_kept_and_not_shown_in_logs() {
    let org: Organization =
        of(json!({ "id": "5f1b2c3d4e5f60718293a4b5", "name": "A", "links": [], "plan": { "tier": "tomorrow" } }));
    assert_eq!(org.other.get("plan"), Some(&json!({ "tier": "tomorrow" })));
    assert_eq!(org.other.iter().map(|(name, _)| name).collect::<Vec<_>>(), ["plan"]);
    let shown = format!("{org:?}");
    assert!(shown.contains("plan") && !shown.contains("tomorrow"), "{shown}");
}

#[test]
fn values_nobody_knows_do_not_spoil_a_read() {
    let user: OrgUser = of(json!({
        "id": "5f1b2c3d4e5f60718293a4b5", "username": "kim@example.org", "orgMembershipStatus": "ON_THE_MOON",
        "roles": { "orgRoles": ["ORG_ASTRONAUT"], "groupRoleAssignments": null }, "lastAuth": "never", "teamIds": null
    }));
    assert_eq!(user.org_membership_status, "ON_THE_MOON");
    assert_eq!(user.roles.org_roles, ["ORG_ASTRONAUT"]);
    assert_eq!((user.last_auth, user.team_ids.len()), (None, 0));
    let event: Event = of(json!({
        "id": "5f1b2c3d4e5f60718293a4b5", "created": "2026-08-10T03:02:57Z", "eventTypeName": "MOON_LANDED",
        "apiKeyId": null, "userId": 7, "craterId": "x", "raw": { "_t": "MOON" }
    }));
    assert_eq!((event.event_type_name.as_str(), event.user_id.clone()), ("MOON_LANDED", None));
    assert_eq!(event.other.get("craterId"), Some(&json!("x")));
    assert_eq!(event.raw, Some(json!({ "_t": "MOON" })));
}

#[test]
fn a_service_account_tells_its_secret_when_it_is_made_only() {
    let account = |secret: serde_json::Value| {
        json!({
            "clientId": "mdb_sa_id_5f1b2c3d4e5f60718293a4b5", "name": "ci", "description": null,
            "createdAt": "2026-08-10T03:02:57Z", "roles": ["ORG_MEMBER"],
            "secrets": [{
                "id": "6f1b2c3d4e5f60718293a4b5", "createdAt": "2026-08-10T03:02:57Z",
                "expiresAt": "2027-08-10T03:02:57Z", "lastUsedAt": null, "maskedSecretValue": "mdb_sa_sk_...abc",
                "secret": secret
            }]
        })
    };
    let created: ServiceAccount = of(account(json!("mdb_sa_sk_planted")));
    let secret = created.secrets[0].secret.as_ref().unwrap();
    assert_eq!(secret.expose_secret(), "mdb_sa_sk_planted");
    assert!(!format!("{created:?}").contains("planted"));
    let listed: ServiceAccount = of(account(json!(null)));
    assert!(listed.secrets[0].secret.is_none());
    assert_eq!(listed.secrets[0].expires_at, Some("2027-08-10T03:02:57Z".parse().unwrap()));

    let org: CreatedOrganization = of(json!({
        "organization": { "id": "5f1b2c3d4e5f60718293a4b5", "name": "New" },
        "apiKey": null, "serviceAccount": account(json!("mdb_sa_sk_planted")), "orgOwnerId": "7f1b2c3d4e5f60718293a4b5"
    }));
    assert!(org.api_key.is_none() && org.service_account.is_some());
    assert!(!format!("{org:?}").contains("planted"));
}

#[test]
fn an_entry_of_a_service_account_is_read_as_an_address() {
    let entry: ServiceAccountEntry = of(json!({
        "cidrBlock": "198.51.100.0/24", "ipAddress": null, "createdAt": "2026-08-10T03:02:57Z",
        "lastUsedAt": null, "lastUsedAddress": null, "requestCount": 0
    }));
    assert_eq!((entry.address(), entry.request_count), ("198.51.100.0/24".parse().ok(), Some(0)));
}

#[test]
fn people_of_both_states_are_read() {
    let pending: GroupUser = of(json!({
        "id": "5f1b2c3d4e5f60718293a4b5", "username": "kim@example.org", "orgMembershipStatus": "PENDING",
        "roles": ["GROUP_OWNER"], "invitationCreatedAt": "2026-08-10T03:02:57Z", "invitationExpiresAt": null,
        "inviterUsername": "abcdefgh"
    }));
    assert_eq!(pending.inviter_username.as_deref(), Some("abcdefgh"));
    assert_eq!((pending.invitation_expires_at, pending.created_at), (None, None));
}

#[test]
fn settings_that_are_not_told_are_absent() {
    let settings: OrgSettings = of(json!({
        "apiAccessListRequired": true, "genAIFeaturesEnabled": false, "operationsContact": null,
        "customSessionTimeouts": { "idleSessionTimeoutInSeconds": 600, "absoluteSessionTimeoutInSeconds": null }
    }));
    assert_eq!((settings.api_access_list_required, settings.multi_factor_auth_required), (Some(true), None));
    assert_eq!(settings.gen_ai_features_enabled, Some(false));
    assert_eq!(settings.custom_session_timeouts.unwrap().idle_session_timeout_in_seconds, Some(600));
}

#[test]
fn an_invoice_has_those_of_linked_organizations_in_it() {
    let invoice: Invoice = of(json!({
        "id": "5f1b2c3d4e5f60718293a4b5", "orgId": "6f1b2c3d4e5f60718293a4b5", "statusName": "PENDING",
        "startDate": "2026-08-01T00:00:00Z", "endDate": "2026-09-01T00:00:00Z", "amountBilledCents": -12,
        "linkedInvoices": [{ "id": "7f1b2c3d4e5f60718293a4b5", "orgId": "8f1b2c3d4e5f60718293a4b5" }],
        "lineItems": [{ "sku": "NDS_AWS_INSTANCE_M10", "quantity": 0.5, "totalPriceCents": 4, "tags": { "a": ["b"] } }]
    }));
    assert_eq!(invoice.amount_billed_cents, Some(-12));
    assert_eq!(invoice.linked_invoices[0].org_id, "8f1b2c3d4e5f60718293a4b5".parse().ok());
    assert_eq!(invoice.line_items[0].quantity, Some(0.5));
    let report: InvoiceReport =
        of(json!({ "reportId": "r1", "state": "SUCCEEDED", "downloadUrl": "https://x.example.org/?sig=planted" }));
    assert!(report.download_url.is_some() && !format!("{report:?}").contains("planted"));
}

#[test]
fn a_rate_limit_tells_what_it_is_and_what_it_was() {
    let limit: RateLimit = of(json!({
        "endpointSetId": "teams_org", "endpointSetName": "Teams", "scope": "ORGANIZATION",
        "endpoints": [{ "method": "GET", "path": "/api/atlas/v2/orgs/{orgId}/teams" }],
        "capacity": { "value": 1200, "defaultValue": null }, "refillRate": { "value": 500 }, "refillDurationSeconds": null
    }));
    assert_eq!((limit.capacity.value, limit.capacity.default_value), (Some(1200), None));
    assert_eq!((limit.refill_rate.value, limit.refill_duration_seconds.value), (Some(500), None));
    assert_eq!(limit.endpoints[0].method, "GET");
}
