//! A typed client of the MongoDB Atlas Administration API v2.
//!
//! Requests are data ([`AtlasRequest`]): a plan can hold one, show it, compare it and send it later
//! unchanged. A [`Transport`] carries them. A [`Client`] signs them, with HTTP Digest for an API key and
//! with a bearer token for a service account, keeps within Atlas's rate limits ([`Budgets`]), pages
//! through lists and repeats reads that failed for a passing reason. Writes are repeated only where it
//! is certain that nothing was done: every other [`AtlasError`] says whether the request may have been
//! executed, so that the caller can decide.
//!
//! This crate uses Atlas's own words (a project is a *group*) and is the only one that knows
//! Atlas's JSON.
//!
//! ```no_run
//! use std::sync::Arc;
//! use atlas::{BaseUrl, Client, Credentials, ReqwestTransport, TransportOptions};
//!
//! # async fn example() -> Result<(), Box<dyn std::error::Error>> {
//! // One transport serves every connection; one client belongs to one credential and is kept.
//! let transport = Arc::new(ReqwestTransport::new(&TransportOptions::default())?);
//! let credentials = Credentials::ApiKey { public_key: "abcdefgh".to_owned(), private_key: "…".into() };
//! let client = Client::new(transport, BaseUrl::commercial(), credentials);
//! match client.list_orgs().await {
//!     Ok(orgs) => assert!(orgs.len() <= 1, "a key belongs to one organization"),
//!     Err(error) => return Err(error.explanation().next_step.into()),
//! }
//! # Ok(())
//! # }
//! ```

mod access_list;
mod answers;
mod base_url;
mod budget;
mod chance;
mod client;
mod clock;
mod credentials;
mod error;
mod ids;
mod percent;
mod request;
mod transport;

pub use access_list::{AccessListAddress, InvalidAddress};
pub use answers::{
    AccessListEntry, ApiKey, AssociatedInvoice, AssociatedInvoices, AtlasUser, CallerAccessEntry, CallerKey, CostQuery,
    CostUsage, CreatedApiKey, CreatedOrganization, DelegationSettings, Endpoint, Event, EventType, Group, GroupInvite,
    GroupRoleAssignment, GroupTeam, GroupUser, InvitedRole, Invoice, InvoiceReport, Limit, LimitValue, LineItem, Link,
    OrgInvite, OrgSettings, OrgUser, OrgUserRoles, Organization, Other, Page, Payment, RateLimit, Refund,
    ReplacedGroupRoles, ReplacedOrgRoles, RoleAssignment, ServiceAccount, ServiceAccountEntry, ServiceAccountGroup,
    ServiceAccountSecret, SessionTimeouts, Sku, SystemStatus, Tag, Team, UsageLineItem,
};
pub use base_url::{BaseUrl, InvalidBaseUrl};
pub use budget::Budgets;
pub use client::{Client, DisconnectError, RawAnswer, RetryPolicy};
pub use clock::{ClockSkew, clock_skew};
pub use credentials::Credentials;
pub use error::{AtlasError, Category, Cause, ErrorCode, Explanation, FieldProblem, Outcome, Refusal};
pub use ids::{
    ApiUserId, ClientId, CostToken, EventId, GroupId, InvalidClientId, InvalidId, InvalidName, InvitationId, InvoiceId,
    Name, OrgId, ReportId, SecretId, TeamId, UserId,
};
pub use request::{
    ApiVersion, AssociatedInvoiceFilter, AtlasRequest, CostGroup, CostQuestion, DelegationChanges, EventFilter, Format,
    GroupChanges, GroupEventFilter, GroupRolesGrant, GroupUserFilter, InvalidRequest, InvoiceFilter, InvoiceOrder,
    LineItemFilter, LineItemOrder, LineItemSearch, Method, Migration, NewAtlasUser, NewCredential, NewGroup,
    NewOrgUser, NewOrganization, NewServiceAccount, NewTag, OldGroupRoles, Operation, OrgInvitation,
    OrgSettingsChanges, OrgUserChanges, RateLimitFilter, RateLimitScope, ServiceAccountChanges, SessionTimeoutChanges,
    TeamGrant, UserFilter, UserGrant,
};
pub use transport::{
    CertificateProblem, ReqwestTransport, Transport, TransportError, TransportOptions, TransportSetupError,
};

/// Where the Administration API v2 begins below every [`BaseUrl`].
pub const API_ROOT: &str = "/api/atlas/v2";
