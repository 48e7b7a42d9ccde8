//! Projects: seen, made, changed, moved and closed.

use http::StatusCode;
use serde_json::{Value, json};

use crate::{
    auth, clock,
    errors::ApiError,
    id::Id,
    limits::Set,
    operations::Operation,
    paging::LIST,
    routes::{
        Answer, Call,
        body::{self, Fields},
        permission::{self, Need},
        self_link,
    },
    state::{CallerId, MAX_PROJECTS_PER_ORG, Project},
    version::Release,
};

/// The operations of this area.
pub(crate) static OPERATIONS: &[Operation] = &[
    Operation::get("listGroups", "/groups", Need::Nothing, Set::ProjectsOfCaller, list).query(LIST),
    Operation::post("createGroup", "/groups", Need::Nothing, Set::ProjectsOfCaller, create).also(&["projectOwnerId"]),
    Operation::get("getGroupByName", "/groups/byName/{groupName}", Need::Nothing, Set::ProjectsOfCaller, by_name),
    Operation::get("getGroup", ONE, Need::ProjectReadOnly, Set::Projects, get),
    Operation::patch("updateGroup", ONE, Need::ProjectOwner, Set::Projects, update),
    Operation::delete("deleteGroup", ONE, Need::ProjectOwner, Set::Projects, delete),
    Operation::post("migrateGroup", "/groups/{groupId}:migrate", Need::OrgOwner, Set::Projects, migrate)
        .query(&["envelope"])
        .releases(&[Release::new("2024-05-30")]),
];

const ONE: &str = "/groups/{groupId}";

/// The longest key and value of a tag.
const LONGEST_TAG: usize = 255;

/// `listGroups`.
fn list(call: &mut Call<'_>) -> Result<Answer, ApiError> {
    let seen = seen(call)?;
    let page = seen[call.query.window(seen.len())].iter().map(|project| written(project, &call.api)).collect();
    Ok(Answer::list(call.query.listed(page, seen.len(), &call.here)))
}

/// The projects the caller sees.
fn seen<'a>(call: &'a Call<'_>) -> Result<Vec<&'a Project>, ApiError> {
    let grants = call.grants()?;
    let ids = call.state.orgs.get(&grants.org).map_or(&[][..], |org| &org.projects);
    Ok(ids.iter().filter(|id| grants.sees(**id)).filter_map(|id| call.state.projects.get(id)).collect())
}

/// `getGroup`.
fn get(call: &mut Call<'_>) -> Result<Answer, ApiError> {
    Ok(Answer::object(written(call.project()?, &call.api)))
}

/// `getGroupByName`. Names are unique in an organization and a caller has only one, so nothing is ambiguous here.
fn by_name(call: &mut Call<'_>) -> Result<Answer, ApiError> {
    let name = call.in_path("groupName");
    let found = seen(call)?.into_iter().find(|project| project.name == name);
    let refusal = || {
        ApiError::not_found("GROUP_NAME_NOT_FOUND", format!("No group with name {name} exists.")).with(name.as_str())
    };
    found.map(|project| Answer::object(written(project, &call.api))).ok_or_else(refusal)
}

/// `createGroup`: answered with 201 (recorded; the description says 200), without `tags` when there are none.
fn create(call: &mut Call<'_>) -> Result<Answer, ApiError> {
    let fields = call.fields(&["name", "orgId", "tags", "withDefaultAlertsSettings"])?;
    let name = name(&fields)?.ok_or_else(|| body::missing("name"))?;
    let org = fields.get("orgId").and_then(Value::as_str).ok_or_else(|| body::missing("orgId"))?;
    let tags = tags(&fields)?;
    fields.flag("withDefaultAlertsSettings")?;
    let grants = call.grants()?;
    permission::own_org(call.state, grants, org)?;
    let is_owner = grants.has("ORG_OWNER");
    if !is_owner && !grants.has("ORG_GROUP_CREATOR") {
        return Err(permission::lacking(Need::OrgGroupCreator));
    }
    let owner = call.query.value("projectOwnerId").map(|text| person(call, text)).transpose()?;
    may_hold(call, call.target.org, &name)?;
    let id = call.state.add_project(call.target.org, &name, call.now, 0);
    call.target.project = Some(id);
    let has_tags = tags.is_some();
    if let Some(project) = call.state.projects.get_mut(&id) {
        project.tags = tags.unwrap_or_default();
    }
    call.record("GROUP_CREATED", Some(id), Vec::new());
    if !is_owner {
        call.state.assign(call.caller, id, vec!["GROUP_OWNER"]);
    }
    if let Some(owner) = owner {
        call.state.give_project_to(owner, id);
    }
    let mut value = written(call.project()?, &call.api);
    if let Some(fields) = value.as_object_mut().filter(|_| !has_tags) {
        fields.remove("tags");
    }
    Ok(Answer::object(value).with_status(StatusCode::CREATED))
}

/// The person of that id in the caller's organization.
fn person(call: &Call<'_>, text: &str) -> Result<Id, ApiError> {
    let id = Id::parse(text).filter(|id| call.state.is_person_of(call.target.org, *id));
    id.ok_or_else(|| ApiError::not_found("USER_NOT_FOUND", format!("No user with ID {text} exists.")).with(text))
}

