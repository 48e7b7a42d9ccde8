//! Administrators look after people; people look after their own account.

use domain::people::Role;
use http::StatusCode;

use crate::support::{Browser, PASSWORD, Site};

const NEW_PASSWORD: &str = "another-PASSWORD-93af";

async fn id_of(site: &Site, username: &str) -> String {
    site.store.person_named(username).await.unwrap().unwrap().id.to_string()
}

async fn add(browser: &mut Browser, username: &str, grants: &str) -> StatusCode {
    let fields = [("username", username), ("display_name", username), ("grants[0]", grants)];
    browser.call("/api/people/add", &fields).await.status
}

#[tokio::test]
async fn an_administrator_adds_a_person_who_chooses_their_own_password() {
    let site = Site::new().await;
    let mut root = site.signed_in("root").await;
    assert_eq!(add(&mut root, "ana", "operator").await, StatusCode::OK);
    let id = id_of(&site, "ana").await;

    let view = root.call("/api/people/get", &[("id", &id)]).await.body;
    let at = view.find("/link/").expect("the link is shown to who made it");
    let token: String = view[at + 6..].chars().take_while(|c| *c != '"').collect();
    assert!(!site.bytes().windows(token.len()).any(|window| window == token.as_bytes()));

    let mut ana = site.browser();
    assert!(ana.sign_in("ana", PASSWORD).await.location().unwrap().contains("attempt="));
    assert!(ana.session().is_none(), "there is no password yet");
    let choose = |password| [("token", token.as_str()), ("password", password), ("password_again", password)];
    assert_eq!(
        ana.call("/api/session/choose-password", &choose("ana123456789")).await.status,
        StatusCode::UNPROCESSABLE_ENTITY
    );
    assert_eq!(
        ana.post("/api/session/choose-password", &choose(NEW_PASSWORD)).await.location(),
        Some("/sign-in?done=password")
    );
    assert_eq!(ana.call("/api/session/choose-password", &choose(NEW_PASSWORD)).await.status, StatusCode::CONFLICT);
    assert_eq!(ana.sign_in("ana", NEW_PASSWORD).await.location(), Some("/"));
    assert!(!root.call("/api/people/get", &[("id", &id)]).await.body.contains("/link/"));
    let logged = site.logged().await;
    assert!(logged.contains(&"person.added".to_owned()) && logged.contains(&"person.password_chosen".to_owned()));
}

#[tokio::test]
async fn the_link_is_shown_to_nobody_else_and_not_for_long() {
    let site = Site::new().await;
    site.add("second", &[(Role::Administrator, None)]).await;
    let mut root = site.signed_in("root").await;
    let mut second = site.signed_in("second").await;
    add(&mut root, "ana", "viewer").await;
    let id = id_of(&site, "ana").await;
    assert!(root.call("/api/people/get", &[("id", &id)]).await.body.contains("/link/"));
    assert!(!second.call("/api/people/get", &[("id", &id)]).await.body.contains("/link/"));
    site.wait(10 * 60 + 1);
    assert!(!root.call("/api/people/get", &[("id", &id)]).await.body.contains("/link/"));
}

#[tokio::test]
async fn only_administrators_of_everything_manage_people() {
    let site = Site::new().await;
    let org: domain::ids::OrgId = "5f1a2b3c4d5e6f7081920a1a".parse().unwrap();
    for (username, role, scope) in [
        ("viewer", Role::Viewer, None),
        ("operator", Role::Operator, None),
        ("approver", Role::Approver, None),
        ("auditor", Role::Auditor, None),
        ("local", Role::Administrator, Some(org)),
    ] {
        site.add(username, &[(role, scope)]).await;
        let mut browser = site.signed_in(username).await;
        let id = id_of(&site, "root").await;
        assert_eq!(add(&mut browser, "x", "viewer").await, StatusCode::FORBIDDEN, "{username}");
        for (path, fields) in [
            ("/api/people/list", vec![]),
            ("/api/people/get", vec![("id", id.as_str())]),
            ("/api/people/set-grants", vec![("id", id.as_str())]),
            ("/api/people/start-reset", vec![("id", id.as_str())]),
            ("/api/people/set-disabled", vec![("id", id.as_str()), ("disabled", "true")]),
        ] {
            assert_eq!(browser.call(path, &fields).await.status, StatusCode::FORBIDDEN, "{username} {path}");
        }
        assert_eq!(browser.call("/api/people/account", &[]).await.status, StatusCode::OK);
    }
}

