//! Signing requests with HTTP Digest (RFC 7616): remembers the last challenge and counts its uses.

use std::sync::{Mutex, MutexGuard, PoisonError};

use http::{HeaderMap, HeaderValue, header};
use http_auth::{PasswordClient, PasswordParams};
use secrecy::{ExposeSecret, SecretString};

use crate::AtlasRequest;

pub(in crate::client) struct Digest {
    public_key: String,
    private_key: SecretString,
    challenge: Mutex<Option<PasswordClient>>,
    /// Held by whoever fetches the first challenge, so that many calls at the start need one between them.
    first: tokio::sync::Mutex<()>,
}

impl Digest {
    pub(super) fn new(public_key: String, private_key: SecretString) -> Self {
        Self { public_key, private_key, challenge: Mutex::new(None), first: tokio::sync::Mutex::default() }
    }

    pub(super) fn public_key(&self) -> &str {
        &self.public_key
    }

    /// Waits until nobody else fetches the first challenge.
    pub(in crate::client) async fn turn(&self) -> tokio::sync::MutexGuard<'_, ()> {
        self.first.lock().await
    }

    /// Signs with the remembered challenge, if there is one.
    pub(in crate::client) fn sign(&self, request: &AtlasRequest) -> Option<HeaderValue> {
        let mut challenge = self.lock();
        let signed = challenge.as_mut().and_then(|challenge| self.respond(challenge, request));
        if signed.is_none() {
            *challenge = None;
        }
        signed
    }

    /// Takes the new challenge of an answer, signs with it and remembers it.
    pub(in crate::client) fn challenged(&self, headers: &HeaderMap, request: &AtlasRequest) -> Option<HeaderValue> {
        let offered = headers.get_all(header::WWW_AUTHENTICATE).iter().filter_map(|value| value.to_str().ok());
        let mut challenge =
            offered.fold(PasswordClient::builder(), |builder, value| builder.challenges(value)).build().ok()?;
        // Signed before others can use it, so that this request has the first number of the count.
        let signed = self.respond(&mut challenge, request)?;
        *self.lock() = Some(challenge);
        Some(signed)
    }

    /// Drops the remembered challenge.
    pub(in crate::client) fn forget(&self) {
        *self.lock() = None;
    }

    fn respond(&self, challenge: &mut PasswordClient, request: &AtlasRequest) -> Option<HeaderValue> {
        let text = challenge
            .respond(&PasswordParams {
                username: &self.public_key,
                password: self.private_key.expose_secret(),
                uri: request.path(),
                method: request.method().as_str(),
                body: None,
            })
            .ok()?;
        let mut value = HeaderValue::try_from(text).ok()?;
        value.set_sensitive(true);
        Some(value)
    }

    fn lock(&self) -> MutexGuard<'_, Option<PasswordClient>> {
        self.challenge.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
