//! Settings of an organization, and those of delegated access.

use atlas_sandbox::Sandbox;
use serde_json::{Value, json};

use crate::support::{NOW, World};

fn kinds(events: &[Value]) -> Vec<&str> {
    events.iter().map(|event| event["eventTypeName"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn settings_change_one_by_one_and_each_change_is_written_down() {
    let world = World::demo().await;
    let (org, client) = world.retail();
    let settings = format!("/orgs/{}/settings", org.org_id);
    let before = client.get(&settings).await.ok();
    assert_eq!(
        (&before["apiAccessListRequired"], &before["genAIFeaturesEnabled"], &before["operationsContact"]),
        (&json!(false), &json!(true), &Value::Null)
    );
    assert_eq!(before["maxServiceAccountSecretValidityInHours"], 8760);
    let seen = world.sandbox.events(&org.org_id).len();
    let change = json!({
        "multiFactorAuthRequired": true,
        "restrictEmployeeAccess": true,
        "genAIFeaturesEnabled": false,
        "streamsCrossGroupEnabled": true,
        "maxServiceAccountSecretValidityInHours": 720,
        "operationsContact": "operations@example.org",
        "securityContact": "security@example.org",
        "customSessionTimeouts": { "absoluteSessionTimeoutInSeconds": 7200, "idleSessionTimeoutInSeconds": 600 },
    });
    let after = client.patch(&settings, change.clone()).await.ok();
    for (name, value) in change.as_object().unwrap() {
        assert_eq!(&after[name], value, "{name}");
    }
    assert_eq!(after["apiAccessListRequired"], false, "what is not named stays");
    assert_eq!(after, client.get(&settings).await.ok());
    let cleared = json!({ "operationsContact": null, "securityContact": "", "customSessionTimeouts": { "idleSessionTimeoutInSeconds": null } });
    let after = client.patch(&settings, cleared).await.ok();
    assert_eq!((after.get("securityContact"), &after["operationsContact"]), (None, &Value::Null));
    assert_eq!(after["customSessionTimeouts"], json!({ "absoluteSessionTimeoutInSeconds": 7200 }));
    client.patch(&settings, json!({ "multiFactorAuthRequired": true })).await.ok();
    assert_eq!(
        kinds(&world.sandbox.events(&org.org_id)[seen..]),
        [
            "ORG_TWO_FACTOR_AUTH_REQUIRED",
            "ORG_EMPLOYEE_ACCESS_RESTRICTED",
            "ORG_SERVICE_ACCOUNT_MAX_SECRET_VALIDITY_EDITED",
            "OPERATIONS_CONTACT_MODIFIED",
            "SECURITY_CONTACT_MODIFIED",
            "CUSTOM_SESSION_TIMEOUT_MODIFIED",
            "OPERATIONS_CONTACT_MODIFIED",
            "SECURITY_CONTACT_MODIFIED",
            "CUSTOM_SESSION_TIMEOUT_MODIFIED",
        ]
    );
}

#[tokio::test]
async fn settings_are_read_strictly() {
    let world = World::demo().await;
    let (org, client) = world.retail();
    let settings = format!("/orgs/{}/settings", org.org_id);
    let before = client.get(&settings).await.ok();
    for (body, code) in [
        (json!({ "multiFactorAuthRequired": "yes" }), "INVALID_ATTRIBUTE"),
        (json!({ "maxServiceAccountSecretValidityInHours": 7 }), "INVALID_ATTRIBUTE"),
        (json!({ "maxServiceAccountSecretValidityInHours": 8761 }), "INVALID_ATTRIBUTE"),
        (json!({ "operationsContact": "" }), "INVALID_ATTRIBUTE"),
        (json!({ "operationsContact": "nobody" }), "INVALID_ATTRIBUTE"),
        (json!({ "securityContact": null }), "INVALID_ATTRIBUTE"),
        (json!({ "securityContact": "a b@example.org" }), "INVALID_ATTRIBUTE"),
        (json!({ "customSessionTimeouts": { "absoluteSessionTimeoutInSeconds": 3599 } }), "INVALID_ATTRIBUTE"),
        (json!({ "customSessionTimeouts": { "idleSessionTimeoutInSeconds": 299 } }), "INVALID_ATTRIBUTE"),
        (
            json!({ "customSessionTimeouts": { "absoluteSessionTimeoutInSeconds": 3600, "idleSessionTimeoutInSeconds": 3601 } }),
            "INVALID_ATTRIBUTE",
        ),
        (json!({ "customSessionTimeouts": 7 }), "INVALID_JSON"),
        (json!({ "payingOrg": true }), "INVALID_ATTRIBUTE"),
        (json!([]), "INVALID_JSON"),
    ] {
        client.patch(&settings, body.clone()).await.refused(400, code);
        assert_eq!(client.get(&settings).await.ok(), before, "{body}");
    }
}

#[tokio::test]
async fn requiring_access_lists_bites_at_once() {
    let world = World::demo().await;
    let (org, client) = world.retail();
    let bare = world.client(&world.key(&org.org_id, &["ORG_MEMBER"], &[]).pair);
    assert_eq!(bare.get("").await.status, 200);
    let settings = format!("/orgs/{}/settings", org.org_id);
    client.patch(&settings, json!({ "apiAccessListRequired": true })).await.ok();
    bare.get("").await.refused(403, "ORG_REQUIRES_ACCESS_LIST");
    client.patch(&settings, json!({ "apiAccessListRequired": false })).await.ok();
    assert_eq!(bare.get("").await.status, 200);
    let kinds: Vec<Value> =
        world.sandbox.events(&org.org_id).iter().rev().take(2).map(|one| one["eventTypeName"].clone()).collect();
    assert_eq!(kinds, ["ORG_PUBLIC_API_ACCESS_LIST_NOT_REQUIRED", "ORG_PUBLIC_API_ACCESS_LIST_REQUIRED"]);
}

#[tokio::test]
async fn settings_have_the_smallest_budget() {
    let world = World::of(Sandbox::demo(NOW.parse().unwrap())).await;
    let (org, client) = world.retail();
    let settings = format!("/orgs/{}/settings", org.org_id);
    for left in (0..10).rev() {
        let answer = client.get(&settings).await;
        assert_eq!((answer.status, answer.header("ratelimit-limit")), (200, "10"));
        assert_eq!(answer.header("ratelimit-remaining"), left.to_string());
    }
    let refused = client.get(&settings).await;
    assert_eq!(refused.header("retry-after"), "12", "five come back in a minute");
    refused.refused(429, "RATE_LIMITED_TOKEN_BUCKET");
    assert_eq!(client.get(&format!("/orgs/{}", org.org_id)).await.status, 200, "other sets have budgets of their own");
}

#[tokio::test]
async fn delegated_access_changes_field_by_field() {
    let world = World::demo().await;
    let (org, client) = world.retail();
    let path = format!("/orgs/{}/delegationSettings", org.org_id);
    let default = json!({
        "delegatedMcpAccess": "DISALLOWED",
        "delegatedPartnerAccess": "DISALLOWED",
        "idleRefreshTokenLifetime": null,
        "maximumRefreshTokenLifetime": null,
    });
    assert_eq!(client.get(&path).await.ok(), default);
    let seen = world.sandbox.events(&org.org_id).len();
    let change = json!({ "delegatedMcpAccess": "READ_ONLY", "idleRefreshTokenLifetime": 3600 });
    let changed = client.patch(&path, change).await.ok();
    assert_eq!(
        (&changed["delegatedMcpAccess"], &changed["idleRefreshTokenLifetime"]),
        (&json!("READ_ONLY"), &json!(3600))
    );
    let change = json!({ "delegatedPartnerAccess": "READ_WRITE", "idleRefreshTokenLifetime": null });
    let changed = client.patch(&path, change).await.ok();
    assert_eq!(
        (&changed["delegatedMcpAccess"], &changed["idleRefreshTokenLifetime"]),
        (&json!("READ_ONLY"), &Value::Null)
    );
    assert_eq!(
        kinds(&world.sandbox.events(&org.org_id)[seen..]),
        ["ORG_DELEGATION_SETTINGS_UPDATED", "ORG_DELEGATION_SETTINGS_UPDATED"]
    );
    for (body, code) in [
        (json!({ "delegatedMcpAccess": "ALL" }), "INVALID_ENUM_VALUE"),
        (json!({ "delegatedPartnerAccess": "READ_ONLY" }), "INVALID_ENUM_VALUE"),
        (json!({ "idleRefreshTokenLifetime": 0 }), "INVALID_ATTRIBUTE"),
        (json!({ "maximumRefreshTokenLifetime": 31_536_001 }), "INVALID_ATTRIBUTE"),
        (json!({ "apiAccessListRequired": true }), "INVALID_ATTRIBUTE"),
    ] {
        client.patch(&path, body).await.refused(400, code);
    }
}
