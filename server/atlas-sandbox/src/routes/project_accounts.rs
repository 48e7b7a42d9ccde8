//! Service accounts of a project: accounts of its organization that have roles in it.

use crate::{
    errors::ApiError,
    id::Id,
    limits::Set,
    operations::Operation,
    paging::COUNTED_LIST,
    routes::{
        Answer, Call,
        body::{self, Level},
        permission::{self, Need},
        service_accounts::{self, SYSTEM_MANAGED, View},
    },
    state::CallerId,
    version::SERVICE_ACCOUNTS,
};

/// The operations of this area.
pub(crate) static OPERATIONS: &[Operation] = &[
    Operation::get("listGroupServiceAccounts", ALL, Need::ProjectReadOnly, Set::ProjectAccounts, list)
        .query(COUNTED_LIST)
        .also(SYSTEM_MANAGED)
        .releases(SERVICE_ACCOUNTS),
    Operation::post("createGroupServiceAccount", ALL, Need::ProjectOwner, Set::ProjectAccounts, create)
        .releases(SERVICE_ACCOUNTS),
    Operation::get("getGroupServiceAccount", ONE, Need::ProjectReadOnly, Set::ProjectAccounts, get)
        .releases(SERVICE_ACCOUNTS),
    Operation::patch("updateGroupServiceAccount", ONE, Need::ProjectOwner, Set::ProjectAccounts, update)
        .releases(SERVICE_ACCOUNTS),
    Operation::delete("deleteGroupServiceAccount", ONE, Need::ProjectOwner, Set::ProjectAccounts, remove)
        .releases(SERVICE_ACCOUNTS),
    Operation::post("inviteGroupServiceAccount", INVITE, Need::OrgOwner, Set::ProjectAccounts, invite)
        .releases(SERVICE_ACCOUNTS),
];

const ALL: &str = "/groups/{groupId}/serviceAccounts";
const ONE: &str = "/groups/{groupId}/serviceAccounts/{clientId}";
const INVITE: &str = "/groups/{groupId}/serviceAccounts/{clientId}:invite";

/// `listGroupServiceAccounts`, with the roles in this project.
fn list(call: &mut Call<'_>) -> Result<Answer, ApiError> {
    let project = call.project()?;
    service_accounts::page(call, &project.accounts, View::Project(project.id))
}

/// `createGroupServiceAccount`: the account also becomes a member of the organization.
fn create(call: &mut Call<'_>) -> Result<Answer, ApiError> {
    let (new, hours) = service_accounts::asked_for(call, Level::Project)?;
    let project = call.project()?.id;
    let (id, secret) = service_accounts::make(call, new.name, new.description, vec!["ORG_MEMBER"], hours)?;
    call.record("SERVICE_ACCOUNT_CREATED", Some(project), Vec::new());
    assign(call, id, project, new.roles);
    service_accounts::shown_once(call, id, View::Project(project), secret)
}

/// `getGroupServiceAccount`.
fn get(call: &mut Call<'_>) -> Result<Answer, ApiError> {
    let project = present(call)?;
    Ok(Answer::object(service_accounts::written(call.account()?, View::Project(project))))
}

/// The project the path names, when the account it names is in it.
///
/// # Errors
///
/// 404 otherwise.
pub(super) fn present(call: &Call<'_>) -> Result<Id, ApiError> {
    let (project, account) = (call.project()?.id, call.account()?);
    if account.grants.roles_in(project).is_empty() {
        return Err(permission::no_account(&account.client_id()));
    }
    Ok(project)
}

/// `updateGroupServiceAccount`: `roles` replaces the roles in this project.
fn update(call: &mut Call<'_>) -> Result<Answer, ApiError> {
    let fields = call.fields(&["name", "description", "roles"])?;
    let (project, id) = (present(call)?, call.account()?.id);
    let roles = service_accounts::roles(&fields, Level::Project)?;
    service_accounts::describe(call, &fields, Some(project))?;
    if let Some(roles) = roles {
        assign(call, id, project, roles);
    }
    get(call)
}

/// `inviteGroupServiceAccount`: roles instead of those the account may already have in the project.
fn invite(call: &mut Call<'_>) -> Result<Answer, ApiError> {
    let fields = call.fields(&["roles"])?;
    let roles = service_accounts::roles(&fields, Level::Project)?.ok_or_else(|| body::missing("roles"))?;
    let (project, id) = (call.project()?.id, call.account()?.id);
    assign(call, id, project, roles);
    get(call)
}

/// Gives an account roles in a project instead of those it had there, and writes down which of the two it was.
fn assign(call: &mut Call<'_>, account: Id, project: Id, roles: Vec<&'static str>) {
    let is_new = call.state.accounts.get(&account).is_some_and(|one| one.grants.roles_in(project).is_empty());
    call.state.assign(CallerId::Account(account), project, roles);
    let kind = if is_new { "SERVICE_ACCOUNT_ADDED_TO_GROUP" } else { "SERVICE_ACCOUNT_ROLES_CHANGED" };
    call.record(kind, Some(project), Vec::new());
}

/// `deleteGroupServiceAccount`: the account stays in the organization and its secrets stay good.
fn remove(call: &mut Call<'_>) -> Result<Answer, ApiError> {
    let (project, id) = (present(call)?, call.account()?.id);
    call.state.unassign(CallerId::Account(id), project);
    call.record("SERVICE_ACCOUNT_REMOVED_FROM_GROUP", Some(project), Vec::new());
    Ok(Answer::empty())
}
