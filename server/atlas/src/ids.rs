//! Atlas's ids: 24 lower-case hexadecimal digits. One type per kind of object, so that an
//! organization's id cannot take the place of a project's, and none can break out of a path.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

/// The text is not an Atlas id.
///
/// It does not repeat the text, which may be anything, a pasted secret included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("an id has 24 characters, each a digit or a letter from a to f")]
pub struct InvalidId;

fn checked(text: &str) -> Result<(), InvalidId> {
    let well_formed = text.len() == 24 && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
    well_formed.then_some(()).ok_or(InvalidId)
}

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);

        impl $name {
            /// The id as Atlas writes it.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl FromStr for $name {
            type Err = InvalidId;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                checked(text)?;
                Ok(Self(text.to_owned()))
            }
        }

        impl TryFrom<String> for $name {
            type Error = InvalidId;

            fn try_from(text: String) -> Result<Self, Self::Error> {
                checked(&text)?;
                Ok(Self(text))
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

id! {
    /// The id of an organization (`orgId`).
    OrgId
}
id! {
    /// The id of a project, which Atlas calls a group (`groupId`).
    GroupId
}
id! {
    /// The id of an API key (`apiUserId`); not its public key, which people confuse with it.
    ApiUserId
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_24_lower_case_hexadecimal_digits() {
        assert!("5f1b2c3d4e5f60718293a4b5".parse::<OrgId>().is_ok());
        for wrong in [
            "",
            "abcdefgh",
            "5F1B2C3D4E5F60718293A4B5",
            "5f1b2c3d4e5f60718293a4b",
            "../../../../../../../../",
            "5f1b2c3d4e5f60718293a4b5 ",
        ] {
            assert_eq!(wrong.parse::<OrgId>(), Err(InvalidId), "{wrong}");
        }
    }
}
