//! Answers about people.

use jiff::Timestamp;
use serde::Deserialize;

use super::{Other, list, maybe, or_default};
use crate::{GroupId, InvitationId, OrgId, RoleAssignment, TeamId, UserId};

/// A person of an organization, invited ones included. Which facts there are depends on their state.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct OrgUser {
    /// Their id.
    pub id: UserId,
    /// Their address, which is their name in Atlas.
    #[serde(default, deserialize_with = "or_default")]
    pub username: String,
    /// `ACTIVE`, `PENDING`, `INVITATION_EXPIRED`, `INVITATION_REJECTED`, and states yet to come.
    #[serde(default, deserialize_with = "or_default")]
    pub org_membership_status: String,
    /// What they may do.
    #[serde(default, deserialize_with = "or_default")]
    pub roles: OrgUserRoles,
    /// The teams they are in.
    #[serde(default, deserialize_with = "list")]
    pub team_ids: Vec<TeamId>,
    /// First name.
    #[serde(default, deserialize_with = "maybe")]
    pub first_name: Option<String>,
    /// Last name.
    #[serde(default, deserialize_with = "maybe")]
    pub last_name: Option<String>,
    /// Two letters.
    #[serde(default, deserialize_with = "maybe")]
    pub country: Option<String>,
    /// Telephone.
    #[serde(default, deserialize_with = "maybe")]
    pub mobile_number: Option<String>,
    /// When they joined Atlas.
    #[serde(default, deserialize_with = "maybe")]
    pub created_at: Option<Timestamp>,
    /// When they last signed in.
    #[serde(default, deserialize_with = "maybe")]
    pub last_auth: Option<Timestamp>,
    /// When they were invited.
    #[serde(default, deserialize_with = "maybe")]
    pub invitation_created_at: Option<Timestamp>,
    /// When the invitation ends; absent when it was rejected.
    #[serde(default, deserialize_with = "maybe")]
    pub invitation_expires_at: Option<Timestamp>,
    /// Who invited them: a name, or the public key of an API key.
    #[serde(default, deserialize_with = "maybe")]
    pub inviter_username: Option<String>,
    /// What Atlas answers besides.
    #[serde(flatten)]
    pub other: Other,
}

/// What a person may do.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct OrgUserRoles {
    /// In the organization.
    #[serde(default, deserialize_with = "list")]
    pub org_roles: Vec<String>,
    /// In projects, teams apart.
    #[serde(default, deserialize_with = "list")]
    pub group_role_assignments: Vec<GroupRoleAssignment>,
    /// What Atlas answers besides.
    #[serde(flatten)]
    pub other: Other,
}

/// What a person may do in one project.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct GroupRoleAssignment {
    /// The project.
    pub group_id: GroupId,
    /// The roles.
    #[serde(default, deserialize_with = "list")]
    pub group_roles: Vec<String>,
    /// What Atlas answers besides.
    #[serde(flatten)]
    pub other: Other,
}

/// A person of a project, invited ones included. Which facts there are depends on their state.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct GroupUser {
    /// Their id.
    pub id: UserId,
    /// Their address, which is their name in Atlas.
    #[serde(default, deserialize_with = "or_default")]
    pub username: String,
    /// `ACTIVE`, `PENDING`, `INVITATION_EXPIRED`, `INVITATION_REJECTED`, and states yet to come.
    #[serde(default, deserialize_with = "or_default")]
    pub org_membership_status: String,
    /// What they may do in the project.
    #[serde(default, deserialize_with = "list")]
    pub roles: Vec<String>,
    /// First name.
    #[serde(default, deserialize_with = "maybe")]
    pub first_name: Option<String>,
    /// Last name.
    #[serde(default, deserialize_with = "maybe")]
    pub last_name: Option<String>,
    /// Two letters.
    #[serde(default, deserialize_with = "maybe")]
    pub country: Option<String>,
    /// Telephone.
    #[serde(default, deserialize_with = "maybe")]
    pub mobile_number: Option<String>,
    /// When they joined Atlas.
    #[serde(default, deserialize_with = "maybe")]
    pub created_at: Option<Timestamp>,
    /// When they last signed in.
    #[serde(default, deserialize_with = "maybe")]
    pub last_auth: Option<Timestamp>,
    /// When they were invited.
    #[serde(default, deserialize_with = "maybe")]
    pub invitation_created_at: Option<Timestamp>,
    /// When the invitation ends; absent when it was rejected.
    #[serde(default, deserialize_with = "maybe")]
    pub invitation_expires_at: Option<Timestamp>,
    /// Who invited them: a name, or the public key of an API key.
    #[serde(default, deserialize_with = "maybe")]
    pub inviter_username: Option<String>,
    /// What Atlas answers besides.
    #[serde(flatten)]
    pub other: Other,
}