#[tokio::test]
async fn changing_people_asks_for_the_password_again_after_five_minutes() {
    let site = Site::new().await;
    let mut root = site.signed_in("root").await;
    site.wait(5 * 60);
    assert_eq!(add(&mut root, "early", "viewer").await, StatusCode::OK);
    site.wait(1);
    assert_eq!(add(&mut root, "late", "viewer").await, StatusCode::FORBIDDEN);
    let old = root.clone();
    let fields = [("username", "late"), ("display_name", "Late"), ("grants[0]", "viewer"), ("password", PASSWORD)];
    assert_eq!(root.call("/api/people/add", &fields).await.status, StatusCode::OK);
    assert_ne!(root.session(), old.session(), "giving the password again makes a new session id");
    assert_eq!(old.clone().call("/api/people/list", &[]).await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(root.call("/api/people/list", &[]).await.status, StatusCode::OK);
    assert!(site.logged().await.contains(&"session.confirmed".to_owned()));
}

#[tokio::test]
async fn the_last_administrator_stays() {
    let site = Site::new().await;
    site.add("second", &[(Role::Administrator, None)]).await;
    let (root_id, second_id) = (id_of(&site, "root").await, id_of(&site, "second").await);
    let mut root = site.signed_in("root").await;
    let mut second = site.signed_in("second").await;

    let own = root.call("/api/people/set-disabled", &[("id", &root_id), ("disabled", "true")]).await;
    assert_eq!(own.status, StatusCode::CONFLICT);
    let close = [("id", second_id.as_str()), ("disabled", "true")];
    assert_eq!(root.call("/api/people/set-disabled", &close).await.status, StatusCode::OK);
    assert_eq!(second.call("/api/people/list", &[]).await.status, StatusCode::UNAUTHORIZED, "it acts at once");
    // An administrator who cannot sign in does not count.
    let reopen = [("id", second_id.as_str()), ("disabled", "false")];
    assert_eq!(root.call("/api/people/set-disabled", &reopen).await.status, StatusCode::OK);
    let mut second = site.signed_in("second").await;
    let lower = [("id", root_id.as_str()), ("grants[0]", "viewer")];
    assert_eq!(second.call("/api/people/set-grants", &lower).await.status, StatusCode::OK);
    assert_eq!(root.call("/api/people/list", &[]).await.status, StatusCode::FORBIDDEN, "it acts at once");
    assert!(site.store.has_administrator().await.unwrap());
}

#[tokio::test]
async fn two_administrators_cannot_remove_each_other_at_the_same_moment() {
    crate::support::on_both_engines(async |database| {
        let site = Site::on(database, &[]).await;
        for name in ["one", "two"] {
            site.add(name, &[(Role::Administrator, None)]).await;
        }
        let (one_id, two_id) = (id_of(&site, "one").await, id_of(&site, "two").await);
        let (mut one, mut two) = (site.signed_in("one").await, site.signed_in("two").await);
        let remove_two = [("id", two_id.as_str()), ("disabled", "true")];
        let remove_one = [("id", one_id.as_str()), ("disabled", "true")];
        let (a, b) = tokio::join!(
            one.call("/api/people/set-disabled", &remove_two),
            two.call("/api/people/set-disabled", &remove_one)
        );
        let done = [a.status, b.status].iter().filter(|status| **status == StatusCode::OK).count();
        assert_eq!(done, 1, "{} {}", a.status, b.status);
        site.store.close().await;
    })
    .await;
}

#[tokio::test]
async fn changing_ones_password_ends_all_other_sessions() {
    let site = Site::new().await;
    let mut here = site.signed_in("root").await;
    let mut there = site.signed_in("root").await;
    let change = |current, new| [("current", current), ("password", new), ("password_again", new)];
    assert_eq!(
        here.call("/api/people/change-password", &change("not mine", NEW_PASSWORD)).await.status,
        StatusCode::UNPROCESSABLE_ENTITY
    );
    assert_eq!(
        here.call("/api/people/change-password", &change(PASSWORD, "short")).await.status,
        StatusCode::UNPROCESSABLE_ENTITY
    );
    assert_eq!(here.call("/api/people/change-password", &change(PASSWORD, NEW_PASSWORD)).await.status, StatusCode::OK);
    assert_eq!(here.call("/api/people/account", &[]).await.status, StatusCode::OK);
    assert_eq!(there.call("/api/people/account", &[]).await.status, StatusCode::UNAUTHORIZED);
    assert!(site.browser().sign_in("root", PASSWORD).await.location().unwrap().contains("attempt="));
    assert_eq!(site.browser().sign_in("root", NEW_PASSWORD).await.location(), Some("/"));
}

#[tokio::test]
async fn a_person_sees_and_ends_their_sessions() {
    let site = Site::new().await;
    let mut here = site.signed_in("root").await;
    let mut there = site.browser_at("198.51.100.9");
    there.sign_in("root", PASSWORD).await;
    let account = here.call("/api/people/account", &[]).await.body;
    assert!(account.contains("198.51.100.9") && account.contains("192.0.2.10"), "{account}");
    assert_eq!(account.matches("\"is_this\":true").count(), 1);
    assert_eq!(here.call("/api/people/end-other-sessions", &[]).await.status, StatusCode::OK);
    assert_eq!(there.call("/api/people/account", &[]).await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(here.call("/api/people/account", &[]).await.status, StatusCode::OK);
}

#[tokio::test]
async fn bad_input_is_told_beside_its_field() {
    let site = Site::new().await;
    let mut root = site.signed_in("root").await;
    for (fields, field) in [
        ([("username", ""), ("display_name", "X"), ("grants[0]", "viewer")], "username"),
        ([("username", "a b"), ("display_name", "X"), ("grants[0]", "viewer")], "username"),
        ([("username", "ROOT"), ("display_name", "X"), ("grants[0]", "viewer")], "username"),
        ([("username", "ok"), ("display_name", "a\nb"), ("grants[0]", "viewer")], "display_name"),
        ([("username", "ok"), ("display_name", "X"), ("grants[0]", "emperor")], "grants"),
        ([("username", "ok"), ("display_name", "X"), ("grants[0]", "viewer@5f1a2b3c4d5e6f7081920a1a")], "grants"),
    ] {
        let reply = root.call("/api/people/add", &fields).await;
        assert_eq!(reply.status, StatusCode::UNPROCESSABLE_ENTITY, "{fields:?}");
        assert!(reply.body.contains(&format!("\"{field}\"")), "{fields:?}: {}", reply.body);
    }
}
