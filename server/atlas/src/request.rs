//! Requests as data: what would be sent, before anybody sends it.
//!
//! A request knows its operation, and everything else about it is checked against that operation,
//! when it is built here and when it is read back from a store. So a stored plan cannot smuggle in
//! another path or method.

mod body;
mod events;
mod invoices;
mod keys;
mod old_users;
mod operation;
mod organizations;
mod projects;
mod query;
mod root;
mod service_accounts;
mod table;
mod teams;
mod users;

use std::{borrow::Cow, fmt};

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use self::query::Query;
pub use self::{
    events::{EventFilter, GroupEventFilter},
    invoices::{
        AssociatedInvoiceFilter, CostGroup, CostQuestion, InvoiceFilter, InvoiceOrder, LineItemFilter, LineItemOrder,
        LineItemSearch,
    },
    old_users::{NewAtlasUser, OldGroupRoles, OrgInvitation},
    operation::Method,
    organizations::{DelegationChanges, NewCredential, NewOrganization, OrgSettingsChanges, SessionTimeoutChanges},
    projects::{GroupChanges, Migration, NewGroup, NewTag},
    root::{RateLimitFilter, RateLimitScope},
    service_accounts::{NewServiceAccount, ServiceAccountChanges},
    table::Operation,
    teams::TeamGrant,
    users::{GroupRolesGrant, GroupUserFilter, NewOrgUser, OrgUserChanges, UserFilter, UserGrant},
};

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

    /// The media type for `Content-Type` when there is a body, and usually for `Accept`.
    #[must_use]
    pub fn media_type(self) -> String {
        format!("application/vnd.atlas.{self}+json")
    }
}

/// The form of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Format {
    /// What this crate reads.
    #[default]
    Json,
    /// For spreadsheets; kept as text.
    Csv,
}

impl Format {
    fn is_json(&self) -> bool {
        *self == Self::Json
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
    /// A query, or a part of one, that the operation does not have.
    #[error("the query is not one of {}", .0.id())]
    Query(Operation),
    /// A form in which the operation does not answer.
    #[error("{} does not answer in this form", .0.id())]
    Format(Operation),
}

/// One request to Atlas: everything that decides what it does, nothing about who sends it where.
///
/// The body of `migrateGroup` may hold a private key and that of `createUser` holds a password; `Debug` hides them, the
/// stored form does not.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Stored", into = "Stored")]
pub struct AtlasRequest {
    operation: Operation,
    path: String,
    version: ApiVersion,
    format: Format,
    body: Option<Value>,
}

impl fmt::Debug for AtlasRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AtlasRequest")
            .field("operation", &self.operation)
            .field("path", &self.path)
            .field("version", &self.version)
            .field("format", &self.format)
            .field("body", &self.body.as_ref().map(body::without_secrets))
            .finish()
    }
}

/// The form in a store: complete, so that a reader needs no table.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Stored {
    operation: Operation,
    method: Method,
    path: String,
    version: ApiVersion,
    #[serde(default, skip_serializing_if = "Format::is_json")]
    format: Format,
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
            format: request.format,
            body: request.body,
        }
    }
}

impl TryFrom<Stored> for AtlasRequest {
    type Error = InvalidRequest;

    fn try_from(stored: Stored) -> Result<Self, Self::Error> {
        let Stored { operation, method, path, version, format, body } = stored;
        if method != operation.method() {
            return Err(InvalidRequest::OtherOperation(operation));
        }
        Self::checked(operation, path, version, format, body)
    }
}

/// Path and query apart.
fn split(path: &str) -> (&str, Option<&str>) {
    match path.split_once('?') {
        Some((path, query)) => (path, Some(query)),
        None => (path, None),
    }
}

