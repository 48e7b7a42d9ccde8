//! Tokens of a service account (OAuth 2.0 client credentials, RFC 6749 section 4.4; RFC 7009 to revoke them).
//!
//! Atlas keeps at most a hundred tokens of an account alive and allows fifty requests for one a minute, so one token
//! serves all calls, one call at a time asks for the next, and a refusal is remembered for a moment.

use std::{
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use base64::{Engine, engine::general_purpose::STANDARD};
use bytes::Bytes;
use http::{HeaderValue, Method, Request, StatusCode, Uri, header};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use tokio::time::Instant;
use tracing::debug;

use crate::{
    AtlasError, BaseUrl, Category, Operation, Outcome, Transport, TransportError, chance, client::USER_AGENT, error,
    percent,
};

/// The lifetime Atlas documents, for an answer that does not name it.
const USUAL_LIFETIME: u64 = 3600;

/// How long a lasting refusal counts for other calls too.
const REFUSAL_KEPT: Duration = Duration::from_secs(10);

/// The token could not be revoked; it ends by itself within the hour.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DisconnectError {
    /// Nothing answered.
    #[error("no answer to the revocation of a token")]
    Transport(#[from] TransportError),
    /// Atlas did not revoke it.
    #[error("Atlas refused to revoke a token, with status {0}")]
    Refused(u16),
}

/// An access token. Shows nothing of itself.
pub(in crate::client) struct Token {
    secret: SecretString,
    header: HeaderValue,
    /// From when on a new one is asked for while this one still serves.
    due: Instant,
    ends: Instant,
}

impl Token {
    pub(in crate::client) fn header(&self) -> HeaderValue {
        self.header.clone()
    }
}

#[derive(Default)]
struct Refusal {
    kept: Option<(AtlasError, Instant)>,
}

pub(in crate::client) struct Bearer {
    client_id: String,
    client_secret: SecretString,
    token: Mutex<Option<Arc<Token>>>,
    /// Held by whoever asks for a token.
    asking: tokio::sync::Mutex<Refusal>,
    asked: AtomicU64,
}

#[derive(Deserialize)]
struct Granted {
    access_token: String,
    expires_in: Option<u64>,
}

impl Bearer {
    pub(super) fn new(client_id: String, client_secret: SecretString) -> Self {
        Self {
            client_id,
            client_secret,
            token: Mutex::new(None),
            asking: tokio::sync::Mutex::default(),
            asked: AtomicU64::new(0),
        }
    }

    pub(super) fn client_id(&self) -> &str {
        &self.client_id
    }

    /// The token to sign `operation` with: the one at hand, or a new one.
    ///
    /// # Errors
    ///
    /// When Atlas gives none. `operation` is certainly not executed then.
    pub(in crate::client) async fn token(
        &self,
        transport: &dyn Transport,
        base: &BaseUrl,
        operation: Operation,
    ) -> Result<Arc<Token>, AtlasError> {
        let now = Instant::now();
        if let Some(token) = self.current().filter(|token| now < token.ends) {
            if now < token.due {
                return Ok(token);
            }
            // It still serves, so nobody waits for the next, and a failure to get it is no failure of this call.
            let Ok(mut refusal) = self.asking.try_lock() else { return Ok(token) };
            if refusal.kept.as_ref().is_some_and(|(_, until)| now < *until) {
                return Ok(token);
            }
            return Ok(match self.ask(&mut refusal, transport, base, operation).await {
                Ok(token) => token,
                Err(error) => {
                    debug!(%error, "a token is not renewed yet");
                    token
                }
            });
        }

        let seen = self.asked.load(Ordering::Acquire);
        let mut refusal = self.asking.lock().await;
        let now = Instant::now();
        if let Some(token) = self.current().filter(|token| now < token.ends) {
            return Ok(token);
        }
        if let Some((error, until)) = &refusal.kept
            && (now < *until || self.asked.load(Ordering::Acquire) != seen)
        {
            return Err(error.of(operation));
        }
        self.ask(&mut refusal, transport, base, operation).await
    }

    /// Drops `token`, unless another has taken its place.
    pub(in crate::client) fn drop_token(&self, token: &Arc<Token>) {
        let mut current = self.lock();
        if current.as_ref().is_some_and(|current| Arc::ptr_eq(current, token)) {
            *current = None;
        }
    }

    /// Revokes the token, if there is one.
    pub(in crate::client) async fn revoke(
        &self,
        transport: &dyn Transport,
        base: &BaseUrl,
    ) -> Result<(), DisconnectError> {
        let Some(token) = self.lock().take() else { return Ok(()) };
        let form = format!("token={}&token_type_hint=access_token", percent::encoded(token.secret.expose_secret()));
        let answer = transport.send(self.form(base, "/api/oauth/revoke", form.into())?).await?;
        if answer.status().is_success() { Ok(()) } else { Err(DisconnectError::Refused(answer.status().as_u16())) }
    }

    async fn ask(
        &self,
        refusal: &mut Refusal,
        transport: &dyn Transport,
        base: &BaseUrl,
        operation: Operation,
    ) -> Result<Arc<Token>, AtlasError> {
        let asked = self.fetch(transport, base, operation).await;
        self.asked.fetch_add(1, Ordering::Release);
        match asked {
            Ok(token) => {
                let token = Arc::new(token);
                *self.lock() = Some(Arc::clone(&token));
                refusal.kept = None;
                Ok(token)
            }
            Err(error) => {
                let kept = match error.category() {
                    Category::RateLimited { retry_after } => retry_after.unwrap_or_default(),
                    _ if error.is_passing() => Duration::ZERO,
                    _ => REFUSAL_KEPT,
                };
                refusal.kept = Some((error.clone(), Instant::now() + kept));
                Err(error)
            }
        }
    }

    async fn fetch(
        &self,
        transport: &dyn Transport,
        base: &BaseUrl,
        operation: Operation,
    ) -> Result<Token, AtlasError> {
        let lost = |error| AtlasError::transport(operation, false, error);
        // Counted from before the request, so that it never seems to live longer than it does.
        let begun = Instant::now();
        let form = Bytes::from_static(b"grant_type=client_credentials");
        let sent = self.form(base, "/api/oauth/token", form).map_err(lost)?;
        let answer = transport.send(sent).await.map_err(lost)?;
        debug!(atlas.status = answer.status().as_u16(), duration_ms = begun.elapsed().as_millis(), "asked for a token");
        let (parts, body) = answer.into_parts();
        if parts.status != StatusCode::OK {
            return Err(AtlasError::from_sign_in(operation, parts.status, &parts.headers, &body));
        }
        let unusable = || {
            let problem = "it holds no token for the service account";
            let id = error::request_id(&parts.headers);
            AtlasError::malformed(operation, Outcome::NotExecuted, parts.status, problem, id)
        };
        let granted: Granted = serde_json::from_slice(&body).map_err(|_| unusable())?;
        let mut header = HeaderValue::try_from(format!("Bearer {}", granted.access_token)).map_err(|_| unusable())?;
        header.set_sensitive(true);
        let lifetime = Duration::from_secs(granted.expires_in.unwrap_or(USUAL_LIFETIME).min(24 * 3600));
        // Between a tenth and a twentieth before its end, so that many connections do not renew together.
        let margin = lifetime.mul_f64(0.05 + 0.05 * chance::fraction());
        let ends = begun + lifetime;
        Ok(Token { secret: granted.access_token.into(), header, due: ends - margin, ends })
    }

    fn form(&self, base: &BaseUrl, path: &str, form: Bytes) -> Result<Request<Bytes>, TransportError> {
        let not_sendable = |detail: &str| TransportError::NotSendable { detail: detail.to_owned() };
        let uri: Uri = format!("{base}{path}").parse().map_err(|_| not_sendable("the address is not valid"))?;
        let pair = format!("{}:{}", self.client_id, self.client_secret.expose_secret());
        let mut basic = HeaderValue::try_from(format!("Basic {}", STANDARD.encode(pair)))
            .map_err(|_| not_sendable("the credential is not valid"))?;
        basic.set_sensitive(true);
        let mut request = Request::new(form);
        *request.method_mut() = Method::POST;
        *request.uri_mut() = uri;
        let headers = request.headers_mut();
        headers.insert(header::AUTHORIZATION, basic);
        headers.insert(header::ACCEPT, HeaderValue::from_static("application/json"));
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/x-www-form-urlencoded"));
        headers.insert(header::USER_AGENT, HeaderValue::from_static(USER_AGENT));
        Ok(request)
    }

    fn current(&self) -> Option<Arc<Token>> {
        self.lock().clone()
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Option<Arc<Token>>> {
        self.token.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
