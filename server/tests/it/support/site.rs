//! A whole server in this process, with a clock we move, and browsers that remember cookies.

use std::{collections::BTreeMap, net::SocketAddr, sync::Arc};

use app::backend::Clock;
use async_trait::async_trait;
use atlas::{Transport, TransportError};
use axum::{Router, body::Body, extract::ConnectInfo};
use bytes::Bytes;
use domain::{
    ids::{OrgId, PersonId},
    people::{Grant, Role},
};
use http::{HeaderMap, Method, Request, Response, StatusCode, header};
use jiff::{SignedDuration, Timestamp};
use secrecy::SecretString;
use server::{
    accounts::passwords::Passwords,
    clock::ManualClock,
    executor::Executor,
    http::Gate,
    installation::{Installation, Services},
    router,
    services::inventory::Refresher,
    settings::Settings,
    store::{Location, Store},
};
use tower::ServiceExt as _;

use super::Database;

/// The password of every person that [`Site::add`] adds.
pub(crate) const PASSWORD: &str = "planted-PASSWORD-7c1e";

/// A network that leads nowhere: what is tested here does not talk to Atlas.
struct NoRoute;

#[async_trait]
impl Transport for NoRoute {
    async fn send(&self, request: Request<Bytes>) -> Result<Response<Bytes>, TransportError> {
        let host = request.uri().host().unwrap_or_default().to_owned();
        Err(TransportError::NotConnected { host, detail: "there is no network in this test".to_owned() })
    }
}

/// A server.
pub(crate) struct Site {
    pub(crate) store: Store,
    pub(crate) clock: ManualClock,
    pub(crate) database: Arc<Database>,
    pub(crate) executor: Executor,
    pub(crate) refresher: Arc<Refresher>,
    passwords: Passwords,
    router: Router,
}

impl Site {
    /// A server on a new SQLite database that nobody has set up.
    pub(crate) async fn fresh() -> Self {
        Self::on(Arc::new(Database::sqlite()), &[]).await
    }

    /// A server on `database` with these variables set, without a network.
    pub(crate) async fn on(database: Arc<Database>, variables: &[(&str, &str)]) -> Self {
        Self::reaching(database, variables, Arc::new(NoRoute)).await
    }

    /// A server on `database` with these variables set, whose way to Atlas is `transport`.
    pub(crate) async fn reaching(
        database: Arc<Database>,
        variables: &[(&str, &str)],
        transport: Arc<dyn Transport>,
    ) -> Self {
        let variables = variables.iter().map(|(name, value)| ((*name).into(), (*value).into()));
        let mut settings = Settings::load(None, variables).unwrap();
        settings.storage.database = database.location.clone();
        settings.storage.data_dir = database.directory.path().to_owned();
        settings.storage.key = server::sealing::KeySource::File(database.directory.path().join("key"));
        let installation = Installation::open(&settings.storage, false).await.unwrap();
        let clock = ManualClock::new("2026-05-04T08:00:00Z".parse().unwrap());
        let shared: Arc<dyn Clock> = Arc::new(clock.clone());
        let passwords = Passwords::new();
        let store = installation.store.clone();
        let services = installation.services(&shared, passwords.clone(), &settings, transport);
        let gate = Gate::new(store.clone(), shared, settings.server, settings.sessions);
        let Services { backend, executor, refresher } = services;
        let router = router(backend, store.clone(), &gate);
        Self { store, clock, database, executor, refresher, passwords, router }
    }

    /// A server with an administrator named `root`.
    pub(crate) async fn new() -> Self {
        let site = Self::fresh().await;
        site.add("root", &[(Role::Administrator, None)]).await;
        site
    }

    /// Adds a person who has [`PASSWORD`].
    pub(crate) async fn add(&self, username: &str, grants: &[(Role, Option<OrgId>)]) -> PersonId {
        let hash = self.passwords.hash(&SecretString::from(PASSWORD)).await;
        let id = PersonId(uuid::Uuid::now_v7());
        let grants: Vec<Grant> = grants.iter().map(|(role, org)| Grant { role: *role, org: org.clone() }).collect();
        let mut tx = self.store.begin().await.unwrap();
        Store::insert_person(&mut tx, id, username, username, self.clock.now()).await.unwrap();
        Store::replace_grants(&mut tx, id, &grants, None, self.clock.now()).await.unwrap();
        Store::set_password_hash(&mut tx, id, &hash, self.clock.now()).await.unwrap();
        tx.commit().await.unwrap();
        id
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.clock.now()
    }

