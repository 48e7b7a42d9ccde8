//! The root of the API: who is calling.

use serde_json::{Value, json};

use crate::{
    address,
    errors::ApiError,
    limits::Set,
    operations::Operation,
    routes::{Answer, Call, org_keys, permission::Need, self_link},
};

/// The operations of this area.
pub(crate) static OPERATIONS: &[Operation] = &[Operation::get("getSystemStatus", "", Need::Nothing, Set::Root, status)];

/// `getSystemStatus`.
fn status(call: &mut Call<'_>) -> Result<Answer, ApiError> {
    let grants = call.grants()?;
    let list: Vec<Value> = grants
        .access_list
        .iter()
        .map(|entry| json!({ "cidrBlock": address::cidr_block(&entry.net), "ipAddress": address::ip_address(&entry.net) }))
        .collect();
    Ok(Answer::object(json!({
        "apiKey": {
            "id": call.caller.id().to_string(),
            "publicKey": call.state.name_of(call.caller),
            "roles": org_keys::roles(grants, call.turn),
            "accessList": list,
        },
        "appName": "MongoDB Atlas",
        "build": "5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a",
        "throttling": false,
        "links": self_link(call.api.clone()),
    })))
}
