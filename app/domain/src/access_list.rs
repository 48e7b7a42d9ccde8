//! Addresses and ranges of an API access list: the lines people paste, and what they mean.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ipnet::{IpNet, Ipv4Net, Ipv6Net};
use serde::{Deserialize, Serialize};

/// The most entries one request may add; Atlas documents 200 for service accounts and no number for keys.
pub const MAX_ENTRIES: usize = 200;

/// An IPv4 range wider than this prefix is called wide and needs one more approval.
pub const WIDE_IPV4_PREFIX: u8 = 16;
/// An IPv6 range wider than this prefix is called wide and needs one more approval.
pub const WIDE_IPV6_PREFIX: u8 = 48;

/// The longest comment on an entry, in characters: it stands on one line of plans and tables.
pub const MAX_COMMENT: usize = 80;

/// One entry: a range without host bits; a single address is a /32 or /128.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Entry {
    /// The range, in its shortest spelling.
    pub range: IpNet,
    /// What was written behind `#`, kept here only: Atlas has no field for it.
    pub comment: Option<String>,
}

impl Entry {
    /// Whether the entry stands for one address.
    #[must_use]
    pub fn is_single(&self) -> bool {
        self.range.prefix_len() == self.range.max_prefix_len()
    }

    /// Whether it allows every address of its family.
    #[must_use]
    pub fn is_any(&self) -> bool {
        self.range.prefix_len() == 0
    }

    /// How wide it is.
    #[must_use]
    pub fn width(&self) -> Width {
        Width::of(&self.range)
    }

    /// How many addresses it holds, in words.
    #[must_use]
    pub fn width_in_words(&self) -> String {
        width_in_words(&self.range)
    }
}

/// How wide a range is, as policy sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Width {
    /// Narrow enough.
    Narrow,
    /// Wider than /16 (IPv4) or /48 (IPv6).
    Wide,
    /// Every address of the family.
    Any,
}

impl Width {
    /// The width of `range`.
    #[must_use]
    pub fn of(range: &IpNet) -> Self {
        let wide = match range {
            IpNet::V4(_) => WIDE_IPV4_PREFIX,
            IpNet::V6(_) => WIDE_IPV6_PREFIX,
        };
        match range.prefix_len() {
            0 => Self::Any,
            prefix if prefix < wide => Self::Wide,
            _ => Self::Narrow,
        }
    }
}

/// How many addresses `range` holds, in words: "1 address", "256 addresses", "any IPv4 address".
#[must_use]
pub fn width_in_words(range: &IpNet) -> String {
    let free = u32::from(range.max_prefix_len() - range.prefix_len());
    match (range, free) {
        (IpNet::V4(_), 32) => "any IPv4 address".into(),
        (IpNet::V6(_), 128) => "any IPv6 address".into(),
        (_, 0) => "1 address".into(),
        (_, bits) if bits < 40 => format!("{} addresses", grouped(1_u64 << bits)),
        (_, bits) => format!("2^{bits} addresses"),
    }
}

fn grouped(n: u64) -> String {
    let digits = n.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// A line that was understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReadLine {
    /// The line's number, from 1.
    pub line: usize,
    /// What it means.
    pub entry: Entry,
    /// What was changed to understand it, such as host bits that were dropped.
    pub note: Option<String>,
}

/// A line that was not understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LineError {
    /// The line's number, from 1.
    pub line: usize,
    /// What is wrong, with a proposal where there is one.
    pub message: String,
}

/// All lines of a paste.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ReadLines {
    /// What was understood, each range once, in the order written.
    pub entries: Vec<ReadLine>,
    /// What was not.
    pub errors: Vec<LineError>,
}

impl ReadLines {
    /// The ranges, in the order written.
    #[must_use]
    pub fn ranges(&self) -> Vec<Entry> {
        self.entries.iter().map(|line| line.entry.clone()).collect()
    }
}

/// Reads lines of addresses and ranges, one per line (commas and semicolons also separate), with comments after `#`.
///
/// Duplicates are refused by line, so that a typing error in one of two similar lines is noticed.
#[must_use]
pub fn read_lines(text: &str) -> ReadLines {
    let mut read = ReadLines::default();
    for (index, line) in text.lines().enumerate() {
        let number = index + 1;
        let (addresses, comment) = match line.split_once('#') {
            Some((addresses, comment)) => (addresses, Some(comment.trim())),
            None => (line, None),
        };
        let comment = match comment.filter(|comment| !comment.is_empty()).map(check_comment).transpose() {
            Ok(comment) => comment,
            Err(message) => {
                read.errors.push(LineError { line: number, message });
                None
            }
        };
        for part in addresses.split([',', ';']).map(str::trim).filter(|part| !part.is_empty()) {
            match read_range(part) {
                Err(message) => read.errors.push(LineError { line: number, message }),
                Ok((range, note)) => {
                    if let Some(first) = read.entries.iter().find(|earlier| earlier.entry.range == range) {
                        let message = format!("{range} is already in line {}. Remove one of the two.", first.line);
                        read.errors.push(LineError { line: number, message });
                    } else {
                        read.entries.push(ReadLine {
                            line: number,
                            entry: Entry { range, comment: comment.clone() },
                            note,
                        });
                    }
                }
            }
        }
    }
    if read.entries.len() > MAX_ENTRIES {
        let over = &read.entries[MAX_ENTRIES];
        let message =
            format!("At most {MAX_ENTRIES} entries fit into one request; this is number {}.", MAX_ENTRIES + 1);
        read.errors.push(LineError { line: over.line, message });
    }
    read
}

