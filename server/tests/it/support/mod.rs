//! What the tests share.

mod database;

pub(crate) use database::{Database, on_both_engines};
