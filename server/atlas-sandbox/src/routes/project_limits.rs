//! Limits of a project that its owners may change: a bare list, without pages.

use serde_json::{Value, json};

use crate::{
    errors::ApiError,
    limits::Set,
    operations::Operation,
    paging::refusal_of_path,
    routes::{Answer, Call, body, permission::Need},
    state::Project,
};

/// The operations of this area.
pub(crate) static OPERATIONS: &[Operation] = &[
    Operation::get("listGroupLimits", "/groups/{groupId}/limits", Need::ProjectReadOnly, Set::Projects, list),
    Operation::get("getGroupLimit", ONE, Need::ProjectReadOnly, Set::Projects, get),
    Operation::patch("setGroupLimit", ONE, Need::ProjectOwner, Set::Projects, set),
    Operation::delete("deleteGroupLimit", ONE, Need::ProjectOwner, Set::Projects, reset),
];

const ONE: &str = "/groups/{groupId}/limits/{limitName}";

/// A limit, its default and the most it can be raised to; what has no default is unlimited until it is set.
struct Limit {
    name: &'static str,
    default: Option<u64>,
    most: u64,
}

const fn limit(name: &'static str, default: u64, most: u64) -> Limit {
    Limit { name, default: Some(default), most }
}

const fn unlimited(name: &'static str) -> Limit {
    Limit { name, default: None, most: u64::MAX >> 1 }
}

/// As the reference lists them.
const LIMITS: [Limit; 13] = [
    limit(CLUSTERS, 25, 100),
    limit("atlas.project.deployment.nodesPerPrivateLinkRegion", 50, 90),
    limit("atlas.project.deployment.privateServiceConnectionsPerRegionGroup", 50, 100),
    limit("atlas.project.deployment.privateServiceConnectionsSubnetMask", 27, 27),
    limit("atlas.project.deployment.serverlessMTMs", 100, 100),
    limit("atlas.project.security.databaseAccess.customRoles", 100, 1_400),
    limit("atlas.project.security.databaseAccess.users", 100, 900),
    limit("atlas.project.security.networkAccess.crossRegionEntries", 40, 220),
    limit("atlas.project.security.networkAccess.entries", 200, 200),
    unlimited("dataFederation.bytesProcessed.query"),
    unlimited("dataFederation.bytesProcessed.daily"),
    unlimited("dataFederation.bytesProcessed.weekly"),
    unlimited("dataFederation.bytesProcessed.monthly"),
];

const CLUSTERS: &str = "atlas.project.deployment.clusters";

/// `listGroupLimits`.
fn list(call: &mut Call<'_>) -> Result<Answer, ApiError> {
    let project = call.project()?;
    let all: Vec<Value> = LIMITS.iter().filter_map(|limit| written(limit, project)).collect();
    Ok(Answer::object(all.into()))
}

/// `getGroupLimit`.
fn get(call: &mut Call<'_>) -> Result<Answer, ApiError> {
    let limit = named(call)?;
    written(limit, call.project()?).map(Answer::object).ok_or_else(|| not_set(limit))
}

/// `setGroupLimit`.
fn set(call: &mut Call<'_>) -> Result<Answer, ApiError> {
    let limit = named(call)?;
    // `name` is both required and read-only in the description; what is sent must fit the path.
    let fields = call.fields(&["name", "value"])?;
    if fields.get("name").and_then(Value::as_str).is_some_and(|name| !name.is_empty() && name != limit.name) {
        return Err(body::invalid("name"));
    }
    let value = fields.get("value").ok_or_else(|| body::missing("value"))?;
    let value = value.as_u64().filter(|value| *value <= limit.most).ok_or_else(|| body::invalid("value"))?;
    let id = call.project()?.id;
    if let Some(project) = call.state.projects.get_mut(&id) {
        project.limits.insert(limit.name.to_owned(), value);
    }
    let kind = if limit.default.is_some() { "PROJECT_LIMIT_UPDATED" } else { "DATA_FEDERATION_QUERY_LIMIT_CONFIGURED" };
    call.record(kind, Some(id), Vec::new());
    get(call)
}

/// `deleteGroupLimit`: back to the default.
fn reset(call: &mut Call<'_>) -> Result<Answer, ApiError> {
    let limit = named(call)?;
    let id = call.project()?.id;
    let old = call.state.projects.get_mut(&id).and_then(|project| project.limits.remove(limit.name));
    match (old, limit.default) {
        (None, None) => return Err(not_set(limit)),
        (None, Some(_)) => {}
        (Some(_), Some(_)) => call.record("PROJECT_LIMIT_UPDATED", Some(id), Vec::new()),
        (Some(_), None) => call.record("DATA_FEDERATION_QUERY_LIMIT_DELETED", Some(id), Vec::new()),
    }
    Ok(Answer::empty())
}

/// The limit the path names.
fn named(call: &Call<'_>) -> Result<&'static Limit, ApiError> {
    let name = call.in_path("limitName");
    LIMITS.iter().find(|limit| limit.name == name).ok_or_else(|| refusal_of_path("limitName", &name))
}

fn not_set(limit: &Limit) -> ApiError {
    let text = format!("The limit {} is not set.", limit.name);
    ApiError::not_found("RESOURCE_NOT_FOUND", text).with(limit.name)
}

/// A limit as Atlas writes it; nothing for one that is neither set nor has a default.
fn written(limit: &Limit, project: &Project) -> Option<Value> {
    let value = project.limits.get(limit.name).copied().or(limit.default)?;
    let mut written = json!({ "name": limit.name, "value": value });
    if let Some(default) = limit.default {
        written["defaultLimit"] = default.into();
        written["maximumLimit"] = limit.most.into();
        written["currentUsage"] = if limit.name == CLUSTERS { project.clusters } else { 0 }.into();
    }
    Some(written)
}