/// A person as the old operations tell of them.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AtlasUser {
    /// Their id.
    pub id: UserId,
    /// Their address, which is their name in Atlas.
    #[serde(default, deserialize_with = "or_default")]
    pub username: String,
    /// The same address.
    #[serde(default, deserialize_with = "maybe")]
    pub email_address: Option<String>,
    /// What they may do, in all organizations and projects the caller sees.
    #[serde(default, deserialize_with = "list")]
    pub roles: Vec<RoleAssignment>,
    /// The teams they are in.
    #[serde(default, deserialize_with = "list")]
    pub team_ids: Vec<TeamId>,
    /// First name.
    #[serde(default, deserialize_with = "maybe")]
    pub first_name: Option<String>,
    /// Last name.
    #[serde(default, deserialize_with = "maybe")]
    pub last_name: Option<String>,
    /// Two letters.
    #[serde(default, deserialize_with = "maybe")]
    pub country: Option<String>,
    /// Telephone.
    #[serde(default, deserialize_with = "maybe")]
    pub mobile_number: Option<String>,
    /// When they joined Atlas.
    #[serde(default, deserialize_with = "maybe")]
    pub created_at: Option<Timestamp>,
    /// When they last signed in.
    #[serde(default, deserialize_with = "maybe")]
    pub last_auth: Option<Timestamp>,
    /// What Atlas answers besides.
    #[serde(flatten)]
    pub other: Other,
}

/// An invitation of the old kind to an organization.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct OrgInvite {
    /// Its id.
    #[serde(default, deserialize_with = "maybe")]
    pub id: Option<InvitationId>,
    /// Who is invited.
    #[serde(default, deserialize_with = "or_default")]
    pub username: String,
    /// To which organization.
    #[serde(default, deserialize_with = "maybe")]
    pub org_id: Option<OrgId>,
    /// The organization's name.
    #[serde(default, deserialize_with = "or_default")]
    pub org_name: String,
    /// Roles in the organization.
    #[serde(default, deserialize_with = "list")]
    pub roles: Vec<String>,
    /// Roles in projects.
    #[serde(default, deserialize_with = "list")]
    pub group_role_assignments: Vec<InvitedRole>,
    /// Teams.
    #[serde(default, deserialize_with = "list")]
    pub team_ids: Vec<TeamId>,
    /// Who invited them.
    #[serde(default, deserialize_with = "maybe")]
    pub inviter_username: Option<String>,
    /// When.
    #[serde(default, deserialize_with = "maybe")]
    pub created_at: Option<Timestamp>,
    /// Until when it can be accepted.
    #[serde(default, deserialize_with = "maybe")]
    pub expires_at: Option<Timestamp>,
    /// What Atlas answers besides.
    #[serde(flatten)]
    pub other: Other,
}

/// A role in a project that comes with an invitation.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct InvitedRole {
    /// The project.
    #[serde(default, deserialize_with = "maybe")]
    pub group_id: Option<GroupId>,
    /// The role.
    #[serde(default, deserialize_with = "or_default")]
    pub group_role: String,
    /// What Atlas answers besides.
    #[serde(flatten)]
    pub other: Other,
}

/// An invitation of the old kind to a project.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct GroupInvite {
    /// Its id.
    pub id: InvitationId,
    /// Who is invited.
    #[serde(default, deserialize_with = "or_default")]
    pub username: String,
    /// To which project.
    #[serde(default, deserialize_with = "maybe")]
    pub group_id: Option<GroupId>,
    /// The project's name.
    #[serde(default, deserialize_with = "or_default")]
    pub group_name: String,
    /// Roles in the project.
    #[serde(default, deserialize_with = "list")]
    pub roles: Vec<String>,
    /// Who invited them.
    #[serde(default, deserialize_with = "maybe")]
    pub inviter_username: Option<String>,
    /// When.
    #[serde(default, deserialize_with = "maybe")]
    pub created_at: Option<Timestamp>,
    /// Until when it can be accepted.
    #[serde(default, deserialize_with = "maybe")]
    pub expires_at: Option<Timestamp>,
    /// What Atlas answers besides.
    #[serde(flatten)]
    pub other: Other,
}

/// The answer to `updateOrgUserRoles`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ReplacedOrgRoles {
    /// The roles as they are now.
    #[serde(default, deserialize_with = "list")]
    pub org_roles: Vec<String>,
    /// What Atlas answers besides.
    #[serde(flatten)]
    pub other: Other,
}

/// The answer to `updateGroupUserRoles`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ReplacedGroupRoles {
    /// The roles as they are now.
    #[serde(default, deserialize_with = "list")]
    pub group_roles: Vec<String>,
    /// What Atlas answers besides.
    #[serde(flatten)]
    pub other: Other,
}
