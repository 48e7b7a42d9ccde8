//! Organizations, and the projects in one.

use http::StatusCode;
use serde_json::{Value, json};

use crate::{
    errors::ApiError,
    id::Id,
    limits::Set,
    operations::Operation,
    paging::NAMED_LIST,
    routes::{
        Answer, Call,
        body::{self, Fields, Level},
        org_keys,
        permission::{self, Need},
        projects, self_link, service_accounts,
    },
    state::{CallerId, Org},
};

/// The operations of this area.
pub(crate) static OPERATIONS: &[Operation] = &[
    Operation::get("listOrgs", "/orgs", Need::Nothing, Set::OrgsOfCaller, list).query(NAMED_LIST),
    Operation::post("createOrg", "/orgs", Need::OrgOwner, Set::OrgsOfCaller, create),
    Operation::get("getOrg", ONE, Need::OrgMember, Set::Organizations, get),
    Operation::patch("updateOrg", ONE, Need::OrgOwner, Set::Organizations, update),
    Operation::delete("deleteOrg", ONE, Need::OrgOwner, Set::Organizations, delete),
    Operation::get("getOrgGroups", "/orgs/{orgId}/groups", Need::OrgMember, Set::Organizations, groups)
        .query(NAMED_LIST),
];

const ONE: &str = "/orgs/{orgId}";

/// Atlas's published limit of organizations that one pays for.
const MAX_LINKED_ORGS: usize = 250;

/// `listOrgs`: a caller sees the one organization it belongs to.
fn list(call: &mut Call<'_>) -> Result<Answer, ApiError> {
    let org = call.grants()?.org;
    let seen: Vec<&Org> = call.state.orgs.get(&org).into_iter().filter(|org| call.query.matches(&org.name)).collect();
    let page = seen[call.query.window(seen.len())].iter().map(|org| written(org, &call.api)).collect();
    Ok(Answer::list(call.query.listed(page, seen.len(), &call.here)))
}

/// `getOrg`.
fn get(call: &mut Call<'_>) -> Result<Answer, ApiError> {
    Ok(Answer::object(written(org(call)?, &call.api)))
}

