//! What the pretend Atlas remembers. Plain data with lookups; who may see or change it is decided in [`crate::routes`].
//!
//! Each area keeps its own things in a module of its own; what touches several areas (giving roles in a project,
//! deleting a key everywhere) is a method of [`State`] in the module of the thing that is changed.

mod billing;
mod events;
mod grants;
mod keys;
mod orgs;
mod ownership;
pub(crate) mod people;
mod projects;
pub(crate) mod saved;
pub(crate) mod service_accounts;
pub(crate) mod teams;

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use crate::{id::Id, random::Random};

pub(crate) use billing::{Billing, CostQuery, Report};
pub(crate) use events::{Actor, Event, Events};
pub(crate) use grants::{CallerId, Entry, Grants};
pub(crate) use keys::{Key, MAX_KEYS_PER_ORG, NewKey};
pub(crate) use orgs::{Delegation, LONGEST_SECRET_HOURS, Org, Settings};
pub(crate) use people::{Member, NewMember, People};
pub(crate) use projects::{MAX_PROJECTS_PER_ORG, PastProject, Project};
pub(crate) use service_accounts::{NewAccount, ServiceAccount, Tokens};
pub(crate) use teams::{Team, Teams};

/// Everything, as it is saved too: see [`saved`].
#[derive(Serialize, Deserialize)]
pub(crate) struct State {
    pub(crate) orgs: HashMap<Id, Org>,
    pub(crate) projects: HashMap<Id, Project>,
    pub(crate) keys: HashMap<Id, Key>,
    by_public: HashMap<String, Id>,
    pub(crate) accounts: HashMap<Id, ServiceAccount>,
    pub(crate) tokens: Tokens,
    pub(crate) people: People,
    pub(crate) teams: Teams,
    pub(crate) billing: Billing,
    pub(crate) events: Events,
    pub(crate) random: Random,
}

impl State {
    /// An empty Atlas.
    pub(crate) fn empty(seed: u64) -> Self {
        Self {
            orgs: HashMap::new(),
            projects: HashMap::new(),
            keys: HashMap::new(),
            by_public: HashMap::new(),
            accounts: HashMap::new(),
            tokens: Tokens::default(),
            people: People::default(),
            teams: Teams::default(),
            billing: Billing::default(),
            events: Events::default(),
            random: Random::seeded(seed),
        }
    }
}
