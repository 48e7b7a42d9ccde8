//! The access list of a service account: one list, reached by way of the organization or of a project.

use ipnet::IpNet;
use serde_json::{Value, json};

use crate::{
    address, clock,
    errors::ApiError,
    id::Id,
    limits::Set,
    operations::Operation,
    paging::{LIST, OBJECT},
    routes::{Answer, Call, access_lists, permission::Need, project_accounts},
    state::{CallerId, Entry, service_accounts::MAX_ENTRIES},
    version::SERVICE_ACCOUNTS,
};

/// The operations of this area.
pub(crate) static OPERATIONS: &[Operation] = &[
    Operation::get("listOrgServiceAccountAccessList", IN_ORG, Need::OrgReadOnly, Set::OrgAccounts, list)
        .query(LIST)
        .releases(SERVICE_ACCOUNTS),
    Operation::post("createOrgServiceAccountAccessList", IN_ORG, Need::OrgOwner, Set::OrgAccounts, create)
        .query(LIST)
        .releases(SERVICE_ACCOUNTS),
    Operation::delete("deleteOrgServiceAccountAccessListEntry", ONE_IN_ORG, Need::OrgOwner, Set::OrgAccounts, delete)
        .query(OBJECT)
        .releases(SERVICE_ACCOUNTS),
    Operation::get(
        "listGroupServiceAccountAccessList",
        IN_PROJECT,
        Need::ProjectReadOnly,
        Set::ProjectAccounts,
        list_in_project,
    )
    .query(LIST)
    .releases(SERVICE_ACCOUNTS),
    Operation::post(
        "createGroupServiceAccountAccessList",
        IN_PROJECT,
        Need::ProjectAccessManager,
        Set::ProjectAccounts,
        create_in_project,
    )
    .query(LIST)
    .releases(SERVICE_ACCOUNTS),
    Operation::delete(
        "deleteGroupServiceAccountAccessListEntry",
        ONE_IN_PROJECT,
        Need::ProjectAccessManager,
        Set::ProjectAccounts,
        delete_in_project,
    )
    .query(OBJECT)
    .releases(SERVICE_ACCOUNTS),
];

const IN_ORG: &str = "/orgs/{orgId}/serviceAccounts/{clientId}/accessList";
const ONE_IN_ORG: &str = "/orgs/{orgId}/serviceAccounts/{clientId}/accessList/{ipAddress}";
const IN_PROJECT: &str = "/groups/{groupId}/serviceAccounts/{clientId}/accessList";
const ONE_IN_PROJECT: &str = "/groups/{groupId}/serviceAccounts/{clientId}/accessList/{ipAddress}";

/// `listOrgServiceAccountAccessList`.
fn list(call: &mut Call<'_>) -> Result<Answer, ApiError> {
    let entries = &call.account()?.grants.access_list;
    let results = entries[call.query.window(entries.len())].iter().map(written).collect();
    Ok(Answer::list(call.query.listed(results, entries.len(), &call.here)))
}

/// `listGroupServiceAccountAccessList`.
fn list_in_project(call: &mut Call<'_>) -> Result<Answer, ApiError> {
    project_accounts::present(call)?;
    list(call)
}

/// `createOrgServiceAccountAccessList`: adds all entries or none, and answers the first page of the whole list.
fn create(call: &mut Call<'_>) -> Result<Answer, ApiError> {
    add(call, None)
}

/// `createGroupServiceAccountAccessList`: the project's managers may change the list of any account assigned to it.
fn create_in_project(call: &mut Call<'_>) -> Result<Answer, ApiError> {
    let project = project_accounts::present(call)?;
    add(call, Some(project))
}

fn add(call: &mut Call<'_>, project: Option<Id>) -> Result<Answer, ApiError> {
    let now = call.now;
    let nets = access_lists::additions(call, &call.account()?.grants)?;
    let list_of = &mut call.account_mut()?.grants.access_list;
    if list_of.len() + nets.len() > MAX_ENTRIES {
        let text = format!("The access list of a service account can have {MAX_ENTRIES} entries.");
        let code = "MAX_ACCESS_LIST_ENTRIES_PER_SERVICE_ACCOUNT_EXCEEDED";
        return Err(ApiError::bad_request(code, text).with(MAX_ENTRIES));
    }
    list_of.extend(nets.iter().map(|net| Entry::unused(*net, now)));
    for _ in &nets {
        call.record("SERVICE_ACCOUNT_ACCESS_LIST_ENTRY_ADDED", project, Vec::new());
    }
    list(call)
}

/// `deleteOrgServiceAccountAccessListEntry`.
fn delete(call: &mut Call<'_>) -> Result<Answer, ApiError> {
    take_away(call, None)
}

/// `deleteGroupServiceAccountAccessListEntry`.
fn delete_in_project(call: &mut Call<'_>) -> Result<Answer, ApiError> {
    let project = project_accounts::present(call)?;
    take_away(call, Some(project))
}

/// Never the address the caller calls from, as with keys.
fn take_away(call: &mut Call<'_>, project: Option<Id>) -> Result<Answer, ApiError> {
    let net = named(call)?;
    let account = call.account()?;
    access_lists::may_remove(call, CallerId::Account(account.id), &account.grants, &net)?;
    call.account_mut()?.grants.access_list.retain(|entry| entry.net != net);
    call.record("SERVICE_ACCOUNT_ACCESS_LIST_ENTRY_DELETED", project, Vec::new());
    Ok(Answer::empty())
}

/// The range the path names, when it is in the list.
fn named(call: &Call<'_>) -> Result<IpNet, ApiError> {
    let account = call.account()?;
    let found = call.address().filter(|net| account.grants.access_list.iter().any(|entry| entry.net == *net));
    found.ok_or_else(|| {
        let text = "The access list of this service account has no such entry.";
        ApiError::not_found("SERVICE_ACCOUNT_ACCESS_LIST_NOT_FOUND", text).with(account.client_id())
    })
}

/// An entry as Atlas writes it: `lastUsedAt` and `lastUsedAddress` appear with the first use.
fn written(entry: &Entry) -> Value {
    let mut value = json!({
        "cidrBlock": address::cidr_block(&entry.net),
        "createdAt": clock::written(entry.created),
        "requestCount": entry.count,
    });
    if let Some(single) = address::ip_address(&entry.net) {
        value["ipAddress"] = single.into();
    }
    if let Some((at, from)) = entry.last_used {
        value["lastUsedAt"] = clock::written(at).into();
        value["lastUsedAddress"] = address::address_text(from).into();
    }
    value
}
