//! What people type wrong, and what attackers send: a message beside the field, the other fields kept, never a 500.

use axum::body::Body;
use http::{Method, StatusCode, header};

use super::support::{Browser, Office};

/// A draft of Olga's at its second step.
async fn started(office: &Office) -> (Browser, String) {
    let mut olga = office.site.signed_in("olga").await;
    let reply = olga.post("/api/drafts/start", &[("org", office.org.as_str())]).await;
    let draft = reply.location().unwrap().split('/').nth(3).unwrap().to_owned();
    olga.post("/api/drafts/save-organization", &[("draft", &draft), ("org", office.org.as_str())]).await;
    (olga, draft)
}

#[tokio::test]
async fn a_wrong_description_is_told_beside_the_field_and_nothing_is_lost() {
    let office = Office::open().await;
    let (mut olga, draft) = started(&office).await;
    let long = "x".repeat(251);
    for (description, complaint) in
        [("", "Give the key a description"), (long.as_str(), "at most 250 characters"), ("ci\u{7}deploy", "control")]
    {
        let fields = [("draft", draft.as_str()), ("description", description), ("roles[]", "ORG_READ_ONLY")];
        let reply = olga.post("/api/drafts/save-description", &fields).await;
        let page = reply.location().unwrap().to_owned();
        assert!(page.ends_with("/description"), "{page}");
        let page = olga.get(&page).await;
        assert_eq!(page.status, StatusCode::OK);
        assert!(page.body.contains(complaint), "{complaint} is missing in {}", page.body);
        assert!(page.body.contains("aria-invalid=\"true\""));
        let kept = page.body.split("value=\"ORG_READ_ONLY\"").nth(1).unwrap();
        assert!(kept.split('>').next().unwrap().contains("checked"), "the chosen role is kept");
    }
}

#[tokio::test]
async fn wrong_addresses_are_told_by_line_and_the_text_is_kept() {
    let office = Office::open().await;
    let (mut olga, draft) = started(&office).await;
    let fields = [("draft", draft.as_str()), ("description", "ci"), ("roles[]", "ORG_MEMBER")];
    olga.post("/api/drafts/save-description", &fields).await;
    let list = "300.1.1.1\n10.0.0.1/33\n203.0.113.7\n203.0.113.7";
    let reply = olga.post("/api/drafts/save-access-list", &[("draft", &draft), ("access_list", list)]).await;
    let page = olga.get(reply.location().unwrap()).await;
    for words in ["Line 1:", "300 is above 255", "Line 2:", "Did you mean 10.0.0.1/32?", "Line 4:", "already in line 3"]
    {
        assert!(page.body.contains(words), "{words} is missing in {}", page.body);
    }
    assert!(page.body.contains("300.1.1.1\n10.0.0.1/33"), "what was typed is still there");
    let reply = olga
        .post("/api/drafts/save-access-list", &[("draft", &draft), ("access_list", "10.0.0.77/24\n0.0.0.0/0")])
        .await;
    assert!(reply.location().unwrap().ends_with("/projects"), "host bits and wide ranges are allowed, and noted");
    let page = olga.get(&format!("/keys/new/{draft}/access-list")).await;
    assert!(page.body.contains("has host bits"), "{}", page.body);
}

#[tokio::test]
async fn unknown_roles_and_foreign_projects_are_refused() {
    let office = Office::open().await;
    let (mut olga, draft) = started(&office).await;
    let fields = [("draft", draft.as_str()), ("description", "ci"), ("roles[]", "ORG_BOSS")];
    let reply = olga.post("/api/drafts/save-description", &fields).await;
    let page = olga.get(reply.location().unwrap()).await;
    assert!(page.body.contains("is not an organization role of Atlas"), "{}", page.body);
    let fields = [("draft", draft.as_str()), ("description", "ci"), ("roles[]", "ORG_MEMBER")];
    olga.post("/api/drafts/save-description", &fields).await;
    olga.post("/api/drafts/save-access-list", &[("draft", &draft), ("access_list", "203.0.113.7")]).await;
    let fields = [
        ("draft", draft.as_str()),
        ("picked[]", "ffffffffffffffffffffffff"),
        ("picked_roles[]", "GROUP_READ_ONLY"),
        ("go", "next"),
    ];
    let reply = olga.post("/api/drafts/save-projects", &fields).await;
    let page = olga.get(reply.location().unwrap()).await;
    assert!(page.body.contains("is not in this organization"), "{}", page.body);
}

#[tokio::test]
async fn a_wrong_end_is_told_beside_the_field_and_what_was_typed_stays() {
    let office = Office::open().await;
    let mut olga = office.site.signed_in("olga").await;
    let draft = office.draft(&mut olga, &["ORG_MEMBER"], "203.0.113.7").await;
    for (choice, day, complaint) in [
        ("date", "", "Write the day as year-month-day"),
        ("date", "next <b>week</b>", "not a day in the form year-month-day"),
        ("date", "2026-02-30", "The calendar has no day 2026-02-30"),
        ("date", "2026-05-04", "The day has to come after today"),
        ("date", "2099-01-01", "at most 5 years ahead"),
        ("7", "2026-06-01", "Choose how long the key is needed"),
    ] {
        let fields = [("draft", draft.as_str()), ("expiry", choice), ("expiry_date", day), ("go", "review")];
        let reply = olga.post("/api/drafts/save-expiry", &fields).await;
        let page = reply.location().unwrap().to_owned();
        assert!(page.ends_with("/expiry"), "{page}");
        let page = olga.get(&page).await;
        assert_eq!(page.status, StatusCode::OK);
        assert!(page.body.contains(complaint), "{complaint} is missing in {}", page.body);
        assert!(page.body.contains("aria-invalid=\"true\""));
        let kept = day.replace('<', "&lt;").replace('>', "&gt;");
        assert!(
            page.body.contains(&format!("value=\"{kept}\"")) || page.body.contains(&format!("value=\"{day}\"")),
            "{}",
            page.body
        );
        let review = olga.get(&format!("/keys/new/{draft}/review")).await;
        assert!(review.body.contains("First comes “Expiry”."), "{}", review.body);
    }
    let fields = [("draft", draft.as_str()), ("expiry", "date"), ("expiry_date", "2026-05-05"), ("go", "review")];
    let reply = olga.post("/api/drafts/save-expiry", &fields).await;
    let review = olga.get(reply.location().unwrap()).await;
    assert!(review.body.contains("Until 5 May 2026"), "{}", review.body);
    assert!(!review.body.contains("The key has no end"));
    olga.post("/api/drafts/save-expiry", &[("draft", draft.as_str()), ("expiry", "never")]).await;
    let review = olga.get(&format!("/keys/new/{draft}/review")).await;
    assert!(review.body.contains("The key has no end"), "{}", review.body);
}

