//! What can go wrong, in the terms of whoever has to react: which kind of problem, was a write
//! executed, is it worth trying again, and what to tell a person.

mod codes;
mod explanation;
mod wire;

use std::{fmt, net::IpAddr, time::Duration};

use http::StatusCode;
use serde::Deserialize;

use self::codes::Kind;
pub(crate) use self::wire::{is_about_rights, is_stale, request_id, specific_code};
pub use self::{codes::ErrorCode, explanation::Explanation};
use crate::{Operation, TransportError};

/// A request that did not lead to a usable answer. Holds no secret and is safe to log and to show.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AtlasError(Box<Inner>);

#[derive(Debug, Clone, PartialEq, Eq)]
struct Inner {
    operation: Operation,
    caller: Caller,
    outcome: Outcome,
    cause: Cause,
}

/// What kind of credential asked, for the words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Caller {
    ApiKey,
    ServiceAccount,
}

impl fmt::Display for Caller {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::ApiKey => "API key",
            Self::ServiceAccount => "service account",
        })
    }
}

/// What became of the request on Atlas's side. For a read it does not matter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// Certainly not executed.
    NotExecuted,
    /// Executed or not; only reading Atlas can tell.
    Unknown,
    /// Executed, but the answer is not usable.
    Executed,
}

/// Why there is no usable answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cause {
    /// Atlas said no.
    Refused(Refusal),
    /// Something answered, but not the way Atlas does.
    Malformed {
        /// The status of the answer.
        status: u16,
        /// What is unexpected about it.
        problem: String,
        /// The number of the request, if the answer names one.
        request_id: Option<String>,
    },
    /// Nothing answered.
    Transport(TransportError),
    /// Not sent, to keep within Atlas's rate limits.
    Held {
        /// After how long there is room for it.
        wait: Duration,
    },
}

/// A refusal in Atlas's words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// The HTTP status.
    pub status: u16,
    /// Atlas's code.
    pub code: ErrorCode,
    /// Atlas's sentence.
    pub detail: Option<String>,
    /// What the sentence is about: ids, addresses, numbers.
    pub parameters: Vec<String>,
    /// Fields of the body at fault.
    pub fields: Vec<FieldProblem>,
    /// The number of the request, if the answer names one.
    pub request_id: Option<String>,
    /// How long Atlas asks to wait.
    pub retry_after: Option<Duration>,
    /// Whether the signature was right and only its challenge too old.
    pub stale: bool,
}

/// A field of a request's body and what is wrong with it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct FieldProblem {
    /// The field.
    #[serde(default)]
    pub field: String,
    /// What is wrong.
    #[serde(default)]
    pub description: String,
}

/// The kinds of problem a person or program reacts to differently.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Category {
    /// Public and private key do not belong together, or the key was deleted.
    WrongCredentials,
    /// The key has an access list, and the calling address is not on it.
    AddressNotListed {
        /// The address Atlas saw.
        address: Option<IpAddr>,
    },
    /// The organization requires an access list, and the key has none.
    OrgRequiresList,
    /// This operation requires an access list, and the key has none.
    ResourceRequiresList {
        /// The address Atlas saw.
        address: Option<IpAddr>,
    },
    /// The key's roles or the organization's plan do not allow this.
    NotAllowed {
        /// Atlas's code.
        code: ErrorCode,
    },
    /// Something named in the request does not exist.
    NotFound,
    /// It exists already or conflicts with something that does.
    Duplicate,
    /// Atlas allows no more of these.
    LimitReached,
    /// Too many requests.
    RateLimited {
        /// How long Atlas asks to wait.
        retry_after: Option<Duration>,
    },
    /// Atlas does not accept the values.
    Invalid {
        /// Which fields, if Atlas says so.
        fields: Vec<FieldProblem>,
    },
    /// Atlas no longer knows this version of the API.
    VersionGone,
    /// Atlas has a problem of its own.
    ServerFault,
    /// The answer is not one of Atlas's.
    Malformed,
    /// No answer at all.
    Transport(TransportError),
}

impl AtlasError {
    pub(crate) fn transport(operation: Operation, signed: bool, error: TransportError) -> Self {
        // Atlas executes nothing that is not signed, so a lost unsigned request did nothing.
        let outcome = if signed && !error.certainly_not_sent() { Outcome::Unknown } else { Outcome::NotExecuted };
        Self::new(operation, outcome, Cause::Transport(error))
    }

    fn new(operation: Operation, outcome: Outcome, cause: Cause) -> Self {
        Self(Box::new(Inner { operation, caller: Caller::ApiKey, outcome, cause }))
    }

    /// A request that would have to wait too long for its turn.
    pub(crate) fn held(operation: Operation, wait: Duration) -> Self {
        Self::new(operation, Outcome::NotExecuted, Cause::Held { wait })
    }

    /// The same error with the kind of credential that met it.
    pub(crate) fn met_by(mut self, caller: Caller) -> Self {
        self.0.caller = caller;
        self
    }

    /// The same error for another operation that failed with it.
    pub(crate) fn of(&self, operation: Operation) -> Self {
        let mut error = self.clone();
        error.0.operation = operation;
        error
    }

    pub(crate) fn malformed(
        operation: Operation,
        outcome: Outcome,
        status: StatusCode,
        problem: &str,
        request_id: Option<String>,
    ) -> Self {
        let cause = Cause::Malformed { status: status.as_u16(), problem: problem.to_owned(), request_id };
        Self::new(operation, outcome, cause)
    }

    /// What was asked.
    #[must_use]
    pub fn operation(&self) -> Operation {
        self.0.operation
    }

