//! People in an organization, invited and active.

use http::StatusCode;
use serde_json::Value;

use crate::{
    errors::ApiError,
    id::Id,
    limits::Set,
    operations::Operation,
    paging::LIST,
    routes::{
        Answer, Call,
        body::{self, Fields, Level},
        people::{self, BOTH, FILTERS, Filter, NEW_ONLY},
        permission::Need,
    },
    state::{Member, NewMember, people::ProjectRoles},
};

/// The operations of this area.
pub(crate) static OPERATIONS: &[Operation] = &[
    Operation::get("listOrgUsers", ALL, Need::OrgMember, Set::OrgUsers, list).query(LIST).also(FILTERS).releases(BOTH),
    Operation::post("createOrgUser", ALL, Need::OrgOwner, Set::OrgUsers, create).releases(NEW_ONLY),
    Operation::get("getOrgUser", ONE, Need::OrgMember, Set::OrgUsers, get)
        .also(&["orgMembershipStatuses"])
        .releases(NEW_ONLY),
    Operation::patch("updateOrgUser", ONE, Need::OrgOwner, Set::OrgUsers, update).releases(NEW_ONLY),
    Operation::delete("removeOrgUser", ONE, Need::OrgOwner, Set::OrgUsers, remove).releases(BOTH),
    Operation::post("addOrgUserRole", ADD_ROLE, Need::OrgOwner, Set::OrgUsers, add_role).releases(NEW_ONLY),
    Operation::post("removeOrgUserRole", REMOVE_ROLE, Need::OrgOwner, Set::OrgUsers, remove_role).releases(NEW_ONLY),
];

const ALL: &str = "/orgs/{orgId}/users";
const ONE: &str = "/orgs/{orgId}/users/{userId}";
const ADD_ROLE: &str = "/orgs/{orgId}/users/{userId}:addRole";
const REMOVE_ROLE: &str = "/orgs/{orgId}/users/{userId}:removeRole";

/// `listOrgUsers`.
fn list(call: &mut Call<'_>) -> Result<Answer, ApiError> {
    let filter = Filter::read(call)?;
    let members = call.state.people.members(call.target.org).iter();
    let found: Vec<&Member> = members.filter(|member| filter.takes(call, member)).collect();
    Ok(if people::is_old(call) {
        people::page(call, &found, |member| people::account(call, member))
    } else {
        people::page(call, &found, |member| people::in_org(call, member))
    })
}

/// `createOrgUser`: an invitation, instead of an older one that expired or was declined.
fn create(call: &mut Call<'_>) -> Result<Answer, ApiError> {
    let fields = call.fields(&["username", "roles", "teamIds"])?;
    let username = people::username(&fields)?;
    let (org_roles, project_roles) = roles(call, fields.get("roles").ok_or_else(|| body::missing("roles"))?)?;
    if org_roles.is_empty() {
        return Err(body::missing("orgRoles"));
    }
    let teams = fields.get("teamIds").map(|value| people::team_ids(call, value, None)).transpose()?.unwrap_or_default();
    let project_roles = project_roles.unwrap_or_default();
    let id = people::invite(call, NewMember { org: call.target.org, username, org_roles, project_roles, teams })?;
    Ok(shown(call, id)?.with_status(StatusCode::CREATED))
}

/// The organization roles, and the roles in projects if they are there.
fn roles(call: &Call<'_>, value: &Value) -> Result<(Vec<&'static str>, Option<ProjectRoles>), ApiError> {
    let fields = Fields::of(value.clone(), &["orgRoles", "groupRoleAssignments"])?;
    let org_roles = fields.get("orgRoles").ok_or_else(|| body::missing("orgRoles"))?;
    let org_roles = people::roles(org_roles, Level::Org, "orgRoles")?;
    let in_projects = fields.get("groupRoleAssignments");
    let in_projects = in_projects.map(|value| people::assignments(call, value, "groupRoles")).transpose()?;
    Ok((org_roles, in_projects))
}

/// Somebody, as they are now.
fn shown(call: &Call<'_>, id: Id) -> Result<Answer, ApiError> {
    Ok(Answer::object(people::in_org(call, people::live(call, id)?)))
}

