//! An answer before it is sent: still whole, so that it can be recorded, spoilt or withheld.

use std::time::Duration;

use axum::{body::Body, response::Response};
use bytes::Bytes;
use futures_util::StreamExt as _;
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use jiff::Timestamp;

use crate::errors::{ApiError, CHALLENGE_BODY};

/// How long the beginning of a body that breaks off has to get out.
const TO_BE_SENT: Duration = Duration::from_millis(5);

/// One answer.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: StatusCode,
    headers: HeaderMap,
    pub(crate) body: Bytes,
    /// Nothing is sent, the connection closes instead.
    pub(crate) is_cut: bool,
    /// The connection closes in the middle of the body.
    is_cut_midway: bool,
    /// A 102 goes ahead of it.
    pub(crate) is_announced: bool,
}

impl Reply {
    /// JSON of a media type.
    pub(crate) fn json(status: StatusCode, media: &str, body: impl Into<Bytes>) -> Self {
        let media = HeaderValue::from_str(media).unwrap_or(HeaderValue::from_static("application/json"));
        let headers = HeaderMap::from_iter([(header::CONTENT_TYPE, media)]);
        Self { status, headers, body: body.into(), is_cut: false, is_cut_midway: false, is_announced: false }
    }

    /// 204.
    pub(crate) fn empty() -> Self {
        Self {
            status: StatusCode::NO_CONTENT,
            headers: HeaderMap::new(),
            body: Bytes::new(),
            is_cut: false,
            is_cut_midway: false,
            is_announced: false,
        }
    }

    /// No answer at all.
    pub(crate) fn cut() -> Self {
        Self { is_cut: true, ..Self::empty() }
    }

    /// The same answer with half of its body.
    pub(crate) fn cut_midway(self) -> Self {
        Self { is_cut_midway: true, ..self }
    }

    /// The same answer from a server whose clock shows `now`.
    pub(crate) fn dated(self, now: Timestamp) -> Self {
        let text = now.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string();
        match HeaderValue::from_str(&text) {
            Ok(date) => self.with(header::DATE, date),
            Err(_) => self,
        }
    }

    /// An error in Atlas's shape.
    pub(crate) fn refusal(refusal: &ApiError) -> Self {
        Self::json(refusal.status, "application/json", refusal.body().to_string())
            .with(HeaderName::from_static("x-error-code"), HeaderValue::from_static(refusal.code))
    }

    /// The 401 with a challenge.
    pub(crate) fn challenge(challenge: &str) -> Self {
        let value = HeaderValue::from_str(challenge).unwrap_or(HeaderValue::from_static("Digest"));
        Self::json(StatusCode::UNAUTHORIZED, "application/json", CHALLENGE_BODY).with(header::WWW_AUTHENTICATE, value)
    }

    /// The 401 for a token that is no good (RFC 6750). What Atlas writes into the header is not documented; its body is
    /// the one of every other 401.
    pub(crate) fn bad_token() -> Self {
        Self::json(StatusCode::UNAUTHORIZED, "application/json", CHALLENGE_BODY).with(
            header::WWW_AUTHENTICATE,
            HeaderValue::from_static("Bearer realm=\"MMS Public API\", error=\"invalid_token\""),
        )
    }

    /// Adds a header.
    #[must_use]
    pub(crate) fn with(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.headers.insert(name, value);
        self
    }

    /// Breaks the body off in the middle, so that it is no JSON any more.
    pub(crate) fn spoil(&mut self) {
        self.body.truncate(self.body.len() / 2);
    }

    /// The media type.
    pub(crate) fn content_type(&self) -> Option<&str> {
        self.headers.get(header::CONTENT_TYPE)?.to_str().ok()
    }

    /// The response to send; to `HEAD` without the body.
    pub(crate) fn into_response(self, to_head: bool) -> Response {
        let length = HeaderValue::from(self.body.len());
        let body = match (self.is_cut, to_head) {
            (true, _) => broken(Bytes::new()),
            (false, true) => Body::empty(),
            (false, false) if self.is_cut_midway => broken(self.body.slice(..self.body.len() / 2)),
            (false, false) => Body::from(self.body),
        };
        let mut response = Response::new(body);
        *response.status_mut() = self.status;
        *response.headers_mut() = self.headers;
        if (to_head || self.is_cut_midway) && !self.is_cut {
            response.headers_mut().insert(header::CONTENT_LENGTH, length);
        }
        response
    }
}

/// A body that fails after its beginning: at once, it is what an in-process caller sees of a cut connection.
fn broken(beginning: Bytes) -> Body {
    let is_at_once = beginning.is_empty();
    let end = futures_util::stream::once(async move {
        if !is_at_once {
            // What is still in a buffer when the end comes is dropped with the connection.
            tokio::time::sleep(TO_BE_SENT).await;
        }
        Err::<Bytes, std::io::Error>(std::io::ErrorKind::ConnectionReset.into())
    });
    let beginning = Some(beginning).filter(|_| !is_at_once).map(Ok);
    Body::from_stream(futures_util::stream::iter(beginning).chain(end))
}
