//! What can go wrong, in the terms of whoever has to react: which kind of problem, was a write
//! executed, is it worth trying again, and what to tell a person.

mod codes;
mod explanation;

use std::{fmt, net::IpAddr, time::Duration};

use http::{HeaderMap, StatusCode, header};
use serde::Deserialize;
use serde_json::Value;

use self::codes::Kind;
pub use self::{codes::ErrorCode, explanation::Explanation};
use crate::{Operation, TransportError};

/// A request that did not lead to a usable answer. Holds no secret and is safe to log and to show.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AtlasError(Box<Inner>);

#[derive(Debug, Clone, PartialEq, Eq)]
struct Inner {
    operation: Operation,
    outcome: Outcome,
    cause: Cause,
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
        Self(Box::new(Inner { operation, outcome, cause: Cause::Transport(error) }))
    }

    pub(crate) fn malformed(
        operation: Operation,
        outcome: Outcome,
        status: StatusCode,
        problem: &str,
        request_id: Option<String>,
    ) -> Self {
        let cause = Cause::Malformed { status: status.as_u16(), problem: problem.to_owned(), request_id };
        Self(Box::new(Inner { operation, outcome, cause }))
    }

    /// Reads an answer that is no success.
    pub(crate) fn from_answer(
        operation: Operation,
        signed: bool,
        status: StatusCode,
        headers: &HeaderMap,
        body: &[u8],
    ) -> Self {
        // A gateway that gave up waiting does not know either.
        let in_doubt = status.is_server_error() || status == StatusCode::REQUEST_TIMEOUT;
        let outcome = if signed && in_doubt { Outcome::Unknown } else { Outcome::NotExecuted };
        let header_code = headers.get("x-error-code").and_then(|value| value.to_str().ok());
        let body: Option<ApiError> = serde_json::from_slice(body).ok();
        let code = body.as_ref().and_then(|body| body.error_code.as_deref()).or(header_code);
        // Proxies and load balancers say these without Atlas's body, and mean the same.
        let speaks_for_itself =
            status == StatusCode::UNAUTHORIZED || status == StatusCode::TOO_MANY_REQUESTS || status.is_server_error();
        if code.is_none() && !speaks_for_itself {
            let problem = if status.is_redirection() {
                "it redirects to another address"
            } else {
                "it is a refusal without one of Atlas's error codes"
            };
            return Self::malformed(operation, outcome, status, problem, request_id(headers));
        }
        let code = ErrorCode::new(code.unwrap_or_default());
        let body = body.unwrap_or_default();
        let parameters: Vec<String> = body.parameters.unwrap_or_default().iter().map(parameter).collect();
        let retry_after = retry_after(headers, &code, &parameters);
        let refusal = Refusal {
            status: status.as_u16(),
            code,
            detail: body.detail.or(body.reason).map(|text| printable(&text)),
            parameters,
            fields: body.bad_request_detail.and_then(|detail| detail.fields).unwrap_or_default(),
            request_id: request_id(headers),
            retry_after,
            stale: is_stale(headers),
        };
        Self(Box::new(Inner { operation, outcome, cause: Cause::Refused(refusal) }))
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
            Cause::Malformed { .. } | Cause::Transport(_) => None,
        }
    }

    /// The HTTP status, if anything answered.
    #[must_use]
    pub fn status(&self) -> Option<u16> {
        match &self.0.cause {
            Cause::Refused(refusal) => Some(refusal.status),
            Cause::Malformed { status, .. } => Some(*status),
            Cause::Transport(_) => None,
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
            Cause::Transport(_) => None,
        }
    }

    /// How long Atlas asks to wait, if it does.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        self.refusal().and_then(|refusal| refusal.retry_after)
    }

    /// What kind of problem it is.
    #[must_use]
    pub fn category(&self) -> Category {
        match &self.0.cause {
            Cause::Refused(refusal) => refusal.category(),
            Cause::Malformed { .. } => Category::Malformed,
            Cause::Transport(error) => Category::Transport(error.clone()),
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
        }
    }
}

impl std::error::Error for AtlasError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match &self.0.cause {
            Cause::Transport(error) => Some(error),
            Cause::Refused(_) | Cause::Malformed { .. } => None,
        }
    }
}

/// Atlas's error body.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase")]
struct ApiError {
    error_code: Option<String>,
    detail: Option<String>,
    reason: Option<String>,
    parameters: Option<Vec<Value>>,
    bad_request_detail: Option<BadRequestDetail>,
}

#[derive(Deserialize)]
struct BadRequestDetail {
    fields: Option<Vec<FieldProblem>>,
}

/// The description says objects; the service sends strings and numbers.
fn parameter(value: &Value) -> String {
    match value {
        Value::String(text) => printable(text),
        other => printable(&other.to_string()),
    }
}

/// Text of another machine, fit for a log line and a page: no control characters, bounded.
fn printable(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).take(1000).collect()
}

/// Recorded answers carry no number of the request; Atlas's front proxy (Envoy) calls it this.
pub(crate) fn request_id(headers: &HeaderMap) -> Option<String> {
    let text = headers.get("x-request-id")?.to_str().ok()?;
    Some(text.chars().take(100).collect())
}

/// `Retry-After` in seconds; the token bucket's refusal repeats it as the second parameter.
fn retry_after(headers: &HeaderMap, code: &ErrorCode, parameters: &[String]) -> Option<Duration> {
    let header = headers.get(header::RETRY_AFTER).and_then(|value| value.to_str().ok()?.trim().parse().ok());
    let parameter = || code.is("RATE_LIMITED_TOKEN_BUCKET").then(|| parameters.get(1)?.parse().ok()).flatten();
    header.or_else(parameter).map(Duration::from_secs)
}

/// Whether the challenge says that only the nonce was too old (RFC 7616 section 3.3).
pub(crate) fn is_stale(headers: &HeaderMap) -> bool {
    headers.get_all(header::WWW_AUTHENTICATE).iter().filter_map(|value| value.to_str().ok()).any(|value| {
        http_auth::parse_challenges(value).is_ok_and(|challenges| {
            challenges.iter().flat_map(|challenge| &challenge.params).any(|(name, value)| {
                name.eq_ignore_ascii_case("stale") && value.as_escaped().eq_ignore_ascii_case("true")
            })
        })
    })
}

/// Atlas's code in the body or the header of an answer, if it says more than "not authorized".
pub(crate) fn specific_code(headers: &HeaderMap, body: &[u8]) -> Option<ErrorCode> {
    let body: Option<ApiError> = serde_json::from_slice(body).ok();
    let header = || headers.get("x-error-code").and_then(|value| value.to_str().ok()).map(str::to_owned);
    let code = ErrorCode::new(&body.and_then(|body| body.error_code).or_else(header)?);
    (!code.is_generic()).then_some(code)
}
