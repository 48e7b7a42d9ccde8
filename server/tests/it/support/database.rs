//! Databases for one test each.

use std::future::Future;

use server::store::{Location, Store};
use sqlx::{Connection as _, Executor as _};
use tempfile::TempDir;

/// Names a PostgreSQL server that tests may use; each makes a schema of its own in it.
const POSTGRES_URL: &str = "MERIDIAN_TEST_POSTGRES_URL";

/// A database that lives as long as its test.
pub(crate) struct Database {
    pub(crate) location: Location,
    /// Holds the SQLite file, and whatever else a server would keep in its data directory.
    pub(crate) directory: TempDir,
    schema: Option<(String, String)>,
}

impl Database {
    /// A new SQLite file.
    pub(crate) fn sqlite() -> Self {
        let directory = tempfile::tempdir().unwrap();
        Self {
            location: Location::Sqlite { path: directory.path().join("meridian.db"), max_pages: None },
            directory,
            schema: None,
        }
    }

    /// A new schema on the PostgreSQL server, when there is one.
    pub(crate) async fn postgres() -> Option<Self> {
        let url = std::env::var(POSTGRES_URL).ok()?;
        let schema = format!("test_{}", uuid::Uuid::now_v7().simple());
        run(&url, format!("create schema {schema}")).await;
        let separator = if url.contains('?') { '&' } else { '?' };
        Some(Self {
            location: Location::Postgres { url: format!("{url}{separator}options=-c%20search_path%3D{schema}").into() },
            directory: tempfile::tempdir().unwrap(),
            schema: Some((url, schema)),
        })
    }

    pub(crate) async fn open(&self) -> Store {
        Store::open(&self.location).await.unwrap()
    }

    /// Runs SQL as somebody would who has got hold of the database.
    pub(crate) async fn tamper(&self, sql: &str) {
        match &self.location {
            Location::Sqlite { path, .. } => {
                let options = sqlx::sqlite::SqliteConnectOptions::new().filename(path);
                let mut connection = sqlx::SqliteConnection::connect_with(&options).await.unwrap();
                connection.execute(safe(sql.to_owned())).await.unwrap();
                connection.close().await.unwrap();
            }
            Location::Postgres { url } => {
                use secrecy::ExposeSecret as _;
                run(url.expose_secret(), sql.to_owned()).await;
            }
        }
    }

    async fn remove(self) {
        if let Some((url, schema)) = &self.schema {
            run(url, format!("drop schema {schema} cascade")).await;
        }
    }
}

async fn run(url: &str, sql: String) {
    let mut connection = sqlx::PgConnection::connect(url).await.unwrap();
    connection.execute(safe(sql)).await.unwrap();
    connection.close().await.unwrap();
}

#[expect(clippy::disallowed_types, reason = "tests tamper with the database on purpose")]
fn safe(sql: String) -> sqlx::AssertSqlSafe<String> {
    sqlx::AssertSqlSafe(sql)
}

/// Runs one body on SQLite and, when a server is named, on PostgreSQL.
pub(crate) async fn on_both_engines<F, Fut>(body: F)
where
    F: Fn(std::sync::Arc<Database>) -> Fut,
    Fut: Future<Output = ()>,
{
    body(std::sync::Arc::new(Database::sqlite())).await;
    if let Some(database) = Database::postgres().await {
        let database = std::sync::Arc::new(database);
        body(database.clone()).await;
        if let Some(database) = std::sync::Arc::into_inner(database) {
            database.remove().await;
        }
    }
}
