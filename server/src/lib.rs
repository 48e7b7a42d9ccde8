//! The program: what implements the traits of `app` and listens.

pub mod clock;
pub mod store;
