//! Service accounts, their secrets and from where they may call.

use crate::{
    AccessListAddress, ClientId, GroupId, NewServiceAccount, OrgId, SecretId, ServiceAccount, ServiceAccountChanges,
    ServiceAccountEntry, ServiceAccountGroup, ServiceAccountSecret,
};

calls! {
    /// The service accounts of an organization, without those Atlas made for itself.
    list list_org_service_accounts(org: &OrgId) -> ServiceAccount;
    /// A new service account with organization roles. The answer holds its first secret, once.
    one create_org_service_account(org: &OrgId, new: &NewServiceAccount) -> ServiceAccount;
    /// One service account.
    one get_org_service_account(org: &OrgId, account: &ClientId) -> ServiceAccount;
    /// Another name, description or other organization roles of a service account; its secrets stay.
    one update_org_service_account(org: &OrgId, account: &ClientId, changes: &ServiceAccountChanges) -> ServiceAccount;
    /// Deletes a service account everywhere, projects included.
    none delete_org_service_account(org: &OrgId, account: &ClientId);
    /// One more secret for a service account, which may have two. The answer holds it, once.
    one create_org_service_account_secret(
        org: &OrgId, account: &ClientId, expires_after_hours: u32
    ) -> ServiceAccountSecret;
    /// Deletes a secret of a service account.
    none delete_org_service_account_secret(org: &OrgId, account: &ClientId, secret: &SecretId);
    /// The addresses a service account may call from.
    list list_org_service_account_access_list(org: &OrgId, account: &ClientId) -> ServiceAccountEntry;
    /// More addresses for a service account; those on the list stay.
    page create_org_service_account_access_list(
        org: &OrgId, account: &ClientId, entries: &[AccessListAddress]
    ) -> ServiceAccountEntry;
    /// One address less for a service account.
    none delete_org_service_account_access_list_entry(org: &OrgId, account: &ClientId, entry: AccessListAddress);
    /// The projects a service account is assigned to.
    list get_org_service_account_groups(org: &OrgId, account: &ClientId) -> ServiceAccountGroup;
    /// The service accounts assigned to a project, with their roles there.
    list list_group_service_accounts(group: &GroupId) -> ServiceAccount;
    /// A new service account with project roles, which also becomes a member of the organization. The answer holds
    /// its first secret, once.
    one create_group_service_account(group: &GroupId, new: &NewServiceAccount) -> ServiceAccount;
    /// One service account of a project.
    one get_group_service_account(group: &GroupId, account: &ClientId) -> ServiceAccount;
    /// Another name, description or other project roles of a service account.
    one update_group_service_account(
        group: &GroupId, account: &ClientId, changes: &ServiceAccountChanges
    ) -> ServiceAccount;
    /// Takes a service account out of a project; its secrets stay valid elsewhere.
    none delete_group_service_account(group: &GroupId, account: &ClientId);
    /// Assigns a service account of the organization to a project.
    one invite_group_service_account(group: &GroupId, account: &ClientId, roles: &[impl AsRef<str>]) -> ServiceAccount;
    /// One more secret for a service account of a project. The answer holds it, once.
    one create_group_service_account_secret(
        group: &GroupId, account: &ClientId, expires_after_hours: u32
    ) -> ServiceAccountSecret;
    /// Deletes a secret of a service account of a project.
    none delete_group_service_account_secret(group: &GroupId, account: &ClientId, secret: &SecretId);
    /// The addresses a service account of a project may call from.
    list list_group_service_account_access_list(group: &GroupId, account: &ClientId) -> ServiceAccountEntry;
    /// More addresses for a service account of a project.
    page create_group_service_account_access_list(
        group: &GroupId, account: &ClientId, entries: &[AccessListAddress]
    ) -> ServiceAccountEntry;
    /// One address less for a service account of a project.
    none delete_group_service_account_access_list_entry(group: &GroupId, account: &ClientId, entry: AccessListAddress);
    /// The service accounts of an organization, with those Atlas made for itself.
    list list_org_service_accounts_of_all_kinds(org: &OrgId) -> ServiceAccount;
    /// The service accounts of a project, with those Atlas made for itself.
    list list_group_service_accounts_of_all_kinds(group: &GroupId) -> ServiceAccount;
}
