//! Repeating reads, never writes, and reading lists to their end.

use std::time::Duration;

use crate::script::{Answer, KEY, ORG, Script, answer, challenge, client, ok, page, refused};
use atlas::{AtlasError, Category, Client, Organization, RetryPolicy, TransportError};
use serde_json::{Value, json};
use tokio::time::Instant;

fn status() -> Answer {
    ok(json!({ "apiKey": null, "appName": "MongoDB Atlas", "build": "1", "throttling": false }))
}

fn fault() -> Answer {
    refused(500, "UNEXPECTED_ERROR", "Unexpected error.", json!([]))
}

fn slow_down(seconds: &str) -> Answer {
    let mut answer = refused(429, "RATE_LIMITED_TOKEN_BUCKET", "Too many.", json!(["/api/atlas/v2", 7, 10, 5, 60]));
    if !seconds.is_empty() {
        answer.as_mut().unwrap().headers_mut().insert("retry-after", seconds.parse().unwrap());
    }
    answer
}

/// Lets the time of a test pass by itself; returns the result and how long it took.
async fn timed(client: &Client) -> (Result<(), AtlasError>, Duration) {
    let started = Instant::now();
    let result = client.system_status().await.map(drop);
    (result, started.elapsed())
}

#[tokio::test(start_paused = true)]
async fn a_read_is_repeated_after_passing_faults_with_growing_pauses() {
    let cut = Err(TransportError::Cut { detail: "reset".to_owned() });
    let script = Script::new([challenge("n1", false), fault(), Ok(answer(502, &Value::Null)), cut, status()]);
    let (result, took) = timed(&client(&script)).await;
    result.unwrap();
    assert!(script.is_used_up());
    // 0.5, 1 and 2 seconds, each with up to as much again by chance.
    assert!(took >= Duration::from_millis(3_500) && took <= Duration::from_secs(7), "{took:?}");
}

#[tokio::test(start_paused = true)]
async fn a_read_is_not_repeated_for_ever() {
    let script = Script::new([challenge("n1", false), fault(), fault(), fault(), fault()]);
    let (result, _) = timed(&client(&script)).await;
    assert_eq!(result.unwrap_err().category(), Category::ServerFault);
    assert_eq!(script.seen().len(), 5);
}

#[tokio::test(start_paused = true)]
async fn the_wait_atlas_asks_for_is_kept() {
    for (header, least) in [("30", 30), ("", 7)] {
        let script = Script::new([challenge("n1", false), slow_down(header), status()]);
        let (result, took) = timed(&client(&script)).await;
        result.unwrap();
        let least = Duration::from_secs(least);
        assert!(took >= least && took <= least + Duration::from_secs(1), "{took:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_wait_too_long_to_sit_out_is_told_at_once() {
    let script = Script::new([challenge("n1", false), slow_down("3600")]);
    let (result, took) = timed(&client(&script)).await;
    let error = result.unwrap_err();
    assert_eq!(error.category(), Category::RateLimited { retry_after: Some(Duration::from_secs(3600)) });
    assert_eq!(error.explanation().next_step, "Try again in 60 minutes.");
    assert_eq!(took, Duration::ZERO);
}

#[tokio::test(start_paused = true)]
async fn a_lasting_problem_is_not_repeated() {
    let tls = TransportError::Tls { host: "atlas.example.org".to_owned(), problem: atlas::CertificateProblem::Expired };
    for last in [refused(403, "ACCESS_FORBIDDEN", "No.", json!([])), Err(tls)] {
        let script = Script::new([challenge("n1", false), last]);
        assert!(client(&script).system_status().await.is_err());
        assert_eq!(script.seen().len(), 2);
    }
}

#[tokio::test(start_paused = true)]
async fn a_write_that_may_have_been_executed_is_not_repeated() {
    for last in [fault(), Err(TransportError::TimedOut { after: Duration::from_secs(60) })] {
        let script = Script::new([challenge("n1", false), last]);
        let result = client(&script).delete_org_api_key(&ORG.parse().unwrap(), &KEY.parse().unwrap()).await;
        assert!(result.is_err());
        assert_eq!(script.seen().len(), 2);
    }
}

#[tokio::test(start_paused = true)]
async fn a_test_of_a_connection_can_do_without_repetitions() {
    let script = Script::new([challenge("n1", false), fault()]);
    let client = client(&script).with_retries(RetryPolicy::NONE);
    assert!(client.system_status().await.is_err());
    assert_eq!(script.seen().len(), 2);
}

fn ids(organizations: &[Organization]) -> Vec<&str> {
    organizations.iter().map(|organization| organization.id.as_str()).collect()
}

const A: &str = "aaaaaaaaaaaaaaaaaaaaaaaa";
const B: &str = "bbbbbbbbbbbbbbbbbbbbbbbb";
const C: &str = "cccccccccccccccccccccccc";

#[tokio::test]
async fn a_list_is_read_to_its_last_page() {
    let script = Script::new([challenge("n1", false), page(&[A, B], true), page(&[C], false)]);
    assert_eq!(ids(&client(&script).list_orgs().await.unwrap()), [A, B, C]);
    let queries: Vec<_> = script.seen().iter().map(|request| request.uri().query().unwrap().to_owned()).collect();
    assert_eq!(queries, ["itemsPerPage=500&pageNum=1", "itemsPerPage=500&pageNum=1", "itemsPerPage=500&pageNum=2"]);
}

#[tokio::test]
async fn an_empty_list_is_empty() {
    let script = Script::new([challenge("n1", false), page(&[], false)]);
    assert!(client(&script).list_orgs().await.unwrap().is_empty());
}

#[tokio::test]
async fn a_list_that_does_not_end_is_given_up() {
    for pages in [vec![page(&[A], true), page(&[A], true)], vec![page(&[A], true), page(&[], true)]] {
        let script = Script::new([challenge("n1", false)].into_iter().chain(pages));
        assert_eq!(client(&script).list_orgs().await.unwrap_err().category(), Category::Malformed);
        assert!(script.is_used_up());
    }
    let endless = (1..=300).map(|number| page(&[format!("{number:024x}").as_str()], true));
    let script = Script::new([challenge("n1", false)].into_iter().chain(endless));
    assert_eq!(client(&script).list_orgs().await.unwrap_err().category(), Category::Malformed);
    assert_eq!(script.seen().len(), 201);
}

#[tokio::test(start_paused = true)]
async fn a_page_that_fails_is_repeated_alone() {
    let script = Script::new([challenge("n1", false), page(&[A], true), fault(), page(&[B], false)]);
    assert_eq!(ids(&client(&script).list_orgs().await.unwrap()), [A, B]);
}

#[tokio::test]
async fn the_date_of_the_last_answer_is_kept() {
    let script = Script::new([challenge("n1", false), challenge("n2", false)]);
    let client = client(&script);
    assert_eq!(client.last_server_date(), None);
    client.system_status().await.unwrap_err();
    assert_eq!(client.last_server_date(), Some("2026-08-10T03:02:57Z".parse().unwrap()));
}
