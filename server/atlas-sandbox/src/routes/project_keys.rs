//! API keys of a project: keys of its organization that have roles in it.

use crate::{
    errors::ApiError,
    routes::{
        Answer, Call,
        body::{self, Level},
        org_keys, permission,
    },
};

/// `listGroupApiKeys`, with all roles of each key.
pub(crate) fn list(call: &mut Call<'_>) -> Result<Answer, ApiError> {
    let ids = &call.project()?.keys;
    Ok(org_keys::page(call, ids))
}

/// `createGroupApiKey`: the key also becomes a member of the organization (recorded).
pub(crate) fn create(call: &mut Call<'_>) -> Result<Answer, ApiError> {
    let fields = body::object(body::json(call.body)?, &["desc", "roles"])?;
    let desc = body::required_desc(&fields)?;
    let roles = body::required_roles(&fields, Level::Project)?;
    let project = call.project()?.id;
    let (id, private) = org_keys::make(call, desc, vec!["ORG_MEMBER"])?;
    call.state.assign(id, project, roles);
    org_keys::shown_once(call, id, private)
}

/// `addGroupApiKey`: roles are added to those the key may already have in the project.
pub(crate) fn add(call: &mut Call<'_>) -> Result<Answer, ApiError> {
    let project = call.project()?.id;
    let mut wanted = call.key()?.roles_in(project).to_vec();
    let items = body::array(call.body)?;
    if items.is_empty() {
        return Err(
            ApiError::bad_request("MISSING_API_KEY_ROLES", "An API key requires at least one role.").at("roles")
        );
    }
    for item in items {
        for role in body::required_roles(&body::object(item, &["roles"])?, Level::Project)? {
            if !wanted.contains(&role) {
                wanted.push(role);
            }
        }
    }
    let key = call.key()?.id;
    call.state.assign(key, project, wanted);
    Ok(Answer::Empty)
}

/// `updateGroupApiKeyRoles`: `roles` replaces the roles in this project, also of a key that had none there.
pub(crate) fn update(call: &mut Call<'_>) -> Result<Answer, ApiError> {
    let fields = body::object(body::json(call.body)?, &["desc", "roles"])?;
    let roles = body::roles(&fields, Level::Project)?;
    let desc = body::desc(&fields)?;
    let (project, key) = (call.project()?.id, call.key()?.id);
    match roles {
        Some(roles) => call.state.assign(key, project, roles),
        None if call.key()?.roles_in(project).is_empty() => {
            return Err(permission::no_key(&key.to_string()));
        }
        None => {}
    }
    if let Some(desc) = desc {
        org_keys::change(call, |key| key.desc = desc);
    }
    org_keys::get(call)
}

/// `removeGroupApiKey`: the key stays in the organization.
pub(crate) fn remove(call: &mut Call<'_>) -> Result<Answer, ApiError> {
    let (project, key) = (call.project()?.id, call.key()?.id);
    if call.state.unassign(key, project) { Ok(Answer::Empty) } else { Err(permission::no_key(&key.to_string())) }
}
