//! The token endpoints of service accounts (OAuth 2.0 client credentials, RFC 6749 and 7009), which are not part of the
//! versioned API: no version, errors in OAuth's shape, and a rate limit of their own whose refusal has the API's shape.
//!
//! The access list of an account is not looked at here: it limits the use of a token, not its creation.

use std::net::IpAddr;

use base64::{
    Engine,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use http::{HeaderValue, Method, StatusCode, header};
use jiff::Timestamp;
use serde_json::json;

use crate::{
    errors::ApiError,
    id::Id,
    limits::Limits,
    percent, random,
    reply::Reply,
    request::Incoming,
    state::{
        State,
        service_accounts::{MAX_TOKENS, TOKEN_SECONDS},
    },
};

/// Where tokens are given out.
const TOKEN: &str = "/api/oauth/token";
/// Where they are revoked.
const REVOKE: &str = "/api/oauth/revoke";

/// Whether a path is one of the endpoints.
pub(crate) fn is_at(path: &str) -> bool {
    matches!(path, TOKEN | REVOKE)
}

/// Who asks: the client id of the `Basic` header, whether it exists or not.
pub(crate) fn client_id(incoming: &Incoming) -> Option<String> {
    basic(incoming).map(|(client_id, _)| client_id)
}

/// Answers a request to one of the endpoints.
pub(crate) fn perform(state: &mut State, limits: &mut Limits, incoming: &Incoming, now: Timestamp) -> Reply {
    if incoming.method != Method::POST {
        let text = format!("{} is not allowed here.", incoming.method);
        let refusal = ApiError::new(StatusCode::METHOD_NOT_ALLOWED, "UNEXPECTED_ERROR", text);
        return Reply::refusal(&refusal).with(header::ALLOW, HeaderValue::from_static("POST"));
    }
    if incoming.path == TOKEN && !limits.take_token(incoming.peer, &client_id(incoming).unwrap_or_default(), now) {
        return limited();
    }
    let done = client(state, incoming, now).and_then(|account| match incoming.path.as_str() {
        TOKEN => token(state, account, incoming, now),
        _ => revoke(state, account, incoming),
    });
    done.unwrap_or_else(Refusal::written).with(header::CACHE_CONTROL, HeaderValue::from_static("no-store"))
}

/// A refusal in OAuth's shape.
struct Refusal {
    status: StatusCode,
    error: &'static str,
    description: String,
}

impl Refusal {
    fn new(status: StatusCode, error: &'static str, description: impl Into<String>) -> Self {
        Self { status, error, description: description.into() }
    }

    fn request(description: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "invalid_request", description)
    }

    fn written(self) -> Reply {
        let body = json!({ "error": self.error, "error_description": self.description });
        let reply = Reply::json(self.status, "application/json", body.to_string());
        if self.status == StatusCode::UNAUTHORIZED {
            // RFC 6749, section 5.2.
            return reply.with(header::WWW_AUTHENTICATE, HeaderValue::from_static("Basic realm=\"MongoDB Atlas\""));
        }
        reply
    }
}

/// The account whose credentials the request brings, in the header and nowhere else.
fn client(state: &mut State, incoming: &Incoming, now: Timestamp) -> Result<Id, Refusal> {
    if incoming.header(header::AUTHORIZATION).is_none() {
        return Err(Refusal::request("No Authorization header provided"));
    }
    let found = basic(incoming).and_then(|(client_id, secret)| state.signed_in(&client_id, &secret, now));
    found.ok_or_else(|| Refusal::new(StatusCode::UNAUTHORIZED, "invalid_client", "Invalid credentials provided."))
}

fn basic(incoming: &Incoming) -> Option<(String, String)> {
    let (scheme, encoded) = incoming.header(header::AUTHORIZATION)?.trim().split_once(' ')?;
    scheme.eq_ignore_ascii_case("basic").then_some(())?;
    let pair = String::from_utf8(STANDARD.decode(encoded.trim()).ok()?).ok()?;
    let (client_id, secret) = pair.split_once(':')?;
    // RFC 6749, section 2.3.1: both are form-encoded first.
    Some((percent::query(client_id), percent::query(secret)))
}

