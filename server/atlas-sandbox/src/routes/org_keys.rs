//! API keys of an organization.

use http::StatusCode;
use serde_json::{Map, Value, json};

use crate::{
    errors::ApiError,
    id::Id,
    limits::Set,
    operations::Operation,
    paging::LIST,
    random,
    routes::{
        Answer, Call,
        body::{self, Level},
        permission::Need,
        self_link,
    },
    state::{Grants, Key, MAX_KEYS_PER_ORG, NewKey},
};

/// The operations of this area.
pub(crate) static OPERATIONS: &[Operation] = &[
    Operation::get("listOrgApiKeys", ALL, Need::OrgMember, Set::OrgKeys, list).query(LIST),
    Operation::post("createOrgApiKey", ALL, Need::OrgOwner, Set::OrgKeys, create),
    Operation::get("getOrgApiKey", ONE, Need::OrgMember, Set::OrgKeys, get),
    Operation::patch("updateOrgApiKey", ONE, Need::OrgOwner, Set::OrgKeys, update),
    Operation::delete("deleteOrgApiKey", ONE, Need::OrgOwner, Set::OrgKeys, delete),
];

const ALL: &str = "/orgs/{orgId}/apiKeys";
const ONE: &str = "/orgs/{orgId}/apiKeys/{apiUserId}";

/// A description that makes creating a key fail, so that a failure seen in a test can be seen by hand.
const ALWAYS_FAILS: &str = "always-503";

/// `listOrgApiKeys`.
fn list(call: &mut Call<'_>) -> Result<Answer, ApiError> {
    let ids = call.state.orgs.get(&call.target.org).map_or(&[][..], |org| &org.keys);
    Ok(page(call, ids))
}

/// A page of keys.
pub(super) fn page(call: &Call<'_>, ids: &[Id]) -> Answer {
    let shown = ids[call.query.window(ids.len())].iter().filter_map(|id| call.state.keys.get(id));
    let results = shown.map(|key| written(call, key)).collect();
    Answer::list(call.query.listed(results, ids.len(), &call.here))
}

/// `createOrgApiKey`: the only answer with the whole private key.
fn create(call: &mut Call<'_>) -> Result<Answer, ApiError> {
    let fields = call.fields(&["desc", "roles"])?;
    let desc = body::required_desc(&fields)?;
    let roles = body::required_roles(&fields, Level::Org)?;
    let (id, private) = make(call, desc, roles, None)?;
    shown_once(call, id, private)
}

/// Makes a key in the caller's organization, at the wish of a project if one is named.
pub(super) fn make(
    call: &mut Call<'_>,
    desc: String,
    org_roles: Vec<&'static str>,
    project: Option<Id>,
) -> Result<(Id, String), ApiError> {
    if desc == ALWAYS_FAILS {
        return Err(ApiError::new(StatusCode::SERVICE_UNAVAILABLE, "UNEXPECTED_ERROR", "The service is unavailable."));
    }
    if call.state.orgs.get(&call.target.org).is_some_and(|org| org.keys.len() >= MAX_KEYS_PER_ORG) {
        let text = format!("The organization has reached its limit of {MAX_KEYS_PER_ORG} API keys.");
        return Err(ApiError::bad_request("MAX_API_KEYS_PER_ORG_EXCEEDED", text).with(MAX_KEYS_PER_ORG));
    }
    let private = random::surprising_private_key();
    let new = NewKey { org: call.target.org, created: call.now, desc, org_roles, private: &private };
    let id = call.state.add_key(new);
    record(call, "API_KEY_CREATED", id, project);
    Ok((id, private))
}

/// Writes down what was done to a key.
pub(super) fn record(call: &mut Call<'_>, kind: &'static str, key: Id, project: Option<Id>) {
    let public = call.state.keys.get(&key).map(|key| key.public.clone());
    call.record(kind, project, vec![("targetPublicKey", public.into())]);
}

/// The key with its private part in the open.
pub(super) fn shown_once(call: &mut Call<'_>, id: Id, private: String) -> Result<Answer, ApiError> {
    in_the_open(call, id, private).map(Answer::object)
}

/// The same as a part of an answer.
pub(super) fn in_the_open(call: &mut Call<'_>, id: Id, private: String) -> Result<Value, ApiError> {
    call.target.key = Some(id);
    let mut value = written(call, call.key()?);
    value["privateKey"] = private.into();
    Ok(value)
}

/// `getOrgApiKey`.
pub(super) fn get(call: &mut Call<'_>) -> Result<Answer, ApiError> {
    Ok(Answer::object(written(call, call.key()?)))
}

/// `updateOrgApiKey`: `roles` replaces the organization roles, project roles stay.
fn update(call: &mut Call<'_>) -> Result<Answer, ApiError> {
    let fields = call.fields(&["desc", "roles"])?;
    let roles = body::roles(&fields, Level::Org)?;
    let desc = body::desc(&fields)?;
    let id = call.key()?.id;
    if let Some(roles) = roles {
        change(call, |key| key.grants.org_roles = roles);
        record(call, "API_KEY_ROLES_CHANGED", id, None);
    }
    describe(call, id, desc, None);
    get(call)
}

/// Gives the key the path names another description, if there is one.
pub(super) fn describe(call: &mut Call<'_>, id: Id, desc: Option<String>, project: Option<Id>) {
    if let Some(desc) = desc {
        change(call, |key| key.desc = desc);
        record(call, "API_KEY_DESCRIPTION_CHANGED", id, project);
    }
}

/// Changes the key the path names.
pub(super) fn change(call: &mut Call<'_>, how: impl FnOnce(&mut Key)) {
    if let Some(key) = call.target.key.and_then(|id| call.state.keys.get_mut(&id)) {
        how(key);
    }
}

/// `deleteOrgApiKey`: from its projects too.
fn delete(call: &mut Call<'_>) -> Result<Answer, ApiError> {
    let id = call.key()?.id;
    record(call, "API_KEY_DELETED", id, None);
    call.state.delete_key(id);
    Ok(Answer::empty())
}

/// A key as Atlas writes it, its private part masked.
fn written(call: &Call<'_>, key: &Key) -> Value {
    json!({
        "id": key.id.to_string(),
        "desc": key.desc,
        "publicKey": key.public,
        "privateKey": key.mask,
        "roles": roles(&key.grants, call.turn),
        "links": self_link(format!("{}/orgs/{}/apiKeys/{}", call.api, key.grants.org, key.id)),
    })
}

/// All roles of a credential. Their order is not stable (recorded), so it turns with every call.
pub(super) fn roles(grants: &Grants, turn: usize) -> Vec<Value> {
    let assigned = |field: &str, id: Id, role: &str| {
        let pairs = [(field.to_owned(), id.to_string().into()), ("roleName".to_owned(), role.into())];
        Value::Object(Map::from_iter(pairs))
    };
    let of_org = grants.org_roles.iter().map(|role| assigned("orgId", grants.org, role));
    let in_projects =
        grants.project_roles.iter().flat_map(|(id, roles)| roles.iter().map(|role| assigned("groupId", *id, role)));
    let mut all: Vec<Value> = of_org.chain(in_projects).collect();
    let count = all.len().max(1);
    all.rotate_left(turn % count);
    all
}