/// Checks what stands behind `#`. Nothing is cut or left out in silence: people approve what was written.
fn check_comment(comment: &str) -> Result<String, String> {
    let length = comment.chars().count();
    if length > MAX_COMMENT {
        return Err(format!(
            "A comment has at most {MAX_COMMENT} characters; this one has {length}. Shorten it by {}.",
            length - MAX_COMMENT
        ));
    }
    if comment.chars().any(crate::description::is_deceptive) {
        return Err(
            "The comment contains control or direction marks that cannot be seen. Type it anew without them.".into()
        );
    }
    Ok(comment.to_owned())
}

/// Reads one address or range.
///
/// Returns the range without host bits, and a note when something was changed to get there.
///
/// # Errors
///
/// Says in words what is wrong, with a proposal where there is one.
pub fn read_range(text: &str) -> Result<(IpNet, Option<String>), String> {
    let (address_text, prefix_text) = match text.split_once('/') {
        Some((address, prefix)) => (address.trim(), Some(prefix.trim())),
        None => (text.trim(), None),
    };
    // `std::net` refuses leading zeros (010.0.0.1), which other parsers read as octal or decimal at will.
    let address: IpAddr = address_text.parse().map_err(|_| explain_address(address_text))?;
    let max = if address.is_ipv4() { 32_u8 } else { 128 };
    let family = if address.is_ipv4() { "IPv4" } else { "IPv6" };
    let prefix = match prefix_text {
        None => max,
        Some(digits) => match digits.parse::<u32>() {
            Ok(prefix) if prefix <= u32::from(max) && digits.bytes().all(|b| b.is_ascii_digit()) => prefix as u8,
            Ok(_) => return Err(format!("An {family} prefix is at most /{max}. Did you mean {address}/{max}?")),
            Err(_) => {
                return Err(format!(
                    "“/{digits}” is not a prefix length. Write a number from 0 to {max}, such as {address}/{max}."
                ));
            }
        },
    };
    let address = match address {
        IpAddr::V6(v6) => match v6.to_ipv4_mapped() {
            Some(v4) if prefix >= 96 => return Ok(mapped(v4, prefix - 96, address_text)),
            _ => IpAddr::V6(v6),
        },
        v4 => v4,
    };
    let net = IpNet::new(address, prefix).map_err(|_| explain_address(address_text))?;
    let range = net.trunc();
    let note = (range.addr() != address).then(|| format!("{address}/{prefix} has host bits; Atlas stores {range}."));
    Ok((range, note))
}

fn mapped(v4: Ipv4Addr, prefix: u8, written: &str) -> (IpNet, Option<String>) {
    let range = Ipv4Net::new(v4, prefix).map(|net| net.trunc()).unwrap_or_else(|_| Ipv4Net::from(v4));
    (IpNet::V4(range), Some(format!("{written} is an IPv4 address written as IPv6; it is sent as {range}.")))
}

fn explain_address(text: &str) -> String {
    if text.is_empty() {
        return "An address is missing before the “/”.".into();
    }
    if text.contains("://") || text.chars().any(|c| c.is_ascii_alphabetic() && !c.is_ascii_hexdigit()) {
        return format!("“{}” is not an address. Atlas takes addresses and ranges, not names or URLs.", shown(text));
    }
    if text.contains('.') && !text.contains(':') {
        let octets: Vec<&str> = text.split('.').collect();
        if octets.len() != 4 {
            return format!(
                "“{}” has {} parts; an IPv4 address has four, such as 203.0.113.7.",
                shown(text),
                octets.len()
            );
        }
        if let Some(octet) = octets.iter().find(|o| o.parse::<u32>().is_ok_and(|n| n > 255)) {
            return format!("“{}” is not an IPv4 address: {octet} is above 255.", shown(text));
        }
        if let Some(octet) = octets.iter().find(|o| o.len() > 1 && o.starts_with('0')) {
            return format!(
                "“{}” has a part with a leading zero ({octet}). Write it without, so that nobody reads it as octal.",
                shown(text)
            );
        }
    }
    format!("“{}” is not an IPv4 or IPv6 address. Examples: 203.0.113.7, 198.51.100.0/24, 2001:db8::/48.", shown(text))
}

