//! SQLite: one connection that writes, several that only read.

use std::{path::Path, time::Duration};

use async_trait::async_trait;
use sqlx::{
    Sqlite as Driver, SqliteConnection, SqlitePool,
    pool::PoolConnection,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};
use tokio::runtime::Handle;

use super::{
    Dialect, Query, Row, StoreError, Tx,
    engine::{Engine, EngineTx},
};

/// How long a statement waits for the file, and a transaction for the one writer.
const PATIENCE: Duration = Duration::from_secs(10);

/// Enough for the pages of a busy installation; each costs a file descriptor and a small cache.
const READERS: u32 = 8;

pub(super) struct Sqlite {
    writer: SqlitePool,
    readers: SqlitePool,
}

impl Sqlite {
    pub(super) async fn open(path: &Path, max_pages: Option<u32>) -> Result<Self, StoreError> {
        let common = SqliteConnectOptions::new()
            .filename(path)
            .busy_timeout(PATIENCE)
            .foreign_keys(true)
            .pragma("trusted_schema", "OFF");
        let mut write = common
            .clone()
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            // An acknowledged write survives a power cut.
            .synchronous(SqliteSynchronous::Full)
            // What is deleted, such as a revealed secret, is overwritten in the file.
            .pragma("secure_delete", "ON");
        if let Some(pages) = max_pages {
            write = write.pragma("max_page_count", pages.to_string());
        }
        let writer = SqlitePoolOptions::new()
            .max_connections(1)
            .acquire_timeout(PATIENCE)
            .idle_timeout(None)
            .max_lifetime(None)
            .connect_with(write)
            .await?;
        let readers = SqlitePoolOptions::new()
            .max_connections(READERS)
            .acquire_timeout(PATIENCE)
            .connect_lazy_with(common.read_only(true));
        Ok(Self { writer, readers })
    }
}

#[async_trait]
impl Engine for Sqlite {
    fn dialect(&self) -> Dialect {
        Dialect::Sqlite
    }

    async fn migrate(&self) -> Result<(), StoreError> {
        Ok(sqlx::migrate!("../migrations/sqlite").run(&self.writer).await?)
    }

    async fn fetch_all(&self, query: Query) -> Result<Vec<Row>, StoreError> {
        let table = query.table();
        let rows = query.for_sqlite().fetch_all(&self.readers).await?;
        Ok(rows.into_iter().map(|row| Row::sqlite(row, table)).collect())
    }

    async fn fetch_optional(&self, query: Query) -> Result<Option<Row>, StoreError> {
        let table = query.table();
        let row = query.for_sqlite().fetch_optional(&self.readers).await?;
        Ok(row.map(|row| Row::sqlite(row, table)))
    }

    async fn begin(&self) -> Result<Tx, StoreError> {
        let mut transaction = SqliteTx(Some(self.writer.acquire().await?));
        // IMMEDIATE takes the write lock at once: no transaction fails half way because another
        // process wrote in between.
        transaction.run("BEGIN IMMEDIATE").await?;
        Ok(Tx::new(Dialect::Sqlite, transaction))
    }

    async fn close(&self) {
        self.readers.close().await;
        self.writer.close().await;
    }
}

/// A transaction on the writer, until it is committed.
///
/// sqlx's own `Transaction` counts how deep it is. When the disk is full SQLite rolls back by
/// itself, the count stays, and the only writer could never begin again; so this one does not count.
struct SqliteTx(Option<PoolConnection<Driver>>);

impl SqliteTx {
    fn connection(&mut self) -> &mut SqliteConnection {
        self.0.as_mut().expect("the connection is there until commit, which consumes the transaction")
    }

    async fn run(&mut self, statement: &'static str) -> Result<(), StoreError> {
        sqlx::query(statement).execute(self.connection()).await?;
        Ok(())
    }
}

impl Drop for SqliteTx {
    fn drop(&mut self) {
        let Some(mut connection) = self.0.take() else {
            return;
        };
        // The next transaction waits for this connection, so it cannot begin before the end of
        // this one. Outside the runtime the connection closes, which undoes everything as well.
        if let Ok(runtime) = Handle::try_current() {
            runtime.spawn(async move {
                // Fails when SQLite has rolled back already, which is as good.
                let undone = sqlx::query("ROLLBACK").execute(&mut *connection).await;
                if matches!(&undone, Err(error) if error.as_database_error().is_none()) {
                    connection.close_on_drop();
                }
            });
        } else {
            connection.close_on_drop();
        }
    }
}

#[async_trait]
impl EngineTx for SqliteTx {
    async fn execute(&mut self, query: Query) -> Result<u64, StoreError> {
        let done = query.for_sqlite().execute(self.connection()).await?;
        Ok(done.rows_affected())
    }

    async fn fetch_all(&mut self, query: Query) -> Result<Vec<Row>, StoreError> {
        let table = query.table();
        let rows = query.for_sqlite().fetch_all(self.connection()).await?;
        Ok(rows.into_iter().map(|row| Row::sqlite(row, table)).collect())
    }

    async fn fetch_optional(&mut self, query: Query) -> Result<Option<Row>, StoreError> {
        let table = query.table();
        let row = query.for_sqlite().fetch_optional(self.connection()).await?;
        Ok(row.map(|row| Row::sqlite(row, table)))
    }

    async fn commit(mut self: Box<Self>) -> Result<(), StoreError> {
        self.run("COMMIT").await?;
        drop(self.0.take());
        Ok(())
    }
}
