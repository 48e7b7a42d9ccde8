//! Pages for errors that no page of ours answered with: too large, too slow, not allowed, gone wrong.

use axum::{
    body::Body,
    extract::Request,
    middleware::Next,
    response::{IntoResponse as _, Response},
};
use http::{HeaderMap, HeaderValue, Method, StatusCode, header};

use super::{assets, request_id};

/// Whether the browser shows the answer to a person.
pub(super) fn wants_page(headers: &HeaderMap) -> bool {
    headers
        .get(header::ACCEPT)
        .and_then(|accept| accept.to_str().ok())
        .is_some_and(|accept| accept.contains("text/html"))
}

pub(super) async fn explain(request: Request, next: Next) -> Response {
    let wanted = wants_page(request.headers());
    let is_head = request.method() == Method::HEAD;
    let reference = request_id::of(request.extensions());
    let response = next.run(request).await;
    let status = response.status();
    let is_bare = (status.is_client_error() || status.is_server_error())
        && status != StatusCode::UNAUTHORIZED
        && !has_content(response.headers());
    if !wanted || !is_bare {
        return response;
    }
    let (mut parts, _) = response.into_parts();
    parts.headers.remove(header::CONTENT_LENGTH);
    parts.headers.remove(header::CONTENT_ENCODING);
    parts.headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    let body = if is_head { Body::empty() } else { Body::from(page(status, &reference)) };
    Response::from_parts(parts, body)
}

fn has_content(headers: &HeaderMap) -> bool {
    headers
        .get(header::CONTENT_TYPE)
        .and_then(|kind| kind.to_str().ok())
        .is_some_and(|kind| kind.starts_with("text/html") || kind.starts_with("application/json"))
}

/// An answer that consists of such a page.
pub(super) fn answer(status: StatusCode, title: &str, text: &str) -> Response {
    let html = [(header::CONTENT_TYPE, "text/html; charset=utf-8")];
    (status, html, draw(title, text, None)).into_response()
}

fn page(status: StatusCode, reference: &str) -> String {
    let (title, text) = match status {
        StatusCode::FORBIDDEN => (
            "This came from another site",
            "Meridian only takes what its own pages send. Go to the page yourself and try there.",
        ),
        StatusCode::NOT_FOUND => ("There is nothing here", "The address may be misspelt, or what was here is gone."),
        StatusCode::METHOD_NOT_ALLOWED => ("This cannot be done here", "Go back, and use the page's own buttons."),
        StatusCode::PAYLOAD_TOO_LARGE => {
            ("This is too much at once", "The form is larger than Meridian takes. Go back and send less at a time.")
        }
        StatusCode::SERVICE_UNAVAILABLE => (
            "This takes too long",
            "Meridian could not answer in time. Wait a moment, then look whether it was done before you try again.",
        ),
        status if status.is_client_error() => ("This could not be read", "Go back, reload the page and try again."),
        _ => (
            "Something went wrong on the server",
            "Try again; if it stays, give the reference to whoever runs Meridian.",
        ),
    };
    draw(title, text, Some(reference))
}

fn draw(title: &str, text: &str, reference: Option<&str>) -> String {
    let styles = assets::address("main.css");
    let reference =
        reference.map(|reference| format!("<p>Reference: <code>{reference}</code></p>")).unwrap_or_default();
    format!(
        "<!DOCTYPE html><html lang=\"en\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
         <title>{title} · Meridian</title><link rel=\"stylesheet\" href=\"{styles}\"></head>\
         <body><main class=\"problem-page\"><h1>{title}</h1><p>{text}</p>{reference}\
         <p><a href=\"/\">Go to the overview</a></p></main></body></html>"
    )
}
