//! When and after how long a read is repeated.

use std::time::Duration;

use backon::ExponentialBuilder;

use crate::AtlasError;

/// How patiently reads are repeated. Pauses double from the first on, with chance added.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RetryPolicy {
    /// How often a read is repeated at most.
    pub retries: usize,
    /// The first pause.
    pub first_pause: Duration,
    /// The longest pause of our own choice.
    pub longest_pause: Duration,
    /// The longest wait Atlas may ask for; beyond it the error is returned at once.
    pub longest_wait: Duration,
}

impl Default for RetryPolicy {
    fn default() -> Self {
        Self {
            retries: 3,
            first_pause: Duration::from_millis(500),
            longest_pause: Duration::from_secs(10),
            longest_wait: Duration::from_secs(60),
        }
    }
}

impl RetryPolicy {
    /// Never repeats.
    pub const NONE: Self =
        Self { retries: 0, first_pause: Duration::ZERO, longest_pause: Duration::ZERO, longest_wait: Duration::ZERO };

    pub(super) fn backoff(self) -> ExponentialBuilder {
        ExponentialBuilder::default()
            .with_min_delay(self.first_pause)
            .with_max_delay(self.longest_pause)
            .with_max_times(self.retries)
            .with_jitter()
    }

    /// The pause after `error`: what Atlas asks for, then our own on top, so that many callers told
    /// the same do not come back together. `None` ends the attempts; `planned` is `None` after the last.
    pub(super) fn pause(self, error: &AtlasError, planned: Option<Duration>) -> Option<Duration> {
        let planned = planned?;
        let Some(asked) = error.retry_after() else {
            return Some(planned);
        };
        (asked <= self.longest_wait).then(|| asked.saturating_add(planned))
    }
}
