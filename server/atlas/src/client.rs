//! The client of one connection: signs, sends, reads answers, repeats reads.
//!
//! Invariant: a write leaves this module signed at most once with effect. It is sent again only
//! after a 401 with a new challenge, which Atlas answers before it executes anything.

mod operations;
mod retry;
mod signer;

use std::{
    fmt,
    sync::{Arc, Mutex, PoisonError},
    time::Instant,
};

use backon::Retryable;
use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Request, Response, StatusCode, Uri, header};
use jiff::Timestamp;
use serde::de::DeserializeOwned;
use serde_json::Value;
use tracing::debug;

pub use self::retry::RetryPolicy;
use self::signer::Signer;
use crate::{
    AtlasError, AtlasRequest, BaseUrl, Credentials, Operation, Outcome, Page, Transport, TransportError, clock, error,
    request::LARGEST_PAGE,
};

const USER_AGENT: &str = concat!("Meridian/", env!("CARGO_PKG_VERSION"));

/// More than any list of Atlas can have (500 keys, 250 projects, 200 entries), with room for growth.
const MOST_PAGES: u32 = 200;

/// A successful answer, not yet read. `Debug` hides the body, which may hold a new private key.
#[derive(Clone)]
pub struct RawAnswer {
    /// What was asked.
    pub operation: Operation,
    /// The HTTP status, 200 to 299.
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

    /// The entries of a list that has no pages: a bare array, or the shape of a page.
    fn decode_entries<T: DeserializeOwned>(&self) -> Result<Vec<T>, AtlasError> {
        if self.body.trim_ascii_start().starts_with(b"[") {
            return self.decode();
        }
        self.decode().map(|page: Page<T>| page.results)
    }

    fn unexpected(&self, problem: &str) -> AtlasError {
        let status = StatusCode::from_u16(self.status).unwrap_or_default();
        let outcome = if self.operation.is_read() { Outcome::NotExecuted } else { Outcome::Executed };
        AtlasError::malformed(self.operation, outcome, status, problem, self.request_id.clone())
    }
}

/// Talks to one Atlas with one credential. Meant to be kept: it remembers the challenge, which
/// saves every second exchange. Safe to use from many tasks at once.
pub struct Client {
    transport: Arc<dyn Transport>,
    base: BaseUrl,
    signer: Signer,
    retries: RetryPolicy,
    server_date: Mutex<Option<Timestamp>>,
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client")
            .field("base", &self.base)
            .field("credentials", self.signer.credentials())
            .finish_non_exhaustive()
    }
}

impl Client {
    /// A client that repeats reads as [`RetryPolicy::default`] says.
    #[must_use]
    pub fn new(transport: Arc<dyn Transport>, base: BaseUrl, credentials: Credentials) -> Self {
        Self {
            transport,
            base,
            signer: Signer::new(credentials),
            retries: RetryPolicy::default(),
            server_date: Mutex::new(None),
        }
    }

    /// The same client with another policy; a test of a connection wants [`RetryPolicy::NONE`].
    #[must_use]
    pub fn with_retries(mut self, retries: RetryPolicy) -> Self {
        self.retries = retries;
        self
    }

    /// Where it sends its requests.
    #[must_use]
    pub fn base(&self) -> &BaseUrl {
        &self.base
    }

