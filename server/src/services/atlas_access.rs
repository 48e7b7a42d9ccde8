//! How services reach Atlas for an organization, without ever seeing a credential.

use std::sync::Arc;

use app::backend::Answer;
use async_trait::async_trait;
use domain::{create_key::KnownProject, ids::OrgId};
use jiff::Timestamp;

/// Proof that a plan is approved and about to be executed. Only the executor makes one, so only the executor opens a writer.
#[derive(Debug)]
pub struct ApprovedPlan<'a> {
    /// The organization whose part of the plan is about to be sent.
    pub org: &'a OrgId,
    /// The digest of the approved plan, for the log of who opened what.
    pub digest: &'a str,
}

/// Clients for the connected organizations.
#[async_trait]
pub trait AtlasAccess: Send + Sync {
    /// A client that reads, with the reader’s credentials. It is shared, so that its Digest challenge serves many requests.
    ///
    /// # Errors
    ///
    /// When the organization is not connected, or its credentials cannot be opened.
    async fn reader(&self, org: &OrgId) -> Answer<Arc<atlas::Client>>;

    /// A client that may change Atlas, with the writer's credentials; `None` when there is no writer.
    ///
    /// # Errors
    ///
    /// When the organization is not connected, or its credentials cannot be opened.
    async fn writer(&self, plan: &ApprovedPlan<'_>) -> Answer<Option<Arc<atlas::Client>>>;

    /// Whether there is a writer, without opening it.
    ///
    /// # Errors
    ///
    /// When the database cannot answer.
    async fn has_writer(&self, org: &OrgId) -> Answer<bool>;

    /// The organization's projects as the inventory knows them, by name, and when they were read.
    ///
    /// # Errors
    ///
    /// When the database cannot answer.
    async fn projects(&self, org: &OrgId) -> Answer<(Vec<KnownProject>, Option<Timestamp>)>;

    /// Reads the organization into the inventory soon, because something changed there.
    async fn refresh_soon(&self, org: &OrgId);
}
