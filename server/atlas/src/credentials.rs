//! What a client proves its identity with.

use std::fmt;

use secrecy::SecretString;

/// The credential of one organization. `Debug` shows which one it is and never its secret.
#[derive(Clone)]
#[non_exhaustive]
pub enum Credentials {
    /// A programmatic API key, used with HTTP Digest.
    ApiKey {
        /// The public part: eight lower-case letters.
        public_key: String,
        /// The private part.
        private_key: SecretString,
    },
    /// A service account, used with OAuth 2.0 client credentials.
    ServiceAccount {
        /// Its client id: `mdb_sa_id_` and 24 characters.
        client_id: String,
        /// One of its secrets.
        client_secret: SecretString,
    },
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::ApiKey { public_key, .. } => {
                f.debug_struct("ApiKey").field("public_key", public_key).field("private_key", &"(hidden)").finish()
            }
            Self::ServiceAccount { client_id, .. } => f
                .debug_struct("ServiceAccount")
                .field("client_id", client_id)
                .field("client_secret", &"(hidden)")
                .finish(),
        }
    }
}
