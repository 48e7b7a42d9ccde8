//! What the pages ask for: each service implements a trait of `app::backend`, in the order permission, log, Atlas, store.

pub mod atlas_access;
pub mod drafts;
mod fault;
mod planner;
pub mod requests;
