//! Forms that were refused, and files under import, kept for a short while.

use domain::ids::PersonId;
use jiff::Timestamp;

use super::{Query, Store, StoreError, Tx};

impl Store {
    /// Keeps what a form held, sealed.
    ///
    /// # Errors
    ///
    /// When the database cannot take it.
    pub async fn insert_attempt(
        &self,
        id_hash: [u8; 32],
        person: Option<PersonId>,
        content: Vec<u8>,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let query =
            Query::new("insert into attempts (id_hash, person_id, content, created_at) values ($1, $2, $3, $4)")
                .bind(id_hash)
                .bind(person.map(|person| person.0))
                .bind(content)
                .bind(now);
        self.execute(query).await.map(drop)
    }

    /// What a form held, sealed, if it is `person`'s and was kept since `since`.
    ///
    /// # Errors
    ///
    /// When the database cannot answer.
    pub async fn attempt(
        &self,
        id_hash: [u8; 32],
        person: Option<PersonId>,
        since: Timestamp,
    ) -> Result<Option<Vec<u8>>, StoreError> {
        let query = Query::new("select content from attempts where id_hash = ")
            .push_bind(id_hash)
            .push(" and coalesce(person_id, '') = ")
            .push_bind(person.map(|person| person.to_string()).unwrap_or_default())
            .push(" and created_at >= ")
            .push_bind(since);
        self.fetch_optional(query).await?.map(|row| row.get_bytes("content")).transpose()
    }

    /// Removes what was kept under `id_hash` and says whether it was there: of two who take it, one gets it.
    ///
    /// # Errors
    ///
    /// When the database cannot take it.
    pub async fn take_attempt(tx: &mut Tx, id_hash: [u8; 32]) -> Result<bool, StoreError> {
        Ok(tx.execute(Query::new("delete from attempts where id_hash = $1").bind(id_hash)).await? > 0)
    }

    /// Forgets forms kept before `before`.
    ///
    /// # Errors
    ///
    /// When the database cannot take it.
    pub async fn forget_attempts(&self, before: Timestamp) -> Result<u64, StoreError> {
        self.execute(Query::new("delete from attempts where created_at < $1").bind(before)).await
    }
}
