//! Narrowing: an entry of a key's access list that is a range gives way to the one address it was last used from.

use std::net::IpAddr;

use ipnet::IpNet;

/// Why an entry cannot be narrowed. Each is a sentence, and says what to do instead.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotNarrowable {
    /// It is one address.
    #[error("This entry is a single address already, so there is nothing to narrow.")]
    Single,
    /// Nobody used it.
    #[error(
        "This entry was never used, so no address is known to narrow it to. If nobody needs it, remove it in Atlas."
    )]
    NeverUsed,
    /// The address it was last used from is not in it.
    #[error("Atlas does not say from which address of this entry the key was last used.")]
    NoAddress,
}

/// The address that `entry` can be narrowed to: the one it was last used from, when that is one of several it allows.
///
/// # Errors
///
/// Says why not.
pub fn observed(entry: &IpNet, was_used: bool, last_used_from: Option<IpAddr>) -> Result<IpAddr, NotNarrowable> {
    if entry.prefix_len() == entry.max_prefix_len() {
        return Err(NotNarrowable::Single);
    }
    let address = match last_used_from {
        Some(address) => address.to_canonical(),
        None if was_used => return Err(NotNarrowable::NoAddress),
        None => return Err(NotNarrowable::NeverUsed),
    };
    if entry.contains(&address) { Ok(address) } else { Err(NotNarrowable::NoAddress) }
}

/// Whether Meridian would lock itself out of a key that it signs in with itself: it calls from `own`, the list keeps `rest` and
/// gets `observed` in place of `entry`. An address that is not known counts as locked out.
#[must_use]
pub fn locks_out(entry: &IpNet, rest: &[IpNet], observed: IpAddr, own: Option<IpAddr>) -> bool {
    own.map(|own| own.to_canonical())
        .is_none_or(|own| entry.contains(&own) && own != observed && !rest.iter().any(|kept| kept.contains(&own)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn net(text: &str) -> IpNet {
        text.parse().unwrap()
    }

    fn ip(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    #[test]
    fn a_range_narrows_to_the_address_it_was_last_used_from() {
        assert_eq!(observed(&net("10.0.0.0/8"), true, Some(ip("10.0.3.7"))), Ok(ip("10.0.3.7")));
        assert_eq!(observed(&net("2001:db8::/48"), true, Some(ip("2001:db8::7"))), Ok(ip("2001:db8::7")));
        assert_eq!(observed(&net("10.0.0.0/8"), true, Some(ip("::ffff:10.0.3.7"))), Ok(ip("10.0.3.7")));
    }

    #[test]
    fn nothing_else_narrows() {
        let range = net("10.0.0.0/8");
        assert_eq!(observed(&net("10.0.3.7/32"), true, Some(ip("10.0.3.7"))), Err(NotNarrowable::Single));
        assert_eq!(observed(&range, false, None), Err(NotNarrowable::NeverUsed));
        assert_eq!(observed(&range, true, None), Err(NotNarrowable::NoAddress));
        assert_eq!(observed(&range, true, Some(ip("192.0.2.1"))), Err(NotNarrowable::NoAddress));
    }

    #[test]
    fn meridian_never_locks_itself_out() {
        let (range, seen) = (net("10.0.0.0/8"), ip("10.0.3.7"));
        let locked = |rest: &[IpNet], own: Option<&str>| locks_out(&range, rest, seen, own.map(ip));
        assert!(locked(&[], Some("10.9.9.9")));
        assert!(locked(&[], Some("::ffff:10.9.9.9")));
        assert!(locked(&[net("192.0.2.0/24")], None), "an address that is not known may be the one");
        assert!(!locked(&[], Some("10.0.3.7")));
        assert!(!locked(&[net("10.9.0.0/16")], Some("10.9.9.9")));
        assert!(!locked(&[], Some("192.0.2.1")), "the entry is not what lets it in");
    }
}
