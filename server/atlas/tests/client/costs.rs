//! Costs are worked out in Atlas's own time.

use std::time::Duration;

use atlas::{Category, CostQuestion, TransportError};
use jiff::civil::date;
use serde_json::{Value, json};
use tokio::time::Instant;

use crate::script::{Answer, ORG, Script, answer, challenge, client, ok, refused};

fn question() -> CostQuestion {
    CostQuestion {
        start_date: date(2026, 7, 1),
        end_date: date(2026, 8, 1),
        group_by: None,
        organizations: Vec::new(),
        projects: Vec::new(),
        clusters: Vec::new(),
        services: Vec::new(),
        include_partial_matches: None,
    }
}

fn accepted() -> Answer {
    Ok(answer(202, &json!({ "token": "4ABBE973862346D40F3AE859D4BE96E0F895764EB14EAB039E7B82F9D638C05C" })))
}

fn working() -> Answer {
    Ok(answer(102, &Value::Null))
}

#[tokio::test(start_paused = true)]
async fn costs_are_looked_for_until_they_are_there() {
    let no_answer = Err(TransportError::TimedOut { after: Duration::from_secs(60) });
    let costs = ok(json!({ "usageDetails": [] }));
    let script = Script::new([challenge("n1", false), accepted(), working(), no_answer, costs]);
    let found = client(&script).costs(&ORG.parse().unwrap(), &question(), Duration::from_secs(300)).await.unwrap();
    assert_eq!(found.unwrap().0, json!({ "usageDetails": [] }));
    assert!(script.seen()[4].uri().path().ends_with("9D638C05C"));
}

#[tokio::test(start_paused = true)]
async fn costs_are_not_looked_for_longer_than_asked() {
    let script = Script::new([challenge("n1", false), accepted()].into_iter().chain((0..50).map(|_| working())));
    let started = Instant::now();
    let found = client(&script).costs(&ORG.parse().unwrap(), &question(), Duration::from_secs(60)).await.unwrap();
    assert!(found.is_none());
    assert!(started.elapsed() <= Duration::from_secs(60) && script.seen().len() < 12);
}

#[tokio::test(start_paused = true)]
async fn a_refusal_ends_the_looking() {
    let script =
        Script::new([challenge("n1", false), accepted(), refused(404, "RESOURCE_NOT_FOUND", "Gone.", json!([]))]);
    let error = client(&script).costs(&ORG.parse().unwrap(), &question(), Duration::from_secs(60)).await.unwrap_err();
    assert_eq!(error.category(), Category::NotFound);
}
