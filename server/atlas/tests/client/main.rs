//! The client against a transport that answers from a script.
#![expect(clippy::unwrap_used, reason = "helpers of tests")]

mod reading;
mod refusals;
mod script;
mod secrets;
mod signing;
