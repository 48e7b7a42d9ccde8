//! What a session holds, and what is known of the request it came with.

use std::{future::Future, net::IpAddr};

use domain::ids::PersonId;
use http::request::Parts;
use jiff::Timestamp;
use leptos::prelude::use_context;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use tower_sessions::Session;

/// The one entry of a session.
const ENTRY: &str = "person";

/// Who is signed in, and since when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignedInAs {
    /// The person.
    pub person: PersonId,
    /// When they signed in.
    pub since: Timestamp,
    /// When they last gave their password.
    pub confirmed_at: Timestamp,
    /// The address they signed in from.
    pub address: String,
    /// The browser, as it names itself.
    pub agent: String,
}

impl SignedInAs {
    /// What `session` says, if somebody is signed in.
    ///
    /// # Errors
    ///
    /// When the session cannot be loaded.
    pub async fn of(session: &Session) -> Result<Option<Self>, tower_sessions::session::Error> {
        session.get(ENTRY).await
    }

    /// Puts it into `session`, under a new id: whoever knew the old one knows nothing.
    ///
    /// # Errors
    ///
    /// When the old session cannot be ended.
    pub async fn enter(&self, session: &Session) -> Result<(), tower_sessions::session::Error> {
        session.cycle_id().await?;
        session.insert(ENTRY, self).await
    }

    /// Reads it from the data of a stored session.
    pub(crate) fn of_data(data: &std::collections::HashMap<String, serde_json::Value>) -> Option<Self> {
        serde_json::from_value(data.get(ENTRY)?.clone()).ok()
    }
}

/// What is known of the request being answered, for services that open or end sessions.
#[derive(Debug, Clone)]
pub struct CurrentRequest {
    /// Its session, signed in or not.
    pub session: Session,
    /// The address it came from, as far as it can be trusted.
    pub address: IpAddr,
    /// The browser, as it names itself, shortened.
    pub agent: String,
    /// The reference of the request.
    pub id: String,
}

tokio::task_local! {
    static CURRENT: CurrentRequest;
}

impl CurrentRequest {
    /// Runs `work` with this as the current request.
    pub async fn scope<T>(self, work: impl Future<Output = T>) -> T {
        CURRENT.scope(self, work).await
    }

    /// The current request: within the layer that sets it, and in what Leptos starts apart to draw a page.
    #[must_use]
    pub fn get() -> Option<Self> {
        CURRENT.try_with(Clone::clone).ok().or_else(|| use_context::<Parts>()?.extensions.get().cloned())
    }
}

/// What is kept of a session's id.
#[must_use]
pub fn id_hash(id: tower_sessions::session::Id) -> [u8; 32] {
    Sha256::digest(id.0.to_le_bytes()).into()
}
