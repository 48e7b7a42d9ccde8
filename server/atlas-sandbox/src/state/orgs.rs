//! Organizations, what their owners decided for all of them, and who pays for whom.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{
    PastProject, State,
    saved::{self, Word},
};
use crate::id::Id;

/// The longest life of a secret anywhere: 365 days.
pub(crate) const LONGEST_SECRET_HOURS: u32 = 8_760;

/// An organization.
#[derive(Serialize, Deserialize)]
pub(crate) struct Org {
    pub(crate) id: Id,
    pub(crate) name: String,
    pub(crate) created: Timestamp,
    pub(crate) settings: Settings,
    pub(crate) delegation: Delegation,
    pub(crate) skips_default_alerts: bool,
    /// Whether it has a subscription that pays for others.
    pub(crate) is_paying: bool,
    /// The organization that pays for this one, and since when.
    pub(crate) payer: Option<(Id, Timestamp)>,
    pub(crate) projects: Vec<Id>,
    /// Those it closed or gave away: past invoices have them.
    pub(crate) past_projects: Vec<PastProject>,
    pub(crate) keys: Vec<Id>,
    pub(crate) accounts: Vec<Id>,
}

/// What owners of an organization decide for all of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Settings {
    /// *Require IP Access List for the Atlas Administration API*.
    pub(crate) requires_access_list: bool,
    /// How many hours a new secret of a service account may live at most.
    pub(crate) max_secret_hours: u32,
    pub(crate) requires_mfa: bool,
    pub(crate) restricts_employees: bool,
    pub(crate) has_gen_ai: bool,
    pub(crate) streams_across_projects: bool,
    pub(crate) operations_contact: Option<String>,
    pub(crate) security_contact: Option<String>,
    /// Seconds after which a session ends anyway.
    pub(crate) absolute_timeout: Option<u32>,
    /// Seconds after which a session ends that nobody uses.
    pub(crate) idle_timeout: Option<u32>,
}

impl Settings {
    /// Nothing set but the requirement of access lists.
    fn new(requires_access_list: bool) -> Self {
        Self {
            requires_access_list,
            max_secret_hours: LONGEST_SECRET_HOURS,
            requires_mfa: false,
            restricts_employees: false,
            has_gen_ai: true,
            streams_across_projects: false,
            operations_contact: None,
            security_contact: None,
            absolute_timeout: None,
            idle_timeout: None,
        }
    }
}

/// What applications may do in the name of people.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Delegation {
    #[serde(deserialize_with = "saved::read")]
    pub(crate) mcp: Word,
    #[serde(deserialize_with = "saved::read")]
    pub(crate) partners: Word,
    /// Seconds.
    pub(crate) idle_refresh_token: Option<u32>,
    /// Seconds.
    pub(crate) longest_refresh_token: Option<u32>,
}

impl Default for Delegation {
    fn default() -> Self {
        Self { mcp: "DISALLOWED", partners: "DISALLOWED", idle_refresh_token: None, longest_refresh_token: None }
    }
}

impl State {
    /// Adds an organization.
    pub(crate) fn add_org(&mut self, name: &str, created: Timestamp, requires_access_list: bool) -> Id {
        let id = Id::made_at(created, &mut self.random);
        let org = Org {
            id,
            name: name.to_owned(),
            created,
            settings: Settings::new(requires_access_list),
            delegation: Delegation::default(),
            skips_default_alerts: false,
            is_paying: false,
            payer: None,
            projects: Vec::new(),
            past_projects: Vec::new(),
            keys: Vec::new(),
            accounts: Vec::new(),
        };
        self.orgs.insert(id, org);
        id
    }

    /// Deletes an organization with its credentials and its feed. Those it paid for pay themselves from now on.
    pub(crate) fn delete_org(&mut self, id: Id) {
        let Some(org) = self.orgs.remove(&id) else {
            return;
        };
        org.keys.iter().for_each(|key| self.delete_key(*key));
        org.accounts.iter().for_each(|account| self.delete_account(*account));
        self.people.forget_org(id);
        self.teams.forget_org(id);
        self.forget_events(id);
        for other in self.orgs.values_mut().filter(|other| other.payer.is_some_and(|(payer, _)| payer == id)) {
            other.payer = None;
        }
    }

    /// The organizations that `payer` pays for, longest linked first.
    pub(crate) fn linked_to(&self, payer: Id) -> Vec<&Org> {
        let mut linked: Vec<&Org> =
            self.orgs.values().filter(|org| org.payer.is_some_and(|(id, _)| id == payer)).collect();
        linked.sort_by_key(|org| (org.payer.map(|(_, since)| since), org.id));
        linked
    }
}
