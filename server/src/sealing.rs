//! Encryption of what must not be readable in the database or a backup of it.
//!
//! A sealed value is `version | length of key id | key id | nonce | ciphertext`, under XChaCha20-Poly1305 with a
//! random nonce. Every purpose (table and column) has its own key, derived with HKDF from the master key. Key id,
//! table, column and row are authenticated with the value, so one that was copied to another row does not open.

mod keys;
mod unlock;

use std::fmt;

use chacha20poly1305::{
    XChaCha20Poly1305, XNonce,
    aead::{Aead as _, KeyInit as _, Payload},
};
use zeroize::Zeroizing;

pub use keys::{KeyError, Keys};
pub use unlock::{KeySource, UnlockError, Unlocked, unlock};

use crate::random;

/// The layout described above.
const VERSION: u8 = 1;
const NONCE: usize = 24;

/// Where a sealed value is kept: what it is bound to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place<'a> {
    /// The table.
    pub table: &'static str,
    /// The column.
    pub column: &'static str,
    /// The row's id.
    pub row: &'a str,
}

impl fmt::Display for Place<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{} of {}", self.table, self.column, self.row)
    }
}

/// Why a sealed value cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum OpenError {
    /// It was sealed with a key that this program was not given.
    #[error("sealed with key {key_id}, which was not given")]
    UnknownKey {
        /// The id of the key.
        key_id: String,
    },
    /// It was changed, moved from another place, or sealed with another key of the same id.
    #[error("the sealed value does not belong here, or was changed")]
    Refused,
    /// It is not a sealed value, or one of a later version.
    #[error("not a sealed value")]
    Malformed,
}

impl Keys {
    /// Seals `plain` for `place`, with the key that writes.
    ///
    /// # Panics
    ///
    /// Only for a value of more than 256 GiB, which the cipher refuses.
    #[must_use]
    pub fn seal(&self, place: Place<'_>, plain: &[u8]) -> Vec<u8> {
        let key_id = self.writing_id();
        let nonce = random::bytes::<NONCE>();
        let aad = aad(key_id, place);
        let ciphertext = self
            .cipher(key_id, place)
            .expect("the writing key is one of the keys")
            .encrypt(&XNonce::from(nonce), Payload { msg: plain, aad: &aad })
            .expect("the value is shorter than what the cipher can take");

        let id = key_id.as_bytes();
        let mut sealed = Vec::with_capacity(2 + id.len() + NONCE + ciphertext.len());
        sealed.push(VERSION);
        sealed.push(u8::try_from(id.len()).expect("key ids are short"));
        sealed.extend_from_slice(id);
        sealed.extend_from_slice(&nonce);
        sealed.extend_from_slice(&ciphertext);
        sealed
    }

    /// Reads what was sealed for `place`. The memory is overwritten when the answer is dropped.
    ///
    /// # Errors
    ///
    /// When the key is not among these, or the value was not sealed for this very place.
    pub fn open(&self, place: Place<'_>, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, OpenError> {
        let (key_id, rest) = split(sealed)?;
        let (nonce, ciphertext) = rest.split_first_chunk::<NONCE>().ok_or(OpenError::Malformed)?;
        let cipher = self.cipher(key_id, place).ok_or_else(|| OpenError::UnknownKey { key_id: key_id.to_owned() })?;
        cipher
            .decrypt(&XNonce::from(*nonce), Payload { msg: ciphertext, aad: &aad(key_id, place) })
            .map(Zeroizing::new)
            .map_err(|_| OpenError::Refused)
    }

    fn cipher(&self, key_id: &str, place: Place<'_>) -> Option<XChaCha20Poly1305> {
        let key = self.derive(key_id, &format!("{}.{}", place.table, place.column))?;
        Some(XChaCha20Poly1305::new(&(*key).into()))
    }
}

/// The id of the key that `sealed` was made with, and what follows it.
fn split(sealed: &[u8]) -> Result<(&str, &[u8]), OpenError> {
    let [VERSION, length, rest @ ..] = sealed else {
        return Err(OpenError::Malformed);
    };
    let (id, rest) = rest.split_at_checked(usize::from(*length)).ok_or(OpenError::Malformed)?;
    let id = str::from_utf8(id).map_err(|_| OpenError::Malformed)?;
    Ok((id, rest))
}

/// Each part with its length in front, so that no two places have the same bytes.
fn aad(key_id: &str, place: Place<'_>) -> Vec<u8> {
    let mut aad = vec![VERSION];
    for part in [key_id, place.table, place.column, place.row] {
        aad.extend_from_slice(&(part.len() as u64).to_be_bytes());
        aad.extend_from_slice(part.as_bytes());
    }
    aad
}

#[cfg(test)]
mod tests {
    use super::*;

    const HERE: Place<'static> = Place { table: "connections", column: "reader", row: "1" };

    fn keys(text: &str) -> Keys {
        text.to_owned().parse().unwrap()
    }

    fn key(id: &str, byte: u8) -> String {
        use base64::{Engine as _, prelude::BASE64_STANDARD};
        format!("{id}/{}", BASE64_STANDARD.encode([byte; 32]))
    }

    #[test]
    fn what_was_sealed_opens_in_its_place_only() {
        let keys = keys(&key("a", 1));
        let sealed = keys.seal(HERE, b"secret");
        assert_eq!(keys.open(HERE, &sealed).unwrap().as_slice(), b"secret");
        for elsewhere in
            [Place { row: "2", ..HERE }, Place { column: "writer", ..HERE }, Place { table: "reveals", ..HERE }]
        {
            assert_eq!(keys.open(elsewhere, &sealed), Err(OpenError::Refused), "{elsewhere}");
        }
    }

    #[test]
    fn the_same_value_is_never_sealed_the_same() {
        let keys = keys(&key("a", 1));
        assert_ne!(keys.seal(HERE, b"secret"), keys.seal(HERE, b"secret"));
    }

    #[test]
    fn any_changed_byte_is_refused() {
        let keys = keys(&key("a", 1));
        let sealed = keys.seal(HERE, b"secret");
        for position in 0..sealed.len() {
            let mut changed = sealed.clone();
            changed[position] ^= 1;
            assert!(keys.open(HERE, &changed).is_err(), "byte {position}");
        }
        for length in 0..sealed.len() {
            assert!(keys.open(HERE, &sealed[..length]).is_err(), "length {length}");
        }
    }

    #[test]
    fn an_older_key_still_opens_and_the_first_one_writes() {
        let old = keys(&key("old", 1));
        let both = keys(&format!("{},{}", key("new", 2), key("old", 1)));
        let sealed = old.seal(HERE, b"secret");
        assert_eq!(both.open(HERE, &sealed).unwrap().as_slice(), b"secret");
        let again = both.seal(HERE, b"secret");
        assert_eq!(old.open(HERE, &again), Err(OpenError::UnknownKey { key_id: "new".to_owned() }));
    }

    #[test]
    fn another_key_of_the_same_id_is_refused() {
        let sealed = keys(&key("a", 1)).seal(HERE, b"secret");
        assert_eq!(keys(&key("a", 2)).open(HERE, &sealed), Err(OpenError::Refused));
    }
}
