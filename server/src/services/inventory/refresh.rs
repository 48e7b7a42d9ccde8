//! Refreshing: each organization by itself, one refresh at a time, a bounded number at once.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use domain::ids::OrgId;
use jiff::{SignedDuration, Timestamp};
use tokio::sync::{Semaphore, watch};
use tokio_util::sync::CancellationToken;

use super::read::{self, Job};
use crate::{
    clock::Clock,
    services::connections::{NoClient, Vault},
    store::{Store, StoreError},
};

/// Organizations refreshed at once.
const AT_ONCE: usize = 8;
/// How often the refresher looks for organizations whose time has come.
const LOOK_EVERY: Duration = Duration::from_secs(20);

/// Where an organization's refreshes stand.
#[derive(Default)]
struct Slot {
    /// How many were begun.
    begun: u64,
    /// How many ended.
    ended: u64,
    /// Whether another is to follow the one under way.
    again: bool,
}

impl Slot {
    fn is_running(&self) -> bool {
        self.begun > self.ended
    }
}

/// Reads organizations into the inventory, in the background.
pub struct Refresher {
    store: Store,
    vault: Arc<Vault>,
    clock: Arc<dyn Clock>,
    permits: Semaphore,
    slots: Mutex<HashMap<OrgId, Slot>>,
    ended: watch::Sender<()>,
}

impl std::fmt::Debug for Refresher {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Refresher").finish_non_exhaustive()
    }
}

