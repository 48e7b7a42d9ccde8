//! API keys and from where they may call.

use crate::{AccessListAddress, AccessListEntry, ApiKey, ApiUserId, CreatedApiKey, GroupId, OrgId};

calls! {
    /// The API keys of an organization, those made in projects included.
    list list_org_api_keys(org: &OrgId) -> ApiKey;
    /// A new API key with organization roles. The answer holds its private key, once.
    one create_org_api_key(org: &OrgId, desc: &str, roles: &[impl AsRef<str>]) -> CreatedApiKey;
    /// One API key.
    one get_org_api_key(org: &OrgId, key: &ApiUserId) -> ApiKey;
    /// Another description or other organization roles of an API key; given roles replace the old ones.
    one update_org_api_key(
        org: &OrgId, key: &ApiUserId, desc: Option<&str>, roles: Option<&[impl AsRef<str>]>
    ) -> ApiKey;
    /// Deletes an API key everywhere, projects included.
    none delete_org_api_key(org: &OrgId, key: &ApiUserId);
    /// The addresses an API key may call from.
    list list_access_list(org: &OrgId, key: &ApiUserId) -> AccessListEntry;
    /// More addresses for an API key; those on the list stay.
    page create_access_list_entries(org: &OrgId, key: &ApiUserId, entries: &[AccessListAddress]) -> AccessListEntry;
    /// One address an API key may call from.
    one get_org_api_key_access_list_entry(org: &OrgId, key: &ApiUserId, entry: AccessListAddress) -> AccessListEntry;
    /// One address less for an API key.
    none delete_access_list_entry(org: &OrgId, key: &ApiUserId, entry: AccessListAddress);
    /// The API keys assigned to a project, each with all its roles.
    list list_group_api_keys(group: &GroupId) -> ApiKey;
    /// A new API key with project roles, which also becomes a member of the organization. The answer holds its
    /// private key, once.
    one create_group_api_key(group: &GroupId, desc: &str, roles: &[impl AsRef<str>]) -> CreatedApiKey;
    /// Assigns a key of the organization to a project.
    none add_group_api_key(group: &GroupId, key: &ApiUserId, roles: &[impl AsRef<str>]);
    /// Replaces the roles of an API key in a project.
    one update_group_api_key_roles(group: &GroupId, key: &ApiUserId, roles: &[impl AsRef<str>]) -> ApiKey;
    /// Takes an API key out of a project; it stays in the organization.
    none remove_group_api_key(group: &GroupId, key: &ApiUserId);
}
