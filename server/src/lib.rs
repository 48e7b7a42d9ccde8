//! The program: what implements the traits of `app` and listens.

pub mod cli;
pub mod clock;
pub mod executor;
pub mod log;
mod pause;
pub mod random;
pub mod sealing;
pub mod services;
pub mod settings;
pub mod store;
