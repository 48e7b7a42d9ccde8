//! Teams of an organization, and the people in them.

use std::collections::HashSet;

use http::StatusCode;
use serde_json::{Value, json};

use crate::{
    errors::ApiError,
    id::Id,
    limits::Set,
    operations::Operation,
    paging::{COUNTED_LIST, LIST},
    routes::{
        Answer, Call,
        body::{self, Fields},
        people::{self, BOTH, Filter, NEW_ONLY, OLD_ONLY},
        permission::{self, Need},
        self_link,
    },
    state::{
        Member, Team,
        teams::{MAX_TEAMS_PER_ORG, MAX_USERS_PER_TEAM},
    },
};

/// The operations of this area.
pub(crate) static OPERATIONS: &[Operation] = &[
    Operation::get("listOrgTeams", ALL, Need::OrgMember, Set::OrgTeams, list).query(LIST),
    Operation::post("createOrgTeam", ALL, Need::OrgOwner, Set::OrgTeams, create),
    Operation::get("getOrgTeam", ONE, Need::OrgMember, Set::OrgTeams, get),
    Operation::get("getOrgTeamByName", BY_NAME, Need::OrgMember, Set::OrgTeams, by_name),
    Operation::patch("renameOrgTeam", ONE, Need::OrgOwner, Set::OrgTeams, rename),
    Operation::delete("deleteOrgTeam", ONE, Need::OrgOwner, Set::OrgTeams, delete),
    Operation::get("listOrgTeamUsers", USERS, Need::OrgMember, Set::OrgTeams, users)
        .query(COUNTED_LIST)
        .also(&["username", "orgMembershipStatus", "orgMembershipStatuses", "userId"])
        .releases(BOTH),
    Operation::post("addOrgTeamUser", ADD, Need::OrgOwner, Set::OrgTeams, add_user).releases(NEW_ONLY),
    Operation::post("removeOrgTeamUser", REMOVE, Need::OrgOwner, Set::OrgTeams, remove_user).releases(NEW_ONLY),
    Operation::post("addOrgTeamUsers", USERS, Need::OrgOwner, Set::OrgTeams, add_users).releases(OLD_ONLY),
    Operation::delete("removeOrgTeamUserFromTeam", USER, Need::OrgOwner, Set::OrgTeams, remove_named)
        .releases(OLD_ONLY),
];

const ALL: &str = "/orgs/{orgId}/teams";
const ONE: &str = "/orgs/{orgId}/teams/{teamId}";
const BY_NAME: &str = "/orgs/{orgId}/teams/byName/{teamName}";
const USERS: &str = "/orgs/{orgId}/teams/{teamId}/users";
const USER: &str = "/orgs/{orgId}/teams/{teamId}/users/{userId}";
const ADD: &str = "/orgs/{orgId}/teams/{teamId}:addUser";
const REMOVE: &str = "/orgs/{orgId}/teams/{teamId}:removeUser";

/// The longest name of a team; not published, as long as that of a project.
const LONGEST_NAME: usize = 64;

/// `listOrgTeams`.
fn list(call: &mut Call<'_>) -> Result<Answer, ApiError> {
    let teams = call.state.teams.of_org(call.target.org);
    let results = teams[call.query.window(teams.len())].iter().map(|team| written(call, team)).collect();
    Ok(Answer::list(call.query.listed(results, teams.len(), &call.here)))
}

/// A team as Atlas writes it.
fn written(call: &Call<'_>, team: &Team) -> Value {
    let path = format!("{}/orgs/{}/teams/{}", call.api, call.target.org, team.id);
    json!({ "id": team.id.to_string(), "name": team.name, "links": self_link(path) })
}

/// The team the path names.
///
/// # Errors
///
/// 404 for a team nobody or another organization has.
pub(super) fn in_path<'a>(call: &'a Call<'_>) -> Result<&'a Team, ApiError> {
    let id = call.id_in_path("teamId")?;
    call.state.teams.get(call.target.org, id).ok_or_else(|| people::no_team(call, id))
}

/// `createOrgTeam`: of active people, by their user names.
fn create(call: &mut Call<'_>) -> Result<Answer, ApiError> {
    let fields = call.fields(&["name", "usernames"])?;
    let name = free_name(call, &fields, None)?;
    let ids = named_people(call, &fields)?;
    if call.state.teams.of_org(call.target.org).len() >= MAX_TEAMS_PER_ORG {
        let text = format!("An organization can have at most {MAX_TEAMS_PER_ORG} teams.");
        return Err(ApiError::bad_request("MAX_TEAMS_PER_ORG_EXCEEDED", text).with(MAX_TEAMS_PER_ORG));
    }
    let team = call.state.add_team(call.target.org, &name, call.now);
    record(call, "TEAM_CREATED", team, None);
    let mut usernames = Vec::new();
    for id in ids {
        usernames.extend(call.state.people.member(call.target.org, id).map(|member| member.username.clone()));
        put_in(call, id, team);
    }
    let mut value = call.state.teams.get(call.target.org, team).map(|team| written(call, team)).unwrap_or_default();
    value["usernames"] = usernames.into();
    Ok(Answer::object(value).with_status(StatusCode::CREATED))
}

