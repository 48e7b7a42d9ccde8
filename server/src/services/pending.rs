//! Areas that have no service yet. Each answers that there is nothing; a line goes as its service comes.

use app::{
    api::{
        connections::{ConnectionChoices, ConnectionForm, ConnectionView, OrganizationRow},
        drafts::{DraftRow, DraftView, ReviewView},
        inventory::{KeyDetail, KeyPage, KeyQuery, ProjectPage, ProjectQuery},
        people::OrgChoice,
        requests::{RequestPage, RequestQuery, RequestView, RevealedSecret},
    },
    backend::{Answer, Caller, ConnectionService, DraftChange, DraftService, Go, InventoryService, RequestService},
    error::ApiError,
};
use async_trait::async_trait;
use domain::{
    create_key::Step,
    ids::{ApiKeyId, DraftId, OrgId, RequestNumber},
};

use super::Surroundings;

/// Answers for areas without a service.
#[derive(Debug, Clone, Copy)]
pub struct Pending;

#[async_trait]
impl ConnectionService for Pending {
    async fn list(&self, _caller: &Caller) -> Answer<Vec<OrganizationRow>> {
        Err(ApiError::NotFound)
    }
    async fn get(&self, _caller: &Caller, _org: &OrgId) -> Answer<ConnectionView> {
        Err(ApiError::NotFound)
    }
    async fn choices(&self, _caller: &Caller) -> Answer<ConnectionChoices> {
        Err(ApiError::NotFound)
    }
    async fn add(&self, _caller: &Caller, _form: ConnectionForm) -> Answer<OrgId> {
        Err(ApiError::NotFound)
    }
    async fn replace(&self, _caller: &Caller, _org: &OrgId, _form: ConnectionForm) -> Answer<()> {
        Err(ApiError::NotFound)
    }
    async fn test(&self, _caller: &Caller, _org: &OrgId) -> Answer<()> {
        Err(ApiError::NotFound)
    }
    async fn remove_writer(&self, _caller: &Caller, _org: &OrgId) -> Answer<()> {
        Err(ApiError::NotFound)
    }
    async fn remove(&self, _caller: &Caller, _org: &OrgId, _typed_name: &str) -> Answer<()> {
        Err(ApiError::NotFound)
    }
    async fn refresh(&self, _caller: &Caller, _org: Option<&OrgId>) -> Answer<()> {
        Err(ApiError::NotFound)
    }
}

#[async_trait]
impl InventoryService for Pending {
    async fn keys(&self, _caller: &Caller, _query: &KeyQuery) -> Answer<KeyPage> {
        Err(ApiError::NotFound)
    }
    async fn keys_csv(&self, _caller: &Caller, _query: &KeyQuery) -> Answer<Vec<u8>> {
        Err(ApiError::NotFound)
    }
    async fn key(&self, _caller: &Caller, _org: &OrgId, _key: &str) -> Answer<KeyDetail> {
        Err(ApiError::NotFound)
    }
    async fn projects(&self, _caller: &Caller, _query: &ProjectQuery) -> Answer<ProjectPage> {
        Err(ApiError::NotFound)
    }
}

#[async_trait]
impl DraftService for Pending {
    async fn list(&self, _caller: &Caller) -> Answer<Vec<DraftRow>> {
        Err(ApiError::NotFound)
    }
    async fn start(&self, _caller: &Caller, _org: &str) -> Answer<DraftId> {
        Err(ApiError::NotFound)
    }
    async fn get(&self, _caller: &Caller, _draft: DraftId, _step: Step) -> Answer<DraftView> {
        Err(ApiError::NotFound)
    }
    async fn save(
        &self,
        _caller: &Caller,
        _draft: DraftId,
        _step: Step,
        _change: DraftChange,
        _go: Go,
    ) -> Answer<String> {
        Err(ApiError::NotFound)
    }
    async fn review(&self, _caller: &Caller, _draft: DraftId) -> Answer<ReviewView> {
        Err(ApiError::NotFound)
    }
    async fn submit(&self, _caller: &Caller, _draft: DraftId, _digest: &str) -> Answer<RequestNumber> {
        Err(ApiError::NotFound)
    }
    async fn discard(&self, _caller: &Caller, _draft: DraftId) -> Answer<()> {
        Err(ApiError::NotFound)
    }
}

#[async_trait]
impl RequestService for Pending {
    async fn list(&self, _caller: &Caller, _query: &RequestQuery) -> Answer<RequestPage> {
        Err(ApiError::NotFound)
    }
    async fn get(&self, _caller: &Caller, _number: RequestNumber) -> Answer<RequestView> {
        Err(ApiError::NotFound)
    }
    async fn approve(&self, _caller: &Caller, _number: RequestNumber, _digest: &str) -> Answer<()> {
        Err(ApiError::NotFound)
    }
    async fn deny(&self, _caller: &Caller, _number: RequestNumber, _digest: &str, _reason: &str) -> Answer<()> {
        Err(ApiError::NotFound)
    }
    async fn withdraw(&self, _caller: &Caller, _number: RequestNumber) -> Answer<()> {
        Err(ApiError::NotFound)
    }
    async fn check(&self, _caller: &Caller, _number: RequestNumber) -> Answer<()> {
        Err(ApiError::NotFound)
    }
    async fn reveal(&self, _caller: &Caller, _number: RequestNumber) -> Answer<RevealedSecret> {
        Err(ApiError::NotFound)
    }
    async fn open_for(&self, _caller: &Caller, _org: &OrgId, _key: Option<&ApiKeyId>) -> Answer<Vec<RequestNumber>> {
        Err(ApiError::NotFound)
    }
}

#[async_trait]
impl Surroundings for Pending {
    async fn inbox(&self, _caller: &Caller) -> Answer<u32> {
        Ok(0)
    }

    async fn organizations(&self, _caller: &Caller) -> Answer<Vec<OrgChoice>> {
        Ok(Vec::new())
    }
}
