//! Requests from the wizard to the key: verdicts, self-approval, changes meanwhile, lost answers, failures, the one look.

use atlas_sandbox::{FaultKind, FaultRule};
use domain::{
    ids::RequestNumber,
    key_end::{KeyEnd, end_after, today},
    people::{Grant, Role},
};
use server::store::{Query, Store};

use super::support::{Database, Office, PASSWORD, Reply};

#[tokio::test]
async fn a_key_is_asked_for_approved_created_and_seen_once() {
    let office = Office::open().await;
    let number = office.ask().await;
    assert_eq!(office.state(&number).await, "pending");
    let mut paul = office.site.signed_in("paul").await;
    assert_eq!(office.approve(&mut paul, &number).await, format!("/requests/{number}"));
    assert_eq!(office.state(&number).await, "approved");
    office.execute().await;
    assert_eq!(office.state(&number).await, "applied");
    assert_eq!(office.creations(), 1);

    let mut olga = office.site.signed_in("olga").await;
    let secret = format!("/requests/{number}/secret");
    let wrong = olga.post(&secret, &[("password", "not it")]).await;
    assert!(wrong.status.is_client_error(), "{}", wrong.status);
    let shown = olga.post(&secret, &[("password", PASSWORD)]).await;
    assert!(shown.status.is_success(), "{}", shown.body);
    let private = uuid_in(&shown);
    assert_eq!(shown.header("cache-control"), "no-store");
    let again = olga.post(&secret, &[("password", PASSWORD)]).await;
    assert_eq!(again.status, 409);
    assert!(!again.body.contains(&private));
    assert!(!contains(&office.site.bytes(), private.as_bytes()), "the private key is in the database");

    let logged = office.site.logged().await;
    for word in [
        "request.submitted",
        "request.approved",
        "execution.started",
        "execution.step_intended",
        "execution.step_finished",
        "secret.sealed",
        "execution.finished",
        "secret.revealed",
    ] {
        assert!(logged.iter().any(|action| action == word), "{word} is not in {logged:?}");
    }
}

#[tokio::test]
async fn of_five_looks_at_once_one_sees_the_key_and_the_others_are_told_that_it_was_seen() {
    let office = Office::open().await;
    let number = office.ask().await;
    office.approve(&mut office.site.signed_in("paul").await, &number).await;
    office.execute().await;
    let olga = office.site.signed_in("olga").await;
    let secret = format!("/requests/{number}/secret");
    let fields = [("password", PASSWORD)];
    let mut browsers = [(); 5].map(|()| olga.clone());
    let looks = browsers.iter_mut().map(|browser| browser.post(&secret, &fields));
    let replies = futures_util::future::join_all(looks).await;
    let (seen, refused): (Vec<_>, Vec<_>) = replies.into_iter().partition(|reply| reply.status.is_success());
    assert_eq!(seen.len(), 1);
    for reply in refused {
        assert_eq!(reply.status, 409, "{}", reply.body);
        assert!(reply.body.contains("It was revealed already"), "{}", reply.body);
    }
}

#[tokio::test]
async fn nobody_else_sees_the_private_key() {
    let office = Office::open().await;
    let number = office.ask().await;
    office.approve(&mut office.site.signed_in("paul").await, &number).await;
    office.execute().await;
    for name in ["paul", "otto", "root", "august"] {
        let mut browser = office.site.signed_in(name).await;
        let reply = browser.post(&format!("/requests/{number}/secret"), &[("password", PASSWORD)]).await;
        assert!(reply.status.is_client_error(), "{name}: {}", reply.status);
    }
    let mut olga = office.site.signed_in("olga").await;
    let shown = olga.post(&format!("/requests/{number}/secret"), &[("password", PASSWORD)]).await;
    assert!(shown.status.is_success(), "it still waits for the requester");
}

