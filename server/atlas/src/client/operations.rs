//! One method per operation: request, exchange and answer in one call.

use super::Client;
use crate::{
    AccessListAddress, AccessListEntry, ApiKey, ApiUserId, AtlasError, AtlasRequest, CreatedApiKey, Group, GroupId,
    OrgId, Organization, Page, SystemStatus,
};

/// Every one of these fails as [`Client::execute`] and [`RawAnswer::decode`](crate::RawAnswer::decode) do.
#[expect(clippy::missing_errors_doc, reason = "the same for all, said once above")]
impl Client {
    /// Who am I?
    pub async fn system_status(&self) -> Result<SystemStatus, AtlasError> {
        self.execute(&AtlasRequest::system_status()).await?.decode()
    }

    /// The organizations the credential sees.
    pub async fn list_orgs(&self) -> Result<Vec<Organization>, AtlasError> {
        self.list_all(&AtlasRequest::list_orgs()).await
    }

    /// One organization.
    pub async fn get_org(&self, org: &OrgId) -> Result<Organization, AtlasError> {
        self.execute(&AtlasRequest::get_org(org)).await?.decode()
    }

    /// The projects of an organization.
    pub async fn list_org_groups(&self, org: &OrgId) -> Result<Vec<Group>, AtlasError> {
        self.list_all(&AtlasRequest::list_org_groups(org)).await
    }

    /// The API keys of an organization.
    pub async fn list_org_api_keys(&self, org: &OrgId) -> Result<Vec<ApiKey>, AtlasError> {
        self.list_all(&AtlasRequest::list_org_api_keys(org)).await
    }

    /// Creates an API key. Its private key is in the answer and nowhere else, ever.
    pub async fn create_org_api_key<R: AsRef<str>>(
        &self,
        org: &OrgId,
        desc: &str,
        roles: &[R],
    ) -> Result<CreatedApiKey, AtlasError> {
        self.execute(&AtlasRequest::create_org_api_key(org, desc, roles)).await?.decode()
    }

    /// One API key.
    pub async fn get_org_api_key(&self, org: &OrgId, key: &ApiUserId) -> Result<ApiKey, AtlasError> {
        self.execute(&AtlasRequest::get_org_api_key(org, key)).await?.decode()
    }

    /// Changes the description or replaces the organization roles of an API key.
    pub async fn update_org_api_key<R: AsRef<str>>(
        &self,
        org: &OrgId,
        key: &ApiUserId,
        desc: Option<&str>,
        roles: Option<&[R]>,
    ) -> Result<ApiKey, AtlasError> {
        self.execute(&AtlasRequest::update_org_api_key(org, key, desc, roles)).await?.decode()
    }

    /// Deletes an API key everywhere.
    pub async fn delete_org_api_key(&self, org: &OrgId, key: &ApiUserId) -> Result<(), AtlasError> {
        self.execute(&AtlasRequest::delete_org_api_key(org, key)).await.map(drop)
    }

    /// From where an API key may call.
    pub async fn list_access_list(&self, org: &OrgId, key: &ApiUserId) -> Result<Vec<AccessListEntry>, AtlasError> {
        self.list_all(&AtlasRequest::list_access_list(org, key)).await
    }

    /// Adds entries and returns the first page of the list; it may hold more than was added.
    pub async fn create_access_list_entries(
        &self,
        org: &OrgId,
        key: &ApiUserId,
        entries: &[AccessListAddress],
    ) -> Result<Page<AccessListEntry>, AtlasError> {
        self.execute(&AtlasRequest::create_access_list_entries(org, key, entries)).await?.decode()
    }

    /// Removes one entry.
    pub async fn delete_access_list_entry(
        &self,
        org: &OrgId,
        key: &ApiUserId,
        entry: AccessListAddress,
    ) -> Result<(), AtlasError> {
        self.execute(&AtlasRequest::delete_access_list_entry(org, key, entry)).await.map(drop)
    }

    /// The API keys assigned to a project.
    pub async fn list_group_api_keys(&self, group: &GroupId) -> Result<Vec<ApiKey>, AtlasError> {
        self.list_all(&AtlasRequest::list_group_api_keys(group)).await
    }

    /// Assigns a key of the organization to a project.
    pub async fn add_group_api_key<R: AsRef<str>>(
        &self,
        group: &GroupId,
        key: &ApiUserId,
        roles: &[R],
    ) -> Result<(), AtlasError> {
        self.execute(&AtlasRequest::add_group_api_key(group, key, roles)).await.map(drop)
    }

    /// Replaces the key's roles in a project.
    pub async fn update_group_api_key_roles<R: AsRef<str>>(
        &self,
        group: &GroupId,
        key: &ApiUserId,
        roles: &[R],
    ) -> Result<ApiKey, AtlasError> {
        self.execute(&AtlasRequest::update_group_api_key_roles(group, key, roles)).await?.decode()
    }

    /// Takes the key out of a project; it stays in the organization.
    pub async fn remove_group_api_key(&self, group: &GroupId, key: &ApiUserId) -> Result<(), AtlasError> {
        self.execute(&AtlasRequest::remove_group_api_key(group, key)).await.map(drop)
    }
}
