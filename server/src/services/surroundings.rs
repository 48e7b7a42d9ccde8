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

    async fn organizations(&self, caller: &Caller) -> Answer<Vec<OrgChoice>> {
        let rows = self.connections.list(caller).await?;
        Ok(rows.into_iter().map(|row| OrgChoice { id: row.org.to_string(), name: row.label }).collect())
    }
}
