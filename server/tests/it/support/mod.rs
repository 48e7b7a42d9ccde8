//! What the tests share.

mod database;
mod desk;
mod office;
pub(crate) mod program;
mod site;
pub(crate) mod story;
pub(crate) mod visitor;

pub(crate) use database::{Database, on_both_engines};
pub(crate) use desk::{Desk, file, form, person};
pub(crate) use office::{Office, between};
pub(crate) use site::{Browser, PASSWORD, Reply, Site};