    /// Whether the request was executed all the same.
    #[must_use]
    pub fn outcome(&self) -> Outcome {
        self.0.outcome
    }

    /// Why there is no usable answer.
    #[must_use]
    pub fn cause(&self) -> &Cause {
        &self.0.cause
    }

    /// Atlas's refusal, if it is one.
    #[must_use]
    pub fn refusal(&self) -> Option<&Refusal> {
        match &self.0.cause {
            Cause::Refused(refusal) => Some(refusal),
            Cause::Malformed { .. } | Cause::Transport(_) | Cause::Held { .. } => None,
        }
    }

    /// The HTTP status, if anything answered.
    #[must_use]
    pub fn status(&self) -> Option<u16> {
        match &self.0.cause {
            Cause::Refused(refusal) => Some(refusal.status),
            Cause::Malformed { status, .. } => Some(*status),
            Cause::Transport(_) | Cause::Held { .. } => None,
        }
    }

    /// Atlas's code, if it gave one.
    #[must_use]
    pub fn code(&self) -> Option<&ErrorCode> {
        self.refusal().map(|refusal| &refusal.code).filter(|code| !code.as_str().is_empty())
    }

    /// The number of the request, if the answer names one.
    #[must_use]
    pub fn request_id(&self) -> Option<&str> {
        match &self.0.cause {
            Cause::Refused(Refusal { request_id, .. }) | Cause::Malformed { request_id, .. } => request_id.as_deref(),
            Cause::Transport(_) | Cause::Held { .. } => None,
        }
    }

    /// How long Atlas asks to wait, if it does.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        match &self.0.cause {
            Cause::Refused(refusal) => refusal.retry_after,
            Cause::Held { wait } => Some(*wait),
            Cause::Malformed { .. } | Cause::Transport(_) => None,
        }
    }

    /// What kind of problem it is.
    #[must_use]
    pub fn category(&self) -> Category {
        match &self.0.cause {
            Cause::Refused(refusal) => refusal.category(),
            Cause::Malformed { .. } => Category::Malformed,
            Cause::Transport(error) => Category::Transport(error.clone()),
            Cause::Held { wait } => Category::RateLimited { retry_after: Some(*wait) },
        }
    }

    /// What to tell a person, and what that person can do.
    #[must_use]
    pub fn explanation(&self) -> Explanation {
        explanation::explain(self)
    }

    /// Whether a read may well succeed a moment later.
    #[must_use]
    pub fn is_passing(&self) -> bool {
        match self.category() {
            Category::RateLimited { .. } | Category::ServerFault => true,
            Category::Transport(error) => error.is_passing(),
            _ => false,
        }
    }
}

impl Refusal {
    fn category(&self) -> Category {
        match self.code.kind().unwrap_or_else(|| self.kind_of_status()) {
            Kind::WrongCredentials => Category::WrongCredentials,
            Kind::AddressNotListed => Category::AddressNotListed { address: self.address() },
            Kind::OrgRequiresList => Category::OrgRequiresList,
            Kind::ResourceRequiresList => Category::ResourceRequiresList { address: self.address() },
            Kind::NotAllowed => Category::NotAllowed { code: self.code.clone() },
            Kind::NotFound => Category::NotFound,
            Kind::Duplicate => Category::Duplicate,
            Kind::LimitReached => Category::LimitReached,
            Kind::RateLimited => Category::RateLimited { retry_after: self.retry_after },
            Kind::Invalid => Category::Invalid { fields: self.fields.clone() },
            Kind::VersionGone => Category::VersionGone,
            Kind::ServerFault => Category::ServerFault,
        }
    }

    /// What a status means beside a code that says nothing about it.
    fn kind_of_status(&self) -> Kind {
        match self.status {
            401 if self.stale => Kind::ServerFault,
            401 if self.code.is_generic() => Kind::WrongCredentials,
            401..=403 => Kind::NotAllowed,
            404 => Kind::NotFound,
            406 | 410 => Kind::VersionGone,
            409 => Kind::Duplicate,
            429 => Kind::RateLimited,
            500.. => Kind::ServerFault,
            _ => Kind::Invalid,
        }
    }

    /// The address Atlas talks about: a parameter, else a word of its sentence.
    fn address(&self) -> Option<IpAddr> {
        let words = self.detail.iter().flat_map(|detail| detail.split_whitespace());
        self.parameters
            .iter()
            .map(String::as_str)
            .chain(words)
            .find_map(|word| word.trim_matches(|c: char| !c.is_ascii_hexdigit() && c != ':').parse().ok())
    }
}

impl fmt::Display for AtlasError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let operation = self.0.operation.id();
        match &self.0.cause {
            Cause::Refused(Refusal { status, code, .. }) if code.as_str().is_empty() => {
                write!(f, "Atlas refused {operation} with status {status}")
            }
            Cause::Refused(Refusal { status, code, .. }) => {
                write!(f, "Atlas refused {operation} with status {status}, {code}")
            }
            Cause::Malformed { status, problem, .. } => {
                write!(f, "the answer to {operation}, status {status}, is not one of Atlas's: {problem}")
            }
            Cause::Transport(_) => write!(f, "no answer to {operation}"),
            Cause::Held { wait } => {
                write!(f, "{operation} is not sent: the rate limit has room in {} seconds", wait.as_secs() + 1)
            }
        }
    }
}

impl std::error::Error for AtlasError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match &self.0.cause {
            Cause::Transport(error) => Some(error),
            Cause::Refused(_) | Cause::Malformed { .. } | Cause::Held { .. } => None,
        }
    }
}
