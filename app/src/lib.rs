//! What the person sees: pages, components, islands, and the server functions behind them.
//!
//! Compiled twice: with `ssr` for the server (all of it) and with `islands` for the browser (only what runs there).

#![recursion_limit = "256"]

pub mod api;
pub mod app;
#[cfg(feature = "ssr")]
pub mod backend;
pub mod components;
pub mod error;
pub mod icons;
pub mod islands;
pub mod layout;
pub mod pages;
pub mod paths;
#[cfg(feature = "ssr")]
pub mod server;
