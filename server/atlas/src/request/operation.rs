//! The table of operations: method, path and pinned version of each, from Atlas's description.

use std::fmt;

use jiff::civil::date;
use serde::{Deserialize, Serialize};

use super::ApiVersion;
use crate::{AccessListAddress, ApiUserId};

/// An HTTP method Atlas uses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Method {
    /// Reads.
    Get,
    /// Creates or adds.
    Post,
    /// Changes parts.
    Patch,
    /// Removes.
    Delete,
}

impl Method {
    /// The method as it is sent.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Patch => "PATCH",
            Self::Delete => "DELETE",
        }
    }
}

impl fmt::Display for Method {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl From<Method> for http::Method {
    fn from(method: Method) -> Self {
        match method {
            Method::Get => Self::GET,
            Method::Post => Self::POST,
            Method::Patch => Self::PATCH,
            Method::Delete => Self::DELETE,
        }
    }
}

macro_rules! operations {
    ($($(#[$doc:meta])* $name:ident = $id:literal, $method:ident $template:literal, $year:literal-$month:literal-$day:literal;)*) => {
        /// An operation of the API; written as Atlas's `operationId`.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
        pub enum Operation {
            $($(#[$doc])* #[serde(rename = $id)] $name,)*
        }

        impl Operation {
            /// Every operation of this crate.
            pub const ALL: &[Self] = &[$(Self::$name),*];

            /// Atlas's `operationId`.
            #[must_use]
            pub const fn id(self) -> &'static str {
                match self { $(Self::$name => $id,)* }
            }

            /// Its HTTP method.
            #[must_use]
            pub const fn method(self) -> Method {
                match self { $(Self::$name => Method::$method,)* }
            }

            /// Its path with names in braces, as documented.
            #[must_use]
            pub const fn template(self) -> &'static str {
                match self { $(Self::$name => concat!("/api/atlas/v2", $template),)* }
            }

            /// The version its requests are pinned to: the date Atlas's description gives for it.
            #[must_use]
            pub const fn version(self) -> ApiVersion {
                match self { $(Self::$name => ApiVersion::new(date($year, $month, $day)),)* }
            }
        }
    };
}

operations! {
    /// Who the credential is.
    GetSystemStatus = "getSystemStatus", Get "", 2023-1-1;
    /// Organizations the credential sees.
    ListOrgs = "listOrgs", Get "/orgs", 2023-1-1;
    /// One organization.
    GetOrg = "getOrg", Get "/orgs/{orgId}", 2023-1-1;
    /// Projects of an organization.
    GetOrgGroups = "getOrgGroups", Get "/orgs/{orgId}/groups", 2023-1-1;
    /// API keys of an organization.
    ListOrgApiKeys = "listOrgApiKeys", Get "/orgs/{orgId}/apiKeys", 2023-1-1;
    /// A new API key.
    CreateOrgApiKey = "createOrgApiKey", Post "/orgs/{orgId}/apiKeys", 2023-1-1;
    /// One API key.
    GetOrgApiKey = "getOrgApiKey", Get "/orgs/{orgId}/apiKeys/{apiUserId}", 2023-1-1;
    /// Another description or other organization roles of an API key.
    UpdateOrgApiKey = "updateOrgApiKey", Patch "/orgs/{orgId}/apiKeys/{apiUserId}", 2023-1-1;
    /// Deletes an API key.
    DeleteOrgApiKey = "deleteOrgApiKey", Delete "/orgs/{orgId}/apiKeys/{apiUserId}", 2023-1-1;
    /// Addresses an API key may call from.
    ListOrgApiKeyAccessListEntries = "listOrgApiKeyAccessListEntries", Get "/orgs/{orgId}/apiKeys/{apiUserId}/accessList", 2023-1-1;
    /// More addresses for an API key.
    CreateOrgApiKeyAccessListEntry = "createOrgApiKeyAccessListEntry", Post "/orgs/{orgId}/apiKeys/{apiUserId}/accessList", 2023-1-1;
    /// One address less for an API key.
    DeleteOrgApiKeyAccessListEntry = "deleteOrgApiKeyAccessListEntry",
        Delete "/orgs/{orgId}/apiKeys/{apiUserId}/accessList/{ipAddress}", 2023-1-1;
    /// API keys assigned to a project.
    ListGroupApiKeys = "listGroupApiKeys", Get "/groups/{groupId}/apiKeys", 2023-1-1;
    /// Assigns an API key to a project.
    AddGroupApiKey = "addGroupApiKey", Post "/groups/{groupId}/apiKeys/{apiUserId}", 2023-1-1;
    /// Other roles of an API key in a project.
    UpdateGroupApiKeyRoles = "updateGroupApiKeyRoles", Patch "/groups/{groupId}/apiKeys/{apiUserId}", 2023-1-1;
    /// Takes an API key out of a project.
    RemoveGroupApiKey = "removeGroupApiKey", Delete "/groups/{groupId}/apiKeys/{apiUserId}", 2023-1-1;
}

impl Operation {
    /// Whether it changes nothing.
    #[must_use]
    pub fn is_read(self) -> bool {
        self.method() == Method::Get
    }

    /// Whether its requests have a body.
    #[must_use]
    pub fn has_body(self) -> bool {
        matches!(self.method(), Method::Post | Method::Patch)
    }

    /// Whether it answers page by page.
    #[must_use]
    pub const fn is_list(self) -> bool {
        matches!(
            self,
            Self::ListOrgs
                | Self::GetOrgGroups
                | Self::ListOrgApiKeys
                | Self::ListOrgApiKeyAccessListEntries
                | Self::ListGroupApiKeys
        )
    }

    /// The path with `values`, already encoded, in place of the names.
    pub(super) fn path(self, values: &[&str]) -> String {
        let mut values = values.iter();
        let segments = self.template().split('/').map(|segment| match parameter(segment) {
            Some(_) => values.next().copied().unwrap_or_default(),
            None => segment,
        });
        segments.collect::<Vec<_>>().join("/")
    }

    /// The values in a path of this operation; `None` if it is none of its paths.
    pub(super) fn parameters_of(self, path: &str) -> Option<Vec<(&'static str, String)>> {
        let (path, query) = match path.split_once('?') {
            Some((path, query)) => (path, Some(query)),
            None => (path, None),
        };
        if query.is_some_and(|query| !self.is_list() || !is_paging(query)) {
            return None;
        }
        let (expected, found) = (self.template().split('/'), path.split('/'));
        if expected.clone().count() != found.clone().count() {
            return None;
        }
        let mut values = Vec::new();
        for (expected, found) in expected.zip(found) {
            match parameter(expected) {
                Some(name) => values.push((name, decode(name, found)?)),
                None if expected == found => {}
                None => return None,
            }
        }
        Some(values)
    }
}

fn parameter(segment: &str) -> Option<&str> {
    segment.strip_prefix('{')?.strip_suffix('}')
}

/// The value of the segment called `name`, if it is one in the spelling we send.
fn decode(name: &str, segment: &str) -> Option<String> {
    if name == "ipAddress" {
        let entry: AccessListAddress = segment.replacen("%2F", "/", 1).parse().ok()?;
        return (entry.to_segment() == segment).then(|| entry.to_string());
    }
    // All other names are ids, and all ids look alike.
    segment.parse::<ApiUserId>().ok().map(String::from)
}

fn is_paging(query: &str) -> bool {
    query.split('&').all(|pair| {
        pair.split_once('=').is_some_and(|(name, value)| {
            matches!(name, "itemsPerPage" | "pageNum") && value.parse::<u32>().is_ok_and(|value| value > 0)
        })
    })
}
