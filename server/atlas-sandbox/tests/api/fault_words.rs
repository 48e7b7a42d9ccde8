//! Misbehaviour by header and by well-known names.

use std::time::{Duration, Instant};

use atlas_sandbox::{FAULT_NAMES, FaultRule, NewCredentials};
use serde_json::{Value, json};

use crate::support::{
    World,
    client::{Ask, Client, challenged},
};

fn asking<'a>(method: &'a str, path: &str, fault: &str) -> Ask<'a> {
    Ask { headers: vec![("sandbox-fault", fault.to_owned())], ..Ask::new(method, path) }
}

/// A client of an owner with this name.
fn called(world: &World, name: &str) -> (String, Client) {
    let (org, _) = world.retail();
    let new =
        NewCredentials { org_id: &org.org_id, desc: name, org_roles: &["ORG_OWNER"], ..NewCredentials::default() };
    (org.org_id.clone(), world.client(&world.plant(&new).pair))
}

fn created(world: &World) -> usize {
    let journal = world.sandbox.journal();
    journal.iter().filter(|entry| entry.operation == Some("createOrgApiKey") && entry.status == 200).count()
}

#[tokio::test]
async fn a_request_can_ask_for_its_own_misfortune() {
    let world = World::demo().await;
    let (_, client) = world.retail();
    client.get("").await;
    let limited = client.send(&asking("GET", "", "429,retry-after=7")).await.unwrap();
    assert_eq!((limited.header("retry-after"), limited.header("ratelimit-remaining")), ("7", "0"));
    limited.refused(429, "RATE_LIMITED");
    let bare = client.send(&asking("GET", "", "429")).await.unwrap();
    assert!(bare.headers.keys().all(|name| !name.as_str().starts_with("ratelimit") && name != "retry-after"));
    client.send(&asking("GET", "", "500")).await.unwrap().refused(500, "UNEXPECTED_ERROR");
    let broken = client.send(&asking("GET", "/orgs", "malformed")).await.unwrap();
    assert!(serde_json::from_str::<Value>(&broken.text).is_err());
    for fault in ["cut", "lost", "cut-midway"] {
        assert!(client.send(&asking("GET", "/orgs", fault)).await.is_err(), "{fault}");
    }
    let start = Instant::now();
    assert_eq!(client.send(&asking("GET", "", "slow=30")).await.unwrap().status, 200);
    assert!(start.elapsed() >= Duration::from_millis(30));
    let late = client.send(&asking("GET", "", "clock=-10")).await.unwrap();
    assert_eq!((late.status, late.header("date")), (200, "Mon, 10 Aug 2026 02:52:57 GMT"));
    let refused = client.send(&asking("GET", "", "explode")).await.unwrap().refused(400, "UNEXPECTED_ERROR");
    assert!(refused["detail"].as_str().unwrap().contains("slow=MILLISECONDS"));
    assert_eq!(client.get("/orgs").await.status, 200, "nobody else is touched");
}

#[tokio::test]
async fn an_answer_that_is_cut_midway_has_its_headers_and_half_of_its_body() {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    let world = World::demo().await;
    let (org, client) = world.retail();
    let ask = asking("GET", &format!("/orgs/{}", org.org_id), "cut-midway");
    let signature = client.signature(&ask, &client.nonce().await, 1);
    let host = world.base.strip_prefix("http://").unwrap();
    let mut stream = tokio::net::TcpStream::connect(host).await.unwrap();
    let request = format!(
        "GET {} HTTP/1.1\r\nhost: {host}\r\naccept: {}\r\nsandbox-fault: cut-midway\r\nauthorization: {signature}\r\n\r\n",
        ask.target,
        ask.accept.unwrap(),
    );
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut received = Vec::new();
    // A reset after the bytes is an end too.
    let _ = stream.read_to_end(&mut received).await;
    let text = String::from_utf8(received).unwrap();
    let (head, body) = text.split_once("\r\n\r\n").unwrap();
    let length = head.lines().find_map(|line| line.to_ascii_lowercase().strip_prefix("content-length: ")?.parse().ok());
    assert!(head.starts_with("HTTP/1.1 200"));
    assert_eq!(length.map(|length: usize| length / 2), Some(body.len()));
}

#[tokio::test]
async fn names_make_the_sandbox_misbehave() {
    let world = World::demo().await;
    let (org, client) = called(&world, "nightly report (loses answers)");
    let key = json!({ "desc": "x", "roles": ["ORG_MEMBER"] });
    let path = format!("/orgs/{org}/apiKeys");
    assert_eq!(client.get("/orgs").await.status, 200, "reading loses nothing");
    assert!(client.send(&Ask::new("POST", &path).json(&key)).await.is_err());
    assert_eq!(created(&world), 1, "it was done all the same");
    assert_eq!(client.send(&Ask::new("POST", &path).json(&key)).await.unwrap().status, 200);
    let (_, limited) = called(&world, "CI (is limited)");
    let (_, failing) = called(&world, "CI (fails)");
    let statuses = [limited.get("").await.status, limited.get("").await.status, limited.get("").await.status];
    assert_eq!(statuses, [429, 200, 429]);
    assert_eq!([failing.get("").await.status, failing.get("/orgs").await.status], [500, 500]);
    assert_eq!(world.retail().1.get("").await.status, 200, "others are not concerned");
}

#[tokio::test]
async fn the_name_of_a_project_concerns_all_who_ask_about_it() {
    let world = World::demo().await;
    let (org, client) = world.retail();
    let path = format!("/groups/{}", org.project_ids[0]);
    let renamed = client.patch(&path, json!({ "name": "billing (fails)" })).await.ok();
    assert_eq!(renamed["name"], "billing (fails)");
    assert_eq!(client.get(&path).await.status, 500);
    assert_eq!(client.get(&format!("/groups/{}", org.project_ids[1])).await.status, 200);
}

#[tokio::test]
async fn who_answers_stale_nonces_and_expired_tokens_gets_on() {
    let world = World::demo().await;
    let (_, client) = called(&world, "CI (nonces go stale)");
    let ask = Ask::new("GET", "");
    let first = client.nonce().await;
    let stale = client.send_with(&ask, Some(&client.signature(&ask, &first, 1))).await.unwrap();
    assert!(stale.header("www-authenticate").ends_with("stale=true"));
    let fresh = challenged(&stale).unwrap();
    for count in 1..=3 {
        let answer = client.send_with(&ask, Some(&client.signature(&ask, &fresh, count))).await.unwrap();
        assert_eq!(answer.status, 200);
    }
    let (org, _) = world.retail();
    let account = NewCredentials {
        org_id: &org.org_id,
        desc: "CI (tokens expire)",
        org_roles: &["ORG_OWNER"],
        ..NewCredentials::default()
    };
    let account = world.sandbox.plant_service_account(&account).unwrap();
    let client = world.signed_in(&account).await;
    assert_eq!([client.get("").await.status, client.get("").await.status], [401, 401], "the token is gone for good");
    assert_eq!(world.signed_in(&account).await.get("").await.status, 200);
}

#[tokio::test]
async fn rules_written_as_a_line_spoil_every_so_many_requests() {
    let world = World::demo().await;
    let (_, client) = world.retail();
    let rule: FaultRule = "503,path=/orgs,skip=1,every=2,times=2".parse().unwrap();
    world.sandbox.add_faults([rule]);
    let mut statuses = Vec::new();
    for _ in 0..6 {
        statuses.push(client.get("/orgs").await.status);
    }
    assert_eq!(statuses, [200, 503, 200, 503, 200, 200]);
    assert_eq!(FAULT_NAMES.len(), 13);
}
