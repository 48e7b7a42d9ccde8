//! A log line for every request: method, path without its secrets, status, duration.

use std::time::Duration;

use app::paths;
use axum::{body::Body, extract::Request, response::Response};
use tower_http::{
    classify::{ServerErrorsAsFailures, SharedClassifier},
    trace::{DefaultOnBodyChunk, DefaultOnEos, DefaultOnFailure, DefaultOnRequest, TraceLayer},
};
use tracing::{Level, Span};

use super::request_id;

type MakeSpan = fn(&Request<Body>) -> Span;
type OnResponse = fn(&Response, Duration, &Span);
type Layer = TraceLayer<
    SharedClassifier<ServerErrorsAsFailures>,
    MakeSpan,
    DefaultOnRequest,
    OnResponse,
    DefaultOnBodyChunk,
    DefaultOnEos,
    DefaultOnFailure,
>;

pub(super) fn layer() -> Layer {
    TraceLayer::new_for_http()
        .make_span_with(span as MakeSpan)
        .on_request(DefaultOnRequest::new().level(Level::TRACE))
        .on_response(answered as OnResponse)
}

fn span(request: &Request<Body>) -> Span {
    tracing::info_span!(
        "request",
        request.id = request_id::of(request.extensions()),
        method = %request.method(),
        path = shown(request.uri().path()),
    )
}

fn answered(response: &Response, duration: Duration, _span: &Span) {
    let duration_ms = u64::try_from(duration.as_millis()).unwrap_or(u64::MAX);
    tracing::info!(status = response.status().as_u16(), duration_ms, "answered");
}

/// A path as it may be written down: without the query, and without the token of a one-time link.
fn shown(path: &str) -> String {
    let is_link = path.strip_prefix(paths::LINKS).is_some_and(|rest| rest.starts_with('/'));
    if is_link { format!("{}/…", paths::LINKS) } else { path.chars().take(200).collect() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_token_of_a_link_is_not_written_down() {
        assert_eq!(shown("/link/secret"), "/link/…");
        assert_eq!(shown("/link/"), "/link/…");
        assert_eq!(shown("/linked"), "/linked");
        assert_eq!(shown("/keys"), "/keys");
    }
}
