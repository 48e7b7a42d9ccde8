//! Atlas's error codes: what kind of problem each stands for, and the words for it.
//!
//! Codes are open: Atlas adds some without notice. Its error page still spells `WHITELIST` where the service now answers
//! `ACCESS_LIST`; both mean the same here. Source: that page and recorded answers (admin-api notes, section 4), and for
//! the lower-case ones RFC 6749, section 5.2.

mod access;
mod objects;

use std::fmt;

/// A code of Atlas, in the spelling received.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct ErrorCode(String);

impl ErrorCode {
    /// Codes are capitals and underscores; anything else on the wire is not shown as one.
    pub(crate) fn new(text: &str) -> Self {
        let allowed = |c: &char| c.is_ascii_alphanumeric() || *c == '_';
        Self(text.chars().filter(allowed).take(100).collect())
    }

    /// The code as received; empty if there was none.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether it is `code`, in either spelling of the access list.
    #[must_use]
    pub fn is(&self, code: &str) -> bool {
        one_spelling(&self.0) == one_spelling(code)
    }

    /// Whether it says nothing beyond the status: `UNEXPECTED_ERROR` or no code.
    #[must_use]
    pub fn is_generic(&self) -> bool {
        matches!(self.0.as_str(), "" | "UNEXPECTED_ERROR")
    }

    pub(super) fn kind(&self) -> Option<Kind> {
        self.entry().map(|entry| entry.kind)
    }

    /// The words for this code, where it deserves others than its kind: cause and next step.
    pub(super) fn words(&self) -> Option<(&'static str, &'static str)> {
        self.entry().and_then(|entry| entry.words)
    }

    fn entry(&self) -> Option<&'static Entry> {
        let code = one_spelling(&self.0);
        access::CODES.iter().chain(objects::CODES).find(|entry| entry.code == code).or_else(|| {
            // MAX_API_KEYS_PER_ORG_EXCEEDED, MAX_USERS_PER_TEAM_EXCEEDED and their many relatives.
            (code.starts_with("MAX_") && code.ends_with("_EXCEEDED")).then_some(&A_LIMIT)
        })
    }
}

fn one_spelling(code: &str) -> String {
    code.replace("WHITELIST", "ACCESS_LIST")
}

impl fmt::Display for ErrorCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for ErrorCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A category without its facts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    WrongCredentials,
    AddressNotListed,
    OrgRequiresList,
    ResourceRequiresList,
    NotAllowed,
    NotFound,
    Duplicate,
    LimitReached,
    RateLimited,
    Invalid,
    VersionGone,
    ServerFault,
}

struct Entry {
    code: &'static str,
    kind: Kind,
    /// Cause and next step; absent where the words depend on the answer. `{caller}` stands for the kind of credential, and
    /// a cause that ends with a colon goes on with Atlas's own words.
    words: Option<(&'static str, &'static str)>,
}

const A_LIMIT: Entry = Entry { code: "", kind: Kind::LimitReached, words: None };

/// Makes a table: code, kind, and where they are always the same cause and next step.
macro_rules! codes {
    ($($code:literal $kind:ident $($cause:literal $next:expr)?;)*) => {
        /// The codes of this area.
        pub(super) const CODES: &[super::Entry] = &[$(
            super::Entry {
                code: $code,
                kind: super::Kind::$kind,
                words: crate::error::codes::words!($($cause, $next)?),
            }
        ),*];
    };
}

macro_rules! words {
    () => {
        None
    };
    ($cause:literal, $next:expr) => {
        Some(($cause, $next))
    };
}

use {codes, words};
