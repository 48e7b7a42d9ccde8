//! Requests about teams, in an organization and in projects.

use serde::Serialize;
use serde_json::json;

use super::{
    body::{as_body, texts, user_bodies},
    requests,
    users::UserFilter,
};
use crate::{GroupId, Name, OrgId, TeamId, UserId};

/// A team to assign to a project.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct TeamGrant {
    /// The team.
    pub team_id: TeamId,
    /// Its roles in the project.
    pub role_names: Vec<String>,
}

requests! {
    /// `listOrgTeams`: the teams of an organization.
    list_org_teams(org: &OrgId) = ListOrgTeams;
    /// `createOrgTeam`: a new team of at least one active person.
    create_org_team(org: &OrgId; name: &str, usernames: &[impl AsRef<str>]) = CreateOrgTeam
        { json!({ "name": name, "usernames": texts(usernames) }) };
    /// `getOrgTeam`: one team.
    get_org_team(org: &OrgId, team: &TeamId) = GetOrgTeam;
    /// `getOrgTeamByName`: the team of that name.
    get_org_team_by_name(org: &OrgId, name: &Name) = GetOrgTeamByName;
    /// `renameOrgTeam`: another name for a team.
    rename_org_team(org: &OrgId, team: &TeamId; name: &str) = RenameOrgTeam { json!({ "name": name }) };
    /// `deleteOrgTeam`: deletes a team that is assigned to no project.
    delete_org_team(org: &OrgId, team: &TeamId) = DeleteOrgTeam;
    /// `listOrgTeamUsers`: the people of a team, invited ones included.
    list_org_team_users(org: &OrgId, team: &TeamId; filter: &UserFilter) = ListOrgTeamUsers [filter.query()];
    /// `addOrgTeamUser`: one more person in a team.
    add_org_team_user(org: &OrgId, team: &TeamId; user: &UserId) = AddOrgTeamUser { json!({ "id": user.as_str() }) };
    /// `removeOrgTeamUser`: one person less in a team.
    remove_org_team_user(org: &OrgId, team: &TeamId; user: &UserId) = RemoveOrgTeamUser
        { json!({ "id": user.as_str() }) };
    /// `addOrgTeamUsers`: more people in a team, in the old way.
    add_org_team_users(org: &OrgId, team: &TeamId; users: &[UserId]) = AddOrgTeamUsers { user_bodies(users) };
    /// `removeOrgTeamUserFromTeam`: one person less in a team, in the old way.
    remove_org_team_user_from_team(org: &OrgId, team: &TeamId, user: &UserId) = RemoveOrgTeamUserFromTeam;
    /// `listGroupTeams`: the teams assigned to a project, with their roles there and without their names.
    list_group_teams(group: &GroupId) = ListGroupTeams;
    /// `addGroupTeams`: assigns teams to a project.
    add_group_teams(group: &GroupId; teams: &[TeamGrant]) = AddGroupTeams { as_body(&teams) };
    /// `getGroupTeam`: one team assigned to a project.
    get_group_team(group: &GroupId, team: &TeamId) = GetGroupTeam;
    /// `updateGroupTeam`: replaces the roles of a team in a project.
    update_group_team(group: &GroupId, team: &TeamId; roles: &[impl AsRef<str>]) = UpdateGroupTeam
        { json!({ "teamId": team.as_str(), "roleNames": texts(roles) }) };
    /// `removeGroupTeam`: takes a team out of a project.
    remove_group_team(group: &GroupId, team: &TeamId) = RemoveGroupTeam;
}
