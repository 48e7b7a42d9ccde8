//! The sandbox as others use it: made with a population, served as a router or on a socket, watched and disturbed.

use std::{
    fmt, io,
    path::PathBuf,
    sync::{
        Arc, Mutex, MutexGuard, OnceLock, PoisonError,
        atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering},
    },
    time::Duration,
};

use axum::{
    Router,
    extract::{Request, State as Shared},
    response::Response,
};
use http::{HeaderName, HeaderValue, Method, StatusCode, header};
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;
use tokio::net::TcpListener;

use crate::{
    ClientSecret, DemoCredentials, Exchange, FaultKind, FaultRule, Held, JournalEntry, NewCredentials, PlantedKey,
    RateLimit, Release, ScaledOptions,
    auth::{self, Gate, Verdict},
    clock::Clock,
    control, demo,
    errors::ApiError,
    faults::{self, Faults, Spoilt},
    id::Id,
    journal::{Journal, operation_of},
    limits::Limits,
    oauth,
    operations::BASE,
    reply::Reply,
    request::{Incoming, Peer},
    routes,
    saving::{self, Origin},
    serve::CuttableListener,
    state::{Actor, CallerId, Event, State},
};

/// How long a nonce lives unless told otherwise. Atlas documents only that it is short.
const NONCE_LIFETIME: Duration = Duration::from_secs(120);

/// A pretend Atlas over memory. Clones share everything.
#[derive(Clone)]
pub struct Sandbox(Arc<Inner>);

struct Inner {
    clock: Clock,
    state: Mutex<State>,
    gate: Mutex<Gate>,
    limits: Mutex<Limits>,
    faults: Faults,
    journal: Journal,
    origin: Origin,
    credentials: Vec<DemoCredentials>,
    file: OnceLock<PathBuf>,
    latency_ms: AtomicU64,
    has_control: AtomicBool,
    turn: AtomicUsize,
}

impl fmt::Debug for Sandbox {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sandbox").field("organizations", &self.0.credentials.len()).finish_non_exhaustive()
    }
}

impl Sandbox {
    /// Four organizations with a believable history, the same in every run; the clock starts at `now` and moves on.
    pub fn demo(now: Timestamp) -> Self {
        Self::made(Origin::Demo, now)
    }

    /// As many organizations, projects and keys as asked for.
    pub fn scaled(options: &ScaledOptions, now: Timestamp) -> Self {
        Self::made(Origin::scaled(options), now).with_latency(options.latency).with_rate_limit(options.rate_limit)
    }

    /// What [`Sandbox::saved`] wrote down: it goes on there at `now`.
    ///
    /// # Errors
    ///
    /// When that is no saved sandbox, or one of another format.
    pub fn restored(saved: &[u8], now: Timestamp) -> io::Result<Self> {
        let (origin, state, credentials) = saving::read(saved, now)?;
        Ok(Self::holding(origin, state, credentials, now))
    }

    fn made(origin: Origin, now: Timestamp) -> Self {
        let (state, credentials) = origin.population(now);
        Self::holding(origin, state, credentials, now)
    }

    fn holding(origin: Origin, state: State, credentials: Vec<DemoCredentials>, now: Timestamp) -> Self {
        Self(Arc::new(Inner {
            clock: Clock::starting_at(now),
            state: Mutex::new(state),
            gate: Mutex::new(Gate::new(millis(NONCE_LIFETIME))),
            limits: Mutex::new(Limits::new(RateLimit::default())),
            faults: Faults::none(),
            journal: Journal::default(),
            origin,
            credentials,
            file: OnceLock::new(),
            latency_ms: AtomicU64::new(0),
            has_control: AtomicBool::new(false),
            turn: AtomicUsize::new(0),
        }))
    }

    /// Also serves the remote control below `/sandbox` (journal, faults, held requests) to whoever reaches the socket.
    #[must_use]
    pub fn with_control(self, control: bool) -> Self {
        self.0.has_control.store(control, Ordering::Relaxed);
        self
    }

    /// Saves itself into this file when asked to: by [`Sandbox::save`], or by `POST /sandbox/state`, which is served too then.
    #[must_use]
    pub fn with_state_file(self, file: PathBuf) -> Self {
        // A second file is not taken; the first one stays.
        let _ = self.0.file.set(file);
        self
    }

