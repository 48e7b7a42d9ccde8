//! Rate limits.

use std::time::Duration;

use atlas_sandbox::{RateLimit, Sandbox};
use serde_json::json;

use crate::support::{NOW, World};

#[tokio::test]
async fn answers_count_down_and_refusals_say_how_long_to_wait() {
    let world = World::of(Sandbox::demo(NOW.parse().unwrap()).with_rate_limit(RateLimit::PerMinute(3))).await;
    let (org, client) = world.retail();
    let path = format!("/orgs/{}/apiKeys?itemsPerPage=1", org.org_id);
    for remaining in ["2", "1", "0"] {
        let answer = client.get(&path).await;
        assert_eq!((answer.header("ratelimit-limit"), answer.header("ratelimit-remaining")), ("3", remaining));
    }
    let refused = client.get(&path).await;
    assert_eq!(refused.header("retry-after"), "20");
    let body = refused.refused(429, "RATE_LIMITED_TOKEN_BUCKET");
    assert_eq!(body["parameters"], json!([format!("/api/atlas/v2/orgs/{}/apiKeys", org.org_id), 20, 3, 3, 60]));
    let reader = world.client(&org.reader);
    assert_eq!(reader.get(&path).await.status, 429, "the bucket is the organization's");
    assert_eq!(client.get("/orgs").await.status, 200, "other endpoints have their own");
    world.sandbox.advance(Duration::from_secs(20));
    assert_eq!(client.get(&path).await.status, 200);
}

#[tokio::test]
async fn refusals_count_too_and_unsigned_requests_do_not() {
    let world = World::of(Sandbox::demo(NOW.parse().unwrap())).await;
    let (org, client) = world.retail();
    client.nonce().await;
    let first = client.get("").await;
    assert_eq!((first.header("ratelimit-limit"), first.header("ratelimit-remaining")), ("300", "299"));
    let missing = client.get(&format!("/orgs/{}/apiKeys/5e2211c17a3e5a48f5497de3", org.org_id)).await;
    assert_eq!((missing.header("ratelimit-limit"), missing.header("ratelimit-remaining")), ("500", "499"));
}

#[tokio::test]
async fn every_answer_takes_its_time_when_told_so() {
    let latency = Duration::from_millis(20);
    let world = World::of(Sandbox::demo(NOW.parse().unwrap()).with_latency(latency)).await;
    let (_, client) = world.retail();
    let start = std::time::Instant::now();
    assert_eq!(client.get("").await.status, 200);
    assert!(start.elapsed() >= 2 * latency, "the challenge and the answer");
}
