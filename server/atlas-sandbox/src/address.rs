//! Network addresses as access lists write them.
//!
//! Requests are read as strictly as the description's patterns (a single IPv6 address only in its full lower-case
//! form, a range also with `::` at either end), then by `std::net`, because the patterns themselves let `300.1.1.1` pass.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ipnet::IpNet;

/// Reads the `ipAddress` of a request body.
pub(crate) fn single(text: &str) -> Option<IpNet> {
    let address = if text.contains(':') {
        let groups: Vec<&str> = text.split(':').collect();
        (groups.len() == 8 && groups.iter().all(|group| is_group(group))).then_some(())?;
        IpAddr::V6(text.parse().ok()?)
    } else {
        IpAddr::V4(text.parse().ok()?)
    };
    Some(IpNet::from(address))
}

/// Reads the `cidrBlock` of a request body. Host bits must be zero: what Atlas does with set ones is not documented.
pub(crate) fn range(text: &str) -> Option<IpNet> {
    let (address, length) = text.split_once('/')?;
    if length.is_empty() || length.len() > 3 || !length.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let address =
        if address.contains(':') { IpAddr::V6(range_start(address)?) } else { IpAddr::V4(address.parse().ok()?) };
    let net = IpNet::new(address, length.parse().ok()?).ok()?;
    (net.trunc() == net).then_some(net)
}

/// The pattern's IPv6: up to two colons, one to eight groups, up to two colons.
fn range_start(text: &str) -> Option<Ipv6Addr> {
    let inner = text.strip_prefix("::").unwrap_or(text);
    let inner = inner.strip_suffix("::").unwrap_or(inner);
    inner.split(':').all(is_group).then_some(())?;
    text.parse().ok()
}

fn is_group(text: &str) -> bool {
    (1..=4).contains(&text.len()) && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

/// Reads the address in a path, already percent-decoded: a single address, or a range. A single address is addressed
/// without its length even when it was added with one, so `/32` and `/128` name nothing (`Some(None)`).
pub(crate) fn in_path(text: &str) -> Option<Option<IpNet>> {
    if text.contains('/') {
        let net: IpNet = text.parse().ok()?;
        return Some((net.prefix_len() != net.max_prefix_len()).then_some(net));
    }
    Some(Some(IpNet::from(text.parse::<IpAddr>().ok()?)))
}

/// Whether the range is one address.
pub(crate) fn is_single(net: &IpNet) -> bool {
    net.prefix_len() == net.max_prefix_len()
}

/// The `ipAddress` of an answer: only for a single address, IPv6 in its full form.
pub(crate) fn ip_address(net: &IpNet) -> Option<String> {
    is_single(net).then(|| address_text(net.addr()))
}

/// An address as Atlas writes it.
pub(crate) fn address_text(address: IpAddr) -> String {
    match address {
        IpAddr::V4(address) => address.to_string(),
        IpAddr::V6(address) => full(address),
    }
}

/// The `cidrBlock` of an answer: a range ends in `::` where its last groups are zero.
pub(crate) fn cidr_block(net: &IpNet) -> String {
    let start = match net.addr() {
        IpAddr::V4(address) => address.to_string(),
        IpAddr::V6(address) if is_single(net) => full(address),
        IpAddr::V6(address) => {
            let groups = address.segments();
            let kept = groups.iter().rposition(|group| *group != 0).map_or(0, |last| last + 1);
            match kept {
                0 | 7 | 8 => full(address),
                _ => format!("{}::", joined(&groups[..kept])),
            }
        }
    };
    format!("{start}/{}", net.prefix_len())
}

/// How the entry is called in a path, escaped.
pub(crate) fn path_name(net: &IpNet) -> String {
    ip_address(net).unwrap_or_else(|| cidr_block(net).replace('/', "%2F"))
}

fn full(address: Ipv6Addr) -> String {
    joined(&address.segments())
}

fn joined(groups: &[u16]) -> String {
    groups.iter().map(|group| format!("{group:x}")).collect::<Vec<_>>().join(":")
}

/// Loopback, from where an in-process call without a peer address is taken to come.
pub(crate) const LOOPBACK: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);
/// Loopback of the other family.
pub(crate) const LOOPBACK_V6: IpAddr = IpAddr::V6(Ipv6Addr::LOCALHOST);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn single_addresses_are_read_strictly() {
        for good in ["192.0.2.7", "2001:db8:0:0:0:0:0:1", "0:0:0:0:0:0:0:1"] {
            assert!(single(good).is_some(), "{good}");
        }
        for bad in [
            "",
            "300.1.1.1",
            "192.0.2.07",
            "192.0.2.7/32",
            "::1",
            "2001:DB8:0:0:0:0:0:1",
            "1.2.3",
            "2001:db8:0:0:0:0:0:10000",
        ] {
            assert!(single(bad).is_none(), "{bad}");
        }
    }

    #[test]
    fn ranges_are_read_strictly_and_without_host_bits() {
        for good in ["0.0.0.0/0", "10.0.0.0/8", "192.0.2.7/32", "2001:db8::/32", "::1/128", "2001:db8:0:0:0:0:0:1/128"]
        {
            assert!(range(good).is_some(), "{good}");
        }
        for bad in [
            "10.0.0.0",
            "10.0.0.0/33",
            "10.0.0.1/8",
            "010.0.0.0/8",
            "2001:db8::1/128",
            "2001:DB8::/32",
            "::/0",
            "10.0.0.0/+8",
            "10.0.0.0/",
            "2001:db8::/129",
        ] {
            assert!(range(bad).is_none(), "{bad}");
        }
    }

    #[test]
    fn answers_write_single_ipv6_addresses_in_full_and_ranges_short() {
        assert_eq!(cidr_block(&range("2001:db8::/32").unwrap()), "2001:db8::/32");
        assert_eq!(cidr_block(&"::/0".parse().unwrap()), "0:0:0:0:0:0:0:0/0");
        assert_eq!(cidr_block(&range("::1/128").unwrap()), "0:0:0:0:0:0:0:1/128");
        assert_eq!(ip_address(&range("::1/128").unwrap()).as_deref(), Some("0:0:0:0:0:0:0:1"));
        assert_eq!(ip_address(&range("10.0.0.0/8").unwrap()), None);
        assert_eq!(path_name(&range("10.0.0.0/8").unwrap()), "10.0.0.0%2F8");
        assert_eq!(path_name(&range("192.0.2.7/32").unwrap()), "192.0.2.7");
    }

    #[test]
    fn a_path_names_a_single_address_without_its_length() {
        assert_eq!(in_path("192.0.2.7"), Some(range("192.0.2.7/32")));
        assert_eq!(in_path("192.0.2.7/32"), Some(None));
        assert_eq!(in_path("192.0.2.0/24"), Some(range("192.0.2.0/24")));
        assert_eq!(in_path("2001:db8::1"), Some(single("2001:db8:0:0:0:0:0:1")));
        assert_eq!(in_path("everywhere"), None);
    }
}
