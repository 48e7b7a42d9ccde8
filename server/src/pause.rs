//! Named points at which a test stops the program, so that it can be killed exactly there.
//!
//! Only in debug builds, and only when the environment says `TEST_PAUSE_AT=point`: the program prints that it has arrived and
//! then waits for ever at this place. Release builds have no such points.

/// Stops here for ever when a test asked for it.
#[cfg(debug_assertions)]
pub(crate) async fn at(point: &str) {
    if std::env::var("TEST_PAUSE_AT").is_ok_and(|wanted| wanted == point) {
        tracing::warn!(point, "paused for a test");
        std::future::pending::<()>().await;
    }
}

/// Does nothing: a release build cannot be stopped like this.
#[cfg(not(debug_assertions))]
pub(crate) async fn at(_point: &str) {}
