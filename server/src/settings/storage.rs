//! Where the data is kept, and the key it is sealed with.

use std::path::PathBuf;

use secrecy::ExposeSecret as _;

use super::raw::{DATABASE, DATABASE_FILE, Name, Raw};
use crate::{sealing::KeySource, store::Location};

/// Where the data is kept: section `[storage]`.
#[derive(Debug, Clone)]
pub struct StorageSettings {
    /// `MERIDIAN_DATA_DIR`, `data_dir`: the directory for the SQLite database and the key file. It is created when
    /// missing. Default `data`, in the directory the program is started in.
    pub data_dir: PathBuf,
    /// `DATABASE_URL`, `database_url`: `postgres://…` to share a PostgreSQL server between replicas. Default: SQLite in
    /// the data directory.
    pub database: Location,
    /// `MERIDIAN_KEY`, `key`, or a file named by `MERIDIAN_KEY_FILE`, `key_file`: the sealing key as `id/base64` of 32
    /// bytes. Several with commas between them are all read, and the first one writes. Default: the file `key` in the
    /// data directory, which the very first start makes. A key in a variable stays readable in this process's
    /// environment; a file is safer.
    pub key: KeySource,
}

impl StorageSettings {
    pub(super) fn read(raw: &mut Raw) -> Self {
        let data_dir: PathBuf = raw
            .given(Name { variable: "MERIDIAN_DATA_DIR", key: "storage.data_dir" })
            .map_or_else(|| "data".into(), |given| given.text.into());
        let sqlite = Location::Sqlite { path: data_dir.join("meridian.db"), max_pages: None };
        let database = match raw.secret(DATABASE, DATABASE_FILE) {
            Some((url, origin)) => {
                let is_postgres =
                    ["postgres://", "postgresql://"].iter().any(|scheme| url.expose_secret().starts_with(scheme));
                if !is_postgres {
                    raw.problem(&origin, "must start with postgres://; leave it out to use SQLite");
                }
                Location::Postgres { url }
            }
            None => sqlite,
        };
        let key = raw
            .secret(
                Name { variable: "MERIDIAN_KEY", key: "storage.key" },
                Name { variable: "MERIDIAN_KEY_FILE", key: "storage.key_file" },
            )
            .map_or_else(|| KeySource::File(data_dir.join("key")), |(text, origin)| KeySource::Given { text, origin });
        Self { data_dir, database, key }
    }
}
