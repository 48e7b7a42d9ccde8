//! A small HTTP client with Digest of its own, written from RFC 7616. Every exchange it provokes is checked against the
//! interface before the test sees the answer.

use std::{
    net::{IpAddr, SocketAddr},
    sync::{LazyLock, Mutex},
};

use atlas_sandbox::{ClientSecret, KeyPair, Sandbox};
use axum::{body::Body, extract::ConnectInfo};
use base64::{Engine, engine::general_purpose::STANDARD};
use http::HeaderMap;
use md5::{Digest, Md5};
use serde_json::Value;
use tower::ServiceExt;

use super::{World, conformance};

/// Where the API begins.
pub(crate) const API: &str = "/api/atlas/v2";
/// A version newer than every release.
pub(crate) const ACCEPT: &str = "application/vnd.atlas.2025-03-12+json";

static HTTP: LazyLock<()> = LazyLock::new(|| {
    // A second installation in one process is refused, which is as good.
    let _ = rustls::crypto::ring::default_provider().install_default();
});

/// An answer.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) text: String,
}

impl Answer {
    /// The body as JSON.
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|error| panic!("{error}: {}", self.text))
    }

    /// A header as text.
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// The body of a success.
    #[track_caller]
    pub(crate) fn ok(self) -> Value {
        assert_eq!(self.status, 200, "{}", self.text);
        self.json()
    }

    /// The body of what was made.
    #[track_caller]
    pub(crate) fn created(self) -> Value {
        assert_eq!(self.status, 201, "{}", self.text);
        self.json()
    }

    /// Asserts an answer without content.
    #[track_caller]
    pub(crate) fn gone(self) {
        assert_eq!((self.status, self.text.as_str()), (204, ""));
    }

    /// Asserts a refusal with this status and code, in body and header, and gives the body.
    #[track_caller]
    pub(crate) fn refused(self, status: u16, code: &str) -> Value {
        let body = self.json();
        assert_eq!((self.status, body["errorCode"].as_str()), (status, Some(code)), "{}", self.text);
        assert_eq!(self.header("x-error-code"), code);
        body
    }
}

/// One request to send.
#[derive(Clone, Debug)]
pub(crate) struct Ask<'a> {
    pub(crate) method: &'a str,
    pub(crate) target: String,
    pub(crate) accept: Option<&'a str>,
    pub(crate) content_type: Option<&'a str>,
    pub(crate) body: Option<String>,
    pub(crate) headers: Vec<(&'a str, String)>,
}

impl<'a> Ask<'a> {
    /// A request below [`API`], with the usual version.
    pub(crate) fn new(method: &'a str, path: &str) -> Self {
        let target = format!("{API}{path}");
        Self { method, target, accept: Some(ACCEPT), content_type: None, body: None, headers: Vec::new() }
    }

    /// With a JSON body.
    pub(crate) fn json(mut self, body: &Value) -> Self {
        self.content_type = Some("application/json");
        self.body = Some(body.to_string());
        self
    }
}

/// How a client says who it is.
enum Credentials {
    /// By signing.
    Key(KeyPair),
    /// By a token it already has.
    Token(String),
}

/// A client with credentials, from the machine itself or, in process, from anywhere.
pub(crate) struct Client {
    sandbox: Sandbox,
    base: String,
    credentials: Credentials,
    from: Option<IpAddr>,
    http: reqwest::Client,
    challenge: Mutex<Option<(String, u32)>>,
}

impl Client {
    pub(crate) fn new(world: &World, pair: &KeyPair) -> Self {
        Self::at(world, pair, &world.base)
    }

    /// A client of another socket of the same sandbox.
    pub(crate) fn at(world: &World, pair: &KeyPair, base: &str) -> Self {
        Self::having(world, Credentials::Key(pair.clone()), base)
    }

    /// A client with this token.
    pub(crate) fn with_token(world: &World, token: &str) -> Self {
        Self::having(world, Credentials::Token(token.to_owned()), &world.base)
    }

    fn having(world: &World, credentials: Credentials, base: &str) -> Self {
        LazyLock::force(&HTTP);
        let http = reqwest::Client::builder().no_proxy().build().unwrap();
        let (sandbox, base) = (world.sandbox.clone(), base.to_owned());
        Self { sandbox, base, credentials, from: None, http, challenge: Mutex::default() }
    }

    /// Sends a form to one of the token endpoints.
    pub(crate) async fn form(&self, path: &str, form: &str, authorization: Option<&str>) -> Answer {
        let ask = Ask {
            method: "POST",
            target: format!("/api/oauth/{path}"),
            accept: Some("application/json"),
            content_type: Some("application/x-www-form-urlencoded"),
            body: Some(form.to_owned()),
            headers: Vec::new(),
        };
        self.send_with(&ask, authorization).await.unwrap()
    }

    /// The same client calling from another address, in process.
    pub(crate) fn from(self, address: &str) -> Self {
        Self { from: Some(address.parse().unwrap()), ..self }
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.ask(Ask::new("GET", path)).await
    }

    pub(crate) async fn delete(&self, path: &str) -> Answer {
        self.ask(Ask::new("DELETE", path)).await
    }

