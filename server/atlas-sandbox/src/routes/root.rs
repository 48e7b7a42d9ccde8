//! The root of the API: who is calling.

use serde_json::{Value, json};

use crate::{
    address,
    errors::ApiError,
    limits::Set,
    operations::Operation,
    routes::{Answer, Call, org_keys, permission::Need, self_link},
    state::CallerId,
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
    let key = match call.caller {
        CallerId::Key(id) => json!({
            "id": id.to_string(),
            "publicKey": call.state.name_of(call.caller),
            "roles": org_keys::roles(grants, call.turn),
            "accessList": list,
        }),
        // What is answered to service accounts is not documented; the field is nullable, and they are no keys.
        CallerId::Account(_) => Value::Null,
    };
    Ok(Answer::object(json!({
        "apiKey": key,
        "appName": "MongoDB Atlas",
        "build": "5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a",
        "throttling": false,
        "links": self_link(call.api.clone()),
    })))
}