impl AtlasRequest {
    fn new(operation: Operation, values: &[Cow<'_, str>], query: &Query, body: Option<Value>) -> Self {
        let format = operation.formats().first().copied().unwrap_or_default();
        let mut request = Self { operation, path: operation.path(values), version: operation.version(), format, body };
        request.set_query(query);
        request
    }

    fn set_query(&mut self, query: &Query) {
        self.path.truncate(split(&self.path).0.len());
        if !query.is_empty() {
            self.path.push('?');
            self.path.push_str(&query::text(query));
        }
    }

    fn checked(
        operation: Operation,
        path: String,
        version: ApiVersion,
        format: Format,
        body: Option<Value>,
    ) -> Result<Self, InvalidRequest> {
        let (resource, query) = split(&path);
        if operation.parameters_of(resource).is_none() {
            return Err(InvalidRequest::OtherOperation(operation));
        }
        if query.is_some_and(|query| query::pairs_of(operation, query).is_none()) {
            return Err(InvalidRequest::Query(operation));
        }
        if body.is_some() != operation.has_body() {
            return Err(InvalidRequest::Body(operation));
        }
        if !operation.formats().contains(&format) {
            return Err(InvalidRequest::Format(operation));
        }
        Ok(Self { operation, path, version, format, body })
    }

    /// The request a plan describes by its parts, unchanged.
    ///
    /// # Errors
    ///
    /// Refuses whatever is not exactly a request of one of [`Operation::ALL`]: another method, a
    /// path with anything but ids where ids belong, a missing or unexpected body.
    pub fn from_parts(method: &str, path: &str, version: &str, body: Option<Value>) -> Result<Self, InvalidRequest> {
        let resource = split(path).0;
        let fits = |operation: &Operation| {
            operation.method().as_str() == method && operation.parameters_of(resource).is_some()
        };
        let operation = Operation::ALL.iter().copied().find(fits).ok_or(InvalidRequest::Unknown)?;
        let date: Date = version.parse().map_err(|_| InvalidRequest::Version)?;
        // The parser takes more than Atlas does, `20230101` for instance.
        if date.to_string() != version {
            return Err(InvalidRequest::Version);
        }
        let format = operation.formats().first().copied().unwrap_or_default();
        Self::checked(operation, path.to_owned(), ApiVersion(date), format, body)
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
        self.operation.parameters_of(split(&self.path).0).unwrap_or_default()
    }

    /// The pairs of the query, in order and decoded.
    #[must_use]
    pub fn query_parameters(&self) -> Vec<(&'static str, String)> {
        let query = split(&self.path).1;
        query.and_then(|query| query::pairs_of(self.operation, query)).unwrap_or_default()
    }

    /// The version of the API it is written for.
    #[must_use]
    pub fn version(&self) -> ApiVersion {
        self.version
    }

    /// The form in which it wants its answer.
    #[must_use]
    pub fn format(&self) -> Format {
        self.format
    }

    /// The media type for `Accept`.
    #[must_use]
    pub fn accept(&self) -> String {
        match self.format {
            Format::Json => self.version.media_type(),
            Format::Csv => format!("application/vnd.atlas.{}+csv", self.version),
        }
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
            let mut query = self.query_parameters();
            query.retain(|(name, _)| !matches!(*name, "itemsPerPage" | "pageNum"));
            query.push(("itemsPerPage", size.clamp(1, LARGEST_PAGE).to_string()));
            query.push(("pageNum", number.max(1).to_string()));
            request.set_query(&query);
        }
        request
    }

    /// The same request answered as CSV, for the operations that can; others stay as they are.
    #[must_use]
    pub fn as_csv(&self) -> Self {
        let mut request = self.clone();
        if self.operation.formats().contains(&Format::Csv) {
            request.format = Format::Csv;
        }
        request
    }
}

/// Makes constructors. `name(path parts; other arguments) = Operation { body } [query];`, each part optional; the path
/// parts fill the operation's template in order.
macro_rules! requests {
    ($(
        $(#[$doc:meta])*
        $name:ident($($part:ident: $kind:ty),* $(; $($given:ident: $type:ty),+)?) = $operation:ident
            $({ $body:expr })? $([$query:expr])?;
    )*) => {
        impl crate::AtlasRequest {
            $(
                $(#[$doc])*
                #[must_use]
                pub fn $name($($part: $kind,)* $($($given: $type),+)?) -> Self {
                    Self::new(
                        crate::Operation::$operation,
                        &[$(crate::ids::Segment::segment(&$part)),*],
                        &crate::request::query_of!($($query)?),
                        crate::request::body_of!($($body)?),
                    )
                }
            )*
        }
    };
}

macro_rules! query_of {
    () => {
        Vec::new()
    };
    ($query:expr) => {
        $query
    };
}

macro_rules! body_of {
    () => {
        None
    };
    ($body:expr) => {
        Some($body)
    };
}

use {body_of, query_of, requests};
