//! Atlas's identifiers: 12 bytes written as 24 lower-case hexadecimal digits, of which the first four bytes are the
//! second of creation. The API answers no creation date for keys, so a reader derives a key's age from here.

use std::fmt;

use jiff::Timestamp;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};

use crate::random::Random;

/// One identifier.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(crate) struct Id([u8; 12]);

impl Id {
    /// A new identifier that says it was made at `at`.
    pub(crate) fn made_at(at: Timestamp, random: &mut Random) -> Self {
        let seconds = u32::try_from(at.as_second().max(0)).unwrap_or(u32::MAX);
        let mut bytes = [0; 12];
        bytes[..4].copy_from_slice(&seconds.to_be_bytes());
        bytes[4..].copy_from_slice(&random.next().to_be_bytes());
        Self(bytes)
    }

    /// When it was made.
    pub(crate) fn made(self) -> Timestamp {
        let [a, b, c, d, ..] = self.0;
        Timestamp::from_second(u32::from_be_bytes([a, b, c, d]).into()).unwrap_or(Timestamp::UNIX_EPOCH)
    }

    /// A number of its own, to make other things repeat with it.
    pub(crate) fn seed(self) -> u64 {
        self.0[4..].iter().fold(0, |number, byte| number << 8 | u64::from(*byte))
    }

    /// Reads 24 lower-case hexadecimal digits; anything else is not an identifier.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        if text.bytes().any(|byte| byte.is_ascii_uppercase()) {
            return None;
        }
        let mut bytes = [0; 12];
        hex::decode_to_slice(text, &mut bytes).ok()?;
        Some(Self(bytes))
    }
}

impl Serialize for Id {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Id {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = String::deserialize(from)?;
        Self::parse(&text).ok_or_else(|| D::Error::custom("not an identifier"))
    }
}

impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(self.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_identifier_begins_with_its_second_of_creation_and_survives_writing() {
        let at: Timestamp = "2026-08-10T03:02:57Z".parse().unwrap();
        let id = Id::made_at(at, &mut Random::seeded(7));
        let text = id.to_string();
        assert_eq!(i64::from_str_radix(&text[..8], 16).unwrap(), at.as_second());
        assert_eq!(Id::parse(&text), Some(id));
        assert_eq!(id.made(), at);
    }

    #[test]
    fn other_texts_are_not_identifiers() {
        for text in ["", "abcdefgh", "5E2211C17A3E5A48F5497DE3", "5e2211c17a3e5a48f5497de", "5e2211c17a3e5a48f5497de33"]
        {
            assert_eq!(Id::parse(text), None, "{text}");
        }
    }
}
