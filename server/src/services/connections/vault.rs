//! The sealed credentials: sealing them, and opening readers. Writers are opened in [`super::writer`] only.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use app::error::ApiError;
use atlas::{BaseUrl, Client, Credentials, RetryPolicy, Transport};
use domain::ids::OrgId;
use secrecy::{ExposeSecret as _, SecretString};

use crate::{
    sealing::{Keys, OpenError, Place},
    store::{SealedCredential, Slot, Store, StoreError},
};

/// Why there is no client.
#[derive(Debug, thiserror::Error)]
pub enum NoClient {
    /// The organization is not connected, or has nothing in this slot.
    #[error("there is no such credential")]
    Absent,
    /// The sealed private key cannot be opened.
    #[error("the private key cannot be opened")]
    Sealed(#[source] OpenError),
    /// The stored base URL is not one.
    #[error("the base URL cannot be used")]
    BaseUrl(#[source] atlas::InvalidBaseUrl),
    /// The database did not answer.
    #[error("the credential cannot be read")]
    Store(#[from] StoreError),
}

impl From<NoClient> for ApiError {
    fn from(error: NoClient) -> Self {
        match error {
            NoClient::Absent => Self::NotFound,
            NoClient::Store(error) => error.into(),
            NoClient::Sealed(error) => Self::refused(
                format!("The private key of this connection cannot be opened: {error}."),
                "Start Meridian with the key it was sealed with, or replace the connection’s credentials.",
            ),
            NoClient::BaseUrl(error) => Self::refused(
                format!("The base URL of this connection cannot be used: {error}."),
                "Remove the connection and connect the organization again.",
            ),
        }
    }
}

/// Seals private keys and opens readers. `Debug` shows nothing of them.
pub struct Vault {
    store: Store,
    keys: Arc<Keys>,
    transport: Arc<dyn Transport>,
    retries: RetryPolicy,
    readers: Mutex<HashMap<OrgId, (i64, Arc<Client>)>>,
}

impl std::fmt::Debug for Vault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Vault").finish_non_exhaustive()
    }
}

impl Vault {
    /// A vault whose clients go through `transport` and repeat reads as `retries` says.
    #[must_use]
    pub fn new(store: Store, keys: Arc<Keys>, transport: Arc<dyn Transport>, retries: RetryPolicy) -> Self {
        Self { store, keys, transport, retries, readers: Mutex::default() }
    }

    /// How requests travel.
    pub(super) fn transport(&self) -> Arc<dyn Transport> {
        Arc::clone(&self.transport)
    }

    /// Seals a private key for its slot of `org`: it opens nowhere else.
    pub(super) fn seal(&self, org: &OrgId, slot: Slot, private_key: &SecretString) -> Vec<u8> {
        self.keys.seal(place(org, slot), private_key.expose_secret().as_bytes())
    }

    /// Seals what an import found until it is added: `row` is the place where it is kept.
    pub(super) fn seal_import(&self, row: &str, content: &[u8]) -> Vec<u8> {
        self.keys.seal(import_place(row), content)
    }

    /// Opens what [`Self::seal_import`] sealed.
    pub(super) fn open_import(&self, row: &str, sealed: &[u8]) -> Result<zeroize::Zeroizing<Vec<u8>>, OpenError> {
        self.keys.open(import_place(row), sealed)
    }

    /// A client with the reader's credentials, and the version of the connection it belongs to. It is kept, so that its
    /// Digest challenge serves many requests, until the credentials change.
    ///
    /// # Errors
    ///
    /// When the organization is not connected, or its credentials cannot be opened.
    pub async fn open_reader(&self, org: &OrgId) -> Result<(Arc<Client>, i64), NoClient> {
        let version = self.store.connection_version(org).await?.ok_or(NoClient::Absent)?;
        let kept = self.lock().get(org).filter(|(kept, _)| *kept == version).map(|(_, client)| Arc::clone(client));
        if let Some(client) = kept {
            return Ok((client, version));
        }
        let sealed = self.store.sealed_credential(org, Slot::Reader).await?.ok_or(NoClient::Absent)?;
        let version = sealed.version;
        let client = Arc::new(self.open(org, Slot::Reader, &sealed)?);
        self.lock().insert(org.clone(), (version, Arc::clone(&client)));
        Ok((client, version))
    }

    /// Drops the client kept for `org`.
    pub(super) fn forget(&self, org: &OrgId) {
        self.lock().remove(org);
    }

    /// A new client with the credential in `slot`.
    pub(super) async fn open_slot(&self, org: &OrgId, slot: Slot) -> Result<(Client, i64), NoClient> {
        let sealed = self.store.sealed_credential(org, slot).await?.ok_or(NoClient::Absent)?;
        let version = sealed.version;
        Ok((self.open(org, slot, &sealed)?, version))
    }

    fn open(&self, org: &OrgId, slot: Slot, sealed: &SealedCredential) -> Result<Client, NoClient> {
        let base: BaseUrl = sealed.base_url.parse().map_err(NoClient::BaseUrl)?;
        let plain = self.keys.open(place(org, slot), &sealed.sealed).map_err(NoClient::Sealed)?;
        let private_key =
            SecretString::from(str::from_utf8(&plain).map_err(|_| NoClient::Sealed(OpenError::Malformed))?);
        let credentials = Credentials::ApiKey { public_key: sealed.public_key.clone(), private_key };
        Ok(Client::new(self.transport(), base, credentials).with_retries(self.retries))
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<OrgId, (i64, Arc<Client>)>> {
        self.readers.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn import_place(row: &str) -> Place<'_> {
    Place { table: "attempts", column: "import", row }
}

fn place(org: &OrgId, slot: Slot) -> Place<'_> {
    let column = match slot {
        Slot::Reader => "reader_private_key",
        Slot::Writer => "writer_private_key",
    };
    Place { table: "connections", column, row: org.as_str() }
}
