//! Failed sign-ins, counted per account for all replicas.

use jiff::Timestamp;

use super::{Query, Store, StoreError, Tx};

/// The failures under one key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Failures {
    /// How many in a row.
    pub count: u32,
    /// When the last one was.
    pub last_at: Timestamp,
    /// Until when nothing is tried.
    pub blocked_until: Timestamp,
}

impl Store {
    /// The failures under `key`, locked until the transaction ends.
    ///
    /// # Errors
    ///
    /// When the database cannot answer.
    pub async fn failures(tx: &mut Tx, key: [u8; 32]) -> Result<Option<Failures>, StoreError> {
        let query = Query::new("select failures, last_at, blocked_until from sign_in_failures where account_hash = ")
            .push_bind(key)
            .push(tx.dialect().for_update());
        let Some(row) = tx.fetch_optional(query).await? else { return Ok(None) };
        Ok(Some(Failures {
            count: row.get_u32("failures")?,
            last_at: row.get_timestamp("last_at")?,
            blocked_until: row.get_timestamp("blocked_until")?,
        }))
    }

    /// Notes the failures under `key`.
    ///
    /// # Errors
    ///
    /// When the database cannot take it.
    pub async fn set_failures(tx: &mut Tx, key: [u8; 32], failures: Failures) -> Result<(), StoreError> {
        let query = Query::new(
            "insert into sign_in_failures (account_hash, failures, last_at, blocked_until) values ($1, $2, $3, $4) \
             on conflict (account_hash) do update set failures = excluded.failures, last_at = excluded.last_at, \
             blocked_until = excluded.blocked_until",
        )
        .bind(key)
        .bind(failures.count)
        .bind(failures.last_at)
        .bind(failures.blocked_until);
        tx.execute(query).await.map(drop)
    }

    /// Forgets the failures under `key`.
    ///
    /// # Errors
    ///
    /// When the database cannot take it.
    pub async fn clear_failures(tx: &mut Tx, key: [u8; 32]) -> Result<(), StoreError> {
        tx.execute(Query::new("delete from sign_in_failures where account_hash = $1").bind(key)).await.map(drop)
    }

    /// Forgets failures of before `before`.
    ///
    /// # Errors
    ///
    /// When the database cannot take it.
    pub async fn forget_failures(&self, before: Timestamp) -> Result<u64, StoreError> {
        self.execute(Query::new("delete from sign_in_failures where last_at < $1").bind(before)).await
    }
}
