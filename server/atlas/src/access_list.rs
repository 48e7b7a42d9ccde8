//! An address or block on the access list of an API key, in the one spelling Atlas accepts.

use std::{
    borrow::Cow,
    fmt,
    net::{IpAddr, Ipv6Addr},
    str::FromStr,
};

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::ids::Segment;

/// The text is neither an address nor a block of addresses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidAddress {
    /// The part before the `/` is no address.
    #[error("this is not an IPv4 or IPv6 address")]
    Address,
    /// The part after the `/` is no prefix length of this kind of address.
    #[error("the number after the slash is not between 0 and {0}")]
    Prefix(u8),
}

/// A single address or a block of addresses.
///
/// A block of one address equals that address: Atlas stores both alike and addresses it without
/// `/32`. Host bits are kept as given; clearing them is a rule of the product, not of the wire.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct AccessListAddress {
    address: IpAddr,
    prefix: u8,
}

impl AccessListAddress {
    /// A block of addresses.
    ///
    /// # Errors
    ///
    /// Refuses a prefix longer than the address.
    pub fn block(address: IpAddr, prefix: u8) -> Result<Self, InvalidAddress> {
        let longest = longest_prefix(address);
        if prefix > longest {
            return Err(InvalidAddress::Prefix(longest));
        }
        Ok(Self { address, prefix })
    }

    /// The address, or the one that names the block.
    #[must_use]
    pub fn address(&self) -> IpAddr {
        self.address
    }

    /// The length of the prefix in bits; the whole address when it is a single one.
    #[must_use]
    pub fn prefix(&self) -> u8 {
        self.prefix
    }

    /// Whether this is one address.
    #[must_use]
    pub fn is_single(&self) -> bool {
        self.prefix == longest_prefix(self.address)
    }

    /// The entry of a request's body: exactly one of `ipAddress` and `cidrBlock`.
    pub(crate) fn to_body(self) -> Value {
        if self.is_single() {
            json!({ "ipAddress": self.to_string() })
        } else {
            json!({ "cidrBlock": self.to_string() })
        }
    }

    /// The last segment of the path that names this entry: `/` is `%2F`, and one address has no prefix.
    pub(crate) fn to_segment(self) -> String {
        self.to_string().replace('/', "%2F")
    }
}

impl Segment for AccessListAddress {
    fn segment(&self) -> Cow<'_, str> {
        Cow::Owned(self.to_segment())
    }
}

fn longest_prefix(address: IpAddr) -> u8 {
    if address.is_ipv4() { 32 } else { 128 }
}

/// Atlas's pattern takes IPv6 addresses only in eight groups, lower case, without `::`.
fn eight_groups(address: Ipv6Addr) -> String {
    address.segments().map(|group| format!("{group:x}")).join(":")
}

impl From<IpAddr> for AccessListAddress {
    fn from(address: IpAddr) -> Self {
        Self { address, prefix: longest_prefix(address) }
    }
}

impl FromStr for AccessListAddress {
    type Err = InvalidAddress;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (address, prefix) = match text.split_once('/') {
            Some((address, prefix)) => (address, Some(prefix)),
            None => (text, None),
        };
        let address: IpAddr = address.parse().map_err(|_| InvalidAddress::Address)?;
        let longest = longest_prefix(address);
        match prefix {
            None => Ok(Self::from(address)),
            Some(digits)
                if !digits.is_empty() && digits.len() <= 3 && digits.bytes().all(|byte| byte.is_ascii_digit()) =>
            {
                let prefix = digits.parse().map_err(|_| InvalidAddress::Prefix(longest))?;
                Self::block(address, prefix)
            }
            Some(_) => Err(InvalidAddress::Prefix(longest)),
        }
    }
}

impl TryFrom<String> for AccessListAddress {
    type Error = InvalidAddress;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<AccessListAddress> for String {
    fn from(address: AccessListAddress) -> Self {
        address.to_string()
    }
}

impl fmt::Display for AccessListAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.address {
            IpAddr::V4(address) => write!(f, "{address}")?,
            IpAddr::V6(address) => f.write_str(&eight_groups(address))?,
        }
        if self.is_single() { Ok(()) } else { write!(f, "/{}", self.prefix) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(text: &str) -> AccessListAddress {
        text.parse().unwrap()
    }

    #[test]
    fn one_address_is_the_same_with_and_without_its_prefix() {
        assert_eq!(address("192.0.2.7/32"), address("192.0.2.7"));
        assert_eq!(address("192.0.2.7/32").to_body(), json!({ "ipAddress": "192.0.2.7" }));
        assert_eq!(address("192.0.2.7/32").to_segment(), "192.0.2.7");
        assert_eq!(address("2001:db8::1/128"), address("2001:DB8::1"));
    }

    #[test]
    fn a_block_is_escaped_in_a_path_and_not_in_a_body() {
        assert_eq!(address("192.0.2.0/24").to_segment(), "192.0.2.0%2F24");
        assert_eq!(address("192.0.2.0/24").to_body(), json!({ "cidrBlock": "192.0.2.0/24" }));
    }

    #[test]
    fn ipv6_is_written_in_eight_groups() {
        assert_eq!(address("2001:db8::1").to_string(), "2001:db8:0:0:0:0:0:1");
        assert_eq!(address("2001:DB8::/32").to_segment(), "2001:db8:0:0:0:0:0:0%2F32");
    }

    #[test]
    fn other_text_is_refused_with_the_part_at_fault() {
        for text in ["", "300.1.1.1", "10.0.0.1.", "010.0.0.1", "example.org", "/24", "10.0.0.0%2F8"] {
            assert_eq!(text.parse::<AccessListAddress>(), Err(InvalidAddress::Address), "{text}");
        }
        for text in ["10.0.0.1/33", "10.0.0.1/", "10.0.0.1/+8", "10.0.0.1/8/8", "10.0.0.1/999"] {
            assert_eq!(text.parse::<AccessListAddress>(), Err(InvalidAddress::Prefix(32)), "{text}");
        }
        assert_eq!("::/129".parse::<AccessListAddress>(), Err(InvalidAddress::Prefix(128)));
    }
}
