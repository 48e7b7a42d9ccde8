//! Showing a private key once: the page of the secret, answered to a post with the password.
//!
//! It is no server function, because the key must be in this one answer and nowhere else: not behind a redirect, not in an address,
//! not in anything that is kept.

use std::sync::Arc;

use app::{
    api::requests::RevealedSecret,
    app::App,
    backend::{Answer, Caller},
    error::ApiError,
    layout::shell,
    paths,
};
use axum::{
    Form,
    body::Body,
    extract::{FromRequest as _, Path, Request, State},
    response::{IntoResponse as _, Redirect, Response},
};
use domain::ids::RequestNumber;
use http::{HeaderValue, Method, StatusCode, header, request::Parts};
use leptos::prelude::{provide_context, view};
use serde::Deserialize;

use super::{Pages, provide};

/// What the form sends.
#[derive(Deserialize)]
pub(super) struct Password {
    #[serde(default)]
    password: String,
}

/// Reveals the private key of a request to the requester who has just given the password.
pub(super) async fn reveal(State(pages): State<Pages>, Path(number): Path<String>, request: Request) -> Response {
    let Ok(number) = number.parse::<RequestNumber>() else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let (parts, body) = request.into_parts();
    let page = paths::request_secret(number);
    let Some(caller) = parts.extensions.get::<Arc<Caller>>().cloned() else {
        return Redirect::to(&paths::sign_in_then(&page)).into_response();
    };
    // A form that cannot be read is as good as an empty one: the page asks for the password again.
    let form = Form::<Password>::from_request(Request::from_parts(parts.clone(), body), &()).await;
    let password = form.map(|Form(form)| form.password).unwrap_or_default();
    let revealing = async {
        if password.is_empty() {
            return Err(ApiError::field("password", "Enter your password."));
        }
        let caller = pages.backend.session.confirm(&caller, &password).await?;
        pages.backend.requests.reveal(&caller, number).await
    };
    let outcome = revealing.await;
    let status = match &outcome {
        Ok(_) => StatusCode::OK,
        Err(error) => StatusCode::from_u16(error.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR),
    };
    let mut response = draw(pages, parts, outcome).await;
    *response.status_mut() = status;
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

/// The page as a GET would draw it, with what came of the post in its context.
async fn draw(pages: Pages, mut parts: Parts, outcome: Answer<RevealedSecret>) -> Response {
    let Pages { options, backend } = pages;
    let context = move || {
        provide(&backend);
        match &outcome {
            Ok(secret) => provide_context(secret.clone()),
            Err(error) => provide_context(error.clone()),
        }
    };
    let app = move || shell(options.clone(), || view! { <App/> });
    parts.method = Method::GET;
    leptos_axum::render_app_async_with_context(context, app)(Request::from_parts(parts, Body::empty())).await
}
