//! Facts that may not be known. Unknown is never drawn as zero, as a dash or as "no".

use serde::{Deserialize, Serialize};

/// A fact read from Atlas, or the reason why there is none.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "known", content = "value", rename_all = "snake_case")]
pub enum Known<T> {
    /// It is known.
    Yes(T),
    /// Atlas refused to say.
    NotReadable {
        /// The role that the reader's key would need, in words.
        needs: String,
    },
    /// Nobody has asked yet.
    NotYetRead,
    /// Atlas does not tell it, or it cannot be observed; says why.
    Unknown {
        /// Why it cannot be known.
        why: String,
    },
}

impl<T> Known<T> {
    /// The fact, if it is known.
    pub fn value(&self) -> Option<&T> {
        match self {
            Self::Yes(value) => Some(value),
            Self::NotReadable { .. } | Self::NotYetRead | Self::Unknown { .. } => None,
        }
    }

    /// The same knowledge about something derived from the fact.
    pub fn map<U>(self, f: impl FnOnce(T) -> U) -> Known<U> {
        match self {
            Self::Yes(value) => Known::Yes(f(value)),
            Self::NotReadable { needs } => Known::NotReadable { needs },
            Self::NotYetRead => Known::NotYetRead,
            Self::Unknown { why } => Known::Unknown { why },
        }
    }
}