fn shown(text: &str) -> String {
    let clean: String = text.chars().filter(|c| !crate::description::is_deceptive(*c)).take(60).collect();
    if clean.len() < text.len() && text.chars().count() > 60 { format!("{clean}…") } else { clean }
}

/// Whether `ranges` together allow every IPv4 or every IPv6 address, also by halves such as `0.0.0.0/1` and `128.0.0.0/1`.
#[must_use]
pub fn cover_everything(ranges: &[IpNet]) -> bool {
    let v4 = IpNet::aggregate(&ranges.iter().filter(|r| matches!(r, IpNet::V4(_))).copied().collect());
    let v6 = IpNet::aggregate(&ranges.iter().filter(|r| matches!(r, IpNet::V6(_))).copied().collect());
    let all_v4 = IpNet::V4(Ipv4Net::new_assert(Ipv4Addr::UNSPECIFIED, 0));
    let all_v6 = IpNet::V6(Ipv6Net::new_assert(Ipv6Addr::UNSPECIFIED, 0));
    v4.contains(&all_v4) || v6.contains(&all_v6)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn range(text: &str) -> String {
        read_range(text).map(|(net, _)| net.to_string()).unwrap_or_else(|e| e)
    }

    #[test]
    fn addresses_and_ranges_of_both_families_are_read() {
        assert_eq!(range("203.0.113.7"), "203.0.113.7/32");
        assert_eq!(range("198.51.100.0/24"), "198.51.100.0/24");
        assert_eq!(range("2001:DB8:7::/64"), "2001:db8:7::/64");
        assert_eq!(range("::1"), "::1/128");
        assert_eq!(range("0.0.0.0/0"), "0.0.0.0/0");
    }

    #[test]
    fn host_bits_are_dropped_with_a_note() {
        let (net, note) = read_range("10.0.0.77/24").unwrap();
        assert_eq!(net.to_string(), "10.0.0.0/24");
        assert!(note.unwrap().contains("10.0.0.0/24"));
    }

    #[test]
    fn wrong_lines_get_a_reason_and_a_proposal() {
        assert!(range("300.1.1.1").contains("300 is above 255"));
        assert!(range("10.0.0.1/33").contains("Did you mean 10.0.0.1/32?"));
        assert!(range("2001:db8::/129").contains("at most /128"));
        assert!(range("010.0.0.1").contains("leading zero"));
        assert!(range("10.0.0").contains("has 3 parts"));
        assert!(range("example.com").contains("not names"));
        assert!(range("10.0.0.1/x").contains("not a prefix length"));
        assert!(range("/24").contains("missing"));
    }

    #[test]
    fn duplicates_are_named_with_the_first_line() {
        let read = read_lines("203.0.113.7 # runner\n\n203.0.113.7/32\n");
        assert_eq!(read.entries.len(), 1);
        assert_eq!(read.entries[0].entry.comment.as_deref(), Some("runner"));
        assert_eq!(
            read.errors,
            [LineError { line: 3, message: "203.0.113.7/32 is already in line 1. Remove one of the two.".into() }]
        );
    }

    #[test]
    fn comments_are_refused_rather_than_cut_or_cleaned() {
        let fits = "ä".repeat(MAX_COMMENT);
        let read = read_lines(&format!("203.0.113.7 # {fits}"));
        assert_eq!(read.entries[0].entry.comment.as_deref(), Some(fits.as_str()));
        let read = read_lines(&format!("203.0.113.7 # {fits}ä"));
        assert_eq!(read.errors.len(), 1);
        assert!(read.errors[0].message.contains("at most 80"), "{:?}", read.errors);
        for mark in ['\u{1b}', '\t', '\u{202e}', '\u{200b}'] {
            let read = read_lines(&format!("203.0.113.8\n203.0.113.7 # run{mark}ner"));
            assert_eq!(read.errors.len(), 1, "{mark:?}");
            assert_eq!(read.errors[0].line, 2);
            assert!(read.errors[0].message.contains("cannot be seen"), "{:?}", read.errors);
        }
    }

    #[test]
    fn halves_of_the_world_are_the_world() {
        let halves: Vec<IpNet> = ["0.0.0.0/1", "128.0.0.0/1"].iter().map(|t| t.parse().unwrap()).collect();
        assert!(cover_everything(&halves));
        assert!(!cover_everything(&halves[..1]));
        assert!(cover_everything(&["::/0".parse().unwrap()]));
    }

    #[test]
    fn widths_are_said_in_words() {
        let words = |t: &str| width_in_words(&t.parse().unwrap());
        assert_eq!(words("203.0.113.7/32"), "1 address");
        assert_eq!(words("10.0.0.0/8"), "16,777,216 addresses");
        assert_eq!(words("0.0.0.0/0"), "any IPv4 address");
        assert_eq!(words("2001:db8::/48"), "2^80 addresses");
    }
}
