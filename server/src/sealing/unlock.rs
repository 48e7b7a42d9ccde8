//! Bringing a database and its key together at start.

use std::{
    io::Write as _,
    path::{Path, PathBuf},
};

use base64::{Engine as _, prelude::BASE64_STANDARD};
use secrecy::{ExposeSecret as _, SecretString};
use zeroize::Zeroizing;

use super::{KeyError, Keys, OpenError, Place};
use crate::store::{Store, StoreError};

/// The name in `meta` of a known value sealed with the installation's key.
const CHECK: &str = "key_check";
const CHECK_PLACE: Place<'static> = Place { table: "meta", column: "value", row: CHECK };
const CHECK_VALUE: &[u8] = b"meridian";

/// Where the key comes from.
#[derive(Debug, Clone)]
pub enum KeySource {
    /// Given in the settings. It stays in the environment of this process if it came from there: use a file where
    /// others can read `/proc`.
    Given {
        /// `id/base64`, or several.
        text: SecretString,
        /// The setting it came from, for messages.
        origin: String,
    },
    /// A file that is made at the very first start.
    File(PathBuf),
}

/// The keys of an opened database.
#[derive(Debug)]
pub struct Unlocked {
    /// The keys.
    pub keys: Keys,
    /// The key file, when it was made just now: somebody has to be told to back it up.
    pub created: Option<PathBuf>,
}

/// Why the key and the database do not come together. Each is one sentence that says what to do.
#[derive(Debug, thiserror::Error)]
pub enum UnlockError {
    /// The key cannot be read.
    #[error("the sealing key from {origin} cannot be used")]
    Key {
        /// The setting or file.
        origin: String,
        /// What is wrong with it.
        #[source]
        problem: KeyError,
    },
    /// The key file cannot be read or made.
    #[error("the sealing key file {} cannot be read or written", .path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What the operating system said.
        #[source]
        source: std::io::Error,
    },
    /// The database has been in use, and its key is gone.
    #[error(
        "this database was sealed with key {key_id}, but there is no key in {}; put the backed-up key file there or set MERIDIAN_KEY or MERIDIAN_KEY_FILE",
        .path.display()
    )]
    Missing {
        /// The key wanted.
        key_id: String,
        /// Where it was looked for.
        path: PathBuf,
    },
    /// Keys were given, but not the one.
    #[error(
        "this database was sealed with key {key_id}, which is not the one from {origin}; start with the key it was sealed with"
    )]
    Wrong {
        /// The key wanted.
        key_id: String,
        /// The setting or file.
        origin: String,
    },
    /// The database cannot be used.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Finds the keys and makes sure that they are the ones `store` was sealed with. Only for a database that has never
/// had a key, a missing key file is made.
///
/// # Errors
///
/// Whenever starting would mean to read or write with the wrong key.
pub async fn unlock(store: &Store, source: &KeySource) -> Result<Unlocked, UnlockError> {
    let check = store.meta(CHECK).await?;
    let sealed = check.as_deref().map(decode).transpose()?;

    let (keys, origin, created) = match source {
        KeySource::Given { text, origin } => (parse(text.expose_secret(), origin)?, origin.clone(), None),
        KeySource::File(path) => {
            let origin = path.display().to_string();
            match read(path)? {
                Some(text) => (parse(&text, &origin)?, origin, None),
                None => match &sealed {
                    Some(sealed) => {
                        return Err(UnlockError::Missing { key_id: key_id(sealed)?, path: path.clone() });
                    }
                    None => (create(path)?, origin, Some(path.clone())),
                },
            }
        }
    };

    let sealed = match sealed {
        Some(sealed) => sealed,
        None => {
            let ours = BASE64_STANDARD.encode(keys.seal(CHECK_PLACE, CHECK_VALUE));
            decode(&store.settle_meta(CHECK, &ours).await?)?
        }
    };
    match keys.open(CHECK_PLACE, &sealed) {
        Ok(value) if value.as_slice() == CHECK_VALUE => Ok(Unlocked { keys, created }),
        Err(OpenError::Malformed) => Err(unreadable_check().into()),
        _ => Err(UnlockError::Wrong { key_id: key_id(&sealed)?, origin }),
    }
}

fn parse(text: &str, origin: &str) -> Result<Keys, UnlockError> {
    text.parse().map_err(|problem| UnlockError::Key { origin: origin.to_owned(), problem })
}

fn decode(check: &str) -> Result<Vec<u8>, StoreError> {
    BASE64_STANDARD.decode(check).map_err(|_| unreadable_check())
}

fn key_id(sealed: &[u8]) -> Result<String, StoreError> {
    super::split(sealed).map(|(id, _)| id.to_owned()).map_err(|_| unreadable_check())
}

fn unreadable_check() -> StoreError {
    StoreError::Corrupt { table: "meta", column: "value", row: CHECK.to_owned() }
}

fn read(path: &Path) -> Result<Option<Zeroizing<String>>, UnlockError> {
    match std::fs::read_to_string(path) {
        Ok(text) => Ok(Some(Zeroizing::new(text))),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(source) => Err(UnlockError::File { path: path.to_owned(), source }),
    }
}

/// Makes the key file: complete on the disk before its key seals anything, and never over another one.
fn create(path: &Path) -> Result<Keys, UnlockError> {
    let keys = Keys::generate();
    let write = || {
        let mut options = std::fs::OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut file = options.open(path)?;
        file.write_all(keys.to_text().as_bytes())?;
        file.sync_all()?;
        // The name must survive a power cut as well, and that is written with the directory.
        if let Some(directory) = path.parent().filter(|directory| !directory.as_os_str().is_empty()) {
            std::fs::File::open(directory)?.sync_all()?;
        }
        Ok(())
    };
    write().map_err(|source| UnlockError::File { path: path.to_owned(), source })?;
    Ok(keys)
}
