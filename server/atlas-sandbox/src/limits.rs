//! Rate limits: a token bucket for each endpoint set and scope, with the capacities Atlas publishes (section 5 of the
//! contract; "not part of the contract" there either).

use std::{collections::HashMap, net::IpAddr, str::FromStr};

use jiff::Timestamp;

use crate::{
    id::Id,
    oauth::{TOKENS_A_MINUTE, TokenScope},
};

/// How the sandbox limits requests.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum RateLimit {
    /// As Atlas publishes them, for each endpoint set.
    #[default]
    Published,
    /// Every bucket holds this many requests and refills as many in a minute.
    PerMinute(u32),
    /// As Atlas publishes them, with this many hundredths of the capacities and refills.
    Scaled {
        /// 100 is as published.
        percent: u32,
    },
    /// Headers count down and nothing is ever refused.
    Unlimited,
}

/// `real`, `off`, or a factor of the published limits such as `0.5` or `10`.
impl FromStr for RateLimit {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "real" => Ok(Self::Published),
            "off" => Ok(Self::Unlimited),
            _ => {
                let factor = text.parse().ok().filter(|factor: &f64| (0.01..=1000.0).contains(factor));
                let percent = factor.map(|factor| whole((factor * 100.0).round()));
                percent
                    .map(|percent| Self::Scaled { percent })
                    .ok_or_else(|| format!("`{text}` is neither `real` nor `off` nor a factor from 0.01 to 1000"))
            }
        }
    }
}

/// Whose bucket a request empties.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Scope {
    /// The credential's own.
    User,
    /// Its organization's.
    Organization,
    /// The project's that the path names.
    Project,
}

