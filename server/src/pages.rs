//! The pages and server functions of `app`, and the downloads beside them, as routes.

mod downloads;
mod palette;
mod secret;

use std::sync::LazyLock;

use app::{
    app::App,
    backend::Backend,
    layout::{AssetUrls, shell},
};
use axum::{
    Router,
    body::Body,
    extract::{FromRef, Request, State},
    response::{IntoResponse as _, Response},
    routing::{get, post},
};
use http::{Method, StatusCode, request::Parts};
use leptos::{
    config::LeptosOptions,
    nonce::Nonce,
    prelude::{provide_context, use_context, view},
};
use leptos_axum::{AxumRouteListing, LeptosRoutes as _, generate_route_list};

use crate::http::assets;

/// What routes need.
#[derive(Clone)]
struct Pages {
    options: LeptosOptions,
    backend: Backend,
}

impl FromRef<Pages> for LeptosOptions {
    fn from_ref(pages: &Pages) -> Self {
        pages.options.clone()
    }
}

/// The routes of all pages. Drawn once: while it is made, every resource of the process waits.
static ROUTES: LazyLock<Vec<AxumRouteListing>> = LazyLock::new(|| generate_route_list(App));

/// Pages, server functions, downloads, and files for all other addresses.
pub(crate) fn routes(backend: Backend) -> Router {
    let options = LeptosOptions::builder().output_name(assets::output_name()).build();
    let pages = Pages { options: options.clone(), backend: backend.clone() };
    let context = {
        let backend = backend.clone();
        move || provide(&backend)
    };
    let app = move || shell(options.clone(), || view! { <App/> });
    Router::new()
        .leptos_routes_with_context(&pages, ROUTES.clone(), context, app)
        .route(app::paths::KEYS_CSV, get(downloads::keys_csv))
        .route(app::paths::KEYS_JSON, get(downloads::keys_json))
        .route(app::paths::PROJECTS_CSV, get(downloads::projects_csv))
        .route(app::paths::PROJECTS_JSON, get(downloads::projects_json))
        .route(app::paths::CREDENTIAL_REPORT, get(downloads::credential_report))
        .route(app::paths::PALETTE, get(palette::found))
        .route(app::paths::IMPORT_TEMPLATE, get(downloads::import_template))
        .route("/requests/{number}/secret", post(secret::reveal))
        .fallback(other)
        .with_state(pages)
}

/// What every page and server function finds in its context.
fn provide(backend: &Backend) {
    provide_context(backend.clone());
    provide_context(AssetUrls {
        css: assets::address("main.css"),
        icon: assets::address("favicon.svg"),
        font: assets::address("fonts/inter.woff2"),
    });
    // The one that stands in the policy of this very answer; Leptos would make one of its own.
    if let Some(nonce) = use_context::<Parts>().and_then(|parts| parts.extensions.get::<Nonce>().cloned()) {
        provide_context(nonce);
    }
}

/// A file of the site, or the page that says that there is nothing.
async fn other(State(pages): State<Pages>, request: Request<Body>) -> Response {
    if assets::is_file(request.uri().path()) {
        return assets::serve(request).await;
    }
    if request.method() == Method::POST || request.uri().path().starts_with("/api/") {
        return StatusCode::NOT_FOUND.into_response();
    }
    let Pages { options, backend } = pages;
    let draw = leptos_axum::render_app_async_with_context(
        move || provide(&backend),
        move || shell(options.clone(), || view! { <App/> }),
    );
    let mut response = draw(request).await;
    if response.status() == StatusCode::OK {
        *response.status_mut() = StatusCode::NOT_FOUND;
    }
    response
}