/// A name no other team of the organization has.
fn free_name(call: &Call<'_>, fields: &Fields, own: Option<Id>) -> Result<String, ApiError> {
    let value = fields.get("name").ok_or_else(|| body::missing("name"))?;
    let name = value.as_str().unwrap_or_default();
    if name.trim().is_empty() || name.chars().count() > LONGEST_NAME {
        let text = format!("A team name must have between 1 and {LONGEST_NAME} characters.");
        return Err(ApiError::bad_request("INVALID_TEAM_NAME", text).with(name).at("name"));
    }
    if call.state.teams.named(call.target.org, name).is_some_and(|team| Some(team.id) != own) {
        let text = format!("The team name {name} is already in use.");
        return Err(ApiError::new(StatusCode::CONFLICT, "TEAM_NAME_NOT_AVAILABLE", text).with(name));
    }
    Ok(name.to_owned())
}

/// The active people a new team is to have.
fn named_people(call: &Call<'_>, fields: &Fields) -> Result<Vec<Id>, ApiError> {
    let none = Value::Array(Vec::new());
    let names = fields.get("usernames").unwrap_or(&none).as_array().ok_or_else(|| body::invalid("usernames"))?;
    let mut ids = Vec::new();
    for name in names {
        let name = name.as_str().ok_or_else(|| body::invalid("usernames"))?;
        let member = call.state.people.named(call.target.org, name);
        let member = member.filter(|member| member.status(call.now).is_live()).ok_or_else(|| {
            let text = format!("No user with username {name} exists in the organization.");
            ApiError::not_found("USERNAME_NOT_FOUND", text).with(name)
        })?;
        is_no_guest(member)?;
        if !ids.contains(&member.id) {
            ids.push(member.id);
        }
    }
    if ids.is_empty() {
        let text = "A team must be created with at least one user.";
        return Err(ApiError::bad_request("CANNOT_CREATE_EMPTY_TEAM", text).at("usernames"));
    }
    if ids.len() > MAX_USERS_PER_TEAM {
        return Err(full());
    }
    Ok(ids)
}

fn full() -> ApiError {
    let text = format!("A team can have at most {MAX_USERS_PER_TEAM} users.");
    ApiError::bad_request("MAX_USERS_PER_TEAM_EXCEEDED", text).with(MAX_USERS_PER_TEAM)
}

/// Where Atlas knows active people only, invited ones are refused.
fn is_no_guest(member: &Member) -> Result<(), ApiError> {
    if member.invitation.is_none() {
        return Ok(());
    }
    let text = format!("User {} has not accepted the invitation to the organization yet.", member.username);
    Err(ApiError::not_found("CANNOT_ADD_PENDING_USER", text).with(member.username.as_str()))
}

/// Writes down what was done to a team.
pub(super) fn record(call: &mut Call<'_>, kind: &'static str, team: Id, project: Option<Id>) {
    call.record(kind, project, vec![("teamId", team.to_string().into())]);
}

/// `getOrgTeam`.
fn get(call: &mut Call<'_>) -> Result<Answer, ApiError> {
    Ok(Answer::object(written(call, in_path(call)?)))
}

/// `getOrgTeamByName`.
fn by_name(call: &mut Call<'_>) -> Result<Answer, ApiError> {
    let name = call.in_path("teamName");
    let team = call.state.teams.named(call.target.org, &name).ok_or_else(|| {
        ApiError::not_found("TEAM_NOT_FOUND", format!("No team with name {name} exists.")).with(name.as_str())
    })?;
    Ok(Answer::object(written(call, team)))
}

/// `renameOrgTeam`.
fn rename(call: &mut Call<'_>) -> Result<Answer, ApiError> {
    let id = in_path(call)?.id;
    let name = free_name(call, &call.fields(&["name"])?, Some(id))?;
    if let Some(team) = call.state.teams.get_mut(call.target.org, id) {
        team.name = name;
    }
    record(call, "TEAM_NAME_CHANGED", id, None);
    get(call)
}

/// `deleteOrgTeam`: not while a project has it.
fn delete(call: &mut Call<'_>) -> Result<Answer, ApiError> {
    let team = in_path(call)?;
    let id = team.id;
    if people::present(call, &team.project_roles).next().is_some() {
        let text = format!("Team {} cannot be deleted because it is assigned to a group.", team.name);
        return Err(ApiError::not_found("CANNOT_DELETE_TEAM_ASSIGNED_TO_PROJECT", text).with(id.to_string()));
    }
    record(call, "TEAM_DELETED", id, None);
    call.state.delete_team(call.target.org, id);
    Ok(Answer::empty())
}

