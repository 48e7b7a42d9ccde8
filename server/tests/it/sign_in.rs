//! Signing in and out, sessions, and the brake on guessing.

use app::backend::Clock as _;
use domain::people::Role;
use http::StatusCode;
use jiff::SignedDuration;
use server::{services::sign_in::make_set_up_link, store::LogFilter};

use crate::support::{Browser, Database, PASSWORD, Site, on_both_engines};

/// Whether somebody is signed in at this browser.
async fn is_in(browser: &mut Browser) -> bool {
    browser.call("/api/session/frame", &[]).await.status == StatusCode::OK
}

#[tokio::test]
async fn a_person_signs_in_and_out() {
    on_both_engines(async |database| {
        let site = Site::on(database, &[]).await;
        site.add("root", &[(Role::Administrator, None)]).await;
        let mut browser = site.browser();
        assert!(!is_in(&mut browser).await);
        let reply = browser.sign_in("Root", PASSWORD).await;
        assert_eq!(reply.location(), Some("/"), "{reply:?}");
        let cookie = reply.header("set-cookie").to_owned();
        for part in ["__Host-meridian=", "HttpOnly", "SameSite=Lax", "Secure", "Path=/"] {
            assert!(cookie.contains(part), "{part} in {cookie}");
        }
        assert!(is_in(&mut browser).await);

        let old = browser.clone();
        let reply = browser.post("/api/session/sign-out", &[]).await;
        assert_eq!(reply.location(), Some("/sign-in?done=out"));
        let removal = reply.header("set-cookie");
        assert!(removal.contains("Max-Age=0") && removal.contains("Secure"), "{removal}");
        assert!(!is_in(&mut old.clone()).await, "the session must be gone on the server, too");
        assert_eq!(site.logged().await, ["session.signed_in", "session.signed_out"]);
        site.store.close().await;
    })
    .await;
}

#[tokio::test]
async fn a_planted_session_id_does_not_become_anybodys_session() {
    let site = Site::new().await;
    let mut planted = site.browser();
    planted.cookies.insert("__Host-meridian".into(), "AAAAAAAAAAAAAAAAAAAAAA".into());
    let mut victim = planted.clone();
    victim.sign_in("root", PASSWORD).await;
    assert!(is_in(&mut victim).await);
    assert_ne!(victim.session(), planted.session());
    assert!(!is_in(&mut planted).await);

    // The id of a session that was really opened is worth nothing after the next sign-in, either.
    let mut old = victim.clone();
    victim.sign_in("root", PASSWORD).await;
    assert_ne!(victim.session(), old.session());
    assert!(!is_in(&mut old).await);
    assert!(is_in(&mut victim).await);
}

#[tokio::test]
async fn neither_passwords_nor_session_ids_nor_links_are_in_the_database() {
    let site = Site::new().await;
    let link = {
        let fresh = Site::fresh().await;
        let link = make_set_up_link(&fresh.store, fresh.now()).await.unwrap().unwrap();
        let path = link.path();
        let token = path.rsplit('/').next().unwrap();
        assert!(!contains(&fresh.bytes(), token.as_bytes()));
        path
    };
    assert!(link.starts_with("/link/"));
    let browser = site.signed_in("root").await;
    site.browser().sign_in("PLANTED-in-the-wrong-field", PASSWORD).await;
    let bytes = site.bytes();
    let session = browser.session().unwrap();
    for secret in
        [PASSWORD.as_bytes(), session.as_bytes(), b"PLANTED-in-the-wrong-field", b"planted-in-the-wrong-field"]
    {
        assert!(!contains(&bytes, secret), "{}", String::from_utf8_lossy(secret));
    }
}

fn contains(haystack: &[u8], needle: &[u8]) -> bool {
    haystack.windows(needle.len()).any(|window| window == needle)
}

#[tokio::test]
async fn an_unknown_name_and_a_wrong_password_are_answered_alike() {
    let site = Site::new().await;
    let wrong =
        site.browser_at("192.0.2.1").call("/api/session/sign-in", &[("username", "root"), ("password", "x")]).await;
    let unknown =
        site.browser_at("192.0.2.2").call("/api/session/sign-in", &[("username", "nobody"), ("password", "x")]).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(wrong.status, unknown.status);
    assert_eq!(wrong.body, unknown.body);
    let rows = site.store.list_log(&LogFilter::default(), 10, 0).await.unwrap();
    assert!(rows.iter().all(|row| row.written.action == "session.sign_in_failed"));
}

