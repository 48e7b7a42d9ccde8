//! Projects.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{CallerId, State, saved};
use crate::id::Id;

/// A project.
#[derive(Serialize, Deserialize)]
pub(crate) struct Project {
    pub(crate) id: Id,
    pub(crate) org: Id,
    pub(crate) name: String,
    pub(crate) created: Timestamp,
    pub(crate) clusters: u32,
    #[serde(deserialize_with = "saved::read")]
    pub(crate) tags: Vec<(&'static str, &'static str)>,
    pub(crate) keys: Vec<Id>,
    pub(crate) accounts: Vec<Id>,
}

impl Project {
    /// Those of the caller's kind that have roles here.
    pub(super) fn members_mut(&mut self, caller: CallerId) -> &mut Vec<Id> {
        match caller {
            CallerId::Key(_) => &mut self.keys,
            CallerId::Account(_) => &mut self.accounts,
        }
    }
}

impl State {
    /// Adds a project to an organization.
    pub(crate) fn add_project(&mut self, org: Id, name: &str, created: Timestamp, clusters: u32) -> Id {
        let id = Id::made_at(created, &mut self.random);
        let project = Project {
            id,
            org,
            name: name.to_owned(),
            created,
            clusters,
            tags: Vec::new(),
            keys: Vec::new(),
            accounts: Vec::new(),
        };
        self.projects.insert(id, project);
        if let Some(org) = self.orgs.get_mut(&org) {
            org.projects.push(id);
        }
        id
    }
}