/// `getOrgUser`.
fn get(call: &mut Call<'_>) -> Result<Answer, ApiError> {
    let (id, filter) = (call.id_in_path("userId")?, Filter::read(call)?);
    let found = call.state.people.member(call.target.org, id).filter(|member| filter.takes(call, member));
    let member = found.ok_or_else(|| people::not_in_org(&id.to_string()))?;
    Ok(Answer::object(people::in_org(call, member)))
}

/// `updateOrgUser`: what is there replaces, what is absent stays, an empty list resets.
fn update(call: &mut Call<'_>) -> Result<Answer, ApiError> {
    let id = call.id_in_path("userId")?;
    let fields = call.fields(&["roles", "teamIds"])?;
    people::live(call, id)?;
    let roles = fields.get("roles").map(|value| roles(call, value)).transpose()?;
    let teams = fields.get("teamIds").map(|value| people::team_ids(call, value, Some(id))).transpose()?;
    if let Some((org_roles, in_projects)) = roles {
        replace_roles(call, id, org_roles, in_projects)?;
    }
    if let Some(teams) = teams {
        people::move_to_teams(call, id, teams)?;
    }
    shown(call, id)
}

/// Gives somebody other roles, and writes it down if that changes anything.
pub(super) fn replace_roles(
    call: &mut Call<'_>,
    id: Id,
    org_roles: Vec<&'static str>,
    in_projects: Option<ProjectRoles>,
) -> Result<(), ApiError> {
    let member = people::live(call, id)?;
    if org_roles.is_empty() {
        return Err(people::needs_a_role());
    }
    if !org_roles.contains(&"ORG_OWNER") {
        people::keeps_an_owner(call, member, "CANNOT_DEMOTE_LAST_ORG_OWNER")?;
    }
    let is_same = member.org_roles == org_roles
        && in_projects.as_ref().is_none_or(|in_projects| *in_projects == member.project_roles);
    if is_same {
        return Ok(());
    }
    let username = member.username.clone();
    people::change(call, id, |member| {
        member.org_roles = org_roles;
        if let Some(in_projects) = in_projects {
            member.project_roles = in_projects;
        }
    });
    people::record(call, "USER_ROLES_CHANGED_AUDIT", &username, None);
    Ok(())
}

/// `removeOrgUser`: an active person with all their roles and teams, or an invitation; with the deprecated release
/// active people only.
fn remove(call: &mut Call<'_>) -> Result<Answer, ApiError> {
    let id = call.id_in_path("userId")?;
    let member = if people::is_old(call) { people::active(call, id)? } else { people::live(call, id)? };
    people::keeps_an_owner(call, member, "CANNOT_DELETE_LAST_ADMIN")?;
    let kind = if member.invitation.is_some() { "ORG_INVITATION_DELETED" } else { "REMOVED_FROM_ORG" };
    let username = member.username.clone();
    call.state.people.remove(call.target.org, id);
    people::record(call, kind, &username, None);
    Ok(Answer::empty())
}

fn named_role(call: &Call<'_>) -> Result<&'static str, ApiError> {
    let fields = call.fields(&["orgRole"])?;
    let value = fields.get("orgRole").ok_or_else(|| body::missing("orgRole"))?;
    body::role(value.as_str().unwrap_or_default(), Level::Org)
}

/// `addOrgUserRole`. Adding a role twice changes nothing.
fn add_role(call: &mut Call<'_>) -> Result<Answer, ApiError> {
    let (id, role) = (call.id_in_path("userId")?, named_role(call)?);
    let mut roles = people::live(call, id)?.org_roles.clone();
    if !roles.contains(&role) {
        roles.push(role);
    }
    replace_roles(call, id, roles, None)?;
    shown(call, id)
}

/// `removeOrgUserRole`. Removing a role that is not there changes nothing.
fn remove_role(call: &mut Call<'_>) -> Result<Answer, ApiError> {
    let (id, role) = (call.id_in_path("userId")?, named_role(call)?);
    let mut roles = people::live(call, id)?.org_roles.clone();
    roles.retain(|other| *other != role);
    replace_roles(call, id, roles, None)?;
    shown(call, id)
}
