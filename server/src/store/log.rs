//! The log's rows: appending, the chain, and reading with filters.

use domain::ids::{OrgId, PersonId, RequestNumber};
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
    /// Only what this person did.
    pub actor: Option<PersonId>,
    /// Only actions whose word starts with this, such as `sign_in.`.
    pub action: Option<String>,
    /// Only what is about this organization.
    pub org: Option<OrgId>,
    /// Only what belongs to this request.
    pub request: Option<RequestNumber>,
    /// Only from this moment on.
    pub from: Option<Timestamp>,
    /// Only before this moment.
    pub until: Option<Timestamp>,
    /// Only entries before this number: the next page.
    pub before: Option<i64>,
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

    /// The newest entries that `filter` lets through, newest first.
    ///
    /// # Errors
    ///
    /// When the database cannot answer.
    pub async fn list_log(&self, filter: &LogFilter, limit: u32) -> Result<Vec<LogRow>, StoreError> {
        let mut query = Query::new("select seq, entry, hash from log where 1 = 1");
        if let Some(actor) = filter.actor {
            query = query.push(" and actor_id = ").push_bind(actor.0);
        }
        if let Some(action) = &filter.action {
            // A range instead of `like`, so that the index serves and no character is special.
            query = query.push(" and action >= ").push_bind(action);
            query = query.push(" and action < ").push_bind(format!("{action}\u{10FFFF}"));
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
        if let Some(before) = filter.before {
            query = query.push(" and seq < ").push_bind(before);
        }
        query = query.push(" order by seq desc limit ").push_bind(limit);
        self.fetch_all(query)
            .await?
            .iter()
            .map(|row| {
                Ok(LogRow { seq: row.get_i64("seq")?, written: row.get_json("entry")?, hash: row.get_hash("hash")? })
            })
            .collect()
    }
}

fn read_head(row: &Row) -> Result<LogHead, StoreError> {
    Ok(LogHead { seq: row.get_i64("seq")?, hash: row.get_hash("hash")? })
}
