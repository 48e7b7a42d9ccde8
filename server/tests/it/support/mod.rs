//! What the tests share.

mod database;
pub(crate) mod program;
pub(crate) mod visitor;

pub(crate) use database::{Database, on_both_engines};
