//! Atlas's ids: 24 lower-case hexadecimal digits. One type per kind of object, so that an
//! organization's id cannot take the place of a project's, and none can break out of a path.

use std::{borrow::Cow, fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use crate::percent;

/// The text is not an Atlas id.
///
/// It does not repeat the text, which may be anything, a pasted secret included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("an id has 24 characters, each a digit or a letter from a to f")]
pub struct InvalidId;

/// The text is not the client id of a service account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the client id of a service account is mdb_sa_id_ followed by 24 digits and letters from a to f")]
pub struct InvalidClientId;

/// The text cannot stand in an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a name in a request has between 1 and 256 characters, none of them a control character, and is not . or ..")]
pub struct InvalidName;

/// Something that fills one place of a path, in the one spelling sent.
pub(crate) trait Segment {
    fn segment(&self) -> Cow<'_, str>;
}

impl<T: Segment + ?Sized> Segment for &T {
    fn segment(&self) -> Cow<'_, str> {
        (**self).segment()
    }
}

fn is_object_id(text: &str) -> bool {
    text.len() == 24 && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

/// Source: the pattern of `clientId` in Atlas's description.
fn is_client_id(text: &str) -> bool {
    text.strip_prefix("mdb_sa_id_")
        .is_some_and(|digits| digits.len() == 24 && digits.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

/// Atlas describes some ids as any text: those it sends need no escaping.
fn is_opaque_id(text: &str) -> bool {
    (1..=128).contains(&text.len())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
}

macro_rules! id {
    ($(#[$doc:meta])* $name:ident, $fits:ident, $error:ident) => {
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
            type Err = $error;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                $fits(text).then(|| Self(text.to_owned())).ok_or($error)
            }
        }

        impl TryFrom<String> for $name {
            type Error = $error;

            fn try_from(text: String) -> Result<Self, Self::Error> {
                if $fits(&text) { Ok(Self(text)) } else { Err($error) }
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

        impl Segment for $name {
            fn segment(&self) -> Cow<'_, str> {
                Cow::Borrowed(&self.0)
            }
        }
    };
}

id! {
    /// The id of an organization (`orgId`).
    OrgId, is_object_id, InvalidId
}
id! {
    /// The id of a project, which Atlas calls a group (`groupId`).
    GroupId, is_object_id, InvalidId
}
id! {
    /// The id of an API key (`apiUserId`); not its public key, which people confuse with it.
    ApiUserId, is_object_id, InvalidId
}
id! {
    /// The id of a person (`userId`); also while the invitation is pending.
    UserId, is_object_id, InvalidId
}
id! {
    /// The id of a team (`teamId`).
    TeamId, is_object_id, InvalidId
}
id! {
    /// The id of an invitation of the old kind (`invitationId`).
    InvitationId, is_object_id, InvalidId
}
id! {
    /// The id of an event (`eventId`).
    EventId, is_object_id, InvalidId
}
id! {
    /// The id of an invoice (`invoiceId`).
    InvoiceId, is_object_id, InvalidId
}
id! {
    /// The id of a service account (`clientId`), which is also its name when it signs in.
    ClientId, is_client_id, InvalidClientId
}
id! {
    /// The id of a secret of a service account (`secretId`); says nothing about the secret.
    SecretId, is_opaque_id, InvalidName
}
id! {
    /// The id of a report on an invoice (`reportId`).
    ReportId, is_opaque_id, InvalidName
}
id! {
    /// What stands for a query of costs while Atlas works on it (`token`).
    CostToken, is_opaque_id, InvalidName
}

/// A name of people's making, or of Atlas's, in the place of an id: `…/groups/byName/Payments%20EU`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Name(String);

impl Name {
    /// The name as people write it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Name {
    type Err = InvalidName;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        // `.` and `..` mean another path, however they are escaped.
        let fits = (1..=256).contains(&text.chars().count())
            && !text.chars().any(char::is_control)
            && !matches!(text, "." | "..");
        fits.then(|| Self(text.to_owned())).ok_or(InvalidName)
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Segment for Name {
    fn segment(&self) -> Cow<'_, str> {
        Cow::Owned(percent::encoded(&self.0))
    }
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

    #[test]
    fn the_id_of_a_service_account_has_its_prefix() {
        assert!("mdb_sa_id_5f1b2c3d4e5f60718293a4B5".parse::<ClientId>().is_ok());
        for wrong in ["5f1b2c3d4e5f60718293a4b5", "mdb_sa_id_5f1b", "mdb_sa_sk_5f1b2c3d4e5f60718293a4b5"] {
            assert_eq!(wrong.parse::<ClientId>(), Err(InvalidClientId), "{wrong}");
        }
    }

    #[test]
    fn a_name_stays_one_segment() {
        for (name, segment) in [("Payments EU", "Payments%20EU"), ("a/b?c#d", "a%2Fb%3Fc%23d"), ("é%", "%C3%A9%25")] {
            assert_eq!(name.parse::<Name>().map(|name| name.segment().into_owned()).as_deref(), Ok(segment));
        }
        for wrong in ["", ".", "..", "a\nb"] {
            assert_eq!(wrong.parse::<Name>(), Err(InvalidName), "{wrong:?}");
        }
    }
}
