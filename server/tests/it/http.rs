//! What every request meets before it meets a service.

use axum::body::Body;
use domain::people::Role;
use http::{Method, StatusCode, header};
use leptos::server_fn::axum::server_fn_paths;

use crate::support::{Database, PASSWORD, Reply, Site};

/// Server functions that strangers may call, each for a reason that stands in the guard.
const OPEN: [&str; 7] = [
    "/api/appearance/theme",
    "/api/session/sign-in",
    "/api/session/demo-accounts",
    "/api/session/link",
    "/api/session/choose-password",
    "/api/session/set-up",
    "/api/attempts/get",
];

fn check_headers(reply: &Reply, what: &str) {
    let policy = reply.header("content-security-policy");
    for part in [
        "default-src 'none'",
        "script-src 'self' 'nonce-",
        "style-src 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
    ] {
        assert!(policy.contains(part), "{what}: {part} in {policy}");
    }
    assert!(!policy.contains("unsafe-inline") && !policy.contains("'unsafe-eval'"), "{what}: {policy}");
    assert_eq!(reply.header("x-content-type-options"), "nosniff", "{what}");
    assert_eq!(reply.header("referrer-policy"), "same-origin", "{what}");
    assert_eq!(reply.header("cross-origin-opener-policy"), "same-origin", "{what}");
    assert_eq!(reply.header("cross-origin-resource-policy"), "same-origin", "{what}");
    assert!(reply.header("permissions-policy").contains("camera=()"), "{what}");
    assert_eq!(reply.header("x-request-id").len(), 16, "{what}");
    assert!(!reply.header("cache-control").is_empty(), "{what}");
    assert_eq!(reply.header("server"), "", "{what}");
}

#[tokio::test]
async fn every_server_function_turns_a_stranger_away() {
    let site = Site::new().await;
    let mut walked = 0;
    for (path, method) in server_fn_paths() {
        if OPEN.contains(&path) {
            continue;
        }
        let mut stranger = site.browser();
        let mut request = stranger.request(method, path).body(Body::empty()).unwrap();
        request.headers_mut().remove(header::ACCEPT);
        let reply = stranger.send(request).await;
        assert_eq!(reply.status, StatusCode::UNAUTHORIZED, "{path}");
        assert_eq!(reply.body, "", "{path}");
        check_headers(&reply, path);
        walked += 1;
    }
    assert!(walked > 20, "only {walked} functions were found");
}

#[tokio::test]
async fn every_page_sends_a_stranger_to_sign_in_and_nowhere_else() {
    let site = Site::new().await;
    for path in [
        "/",
        "/keys",
        "/keys.csv",
        "/keys?page=2&org=x",
        "/people",
        "/log",
        "/requests",
        "/account",
        "/no/such/page",
        "/index.html",
    ] {
        let reply = site.browser().get(path).await;
        assert_eq!(reply.status, StatusCode::SEE_OTHER, "{path}");
        assert!(reply.location().unwrap().starts_with("/sign-in"), "{path}: {:?}", reply.location());
        assert_eq!(reply.body, "");
    }
    let reply = site.browser().get("/keys?page=2").await;
    assert_eq!(reply.location(), Some("/sign-in?next=/keys%3Fpage%3D2"));
    let mut browser = site.browser();
    for (next, expected) in
        [("/keys?page=2", "/keys?page=2"), ("//evil.example", "/"), ("/\\evil", "/"), ("https://evil", "/")]
    {
        let fields = [("username", "root"), ("password", PASSWORD), ("next", next)];
        assert_eq!(browser.post("/api/session/sign-in", &fields).await.location(), Some(expected));
    }
}

#[tokio::test]
async fn a_form_of_an_ended_session_leads_back_to_its_page() {
    let site = Site::new().await;
    let mut stranger = site.browser();
    let request = stranger
        .request(Method::POST, "/api/people/add")
        .header("sec-fetch-site", "same-origin")
        .header(header::REFERER, "http://127.0.0.1:7420/people/new?attempt=x")
        .body(Body::empty())
        .unwrap();
    assert_eq!(stranger.send(request).await.location(), Some("/sign-in?next=/people/new%3Fattempt%3Dx"));
}

