//! From a signed request to its answer: access list, rate limit, operation, version, parameters, permission, body, in
//! this order, and then one function for each operation.

pub(crate) mod access_lists;
pub(crate) mod body;
pub(crate) mod org_keys;
pub(crate) mod orgs;
pub(crate) mod permission;
pub(crate) mod project_keys;
pub(crate) mod projects;
pub(crate) mod root;

use std::net::IpAddr;

use http::{HeaderName, HeaderValue, StatusCode, header};
use ipnet::IpNet;
use jiff::Timestamp;
use serde_json::{Value, json};

use crate::{
    address,
    errors::ApiError,
    id::Id,
    limits::{Allowance, Limits, Set},
    operations::{self, Found, Values},
    paging::Query,
    percent,
    reply::Reply,
    request::Incoming,
    state::{Key, Project, State},
    version,
};
use permission::Target;

/// What an operation answers.
pub(crate) enum Answer {
    /// One object.
    Object(Value),
    /// A page of a list.
    List(Value),
    /// 204.
    Empty,
}

/// One permitted call: what is known about it, and the state it may read and change.
pub(crate) struct Call<'a> {
    pub(crate) state: &'a mut State,
    pub(crate) caller: Id,
    pub(crate) target: Target,
    pub(crate) query: Query,
    pub(crate) body: &'a [u8],
    /// Scheme and host the client used, with [`operations::BASE`].
    pub(crate) api: String,
    /// The absolute address of this request, without query.
    pub(crate) here: String,
    pub(crate) now: Timestamp,
    pub(crate) peer: IpAddr,
    /// Counts calls, to vary what Atlas varies too.
    pub(crate) turn: usize,
}

impl Call<'_> {
    /// The key that calls.
    pub(crate) fn caller(&self) -> Result<&Key, ApiError> {
        key_of(self.state, Some(self.caller))
    }

    /// The key the path names.
    pub(crate) fn key(&self) -> Result<&Key, ApiError> {
        key_of(self.state, self.target.key)
    }

    /// The project the path names.
    pub(crate) fn project(&self) -> Result<&Project, ApiError> {
        let project = self.target.project.and_then(|id| self.state.projects.get(&id));
        project.ok_or_else(|| permission::no_project("in this path"))
    }

    /// The range the path names.
    pub(crate) fn address(&self) -> Option<IpNet> {
        self.target.address
    }
}

fn key_of(state: &State, id: Option<Id>) -> Result<&Key, ApiError> {
    id.and_then(|id| state.keys.get(&id)).ok_or_else(|| permission::no_key("in this path"))
}

/// Answers a request that `caller` signed.
pub(crate) fn perform(
    state: &mut State,
    limits: &mut Limits,
    caller: Id,
    incoming: &Incoming,
    now: Timestamp,
    turn: usize,
) -> Reply {
    if let Err(refusal) = admit(state, caller, incoming.peer, now) {
        return Reply::refusal(&refusal);
    }
    let found = operations::find(&incoming.method, &incoming.path);
    let allowance = match &found {
        Found::Operation(operation, values) => {
            let scope = scope(state, caller, operation.set, values);
            Some(limits.take(operation.set, scope, now))
        }
        Found::OtherMethods(_) | Found::Nowhere => None,
    };
    let reply = match &allowance {
        Some(refused @ Allowance { retry_after: Some(seconds), .. }) => limited(incoming, refused, *seconds),
        _ => execute(state, caller, incoming, found, now, turn),
    };
    match allowance {
        Some(allowance) => reply
            .with(HeaderName::from_static("ratelimit-limit"), allowance.limit.into())
            .with(HeaderName::from_static("ratelimit-remaining"), allowance.remaining.into()),
        None => reply,
    }
}

/// Checks where the call comes from and counts it on the entry that let it in.
fn admit(state: &mut State, caller: Id, peer: IpAddr, now: Timestamp) -> Result<(), ApiError> {
    let Some(key) = state.keys.get_mut(&caller) else {
        return Err(permission::no_key(&caller.to_string()));
    };
    if key.access_list.is_empty() {
        let required = state.orgs.get(&key.org).is_some_and(|org| org.requires_access_list);
        let text = "This organization requires access through an access list of ip ranges.";
        return if required { Err(ApiError::forbidden("ORG_REQUIRES_ACCESS_LIST", text)) } else { Ok(()) };
    }
    match key.covering(peer) {
        Some(entry) => {
            entry.used(peer, now);
            Ok(())
        }
        None => {
            let ip = peer.to_string();
            let text = format!("IP address {ip} is not allowed to access this resource.");
            Err(ApiError::forbidden("IP_ADDRESS_NOT_ON_ACCESS_LIST", text).with(ip))
        }
    }
}

