//! What the inventory shows of change requests, without knowing how they are kept.

use std::collections::HashMap;

use async_trait::async_trait;
use domain::ids::{ApiKeyId, OrgId, RequestNumber};

use crate::store::StoreError;

/// Tells which requests are open. The service of requests implements it.
#[async_trait]
pub trait OpenRequests: Send + Sync {
    /// The open requests about an organization, or about one of its keys.
    ///
    /// # Errors
    ///
    /// When the database cannot answer.
    async fn of(&self, org: &OrgId, key: Option<&ApiKeyId>) -> Result<Vec<RequestNumber>, StoreError>;

    /// How many requests are open for each organization that has any.
    ///
    /// # Errors
    ///
    /// When the database cannot answer.
    async fn counts(&self) -> Result<HashMap<OrgId, u32>, StoreError>;
}

/// For a Meridian without requests, such as a test of the inventory alone.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoRequests;

#[async_trait]
impl OpenRequests for NoRequests {
    async fn of(&self, _: &OrgId, _: Option<&ApiKeyId>) -> Result<Vec<RequestNumber>, StoreError> {
        Ok(Vec::new())
    }

    async fn counts(&self) -> Result<HashMap<OrgId, u32>, StoreError> {
        Ok(HashMap::new())
    }
}
