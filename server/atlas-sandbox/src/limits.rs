//! Rate limits: a token bucket for each endpoint set and scope, with the capacities Atlas publishes (section 5 of the
//! contract; "not part of the contract" there either).

use std::collections::HashMap;

use jiff::Timestamp;

use crate::id::Id;

/// How the sandbox limits requests.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum RateLimit {
    /// As Atlas publishes them, for each endpoint set.
    #[default]
    Published,
    /// Every bucket holds this many requests and refills as many in a minute.
    PerMinute(u32),
    /// Headers count down and nothing is ever refused.
    Unlimited,
}

/// An endpoint set with the scope of its buckets.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Set {
    /// `GET (base)`, by credential.
    Root,
    /// `GET /orgs`, by credential.
    OrgsOfCaller,
    /// One organization and its projects, by organization.
    Organizations,
    /// `GET /groups`, by credential.
    ProjectsOfCaller,
    /// One project, by project.
    Projects,
    /// Keys of an organization, by organization.
    OrgKeys,
    /// Keys of a project, by project.
    ProjectKeys,
}

impl Set {
    /// Capacity, and tokens that come back in 60 s.
    fn published(self) -> (u32, u32) {
        match self {
            Self::Root | Self::OrgsOfCaller => (300, 100),
            Self::Organizations | Self::OrgKeys => (500, 250),
            Self::ProjectsOfCaller | Self::Projects | Self::ProjectKeys => (1200, 500),
        }
    }
}

/// What a bucket says to one request.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Allowance {
    pub(crate) limit: u32,
    pub(crate) remaining: u32,
    pub(crate) refill: u32,
    /// Seconds to wait, when the request is refused.
    pub(crate) retry_after: Option<u32>,
}

struct Bucket {
    tokens: f64,
    filled: i64,
}

/// All buckets.
pub(crate) struct Limits {
    rate: RateLimit,
    buckets: HashMap<(Set, Id), Bucket>,
}

impl Limits {
    /// Full buckets.
    pub(crate) fn new(rate: RateLimit) -> Self {
        Self { rate, buckets: HashMap::new() }
    }

    /// Takes one token of `scope`'s bucket.
    pub(crate) fn take(&mut self, set: Set, scope: Id, now: Timestamp) -> Allowance {
        let (limit, refill) = match self.rate {
            RateLimit::PerMinute(count) => (count.max(1), count.max(1)),
            RateLimit::Published | RateLimit::Unlimited => set.published(),
        };
        let now = now.as_millisecond();
        let bucket =
            self.buckets.entry((set, scope)).or_insert_with(|| Bucket { tokens: f64::from(limit), filled: now });
        let waited = u32::try_from((now - bucket.filled).max(0)).unwrap_or(u32::MAX);
        let per_ms = f64::from(refill) / 60_000.0;
        bucket.tokens = (bucket.tokens + f64::from(waited) * per_ms).min(f64::from(limit));
        bucket.filled = now;
        let retry_after = if bucket.tokens >= 1.0 {
            bucket.tokens -= 1.0;
            None
        } else {
            Some(whole(((1.0 - bucket.tokens) / per_ms / 1000.0).ceil()).max(1))
        };
        let remaining = whole(bucket.tokens.floor());
        let refused = retry_after.filter(|_| self.rate != RateLimit::Unlimited);
        Allowance { limit, remaining, refill, retry_after: refused }
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "counts of tokens and seconds: small, not negative, rounded before"
)]
fn whole(number: f64) -> u32 {
    number as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bucket_empties_says_how_long_to_wait_and_refills() {
        let start: Timestamp = "2026-08-10T03:02:57Z".parse().unwrap();
        let scope = Id::parse("5e2211c17a3e5a48f5497de3").unwrap();
        let mut limits = Limits::new(RateLimit::PerMinute(2));
        assert_eq!(limits.take(Set::Root, scope, start).remaining, 1);
        assert_eq!(limits.take(Set::Root, scope, start).retry_after, None);
        assert_eq!(limits.take(Set::Root, scope, start).retry_after, Some(30));
        assert_eq!(limits.take(Set::OrgKeys, scope, start).retry_after, None, "another set has its own bucket");
        let later = start + jiff::SignedDuration::from_secs(30);
        assert_eq!(limits.take(Set::Root, scope, later).retry_after, None);
    }

    #[test]
    fn the_published_figures_stand_unless_told_otherwise() {
        let start: Timestamp = "2026-08-10T03:02:57Z".parse().unwrap();
        let scope = Id::parse("5e2211c17a3e5a48f5497de3").unwrap();
        let allowed = Limits::new(RateLimit::Published).take(Set::OrgKeys, scope, start);
        assert_eq!((allowed.limit, allowed.refill, allowed.remaining), (500, 250, 499));
    }
}
