//! People in a project, invited and active.

use http::StatusCode;

use crate::{
    errors::ApiError,
    id::Id,
    limits::Set,
    operations::Operation,
    paging::LIST,
    routes::{
        Answer, Call,
        body::{self, Level},
        people::{self, BOTH, Filter, NEW_ONLY},
        permission::Need,
    },
    state::{Member, NewMember, people::ProjectRoles},
};

/// The operations of this area.
pub(crate) static OPERATIONS: &[Operation] = &[
    Operation::get("listGroupUsers", ALL, Need::ProjectReadOnly, Set::ProjectUsers, list)
        .query(LIST)
        .also(&["flattenTeams", "includeOrgUsers", "username", "orgMembershipStatus", "orgMembershipStatuses"])
        .releases(BOTH),
    Operation::post("addGroupUsers", ALL, Need::ProjectAccessManager, Set::ProjectUsers, add).releases(NEW_ONLY),
    Operation::get("getGroupUser", ONE, Need::ProjectReadOnly, Set::ProjectUsers, get)
        .also(&["orgMembershipStatuses"])
        .releases(NEW_ONLY),
    Operation::delete("removeGroupUser", ONE, Need::ProjectAccessManager, Set::ProjectUsers, remove).releases(BOTH),
    Operation::post("addGroupUserRole", ADD_ROLE, Need::ProjectAccessManager, Set::ProjectUsers, add_role)
        .releases(NEW_ONLY),
    Operation::post("removeGroupUserRole", REMOVE_ROLE, Need::ProjectAccessManager, Set::ProjectUsers, remove_role)
        .releases(NEW_ONLY),
];

const ALL: &str = "/groups/{groupId}/users";
const ONE: &str = "/groups/{groupId}/users/{userId}";
const ADD_ROLE: &str = "/groups/{groupId}/users/{userId}:addRole";
const REMOVE_ROLE: &str = "/groups/{groupId}/users/{userId}:removeRole";