/// Whose bucket a call empties.
fn scope(state: &State, caller: Id, set: Set, values: &Values<'_>) -> Id {
    let org = state.keys.get(&caller).map_or(caller, |key| key.org);
    match set {
        Set::Root | Set::OrgsOfCaller | Set::ProjectsOfCaller => caller,
        Set::Organizations | Set::OrgKeys => org,
        Set::Projects | Set::ProjectKeys => {
            values.project.and_then(Id::parse).filter(|id| state.projects.contains_key(id)).unwrap_or(org)
        }
    }
}

fn limited(incoming: &Incoming, allowance: &Allowance, seconds: u32) -> Reply {
    let text = format!("Resource {} is limited to {} requests.", incoming.path, allowance.limit);
    let refusal = ApiError::new(StatusCode::TOO_MANY_REQUESTS, "RATE_LIMITED_TOKEN_BUCKET", text)
        .with(incoming.path.as_str())
        .with(seconds)
        .with(allowance.limit)
        .with(allowance.refill)
        .with(60);
    Reply::refusal(&refusal).with(header::RETRY_AFTER, seconds.into())
}

fn execute(state: &mut State, caller: Id, incoming: &Incoming, found: Found<'_>, now: Timestamp, turn: usize) -> Reply {
    let (operation, values) = match found {
        Found::Operation(operation, values) => (operation, values),
        Found::OtherMethods(methods) => {
            let text = format!("{} is not allowed here.", incoming.method);
            let refusal = ApiError::new(StatusCode::METHOD_NOT_ALLOWED, "UNEXPECTED_ERROR", text);
            let allow = HeaderValue::from_str(&methods.join(", ")).unwrap_or(HeaderValue::from_static("GET"));
            return Reply::refusal(&refusal).with(header::ALLOW, allow);
        }
        Found::Nowhere => {
            let text = format!("Cannot find resource {}.", incoming.path);
            return Reply::refusal(&ApiError::not_found("RESOURCE_NOT_FOUND", text).with(incoming.path.as_str()));
        }
    };
    let mut answered = || {
        let release = version::chosen(&incoming.headers, operation.releases)?;
        if operation.has_body {
            version::body_type(&incoming.headers, operation.releases)?;
            check_length(incoming)?;
        }
        let query = Query::read(&incoming.query, operation.query)?;
        let target = permission::permitted(state, caller, operation.need, &values, incoming.peer)?;
        let (envelope, pretty) = (query.envelope, query.pretty);
        let mut call = Call {
            state,
            caller,
            target,
            query,
            body: &incoming.body,
            api: format!("{}{}", incoming.base, operations::BASE),
            here: format!("{}{}", incoming.base, incoming.path),
            now,
            peer: incoming.peer,
            turn,
        };
        let answer = (operation.run)(&mut call)?;
        Ok(written(answer, release, envelope, pretty))
    };
    answered().unwrap_or_else(|refusal| Reply::refusal(&refusal))
}

fn check_length(incoming: &Incoming) -> Result<(), ApiError> {
    let refusal = || ApiError::new(StatusCode::PAYLOAD_TOO_LARGE, "UNEXPECTED_ERROR", "The request body is too large.");
    (!incoming.is_too_long).then_some(()).ok_or_else(refusal)
}

fn written(answer: Answer, release: &str, envelope: bool, pretty: bool) -> Reply {
    let value = match (answer, envelope) {
        (Answer::Empty, _) => return Reply::empty(),
        (Answer::Object(value), false) | (Answer::List(value), false) => value,
        (Answer::Object(value), true) => json!({ "status": 200, "content": value }),
        (Answer::List(mut value), true) => {
            value["status"] = 200.into();
            value
        }
    };
    let text = if pretty { format!("{value:#}") } else { value.to_string() };
    Reply::json(StatusCode::OK, &version::content_type(release), text)
}

/// `links` with one entry, `self`.
pub(crate) fn self_link(href: String) -> Value {
    json!([{ "rel": "self", "href": href }])
}

/// The address in a path, as an access-list range.
pub(crate) fn path_address(encoded: &str) -> Result<Option<IpNet>, ApiError> {
    let text = percent::segment(encoded);
    address::in_path(&text).ok_or_else(|| body::not_an_address(&text))
}
