//! The master keys: several may read, the first one writes.

use std::{fmt, str::FromStr};

use base64::{Engine as _, prelude::BASE64_STANDARD};
use hkdf::Hkdf;
use sha2::Sha256;
use zeroize::Zeroizing;

use crate::random;

/// Bytes of a key.
const LENGTH: usize = 32;
/// Characters of a key's id.
const ID_LENGTH: usize = 32;

/// Master keys, read from `id/base64`, or several of these with commas or line ends between them. The first one
/// writes; the others only read what was sealed before.
#[derive(Clone)]
pub struct Keys(Vec<MasterKey>);

#[derive(Clone)]
struct MasterKey {
    id: String,
    bytes: Zeroizing<[u8; LENGTH]>,
}

/// Why a text is not a set of keys. It never repeats the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// There is nothing in it.
    #[error("it holds no key; a key is written id/base64, as from: echo \"k1/$(openssl rand -base64 32)\"")]
    Empty,
    /// A key has no `/` in it.
    #[error("a key is written id/base64, as from: echo \"k1/$(openssl rand -base64 32)\"")]
    Form,
    /// An id is empty, long, or has unusual characters.
    #[error("a key's id is 1 to 32 lower-case letters, digits and hyphens")]
    Id,
    /// The part after `/` is not base64.
    #[error("the part of a key after / is not base64")]
    Encoding,
    /// The key is too short or too long.
    #[error("a key has {0} bytes instead of 32")]
    Length(usize),
    /// Two keys have one id.
    #[error("two keys have the same id")]
    Twice,
}

impl FromStr for Keys {
    type Err = KeyError;

    fn from_str(text: &str) -> Result<Self, KeyError> {
        let mut keys: Vec<MasterKey> = Vec::new();
        for part in text.split([',', '\n']).map(str::trim).filter(|part| !part.is_empty()) {
            let key: MasterKey = part.parse()?;
            if keys.iter().any(|other| other.id == key.id) {
                return Err(KeyError::Twice);
            }
            keys.push(key);
        }
        if keys.is_empty() { Err(KeyError::Empty) } else { Ok(Self(keys)) }
    }
}

impl FromStr for MasterKey {
    type Err = KeyError;

    fn from_str(text: &str) -> Result<Self, KeyError> {
        let (id, encoded) = text.split_once('/').ok_or(KeyError::Form)?;
        let id_is_plain =
            (1..=ID_LENGTH).contains(&id.len()) && id.bytes().all(|b| matches!(b, b'a'..=b'z' | b'0'..=b'9' | b'-'));
        if !id_is_plain {
            return Err(KeyError::Id);
        }
        let decoded = Zeroizing::new(BASE64_STANDARD.decode(encoded).map_err(|_| KeyError::Encoding)?);
        let bytes = <[u8; LENGTH]>::try_from(decoded.as_slice()).map_err(|_| KeyError::Length(decoded.len()))?;
        Ok(Self { id: id.to_owned(), bytes: Zeroizing::new(bytes) })
    }
}

impl Keys {
    /// A new key, with an id that says nothing.
    #[must_use]
    pub fn generate() -> Self {
        let id = format!("k{}", hex::encode(random::bytes::<4>()));
        Self(vec![MasterKey { id, bytes: Zeroizing::new(random::bytes()) }])
    }

    /// The text that these keys are read from.
    #[must_use]
    pub fn to_text(&self) -> Zeroizing<String> {
        let mut text = Zeroizing::new(String::new());
        for key in &self.0 {
            text.push_str(&key.id);
            text.push('/');
            BASE64_STANDARD.encode_string(*key.bytes, &mut text);
            text.push('\n');
        }
        text
    }

    /// The id of the key that new values are sealed with.
    #[must_use]
    pub fn writing_id(&self) -> &str {
        &self.0.first().expect("a set of keys is never empty").id
    }

    /// The key for one purpose, derived from the master key `id`, if that is among these.
    pub(super) fn derive(&self, id: &str, purpose: &str) -> Option<Zeroizing<[u8; LENGTH]>> {
        let master = self.0.iter().find(|key| key.id == id)?;
        let mut derived = Zeroizing::new([0; LENGTH]);
        Hkdf::<Sha256>::new(None, master.bytes.as_slice())
            .expand_multi_info(&[b"meridian sealing 1 ", purpose.as_bytes()], derived.as_mut_slice())
            .expect("32 bytes are within what HKDF can give");
        Some(derived)
    }
}

impl fmt::Debug for Keys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.0.iter().map(|key| &key.id)).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_mistake_in_a_key_is_told_apart() {
        let good = BASE64_STANDARD.encode([7; 32]);
        for (text, expected) in [
            (String::new(), KeyError::Empty),
            (" \n, ".to_owned(), KeyError::Empty),
            ("no-slash-here".to_owned(), KeyError::Form),
            (format!("/{good}"), KeyError::Id),
            (format!("UPPER/{good}"), KeyError::Id),
            ("a/!!".to_owned(), KeyError::Encoding),
            (format!("a/{}", BASE64_STANDARD.encode([7; 31])), KeyError::Length(31)),
            (format!("a/{good},a/{good}"), KeyError::Twice),
        ] {
            assert_eq!(text.parse::<Keys>().unwrap_err(), expected, "{text}");
        }
    }

    #[test]
    fn generated_keys_are_read_back_from_their_text() {
        let keys = Keys::generate();
        let again: Keys = keys.to_text().parse().unwrap();
        assert_eq!(again.to_text(), keys.to_text());
    }

    #[test]
    fn debug_shows_ids_only() {
        let keys = Keys::generate();
        let shown = format!("{keys:?}");
        let secret = keys.to_text();
        let (id, secret) = secret.trim().split_once('/').unwrap();
        assert!(shown.contains(id) && !shown.contains(secret));
    }
}
