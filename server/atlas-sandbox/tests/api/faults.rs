//! Misbehaviour on demand, in process and by remote control.

use atlas_sandbox::{FaultKind, FaultRule, Release, Sandbox};
use serde_json::{Value, json};

use crate::support::{
    NOW, World,
    client::{Ask, Client},
};

async fn create(world: &World, client: &Client) -> Result<u16, String> {
    let path = format!("/orgs/{}/apiKeys", world.org("Retail Platform").org_id);
    let ask = Ask::new("POST", &path).json(&json!({ "desc": "x", "roles": ["ORG_MEMBER"] }));
    client.get("").await;
    client.send(&ask).await.map(|answer| answer.status)
}

fn created(world: &World) -> usize {
    let journal = world.sandbox.journal();
    journal.iter().filter(|entry| entry.operation == Some("createOrgApiKey") && entry.status == 200).count()
}

#[tokio::test]
async fn a_rule_answers_what_it_is_told_as_often_as_it_is_told() {
    let world = World::demo().await;
    let (_, client) = world.retail();
    let limited = FaultKind::Status { status: 429, retry_after: Some(7), after_change: false };
    world.sandbox.add_faults([FaultRule::on("POST", "/apiKeys", limited).times(2).after(1)]);
    assert_eq!(create(&world, &client).await, Ok(200));
    assert_eq!(create(&world, &client).await, Ok(429));
    assert_eq!(client.get("/orgs").await.status, 200, "the rule is about POST");
    assert_eq!(create(&world, &client).await, Ok(429));
    assert_eq!(create(&world, &client).await, Ok(200));
    assert_eq!(created(&world), 2);
    world.sandbox.add_faults([FaultRule::next(FaultKind::Status {
        status: 500,
        retry_after: None,
        after_change: true,
    })]);
    let lost = client
        .post(
            &format!("/orgs/{}/apiKeys", world.org("Retail Platform").org_id),
            json!({ "desc": "x", "roles": ["ORG_MEMBER"] }),
        )
        .await;
    assert_eq!((lost.status, lost.header("retry-after")), (500, ""));
    assert_eq!(created(&world), 3);
}

#[tokio::test]
async fn connections_are_cut_before_or_after_the_change() {
    let world = World::demo().await;
    let (_, client) = world.retail();
    for (fault, changes) in [(FaultKind::CutBefore, 0), (FaultKind::CutAfter, 1)] {
        world.sandbox.add_faults([FaultRule::on("POST", "/apiKeys", fault.clone())]);
        assert!(create(&world, &client).await.is_err(), "{fault:?}");
        assert_eq!(created(&world), changes);
    }
    let in_process = Client::new(&world, &world.org("Retail Platform").writer.unwrap()).from("127.0.0.1");
    world.sandbox.add_faults([FaultRule::on("POST", "/apiKeys", FaultKind::CutAfter)]);
    assert!(create(&world, &in_process).await.is_err());
    assert_eq!(created(&world), 2);
}

#[tokio::test]
async fn answers_can_be_malformed_late_and_stale() {
    let world = World::demo().await;
    let (_, client) = world.retail();
    assert_eq!(client.get("").await.status, 200);
    world.sandbox.add_faults([FaultRule::next(FaultKind::MalformedJson)]);
    let broken = client.get("/orgs").await;
    assert_eq!(broken.status, 200);
    assert!(serde_json::from_str::<Value>(&broken.text).is_err());
    world.sandbox.add_faults([FaultRule::next(FaultKind::StaleNonce)]);
    let stale = client.send(&Ask::new("GET", "/orgs")).await.unwrap();
    assert!(stale.header("www-authenticate").ends_with("stale=true"));
    world.sandbox.add_faults([FaultRule::next(FaultKind::Delay { ms: 30 })]);
    let start = std::time::Instant::now();
    assert_eq!(client.get("/orgs").await.status, 200);
    assert!(start.elapsed().as_millis() >= 30);
    world.sandbox.add_faults([FaultRule::next(FaultKind::MalformedJson)]);
    world.sandbox.clear_faults();
    client.get("/orgs").await.ok();
}

#[tokio::test]
async fn held_requests_wait_for_their_release() {
    let world = World::demo().await;
    let (_, client) = world.retail();
    for (fault, executed) in [(FaultKind::HoldBefore, false), (FaultKind::HoldAfter, true)] {
        let before = created(&world);
        world.sandbox.add_faults([FaultRule::on("POST", "/apiKeys", fault)]);
        let watch = async {
            world.sandbox.wait_for_held(1).await;
            let held = world.sandbox.held();
            assert_eq!((held.len(), held[0].executed), (1, executed));
            assert_eq!(created(&world), before + usize::from(executed));
            assert_eq!(world.sandbox.release(Release::Continue), 1);
        };
        let (answer, ()) = tokio::join!(create(&world, &client), watch);
        assert_eq!(answer, Ok(200));
        assert_eq!(created(&world), before + 1);
        assert!(world.sandbox.held().is_empty());
    }
}