/// `listGroupUsers`: people with roles of their own; on request also those whom a team or a role in the organization
/// lets in, with the roles that gives them.
fn list(call: &mut Call<'_>) -> Result<Answer, ApiError> {
    let project = call.project()?.id;
    let filter = Filter::read(call)?;
    let flag = |name| Ok::<bool, ApiError>(call.query.parsed(name)?.unwrap_or(false));
    let (with_teams, with_org) = (flag("flattenTeams")?, flag("includeOrgUsers")?);
    let members = call.state.people.members(call.target.org).iter().filter(|member| filter.takes(call, member));
    let found: Vec<(&Member, Vec<&'static str>)> = members
        .map(|member| (member, effective(call, member, project, with_teams, with_org)))
        .filter(|(_, roles)| !roles.is_empty())
        .collect();
    Ok(if people::is_old(call) {
        people::page(call, &found, |(member, _)| people::account(call, member))
    } else {
        people::page(call, &found, |(member, roles)| people::in_project(call, member, roles))
    })
}

/// The roles somebody has in a project, each once.
fn effective(call: &Call<'_>, member: &Member, project: Id, with_teams: bool, with_org: bool) -> Vec<&'static str> {
    let mut roles = member.roles_in(project).to_vec();
    let mut more = Vec::new();
    if with_teams {
        let teams = member.teams.iter().filter_map(|id| call.state.teams.get(call.target.org, *id));
        more.extend(teams.flat_map(|team| team.roles_in(project)));
    }
    if with_org {
        more.extend(member.org_roles.iter().filter_map(|role| match *role {
            "ORG_OWNER" => Some(&"GROUP_OWNER"),
            "ORG_READ_ONLY" => Some(&"GROUP_READ_ONLY"),
            _ => None,
        }));
    }
    for role in more {
        if !roles.contains(role) {
            roles.push(role);
        }
    }
    roles
}

/// `addGroupUsers`: active people get in at once, invited ones with their invitation, all others are invited.
fn add(call: &mut Call<'_>) -> Result<Answer, ApiError> {
    let project = call.project()?.id;
    let fields = call.fields(&["username", "roles"])?;
    let username = people::username(&fields)?;
    let roles = people::some_roles(&fields, "roles", Level::Project)?;
    let id = admit(call, project, username, roles)?;
    Ok(shown(call, project, id)?.with_status(StatusCode::CREATED))
}

/// Gives somebody roles in a project, by an invitation to the organization where it takes one.
///
/// # Errors
///
/// 409 for somebody who has roles there; as [`people::invite`].
pub(super) fn admit(
    call: &mut Call<'_>,
    project: Id,
    username: String,
    roles: Vec<&'static str>,
) -> Result<Id, ApiError> {
    let org = call.target.org;
    let known = call.state.people.named(org, &username).filter(|member| member.status(call.now).is_live());
    let Some(member) = known else {
        let project_roles = ProjectRoles::from([(project, roles)]);
        let (org_roles, teams) = (vec!["ORG_MEMBER"], Vec::new());
        return people::invite(call, NewMember { org, username, org_roles, project_roles, teams });
    };
    if !member.roles_in(project).is_empty() {
        return Err(people::is_there(&username));
    }
    let (id, username) = (member.id, member.username.clone());
    let kind = if member.invitation.is_some() { "INVITED_TO_GROUP" } else { "JOINED_GROUP" };
    people::change(call, id, |member| {
        member.project_roles.insert(project, roles);
    });
    people::record(call, kind, &username, Some(project));
    Ok(id)
}

fn shown(call: &Call<'_>, project: Id, id: Id) -> Result<Answer, ApiError> {
    let member = people::live(call, id)?;
    Ok(Answer::object(people::in_project(call, member, member.roles_in(project))))
}

/// `getGroupUser`: somebody with roles of their own in the project.
fn get(call: &mut Call<'_>) -> Result<Answer, ApiError> {
    let (project, id) = (call.project()?.id, call.id_in_path("userId")?);
    let filter = Filter::read(call)?;
    let found = call.state.people.member(call.target.org, id);
    let found = found.filter(|member| filter.takes(call, member) && !member.roles_in(project).is_empty());
    let member = found.ok_or_else(|| people::not_in_project(&id.to_string()))?;
    Ok(Answer::object(people::in_project(call, member, member.roles_in(project))))
}

/// Somebody active or invited with roles of their own in the project of the path.
pub(super) fn live<'a>(call: &'a Call<'_>, id: Id) -> Result<&'a Member, ApiError> {
    let project = call.project()?.id;
    let found = people::live(call, id).ok().filter(|member| !member.roles_in(project).is_empty());
    found.ok_or_else(|| people::not_in_project(&id.to_string()))
}

/// `removeGroupUser`: they stay in the organization.
fn remove(call: &mut Call<'_>) -> Result<Answer, ApiError> {
    let (project, id) = (call.project()?.id, call.id_in_path("userId")?);
    let member = live(call, id)?;
    if people::is_old(call) && member.invitation.is_some() {
        return Err(people::not_in_project(&id.to_string()));
    }
    let username = member.username.clone();
    people::change(call, id, |member| {
        member.project_roles.remove(&project);
    });
    people::record(call, "REMOVED_FROM_GROUP", &username, Some(project));
    Ok(Answer::empty())
}

fn named_role(call: &Call<'_>) -> Result<&'static str, ApiError> {
    let fields = call.fields(&["groupRole"])?;
    let value = fields.get("groupRole").ok_or_else(|| body::missing("groupRole"))?;
    body::role(value.as_str().unwrap_or_default(), Level::Project)
}

/// `addGroupUserRole`. Adding a role twice changes nothing.
fn add_role(call: &mut Call<'_>) -> Result<Answer, ApiError> {
    let (project, id, role) = (call.project()?.id, call.id_in_path("userId")?, named_role(call)?);
    let mut roles = live(call, id)?.roles_in(project).to_vec();
    if !roles.contains(&role) {
        roles.push(role);
    }
    replace_roles(call, project, id, roles)?;
    shown(call, project, id)
}

/// `removeGroupUserRole`. Removing a role that is not there changes nothing.
fn remove_role(call: &mut Call<'_>) -> Result<Answer, ApiError> {
    let (project, id, role) = (call.project()?.id, call.id_in_path("userId")?, named_role(call)?);
    let mut roles = live(call, id)?.roles_in(project).to_vec();
    roles.retain(|other| *other != role);
    replace_roles(call, project, id, roles)?;
    shown(call, project, id)
}

/// Gives somebody other roles in a project, and writes it down if that changes anything.
///
/// # Errors
///
/// 403 for no role at all.
pub(super) fn replace_roles(
    call: &mut Call<'_>,
    project: Id,
    id: Id,
    roles: Vec<&'static str>,
) -> Result<(), ApiError> {
    let member = live(call, id)?;
    if roles.is_empty() {
        return Err(people::needs_a_role());
    }
    if member.roles_in(project) == roles {
        return Ok(());
    }
    let username = member.username.clone();
    people::change(call, id, |member| {
        member.project_roles.insert(project, roles);
    });
    people::record(call, "USER_ROLES_CHANGED_AUDIT", &username, Some(project));
    Ok(())
}
