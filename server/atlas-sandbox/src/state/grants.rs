//! What a key or a service account may do, and from where: the same for both kinds.

use std::{collections::BTreeMap, net::IpAddr};

use ipnet::IpNet;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Actor, ServiceAccount, State, saved};
use crate::{id::Id, roles};

/// Who can call: the two kinds of credentials Atlas knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub(crate) enum CallerId {
    /// An API key, which signs.
    Key(Id),
    /// A service account, which brings a token.
    Account(Id),
}

impl CallerId {
    /// The identifier of the key or account.
    pub(crate) fn id(self) -> Id {
        match self {
            Self::Key(id) | Self::Account(id) => id,
        }
    }
}

/// Roles and access list. Both kinds of credentials belong to exactly one organization.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Grants {
    pub(crate) org: Id,
    #[serde(deserialize_with = "saved::read")]
    pub(crate) org_roles: Vec<&'static str>,
    #[serde(deserialize_with = "saved::read")]
    pub(crate) project_roles: BTreeMap<Id, Vec<&'static str>>,
    pub(crate) access_list: Vec<Entry>,
}

impl Grants {
    /// Roles in the organization, none in projects, no access list.
    pub(crate) fn new(org: Id, org_roles: Vec<&'static str>) -> Self {
        Self { org, org_roles, project_roles: BTreeMap::new(), access_list: Vec::new() }
    }

    /// The roles in one project.
    pub(crate) fn roles_in(&self, project: Id) -> &[&'static str] {
        self.project_roles.get(&project).map_or(&[], Vec::as_slice)
    }

    /// Whether it has this role in the organization.
    pub(crate) fn has(&self, org_role: &str) -> bool {
        self.org_roles.contains(&org_role)
    }

    /// Whether it has this role in the project itself, not by way of the organization.
    pub(crate) fn has_in(&self, project: Id, role: &str) -> bool {
        self.roles_in(project).contains(&role)
    }

    /// Whether it sees that project of its organization.
    pub(crate) fn sees(&self, project: Id) -> bool {
        roles::sees_all_projects(&self.org_roles) || !self.roles_in(project).is_empty()
    }

    /// The narrowest entry that covers `address`.
    pub(crate) fn covering(&mut self, address: IpAddr) -> Option<&mut Entry> {
        let covering = self.access_list.iter_mut().filter(|entry| entry.net.contains(&address));
        covering.max_by_key(|entry| entry.net.prefix_len())
    }

    /// Takes project roles as new ones, instead of those it had there; true when it had none.
    pub(super) fn put_in(&mut self, project: Id, roles: Vec<&'static str>) -> bool {
        self.project_roles.insert(project, roles).is_none()
    }
}

/// One line of an access list.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Entry {
    pub(crate) net: IpNet,
    pub(crate) created: Timestamp,
    pub(crate) count: u32,
    pub(crate) last_used: Option<(Timestamp, IpAddr)>,
}

impl Entry {
    /// An entry nobody has used yet.
    pub(crate) fn unused(net: IpNet, created: Timestamp) -> Self {
        Self { net, created, count: 0, last_used: None }
    }

    /// Counts one request from `address`.
    pub(crate) fn used(&mut self, address: IpAddr, at: Timestamp) {
        self.count = self.count.saturating_add(1);
        self.last_used = Some((at, address));
    }
}

impl State {
    /// What a caller may do; nothing once it is deleted.
    pub(crate) fn grants(&self, caller: CallerId) -> Option<&Grants> {
        match caller {
            CallerId::Key(id) => self.keys.get(&id).map(|key| &key.grants),
            CallerId::Account(id) => self.accounts.get(&id).map(|account| &account.grants),
        }
    }

    /// The same, to change it.
    pub(crate) fn grants_mut(&mut self, caller: CallerId) -> Option<&mut Grants> {
        match caller {
            CallerId::Key(id) => self.keys.get_mut(&id).map(|key| &mut key.grants),
            CallerId::Account(id) => self.accounts.get_mut(&id).map(|account| &mut account.grants),
        }
    }

    /// What people call it: the public key or the client id.
    pub(crate) fn name_of(&self, caller: CallerId) -> Option<String> {
        match caller {
            CallerId::Key(id) => self.keys.get(&id).map(|key| key.public.clone()),
            CallerId::Account(id) => self.accounts.get(&id).map(ServiceAccount::client_id),
        }
    }

    /// How events name it.
    pub(crate) fn actor(&self, caller: CallerId) -> Actor {
        match (caller, self.name_of(caller)) {
            (CallerId::Key(id), Some(public)) => Actor::Key { id, public },
            (CallerId::Account(_), Some(client_id)) => Actor::Account { client_id },
            (_, None) => Actor::Atlas,
        }
    }

    /// Gives roles in a project, instead of those it had there.
    pub(crate) fn assign(&mut self, caller: CallerId, project: Id, roles: Vec<&'static str>) {
        if !self.projects.contains_key(&project) {
            return;
        }
        let is_new = self.grants_mut(caller).is_some_and(|grants| grants.put_in(project, roles));
        if let Some(project) = self.projects.get_mut(&project).filter(|_| is_new) {
            project.members_mut(caller).push(caller.id());
        }
    }

    /// Takes it out of a project; false when it was not in it.
    pub(crate) fn unassign(&mut self, caller: CallerId, project: Id) -> bool {
        let was_in = self.grants_mut(caller).is_some_and(|grants| grants.project_roles.remove(&project).is_some());
        if let Some(project) = self.projects.get_mut(&project) {
            project.members_mut(caller).retain(|other| *other != caller.id());
        }
        was_in
    }
}
