//! Rate limits: requests wait before Atlas has to refuse them, and do as it says when it does.

use std::{sync::Arc, time::Duration};

use atlas::{
    Budgets, Category, Cause, Client, OrgId, OrgSettingsChanges, Outcome, RateLimitScope, RetryPolicy, TransportError,
};
use serde_json::{Value, json};
use tokio::time::Instant;

use crate::script::{Answer, GROUP, KEY, ORG, Script, answer, challenge, client, ok, refused};

fn org() -> OrgId {
    ORG.parse().unwrap()
}

fn settings() -> Answer {
    ok(json!({ "apiAccessListRequired": true }))
}

/// An answer that tells how much is left.
fn counted(limit: u32, remaining: u32) -> Answer {
    let mut answer = settings();
    let headers = answer.as_mut().unwrap().headers_mut();
    headers.insert("ratelimit-limit", limit.into());
    headers.insert("ratelimit-remaining", remaining.into());
    answer
}

fn many(answers: impl Iterator<Item = Answer>) -> Arc<Script> {
    Script::new([challenge("n1", false)].into_iter().chain(answers))
}

async fn read(client: &Client, times: usize) -> Duration {
    let started = Instant::now();
    for _ in 0..times {
        client.get_org_settings(&org()).await.unwrap();
    }
    started.elapsed()
}

fn about(seconds: u64) -> std::ops::Range<Duration> {
    Duration::from_secs(seconds)..Duration::from_secs(seconds + 1)
}

#[tokio::test(start_paused = true)]
async fn requests_wait_when_the_published_limit_is_used_up() {
    let script = many((0..12).map(|_| settings()));
    let client = client(&script);
    assert_eq!(read(&client, 10).await, Duration::ZERO);
    // Five come back every minute.
    assert!(about(12).contains(&read(&client, 1).await));
    assert!(about(12).contains(&read(&client, 1).await));
}

#[tokio::test(start_paused = true)]
async fn each_organization_and_each_set_has_its_own_limit() {
    let other = "9f1b2c3d4e5f60718293a4b5";
    let org_answer = ok(json!({ "id": ORG, "name": "A" }));
    let script = many((0..11).map(|_| settings()).chain([org_answer]));
    let client = client(&script);
    read(&client, 10).await;
    let started = Instant::now();
    client.get_org_settings(&other.parse().unwrap()).await.unwrap();
    client.get_org(&org()).await.unwrap();
    assert_eq!(started.elapsed(), Duration::ZERO);
}

#[tokio::test(start_paused = true)]
async fn clients_of_one_organization_share_their_budgets() {
    let budgets = Budgets::new();
    let (one, two) = (many((0..6).map(|_| settings())), many((0..5).map(|_| settings())));
    let (one, two) = (client(&one).with_budgets(budgets.clone()), client(&two).with_budgets(budgets));
    assert_eq!(read(&one, 5).await + read(&two, 5).await, Duration::ZERO);
    assert!(about(12).contains(&read(&one, 1).await));
}

#[tokio::test(start_paused = true)]
async fn what_the_headers_tell_counts_more_than_our_own_sums() {
    // Somebody else has used the limit.
    let script = many([counted(10, 0), settings()].into_iter());
    let busy = client(&script);
    read(&busy, 1).await;
    assert!(about(12).contains(&read(&busy, 1).await));
    // Atlas has raised it.
    let script = many([counted(100, 99)].into_iter().chain((0..99).map(|_| settings())));
    assert_eq!(read(&client(&script), 100).await, Duration::ZERO);
}

#[tokio::test(start_paused = true)]
async fn limits_are_learnt_from_atlas() {
    let limit = json!({
        "endpointSetId": "organizationSettings_organization", "endpointSetName": "Organization Settings",
        "scope": "ORGANIZATION",
        "endpoints": [{ "method": "GET", "path": "/api/atlas/v2/orgs/{orgId}/settings" }],
        "capacity": { "value": 2, "defaultValue": 10 }, "refillRate": { "value": 1, "defaultValue": 5 },
        "refillDurationSeconds": { "value": 30, "defaultValue": 60 }
    });
    let other = json!({ "endpointSetId": "x", "scope": "ORGANIZATION", "endpoints": [{ "method": "GET", "path": "/new" }],
        "capacity": { "value": 1 }, "refillRate": { "value": 1 } });
    let list = ok(json!({ "results": [limit, other], "links": [], "totalCount": 2 }));
    let script = many([list].into_iter().chain((0..3).map(|_| settings())));
    let client = client(&script);
    assert_eq!(client.learn_limits(RateLimitScope::Org(org())).await, Ok(1));
    assert_eq!(read(&client, 2).await, Duration::ZERO);
    assert!(about(30).contains(&read(&client, 1).await));
}

