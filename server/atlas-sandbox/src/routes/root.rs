//! The root of the API: who is calling.

use serde_json::{Value, json};

use crate::{
    address,
    errors::ApiError,
    routes::{Answer, Call, org_keys, self_link},
};

/// `getSystemStatus`.
pub(crate) fn status(call: &mut Call<'_>) -> Result<Answer, ApiError> {
    let caller = call.caller()?;
    let list: Vec<Value> = caller
        .access_list
        .iter()
        .map(|entry| json!({ "cidrBlock": address::cidr_block(&entry.net), "ipAddress": address::ip_address(&entry.net) }))
        .collect();
    Ok(Answer::Object(json!({
        "apiKey": {
            "id": caller.id.to_string(),
            "publicKey": caller.public,
            "roles": org_keys::roles(caller, call.turn),
            "accessList": list,
        },
        "appName": "MongoDB Atlas",
        "build": "5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a",
        "throttling": false,
        "links": self_link(call.api.clone()),
    })))
}
