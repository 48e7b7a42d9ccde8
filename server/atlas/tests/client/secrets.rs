//! A planted secret never comes out of anything that can be logged or shown.

use std::fmt::Debug;

use atlas::{AtlasRequest, CreatedApiKey};
use secrecy::ExposeSecret;
use serde_json::json;

use crate::script::{KEY, ORG, SECRET, Script, challenge, client, credentials, ok, refused};

fn assert_silent(what: &impl Debug) {
    for text in [format!("{what:?}"), format!("{what:#?}")] {
        assert!(!text.contains(SECRET), "{text}");
    }
}

#[tokio::test]
async fn nothing_with_a_secret_shows_it() {
    let created = json!({ "id": KEY, "desc": "x", "publicKey": "ijklmnop", "privateKey": SECRET, "roles": [] });
    let script = Script::new([challenge("n1", false), ok(created)]);
    let client = client(&script);
    let request = AtlasRequest::create_org_api_key(&ORG.parse().unwrap(), "x", &["ORG_MEMBER"]);
    let answer = client.execute(&request).await.unwrap();
    let created: CreatedApiKey = answer.decode().unwrap();
    assert_eq!(created.private_key.expose_secret(), SECRET);

    assert_silent(&credentials());
    assert_silent(&client);
    assert_silent(&request);
    assert_silent(&answer);
    assert_silent(&created);
    // Only the signature went out, never the key it was made with.
    assert_silent(&script.seen());
    assert_silent(&script.signatures());
}

#[tokio::test]
async fn an_error_does_not_quote_the_answer_it_cannot_read() {
    // A private key where a list belongs: serde's own message would quote it.
    let odd = json!({ "id": KEY, "publicKey": "ijklmnop", "privateKey": SECRET, "roles": SECRET });
    let script = Script::new([
        challenge("n1", false),
        ok(odd),
        challenge("n2", false),
        refused(401, "NOT_ORG_OWNER", "No.", json!([])),
    ]);
    let client = client(&script);
    let error = client.create_org_api_key(&ORG.parse().unwrap(), "x", &["ORG_MEMBER"]).await.unwrap_err();
    assert_silent(&error);
    assert_silent(&error.explanation());
    assert!(!error.to_string().contains(SECRET));
    assert_eq!(error.outcome(), atlas::Outcome::Executed);

    let error = client.create_org_api_key(&ORG.parse().unwrap(), "x", &["ORG_MEMBER"]).await.unwrap_err();
    assert_silent(&error);
}

#[tokio::test]
async fn a_listing_never_carries_an_unmasked_key() {
    let key =
        |private: &str| json!({ "id": KEY, "desc": "x", "publicKey": "ijklmnop", "privateKey": private, "roles": [] });
    let masked = "********-****-****-01bdd56c8977";
    let script =
        Script::new([challenge("n1", false), ok(json!({ "results": [key(masked), key(SECRET)], "links": [] }))]);
    let keys = client(&script).list_org_api_keys(&ORG.parse().unwrap()).await.unwrap();
    assert_eq!(keys[0].masked_private_key.as_deref(), Some(masked));
    assert_eq!(keys[1].masked_private_key, None);
    assert_silent(&keys);
}
