//! When and after how long a request is repeated.

use std::time::Duration;

use backon::{BackoffBuilder, ExponentialBackoff, ExponentialBuilder};
use tokio::time::Instant;

use crate::{AtlasError, Outcome};

/// How patiently requests are repeated. Pauses double from the first on, with chance added.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RetryPolicy {
    /// How often a request is repeated at most.
    pub retries: usize,
    /// The first pause.
    pub first_pause: Duration,
    /// The longest pause of our own choice.
    pub longest_pause: Duration,
    /// The longest wait Atlas may ask for; beyond it the error is returned at once.
    pub longest_wait: Duration,
    /// How long a read may take altogether: waiting for room in the rate limits, sending, pausing. When it is known that
    /// this will not do, the error is returned at once. Writes wait for room as long as they have to.
    pub within: Duration,
}

impl Default for RetryPolicy {
    fn default() -> Self {
        Self {
            retries: 3,
            first_pause: Duration::from_millis(500),
            longest_pause: Duration::from_secs(10),
            longest_wait: Duration::from_secs(60),
            within: Duration::from_secs(300),
        }
    }
}

impl RetryPolicy {
    /// Never repeats, and never waits for room in the rate limits.
    pub const NONE: Self = Self {
        retries: 0,
        first_pause: Duration::ZERO,
        longest_pause: Duration::ZERO,
        longest_wait: Duration::ZERO,
        within: Duration::ZERO,
    };

    /// Begins the attempts at one request.
    pub(super) fn begin(self, is_read: bool) -> Attempts {
        let pauses = ExponentialBuilder::default()
            .with_min_delay(self.first_pause)
            .with_max_delay(self.longest_pause)
            .with_max_times(self.retries)
            .with_jitter()
            .build();
        let deadline = is_read.then(|| Instant::now() + self.within);
        Attempts { longest_wait: self.longest_wait, deadline, is_read, pauses }
    }
}

/// The attempts at one request.
pub(super) struct Attempts {
    longest_wait: Duration,
    deadline: Option<Instant>,
    is_read: bool,
    pauses: ExponentialBackoff,
}

impl Attempts {
    /// Until when the request may wait; writes have no such time.
    pub(super) fn deadline(&self) -> Option<Instant> {
        self.deadline
    }

    /// The pause before the next attempt, after `error`: what Atlas asks for, then our own on top, so that many callers
    /// told the same do not come back together. `None` ends the attempts.
    pub(super) fn pause(&mut self, error: &AtlasError) -> Option<Duration> {
        let is_harmless = self.is_read || error.outcome() == Outcome::NotExecuted;
        if !is_harmless || !error.is_passing() {
            return None;
        }
        let asked = error.retry_after().unwrap_or_default();
        let pause = asked.saturating_add(self.pauses.next()?);
        let is_in_time = self.deadline.is_none_or(|deadline| Instant::now() + pause <= deadline);
        (asked <= self.longest_wait && is_in_time).then_some(pause)
    }
}