#[derive(Debug, thiserror::Error)]
enum Failure {
    #[error("the reader cannot be opened")]
    Reader(#[from] NoClient),
    #[error("the database did not take part")]
    Store(#[from] StoreError),
}

impl Refresher {
    /// A refresher that does nothing yet; see [`Refresher::run`] and [`Refresher::begin`].
    #[must_use]
    pub fn new(store: Store, vault: Arc<Vault>, clock: Arc<dyn Clock>) -> Arc<Self> {
        Arc::new(Self {
            store,
            vault,
            clock,
            permits: Semaphore::new(AT_ONCE),
            slots: Mutex::default(),
            ended: watch::Sender::new(()),
        })
    }

    /// Begins to read `org`, unless that is under way.
    pub fn begin(self: &Arc<Self>, org: &OrgId) {
        let mut slots = self.lock();
        let slot = slots.entry(org.clone()).or_default();
        if !slot.is_running() {
            slot.begun += 1;
            self.spawn(org.clone());
        }
    }

    /// Begins to read `org`; a refresh under way, which may have passed what changed just now, is followed by another.
    pub fn begin_again(self: &Arc<Self>, org: &OrgId) {
        self.order(org);
    }

    /// Reads `org` from now on and returns when that is done.
    pub async fn refresh_now(self: &Arc<Self>, org: &OrgId) {
        let mut changes = self.ended.subscribe();
        let wanted = self.order(org);
        // The sender lives as long as `self`, so waiting cannot fail.
        let _ = changes.wait_for(|()| self.lock().get(org).is_none_or(|slot| slot.ended >= wanted)).await;
    }

    /// Whether `org` is being read.
    #[must_use]
    pub fn is_refreshing(&self, org: &OrgId) -> bool {
        self.lock().get(org).is_some_and(Slot::is_running)
    }

    /// Returns when nothing is being read.
    pub async fn idle(&self) {
        let mut changes = self.ended.subscribe();
        let _ = changes.wait_for(|()| !self.lock().values().any(Slot::is_running)).await;
    }

    /// Reads every organization that was not read for `every`, again and again until `stop`; at the start, those never read.
    ///
    /// Organizations come a little earlier than that, each by its own amount, so that they spread out over time.
    pub async fn run(self: Arc<Self>, every: SignedDuration, stop: CancellationToken) {
        loop {
            match self.store.org_summaries(None).await {
                Ok(orgs) => {
                    let now = self.clock.now();
                    for org in orgs.iter().filter(|org| is_due(&org.org, org.tried_at, now, every)) {
                        self.begin(&org.org);
                    }
                }
                Err(error) => tracing::error!(error = %error, "the organizations to refresh cannot be read"),
            }
            tokio::select! {
                () = tokio::time::sleep(LOOK_EVERY) => {}
                () = stop.cancelled() => return,
            }
        }
    }

    /// Orders a refresh that begins after this call, and gives its number.
    fn order(self: &Arc<Self>, org: &OrgId) -> u64 {
        let mut slots = self.lock();
        let slot = slots.entry(org.clone()).or_default();
        if slot.is_running() {
            slot.again = true;
            return slot.begun + 1;
        }
        slot.begun += 1;
        self.spawn(org.clone());
        slot.begun
    }

    fn spawn(self: &Arc<Self>, org: OrgId) {
        let this = Arc::clone(self);
        tokio::spawn(async move {
            loop {
                let (reader, wanted) = (Arc::clone(&this), org.clone());
                // In a task of its own, so that a panic does not leave the organization "refreshing" for ever.
                let outcome = tokio::spawn(async move { reader.refresh(&wanted).await }).await;
                match outcome {
                    Ok(Ok(())) => {}
                    Ok(Err(Failure::Reader(NoClient::Absent))) => {}
                    Ok(Err(error)) => {
                        let cause = std::error::Error::source(&error).map(ToString::to_string);
                        tracing::error!(org.id = %org, error = %error, cause, "an organization was not refreshed");
                    }
                    Err(error) => tracing::error!(org.id = %org, error = %error, "a refresh broke off"),
                }
                if !this.end(&org) {
                    return;
                }
            }
        });
    }

    /// Notes the end of a refresh and says whether another follows, which has then begun.
    fn end(&self, org: &OrgId) -> bool {
        let again = {
            let mut slots = self.lock();
            let slot = slots.entry(org.clone()).or_default();
            slot.ended = slot.begun;
            let again = std::mem::take(&mut slot.again);
            slot.begun += u64::from(again);
            again
        };
        self.ended.send_replace(());
        again
    }

    async fn refresh(&self, org: &OrgId) -> Result<(), Failure> {
        // The semaphore is never closed.
        let _permit = self.permits.acquire().await;
        let (client, version) = self.vault.open_reader(org).await?;
        let Some(connection) = self.store.connection(org).await? else { return Ok(()) };
        let job = Job {
            org,
            client,
            version,
            own_key: connection.reader.public_key,
            clock: &*self.clock,
            before: self.store.access_lists(org).await?,
        };
        let started = std::time::Instant::now();
        let Some(snapshot) = read::organization(job).await else { return Ok(()) };
        let written = self.store.write_snapshot(&snapshot).await?;
        tracing::debug!(
            org.id = %org,
            written,
            duration_ms = started.elapsed().as_millis(),
            "an organization was refreshed"
        );
        Ok(())
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<OrgId, Slot>> {
        self.slots.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn is_due(org: &OrgId, tried_at: Option<Timestamp>, now: Timestamp, every: SignedDuration) -> bool {
    // Up to a tenth earlier, by the id, whose last digits count up.
    let tenth = every / 10;
    let part = i32::from(u8::from_str_radix(&org.as_str()[22..], 16).unwrap_or(0));
    let early = tenth / 256 * part;
    tried_at.is_none_or(|tried| now.duration_since(tried) >= every - early)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn organizations_come_when_their_time_is_over_and_not_all_at_once() {
        let every = SignedDuration::from_mins(15);
        let now = Timestamp::from_second(1_000_000).unwrap();
        let first: OrgId = "5f1a2b3c4d5e6f7081920a00".parse().unwrap();
        let last: OrgId = "5f1a2b3c4d5e6f7081920aff".parse().unwrap();
        let before = |minutes| Some(now - SignedDuration::from_mins(minutes));
        assert!(is_due(&first, None, now, every));
        assert!(is_due(&first, before(15), now, every));
        assert!(!is_due(&first, before(14), now, every));
        assert!(is_due(&last, before(14), now, every));
        assert!(!is_due(&last, before(13), now, every));
    }
}
