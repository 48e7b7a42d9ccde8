//! Requests about people, in an organization and in a project.

use serde::Serialize;
use serde_json::json;

use super::{
    body::{as_body, texts},
    query::{Query, given},
    requests,
};
use crate::{GroupId, OrgId, TeamId, UserId};

/// Which people to list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct UserFilter {
    /// Only the one of this name.
    pub username: Option<String>,
    /// Only those of these states: `ACTIVE`, `PENDING`, `INVITATION_EXPIRED`, `INVITATION_REJECTED`. When empty, Atlas
    /// lists the first two.
    pub statuses: Vec<String>,
}

impl UserFilter {
    /// With expired and rejected invitations too.
    #[must_use]
    pub fn everybody() -> Self {
        let statuses = ["ACTIVE", "PENDING", "INVITATION_EXPIRED", "INVITATION_REJECTED"];
        Self { username: None, statuses: statuses.map(str::to_owned).to_vec() }
    }

    pub(super) fn query(&self) -> Query {
        [given("username", &self.username), given("orgMembershipStatuses", &self.statuses)].concat()
    }
}

/// Which people of a project to list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct GroupUserFilter {
    /// By name and state.
    pub users: UserFilter,
    /// Whether those who are there through a team are listed one by one.
    pub flatten_teams: bool,
    /// Whether those are listed who reach the project through a role in the organization.
    pub include_org_users: bool,
}

impl GroupUserFilter {
    fn query(&self) -> Query {
        let flag = |name, set: bool| given(name, set.then_some(true));
        [self.users.query(), flag("flattenTeams", self.flatten_teams), flag("includeOrgUsers", self.include_org_users)]
            .concat()
    }
}

/// A person to invite.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct NewOrgUser {
    /// The person's address, which is their name in Atlas.
    pub username: String,
    /// What they may do; at least one organization role.
    pub roles: UserGrant,
    /// The teams they join.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub team_ids: Vec<TeamId>,
}

/// What a person may do.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct UserGrant {
    /// In the organization.
    pub org_roles: Vec<String>,
    /// In projects.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub group_role_assignments: Vec<GroupRolesGrant>,
}

/// What a person may do in one project.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct GroupRolesGrant {
    /// The project.
    pub group_id: GroupId,
    /// The roles.
    pub group_roles: Vec<String>,
}

/// What to change about a person. What is given replaces all there was.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct OrgUserChanges {
    /// All their roles.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub roles: Option<UserGrant>,
    /// All their teams.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub team_ids: Option<Vec<TeamId>>,
}

requests! {
    /// `listOrgUsers`: the people of an organization, invited ones included.
    list_org_users(org: &OrgId; filter: &UserFilter) = ListOrgUsers [filter.query()];
    /// `createOrgUser`: invites somebody to an organization.
    create_org_user(org: &OrgId; new: &NewOrgUser) = CreateOrgUser { as_body(new) };
    /// `getOrgUser`: one person of an organization.
    get_org_user(org: &OrgId, user: &UserId) = GetOrgUser;
    /// `updateOrgUser`: other roles or teams of a person; what is given replaces what was.
    update_org_user(org: &OrgId, user: &UserId; changes: &OrgUserChanges) = UpdateOrgUser { as_body(changes) };
    /// `removeOrgUser`: takes a person out of an organization, or withdraws the invitation.
    remove_org_user(org: &OrgId, user: &UserId) = RemoveOrgUser;
    /// `addOrgUserRole`: one more organization role for a person.
    add_org_user_role(org: &OrgId, user: &UserId; role: &str) = AddOrgUserRole { json!({ "orgRole": role }) };
    /// `removeOrgUserRole`: one organization role less for a person, who keeps at least one.
    remove_org_user_role(org: &OrgId, user: &UserId; role: &str) = RemoveOrgUserRole { json!({ "orgRole": role }) };
    /// `listGroupUsers`: the people of a project, invited ones included.
    list_group_users(group: &GroupId; filter: &GroupUserFilter) = ListGroupUsers [filter.query()];
    /// `addGroupUsers`: adds a person to a project, and invites them to the organization if need be.
    add_group_users(group: &GroupId; username: &str, roles: &[impl AsRef<str>]) = AddGroupUsers
        { json!({ "username": username, "roles": texts(roles) }) };
    /// `getGroupUser`: one person of a project.
    get_group_user(group: &GroupId, user: &UserId) = GetGroupUser;
    /// `removeGroupUser`: takes a person out of a project, or withdraws the invitation.
    remove_group_user(group: &GroupId, user: &UserId) = RemoveGroupUser;
    /// `addGroupUserRole`: one more project role for a person.
    add_group_user_role(group: &GroupId, user: &UserId; role: &str) = AddGroupUserRole { json!({ "groupRole": role }) };
    /// `removeGroupUserRole`: one project role less for a person, who keeps at least one.
    remove_group_user_role(group: &GroupId, user: &UserId; role: &str) = RemoveGroupUserRole
        { json!({ "groupRole": role }) };
}
