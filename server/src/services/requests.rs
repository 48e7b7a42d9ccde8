//! Change requests: lists, one request with all there is to know, verdicts, and the one-time look at a private key.

pub(crate) mod compare;
mod decide;
pub(crate) mod recount;
mod reveal;
pub(in crate::services) mod submission;
mod view;

use std::sync::Arc;

use app::{
    api::requests::{RequestPage, RequestQuery, RequestTab, RequestView, RevealedSecret},
    backend::{Answer, Caller, Clock, RequestService},
    error::ApiError,
};
use async_trait::async_trait;
use domain::{
    approval::Verdict,
    ids::{ApiKeyId, OrgId, RequestNumber},
    people::{Grants, Permission, Role},
};
use tokio::sync::Notify;

use super::atlas_access::AtlasAccess;
use crate::{
    sealing::Keys,
    store::{self, RequestFilter, Store, StoredRequest},
};

/// How many requests a page of the list has.
const PAGE_SIZE: u32 = 25;

/// The service.
#[derive(Clone)]
pub struct Requests {
    store: Store,
    clock: Arc<dyn Clock>,
    atlas: Arc<dyn AtlasAccess>,
    keys: Keys,
    wake: Arc<Notify>,
}

impl Requests {
    /// The service over `store`; `wake` tells the executor that a request was approved.
    #[must_use]
    pub fn new(
        store: Store,
        clock: Arc<dyn Clock>,
        atlas: Arc<dyn AtlasAccess>,
        keys: Keys,
        wake: Arc<Notify>,
    ) -> Self {
        Self { store, clock, atlas, keys, wake }
    }

    /// A request that the caller may see. What is not theirs to see is not there.
    async fn visible(&self, caller: &Caller, number: RequestNumber) -> Answer<StoredRequest> {
        let request = self.store.request(number).await?.ok_or(ApiError::NotFound)?;
        if may_see(caller, &request) { Ok(request) } else { Err(ApiError::NotFound) }
    }

    fn filter(&self, caller: &Caller, view: store::RequestView) -> RequestFilter {
        RequestFilter {
            view,
            person: caller.person,
            visible: caller.grants.visible_orgs(),
            decidable: orgs_of(&caller.grants, Role::Approver),
            now: self.clock.now(),
        }
    }

    /// Settles what changed for waiting requests because somebody got or lost a role, and wakes the executor.
    ///
    /// # Errors
    ///
    /// When the database cannot do its part; the executor's sweep does it later then.
    pub async fn recount(&self) -> Answer<()> {
        if recount::all(&self.store, self.clock.now()).await? {
            self.wake.notify_one();
        }
        Ok(())
    }

    /// How many requests wait for the caller's verdict.
    ///
    /// # Errors
    ///
    /// When the database cannot answer.
    pub async fn inbox(&self, caller: &Caller) -> Answer<u32> {
        Ok(self.store.count_requests(&self.filter(caller, store::RequestView::NeedsMe)).await?)
    }
}

fn may_see(caller: &Caller, request: &StoredRequest) -> bool {
    request.requester == caller.person || request.plan.orgs().all(|org| caller.grants.allow(Permission::View(org)))
}

/// The organizations in which `role` is held; `None` for all.
fn orgs_of(grants: &Grants, role: Role) -> Option<Vec<OrgId>> {
    if grants.has_global(role) {
        return None;
    }
    Some(grants.0.iter().filter(|grant| grant.role == role).filter_map(|grant| grant.org.clone()).collect())
}

const fn view_of(tab: RequestTab) -> store::RequestView {
    match tab {
        RequestTab::NeedsMe => store::RequestView::NeedsMe,
        RequestTab::Mine => store::RequestView::Mine,
        RequestTab::Open => store::RequestView::Open,
        RequestTab::Done => store::RequestView::Done,
    }
}

#[async_trait]
impl RequestService for Requests {
    async fn list(&self, caller: &Caller, query: &RequestQuery) -> Answer<RequestPage> {
        let mut counts = Vec::with_capacity(RequestTab::ALL.len());
        for tab in RequestTab::ALL {
            counts.push(self.store.count_requests(&self.filter(caller, view_of(tab))).await?);
        }
        let filter = self.filter(caller, view_of(query.tab));
        let matching = self.store.count_requests(&filter).await?;
        let pages = matching.div_ceil(PAGE_SIZE).max(1);
        let page = query.page.clamp(1, pages);
        let lines = self.store.list_requests(&filter, PAGE_SIZE, (page - 1) * PAGE_SIZE).await?;
        Ok(RequestPage {
            rows: lines.into_iter().map(|line| view::row(line, caller, filter.now)).collect(),
            matching,
            page,
            pages,
            counts,
            may_request: caller.grants.roles().contains(&Role::Operator),
            may_decide: caller.grants.roles().contains(&Role::Approver),
        })
    }

    async fn get(&self, caller: &Caller, number: RequestNumber) -> Answer<RequestView> {
        let request = self.visible(caller, number).await?;
        self.view(caller, request).await
    }

    async fn approve(&self, caller: &Caller, number: RequestNumber, digest: &str) -> Answer<()> {
        self.decide(caller, number, digest, Verdict::Approve, None).await
    }

    async fn deny(&self, caller: &Caller, number: RequestNumber, digest: &str, reason: &str) -> Answer<()> {
        self.decide(caller, number, digest, Verdict::Deny, Some(reason)).await
    }

    async fn withdraw(&self, caller: &Caller, number: RequestNumber) -> Answer<()> {
        self.take_back(caller, number).await
    }

    async fn check(&self, caller: &Caller, number: RequestNumber) -> Answer<()> {
        self.check_now(caller, number).await
    }

    async fn reveal(&self, caller: &Caller, number: RequestNumber) -> Answer<RevealedSecret> {
        self.reveal_once(caller, number).await
    }

    async fn open_for(&self, caller: &Caller, org: &OrgId, key: Option<&ApiKeyId>) -> Answer<Vec<RequestNumber>> {
        caller.require(Permission::View(org))?;
        Ok(match key {
            Some(key) => self.store.open_requests_about(org, key, self.clock.now()).await?,
            None => self.store.open_requests_of(org, self.clock.now()).await?,
        })
    }
}
