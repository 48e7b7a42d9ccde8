//! Service accounts: one token for all calls, renewed in time, replaced when Atlas does not take it, revoked at the end.

use std::{sync::Arc, time::Duration};

use atlas::{Category, Client, Credentials, DisconnectError, Outcome, RetryPolicy, Transport};
use base64::{Engine, engine::general_purpose::STANDARD};
use http::{Method, header};
use serde_json::{Value, json};

use crate::script::{Answer, KEY, ORG, SECRET, Script, answer, ok, refused};

const ACCOUNT: &str = "mdb_sa_id_5f1b2c3d4e5f60718293a4b5";

fn client(script: &Arc<Script>) -> Client {
    let transport: Arc<dyn Transport> = script.clone();
    let credentials =
        Credentials::ServiceAccount { client_id: ACCOUNT.to_owned(), client_secret: SECRET.to_owned().into() };
    Client::new(transport, "https://atlas.example.org".parse().unwrap(), credentials)
}

fn impatient(script: &Arc<Script>) -> Client {
    client(script).with_retries(RetryPolicy::NONE)
}

fn token(text: &str) -> Answer {
    ok(json!({ "access_token": text, "expires_in": 3600, "token_type": "Bearer" }))
}

fn no_token(status: u16, code: &str, description: &str) -> Answer {
    Ok(answer(status, &json!({ "error": code, "error_description": description })))
}

fn status() -> Answer {
    ok(json!({ "apiKey": null, "appName": "MongoDB Atlas", "build": "1", "throttling": false }))
}

fn unauthorized() -> Answer {
    refused(401, "UNEXPECTED_ERROR", "You are not authorized for this resource.", json!([]))
}

fn signatures(script: &Script) -> Vec<String> {
    let all = script.signatures().into_iter();
    all.map(Option::unwrap).map(|text| if text.starts_with("Basic") { "Basic".to_owned() } else { text }).collect()
}

#[tokio::test]
async fn a_token_is_asked_for_once_and_serves_all_calls() {
    let script = Script::new([token("t1"), status(), status()]);
    let client = client(&script);
    client.system_status().await.unwrap();
    client.system_status().await.unwrap();

    let seen = script.seen();
    assert_eq!((seen[0].method(), seen[0].uri().path()), (&Method::POST, "/api/oauth/token"));
    let basic = format!("Basic {}", STANDARD.encode(format!("{ACCOUNT}:{SECRET}")));
    assert_eq!(seen[0].headers()[header::AUTHORIZATION], basic.as_str());
    assert!(seen[0].headers()[header::AUTHORIZATION].is_sensitive());
    assert_eq!(seen[0].headers()[header::CONTENT_TYPE], "application/x-www-form-urlencoded");
    assert_eq!(seen[0].headers()[header::ACCEPT], "application/json");
    assert_eq!(seen[0].body(), "grant_type=client_credentials");
    assert_eq!(signatures(&script)[1..], ["Bearer t1", "Bearer t1"]);
    assert!(seen[1].headers()[header::AUTHORIZATION].is_sensitive());
}

#[tokio::test]
async fn calls_at_the_same_time_share_one_token() {
    let script = Script::new([token("t1")].into_iter().chain((0..20).map(|_| status())));
    let client = Arc::new(client(&script));
    let calls: Vec<_> = (0..20)
        .map(|_| {
            let client = Arc::clone(&client);
            tokio::spawn(async move { client.system_status().await.map(drop) })
        })
        .collect();
    for call in calls {
        call.await.unwrap().unwrap();
    }
    assert_eq!(signatures(&script).iter().filter(|signature| *signature == "Basic").count(), 1);
}