#[tokio::test]
async fn a_secret_that_nobody_looked_at_is_destroyed_after_a_day() {
    let office = Office::open().await;
    let number = office.ask().await;
    office.approve(&mut office.site.signed_in("paul").await, &number).await;
    office.execute().await;
    office.site.wait(24 * 3600 + 1);
    let mut olga = office.site.signed_in("olga").await;
    let late = olga.post(&format!("/requests/{number}/secret"), &[("password", PASSWORD)]).await;
    assert_eq!(late.status, 409, "it is over at once, before anything swept it away");
    office.site.executor.sweep().await.unwrap();
    assert!(office.site.store.reveal(number.parse().unwrap()).await.unwrap().unwrap().sealed.is_none());
    assert!(office.site.logged().await.iter().any(|action| action == "secret.destroyed"));
}

#[tokio::test]
async fn nobody_approves_their_own_request_whatever_their_roles() {
    let office = Office::open().await;
    let mut otto = office.site.signed_in("otto").await;
    let draft = office.draft(&mut otto, &["ORG_MEMBER"], "203.0.113.7").await;
    let number = office.submit(&mut otto, &draft).await;
    let back = office.approve(&mut otto, &number).await;
    assert!(back.contains("attempt="), "{back}");
    let page = otto.get(&back).await;
    assert!(page.body.contains("somebody else has to decide"), "{}", page.body);
    assert_eq!(office.state(&number).await, "pending");
    assert!(office.site.logged().await.iter().any(|action| action == "session.refused"));
}

#[tokio::test]
async fn an_owner_key_needs_two_different_people() {
    let office = Office::open().await;
    let mut olga = office.site.signed_in("olga").await;
    let draft = office.draft(&mut olga, &["ORG_OWNER"], "203.0.113.7").await;
    let number = office.submit(&mut olga, &draft).await;
    let mut paul = office.site.signed_in("paul").await;
    office.approve(&mut paul, &number).await;
    assert_eq!(office.state(&number).await, "pending");
    office.approve(&mut paul, &number).await;
    assert_eq!(office.state(&number).await, "pending", "one person counts once");
    office.approve(&mut office.site.signed_in("petra").await, &number).await;
    assert_eq!(office.state(&number).await, "approved");
}

#[tokio::test]
async fn two_approvers_at_once_approve_once_each() {
    let office = Office::open().await;
    let number = office.ask().await;
    let mut paul = office.site.signed_in("paul").await;
    let mut petra = office.site.signed_in("petra").await;
    tokio::join!(office.approve(&mut paul, &number), office.approve(&mut petra, &number));
    assert_eq!(office.state(&number).await, "approved");
    office.execute().await;
    assert_eq!(office.creations(), 1);
}

#[tokio::test]
async fn an_approval_falls_with_the_role_of_who_gave_it() {
    let office = Office::open().await;
    let number = office.ask().await;
    office.approve(&mut office.site.signed_in("paul").await, &number).await;
    assert_eq!(office.state(&number).await, "approved");
    let paul = office.site.store.person_named("paul").await.unwrap().unwrap().id;
    let mut tx = office.site.store.begin().await.unwrap();
    let viewer = [Grant { role: Role::Viewer, org: None }];
    Store::replace_grants(&mut tx, paul, &viewer, None, office.site.now()).await.unwrap();
    tx.commit().await.unwrap();
    office.execute().await;
    assert_eq!(office.state(&number).await, "pending", "it waits for somebody who may decide");
    assert_eq!(office.creations(), 0);
}

