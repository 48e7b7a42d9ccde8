//! A server with a connected organization of the sandbox, and people of every kind.

use std::sync::Arc;

use atlas::{ReqwestTransport, TransportOptions};
use atlas_sandbox::{RateLimit, Sandbox};
use domain::{ids::OrgId, people::Role};
use tokio::net::TcpListener;
use tokio_util::sync::{CancellationToken, DropGuard};

use super::{Browser, Database, Site};

/// What most tests of requests need: the users are `root`, `olga` (operator), `paul` and `petra` (approvers), `vera` (viewer),
/// `august` (auditor), and `otto`, who holds every role.
pub(crate) struct Office {
    pub(crate) site: Site,
    pub(crate) sandbox: Sandbox,
    /// The organization that pays, with a writer.
    pub(crate) org: OrgId,
    /// One of its projects.
    pub(crate) project: String,
    /// Where the sandbox listens.
    pub(crate) base_url: String,
    _stop: DropGuard,
}

impl Office {
    pub(crate) async fn open() -> Self {
        Self::open_on(Arc::new(Database::sqlite())).await
    }

    pub(crate) async fn open_on(database: Arc<Database>) -> Self {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base_url = format!("http://{}", listener.local_addr().unwrap());
        let stop = CancellationToken::new();

        let options = TransportOptions { use_proxy: false, ..TransportOptions::default() };
        let transport = Arc::new(ReqwestTransport::new(&options).unwrap());
        let variables = [("MERIDIAN_ATLAS_BASE_URLS", base_url.as_str()), ("MERIDIAN_RECONCILE_AFTER_SECONDS", "0")];
        let site = Site::reaching(database, &variables, transport).await;
        let sandbox = Sandbox::demo(site.now()).with_rate_limit(RateLimit::Unlimited);
        tokio::spawn(sandbox.clone().serve(listener, stop.clone().cancelled_owned()));

        site.add("root", &[(Role::Administrator, None)]).await;
        site.add("olga", &[(Role::Operator, None)]).await;
        for name in ["paul", "petra"] {
            site.add(name, &[(Role::Approver, None)]).await;
        }
        site.add("vera", &[(Role::Viewer, None)]).await;
        site.add("august", &[(Role::Auditor, None)]).await;
        site.add("otto", &Role::ALL.map(|role| (role, None))).await;

        let credentials = sandbox.demo_credentials().into_iter().find(|org| org.is_paying).unwrap();
        let writer = credentials.writer.clone().unwrap();
        let mut root = site.signed_in("root").await;
        let fields = [
            ("reader_public", credentials.reader.public_key.as_str()),
            ("reader_private", &credentials.reader.private_key),
            ("writer_public", &writer.public_key),
            ("writer_private", &writer.private_key),
        ];
        let reply = root.post("/api/organizations/add", &fields).await;
        let org: OrgId = credentials.org_id.parse().unwrap();
        assert_eq!(reply.location(), Some(format!("/organizations/{org}").as_str()), "{reply:?}");
        site.refresher.idle().await;
        Self { site, sandbox, org, project: credentials.project_ids[0].clone(), base_url, _stop: stop.drop_guard() }
    }

    /// Begins a draft in `browser` and brings it to the review; returns its id.
    pub(crate) async fn draft(&self, browser: &mut Browser, roles: &[&str], list: &str) -> String {
        let reply = browser.post("/api/drafts/start", &[("org", self.org.as_str())]).await;
        let draft = reply.location().unwrap().split('/').nth(3).unwrap().to_owned();
        let id = draft.as_str();
        browser.post("/api/drafts/save-organization", &[("draft", id), ("org", self.org.as_str())]).await;
        let mut fields = vec![("draft", id), ("description", "ci-deploy-new")];
        fields.extend(roles.iter().map(|role| ("roles[]", *role)));
        browser.post("/api/drafts/save-description", &fields).await;
        browser.post("/api/drafts/save-access-list", &[("draft", id), ("access_list", list)]).await;
        let fields =
            [("draft", id), ("picked[]", &self.project), ("picked_roles[]", "GROUP_READ_ONLY"), ("go", "next")];
        browser.post("/api/drafts/save-projects", &fields).await;
        let reply = browser.post("/api/drafts/save-expiry", &[("draft", id), ("expiry", "90")]).await;
        assert!(reply.location().unwrap().ends_with("/review"), "{reply:?}");
        draft
    }

    /// Submits a draft as its review shows it; returns the request's number.
    pub(crate) async fn submit(&self, browser: &mut Browser, draft: &str) -> String {
        let review = browser.get(&format!("/keys/new/{draft}/review")).await;
        let digest = between(&review.body, "name=\"digest\" value=\"", "\"");
        let fields = [("draft", draft), ("digest", &digest), ("reason", "Deployments need it.")];
        let reply = browser.post("/api/drafts/submit", &fields).await;
        reply.location().unwrap().strip_prefix("/requests/").unwrap_or_else(|| panic!("{reply:?}")).to_owned()
    }

    /// Olga asks for an ordinary key; returns the request's number.
    pub(crate) async fn ask(&self) -> String {
        let mut olga = self.site.signed_in("olga").await;
        let draft = self.draft(&mut olga, &["ORG_MEMBER"], "203.0.113.7").await;
        self.submit(&mut olga, &draft).await
    }

    /// Approves in `browser` and returns where that led.
    pub(crate) async fn approve(&self, browser: &mut Browser, number: &str) -> String {
        let digest = self.site.store.request(number.parse().unwrap()).await.unwrap().unwrap().digest;
        let reply = browser.post("/api/requests/approve", &[("number", number), ("digest", &digest)]).await;
        reply.location().unwrap_or_else(|| panic!("{reply:?}")).to_owned()
    }

    /// Where a request stands.
    pub(crate) async fn state(&self, number: &str) -> &'static str {
        self.site.store.request(number.parse().unwrap()).await.unwrap().unwrap().state.as_str()
    }

    /// Lets the executor work until there is nothing more to do now.
    pub(crate) async fn execute(&self) {
        while self.site.executor.next().await.unwrap() {}
    }

    /// How many keys were created in Atlas.
    pub(crate) fn creations(&self) -> usize {
        self.sandbox
            .journal()
            .iter()
            .filter(|entry| entry.method == "POST" && entry.path.ends_with("/apiKeys") && entry.status == 200)
            .count()
    }
}

/// What stands between two marks of a text.
pub(crate) fn between(text: &str, before: &str, after: &str) -> String {
    let rest = text.split_once(before).unwrap_or_else(|| panic!("no {before:?} in:\n{text}")).1;
    rest.split(after).next().unwrap().to_owned()
}
