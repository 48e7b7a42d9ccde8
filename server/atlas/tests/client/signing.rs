//! HTTP Digest as RFC 7616 has it, and what follows a 401.

use std::fmt::Write as _;

use crate::script::{self, GROUP, KEY, ORG, SECRET, Script, challenge, client, fields, ok, refused};
use atlas::{AtlasRequest, Category, Outcome, RetryPolicy, TransportError};
use http::header;
use md5::{Digest as _, Md5};
use serde_json::{Value, json};

fn md5(text: &str) -> String {
    Md5::digest(text).iter().fold(String::new(), |mut hex, byte| {
        write!(hex, "{byte:02x}").unwrap();
        hex
    })
}

/// Checks a signature from the RFC's own formula.
fn assert_signed(signature: &Option<String>, method: &str, uri: &str, nonce: &str, nc: &str) {
    let signature = signature.as_deref().unwrap();
    let fields = fields(signature);
    let ha1 = md5(&format!("abcdefgh:MMS Public API:{SECRET}"));
    let ha2 = md5(&format!("{method}:{uri}"));
    let response = md5(&format!("{ha1}:{nonce}:{nc}:{}:auth:{ha2}", fields["cnonce"]));
    assert_eq!(fields["username"], "abcdefgh");
    assert_eq!(fields["uri"], uri);
    assert_eq!(fields["nonce"], nonce);
    assert_eq!(fields["nc"], nc);
    assert_eq!(fields["qop"], "auth");
    assert_eq!(fields["response"], response);
    assert!(!fields.contains_key("opaque"), "Atlas sends none");
}

fn status() -> Value {
    json!({ "apiKey": null, "appName": "MongoDB Atlas", "build": "1", "throttling": false, "links": [] })
}

#[tokio::test]
async fn one_challenge_serves_many_requests_with_a_growing_count() {
    let script = Script::new([challenge("n1", false), ok(status()), ok(status()), script::page(&[], false)]);
    let client = client(&script);
    client.system_status().await.unwrap();
    client.system_status().await.unwrap();
    client.list_orgs().await.unwrap();

    let signatures = script.signatures();
    assert_eq!(signatures[0], None);
    assert_signed(&signatures[1], "GET", "/api/atlas/v2", "n1", "00000001");
    assert_signed(&signatures[2], "GET", "/api/atlas/v2", "n1", "00000002");
    assert_signed(&signatures[3], "GET", "/api/atlas/v2/orgs?itemsPerPage=500&pageNum=1", "n1", "00000003");
}

#[tokio::test]
async fn a_request_carries_version_and_sender_and_hides_its_signature() {
    let created = json!({ "id": KEY, "desc": "x", "publicKey": "ijklmnop", "privateKey": SECRET, "roles": [] });
    let script = Script::new([challenge("n1", false), ok(created)]);
    client(&script).create_org_api_key(&ORG.parse().unwrap(), "x", &["ORG_MEMBER"]).await.unwrap();
    let seen = script.seen();
    for request in &seen {
        assert_eq!(request.method(), "POST");
        assert_eq!(request.uri().to_string(), format!("https://atlas.example.org/api/atlas/v2/orgs/{ORG}/apiKeys"));
        assert_eq!(request.headers()[header::ACCEPT], "application/vnd.atlas.2023-01-01+json");
        assert!(request.headers()[header::USER_AGENT].to_str().unwrap().starts_with("Meridian/"));
    }
    assert!(seen[1].headers()[header::AUTHORIZATION].is_sensitive());
}

#[tokio::test]
async fn a_body_goes_out_signed_and_once() {
    let created = json!({ "id": KEY, "desc": "x", "publicKey": "ijklmnop", "privateKey": SECRET, "roles": [] });
    let script = Script::new([challenge("n1", false), ok(created)]);
    client(&script).create_org_api_key(&ORG.parse().unwrap(), "x", &["ORG_MEMBER"]).await.unwrap();
    let [first, second] = &script.seen()[..] else { panic!("{:?}", script.seen()) };
    assert!(first.body().is_empty() && !first.headers().contains_key(header::CONTENT_TYPE));
    assert_eq!(second.headers()[header::CONTENT_TYPE], "application/vnd.atlas.2023-01-01+json");
    let body: Value = serde_json::from_slice(second.body()).unwrap();
    assert_eq!(body, json!({ "desc": "x", "roles": ["ORG_MEMBER"] }));
}

#[tokio::test]
async fn whoever_takes_a_change_unsigned_is_not_atlas() {
    let script = Script::new([ok(json!({}))]);
    let error = client(&script).create_org_api_key(&ORG.parse().unwrap(), "x", &["ORG_MEMBER"]).await.unwrap_err();
    assert_eq!((error.category(), error.outcome()), (Category::Malformed, Outcome::Unknown));
}

#[tokio::test]
async fn an_old_challenge_is_replaced_and_the_write_sent_once_more() {
    for stale in [false, true] {
        let script = Script::new([
            challenge("n1", false),
            ok(status()),
            challenge("n2", stale),
            Ok(script::answer(204, &Value::Null)),
        ]);
        let client = client(&script);
        client.system_status().await.unwrap();
        client.remove_group_api_key(&GROUP.parse().unwrap(), &KEY.parse().unwrap()).await.unwrap();
        let uri = format!("/api/atlas/v2/groups/{GROUP}/apiKeys/{KEY}");
        assert_signed(&script.signatures()[2], "DELETE", &uri, "n1", "00000002");
        assert_signed(&script.signatures()[3], "DELETE", &uri, "n2", "00000001");
    }
}

