//! Who asked for a key that was created through Meridian, and until when it is needed. It outlives what is read from Atlas.

use domain::{
    ids::{ApiKeyId, OrgId, RequestNumber},
    key_end::{self, KeyEnd},
};
use jiff::Timestamp;

use super::super::{Query, Row, Store, StoreError, Tx};

/// In the column: it has no end.
pub(super) const NO_END: i64 = i64::MAX - 1;
/// In the column: there is no record of an end.
pub(super) const NOT_KNOWN: i64 = i64::MAX;

fn column(end: Option<KeyEnd>) -> i64 {
    match end {
        None => NOT_KNOWN,
        Some(end) => end.at().map_or(NO_END, |at| at.as_microsecond()),
    }
}

/// The end in the column `ends`.
pub(super) fn read(row: &Row) -> Result<Option<KeyEnd>, StoreError> {
    match row.get_i64("ends")? {
        NOT_KNOWN => Ok(None),
        NO_END => Ok(Some(KeyEnd::Never)),
        at => {
            let at = Timestamp::from_microsecond(at).map_err(|_| row.corrupt("ends"))?;
            Ok(Some(KeyEnd::On(key_end::today(at))))
        }
    }
}

impl Store {
    /// Notes who asked for a key that was created through Meridian and until when it is needed; what was noted first stays.
    /// `end` is `None` when nobody was asked for it.
    ///
    /// # Errors
    ///
    /// When the database cannot take it.
    pub async fn note_key_origin(
        tx: &mut Tx,
        org: &OrgId,
        key: &ApiKeyId,
        requested_by: &str,
        request: RequestNumber,
        end: Option<KeyEnd>,
    ) -> Result<(), StoreError> {
        let insert = Query::new(
            "insert into key_origins (org_id, key_id, requested_by, request_number, ends) values ($1, $2, $3, $4, $5) \
             on conflict (org_id, key_id) do nothing",
        );
        let insert = insert.bind(org.as_str()).bind(key.as_str()).bind(requested_by).bind(request.0);
        if tx.execute(insert.bind(column(end))).await? == 0 {
            return Ok(());
        }
        // A refresh may have brought the key before the outcome was written.
        let copy = Query::new("update api_keys set ends = $1 where org_id = $2 and key_id = $3");
        tx.execute(copy.bind(column(end)).bind(org.as_str()).bind(key.as_str())).await.map(drop)
    }

    /// Copies the ends of an organization's keys to where they are sorted by, as far as they are not there yet.
    pub(super) async fn copy_key_ends(tx: &mut Tx, org: &OrgId) -> Result<(), StoreError> {
        let copy = Query::new(
            "update api_keys set ends = (select o.ends from key_origins o \
             where o.org_id = api_keys.org_id and o.key_id = api_keys.key_id) \
             where org_id = $1 and ends = $2 and key_id in (select key_id from key_origins where org_id = $1 and ends <> $2)",
        );
        tx.execute(copy.bind(org.as_str()).bind(NOT_KNOWN)).await.map(drop)
    }
}
