//! `kill -9` at every point of an execution: afterwards there is exactly one key in Atlas, the log is whole, the state is right.

use std::path::Path;

use atlas_sandbox::{RateLimit, Sandbox};
use jiff::Timestamp;
use tempfile::TempDir;
use tokio::{net::TcpListener, sync::oneshot};

use super::support::{
    between,
    program::{Program, run},
    visitor::Visitor,
};

const PASSWORD: &str = "a long and private pass phrase";

/// The sandbox over a real socket, outside the program that is killed.
struct Atlas {
    sandbox: Sandbox,
    url: String,
    _stop: oneshot::Sender<()>,
}

impl Atlas {
    async fn start() -> Self {
        let now: Timestamp = "2026-11-20T08:00:00Z".parse().unwrap();
        let sandbox = Sandbox::demo(now).with_rate_limit(RateLimit::Unlimited);
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let (stop, stopped) = oneshot::channel::<()>();
        let serving = sandbox.clone();
        tokio::spawn(async move {
            serving
                .serve(listener, async {
                    let _ = stopped.await;
                })
                .await
                .unwrap();
        });
        Self { sandbox, url, _stop: stop }
    }

    /// How many API keys were created.
    fn creations(&self) -> usize {
        self.sandbox
            .journal()
            .iter()
            .filter(|entry| entry.method == "POST" && entry.path.ends_with("/apiKeys") && entry.status == 200)
            .count()
    }
}

/// An installation with an administrator, an operator and an approver, and one connected organization.
struct Story {
    atlas: Atlas,
    data: TempDir,
    org: String,
    project: String,
    operator: Visitor,
    approver: Visitor,
}

impl Story {
    async fn begin() -> (Self, Program) {
        let atlas = Atlas::start().await;
        let data = tempfile::tempdir().unwrap();
        let mut program = Program::start(data.path(), &atlas.url, None);
        let base = program.address.clone();

        let link = program.wait_for("/link/");
        let token = link.rsplit("/link/").next().unwrap().trim().to_owned();
        let administrator = Visitor::new(&base);
        let set_up = [
            ("token", token.as_str()),
            ("username", "ada"),
            ("display_name", "Ada"),
            ("password", PASSWORD),
            ("password_again", PASSWORD),
        ];
        let answer = administrator.post("/api/session/set-up", &set_up).await;
        assert_eq!(answer.location, "/", "{answer:?}");

        let credentials = atlas.sandbox.demo_credentials().into_iter().find(|org| org.is_paying).unwrap();
        let writer = credentials.writer.clone().unwrap();
        let add = [
            ("base_url", atlas.url.as_str()),
            ("reader_public", &credentials.reader.public_key),
            ("reader_private", &credentials.reader.private_key),
            ("writer_public", &writer.public_key),
            ("writer_private", &writer.private_key),
        ];
        let answer = administrator.post("/api/organizations/add", &add).await;
        assert_eq!(answer.location, format!("/organizations/{}", credentials.org_id), "{answer:?}");

        let operator = join(data.path(), &atlas.url, &base, "olga", "operator").await;
        let approver = join(data.path(), &atlas.url, &base, "paul", "approver").await;
        let org = credentials.org_id.clone();
        let project = credentials.project_ids[0].clone();
        (Self { atlas, data, org, project, operator, approver }, program)
    }

    /// Starts the program anew over the same data, and everybody goes on there.
    fn restart(mut self, pause_at: Option<&str>) -> (Self, Program) {
        let program = Program::start(self.data.path(), &self.atlas.url, pause_at);
        self.operator = self.operator.at(&program.address);
        self.approver = self.approver.at(&program.address);
        (self, program)
    }

    /// Asks for a key through the wizard and returns the request's path.
    async fn ask(&self) -> String {
        let visitor = &self.operator;
        let answer = visitor.post("/api/drafts/start", &[("org", &self.org)]).await;
        let draft = answer.location.split('/').nth(3).unwrap_or_else(|| panic!("{answer:?}")).to_owned();
        let draft = draft.as_str();
        let answer = visitor.post("/api/drafts/save-organization", &[("draft", draft), ("org", &self.org)]).await;
        assert!(answer.location.ends_with("/description"), "{answer:?}");
        let fields = [("draft", draft), ("description", "ci-deploy-kill"), ("roles[]", "ORG_MEMBER")];
        let answer = visitor.post("/api/drafts/save-description", &fields).await;
        assert!(answer.location.ends_with("/access-list"), "{answer:?}");
        let fields = [("draft", draft), ("access_list", "203.0.113.7\n198.51.100.0/24")];
        let answer = visitor.post("/api/drafts/save-access-list", &fields).await;
        assert!(answer.location.ends_with("/projects"), "{answer:?}");
        let fields = [
            ("draft", draft),
            ("picked[]", &self.project),
            ("picked_roles[]", "GROUP_READ_ONLY"),
            ("if_step_fails", "keep"),
            ("go", "next"),
        ];
        let answer = visitor.post("/api/drafts/save-projects", &fields).await;
        assert!(answer.location.ends_with("/review"), "{answer:?}");
        let review = visitor.get(&answer.location).await;
        let digest = between(&review.body, "name=\"digest\" value=\"", "\"");
        let fields = [("draft", draft), ("digest", &digest), ("reason", "Deployments need it.")];
        let answer = visitor.post("/api/drafts/submit", &fields).await;
        assert!(answer.location.starts_with("/requests/CR-"), "{answer:?}");
        answer.location
    }