/// The first credential of a new organization.
enum First {
    Nothing,
    Key { desc: String, roles: Vec<&'static str> },
    Account(service_accounts::Wanted, u32),
}

/// `createOrg`: a new organization, which the caller's pays for, with at most one credential that is shown once. The
/// description names no role; only owners link organizations in Atlas's own pages.
fn create(call: &mut Call<'_>) -> Result<Answer, ApiError> {
    let fields = call.fields(&[
        "name",
        "orgOwnerId",
        "apiKey",
        "serviceAccount",
        "federationSettingsId",
        "skipDefaultAlertsSettings",
    ])?;
    let name = name(&fields)?.ok_or_else(|| body::missing("name"))?;
    let skips_default_alerts = fields.flag("skipDefaultAlertsSettings")?.unwrap_or(false);
    let first = first_credential(call, &fields)?;
    if let Some(federation) = fields.get("federationSettingsId").filter(|value| !value.is_null()) {
        let text = format!("Cannot find federation settings {federation}.");
        return Err(ApiError::not_found("RESOURCE_NOT_FOUND", text).with(federation.clone()));
    }
    let payer = call.target.org;
    if !org(call)?.is_paying {
        let text = "The API key must be associated with a paying organization.";
        return Err(ApiError::bad_request("API_KEY_MUST_BE_ASSOCIATED_WITH_PAYING_ORG", text));
    }
    let owner = owner(call, &fields)?;
    if call.state.linked_to(payer).len() >= MAX_LINKED_ORGS {
        let text = format!("The limit of {MAX_LINKED_ORGS} organizations is reached.");
        return Err(ApiError::bad_request("MAX_ORGS_PER_USER_EXCEEDED", text).with(MAX_LINKED_ORGS));
    }
    let id = call.state.add_org(&name, call.now, false);
    if let Some(org) = call.state.orgs.get_mut(&id) {
        org.skips_default_alerts = skips_default_alerts;
        org.payer = Some((payer, call.now));
    }
    call.record("NEW_LINKED_ORG", None, Vec::new());
    call.target.org = id;
    for kind in ["ORG_CREATED", "BECAME_LINKED_ORG", "ORG_LINKED_TO_PAYING_ORG"] {
        call.record(kind, None, Vec::new());
    }
    if let Some(owner) = owner {
        call.state.people.join(id, owner, vec!["ORG_OWNER"]);
        let username = call.state.people.person(owner).map(|person| person.username.clone());
        call.record("JOINED_ORG", None, vec![("targetUsername", username.into())]);
    }
    let mut answer = json!({ "skipDefaultAlertsSettings": skips_default_alerts });
    match first {
        First::Nothing => {}
        First::Key { desc, roles } => {
            let (key, private) = org_keys::make(call, desc, roles, None)?;
            answer["apiKey"] = org_keys::in_the_open(call, key, private)?;
        }
        First::Account(new, hours) => {
            let (account, secret) = service_accounts::make(call, new.name, new.description, new.roles, hours)?;
            call.record("SERVICE_ACCOUNT_CREATED", None, Vec::new());
            answer["serviceAccount"] =
                service_accounts::in_the_open(call, account, service_accounts::View::Org, secret)?;
        }
    }
    if let Some(owner) = owner {
        answer["orgOwnerId"] = owner.to_string().into();
    }
    answer["organization"] = written(org(call)?, &call.api);
    Ok(Answer::object(answer).with_status(StatusCode::CREATED))
}

/// What the body asks for as first credential: a key or a service account, not both.
fn first_credential(call: &Call<'_>, fields: &Fields) -> Result<First, ApiError> {
    let inner = |name| fields.get(name).filter(|value| !value.is_null());
    match (inner("apiKey"), inner("serviceAccount")) {
        (None, None) => Ok(First::Nothing),
        (Some(_), Some(_)) => Err(body::invalid("serviceAccount")),
        (Some(key), None) => {
            let fields = Fields::of(key.clone(), &["desc", "roles"])?;
            let (desc, roles) = (body::required_desc(&fields)?, body::required_roles(&fields, Level::Org)?);
            Ok(First::Key { desc, roles })
        }
        (None, Some(account)) => {
            let fields = Fields::of(account.clone(), service_accounts::FIELDS)?;
            let (new, hours) = service_accounts::wanted(call, &fields, Level::Org)?;
            Ok(First::Account(new, hours))
        }
    }
}

/// The person who is to own the new organization, one of the caller's; an API key has to name somebody.
fn owner(call: &Call<'_>, fields: &Fields) -> Result<Option<Id>, ApiError> {
    let Some(value) = fields.get("orgOwnerId").filter(|value| !value.is_null()) else {
        let is_key = matches!(call.caller, CallerId::Key(_));
        return if is_key { Err(body::missing("orgOwnerId")) } else { Ok(None) };
    };
    let text = value.as_str().unwrap_or_default();
    let id = Id::parse(text).ok_or_else(|| body::invalid("orgOwnerId"))?;
    let found = call.state.is_person_of(call.target.org, id);
    let refusal = || ApiError::not_found("USER_NOT_FOUND", format!("No user with ID {text} exists.")).with(text);
    found.then_some(Some(id)).ok_or_else(refusal)
}

/// `updateOrg`.
fn update(call: &mut Call<'_>) -> Result<Answer, ApiError> {
    let fields = call.fields(&["name", "skipDefaultAlertsSettings"])?;
    let name = name(&fields)?.ok_or_else(|| body::missing("name"))?;
    let skips = fields.flag("skipDefaultAlertsSettings")?;
    let is_other = org(call)?.name != name;
    if let Some(org) = call.state.orgs.get_mut(&call.target.org) {
        org.name = name;
        org.skips_default_alerts = skips.unwrap_or(org.skips_default_alerts);
    }
    if is_other {
        call.record("ORG_RENAMED", None, Vec::new());
    }
    get(call)
}

/// `deleteOrg`: only without projects. Its credentials stop working, the caller's own included.
fn delete(call: &mut Call<'_>) -> Result<Answer, ApiError> {
    let org = org(call)?;
    let (id, payer) = (org.id, org.payer);
    if !org.projects.is_empty() {
        let text = "Cannot delete an organization with active projects.";
        return Err(ApiError::new(StatusCode::CONFLICT, "ORG_NOT_EMPTY", text).with(id.to_string()));
    }
    if let Some((payer, _)) = payer {
        call.record_in(payer, "UNLINKED_ORG", None, Vec::new());
    }
    let linked: Vec<Id> = call.state.linked_to(id).iter().map(|org| org.id).collect();
    for org in linked {
        call.record_in(org, "ORG_UNLINKED_FROM_PAYING_ORG", None, Vec::new());
    }
    call.state.delete_org(id);
    Ok(Answer::empty())
}

/// `getOrgGroups`: members see the projects they were added to, owners and readers all.
fn groups(call: &mut Call<'_>) -> Result<Answer, ApiError> {
    let grants = call.grants()?;
    let ids = call.state.orgs.get(&call.target.org).map_or(&[][..], |org| &org.projects);
    let projects = ids.iter().filter(|id| grants.sees(**id)).filter_map(|id| call.state.projects.get(id));
    let seen: Vec<_> = projects.filter(|project| call.query.matches(&project.name)).collect();
    let page =
        seen[call.query.window(seen.len())].iter().map(|project| projects::written(project, &call.api)).collect();
    Ok(Answer::list(call.query.listed(page, seen.len(), &call.here)))
}

/// The organization that is worked in.
fn org<'a>(call: &'a Call<'_>) -> Result<&'a Org, ApiError> {
    call.state.orgs.get(&call.target.org).ok_or_else(|| permission::no_org(&call.target.org.to_string()))
}

fn name(fields: &Fields) -> Result<Option<String>, ApiError> {
    body::entity_name(fields, "INVALID_ORG_NAME")
}

fn written(org: &Org, api: &str) -> Value {
    json!({
        "id": org.id.to_string(),
        "name": org.name,
        "isDeleted": false,
        "skipDefaultAlertsSettings": org.skips_default_alerts,
        "links": self_link(format!("{api}/orgs/{}", org.id)),
    })
}
