//! Meridian.
fn main() {}
