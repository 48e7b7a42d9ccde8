//! Links that work once.

use domain::ids::PersonId;
use jiff::Timestamp;
use uuid::Uuid;

use super::{Query, Store, StoreError, Tx};

/// What a one-time link is good for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LinkPurpose {
    /// Creating the first administrator.
    SetUp,
    /// Choosing a password.
    ChoosePassword,
}

impl LinkPurpose {
    fn as_str(self) -> &'static str {
        match self {
            Self::SetUp => "set_up",
            Self::ChoosePassword => "choose_password",
        }
    }
}

impl std::str::FromStr for LinkPurpose {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        [Self::SetUp, Self::ChoosePassword].into_iter().find(|purpose| purpose.as_str() == text).ok_or(())
    }
}

/// A link to be made.
#[derive(Debug)]
pub struct NewLink {
    /// Its id.
    pub id: Uuid,
    /// The hash of the token in it.
    pub token_hash: [u8; 32],
    /// What it is good for.
    pub purpose: LinkPurpose,
    /// Whose password it is for.
    pub person: Option<PersonId>,
    /// Who made it, when that was a person.
    pub created_by: Option<PersonId>,
    /// The token, sealed, for showing it to who made it.
    pub sealed_token: Option<Vec<u8>>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it ends.
    pub expires_at: Timestamp,
}

/// A link that still works.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OpenLink {
    /// Its id.
    pub id: Uuid,
    /// What it is good for.
    pub purpose: LinkPurpose,
    /// Whose password it is for.
    pub person: Option<PersonId>,
}

/// A link that its maker may still be shown.
#[derive(Debug)]
pub struct ShownLink {
    /// Its id.
    pub id: Uuid,
    /// The token, sealed.
    pub sealed_token: Vec<u8>,
    /// When it ends.
    pub expires_at: Timestamp,
}

impl Store {
    /// Makes a link. Earlier ones for the same purpose and person stop working.
    ///
    /// # Errors
    ///
    /// When the database cannot take it.
    pub async fn insert_link(tx: &mut Tx, link: NewLink) -> Result<(), StoreError> {
        let person = link.person.map(|person| person.0);
        tx.execute(
            Query::new("update one_time_links set used_at = $1, sealed_token = $2 where used_at is null and purpose = $3 and coalesce(person_id, '') = $4")
                .bind(link.created_at)
                .bind(None::<Vec<u8>>)
                .bind(link.purpose.as_str())
                .bind(person.map(|person| person.to_string()).unwrap_or_default()),
        )
        .await?;
        tx.execute(
            Query::new(
                "insert into one_time_links (id, token_hash, purpose, person_id, created_by, sealed_token, created_at, expires_at) \
                 values ($1, $2, $3, $4, $5, $6, $7, $8)",
            )
            .bind(link.id)
            .bind(link.token_hash)
            .bind(link.purpose.as_str())
            .bind(person)
            .bind(link.created_by.map(|by| by.0))
            .bind(link.sealed_token)
            .bind(link.created_at)
            .bind(link.expires_at),
        )
        .await
        .map(drop)
    }

    /// The link with this token's hash, if it still works.
    ///
    /// # Errors
    ///
    /// When the database cannot answer.
    pub async fn open_link(&self, token_hash: [u8; 32], now: Timestamp) -> Result<Option<OpenLink>, StoreError> {
        let query =
            Query::new("select id, purpose, person_id from one_time_links where used_at is null and token_hash = ")
                .push_bind(token_hash)
                .push(" and expires_at > ")
                .push_bind(now);
        let Some(row) = self.fetch_optional(query).await? else { return Ok(None) };
        Ok(Some(OpenLink {
            id: row.get_uuid("id")?,
            purpose: row.parse("purpose")?,
            person: row.get_opt_uuid("person_id")?.map(PersonId),
        }))
    }

    /// Uses a link up. `false` when somebody else was quicker or its time is over.
    ///
    /// # Errors
    ///
    /// When the database cannot take it.
    pub async fn use_link(tx: &mut Tx, id: Uuid, now: Timestamp) -> Result<bool, StoreError> {
        let query = Query::new("update one_time_links set used_at = ")
            .push_bind(now)
            .push(", sealed_token = ")
            .push_bind(None::<Vec<u8>>)
            .push(" where used_at is null and id = ")
            .push_bind(id)
            .push(" and expires_at > ")
            .push_bind(now);
        Ok(tx.execute(query).await? == 1)
    }

    /// The newest working link for `person` that `maker` made since `since`.
    ///
    /// # Errors
    ///
    /// When the database cannot answer.
    pub async fn shown_link(
        &self,
        person: PersonId,
        maker: PersonId,
        since: Timestamp,
        now: Timestamp,
    ) -> Result<Option<ShownLink>, StoreError> {
        let query = Query::new(
            "select id, sealed_token, expires_at from one_time_links \
             where used_at is null and sealed_token is not null and person_id = ",
        )
        .push_bind(person.0)
        .push(" and created_by = ")
        .push_bind(maker.0)
        .push(" and created_at >= ")
        .push_bind(since)
        .push(" and expires_at > ")
        .push_bind(now)
        .push(" order by created_at desc limit 1");
        let Some(row) = self.fetch_optional(query).await? else { return Ok(None) };
        Ok(Some(ShownLink {
            id: row.get_uuid("id")?,
            sealed_token: row.get_bytes("sealed_token")?,
            expires_at: row.get_timestamp("expires_at")?,
        }))
    }

    /// Forgets the sealed tokens of links made before `before`, and links whose time is long over.
    ///
    /// # Errors
    ///
    /// When the database cannot take it.
    pub async fn forget_links(&self, before: Timestamp, now: Timestamp) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        tx.execute(
            Query::new(
                "update one_time_links set sealed_token = $1 where sealed_token is not null and created_at < $2",
            )
            .bind(None::<Vec<u8>>)
            .bind(before),
        )
        .await?;
        tx.execute(Query::new("delete from one_time_links where expires_at < $1").bind(now)).await?;
        tx.commit().await
    }
}