#[tokio::test]
async fn abandoned_requests_get_no_answer_and_change_nothing_more() {
    let world = World::demo().await;
    let (_, client) = world.retail();
    world.sandbox.add_faults([FaultRule::on("POST", "/apiKeys", FaultKind::HoldBefore)]);
    let watch = async {
        world.sandbox.wait_for_held(1).await;
        world.sandbox.release(Release::Abandon)
    };
    let (answer, released) = tokio::join!(create(&world, &client), watch);
    assert!(answer.is_err());
    assert_eq!((released, created(&world)), (1, 0));
}

#[tokio::test]
async fn a_held_request_outlives_its_client() {
    let world = World::demo().await;
    let (_, client) = world.retail();
    world.sandbox.add_faults([FaultRule::on("POST", "/apiKeys", FaultKind::HoldBefore)]);
    tokio::select! {
        _ = create(&world, &client) => panic!("the request was not held"),
        () = world.sandbox.wait_for_held(1) => {}
    }
    assert_eq!(created(&world), 0);
    world.sandbox.release(Release::Continue);
    // The task runs on its own: the journal's lock and the scheduler decide when, so ask until it has.
    while created(&world) == 0 {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn the_end_of_the_program_does_not_wait_for_held_requests() {
    let sandbox = Sandbox::demo(NOW.parse().unwrap());
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let served = tokio::spawn(sandbox.clone().serve(listener, stopped));
    let world = World::of(sandbox).await;
    let client = Client::at(&world, &world.org("Retail Platform").reader, &base);
    world.sandbox.add_faults([FaultRule::next(FaultKind::HoldBefore)]);
    let watch = async {
        world.sandbox.wait_for_held(1).await;
        stop.send(()).unwrap();
        served.await.unwrap().unwrap();
    };
    let ask = Ask::new("GET", "");
    let nonce = client.nonce().await;
    let signature = client.signature(&ask, &nonce, 1);
    let (answer, ()) = tokio::join!(client.send_with(&ask, Some(&signature)), watch);
    assert!(answer.is_err());
}

async fn control(world: &World, method: &str, path: &str, body: Option<Value>) -> Value {
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    let request = http.request(method.parse().unwrap(), format!("{}{path}", world.base));
    let request = match body {
        Some(body) => request.json(&body),
        None => request,
    };
    request.send().await.unwrap().json().await.unwrap()
}

#[tokio::test]
async fn another_process_can_do_all_this_by_remote_control() {
    let world = World::demo().await;
    let (org, client) = world.retail();
    let rules = json!({ "rules": [
        { "method": "POST", "path_contains": "/apiKeys", "times": 1, "fault": { "kind": "hold_after" } },
        { "fault": { "kind": "status", "status": 503 } },
    ] });
    assert_eq!(control(&world, "POST", "/sandbox/faults", Some(rules)).await["added"], 2);
    assert_eq!(client.get("").await.status, 503);
    let watch = async {
        let held = control(&world, "GET", "/sandbox/held?at_least=1", None).await;
        assert_eq!((&held["held"], &held["requests"][0]["executed"]), (&json!(1), &json!(true)));
        control(&world, "POST", "/sandbox/release", Some(json!({ "outcome": "continue" }))).await
    };
    let (answer, released) = tokio::join!(create(&world, &client), watch);
    assert_eq!((answer, &released["released"]), (Ok(200), &json!(1)));
    let journal = control(&world, "GET", "/sandbox/journal", None).await;
    let entry =
        journal["results"].as_array().unwrap().iter().find(|entry| entry["operation"] == "createOrgApiKey").unwrap();
    assert_eq!((&entry["status"], &entry["method"]), (&json!(200), &json!("POST")));
    assert_eq!(entry["publicKey"], org.writer.unwrap().public_key);
    assert_eq!(control(&world, "DELETE", "/sandbox/faults", None).await, json!({}));
}

#[tokio::test]
async fn there_is_no_remote_control_unless_asked_for() {
    let world = World::of(Sandbox::demo(NOW.parse().unwrap())).await;
    let (_, client) = world.retail();
    for (method, path) in [
        ("GET", "/sandbox/journal"),
        ("POST", "/sandbox/faults"),
        ("GET", "/sandbox/held"),
        ("POST", "/sandbox/release"),
    ] {
        let ask = Ask { target: path.to_owned(), ..Ask::new(method, "") };
        client.send_with(&ask, None).await.unwrap().refused(404, "RESOURCE_NOT_FOUND");
    }
}
