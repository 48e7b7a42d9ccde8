//! The client against a transport that answers from a script.
#![expect(clippy::unwrap_used, reason = "helpers of tests")]

mod costs;
mod limits;
mod reading;
mod refusals;
mod script;
mod secrets;
mod shelf;
mod signing;
mod tokens;
mod words;
