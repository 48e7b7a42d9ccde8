//! One table: every server function and route, and who may call it. A function that is not in the table fails the test.

use http::{Method, StatusCode};
use leptos::server_fn::axum::server_fn_paths;

use super::support::Office;

/// Who gets past the permission check; what comes then is another matter.
const EVERYBODY: &[&str] = &["vera", "olga", "paul", "root", "august"];
const OPERATORS: &[&str] = &["olga"];
const APPROVERS: &[&str] = &["paul"];
const ADMINISTRATORS: &[&str] = &["root"];
const LOG_READERS: &[&str] = &["root", "august"];

/// Every server function with those who may call it.
const FUNCTIONS: &[(&str, &[&str])] = &[
    ("/api/appearance/theme", EVERYBODY),
    ("/api/attempts/get", EVERYBODY),
    ("/api/drafts/discard", EVERYBODY),
    ("/api/drafts/get", EVERYBODY),
    ("/api/drafts/list", EVERYBODY),
    ("/api/drafts/review", EVERYBODY),
    ("/api/drafts/save-access-list", EVERYBODY),
    ("/api/drafts/save-description", EVERYBODY),
    ("/api/drafts/save-expiry", EVERYBODY),
    ("/api/drafts/save-organization", EVERYBODY),
    ("/api/drafts/save-projects", EVERYBODY),
    ("/api/drafts/start", OPERATORS),
    ("/api/drafts/submit", EVERYBODY),
    ("/api/findings/list", EVERYBODY),
    ("/api/keys/get", EVERYBODY),
    ("/api/keys/list", EVERYBODY),
    ("/api/keys/narrow", OPERATORS),
    ("/api/keys/narrowing", OPERATORS),
    ("/api/log/list", LOG_READERS),
    ("/api/organizations/add", ADMINISTRATORS),
    ("/api/organizations/add-import", ADMINISTRATORS),
    ("/api/organizations/check-import", ADMINISTRATORS),
    ("/api/organizations/choices", ADMINISTRATORS),
    ("/api/organizations/get", EVERYBODY),
    ("/api/organizations/get-import", ADMINISTRATORS),
    ("/api/organizations/list", EVERYBODY),
    ("/api/organizations/refresh", EVERYBODY),
    ("/api/organizations/refresh-all", EVERYBODY),
    ("/api/organizations/remove", ADMINISTRATORS),
    ("/api/organizations/remove-writer", ADMINISTRATORS),
    ("/api/organizations/replace", ADMINISTRATORS),
    ("/api/organizations/test", ADMINISTRATORS),
    ("/api/people/account", EVERYBODY),
    ("/api/people/add", ADMINISTRATORS),
    ("/api/people/change-password", EVERYBODY),
    ("/api/people/end-other-sessions", EVERYBODY),
    ("/api/people/get", ADMINISTRATORS),
    ("/api/people/list", ADMINISTRATORS),
    ("/api/people/set-disabled", ADMINISTRATORS),
    ("/api/people/set-grants", ADMINISTRATORS),
    ("/api/people/start-reset", ADMINISTRATORS),
    ("/api/projects/list", EVERYBODY),
    ("/api/requests/approve", APPROVERS),
    ("/api/requests/check", EVERYBODY),
    ("/api/requests/deny", APPROVERS),
    ("/api/requests/get", EVERYBODY),
    ("/api/requests/list", EVERYBODY),
    ("/api/requests/withdraw", EVERYBODY),
    ("/api/search/everything", EVERYBODY),
    ("/api/session/choose-password", EVERYBODY),
    ("/api/session/demo-accounts", EVERYBODY),
    ("/api/session/frame", EVERYBODY),
    ("/api/session/link", EVERYBODY),
    ("/api/session/set-up", EVERYBODY),
    ("/api/session/sign-in", EVERYBODY),
];

/// Pages with those who may open them.
const PAGES: &[(&str, &[&str])] = &[
    ("/", EVERYBODY),
    ("/organizations", EVERYBODY),
    ("/organizations/import", ADMINISTRATORS),
    ("/organizations/import.csv", EVERYBODY),
    ("/organizations/new", ADMINISTRATORS),
    ("/projects", EVERYBODY),
    ("/keys", EVERYBODY),
    ("/keys.csv", EVERYBODY),
    ("/keys.json", EVERYBODY),
    ("/projects.csv", EVERYBODY),
    ("/projects.json", EVERYBODY),
    ("/credential-report.csv", EVERYBODY),
    ("/findings", EVERYBODY),
    ("/palette", EVERYBODY),
    ("/search?q=a", EVERYBODY),
    ("/requests", EVERYBODY),
    ("/log", LOG_READERS),
    ("/people", ADMINISTRATORS),
    ("/people/new", ADMINISTRATORS),
    ("/account", EVERYBODY),
];

#[tokio::test]
async fn every_server_function_is_in_the_table() {
    // Drawing the routes is what registers the functions.
    let _office = Office::open().await;
    let mut known: Vec<&str> = FUNCTIONS.iter().map(|(path, _)| *path).chain(["/api/session/sign-out"]).collect();
    known.sort_unstable();
    let mut there: Vec<&str> = server_fn_paths().map(|(path, _)| path).collect();
    there.sort_unstable();
    assert_eq!(there, known);
}

#[tokio::test]
async fn each_role_gets_as_far_as_the_table_says() {
    let office = Office::open().await;
    // Otto's, so that nobody in the table meets the rule about one's own request.
    let mut otto = office.site.signed_in("otto").await;
    let draft = office.draft(&mut otto, &["ORG_MEMBER"], "203.0.113.7").await;
    let number = office.submit(&mut otto, &draft).await;
    let digest = office.site.store.request(number.parse().unwrap()).await.unwrap().unwrap().digest;
    let person = office.site.store.person_named("vera").await.unwrap().unwrap().id.to_string();
    let org = office.org.to_string();
    for name in EVERYBODY {
        for (path, allowed) in FUNCTIONS {
            let method = server_fn_paths().find(|(there, _)| there == path).map(|(_, method)| method).unwrap();
            assert_eq!(method, Method::POST, "{path}");
            // Signed in anew, since some functions end the session.
            let mut browser = office.site.signed_in(name).await;
            let fields = [
                ("org", org.as_str()),
                ("number", &number),
                ("digest", &digest),
                ("deny_reason", "No."),
                ("id", &person),
                ("key", "aaaaaaaa"),
                ("query[page]", "1"),
                ("draft", "00000000-0000-0000-0000-000000000000"),
                ("step", "organization"),
                ("form", "/"),
                ("token", "none"),
                ("theme", "dark"),
                ("typed_name", "not its name"),
                ("grants[]", "viewer"),
            ];
            let reply = browser.call(path, &fields).await;
            assert!(!reply.status.is_server_error(), "{name} {path}: {} {}", reply.status, reply.body);
            let refused = reply.status == StatusCode::FORBIDDEN;
            assert_eq!(refused, !allowed.contains(name), "{name} {path}: {} {}", reply.status, reply.body);
        }
    }
}

#[tokio::test]
async fn each_role_opens_the_pages_the_table_says() {
    let office = Office::open().await;
    for name in EVERYBODY {
        let mut browser = office.site.signed_in(name).await;
        for (path, allowed) in PAGES {
            let reply = browser.get(path).await;
            let expected = if allowed.contains(name) { StatusCode::OK } else { StatusCode::FORBIDDEN };
            assert_eq!(reply.status, expected, "{name} {path}");
        }
    }
}
