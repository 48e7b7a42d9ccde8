//! People in the way that Atlas ends on 2027-07-01.

use crate::{
    AtlasUser, GroupId, GroupInvite, InvitationId, Name, NewAtlasUser, OrgId, OrgInvitation, OrgInvite,
    ReplacedGroupRoles, ReplacedOrgRoles, UserId,
};

calls! {
    /// The pending invitations of the old kind to an organization.
    list list_org_invites(org: &OrgId) -> OrgInvite;
    /// Invites somebody to an organization in the old way.
    one create_org_invite(org: &OrgId, invitation: &OrgInvitation) -> OrgInvite;
    /// Changes the invitation of the person named.
    one update_org_invites(org: &OrgId, invitation: &OrgInvitation) -> OrgInvite;
    /// One invitation to an organization.
    one get_org_invite(org: &OrgId, invitation: &InvitationId) -> OrgInvite;
    /// Changes one invitation to an organization.
    one update_org_invite_by_id(org: &OrgId, invitation: &InvitationId, changes: &OrgInvitation) -> OrgInvite;
    /// Withdraws an invitation to an organization.
    none delete_org_invite(org: &OrgId, invitation: &InvitationId);
    /// The pending invitations of the old kind to a project.
    list list_group_invites(group: &GroupId) -> GroupInvite;
    /// Invites somebody to a project in the old way.
    one create_group_invite(group: &GroupId, username: &str, roles: &[impl AsRef<str>]) -> GroupInvite;
    /// Changes the invitation of the person named.
    one update_group_invites(group: &GroupId, username: &str, roles: &[impl AsRef<str>]) -> GroupInvite;
    /// One invitation to a project.
    one get_group_invite(group: &GroupId, invitation: &InvitationId) -> GroupInvite;
    /// Changes one invitation to a project.
    one update_group_invite_by_id(group: &GroupId, invitation: &InvitationId, roles: &[impl AsRef<str>]) -> GroupInvite;
    /// Withdraws an invitation to a project.
    none delete_group_invite(group: &GroupId, invitation: &InvitationId);
    /// Adds a person of the organization to a project, or invites them to it. Nothing comes back for somebody who
    /// was there already.
    optional add_group_access_user(group: &GroupId, username: &str, roles: &[impl AsRef<str>]) -> OrgInvite;
    /// Replaces the organization roles of a person.
    one update_org_user_roles(org: &OrgId, user: &UserId, roles: &[impl AsRef<str>]) -> ReplacedOrgRoles;
    /// Replaces the project roles of a person.
    one update_group_user_roles(group: &GroupId, user: &UserId, roles: &[impl AsRef<str>]) -> ReplacedGroupRoles;
    /// A new person with a password of somebody else's choice.
    one create_user(new: &NewAtlasUser) -> AtlasUser;
    /// One person.
    one get_user(user: &UserId) -> AtlasUser;
    /// The person of that name.
    one get_user_by_name(name: &Name) -> AtlasUser;
}
