//! The access list of an API key.

use ipnet::IpNet;
use serde_json::{Value, json};

use crate::{
    address, clock,
    errors::ApiError,
    id::Id,
    limits::Set,
    operations::Operation,
    paging::LIST,
    routes::{
        Answer, Call,
        body::{self, Fields},
        org_keys,
        permission::Need,
        self_link,
    },
    state::{CallerId, Entry, Grants, Key},
};

/// The operations of this area.
pub(crate) static OPERATIONS: &[Operation] = &[
    Operation::get("listOrgApiKeyAccessListEntries", ALL, Need::AccessListRead, Set::OrgKeys, list).query(LIST),
    Operation::post("createOrgApiKeyAccessListEntry", ALL, Need::AccessListWrite, Set::OrgKeys, create).query(LIST),
    Operation::get("getOrgApiKeyAccessListEntry", ONE, Need::AccessListRead, Set::OrgKeys, get),
    Operation::delete("deleteOrgApiKeyAccessListEntry", ONE, Need::AccessListWrite, Set::OrgKeys, delete),
];

const ALL: &str = "/orgs/{orgId}/apiKeys/{apiUserId}/accessList";
const ONE: &str = "/orgs/{orgId}/apiKeys/{apiUserId}/accessList/{ipAddress}";

/// `listOrgApiKeyAccessListEntries`.
fn list(call: &mut Call<'_>) -> Result<Answer, ApiError> {
    let key = call.key()?;
    let entries = &key.grants.access_list;
    let results = entries[call.query.window(entries.len())].iter().map(|entry| written(call, key, entry)).collect();
    Ok(Answer::list(call.query.listed(results, entries.len(), &call.here)))
}

/// `createOrgApiKeyAccessListEntry`: adds all entries or none, and answers the first page of the whole list.
fn create(call: &mut Call<'_>) -> Result<Answer, ApiError> {
    let nets = additions(call, &call.key()?.grants)?;
    let (key, now) = (call.key()?.id, call.now);
    org_keys::change(call, |key| key.grants.access_list.extend(nets.iter().map(|net| Entry::unused(*net, now))));
    for net in &nets {
        record(call, "API_KEY_ACCESS_LIST_ENTRY_ADDED", key, net);
    }
    list(call)
}

fn record(call: &mut Call<'_>, kind: &'static str, key: Id, net: &IpNet) {
    let public = call.state.keys.get(&key).map(|key| key.public.clone());
    let entry = address::cidr_block(net);
    call.record(kind, None, vec![("targetPublicKey", public.into()), ("whitelistEntry", entry.into())]);
}

/// The addresses and ranges of the body, none of which is in the list yet.
///
/// # Errors
///
/// 400 for what is no address, 409 for what is in the list.
pub(super) fn additions(call: &Call<'_>, grants: &Grants) -> Result<Vec<IpNet>, ApiError> {
    let mut nets = Vec::new();
    for item in call.items()? {
        let net = requested(item)?;
        if nets.contains(&net) {
            let text = "Two or more of the addresses in the request are the same.";
            return Err(ApiError::bad_request("DUPLICATE_ADDRESSES_IN_INPUT", text));
        }
        nets.push(net);
    }
    if let Some(net) = nets.iter().find(|net| grants.access_list.iter().any(|entry| entry.net == **net)) {
        let name = address::cidr_block(net);
        let text = format!("The address {name} is already in the access list.");
        return Err(ApiError::new(http::StatusCode::CONFLICT, "ADDRESS_ALREADY_IN_ACCESS_LIST", text).with(name));
    }
    Ok(nets)
}

