//! The program: what implements the traits of `app` and listens.

pub mod cli;
pub mod clock;
pub mod log;
pub mod random;
pub mod sealing;
pub mod services;
pub mod settings;
pub mod store;
