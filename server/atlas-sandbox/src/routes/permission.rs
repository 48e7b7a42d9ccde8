//! Who may call what: Atlas's codes for a wrong organization, a missing role, a missing access list.

use std::net::IpAddr;

use ipnet::IpNet;

use crate::{
    errors::ApiError,
    id::Id,
    operations::Values,
    percent,
    routes::path_address,
    state::{CallerId, Grants, State, service_accounts::CLIENT_ID},
};

/// The least an operation asks of its caller.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Need {
    /// A good signature or token.
    Nothing,
    /// Any role in the organization.
    OrgMember,
    /// `ORG_READ_ONLY`, or what is above it.
    OrgReadOnly,
    /// `ORG_GROUP_CREATOR` or `ORG_OWNER`.
    OrgGroupCreator,
    /// `ORG_BILLING_READ_ONLY`, or what is above it.
    OrgBillingViewer,
    /// `ORG_OWNER`.
    OrgOwner,
    /// The key itself, or `ORG_OWNER` (seen in practice; the description says Org Member).
    AccessListRead,
    /// The same, and an access list of one's own.
    AccessListWrite,
    /// Any role in the project, or one that sees every project.
    ProjectReadOnly,
    /// `GROUP_ACCESS_MANAGER`, or what is above it.
    ProjectAccessManager,
    /// `GROUP_OWNER` or `ORG_OWNER`.
    ProjectOwner,
}

/// What the path names, found.
pub(crate) struct Target {
    /// The organization, the caller's own.
    pub(crate) org: Id,
    pub(crate) project: Option<Id>,
    pub(crate) key: Option<Id>,
    pub(crate) account: Option<Id>,
    /// Nothing also for an address that can name no entry.
    pub(crate) address: Option<IpNet>,
}

/// Finds what the path names and checks that the caller may do what it asks for.
///
/// # Errors
///
/// Atlas's codes, in Atlas's statuses: 400 and 404 for what does not exist, 401 for roles, 403 for access lists.
pub(crate) fn permitted(
    state: &State,
    caller: CallerId,
    need: Need,
    values: &Values<'_>,
    peer: IpAddr,
) -> Result<Target, ApiError> {
    let key_id = values.get("apiUserId").map(|text| path_id("apiUserId", text)).transpose()?;
    let account_id = values.get("clientId").map(account_id).transpose()?;
    let address = values.get("ipAddress").map(path_address).transpose()?.flatten();
    let grants = state.grants(caller).ok_or_else(|| no_caller(caller))?;
    if let Some(text) = values.get("orgId") {
        own_org(state, grants, text)?;
    }
    let project = values.get("groupId").map(|text| visible_project(state, grants, text)).transpose()?;
    let is_own = key_id.is_some_and(|id| caller == CallerId::Key(id));
    check_role(grants, need, project, is_own, peer)?;
    let key = key_id.map(|id| match state.keys.get(&id) {
        Some(key) if key.grants.org == grants.org => Ok(id),
        _ => Err(no_key(&id.to_string())),
    });
    let account = account_id.map(|id| match state.accounts.get(&id) {
        Some(account) if account.grants.org == grants.org => Ok(id),
        _ => Err(no_account(&format!("{CLIENT_ID}{id}"))),
    });
    Ok(Target { org: grants.org, project, key: key.transpose()?, account: account.transpose()?, address })
}

/// Reads an identifier in a path.
///
/// # Errors
///
/// 400 `PATH_PARAM_PARSE_ERROR` for what is none.
pub(crate) fn path_id(name: &'static str, text: &str) -> Result<Id, ApiError> {
    Id::parse(text).ok_or_else(|| unreadable(name, text))
}

fn account_id(text: &str) -> Result<Id, ApiError> {
    let text = percent::segment(text);
    let hex = text.strip_prefix(CLIENT_ID).map(str::to_ascii_lowercase);
    hex.as_deref().and_then(Id::parse).ok_or_else(|| unreadable("clientId", &text))
}

fn unreadable(name: &'static str, text: &str) -> ApiError {
    let detail = format!("The path parameter {name} could not be read from {text}.");
    ApiError::bad_request("PATH_PARAM_PARSE_ERROR", detail).with(name).with(text)
}

/// Checks that an identifier names the caller's own organization.
///
/// # Errors
///
/// 404 for what is none, 401 for another's.
pub(crate) fn own_org(state: &State, caller: &Grants, text: &str) -> Result<(), ApiError> {
    let Some(id) = Id::parse(text) else {
        return Err(ApiError::not_found("INVALID_ORG_ID", format!("An invalid organization ID {text} was specified."))
            .with(text));
    };
    if !state.orgs.contains_key(&id) {
        return Err(no_org(text));
    }
    let member = caller.org == id && !caller.org_roles.is_empty();
    let refusal = || ApiError::role("USER_CANNOT_ACCESS_ORG", "This user cannot access this organization.");
    member.then_some(()).ok_or_else(refusal)
}

