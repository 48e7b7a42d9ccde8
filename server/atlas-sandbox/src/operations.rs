//! The table of operations: address, releases, who may call, what runs.

use http::Method;

use crate::errors::ApiError;
use crate::{
    limits::Set,
    paging::{LIST, NAMED_LIST, OBJECT},
    routes::{self, Answer, Call, permission::Need},
};

/// Where Atlas's API begins.
pub(crate) const BASE: &str = "/api/atlas/v2";

const FIRST: &[&str] = &["2023-01-01"];

/// One operation of the description.
pub(crate) struct Operation {
    /// `operationId`.
    pub(crate) id: &'static str,
    pub(crate) method: Method,
    /// Below [`BASE`].
    path: &'static str,
    /// Oldest first.
    pub(crate) releases: &'static [&'static str],
    pub(crate) query: &'static [&'static str],
    pub(crate) has_body: bool,
    pub(crate) need: Need,
    pub(crate) set: Set,
    pub(crate) run: fn(&mut Call<'_>) -> Result<Answer, ApiError>,
}

macro_rules! operation {
    ($id:literal, $method:ident $path:literal, $query:ident, body $body:literal, $need:ident, $set:ident, $run:path) => {
        Operation {
            id: $id,
            method: Method::$method,
            path: $path,
            releases: FIRST,
            query: $query,
            has_body: $body,
            need: Need::$need,
            set: Set::$set,
            run: $run,
        }
    };
}

/// Every operation the sandbox knows.
#[rustfmt::skip]
pub(crate) static OPERATIONS: &[Operation] = &[
    operation!("getSystemStatus", GET "", OBJECT, body false, Nothing, Root, routes::root::status),
    operation!("listOrgs", GET "/orgs", NAMED_LIST, body false, Nothing, OrgsOfCaller, routes::orgs::list),
    operation!("getOrg", GET "/orgs/{orgId}", OBJECT, body false, OrgMember, Organizations, routes::orgs::get),
    operation!("getOrgGroups", GET "/orgs/{orgId}/groups", NAMED_LIST, body false, OrgMember, Organizations, routes::orgs::projects),
    operation!("listGroups", GET "/groups", LIST, body false, Nothing, ProjectsOfCaller, routes::projects::list),
    operation!("getGroup", GET "/groups/{groupId}", OBJECT, body false, ProjectReadOnly, Projects, routes::projects::get),
    operation!("listOrgApiKeys", GET "/orgs/{orgId}/apiKeys", LIST, body false, OrgMember, OrgKeys, routes::org_keys::list),
    operation!("createOrgApiKey", POST "/orgs/{orgId}/apiKeys", OBJECT, body true, OrgOwner, OrgKeys, routes::org_keys::create),
    operation!("getOrgApiKey", GET "/orgs/{orgId}/apiKeys/{apiUserId}", OBJECT, body false, OrgMember, OrgKeys, routes::org_keys::get),
    operation!("updateOrgApiKey", PATCH "/orgs/{orgId}/apiKeys/{apiUserId}", OBJECT, body true, OrgOwner, OrgKeys, routes::org_keys::update),
    operation!("deleteOrgApiKey", DELETE "/orgs/{orgId}/apiKeys/{apiUserId}", OBJECT, body false, OrgOwner, OrgKeys, routes::org_keys::delete),
    operation!("listOrgApiKeyAccessListEntries", GET "/orgs/{orgId}/apiKeys/{apiUserId}/accessList", LIST, body false, AccessListRead, OrgKeys, routes::access_lists::list),
    operation!("createOrgApiKeyAccessListEntry", POST "/orgs/{orgId}/apiKeys/{apiUserId}/accessList", LIST, body true, AccessListWrite, OrgKeys, routes::access_lists::create),
    operation!("getOrgApiKeyAccessListEntry", GET "/orgs/{orgId}/apiKeys/{apiUserId}/accessList/{ipAddress}", OBJECT, body false, AccessListRead, OrgKeys, routes::access_lists::get),
    operation!("deleteOrgApiKeyAccessListEntry", DELETE "/orgs/{orgId}/apiKeys/{apiUserId}/accessList/{ipAddress}", OBJECT, body false, AccessListWrite, OrgKeys, routes::access_lists::delete),
    operation!("listGroupApiKeys", GET "/groups/{groupId}/apiKeys", LIST, body false, ProjectReadOnly, ProjectKeys, routes::project_keys::list),
    operation!("createGroupApiKey", POST "/groups/{groupId}/apiKeys", OBJECT, body true, ProjectAccessManager, ProjectKeys, routes::project_keys::create),
    operation!("addGroupApiKey", POST "/groups/{groupId}/apiKeys/{apiUserId}", OBJECT, body true, ProjectOwner, ProjectKeys, routes::project_keys::add),
    operation!("updateGroupApiKeyRoles", PATCH "/groups/{groupId}/apiKeys/{apiUserId}", LIST, body true, ProjectAccessManager, ProjectKeys, routes::project_keys::update),
    operation!("removeGroupApiKey", DELETE "/groups/{groupId}/apiKeys/{apiUserId}", OBJECT, body false, ProjectAccessManager, ProjectKeys, routes::project_keys::remove),
];