    pub(crate) async fn post(&self, path: &str, body: Value) -> Answer {
        self.ask(Ask::new("POST", path).json(&body)).await
    }

    pub(crate) async fn patch(&self, path: &str, body: Value) -> Answer {
        self.ask(Ask::new("PATCH", path).json(&body)).await
    }

    /// Sends, answering challenges as long as they are news: one fetches a nonce, one replaces a stale one.
    pub(crate) async fn ask(&self, ask: Ask<'_>) -> Answer {
        let had_nonce = self.challenge.lock().unwrap().is_some();
        let mut answer = self.send(&ask).await.unwrap();
        for _ in 0..=u8::from(had_nonce) {
            let Some(nonce) = challenged(&answer) else { break };
            *self.challenge.lock().unwrap() = Some((nonce, 0));
            answer = self.send(&ask).await.unwrap();
        }
        answer
    }

    /// Sends once, signed if a nonce is known.
    ///
    /// # Errors
    ///
    /// When no whole answer comes back.
    pub(crate) async fn send(&self, ask: &Ask<'_>) -> Result<Answer, String> {
        let signature = self.next_signature(ask);
        self.send_with(ask, signature.as_deref()).await
    }

    fn next_signature(&self, ask: &Ask<'_>) -> Option<String> {
        if let Credentials::Token(token) = &self.credentials {
            return Some(format!("Bearer {token}"));
        }
        let mut challenge = self.challenge.lock().unwrap();
        let (nonce, count) = challenge.as_mut()?;
        *count += 1;
        Some(self.signature(ask, nonce, *count))
    }

    /// Sends once with this `Authorization`.
    ///
    /// # Errors
    ///
    /// When no whole answer comes back.
    pub(crate) async fn send_with(&self, ask: &Ask<'_>, authorization: Option<&str>) -> Result<Answer, String> {
        let mut request = http::Request::builder().method(ask.method);
        let optional = [("accept", ask.accept), ("content-type", ask.content_type), ("authorization", authorization)];
        for (name, value) in optional.into_iter().filter_map(|(name, value)| Some((name, value?))) {
            request = request.header(name, value);
        }
        for (name, value) in &ask.headers {
            request = request.header(*name, value);
        }
        let body = ask.body.clone().unwrap_or_default();
        let answer = match self.from {
            Some(address) => {
                let peer = ConnectInfo(SocketAddr::new(address, 40_000));
                let request = request.uri(&ask.target).extension(peer).body(Body::from(body)).unwrap();
                let (parts, body) = self.sandbox.router().oneshot(request).await.unwrap().into_parts();
                let body = axum::body::to_bytes(body, usize::MAX).await.map_err(|error| error.to_string())?;
                (parts.status, parts.headers, body)
            }
            None => {
                let request = request.uri(format!("{}{}", self.base, ask.target)).body(body).unwrap();
                let response =
                    self.http.execute(request.try_into().unwrap()).await.map_err(|error| error.to_string())?;
                let (status, headers) = (response.status(), response.headers().clone());
                (status, headers, response.bytes().await.map_err(|error| error.to_string())?)
            }
        };
        for exchange in self.sandbox.take_answers() {
            conformance::check_answer(&exchange).unwrap();
            if (200..300).contains(&exchange.status) && exchange.target.starts_with(API) {
                conformance::check_request(&exchange).unwrap();
            }
        }
        let (status, headers, body) = answer;
        Ok(Answer { status: status.as_u16(), headers, text: String::from_utf8(body.to_vec()).unwrap() })
    }

    /// A signature over `ask`, in the quoting of curl.
    pub(crate) fn signature(&self, ask: &Ask<'_>, nonce: &str, count: u32) -> String {
        let Credentials::Key(pair) = &self.credentials else { panic!("a token signs nothing") };
        let (user, realm, uri) = (&pair.public_key, "MMS Public API", &ask.target);
        let ha1 = hash(&format!("{user}:{realm}:{}", pair.private_key));
        let ha2 = hash(&format!("{}:{uri}", ask.method));
        let response = hash(&format!("{ha1}:{nonce}:{count:08x}:0a4f113b:auth:{ha2}"));
        format!(
            "Digest username=\"{user}\", realm=\"{realm}\", nonce=\"{nonce}\", uri=\"{uri}\", cnonce=\"0a4f113b\", nc={count:08x}, qop=auth, response=\"{response}\", algorithm=MD5"
        )
    }

    /// A fresh nonce.
    pub(crate) async fn nonce(&self) -> String {
        let answer = self.send_with(&Ask::new("GET", ""), None).await.unwrap();
        challenged(&answer).unwrap()
    }
}

/// The `Authorization` of a service account at the token endpoints.
pub(crate) fn basic(account: &ClientSecret) -> String {
    let pair = format!("{}:{}", account.client_id, account.client_secret);
    format!("Basic {}", STANDARD.encode(pair))
}

/// The nonce of a challenge.
pub(crate) fn challenged(answer: &Answer) -> Option<String> {
    let challenge = answer.headers.get("www-authenticate")?.to_str().ok()?.strip_prefix("Digest ")?;
    Some(challenge.split_once("nonce=\"")?.1.split_once('"')?.0.to_owned())
}

fn hash(text: &str) -> String {
    hex::encode(Md5::digest(text))
}
