//! What Meridian remembers: one set of queries over two engines.
//!
//! [`Store`] is what services hold. Each area adds its own `impl Store` in a file beside this one
//! (`people`, `sessions`, `log`, …) and writes its SQL once, with `$1` placeholders and only what
//! SQLite and PostgreSQL both understand. The engines themselves know no table.

mod attempts;
mod connections;
mod drafts;
mod engine;
mod error;
mod failures;
mod inventory;
mod links;
mod log;
mod meta;
mod people;
mod postgres;
mod query;
mod requests;
mod row;
mod search;
mod sessions;
mod sqlite;

use std::{path::PathBuf, sync::Arc};

pub use connections::{
    ConnectionRecord, CredentialRecord, NewConnection, NewCredential, OrgSummary, SealedCredential, Slot, Tested,
};
pub use drafts::StoredDraft;
pub use engine::{Dialect, Tx};
pub use error::StoreError;
pub use failures::Failures;
pub use inventory::{
    Assignment, Counts, EndRange, KeyFilter, KeyOrder, ListState, ListedKey, ListedProject, OrgKeyEntries, Part,
    PartOutcome, PartRecord, ProjectFilter, Snapshot, StoredEntry, StoredKey, StoredProject, UsedRange, old_before,
    unused_before,
};
pub use links::{LinkPurpose, NewLink, OpenLink, ShownLink};
pub use log::{LogFilter, LogHead, LogRow};
pub use people::Person;
pub use query::{Arg, Query};
pub use requests::{
    ActiveGrants, NewRequest, RequestFilter, RequestLine, RequestView, StepKey, StoredCheck, StoredDrift, StoredNote,
    StoredRequest, StoredReveal, StoredRisk, StoredStep, StoredVerdict, Tally,
};
pub use row::Row;
pub use search::{AllowingKey, FoundKey, FoundProject, FoundRequest};
use secrecy::SecretString;
pub use sessions::{SessionContent, SessionListed, SessionState};

use engine::Engine;

/// Where the data is kept.
#[derive(Debug, Clone)]
pub enum Location {
    /// One file, with its write-ahead log beside it.
    Sqlite {
        /// The database file; it is created when missing.
        path: PathBuf,
        /// The most pages the file may have, if bounded: a full disk to order, for tests.
        max_pages: Option<u32>,
    },
    /// A server that several replicas may share.
    Postgres {
        /// `postgres://…`, which contains a password.
        url: SecretString,
    },
}

/// The database, open and migrated.
#[derive(Clone)]
pub struct Store {
    engine: Arc<dyn Engine>,
}

impl Store {
    /// Opens the database and brings its schema up to date.
    ///
    /// # Errors
    ///
    /// [`StoreError::Newer`] when a newer Meridian has written it, [`StoreError::Unavailable`] when
    /// it cannot be reached; nothing is changed then.
    pub async fn open(location: &Location) -> Result<Self, StoreError> {
        let engine: Arc<dyn Engine> = match location {
            Location::Sqlite { path, max_pages } => Arc::new(sqlite::Sqlite::open(path, *max_pages).await?),
            Location::Postgres { url } => Arc::new(postgres::Postgres::open(url).await?),
        };
        let store = Self { engine };
        store.migrate().await?;
        Ok(store)
    }

    async fn migrate(&self) -> Result<(), StoreError> {
        match self.engine.migrate().await {
            Ok(()) => self.note_writer().await,
            Err(StoreError::Newer { .. }) => {
                Err(StoreError::Newer { written_by: self.written_by().await.unwrap_or(None) })
            }
            Err(error) => Err(error),
        }
    }

    /// The engine's dialect, for the few statements that differ.
    #[must_use]
    pub fn dialect(&self) -> Dialect {
        self.engine.dialect()
    }

    /// Every row that `query` selects, outside any transaction.
    ///
    /// # Errors
    ///
    /// When the database cannot answer. On SQLite a statement that writes is refused here.
    pub async fn fetch_all(&self, query: Query) -> Result<Vec<Row>, StoreError> {
        self.engine.fetch_all(query).await
    }

    /// The first row that `query` selects, if there is one, outside any transaction.
    ///
    /// # Errors
    ///
    /// As [`Store::fetch_all`].
    pub async fn fetch_optional(&self, query: Query) -> Result<Option<Row>, StoreError> {
        self.engine.fetch_optional(query).await
    }

    /// The row that `query` selects; for questions that always have an answer, such as a count.
    ///
    /// # Errors
    ///
    /// As [`Store::fetch_all`], and when there is no row.
    pub async fn fetch_one(&self, query: Query) -> Result<Row, StoreError> {
        let table = query.table();
        self.fetch_optional(query).await?.ok_or_else(|| StoreError::missing_row(table))
    }

    /// Begins a transaction that may write. Dropping it undoes what it did.
    ///
    /// SQLite has one writer: the transaction holds it until it ends. Code that has one open must
    /// not begin another, and must not wait for the network.
    ///
    /// # Errors
    ///
    /// [`StoreError::Busy`] when others hold the database for too long.
    pub async fn begin(&self) -> Result<Tx, StoreError> {
        self.engine.begin().await
    }

    /// Runs one statement in a transaction of its own and says how many rows it touched.
    ///
    /// # Errors
    ///
    /// When the statement is refused or the database cannot take it.
    pub async fn execute(&self, query: Query) -> Result<u64, StoreError> {
        let mut tx = self.begin().await?;
        let touched = tx.execute(query).await?;
        tx.commit().await?;
        Ok(touched)
    }

    /// Asks the database for a sign of life, without waiting long.
    ///
    /// # Errors
    ///
    /// When it does not answer.
    pub async fn ping(&self) -> Result<(), StoreError> {
        self.fetch_one(Query::new("select count(*) as n from meta")).await.map(drop)
    }

    /// Lets running statements end, writes the write-ahead log back and closes every connection.
    pub async fn close(&self) {
        self.engine.close().await;
    }
}

impl std::fmt::Debug for Store {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Store").field(&self.dialect()).finish()
    }
}