#[tokio::test(start_paused = true)]
async fn a_refusal_holds_back_the_others_too() {
    let mut slow_down = refused(429, "RATE_LIMITED_TOKEN_BUCKET", "Too many.", json!([]));
    slow_down.as_mut().unwrap().headers_mut().insert("retry-after", 40.into());
    let script = many([slow_down, settings(), settings()].into_iter());
    let client = client(&script);
    let started = Instant::now();
    let second = async {
        tokio::time::sleep(Duration::from_secs(1)).await;
        client.get_org_settings(&org()).await.unwrap();
        started.elapsed()
    };
    let org = org();
    let (first, second) = tokio::join!(client.get_org_settings(&org), second);
    first.unwrap();
    assert!(second >= Duration::from_secs(40), "{second:?}");
    assert!(script.is_used_up());
}

#[tokio::test(start_paused = true)]
async fn a_read_that_would_wait_too_long_is_not_sent() {
    let script = many((0..10).map(|_| settings()));
    let client = client(&script).with_retries(RetryPolicy { within: Duration::from_secs(5), ..RetryPolicy::default() });
    read(&client, 10).await;
    let error = client.get_org_settings(&org()).await.unwrap_err();
    let Cause::Held { wait } = error.cause() else { panic!("{error:?}") };
    assert!(about(12).contains(wait));
    assert!(matches!(error.category(), Category::RateLimited { retry_after: Some(_) }));
    assert_eq!(error.outcome(), Outcome::NotExecuted);
    assert!(error.explanation().next_step.starts_with("Try again in 1"), "{:?}", error.explanation());
    assert!(script.is_used_up(), "it was sent");
}

#[tokio::test(start_paused = true)]
async fn a_change_that_waits_can_be_called_off() {
    let script = many((0..10).map(|_| settings()));
    let client = client(&script).with_retries(RetryPolicy { within: Duration::ZERO, ..RetryPolicy::default() });
    read(&client, 10).await;
    let (org, changes) = (org(), OrgSettingsChanges::default());
    let waiting = client.update_org_settings(&org, &changes);
    assert!(tokio::time::timeout(Duration::from_secs(11), waiting).await.is_err(), "changes wait for their turn");
    assert_eq!(script.seen().len(), 11, "it was sent");
}

#[tokio::test(start_paused = true)]
async fn a_change_is_repeated_only_where_nothing_was_done() {
    let gone = || Ok(answer(204, &Value::Null));
    let refused_connection =
        || Err(TransportError::NotConnected { host: "atlas.example.org".to_owned(), detail: "refused".to_owned() });
    let too_many = || refused(429, "RATE_LIMITED_TOKEN_BUCKET", "Too many.", json!(["/x", 1, 10, 5, 60]));
    for harmless in [refused_connection(), too_many()] {
        let script = many([harmless, gone()].into_iter());
        client(&script).remove_group_api_key(&GROUP.parse().unwrap(), &KEY.parse().unwrap()).await.unwrap();
        assert!(script.is_used_up());
    }
    let fault = || refused(500, "UNEXPECTED_ERROR", "Unexpected error.", json!([]));
    for harmful in [fault(), Err(TransportError::Cut { detail: "reset".to_owned() }), Ok(answer(503, &Value::Null))] {
        let script = many([harmful].into_iter());
        let call = client(&script);
        let error = call.remove_group_api_key(&GROUP.parse().unwrap(), &KEY.parse().unwrap()).await.unwrap_err();
        assert_eq!(error.outcome(), Outcome::Unknown);
        assert_eq!(script.seen().len(), 2);
    }
}

#[tokio::test(start_paused = true)]
async fn nothing_waits_where_there_are_no_limits() {
    let script = many((0..50).map(|_| settings()));
    assert_eq!(read(&client(&script).with_budgets(Budgets::unlimited()), 50).await, Duration::ZERO);
}
