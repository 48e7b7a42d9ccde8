//! Tokens: how service accounts get them, use them and give them back.

use std::time::Duration;

use atlas_sandbox::{ClientSecret, FaultKind, FaultRule, RateLimit, Sandbox};
use serde_json::json;

use crate::support::{
    NOW, World,
    client::{Ask, Client, basic},
};

const GRANT: &str = "grant_type=client_credentials";

fn owner(world: &World) -> ClientSecret {
    world.org("Retail Platform").service_account.unwrap()
}

#[tokio::test]
async fn a_token_opens_the_api_for_an_hour() {
    let world = World::demo().await;
    let (org, _) = world.retail();
    let account = owner(&world);
    let stranger = Client::with_token(&world, "");
    let answer = stranger.form("token", GRANT, Some(&basic(&account))).await;
    assert_eq!(answer.header("content-type"), "application/json");
    assert_eq!(answer.header("cache-control"), "no-store");
    let answer = answer.ok();
    assert_eq!((&answer["expires_in"], &answer["token_type"]), (&json!(3600), &json!("Bearer")));
    let token = answer["access_token"].as_str().unwrap();
    assert_eq!(token.split('.').count(), 3, "it looks like a JWT");
    let client = Client::with_token(&world, token);
    let status = client.get("").await.ok();
    assert_eq!((&status["apiKey"], &status["throttling"]), (&json!(null), &json!(false)));
    assert_eq!(client.get("/orgs").await.ok()["results"][0]["id"], org.org_id);
    assert_eq!(client.get(&format!("/orgs/{}/apiKeys", org.org_id)).await.header("ratelimit-limit"), "500");
    world.sandbox.advance(Duration::from_secs(3_599));
    assert_eq!(client.get("").await.status, 200);
    world.sandbox.advance(Duration::from_secs(1));
    let refused = client.get("").await;
    assert!(refused.header("www-authenticate").starts_with("Bearer "));
    let body = refused.json();
    assert_eq!((refused.status, &body["errorCode"]), (401, &json!("UNEXPECTED_ERROR")));
}

#[tokio::test]
async fn credentials_come_in_the_header_and_errors_have_the_shape_of_oauth() {
    let world = World::demo().await;
    let (account, other) = (owner(&world), world.org("Group Finance").service_account.unwrap());
    let stranger = Client::with_token(&world, "");
    let good = basic(&account);
    let in_form = format!("{GRANT}&client_id={}&client_secret={}", account.client_id, account.client_secret);
    let mixed = ClientSecret { client_id: other.client_id.clone(), ..account.clone() };
    let nobody = ClientSecret { client_id: "mdb_sa_id_5e2211c17a3e5a48f5497de3".to_owned(), ..account.clone() };
    for (form, authorization, status, error) in [
        (in_form.as_str(), None, 400, "invalid_request"),
        (GRANT, Some(basic(&mixed)), 401, "invalid_client"),
        (GRANT, Some(basic(&nobody)), 401, "invalid_client"),
        (GRANT, Some("Basic !".to_owned()), 401, "invalid_client"),
        (GRANT, Some("Bearer x".to_owned()), 401, "invalid_client"),
        ("", Some(good.clone()), 400, "invalid_request"),
        ("grant_type=password", Some(good.clone()), 400, "unsupported_grant_type"),
    ] {
        let answer = stranger.form("token", form, authorization.as_deref()).await;
        assert_eq!((answer.status, answer.json()["error"].as_str()), (status, Some(error)), "{form}");
    }
    let described = stranger.form("token", GRANT, None).await.json();
    assert_eq!(described["error_description"], "No Authorization header provided");
    let described = stranger.form("token", GRANT, Some(&basic(&mixed))).await.json();
    assert_eq!(described["error_description"], "Invalid credentials provided.");
    let as_json = Ask { target: "/api/oauth/token".to_owned(), ..Ask::new("POST", "").json(&json!({})) };
    let answer = stranger.send_with(&as_json, Some(&good)).await.unwrap();
    assert_eq!((answer.status, &answer.json()["error"]), (400, &json!("invalid_request")));
    let get = Ask { target: "/api/oauth/token".to_owned(), ..Ask::new("GET", "") };
    stranger.send_with(&get, Some(&good)).await.unwrap().refused(405, "UNEXPECTED_ERROR");
}

