//! One server to one SQLite file.
//!
//! At its start a server frees what the process before it had in hand, which is right only if that process is gone. So it holds a
//! lock of the operating system as long as it lives; nothing has to be tidied up after a crash. The commands about people and the
//! log take none and work beside it. Replicas share PostgreSQL, where leases run out by themselves.

use std::fs::{File, OpenOptions, TryLockError};

use super::{OpenError, make_directory};
use crate::{settings::StorageSettings, store::Location};

/// The right to serve an installation, until it is dropped.
#[derive(Debug)]
#[must_use = "the lock is held as long as this lives"]
pub struct Claim {
    _lock: Option<File>,
}

impl Claim {
    /// Takes the right to serve the installation of `storage`, whose directory is made when it is missing.
    ///
    /// # Errors
    ///
    /// When another process serves it, or the directory cannot be used.
    pub fn take(storage: &StorageSettings) -> Result<Self, OpenError> {
        let Location::Sqlite { path, .. } = &storage.database else {
            return Ok(Self { _lock: None });
        };
        make_directory(storage)?;
        let directory = || path.parent().unwrap_or(path).to_owned();
        let path = path.with_extension("lock");
        let file = OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(false)
            .open(&path)
            .map_err(|source| OpenError::Directory { path: directory(), source })?;
        match file.try_lock() {
            Ok(()) => Ok(Self { _lock: Some(file) }),
            Err(TryLockError::WouldBlock) => Err(OpenError::Taken { directory: directory() }),
            Err(TryLockError::Error(error)) => {
                // Some network file systems know no locks; SQLite is not safe on them either, but that is said elsewhere.
                tracing::warn!(%error, "it cannot be made sure that no other server uses this database");
                Ok(Self { _lock: None })
            }
        }
    }
}