#[tokio::test]
async fn a_second_refusal_of_a_fresh_challenge_means_wrong_credentials() {
    let script = Script::new([challenge("n1", false), challenge("n2", false), challenge("n3", false), ok(status())]);
    let client = client(&script);
    let error = client.system_status().await.unwrap_err();
    assert_eq!(error.category(), Category::WrongCredentials);
    assert_eq!(error.outcome(), Outcome::NotExecuted);
    assert_eq!(script.seen().len(), 2, "asked again with the same credential");

    // And the refused challenge is forgotten: the next call begins anew.
    client.system_status().await.unwrap();
    assert_eq!(script.signatures()[2], None);
    assert!(script.is_used_up());
}

#[tokio::test]
async fn a_missing_role_is_not_taken_for_an_old_challenge() {
    // Even beside a challenge: the code says that the signature was right.
    let mut denied = refused(401, "NOT_ORG_OWNER", "Current user is not an organization owner.", json!([]));
    let header = r#"Digest realm="MMS Public API", domain="", nonce="n2", algorithm=MD5, qop="auth", stale=false"#;
    denied.as_mut().unwrap().headers_mut().insert(header::WWW_AUTHENTICATE, header.parse().unwrap());
    let script = Script::new([challenge("n1", false), ok(status()), denied, ok(status())]);
    let client = client(&script);
    client.system_status().await.unwrap();
    let error = client.delete_org_api_key(&ORG.parse().unwrap(), &KEY.parse().unwrap()).await.unwrap_err();
    assert!(matches!(error.category(), Category::NotAllowed { code } if code.is("NOT_ORG_OWNER")));
    assert_eq!(script.seen().len(), 3, "sent again");
    // The old challenge still serves.
    client.system_status().await.unwrap();
    assert_signed(&script.signatures()[3], "GET", "/api/atlas/v2", "n1", "00000003");
}

#[tokio::test]
async fn a_specific_code_with_a_stale_challenge_is_signed_again() {
    let mut stale = refused(401, "USER_UNAUTHORIZED", "Sign again.", json!([]));
    let header = r#"Digest realm="MMS Public API", nonce="n2", algorithm=MD5, qop="auth", stale=true"#;
    stale.as_mut().unwrap().headers_mut().insert(header::WWW_AUTHENTICATE, header.parse().unwrap());
    let script = Script::new([challenge("n1", false), ok(status()), stale, ok(status())]);
    let client = client(&script);
    client.system_status().await.unwrap();
    client.system_status().await.unwrap();
    assert_signed(&script.signatures()[3], "GET", "/api/atlas/v2", "n2", "00000001");
}

#[tokio::test]
async fn whoever_offers_no_digest_is_not_atlas() {
    let script = Script::new([Ok(script::answer(401, &json!({ "message": "log in" })))]);
    let error = client(&script).system_status().await.unwrap_err();
    assert_eq!(error.category(), Category::Malformed);
    assert!(error.explanation().next_step.contains("base URL"), "{error:?}");
}

#[tokio::test]
async fn a_lost_write_is_in_doubt_only_if_it_was_signed() {
    let request = AtlasRequest::delete_org_api_key(&ORG.parse().unwrap(), &KEY.parse().unwrap());
    let cut = || Err(TransportError::Cut { detail: "reset".to_owned() });
    let refused =
        || Err(TransportError::NotConnected { host: "atlas.example.org".to_owned(), detail: "refused".to_owned() });
    for (answers, outcome) in [
        (vec![cut()], Outcome::NotExecuted),
        (vec![challenge("n1", false), cut()], Outcome::Unknown),
        (vec![challenge("n1", false), Err(TransportError::TooLarge { limit: 1 })], Outcome::Unknown),
        (vec![challenge("n1", false), refused()], Outcome::NotExecuted),
        (vec![challenge("n1", false), Ok(script::answer(503, &Value::Null))], Outcome::Unknown),
        (vec![challenge("n1", false), Ok(script::answer(429, &Value::Null))], Outcome::NotExecuted),
        (vec![challenge("n1", false), Ok(script::answer(301, &Value::Null))], Outcome::NotExecuted),
    ] {
        let script = Script::new(answers);
        let client = client(&script).with_retries(RetryPolicy::NONE);
        let error = client.execute(&request).await.unwrap_err();
        assert_eq!(error.outcome(), outcome, "{error:?}");
        assert!(script.is_used_up());
    }
}

#[tokio::test]
async fn parallel_requests_never_use_a_count_twice() {
    let answers = [challenge("n1", false)].into_iter().chain((0..21).map(|_| ok(status())));
    let script = Script::new(answers);
    let client = std::sync::Arc::new(client(&script));
    client.system_status().await.unwrap();
    let tasks: Vec<_> = (0..20)
        .map(|_| {
            tokio::spawn({
                let client = client.clone();
                async move { client.system_status().await.unwrap() }
            })
        })
        .collect();
    for task in tasks {
        task.await.unwrap();
    }
    let signatures: Vec<String> = script.signatures().into_iter().flatten().collect();
    let counts: std::collections::HashSet<&str> = signatures.iter().map(|signature| fields(signature)["nc"]).collect();
    assert_eq!(counts.len(), 21);
}
