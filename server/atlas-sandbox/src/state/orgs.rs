//! Organizations.

use jiff::Timestamp;

use super::State;
use crate::id::Id;

/// The longest life of a secret anywhere: 365 days.
pub(crate) const LONGEST_SECRET_HOURS: u32 = 8_760;

/// An organization.
pub(crate) struct Org {
    pub(crate) id: Id,
    pub(crate) name: String,
    pub(crate) settings: Settings,
    pub(crate) projects: Vec<Id>,
    pub(crate) keys: Vec<Id>,
    pub(crate) accounts: Vec<Id>,
}

/// What owners of an organization decide for all of it.
pub(crate) struct Settings {
    /// *Require IP Access List for the Atlas Administration API*.
    pub(crate) requires_access_list: bool,
    /// How many hours a new secret of a service account may live at most.
    pub(crate) max_secret_hours: u32,
}

impl State {
    /// Adds an organization.
    pub(crate) fn add_org(&mut self, name: &str, created: Timestamp, requires_access_list: bool) -> Id {
        let id = Id::made_at(created, &mut self.random);
        let org = Org {
            id,
            name: name.to_owned(),
            settings: Settings { requires_access_list, max_secret_hours: LONGEST_SECRET_HOURS },
            projects: Vec::new(),
            keys: Vec::new(),
            accounts: Vec::new(),
        };
        self.orgs.insert(id, org);
        id
    }
}
