//! Tests of the whole server, by area, in one program so that it is linked once.

#![expect(clippy::unwrap_used, reason = "clippy's allowance for tests does not reach their helpers")]

mod kill;
mod log;
mod log_page;
mod sealing;
mod settings;
mod store;
mod support;