/// The values in a path, still encoded.
#[derive(Default, Debug)]
pub(crate) struct Values<'a> {
    pub(crate) org: Option<&'a str>,
    pub(crate) project: Option<&'a str>,
    pub(crate) key: Option<&'a str>,
    pub(crate) address: Option<&'a str>,
}

/// What a method and path lead to.
pub(crate) enum Found<'a> {
    /// An operation, with the values of its path.
    Operation(&'static Operation, Values<'a>),
    /// The path exists with these other methods.
    OtherMethods(Vec<&'static str>),
    /// Nothing.
    Nowhere,
}

/// Finds the operation for a method and a path as sent. `HEAD` is answered like `GET`.
pub(crate) fn find<'a>(method: &Method, path: &'a str) -> Found<'a> {
    let Some(below) = path.strip_prefix(BASE) else {
        return Found::Nowhere;
    };
    let method = if method == Method::HEAD { &Method::GET } else { method };
    let mut others = Vec::new();
    for operation in OPERATIONS {
        let Some(values) = values(operation.path, below) else {
            continue;
        };
        if operation.method == *method {
            return Found::Operation(operation, values);
        }
        others.push(operation.method.as_str());
    }
    if others.is_empty() { Found::Nowhere } else { Found::OtherMethods(others) }
}

fn values<'a>(pattern: &str, path: &'a str) -> Option<Values<'a>> {
    let path = if path == "/" { "" } else { path };
    let (mut wanted, mut sent) = (pattern.split('/'), path.split('/'));
    let mut values = Values::default();
    loop {
        let (part, text) = match (wanted.next(), sent.next()) {
            (None, None) => return Some(values),
            (Some(part), Some(text)) => (part, text),
            _ => return None,
        };
        match part {
            "{orgId}" => values.org = Some(text),
            "{groupId}" => values.project = Some(text),
            "{apiUserId}" => values.key = Some(text),
            "{ipAddress}" => values.address = Some(text),
            _ if part == text => {}
            _ => return None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_escaped_slash_does_not_split_an_address() {
        let path = "/api/atlas/v2/orgs/o/apiKeys/k/accessList/192.0.2.0%2F24";
        let Found::Operation(operation, values) = find(&Method::HEAD, path) else { panic!("not found") };
        assert_eq!((operation.id, values.address), ("getOrgApiKeyAccessListEntry", Some("192.0.2.0%2F24")));
        assert!(matches!(find(&Method::GET, "/api/atlas/v2/orgs/o/apiKeys/k/accessList/192.0.2.0/24"), Found::Nowhere));
    }
}
