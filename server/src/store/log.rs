//! The log's rows: appending, the chain, and reading with filters.

use domain::ids::{OrgId, RequestNumber};
use jiff::Timestamp;

use super::{Query, Row, Store, StoreError, Tx};
use crate::log::{Entry, Written, entry_hash};

/// The newest entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LogHead {
    /// Its number; 0 when there is none yet.
    pub seq: i64,
    /// Its hash; zeros when there is none yet.
    pub hash: [u8; 32],
}

/// An entry with what its hash is computed from.
#[derive(Debug, Clone)]
pub(crate) struct ChainRow {
    pub(crate) seq: i64,
    pub(crate) entry: String,
    pub(crate) hash: [u8; 32],
}

/// An entry as it is shown.
#[derive(Debug, Clone, PartialEq)]
pub struct LogRow {
    /// Its number.
    pub seq: i64,
    /// What it says.
    pub written: Written,
    /// Its hash.
    pub hash: [u8; 32],
}

/// Which entries to show; what is `None` does not matter.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LogFilter {
    /// Only what was done by somebody whose name contains this.
    pub actor: Option<String>,
    /// Only actions whose word starts with this, such as `session.`.
    pub action: Option<String>,
    /// Only what is about this organization.
    pub org: Option<OrgId>,
    /// Only what belongs to this request.
    pub request: Option<RequestNumber>,
    /// Only from this moment on.
    pub from: Option<Timestamp>,
    /// Only before this moment.
    pub until: Option<Timestamp>,
}

impl Store {
    /// Appends an entry within the transaction of what it tells, and gives its number.
    ///
    /// The head is locked from here until the transaction ends, so entries are numbered without a gap also when
    /// several replicas write: append as late as possible.
    ///
    /// # Errors
    ///
    /// When the database cannot take it. The transaction must then be dropped: no change without its entry.
    pub async fn append_log(tx: &mut Tx, entry: &Entry) -> Result<i64, StoreError> {
        let head = Query::new("select seq, hash from log_head where one = 1").push(tx.dialect().for_update());
        let head = read_head(&tx.fetch_one(head).await?)?;
        let seq = head.seq + 1;
        let text = entry.to_canonical();
        let hash = entry_hash(&head.hash, seq, &text);
        tx.execute(
            Query::new("insert into log (seq, entry, hash) values ($1, $2, $3)").bind(seq).bind(text).bind(hash),
        )
        .await?;
        tx.execute(Query::new("update log_head set seq = $1, hash = $2 where one = 1").bind(seq).bind(hash)).await?;
        Ok(seq)
    }

    /// Appends an entry that tells of nothing else in the database, such as a refusal.
    ///
    /// # Errors
    ///
    /// When the database cannot take it.
    pub async fn log_alone(&self, entry: &Entry) -> Result<i64, StoreError> {
        let mut tx = self.begin().await?;
        let seq = Self::append_log(&mut tx, entry).await?;
        tx.commit().await?;
        Ok(seq)
    }

    /// The newest entry's number and hash.
    ///
    /// # Errors
    ///
    /// When the database cannot answer.
    pub async fn log_head(&self) -> Result<LogHead, StoreError> {
        let row = self.fetch_one(Query::new("select seq, hash from log_head where one = 1")).await?;
        read_head(&row)
    }

    pub(crate) async fn log_chain_after(&self, seq: i64, limit: u32) -> Result<Vec<ChainRow>, StoreError> {
        let query =
            Query::new("select seq, entry, hash from log where seq > $1 order by seq limit $2").bind(seq).bind(limit);
        self.fetch_all(query)
            .await?
            .iter()
            .map(|row| {
                Ok(ChainRow { seq: row.get_i64("seq")?, entry: row.get_text("entry")?, hash: row.get_hash("hash")? })
            })
            .collect()
    }

    /// How many entries `filter` lets through.
    ///
    /// # Errors
    ///
    /// When the database cannot answer.
    pub async fn count_log(&self, filter: &LogFilter) -> Result<u32, StoreError> {
        let query = narrowed(Query::new("select count(*) as n from log where 1 = 1"), filter);
        self.fetch_one(query).await?.get_u32("n")
    }

    /// The entries that `filter` lets through, newest first, without the first `offset`.
    ///
    /// # Errors
    ///
    /// When the database cannot answer.
    pub async fn list_log(&self, filter: &LogFilter, limit: u32, offset: u32) -> Result<Vec<LogRow>, StoreError> {
        let query = narrowed(Query::new("select seq, entry, hash from log where 1 = 1"), filter)
            .push(" order by seq desc limit ")
            .push_bind(limit)
            .push(" offset ")
            .push_bind(offset);
        self.fetch_all(query)
            .await?
            .iter()
            .map(|row| {
                Ok(LogRow { seq: row.get_i64("seq")?, written: row.get_json("entry")?, hash: row.get_hash("hash")? })
            })
            .collect()
    }
}

fn narrowed(mut query: Query, filter: &LogFilter) -> Query {
    if let Some(actor) = &filter.actor {
        let escaped: String = actor
            .to_lowercase()
            .chars()
            .flat_map(|c| matches!(c, '%' | '_' | '^').then_some('^').into_iter().chain([c]))
            .collect();
        let pattern = format!("%{escaped}%");
        // By way of the people, of whom there are few, so that the index serves; the others are found by their word.
        query = query.push(" and (actor_id in (select id from people where lower(username) like ").push_bind(&pattern);
        query = query.push(" escape '^' or lower(display_name) like ").push_bind(&pattern);
        query = query.push(" escape '^') or (actor_id is null and actor like ").push_bind(&pattern);
        query = query.push(" escape '^'))");
    }
    if let Some(action) = &filter.action {
        // A range instead of `like`, so that the index serves and no character is special. Words are ASCII.
        query = query.push(" and action >= ").push_bind(action);
        query = query.push(" and action < ").push_bind(format!("{action}\u{7F}"));
    }
    if let Some(org) = &filter.org {
        query = query.push(" and org_id = ").push_bind(org.as_str());
    }
    if let Some(request) = filter.request {
        query = query.push(" and request_number = ").push_bind(request.0);
    }
    if let Some(from) = filter.from {
        query = query.push(" and at >= ").push_bind(from);
    }
    if let Some(until) = filter.until {
        query = query.push(" and at < ").push_bind(until);
    }
    query
}

fn read_head(row: &Row) -> Result<LogHead, StoreError> {
    Ok(LogHead { seq: row.get_i64("seq")?, hash: row.get_hash("hash")? })
}