/// Whether an organization may have another project of that name.
fn may_hold(call: &Call<'_>, org: Id, name: &str) -> Result<(), ApiError> {
    let ids = call.state.orgs.get(&org).map_or(&[][..], |org| &org.projects);
    if ids.iter().filter_map(|id| call.state.projects.get(id)).any(|project| project.name == name) {
        let text = format!("A group with name {name} already exists.");
        return Err(ApiError::new(StatusCode::CONFLICT, "GROUP_ALREADY_EXISTS", text).with(name));
    }
    if ids.len() >= MAX_PROJECTS_PER_ORG {
        let text = format!("The organization has reached its limit of {MAX_PROJECTS_PER_ORG} groups.");
        return Err(ApiError::bad_request("MAX_GROUPS_PER_ORG_EXCEEDED", text).with(MAX_PROJECTS_PER_ORG));
    }
    Ok(())
}

/// `updateGroup`: `tags` replaces all of them.
fn update(call: &mut Call<'_>) -> Result<Answer, ApiError> {
    let fields = call.fields(&["name", "tags", "withDefaultAlertsSettings"])?;
    let (name, tags) = (name(&fields)?, tags(&fields)?);
    let changes_alerts = fields.flag("withDefaultAlertsSettings")?.is_some();
    let project = call.project()?;
    let id = project.id;
    let name = name.filter(|name| *name != project.name);
    if let Some(name) = &name {
        may_hold(call, call.target.org, name)
            .or_else(|refusal| if refusal.code == "MAX_GROUPS_PER_ORG_EXCEEDED" { Ok(()) } else { Err(refusal) })?;
    }
    if let Some(name) = name {
        change(call, |project| project.name = name);
        call.record("GROUP_NAME_CHANGED", Some(id), Vec::new());
    }
    if let Some(tags) = tags {
        change(call, |project| project.tags = tags);
        let details = vec![("resourceId", id.to_string().into()), ("resourceType", "PROJECT".into())];
        call.record("GROUP_TAGS_MODIFIED", Some(id), details);
    }
    if changes_alerts {
        call.record("GROUP_DEFAULT_ALERTS_SETTINGS_CHANGED", Some(id), Vec::new());
    }
    get(call)
}

fn change(call: &mut Call<'_>, how: impl FnOnce(&mut Project)) {
    if let Some(project) = call.target.project.and_then(|id| call.state.projects.get_mut(&id)) {
        how(project);
    }
}

/// `deleteGroup`: answered with 202 and `{}` (recorded; the description says 204), because Atlas closes it later.
fn delete(call: &mut Call<'_>) -> Result<Answer, ApiError> {
    let project = call.project()?;
    let id = project.id;
    if project.clusters > 0 {
        let text = "There are active clusters in this group, so it cannot be closed.";
        let code = "CANNOT_CLOSE_GROUP_ACTIVE_ATLAS_CLUSTERS";
        return Err(ApiError::new(StatusCode::CONFLICT, code, text).with(id.to_string()));
    }
    call.record("GROUP_DELETED", Some(id), Vec::new());
    call.state.delete_project(id, call.now);
    Ok(Answer::object(json!({})).with_status(StatusCode::ACCEPTED))
}

/// `migrateGroup`: the caller owns the organization it is in; an owner's key of the other one has to come with the
/// request, because credentials belong to one organization only.
fn migrate(call: &mut Call<'_>) -> Result<Answer, ApiError> {
    let names = ["destinationOrgId", "destinationOrgPublicApiKey", "destinationOrgPrivateApiKey"];
    let fields = call.fields(&names)?;
    let [to, public, private] = names.map(|name| fields.get(name).and_then(Value::as_str));
    let to = to.ok_or_else(|| body::missing("destinationOrgId"))?;
    let to = Id::parse(to).filter(|id| call.state.orgs.contains_key(id)).ok_or_else(|| permission::no_org(to))?;
    let CallerId::Key(_) = call.caller else {
        return Err(no_access());
    };
    let public = public.ok_or_else(|| body::missing("destinationOrgPublicApiKey"))?;
    let private = private.ok_or_else(|| body::missing("destinationOrgPrivateApiKey"))?;
    let key = call.state.by_public(public).filter(|key| key.ha1 == auth::ha1(public, private));
    let key = key.filter(|key| key.grants.org == to).ok_or_else(no_access)?;
    if !key.grants.has("ORG_OWNER") {
        return Err(permission::lacking(Need::OrgOwner));
    }
    let project = call.project()?;
    let (id, name) = (project.id, project.name.clone());
    if project.org == to {
        return Err(body::invalid("destinationOrgId"));
    }
    may_hold(call, to, &name)?;
    call.record("GROUP_MOVED_FROM_ORG", None, Vec::new());
    call.state.move_project(id, to, call.now);
    call.record_in(to, "GROUP_MOVED", Some(id), Vec::new());
    get(call)
}

fn no_access() -> ApiError {
    ApiError::role("USER_CANNOT_ACCESS_ORG", "This user cannot access the destination organization.")
}

fn name(fields: &Fields) -> Result<Option<String>, ApiError> {
    body::entity_name(fields, "INVALID_GROUP_NAME")
}

/// Tags, if the field is there: pairs of texts, each key once.
fn tags(fields: &Fields) -> Result<Option<Vec<(String, String)>>, ApiError> {
    let Some(value) = fields.get("tags").filter(|value| !value.is_null()) else {
        return Ok(None);
    };
    let mut found: Vec<(String, String)> = Vec::new();
    for item in value.as_array().ok_or_else(|| body::invalid("tags"))? {
        let pair = Fields::of(item.clone(), &["key", "value"])?;
        let text = |name| pair.text(name, 1..=LONGEST_TAG, |_| true)?.ok_or_else(|| body::missing(name));
        let (key, value) = (text("key")?, text("value")?);
        if found.iter().any(|(other, _)| *other == key) {
            return Err(body::invalid("tags"));
        }
        found.push((key, value));
    }
    Ok(Some(found))
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
