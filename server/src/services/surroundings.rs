//! What the people's services need to know of the rest.

use std::sync::Arc;

use app::{
    api::people::OrgChoice,
    backend::{Answer, Caller, ConnectionService},
};
use async_trait::async_trait;

use super::requests::Requests;

/// Facts from other areas that the frame and the people pages show.
#[async_trait]
pub trait Surroundings: Send + Sync {
    /// How many requests wait for the caller.
    async fn inbox(&self, caller: &Caller) -> Answer<u32>;
    /// Tells that somebody got or lost a role, or is let in or out, so that approvals may count which did not, and the reverse.
    async fn roles_changed(&self);
    /// The connected organizations that the caller sees.
    async fn organizations(&self, caller: &Caller) -> Answer<Vec<OrgChoice>>;
}

/// The other services, as the people's services see them.
#[derive(Clone)]
pub struct Neighbours {
    /// Organizations and their connections.
    pub connections: Arc<dyn ConnectionService>,
    /// Change requests.
    pub requests: Requests,
}

#[async_trait]
impl Surroundings for Neighbours {
    async fn inbox(&self, caller: &Caller) -> Answer<u32> {
        self.requests.inbox(caller).await
    }

    async fn roles_changed(&self) {
        if let Err(error) = self.requests.recount().await {
            tracing::warn!(%error, "approvals could not be counted again at once; the regular sweep does it");
        }
    }

    async fn organizations(&self, caller: &Caller) -> Answer<Vec<OrgChoice>> {
        let rows = self.connections.list(caller).await?;
        Ok(rows.into_iter().map(|row| OrgChoice { id: row.org.to_string(), name: row.label }).collect())
    }
}
