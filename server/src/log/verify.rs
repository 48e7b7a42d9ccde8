//! Following the chain from the first entry to the head.

use std::fmt;

use super::entry_hash;
use crate::store::{Store, StoreError};

/// Entries read at a time; some megabytes.
const BATCH: u32 = 10_000;

/// A whole log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Verified {
    /// How many entries there are.
    pub entries: i64,
    /// The newest entry's hash: note it elsewhere, and a log rewritten as a whole can be told.
    pub head: [u8; 32],
    /// The entry whose hash was expected; `None` when there is no such entry, or no hash was expected.
    pub noted: Option<i64>,
}

/// The first thing that is wrong with a log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Broken {
    /// The entry, or its place, is not what was written.
    Changed(i64),
    /// The entry is gone.
    Missing(i64),
    /// The entry was not written by Meridian.
    Added(i64),
}

impl fmt::Display for Broken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Changed(seq) => write!(f, "entry {seq} is not what was written: it was changed or put in its place"),
            Self::Missing(seq) => write!(f, "entry {seq} is missing"),
            Self::Added(seq) => write!(f, "entry {seq} was added from outside"),
        }
    }
}

/// Recomputes every hash. Entries written meanwhile are included. `expected` is the head of an earlier time: the chain has to go
/// through it still, which it does not when its end was cut off or it was rewritten since.
///
/// # Errors
///
/// When the database cannot answer. A broken log is an answer.
pub async fn verify(store: &Store, expected: Option<[u8; 32]>) -> Result<Result<Verified, Broken>, StoreError> {
    let mut last = 0;
    let mut hash = [0; 32];
    let mut noted = None;
    loop {
        let rows = store.log_chain_after(last, BATCH).await?;
        let is_end = rows.is_empty();
        for row in rows {
            let next = last + 1;
            if row.seq != next {
                return Ok(Err(Broken::Missing(next)));
            }
            hash = entry_hash(&hash, row.seq, &row.entry);
            if hash != row.hash {
                return Ok(Err(Broken::Changed(row.seq)));
            }
            last = row.seq;
            if expected == Some(hash) {
                noted = Some(last);
            }
        }
        if is_end {
            // Read after the entries: an honest head is at the last one or, by now, further.
            let head = store.log_head().await?;
            if head.seq < last {
                return Ok(Err(Broken::Added(head.seq + 1)));
            }
            if head.seq == last {
                return Ok(if head.hash == hash {
                    Ok(Verified { entries: last, head: hash, noted })
                } else {
                    Err(Broken::Changed(last))
                });
            }
            if store.log_chain_after(last, 1).await?.is_empty() {
                return Ok(Err(Broken::Missing(last + 1)));
            }
        }
    }
}
