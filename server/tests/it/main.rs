//! Tests of the whole server, by area, in one program so that it is linked once.

#![expect(clippy::unwrap_used, reason = "clippy's allowance for tests does not reach their helpers")]

mod bad_input;
mod captured;
mod commands;
mod connections;
mod exports;
mod findings;
mod http;
mod import;
mod inventory;
mod kill;
mod log;
mod log_page;
mod narrow;
mod people;
mod permissions;
mod requests;
mod sealing;
mod search;
mod settings;
mod sign_in;
mod store;
mod support;
