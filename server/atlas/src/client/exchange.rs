//! One request and its answer, signed either way.
//!
//! Invariant: a write leaves this module signed at most once with effect. It is sent again only after a 401 that asks
//! for another signature, which Atlas answers before it executes anything.

use std::{sync::PoisonError, time::Instant};

use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Request, Response, StatusCode, Uri, header};
use tracing::debug;

use super::{
    Client, RawAnswer, USER_AGENT,
    signer::{Bearer, Digest, Signer},
};
use crate::{AtlasError, AtlasRequest, Operation, Outcome, TransportError, budget::Permit, clock, error};

impl Client {
    pub(super) async fn exchange(&self, request: &AtlasRequest, permit: &Permit) -> Result<RawAnswer, AtlasError> {
        let answered = match &self.signer {
            Signer::Digest(digest) => self.with_digest(digest, request).await,
            Signer::Bearer(bearer) => self.with_token(bearer, request).await,
        };
        let (answer, signed) = answered?;
        let operation = request.operation();
        let (parts, body) = answer.into_parts();
        // The cost explorer answers 102 while it works; see `getOrgBillingCostExplorerUsage`.
        if parts.status.is_success() || parts.status == StatusCode::PROCESSING {
            permit.answered(parts.status, &parts.headers, None);
            let request_id = error::request_id(&parts.headers);
            return Ok(RawAnswer { operation, status: parts.status.as_u16(), body, request_id });
        }
        let error = AtlasError::from_answer(operation, signed, parts.status, &parts.headers, &body);
        permit.answered(parts.status, &parts.headers, error.retry_after());
        Err(error)
    }

    /// Sent once, or twice if Atlas first asks for a signature. Tells whether the last one was signed.
    ///
    /// Without a challenge at hand the first of the two is only there to get one, and goes without its body: Atlas looks
    /// at nothing before the signature holds, and what is in a body need not travel twice, nor once unsigned.
    async fn with_digest(
        &self,
        digest: &Digest,
        request: &AtlasRequest,
    ) -> Result<(Response<Bytes>, bool), AtlasError> {
        let operation = request.operation();
        let mut signature = digest.sign(request);
        let mut turn = None;
        if signature.is_none() {
            turn = Some(digest.turn().await);
            // Somebody else may have fetched one meanwhile.
            signature = digest.sign(request);
            if signature.is_some() {
                turn = None;
            }
        }
        let signed = signature.is_some();
        let answer = self.send(request, signature).await.map_err(|error| lost(operation, signed, error))?;
        if answer.status() != StatusCode::UNAUTHORIZED {
            if !signed && request.body().is_some() && answer.status().is_success() {
                let problem = "it accepts a change without asking who wants it";
                let id = error::request_id(answer.headers());
                return Err(AtlasError::malformed(operation, Outcome::Unknown, answer.status(), problem, id));
            }
            return Ok((answer, signed));
        }
        if signed && !asks_again(&answer) {
            return Ok((answer, signed));
        }
        let Some(signature) = digest.challenged(answer.headers(), request) else {
            if signed {
                return Ok((answer, signed));
            }
            let problem = "it offers no sign-in with HTTP Digest";
            let id = error::request_id(answer.headers());
            return Err(AtlasError::malformed(operation, Outcome::NotExecuted, answer.status(), problem, id));
        };
        drop(turn);
        let answer = self.send(request, Some(signature)).await.map_err(|error| lost(operation, true, error))?;
        if answer.status() == StatusCode::UNAUTHORIZED && asks_again(&answer) {
            digest.forget();
        }
        Ok((answer, true))
    }

    /// Sent once, or twice if Atlas does not take the token. Another one is fetched only for a 401 that may be about the
    /// token, and only once; a 403 is about roles and lists, which another token would not change.
    async fn with_token(&self, bearer: &Bearer, request: &AtlasRequest) -> Result<(Response<Bytes>, bool), AtlasError> {
        let operation = request.operation();
        let transport = &*self.transport;
        let token = bearer.token(transport, &self.base, operation).await?;
        let sent = self.send(request, Some(token.header())).await;
        let answer = sent.map_err(|error| lost(operation, true, error))?;
        if answer.status() != StatusCode::UNAUTHORIZED || error::is_about_rights(answer.headers(), answer.body()) {
            return Ok((answer, true));
        }
        bearer.drop_token(&token);
        let token = bearer.token(transport, &self.base, operation).await?;
        let sent = self.send(request, Some(token.header())).await;
        let answer = sent.map_err(|error| lost(operation, true, error))?;
        if answer.status() == StatusCode::UNAUTHORIZED && !error::is_about_rights(answer.headers(), answer.body()) {
            bearer.drop_token(&token);
        }
        Ok((answer, true))
    }

    /// Puts `request` on the wire; its body only when it is signed.
    async fn send(
        &self,
        request: &AtlasRequest,
        signature: Option<HeaderValue>,
    ) -> Result<Response<Bytes>, TransportError> {
        let signed = signature.is_some();
        let started = Instant::now();
        let outcome = self.transport.send(self.http_request(request, signature)?).await;
        let status = outcome.as_ref().map_or(0, |answer| answer.status().as_u16());
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
        signature: Option<HeaderValue>,
    ) -> Result<Request<Bytes>, TransportError> {
        let not_sendable = |detail: &str| TransportError::NotSendable { detail: detail.to_owned() };
        let uri: Uri =
            format!("{}{}", self.base, request.path()).parse().map_err(|_| not_sendable("the address is not valid"))?;
        let media_type =
            |text: String| HeaderValue::try_from(text).map_err(|_| not_sendable("the version is not valid"));
        let mut headers = HeaderMap::new();
        headers.insert(header::ACCEPT, media_type(request.accept())?);
        headers.insert(header::USER_AGENT, HeaderValue::from_static(USER_AGENT));
        let mut body = Bytes::new();
        if let Some(signature) = signature {
            headers.insert(header::AUTHORIZATION, signature);
            if let Some(json) = request.body() {
                body = serde_json::to_vec(json).map_err(|_| not_sendable("the body is not valid"))?.into();
                headers.insert(header::CONTENT_TYPE, media_type(request.version().media_type())?);
            }
        }
        let mut sent = Request::new(body);
        *sent.method_mut() = request.method().into();
        *sent.uri_mut() = uri;
        *sent.headers_mut() = headers;
        Ok(sent)
    }
}

fn lost(operation: Operation, signed: bool, error: TransportError) -> AtlasError {
    AtlasError::transport(operation, signed, error)
}

/// Whether a 401 to a signed request is about the signature. With a specific code it is about roles, and a new
/// signature would not help, unless Atlas says that only the challenge was too old.
fn asks_again(answer: &Response<Bytes>) -> bool {
    error::is_stale(answer.headers()) || error::specific_code(answer.headers(), answer.body()).is_none()
}
