//! Requests about service accounts, their secrets and from where they may call.

use serde::Serialize;
use serde_json::json;

use super::{
    Query,
    body::{as_body, entry_bodies, texts},
    requests,
};
use crate::{AccessListAddress, ClientId, GroupId, OrgId, SecretId};

/// A service account to be made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct NewServiceAccount {
    /// Its name, up to 64 characters.
    pub name: String,
    /// Its description, up to 250 characters.
    pub description: String,
    /// Its roles: of the organization, or of the project it is made in.
    pub roles: Vec<String>,
    /// How long its first secret lives, in hours: 8 or more, up to what the organization allows.
    pub secret_expires_after_hours: u32,
}

/// What to change about a service account. Given roles replace the old ones.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct ServiceAccountChanges {
    /// Its name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Its description.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Its roles in the organization, or in the project.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub roles: Option<Vec<String>>,
}

fn system_managed() -> Query {
    vec![("includeSystemManaged", true.to_string())]
}

requests! {
    /// `listOrgServiceAccounts`: the service accounts of an organization, without those Atlas made for itself.
    list_org_service_accounts(org: &OrgId) = ListOrgServiceAccounts;
    /// `createOrgServiceAccount`: a new service account with organization roles. The answer holds its first
    /// secret, once.
    create_org_service_account(org: &OrgId; new: &NewServiceAccount) = CreateOrgServiceAccount { as_body(new) };
    /// `getOrgServiceAccount`: one service account.
    get_org_service_account(org: &OrgId, account: &ClientId) = GetOrgServiceAccount;
    /// `updateOrgServiceAccount`: another name, description or other organization roles of a service account;
    /// its secrets stay.
    update_org_service_account(
        org: &OrgId, account: &ClientId; changes: &ServiceAccountChanges
    ) = UpdateOrgServiceAccount
        { as_body(changes) };
    /// `deleteOrgServiceAccount`: deletes a service account everywhere, projects included.
    delete_org_service_account(org: &OrgId, account: &ClientId) = DeleteOrgServiceAccount;
    /// `createOrgServiceAccountSecret`: one more secret for a service account, which may have two. The answer
    /// holds it, once.
    create_org_service_account_secret(
        org: &OrgId, account: &ClientId; expires_after_hours: u32
    ) = CreateOrgServiceAccountSecret
        { json!({ "secretExpiresAfterHours": expires_after_hours }) };
    /// `deleteOrgServiceAccountSecret`: deletes a secret of a service account.
    delete_org_service_account_secret(
        org: &OrgId, account: &ClientId, secret: &SecretId
    ) = DeleteOrgServiceAccountSecret;
    /// `listOrgServiceAccountAccessList`: the addresses a service account may call from.
    list_org_service_account_access_list(org: &OrgId, account: &ClientId) = ListOrgServiceAccountAccessList;
    /// `createOrgServiceAccountAccessList`: more addresses for a service account; those on the list stay.
    create_org_service_account_access_list(
        org: &OrgId, account: &ClientId; entries: &[AccessListAddress]
    ) = CreateOrgServiceAccountAccessList
        { entry_bodies(entries) };
    /// `deleteOrgServiceAccountAccessListEntry`: one address less for a service account.
    delete_org_service_account_access_list_entry(
        org: &OrgId, account: &ClientId, entry: AccessListAddress
    ) = DeleteOrgServiceAccountAccessListEntry;
    /// `getOrgServiceAccountGroups`: the projects a service account is assigned to.
    get_org_service_account_groups(org: &OrgId, account: &ClientId) = GetOrgServiceAccountGroups;
    /// `listGroupServiceAccounts`: the service accounts assigned to a project, with their roles there.
    list_group_service_accounts(group: &GroupId) = ListGroupServiceAccounts;
    /// `createGroupServiceAccount`: a new service account with project roles, which also becomes a member of
    /// the organization. The answer holds its first secret, once.
    create_group_service_account(group: &GroupId; new: &NewServiceAccount) = CreateGroupServiceAccount { as_body(new) };
    /// `getGroupServiceAccount`: one service account of a project.
    get_group_service_account(group: &GroupId, account: &ClientId) = GetGroupServiceAccount;
    /// `updateGroupServiceAccount`: another name, description or other project roles of a service account.
    update_group_service_account(
        group: &GroupId, account: &ClientId; changes: &ServiceAccountChanges
    ) = UpdateGroupServiceAccount
        { as_body(changes) };
    /// `deleteGroupServiceAccount`: takes a service account out of a project; its secrets stay valid elsewhere.
    delete_group_service_account(group: &GroupId, account: &ClientId) = DeleteGroupServiceAccount;
    /// `inviteGroupServiceAccount`: assigns a service account of the organization to a project.
    invite_group_service_account(
        group: &GroupId, account: &ClientId; roles: &[impl AsRef<str>]
    ) = InviteGroupServiceAccount
        { json!({ "roles": texts(roles) }) };
    /// `createGroupServiceAccountSecret`: one more secret for a service account of a project. The answer holds
    /// it, once.
    create_group_service_account_secret(
        group: &GroupId, account: &ClientId; expires_after_hours: u32
    ) = CreateGroupServiceAccountSecret
        { json!({ "secretExpiresAfterHours": expires_after_hours }) };
    /// `deleteGroupServiceAccountSecret`: deletes a secret of a service account of a project.
    delete_group_service_account_secret(
        group: &GroupId, account: &ClientId, secret: &SecretId
    ) = DeleteGroupServiceAccountSecret;
    /// `listGroupServiceAccountAccessList`: the addresses a service account of a project may call from.
    list_group_service_account_access_list(group: &GroupId, account: &ClientId) = ListGroupServiceAccountAccessList;
    /// `createGroupServiceAccountAccessList`: more addresses for a service account of a project.
    create_group_service_account_access_list(
        group: &GroupId, account: &ClientId; entries: &[AccessListAddress]
    ) = CreateGroupServiceAccountAccessList
        { entry_bodies(entries) };
    /// `deleteGroupServiceAccountAccessListEntry`: one address less for a service account of a project.
    delete_group_service_account_access_list_entry(
        group: &GroupId, account: &ClientId, entry: AccessListAddress
    ) = DeleteGroupServiceAccountAccessListEntry;
    /// `listOrgServiceAccounts`: the service accounts of an organization, with those Atlas made for itself.
    list_org_service_accounts_of_all_kinds(org: &OrgId) = ListOrgServiceAccounts [system_managed()];
    /// `listGroupServiceAccounts`: the service accounts of a project, with those Atlas made for itself.
    list_group_service_accounts_of_all_kinds(group: &GroupId) = ListGroupServiceAccounts [system_managed()];
}
