//! A fault in one request ends that request only.

use std::panic::AssertUnwindSafe;

use axum::{
    extract::Request,
    middleware::Next,
    response::{IntoResponse as _, Response},
};
use futures_util::FutureExt as _;
use http::StatusCode;

use super::request_id;

pub(super) async fn catch(request: Request, next: Next) -> Response {
    let reference = request_id::of(request.extensions());
    // What the request shared with others is behind locks that take poisoning into account, or in the database.
    AssertUnwindSafe(next.run(request)).catch_unwind().await.unwrap_or_else(|_| {
        tracing::error!(request.id = reference, "a request panicked");
        StatusCode::INTERNAL_SERVER_ERROR.into_response()
    })
}
