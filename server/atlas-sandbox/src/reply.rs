//! An answer before it is sent: still whole, so that it can be recorded, spoilt or withheld.

use axum::{body::Body, response::Response};
use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};

use crate::errors::{ApiError, CHALLENGE_BODY};

/// One answer.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: StatusCode,
    headers: HeaderMap,
    pub(crate) body: Bytes,
    /// Nothing is sent, the connection closes instead.
    pub(crate) is_cut: bool,
}

impl Reply {
    /// JSON of a media type.
    pub(crate) fn json(status: StatusCode, media: &str, body: impl Into<Bytes>) -> Self {
        let media = HeaderValue::from_str(media).unwrap_or(HeaderValue::from_static("application/json"));
        let headers = HeaderMap::from_iter([(header::CONTENT_TYPE, media)]);
        Self { status, headers, body: body.into(), is_cut: false }
    }

    /// 204.
    pub(crate) fn empty() -> Self {
        Self { status: StatusCode::NO_CONTENT, headers: HeaderMap::new(), body: Bytes::new(), is_cut: false }
    }

    /// No answer at all.
    pub(crate) fn cut() -> Self {
        Self { is_cut: true, ..Self::empty() }
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
            (true, _) => broken(),
            (false, true) => Body::empty(),
            (false, false) => Body::from(self.body),
        };
        let mut response = Response::new(body);
        *response.status_mut() = self.status;
        *response.headers_mut() = self.headers;
        if to_head && !self.is_cut {
            response.headers_mut().insert(header::CONTENT_LENGTH, length);
        }
        response
    }
}

/// A body that fails at once: what an in-process caller sees of a cut connection.
fn broken() -> Body {
    Body::from_stream(futures_util::stream::once(async {
        Err::<Bytes, std::io::Error>(std::io::ErrorKind::ConnectionReset.into())
    }))
}