    /// Everything it remembers, for [`Sandbox::restored`]. Of secrets there are hashes only.
    ///
    /// # Errors
    ///
    /// When it cannot be written as JSON, which does not happen.
    pub fn saved(&self) -> io::Result<Vec<u8>> {
        saving::write(&self.0.origin, &self.state())
    }

    /// Saves itself into its file, if it has one; as a whole or not at all.
    ///
    /// # Errors
    ///
    /// When the file cannot be written.
    pub fn save(&self) -> io::Result<()> {
        let Some(file) = self.0.file.get() else {
            return Ok(());
        };
        saving::replace(file, &self.saved()?)
    }

    /// Answers every request this much later.
    #[must_use]
    pub fn with_latency(self, latency: Duration) -> Self {
        self.0.latency_ms.store(u64::try_from(latency.as_millis()).unwrap_or(u64::MAX), Ordering::Relaxed);
        self
    }

    /// Limits requests in this way, with full buckets.
    #[must_use]
    pub fn with_rate_limit(self, rate_limit: RateLimit) -> Self {
        *lock(&self.0.limits) = Limits::new(rate_limit);
        self
    }

    /// Lets nonces live this long.
    #[must_use]
    pub fn with_nonce_lifetime(self, lifetime: Duration) -> Self {
        lock(&self.0.gate).set_lifetime(millis(lifetime));
        self
    }

    /// Credentials for each organization, in the order they were made.
    pub fn demo_credentials(&self) -> Vec<DemoCredentials> {
        self.0.credentials.clone()
    }

    /// The credentials of the paying organization's owner as lines a shell can read: `NAME=value`.
    pub fn demo_shell_lines(&self, base_url: &str) -> String {
        demo::shell_lines(&self.0.credentials, base_url)
    }

    /// The router. The peer's address is taken from `ConnectInfo<SocketAddr>`; without it calls come from 127.0.0.1.
    pub fn router(&self) -> Router {
        let mut control = Router::new();
        if self.0.has_control.load(Ordering::Relaxed) {
            control = control.merge(control::routes());
        }
        if self.0.file.get().is_some() {
            control = control.merge(control::saving());
        }
        control.fallback(answer).with_state(self.clone())
    }

    /// Serves until `shutdown` completes. Requests still held then are abandoned.
    ///
    /// # Errors
    ///
    /// None in practice: accepting is retried.
    pub async fn serve<F>(self, listener: TcpListener, shutdown: F) -> io::Result<()>
    where
        F: Future + Send + 'static,
        F::Output: Send,
    {
        let service = self.router().into_make_service_with_connect_info::<Peer>();
        let stop = async move {
            shutdown.await;
            self.0.faults.close();
        };
        axum::serve(CuttableListener(listener), service).with_graceful_shutdown(stop).await
    }

    /// Adds a key as an owner of the organization would in Atlas's own pages; nothing when a name in it is unknown.
    pub fn plant_key(&self, new: &NewCredentials<'_>) -> Option<PlantedKey> {
        demo::plant(&mut self.state(), new, self.0.clock.now())
    }

    /// Adds a service account, as [`Sandbox::plant_key`] adds a key, with a secret that lives for a year; `desc` is its name.
    pub fn plant_service_account(&self, new: &NewCredentials<'_>) -> Option<ClientSecret> {
        demo::plant_account(&mut self.state(), new, self.0.clock.now())
    }

    /// Makes somebody an active member of an organization, as if they had accepted an invitation long ago, and says their
    /// id; nothing when the organization or a role is unknown. An account of that user name is taken, or made.
    pub fn plant_person(&self, org_id: &str, username: &str, org_roles: &[&str]) -> Option<String> {
        demo::plant_person(&mut self.state(), org_id, username, org_roles, self.0.clock.now())
    }

