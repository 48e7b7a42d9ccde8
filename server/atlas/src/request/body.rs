//! Bodies of requests: only what is given, since Atlas refuses fields it does not expect and keeps those left out.

use serde::Serialize;
use serde_json::{Map, Value, json};

use crate::{AccessListAddress, UserId};

/// Fields of bodies that are secrets: `migrateGroup` and `createUser`.
const SECRETS: [&str; 2] = ["destinationOrgPrivateApiKey", "password"];

pub(super) fn texts<R: AsRef<str>>(texts: &[R]) -> Vec<&str> {
    texts.iter().map(AsRef::as_ref).collect()
}

pub(super) fn changes<R: AsRef<str>>(desc: Option<&str>, roles: Option<&[R]>) -> Value {
    let mut body = Map::new();
    if let Some(desc) = desc {
        body.insert("desc".to_owned(), json!(desc));
    }
    if let Some(roles) = roles {
        body.insert("roles".to_owned(), json!(texts(roles)));
    }
    Value::Object(body)
}

pub(super) fn as_body<B: Serialize>(body: &B) -> Value {
    serde_json::to_value(body).expect("bodies are plain data with text for keys")
}

pub(super) fn entry_bodies(entries: &[AccessListAddress]) -> Value {
    entries.iter().map(|entry| entry.to_body()).collect()
}

pub(super) fn user_bodies(users: &[UserId]) -> Value {
    users.iter().map(|user| json!({ "id": user.as_str() })).collect()
}

/// A body fit for a log.
pub(super) fn without_secrets(body: &Value) -> Value {
    let mut shown = body.clone();
    if let Some(fields) = shown.as_object_mut() {
        for name in SECRETS {
            if let Some(field) = fields.get_mut(name) {
                *field = json!("(hidden)");
            }
        }
    }
    shown
}