fn token(state: &mut State, account: Id, incoming: &Incoming, now: Timestamp) -> Result<Reply, Refusal> {
    let form = form(incoming)?;
    match value(&form, "grant_type") {
        Some("client_credentials") => {}
        None => return Err(Refusal::request("The parameter grant_type is missing.")),
        Some(_) => {
            let text = "Only the grant type client_credentials is supported.";
            return Err(Refusal::new(StatusCode::BAD_REQUEST, "unsupported_grant_type", text));
        }
    }
    if state.tokens.alive(account, now) >= MAX_TOKENS {
        let text = format!(
            "Access Token limit reached. A service account can have {MAX_TOKENS} active tokens; revoke some or wait."
        );
        return Err(Refusal::new(StatusCode::FORBIDDEN, "access_denied", text));
    }
    let client_id = state.accounts.get(&account).map(|account| account.client_id()).unwrap_or_default();
    let token = made(&client_id, now);
    state.tokens.add(&token, account, now);
    let body = json!({ "access_token": token, "expires_in": TOKEN_SECONDS, "token_type": "Bearer" });
    Ok(Reply::json(StatusCode::OK, "application/json", body.to_string()))
}

/// Unknown, expired and foreign tokens are revoked as well as they can be: the answer tells nothing about them.
fn revoke(state: &mut State, account: Id, incoming: &Incoming) -> Result<Reply, Refusal> {
    let form = form(incoming)?;
    let token = value(&form, "token").ok_or_else(|| Refusal::request("The parameter token is missing."))?;
    state.tokens.revoke(token, account);
    Ok(Reply::json(StatusCode::OK, "application/json", ""))
}

fn form(incoming: &Incoming) -> Result<Vec<(String, String)>, Refusal> {
    let media = incoming.header(header::CONTENT_TYPE).unwrap_or_default();
    let essence = media.split(';').next().unwrap_or_default().trim();
    if !essence.eq_ignore_ascii_case("application/x-www-form-urlencoded") || incoming.is_too_long {
        return Err(Refusal::request("The request must be an application/x-www-form-urlencoded form."));
    }
    let text = std::str::from_utf8(&incoming.body).map_err(|_| Refusal::request("The form cannot be read."))?;
    let pieces = text.split('&').filter(|piece| !piece.is_empty());
    let pairs = pieces.map(|piece| piece.split_once('=').unwrap_or((piece, "")));
    Ok(pairs.map(|(name, value)| (percent::query(name), percent::query(value))).collect())
}

fn value<'a>(form: &'a [(String, String)], name: &str) -> Option<&'a str> {
    form.iter().find(|(known, value)| known == name && !value.is_empty()).map(|(_, value)| value.as_str())
}

/// A token that looks like Atlas's (a JWT) and means nothing: it is looked up, not read.
fn made(client_id: &str, now: Timestamp) -> String {
    let mut signature = [0; 64];
    random::fill(&mut signature);
    let issued = now.as_second();
    let parts = [
        json!({ "alg": "ES512", "typ": "JWT" }).to_string().into_bytes(),
        json!({ "sub": client_id, "iat": issued, "exp": issued + TOKEN_SECONDS }).to_string().into_bytes(),
        signature.to_vec(),
    ];
    parts.map(|part| URL_SAFE_NO_PAD.encode(part)).join(".")
}

/// The shape of the API, not of OAuth (recorded).
fn limited() -> Reply {
    let (limit, minutes) = (TOKENS_A_MINUTE, 1);
    let text = format!("Resource {TOKEN} is limited to {limit} requests every {minutes} minutes.");
    let refusal = ApiError::new(StatusCode::TOO_MANY_REQUESTS, "RATE_LIMITED", text);
    Reply::refusal(&refusal.with(TOKEN).with(limit).with(minutes))
}

/// How many tokens one address may ask for with one client id.
pub(crate) const TOKENS_A_MINUTE: u32 = 50;

/// Whose bucket a request for a token empties.
pub(crate) type TokenScope = (IpAddr, String);
