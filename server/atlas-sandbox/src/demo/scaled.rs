//! Any number of organizations, for measuring.

use std::time::Duration;

use jiff::Timestamp;

use super::{
    DemoCredentials, accounts, add_credentials, credentials_of,
    history::{self, Detail},
    people::{self, Crowd},
    population::{History, add_key, add_projects},
};
use crate::{id::Id, limits::RateLimit, state::State};

/// How much there is to be, and how the sandbox behaves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScaledOptions {
    /// Organizations.
    pub orgs: u32,
    /// Projects in each organization.
    pub projects: u32,
    /// API keys in each organization, besides a reader and a writer; there is a service account for every twenty. More than 500 are made if asked for, though
    /// nobody can then create another.
    pub keys: u32,
    /// Everything repeats with it.
    pub seed: u64,
    /// How much later every answer comes.
    pub latency: Duration,
    /// How requests are limited.
    pub rate_limit: RateLimit,
}

impl Default for ScaledOptions {
    fn default() -> Self {
        Self { orgs: 4, projects: 10, keys: 40, seed: 1, latency: Duration::ZERO, rate_limit: RateLimit::Published }
    }
}

/// The population. The first organization pays.
pub(crate) fn population(options: &ScaledOptions, now: Timestamp) -> (State, Vec<DemoCredentials>) {
    const AGE_DAYS: i64 = 1_000;
    let history = History::until(now);
    let mut state = State::empty(options.seed);
    let filled = (1..=options.orgs).map(|number| {
        let org = state.add_org(&format!("Organization {number:03}"), history.days_ago(AGE_DAYS), false);
        add_projects(&mut state, org, options.projects.into(), &history, AGE_DAYS);
        let reader = add_credentials(&mut state, org, "Meridian reader", "ORG_OWNER", history.days_ago(40));
        let writer = add_credentials(&mut state, org, "Meridian writer", "ORG_OWNER", history.days_ago(40));
        (0..options.keys).for_each(|_| add_key(&mut state, org, &history, AGE_DAYS));
        let crowd = Crowd { active: 30, pending: 3, lapsed: 3, teams: 6, one_owner: number % 10 == 0 };
        people::fill(&mut state, org, &history, crowd, options.seed.wrapping_add(number.into()));
        DemoCredentials { is_paying: number == 1, ..credentials_of(&state, org, reader, true, Some(writer)) }
    });
    let mut filled: Vec<_> = filled.collect();
    let accounts = (u64::from(options.keys) / 20).clamp(4, 199);
    for credentials in &mut filled {
        let Some(org) = Id::parse(&credentials.org_id) else {
            continue;
        };
        credentials.service_account = Some(accounts::add_owner(&mut state, org, &history));
        accounts::add(&mut state, org, &history, AGE_DAYS, accounts);
    }
    let detail = if options.orgs.saturating_mul(options.keys) > 2_000 { Detail::Brief } else { Detail::Full };
    history::tell(&mut state, &filled, &history, detail);
    (state, filled)
}
