//! Narrowing an entry of a key's access list: what a person may ask for, checked against the inventory, planned from Atlas.

use std::sync::Arc;

use app::{
    api::{drafts::ReviewView, narrow::NarrowView},
    backend::{Answer, Caller, Clock, NarrowService},
    error::ApiError,
};
use async_trait::async_trait;
use domain::{
    access_list::width_in_words,
    create_key::MAX_REASON,
    description::check_prose,
    ids::{OrgId, RequestNumber},
    narrow::{NotNarrowable, observed},
    people::Permission,
    plan::Plan,
    policy,
};

use super::{
    atlas_access::AtlasAccess,
    drafts::acting,
    inventory::{parse_block, shown},
    planner::narrow::{self, NarrowInput},
    requests::submission::{self, Submission},
};
use crate::store::{ListState, ListedKey, Store, StoredEntry};

/// The service.
#[derive(Clone)]
pub struct Narrowing {
    store: Store,
    clock: Arc<dyn Clock>,
    atlas: Arc<dyn AtlasAccess>,
}

/// What the inventory knows of what is to be narrowed.
struct Known {
    input: NarrowInput,
    key: ListedKey,
    entry: StoredEntry,
    /// How many entries the list has besides.
    others: usize,
    acting: String,
}

impl Narrowing {
    /// The service over `store`, planning with what `atlas` shows.
    #[must_use]
    pub fn new(store: Store, clock: Arc<dyn Clock>, atlas: Arc<dyn AtlasAccess>) -> Self {
        Self { store, clock, atlas }
    }

    /// What the inventory knows of it, for those who may ask for changes there. What is not in the inventory is not there.
    async fn known(&self, caller: &Caller, org: &OrgId, key: &str, entry: &str) -> Answer<Known> {
        if !caller.grants.allow(Permission::View(org)) {
            return Err(ApiError::NotFound);
        }
        caller.require(Permission::Request(org))?;
        let connection = self.store.connection(org).await?.ok_or(ApiError::NotFound)?;
        let (key, _) = self.store.key(org, key).await?.ok_or(ApiError::NotFound)?;
        let entries = self.store.access_list(org, &key.key).await?;
        let (range, _) = domain::access_list::read_range(entry).map_err(|_| ApiError::NotFound)?;
        let others = entries.len().saturating_sub(1);
        let stored = entries.into_iter().find(|stored| parse_block(&stored.block) == Some(range));
        let entry = stored.filter(|_| key.list_state == ListState::Known).ok_or(ApiError::NotFound)?;
        let is_own = connection.reader.public_key == key.public_key
            || connection.writer.as_ref().is_some_and(|writer| writer.public_key == key.public_key);
        let address = connection.address_seen.as_deref().and_then(|address| address.parse().ok());
        let input = NarrowInput {
            org: org.clone(),
            key: key.key.clone(),
            entry: range,
            own_address: is_own.then_some(address),
        };
        let (acting, _) = acting::describe(connection.writer.as_ref());
        Ok(Known { input, key, entry, others, acting })
    }

    async fn plan(&self, known: &Known) -> Answer<Plan> {
        // What the inventory already rules out costs no call.
        let used_from = known.entry.last_used_from.as_deref().and_then(|address| address.parse().ok());
        let refusal = observed(&known.input.entry, known.entry.last_used.is_some(), used_from).err();
        if let Some(why @ NotNarrowable::Single) = refusal {
            return Err(narrow::refused(&why));
        }
        let reader = self.atlas.reader(&known.input.org).await?;
        narrow::plan(&known.input, &reader).await
    }
}

#[async_trait]
impl NarrowService for Narrowing {
    async fn review(&self, caller: &Caller, org: &OrgId, key: &str, entry: &str) -> Answer<NarrowView> {
        let now = self.clock.now();
        let known = self.known(caller, org, key, entry).await?;
        let plan = self.plan(&known).await?;
        let sealed = plan.seal().map_err(|error| super::fault::internal(&error))?;
        let approvers = submission::approvers(&self.store, caller, &plan).await?;
        Ok(NarrowView {
            org: org.clone(),
            key: known.key.key.clone(),
            description: known.key.description,
            entry: shown(&known.input.entry),
            width: width_in_words(&known.input.entry),
            observed: narrow::last_caller(&plan).to_owned(),
            last_used: known.entry.last_used,
            uses: u64::try_from(known.entry.uses).unwrap_or(0),
            others: u32::try_from(known.others).unwrap_or(u32::MAX),
            open_requests: self.store.open_requests_about(org, &known.key.key, now).await?,
            review: ReviewView {
                digest: sealed.digest,
                requirement: policy::default_policy(&plan),
                approver_count: u32::try_from(approvers.len()).unwrap_or(u32::MAX),
                approvers: approvers.into_iter().take(5).collect(),
                acting: known.acting,
                planned_at: now,
                plan,
            },
        })
    }

    async fn ask(
        &self,
        caller: &Caller,
        org: &OrgId,
        key: &str,
        entry: &str,
        digest: &str,
        reason: &str,
    ) -> Answer<RequestNumber> {
        let now = self.clock.now();
        let known = self.known(caller, org, key, entry).await?;
        let reason = check_prose(reason, "The reason", MAX_REASON).map_err(|message| {
            let message = if reason.trim().is_empty() {
                "Say why this is wanted; whoever decides reads it.".to_owned()
            } else {
                message
            };
            ApiError::field("reason", message)
        })?;
        let plan = self.plan(&known).await?;
        let sealed = plan.seal().map_err(|error| super::fault::internal(&error))?;
        if sealed.digest != digest {
            return Err(ApiError::refused(
                "The plan is no longer the one you reviewed: something changed in Atlas.",
                "Read it once more below, then submit it.",
            ));
        }
        let mut tx = self.store.begin().await?;
        let submission = Submission { plan: &plan, sealed, reason: &reason, ticket: "" };
        let number = submission::submit(&mut tx, caller, submission, now).await?;
        tx.commit().await?;
        Ok(number)
    }
}