    pub(crate) fn wait(&self, seconds: i64) {
        self.clock.advance(SignedDuration::from_secs(seconds));
    }

    /// A browser that nobody has used yet.
    pub(crate) fn browser(&self) -> Browser {
        self.browser_at("192.0.2.10")
    }

    /// A browser at this address.
    pub(crate) fn browser_at(&self, address: &str) -> Browser {
        Browser {
            router: self.router.clone(),
            cookies: BTreeMap::new(),
            address: SocketAddr::new(address.parse().unwrap(), 50_000),
        }
    }

    /// A browser at which `username` has signed in.
    pub(crate) async fn signed_in(&self, username: &str) -> Browser {
        let mut browser = self.browser();
        let reply = browser.sign_in(username, PASSWORD).await;
        assert_eq!(reply.location(), Some("/"), "{reply:?}");
        browser
    }

    /// The words of the log, oldest first.
    pub(crate) async fn logged(&self) -> Vec<String> {
        let rows = self.store.list_log(&server::store::LogFilter::default(), 1000, 0).await.unwrap();
        rows.into_iter().rev().map(|row| row.written.action).collect()
    }

    /// All bytes of the SQLite database, with what is not written back yet.
    pub(crate) fn bytes(&self) -> Vec<u8> {
        let Location::Sqlite { path, .. } = &self.database.location else {
            unreachable!("only asked of sites on SQLite");
        };
        let mut bytes = std::fs::read(path).unwrap();
        bytes.extend(std::fs::read(path.with_extension("db-wal")).unwrap_or_default());
        bytes
    }
}

/// Somebody's browser, without script.
#[derive(Clone)]
pub(crate) struct Browser {
    router: Router,
    pub(crate) cookies: BTreeMap<String, String>,
    pub(crate) address: SocketAddr,
}

impl Browser {
    /// Opens a page.
    pub(crate) async fn get(&mut self, path: &str) -> Reply {
        self.send(self.request(Method::GET, path).body(Body::empty()).unwrap()).await
    }

    /// Sends a form as a page without script does.
    pub(crate) async fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Reply {
        let request = self.request(Method::POST, path).header("sec-fetch-site", "same-origin");
        self.send(request.header(header::CONTENT_TYPE, FORM).body(encode(fields)).unwrap()).await
    }

    /// Calls a server function as a program does, which wants no page.
    pub(crate) async fn call(&mut self, path: &str, fields: &[(&str, &str)]) -> Reply {
        let mut request =
            self.request(Method::POST, path).header(header::CONTENT_TYPE, FORM).body(encode(fields)).unwrap();
        request.headers_mut().remove(header::ACCEPT);
        self.send(request).await
    }

    pub(crate) async fn sign_in(&mut self, username: &str, password: &str) -> Reply {
        self.post("/api/session/sign-in", &[("username", username), ("password", password)]).await
    }

    /// Begins a request of this browser.
    pub(crate) fn request(&self, method: Method, path: &str) -> http::request::Builder {
        let cookies: Vec<String> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let mut request = Request::builder().method(method).uri(path).header(header::ACCEPT, "text/html");
        if !cookies.is_empty() {
            request = request.header(header::COOKIE, cookies.join("; "));
        }
        request
    }

    /// Sends any request and keeps the cookies of its answer.
    pub(crate) async fn send(&mut self, mut request: Request<Body>) -> Reply {
        request.extensions_mut().insert(ConnectInfo(self.address));
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        for cookie in parts.headers.get_all(header::SET_COOKIE) {
            let cookie = cookie.to_str().unwrap();
            let (name, value) = cookie.split(';').next().unwrap().split_once('=').unwrap();
            if cookie.contains("Max-Age=0") {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
        let body = axum::body::to_bytes(body, usize::MAX).await.unwrap();
        Reply { status: parts.status, headers: parts.headers, body: String::from_utf8_lossy(&body).into_owned() }
    }

    /// The value of the session cookie.
    pub(crate) fn session(&self) -> Option<&String> {
        self.cookies.get("__Host-meridian")
    }
}

const FORM: &str = "application/x-www-form-urlencoded";

fn encode(fields: &[(&str, &str)]) -> Body {
    let fields: Vec<String> = fields
        .iter()
        .map(|(name, value)| format!("{}={}", app::paths::query_value(name), app::paths::query_value(value)))
        .collect();
    Body::from(fields.join("&"))
}

/// An answer.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: String,
}

impl Reply {
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// Where a redirect leads.
    pub(crate) fn location(&self) -> Option<&str> {
        self.headers.get(header::LOCATION).map(|value| value.to_str().unwrap())
    }
}
