//! Projects across what the caller sees.

use serde_json::{Value, json};

use crate::{
    clock,
    errors::ApiError,
    routes::{Answer, Call, permission::sees_project, self_link},
    state::Project,
};

/// `listGroups`.
pub(crate) fn list(call: &mut Call<'_>) -> Result<Answer, ApiError> {
    let caller = call.caller()?;
    let ids = call.state.orgs.get(&caller.org).map_or(&[][..], |org| &org.projects);
    let seen: Vec<_> =
        ids.iter().filter(|id| sees_project(caller, **id)).filter_map(|id| call.state.projects.get(id)).collect();
    let page = seen[call.query.window(seen.len())].iter().map(|project| written(project, &call.api)).collect();
    Ok(Answer::List(call.query.listed(page, seen.len(), &call.here)))
}

/// `getGroup`.
pub(crate) fn get(call: &mut Call<'_>) -> Result<Answer, ApiError> {
    Ok(Answer::Object(written(call.project()?, &call.api)))
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
