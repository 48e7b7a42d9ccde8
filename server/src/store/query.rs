//! Statements as data: fixed fragments of SQL, and values apart from them.

use jiff::Timestamp;
use sqlx::{
    postgres::PgArguments,
    sqlite::SqliteArguments,
    {Postgres, Sqlite},
};
use uuid::Uuid;

/// One value of a statement. A null has a type, since PostgreSQL asks for one.
#[derive(Clone, PartialEq)]
pub enum Arg {
    /// A number, a time in microseconds, or a yes or no as 1 or 0.
    Int(Option<i64>),
    /// Text, also ids.
    Text(Option<String>),
    /// Bytes, such as a hash or a sealed value.
    Bytes(Option<Vec<u8>>),
}

/// Values may be secrets or personal: their kind is all that is shown.
impl std::fmt::Debug for Arg {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Int(_) => "Int",
            Self::Text(_) => "Text",
            Self::Bytes(_) => "Bytes",
        })
    }
}

macro_rules! arg_from {
    ($($type:ty => $variant:ident, $value:ident => $convert:expr;)+) => {$(
        impl From<$type> for Arg {
            fn from($value: $type) -> Self {
                Self::$variant(Some($convert))
            }
        }
        impl From<Option<$type>> for Arg {
            fn from(value: Option<$type>) -> Self {
                Self::$variant(value.map(|$value| $convert))
            }
        }
    )+};
}

arg_from! {
    i64 => Int, value => value;
    i32 => Int, value => i64::from(value);
    u32 => Int, value => i64::from(value);
    u16 => Int, value => i64::from(value);
    bool => Int, value => i64::from(value);
    Timestamp => Int, value => value.as_microsecond();
    String => Text, value => value;
    &str => Text, value => value.to_owned();
    &String => Text, value => value.clone();
    Uuid => Text, value => value.hyphenated().to_string();
    Vec<u8> => Bytes, value => value;
    &[u8] => Bytes, value => value.to_vec();
    [u8; 32] => Bytes, value => value.to_vec();
}

/// A statement and its values.
///
/// The text can only be made from `&'static str`, that is from what stands in our source: a value
/// can never become SQL.
///
/// ```
/// # use server::store::Query;
/// # let (wanted, limit) = (Some("ops"), 50_i64);
/// let mut query = Query::new("select id from people where disabled_at is null");
/// if let Some(name) = wanted {
///     query = query.push(" and username = ").push_bind(name);
/// }
/// query = query.push(" order by username limit ").push_bind(limit);
/// assert!(query.sql().ends_with("username = $1 order by username limit $2"));
/// ```
#[derive(Debug, Clone)]
#[must_use]
pub struct Query {
    sql: String,
    table: &'static str,
    args: Vec<Arg>,
}

impl Query {
    /// Starts a statement, with `$1`, `$2` … where [`Query::bind`] will put values.
    pub fn new(sql: &'static str) -> Self {
        Self { sql: sql.to_owned(), table: table_of(sql), args: Vec::new() }
    }

    /// Gives the next placeholder of the text its value.
    pub fn bind(mut self, value: impl Into<Arg>) -> Self {
        self.args.push(value.into());
        self
    }

    /// Appends text. Placeholders in it count on from the values bound so far.
    pub fn push(mut self, sql: &'static str) -> Self {
        self.sql.push_str(sql);
        self
    }

    /// Appends a placeholder and binds it.
    pub fn push_bind(mut self, value: impl Into<Arg>) -> Self {
        use std::fmt::Write as _;

        self.args.push(value.into());
        let number = self.args.len();
        write!(self.sql, "${number}").expect("writing to a string cannot fail");
        self
    }

    /// Appends placeholders with commas between them, as `in (…)` and `values (…)` want.
    pub fn push_list<T: Into<Arg>>(mut self, values: impl IntoIterator<Item = T>) -> Self {
        for (index, value) in values.into_iter().enumerate() {
            if index > 0 {
                self = self.push(", ");
            }
            self = self.push_bind(value);
        }
        self
    }

    /// The text so far.
    #[must_use]
    pub fn sql(&self) -> &str {
        &self.sql
    }

    /// The table the statement is about, for messages.
    pub(super) fn table(&self) -> &'static str {
        self.table
    }

    pub(super) fn for_sqlite(self) -> sqlx::query::Query<'static, Sqlite, SqliteArguments> {
        let Self { sql, args, .. } = self;
        args.into_iter().fold(sqlx::query(safe(sql)), |query, arg| match arg {
            Arg::Int(value) => query.bind(value),
            Arg::Text(value) => query.bind(value),
            Arg::Bytes(value) => query.bind(value),
        })
    }

    pub(super) fn for_postgres(self) -> sqlx::query::Query<'static, Postgres, PgArguments> {
        let Self { sql, args, .. } = self;
        args.into_iter().fold(sqlx::query(safe(sql)), |query, arg| match arg {
            Arg::Int(value) => query.bind(value),
            Arg::Text(value) => query.bind(value),
            Arg::Bytes(value) => query.bind(value),
        })
    }
}

#[expect(clippy::disallowed_types, reason = "the text was put together from fixed fragments only: see Query")]
fn safe(sql: String) -> sqlx::AssertSqlSafe<String> {
    sqlx::AssertSqlSafe(sql)
}

/// The word after the first `from`, `into` or `update`.
fn table_of(sql: &'static str) -> &'static str {
    let mut words = sql.split_ascii_whitespace();
    while let Some(word) = words.next() {
        if ["from", "into", "update"].iter().any(|keyword| word.eq_ignore_ascii_case(keyword)) {
            return words.next().unwrap_or("unknown");
        }
    }
    "unknown"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_count_on_from_what_is_bound() {
        let query =
            Query::new("select a from b where c = $1").bind(1_i64).push(" and d in (").push_list(["x", "y"]).push(")");
        assert_eq!(query.sql(), "select a from b where c = $1 and d in ($2, $3)");
        assert_eq!(query.table(), "b");
    }

    #[test]
    fn debug_shows_no_value() {
        let query = Query::new("select 1 from a where b = $1").bind("hunter2");
        assert!(!format!("{query:?}").contains("hunter2"));
    }
}
