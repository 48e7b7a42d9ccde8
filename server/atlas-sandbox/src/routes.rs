//! From a signed request to its answer: access list, rate limit, operation, version, parameters, permission, body, in
//! this order, and then one function for each operation.

pub(crate) mod access_lists;
pub(crate) mod account_lists;
pub(crate) mod account_secrets;
pub(crate) mod body;
pub(crate) mod cost_explorer;
pub(crate) mod events;
pub(crate) mod invoice_reports;
pub(crate) mod invoices;
pub(crate) mod line_items;
pub(crate) mod old_users;
pub(crate) mod org_invites;
pub(crate) mod org_keys;
pub(crate) mod org_users;
pub(crate) mod orgs;
pub(crate) mod people;
pub(crate) mod permission;
pub(crate) mod project_accounts;
pub(crate) mod project_invites;
pub(crate) mod project_keys;
pub(crate) mod project_limits;
pub(crate) mod project_teams;
pub(crate) mod project_users;
pub(crate) mod projects;
pub(crate) mod rate_limits;
pub(crate) mod root;
pub(crate) mod service_accounts;
pub(crate) mod settings;
pub(crate) mod teams;

use std::net::IpAddr;

use http::{HeaderName, HeaderValue, Method, StatusCode, header};
use ipnet::IpNet;
use jiff::Timestamp;
use serde_json::{Value, json};

use crate::{
    address,
    errors::ApiError,
    id::Id,
    limits::{Allowance, Limits, RateLimit, Scope, Set},
    operations::{self, Found, Operation, Values},
    paging::Query,
    percent,
    reply::Reply,
    request::Incoming,
    state::{CallerId, Event, Grants, Key, Project, ServiceAccount, State},
    version::{self, Form, Release},
};
use body::Fields;
use permission::Target;

/// What an operation answers: a body, and 200 unless said otherwise.
pub(crate) struct Answer {
    status: StatusCode,
    body: Body,
    is_announced: bool,
}

enum Body {
    Object(Value),
    List(Value),
    Nothing,
    Text(String),
}

impl Answer {
    fn new(status: StatusCode, body: Body) -> Self {
        Self { status, body, is_announced: false }
    }

    /// One object, or a bare array.
    pub(crate) fn object(value: Value) -> Self {
        Self::new(StatusCode::OK, Body::Object(value))
    }

    /// A page of a list, as [`Query::listed`] makes it.
    pub(crate) fn list(value: Value) -> Self {
        Self::new(StatusCode::OK, Body::List(value))
    }

    /// 204.
    pub(crate) fn empty() -> Self {
        Self::new(StatusCode::NO_CONTENT, Body::Nothing)
    }

    /// Text of the form that was asked for and is not JSON.
    pub(crate) fn text(text: String) -> Self {
        Self::new(StatusCode::OK, Body::Text(text))
    }

    /// The same with another status.
    pub(crate) fn with_status(self, status: StatusCode) -> Self {
        Self { status, ..self }
    }

    /// The same after a 102, which says that it takes a moment.
    pub(crate) fn after_processing(self) -> Self {
        Self { is_announced: true, ..self }
    }
}

/// One permitted call: what is known about it, and the state it may read and change.
pub(crate) struct Call<'a> {
    pub(crate) state: &'a mut State,
    pub(crate) caller: CallerId,
    pub(crate) target: Target,
    pub(crate) query: Query,
    /// The release that was asked for.
    pub(crate) release: &'static Release,
    /// The form that was asked for.
    pub(crate) form: Form,
    values: &'a Values<'a>,
    pub(crate) body: &'a [u8],
    /// Scheme and host the client used, with [`operations::BASE`].
    pub(crate) api: String,
    /// The absolute address of this request, without query.
    pub(crate) here: String,
    pub(crate) now: Timestamp,
    pub(crate) peer: IpAddr,
    /// How requests are limited.
    pub(crate) rate_limit: RateLimit,
    /// Counts calls, to vary what Atlas varies too.
    pub(crate) turn: usize,
}