    /// The `Date` of the last answer, refusals included; see [`clock_skew`](crate::clock_skew).
    #[must_use]
    pub fn last_server_date(&self) -> Option<Timestamp> {
        *self.server_date.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Sends `request`. A read is repeated on passing faults; a write never.
    ///
    /// # Errors
    ///
    /// When Atlas refuses or does not answer. For a write, [`AtlasError::outcome`] tells whether it
    /// may have been executed.
    pub async fn execute(&self, request: &AtlasRequest) -> Result<RawAnswer, AtlasError> {
        if !request.is_read() {
            return self.exchange(request).await;
        }
        let retries = self.retries;
        (|| self.exchange(request))
            .retry(retries.backoff())
            .sleep(tokio::time::sleep)
            .when(AtlasError::is_passing)
            .adjust(|error, pause| retries.pause(error, pause))
            .notify(|error, pause| debug!(%error, pause_ms = pause.as_millis(), "a read is repeated"))
            .await
    }

    /// Reads all pages of a list. Lists that Atlas does not page are read in one go.
    ///
    /// # Errors
    ///
    /// When a page cannot be read, or the list does not end.
    pub async fn list_all<T: DeserializeOwned>(&self, request: &AtlasRequest) -> Result<Vec<T>, AtlasError> {
        if !request.operation().is_list() {
            return self.execute(request).await?.decode_entries();
        }
        let mut all = Vec::new();
        let mut previous = Vec::new();
        for number in 1..=MOST_PAGES {
            let answer = self.execute(&request.page(number, LARGEST_PAGE)).await?;
            let page: Page<Value> = answer.decode()?;
            let more = page.has_next();
            // Atlas never points to a page after an empty one; a list that repeats itself would not end.
            if more && (page.results.is_empty() || page.results == previous) {
                return Err(answer.unexpected("its pages do not end"));
            }
            for entry in &page.results {
                let entry = T::deserialize(entry)
                    .map_err(|_| answer.unexpected("an entry of the list has an unexpected shape"))?;
                all.push(entry);
            }
            if !more {
                return Ok(all);
            }
            previous = page.results;
        }
        let problem = format!("the list has more than {MOST_PAGES} pages");
        Err(AtlasError::malformed(request.operation(), Outcome::NotExecuted, StatusCode::OK, &problem, None))
    }

    /// One request and its answer: sent once, or twice if Atlas first asks for a signature.
    async fn exchange(&self, request: &AtlasRequest) -> Result<RawAnswer, AtlasError> {
        let operation = request.operation();
        let mut signed = false;
        let mut authorization = self.signer.sign(request);
        if authorization.is_some() {
            signed = true;
        }
        let mut answer =
            self.send(request, authorization).await.map_err(|error| AtlasError::transport(operation, signed, error))?;

        if answer.status() == StatusCode::UNAUTHORIZED && (!signed || asks_again(&answer)) {
            authorization = self.signer.challenged(answer.headers(), request);
            if authorization.is_none() && !signed {
                let problem = "it offers no sign-in with HTTP Digest";
                let id = error::request_id(answer.headers());
                return Err(AtlasError::malformed(operation, Outcome::NotExecuted, answer.status(), problem, id));
            }
            if authorization.is_some() {
                signed = true;
                answer = self
                    .send(request, authorization)
                    .await
                    .map_err(|error| AtlasError::transport(operation, signed, error))?;
                if answer.status() == StatusCode::UNAUTHORIZED && asks_again(&answer) {
                    self.signer.forget();
                }
            }
        }

        let (parts, body) = answer.into_parts();
        if parts.status.is_success() {
            let request_id = error::request_id(&parts.headers);
            return Ok(RawAnswer { operation, status: parts.status.as_u16(), body, request_id });
        }
        Err(AtlasError::from_answer(operation, signed, parts.status, &parts.headers, &body))
    }

    /// Puts `request` on the wire.
    async fn send(
        &self,
        request: &AtlasRequest,
        authorization: Option<HeaderValue>,
    ) -> Result<Response<Bytes>, TransportError> {
        let signed = authorization.is_some();
        let started = Instant::now();
        let outcome = self.transport.send(self.http_request(request, authorization)?).await;
        let status = outcome.as_ref().ok().map(|answer| answer.status().as_u16());
        debug!(
            atlas.operation = request.operation().id(),
            atlas.status = status,
            atlas.signed = signed,
            duration_ms = started.elapsed().as_millis(),
            "an exchange with Atlas"
        );
        let answer = outcome?;
        if let Some(date) = clock::server_date(answer.headers()) {
            *self.server_date.lock().unwrap_or_else(PoisonError::into_inner) = Some(date);
        }
        Ok(answer)
    }

    fn http_request(
        &self,
        request: &AtlasRequest,
        authorization: Option<HeaderValue>,
    ) -> Result<Request<Bytes>, TransportError> {
        let not_sendable = |detail: &str| TransportError::NotSendable { detail: detail.to_owned() };
        let uri: Uri =
            format!("{}{}", self.base, request.path()).parse().map_err(|_| not_sendable("the address is not valid"))?;
        let media_type = HeaderValue::try_from(request.version().media_type())
            .map_err(|_| not_sendable("the version is not valid"))?;
        let accept = HeaderValue::try_from(request.accept()).map_err(|_| not_sendable("the version is not valid"))?;
        let body = match request.body() {
            Some(body) => Bytes::from(serde_json::to_vec(body).map_err(|_| not_sendable("the body is not valid"))?),
            None => Bytes::new(),
        };

        let mut headers = HeaderMap::new();
        headers.insert(header::ACCEPT, accept);
        headers.insert(header::USER_AGENT, HeaderValue::from_static(USER_AGENT));
        if request.body().is_some() {
            headers.insert(header::CONTENT_TYPE, media_type);
        }
        if let Some(authorization) = authorization {
            headers.insert(header::AUTHORIZATION, authorization);
        }
        let mut sent = Request::new(body);
        *sent.method_mut() = request.method().into();
        *sent.uri_mut() = uri;
        *sent.headers_mut() = headers;
        Ok(sent)
    }
}

/// Whether a 401 to a signed request is about the signature. With a specific code it is about roles,
/// and a new signature would not help, unless Atlas says that only the challenge was too old.
fn asks_again(answer: &Response<Bytes>) -> bool {
    error::is_stale(answer.headers()) || error::specific_code(answer.headers(), answer.body()).is_none()
}
