//! Proving who asks: with HTTP Digest for API keys, with a bearer token for service accounts.

mod bearer;
mod digest;

use std::fmt;

pub use self::bearer::DisconnectError;
pub(super) use self::{bearer::Bearer, digest::Digest};
use crate::{Credentials, error::Caller};

/// One of the two ways, with what it remembers.
pub(super) enum Signer {
    Digest(Digest),
    Bearer(Bearer),
}

impl Signer {
    pub(super) fn new(credentials: Credentials) -> Self {
        match credentials {
            Credentials::ApiKey { public_key, private_key } => Self::Digest(Digest::new(public_key, private_key)),
            Credentials::ServiceAccount { client_id, client_secret } => {
                Self::Bearer(Bearer::new(client_id, client_secret))
            }
        }
    }

    /// The name under which Atlas counts the requests of this credential: its public key or client id.
    pub(super) fn name(&self) -> &str {
        match self {
            Self::Digest(digest) => digest.public_key(),
            Self::Bearer(bearer) => bearer.client_id(),
        }
    }

    /// The kind of credential.
    pub(super) fn caller(&self) -> Caller {
        match self {
            Self::Digest(_) => Caller::ApiKey,
            Self::Bearer(_) => Caller::ServiceAccount,
        }
    }
}

impl fmt::Debug for Signer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = match self {
            Self::Digest(_) => "Digest",
            Self::Bearer(_) => "Bearer",
        };
        f.debug_tuple(kind).field(&self.name()).finish()
    }
}
