//! Organizations, and the projects in one.

use serde_json::{Value, json};

use crate::{
    errors::ApiError,
    limits::Set,
    operations::Operation,
    paging::NAMED_LIST,
    routes::{Answer, Call, permission::Need, projects, self_link},
    state::Org,
};

/// The operations of this area.
pub(crate) static OPERATIONS: &[Operation] = &[
    Operation::get("listOrgs", "/orgs", Need::Nothing, Set::OrgsOfCaller, list).query(NAMED_LIST),
    Operation::get("getOrg", "/orgs/{orgId}", Need::OrgMember, Set::Organizations, get),
    Operation::get("getOrgGroups", "/orgs/{orgId}/groups", Need::OrgMember, Set::Organizations, groups)
        .query(NAMED_LIST),
];

/// `listOrgs`: a caller sees the one organization it belongs to.
fn list(call: &mut Call<'_>) -> Result<Answer, ApiError> {
    let org = call.grants()?.org;
    let seen: Vec<&Org> = call.state.orgs.get(&org).into_iter().filter(|org| call.query.matches(&org.name)).collect();
    let page = seen[call.query.window(seen.len())].iter().map(|org| written(org, &call.api)).collect();
    Ok(Answer::list(call.query.listed(page, seen.len(), &call.here)))
}

/// `getOrg`.
fn get(call: &mut Call<'_>) -> Result<Answer, ApiError> {
    let refusal = || ApiError::not_found("ORG_NOT_FOUND", "The organization does not exist.");
    let org = call.state.orgs.get(&call.target.org).ok_or_else(refusal)?;
    Ok(Answer::object(written(org, &call.api)))
}

/// `getOrgGroups`: members see the projects they were added to, owners and readers all.
fn groups(call: &mut Call<'_>) -> Result<Answer, ApiError> {
    let grants = call.grants()?;
    let ids = call.state.orgs.get(&call.target.org).map_or(&[][..], |org| &org.projects);
    let projects = ids.iter().filter(|id| grants.sees(**id)).filter_map(|id| call.state.projects.get(id));
    let seen: Vec<_> = projects.filter(|project| call.query.matches(&project.name)).collect();
    let page =
        seen[call.query.window(seen.len())].iter().map(|project| projects::written(project, &call.api)).collect();
    Ok(Answer::list(call.query.listed(page, seen.len(), &call.here)))
}

fn written(org: &Org, api: &str) -> Value {
    json!({
        "id": org.id.to_string(),
        "name": org.name,
        "isDeleted": false,
        "skipDefaultAlertsSettings": false,
        "links": self_link(format!("{api}/orgs/{}", org.id)),
    })
}
