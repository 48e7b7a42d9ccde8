//! Teams, in an organization and in projects.

use crate::{AtlasUser, GroupId, GroupTeam, Name, OrgId, OrgUser, Team, TeamGrant, TeamId, UserFilter, UserId};

calls! {
    /// The teams of an organization.
    list list_org_teams(org: &OrgId) -> Team;
    /// A new team of at least one active person.
    one create_org_team(org: &OrgId, name: &str, usernames: &[impl AsRef<str>]) -> Team;
    /// One team.
    one get_org_team(org: &OrgId, team: &TeamId) -> Team;
    /// The team of that name.
    one get_org_team_by_name(org: &OrgId, name: &Name) -> Team;
    /// Another name for a team.
    one rename_org_team(org: &OrgId, team: &TeamId, name: &str) -> Team;
    /// Deletes a team that is assigned to no project.
    none delete_org_team(org: &OrgId, team: &TeamId);
    /// The people of a team, invited ones included.
    list list_org_team_users(org: &OrgId, team: &TeamId, filter: &UserFilter) -> OrgUser;
    /// One more person in a team.
    one add_org_team_user(org: &OrgId, team: &TeamId, user: &UserId) -> OrgUser;
    /// One person less in a team.
    one remove_org_team_user(org: &OrgId, team: &TeamId, user: &UserId) -> OrgUser;
    /// More people in a team, in the old way.
    page add_org_team_users(org: &OrgId, team: &TeamId, users: &[UserId]) -> AtlasUser;
    /// One person less in a team, in the old way.
    none remove_org_team_user_from_team(org: &OrgId, team: &TeamId, user: &UserId);
    /// The teams assigned to a project, with their roles there and without their names.
    list list_group_teams(group: &GroupId) -> GroupTeam;
    /// Assigns teams to a project.
    page add_group_teams(group: &GroupId, teams: &[TeamGrant]) -> GroupTeam;
    /// One team assigned to a project.
    one get_group_team(group: &GroupId, team: &TeamId) -> GroupTeam;
    /// Replaces the roles of a team in a project.
    page update_group_team(group: &GroupId, team: &TeamId, roles: &[impl AsRef<str>]) -> GroupTeam;
    /// Takes a team out of a project.
    none remove_group_team(group: &GroupId, team: &TeamId);
}
