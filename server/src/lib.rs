//! The program: what implements the traits of `app` and listens.

// Pages are deeply nested types.
#![recursion_limit = "256"]

pub mod accounts;
pub mod cli;
pub mod clock;
pub mod commands;
pub mod demo;
pub mod executor;
pub mod http;
pub mod installation;
pub mod log;
pub mod pages;
mod pause;
pub mod random;
pub mod sealing;
pub mod services;
pub mod settings;
pub mod store;
pub mod telemetry;

use app::backend::Backend;
use axum::Router;

use http::{Gate, health};
use store::Store;

/// Everything that answers, behind all layers.
pub fn router(backend: Backend, store: Store, gate: &Gate) -> Router {
    let routes = pages::routes(backend).merge(health::routes(store));
    http::layered(routes, gate)
}
