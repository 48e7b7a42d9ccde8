//! API keys of a project: keys of its organization that have roles in it.

use crate::{
    errors::ApiError,
    id::Id,
    limits::Set,
    operations::Operation,
    paging::LIST,
    routes::{
        Answer, Call,
        body::{self, Fields, Level},
        org_keys,
        permission::{self, Need},
    },
    state::CallerId,
};

/// The operations of this area.
pub(crate) static OPERATIONS: &[Operation] = &[
    Operation::get("listGroupApiKeys", ALL, Need::ProjectReadOnly, Set::ProjectKeys, list).query(LIST),
    Operation::post("createGroupApiKey", ALL, Need::ProjectAccessManager, Set::ProjectKeys, create),
    Operation::post("addGroupApiKey", ONE, Need::ProjectOwner, Set::ProjectKeys, add),
    Operation::patch("updateGroupApiKeyRoles", ONE, Need::ProjectAccessManager, Set::ProjectKeys, update).query(LIST),
    Operation::delete("removeGroupApiKey", ONE, Need::ProjectAccessManager, Set::ProjectKeys, remove),
];

const ALL: &str = "/groups/{groupId}/apiKeys";
const ONE: &str = "/groups/{groupId}/apiKeys/{apiUserId}";

/// `listGroupApiKeys`, with all roles of each key.
fn list(call: &mut Call<'_>) -> Result<Answer, ApiError> {
    let ids = &call.project()?.keys;
    Ok(org_keys::page(call, ids))
}

/// `createGroupApiKey`: the key also becomes a member of the organization (recorded).
fn create(call: &mut Call<'_>) -> Result<Answer, ApiError> {
    let fields = call.fields(&["desc", "roles"])?;
    let desc = body::required_desc(&fields)?;
    let roles = body::required_roles(&fields, Level::Project)?;
    let project = call.project()?.id;
    let (id, private) = org_keys::make(call, desc, vec!["ORG_MEMBER"], Some(project))?;
    assign(call, id, project, roles);
    org_keys::shown_once(call, id, private)
}

/// `addGroupApiKey`: roles are added to those the key may already have in the project.
fn add(call: &mut Call<'_>) -> Result<Answer, ApiError> {
    let project = call.project()?.id;
    let mut wanted = call.key()?.grants.roles_in(project).to_vec();
    let items = call.items()?;
    if items.is_empty() {
        return Err(
            ApiError::bad_request("MISSING_API_KEY_ROLES", "An API key requires at least one role.").at("roles")
        );
    }
    for item in items {
        for role in body::required_roles(&Fields::of(item, &["roles"])?, Level::Project)? {
            if !wanted.contains(&role) {
                wanted.push(role);
            }
        }
    }
    let key = call.key()?.id;
    assign(call, key, project, wanted);
    Ok(Answer::empty())
}

/// Gives a key roles in a project instead of those it had there, and writes down which of the two it was.
fn assign(call: &mut Call<'_>, key: Id, project: Id, roles: Vec<&'static str>) {
    let is_new = call.state.keys.get(&key).is_some_and(|key| key.grants.roles_in(project).is_empty());
    call.state.assign(CallerId::Key(key), project, roles);
    let kind = if is_new { "API_KEY_ADDED_TO_GROUP" } else { "API_KEY_ROLES_CHANGED" };
    org_keys::record(call, kind, key, Some(project));
}

/// `updateGroupApiKeyRoles`: `roles` replaces the roles in this project, also of a key that had none there.
fn update(call: &mut Call<'_>) -> Result<Answer, ApiError> {
    let fields = call.fields(&["desc", "roles"])?;
    let roles = body::roles(&fields, Level::Project)?;
    let desc = body::desc(&fields)?;
    let (project, key) = (call.project()?.id, call.key()?.id);
    match roles {
        Some(roles) => assign(call, key, project, roles),
        None if call.key()?.grants.roles_in(project).is_empty() => {
            return Err(permission::no_key(&key.to_string()));
        }
        None => {}
    }
    org_keys::describe(call, key, desc, Some(project));
    org_keys::get(call)
}

/// `removeGroupApiKey`: the key stays in the organization.
fn remove(call: &mut Call<'_>) -> Result<Answer, ApiError> {
    let (project, key) = (call.project()?.id, call.key()?.id);
    if !call.state.unassign(CallerId::Key(key), project) {
        return Err(permission::no_key(&key.to_string()));
    }
    org_keys::record(call, "API_KEY_REMOVED_FROM_GROUP", key, Some(project));
    Ok(Answer::empty())
}
