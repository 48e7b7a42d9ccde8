//! Identifiers. Text becomes one of these at the border and stays one.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Why a text is not an identifier.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{what} has the form {form}")]
pub struct InvalidId {
    /// What was expected, such as "an organization id".
    pub what: &'static str,
    /// The form it must have, in words.
    pub form: &'static str,
}

macro_rules! hex_id {
    ($(#[$doc:meta])* $name:ident, $what:literal) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);

        impl $name {
            /// The 24 lower-case hexadecimal digits.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }

            /// The time Atlas put into the id's first four bytes, in seconds since 1970 (UTC). It is derived, not told by Atlas.
            #[must_use]
            pub fn created_seconds(&self) -> i64 {
                i64::from_str_radix(&self.0[..8], 16).unwrap_or_default()
            }
        }

        impl FromStr for $name {
            type Err = InvalidId;

            fn from_str(text: &str) -> Result<Self, InvalidId> {
                if text.len() == 24 && text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f')) {
                    Ok(Self(text.to_owned()))
                } else {
                    Err(InvalidId { what: $what, form: "24 lower-case hexadecimal digits" })
                }
            }
        }

        impl TryFrom<String> for $name {
            type Error = InvalidId;

            fn try_from(text: String) -> Result<Self, InvalidId> {
                text.parse()
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> Self {
                id.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

hex_id!(
    /// An Atlas organization.
    OrgId, "an organization id"
);
hex_id!(
    /// An Atlas project (the API says *group*).
    ProjectId, "a project id"
);
hex_id!(
    /// An Atlas API key: the id used in paths, not the public key used to sign in.
    ApiKeyId, "an API key id"
);

macro_rules! uuid_id {
    ($(#[$doc:meta])* $name:ident, $what:literal) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl FromStr for $name {
            type Err = InvalidId;

            fn from_str(text: &str) -> Result<Self, InvalidId> {
                Uuid::try_parse(text).map(Self).map_err(|_| InvalidId { what: $what, form: "a UUID" })
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.hyphenated().fmt(f)
            }
        }
    };
}

uuid_id!(
    /// A person with an account here.
    PersonId, "a person's id"
);
uuid_id!(
    /// A draft of a change request.
    DraftId, "a draft's id"
);

/// A change request's number, shown as `CR-0412`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct RequestNumber(pub u32);

impl fmt::Display for RequestNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CR-{:04}", self.0)
    }
}

impl FromStr for RequestNumber {
    type Err = InvalidId;

    fn from_str(text: &str) -> Result<Self, InvalidId> {
        text.strip_prefix("CR-")
            .unwrap_or(text)
            .parse()
            .map(Self)
            .map_err(|_| InvalidId { what: "a request number", form: "CR-0412" })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_org_id_is_24_lower_case_hex_digits() {
        assert!("5f1a2b3c4d5e6f7081920a1b".parse::<OrgId>().is_ok());
        for wrong in ["", "5F1A2B3C4D5E6F7081920A1B", "5f1a", "5f1a2b3c4d5e6f7081920a1g", "5f1a2b3c4d5e6f7081920a1b0"] {
            assert!(wrong.parse::<OrgId>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_request_number_reads_back_what_it_shows() {
        assert_eq!(RequestNumber(412).to_string(), "CR-0412");
        assert_eq!("CR-0412".parse(), Ok(RequestNumber(412)));
        assert_eq!("412".parse(), Ok(RequestNumber(412)));
        assert!("CR-".parse::<RequestNumber>().is_err());
    }

    #[test]
    fn ids_that_do_not_parse_do_not_deserialize() {
        assert!(serde_json::from_str::<OrgId>("\"../../etc/passwd\"").is_err());
    }
}
