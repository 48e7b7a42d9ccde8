//! The remote control for tests in another process, below `/sandbox`; served only when asked for, because whoever
//! reaches it can make the sandbox misbehave.

use std::time::Duration;

use axum::{
    Json, Router,
    extract::{Query, State},
    routing::{get, post},
};
use http::StatusCode;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::{FaultRule, Release, Sandbox};

/// How long `GET /sandbox/held?at_least=N` waits at most.
const LONGEST_WAIT: Duration = Duration::from_secs(30);

#[derive(Deserialize)]
struct NewRules {
    rules: Vec<FaultRule>,
}

#[derive(Deserialize)]
struct HeldQuery {
    #[serde(default)]
    at_least: usize,
}

#[derive(Deserialize)]
struct ReleaseRequest {
    outcome: Release,
}

/// The routes.
pub(crate) fn routes() -> Router<Sandbox> {
    Router::new()
        .route("/sandbox/journal", get(journal))
        .route("/sandbox/faults", post(add_faults).delete(clear_faults))
        .route("/sandbox/held", get(held))
        .route("/sandbox/release", post(release))
}

/// The route that saves the sandbox into its file.
pub(crate) fn saving() -> Router<Sandbox> {
    Router::new().route("/sandbox/state", post(save))
}

async fn save(State(sandbox): State<Sandbox>) -> (StatusCode, Json<Value>) {
    let saved = tokio::task::spawn_blocking(move || sandbox.save()).await;
    match saved.map_err(std::io::Error::other).flatten() {
        Ok(()) => (StatusCode::OK, Json(json!({ "saved": true }))),
        Err(error) => (StatusCode::INTERNAL_SERVER_ERROR, Json(json!({ "saved": false, "detail": error.to_string() }))),
    }
}

async fn journal(State(sandbox): State<Sandbox>) -> Json<Value> {
    Json(json!({ "results": sandbox.journal() }))
}

async fn add_faults(State(sandbox): State<Sandbox>, Json(new): Json<NewRules>) -> Json<Value> {
    let added = new.rules.len();
    sandbox.add_faults(new.rules);
    Json(json!({ "added": added }))
}

async fn clear_faults(State(sandbox): State<Sandbox>) -> Json<Value> {
    sandbox.clear_faults();
    Json(json!({}))
}

async fn held(State(sandbox): State<Sandbox>, Query(query): Query<HeldQuery>) -> Json<Value> {
    // Too few after all that time is an answer too: the count says so.
    let _ = tokio::time::timeout(LONGEST_WAIT, sandbox.wait_for_held(query.at_least)).await;
    let requests = sandbox.held();
    Json(json!({ "held": requests.len(), "requests": requests }))
}

async fn release(State(sandbox): State<Sandbox>, body: Option<Json<ReleaseRequest>>) -> Json<Value> {
    let how = body.map_or(Release::Continue, |Json(body)| body.outcome);
    Json(json!({ "released": sandbox.release(how) }))
}
