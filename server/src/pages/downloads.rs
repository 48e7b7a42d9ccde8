//! Tables as files.

use std::{collections::HashMap, sync::Arc};

use app::{
    api::{
        exports::{Export, FileFormat},
        import::COLUMNS,
        inventory::{KeyQuery, ProjectQuery},
    },
    backend::Caller,
};
use axum::{
    Extension,
    extract::{Query, State},
    response::{IntoResponse as _, Response},
};
use http::{StatusCode, header};

use super::Pages;

type Parameters = Query<HashMap<String, String>>;

const CSV: &str = "text/csv; charset=utf-8";
const JSON: &str = "application/json";

/// The API keys that the query selects, as CSV.
pub(super) async fn keys_csv(
    State(pages): State<Pages>,
    Extension(caller): Extension<Arc<Caller>>,
    Query(query): Parameters,
) -> Response {
    let export = Export::Keys(KeyQuery::read(|name| query.get(name).cloned()), FileFormat::Csv);
    file(&pages, &caller, &export, CSV, "attachment; filename=\"api-keys.csv\"").await
}

/// The API keys that the query selects, as JSON.
pub(super) async fn keys_json(
    State(pages): State<Pages>,
    Extension(caller): Extension<Arc<Caller>>,
    Query(query): Parameters,
) -> Response {
    let export = Export::Keys(KeyQuery::read(|name| query.get(name).cloned()), FileFormat::Json);
    file(&pages, &caller, &export, JSON, "attachment; filename=\"api-keys.json\"").await
}

/// The projects that the query selects, as CSV.
pub(super) async fn projects_csv(
    State(pages): State<Pages>,
    Extension(caller): Extension<Arc<Caller>>,
    Query(query): Parameters,
) -> Response {
    let export = Export::Projects(ProjectQuery::read(|name| query.get(name).cloned()), FileFormat::Csv);
    file(&pages, &caller, &export, CSV, "attachment; filename=\"projects.csv\"").await
}

/// The projects that the query selects, as JSON.
pub(super) async fn projects_json(
    State(pages): State<Pages>,
    Extension(caller): Extension<Arc<Caller>>,
    Query(query): Parameters,
) -> Response {
    let export = Export::Projects(ProjectQuery::read(|name| query.get(name).cloned()), FileFormat::Json);
    file(&pages, &caller, &export, JSON, "attachment; filename=\"projects.json\"").await
}

/// Every credential of every organization that the caller may see.
pub(super) async fn credential_report(
    State(pages): State<Pages>,
    Extension(caller): Extension<Arc<Caller>>,
) -> Response {
    let name = "attachment; filename=\"credential-report.csv\"";
    file(&pages, &caller, &Export::CredentialReport, CSV, name).await
}

async fn file(
    pages: &Pages,
    caller: &Caller,
    export: &Export,
    content: &'static str,
    disposition: &'static str,
) -> Response {
    match pages.backend.inventory.export(caller, export).await {
        Ok(body) => {
            ([(header::CONTENT_TYPE, content), (header::CONTENT_DISPOSITION, disposition)], body).into_response()
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
