//! A sandbox that is saved, and goes on where it ended.

use atlas_sandbox::{RateLimit, Sandbox, ScaledOptions};
use serde_json::{Value, json};

use crate::support::{
    NOW, World,
    client::{Answer, Ask},
};

/// The answer without what depends on the socket.
fn said(world: &World, answer: &Answer) -> String {
    answer.text.replace(&world.base, "")
}

#[tokio::test]
async fn a_restored_sandbox_answers_as_the_saved_one() {
    let world = World::demo().await;
    let (org, client) = world.retail();
    let (org_id, project) = (&org.org_id, &org.project_ids[0]);
    let key =
        client.post(&format!("/orgs/{org_id}/apiKeys"), json!({ "desc": "x", "roles": ["ORG_MEMBER"] })).await.ok();
    let key_id = key["id"].as_str().unwrap();
    let entries = json!([{ "ipAddress": "192.0.2.7" }, { "cidrBlock": "2001:db8::/48" }]);
    client.post(&format!("/orgs/{org_id}/apiKeys/{key_id}/accessList"), entries).await.ok();
    let gone = world.key(org_id, &["ORG_MEMBER"], &[]);
    client.delete(&format!("/orgs/{org_id}/apiKeys/{}", gone.id)).await.gone();
    let account = org.service_account.as_ref().unwrap();
    let token_user = world.signed_in(account).await;
    token_user.get("").await.ok();

    let saved = world.sandbox.saved().unwrap();
    let text = String::from_utf8(saved.clone()).unwrap();
    for secret in [key["privateKey"].as_str().unwrap(), &account.client_secret, &org.reader.private_key] {
        assert!(!text.contains(secret), "secrets are not saved");
    }
    let restored = Sandbox::restored(&saved, NOW.parse().unwrap()).unwrap();
    let restored = World::of(restored.with_rate_limit(RateLimit::Unlimited)).await;
    assert_eq!(restored.sandbox.demo_credentials(), world.sandbox.demo_credentials());
    let again = restored.client(org.writer.as_ref().unwrap());
    let areas =
        ["", "/apiKeys", "/groups", "/serviceAccounts", "/settings", "/events", "/users", "/teams", "/invoices"];
    let mut paths: Vec<String> = areas.iter().map(|area| format!("/orgs/{org_id}{area}")).collect();
    paths.extend(
        ["", "/apiKeys", "/serviceAccounts", "/users", "/teams"].map(|area| format!("/groups/{project}{area}")),
    );
    paths.push(format!("/orgs/{org_id}/apiKeys/{key_id}/accessList"));
    for path in paths {
        let (before, after) = (client.get(&path).await, again.get(&path).await);
        assert_eq!(before.status, after.status, "{path}");
        // Atlas's order of roles is not stable, and neither is the sandbox's.
        let sorted = |world: &World, answer: &Answer| sorted(&serde_json::from_str(&said(world, answer)).unwrap());
        assert_eq!(sorted(&world, &before), sorted(&restored, &after), "{path}");
    }
    assert_eq!(restored.sandbox.live_tokens(&account.client_id), 1, "tokens live on");
    assert_eq!(restored.signed_in(account).await.get("").await.status, 200);
}

/// The value with the items of every list in order.
fn sorted(value: &Value) -> Value {
    match value {
        Value::Array(items) => {
            let mut items: Vec<Value> = items.iter().map(sorted).collect();
            items.sort_by_key(Value::to_string);
            items.into()
        }
        Value::Object(fields) => fields.iter().map(|(name, field)| (name.clone(), sorted(field))).collect(),
        other => other.clone(),
    }
}

#[tokio::test]
async fn it_is_saved_into_its_file_when_somebody_asks_for_it() {
    let file = std::env::temp_dir().join(format!("atlas-sandbox-{}.json", std::process::id()));
    let options = ScaledOptions { orgs: 2, projects: 2, keys: 3, seed: 9, ..ScaledOptions::default() };
    let world = World::of(Sandbox::scaled(&options, NOW.parse().unwrap()).with_state_file(file.clone())).await;
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    let answer = http.post(format!("{}/sandbox/state", world.base)).send().await.unwrap();
    assert_eq!((answer.status().as_u16(), answer.text().await.unwrap().as_str()), (200, r#"{"saved":true}"#));
    let saved = std::fs::read(&file).unwrap();
    std::fs::remove_file(&file).unwrap();
    let restored = Sandbox::restored(&saved, NOW.parse().unwrap()).unwrap();
    assert_eq!(restored.demo_credentials(), world.sandbox.demo_credentials());
    let journal = http.get(format!("{}/sandbox/journal", world.base)).send().await.unwrap();
    assert_eq!(journal.status(), 404, "the rest of the remote control is not part of it");
}

#[tokio::test]
async fn without_a_file_there_is_nothing_to_ask() {
    let world = World::demo().await;
    let (_, client) = world.retail();
    let ask = Ask { target: "/sandbox/state".to_owned(), ..Ask::new("POST", "") };
    client.send_with(&ask, None).await.unwrap().refused(404, "RESOURCE_NOT_FOUND");
    assert!(world.sandbox.save().is_ok());
}

#[test]
fn what_is_no_saved_sandbox_is_refused() {
    let restored = |text: &str| Sandbox::restored(text.as_bytes(), NOW.parse().unwrap()).map(drop);
    assert!(restored("").is_err() && restored("{}").is_err());
    let sandbox = Sandbox::scaled(&ScaledOptions { orgs: 1, ..ScaledOptions::default() }, NOW.parse().unwrap());
    let text = String::from_utf8(sandbox.saved().unwrap()).unwrap();
    assert!(restored(&text).is_ok());
    let error = restored(&text.replace("\"format\":1", "\"format\":7")).unwrap_err();
    assert!(error.to_string().contains("format 7"), "{error}");
}
