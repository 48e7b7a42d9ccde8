//! Secrets of service accounts, made and deleted by way of the organization or of a project.

use http::StatusCode;

use crate::{
    errors::ApiError,
    id::Id,
    limits::Set,
    operations::Operation,
    routes::{
        Answer, Call,
        body::{self, Fields},
        permission::{self, Need},
        project_accounts, service_accounts,
    },
    state::service_accounts::{MAX_SECRETS, surprising_secret},
    version::SERVICE_ACCOUNTS,
};

/// The operations of this area.
pub(crate) static OPERATIONS: &[Operation] = &[
    Operation::post("createOrgServiceAccountSecret", IN_ORG, Need::OrgOwner, Set::OrgAccounts, create)
        .releases(SERVICE_ACCOUNTS),
    Operation::delete("deleteOrgServiceAccountSecret", ONE_IN_ORG, Need::OrgOwner, Set::OrgAccounts, delete)
        .releases(SERVICE_ACCOUNTS),
    Operation::post(
        "createGroupServiceAccountSecret",
        IN_PROJECT,
        Need::ProjectOwner,
        Set::ProjectAccounts,
        create_in_project,
    )
    .releases(SERVICE_ACCOUNTS),
    Operation::delete(
        "deleteGroupServiceAccountSecret",
        ONE_IN_PROJECT,
        Need::ProjectOwner,
        Set::ProjectAccounts,
        delete_in_project,
    )
    .releases(SERVICE_ACCOUNTS),
];

const IN_ORG: &str = "/orgs/{orgId}/serviceAccounts/{clientId}/secrets";
const ONE_IN_ORG: &str = "/orgs/{orgId}/serviceAccounts/{clientId}/secrets/{secretId}";
const IN_PROJECT: &str = "/groups/{groupId}/serviceAccounts/{clientId}/secrets";
const ONE_IN_PROJECT: &str = "/groups/{groupId}/serviceAccounts/{clientId}/secrets/{secretId}";

/// The shortest life of a secret. The description only excludes zero; the documentation says eight hours.
const SHORTEST_HOURS: u32 = 8;

/// The hours a new secret is to live: from eight to what the organization allows.
///
/// # Errors
///
/// 400 when the field is missing or out of these bounds.
pub(super) fn hours(call: &Call<'_>, fields: &Fields) -> Result<u32, ApiError> {
    let longest = call.state.orgs.get(&call.target.org).map_or(SHORTEST_HOURS, |org| org.settings.max_secret_hours);
    let hours = fields.number("secretExpiresAfterHours", SHORTEST_HOURS..=longest)?;
    hours.ok_or_else(|| body::missing("secretExpiresAfterHours"))
}

/// Adds a secret that starts now; its text is known only here.
pub(super) fn make(call: &mut Call<'_>, account: Id, hours: u32) -> (Id, String) {
    let secret = surprising_secret();
    (call.state.add_secret(account, &secret, call.now, hours), secret)
}

/// `createOrgServiceAccountSecret`: the only answer with the whole secret.
fn create(call: &mut Call<'_>) -> Result<Answer, ApiError> {
    add(call, None)
}

/// `createGroupServiceAccountSecret`.
fn create_in_project(call: &mut Call<'_>) -> Result<Answer, ApiError> {
    let project = manageable(call)?;
    add(call, Some(project))
}

fn add(call: &mut Call<'_>, project: Option<Id>) -> Result<Answer, ApiError> {
    let hours = hours(call, &call.fields(&["secretExpiresAfterHours"])?)?;
    let account = call.account()?;
    if account.secrets.len() >= MAX_SECRETS {
        let text = format!("A service account can have {MAX_SECRETS} secrets. Delete one first.");
        return Err(ApiError::bad_request("MAX_SECRETS_PER_SERVICE_ACCOUNT_EXCEEDED", text).with(MAX_SECRETS));
    }
    let (id, secret) = make(call, account.id, hours);
    call.record("SERVICE_ACCOUNT_SECRET_ADDED", project, Vec::new());
    let made = call.account()?.secrets.iter().find(|one| one.id == id).ok_or_else(|| no_secret(&id.to_string()))?;
    let mut value = service_accounts::written_secret(made);
    value["secret"] = secret.into();
    Ok(Answer::object(value).with_status(StatusCode::CREATED))
}

/// `deleteOrgServiceAccountSecret`. Tokens that were given for it live on until they expire.
fn delete(call: &mut Call<'_>) -> Result<Answer, ApiError> {
    take_away(call, None)
}

/// `deleteGroupServiceAccountSecret`.
fn delete_in_project(call: &mut Call<'_>) -> Result<Answer, ApiError> {
    let project = manageable(call)?;
    take_away(call, Some(project))
}

fn take_away(call: &mut Call<'_>, project: Option<Id>) -> Result<Answer, ApiError> {
    let id = call.id_in_path("secretId")?;
    let account = call.account_mut()?;
    let before = account.secrets.len();
    account.secrets.retain(|secret| secret.id != id);
    if account.secrets.len() == before {
        return Err(no_secret(&id.to_string()));
    }
    call.record("SERVICE_ACCOUNT_SECRET_DELETED", project, Vec::new());
    Ok(Answer::empty())
}

/// The project, when the account is in it and its secrets are the project's to manage: an account with access to the
/// organization (more than being a member of it, as every account is) or to other projects is managed by owners of the
/// organization. Atlas documents this in one place and the opposite, that owners of a project manage every account
/// assigned to it, in another; the stricter text is the newer one.
fn manageable(call: &Call<'_>) -> Result<Id, ApiError> {
    let project = project_accounts::present(call)?;
    let grants = &call.account()?.grants;
    let is_shared = grants.org_roles != ["ORG_MEMBER"] || grants.project_roles.len() > 1;
    if is_shared && !call.grants()?.has("ORG_OWNER") {
        return Err(permission::lacking(Need::OrgOwner));
    }
    Ok(project)
}

fn no_secret(id: &str) -> ApiError {
    let text = format!("No secret with ID {id} exists.");
    ApiError::not_found("SERVICE_ACCOUNT_SECRET_NOT_FOUND", text).with(id)
}
