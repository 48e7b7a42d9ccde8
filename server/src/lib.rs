//! The program: what implements the traits of `app` and listens.

pub mod clock;
pub mod log;
pub mod random;
pub mod sealing;
pub mod store;
