//! The services around the inventory, over a database and a sandbox on a socket of this machine.

use std::sync::Arc;

use app::{
    api::{connections::ConnectionForm, exports::Export},
    backend::{Caller, ConnectionService as _, InventoryService as _},
};
use atlas::{ReqwestTransport, RetryPolicy, TransportOptions};
use atlas_sandbox::{DemoCredentials, Sandbox};
use domain::{
    ids::{OrgId, PersonId},
    people::{Grant, Grants, Role},
};
use server::{
    clock::{Clock as _, ManualClock, SystemClock},
    sealing::Keys,
    services::{
        connections::{Connections, Vault},
        inventory::{Inventory, Refresher},
    },
    store::Store,
};
use tokio::net::TcpListener;
use tokio_util::sync::{CancellationToken, DropGuard};

use super::Database;

/// Everything a test of connections and inventory needs.
pub(crate) struct Desk {
    pub(crate) store: Store,
    pub(crate) sandbox: Sandbox,
    pub(crate) base_url: String,
    pub(crate) connections: Arc<Connections>,
    pub(crate) inventory: Inventory,
    pub(crate) refresher: Arc<Refresher>,
    pub(crate) clock: ManualClock,
    _stop: DropGuard,
}

impl Desk {
    /// The demo's four organizations, none of them connected. Connections may also have one of `others` as base URL.
    pub(crate) async fn new(database: &Database, others: &[&str]) -> Self {
        // The sandbox answers with the date of this machine, so the clock starts there.
        let clock = ManualClock::new(SystemClock.now());
        Self::with(database, Sandbox::demo(clock.now()), clock, others).await
    }

    /// The same with another sandbox.
    pub(crate) async fn with(database: &Database, sandbox: Sandbox, clock: ManualClock, others: &[&str]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base_url = format!("http://{}", listener.local_addr().unwrap());
        let stop = CancellationToken::new();
        tokio::spawn(sandbox.clone().serve(listener, stop.clone().cancelled_owned()));

        let store = database.open().await;
        let options = TransportOptions { use_proxy: false, ..TransportOptions::default() };
        let transport = Arc::new(ReqwestTransport::new(&options).unwrap());
        let vault = Arc::new(Vault::new(store.clone(), Arc::new(Keys::generate()), transport, RetryPolicy::NONE));
        let shared = Arc::new(clock.clone());
        let refresher = Refresher::new(store.clone(), Arc::clone(&vault), shared.clone());
        let base_urls = [&[base_url.as_str()], others].concat().iter().map(ToString::to_string).collect();
        let connections = Connections::new(store.clone(), vault, Arc::clone(&refresher), shared.clone(), base_urls);
        let inventory = Inventory::new(store.clone(), Arc::clone(&refresher), shared);
        Self {
            store,
            sandbox,
            base_url,
            connections: Arc::new(connections),
            inventory,
            refresher,
            clock,
            _stop: stop.drop_guard(),
        }
    }

    /// Somebody who manages everything and gave the password just now.
    pub(crate) fn administrator(&self) -> Caller {
        person(self.clock.now(), &[(Role::Administrator, None)])
    }

    /// The demo's credentials of the organization with this name.
    pub(crate) fn credentials(&self, name: &str) -> DemoCredentials {
        self.sandbox.demo_credentials().into_iter().find(|one| one.org_name == name).unwrap()
    }

    /// Connects an organization of the demo and waits until it is read.
    pub(crate) async fn connect(&self, name: &str) -> OrgId {
        let org = self.connections.add(&self.administrator(), form(&self.credentials(name))).await.unwrap();
        self.refresher.idle().await;
        org
    }

    /// Reads an organization anew.
    pub(crate) async fn refresh(&self, org: &OrgId) {
        self.refresher.refresh_now(org).await;
    }
}

/// Somebody with these roles, confirmed just now.
pub(crate) fn person(now: jiff::Timestamp, grants: &[(Role, Option<&OrgId>)]) -> Caller {
    let grants = grants.iter().map(|(role, org)| Grant { role: *role, org: org.cloned() }).collect();
    Caller {
        person: PersonId(uuid::Uuid::nil()),
        username: "mara".into(),
        display_name: "Mara Lind".into(),
        grants: Grants(grants),
        confirmed_at: now,
        address: "192.0.2.1".into(),
        request_id: "test".into(),
    }
}

/// The form with credentials of the demo.
pub(crate) fn form(credentials: &DemoCredentials) -> ConnectionForm {
    let writer = credentials.writer.clone();
    ConnectionForm {
        reader_public: credentials.reader.public_key.clone(),
        reader_private: credentials.reader.private_key.clone(),
        writer_public: writer.as_ref().map(|writer| writer.public_key.clone()).unwrap_or_default(),
        writer_private: writer.map(|writer| writer.private_key).unwrap_or_default(),
        ..ConnectionForm::default()
    }
}

/// The whole of a file that `caller` takes out.
pub(crate) async fn file(desk: &Desk, caller: &Caller, export: &Export) -> Vec<u8> {
    let body = desk.inventory.export(caller, export).await.unwrap();
    axum::body::to_bytes(body, usize::MAX).await.unwrap().into()
}
