//! Atlas's error body (`ApiError`) and the codes this sandbox answers.
//!
//! The codes are those of section 4 of the contract. Where Atlas's own page still spells *WHITELIST* the newer
//! *ACCESS_LIST* is answered. For refusals that Atlas names no code for (405, 413, 415) the general
//! `UNEXPECTED_ERROR` stands, as it does on Atlas's own 401.

use http::StatusCode;
use serde_json::{Map, Value, json};

/// A refusal, ready to be written as Atlas would.
#[derive(Debug)]
pub(crate) struct ApiError {
    pub(crate) status: StatusCode,
    pub(crate) code: &'static str,
    detail: String,
    parameters: Vec<Value>,
    field: Option<&'static str>,
}

impl ApiError {
    /// A refusal with a sentence for people.
    pub(crate) fn new(status: StatusCode, code: &'static str, detail: impl Into<String>) -> Self {
        Self { status, code, detail: detail.into(), parameters: Vec::new(), field: None }
    }

    /// 400 with `code`.
    pub(crate) fn bad_request(code: &'static str, detail: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, code, detail)
    }

    /// 401 with `code`: the signature was good, a role is missing.
    pub(crate) fn role(code: &'static str, detail: impl Into<String>) -> Self {
        Self::new(StatusCode::UNAUTHORIZED, code, detail)
    }

    /// 403 with `code`.
    pub(crate) fn forbidden(code: &'static str, detail: impl Into<String>) -> Self {
        Self::new(StatusCode::FORBIDDEN, code, detail)
    }

    /// 404 with `code`.
    pub(crate) fn not_found(code: &'static str, detail: impl Into<String>) -> Self {
        Self::new(StatusCode::NOT_FOUND, code, detail)
    }

    /// Adds one of the `parameters`.
    #[must_use]
    pub(crate) fn with(mut self, parameter: impl Into<Value>) -> Self {
        self.parameters.push(parameter.into());
        self
    }

    /// Names the request field at fault in `badRequestDetail`.
    #[must_use]
    pub(crate) fn at(mut self, field: &'static str) -> Self {
        self.field = Some(field);
        self
    }

    /// The body.
    pub(crate) fn body(&self) -> Value {
        let mut body = Map::new();
        body.insert("error".into(), self.status.as_u16().into());
        body.insert("errorCode".into(), self.code.into());
        body.insert("reason".into(), self.status.canonical_reason().into());
        body.insert("detail".into(), self.detail.as_str().into());
        body.insert("parameters".into(), self.parameters.clone().into());
        if let Some(field) = self.field {
            let fields = json!({ "fields": [{ "field": field, "description": self.detail }] });
            body.insert("badRequestDetail".into(), fields);
        }
        body.into()
    }
}

/// The body of the 401 that carries a challenge: the same for no signature, a wrong key and a deleted key.
pub(crate) const CHALLENGE_BODY: &str = r#"{"error":401,"reason":"Unauthorized","detail":"You are not authorized for this resource.","errorCode":"UNEXPECTED_ERROR"}"#;
