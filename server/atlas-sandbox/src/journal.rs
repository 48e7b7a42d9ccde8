//! What the sandbox did, for tests: a journal of executed calls, and on request a record of every exchange.

use std::{
    collections::VecDeque,
    fmt,
    sync::{Mutex, PoisonError},
};

use bytes::Bytes;
use http::header;
use serde::Serialize;

use crate::{
    operations::{self, Found},
    reply::Reply,
    request::Incoming,
};

/// How many calls the journal keeps.
const KEPT: usize = 50_000;

/// A call that was signed and executed, whatever came of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct JournalEntry {
    /// The method.
    pub method: String,
    /// The path as sent, without the query.
    pub path: String,
    /// The `operationId`; none when the path is no operation.
    pub operation: Option<&'static str>,
    /// Who called: a public key, or a client id.
    pub public_key: String,
    /// The status of the answer.
    pub status: u16,
    /// When, in the sandbox's time.
    pub at: jiff::Timestamp,
}

/// One request and its answer, bodies included (so it may hold a private key: it has no `Debug` of them).
#[derive(Clone)]
pub struct Exchange {
    /// The `operationId`; none when the path is no operation.
    pub operation: Option<&'static str>,
    /// The method.
    pub method: String,
    /// Path and query as sent.
    pub target: String,
    /// The request's `Content-Type`.
    pub request_content_type: Option<String>,
    /// The request's body.
    pub request_body: Bytes,
    /// The status of the answer.
    pub status: u16,
    /// The answer's `Content-Type`.
    pub content_type: Option<String>,
    /// The answer's body; to `HEAD` too, though it is not sent.
    pub body: Bytes,
    /// Whether a fault rule made the answer: then it need not be like one of Atlas's.
    pub is_faulty: bool,
}

impl fmt::Debug for Exchange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} ({}): {}", self.method, self.target, self.operation.unwrap_or("no operation"), self.status)
    }
}

/// Keeper of the journal and the record.
#[derive(Default)]
pub(crate) struct Journal {
    entries: Mutex<VecDeque<JournalEntry>>,
    record: Mutex<Option<Vec<Exchange>>>,
}

impl Journal {
    /// Writes an executed call down.
    pub(crate) fn executed(&self, entry: JournalEntry) {
        let mut entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
        if entries.len() == KEPT {
            entries.pop_front();
        }
        entries.push_back(entry);
    }

    /// The executed calls, oldest first.
    pub(crate) fn entries(&self) -> Vec<JournalEntry> {
        self.entries.lock().unwrap_or_else(PoisonError::into_inner).iter().cloned().collect()
    }

    /// Starts to record exchanges.
    pub(crate) fn start_record(&self) {
        self.record.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert_default();
    }

    /// Hands over what was recorded since the last time.
    pub(crate) fn take_record(&self) -> Vec<Exchange> {
        let mut record = self.record.lock().unwrap_or_else(PoisonError::into_inner);
        record.as_mut().map(std::mem::take).unwrap_or_default()
    }

    /// Records an exchange if that is wanted.
    pub(crate) fn answered(&self, incoming: &Incoming, reply: &Reply, is_faulty: bool) {
        let mut record = self.record.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(exchanges) = record.as_mut() else {
            return;
        };
        exchanges.push(Exchange {
            operation: operation_of(incoming),
            method: incoming.method.to_string(),
            target: incoming.target.clone(),
            request_content_type: incoming.header(header::CONTENT_TYPE).map(str::to_owned),
            request_body: incoming.body.clone(),
            status: reply.status.as_u16(),
            content_type: reply.content_type().map(str::to_owned),
            body: reply.body.clone(),
            is_faulty,
        });
    }
}

/// The operation a request addresses.
pub(crate) fn operation_of(incoming: &Incoming) -> Option<&'static str> {
    match operations::find(&incoming.method, &incoming.path) {
        Found::Operation(operation, _) => Some(operation.id),
        Found::OtherMethods(_) | Found::Nowhere => None,
    }
}
