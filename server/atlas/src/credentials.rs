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
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::ApiKey { public_key, .. } => {
                f.debug_struct("ApiKey").field("public_key", public_key).field("private_key", &"(hidden)").finish()
            }
        }
    }
}
