//! The log: what happened, who did it, and the proof that nothing was changed afterwards.
//!
//! An entry is written inside the transaction of what it tells, so neither exists without the other. Its bytes are
//! kept as they were hashed. The hash of each entry covers the one before, so an edit anywhere breaks the chain
//! from there on; see [`verify()`].

mod action;
mod verify;

use domain::{
    ids::{ApiKeyId, OrgId, PersonId, ProjectId, RequestNumber},
    plan::Plan,
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

pub use action::Action;
pub use verify::{Broken, Verified, verify};

/// Who did something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Actor {
    /// A person with an account, under the user name of that moment.
    Person {
        /// Their id.
        id: PersonId,
        /// Their user name.
        username: String,
    },
    /// Meridian by itself: the executor, the clean-up.
    System,
    /// Somebody with a shell on the machine, through `meridian user …`.
    Console,
    /// Nobody known, such as a failed sign-in to an account that does not exist.
    Stranger,
}

/// How it ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// It was done.
    Done,
    /// It was not allowed.
    Refused,
    /// It was tried and did not work.
    Failed,
    /// It may have happened; see the request.
    Unknown,
}

/// Something to be logged. Build it with [`Entry::new`] and what applies of the rest.
#[derive(Debug, Clone)]
#[must_use]
pub struct Entry {
    at: Timestamp,
    actor: Actor,
    action: Action,
    outcome: Outcome,
    org: Option<OrgId>,
    project: Option<ProjectId>,
    key: Option<ApiKeyId>,
    request: Option<RequestNumber>,
    address: Option<String>,
    details: serde_json::Map<String, serde_json::Value>,
}

impl Entry {
    /// An entry that says: `actor` did `action` at `at`.
    pub fn new(at: Timestamp, actor: Actor, action: Action) -> Self {
        Self {
            at,
            actor,
            action,
            outcome: Outcome::Done,
            org: None,
            project: None,
            key: None,
            request: None,
            address: None,
            details: serde_json::Map::new(),
        }
    }

    /// How it ended, when it was not simply done.
    pub fn outcome(mut self, outcome: Outcome) -> Self {
        self.outcome = outcome;
        self
    }

    /// The organization it is about.
    pub fn org(mut self, org: &OrgId) -> Self {
        self.org = Some(org.clone());
        self
    }

    /// The project it is about.
    pub fn project(mut self, project: &ProjectId) -> Self {
        self.project = Some(project.clone());
        self
    }

    /// The API key it is about.
    pub fn key(mut self, key: &ApiKeyId) -> Self {
        self.key = Some(key.clone());
        self
    }

    /// What a plan is about: its organization, if it is one, and the key it changes, if that is there already.
    pub fn about(mut self, plan: &Plan) -> Self {
        if let [target] = plan.targets.as_slice() {
            self.org = Some(target.org.clone());
        }
        if let Some((_, key)) = plan.existing_key() {
            self.key = Some(key.id.clone());
        }
        self
    }

    /// The change request it belongs to.
    pub fn request(mut self, number: RequestNumber) -> Self {
        self.request = Some(number);
        self
    }

    /// The network address it was asked from.
    pub fn address(mut self, address: Option<impl ToString>) -> Self {
        self.address = address.map(|address| address.to_string());
        self
    }

    /// A fact worth keeping. Never a secret: the log is for reading.
    pub fn detail(mut self, name: &'static str, value: impl Into<serde_json::Value>) -> Self {
        self.details.insert(name.to_owned(), value.into());
        self
    }

    /// The bytes that are kept and hashed: JSON with its names in order and nothing left out by chance.
    #[must_use]
    pub fn to_canonical(&self) -> String {
        let (id, name) = match &self.actor {
            Actor::Person { id, username } => (Some(*id), username.as_str()),
            Actor::System => (None, "system"),
            Actor::Console => (None, "console"),
            Actor::Stranger => (None, "stranger"),
        };
        let written = Written {
            action: self.action.as_str().into(),
            actor: WrittenActor { id, name: name.into() },
            address: self.address.as_deref().map(Into::into),
            at: self.at.as_microsecond(),
            details: self.details.clone(),
            key: self.key.clone(),
            org: self.org.clone(),
            outcome: self.outcome,
            project: self.project.clone(),
            request: self.request,
        };
        without_nul(&serde_json::to_string(&written).expect("plain data with text as names is always JSON"))
    }
}

/// Writes U+FFFD for each NUL in a JSON text: PostgreSQL reads no column out of JSON with a NUL anywhere in it.
fn without_nul(json: &str) -> String {
    let mut text = String::with_capacity(json.len());
    let mut rest = json;
    while let Some(start) = rest.find('\\') {
        let (before, escape) = rest.split_at(start);
        text.push_str(before);
        rest = if let Some(after) = escape.strip_prefix("\\u0000") {
            text.push(char::REPLACEMENT_CHARACTER);
            after
        } else {
            // A backslash takes the next character with it, which is ASCII and may be a backslash.
            text.push_str(&escape[..2]);
            &escape[2..]
        };
    }
    text.push_str(rest);
    text
}

/// An entry as it stands in the log. The fields are in alphabetical order, which is the order in the bytes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Written {
    /// What was done, as a dotted word; see [`Action`].
    pub action: String,
    /// Who did it.
    pub actor: WrittenActor,
    /// From where.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub address: Option<String>,
    /// When, in microseconds since 1970.
    pub at: i64,
    /// What else is worth knowing.
    #[serde(skip_serializing_if = "serde_json::Map::is_empty", default)]
    pub details: serde_json::Map<String, serde_json::Value>,
    /// The API key it is about.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub key: Option<ApiKeyId>,
    /// The organization it is about.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub org: Option<OrgId>,
    /// How it ended.
    pub outcome: Outcome,
    /// The project it is about.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub project: Option<ProjectId>,
    /// The change request it belongs to.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub request: Option<RequestNumber>,
}

/// Who did it, as it stands in the log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WrittenActor {
    /// The person's id, unless it was not a person.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub id: Option<PersonId>,
    /// The user name, or `system`, `console`, `stranger`.
    pub name: String,
}

/// The hash of an entry: a leaf in the sense of RFC 6962, over the hash before, the number and the bytes.
pub(crate) fn entry_hash(previous: &[u8; 32], seq: i64, entry: &str) -> [u8; 32] {
    Sha256::new()
        .chain_update([0])
        .chain_update(previous)
        .chain_update(seq.to_be_bytes())
        .chain_update(entry.as_bytes())
        .finalize()
        .into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_is_written_in_alphabetical_order_and_read_back() {
        let entry = Entry::new(Timestamp::UNIX_EPOCH, Actor::System, Action::SignedOut)
            .request(RequestNumber(7))
            .detail("b", 1)
            .detail("a", "x\u{0}y")
            .address(Some("::1"));
        let text = entry.to_canonical();
        assert_eq!(
            text,
            r#"{"action":"session.signed_out","actor":{"name":"system"},"address":"::1","at":0,"details":{"a":"x�y","b":1},"outcome":"done","request":7}"#
        );
        let written: Written = serde_json::from_str(&text).unwrap();
        assert_eq!(serde_json::to_string(&written).unwrap(), text);
    }

    #[test]
    fn only_a_nul_is_replaced_and_not_what_looks_like_one() {
        assert_eq!(without_nul(r#"{"a":"\u0000\u0000\\u0000\n\""}"#), "{\"a\":\"��\\\\u0000\\n\\\"\"}");
        assert_eq!(without_nul("{}"), "{}");
    }
}
