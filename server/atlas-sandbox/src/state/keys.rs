//! API keys.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Grants, State};
use crate::{auth, id::Id};

/// Atlas's published limit of keys in one organization.
pub(crate) const MAX_KEYS_PER_ORG: usize = 500;

/// An API key. Its private part is known only as the hash Digest needs and as the mask later answers show.
#[derive(Serialize, Deserialize)]
pub(crate) struct Key {
    pub(crate) id: Id,
    pub(crate) public: String,
    pub(crate) ha1: String,
    pub(crate) mask: String,
    pub(crate) desc: String,
    pub(crate) grants: Grants,
}

/// A key to be made.
pub(crate) struct NewKey<'a> {
    pub(crate) org: Id,
    pub(crate) created: Timestamp,
    pub(crate) desc: String,
    pub(crate) org_roles: Vec<&'static str>,
    pub(crate) private: &'a str,
}

impl State {
    /// The key with that public part.
    pub(crate) fn by_public(&self, public: &str) -> Option<&Key> {
        self.keys.get(self.by_public.get(public)?)
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
            ha1: auth::ha1(&public, new.private),
            // Recorded: four groups, though a UUID has five.
            mask: format!("********-****-****-{last_group}"),
            public: public.clone(),
            desc: new.desc,
            grants: Grants::new(new.org, new.org_roles),
        };
        self.keys.insert(id, key);
        self.by_public.insert(public, id);
        if let Some(org) = self.orgs.get_mut(&new.org) {
            org.keys.push(id);
        }
        id
    }

    /// Deletes a key, from its projects too.
    pub(crate) fn delete_key(&mut self, id: Id) {
        let Some(key) = self.keys.remove(&id) else {
            return;
        };
        self.by_public.remove(&key.public);
        for project in key.grants.project_roles.keys() {
            if let Some(project) = self.projects.get_mut(project) {
                project.keys.retain(|other| *other != id);
            }
        }
        if let Some(org) = self.orgs.get_mut(&key.grants.org) {
            org.keys.retain(|other| *other != id);
        }
    }
}
