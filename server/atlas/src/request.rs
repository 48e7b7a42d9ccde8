//! Requests as data: what would be sent, before anybody sends it.
//!
//! A request knows its operation, and everything else about it is checked against that operation,
//! when it is built here and when it is read back from a store. So a stored plan cannot smuggle in
//! another path or method.

mod operation;

use std::fmt;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

pub use self::operation::{Method, Operation};
use crate::{AccessListAddress, ApiUserId, GroupId, OrgId};

/// The most entries Atlas puts on one page.
pub(crate) const LARGEST_PAGE: u32 = 500;

/// A version of the API: the date in the media types of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ApiVersion(Date);

impl ApiVersion {
    pub(crate) const fn new(date: Date) -> Self {
        Self(date)
    }

    /// The media type for `Accept`, and for `Content-Type` when there is a body.
    #[must_use]
    pub fn media_type(self) -> String {
        format!("application/vnd.atlas.{self}+json")
    }
}

impl fmt::Display for ApiVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// Parts that do not make a request of this crate.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidRequest {
    /// No operation has this method and path.
    #[error("no operation known here has this method and path")]
    Unknown,
    /// Method or path are not those of the operation named.
    #[error("method or path are not those of {}", .0.id())]
    OtherOperation(Operation),
    /// The version is no date.
    #[error("a version of the API is a date such as 2023-01-01")]
    Version,
    /// A body where none belongs, or none where one does.
    #[error("{} {} a body", .0.id(), if .0.has_body() { "needs" } else { "has no" })]
    Body(Operation),
}

/// One request to Atlas: everything that decides what it does, nothing about who sends it where.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Stored", into = "Stored")]
pub struct AtlasRequest {
    operation: Operation,
    path: String,
    version: ApiVersion,
    body: Option<Value>,
}

/// The form in a store: complete, so that a reader needs no table.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Stored {
    operation: Operation,
    method: Method,
    path: String,
    version: ApiVersion,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    body: Option<Value>,
}

impl From<AtlasRequest> for Stored {
    fn from(request: AtlasRequest) -> Self {
        Self {
            operation: request.operation,
            method: request.method(),
            path: request.path,
            version: request.version,
            body: request.body,
        }
    }
}

impl TryFrom<Stored> for AtlasRequest {
    type Error = InvalidRequest;

    fn try_from(stored: Stored) -> Result<Self, Self::Error> {
        let Stored { operation, method, path, version, body } = stored;
        if method != operation.method() {
            return Err(InvalidRequest::OtherOperation(operation));
        }
        Self::checked(operation, path, version, body)
    }
}

impl AtlasRequest {
    fn new(operation: Operation, values: &[&str], body: Option<Value>) -> Self {
        Self { operation, path: operation.path(values), version: operation.version(), body }
    }

    fn checked(
        operation: Operation,
        path: String,
        version: ApiVersion,
        body: Option<Value>,
    ) -> Result<Self, InvalidRequest> {
        if operation.parameters_of(&path).is_none() {
            return Err(InvalidRequest::OtherOperation(operation));
        }
        if body.is_some() != operation.has_body() {
            return Err(InvalidRequest::Body(operation));
        }
        Ok(Self { operation, path, version, body })
    }

    /// The request a plan describes by its parts, unchanged.
    ///
    /// # Errors
    ///
    /// Refuses whatever is not exactly a request of one of [`Operation::ALL`]: another method, a
    /// path with anything but ids where ids belong, a missing or unexpected body.
    pub fn from_parts(method: &str, path: &str, version: &str, body: Option<Value>) -> Result<Self, InvalidRequest> {
        let fits =
            |operation: &Operation| operation.method().as_str() == method && operation.parameters_of(path).is_some();
        let operation = Operation::ALL.iter().copied().find(fits).ok_or(InvalidRequest::Unknown)?;
        let date: Date = version.parse().map_err(|_| InvalidRequest::Version)?;
        // The parser takes more than Atlas does, `20230101` for instance.
        if date.to_string() != version {
            return Err(InvalidRequest::Version);
        }
        Self::checked(operation, path.to_owned(), ApiVersion(date), body)
    }

    /// What it does.
    #[must_use]
    pub fn operation(&self) -> Operation {
        self.operation
    }

    /// Its HTTP method.
    #[must_use]
    pub fn method(&self) -> Method {
        self.operation.method()
    }

    /// Path and query as sent, percent-encoded, from `/api/atlas/v2` on.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The path with names in place of values, as Atlas documents it: `/api/atlas/v2/orgs/{orgId}`.
    #[must_use]
    pub fn template(&self) -> &'static str {
        self.operation.template()
    }

    /// The values of the template's names, in order and decoded: `("orgId", "5f…")`.
    #[must_use]
    pub fn path_parameters(&self) -> Vec<(&'static str, String)> {
        self.operation.parameters_of(&self.path).unwrap_or_default()
    }

    /// The version of the API it is written for.
    #[must_use]
    pub fn version(&self) -> ApiVersion {
        self.version
    }

    /// Its JSON body.
    #[must_use]
    pub fn body(&self) -> Option<&Value> {
        self.body.as_ref()
    }

    /// Whether it changes nothing, so that sending it again is harmless.
    #[must_use]
    pub fn is_read(&self) -> bool {
        self.operation.is_read()
    }

    /// The same list, one page of it; `number` counts from 1. Operations that are no lists stay as they are.
    #[must_use]
    pub fn page(&self, number: u32, size: u32) -> Self {
        let mut request = self.clone();
        if self.operation.is_list() {
            let path = self.path.split('?').next().unwrap_or_default();
            request.path = format!("{path}?itemsPerPage={}&pageNum={}", size.clamp(1, LARGEST_PAGE), number.max(1));
        }
        request
    }
}