impl Call<'_> {
    /// What the caller may do.
    pub(crate) fn grants(&self) -> Result<&Grants, ApiError> {
        self.state.grants(self.caller).ok_or_else(|| permission::no_caller(self.caller))
    }

    /// The key the path names.
    pub(crate) fn key(&self) -> Result<&Key, ApiError> {
        let key = self.target.key.and_then(|id| self.state.keys.get(&id));
        key.ok_or_else(|| permission::no_key("in this path"))
    }

    /// The service account the path names.
    pub(crate) fn account(&self) -> Result<&ServiceAccount, ApiError> {
        let account = self.target.account.and_then(|id| self.state.accounts.get(&id));
        account.ok_or_else(|| permission::no_account("in this path"))
    }

    /// The same, to change it.
    pub(crate) fn account_mut(&mut self) -> Result<&mut ServiceAccount, ApiError> {
        let account = self.target.account.and_then(|id| self.state.accounts.get_mut(&id));
        account.ok_or_else(|| permission::no_account("in this path"))
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

    /// Another value of the path, decoded.
    pub(crate) fn in_path(&self, name: &str) -> String {
        self.values.get(name).map(percent::segment).unwrap_or_default()
    }

    /// An identifier in the path.
    ///
    /// # Errors
    ///
    /// 400 `PATH_PARAM_PARSE_ERROR` for what is none.
    pub(crate) fn id_in_path(&self, name: &'static str) -> Result<Id, ApiError> {
        permission::path_id(name, &self.in_path(name))
    }

    /// The body as an object with no other fields than `known`.
    ///
    /// # Errors
    ///
    /// 400 for what is no JSON or no object, and for unknown and read-only fields.
    pub(crate) fn fields(&self, known: &[&str]) -> Result<Fields, ApiError> {
        Fields::of(body::json(self.body)?, known)
    }

    /// The body as an array.
    ///
    /// # Errors
    ///
    /// 400 for what is no JSON or no array.
    pub(crate) fn items(&self) -> Result<Vec<Value>, ApiError> {
        body::array(self.body)
    }

    /// Writes down what was done, in the feed of the organization that is worked in, and in a project's if it happened
    /// there. `details` are fields of that kind of event, `targetPublicKey` and the like.
    pub(crate) fn record(&mut self, kind: &'static str, project: Option<Id>, details: Vec<(&'static str, Value)>) {
        self.record_in(self.target.org, kind, project, details);
    }

    /// The same in the feed of another organization.
    pub(crate) fn record_in(
        &mut self,
        org: Id,
        kind: &'static str,
        project: Option<Id>,
        details: Vec<(&'static str, Value)>,
    ) {
        let actor = self.state.actor(self.caller);
        let remote = Some(self.peer);
        self.state.record(Event { at: self.now, kind, org, project, actor, remote, cluster: None, details });
    }
}

/// What a call needs to know about the sandbox it happens in.
struct Moment {
    now: Timestamp,
    turn: usize,
    rate_limit: RateLimit,
}

/// Answers a request of `caller`, whose signature or token was good.
pub(crate) fn perform(
    state: &mut State,
    limits: &mut Limits,
    caller: CallerId,
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
        _ => execute(state, caller, incoming, found, Moment { now, turn, rate_limit: limits.rate() }),
    };
    match allowance {
        Some(allowance) => reply
            .with(HeaderName::from_static("ratelimit-limit"), allowance.limit.into())
            .with(HeaderName::from_static("ratelimit-remaining"), allowance.remaining.into()),
        None => reply,
    }
}