#[tokio::test]
async fn calls_at_the_same_time_share_a_refusal_too() {
    let script = Script::new([no_token(503, "server_error", "Down.")]);
    let client = Arc::new(impatient(&script));
    let calls = (0..10).map(|_| client.system_status());
    for outcome in futures_util::future::join_all(calls).await {
        assert_eq!(outcome.unwrap_err().category(), Category::ServerFault);
    }
    assert_eq!(script.seen().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_token_is_renewed_before_its_end() {
    let script = Script::new([token("t1"), status(), status(), token("t2"), status()]);
    let client = client(&script);
    client.system_status().await.unwrap();
    tokio::time::advance(Duration::from_secs(3_200)).await;
    client.system_status().await.unwrap();
    tokio::time::advance(Duration::from_secs(300)).await;
    client.system_status().await.unwrap();
    assert_eq!(signatures(&script), ["Basic", "Bearer t1", "Bearer t1", "Basic", "Bearer t2"]);
}

#[tokio::test(start_paused = true)]
async fn a_token_that_cannot_be_renewed_yet_serves_to_its_end() {
    let script =
        Script::new([token("t1"), status(), no_token(503, "server_error", "Down."), status(), token("t2"), status()]);
    let client = impatient(&script);
    client.system_status().await.unwrap();
    tokio::time::advance(Duration::from_secs(3_500)).await;
    client.system_status().await.unwrap();
    tokio::time::advance(Duration::from_secs(101)).await;
    client.system_status().await.unwrap();
    assert_eq!(signatures(&script), ["Basic", "Bearer t1", "Basic", "Bearer t1", "Basic", "Bearer t2"]);
}

#[tokio::test]
async fn a_token_atlas_does_not_take_is_replaced_once() {
    let script = Script::new([token("t1"), unauthorized(), token("t2"), Ok(answer(204, &Value::Null))]);
    client(&script).delete_org_api_key(&ORG.parse().unwrap(), &KEY.parse().unwrap()).await.unwrap();
    assert_eq!(signatures(&script), ["Basic", "Bearer t1", "Basic", "Bearer t2"]);

    let script = Script::new([token("t1"), unauthorized(), token("t2"), unauthorized()]);
    let error = client(&script).system_status().await.unwrap_err();
    assert_eq!((error.category(), error.outcome()), (Category::WrongCredentials, Outcome::NotExecuted));
    assert!(error.explanation().cause.contains("service account"), "{error:?}");
    assert!(script.is_used_up());
}

#[tokio::test]
async fn a_missing_role_is_no_reason_for_another_token() {
    for denied in [
        refused(403, "ACCESS_FORBIDDEN", "No.", json!([])),
        refused(403, "IP_ADDRESS_NOT_ON_ACCESS_LIST", "No.", json!(["203.0.113.9"])),
        refused(401, "NOT_ORG_OWNER", "No.", json!([])),
    ] {
        let script = Script::new([token("t1"), denied, status()]);
        let client = client(&script);
        let words = client.system_status().await.unwrap_err().explanation();
        assert!(!words.cause.contains("key") && words.cause.contains("service account"), "{words:?}");
        client.system_status().await.unwrap();
        assert_eq!(signatures(&script), ["Basic", "Bearer t1", "Bearer t1"]);
    }
}

#[tokio::test(start_paused = true)]
async fn a_wrong_secret_is_told_and_not_tried_again_at_once() {
    let refusal = || no_token(401, "invalid_client", "Invalid credentials provided.");
    let script = Script::new([refusal(), refusal()]);
    let client = client(&script);
    for _ in 0..5 {
        let error = client.get_org(&ORG.parse().unwrap()).await.unwrap_err();
        assert_eq!((error.category(), error.outcome()), (Category::WrongCredentials, Outcome::NotExecuted));
        assert_eq!(error.operation(), atlas::Operation::GetOrg);
        assert!(error.explanation().cause.contains("secret"), "{error:?}");
    }
    assert_eq!(script.seen().len(), 1);
    tokio::time::advance(Duration::from_secs(11)).await;
    client.system_status().await.unwrap_err();
    assert_eq!(script.seen().len(), 2);
}

#[tokio::test]
async fn each_refusal_of_a_token_is_told_apart() {
    let detail = "Resource /api/oauth/token is limited to 50 requests every 1 minutes.";
    let limited = refused(429, "RATE_LIMITED", detail, json!(["/api/oauth/token", 50, 1]));
    for (refusal, category) in [
        (limited, Category::RateLimited { retry_after: None }),
        (no_token(403, "access_denied", "Access Token limit reached."), Category::LimitReached),
        (no_token(400, "unsupported_grant_type", "No."), Category::Invalid { fields: vec![] }),
        (no_token(500, "server_error", "Oh."), Category::ServerFault),
        (Ok(answer(502, &Value::Null)), Category::ServerFault),
        (Ok(answer(404, &Value::Null)), Category::Malformed),
        (ok(json!({ "token": "t1" })), Category::Malformed),
        (ok(json!({ "access_token": "a\nb" })), Category::Malformed),
    ] {
        let script = Script::new([refusal]);
        let error = impatient(&script).system_status().await.unwrap_err();
        assert_eq!((error.category(), error.outcome()), (category, Outcome::NotExecuted), "{error:?}");
        let words = error.explanation();
        assert!(words.cause.ends_with('.') && words.next_step.ends_with('.'), "{words:?}");
        assert!(script.is_used_up());
    }
}

#[tokio::test(start_paused = true)]
async fn a_change_waits_for_a_token_as_it_does_for_a_rate_limit() {
    let script = Script::new([no_token(503, "server_error", "Down."), token("t1"), Ok(answer(204, &Value::Null))]);
    client(&script).delete_org_api_key(&ORG.parse().unwrap(), &KEY.parse().unwrap()).await.unwrap();
    assert_eq!(signatures(&script), ["Basic", "Basic", "Bearer t1"]);
}

#[tokio::test]
async fn leaving_revokes_the_token() {
    let script = Script::new([token("t/1"), status(), Ok(answer(200, &Value::Null)), token("t2"), status()]);
    let client = client(&script);
    client.disconnect().await.unwrap();
    assert!(script.seen().is_empty(), "there is nothing to revoke yet");
    client.system_status().await.unwrap();
    client.disconnect().await.unwrap();
    let seen = script.seen();
    assert_eq!(seen[2].uri().path(), "/api/oauth/revoke");
    assert_eq!(seen[2].body(), "token=t%2F1&token_type_hint=access_token");
    assert!(script.signatures()[2].as_ref().unwrap().starts_with("Basic "));
    client.system_status().await.unwrap();

    let script = Script::new([token("t1"), status(), Ok(answer(503, &Value::Null))]);
    let client = impatient(&script);
    client.system_status().await.unwrap();
    assert_eq!(client.disconnect().await, Err(DisconnectError::Refused(503)));
    assert_eq!(client.disconnect().await, Ok(()), "it is forgotten all the same");
}

#[tokio::test]
async fn neither_secret_nor_token_shows() {
    let planted = "planted.token.5eccae755eca";
    let script = Script::new([token(planted), status(), no_token(401, "invalid_client", SECRET)]);
    let client = client(&script);
    client.system_status().await.unwrap();
    for text in [format!("{client:?}"), format!("{client:#?}"), format!("{:?}", script.seen()[1])] {
        assert!(!text.contains("5eccae755eca"), "{text}");
        assert!(!text.contains("planted.token"), "{text}");
    }
    assert!(format!("{client:?}").contains(ACCOUNT));
    let credentials =
        Credentials::ServiceAccount { client_id: ACCOUNT.to_owned(), client_secret: SECRET.to_owned().into() };
    assert!(!format!("{credentials:?}").contains(SECRET));
}