#[tokio::test]
async fn every_answer_carries_the_headers() {
    let site = Site::new().await;
    let mut root = site.signed_in("root").await;
    for path in
        ["/", "/sign-in", "/people", "/no/such/page", "/health/live", "/health/ready", "/keys.csv", "/api/nothing"]
    {
        let reply = root.get(path).await;
        check_headers(&reply, path);
        assert_eq!(reply.header("cache-control"), "no-store", "{path}");
    }
    let page = root.get("/people").await;
    let policy = page.header("content-security-policy");
    let nonce = policy.split("'nonce-").nth(1).unwrap().split('\'').next().unwrap();
    assert!(page.body.contains(&format!("nonce=\"{nonce}\"")), "the page and its policy must agree on the nonce");
    let again = root.get("/people").await;
    assert!(!again.header("content-security-policy").contains(nonce), "a nonce is used once");
    assert!(!page.body.contains(" style="), "the policy would block it");
}

#[tokio::test]
async fn transport_security_is_asked_for_behind_https_only() {
    let site = Site::new().await;
    assert_eq!(site.browser().get("/sign-in").await.header("strict-transport-security"), "");
    let database = std::sync::Arc::new(Database::sqlite());
    let site = Site::on(database, &[("MERIDIAN_PUBLIC_URL", "https://meridian.example")]).await;
    assert!(site.browser().get("/health/live").await.header("strict-transport-security").contains("max-age="));
}

#[tokio::test]
async fn posts_from_other_sites_are_refused_whatever_they_claim_to_be() {
    let site = Site::new().await;
    let root = site.signed_in("root").await;
    for (path, method) in server_fn_paths() {
        if method != Method::POST {
            continue;
        }
        for forged in [
            &[("sec-fetch-site", "cross-site")][..],
            &[("sec-fetch-site", "same-site")],
            &[("origin", "https://evil.example")],
            &[("origin", "null")],
            &[("sec-fetch-site", "cross-site"), ("content-type", "text/plain")],
        ] {
            let mut browser = root.clone();
            let mut request = browser.request(Method::POST, path);
            for (name, value) in forged {
                request = request.header(*name, *value);
            }
            let reply = browser.send(request.body(Body::from("id=1")).unwrap()).await;
            assert_eq!(reply.status, StatusCode::FORBIDDEN, "{path} {forged:?}");
            check_headers(&reply, path);
        }
    }
    assert!(!site.logged().await.contains(&"session.signed_out".to_owned()));
}

#[tokio::test]
async fn what_is_too_large_unusual_or_unknown_is_answered_with_a_page() {
    let site = Site::new().await;
    let mut root = site.signed_in("root").await;
    let large = root
        .request(Method::POST, "/api/people/add")
        .header("sec-fetch-site", "same-origin")
        .header(header::CONTENT_LENGTH, 300 * 1024)
        .body(Body::from(vec![b'a'; 300 * 1024]))
        .unwrap();
    let reply = root.send(large).await;
    assert_eq!(reply.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert!(reply.body.contains("too much at once") && reply.body.contains(reply.header("x-request-id")));
    check_headers(&reply, "too large");

    for method in [Method::TRACE, Method::PUT, Method::DELETE, Method::OPTIONS, Method::PATCH] {
        let request = root.request(method.clone(), "/keys").body(Body::empty()).unwrap();
        let reply = root.send(request).await;
        assert_eq!(reply.status, StatusCode::METHOD_NOT_ALLOWED, "{method}");
        check_headers(&reply, method.as_str());
    }
    assert_eq!(root.get("/no/such/page").await.status, StatusCode::NOT_FOUND);
    assert_eq!(root.get("/manifest.json").await.status, StatusCode::NOT_FOUND);
    let odd = root
        .request(Method::POST, "/api/people/add")
        .header(header::CONTENT_TYPE, "application/json")
        .body(Body::from("{}"))
        .unwrap();
    assert!(root.send(odd).await.status.is_redirection() || !site.logged().await.contains(&"person.added".to_owned()));
}

#[tokio::test]
async fn nothing_changes_on_get() {
    let site = Site::new().await;
    site.add("operator", &[(Role::Operator, None), (Role::Auditor, None)]).await;
    let mut root = site.signed_in("root").await;
    let before = site.logged().await;
    for (path, method) in server_fn_paths() {
        if method == Method::POST {
            assert_eq!(root.get(path).await.status.as_u16() / 100, 4, "{path} answers to GET");
        }
    }
    assert_eq!(site.logged().await, before);
}

#[tokio::test]
async fn ready_turns_to_503_when_the_database_is_gone_and_live_does_not() {
    let site = Site::new().await;
    let mut browser = site.browser();
    assert_eq!(browser.get("/health/ready").await.status, StatusCode::OK);
    site.store.close().await;
    assert_eq!(browser.get("/health/ready").await.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(browser.get("/health/live").await.status, StatusCode::OK);
    let page = browser.get("/keys").await;
    assert!(page.status == StatusCode::SERVICE_UNAVAILABLE || page.status.is_redirection());
}
