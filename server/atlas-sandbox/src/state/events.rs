//! What happened: the activity feed of each organization.
//!
//! Every change writes its event in the same call, so that the feed tells exactly what was done.

use std::{collections::HashMap, net::IpAddr};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::{
    State,
    saved::{self, Word},
};
use crate::{address, clock, id::Id, random::Random};

/// Who did it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Actor {
    /// An API key.
    Key {
        /// Its id.
        id: Id,
        /// Its public part.
        public: String,
    },
    /// A service account. Which field names it is not documented; the field of the public key has no pattern.
    Account {
        /// Its client id.
        client_id: String,
    },
    /// A person.
    Person {
        /// Their id.
        id: Id,
        /// Their user name.
        username: String,
    },
    /// Nobody Atlas would name: the service itself.
    Atlas,
}

/// One event.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Event {
    pub(crate) at: Timestamp,
    /// `eventTypeName`.
    #[serde(deserialize_with = "saved::read")]
    pub(crate) kind: Word,
    pub(crate) org: Id,
    /// The project it happened in, if it did not concern the organization as a whole.
    pub(crate) project: Option<Id>,
    pub(crate) actor: Actor,
    pub(crate) remote: Option<IpAddr>,
    /// The cluster it is about. No field says so; project feeds can be filtered by it.
    pub(crate) cluster: Option<String>,
    /// Fields of this kind of event, `targetPublicKey` and the like.
    #[serde(deserialize_with = "saved::read")]
    pub(crate) details: Vec<(&'static str, Value)>,
}

impl Event {
    /// The event as Atlas writes it, without `links`, which depend on where it is read.
    pub(crate) fn written(&self, id: Id) -> Map<String, Value> {
        let mut fields = Map::new();
        let mut put = |name: &str, value: Value| fields.insert(name.to_owned(), value);
        put("id", id.to_string().into());
        put("created", clock::written(self.at).into());
        put("eventTypeName", self.kind.into());
        put("isGlobalAdmin", false.into());
        put("orgId", self.org.to_string().into());
        if let Some(project) = self.project {
            put("groupId", project.to_string().into());
        }
        match &self.actor {
            Actor::Key { id, public } => {
                put("apiKeyId", id.to_string().into());
                put("publicKey", public.as_str().into());
            }
            Actor::Account { client_id } => {
                put("publicKey", client_id.as_str().into());
            }
            Actor::Person { id, username } => {
                put("userId", id.to_string().into());
                put("username", username.as_str().into());
            }
            Actor::Atlas => {}
        }
        if let Some(remote) = self.remote {
            put("remoteAddress", address::address_text(remote).into());
        }
        for (name, value) in &self.details {
            put(name, value.clone());
        }
        fields
    }
}

/// The feeds of all organizations.
#[derive(Default, Serialize, Deserialize)]
pub(crate) struct Events(HashMap<Id, Vec<(Id, Event)>>);

impl Events {
    /// The events of an organization with their identifiers, those of its projects included, oldest first.
    pub(crate) fn of_org(&self, org: Id) -> &[(Id, Event)] {
        self.0.get(&org).map_or(&[], Vec::as_slice)
    }
}

impl State {
    /// Appends an event.
    pub(crate) fn record(&mut self, event: Event) {
        let id = Id::made_at(event.at, &mut self.random);
        self.events.0.entry(event.org).or_default().push((id, event));
    }

    /// Forgets the feed of an organization that is no more.
    pub(super) fn forget_events(&mut self, org: Id) {
        self.events.0.remove(&org);
    }

    /// Adds what happened before the program started; `random` makes the identifiers, so that they do not depend on what
    /// else there is.
    pub(crate) fn remember(&mut self, org: Id, past: Vec<Event>, random: &mut Random) {
        let feed = self.events.0.entry(org).or_default();
        feed.extend(past.into_iter().map(|event| (Id::made_at(event.at, random), event)));
        feed.sort_by_key(|(_, event)| event.at);
    }
}