#[tokio::test]
async fn a_forged_organization_gets_no_further_than_the_first_step() {
    let office = Office::open().await;
    let (mut olga, draft) = started(&office).await;
    for org in ["ffffffffffffffffffffffff", "../../etc/passwd", ""] {
        let reply = olga.post("/api/drafts/save-organization", &[("draft", &draft), ("org", org)]).await;
        assert!(reply.location().unwrap().ends_with("/organization"), "{reply:?}");
        let page = olga.get(reply.location().unwrap()).await;
        assert_eq!(page.status, StatusCode::OK);
    }
}

#[tokio::test]
async fn tampered_hidden_fields_change_nothing() {
    let office = Office::open().await;
    let number = office.ask().await;
    let mut paul = office.site.signed_in("paul").await;
    for (number, digest) in [(number.as_str(), "0000"), ("CR-9999", "0000"), ("'; drop table requests", ""), ("", "")] {
        let reply = paul.post("/api/requests/approve", &[("number", number), ("digest", digest)]).await;
        assert!(!reply.status.is_server_error(), "{reply:?}");
    }
    assert_eq!(office.state(&number).await, "pending");

    let (_, theirs) = started(&office).await;
    let mut otto = office.site.signed_in("otto").await;
    let reply = otto.post("/api/drafts/save-description", &[("draft", &theirs), ("description", "mine now")]).await;
    assert!(reply.location().unwrap().contains("attempt="), "somebody else's draft is not there: {reply:?}");
    let page = otto.get(&format!("/keys/new/{theirs}/description")).await;
    assert_eq!(page.status, StatusCode::NOT_FOUND);

    let mut olga = office.site.signed_in("olga").await;
    let draft = office.draft(&mut olga, &["ORG_MEMBER"], "203.0.113.7").await;
    let fields = [("draft", draft.as_str()), ("digest", "f00d"), ("reason", "because")];
    let reply = olga.post("/api/drafts/submit", &fields).await;
    let page = olga.get(reply.location().unwrap()).await;
    assert!(page.body.contains("no longer the one you reviewed"), "{}", page.body);
}

#[tokio::test]
async fn a_step_out_of_order_names_the_step_that_comes_first() {
    let office = Office::open().await;
    let (mut olga, draft) = started(&office).await;
    for step in ["access-list", "projects", "review"] {
        let page = olga.get(&format!("/keys/new/{draft}/{step}")).await;
        assert!(!page.status.is_server_error(), "{step}: {}", page.status);
        assert!(page.body.contains(&format!("/keys/new/{draft}/description")), "{step} leads to the description");
    }
    let page = olga.get(&format!("/keys/new/{draft}/nonsense")).await;
    assert_eq!(page.status, StatusCode::NOT_FOUND);
    let reply = olga.post("/api/drafts/submit", &[("draft", &draft), ("reason", "because")]).await;
    assert!(reply.location().unwrap().contains("attempt="), "{reply:?}");
}

#[tokio::test]
async fn an_expired_draft_says_so() {
    let office = Office::open().await;
    let (_, draft) = started(&office).await;
    office.site.wait(15 * 24 * 3600);
    let mut olga = office.site.signed_in("olga").await;
    let page = olga.get(&format!("/keys/new/{draft}/description")).await;
    assert_eq!(page.status, StatusCode::NOT_FOUND);
    assert!(page.body.contains("Start again"), "it offers to start again");
    let reply = olga.post("/api/drafts/save-description", &[("draft", &draft), ("description", "x")]).await;
    assert!(!reply.status.is_server_error(), "{reply:?}");
}

#[tokio::test]
async fn bodies_that_are_too_large_or_of_another_kind_are_refused() {
    let office = Office::open().await;
    let (mut olga, draft) = started(&office).await;
    let huge = "x".repeat(2 * 1024 * 1024);
    let form = format!("draft={draft}&description={huge}");
    let request = olga
        .request(Method::POST, "/api/drafts/save-description")
        .header("sec-fetch-site", "same-origin")
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .header(header::CONTENT_LENGTH, form.len())
        .body(Body::from(form))
        .unwrap();
    let reply = olga.send(request).await;
    assert_eq!(reply.status, StatusCode::PAYLOAD_TOO_LARGE);
    for kind in ["application/json", "multipart/form-data", "text/plain", ""] {
        let request = olga
            .request(Method::POST, "/api/drafts/save-description")
            .header("sec-fetch-site", "same-origin")
            .header(header::CONTENT_TYPE, kind)
            .body(Body::from("{\"draft\": 1"))
            .unwrap();
        let reply = olga.send(request).await;
        assert_eq!(reply.status, StatusCode::UNSUPPORTED_MEDIA_TYPE, "{kind}");
    }
}