#[tokio::test]
async fn an_approval_counts_again_when_the_role_is_given_back() {
    let office = Office::open().await;
    let mut olga = office.site.signed_in("olga").await;
    let draft = office.draft(&mut olga, &["ORG_OWNER"], "203.0.113.7").await;
    let number = office.submit(&mut olga, &draft).await;
    office.approve(&mut office.site.signed_in("paul").await, &number).await;
    let paul = office.site.store.person_named("paul").await.unwrap().unwrap().id;
    for role in [Role::Viewer, Role::Approver] {
        let mut tx = office.site.store.begin().await.unwrap();
        Store::replace_grants(&mut tx, paul, &[Grant { role, org: None }], None, office.site.now()).await.unwrap();
        tx.commit().await.unwrap();
        if role == Role::Viewer {
            office.approve(&mut office.site.signed_in("petra").await, &number).await;
            office.site.executor.sweep().await.unwrap();
            assert_eq!(office.state(&number).await, "pending", "one of the two counts no more");
        }
    }
    office.site.executor.sweep().await.unwrap();
    assert_eq!(office.state(&number).await, "approved");
}

#[tokio::test]
async fn roles_given_and_taken_on_the_page_are_counted_at_once() {
    let office = Office::open().await;
    let mut olga = office.site.signed_in("olga").await;
    let draft = office.draft(&mut olga, &["ORG_OWNER"], "203.0.113.7").await;
    let number = office.submit(&mut olga, &draft).await;
    for name in ["paul", "petra"] {
        office.approve(&mut office.site.signed_in(name).await, &number).await;
    }
    assert_eq!(office.state(&number).await, "approved");
    let paul = office.site.store.person_named("paul").await.unwrap().unwrap().id.to_string();
    let mut root = office.site.signed_in("root").await;
    for (role, expected) in [("viewer", "pending"), ("approver", "approved")] {
        let fields = [("id", paul.as_str()), ("grants[]", role)];
        let reply = root.post("/api/people/set-grants", &fields).await;
        assert!(!reply.location().unwrap().contains("attempt="), "{reply:?}");
        assert_eq!(office.state(&number).await, expected, "as {role}");
    }
    let fields = |disabled| [("id", paul.as_str()), ("disabled", disabled)];
    for (disabled, expected) in [("true", "pending"), ("false", "approved")] {
        let reply = root.post("/api/people/set-disabled", &fields(disabled)).await;
        assert!(!reply.location().unwrap().contains("attempt="), "{reply:?}");
        assert_eq!(office.state(&number).await, expected, "closed: {disabled}");
    }
}

#[tokio::test]
async fn what_the_roles_do_not_allow_leaves_an_entry_in_the_log() {
    let office = Office::open().await;
    let mut vera = office.site.signed_in("vera").await;
    let reply = vera.post("/api/drafts/start", &[("org", office.org.as_str())]).await;
    assert!(reply.location().unwrap().contains("attempt="), "{reply:?}");
    assert!(office.site.logged().await.iter().any(|action| action == "session.refused"));
}

#[tokio::test]
async fn a_role_lost_between_the_page_and_the_click_counts_for_nothing() {
    let office = Office::open().await;
    let number = office.ask().await;
    let mut paul = office.site.signed_in("paul").await;
    let id = office.site.store.person_named("paul").await.unwrap().unwrap().id;
    let mut tx = office.site.store.begin().await.unwrap();
    Store::replace_grants(&mut tx, id, &[Grant { role: Role::Viewer, org: None }], None, office.site.now())
        .await
        .unwrap();
    tx.commit().await.unwrap();
    let back = office.approve(&mut paul, &number).await;
    assert!(back.contains("attempt="), "{back}");
    assert_eq!(office.state(&number).await, "pending");
}

#[tokio::test]
async fn a_plan_that_atlas_has_overtaken_becomes_stale() {
    let office = Office::open().await;
    let number = office.ask().await;
    // Somebody creates a key with the same description meanwhile.
    let org = office.org.as_str();
    let planted = atlas_sandbox::NewCredentials {
        org_id: org,
        desc: "ci-deploy-new",
        org_roles: &["ORG_MEMBER"],
        project_roles: &[],
        access_list: &[],
    };
    office.sandbox.plant_key(&planted).unwrap();
    let mut paul = office.site.signed_in("paul").await;
    let back = office.approve(&mut paul, &number).await;
    let page = paul.get(&back).await;
    assert!(page.body.contains("Keys with the same description"), "the page shows what was and what is now");
    assert_eq!(office.state(&number).await, "stale");
    office.execute().await;
    assert_eq!(office.creations(), 0);
}

