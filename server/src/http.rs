//! What stands between the network and the services, one layer a file.
//!
//! From outside in: request id, trace, security headers, pages for bare errors, catch-panic, methods, body limit,
//! time limit, compression, forged posts, session, guard, forms only. The guard is closed by default: what is not on its short
//! list needs somebody signed in.

pub mod assets;
mod body_limit;
mod client_address;
mod csrf;
mod forms;
mod guard;
mod headers;
pub mod health;
mod methods;
mod panics;
mod problem_pages;
mod request_id;
mod sessions;
mod trace;

use std::{sync::Arc, time::Duration};

use app::backend::Clock;
use axum::{Router, middleware};
use http::StatusCode;
use tower_http::{compression::CompressionLayer, sensitive_headers::SetSensitiveHeadersLayer, timeout::TimeoutLayer};

use crate::{
    settings::{ServerSettings, SessionSettings},
    store::Store,
};

pub use client_address::ClientAddress;
pub use request_id::RequestId;

/// How long an answer may take to begin.
const PATIENCE: Duration = Duration::from_secs(30);

/// What the layers need to know.
#[derive(Clone)]
pub struct Gate {
    inner: Arc<Inner>,
}

struct Inner {
    store: Store,
    clock: Arc<dyn Clock>,
    server: ServerSettings,
    sessions: SessionSettings,
    guard: guard::Memory,
}

impl Gate {
    /// The gate in front of an installation.
    #[must_use]
    pub fn new(store: Store, clock: Arc<dyn Clock>, server: ServerSettings, sessions: SessionSettings) -> Self {
        Self { inner: Arc::new(Inner { store, clock, server, sessions, guard: guard::Memory::default() }) }
    }
}

/// Puts all layers around `routes`.
pub fn layered(routes: Router, gate: &Gate) -> Router {
    let state = || gate.clone();
    routes
        .layer(middleware::from_fn(forms::only_forms))
        .layer(middleware::from_fn_with_state(state(), guard::guard))
        .layer(sessions::layer(gate))
        .layer(middleware::from_fn_with_state(state(), sessions::complete_removal))
        .layer(middleware::from_fn_with_state(state(), client_address::find))
        .layer(middleware::from_fn_with_state(state(), csrf::refuse_forged))
        .layer(CompressionLayer::new())
        .layer(TimeoutLayer::with_status_code(StatusCode::SERVICE_UNAVAILABLE, PATIENCE))
        .layer(body_limit::layer())
        .layer(middleware::from_fn(methods::refuse_unusual))
        .layer(middleware::from_fn(panics::catch))
        .layer(middleware::from_fn(problem_pages::explain))
        .layer(middleware::from_fn_with_state(state(), headers::secure))
        .layer(trace::layer())
        .layer(middleware::from_fn(request_id::give))
        .layer(SetSensitiveHeadersLayer::new([
            http::header::COOKIE,
            http::header::SET_COOKIE,
            http::header::AUTHORIZATION,
        ]))
}