/// One constructor per operation.
impl AtlasRequest {
    /// `getSystemStatus`: who am I?
    #[must_use]
    pub fn system_status() -> Self {
        Self::new(Operation::GetSystemStatus, &[], None)
    }

    /// `listOrgs`: the organizations the credential sees.
    #[must_use]
    pub fn list_orgs() -> Self {
        Self::new(Operation::ListOrgs, &[], None)
    }

    /// `getOrg`: one organization.
    #[must_use]
    pub fn get_org(org: &OrgId) -> Self {
        Self::new(Operation::GetOrg, &[org.as_str()], None)
    }

    /// `getOrgGroups`: the projects of an organization.
    #[must_use]
    pub fn list_org_groups(org: &OrgId) -> Self {
        Self::new(Operation::GetOrgGroups, &[org.as_str()], None)
    }

    /// `listOrgApiKeys`: the API keys of an organization, those made in projects included.
    #[must_use]
    pub fn list_org_api_keys(org: &OrgId) -> Self {
        Self::new(Operation::ListOrgApiKeys, &[org.as_str()], None)
    }

    /// `createOrgApiKey`: a new API key with organization roles. The answer holds its private key, once.
    #[must_use]
    pub fn create_org_api_key<R: AsRef<str>>(org: &OrgId, desc: &str, roles: &[R]) -> Self {
        let body = json!({ "desc": desc, "roles": texts(roles) });
        Self::new(Operation::CreateOrgApiKey, &[org.as_str()], Some(body))
    }

    /// `getOrgApiKey`: one API key.
    #[must_use]
    pub fn get_org_api_key(org: &OrgId, key: &ApiUserId) -> Self {
        Self::new(Operation::GetOrgApiKey, &[org.as_str(), key.as_str()], None)
    }

    /// `updateOrgApiKey`: changes what is given. `roles` replaces the organization roles.
    #[must_use]
    pub fn update_org_api_key<R: AsRef<str>>(
        org: &OrgId,
        key: &ApiUserId,
        desc: Option<&str>,
        roles: Option<&[R]>,
    ) -> Self {
        Self::new(Operation::UpdateOrgApiKey, &[org.as_str(), key.as_str()], Some(changes(desc, roles)))
    }

    /// `deleteOrgApiKey`: deletes the key everywhere, projects included.
    #[must_use]
    pub fn delete_org_api_key(org: &OrgId, key: &ApiUserId) -> Self {
        Self::new(Operation::DeleteOrgApiKey, &[org.as_str(), key.as_str()], None)
    }

    /// `listOrgApiKeyAccessListEntries`: from where a key may call.
    #[must_use]
    pub fn list_access_list(org: &OrgId, key: &ApiUserId) -> Self {
        Self::new(Operation::ListOrgApiKeyAccessListEntries, &[org.as_str(), key.as_str()], None)
    }

    /// `createOrgApiKeyAccessListEntry`: adds entries; those on the list stay.
    #[must_use]
    pub fn create_access_list_entries(org: &OrgId, key: &ApiUserId, entries: &[AccessListAddress]) -> Self {
        let body = entries.iter().map(|entry| entry.to_body()).collect();
        Self::new(Operation::CreateOrgApiKeyAccessListEntry, &[org.as_str(), key.as_str()], Some(Value::Array(body)))
    }

    /// `deleteOrgApiKeyAccessListEntry`: removes one entry.
    #[must_use]
    pub fn delete_access_list_entry(org: &OrgId, key: &ApiUserId, entry: AccessListAddress) -> Self {
        let values = [org.as_str(), key.as_str(), &entry.to_segment()];
        Self::new(Operation::DeleteOrgApiKeyAccessListEntry, &values, None)
    }

    /// `listGroupApiKeys`: the API keys assigned to a project, each with all its roles.
    #[must_use]
    pub fn list_group_api_keys(group: &GroupId) -> Self {
        Self::new(Operation::ListGroupApiKeys, &[group.as_str()], None)
    }

    /// `addGroupApiKey`: assigns a key of the organization to a project.
    #[must_use]
    pub fn add_group_api_key<R: AsRef<str>>(group: &GroupId, key: &ApiUserId, roles: &[R]) -> Self {
        let body = json!([{ "roles": texts(roles) }]);
        Self::new(Operation::AddGroupApiKey, &[group.as_str(), key.as_str()], Some(body))
    }

    /// `updateGroupApiKeyRoles`: replaces the key's roles in this project.
    #[must_use]
    pub fn update_group_api_key_roles<R: AsRef<str>>(group: &GroupId, key: &ApiUserId, roles: &[R]) -> Self {
        let body = json!({ "roles": texts(roles) });
        Self::new(Operation::UpdateGroupApiKeyRoles, &[group.as_str(), key.as_str()], Some(body))
    }

    /// `removeGroupApiKey`: takes the key out of the project; it stays in the organization.
    #[must_use]
    pub fn remove_group_api_key(group: &GroupId, key: &ApiUserId) -> Self {
        Self::new(Operation::RemoveGroupApiKey, &[group.as_str(), key.as_str()], None)
    }
}

fn texts<R: AsRef<str>>(roles: &[R]) -> Vec<&str> {
    roles.iter().map(AsRef::as_ref).collect()
}

/// Only what changes: Atlas refuses fields it does not expect and keeps those left out.
fn changes<R: AsRef<str>>(desc: Option<&str>, roles: Option<&[R]>) -> Value {
    let mut body = serde_json::Map::new();
    if let Some(desc) = desc {
        body.insert("desc".to_owned(), json!(desc));
    }
    if let Some(roles) = roles {
        body.insert("roles".to_owned(), json!(texts(roles)));
    }
    Value::Object(body)
}