macro_rules! sets {
    ($($(#[$doc:meta])* $name:ident = $id:literal $title:literal, $scope:ident, $capacity:literal, $refill:literal;)*) => {
        /// An endpoint set of Atlas, with the scope of its buckets.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub(crate) enum Set {
            $($(#[$doc])* $name,)*
        }

        impl Set {
            /// All of them.
            pub(crate) const ALL: &[Self] = &[$(Self::$name,)*];

            /// `endpointSetId`.
            pub(crate) fn id(self) -> &'static str {
                match self {
                    $(Self::$name => $id,)*
                }
            }

            /// `endpointSetName`: sets of different scopes share it.
            pub(crate) fn name(self) -> &'static str {
                match self {
                    $(Self::$name => $title,)*
                }
            }

            /// The scope, the capacity, and the tokens that come back in 60 s.
            fn published(self) -> (Scope, u32, u32) {
                match self {
                    $(Self::$name => (Scope::$scope, $capacity, $refill),)*
                }
            }
        }
    };
}

sets! {
    /// `GET (base)`.
    Root = "root_user" "Root", User, 300, 100;
    /// `GET /orgs`, `POST /orgs`.
    OrgsOfCaller = "organizations_user" "Organizations", User, 300, 100;
    /// One organization and its projects.
    Organizations = "organizations_organization" "Organizations", Organization, 500, 250;
    /// `GET /groups`, `POST /groups`, `GET /groups/byName/…`.
    ProjectsOfCaller = "projects_user" "Projects", User, 1200, 500;
    /// One project.
    Projects = "projects_group" "Projects", Project, 1200, 500;
    /// Keys of an organization.
    OrgKeys = "programmaticApiKeys_organization" "Programmatic API Keys", Organization, 500, 250;
    /// Keys of a project.
    ProjectKeys = "programmaticApiKeys_group" "Programmatic API Keys", Project, 1200, 500;
    /// Service accounts of an organization.
    OrgAccounts = "serviceAccounts_organization" "Service Accounts", Organization, 500, 250;
    /// Service accounts of a project.
    ProjectAccounts = "serviceAccounts_group" "Service Accounts", Project, 1200, 500;
    /// People in an organization, and invitations to it.
    OrgUsers = "cloudUsers_organization" "MongoDB Cloud Users", Organization, 500, 250;
    /// People in a project, and invitations to it.
    ProjectUsers = "cloudUsers_group" "MongoDB Cloud Users", Project, 1200, 500;
    /// The old `/users`.
    LegacyUsers = "cloudUsers_user" "MongoDB Cloud Users", User, 2500, 2000;
    /// Teams of an organization.
    OrgTeams = "teams_organization" "Teams", Organization, 1200, 500;
    /// Teams of a project.
    ProjectTeams = "teams_group" "Teams", Project, 1200, 500;
    /// `/orgs/{orgId}/settings`, the smallest of all.
    OrgSettings = "organizationSettings_organization" "Organization Settings", Organization, 10, 5;
    /// Events of an organization.
    OrgEvents = "events_organization" "Events", Organization, 500, 250;
    /// Events of a project.
    ProjectEvents = "events_group" "Events", Project, 300, 100;
    /// `GET /eventTypes`.
    EventTypes = "events_user" "Events", User, 300, 100;
    /// Invoices and the cost explorer.
    Invoices = "invoices_organization" "Invoices", Organization, 500, 100;
    /// `GET /skus`.
    Skus = "invoices_user" "Invoices", User, 300, 100;
    /// `GET /rateLimits`.
    RateLimits = "rateLimitsInspection_user" "Rate Limits Inspection", User, 300, 100;
}

impl Set {
    /// Whose bucket it is.
    pub(crate) fn scope(self) -> Scope {
        self.published().0
    }

    /// The capacity of a bucket, and the tokens that come back in 60 s.
    pub(crate) fn rates(self, rate: RateLimit) -> (u32, u32) {
        match rate {
            RateLimit::PerMinute(count) => (count.max(1), count.max(1)),
            RateLimit::Scaled { percent } => {
                let (_, capacity, refill) = self.published();
                let scaled = |count: u32| (count.saturating_mul(percent) / 100).max(1);
                (scaled(capacity), scaled(refill))
            }
            RateLimit::Published | RateLimit::Unlimited => {
                let (_, capacity, refill) = self.published();
                (capacity, refill)
            }
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

impl Bucket {
    fn full(limit: u32, now: i64) -> Self {
        Self { tokens: f64::from(limit), filled: now }
    }

    /// Takes one token, or says how many seconds to wait for it.
    fn take(&mut self, limit: u32, refill: u32, now: i64) -> Option<u32> {
        let waited = u32::try_from((now - self.filled).max(0)).unwrap_or(u32::MAX);
        let per_ms = f64::from(refill) / 60_000.0;
        self.tokens = (self.tokens + f64::from(waited) * per_ms).min(f64::from(limit));
        self.filled = now;
        if self.tokens >= 1.0 {
            self.tokens -= 1.0;
            return None;
        }
        Some(whole(((1.0 - self.tokens) / per_ms / 1000.0).ceil()).max(1))
    }
}

/// All buckets.
pub(crate) struct Limits {
    rate: RateLimit,
    buckets: HashMap<(Set, Id), Bucket>,
    tokens: HashMap<TokenScope, Bucket>,
}

impl Limits {
    /// Full buckets.
    pub(crate) fn new(rate: RateLimit) -> Self {
        Self { rate, buckets: HashMap::new(), tokens: HashMap::new() }
    }

    /// How requests are limited.
    pub(crate) fn rate(&self) -> RateLimit {
        self.rate
    }

    /// Takes one token of `scope`'s bucket.
    pub(crate) fn take(&mut self, set: Set, scope: Id, now: Timestamp) -> Allowance {
        let (limit, refill) = set.rates(self.rate);
        let now = now.as_millisecond();
        let bucket = self.buckets.entry((set, scope)).or_insert_with(|| Bucket::full(limit, now));
        let retry_after = bucket.take(limit, refill, now);
        let remaining = whole(bucket.tokens.floor());
        let refused = retry_after.filter(|_| self.rate != RateLimit::Unlimited);
        Allowance { limit, remaining, refill, retry_after: refused }
    }

    /// Whether an address may ask for a token with a client id once more. The same however the API is limited.
    pub(crate) fn take_token(&mut self, peer: IpAddr, client_id: &str, now: Timestamp) -> bool {
        let (limit, now) = (TOKENS_A_MINUTE, now.as_millisecond());
        let bucket = self.tokens.entry((peer, client_id.to_owned())).or_insert_with(|| Bucket::full(limit, now));
        bucket.take(limit, limit, now).is_none() || self.rate == RateLimit::Unlimited
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

    #[test]
    fn a_word_or_a_factor_says_how_requests_are_limited() {
        let read = |text: &str| text.parse::<RateLimit>();
        assert_eq!([read("real"), read("off")], [Ok(RateLimit::Published), Ok(RateLimit::Unlimited)]);
        let rates = |text: &str| read(text).map(|rate| Set::OrgSettings.rates(rate));
        assert_eq!(
            [rates("real"), rates("0.5"), rates("10"), rates("0.01")],
            [Ok((10, 5)), Ok((5, 2)), Ok((100, 50)), Ok((1, 1))]
        );
        for wrong in ["", "on", "0", "-1", "NaN", "1e9"] {
            assert!(read(wrong).is_err(), "{wrong}");
        }
    }
}