/// How many keys are on record as Olga's, made by this request, and needed for 90 days.
async fn recorded(office: &Office, number: &str) -> i64 {
    let number: RequestNumber = number.parse().unwrap();
    let end = KeyEnd::On(end_after(90, today(office.site.now())).unwrap()).at().unwrap();
    let query = Query::new(
        "select count(*) as n from key_origins where requested_by = 'olga' and request_number = $1 and ends = $2",
    );
    office.site.store.fetch_one(query.bind(number.0).bind(end)).await.unwrap().get_i64("n").unwrap()
}

#[tokio::test]
async fn a_new_key_has_its_owner_and_its_end_from_the_approved_plan() {
    let office = Office::open().await;
    let number = office.ask().await;
    let mut paul = office.site.signed_in("paul").await;
    let page = paul.get(&format!("/requests/{number}")).await;
    assert!(page.body.contains("needed until") && page.body.contains("2 Aug 2026"), "{}", page.body);
    assert_eq!(recorded(&office, &number).await, 0);
    office.approve(&mut paul, &number).await;
    office.execute().await;
    assert_eq!(office.state(&number).await, "applied");
    assert_eq!(recorded(&office, &number).await, 1);
    office.site.refresher.idle().await;
    let table = paul.get("/keys?q=ci-deploy-new").await;
    assert!(table.body.contains("in 90 d") && table.body.contains("olga"), "{}", table.body);
    let steps = office.site.store.steps(number.parse().unwrap()).await.unwrap();
    let key = steps[0].result.as_ref().unwrap()["key"].as_str().unwrap().to_owned();
    let page = paul.get(&format!("/keys/{}/{key}", office.org)).await;
    assert!(page.body.contains(&format!("/requests/{number}")) && page.body.contains("2 Aug 2026"), "{}", page.body);
    assert!(page.body.contains("Atlas does not end API keys by itself"), "{}", page.body);
}

#[tokio::test]
async fn a_lost_answer_is_looked_up_and_the_key_not_made_again() {
    let office = Office::open().await;
    let number = office.ask().await;
    office.approve(&mut office.site.signed_in("paul").await, &number).await;
    office.sandbox.add_faults([FaultRule::on("POST", "/apiKeys", FaultKind::CutAfter).times(1)]);
    office.execute().await;
    assert_eq!(office.state(&number).await, "partly_applied");
    assert_eq!(office.creations(), 1);
    assert_eq!(recorded(&office, &number).await, 1, "what was found in Atlas has its owner and its end");
    let mut olga = office.site.signed_in("olga").await;
    let page = olga.get(&format!("/requests/{number}")).await;
    assert!(page.body.contains("its answer was lost"), "{}", page.body);
}

#[tokio::test]
async fn a_call_that_was_cut_before_it_arrived_is_looked_up_and_then_sent() {
    let office = Office::open().await;
    let number = office.ask().await;
    office.approve(&mut office.site.signed_in("paul").await, &number).await;
    office.sandbox.add_faults([FaultRule::on("POST", "/apiKeys", FaultKind::CutBefore).times(1)]);
    office.execute().await;
    assert_eq!(office.state(&number).await, "applied");
    assert_eq!(office.creations(), 1);
}

#[tokio::test]
async fn a_failing_step_stops_the_rest_and_says_why() {
    let office = Office::open().await;
    let number = office.ask().await;
    office.approve(&mut office.site.signed_in("paul").await, &number).await;
    let refusal = FaultKind::Status { status: 403, retry_after: None, after_change: false };
    office.sandbox.add_faults([FaultRule::on("POST", "/accessList", refusal).times(1)]);
    office.execute().await;
    assert_eq!(office.state(&number).await, "partly_applied");
    let steps = office.site.store.steps(number.parse().unwrap()).await.unwrap();
    let states: Vec<_> = steps.iter().map(|step| step.state.as_str()).collect();
    assert_eq!(states, ["done", "failed", "skipped"]);
}

