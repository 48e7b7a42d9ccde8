//! Service accounts of an organization.

use http::StatusCode;
use serde_json::{Value, json};

use crate::{
    clock,
    errors::ApiError,
    id::Id,
    limits::Set,
    operations::Operation,
    paging::COUNTED_LIST,
    routes::{
        Answer, Call, account_secrets,
        body::{self, Fields, Level},
        permission::{self, Need},
    },
    state::{
        NewAccount, ServiceAccount,
        service_accounts::{MAX_ACCOUNTS_PER_ORG, Secret},
    },
    version::SERVICE_ACCOUNTS,
};

/// The operations of this area.
pub(crate) static OPERATIONS: &[Operation] = &[
    Operation::get("listOrgServiceAccounts", ALL, Need::OrgReadOnly, Set::OrgAccounts, list)
        .query(COUNTED_LIST)
        .also(SYSTEM_MANAGED)
        .releases(SERVICE_ACCOUNTS),
    Operation::post("createOrgServiceAccount", ALL, Need::OrgOwner, Set::OrgAccounts, create)
        .releases(SERVICE_ACCOUNTS),
    Operation::get("getOrgServiceAccount", ONE, Need::OrgReadOnly, Set::OrgAccounts, get).releases(SERVICE_ACCOUNTS),
    Operation::patch("updateOrgServiceAccount", ONE, Need::OrgOwner, Set::OrgAccounts, update)
        .releases(SERVICE_ACCOUNTS),
    Operation::delete("deleteOrgServiceAccount", ONE, Need::OrgOwner, Set::OrgAccounts, delete)
        .releases(SERVICE_ACCOUNTS),
    Operation::get("getOrgServiceAccountGroups", GROUPS, Need::OrgReadOnly, Set::OrgAccounts, groups)
        .query(COUNTED_LIST)
        .releases(SERVICE_ACCOUNTS),
];

const ALL: &str = "/orgs/{orgId}/serviceAccounts";
const ONE: &str = "/orgs/{orgId}/serviceAccounts/{clientId}";
const GROUPS: &str = "/orgs/{orgId}/serviceAccounts/{clientId}/groups";

/// The query parameter of both lists of accounts.
pub(super) const SYSTEM_MANAGED: &[&str] = &["includeSystemManaged"];

/// Which roles an answer shows.
#[derive(Clone, Copy)]
pub(super) enum View {
    /// Those in the organization.
    Org,
    /// Those in this project.
    Project(Id),
}

/// `listOrgServiceAccounts`.
fn list(call: &mut Call<'_>) -> Result<Answer, ApiError> {
    let ids = call.state.orgs.get(&call.target.org).map_or(&[][..], |org| &org.accounts);
    page(call, ids, View::Org)
}

/// A page of accounts. None of them is system-managed, so asking for those too changes nothing.
pub(super) fn page(call: &Call<'_>, ids: &[Id], view: View) -> Result<Answer, ApiError> {
    call.query.parsed::<bool>("includeSystemManaged")?;
    let shown = ids[call.query.window(ids.len())].iter().filter_map(|id| call.state.accounts.get(id));
    let results = shown.map(|account| written(account, view)).collect();
    Ok(Answer::list(call.query.listed(results, ids.len(), &call.here)))
}

/// `createOrgServiceAccount`: one of the two answers with a whole secret.
fn create(call: &mut Call<'_>) -> Result<Answer, ApiError> {
    let (new, hours) = asked_for(call, Level::Org)?;
    let (id, secret) = make(call, new.name, new.description, new.roles, hours)?;
    call.record("SERVICE_ACCOUNT_CREATED", None, Vec::new());
    shown_once(call, id, View::Org, secret)
}

/// What the body of a creation asks for.
pub(super) struct Wanted {
    pub(super) name: String,
    pub(super) description: String,
    pub(super) roles: Vec<&'static str>,
}

/// Reads the body of a creation, with the hours its first secret is to live.
pub(super) fn asked_for(call: &Call<'_>, level: Level) -> Result<(Wanted, u32), ApiError> {
    wanted(call, &call.fields(FIELDS)?, level)
}

/// The fields of a creation.
pub(super) const FIELDS: &[&str] = &["name", "description", "roles", "secretExpiresAfterHours"];

/// The same of an object within another body.
pub(super) fn wanted(call: &Call<'_>, fields: &Fields, level: Level) -> Result<(Wanted, u32), ApiError> {
    let name = name(fields)?.ok_or_else(|| body::missing("name"))?;
    let description = description(fields)?.ok_or_else(|| body::missing("description"))?;
    let roles = roles(fields, level)?.ok_or_else(|| body::missing("roles"))?;
    Ok((Wanted { name, description, roles }, account_secrets::hours(call, fields)?))
}

