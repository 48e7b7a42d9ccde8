//! A transport that answers from a script and remembers what it was sent.

use std::{
    collections::{HashMap, VecDeque},
    sync::{Arc, Mutex},
};

use async_trait::async_trait;
use atlas::{Client, Credentials, Transport, TransportError};
use bytes::Bytes;
use http::{Request, Response, header};
use serde_json::{Value, json};

/// Planted wherever a secret belongs; must never come out again.
pub(crate) const SECRET: &str = "11111111-2222-3333-4444-5eccae755eca";
pub(crate) const ORG: &str = "5f1b2c3d4e5f60718293a4b5";
pub(crate) const KEY: &str = "6a1b2c3d4e5f60718293a4b5";
pub(crate) const GROUP: &str = "7c1b2c3d4e5f60718293a4b5";

pub(crate) type Answer = Result<Response<Bytes>, TransportError>;

#[derive(Default)]
pub(crate) struct Script {
    answers: Mutex<VecDeque<Answer>>,
    seen: Mutex<Vec<Request<Bytes>>>,
}

impl Script {
    pub(crate) fn new(answers: impl IntoIterator<Item = Answer>) -> Arc<Self> {
        Arc::new(Self { answers: Mutex::new(answers.into_iter().collect()), seen: Mutex::default() })
    }

    pub(crate) fn seen(&self) -> Vec<Request<Bytes>> {
        self.seen.lock().unwrap().clone()
    }

    /// The `Authorization` headers sent, in order.
    pub(crate) fn signatures(&self) -> Vec<Option<String>> {
        let text =
            |request: &Request<Bytes>| Some(request.headers().get(header::AUTHORIZATION)?.to_str().unwrap().to_owned());
        self.seen().iter().map(text).collect()
    }

    pub(crate) fn is_used_up(&self) -> bool {
        self.answers.lock().unwrap().is_empty()
    }
}

#[async_trait]
impl Transport for Script {
    async fn send(&self, request: Request<Bytes>) -> Answer {
        self.seen.lock().unwrap().push(request);
        let answer = self.answers.lock().unwrap().pop_front().unwrap();
        // So that calls at the same time meet.
        tokio::task::yield_now().await;
        answer
    }
}

pub(crate) fn client(script: &Arc<Script>) -> Client {
    let transport: Arc<dyn Transport> = script.clone();
    Client::new(transport, "https://atlas.example.org".parse().unwrap(), credentials())
}

pub(crate) fn credentials() -> Credentials {
    Credentials::ApiKey { public_key: "abcdefgh".to_owned(), private_key: SECRET.into() }
}

/// The body and header Atlas answers an unsigned request with, as recorded.
pub(crate) fn challenge(nonce: &str, stale: bool) -> Answer {
    let body = json!({
        "error": 401, "reason": "Unauthorized", "detail": "You are not authorized for this resource.", "errorCode": "UNEXPECTED_ERROR"
    });
    let value = format!(
        r#"Digest realm="MMS Public API", domain="", nonce="{nonce}", algorithm=MD5, qop="auth", stale={stale}"#
    );
    let mut answer = answer(401, &body);
    answer.headers_mut().insert(header::WWW_AUTHENTICATE, value.parse().unwrap());
    Ok(answer)
}

pub(crate) fn answer(status: u16, body: &Value) -> Response<Bytes> {
    let body = if body.is_null() { Bytes::new() } else { Bytes::from(body.to_string()) };
    Response::builder()
        .status(status)
        .header(header::CONTENT_TYPE, "application/vnd.atlas.2023-01-01+json;charset=utf-8")
        .header(header::DATE, "Mon, 10 Aug 2026 03:02:57 GMT")
        .body(body)
        .unwrap()
}

pub(crate) fn ok(body: Value) -> Answer {
    Ok(answer(200, &body))
}

pub(crate) fn refused(status: u16, code: &str, detail: &str, parameters: Value) -> Answer {
    let body =
        json!({ "error": status, "errorCode": code, "detail": detail, "reason": "Refused", "parameters": parameters });
    let mut answer = answer(status, &body);
    answer.headers_mut().insert("x-error-code", code.parse().unwrap());
    Ok(answer)
}

/// A page of a list of organizations.
pub(crate) fn page(ids: &[&str], more: bool) -> Answer {
    let mut links = vec![json!({ "rel": "self", "href": "https://atlas.example.org/api/atlas/v2/orgs?pageNum=1" })];
    if more {
        links.push(json!({ "rel": "next", "href": "https://atlas.example.org/api/atlas/v2/orgs?pageNum=2" }));
    }
    let results: Vec<Value> =
        ids.iter().map(|id| json!({ "id": id, "name": "An organization", "isDeleted": false, "links": [] })).collect();
    ok(json!({ "links": links, "results": results, "totalCount": 3 }))
}

/// The fields of a Digest signature.
pub(crate) fn fields(signature: &str) -> HashMap<&str, &str> {
    let pairs = signature.strip_prefix("Digest ").unwrap().split(", ");
    pairs.map(|pair| pair.split_once('=').unwrap()).map(|(name, value)| (name, value.trim_matches('"'))).collect()
}
