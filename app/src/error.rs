//! `ApiError`: all that a browser may learn when something does not work.

use domain::{FieldError, people::Role};
use leptos::server_fn::{codec::JsonEncoding, error::FromServerFnError, error::ServerFnErrorErr};
use serde::{Deserialize, Serialize};

/// Why something was not done, in words a person can act on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(tag = "code", rename_all = "snake_case")]
pub enum ApiError {
    /// Nobody is signed in, or the session ended.
    #[error("Sign in to continue.")]
    SignInRequired,
    /// The person's roles do not allow it.
    #[error("This needs the role {} here. Somebody who manages people can give it to you.", role.as_str())]
    Forbidden {
        /// The role that would allow it.
        role: Role,
    },
    /// A sensitive act needs the password again.
    #[error("Enter your password again to do this.")]
    PasswordNeeded,
    /// There is no such thing, or the person may not know of it.
    #[error("There is nothing here, or you may not see it.")]
    NotFound,
    /// Somebody else was quicker.
    #[error("Somebody else changed this while you were looking. Reload the page and look again.")]
    Conflict,
    /// Some fields are wrong; each complaint is shown beside its field.
    #[error("Some fields need attention.")]
    Invalid {
        /// The complaints.
        fields: Vec<FieldError>,
    },
    /// A rule or another system said no.
    #[error("{problem} {next}")]
    Refused {
        /// What happened.
        problem: String,
        /// What to do next.
        next: String,
    },
    /// Too many tries.
    #[error("Too many tries. Wait {seconds} seconds, then try again.")]
    TooManyTries {
        /// How long to wait.
        seconds: u32,
    },
    /// The request could not be read.
    #[error("The form could not be read. Go back, reload the page and try again.")]
    BadRequest,
    /// The database cannot take more.
    #[error(
        "Meridian cannot write to its database at the moment. Nothing was changed. Ask whoever runs it to look at the disk."
    )]
    StorageUnavailable,
    /// A fault of ours.
    #[error(
        "Something went wrong on the server (reference {reference}). Try again; if it stays, give the reference to whoever runs Meridian."
    )]
    Internal {
        /// Also in the log.
        reference: String,
    },
}

impl ApiError {
    /// A complaint about one field.
    #[must_use]
    pub fn field(field: &str, message: impl Into<String>) -> Self {
        Self::Invalid { fields: vec![FieldError::new(field, message)] }
    }

    /// Something that a rule or another system refused.
    #[must_use]
    pub fn refused(problem: impl Into<String>, next: impl Into<String>) -> Self {
        Self::Refused { problem: problem.into(), next: next.into() }
    }

    /// The HTTP status that goes with it.
    #[must_use]
    pub fn status(&self) -> u16 {
        match self {
            Self::SignInRequired => 401,
            Self::Forbidden { .. } | Self::PasswordNeeded => 403,
            Self::NotFound => 404,
            Self::Conflict | Self::Refused { .. } => 409,
            Self::Invalid { .. } => 422,
            Self::TooManyTries { .. } => 429,
            Self::BadRequest => 400,
            Self::StorageUnavailable => 503,
            Self::Internal { .. } => 500,
        }
    }
}

impl FromServerFnError for ApiError {
    type Encoder = JsonEncoding;

    fn from_server_fn_error(error: ServerFnErrorErr) -> Self {
        let error = match error {
            ServerFnErrorErr::Args(_) | ServerFnErrorErr::MissingArg(_) | ServerFnErrorErr::Deserialization(_) => {
                Self::BadRequest
            }
            _ => Self::Internal { reference: "-".into() },
        };
        // Without this the answer would be 500 for a form that somebody tampered with.
        #[cfg(feature = "ssr")]
        crate::server::set_status(error.status());
        error
    }
}
