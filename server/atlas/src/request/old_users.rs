//! Requests about people in the way that Atlas ends on 2027-07-01. Invitations made this way are missing in the new lists
//! of people, so both have to be read until then.

use secrecy::{ExposeSecret, SecretString};
use serde::Serialize;
use serde_json::{Value, json};

use super::{
    body::{as_body, texts},
    requests,
};
use crate::{GroupId, InvitationId, Name, OrgId, TeamId, UserId};

/// An invitation to an organization: whom, and as what.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct OrgInvitation {
    /// The person's address. Left out when the invitation is named by its id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub username: Option<String>,
    /// Roles in the organization.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub roles: Vec<String>,
    /// Roles in projects.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub group_role_assignments: Vec<OldGroupRoles>,
    /// Teams to join.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub team_ids: Vec<TeamId>,
}

/// Roles in one project.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct OldGroupRoles {
    /// The project.
    pub group_id: GroupId,
    /// The roles.
    pub roles: Vec<String>,
}

/// A person to be made, with a password.
#[derive(Debug, Clone)]
pub struct NewAtlasUser {
    /// The person's address, which is their name in Atlas.
    pub username: String,
    /// The password.
    pub password: SecretString,
    /// First name.
    pub first_name: String,
    /// Last name.
    pub last_name: String,
    /// Two letters.
    pub country: String,
    /// Telephone.
    pub mobile_number: String,
    /// Organization roles.
    pub org_roles: Vec<(OrgId, String)>,
    /// Project roles.
    pub group_roles: Vec<(GroupId, String)>,
}

impl NewAtlasUser {
    fn body(&self) -> Value {
        let in_org = self.org_roles.iter().map(|(org, role)| json!({ "orgId": org.as_str(), "roleName": role }));
        let in_group =
            self.group_roles.iter().map(|(group, role)| json!({ "groupId": group.as_str(), "roleName": role }));
        json!({
            "username": self.username,
            "emailAddress": self.username,
            "password": self.password.expose_secret(),
            "firstName": self.first_name,
            "lastName": self.last_name,
            "country": self.country,
            "mobileNumber": self.mobile_number,
            "roles": in_org.chain(in_group).collect::<Value>(),
        })
    }
}

requests! {
    /// `listOrgInvites`: the pending invitations of the old kind to an organization.
    list_org_invites(org: &OrgId) = ListOrgInvites;
    /// `createOrgInvite`: invites somebody to an organization in the old way.
    create_org_invite(org: &OrgId; invitation: &OrgInvitation) = CreateOrgInvite { as_body(invitation) };
    /// `updateOrgInvites`: changes the invitation of the person named.
    update_org_invites(org: &OrgId; invitation: &OrgInvitation) = UpdateOrgInvites { as_body(invitation) };
    /// `getOrgInvite`: one invitation to an organization.
    get_org_invite(org: &OrgId, invitation: &InvitationId) = GetOrgInvite;
    /// `updateOrgInviteById`: changes one invitation to an organization.
    update_org_invite_by_id(org: &OrgId, invitation: &InvitationId; changes: &OrgInvitation) = UpdateOrgInviteById
        { as_body(changes) };
    /// `deleteOrgInvite`: withdraws an invitation to an organization.
    delete_org_invite(org: &OrgId, invitation: &InvitationId) = DeleteOrgInvite;
    /// `listGroupInvites`: the pending invitations of the old kind to a project.
    list_group_invites(group: &GroupId) = ListGroupInvites;
    /// `createGroupInvite`: invites somebody to a project in the old way.
    create_group_invite(group: &GroupId; username: &str, roles: &[impl AsRef<str>]) = CreateGroupInvite
        { json!({ "username": username, "roles": texts(roles) }) };
    /// `updateGroupInvites`: changes the invitation of the person named.
    update_group_invites(group: &GroupId; username: &str, roles: &[impl AsRef<str>]) = UpdateGroupInvites
        { json!({ "username": username, "roles": texts(roles) }) };
    /// `getGroupInvite`: one invitation to a project.
    get_group_invite(group: &GroupId, invitation: &InvitationId) = GetGroupInvite;
    /// `updateGroupInviteById`: changes one invitation to a project.
    update_group_invite_by_id(
        group: &GroupId, invitation: &InvitationId; roles: &[impl AsRef<str>]
    ) = UpdateGroupInviteById
        { json!({ "roles": texts(roles) }) };
    /// `deleteGroupInvite`: withdraws an invitation to a project.
    delete_group_invite(group: &GroupId, invitation: &InvitationId) = DeleteGroupInvite;
    /// `addGroupAccessUser`: adds a person of the organization to a project, or invites them to it. Nothing
    /// comes back for somebody who was there already.
    add_group_access_user(group: &GroupId; username: &str, roles: &[impl AsRef<str>]) = AddGroupAccessUser
        { json!({ "username": username, "roles": texts(roles) }) };
    /// `updateOrgUserRoles`: replaces the organization roles of a person.
    update_org_user_roles(org: &OrgId, user: &UserId; roles: &[impl AsRef<str>]) = UpdateOrgUserRoles
        { json!({ "orgRoles": texts(roles) }) };
    /// `updateGroupUserRoles`: replaces the project roles of a person.
    update_group_user_roles(group: &GroupId, user: &UserId; roles: &[impl AsRef<str>]) = UpdateGroupUserRoles
        { json!({ "groupRoles": texts(roles) }) };
    /// `createUser`: a new person with a password of somebody else's choice.
    create_user(; new: &NewAtlasUser) = CreateUser { new.body() };
    /// `getUser`: one person.
    get_user(user: &UserId) = GetUser;
    /// `getUserByName`: the person of that name.
    get_user_by_name(name: &Name) = GetUserByName;
}
