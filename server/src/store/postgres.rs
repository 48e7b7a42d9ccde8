//! PostgreSQL: a pool that replicas share a server through.

use std::{str::FromStr as _, time::Duration};

use async_trait::async_trait;
use secrecy::{ExposeSecret as _, SecretString};
use sqlx::{
    PgPool, Postgres as Driver, Transaction,
    postgres::{PgConnectOptions, PgPoolOptions},
};

use super::{
    Dialect, Query, Row, StoreError, Tx,
    engine::{Engine, EngineTx},
};

/// How long a request waits for a connection.
const PATIENCE: Duration = Duration::from_secs(10);

/// Connections of one replica.
const CONNECTIONS: u32 = 16;

pub(super) struct Postgres {
    pool: PgPool,
}

impl Postgres {
    pub(super) async fn open(url: &SecretString) -> Result<Self, StoreError> {
        let options = PgConnectOptions::from_str(url.expose_secret())?.application_name("meridian");
        let pool =
            PgPoolOptions::new().max_connections(CONNECTIONS).acquire_timeout(PATIENCE).connect_with(options).await?;
        Ok(Self { pool })
    }
}

#[async_trait]
impl Engine for Postgres {
    fn dialect(&self) -> Dialect {
        Dialect::Postgres
    }

    async fn migrate(&self) -> Result<(), StoreError> {
        Ok(sqlx::migrate!("../migrations/postgres").run(&self.pool).await?)
    }

    async fn fetch_all(&self, query: Query) -> Result<Vec<Row>, StoreError> {
        let table = query.table();
        let rows = query.for_postgres().fetch_all(&self.pool).await?;
        Ok(rows.into_iter().map(|row| Row::postgres(row, table)).collect())
    }

    async fn fetch_optional(&self, query: Query) -> Result<Option<Row>, StoreError> {
        let table = query.table();
        let row = query.for_postgres().fetch_optional(&self.pool).await?;
        Ok(row.map(|row| Row::postgres(row, table)))
    }

    async fn begin(&self) -> Result<Tx, StoreError> {
        let transaction = self.pool.begin().await?;
        Ok(Tx::new(Dialect::Postgres, PostgresTx(transaction)))
    }

    async fn close(&self) {
        self.pool.close().await;
    }
}

struct PostgresTx(Transaction<'static, Driver>);

#[async_trait]
impl EngineTx for PostgresTx {
    async fn execute(&mut self, query: Query) -> Result<u64, StoreError> {
        let done = query.for_postgres().execute(&mut *self.0).await?;
        Ok(done.rows_affected())
    }

    async fn fetch_all(&mut self, query: Query) -> Result<Vec<Row>, StoreError> {
        let table = query.table();
        let rows = query.for_postgres().fetch_all(&mut *self.0).await?;
        Ok(rows.into_iter().map(|row| Row::postgres(row, table)).collect())
    }

    async fn fetch_optional(&mut self, query: Query) -> Result<Option<Row>, StoreError> {
        let table = query.table();
        let row = query.for_postgres().fetch_optional(&mut *self.0).await?;
        Ok(row.map(|row| Row::postgres(row, table)))
    }

    async fn commit(self: Box<Self>) -> Result<(), StoreError> {
        Ok(self.0.commit().await?)
    }
}
