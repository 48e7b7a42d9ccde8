//! What signing in is made of: passwords, the brake on guessing, and the state of a session.

pub mod addresses;
pub mod passwords;
pub mod rules;
pub mod session;
pub mod throttle;
