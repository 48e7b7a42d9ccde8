//! The server functions, one file per area, and the shapes they carry.
//!
//! A function says who is calling and what is asked; the rest is in a service that knows nothing of Leptos. Functions that forms
//! post to take plain strings and answer by redirect, so that every form works without script.

pub mod appearance;
pub mod attempts;
pub mod connections;
pub mod drafts;
pub mod exports;
pub mod findings;
pub mod import;
pub mod inventory;
pub mod log;
pub mod narrow;
pub mod people;
pub mod requests;
pub mod search;
pub mod session;
