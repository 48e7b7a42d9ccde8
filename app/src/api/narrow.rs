//! Narrowing an entry of a key's access list to the address it was last used from.

use domain::ids::{ApiKeyId, OrgId, RequestNumber};
use jiff::Timestamp;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use super::drafts::ReviewView;
use crate::error::ApiError;

/// What would be narrowed, and the plan for it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct NarrowView {
    /// The organization.
    pub org: OrgId,
    /// The key.
    pub key: ApiKeyId,
    /// Its description.
    pub description: String,
    /// The range that gives way.
    pub entry: String,
    /// How many addresses it holds, in words.
    pub width: String,
    /// The address it was last used from, as the plan saw it.
    pub observed: String,
    /// When it was last used.
    pub last_used: Option<Timestamp>,
    /// How many calls it allowed.
    pub uses: u64,
    /// How many other entries the list has; they stay.
    pub others: u32,
    /// Open requests about the same key.
    #[serde(default)]
    pub open_requests: Vec<RequestNumber>,
    /// The plan, who must approve it, and who acts.
    pub review: ReviewView,
}

/// The plan that narrows an entry, as it would be submitted now. Only reads.
#[server(prefix = "/api", endpoint = "keys/narrowing")]
pub async fn get_narrowing(
    /// The organization.
    org: OrgId,
    /// The key's id or its public key.
    key: String,
    /// The entry.
    #[server(default)]
    entry: String,
) -> Result<NarrowView, ApiError> {
    use crate::server::{answer, begin};

    let reviewing = async {
        let (caller, backend) = begin()?;
        backend.narrowing.review(&caller, &org, &key, &entry).await
    };
    answer(reviewing.await)
}

/// Asks for an entry to be narrowed, by the plan that was reviewed.
#[server(prefix = "/api", endpoint = "keys/narrow")]
pub async fn narrow_entry(
    /// The organization's id.
    #[server(default)]
    org: String,
    /// The key's id.
    #[server(default)]
    key: String,
    /// The entry.
    #[server(default)]
    entry: String,
    /// The digest of the plan that was reviewed.
    #[server(default)]
    digest: String,
    /// Why the change is wanted.
    #[server(default)]
    reason: String,
) -> Result<(), ApiError> {
    use crate::{
        paths,
        server::{Typed, answer_form, begin},
    };

    let page = match (org.parse::<OrgId>(), key.parse::<ApiKeyId>()) {
        (Ok(org), Ok(key)) => paths::narrow_entry(&org, &key, &entry),
        _ => paths::KEYS.to_owned(),
    };
    let asking = async {
        let (caller, backend) = begin()?;
        let org: OrgId = org.parse().map_err(|_| ApiError::NotFound)?;
        let number = backend.narrowing.ask(&caller, &org, &key, &entry, &digest, &reason).await?;
        Ok(paths::request(number))
    };
    let outcome = asking.await;
    answer_form(&page, Typed::of(&[("reason", &reason)]), outcome).await
}