/// Makes an account with a first secret in the caller's organization.
pub(super) fn make(
    call: &mut Call<'_>,
    name: String,
    description: String,
    org_roles: Vec<&'static str>,
    hours: u32,
) -> Result<(Id, String), ApiError> {
    let org = call.target.org;
    if call.state.orgs.get(&org).is_some_and(|org| org.accounts.len() >= MAX_ACCOUNTS_PER_ORG) {
        let text = format!("The organization has reached its limit of {MAX_ACCOUNTS_PER_ORG} service accounts.");
        return Err(ApiError::bad_request("MAX_SERVICE_ACCOUNTS_PER_ORG_EXCEEDED", text).with(MAX_ACCOUNTS_PER_ORG));
    }
    let id = call.state.add_account(NewAccount { org, created: call.now, name, description, org_roles });
    let (_, secret) = account_secrets::make(call, id, hours);
    Ok((id, secret))
}

/// 201 with the account and its first secret in the open.
pub(super) fn shown_once(call: &Call<'_>, id: Id, view: View, secret: String) -> Result<Answer, ApiError> {
    Ok(Answer::object(in_the_open(call, id, view, secret)?).with_status(StatusCode::CREATED))
}

/// The same as a part of an answer.
pub(super) fn in_the_open(call: &Call<'_>, id: Id, view: View, secret: String) -> Result<Value, ApiError> {
    let account = call.state.accounts.get(&id).ok_or_else(|| permission::no_account("just made"))?;
    let mut value = written(account, view);
    value["secrets"][0]["secret"] = secret.into();
    Ok(value)
}

/// `getOrgServiceAccount`.
fn get(call: &mut Call<'_>) -> Result<Answer, ApiError> {
    Ok(Answer::object(written(call.account()?, View::Org)))
}

/// `updateOrgServiceAccount`: `roles` replaces the organization roles; project roles and secrets stay.
fn update(call: &mut Call<'_>) -> Result<Answer, ApiError> {
    let fields = call.fields(&["name", "description", "roles"])?;
    let roles = roles(&fields, Level::Org)?;
    describe(call, &fields, None)?;
    if let Some(roles) = roles {
        call.account_mut()?.grants.org_roles = roles;
        call.record("SERVICE_ACCOUNT_ROLES_CHANGED", None, Vec::new());
    }
    get(call)
}

/// Changes name and description of the account the path names, as far as the body has them.
pub(super) fn describe(call: &mut Call<'_>, fields: &Fields, project: Option<Id>) -> Result<(), ApiError> {
    let (name, description) = (name(fields)?, description(fields)?);
    if name.is_none() && description.is_none() {
        return Ok(());
    }
    let account = call.account_mut()?;
    account.name = name.unwrap_or_else(|| std::mem::take(&mut account.name));
    account.description = description.unwrap_or_else(|| std::mem::take(&mut account.description));
    call.record("SERVICE_ACCOUNT_DETAILS_CHANGED", project, Vec::new());
    Ok(())
}

/// `deleteOrgServiceAccount`: from its projects too; its tokens are worth nothing from now on.
fn delete(call: &mut Call<'_>) -> Result<Answer, ApiError> {
    let id = call.account()?.id;
    call.record("SERVICE_ACCOUNT_DELETED", None, Vec::new());
    call.state.delete_account(id);
    Ok(Answer::empty())
}

/// `getOrgServiceAccountGroups`.
fn groups(call: &mut Call<'_>) -> Result<Answer, ApiError> {
    let roles: Vec<_> = call.account()?.grants.project_roles.iter().collect();
    let shown = &roles[call.query.window(roles.len())];
    let results = shown.iter().map(|(id, roles)| json!({ "groupId": id.to_string(), "roles": roles })).collect();
    Ok(Answer::list(call.query.listed(results, roles.len(), &call.here)))
}

/// An account as Atlas writes it, its secrets masked.
pub(super) fn written(account: &ServiceAccount, view: View) -> Value {
    let roles = match view {
        View::Org => &account.grants.org_roles[..],
        View::Project(id) => account.grants.roles_in(id),
    };
    json!({
        "clientId": account.client_id(),
        "name": account.name,
        "description": account.description,
        "createdAt": clock::written(account.created),
        "roles": roles,
        "secrets": account.secrets.iter().map(written_secret).collect::<Vec<_>>(),
    })
}

/// A secret as later answers show it.
pub(super) fn written_secret(secret: &Secret) -> Value {
    let mut value = json!({
        "id": secret.id.to_string(),
        "createdAt": clock::written(secret.created),
        "expiresAt": clock::written(secret.expires),
        "maskedSecretValue": secret.mask,
    });
    if let Some(at) = secret.last_used {
        value["lastUsedAt"] = clock::written(at).into();
    }
    value
}

fn name(fields: &Fields) -> Result<Option<String>, ApiError> {
    fields.text("name", 1..=64, may_be_written)
}

fn description(fields: &Fields) -> Result<Option<String>, ApiError> {
    fields.text("description", 1..=250, may_be_written)
}

/// The characters of names and descriptions: fewer than in those of API keys.
fn may_be_written(letter: char) -> bool {
    letter.is_alphanumeric() || "-_.,' ".contains(letter)
}

/// Roles of one level, at least one, if the field is there.
pub(super) fn roles(fields: &Fields, level: Level) -> Result<Option<Vec<&'static str>>, ApiError> {
    if fields.get("roles").is_some_and(|roles| roles.as_array().is_none_or(Vec::is_empty)) {
        return Err(body::invalid("roles"));
    }
    body::roles(fields, level)
}
