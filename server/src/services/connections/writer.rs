//! Opening a writer, the only credential that can change Atlas.
//!
//! Invariant: nothing but the executor calls [`WriterAccess::open`], and only for an approved plan. Tests of credentials, which
//! also use the writer's slot, read with it and never hand it out.

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

use atlas::Client;

use super::vault::{NoClient, Vault};
use crate::{services::atlas_access::ApprovedPlan, store::Slot};

/// Opens writers, and counts how often.
#[derive(Debug)]
pub struct WriterAccess {
    vault: Arc<Vault>,
    opened: AtomicU64,
}

impl WriterAccess {
    /// Access to the writers in `vault`.
    #[must_use]
    pub fn new(vault: Arc<Vault>) -> Self {
        Self { vault, opened: AtomicU64::new(0) }
    }

    /// A client with the writer's credentials for the organization of `plan`; it is made anew each time and not kept.
    ///
    /// # Errors
    ///
    /// [`NoClient::Absent`] when there is no writer; otherwise when its credentials cannot be opened.
    pub async fn open(&self, plan: &ApprovedPlan<'_>) -> Result<Client, NoClient> {
        let (client, _) = self.vault.open_slot(plan.org, Slot::Writer).await?;
        self.opened.fetch_add(1, Ordering::Relaxed);
        tracing::info!(org.id = %plan.org, plan.digest = plan.digest, "the writer was opened for an approved plan");
        Ok(client)
    }

    /// How often a writer was opened since the start.
    #[must_use]
    pub fn opened(&self) -> u64 {
        self.opened.load(Ordering::Relaxed)
    }
}
