//! An installation, opened: its database and key, and the services over them.

mod claim;
mod upkeep;

use std::{path::PathBuf, sync::Arc};

use app::backend::{Backend, Clock};

use tokio::sync::Notify;

use crate::{
    accounts::passwords::Passwords,
    demo,
    executor::Executor,
    sealing::{Keys, UnlockError, Unlocked, unlock},
    services::{
        Neighbours, Surroundings,
        attempts::Attempts,
        connections::{Connections, Vault},
        drafts::Drafts,
        inventory::{Inventory, Refresher},
        log::Log,
        narrowing::Narrowing,
        people::People,
        requests::Requests,
        search::Search,
        sign_in::SignIn,
    },
    settings::{Settings, StorageSettings},
    store::{Location, Store, StoreError},
};

pub use claim::Claim;
pub use upkeep::keep_tidy;

/// Tells a demo's database from one that matters.
const KIND: &str = "kind";
const DEMO: &str = "demo";
const REAL: &str = "installation";

/// Why an installation cannot be opened. Each is one sentence that says what to do.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The data directory cannot be made.
    #[error("the data directory {} cannot be made or used", .path.display())]
    Directory {
        /// The directory.
        path: PathBuf,
        /// What the operating system said.
        #[source]
        source: std::io::Error,
    },
    /// The database cannot be used.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The key does not fit.
    #[error(transparent)]
    Key(#[from] UnlockError),
    /// The demo is not to be run over real data.
    #[error("this database is not a demo's; choose another data directory for the demo with MERIDIAN_DATA_DIR")]
    NotADemo,
    /// Two servers on one file would each take the other's work for that of a process that ended.
    #[error(
        "another `meridian serve` is running on the database in {}; end it first, or choose another data directory with MERIDIAN_DATA_DIR",
        .directory.display()
    )]
    Taken {
        /// Where the database is.
        directory: PathBuf,
    },
    /// The accounts of a demo have passwords that everybody knows.
    #[error(
        "this database was made by the demo, whose passwords are known; choose another data directory with MERIDIAN_DATA_DIR"
    )]
    OnlyADemo,
}

/// An opened installation.
#[derive(Debug)]
pub struct Installation {
    /// The database.
    pub store: Store,
    /// The keys it is sealed with.
    pub keys: Keys,
    /// The key file, when it was made just now.
    pub created_key: Option<PathBuf>,
    /// Whether this is a demo.
    pub is_demo: bool,
}

impl Installation {
    /// Opens the installation, or makes it when there is none, and leaves everything as it is when something does not
    /// fit.
    ///
    /// # Errors
    ///
    /// See [`OpenError`].
    pub async fn open(storage: &StorageSettings, is_demo: bool) -> Result<Self, OpenError> {
        make_directory(storage)?;
        let store = Store::open(&storage.database).await?;
        let wanted = if is_demo { DEMO } else { REAL };
        if store.settle_meta(KIND, wanted).await? != wanted {
            store.close().await;
            return Err(if is_demo { OpenError::NotADemo } else { OpenError::OnlyADemo });
        }
        let Unlocked { keys, created } = unlock(&store, &storage.key).await?;
        Ok(Self { store, keys, created_key: created, is_demo })
    }
}

/// Makes the data directory, for its owner only, where something is to be kept in it.
fn make_directory(storage: &StorageSettings) -> Result<(), OpenError> {
    let is_needed = matches!(storage.database, Location::Sqlite { .. })
        || matches!(storage.key, crate::sealing::KeySource::File(_));
    if !is_needed || storage.data_dir.is_dir() {
        return Ok(());
    }
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(&storage.data_dir).map_err(|source| OpenError::Directory { path: storage.data_dir.clone(), source })
}

/// The services over an installation, and what works behind them.
pub struct Services {
    /// What the pages ask.
    pub backend: Backend,
    /// Carries out approved plans.
    pub executor: Executor,
    /// Reads the organizations from Atlas.
    pub refresher: Arc<Refresher>,
}

impl Installation {
    /// The services over this installation, talking to Atlas through `transport`.
    #[must_use]
    pub fn services(
        &self,
        clock: &Arc<dyn Clock>,
        passwords: Passwords,
        settings: &Settings,
        transport: Arc<dyn atlas::Transport>,
    ) -> Services {
        let store = || self.store.clone();
        let clock = || Arc::clone(clock);
        let wake = Arc::new(Notify::new());

        let vault = Vault::new(store(), Arc::new(self.keys.clone()), transport, atlas::RetryPolicy::default());
        let vault = Arc::new(vault);
        let refresher = Refresher::new(store(), Arc::clone(&vault), clock());
        let base_urls = settings.atlas.base_urls.clone();
        let connections = Arc::new(Connections::new(store(), vault, Arc::clone(&refresher), clock(), base_urls));
        let inventory = Inventory::new(store(), Arc::clone(&refresher), clock());
        let drafts = Drafts::new(store(), clock(), connections.clone(), connections.clone());
        let narrowing = Narrowing::new(store(), clock(), connections.clone());
        let requests = Requests::new(store(), clock(), connections.clone(), self.keys.clone(), Arc::clone(&wake));
        let surroundings: Arc<dyn Surroundings> =
            Arc::new(Neighbours { connections: connections.clone(), requests: requests.clone() });

        let demo_accounts = if self.is_demo { demo::accounts() } else { Vec::new() };
        let sign_in = SignIn::new(store(), clock(), passwords, Arc::clone(&surroundings), demo_accounts);
        let people = People::new(
            store(),
            clock(),
            self.keys.clone(),
            settings.server.public_url.clone(),
            settings.sessions.idle,
            sign_in.clone(),
            Arc::clone(&surroundings),
        );
        let executor = Executor::new(
            store(),
            clock(),
            connections.clone(),
            self.keys.clone(),
            wake,
            settings.execution.reconcile_after,
        );
        let backend = Backend {
            atlas_pages: (!self.is_demo).then(|| settings.atlas.ui_url.as_str().into()),
            clock: clock(),
            attempts: Arc::new(Attempts::new(store(), clock(), self.keys.clone())),
            session: Arc::new(sign_in),
            people: Arc::new(people),
            connections,
            inventory: Arc::new(inventory),
            search: Arc::new(Search::new(store(), clock())),
            drafts: Arc::new(drafts),
            narrowing: Arc::new(narrowing),
            requests: Arc::new(requests),
            log: Arc::new(Log::new(store(), surroundings)),
        };
        Services { backend, executor, refresher }
    }
}
