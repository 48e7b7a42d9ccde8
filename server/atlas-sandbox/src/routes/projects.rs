//! Projects across what the caller sees.

use http::StatusCode;
use serde_json::{Value, json};

use crate::{
    clock,
    errors::ApiError,
    limits::Set,
    operations::Operation,
    paging::LIST,
    routes::{Answer, Call, permission::Need, self_link},
    state::Project,
};

/// The operations of this area.
pub(crate) static OPERATIONS: &[Operation] = &[
    Operation::get("listGroups", "/groups", Need::Nothing, Set::ProjectsOfCaller, list).query(LIST),
    Operation::get("getGroup", "/groups/{groupId}", Need::ProjectReadOnly, Set::Projects, get),
    Operation::get("getGroupByName", "/groups/byName/{groupName}", Need::Nothing, Set::ProjectsOfCaller, by_name),
];

/// `listGroups`.
fn list(call: &mut Call<'_>) -> Result<Answer, ApiError> {
    let grants = call.grants()?;
    let ids = call.state.orgs.get(&grants.org).map_or(&[][..], |org| &org.projects);
    let seen: Vec<_> = ids.iter().filter(|id| grants.sees(**id)).filter_map(|id| call.state.projects.get(id)).collect();
    let page = seen[call.query.window(seen.len())].iter().map(|project| written(project, &call.api)).collect();
    Ok(Answer::list(call.query.listed(page, seen.len(), &call.here)))
}

/// `getGroup`.
fn get(call: &mut Call<'_>) -> Result<Answer, ApiError> {
    Ok(Answer::object(written(call.project()?, &call.api)))
}

/// `getGroupByName`: among the projects the caller sees.
fn by_name(call: &mut Call<'_>) -> Result<Answer, ApiError> {
    let (grants, name) = (call.grants()?, call.in_path("groupName"));
    let ids = call.state.orgs.get(&grants.org).map_or(&[][..], |org| &org.projects);
    let seen = ids.iter().filter(|id| grants.sees(**id)).filter_map(|id| call.state.projects.get(id));
    let found: Vec<_> = seen.filter(|project| project.name == name).collect();
    match found[..] {
        [project] => Ok(Answer::object(written(project, &call.api))),
        [] => {
            let text = format!("No group with name \"{name}\" exists.");
            Err(ApiError::not_found("GROUP_NAME_NOT_FOUND", text).with(name))
        }
        _ => {
            let text = format!("Multiple groups exist with the name \"{name}\".");
            Err(ApiError::new(StatusCode::CONFLICT, "MULTIPLE_GROUPS", text).with(name))
        }
    }
}

/// A project as Atlas writes it.
pub(crate) fn written(project: &Project, api: &str) -> Value {
    let tags: Vec<Value> = project.tags.iter().map(|(key, value)| json!({ "key": key, "value": value })).collect();
    json!({
        "id": project.id.to_string(),
        "orgId": project.org.to_string(),
        "name": project.name,
        "created": clock::written(project.created),
        "clusterCount": project.clusters,
        "tags": tags,
        "links": self_link(format!("{api}/groups/{}", project.id)),
    })
}
