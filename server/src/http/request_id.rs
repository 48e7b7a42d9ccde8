//! A reference for every request: in the answer, in the log lines, and in the errors that people see.

use axum::{extract::Request, middleware::Next, response::Response};
use http::{HeaderName, HeaderValue};

use crate::random;

const HEADER: HeaderName = HeaderName::from_static("x-request-id");

/// The reference. It is always ours: one that came with the request could lead somebody astray in the log.
#[derive(Debug, Clone)]
pub struct RequestId(pub String);

pub(super) async fn give(mut request: Request, next: Next) -> Response {
    let id = hex::encode(random::bytes::<8>());
    request.extensions_mut().insert(RequestId(id.clone()));
    let mut response = next.run(request).await;
    if let Ok(value) = HeaderValue::from_str(&id) {
        response.headers_mut().insert(HEADER, value);
    }
    response
}

/// The reference in `extensions`, for layers inside.
pub(super) fn of(extensions: &http::Extensions) -> String {
    extensions.get::<RequestId>().map(|id| id.0.clone()).unwrap_or_default()
}
