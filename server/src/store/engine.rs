//! The seam between the queries and the two engines.

use async_trait::async_trait;

use super::{Query, Row, StoreError};

/// Which SQL the engine speaks, where the two differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dialect {
    /// SQLite, inside this process.
    Sqlite,
    /// PostgreSQL, shared by replicas.
    Postgres,
}

impl Dialect {
    /// Ends a `select` that locks its rows until the transaction ends. On SQLite a transaction has
    /// the whole database, so nothing is to be added.
    #[must_use]
    pub fn for_update(self) -> &'static str {
        match self {
            Self::Sqlite => "",
            Self::Postgres => " for update",
        }
    }

    /// As [`Dialect::for_update`], passing over rows that somebody else holds: how a worker takes
    /// the next piece of work.
    #[must_use]
    pub fn for_update_skip_locked(self) -> &'static str {
        match self {
            Self::Sqlite => "",
            Self::Postgres => " for update skip locked",
        }
    }
}

/// A database as the rest of the store sees it.
#[async_trait]
pub(super) trait Engine: Send + Sync + 'static {
    fn dialect(&self) -> Dialect;
    async fn migrate(&self) -> Result<(), StoreError>;
    async fn fetch_all(&self, query: Query) -> Result<Vec<Row>, StoreError>;
    async fn fetch_optional(&self, query: Query) -> Result<Option<Row>, StoreError>;
    async fn begin(&self) -> Result<Tx, StoreError>;
    async fn close(&self);
}

/// What an engine does inside a transaction.
#[async_trait]
pub(super) trait EngineTx: Send {
    async fn execute(&mut self, query: Query) -> Result<u64, StoreError>;
    async fn fetch_all(&mut self, query: Query) -> Result<Vec<Row>, StoreError>;
    async fn fetch_optional(&mut self, query: Query) -> Result<Option<Row>, StoreError>;
    async fn commit(self: Box<Self>) -> Result<(), StoreError>;
}

/// A transaction. Dropping it without [`Tx::commit`] undoes what it did.
#[must_use = "a transaction that is dropped undoes what it did"]
pub struct Tx {
    inner: Box<dyn EngineTx>,
    dialect: Dialect,
}

impl Tx {
    pub(super) fn new(dialect: Dialect, inner: impl EngineTx + 'static) -> Self {
        Self { inner: Box::new(inner), dialect }
    }

    /// The engine's dialect, for the few statements that differ.
    #[must_use]
    pub fn dialect(&self) -> Dialect {
        self.dialect
    }

    /// Runs a statement and says how many rows it touched.
    ///
    /// # Errors
    ///
    /// When it is refused or the database cannot take it.
    pub async fn execute(&mut self, query: Query) -> Result<u64, StoreError> {
        self.inner.execute(query).await
    }

    /// Every row that `query` selects or returns.
    ///
    /// # Errors
    ///
    /// As [`Tx::execute`].
    pub async fn fetch_all(&mut self, query: Query) -> Result<Vec<Row>, StoreError> {
        self.inner.fetch_all(query).await
    }

    /// The first row that `query` selects or returns, if there is one.
    ///
    /// # Errors
    ///
    /// As [`Tx::execute`].
    pub async fn fetch_optional(&mut self, query: Query) -> Result<Option<Row>, StoreError> {
        self.inner.fetch_optional(query).await
    }

    /// The row that `query` selects or returns.
    ///
    /// # Errors
    ///
    /// As [`Tx::execute`], and when there is none.
    pub async fn fetch_one(&mut self, query: Query) -> Result<Row, StoreError> {
        let table = query.table();
        self.fetch_optional(query).await?.ok_or_else(|| StoreError::missing_row(table))
    }

    /// Makes it all lasting.
    ///
    /// # Errors
    ///
    /// When the database could not write it; nothing has happened then. When the connection breaks
    /// in this very moment, nobody knows.
    pub async fn commit(self) -> Result<(), StoreError> {
        self.inner.commit().await
    }
}

impl std::fmt::Debug for Tx {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Tx").finish_non_exhaustive()
    }
}