    /// Accepts somebody's open invitations to an organization and its projects, as they would by the link they were
    /// sent; false when there are none.
    pub fn accept_invitation(&self, org_id: &str, username: &str) -> bool {
        let now = self.0.clock.now();
        let mut state = self.state();
        let Some(org) = Id::parse(org_id) else { return false };
        let accepted = state.accept(org, username, now);
        if let Some(id) = accepted {
            state.record(Event {
                at: now,
                kind: "JOINED_ORG",
                org,
                project: None,
                actor: Actor::Person { id, username: username.to_owned() },
                remote: None,
                cluster: None,
                details: vec![("targetUsername", username.into())],
            });
        }
        accepted.is_some()
    }

    /// Declines somebody's open invitation to an organization; false when there is none.
    pub fn decline_invitation(&self, org_id: &str, username: &str) -> bool {
        let now = self.0.clock.now();
        Id::parse(org_id).is_some_and(|org| self.state().decline(org, username, now))
    }

    /// Turns an organization's requirement of API access lists on or off; false when there is no such organization.
    pub fn require_access_list(&self, org_id: &str, required: bool) -> bool {
        let mut state = self.state();
        let org = Id::parse(org_id).and_then(|id| state.orgs.get_mut(&id));
        org.map(|org| org.settings.requires_access_list = required).is_some()
    }

    /// What the organization's activity feed holds, oldest first, each event as Atlas writes it but without `links`.
    pub fn events(&self, org_id: &str) -> Vec<Value> {
        let state = self.state();
        let events = Id::parse(org_id).map(|id| state.events.of_org(id)).unwrap_or_default();
        events.iter().map(|(id, event)| event.written(*id).into()).collect()
    }

    /// How many tokens of that client id are alive.
    pub fn live_tokens(&self, client_id: &str) -> usize {
        let state = self.state();
        let account = state.by_client_id(client_id);
        account.map_or(0, |account| state.tokens.alive(account.id, self.0.clock.now()))
    }

    /// Stops the clock: time then moves only by [`Sandbox::advance`], for tests that count seconds.
    #[must_use]
    pub fn with_still_clock(self) -> Self {
        self.0.clock.stop();
        self
    }

    /// Jumps ahead in the sandbox's own time.
    pub fn advance(&self, by: Duration) {
        self.0.clock.skip(millis(by));
    }

    /// The calls executed so far (signed ones, whatever came of them), oldest first.
    pub fn journal(&self) -> Vec<JournalEntry> {
        self.0.journal.entries()
    }

    /// Records every exchange from now on, challenges included, for [`Sandbox::take_answers`].
    pub fn record_answers(&self) {
        self.0.journal.start_record();
    }

    /// The exchanges recorded since the last call of this.
    pub fn take_answers(&self) -> Vec<Exchange> {
        self.0.journal.take_record()
    }

    /// Adds fault rules after those in force; the first that matches a request is applied.
    pub fn add_faults(&self, rules: impl IntoIterator<Item = FaultRule>) {
        self.0.faults.add(rules.into_iter().collect());
    }

    /// Forgets all fault rules; held requests stay held.
    pub fn clear_faults(&self) {
        self.0.faults.clear();
    }

    /// The requests held now, oldest first.
    pub fn held(&self) -> Vec<Held> {
        self.0.faults.held()
    }

    /// Waits until at least `count` requests are held.
    pub async fn wait_for_held(&self, count: usize) {
        self.0.faults.wait_for_held(count).await;
    }

    /// Lets all held requests go on and says how many there were.
    pub fn release(&self, how: Release) -> usize {
        self.0.faults.release(how)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        lock(&self.0.state)
    }