#[tokio::test]
async fn a_revoked_token_is_worth_nothing_and_others_live_on() {
    let world = World::demo().await;
    let account = owner(&world);
    let stranger = Client::with_token(&world, "");
    let token = stranger.form("token", GRANT, Some(&basic(&account))).await.ok()["access_token"].clone();
    let token = token.as_str().unwrap();
    let (client, other) = (Client::with_token(&world, token), world.signed_in(&account).await);
    let form = format!("token={token}&token_type_hint=access_token");
    let foreign = world.org("Group Finance").service_account.unwrap();
    assert_eq!(stranger.form("revoke", &form, Some(&basic(&foreign))).await.status, 200);
    assert_eq!(client.get("").await.status, 200, "another account revokes nothing");
    let answer = stranger.form("revoke", &form, Some(&basic(&account))).await;
    assert_eq!((answer.status, answer.text.as_str()), (200, ""));
    assert_eq!((client.get("").await.status, world.sandbox.live_tokens(&account.client_id)), (401, 1));
    assert_eq!(other.get("").await.status, 200);
    assert_eq!(stranger.form("revoke", "token=unknown", Some(&basic(&account))).await.status, 200);
    assert_eq!(stranger.form("revoke", "", Some(&basic(&account))).await.json()["error"], "invalid_request");
    assert_eq!(stranger.form("revoke", &form, None).await.status, 400);
}

#[tokio::test]
async fn a_hundred_tokens_may_be_alive_and_asking_is_limited() {
    let sandbox = Sandbox::demo(NOW.parse().unwrap()).with_rate_limit(RateLimit::Published);
    let world = World::of(sandbox).await;
    let account = basic(&owner(&world));
    let stranger = Client::with_token(&world, "");
    let ask = || stranger.form("token", GRANT, Some(&account));
    for _ in 0..50 {
        assert_eq!(ask().await.status, 200);
    }
    let refused = ask().await.refused(429, "RATE_LIMITED");
    assert_eq!(refused["detail"], "Resource /api/oauth/token is limited to 50 requests every 1 minutes.");
    assert_eq!(refused["parameters"], json!(["/api/oauth/token", 50, 1]));
    let elsewhere = Client::with_token(&world, "").from("192.0.2.77");
    for _ in 0..50 {
        assert_eq!(elsewhere.form("token", GRANT, Some(&account)).await.status, 200, "limited by address");
    }
    world.sandbox.advance(Duration::from_secs(60));
    let full = ask().await;
    assert_eq!((full.status, &full.json()["error"]), (403, &json!("access_denied")));
    world.sandbox.advance(Duration::from_secs(3_600));
    assert_eq!(ask().await.status, 200);
}

#[tokio::test]
async fn the_access_list_limits_the_use_of_a_token_and_not_its_creation() {
    let world = World::demo().await;
    let (org, _) = world.retail();
    let account = world.account(&org.org_id, &["ORG_OWNER"], &[], &["192.0.2.7"]);
    let client = world.signed_in(&account).await;
    client.get("").await.refused(403, "IP_ADDRESS_NOT_ON_ACCESS_LIST");
    let client = client.from("192.0.2.7");
    assert_eq!(client.get("").await.status, 200);
    let list = format!("/orgs/{}/serviceAccounts/{}/accessList", org.org_id, account.client_id);
    let entry = client.get(&list).await.ok()["results"][0].clone();
    assert_eq!((&entry["requestCount"], &entry["lastUsedAddress"]), (&json!(2), &json!("192.0.2.7")));
    client.delete(&format!("{list}/192.0.2.7")).await.refused(400, "CANNOT_REMOVE_CALLER_FROM_ACCESS_LIST");
    let without = world.account(&org.org_id, &["ORG_OWNER"], &[], &[]);
    let without = world.signed_in(&without).await;
    assert_eq!(without.get("").await.status, 200);
    world.sandbox.require_access_list(&org.org_id, true);
    without.get("").await.refused(403, "ORG_REQUIRES_ACCESS_LIST");
}

#[tokio::test]
async fn the_journal_names_the_account_and_rules_meant_for_calls_leave_tokens_alone() {
    let world = World::demo().await;
    let account = owner(&world);
    let failing = FaultKind::Status { status: 503, retry_after: None, after_change: false };
    world.sandbox.add_faults([FaultRule::next(failing.clone())]);
    let client = world.signed_in(&account).await;
    client.get("").await.refused(503, "UNEXPECTED_ERROR");
    assert_eq!(client.get("").await.status, 200);
    world.sandbox.add_faults([FaultRule::next(FaultKind::StaleNonce)]);
    let expired = client.get("").await;
    assert!(expired.status == 401 && expired.header("www-authenticate").starts_with("Bearer "));
    world.sandbox.add_faults([FaultRule::on("POST", "/api/oauth/token", failing)]);
    assert_eq!(client.form("token", GRANT, Some(&basic(&account))).await.status, 503);
    let journal = world.sandbox.journal();
    assert_eq!(journal.len(), 2);
    assert!(journal.iter().all(|entry| entry.public_key == account.client_id));
    assert_eq!((journal[0].path.as_str(), journal[0].operation), ("/api/oauth/token", None));
}
