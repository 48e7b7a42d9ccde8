//! Requests about API keys and from where they may call.

use serde_json::json;

use super::{
    body::{changes, entry_bodies, texts},
    requests,
};
use crate::{AccessListAddress, ApiUserId, GroupId, OrgId};

requests! {
    /// `listOrgApiKeys`: the API keys of an organization, those made in projects included.
    list_org_api_keys(org: &OrgId) = ListOrgApiKeys;
    /// `createOrgApiKey`: a new API key with organization roles. The answer holds its private key, once.
    create_org_api_key(org: &OrgId; desc: &str, roles: &[impl AsRef<str>]) = CreateOrgApiKey
        { json!({ "desc": desc, "roles": texts(roles) }) };
    /// `getOrgApiKey`: one API key.
    get_org_api_key(org: &OrgId, key: &ApiUserId) = GetOrgApiKey;
    /// `updateOrgApiKey`: another description or other organization roles of an API key; given roles replace
    /// the old ones.
    update_org_api_key(
        org: &OrgId, key: &ApiUserId; desc: Option<&str>, roles: Option<&[impl AsRef<str>]>
    ) = UpdateOrgApiKey
        { changes(desc, roles) };
    /// `deleteOrgApiKey`: deletes an API key everywhere, projects included.
    delete_org_api_key(org: &OrgId, key: &ApiUserId) = DeleteOrgApiKey;
    /// `listOrgApiKeyAccessListEntries`: the addresses an API key may call from.
    list_access_list(org: &OrgId, key: &ApiUserId) = ListOrgApiKeyAccessListEntries;
    /// `createOrgApiKeyAccessListEntry`: more addresses for an API key; those on the list stay.
    create_access_list_entries(
        org: &OrgId, key: &ApiUserId; entries: &[AccessListAddress]
    ) = CreateOrgApiKeyAccessListEntry
        { entry_bodies(entries) };
    /// `getOrgApiKeyAccessListEntry`: one address an API key may call from.
    get_org_api_key_access_list_entry(
        org: &OrgId, key: &ApiUserId, entry: AccessListAddress
    ) = GetOrgApiKeyAccessListEntry;
    /// `deleteOrgApiKeyAccessListEntry`: one address less for an API key.
    delete_access_list_entry(org: &OrgId, key: &ApiUserId, entry: AccessListAddress) = DeleteOrgApiKeyAccessListEntry;
    /// `listGroupApiKeys`: the API keys assigned to a project, each with all its roles.
    list_group_api_keys(group: &GroupId) = ListGroupApiKeys;
    /// `createGroupApiKey`: a new API key with project roles, which also becomes a member of the organization.
    /// The answer holds its private key, once.
    create_group_api_key(group: &GroupId; desc: &str, roles: &[impl AsRef<str>]) = CreateGroupApiKey
        { json!({ "desc": desc, "roles": texts(roles) }) };
    /// `addGroupApiKey`: assigns a key of the organization to a project.
    add_group_api_key(group: &GroupId, key: &ApiUserId; roles: &[impl AsRef<str>]) = AddGroupApiKey
        { json!([{ "roles": texts(roles) }]) };
    /// `updateGroupApiKeyRoles`: replaces the roles of an API key in a project.
    update_group_api_key_roles(group: &GroupId, key: &ApiUserId; roles: &[impl AsRef<str>]) = UpdateGroupApiKeyRoles
        { json!({ "roles": texts(roles) }) };
    /// `removeGroupApiKey`: takes an API key out of a project; it stays in the organization.
    remove_group_api_key(group: &GroupId, key: &ApiUserId) = RemoveGroupApiKey;
}
