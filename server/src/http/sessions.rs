//! Sessions by tower-sessions, kept in our store.

use std::{fmt, sync::Arc};

use app::backend::Clock;
use async_trait::async_trait;
use axum::{
    extract::{Request, State},
    middleware::Next,
    response::Response,
};
use http::{HeaderValue, header};
use jiff::{SignedDuration, Timestamp};
use time::OffsetDateTime;
use tower_sessions::{
    Expiry, SessionManagerLayer, SessionStore,
    cookie::SameSite,
    session::{Id, Record},
    session_store,
};

use super::Gate;
use crate::{
    accounts::session::{SignedInAs, id_hash},
    settings::SessionSettings,
    store::{SessionContent, Store, StoreError},
};

/// How exactly the last use of a session is known: noting each would write to the database at each request.
const TOUCHED_EVERY: SignedDuration = SignedDuration::from_mins(1);

/// With `__Host-` browsers take the cookie from this very host only, and over a safe connection only.
const SAFE_NAME: &str = "__Host-meridian";
const PLAIN_NAME: &str = "meridian";

fn name(gate: &Gate) -> &'static str {
    if gate.inner.server.public_url.is_trustworthy() { SAFE_NAME } else { PLAIN_NAME }
}

pub(super) fn layer(gate: &Gate) -> SessionManagerLayer<Sessions> {
    let sessions =
        Sessions { store: gate.inner.store.clone(), clock: Arc::clone(&gate.inner.clock), limits: gate.inner.sessions };
    SessionManagerLayer::new(sessions)
        .with_name(name(gate))
        .with_secure(gate.inner.server.public_url.is_trustworthy())
        .with_http_only(true)
        // Not strict: a link in a mail must find its reader signed in. What changes something is POST, and refused
        // when another site sent it.
        .with_same_site(SameSite::Lax)
        // The browser forgets it when it is closed; when it ends otherwise is decided here, by our clock.
        .with_expiry(Expiry::OnSessionEnd)
}

/// Completes the header that removes the cookie: tower-sessions 0.15 sends it without `Secure`, and Chromium then
/// keeps a cookie whose name starts with `__Host-`.
pub(super) async fn complete_removal(State(gate): State<Gate>, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let prefix = format!("{}=", name(&gate));
    if let header::Entry::Occupied(mut cookies) = response.headers_mut().entry(header::SET_COOKIE) {
        for cookie in cookies.iter_mut() {
            let Ok(text) = cookie.to_str() else { continue };
            if text.starts_with(&prefix) && text.contains("Max-Age=0") && !text.contains("HttpOnly") {
                let secure = if gate.inner.server.public_url.is_trustworthy() { "; Secure" } else { "" };
                if let Ok(mut completed) = HeaderValue::from_str(&format!("{text}{secure}; HttpOnly; SameSite=Lax")) {
                    completed.set_sensitive(true);
                    *cookie = completed;
                }
            }
        }
    }
    response
}

/// tower-sessions' view of our store. The database holds the SHA-256 of an id, never the id.
#[derive(Clone)]
pub(super) struct Sessions {
    store: Store,
    clock: Arc<dyn Clock>,
    limits: SessionSettings,
}

impl fmt::Debug for Sessions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sessions").finish_non_exhaustive()
    }
}

impl Sessions {
    fn content(record: &Record) -> session_store::Result<SessionContent> {
        let signed_in = SignedInAs::of_data(&record.data);
        let data =
            serde_json::to_string(&record.data).map_err(|error| session_store::Error::Encode(error.to_string()))?;
        Ok(SessionContent {
            id_hash: id_hash(record.id),
            person: signed_in.as_ref().map(|entry| entry.person),
            data,
            address: signed_in.as_ref().map(|entry| entry.address.clone()),
            agent: signed_in.map(|entry| entry.agent),
        })
    }

    /// The longest that any session of this kind lives, from its sign-in: one that only gave the password again does
    /// not live longer for it.
    fn end(&self, record: &Record, now: Timestamp) -> Timestamp {
        let since = SignedInAs::of_data(&record.data).map_or(now, |entry| entry.since);
        since + self.limits.readers.max(self.limits.writers)
    }
}

fn failed(error: StoreError) -> session_store::Error {
    session_store::Error::Backend(error.to_string())
}

#[async_trait]
impl SessionStore for Sessions {
    async fn create(&self, record: &mut Record) -> session_store::Result<()> {
        let now = self.clock.now();
        let end = self.end(record, now);
        while !self.store.create_session(&Self::content(record)?, now, end).await.map_err(failed)? {
            record.id = Id::default();
        }
        Ok(())
    }

    async fn save(&self, record: &Record) -> session_store::Result<()> {
        self.store.save_session(&Self::content(record)?).await.map_err(failed)
    }

    async fn load(&self, id: &Id) -> session_store::Result<Option<Record>> {
        let now = self.clock.now();
        let hash = id_hash(*id);
        let Some(found) = self.store.load_session(hash, now, now - self.limits.idle).await.map_err(failed)? else {
            return Ok(None);
        };
        if now.duration_since(found.last_seen_at) >= TOUCHED_EVERY {
            // Reading goes on when the disk is full.
            if let Err(error) = self.store.touch_session(hash, now).await {
                tracing::warn!(%error, "the use of a session could not be noted");
            }
        }
        let data =
            serde_json::from_str(&found.data).map_err(|error| session_store::Error::Decode(error.to_string()))?;
        let expiry_date = OffsetDateTime::from_unix_timestamp(found.expires_at.as_second())
            .map_err(|error| session_store::Error::Decode(error.to_string()))?;
        Ok(Some(Record { id: *id, data, expiry_date }))
    }

    async fn delete(&self, id: &Id) -> session_store::Result<()> {
        self.store.delete_session(id_hash(*id)).await.map_err(failed)
    }
}