/// Finds a project that the caller sees.
pub(crate) fn visible_project(state: &State, caller: &Grants, text: &str) -> Result<Id, ApiError> {
    let Some(id) = Id::parse(text) else {
        return Err(
            ApiError::not_found("INVALID_GROUP_ID", format!("An invalid group ID {text} was specified.")).with(text)
        );
    };
    let project = state.projects.get(&id).ok_or_else(|| no_project(text))?;
    let visible = project.org == caller.org && caller.sees(id);
    visible.then_some(id).ok_or_else(|| {
        ApiError::role("NOT_IN_GROUP", format!("The current user is not in the group {text}.")).with(text)
    })
}

/// `is_own` says that the path names the very key that calls.
fn check_role(caller: &Grants, need: Need, project: Option<Id>, is_own: bool, peer: IpAddr) -> Result<(), ApiError> {
    let owner = caller.has("ORG_OWNER");
    let any = |roles: &[&str]| owner || roles.iter().any(|role| caller.has(role));
    let in_project = |role| project.is_some_and(|project| caller.has_in(project, role));
    let allowed = match need {
        Need::Nothing | Need::OrgMember | Need::ProjectReadOnly => true,
        Need::OrgReadOnly => any(&["ORG_READ_ONLY", "ORG_STREAM_PROCESSING_ADMIN"]),
        Need::OrgGroupCreator => any(&["ORG_GROUP_CREATOR"]),
        Need::OrgBillingViewer => any(&["ORG_BILLING_ADMIN", "ORG_BILLING_READ_ONLY"]),
        Need::OrgOwner => owner,
        Need::AccessListRead | Need::AccessListWrite => owner || is_own,
        Need::ProjectAccessManager => owner || in_project("GROUP_OWNER") || in_project("GROUP_ACCESS_MANAGER"),
        Need::ProjectOwner => owner || in_project("GROUP_OWNER"),
    };
    if !allowed {
        return Err(lacking(need));
    }
    if need == Need::AccessListWrite && caller.access_list.is_empty() {
        let text = "This resource requires access through an access list of ip ranges.";
        return Err(ApiError::forbidden("RESOURCE_REQUIRES_ACCESS_LIST", text).with(peer.to_string()));
    }
    Ok(())
}

/// 401 for a caller without the role that is needed.
pub(crate) fn lacking(need: Need) -> ApiError {
    let (code, text) = match need {
        Need::OrgOwner => ("NOT_ORG_OWNER", "The current user is not an owner of this organization."),
        Need::OrgGroupCreator => {
            ("NOT_ORG_GROUP_CREATOR", "The current user is not a group creator of this organization.")
        }
        Need::AccessListRead | Need::AccessListWrite => (
            "API_KEY_ACCESS_LIST_ACCESS_DENIED",
            "The access list of an API key is open to the key itself and to user administrators only.",
        ),
        Need::ProjectAccessManager => {
            ("NOT_GROUP_USER_ADMIN", "The current user is not a user administrator of this group.")
        }
        _ => ("USER_UNAUTHORIZED", "The current user is not authorized to perform this action."),
    };
    ApiError::role(code, text)
}

/// The caller was deleted while it was calling.
pub(crate) fn no_caller(caller: CallerId) -> ApiError {
    no_key(&caller.id().to_string())
}

/// 400, not 404: Atlas answers a missing key so.
pub(crate) fn no_key(id: &str) -> ApiError {
    ApiError::bad_request("API_KEY_NOT_FOUND", format!("No API key with ID {id} exists.")).with(id)
}

/// 404 for an organization nobody has.
pub(crate) fn no_org(id: &str) -> ApiError {
    ApiError::not_found("ORG_NOT_FOUND", format!("No organization with ID {id} exists.")).with(id)
}

/// 404 for a project nobody has.
pub(crate) fn no_project(id: &str) -> ApiError {
    ApiError::not_found("GROUP_NOT_FOUND", format!("No group with ID {id} exists.")).with(id)
}

/// 404 for a service account nobody has. Atlas documents no codes for them; this one follows its others.
pub(crate) fn no_account(client_id: &str) -> ApiError {
    let text = format!("No service account with client ID {client_id} exists.");
    ApiError::not_found("SERVICE_ACCOUNT_NOT_FOUND", text).with(client_id)
}