    /// The answer, and whether a fault rule had a hand in it.
    async fn answered(self, incoming: Arc<Incoming>) -> (Reply, bool) {
        let now = self.0.clock.now();
        let caller = if oauth::is_at(&incoming.path) {
            None
        } else if !incoming.path.starts_with(BASE) {
            if let Some(reply) = routes::invoice_reports::download(&self.state(), &incoming.path, now) {
                return (reply, false);
            }
            let text = format!("Cannot find resource {}.", incoming.path);
            return (Reply::refusal(&ApiError::not_found("RESOURCE_NOT_FOUND", text)), false);
        } else {
            match self.judged(&incoming, now) {
                Verdict::Signed(caller) => Some(caller),
                Verdict::Stranger => return (self.challenged(now, false), false),
                Verdict::Stale => return (self.challenged(now, true), false),
                Verdict::BadToken => return (Reply::bad_token(), false),
            }
        };
        match self.0.faults.next(&incoming, || self.names(caller, &incoming)) {
            Ok(None) => (self.execute(caller, &incoming), false),
            Ok(Some(spoilt)) => {
                // In a task of its own: a request that has arrived goes on when its client goes away.
                let reply = tokio::spawn(async move { self.misbehave(spoilt, caller, &incoming).await });
                (reply.await.unwrap_or_else(|_| Reply::cut()), true)
            }
            Err(problem) => {
                let text = format!("The header {}: {problem}.", faults::HEADER);
                (Reply::refusal(&ApiError::bad_request("UNEXPECTED_ERROR", text)), true)
            }
        }
    }

    fn judged(&self, incoming: &Incoming, now: Timestamp) -> Verdict {
        let authorization = incoming.header(header::AUTHORIZATION);
        let state = self.state();
        if let Some(token) = authorization.and_then(auth::bearer) {
            return state
                .tokens
                .owner(token, now)
                .map_or(Verdict::BadToken, |id| Verdict::Signed(CallerId::Account(id)));
        }
        let known = |public: &str| state.by_public(public).map(|key| (key.id, key.ha1.as_str()));
        lock(&self.0.gate).judge(authorization, incoming.method.as_str(), &incoming.target, now, known)
    }

    fn challenged(&self, now: Timestamp, stale: bool) -> Reply {
        Reply::challenge(&lock(&self.0.gate).challenge(now, stale))
    }

    /// Does what is asked for: by a caller, or for a token (nobody calls yet).
    fn execute(&self, caller: Option<CallerId>, incoming: &Incoming) -> Reply {
        let turn = self.0.turn.fetch_add(1, Ordering::Relaxed);
        let now = self.0.clock.now();
        let mut state = self.state();
        let mut limits = lock(&self.0.limits);
        let (public_key, reply) = match caller {
            Some(caller) => {
                (state.name_of(caller), routes::perform(&mut state, &mut limits, caller, incoming, now, turn))
            }
            None => (oauth::client_id(incoming), oauth::perform(&mut state, &mut limits, incoming, now)),
        };
        // Still under the lock on the state, so that the journal has the order of the changes.
        self.0.journal.executed(JournalEntry {
            method: incoming.method.to_string(),
            path: incoming.path.clone(),
            operation: operation_of(incoming),
            public_key: public_key.unwrap_or_default(),
            status: reply.status.as_u16(),
            at: now,
        });
        reply
    }

    /// What the caller, its organization and the project it asks about are called.
    fn names(&self, caller: Option<CallerId>, incoming: &Incoming) -> Vec<String> {
        let state = self.state();
        let account = |id: Id| state.accounts.get(&id).map(|account| account.name.clone());
        let own = match caller {
            Some(CallerId::Key(id)) => state.keys.get(&id).map(|key| key.desc.clone()),
            Some(CallerId::Account(id)) => account(id),
            None => None,
        };
        let org = caller.and_then(|caller| state.grants(caller)).and_then(|grants| state.orgs.get(&grants.org));
        let project = incoming.path.split('/').filter_map(Id::parse).find_map(|id| state.projects.get(&id));
        let others = [org.map(|org| org.name.clone()), project.map(|project| project.name.clone())];
        own.into_iter().chain(others.into_iter().flatten()).collect()
    }

