//! People, in an organization and in a project.

use crate::{GroupId, GroupUser, GroupUserFilter, NewOrgUser, OrgId, OrgUser, OrgUserChanges, UserFilter, UserId};

calls! {
    /// The people of an organization, invited ones included.
    list list_org_users(org: &OrgId, filter: &UserFilter) -> OrgUser;
    /// Invites somebody to an organization.
    one create_org_user(org: &OrgId, new: &NewOrgUser) -> OrgUser;
    /// One person of an organization.
    one get_org_user(org: &OrgId, user: &UserId) -> OrgUser;
    /// Other roles or teams of a person; what is given replaces what was.
    one update_org_user(org: &OrgId, user: &UserId, changes: &OrgUserChanges) -> OrgUser;
    /// Takes a person out of an organization, or withdraws the invitation.
    none remove_org_user(org: &OrgId, user: &UserId);
    /// One more organization role for a person.
    one add_org_user_role(org: &OrgId, user: &UserId, role: &str) -> OrgUser;
    /// One organization role less for a person, who keeps at least one.
    one remove_org_user_role(org: &OrgId, user: &UserId, role: &str) -> OrgUser;
    /// The people of a project, invited ones included.
    list list_group_users(group: &GroupId, filter: &GroupUserFilter) -> GroupUser;
    /// Adds a person to a project, and invites them to the organization if need be.
    one add_group_users(group: &GroupId, username: &str, roles: &[impl AsRef<str>]) -> GroupUser;
    /// One person of a project.
    one get_group_user(group: &GroupId, user: &UserId) -> GroupUser;
    /// Takes a person out of a project, or withdraws the invitation.
    none remove_group_user(group: &GroupId, user: &UserId);
    /// One more project role for a person.
    one add_group_user_role(group: &GroupId, user: &UserId, role: &str) -> GroupUser;
    /// One project role less for a person, who keeps at least one.
    one remove_group_user_role(group: &GroupId, user: &UserId, role: &str) -> GroupUser;
}
