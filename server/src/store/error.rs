//! How the store fails.

use sqlx::error::ErrorKind;

/// Why the database did not do what it was asked. No variant carries a value of a row.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The disk, or the room the database may use, is full. Nothing was written.
    #[error("the database has no room left")]
    Full(#[source] sqlx::Error),
    /// Somebody else held what was asked for, longer than we wait.
    #[error("the database is busy")]
    Busy(#[source] sqlx::Error),
    /// The database is not there, or the connection to it broke.
    #[error("the database cannot be reached")]
    Unavailable(#[source] sqlx::Error),
    /// A rule of the schema said no.
    #[error("a rule of the database was violated: {rule}")]
    Constraint {
        /// Whether it is about something that may exist only once.
        unique: bool,
        /// The rule's name: `table.column` on SQLite, the constraint's on PostgreSQL.
        rule: String,
    },
    /// A value that Meridian never writes.
    #[error("unreadable value in table {table}, column {column}, row {row}")]
    Corrupt {
        /// The table it is in.
        table: &'static str,
        /// The column it is in.
        column: &'static str,
        /// The row's id.
        row: String,
    },
    /// The schema is newer than this program.
    #[error(
        "this database was written by a newer Meridian ({}); start that version or a later one, this one is {}",
        .written_by.as_deref().unwrap_or("unknown version"),
        env!("CARGO_PKG_VERSION")
    )]
    Newer {
        /// The version that wrote it, if it says so.
        written_by: Option<String>,
    },
    /// A migration did not apply, or an applied one was changed afterwards.
    #[error("the database schema cannot be brought up to date")]
    Migration(#[source] Box<sqlx::migrate::MigrateError>),
    /// Anything else: a mistake in a statement.
    #[error("the database refused a statement")]
    Statement(#[source] sqlx::Error),
}

impl StoreError {
    /// Whether something that may exist only once already exists.
    #[must_use]
    pub fn is_unique_violation(&self) -> bool {
        matches!(self, Self::Constraint { unique: true, .. })
    }

    pub(super) fn missing_row(table: &'static str) -> Self {
        Self::Corrupt { table, column: "*", row: "missing".to_owned() }
    }
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        match &error {
            sqlx::Error::PoolTimedOut => Self::Busy(error),
            sqlx::Error::Io(_)
            | sqlx::Error::Tls(_)
            | sqlx::Error::Protocol(_)
            | sqlx::Error::PoolClosed
            | sqlx::Error::WorkerCrashed
            | sqlx::Error::Configuration(_)
            | sqlx::Error::BeginFailed => Self::Unavailable(error),
            sqlx::Error::Database(database) => {
                let code = database.code().unwrap_or_default().into_owned();
                let unique = database.is_unique_violation();
                match database.kind() {
                    ErrorKind::Other => by_code(error, &code),
                    _ => Self::Constraint { unique, rule: rule_of(database.as_ref()) },
                }
            }
            _ => Self::Statement(error),
        }
    }
}

/// SQLite's result codes are short numbers, PostgreSQL's are five characters, so one table does.
fn by_code(error: sqlx::Error, code: &str) -> StoreError {
    match code {
        "13" | "53100" => StoreError::Full(error),
        // A trigger's refusal.
        "1811" | "P0001" => StoreError::Constraint {
            unique: false,
            rule: error.as_database_error().map(|error| error.message().to_owned()).unwrap_or_default(),
        },
        "5" | "261" | "517" | "6" | "40001" | "40P01" | "55P03" => StoreError::Busy(error),
        "8" | "10" | "14" | "25006" | "53300" => StoreError::Unavailable(error),
        _ if code.len() == 5 && (code.starts_with("08") || code.starts_with("57P")) => StoreError::Unavailable(error),
        _ => StoreError::Statement(error),
    }
}

/// PostgreSQL names the constraint; SQLite says `UNIQUE constraint failed: people.username`.
fn rule_of(error: &dyn sqlx::error::DatabaseError) -> String {
    error.constraint().map_or_else(
        || {
            let message = error.message();
            message.rsplit_once(": ").map_or(message, |(_, rule)| rule).to_owned()
        },
        str::to_owned,
    )
}

impl From<sqlx::migrate::MigrateError> for StoreError {
    fn from(error: sqlx::migrate::MigrateError) -> Self {
        use sqlx::migrate::MigrateError;

        match error {
            MigrateError::VersionMissing(_) => Self::Newer { written_by: None },
            MigrateError::Execute(error) => match Self::from(error) {
                Self::Statement(error) => Self::Migration(Box::new(MigrateError::Execute(error))),
                other => other,
            },
            MigrateError::ExecuteMigration(error, version) => match Self::from(error) {
                Self::Statement(error) => Self::Migration(Box::new(MigrateError::ExecuteMigration(error, version))),
                other => other,
            },
            error => Self::Migration(Box::new(error)),
        }
    }
}
