//! Whether the process lives, and whether it can do its work.

use axum::{
    Router,
    extract::State,
    response::{IntoResponse as _, Response},
    routing::get,
};
use http::StatusCode;
use tokio::time::{Duration, timeout};

use crate::store::Store;

/// Answers as long as the process runs.
pub const LIVE: &str = "/health/live";
/// Answers with 503 when the database is gone. Atlas being away does not count.
pub const READY: &str = "/health/ready";

/// An orchestrator asks every few seconds; a database that takes longer is not ready.
const PATIENCE: Duration = Duration::from_secs(3);

pub(super) fn is_path(path: &str) -> bool {
    [LIVE, READY].contains(&path)
}

/// The two addresses. That migrations ran and the key fits is known: otherwise the program had not started.
pub fn routes(store: Store) -> Router {
    Router::new().route(LIVE, get(|| async { "live\n" })).route(READY, get(ready)).with_state(store)
}

async fn ready(State(store): State<Store>) -> Response {
    match timeout(PATIENCE, store.ping()).await {
        Ok(Ok(())) => "ready\n".into_response(),
        Ok(Err(error)) => {
            tracing::warn!(%error, "not ready");
            (StatusCode::SERVICE_UNAVAILABLE, "the database does not answer\n").into_response()
        }
        Err(_) => (StatusCode::SERVICE_UNAVAILABLE, "the database takes too long\n").into_response(),
    }
}
