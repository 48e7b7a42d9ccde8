//! An installation with people and a connected organization, served by the real program, from the first start to an approved request.

use std::path::Path;

use atlas_sandbox::{RateLimit, Sandbox};
use jiff::Timestamp;
use tempfile::TempDir;
use tokio::{net::TcpListener, sync::oneshot};

use super::{
    between,
    program::{Program, run},
    visitor::Visitor,
};

/// Everybody's password.
pub(crate) const PASSWORD: &str = "a long and private pass phrase";

/// The sandbox over a real socket, outside the program that is killed.
pub(crate) struct Atlas {
    pub(crate) sandbox: Sandbox,
    pub(crate) url: String,
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
    pub(crate) fn creations(&self) -> usize {
        self.sandbox
            .journal()
            .iter()
            .filter(|entry| entry.method == "POST" && entry.path.ends_with("/apiKeys") && entry.status == 200)
            .count()
    }
}

/// An installation with an administrator, an operator and an approver, and one connected organization.
pub(crate) struct Story {
    pub(crate) atlas: Atlas,
    pub(crate) data: TempDir,
    org: String,
    project: String,
    pub(crate) administrator: Visitor,
    pub(crate) operator: Visitor,
    pub(crate) approver: Visitor,
}

impl Story {
    /// Sets everything up.
    pub(crate) async fn begin() -> (Self, Program) {
        Self::begin_with(&[]).await
    }

    /// The same with a program for which these variables are set.
    pub(crate) async fn begin_with(variables: &[(&str, &str)]) -> (Self, Program) {
        let atlas = Atlas::start().await;
        let data = tempfile::tempdir().unwrap();
        let mut program = Program::start_with(data.path(), &atlas.url, variables);
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
        (Self { atlas, data, org, project, administrator, operator, approver }, program)
    }

    /// Starts the program anew over the same data, and everybody goes on there.
    pub(crate) fn restart(mut self, pause_at: Option<&str>) -> (Self, Program) {
        let program = Program::start(self.data.path(), &self.atlas.url, pause_at);
        self.administrator = self.administrator.at(&program.address);
        self.operator = self.operator.at(&program.address);
        self.approver = self.approver.at(&program.address);
        (self, program)
    }

    /// Asks for a key through the wizard and returns the request's path.
    pub(crate) async fn ask(&self) -> String {
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
        assert!(answer.location.ends_with("/expiry"), "{answer:?}");
        let answer = visitor.post("/api/drafts/save-expiry", &[("draft", draft), ("expiry", "90")]).await;
        assert!(answer.location.ends_with("/review"), "{answer:?}");
        let review = visitor.get(&answer.location).await;
        let digest = between(&review.body, "name=\"digest\" value=\"", "\"");
        let fields = [("draft", draft), ("digest", &digest), ("reason", "Deployments need it.")];
        let answer = visitor.post("/api/drafts/submit", &fields).await;
        assert!(answer.location.starts_with("/requests/CR-"), "{answer:?}");
        answer.location
    }

    /// Approves; the connection may break, when the program is killed meanwhile.
    pub(crate) async fn approve(&self, request: &str) {
        let page = self.approver.get(request).await;
        let digest = between(&page.body, "name=\"digest\" value=\"", "\"");
        let number = request.trim_start_matches("/requests/");
        let _ = self.approver.try_post("/api/requests/approve", &[("number", number), ("digest", &digest)]).await;
    }

    /// Waits until the execution has ended, and returns the state's word.
    pub(crate) async fn end(&self, program: &mut Program) -> String {
        let line = program.wait_for("execution ended");
        between(&line, "\"state\":\"", "\"")
    }

    pub(crate) fn log_is_whole(&self) {
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

/// Signs in at `visitor`.
pub(crate) async fn sign_in(visitor: &Visitor, name: &str) {
    let answer = visitor.post("/api/session/sign-in", &[("username", name), ("password", PASSWORD)]).await;
    assert_eq!(answer.location, "/", "{answer:?}");
}
