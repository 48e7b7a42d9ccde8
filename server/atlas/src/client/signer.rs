//! Signing requests with HTTP Digest (RFC 7616): remembers the last challenge and counts its uses.

use std::{
    fmt,
    sync::{Mutex, MutexGuard, PoisonError},
};

use http::{HeaderMap, HeaderValue, header};
use http_auth::{PasswordClient, PasswordParams};
use secrecy::ExposeSecret;

use crate::{AtlasRequest, Credentials};

pub(super) struct Signer {
    credentials: Credentials,
    challenge: Mutex<Option<PasswordClient>>,
}

impl fmt::Debug for Signer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Signer").field("credentials", &self.credentials).finish_non_exhaustive()
    }
}

impl Signer {
    pub(super) fn new(credentials: Credentials) -> Self {
        Self { credentials, challenge: Mutex::new(None) }
    }

    pub(super) fn credentials(&self) -> &Credentials {
        &self.credentials
    }

    /// Signs with the remembered challenge, if there is one.
    pub(super) fn sign(&self, request: &AtlasRequest) -> Option<HeaderValue> {
        let mut challenge = self.lock();
        let signed = challenge.as_mut().and_then(|challenge| self.respond(challenge, request));
        if signed.is_none() {
            *challenge = None;
        }
        signed
    }

    /// Takes the new challenge of an answer, signs with it and remembers it.
    pub(super) fn challenged(&self, headers: &HeaderMap, request: &AtlasRequest) -> Option<HeaderValue> {
        let offered = headers.get_all(header::WWW_AUTHENTICATE).iter().filter_map(|value| value.to_str().ok());
        let mut challenge =
            offered.fold(PasswordClient::builder(), |builder, value| builder.challenges(value)).build().ok()?;
        // Signed before others can use it, so that this request has the first number of the count.
        let signed = self.respond(&mut challenge, request)?;
        *self.lock() = Some(challenge);
        Some(signed)
    }

    /// Drops the remembered challenge.
    pub(super) fn forget(&self) {
        *self.lock() = None;
    }

    fn respond(&self, challenge: &mut PasswordClient, request: &AtlasRequest) -> Option<HeaderValue> {
        let Credentials::ApiKey { public_key, private_key } = &self.credentials;
        let text = challenge
            .respond(&PasswordParams {
                username: public_key,
                password: private_key.expose_secret(),
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
