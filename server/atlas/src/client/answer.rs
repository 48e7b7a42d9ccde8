//! Answers before they are read.

use std::fmt;

use bytes::Bytes;
use http::StatusCode;
use serde::de::DeserializeOwned;

use crate::{AtlasError, Operation, Outcome};

/// A successful answer, not yet read. `Debug` hides the body, which may hold a new private key.
#[derive(Clone)]
pub struct RawAnswer {
    /// What was asked.
    pub operation: Operation,
    /// The HTTP status, 200 to 299; 102 for costs that are not worked out yet.
    pub status: u16,
    /// The body as received; empty for 204.
    pub body: Bytes,
    /// The number of the request, if the answer names one.
    pub request_id: Option<String>,
}

impl fmt::Debug for RawAnswer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RawAnswer")
            .field("operation", &self.operation)
            .field("status", &self.status)
            .field("body", &format_args!("({} bytes, hidden)", self.body.len()))
            .field("request_id", &self.request_id)
            .finish()
    }
}

impl RawAnswer {
    /// Reads the body.
    ///
    /// # Errors
    ///
    /// When it has another shape. A write was executed all the same, and the error says so.
    pub fn decode<T: DeserializeOwned>(&self) -> Result<T, AtlasError> {
        serde_json::from_slice(&self.body).map_err(|error| {
            // Not the error's own words: they may quote the body.
            self.unexpected(&format!(
                "its body has an unexpected shape at line {}, column {}",
                error.line(),
                error.column()
            ))
        })
    }

    /// Reads the body, if Atlas has sent one: answers may be empty where a thing is not there yet.
    ///
    /// # Errors
    ///
    /// As [`decode`](Self::decode).
    pub fn decode_if_any<T: DeserializeOwned>(&self) -> Result<Option<T>, AtlasError> {
        if self.body.is_empty() { Ok(None) } else { self.decode().map(Some) }
    }

    /// The body as text, for answers in [`Format::Csv`](crate::Format::Csv).
    ///
    /// # Errors
    ///
    /// When it is not UTF-8.
    pub fn text(&self) -> Result<String, AtlasError> {
        String::from_utf8(self.body.to_vec()).map_err(|_| self.unexpected("its body is no text"))
    }

    pub(super) fn unexpected(&self, problem: &str) -> AtlasError {
        let status = StatusCode::from_u16(self.status).unwrap_or_default();
        let outcome = if self.operation.is_read() { Outcome::NotExecuted } else { Outcome::Executed };
        AtlasError::malformed(self.operation, outcome, status, problem, self.request_id.clone())
    }
}
