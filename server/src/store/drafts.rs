//! Drafts of wizards.

use domain::{
    create_key::CreateKeyDraft,
    ids::{DraftId, PersonId},
};
use jiff::Timestamp;

use super::{Query, Row, Store, StoreError, Tx};

/// A draft as it is kept.
#[derive(Debug, Clone, PartialEq)]
pub struct StoredDraft {
    /// Its id.
    pub id: DraftId,
    /// Whose it is.
    pub person: PersonId,
    /// The answers as typed.
    pub draft: CreateKeyDraft,
    /// When it was last saved.
    pub saved_at: Timestamp,
    /// When it is thrown away.
    pub expires_at: Timestamp,
}

const SELECT: &str = "select id, person_id, content, saved_at, expires_at from drafts";

fn read(row: &Row) -> Result<StoredDraft, StoreError> {
    Ok(StoredDraft {
        id: DraftId(row.get_uuid("id")?),
        person: PersonId(row.get_uuid("person_id")?),
        draft: row.get_json("content")?,
        saved_at: row.get_timestamp("saved_at")?,
        expires_at: row.get_timestamp("expires_at")?,
    })
}

fn content(draft: &CreateKeyDraft) -> String {
    serde_json::to_string(draft).expect("plain data is always JSON")
}

impl Store {
    /// The drafts of `person` that are not over at `now`, the newest first.
    ///
    /// # Errors
    ///
    /// When the database cannot answer.
    pub async fn drafts_of(&self, person: PersonId, now: Timestamp) -> Result<Vec<StoredDraft>, StoreError> {
        let query = Query::new(SELECT)
            .push(" where person_id = ")
            .push_bind(person.0)
            .push(" and expires_at > ")
            .push_bind(now)
            .push(" order by saved_at desc limit 50");
        self.fetch_all(query).await?.iter().map(read).collect()
    }

    /// The draft `id` of `person`, unless it is over at `now`.
    ///
    /// # Errors
    ///
    /// When the database cannot answer.
    pub async fn draft(
        &self,
        person: PersonId,
        id: DraftId,
        now: Timestamp,
    ) -> Result<Option<StoredDraft>, StoreError> {
        let query = Query::new(SELECT)
            .push(" where id = ")
            .push_bind(id.0)
            .push(" and person_id = ")
            .push_bind(person.0)
            .push(" and expires_at > ")
            .push_bind(now);
        self.fetch_optional(query).await?.as_ref().map(read).transpose()
    }

    /// Keeps a new draft, unless the person has `limit` of them already; says whether it was kept.
    ///
    /// # Errors
    ///
    /// When the database cannot take it.
    pub async fn insert_draft(
        &self,
        draft: &StoredDraft,
        created_at: Timestamp,
        limit: i64,
    ) -> Result<bool, StoreError> {
        let mut tx = self.begin().await?;
        let count = Query::new("select count(*) as n from drafts where person_id = $1 and expires_at > $2")
            .bind(draft.person.0)
            .bind(created_at);
        if tx.fetch_one(count).await?.get_i64("n")? >= limit {
            return Ok(false);
        }
        let insert = Query::new(
            "insert into drafts (id, person_id, content, created_at, saved_at, expires_at) values ($1, $2, $3, $4, $5, $6)",
        )
        .bind(draft.id.0)
        .bind(draft.person.0)
        .bind(content(&draft.draft))
        .bind(created_at)
        .bind(draft.saved_at)
        .bind(draft.expires_at);
        tx.execute(insert).await?;
        tx.commit().await?;
        Ok(true)
    }

    /// Saves the answers of a draft; says whether it is still there.
    ///
    /// # Errors
    ///
    /// When the database cannot take it.
    pub async fn save_draft(&self, draft: &StoredDraft) -> Result<bool, StoreError> {
        let update = Query::new(
            "update drafts set content = $1, saved_at = $2, expires_at = $3 where id = $4 and person_id = $5",
        )
        .bind(content(&draft.draft))
        .bind(draft.saved_at)
        .bind(draft.expires_at)
        .bind(draft.id.0)
        .bind(draft.person.0);
        Ok(self.execute(update).await? == 1)
    }

    /// Throws a draft away within `tx`; says whether it was there. Two submissions of one draft cannot both see it.
    ///
    /// # Errors
    ///
    /// When the database cannot take it.
    pub async fn take_draft(tx: &mut Tx, person: PersonId, id: DraftId) -> Result<bool, StoreError> {
        let delete = Query::new("delete from drafts where id = $1 and person_id = $2").bind(id.0).bind(person.0);
        Ok(tx.execute(delete).await? == 1)
    }

    /// Throws away drafts that are over at `now`.
    ///
    /// # Errors
    ///
    /// When the database cannot take it.
    pub async fn drop_expired_drafts(&self, now: Timestamp) -> Result<u64, StoreError> {
        self.execute(Query::new("delete from drafts where expires_at <= $1").bind(now)).await
    }
}