#[tokio::test]
async fn a_refused_form_keeps_the_name_and_forgets_the_password() {
    let site = Site::new().await;
    let mut browser = site.browser();
    let reply = browser.sign_in("root", "a-wrong-password").await;
    let location = reply.location().unwrap().to_owned();
    assert!(location.starts_with("/sign-in?attempt="), "{location}");
    let page = browser.get(&location).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.body.contains("wrong") && page.body.contains("value=\"root\""), "{}", page.body);
    assert!(!page.body.contains("a-wrong-password"));
    assert!(!contains(&site.bytes(), b"a-wrong-password"));
}

#[tokio::test]
async fn guessing_slows_down_and_a_right_password_forgives() {
    let site = Site::new().await;
    let mut browser = site.browser();
    let mut statuses = Vec::new();
    for _ in 0..4 {
        statuses.push(browser.call("/api/session/sign-in", &[("username", "root"), ("password", "x")]).await.status);
    }
    assert_eq!(statuses[2], StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(statuses[3], StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(
        browser.call("/api/session/sign-in", &[("username", "root"), ("password", PASSWORD)]).await.status,
        StatusCode::TOO_MANY_REQUESTS,
        "also the right password has to wait"
    );
    site.wait(3);
    assert_eq!(browser.sign_in("root", PASSWORD).await.location(), Some("/"));
    let mut again = site.browser();
    assert_eq!(
        again.call("/api/session/sign-in", &[("username", "root"), ("password", "x")]).await.status,
        StatusCode::UNPROCESSABLE_ENTITY
    );
    let throttled = site.logged().await.iter().filter(|word| *word == "session.throttled").count();
    assert_eq!(throttled, 1, "a flood of tries must not become a flood of entries");
}

#[tokio::test]
async fn a_stranger_cannot_lock_the_owner_out() {
    let site = Site::new().await;
    let mut stranger = site.browser_at("198.51.100.1");
    for _ in 0..1000 {
        stranger.call("/api/session/sign-in", &[("username", "root"), ("password", "x")]).await;
    }
    assert_eq!(site.browser_at("192.0.2.77").sign_in("root", PASSWORD).await.location(), Some("/"));
}

#[tokio::test]
async fn parallel_guesses_are_counted_one_by_one() {
    let site = Site::new().await;
    let tries = (0..20).map(|_| {
        let mut browser = site.browser();
        async move { browser.call("/api/session/sign-in", &[("username", "root"), ("password", "x")]).await.status }
    });
    let statuses = futures_util::future::join_all(tries).await;
    let looked_at = statuses.iter().filter(|status| **status == StatusCode::UNPROCESSABLE_ENTITY).count();
    assert_eq!(looked_at, 3);
}

#[tokio::test]
async fn one_network_runs_out_of_tries_over_many_accounts() {
    let site = Site::new().await;
    let mut last = StatusCode::OK;
    for number in 0..21 {
        let name = format!("user{number}");
        let mut browser = site.browser_at(&format!("2001:db8::{number}"));
        last = browser.call("/api/session/sign-in", &[("username", &name), ("password", "x")]).await.status;
    }
    assert_eq!(last, StatusCode::TOO_MANY_REQUESTS);
}

#[tokio::test]
async fn sessions_end_when_idle_and_at_their_absolute_limit() {
    let hours = |hours: i64| hours * 3600;
    let site = Site::new().await;
    site.add("reader", &[(Role::Viewer, None)]).await;

    let mut idle = site.signed_in("reader").await;
    site.wait(hours(8) - 1);
    assert!(is_in(&mut idle).await);
    site.wait(hours(8) - 1);
    assert!(is_in(&mut idle).await, "using it had moved the limit");
    site.wait(hours(8) + 1);
    assert!(!is_in(&mut idle).await);

    for (username, limit) in [("root", hours(12)), ("reader", hours(168))] {
        let mut browser = site.signed_in(username).await;
        let end = site.now() + SignedDuration::from_secs(limit);
        while end.duration_since(site.clock.now()).as_secs() > hours(7) {
            site.wait(hours(7));
            assert!(is_in(&mut browser).await);
        }
        site.clock.set(end - SignedDuration::from_secs(1));
        assert!(is_in(&mut browser).await, "{username}");
        site.clock.set(end);
        assert!(!is_in(&mut browser).await, "{username}");
    }
}

#[tokio::test]
async fn set_up_is_the_only_way_in_and_works_once() {
    let site = Site::fresh().await;
    let link = make_set_up_link(&site.store, site.now()).await.unwrap().unwrap();
    let path = link.path();
    let token = path.rsplit('/').next().unwrap();

    let mut browser = site.browser();
    for path in ["/", "/sign-in", "/keys"] {
        let reply = browser.get(path).await;
        assert_eq!(reply.status, StatusCode::SERVICE_UNAVAILABLE, "{path}");
        assert!(reply.body.contains("not set up yet"));
    }
    assert_eq!(browser.call("/api/people/list", &[]).await.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(browser.get("/health/ready").await.status, StatusCode::OK);
    assert_eq!(browser.get(&path).await.status, StatusCode::OK);

    let fields = |token, password| {
        [
            ("token", token),
            ("username", "First"),
            ("display_name", "The First"),
            ("password", password),
            ("password_again", password),
        ]
    };
    let weak = browser.call("/api/session/set-up", &fields(token, "password1234")).await;
    assert_eq!(weak.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(browser.call("/api/session/set-up", &fields("guessed", PASSWORD)).await.status, StatusCode::CONFLICT);
    let done = browser.post("/api/session/set-up", &fields(token, PASSWORD)).await;
    assert_eq!(done.location(), Some("/"), "{done:?}");
    assert!(is_in(&mut browser).await);
    assert_eq!(site.logged().await, ["system.set_up", "session.signed_in"]);

    let again = site.browser().call("/api/session/set-up", &fields(token, PASSWORD)).await;
    assert_eq!(again.status, StatusCode::CONFLICT);
    assert!(make_set_up_link(&site.store, site.now()).await.unwrap().is_none());
    assert_eq!(site.browser().sign_in("first", PASSWORD).await.location(), Some("/"));
}

#[tokio::test]
async fn a_set_up_link_is_dead_after_half_an_hour_and_after_the_next_start() {
    let site = Site::fresh().await;
    let first = make_set_up_link(&site.store, site.now()).await.unwrap().unwrap().path();
    let second = make_set_up_link(&site.store, site.now()).await.unwrap().unwrap().path();
    let mut browser = site.browser();
    let what = |path: &str| path.rsplit('/').next().unwrap().to_owned();
    assert_eq!(browser.call("/api/session/link", &[("token", &what(&first))]).await.body, "null");
    site.wait(30 * 60 - 1);
    assert!(browser.call("/api/session/link", &[("token", &what(&second))]).await.body.contains("set_up"));
    site.wait(1);
    assert_eq!(browser.call("/api/session/link", &[("token", &what(&second))]).await.body, "null");
}

#[tokio::test]
async fn no_demo_account_opens_a_real_installation() {
    let site = Site::new().await;
    for account in server::demo::accounts() {
        let mut browser = site.browser_at("203.0.113.9");
        let fields = [("username", account.username.as_str()), ("password", account.password.as_str())];
        let reply = browser.call("/api/session/sign-in", &fields).await;
        assert_eq!(reply.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", account.username);
    }
    assert_eq!(site.browser().call("/api/session/demo-accounts", &[]).await.body, "[]");
}

#[tokio::test]
async fn two_replicas_agree_on_who_is_in() {
    let Some(database) = Database::postgres().await else { return };
    let database = std::sync::Arc::new(database);
    let first = Site::on(database.clone(), &[]).await;
    let second = Site::on(database, &[]).await;
    let person = first.add("root", &[(Role::Administrator, None)]).await;
    let mut here = first.signed_in("root").await;
    let mut there = second.browser();
    there.cookies.clone_from(&here.cookies);
    assert!(is_in(&mut there).await);
    let mut tx = first.store.begin().await.unwrap();
    server::store::Store::set_disabled(&mut tx, person, Some(first.now())).await.unwrap();
    tx.commit().await.unwrap();
    assert!(!is_in(&mut there).await);
    assert!(!is_in(&mut here).await);
}