    /// Approves; the connection may break, when the program is killed meanwhile.
    async fn approve(&self, request: &str) {
        let page = self.approver.get(request).await;
        let digest = between(&page.body, "name=\"digest\" value=\"", "\"");
        let number = request.trim_start_matches("/requests/");
        let _ = self.approver.try_post("/api/requests/approve", &[("number", number), ("digest", &digest)]).await;
    }

    /// Waits until the execution has ended, and returns the state's word.
    async fn end(&self, program: &mut Program) -> String {
        let line = program.wait_for("execution ended");
        between(&line, "\"state\":\"", "\"")
    }

    fn log_is_whole(&self) {
        let (whole, said) = run(self.data.path(), &self.atlas.url, &["audit", "verify"]);
        assert!(whole, "{said}");
    }
}

async fn join(data: &Path, atlas: &str, base: &str, name: &str, role: &str) -> Visitor {
    let (added, said) = run(data, atlas, &["user", "add", name, "--role", role]);
    assert!(added, "{said}");
    let token = said.rsplit("/link/").next().unwrap().split_whitespace().next().unwrap().to_owned();
    let visitor = Visitor::new(base);
    let choose = [("token", token.as_str()), ("password", PASSWORD), ("password_again", PASSWORD)];
    let answer = visitor.post("/api/session/choose-password", &choose).await;
    assert!(answer.location.starts_with("/sign-in"), "{answer:?}");
    sign_in(&visitor, name).await;
    visitor
}

async fn sign_in(visitor: &Visitor, name: &str) {
    let answer = visitor.post("/api/session/sign-in", &[("username", name), ("password", PASSWORD)]).await;
    assert_eq!(answer.location, "/", "{answer:?}");
}

/// Kills the program at `point` of an execution, starts it anew, and returns how it went on.
async fn killed_at(point: &str) -> (Story, Program, String, String) {
    let (story, program) = Story::begin().await;
    let request = story.ask().await;
    program.kill();
    let (story, program) = story.restart(Some(point));
    let program = until_paused(program, story.approve(&request)).await;
    program.kill();
    let (story, mut program) = story.restart(None);
    let state = story.end(&mut program).await;
    (story, program, request, state)
}

async fn goes_on_to(point: &str, wanted: &str) {
    let (story, program, request, state) = killed_at(point).await;
    assert_eq!(state, wanted, "killed at {point}");
    assert_eq!(story.atlas.creations(), 1, "killed at {point}");
    let page = story.operator.get(&request).await;
    assert!(page.status.is_success(), "{}", page.status);
    program.kill();
    story.log_is_whole();
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_after_the_verdict_it_is_executed_once() {
    goes_on_to("after-verdict", "applied").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_before_the_intent_it_is_executed_once() {
    goes_on_to("before-intent", "applied").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_after_the_intent_it_is_looked_up_and_then_sent_once() {
    goes_on_to("after-intent", "applied").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_after_the_call_the_key_is_found_and_not_made_again() {
    // The private key went down with the program: Atlas tells it only once.
    goes_on_to("after-call", "partly_applied").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_after_the_outcome_the_remaining_calls_are_sent() {
    goes_on_to("after-outcome", "applied").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_before_the_reveal_is_written_the_secret_still_waits() {
    let revealed_again = reveal_killed_at("before-reveal").await;
    assert!(revealed_again, "nothing was shown, so it is shown now");
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_after_the_reveal_was_written_the_secret_is_gone() {
    let revealed_again = reveal_killed_at("after-reveal").await;
    assert!(!revealed_again, "it may have been seen, so it is not shown a second time");
}

/// Kills the program while a private key is revealed; says whether it can be revealed afterwards.
async fn reveal_killed_at(point: &str) -> bool {
    let (story, mut program) = Story::begin().await;
    let request = story.ask().await;
    story.approve(&request).await;
    assert_eq!(story.end(&mut program).await, "applied");
    program.kill();

    let secret = format!("{request}/secret");
    let password = [("password", PASSWORD)];
    let (story, program) = story.restart(Some(point));
    let revealing = async {
        let _ = story.operator.try_post(&secret, &password).await;
    };
    let program = until_paused(program, revealing).await;
    program.kill();

    let (story, program) = story.restart(None);
    // Giving the password changed the session's id, and the answer that told the new one never came.
    sign_in(&story.operator, "olga").await;
    let page = story.operator.post(&secret, &password).await;
    program.kill();
    story.log_is_whole();
    assert_eq!(story.atlas.creations(), 1);
    assert!(page.status.is_success() || page.status == 409, "{page:?}");
    page.status.is_success()
}

/// Does `work` until the program has stopped at its point, where `work` may be waiting for an answer that never comes.
async fn until_paused(mut program: Program, work: impl Future<Output = ()>) -> Program {
    let mut paused = tokio::task::spawn_blocking(move || {
        program.wait_for("paused for a test");
        program
    });
    tokio::select! {
        () = work => paused.await.unwrap(),
        program = &mut paused => program.unwrap(),
    }
}
