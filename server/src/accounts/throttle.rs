//! The brake on guessing passwords.
//!
//! Three counters apply to every try, whether the account exists or not: failures of the account from one network,
//! after a curve learnt from Kanidm; failures of the account from everywhere, which only ever cost two seconds, so
//! that no stranger can lock somebody out; and the budget of the network, see [`super::addresses`].
//!
//! A try is counted as a failure before the password is looked at and forgiven afterwards, so a thousand tries at the
//! same moment are still a thousand tries. Tries at one account from one network take turns, so that the right password sent
//! five times at once is no row of failures; whoever comes while too many wait already is counted at once.

use std::{
    collections::HashMap,
    net::IpAddr,
    sync::{Arc, Mutex, PoisonError},
};

use jiff::{SignedDuration, Timestamp};
use sha2::{Digest as _, Sha256};
use tokio::sync::OwnedMutexGuard;

use super::addresses::{AddressBudgets, Network};
use crate::store::{Failures, Store, StoreError};

/// Failures are forgotten after a day without one.
pub(crate) const MEMORY: SignedDuration = SignedDuration::from_hours(24);

/// Failures from everywhere that cost nothing.
const FREE_FROM_EVERYWHERE: u32 = 100;

/// How many tries at one account from one network have a turn, the one under way among them.
const IN_TURN: usize = 8;

/// The brake.
#[derive(Debug, Default)]
pub struct Throttle {
    addresses: AddressBudgets,
    /// Who tries at the moment, by account and network.
    turns: Mutex<HashMap<[u8; 32], Arc<tokio::sync::Mutex<()>>>>,
    /// Until when a wait was told to the log, so that a flood of tries does not become a flood of entries.
    told: Mutex<HashMap<[u8; 32], Timestamp>>,
}

/// A try that may be made; it counts as failed until it is forgiven.
#[derive(Debug)]
#[must_use]
pub struct Try {
    keys: [[u8; 32]; 2],
    network: Network,
    /// Ends when the try is forgiven, or was not.
    _turn: Option<OwnedMutexGuard<()>>,
}

/// Whether a password may be looked at.
#[derive(Debug)]
pub enum Verdict {
    /// It may.
    Go(Try),
    /// Not yet.
    Wait {
        /// How long.
        wait: SignedDuration,
        /// Whether this is the first try that this wait turns away.
        is_news: bool,
    },
}

impl Throttle {
    /// Counts a try at `account` from `address` and says whether it may be made.
    ///
    /// # Errors
    ///
    /// When the database cannot take it.
    pub async fn begin(
        &self,
        store: &Store,
        account: &str,
        address: IpAddr,
        now: Timestamp,
    ) -> Result<Verdict, StoreError> {
        let network = Network::from(address);
        let account = account.to_lowercase();
        let keys = [key(&account, &network.to_string()), key(&account, "everywhere")];

        let turn = self.turn(keys[0]).await;
        let mut tx = store.begin().await?;
        let mut counts = [0, 0];
        for (key, count) in keys.iter().zip(&mut counts) {
            if let Some(failures) = Store::failures(&mut tx, *key).await? {
                if failures.blocked_until > now {
                    return Ok(self.wait(keys[0], failures.blocked_until.duration_since(now), now));
                }
                if failures.last_at > now - MEMORY {
                    *count = failures.count;
                }
            }
        }
        if let Err(wait) = self.addresses.take(network, now) {
            return Ok(self.wait(keys[0], wait, now));
        }
        let [from_here, from_everywhere] = counts.map(|count| count.saturating_add(1));
        let waits = [wait_from_one_network(from_here), wait_from_everywhere(from_everywhere)];
        for ((key, count), wait) in keys.iter().zip([from_here, from_everywhere]).zip(waits) {
            Store::set_failures(&mut tx, *key, Failures { count, last_at: now, blocked_until: now + wait }).await?;
        }
        tx.commit().await?;
        Ok(Verdict::Go(Try { keys, network, _turn: turn }))
    }

    /// Waits until nobody else tries under `key`. Nothing when too many wait already.
    async fn turn(&self, key: [u8; 32]) -> Option<OwnedMutexGuard<()>> {
        let turns = {
            let mut all = self.turns.lock().unwrap_or_else(PoisonError::into_inner);
            // What nobody holds but this map is over.
            all.retain(|_, turns| Arc::strong_count(turns) > 1);
            let turns = all.entry(key).or_default();
            if Arc::strong_count(turns) > IN_TURN {
                return None;
            }
            Arc::clone(turns)
        };
        Some(turns.lock_owned().await)
    }

    fn wait(&self, key: [u8; 32], wait: SignedDuration, now: Timestamp) -> Verdict {
        let mut told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
        told.retain(|_, until| *until > now);
        let is_news = told.insert(key, now + wait).is_none();
        Verdict::Wait { wait, is_news }
    }

    /// Forgives a try that had the right password, and the failures before it.
    ///
    /// # Errors
    ///
    /// When the database cannot take it.
    pub async fn forgive(&self, tx: &mut crate::store::Tx, right: Try) -> Result<(), StoreError> {
        self.addresses.give_back(right.network);
        for key in right.keys {
            Store::clear_failures(tx, key).await?;
        }
        Ok(())
    }
}

/// The name is hashed, since people type passwords into the wrong field.
fn key(account: &str, from: &str) -> [u8; 32] {
    Sha256::new().chain_update(account).chain_update([0]).chain_update(from).finalize().into()
}

fn wait_from_one_network(failures: u32) -> SignedDuration {
    SignedDuration::from_secs(match failures {
        0..3 => 0,
        3..9 => 3,
        9..25 => 5,
        25..100 => 10,
        _ => 60,
    })
}

fn wait_from_everywhere(failures: u32) -> SignedDuration {
    SignedDuration::from_secs(if failures < FREE_FROM_EVERYWHERE { 0 } else { 2 })
}
