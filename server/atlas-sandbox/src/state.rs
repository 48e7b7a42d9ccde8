//! What the pretend Atlas remembers: organizations, their projects, their keys. Plain data with lookups; who may see or
//! change it is decided in [`crate::routes`].

use std::{
    collections::{BTreeMap, HashMap},
    net::IpAddr,
};

use ipnet::IpNet;
use jiff::Timestamp;

use crate::{auth, id::Id, random::Random};

/// Atlas's published limit of keys in one organization.
pub(crate) const MAX_KEYS_PER_ORG: usize = 500;

/// An organization.
pub(crate) struct Org {
    pub(crate) id: Id,
    pub(crate) name: String,
    /// The setting *Require IP Access List for the Atlas Administration API*.
    pub(crate) requires_access_list: bool,
    pub(crate) projects: Vec<Id>,
    pub(crate) keys: Vec<Id>,
}

/// A project.
pub(crate) struct Project {
    pub(crate) id: Id,
    pub(crate) org: Id,
    pub(crate) name: String,
    pub(crate) created: Timestamp,
    pub(crate) clusters: u32,
    pub(crate) tags: Vec<(&'static str, &'static str)>,
    pub(crate) keys: Vec<Id>,
}

/// An API key. Its private part is known only as the hash Digest needs and as the mask later answers show.
pub(crate) struct Key {
    pub(crate) id: Id,
    pub(crate) org: Id,
    pub(crate) public: String,
    pub(crate) ha1: String,
    pub(crate) mask: String,
    pub(crate) desc: String,
    pub(crate) org_roles: Vec<&'static str>,
    pub(crate) project_roles: BTreeMap<Id, Vec<&'static str>>,
    pub(crate) access_list: Vec<Entry>,
}

impl Key {
    /// The key's roles in one project.
    pub(crate) fn roles_in(&self, project: Id) -> &[&'static str] {
        self.project_roles.get(&project).map_or(&[], Vec::as_slice)
    }

    /// The narrowest entry that covers `address`.
    pub(crate) fn covering(&mut self, address: IpAddr) -> Option<&mut Entry> {
        let covering = self.access_list.iter_mut().filter(|entry| entry.net.contains(&address));
        covering.max_by_key(|entry| entry.net.prefix_len())
    }
}

/// One line of a key's access list.
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

/// A key to be made.
pub(crate) struct NewKey<'a> {
    pub(crate) org: Id,
    pub(crate) created: Timestamp,
    pub(crate) desc: String,
    pub(crate) org_roles: Vec<&'static str>,
    pub(crate) private: &'a str,
}

/// Everything.
pub(crate) struct State {
    pub(crate) orgs: HashMap<Id, Org>,
    pub(crate) projects: HashMap<Id, Project>,
    pub(crate) keys: HashMap<Id, Key>,
    by_public: HashMap<String, Id>,
    pub(crate) random: Random,
}

impl State {
    /// An empty Atlas.
    pub(crate) fn empty(seed: u64) -> Self {
        let random = Random::seeded(seed);
        Self { orgs: HashMap::new(), projects: HashMap::new(), keys: HashMap::new(), by_public: HashMap::new(), random }
    }

    /// The key with that public part.
    pub(crate) fn by_public(&self, public: &str) -> Option<&Key> {
        self.keys.get(self.by_public.get(public)?)
    }

    /// Adds an organization.
    pub(crate) fn add_org(&mut self, name: &str, created: Timestamp, requires_access_list: bool) -> Id {
        let id = Id::made_at(created, &mut self.random);
        let org = Org { id, name: name.to_owned(), requires_access_list, projects: Vec::new(), keys: Vec::new() };
        self.orgs.insert(id, org);
        id
    }

    /// Adds a project to an organization.
    pub(crate) fn add_project(&mut self, org: Id, name: &str, created: Timestamp, clusters: u32) -> Id {
        let id = Id::made_at(created, &mut self.random);
        let project = Project { id, org, name: name.to_owned(), created, clusters, tags: Vec::new(), keys: Vec::new() };
        self.projects.insert(id, project);
        if let Some(org) = self.orgs.get_mut(&org) {
            org.projects.push(id);
        }
        id
    }

    /// Adds a key to an organization and says its id.
    pub(crate) fn add_key(&mut self, new: NewKey<'_>) -> Id {
        let id = Id::made_at(new.created, &mut self.random);
        let mut public = self.random.public_key();
        while self.by_public.contains_key(&public) {
            public = self.random.public_key();
        }
        let last_group = new.private.rsplit('-').next().unwrap_or_default();
        let key = Key {
            id,
            org: new.org,
            ha1: auth::ha1(&public, new.private),
            // Recorded: four groups, though a UUID has five.
            mask: format!("********-****-****-{last_group}"),
            public: public.clone(),
            desc: new.desc,
            org_roles: new.org_roles,
            project_roles: BTreeMap::new(),
            access_list: Vec::new(),
        };
        self.keys.insert(id, key);
        self.by_public.insert(public, id);
        if let Some(org) = self.orgs.get_mut(&new.org) {
            org.keys.push(id);
        }
        id
    }

    /// Gives a key these roles in a project, instead of those it had there.
    pub(crate) fn assign(&mut self, key: Id, project: Id, roles: Vec<&'static str>) {
        let (Some(found), Some(place)) = (self.keys.get_mut(&key), self.projects.get_mut(&project)) else {
            return;
        };
        if found.project_roles.insert(project, roles).is_none() {
            place.keys.push(key);
        }
    }

    /// Takes a key out of a project; false when it was not in it.
    pub(crate) fn unassign(&mut self, key: Id, project: Id) -> bool {
        let was_in = self.keys.get_mut(&key).is_some_and(|key| key.project_roles.remove(&project).is_some());
        if let Some(project) = self.projects.get_mut(&project) {
            project.keys.retain(|other| *other != key);
        }
        was_in
    }

    /// Deletes a key, from its projects too.
    pub(crate) fn delete_key(&mut self, id: Id) {
        let Some(key) = self.keys.remove(&id) else {
            return;
        };
        self.by_public.remove(&key.public);
        for project in key.project_roles.keys() {
            if let Some(project) = self.projects.get_mut(project) {
                project.keys.retain(|other| *other != id);
            }
        }
        if let Some(org) = self.orgs.get_mut(&key.org) {
            org.keys.retain(|other| *other != id);
        }
    }
}
