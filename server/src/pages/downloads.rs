//! Tables as files.

use std::{collections::HashMap, sync::Arc};

use app::{
    api::{import::COLUMNS, inventory::KeyQuery},
    backend::Caller,
};
use axum::{
    Extension,
    extract::{Query, State},
    response::{IntoResponse as _, Response},
};
use http::{StatusCode, header};

use super::Pages;

/// All API keys that the query selects, as CSV.
pub(super) async fn keys(
    State(pages): State<Pages>,
    Extension(caller): Extension<Arc<Caller>>,
    Query(query): Query<HashMap<String, String>>,
) -> Response {
    let query = KeyQuery::read(|name| query.get(name).cloned());
    match pages.backend.inventory.keys_csv(&caller, &query).await {
        Ok(csv) => {
            let headers = [
                (header::CONTENT_TYPE, "text/csv; charset=utf-8"),
                (header::CONTENT_DISPOSITION, "attachment; filename=\"api-keys.csv\""),
            ];
            (headers, csv).into_response()
        }
        Err(error) => StatusCode::from_u16(error.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR).into_response(),
    }
}

/// The names of the columns of an import, for filling in below.
pub(super) async fn import_template() -> Response {
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"organizations.csv\""),
    ];
    (headers, format!("{}\r\n", COLUMNS.join(","))).into_response()
}
