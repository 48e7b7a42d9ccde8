//! What the tests share.

mod database;
mod office;
pub(crate) mod program;
mod site;
pub(crate) mod visitor;

pub(crate) use database::{Database, on_both_engines};
pub(crate) use office::{Office, between};
pub(crate) use site::{Browser, PASSWORD, Reply, Site};
