//! What the tests share.

mod database;
pub(crate) mod program;
mod site;
pub(crate) mod visitor;

pub(crate) use database::{Database, on_both_engines};
pub(crate) use site::{Browser, PASSWORD, Reply, Site};
