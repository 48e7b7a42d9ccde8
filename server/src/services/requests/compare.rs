//! Compares Atlas with what a plan was computed from: at the approval, before the execution, and whenever somebody asks.

use app::{backend::Answer, error::ApiError};

use crate::{
    services::{
        atlas_access::AtlasAccess,
        planner::{self, cannot_read},
    },
    store::{StoredCheck, StoredDrift, StoredRequest},
};

/// What a comparison found.
pub(crate) struct Comparison {
    /// What was compared, each fine or not.
    pub(crate) checks: Vec<StoredCheck>,
    /// What is no longer as planned.
    pub(crate) drift: Vec<StoredDrift>,
}

/// Reads Atlas and compares. Only reads.
///
/// # Errors
///
/// When Atlas cannot be read, with what to do.
pub(crate) async fn with_atlas(atlas: &dyn AtlasAccess, request: &StoredRequest) -> Answer<Comparison> {
    let mut comparison = Comparison { checks: vec![], drift: vec![] };
    for target in &request.plan.targets {
        let reader = atlas.reader(&target.org).await?;
        let drift = planner::drift(request.plan.kind, target, &reader).await.map_err(|error| cannot_read(&error))?;
        let text = if drift.is_empty() {
            format!("{} is as it was when planned.", target.org_name)
        } else {
            format!("{} is no longer as it was when planned.", target.org_name)
        };
        comparison.checks.push(StoredCheck { ok: drift.is_empty(), text });
        comparison.drift.extend(drift);

        let has_writer = atlas.has_writer(&target.org).await?;
        let text = if has_writer {
            format!("{} has a writer that can carry it out.", target.org_name)
        } else {
            format!("{} has no writer: it has to be carried out by hand.", target.org_name)
        };
        comparison.checks.push(StoredCheck { ok: has_writer, text });
    }
    Ok(comparison)
}

/// What the person is told whose verdict met a plan that no longer fits.
pub(super) fn stale() -> ApiError {
    ApiError::refused(
        "Atlas is no longer what this plan was computed from, so nothing was decided and the request is stale.",
        "The differences are listed below. The requester can ask again with a new plan.",
    )
}
