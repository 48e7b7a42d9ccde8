//! Who may call what: Atlas's codes for a wrong organization, a missing role, a missing access list.

use std::net::IpAddr;

use ipnet::IpNet;

use crate::{
    errors::ApiError,
    id::Id,
    operations::Values,
    roles::sees_all_projects,
    routes::path_address,
    state::{Key, State},
};

/// The least an operation asks of its caller.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Need {
    /// A good signature.
    Nothing,
    /// Any role in the organization.
    OrgMember,
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
    caller: Id,
    need: Need,
    values: &Values<'_>,
    peer: IpAddr,
) -> Result<Target, ApiError> {
    let key_id = values.key.map(key_id).transpose()?;
    let address = values.address.map(path_address).transpose()?.flatten();
    let caller = state.keys.get(&caller).ok_or_else(|| no_key(&caller.to_string()))?;
    if let Some(text) = values.org {
        own_org(state, caller, text)?;
    }
    let project = values.project.map(|text| visible_project(state, caller, text)).transpose()?;
    check_role(caller, need, project, key_id, peer)?;
    let key = key_id.map(|id| match state.keys.get(&id) {
        Some(key) if key.org == caller.org => Ok(id),
        _ => Err(no_key(&id.to_string())),
    });
    Ok(Target { org: caller.org, project, key: key.transpose()?, address })
}

fn key_id(text: &str) -> Result<Id, ApiError> {
    Id::parse(text).ok_or_else(|| {
        let detail = format!("The path parameter apiUserId could not be read from {text}.");
        ApiError::bad_request("PATH_PARAM_PARSE_ERROR", detail).with("apiUserId").with(text)
    })
}

fn own_org(state: &State, caller: &Key, text: &str) -> Result<(), ApiError> {
    let Some(id) = Id::parse(text) else {
        return Err(ApiError::not_found("INVALID_ORG_ID", format!("An invalid organization ID {text} was specified."))
            .with(text));
    };
    if !state.orgs.contains_key(&id) {
        return Err(ApiError::not_found("ORG_NOT_FOUND", format!("No organization with ID {text} exists.")).with(text));
    }
    let member = caller.org == id && !caller.org_roles.is_empty();
    let refusal = || ApiError::role("USER_CANNOT_ACCESS_ORG", "This user cannot access this organization.");
    member.then_some(()).ok_or_else(refusal)
}

fn visible_project(state: &State, caller: &Key, text: &str) -> Result<Id, ApiError> {
    let Some(id) = Id::parse(text) else {
        return Err(
            ApiError::not_found("INVALID_GROUP_ID", format!("An invalid group ID {text} was specified.")).with(text)
        );
    };
    let project = state.projects.get(&id).ok_or_else(|| no_project(text))?;
    let visible = project.org == caller.org && sees_project(caller, id);
    visible.then_some(id).ok_or_else(|| {
        ApiError::role("NOT_IN_GROUP", format!("The current user is not in the group {text}.")).with(text)
    })
}

/// Whether a key sees a project of its organization.
pub(crate) fn sees_project(key: &Key, project: Id) -> bool {
    sees_all_projects(&key.org_roles) || !key.roles_in(project).is_empty()
}

fn check_role(caller: &Key, need: Need, project: Option<Id>, key: Option<Id>, peer: IpAddr) -> Result<(), ApiError> {
    let owner = caller.org_roles.contains(&"ORG_OWNER");
    let in_project = |role| project.is_some_and(|project| caller.roles_in(project).contains(&role));
    match need {
        Need::Nothing | Need::OrgMember | Need::ProjectReadOnly => Ok(()),
        Need::OrgOwner if owner => Ok(()),
        Need::OrgOwner => {
            Err(ApiError::role("NOT_ORG_OWNER", "The current user is not an owner of this organization."))
        }
        Need::AccessListRead | Need::AccessListWrite if !owner && key != Some(caller.id) => {
            let text = "The access list of an API key is open to the key itself and to user administrators only.";
            Err(ApiError::role("API_KEY_ACCESS_LIST_ACCESS_DENIED", text))
        }
        Need::AccessListWrite if caller.access_list.is_empty() => {
            let text = "This resource requires access through an access list of ip ranges.";
            Err(ApiError::forbidden("RESOURCE_REQUIRES_ACCESS_LIST", text).with(peer.to_string()))
        }
        Need::AccessListRead | Need::AccessListWrite => Ok(()),
        Need::ProjectAccessManager if owner || in_project("GROUP_OWNER") || in_project("GROUP_ACCESS_MANAGER") => {
            Ok(())
        }
        Need::ProjectAccessManager => {
            Err(ApiError::role("NOT_GROUP_USER_ADMIN", "The current user is not a user administrator of this group."))
        }
        Need::ProjectOwner if owner || in_project("GROUP_OWNER") => Ok(()),
        Need::ProjectOwner => {
            Err(ApiError::role("USER_UNAUTHORIZED", "The current user is not authorized to perform this action."))
        }
    }
}

/// 400, not 404: Atlas answers a missing key so.
pub(crate) fn no_key(id: &str) -> ApiError {
    ApiError::bad_request("API_KEY_NOT_FOUND", format!("No API key with ID {id} exists.")).with(id)
}

/// 404 for a project nobody has.
pub(crate) fn no_project(id: &str) -> ApiError {
    ApiError::not_found("GROUP_NOT_FOUND", format!("No group with ID {id} exists.")).with(id)
}
