//! The sandbox's own time: it starts at the moment it is given and moves with the monotonic clock, so that nonces
//! age and `lastUsed` advances, while a test can still jump ahead.

use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};

use jiff::{SignedDuration, Timestamp};
use tokio::time::Instant;

/// A clock that was set once and runs on by itself.
pub(crate) struct Clock {
    start: Timestamp,
    started: Instant,
    skipped_ms: AtomicI64,
    is_still: AtomicBool,
}

impl Clock {
    /// A clock that shows `start` now.
    pub(crate) fn starting_at(start: Timestamp) -> Self {
        Self { start, started: Instant::now(), skipped_ms: AtomicI64::new(0), is_still: AtomicBool::new(false) }
    }

    /// What the clock shows.
    pub(crate) fn now(&self) -> Timestamp {
        let run = if self.is_still.load(Ordering::Relaxed) { 0 } else { self.started.elapsed().as_millis() };
        let run = i64::try_from(run).unwrap_or(i64::MAX);
        let shown = SignedDuration::from_millis(run.saturating_add(self.skipped_ms.load(Ordering::Relaxed)));
        self.start.checked_add(shown).unwrap_or(Timestamp::MAX)
    }

    /// Stands still from now on, at the start plus what was skipped.
    pub(crate) fn stop(&self) {
        self.is_still.store(true, Ordering::Relaxed);
    }

    /// Jumps `millis` ahead.
    pub(crate) fn skip(&self, millis: i64) {
        self.skipped_ms.fetch_add(millis, Ordering::Relaxed);
    }
}

/// A time as Atlas writes it: UTC, whole seconds.
pub(crate) fn written(at: Timestamp) -> String {
    at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}