/// `listOrgTeamUsers`.
fn users(call: &mut Call<'_>) -> Result<Answer, ApiError> {
    let (team, filter) = (in_path(call)?.id, Filter::read(call)?);
    let found: Vec<&Member> =
        call.state.in_team(call.target.org, team).filter(|member| filter.takes(call, member)).collect();
    Ok(if people::is_old(call) {
        people::page(call, &found, |member| people::account(call, member))
    } else {
        people::page(call, &found, |member| people::in_org(call, member))
    })
}

/// The person a body names.
fn named(call: &Call<'_>, value: Value) -> Result<Id, ApiError> {
    // `id` is written by the caller here, though in all other bodies only Atlas writes it.
    let fields = Fields::of(value, &["id"])?;
    let text = fields.get("id").ok_or_else(|| body::missing("id"))?.as_str().unwrap_or_default();
    let id = Id::parse(text).ok_or_else(|| body::invalid("id"))?;
    people::live(call, id).map(|member| member.id)
}

fn put_in(call: &mut Call<'_>, id: Id, team: Id) {
    let mut username = String::new();
    people::change(call, id, |member| {
        member.teams.push(team);
        username.clone_from(&member.username);
    });
    people::record(call, "JOINED_TEAM", &username, None);
}

fn take_out(call: &mut Call<'_>, id: Id, team: Id) -> Result<(), ApiError> {
    let member = people::live(call, id)?;
    if !member.teams.contains(&team) {
        let text = format!("User {} is not in the team.", member.username);
        return Err(ApiError::not_found("USER_NOT_IN_TEAM", text).with(id.to_string()));
    }
    let username = member.username.clone();
    people::change(call, id, |member| member.teams.retain(|other| *other != team));
    people::record(call, "REMOVED_FROM_TEAM", &username, None);
    Ok(())
}

/// Refuses somebody who is in the team, and everybody once it is full.
fn may_join(call: &Call<'_>, id: Id, team: Id) -> Result<(), ApiError> {
    let member = people::live(call, id)?;
    if member.teams.contains(&team) {
        let text = format!("User {} is already in the team.", member.username);
        let refusal = ApiError::new(StatusCode::CONFLICT, "USER_ALREADY_IN_TEAM", text);
        return Err(refusal.with(member.username.as_str()));
    }
    people::has_room(call, team, None)
}

/// `addOrgTeamUser`: active and invited people.
fn add_user(call: &mut Call<'_>) -> Result<Answer, ApiError> {
    let team = in_path(call)?.id;
    let id = named(call, body::json(call.body)?)?;
    may_join(call, id, team)?;
    put_in(call, id, team);
    Ok(Answer::object(people::in_org(call, people::live(call, id)?)))
}

/// `removeOrgTeamUser`. The last one may leave: only new teams must not be empty.
fn remove_user(call: &mut Call<'_>) -> Result<Answer, ApiError> {
    let team = in_path(call)?.id;
    let id = named(call, body::json(call.body)?)?;
    take_out(call, id, team)?;
    Ok(Answer::object(people::in_org(call, people::live(call, id)?)))
}

/// `addOrgTeamUsers` (deprecated): active people only, all or none; answers everybody in the team.
fn add_users(call: &mut Call<'_>) -> Result<Answer, ApiError> {
    let team = in_path(call)?.id;
    let mut ids = Vec::new();
    let mut seen = HashSet::new();
    for item in call.items()? {
        let id = named(call, item)?;
        is_no_guest(people::live(call, id)?)?;
        may_join(call, id, team)?;
        if seen.insert(id) {
            ids.push(id);
        }
    }
    if call.state.in_team(call.target.org, team).count() + ids.len() > MAX_USERS_PER_TEAM {
        return Err(full());
    }
    for id in ids {
        put_in(call, id, team);
    }
    let members = call.state.in_team(call.target.org, team);
    let active: Vec<&Member> = members.filter(|member| member.invitation.is_none()).collect();
    Ok(people::page(call, &active, |member| people::account(call, member)))
}

/// `removeOrgTeamUserFromTeam` (deprecated).
fn remove_named(call: &mut Call<'_>) -> Result<Answer, ApiError> {
    let (team, id) = (in_path(call)?.id, call.id_in_path("userId")?);
    people::active(call, id)?;
    take_out(call, id, team)?;
    Ok(Answer::empty())
}

/// 404 for a team the project does not have.
pub(super) fn not_in_project(team: Id) -> ApiError {
    let text = format!("Team {team} is not in the group.");
    ApiError::not_found("TEAM_NOT_IN_GROUP", text).with(team.to_string())
}

/// An identifier of a team in a body.
pub(super) fn named_team(call: &Call<'_>, fields: &Fields) -> Result<Id, ApiError> {
    let text = fields.get("teamId").ok_or_else(|| body::missing("teamId"))?.as_str().unwrap_or_default();
    let id = permission::path_id("teamId", text)?;
    call.state.teams.get(call.target.org, id).map(|team| team.id).ok_or_else(|| people::no_team(call, id))
}
