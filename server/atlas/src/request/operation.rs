//! What is common to all operations: methods, paths, what a path may hold.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::{Format, Operation, query};
use crate::{AccessListAddress, ApiUserId, ClientId, Name, SecretId, ids::Segment, percent};

/// An HTTP method Atlas uses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Method {
    /// Reads.
    Get,
    /// Creates or adds.
    Post,
    /// Changes parts.
    Patch,
    /// Replaces.
    Put,
    /// Removes.
    Delete,
}

impl Method {
    /// The method as it is sent.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Patch => "PATCH",
            Self::Put => "PUT",
            Self::Delete => "DELETE",
        }
    }
}

impl fmt::Display for Method {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl From<Method> for http::Method {
    fn from(method: Method) -> Self {
        match method {
            Method::Get => Self::GET,
            Method::Post => Self::POST,
            Method::Patch => Self::PATCH,
            Method::Put => Self::PUT,
            Method::Delete => Self::DELETE,
        }
    }
}

/// Makes the table of operations: see `table.rs`.
macro_rules! operations {
    ($(
        $(#[$doc:meta])* $name:ident = $id:literal, $method:ident $template:literal,
        $year:literal-$month:literal-$day:literal $(, $ending:ident)?;
    )*) => {
        /// An operation of the API; written as Atlas's `operationId`.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
        pub enum Operation {
            $($(#[$doc])* #[serde(rename = $id)] $name,)*
        }

        impl Operation {
            /// Every operation of this crate: all that Atlas's description has, without previews.
            pub const ALL: &[Self] = &[$(Self::$name),*];

            /// Atlas's `operationId`.
            #[must_use]
            pub const fn id(self) -> &'static str {
                match self { $(Self::$name => $id,)* }
            }

            /// Its HTTP method.
            #[must_use]
            pub const fn method(self) -> super::Method {
                match self { $(Self::$name => super::Method::$method,)* }
            }

            /// Its path with names in braces, as documented.
            #[must_use]
            pub const fn template(self) -> &'static str {
                match self { $(Self::$name => concat!("/api/atlas/v2", $template),)* }
            }

            /// The version its requests are pinned to: the date Atlas's description gives for it.
            #[must_use]
            pub const fn version(self) -> super::ApiVersion {
                match self { $(Self::$name => super::ApiVersion::new(jiff::civil::date($year, $month, $day)),)* }
            }

            /// Whether Atlas has announced its end.
            #[must_use]
            pub const fn is_deprecated(self) -> bool {
                match self { $(Self::$name => super::operation::is_ending!($($ending)?),)* }
            }
        }
    };
}

macro_rules! is_ending {
    () => {
        false
    };
    (deprecated) => {
        true
    };
}

pub(super) use is_ending;
pub(super) use operations;

/// A place in a path that a value fills.
struct Place {
    name: &'static str,
    /// What follows it in the same segment: `:migrate`.
    suffix: &'static str,
}

fn place(segment: &'static str) -> Option<Place> {
    let (name, suffix) = segment.strip_prefix('{')?.split_once('}')?;
    Some(Place { name, suffix })
}

impl Operation {
    /// Whether it changes nothing.
    #[must_use]
    pub fn is_read(self) -> bool {
        self.method() == Method::Get
    }

    /// Whether its requests have a body.
    #[must_use]
    pub fn has_body(self) -> bool {
        // A search is a read whose question does not fit into an address.
        matches!(self.method(), Method::Post | Method::Patch | Method::Put) || self == Self::SearchOrgInvoiceLineItems
    }

    /// Whether it answers page by page.
    #[must_use]
    pub fn is_list(self) -> bool {
        self.is_read() && query::parameters(self).iter().any(|parameter| parameter.name == "pageNum")
    }

    /// The forms in which it answers; the first is the usual one.
    #[must_use]
    pub const fn formats(self) -> &'static [Format] {
        match self {
            Self::GetOrgInvoiceCsv => &[Format::Csv],
            Self::GetOrgInvoice | Self::GetOrgBillingCostExplorerUsage => &[Format::Json, Format::Csv],
            _ => &[Format::Json],
        }
    }

    /// The path with `values`, already encoded, in place of the names.
    pub(super) fn path<V: AsRef<str>>(self, values: &[V]) -> String {
        let mut values = values.iter();
        let mut path = String::with_capacity(self.template().len() + 32 * values.len());
        for (number, segment) in self.template().split('/').enumerate() {
            if number > 0 {
                path.push('/');
            }
            match place(segment) {
                Some(place) => {
                    path.push_str(values.next().map(AsRef::as_ref).unwrap_or_default());
                    path.push_str(place.suffix);
                }
                None => path.push_str(segment),
            }
        }
        path
    }

    /// The values in a path of this operation, query apart; `None` if it is none of its paths.
    pub(super) fn parameters_of(self, path: &str) -> Option<Vec<(&'static str, String)>> {
        let (expected, found) = (self.template().split('/'), path.split('/'));
        if expected.clone().count() != found.clone().count() {
            return None;
        }
        let mut values = Vec::new();
        for (expected, found) in expected.zip(found) {
            match place(expected) {
                Some(place) => values.push((place.name, decode(place.name, found.strip_suffix(place.suffix)?)?)),
                None if expected == found => {}
                None => return None,
            }
        }
        Some(values)
    }
}

/// The value of the segment called `name`, if it is one in the spelling we send.
fn decode(name: &str, segment: &str) -> Option<String> {
    match name {
        "ipAddress" => {
            let entry: AccessListAddress = segment.replacen("%2F", "/", 1).parse().ok()?;
            (entry.segment() == segment).then(|| entry.to_string())
        }
        "clientId" => segment.parse::<ClientId>().ok().map(String::from),
        "secretId" | "reportId" | "token" => segment.parse::<SecretId>().ok().map(String::from),
        "groupName" | "teamName" | "userName" | "limitName" | "skuId" | "endpointSetId" => {
            let name: Name = percent::decoded(segment)?.parse().ok()?;
            Some(name.as_str().to_owned())
        }
        // All others are ids, and all ids look alike.
        _ => segment.parse::<ApiUserId>().ok().map(String::from),
    }
}