fn requested(item: Value) -> Result<IpNet, ApiError> {
    let fields = Fields::of(item, &["ipAddress", "cidrBlock"])?;
    let text = |name: &str| fields.get(name).map(|value| value.as_str().unwrap_or_default());
    match (text("ipAddress"), text("cidrBlock")) {
        (Some(text), None) => address::single(text).ok_or_else(|| body::not_an_address(text).at("ipAddress")),
        (None, Some(text)) => address::range(text).ok_or_else(|| {
            let detail = format!("The CIDR block {text} is invalid.");
            ApiError::bad_request("INVALID_CIDR_BLOCK", detail).with(text).at("cidrBlock")
        }),
        (Some(_), Some(_)) => {
            let text = "An access list entry takes either an IP address or a CIDR block, not both.";
            Err(ApiError::bad_request("BAD_ACCESS_LIST_ADD_REQUEST", text))
        }
        (None, None) => {
            let text = "One of the attributes ipAddress, cidrBlock must be specified.";
            Err(ApiError::bad_request("MISSING_ONE_OF_ATTRIBUTES", text).with("ipAddress").with("cidrBlock"))
        }
    }
}

/// `getOrgApiKeyAccessListEntry`.
fn get(call: &mut Call<'_>) -> Result<Answer, ApiError> {
    let key = call.key()?;
    Ok(Answer::object(written(call, key, named(call, key)?)))
}

/// `deleteOrgApiKeyAccessListEntry`: never the address the caller calls from. Atlas refuses it on other keys' lists
/// too when the entry is exactly that address; on the caller's own list a range around it counts as well, unless
/// another entry still lets the caller in.
fn delete(call: &mut Call<'_>) -> Result<Answer, ApiError> {
    let key = call.key()?;
    let (id, net) = (key.id, named(call, key)?.net);
    may_remove(call, CallerId::Key(id), &key.grants, &net)?;
    org_keys::change(call, |key| key.grants.access_list.retain(|entry| entry.net != net));
    record(call, "API_KEY_ACCESS_LIST_ENTRY_DELETED", id, &net);
    Ok(Answer::empty())
}

/// Refuses to remove from the list of `owner` what lets the caller in.
pub(super) fn may_remove(call: &Call<'_>, owner: CallerId, grants: &Grants, net: &IpNet) -> Result<(), ApiError> {
    let still_in = grants.access_list.iter().any(|entry| entry.net != *net && entry.net.contains(&call.peer));
    let is_the_caller =
        *net == IpNet::from(call.peer) || (owner == call.caller && net.contains(&call.peer) && !still_in);
    if !is_the_caller {
        return Ok(());
    }
    let text = "The address of the caller cannot be removed from the access list.";
    Err(ApiError::bad_request("CANNOT_REMOVE_CALLER_FROM_ACCESS_LIST", text).with(call.peer.to_string()))
}

/// The entry the path names.
fn named<'a>(call: &Call<'_>, key: &'a Key) -> Result<&'a Entry, ApiError> {
    let found = call.address().and_then(|net| key.grants.access_list.iter().find(|entry| entry.net == net));
    found.ok_or_else(|| {
        let text = "The access list of this API key has no such entry.";
        ApiError::not_found("API_KEY_ACCESS_LIST_NOT_FOUND", text).with(key.id.to_string())
    })
}

/// An entry as Atlas writes it: `count` and `lastUsed` appear with the first use.
fn written(call: &Call<'_>, key: &Key, entry: &Entry) -> Value {
    let path = format!(
        "{}/orgs/{}/apiKeys/{}/accessList/{}",
        call.api,
        key.grants.org,
        key.id,
        address::path_name(&entry.net)
    );
    let mut value = json!({
        "cidrBlock": address::cidr_block(&entry.net),
        "created": clock::written(entry.created),
        "links": self_link(path),
    });
    if let Some(single) = address::ip_address(&entry.net) {
        value["ipAddress"] = single.into();
    }
    if let Some((at, from)) = entry.last_used {
        value["count"] = entry.count.into();
        value["lastUsed"] = clock::written(at).into();
        value["lastUsedAddress"] = address::address_text(from).into();
    }
    value
}
