//! The access list of an API key.

use ipnet::IpNet;
use serde_json::{Value, json};

use crate::{
    address, clock,
    errors::ApiError,
    routes::{Answer, Call, body, org_keys, self_link},
    state::{Entry, Key},
};

/// `listOrgApiKeyAccessListEntries`.
pub(crate) fn list(call: &mut Call<'_>) -> Result<Answer, ApiError> {
    let key = call.key()?;
    let entries = &key.access_list;
    let results = entries[call.query.window(entries.len())].iter().map(|entry| written(call, key, entry)).collect();
    Ok(Answer::List(call.query.listed(results, entries.len(), &call.here)))
}

/// `createOrgApiKeyAccessListEntry`: adds all entries or none, and answers the first page of the whole list.
pub(crate) fn create(call: &mut Call<'_>) -> Result<Answer, ApiError> {
    let mut nets = Vec::new();
    for item in body::array(call.body)? {
        let net = requested(item)?;
        if nets.contains(&net) {
            let text = "Two or more of the addresses in the request are the same.";
            return Err(ApiError::bad_request("DUPLICATE_ADDRESSES_IN_INPUT", text));
        }
        nets.push(net);
    }
    let key = call.key()?;
    if let Some(net) = nets.iter().find(|net| key.access_list.iter().any(|entry| entry.net == **net)) {
        let name = address::cidr_block(net);
        let text = format!("The address {name} is already in the access list.");
        return Err(ApiError::new(http::StatusCode::CONFLICT, "ADDRESS_ALREADY_IN_ACCESS_LIST", text).with(name));
    }
    let now = call.now;
    org_keys::change(call, |key| key.access_list.extend(nets.into_iter().map(|net| Entry::unused(net, now))));
    list(call)
}

fn requested(item: Value) -> Result<IpNet, ApiError> {
    let fields = body::object(item, &["ipAddress", "cidrBlock"])?;
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
pub(crate) fn get(call: &mut Call<'_>) -> Result<Answer, ApiError> {
    let key = call.key()?;
    Ok(Answer::Object(written(call, key, named(call, key)?)))
}

/// `deleteOrgApiKeyAccessListEntry`: never the address the caller calls from. Atlas refuses it on other keys' lists
/// too when the entry is exactly that address; on the caller's own list a range around it counts as well, unless
/// another entry still lets the caller in.
pub(crate) fn delete(call: &mut Call<'_>) -> Result<Answer, ApiError> {
    let key = call.key()?;
    let net = named(call, key)?.net;
    let own = key.id == call.caller;
    let still_in = key.access_list.iter().any(|entry| entry.net != net && entry.net.contains(&call.peer));
    let is_the_caller = net == IpNet::from(call.peer) || (own && net.contains(&call.peer) && !still_in);
    if is_the_caller {
        let text = "The address of the caller cannot be removed from the access list.";
        return Err(ApiError::bad_request("CANNOT_REMOVE_CALLER_FROM_ACCESS_LIST", text).with(call.peer.to_string()));
    }
    org_keys::change(call, |key| key.access_list.retain(|entry| entry.net != net));
    Ok(Answer::Empty)
}

/// The entry the path names.
fn named<'a>(call: &Call<'_>, key: &'a Key) -> Result<&'a Entry, ApiError> {
    let found = call.address().and_then(|net| key.access_list.iter().find(|entry| entry.net == net));
    found.ok_or_else(|| {
        let text = "The access list of this API key has no such entry.";
        ApiError::not_found("API_KEY_ACCESS_LIST_NOT_FOUND", text).with(key.id.to_string())
    })
}

/// An entry as Atlas writes it: `count` and `lastUsed` appear with the first use.
fn written(call: &Call<'_>, key: &Key, entry: &Entry) -> Value {
    let path =
        format!("{}/orgs/{}/apiKeys/{}/accessList/{}", call.api, key.org, key.id, address::path_name(&entry.net));
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
