//! Secrets that Atlas returned once, sealed to the person who asked for them.

use domain::ids::{PersonId, RequestNumber};
use jiff::Timestamp;

use super::{Query, Row, Store, StoreError, Tx};

/// A secret as it is kept.
#[derive(Clone, PartialEq, Eq)]
pub struct StoredReveal {
    /// The request that brought it.
    pub number: RequestNumber,
    /// The only person who may see it.
    pub person: PersonId,
    /// The sealed secret, until it was seen or destroyed.
    pub sealed: Option<Vec<u8>>,
    /// When it is destroyed.
    pub expires_at: Timestamp,
    /// When it was seen.
    pub revealed_at: Option<Timestamp>,
    /// When it was destroyed unseen.
    pub destroyed_at: Option<Timestamp>,
}

impl std::fmt::Debug for StoredReveal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("StoredReveal").field("number", &self.number).finish_non_exhaustive()
    }
}

const SELECT: &str = "select request_number, person_id, sealed, expires_at, revealed_at, destroyed_at from reveals where request_number = $1";

fn read(row: &Row) -> Result<StoredReveal, StoreError> {
    Ok(StoredReveal {
        number: super::number(row, "request_number")?,
        person: PersonId(row.get_uuid("person_id")?),
        sealed: row.get_opt_bytes("sealed")?,
        expires_at: row.get_timestamp("expires_at")?,
        revealed_at: row.get_opt_timestamp("revealed_at")?,
        destroyed_at: row.get_opt_timestamp("destroyed_at")?,
    })
}

impl Store {
    /// Keeps a sealed secret.
    ///
    /// # Errors
    ///
    /// When the database cannot take it.
    pub async fn insert_reveal(
        tx: &mut Tx,
        number: RequestNumber,
        person: PersonId,
        sealed: &[u8],
        now: Timestamp,
        expires_at: Timestamp,
    ) -> Result<(), StoreError> {
        let insert = Query::new(
            "insert into reveals (request_number, person_id, sealed, created_at, expires_at) values ($1, $2, $3, $4, $5)",
        )
        .bind(number.0)
        .bind(person.0)
        .bind(sealed)
        .bind(now)
        .bind(expires_at);
        tx.execute(insert).await.map(drop)
    }

    /// The secret of a request.
    ///
    /// # Errors
    ///
    /// When the database cannot answer.
    pub async fn reveal(&self, number: RequestNumber) -> Result<Option<StoredReveal>, StoreError> {
        self.fetch_optional(Query::new(SELECT).bind(number.0)).await?.as_ref().map(read).transpose()
    }

    /// The secret of a request, locked until the transaction ends.
    ///
    /// # Errors
    ///
    /// When the database cannot answer.
    pub async fn lock_reveal(tx: &mut Tx, number: RequestNumber) -> Result<Option<StoredReveal>, StoreError> {
        let query = Query::new(SELECT).bind(number.0).push(tx.dialect().for_update());
        tx.fetch_optional(query).await?.as_ref().map(read).transpose()
    }

    /// Empties a secret's row: `seen` tells whether it was seen or destroyed unseen.
    ///
    /// # Errors
    ///
    /// When the database cannot take it; then it must not be shown.
    pub async fn empty_reveal(
        tx: &mut Tx,
        number: RequestNumber,
        seen: bool,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let update = if seen {
            Query::new("update reveals set sealed = null, revealed_at = $1 where request_number = $2")
        } else {
            Query::new("update reveals set sealed = null, destroyed_at = $1 where request_number = $2")
        };
        tx.execute(update.bind(now).bind(number.0)).await.map(drop)
    }

    /// Secrets whose time was over before `now` and which are still there.
    ///
    /// # Errors
    ///
    /// When the database cannot answer.
    pub async fn overdue_reveals(&self, now: Timestamp) -> Result<Vec<RequestNumber>, StoreError> {
        let query =
            Query::new("select request_number from reveals where sealed is not null and expires_at <= $1 limit 100");
        self.fetch_all(query.bind(now)).await?.iter().map(|row| super::number(row, "request_number")).collect()
    }
}
