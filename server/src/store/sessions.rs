//! Sessions. The database knows only the hash of an id.

use domain::ids::PersonId;
use jiff::Timestamp;

use super::{Query, Store, StoreError, Tx};

/// A session to be opened or saved.
#[derive(Debug, Clone)]
pub struct SessionContent {
    /// The SHA-256 of its id.
    pub id_hash: [u8; 32],
    /// Who is signed in.
    pub person: Option<PersonId>,
    /// What it holds, as JSON. No secrets.
    pub data: String,
    /// The address it was opened from.
    pub address: Option<String>,
    /// The browser, as it names itself.
    pub agent: Option<String>,
}

/// A session as stored, if it has not ended.
#[derive(Debug, Clone)]
pub struct SessionState {
    /// What it holds.
    pub data: String,
    /// When it was opened.
    pub created_at: Timestamp,
    /// When it was last used, to the minute.
    pub last_seen_at: Timestamp,
    /// When it ends, used or not.
    pub expires_at: Timestamp,
}

/// A session in a person's list.
#[derive(Debug, Clone)]
pub struct SessionListed {
    /// The SHA-256 of its id.
    pub id_hash: [u8; 32],
    /// The address it was opened from.
    pub address: Option<String>,
    /// The browser, as it names itself.
    pub agent: Option<String>,
    /// When it was opened.
    pub created_at: Timestamp,
    /// When it was last used, to the minute.
    pub last_seen_at: Timestamp,
}

impl Store {
    /// Opens a session; `false` when its id is taken.
    ///
    /// # Errors
    ///
    /// When the database cannot take it.
    pub async fn create_session(
        &self,
        session: &SessionContent,
        now: Timestamp,
        expires_at: Timestamp,
    ) -> Result<bool, StoreError> {
        let query = Query::new(
            "insert into sessions (id_hash, person_id, data, address, agent, created_at, last_seen_at, expires_at) \
             values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict do nothing",
        )
        .bind(session.id_hash)
        .bind(session.person.map(|person| person.0))
        .bind(&session.data)
        .bind(session.address.clone())
        .bind(session.agent.clone())
        .bind(now)
        .bind(now)
        .bind(expires_at);
        Ok(self.execute(query).await? == 1)
    }

    /// Saves a session that is still there. One that was ended meanwhile stays ended.
    ///
    /// # Errors
    ///
    /// When the database cannot take it.
    pub async fn save_session(&self, session: &SessionContent) -> Result<(), StoreError> {
        let query = Query::new("update sessions set person_id = $1, data = $2 where id_hash = $3")
            .bind(session.person.map(|person| person.0))
            .bind(&session.data)
            .bind(session.id_hash);
        self.execute(query).await.map(drop)
    }

    /// The session with this hash, unless its time is over or it was not used since `used_since`.
    ///
    /// # Errors
    ///
    /// When the database cannot answer.
    pub async fn load_session(
        &self,
        id_hash: [u8; 32],
        now: Timestamp,
        used_since: Timestamp,
    ) -> Result<Option<SessionState>, StoreError> {
        let query = Query::new("select data, created_at, last_seen_at, expires_at from sessions where id_hash = ")
            .push_bind(id_hash)
            .push(" and expires_at > ")
            .push_bind(now)
            .push(" and last_seen_at > ")
            .push_bind(used_since);
        let Some(row) = self.fetch_optional(query).await? else { return Ok(None) };
        Ok(Some(SessionState {
            data: row.get_text("data")?,
            created_at: row.get_timestamp("created_at")?,
            last_seen_at: row.get_timestamp("last_seen_at")?,
            expires_at: row.get_timestamp("expires_at")?,
        }))
    }

    /// Notes that a session is in use.
    ///
    /// # Errors
    ///
    /// When the database cannot take it.
    pub async fn touch_session(&self, id_hash: [u8; 32], now: Timestamp) -> Result<(), StoreError> {
        let query = Query::new("update sessions set last_seen_at = $1 where id_hash = $2").bind(now).bind(id_hash);
        self.execute(query).await.map(drop)
    }

    /// Ends a session.
    ///
    /// # Errors
    ///
    /// When the database cannot take it.
    pub async fn delete_session(&self, id_hash: [u8; 32]) -> Result<(), StoreError> {
        self.execute(Query::new("delete from sessions where id_hash = $1").bind(id_hash)).await.map(drop)
    }

    /// Ends all sessions of a person but `keep`, and says how many that were.
    ///
    /// # Errors
    ///
    /// When the database cannot take it.
    pub async fn delete_sessions_of(tx: &mut Tx, person: PersonId, keep: Option<[u8; 32]>) -> Result<u64, StoreError> {
        let mut query = Query::new("delete from sessions where person_id = ").push_bind(person.0);
        if let Some(keep) = keep {
            query = query.push(" and id_hash <> ").push_bind(keep);
        }
        tx.execute(query).await
    }

    /// The open sessions of a person, the last used first.
    ///
    /// # Errors
    ///
    /// When the database cannot answer.
    pub async fn sessions_of(
        &self,
        person: PersonId,
        now: Timestamp,
        used_since: Timestamp,
    ) -> Result<Vec<SessionListed>, StoreError> {
        let query =
            Query::new("select id_hash, address, agent, created_at, last_seen_at from sessions where person_id = ")
                .push_bind(person.0)
                .push(" and expires_at > ")
                .push_bind(now)
                .push(" and last_seen_at > ")
                .push_bind(used_since)
                .push(" order by last_seen_at desc limit 100");
        self.fetch_all(query)
            .await?
            .iter()
            .map(|row| {
                Ok(SessionListed {
                    id_hash: row.get_hash("id_hash")?,
                    address: row.get_opt_text("address")?,
                    agent: row.get_opt_text("agent")?,
                    created_at: row.get_timestamp("created_at")?,
                    last_seen_at: row.get_timestamp("last_seen_at")?,
                })
            })
            .collect()
    }

    /// Forgets sessions whose time is over.
    ///
    /// # Errors
    ///
    /// When the database cannot take it.
    pub async fn forget_sessions(&self, now: Timestamp, used_since: Timestamp) -> Result<u64, StoreError> {
        let query =
            Query::new("delete from sessions where expires_at <= $1 or last_seen_at <= $2").bind(now).bind(used_since);
        self.execute(query).await
    }
}
