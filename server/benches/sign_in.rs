//! Whether the time of a refused sign-in tells if there is such a person: 200 tries with a known name and 200 with an unknown one,
//! in turns, through the whole server.
//!
//! `cargo bench -p server --bench sign_in`. The figure to reach: medians that differ by less than 10 %.
#![expect(clippy::print_stdout, reason = "a benchmark: standard output is where it answers")]

use std::{
    net::SocketAddr,
    sync::Arc,
    time::{Duration, Instant},
};

use app::backend::Clock;
use axum::{
    Router,
    body::Body,
    extract::ConnectInfo,
    http::{Request, header},
};
use domain::{
    ids::PersonId,
    people::{Grant, Role},
};
use jiff::SignedDuration;
use server::{
    accounts::passwords::Passwords,
    clock::ManualClock,
    http::Gate,
    installation::Installation,
    router,
    settings::Settings,
    store::{Location, Store},
};
use tower::ServiceExt as _;

const TRIES: usize = 200;
const TARGET_PERCENT: f64 = 10.0;
const KNOWN: &str = "katharina";
const UNKNOWN: &str = "valentina";

struct Site {
    router: Router,
    clock: ManualClock,
    _directory: tempfile::TempDir,
}

fn main() {
    // `cargo bench` passes `--bench`, tests of all targets do not; a name asks for other benchmarks unless it is part of this one's.
    let (options, names): (Vec<String>, Vec<String>) =
        std::env::args().skip(1).partition(|argument| argument.starts_with('-'));
    if !options.iter().any(|option| option == "--bench") {
        return;
    }
    if !names.is_empty() && !names.iter().any(|name| "sign_in".contains(name.as_str())) {
        return;
    }
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let (mut known, mut unknown) = runtime.block_on(measure());
    let (known, unknown) = (median(&mut known), median(&mut unknown));
    let difference = (known.as_secs_f64() - unknown.as_secs_f64()).abs() / known.max(unknown).as_secs_f64() * 100.0;
    let verdict = if difference < TARGET_PERCENT { "reached" } else { "MISSED" };
    println!("sign_in, median of {TRIES} refused tries each");
    println!("  a known name     {:>8.2} ms", known.as_secs_f64() * 1e3);
    println!("  an unknown name  {:>8.2} ms", unknown.as_secs_f64() * 1e3);
    println!("  difference       {difference:>8.2} %    target: below {TARGET_PERCENT} %, {verdict}");
}

fn median(times: &mut [Duration]) -> Duration {
    times.sort_unstable();
    times[times.len() / 2]
}

async fn measure() -> (Vec<Duration>, Vec<Duration>) {
    let site = site().await;
    for name in [KNOWN, UNKNOWN, KNOWN, UNKNOWN] {
        site.refused(name).await;
    }
    let (mut known, mut unknown) = (Vec::with_capacity(TRIES), Vec::with_capacity(TRIES));
    for _ in 0..TRIES {
        known.push(site.refused(KNOWN).await);
        unknown.push(site.refused(UNKNOWN).await);
    }
    (known, unknown)
}

async fn site() -> Site {
    // Every client needs a provider of TLS, also one that is never used.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let directory = tempfile::tempdir().expect("a directory");
    let mut settings = Settings::load(None, std::iter::empty()).expect("settings");
    settings.storage.database = Location::Sqlite { path: directory.path().join("bench.db"), max_pages: None };
    settings.storage.data_dir = directory.path().to_owned();
    settings.storage.key = server::sealing::KeySource::File(directory.path().join("key"));
    let installation = Installation::open(&settings.storage, false).await.expect("an installation");
    let clock = ManualClock::new("2026-05-04T08:00:00Z".parse().expect("a time"));
    let passwords = Passwords::new();
    add_administrator(&installation.store, &passwords, &clock).await;

    let shared: Arc<dyn Clock> = Arc::new(clock.clone());
    let transport = atlas::ReqwestTransport::new(&atlas::TransportOptions::default()).expect("a transport");
    let services = installation.services(&shared, passwords, &settings, Arc::new(transport));
    let gate = Gate::new(installation.store.clone(), shared, settings.server, settings.sessions);
    let router = router(services.backend, installation.store.clone(), &gate);
    Site { router, clock, _directory: directory }
}

async fn add_administrator(store: &Store, passwords: &Passwords, clock: &ManualClock) {
    let (id, now) = (PersonId(uuid::Uuid::now_v7()), server::clock::Clock::now(clock));
    let hash = passwords.hash(&"a long and private pass phrase".into()).await;
    let mut tx = store.begin().await.expect("a transaction");
    Store::insert_person(&mut tx, id, KNOWN, "Katharina", now).await.expect("added");
    Store::replace_grants(&mut tx, id, &[Grant { role: Role::Administrator, org: None }], None, now)
        .await
        .expect("granted");
    Store::set_password_hash(&mut tx, id, &hash, now).await.expect("set");
    tx.commit().await.expect("committed");
}

impl Site {
    /// How long it takes until a wrong password for `username` is refused.
    async fn refused(&self, username: &str) -> Duration {
        // The brake has forgotten the tries of the day before.
        self.clock.advance(SignedDuration::from_hours(25));
        let mut request = Request::post("/api/session/sign-in")
            .header(header::ACCEPT, "text/html")
            .header("sec-fetch-site", "same-origin")
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Body::from(format!("username={username}&password=wrong-pass-phrase")))
            .expect("a request");
        request.extensions_mut().insert(ConnectInfo(SocketAddr::from(([192, 0, 2, 10], 50_000))));
        let began = Instant::now();
        let response = self.router.clone().oneshot(request).await.expect("an answer");
        let took = began.elapsed();
        let back = response.headers().get(header::LOCATION).and_then(|location| location.to_str().ok());
        assert!(
            response.status().is_redirection() && back.is_some_and(|back| back.contains("attempt=")),
            "{response:?}"
        );
        took
    }
}
