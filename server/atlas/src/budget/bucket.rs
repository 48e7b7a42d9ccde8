//! A bucket of tokens.

use std::{
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use tokio::time::{Instant, sleep, timeout_at};

/// Holds up to a number of tokens, which come back evenly. Callers that wait are served in turn.
pub(super) struct Bucket {
    turn: tokio::sync::Mutex<()>,
    level: Mutex<Level>,
}

#[derive(Debug)]
struct Level {
    capacity: f64,
    per_second: f64,
    tokens: f64,
    at: Instant,
    /// Nobody goes before; what a refusal asked for.
    closed_until: Option<Instant>,
    on_their_way: u32,
}

impl Bucket {
    pub(super) fn full(capacity: u32, per_minute: u32) -> Self {
        let level = Level {
            capacity: f64::from(capacity),
            per_second: f64::from(per_minute) / 60.0,
            tokens: f64::from(capacity),
            at: Instant::now(),
            closed_until: None,
            on_their_way: 0,
        };
        Self { turn: tokio::sync::Mutex::default(), level: Mutex::new(level) }
    }

    /// Takes one token, and waits for it until `deadline` at most.
    ///
    /// # Errors
    ///
    /// How long it would have to wait, if that is beyond the deadline.
    pub(super) async fn take(&self, deadline: Option<Instant>) -> Result<(), Duration> {
        let _turn = match deadline {
            Some(deadline) => {
                timeout_at(deadline, self.turn.lock()).await.map_err(|_| self.lock().wait(Instant::now()))?
            }
            None => self.turn.lock().await,
        };
        loop {
            let now = Instant::now();
            let Err(wait) = self.lock().take(now) else { return Ok(()) };
            if deadline.is_some_and(|deadline| now + wait > deadline) {
                return Err(wait);
            }
            sleep(wait).await;
        }
    }

    /// A request has come back or was given up.
    pub(super) fn arrived(&self) {
        let mut level = self.lock();
        level.on_their_way = level.on_their_way.saturating_sub(1);
    }

    pub(super) fn answered(&self, limit: Option<u32>, remaining: Option<u32>) {
        self.lock().correct(Instant::now(), limit.map(f64::from), remaining.map(f64::from));
    }

    /// Atlas said no: the bucket is empty, whatever we thought.
    pub(super) fn refused(&self, retry_after: Option<Duration>) {
        let (mut level, now) = (self.lock(), Instant::now());
        level.refill(now);
        level.tokens = level.tokens.min(0.0);
        if let Some(wait) = retry_after {
            level.closed_until = level.closed_until.max(Some(now + wait));
        }
    }

    /// Atlas told the limit. What was used up stays used up.
    pub(super) fn learn(&self, capacity: u64, refill: u64, seconds: u64) {
        let float = |number: u64| f64::from(u32::try_from(number).unwrap_or(u32::MAX));
        let (mut level, now) = (self.lock(), Instant::now());
        level.refill(now);
        level.resize(float(capacity.max(1)));
        level.per_second = float(refill.max(1)) / float(seconds.max(1));
    }

    fn lock(&self) -> MutexGuard<'_, Level> {
        self.level.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Level {
    fn refill(&mut self, now: Instant) {
        let passed = now.saturating_duration_since(self.at).as_secs_f64();
        self.tokens = (self.tokens + passed * self.per_second).min(self.capacity);
        self.at = now;
    }

    /// How long until there is a token.
    fn wait(&mut self, now: Instant) -> Duration {
        self.refill(now);
        let missing = (1.0 - self.tokens).max(0.0) / self.per_second;
        // A microsecond more, so that rounding does not wake anybody too early.
        let missing = Duration::from_secs_f64(missing) + Duration::from_micros(1);
        let closed = self.closed_until.map_or(Duration::ZERO, |until| until.saturating_duration_since(now));
        missing.max(closed)
    }

    fn take(&mut self, now: Instant) -> Result<(), Duration> {
        self.refill(now);
        let is_closed = self.closed_until.is_some_and(|until| now < until);
        if is_closed || self.tokens < 1.0 {
            return Err(self.wait(now));
        }
        self.tokens -= 1.0;
        self.on_their_way += 1;
        Ok(())
    }

    fn resize(&mut self, capacity: f64) {
        self.tokens = (self.tokens + capacity - self.capacity).clamp(0.0, capacity);
        self.capacity = capacity;
    }

    /// Takes over what the headers of an answer say: the capacity, and how many whole tokens are left.
    fn correct(&mut self, now: Instant, limit: Option<f64>, remaining: Option<f64>) {
        self.refill(now);
        if let Some(limit) = limit.filter(|limit| *limit >= 1.0 && (limit - self.capacity).abs() >= 0.5) {
            // How fast it fills is not told here, and does not follow: that stays.
            self.resize(limit);
        }
        if let Some(remaining) = remaining {
            // Whole tokens are told. A part more of ours is no difference; a whole one was used by somebody else.
            if self.tokens > remaining + 1.0 {
                self.tokens = remaining;
            }
            // With others under way it cannot be told which of them Atlas has counted.
            if self.on_their_way <= 1 {
                self.tokens = self.tokens.max(remaining).min(self.capacity);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::{collection::vec, prelude::*};

    fn level(capacity: u32, per_minute: u32, at: Instant) -> Level {
        Level {
            capacity: f64::from(capacity),
            per_second: f64::from(per_minute) / 60.0,
            tokens: f64::from(capacity),
            at,
            closed_until: None,
            on_their_way: 0,
        }
    }

    proptest! {
        #[test]
        fn no_stretch_of_time_sees_more_than_capacity_and_refill(
            capacity in 1_u32..50,
            per_minute in 1_u32..600,
            pauses in vec(0_u64..5_000, 1..200),
        ) {
            let start = Instant::now();
            let (mut level, mut passed, mut granted) = (level(capacity, per_minute, start), 0, Vec::new());
            for pause in pauses {
                passed += pause;
                if level.take(start + Duration::from_millis(passed)).is_ok() {
                    granted.push(passed);
                }
            }
            for (first, from) in granted.iter().enumerate() {
                for (last, until) in granted.iter().enumerate().skip(first) {
                    let seconds = Duration::from_millis(until - from).as_secs_f64();
                    let most = f64::from(capacity) + seconds * f64::from(per_minute) / 60.0;
                    let seen = f64::from(u32::try_from(last - first + 1).unwrap());
                    prop_assert!(seen <= most + 1e-6, "{seen} within {seconds} s, {most} allowed");
                }
            }
        }

        #[test]
        fn whoever_waits_as_long_as_told_gets_a_token_and_not_much_sooner(
            capacity in 1_u32..50,
            per_minute in 1_u32..600,
            taken in 1_usize..60,
        ) {
            let start = Instant::now();
            let (mut level, mut now) = (level(capacity, per_minute, start), start);
            for _ in 0..taken {
                if let Err(wait) = level.take(now) {
                    if let Some(early) = wait.checked_sub(Duration::from_millis(1)) {
                        prop_assert!(level.take(now + early).is_err());
                    }
                    now += wait;
                    prop_assert!(level.take(now).is_ok());
                }
            }
        }

        #[test]
        fn a_level_stays_between_empty_and_full_whatever_headers_say(
            capacity in 1_u32..50,
            answers in vec((any::<Option<u16>>(), any::<Option<u16>>(), 0_u64..10_000), 0..50),
        ) {
            let start = Instant::now();
            let (mut level, mut now) = (level(capacity, 60, start), start);
            for (limit, remaining, pause) in answers {
                now += Duration::from_millis(pause);
                let _ = level.take(now);
                level.correct(now, limit.map(f64::from), remaining.map(f64::from));
                prop_assert!(level.tokens <= level.capacity && level.per_second > 0.0, "{level:?}");
                prop_assert!(level.wait(now) < Duration::from_secs(100_000), "{level:?}");
            }
        }
    }
}
