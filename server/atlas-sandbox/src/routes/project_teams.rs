//! Teams in a project: teams of its organization that have roles in it.

use http::StatusCode;
use serde_json::{Value, json};

use crate::{
    errors::ApiError,
    id::Id,
    limits::Set,
    operations::Operation,
    paging::LIST,
    routes::{
        Answer, Call,
        body::{Fields, Level},
        people,
        permission::Need,
        self_link, teams,
    },
    state::{Team, teams::MAX_TEAMS_PER_PROJECT},
};

/// The operations of this area.
pub(crate) static OPERATIONS: &[Operation] = &[
    Operation::get("listGroupTeams", ALL, Need::ProjectReadOnly, Set::ProjectTeams, list).query(LIST),
    Operation::post("addGroupTeams", ALL, Need::ProjectAccessManager, Set::ProjectTeams, add),
    Operation::get("getGroupTeam", ONE, Need::ProjectReadOnly, Set::ProjectTeams, get),
    Operation::patch("updateGroupTeam", ONE, Need::ProjectAccessManager, Set::ProjectTeams, update),
    Operation::delete("removeGroupTeam", ONE, Need::ProjectAccessManager, Set::ProjectTeams, remove),
];

const ALL: &str = "/groups/{groupId}/teams";
const ONE: &str = "/groups/{groupId}/teams/{teamId}";

fn in_project<'a>(call: &'a Call<'_>, project: Id) -> Vec<&'a Team> {
    let teams = call.state.teams.of_org(call.target.org).iter();
    teams.filter(|team| !team.roles_in(project).is_empty()).collect()
}

/// `listGroupTeams`.
fn list(call: &mut Call<'_>) -> Result<Answer, ApiError> {
    let project = call.project()?.id;
    let teams = in_project(call, project);
    let results = teams[call.query.window(teams.len())].iter().map(|team| written(call, project, team)).collect();
    Ok(Answer::list(call.query.listed(results, teams.len(), &call.here)))
}

/// A team of a project as Atlas writes it: without its name.
fn written(call: &Call<'_>, project: Id, team: &Team) -> Value {
    json!({
        "teamId": team.id.to_string(),
        "roleNames": team.roles_in(project),
        "links": self_link(format!("{}/groups/{project}/teams/{}", call.api, team.id)),
    })
}

/// `addGroupTeams`: all or none; answers all teams of the project.
fn add(call: &mut Call<'_>) -> Result<Answer, ApiError> {
    let project = call.project()?.id;
    let mut added: Vec<(Id, Vec<&'static str>)> = Vec::new();
    for item in call.items()? {
        let fields = Fields::of(item, &["teamId", "roleNames"])?;
        let team = teams::named_team(call, &fields)?;
        let roles = people::some_roles(&fields, "roleNames", Level::Project)?;
        let has_it = in_project(call, project).iter().any(|other| other.id == team);
        if has_it || added.iter().any(|(other, _)| *other == team) {
            let text = format!("Team {team} is already in the group.");
            return Err(ApiError::new(StatusCode::CONFLICT, "TEAM_EXISTS_IN_GROUP", text).with(team.to_string()));
        }
        added.push((team, roles));
    }
    if in_project(call, project).len() + added.len() > MAX_TEAMS_PER_PROJECT {
        let text = format!("A group can have at most {MAX_TEAMS_PER_PROJECT} teams.");
        return Err(ApiError::bad_request("MAX_TEAMS_PER_GROUP_EXCEEDED", text).with(MAX_TEAMS_PER_PROJECT));
    }
    for (team, roles) in added {
        assign(call, project, team, roles, "TEAM_ADDED_TO_GROUP");
    }
    list(call)
}

fn assign(call: &mut Call<'_>, project: Id, team: Id, roles: Vec<&'static str>, kind: &'static str) {
    if let Some(team) = call.state.teams.get_mut(call.target.org, team) {
        team.project_roles.insert(project, roles);
    }
    teams::record(call, kind, team, Some(project));
}

/// The team of the path, which must be in the project.
fn named<'a>(call: &'a Call<'_>, project: Id) -> Result<&'a Team, ApiError> {
    let team = teams::in_path(call)?;
    if team.roles_in(project).is_empty() { Err(teams::not_in_project(team.id)) } else { Ok(team) }
}

/// `getGroupTeam`.
fn get(call: &mut Call<'_>) -> Result<Answer, ApiError> {
    let project = call.project()?.id;
    Ok(Answer::object(written(call, project, named(call, project)?)))
}

/// `updateGroupTeam`: replaces the roles. Clients send the team's id in the body too; it must be the same one.
fn update(call: &mut Call<'_>) -> Result<Answer, ApiError> {
    let project = call.project()?.id;
    let team = named(call, project)?.id;
    let fields = call.fields(&["teamId", "roleNames"])?;
    if fields.get("teamId").is_some() && teams::named_team(call, &fields)? != team {
        return Err(crate::routes::body::invalid("teamId"));
    }
    let roles = people::some_roles(&fields, "roleNames", Level::Project)?;
    assign(call, project, team, roles, "TEAM_ROLES_MODIFIED");
    list(call)
}

/// `removeGroupTeam`: the team stays in the organization.
fn remove(call: &mut Call<'_>) -> Result<Answer, ApiError> {
    let project = call.project()?.id;
    let team = named(call, project)?.id;
    if let Some(team) = call.state.teams.get_mut(call.target.org, team) {
        team.project_roles.remove(&project);
    }
    teams::record(call, "TEAM_REMOVED_FROM_GROUP", team, Some(project));
    Ok(Answer::empty())
}
