//! A stand-in for the MongoDB Atlas Administration API v2, for trying out, demos and tests.
//!
//! [`Sandbox`] remembers, validates, pages and refuses the way the published description and recorded traffic of Atlas
//! say it does: HTTP Digest with nonces, tokens of service accounts, versions in media types, roles, access lists, rate
//! limits, error bodies, and secrets that are shown once. It shares no code with the client crate, so that the two
//! cannot agree on the same mistake. It is reached through HTTP only: [`Sandbox::serve`] on a socket, or
//! [`Sandbox::router`] in process.
//!
//! For tests it keeps a journal of executed calls, records exchanges, and misbehaves on demand ([`FaultRule`]).

mod address;
mod auth;
mod billing;
mod clock;
mod control;
mod demo;
mod errors;
mod event_types;
mod faults;
mod id;
mod journal;
mod limits;
mod oauth;
mod operations;
mod paging;
mod percent;
mod random;
mod reply;
mod request;
mod roles;
mod routes;
mod sandbox;
mod saving;
mod serve;
mod state;
mod version;

pub use crate::{
    demo::{ClientSecret, DemoCredentials, KeyPair, NewCredentials, PlantedKey, scaled::ScaledOptions},
    faults::{FaultKind, FaultRule, Held, NAMES as FAULT_NAMES, Release},
    journal::{Exchange, JournalEntry},
    limits::RateLimit,
    sandbox::Sandbox,
};

/// The `operationId` of every operation that is served.
pub fn operations() -> impl Iterator<Item = &'static str> {
    operations::all().map(|operation| operation.id)
}
