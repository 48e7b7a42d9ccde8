//! Rows of either engine, read by column name.

use jiff::Timestamp;
use sqlx::{
    ColumnIndex, Decode, Row as _, Type,
    postgres::PgRow,
    sqlite::SqliteRow,
    {Postgres, Sqlite},
};
use uuid::Uuid;

use super::StoreError;

/// One row of an answer. Getters fail with the table, column and row when a value is not what the
/// schema promises, which means that somebody else wrote it.
pub struct Row {
    inner: Inner,
    table: &'static str,
}

enum Inner {
    Sqlite(SqliteRow),
    Postgres(PgRow),
}

impl Row {
    pub(super) fn sqlite(row: SqliteRow, table: &'static str) -> Self {
        Self { inner: Inner::Sqlite(row), table }
    }

    pub(super) fn postgres(row: PgRow, table: &'static str) -> Self {
        Self { inner: Inner::Postgres(row), table }
    }

    /// A number.
    ///
    /// # Errors
    ///
    /// As all getters: [`StoreError::Corrupt`] when the value is missing or of another type.
    pub fn get_i64(&self, column: &'static str) -> Result<i64, StoreError> {
        self.get_opt_i64(column)?.ok_or_else(|| self.corrupt(column))
    }

    /// A number that may be null.
    ///
    /// # Errors
    ///
    /// As [`Row::get_i64`].
    pub fn get_opt_i64(&self, column: &'static str) -> Result<Option<i64>, StoreError> {
        match self.get::<Option<i64>>(column) {
            Ok(value) => Ok(value),
            // An expression such as `select 1` is a 32-bit number on PostgreSQL.
            Err(error) => self.get::<Option<i32>>(column).map(|value| value.map(i64::from)).map_err(|_| error),
        }
    }

    /// A number that fits 32 bits, such as a count.
    ///
    /// # Errors
    ///
    /// As [`Row::get_i64`].
    pub fn get_u32(&self, column: &'static str) -> Result<u32, StoreError> {
        u32::try_from(self.get_i64(column)?).map_err(|_| self.corrupt(column))
    }

    /// A yes or no, kept as 1 or 0.
    ///
    /// # Errors
    ///
    /// As [`Row::get_i64`].
    pub fn get_bool(&self, column: &'static str) -> Result<bool, StoreError> {
        match self.get_i64(column)? {
            0 => Ok(false),
            1 => Ok(true),
            _ => Err(self.corrupt(column)),
        }
    }

    /// A time, kept in microseconds.
    ///
    /// # Errors
    ///
    /// As [`Row::get_i64`].
    pub fn get_timestamp(&self, column: &'static str) -> Result<Timestamp, StoreError> {
        self.get_opt_timestamp(column)?.ok_or_else(|| self.corrupt(column))
    }

    /// A time that may be null.
    ///
    /// # Errors
    ///
    /// As [`Row::get_i64`].
    pub fn get_opt_timestamp(&self, column: &'static str) -> Result<Option<Timestamp>, StoreError> {
        self.get_opt_i64(column)?
            .map(|value| Timestamp::from_microsecond(value).map_err(|_| self.corrupt(column)))
            .transpose()
    }

    /// Text.
    ///
    /// # Errors
    ///
    /// As [`Row::get_i64`].
    pub fn get_text(&self, column: &'static str) -> Result<String, StoreError> {
        self.get(column)
    }

    /// Text that may be null.
    ///
    /// # Errors
    ///
    /// As [`Row::get_i64`].
    pub fn get_opt_text(&self, column: &'static str) -> Result<Option<String>, StoreError> {
        self.get(column)
    }

    /// A UUID, kept as text.
    ///
    /// # Errors
    ///
    /// As [`Row::get_i64`].
    pub fn get_uuid(&self, column: &'static str) -> Result<Uuid, StoreError> {
        self.parse(column)
    }

    /// A UUID that may be null.
    ///
    /// # Errors
    ///
    /// As [`Row::get_i64`].
    pub fn get_opt_uuid(&self, column: &'static str) -> Result<Option<Uuid>, StoreError> {
        self.parse_opt(column)
    }

    /// Text that is one of our types, read with its `FromStr`.
    ///
    /// # Errors
    ///
    /// As [`Row::get_i64`].
    pub fn parse<T: std::str::FromStr>(&self, column: &'static str) -> Result<T, StoreError> {
        self.get_text(column)?.parse().map_err(|_| self.corrupt(column))
    }

    /// As [`Row::parse`], for a column that may be null.
    ///
    /// # Errors
    ///
    /// As [`Row::get_i64`].
    pub fn parse_opt<T: std::str::FromStr>(&self, column: &'static str) -> Result<Option<T>, StoreError> {
        self.get_opt_text(column)?.map(|text| text.parse().map_err(|_| self.corrupt(column))).transpose()
    }

    /// Text that holds JSON.
    ///
    /// # Errors
    ///
    /// As [`Row::get_i64`].
    pub fn get_json<T: serde::de::DeserializeOwned>(&self, column: &'static str) -> Result<T, StoreError> {
        serde_json::from_str(&self.get_text(column)?).map_err(|_| self.corrupt(column))
    }

    /// Bytes.
    ///
    /// # Errors
    ///
    /// As [`Row::get_i64`].
    pub fn get_bytes(&self, column: &'static str) -> Result<Vec<u8>, StoreError> {
        self.get(column)
    }

    /// Bytes that may be null.
    ///
    /// # Errors
    ///
    /// As [`Row::get_i64`].
    pub fn get_opt_bytes(&self, column: &'static str) -> Result<Option<Vec<u8>>, StoreError> {
        self.get(column)
    }

    /// A hash: exactly 32 bytes.
    ///
    /// # Errors
    ///
    /// As [`Row::get_i64`].
    pub fn get_hash(&self, column: &'static str) -> Result<[u8; 32], StoreError> {
        self.get_bytes(column)?.try_into().map_err(|_| self.corrupt(column))
    }

    /// The error for a value in `column` that nobody should have written.
    #[must_use]
    pub fn corrupt(&self, column: &'static str) -> StoreError {
        let id = ["id", "seq", "name", "number"].into_iter().find_map(|candidate| self.describe(candidate));
        StoreError::Corrupt { table: self.table, column, row: id.unwrap_or_else(|| "unknown".to_owned()) }
    }

    fn describe(&self, column: &'static str) -> Option<String> {
        let number = match &self.inner {
            Inner::Sqlite(row) => row.try_get::<i64, _>(column),
            Inner::Postgres(row) => row.try_get::<i64, _>(column),
        };
        let text = match &self.inner {
            Inner::Sqlite(row) => row.try_get::<String, _>(column),
            Inner::Postgres(row) => row.try_get::<String, _>(column),
        };
        number.map(|number| number.to_string()).or(text).ok()
    }

    fn get<T>(&self, column: &'static str) -> Result<T, StoreError>
    where
        T: for<'r> Decode<'r, Sqlite> + Type<Sqlite> + for<'r> Decode<'r, Postgres> + Type<Postgres>,
        &'static str: ColumnIndex<SqliteRow> + ColumnIndex<PgRow>,
    {
        match &self.inner {
            Inner::Sqlite(row) => row.try_get(column),
            Inner::Postgres(row) => row.try_get(column),
        }
        .map_err(|_| self.corrupt(column))
    }
}

impl std::fmt::Debug for Row {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Row").field("table", &self.table).finish_non_exhaustive()
    }
}
