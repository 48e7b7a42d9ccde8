//! The client of one connection: signs, keeps within the rate limits, sends, reads answers, repeats what may be
//! repeated.

mod answer;
mod costs;
mod exchange;
mod operations;
mod paging;
mod retry;
mod signer;

use std::{
    fmt,
    sync::{Arc, Mutex, PoisonError},
};

use jiff::Timestamp;

use self::signer::Signer;
pub use self::{answer::RawAnswer, retry::RetryPolicy, signer::DisconnectError};
use crate::{AtlasError, AtlasRequest, BaseUrl, Budgets, Credentials, RateLimitFilter, RateLimitScope, Transport};

const USER_AGENT: &str = concat!("Meridian/", env!("CARGO_PKG_VERSION"));

/// Talks to one Atlas with one credential. Meant to be kept: it remembers the challenge or the token, which saves every
/// second exchange, and how much of the rate limits is left. Safe to use from many tasks at once.
pub struct Client {
    transport: Arc<dyn Transport>,
    base: BaseUrl,
    signer: Signer,
    budgets: Budgets,
    retries: RetryPolicy,
    server_date: Mutex<Option<Timestamp>>,
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client")
            .field("base", &self.base)
            .field("signer", &self.signer)
            .field("budgets", &self.budgets)
            .finish_non_exhaustive()
    }
}

impl Client {
    /// A client with full budgets of its own that repeats requests as [`RetryPolicy::default`] says.
    #[must_use]
    pub fn new(transport: Arc<dyn Transport>, base: BaseUrl, credentials: Credentials) -> Self {
        Self {
            transport,
            base,
            signer: Signer::new(credentials),
            budgets: Budgets::new(),
            retries: RetryPolicy::default(),
            server_date: Mutex::new(None),
        }
    }

    /// The same client with another policy; a test of a connection wants [`RetryPolicy::NONE`].
    #[must_use]
    pub fn with_retries(mut self, retries: RetryPolicy) -> Self {
        self.retries = retries;
        self
    }

    /// The same client with budgets that others use too: those of the same organization.
    #[must_use]
    pub fn with_budgets(mut self, budgets: Budgets) -> Self {
        self.budgets = budgets;
        self
    }

    /// Where it sends its requests.
    #[must_use]
    pub fn base(&self) -> &BaseUrl {
        &self.base
    }

    /// The name of its credential: a public key or a client id.
    #[must_use]
    pub fn credential_name(&self) -> &str {
        self.signer.name()
    }

    /// The `Date` of the last answer, refusals included; see [`clock_skew`](crate::clock_skew).
    #[must_use]
    pub fn last_server_date(&self) -> Option<Timestamp> {
        *self.server_date.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Sends `request`, as soon as the rate limits leave room for it. A read is repeated on passing faults. A write is
    /// repeated only where it is certain that nothing was done: no connection, a rate limit, a refused signature.
    ///
    /// Dropping the future gives up: before the request is sent nothing has happened, afterwards a write may have been
    /// executed.
    ///
    /// # Errors
    ///
    /// When Atlas refuses or does not answer. For a write, [`AtlasError::outcome`] tells whether it may have been
    /// executed.
    pub async fn execute(&self, request: &AtlasRequest) -> Result<RawAnswer, AtlasError> {
        let mut attempts = self.retries.begin(request.is_read());
        loop {
            let leave = self.budgets.take(request, self.signer.name(), attempts.deadline());
            let permit = leave.await.map_err(|wait| AtlasError::held(request.operation(), wait))?;
            let error = match self.exchange(request, &permit).await {
                Ok(answer) => return Ok(answer),
                Err(error) => error.met_by(self.signer.caller()),
            };
            drop(permit);
            match attempts.pause(&error) {
                Some(pause) => {
                    tracing::debug!(%error, pause_ms = pause.as_millis(), "a request is repeated");
                    tokio::time::sleep(pause).await;
                }
                None => return Err(error),
            }
        }
    }

    /// Asks Atlas for the limits of `scope` and keeps to them from now on. Returns how many it told.
    ///
    /// # Errors
    ///
    /// As [`Client::list_rate_limits`]. The limits stay as they were.
    pub async fn learn_limits(&self, scope: RateLimitScope) -> Result<usize, AtlasError> {
        let whose = match &scope {
            RateLimitScope::Org(org) => org.to_string(),
            RateLimitScope::Group(group) => group.to_string(),
            RateLimitScope::User(name) => name.clone(),
            RateLimitScope::Address(address) => address.to_string(),
        };
        let limits = self.list_rate_limits(&RateLimitFilter::all(scope)).await?;
        Ok(self.budgets.learn(&limits, &whose))
    }

    /// Leaves: revokes the token of a service account, forgets the challenge of an API key. The client can still be
    /// used and signs in anew then.
    ///
    /// # Errors
    ///
    /// When the token could not be revoked. It is forgotten all the same, and ends by itself within the hour.
    pub async fn disconnect(&self) -> Result<(), DisconnectError> {
        match &self.signer {
            Signer::Digest(digest) => {
                digest.forget();
                Ok(())
            }
            Signer::Bearer(bearer) => bearer.revoke(&*self.transport, &self.base).await,
        }
    }
}