    async fn misbehave(self, spoilt: Spoilt, caller: Option<CallerId>, incoming: &Incoming) -> Reply {
        match spoilt.fault {
            FaultKind::Status { status, retry_after, after_change } => {
                if after_change {
                    self.execute(caller, incoming);
                }
                failing(status, retry_after)
            }
            FaultKind::Delay { ms } => {
                tokio::time::sleep(Duration::from_millis(ms)).await;
                self.execute(caller, incoming)
            }
            FaultKind::CutBefore => Reply::cut(),
            FaultKind::CutAfter => {
                self.execute(caller, incoming);
                Reply::cut()
            }
            FaultKind::CutMidway => self.execute(caller, incoming).cut_midway(),
            FaultKind::MalformedJson => {
                let mut reply = self.execute(caller, incoming);
                reply.spoil();
                reply
            }
            FaultKind::StaleNonce => match caller {
                Some(CallerId::Account(account)) => self.expire(account, spoilt.is_endless, incoming),
                _ => self.stale(caller, spoilt.is_endless, incoming),
            },
            FaultKind::ExpiredToken => match caller {
                Some(CallerId::Account(account)) => self.expire(account, spoilt.is_endless, incoming),
                _ => self.execute(caller, incoming),
            },
            FaultKind::Clock { minutes } => {
                let now = self.0.clock.now();
                let shown = now.checked_add(SignedDuration::from_mins(minutes.into())).unwrap_or(now);
                self.execute(caller, incoming).dated(shown)
            }
            FaultKind::HoldBefore => match self.0.faults.hold(incoming, false).await {
                Release::Continue => self.execute(caller, incoming),
                Release::Abandon => Reply::cut(),
            },
            FaultKind::HoldAfter => {
                let reply = self.execute(caller, incoming);
                match self.0.faults.hold(incoming, true).await {
                    Release::Continue => reply,
                    Release::Abandon => Reply::cut(),
                }
            }
        }
    }
}

impl Sandbox {
    fn stale(&self, caller: Option<CallerId>, is_endless: bool, incoming: &Incoming) -> Reply {
        let authorization = incoming.header(header::AUTHORIZATION).unwrap_or_default();
        if is_endless && self.0.faults.was_given(authorization) {
            return self.execute(caller, incoming);
        }
        let challenge = lock(&self.0.gate).challenge(self.0.clock.now(), true);
        let nonce = challenge.split_once("nonce=\"").and_then(|(_, rest)| rest.split_once('"'));
        if let Some((nonce, _)) = nonce {
            self.0.faults.give(nonce.to_owned());
        }
        Reply::challenge(&challenge)
    }

    fn expire(&self, account: Id, is_endless: bool, incoming: &Incoming) -> Reply {
        if is_endless && !self.0.faults.meet(account) {
            return self.execute(Some(CallerId::Account(account)), incoming);
        }
        if let Some(token) = incoming.header(header::AUTHORIZATION).and_then(auth::bearer) {
            self.state().tokens.revoke(token, account);
        }
        Reply::bad_token()
    }
}

/// Answers one request.
async fn answer(Shared(sandbox): Shared<Sandbox>, request: Request) -> Response {
    let Some(incoming) = Incoming::read(request).await else {
        return Reply::cut().into_response(false);
    };
    let latency = sandbox.0.latency_ms.load(Ordering::Relaxed);
    if latency > 0 {
        tokio::time::sleep(Duration::from_millis(latency)).await;
    }
    let incoming = Arc::new(incoming);
    let (reply, is_faulty) = sandbox.clone().answered(Arc::clone(&incoming)).await;
    sandbox.0.journal.answered(&incoming, &reply, is_faulty);
    if let Some(line) = incoming.line.as_ref().filter(|_| reply.is_cut) {
        line.cut();
    }
    if let Some(line) = incoming.line.as_ref().filter(|_| reply.is_announced && incoming.is_http_1) {
        line.announce();
    }
    reply.into_response(incoming.method == Method::HEAD)
}

/// An answer of a rule.
fn failing(status: u16, retry_after: Option<u32>) -> Reply {
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let code = if status == StatusCode::TOO_MANY_REQUESTS { "RATE_LIMITED" } else { "UNEXPECTED_ERROR" };
    let reply = Reply::refusal(&ApiError::new(status, code, "The sandbox was told to answer so."));
    let Some(seconds) = retry_after else {
        return reply;
    };
    let reply = reply.with(header::RETRY_AFTER, HeaderValue::from(seconds));
    if status == StatusCode::TOO_MANY_REQUESTS {
        return reply
            .with(HeaderName::from_static("ratelimit-limit"), HeaderValue::from(1))
            .with(HeaderName::from_static("ratelimit-remaining"), HeaderValue::from(0));
    }
    reply
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn millis(duration: Duration) -> i64 {
    i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)
}
