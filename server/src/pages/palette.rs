//! What the palette shows below its field: the same that the page of the search shows, drawn here, so that the browser has nothing
//! to learn.

use std::{collections::HashMap, sync::Arc};

use app::{backend::Caller, pages::search::piece};
use axum::{
    Extension,
    extract::{Query, State},
    response::{Html, IntoResponse as _, Response},
};
use http::StatusCode;

use super::Pages;

/// How many of each kind: what can be taken in at a glance.
const SHOWN: u32 = 5;

/// What is found for `q`, as a piece of a page.
pub(super) async fn found(
    State(pages): State<Pages>,
    Extension(caller): Extension<Arc<Caller>>,
    Query(query): Query<HashMap<String, String>>,
) -> Response {
    let text = query.get("q").map(String::as_str).unwrap_or_default();
    match pages.backend.search.find(&caller, text, SHOWN).await {
        Ok(results) => Html(piece(&results)).into_response(),
        Err(error) => StatusCode::from_u16(error.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR).into_response(),
    }
}
