//! Refused forms, kept for a quarter of an hour.

use std::sync::Arc;

use app::{
    backend::{Answer, Attempt, AttemptService, Caller, Clock},
    error::ApiError,
};
use async_trait::async_trait;
use jiff::SignedDuration;
use secrecy::{ExposeSecret as _, SecretString};
use serde::{Deserialize, Serialize};

use super::fault::internal;
use crate::{
    log::{Action, Actor, Entry, Outcome},
    random,
    sealing::{Keys, Place},
    store::Store,
};

/// How long a form is kept.
pub(crate) const KEPT_FOR: SignedDuration = SignedDuration::from_mins(15);

/// The most that is kept of one form; the largest honest one is a long access list.
const LARGEST: usize = 64 * 1024;

/// The service.
#[derive(Clone)]
pub struct Attempts {
    store: Store,
    clock: Arc<dyn Clock>,
    keys: Keys,
}

/// A form as stored.
#[derive(Serialize, Deserialize)]
struct Kept {
    form: String,
    values: Vec<(String, String)>,
    error: ApiError,
}

impl Attempts {
    /// The service over `store`.
    #[must_use]
    pub fn new(store: Store, clock: Arc<dyn Clock>, keys: Keys) -> Self {
        Self { store, clock, keys }
    }
}

#[async_trait]
impl AttemptService for Attempts {
    async fn keep(&self, caller: Option<&Caller>, attempt: Attempt) -> Answer<String> {
        if let (Some(caller), ApiError::Forbidden { role }) = (caller, &attempt.error) {
            // What the roles do not allow was tried all the same: that belongs in the log.
            let actor = Actor::Person { id: caller.person, username: caller.username.clone() };
            let entry = Entry::new(self.clock.now(), actor, Action::Refused)
                .outcome(Outcome::Refused)
                .address(Some(&caller.address))
                .detail("form", attempt.form.clone())
                .detail("role_needed", role.as_str());
            self.store.log_alone(&entry).await?;
        }
        let mut kept = Kept { form: attempt.form, values: attempt.values, error: attempt.error };
        let text = |kept: &Kept| serde_json::to_string(kept).map_err(|error| internal(&error));
        let mut content = text(&kept)?;
        if content.len() > LARGEST {
            kept.values.clear();
            content = text(&kept)?;
        }
        let token = random::token();
        let hash = random::token_hash(&token);
        let sealed = self.keys.seal(place(&hex::encode(hash)), content.as_bytes());
        self.store.insert_attempt(hash, caller.map(|caller| caller.person), sealed, self.clock.now()).await?;
        Ok(token.expose_secret().to_owned())
    }

    async fn find(&self, caller: Option<&Caller>, id: &str) -> Answer<Option<Attempt>> {
        let hash = random::token_hash(&SecretString::from(id));
        let since = self.clock.now() - KEPT_FOR;
        let found = self.store.attempt(hash, caller.map(|caller| caller.person), since).await?;
        found
            .map(|sealed| {
                let content = self.keys.open(place(&hex::encode(hash)), &sealed).map_err(|error| internal(&error))?;
                let Kept { form, values, error } =
                    serde_json::from_slice(&content).map_err(|error| internal(&error))?;
                Ok(Attempt { form, values, error })
            })
            .transpose()
    }
}

/// Where a form is kept.
fn place(row: &str) -> Place<'_> {
    Place { table: "attempts", column: "content", row }
}
