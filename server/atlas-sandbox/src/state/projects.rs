//! Projects.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{CallerId, State};
use crate::id::Id;

/// Atlas's published limit of projects in one organization.
pub(crate) const MAX_PROJECTS_PER_ORG: usize = 250;

/// A project.
#[derive(Serialize, Deserialize)]
pub(crate) struct Project {
    pub(crate) id: Id,
    pub(crate) org: Id,
    pub(crate) name: String,
    pub(crate) created: Timestamp,
    /// When its organization got it: when it was made or moved there.
    pub(crate) since: Timestamp,
    pub(crate) clusters: u32,
    pub(crate) tags: Vec<(String, String)>,
    /// Those that were changed.
    pub(crate) limits: BTreeMap<String, u64>,
    pub(crate) keys: Vec<Id>,
    pub(crate) accounts: Vec<Id>,
}

/// A project that an organization had.
#[derive(Serialize, Deserialize)]
pub(crate) struct PastProject {
    pub(crate) id: Id,
    pub(crate) name: String,
    pub(crate) clusters: u32,
    pub(crate) since: Timestamp,
    pub(crate) until: Timestamp,
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
            since: created,
            clusters,
            tags: Vec::new(),
            limits: BTreeMap::new(),
            keys: Vec::new(),
            accounts: Vec::new(),
        };
        self.projects.insert(id, project);
        if let Some(org) = self.orgs.get_mut(&org) {
            org.projects.push(id);
        }
        id
    }

    /// Closes a project: nobody has roles in it any more.
    pub(crate) fn delete_project(&mut self, id: Id, now: Timestamp) {
        self.vacate(id, now);
        self.projects.remove(&id);
    }

    /// Moves a project to another organization. People come along, keys and accounts stay behind: they belong to one
    /// organization.
    pub(crate) fn move_project(&mut self, id: Id, to: Id, now: Timestamp) {
        if let Some(from) = self.projects.get(&id).map(|project| project.org) {
            self.take_along(id, from, to);
        }
        self.vacate(id, now);
        if let Some(project) = self.projects.get_mut(&id) {
            project.org = to;
            project.since = now;
        }
        if let Some(org) = self.orgs.get_mut(&to) {
            org.projects.push(id);
        }
    }

    /// Takes a project out of its organization.
    fn vacate(&mut self, id: Id, now: Timestamp) {
        let Some(project) = self.projects.get(&id) else {
            return;
        };
        let (org, since, clusters) = (project.org, project.since, project.clusters);
        let past = PastProject { id, name: project.name.clone(), clusters, since, until: now };
        let keys = project.keys.iter().map(|id| CallerId::Key(*id));
        let callers: Vec<_> = keys.chain(project.accounts.iter().map(|id| CallerId::Account(*id))).collect();
        for caller in callers {
            self.unassign(caller, id);
        }
        self.people.forget_project(org, id);
        self.teams.forget_project(org, id);
        if let Some(org) = self.orgs.get_mut(&org) {
            org.projects.retain(|other| *other != id);
            org.past_projects.push(past);
        }
    }
}
