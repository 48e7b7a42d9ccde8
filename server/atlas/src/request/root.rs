//! Requests about the caller and its limits.

use std::net::IpAddr;

use super::{
    query::{Query, given},
    requests,
};
use crate::{GroupId, Name, OrgId};

/// Whose limits: one organization, project, credential or address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RateLimitScope {
    /// An organization.
    Org(OrgId),
    /// A project.
    Group(GroupId),
    /// A credential, by its public key or client id; only the caller's own.
    User(String),
    /// An address; only the caller's own.
    Address(IpAddr),
}

impl RateLimitScope {
    fn query(&self) -> Query {
        vec![match self {
            Self::Org(org) => ("orgId", org.to_string()),
            Self::Group(group) => ("groupId", group.to_string()),
            Self::User(user) => ("userId", user.clone()),
            Self::Address(address) => ("ipAddress", address.to_string()),
        }]
    }
}

/// Which limits to list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RateLimitFilter {
    /// Whose.
    pub scope: RateLimitScope,
    /// Only sets with these names; all when empty.
    pub names: Vec<String>,
    /// Only sets with these paths, as Atlas documents them; all when empty.
    pub endpoint_paths: Vec<String>,
}

impl RateLimitFilter {
    /// All limits of `scope`.
    #[must_use]
    pub fn all(scope: RateLimitScope) -> Self {
        Self { scope, names: Vec::new(), endpoint_paths: Vec::new() }
    }

    fn query(&self) -> Query {
        [self.scope.query(), given("name", &self.names), given("endpointPath", &self.endpoint_paths)].concat()
    }
}

requests! {
    /// `getSystemStatus`: who the credential is.
    system_status() = GetSystemStatus;
    /// `listRateLimits`: how fast one organization, project, credential or address may ask, per set of operations.
    list_rate_limits(; filter: &RateLimitFilter) = ListRateLimits [filter.query()];
    /// `getRateLimit`: how fast one of them may ask of one set of operations.
    get_rate_limit(set: &Name; scope: &RateLimitScope) = GetRateLimit [scope.query()];
    /// `listEventTypes`: the kinds of event there are, with a description of each.
    list_event_types() = ListEventTypes;
}
