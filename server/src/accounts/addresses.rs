//! A budget of failed tries for each network address, in this process.
//!
//! `governor` is not used here: only failures are to cost something (everybody in an office shares one address), and
//! it can neither give back what a good sign-in took nor follow a clock that a test moves.

use std::{
    collections::HashMap,
    net::{IpAddr, Ipv6Addr},
    sync::{Mutex, PoisonError},
};

use jiff::{SignedDuration, Timestamp};

/// Failures that may come at once.
const BURST: u32 = 20;
/// One more is given back after so long.
const REFILL: SignedDuration = SignedDuration::from_secs(6);
/// Networks remembered before those with a full budget are forgotten.
const REMEMBERED: usize = 10_000;

/// What one subscriber usually has: an IPv4 address, or an IPv6 /64.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Network(IpAddr);

impl From<IpAddr> for Network {
    fn from(address: IpAddr) -> Self {
        Self(match address.to_canonical() {
            IpAddr::V4(address) => address.into(),
            IpAddr::V6(address) => Ipv6Addr::from(u128::from(address) & (u128::MAX << 64)).into(),
        })
    }
}

impl std::fmt::Display for Network {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

/// The budgets.
#[derive(Debug, Default)]
pub struct AddressBudgets(Mutex<HashMap<Network, Timestamp>>);

impl AddressBudgets {
    /// Takes one try from the budget of `network`, or says how long to wait for one.
    ///
    /// # Errors
    ///
    /// With the time until the next try.
    pub fn take(&self, network: Network, now: Timestamp) -> Result<(), SignedDuration> {
        let mut budgets = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if budgets.len() >= REMEMBERED {
            budgets.retain(|_, full_at| *full_at > now);
        }
        // The moment at which the budget will be full again says all there is to know.
        let full_at = budgets.get(&network).copied().unwrap_or(now).max(now);
        let next = full_at + REFILL;
        let allowed = now + REFILL * i32::try_from(BURST).unwrap_or(i32::MAX);
        if next > allowed {
            return Err(next.duration_since(allowed));
        }
        budgets.insert(network, next);
        Ok(())
    }

    /// Gives back what a try took that turned out well.
    pub fn give_back(&self, network: Network) {
        let mut budgets = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(full_at) = budgets.get_mut(&network) {
            *full_at -= REFILL;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn network(text: &str) -> Network {
        text.parse::<IpAddr>().unwrap().into()
    }

    #[test]
    fn a_budget_runs_out_and_comes_back_by_and_by() {
        let budgets = AddressBudgets::default();
        let mut now = Timestamp::UNIX_EPOCH;
        let (a, b) = (network("192.0.2.1"), network("192.0.2.2"));
        for _ in 0..BURST {
            budgets.take(a, now).unwrap();
        }
        assert_eq!(budgets.take(a, now), Err(REFILL));
        budgets.take(b, now).unwrap();
        now += REFILL;
        budgets.take(a, now).unwrap();
        assert!(budgets.take(a, now).is_err());
        budgets.give_back(a);
        budgets.take(a, now).unwrap();
    }

    #[test]
    fn addresses_of_one_subscriber_share_a_budget() {
        assert_eq!(network("2001:db8::1"), network("2001:db8::ffff:1"));
        assert_ne!(network("2001:db8::1"), network("2001:db8:0:1::1"));
        assert_eq!(network("::ffff:192.0.2.1"), network("192.0.2.1"));
    }
}
