//! What the people's services need to know of the rest.

use app::{
    api::people::OrgChoice,
    backend::{Answer, Caller},
};
use async_trait::async_trait;

/// Facts from other areas that the frame and the people pages show.
#[async_trait]
pub trait Surroundings: Send + Sync {
    /// How many requests wait for the caller.
    async fn inbox(&self, caller: &Caller) -> Answer<u32>;
    /// The connected organizations that the caller sees.
    async fn organizations(&self, caller: &Caller) -> Answer<Vec<OrgChoice>>;
}
