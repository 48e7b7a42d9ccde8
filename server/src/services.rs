//! What the pages ask for: each service implements a trait of `app::backend`, in the order permission, log, Atlas, store.

pub mod atlas_access;
pub mod attempts;
pub mod connections;
pub mod drafts;
mod fault;
pub mod inventory;
pub mod log;
pub mod narrowing;
pub mod people;
mod planner;
pub mod requests;
pub mod search;
pub mod sign_in;
pub mod surroundings;

pub use surroundings::{Neighbours, Surroundings};