/// Checks where the call comes from and counts it on the entry that let it in.
fn admit(state: &mut State, caller: CallerId, peer: IpAddr, now: Timestamp) -> Result<(), ApiError> {
    let orgs = state.grants(caller).and_then(|grants| state.orgs.get(&grants.org));
    let required = orgs.is_some_and(|org| org.settings.requires_access_list);
    let grants = state.grants_mut(caller).ok_or_else(|| permission::no_caller(caller))?;
    if grants.access_list.is_empty() {
        let text = "This organization requires access through an access list of ip ranges.";
        return if required { Err(ApiError::forbidden("ORG_REQUIRES_ACCESS_LIST", text)) } else { Ok(()) };
    }
    match grants.covering(peer) {
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
fn scope(state: &State, caller: CallerId, set: Set, values: &Values<'_>) -> Id {
    let org = state.grants(caller).map_or(caller.id(), |grants| grants.org);
    match set.scope() {
        Scope::User => caller.id(),
        Scope::Organization => org,
        Scope::Project => {
            values.get("groupId").and_then(Id::parse).filter(|id| state.projects.contains_key(id)).unwrap_or(org)
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

fn execute(state: &mut State, caller: CallerId, incoming: &Incoming, found: Found<'_>, moment: Moment) -> Reply {
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
    run(state, caller, incoming, operation, &values, moment).unwrap_or_else(|refusal| Reply::refusal(&refusal))
}

fn run(
    state: &mut State,
    caller: CallerId,
    incoming: &Incoming,
    operation: &'static Operation,
    values: &Values<'_>,
    moment: Moment,
) -> Result<Reply, ApiError> {
    let (release, form) = version::chosen(&incoming.headers, operation.releases, operation.forms)?;
    // A `GET` may lose its body on the way.
    if operation.has_body && !(operation.method == Method::GET && incoming.body.is_empty()) {
        version::body_type(&incoming.headers, operation.releases)?;
        check_length(incoming)?;
    }
    let query = Query::read(&incoming.query, |name| operation.takes(name))?;
    let target = permission::permitted(state, caller, operation.need, values, incoming.peer)?;
    let (envelope, pretty) = (query.envelope, query.pretty);
    let mut call = Call {
        state,
        caller,
        target,
        query,
        release,
        form,
        values,
        body: &incoming.body,
        api: format!("{}{}", incoming.base, operations::BASE),
        here: format!("{}{}", incoming.base, incoming.path),
        now: moment.now,
        peer: incoming.peer,
        rate_limit: moment.rate_limit,
        turn: moment.turn,
    };
    let answer = (operation.run)(&mut call)?;
    let is_announced = answer.is_announced;
    let mut reply = written(answer, release, form, envelope, pretty);
    reply.is_announced = is_announced;
    Ok(match release.ending {
        Some((since, sunset)) => reply
            .with(HeaderName::from_static("deprecation"), HeaderValue::from_static(since))
            .with(HeaderName::from_static("sunset"), HeaderValue::from_static(sunset)),
        None => reply,
    })
}

fn check_length(incoming: &Incoming) -> Result<(), ApiError> {
    let refusal = || ApiError::new(StatusCode::PAYLOAD_TOO_LARGE, "UNEXPECTED_ERROR", "The request body is too large.");
    (!incoming.is_too_long).then_some(()).ok_or_else(refusal)
}

fn written(answer: Answer, release: &Release, form: Form, envelope: bool, pretty: bool) -> Reply {
    let status = answer.status;
    let media = version::content_type(release, form);
    let value = match (answer.body, envelope) {
        (Body::Nothing, _) => return Reply::empty(),
        (Body::Text(text), _) => return Reply::json(status, &media, text),
        (Body::Object(value) | Body::List(value), false) => value,
        (Body::Object(value), true) => json!({ "status": status.as_u16(), "content": value }),
        (Body::List(mut value), true) => {
            value["status"] = status.as_u16().into();
            value
        }
    };
    let text = if pretty { format!("{value:#}") } else { value.to_string() };
    Reply::json(status, &media, text)
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
