//! API keys of an organization.

use http::StatusCode;
use serde_json::{Map, Value, json};

use crate::{
    errors::ApiError,
    id::Id,
    random,
    routes::{
        Answer, Call,
        body::{self, Level},
        self_link,
    },
    state::{Key, MAX_KEYS_PER_ORG, NewKey},
};

/// A description that makes creating a key fail, so that a failure seen in a test can be seen by hand.
const ALWAYS_FAILS: &str = "always-503";

/// `listOrgApiKeys`.
pub(crate) fn list(call: &mut Call<'_>) -> Result<Answer, ApiError> {
    let ids = call.state.orgs.get(&call.target.org).map_or(&[][..], |org| &org.keys);
    Ok(page(call, ids))
}

/// A page of keys.
pub(super) fn page(call: &Call<'_>, ids: &[Id]) -> Answer {
    let shown = ids[call.query.window(ids.len())].iter().filter_map(|id| call.state.keys.get(id));
    let results = shown.map(|key| written(call, key)).collect();
    Answer::List(call.query.listed(results, ids.len(), &call.here))
}

/// `createOrgApiKey`: the only answer with the whole private key.
pub(crate) fn create(call: &mut Call<'_>) -> Result<Answer, ApiError> {
    let fields = body::object(body::json(call.body)?, &["desc", "roles"])?;
    let desc = body::required_desc(&fields)?;
    let roles = body::required_roles(&fields, Level::Org)?;
    let (id, private) = make(call, desc, roles)?;
    shown_once(call, id, private)
}

/// Makes a key in the caller's organization.
pub(super) fn make(call: &mut Call<'_>, desc: String, org_roles: Vec<&'static str>) -> Result<(Id, String), ApiError> {
    if desc == ALWAYS_FAILS {
        return Err(ApiError::new(StatusCode::SERVICE_UNAVAILABLE, "UNEXPECTED_ERROR", "The service is unavailable."));
    }
    if call.state.orgs.get(&call.target.org).is_some_and(|org| org.keys.len() >= MAX_KEYS_PER_ORG) {
        let text = format!("The organization has reached its limit of {MAX_KEYS_PER_ORG} API keys.");
        return Err(ApiError::bad_request("MAX_API_KEYS_PER_ORG_EXCEEDED", text).with(MAX_KEYS_PER_ORG));
    }
    let private = random::surprising_private_key();
    let new = NewKey { org: call.target.org, created: call.now, desc, org_roles, private: &private };
    Ok((call.state.add_key(new), private))
}

/// The key with its private part in the open.
pub(super) fn shown_once(call: &mut Call<'_>, id: Id, private: String) -> Result<Answer, ApiError> {
    call.target.key = Some(id);
    let mut value = written(call, call.key()?);
    value["privateKey"] = private.into();
    Ok(Answer::Object(value))
}

/// `getOrgApiKey`.
pub(crate) fn get(call: &mut Call<'_>) -> Result<Answer, ApiError> {
    Ok(Answer::Object(written(call, call.key()?)))
}

/// `updateOrgApiKey`: `roles` replaces the organization roles, project roles stay.
pub(crate) fn update(call: &mut Call<'_>) -> Result<Answer, ApiError> {
    let fields = body::object(body::json(call.body)?, &["desc", "roles"])?;
    let roles = body::roles(&fields, Level::Org)?;
    let desc = body::desc(&fields)?;
    change(call, |key| {
        key.org_roles = roles.unwrap_or_else(|| std::mem::take(&mut key.org_roles));
        key.desc = desc.unwrap_or_else(|| std::mem::take(&mut key.desc));
    });
    get(call)
}

/// Changes the key the path names.
pub(super) fn change(call: &mut Call<'_>, how: impl FnOnce(&mut Key)) {
    if let Some(key) = call.target.key.and_then(|id| call.state.keys.get_mut(&id)) {
        how(key);
    }
}

/// `deleteOrgApiKey`: from its projects too.
pub(crate) fn delete(call: &mut Call<'_>) -> Result<Answer, ApiError> {
    let id = call.key()?.id;
    call.state.delete_key(id);
    Ok(Answer::Empty)
}

/// A key as Atlas writes it, its private part masked.
fn written(call: &Call<'_>, key: &Key) -> Value {
    json!({
        "id": key.id.to_string(),
        "desc": key.desc,
        "publicKey": key.public,
        "privateKey": key.mask,
        "roles": roles(key, call.turn),
        "links": self_link(format!("{}/orgs/{}/apiKeys/{}", call.api, key.org, key.id)),
    })
}

/// All roles of a key. Their order is not stable (recorded), so it turns with every call.
pub(super) fn roles(key: &Key, turn: usize) -> Vec<Value> {
    let assigned = |field: &str, id: Id, role: &str| {
        let pairs = [(field.to_owned(), id.to_string().into()), ("roleName".to_owned(), role.into())];
        Value::Object(Map::from_iter(pairs))
    };
    let of_org = key.org_roles.iter().map(|role| assigned("orgId", key.org, role));
    let in_projects =
        key.project_roles.iter().flat_map(|(id, roles)| roles.iter().map(|role| assigned("groupId", *id, role)));
    let mut all: Vec<Value> = of_org.chain(in_projects).collect();
    let count = all.len().max(1);
    all.rotate_left(turn % count);
    all
}
