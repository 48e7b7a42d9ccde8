//! Posts carry forms. Anything else is refused before it could be taken for an empty one.

use axum::{
    extract::Request,
    middleware::Next,
    response::{IntoResponse as _, Response},
};
use http::{Method, StatusCode, header};

const FORM: &str = "application/x-www-form-urlencoded";

pub(super) async fn only_forms(request: Request, next: Next) -> Response {
    let kind = request.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    let is_form =
        kind.is_some_and(|kind| kind.split(';').next().is_some_and(|kind| kind.trim().eq_ignore_ascii_case(FORM)));
    if request.method() == Method::POST && !is_form {
        return StatusCode::UNSUPPORTED_MEDIA_TYPE.into_response();
    }
    next.run(request).await
}
