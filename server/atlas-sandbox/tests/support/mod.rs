//! What the tests of this crate share: a sandbox on a real socket, and a client that checks every answer it provokes.

pub(crate) mod client;
pub(crate) mod conformance;

use atlas_sandbox::{ClientSecret, DemoCredentials, KeyPair, NewCredentials, PlantedKey, RateLimit, Sandbox};
use client::{Client, basic};
use tokio::{net::TcpListener, sync::oneshot};

/// When the sandbox's clock starts.
pub(crate) const NOW: &str = "2026-08-10T03:02:57Z";

/// A sandbox that is served until this is dropped.
pub(crate) struct World {
    pub(crate) sandbox: Sandbox,
    pub(crate) base: String,
    _stop: oneshot::Sender<()>,
}

impl World {
    /// The demo, without limits.
    pub(crate) async fn demo() -> Self {
        let sandbox = Sandbox::demo(NOW.parse().unwrap());
        Self::of(sandbox.with_rate_limit(RateLimit::Unlimited).with_control(true)).await
    }

    /// Any sandbox; its clock stands still.
    pub(crate) async fn of(sandbox: Sandbox) -> Self {
        let sandbox = sandbox.with_still_clock();
        sandbox.record_answers();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let (stop, stopped) = oneshot::channel::<()>();
        tokio::spawn(sandbox.clone().serve(listener, stopped));
        Self { sandbox, base, _stop: stop }
    }

    /// An organization of the demo.
    pub(crate) fn org(&self, name: &str) -> DemoCredentials {
        self.sandbox.demo_credentials().into_iter().find(|org| org.org_name == name).unwrap()
    }

    /// A client with these credentials.
    pub(crate) fn client(&self, pair: &KeyPair) -> Client {
        Client::new(self, pair)
    }

    /// A client with a token of this service account.
    pub(crate) async fn signed_in(&self, account: &ClientSecret) -> Client {
        let stranger = Client::with_token(self, "");
        let answer = stranger.form("token", "grant_type=client_credentials", Some(&basic(account))).await.ok();
        Client::with_token(self, answer["access_token"].as_str().unwrap())
    }

    /// A service account.
    pub(crate) fn account(
        &self,
        org_id: &str,
        org_roles: &[&str],
        project_roles: &[(&str, &str)],
        access_list: &[&str],
    ) -> ClientSecret {
        let new = NewCredentials { org_id, desc: "planted", org_roles, project_roles, access_list };
        self.sandbox.plant_service_account(&new).unwrap()
    }

    /// The organization most tests use, which requires no access lists, and a client of its owner.
    pub(crate) fn retail(&self) -> (DemoCredentials, Client) {
        let org = self.org("Retail Platform");
        let client = self.client(org.writer.as_ref().unwrap());
        (org, client)
    }

    /// A key with these roles and no access list.
    pub(crate) fn key(&self, org_id: &str, org_roles: &[&str], project_roles: &[(&str, &str)]) -> PlantedKey {
        self.plant(&NewCredentials { org_id, desc: "planted", org_roles, project_roles, access_list: &[] })
    }

    /// A key.
    pub(crate) fn plant(&self, new: &NewCredentials<'_>) -> PlantedKey {
        self.sandbox.plant_key(new).unwrap()
    }
}