#[tokio::test]
async fn what_was_made_is_taken_back_when_the_wizard_said_so() {
    let office = Office::open().await;
    let mut olga = office.site.signed_in("olga").await;
    let draft = office.draft(&mut olga, &["ORG_MEMBER"], "203.0.113.7").await;
    let fields = [("draft", draft.as_str()), ("if_step_fails", "delete"), ("go", "next")];
    olga.post("/api/drafts/save-projects", &fields).await;
    let number = office.submit(&mut olga, &draft).await;
    office.approve(&mut office.site.signed_in("paul").await, &number).await;
    let refusal = FaultKind::Status { status: 403, retry_after: None, after_change: false };
    office.sandbox.add_faults([FaultRule::on("POST", "/accessList", refusal).times(1)]);
    office.execute().await;
    assert_eq!(office.state(&number).await, "failed");
    let deleted =
        office.sandbox.journal().iter().filter(|entry| entry.method == "DELETE" && entry.status == 204).count();
    assert_eq!(deleted, 1);
}

#[tokio::test]
async fn denied_withdrawn_and_expired_requests_are_never_executed() {
    let office = Office::open().await;
    let denied = office.ask().await;
    let mut paul = office.site.signed_in("paul").await;
    let digest = office.site.store.request(denied.parse().unwrap()).await.unwrap().unwrap().digest;
    let silent = paul.post("/api/requests/deny", &[("number", &denied), ("digest", &digest)]).await;
    assert!(silent.location().unwrap().contains("attempt="), "a reason is required");
    let fields = [("number", denied.as_str()), ("digest", &digest), ("deny_reason", "Use the shared key.")];
    paul.post("/api/requests/deny", &fields).await;
    assert_eq!(office.state(&denied).await, "denied");

    let withdrawn = office.ask().await;
    let mut olga = office.site.signed_in("olga").await;
    olga.post("/api/requests/withdraw", &[("number", &withdrawn)]).await;
    assert_eq!(office.state(&withdrawn).await, "withdrawn");

    let expired = office.ask().await;
    office.approve(&mut paul, &expired).await;
    office.site.wait(4 * 24 * 3600);
    office.execute().await;
    assert_eq!(office.creations(), 0);
    office.site.executor.sweep().await.unwrap();
    assert_eq!(office.state(&expired).await, "expired");
}

#[tokio::test]
async fn the_whole_way_works_on_postgresql_too() {
    let Some(database) = Database::postgres().await else { return };
    let office = Office::open_on(std::sync::Arc::new(database)).await;
    let number = office.ask().await;
    office.approve(&mut office.site.signed_in("paul").await, &number).await;
    office.execute().await;
    assert_eq!(office.state(&number).await, "applied");
    assert_eq!(office.creations(), 1);
    let mut olga = office.site.signed_in("olga").await;
    let shown = olga.post(&format!("/requests/{number}/secret"), &[("password", PASSWORD)]).await;
    assert!(shown.status.is_success());
}

/// The private key in a page: Atlas's have the form of a UUID.
fn uuid_in(reply: &Reply) -> String {
    let is_uuid = |word: &&str| word.len() == 36 && uuid::Uuid::try_parse(word).is_ok();
    let mut words = reply.body.split(|c: char| !(c.is_ascii_hexdigit() || c == '-'));
    words.find(is_uuid).unwrap_or_else(|| panic!("no private key in {}", reply.body)).to_owned()
}

fn contains(haystack: &[u8], needle: &[u8]) -> bool {
    haystack.windows(needle.len()).any(|window| window == needle)
}
