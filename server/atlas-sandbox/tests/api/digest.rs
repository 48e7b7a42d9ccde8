//! Signatures and nonces.

use std::time::Duration;

use crate::support::{
    World,
    client::{Ask, challenged},
};

#[tokio::test]
async fn an_unsigned_request_is_challenged_before_anything_else_is_looked_at() {
    let world = World::demo().await;
    let (org, client) = world.retail();
    let keys = format!("/orgs/{}/apiKeys", org.org_id);
    let mut nonsense = Ask::new("POST", &keys);
    nonsense.accept = Some("text/html");
    nonsense.content_type = Some("text/plain");
    nonsense.body = Some("{".to_owned());
    for ask in [
        Ask::new("GET", ""),
        Ask::new("GET", "/nowhere"),
        Ask::new("PUT", "/orgs"),
        Ask::new("GET", "/orgs?pageNum=0"),
        nonsense,
    ] {
        let answer = client.send_with(&ask, None).await.unwrap();
        assert_eq!(answer.status, 401, "{ask:?}");
        assert_eq!(answer.json()["errorCode"], "UNEXPECTED_ERROR");
        assert_eq!(answer.header("content-type"), "application/json");
        assert!(answer.headers.get("ratelimit-limit").is_none());
        let challenge = answer.header("www-authenticate");
        let (start, rest) = challenge.split_at(challenge.find("nonce=").unwrap());
        assert_eq!(start, r#"Digest realm="MMS Public API", domain="", "#);
        assert!(rest.ends_with(r#"", algorithm=MD5, qop="auth", stale=false"#), "{rest}");
        assert_eq!(challenged(&answer).unwrap().len(), 32);
    }
    assert!(world.sandbox.journal().is_empty());
}

#[tokio::test]
async fn wrong_and_deleted_keys_get_the_same_answer_as_strangers() {
    let world = World::demo().await;
    let (org, owner) = world.retail();
    let key = world.key(&org.org_id, &["ORG_OWNER"], &[]);
    let client = world.client(&key.pair);
    assert_eq!(client.get("").await.status, 200);
    let mut wrong = key.pair.clone();
    wrong.private_key = "00000000-0000-4000-8000-000000000000".to_owned();
    let refused = world.client(&wrong).get("").await;
    assert_eq!(refused.status, 401);
    assert!(refused.header("www-authenticate").ends_with("stale=false"));
    assert_eq!(owner.delete(&format!("/orgs/{}/apiKeys/{}", org.org_id, key.id)).await.status, 204);
    let gone = client.get("").await;
    assert_eq!((gone.status, &gone.text), (401, &refused.text));
}

#[tokio::test]
async fn one_nonce_serves_many_counters_in_any_order_and_none_twice() {
    let world = World::demo().await;
    let (_, client) = world.retail();
    let (ask, nonce) = (Ask::new("GET", ""), client.nonce().await);
    for count in [40, 3, 41, 2, 1, 900] {
        let answer = client.send_with(&ask, Some(&client.signature(&ask, &nonce, count))).await.unwrap();
        assert_eq!(answer.status, 200, "{count}");
    }
    let again = client.send_with(&ask, Some(&client.signature(&ask, &nonce, 3))).await.unwrap();
    assert_eq!(again.status, 401);
    assert!(again.header("www-authenticate").ends_with("stale=true"));
    assert_ne!(challenged(&again).unwrap(), nonce);
    assert_eq!(world.sandbox.journal().len(), 6);
}

#[tokio::test]
async fn concurrent_requests_may_share_a_nonce() {
    let world = World::demo().await;
    let (_, client) = world.retail();
    let (ask, nonce) = (Ask::new("GET", "/orgs"), client.nonce().await);
    let signatures: Vec<String> = (1..=60).rev().map(|count| client.signature(&ask, &nonce, count)).collect();
    let sent = signatures.iter().map(|signature| client.send_with(&ask, Some(signature)));
    for answer in futures_util::future::join_all(sent).await {
        assert_eq!(answer.unwrap().status, 200);
    }
}

#[tokio::test]
async fn an_old_nonce_is_stale_and_the_client_recovers() {
    let world = World::demo().await;
    let (_, client) = world.retail();
    assert_eq!(client.get("").await.status, 200);
    world.sandbox.advance(Duration::from_secs(120));
    let stale = client.send(&Ask::new("GET", "")).await.unwrap();
    assert!(stale.header("www-authenticate").ends_with("stale=true"));
    assert_eq!(client.get("").await.status, 200);
}

#[tokio::test]
async fn a_foreign_nonce_is_stale_only_for_who_knows_the_key() {
    let world = World::demo().await;
    let (_, client) = world.retail();
    let ask = Ask::new("GET", "");
    let signature = client.signature(&ask, "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", 1);
    let known = client.send_with(&ask, Some(&signature)).await.unwrap();
    assert!(known.header("www-authenticate").ends_with("stale=true"));
    let wrong = client.send_with(&ask, Some(&signature.replace("response=\"", "response=\"0"))).await.unwrap();
    assert!(wrong.header("www-authenticate").ends_with("stale=false"));
}

#[tokio::test]
async fn the_signature_covers_method_and_query() {
    let world = World::demo().await;
    let (_, client) = world.retail();
    let (ask, nonce) = (Ask::new("GET", "/orgs?pageNum=1"), client.nonce().await);
    let signature = client.signature(&ask, &nonce, 1);
    let mut other_query = ask.clone();
    other_query.target = other_query.target.replace("pageNum=1", "pageNum=2");
    let other_method = Ask { method: "DELETE", ..ask.clone() };
    for other in [other_query, other_method] {
        assert_eq!(client.send_with(&other, Some(&signature)).await.unwrap().status, 401);
    }
    assert_eq!(client.send_with(&ask, Some(&signature)).await.unwrap().status, 200);
}

#[tokio::test]
async fn clients_may_quote_what_curl_does_not_and_leave_the_algorithm_out() {
    let world = World::demo().await;
    let (_, client) = world.retail();
    let ask = Ask::new("GET", "");
    let curl = client.signature(&ask, &client.nonce().await, 1);
    let quoted = client
        .signature(&ask, &client.nonce().await, 1)
        .replace("qop=auth", "qop=\"auth\"")
        .replace("algorithm=MD5", "algorithm=\"MD5\"");
    let without = client.signature(&ask, &client.nonce().await, 7).replace(", algorithm=MD5", "").replace(", ", ",");
    for signature in [curl, quoted, without] {
        assert_eq!(client.send_with(&ask, Some(&signature)).await.unwrap().status, 200, "{signature}");
    }
    for scheme in ["Basic YTpi", "Bearer x", "Digest", "Digest username=\"", ""] {
        assert_eq!(client.send_with(&ask, Some(scheme)).await.unwrap().status, 401, "{scheme}");
    }
}
