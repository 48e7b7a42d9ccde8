//! Forgetting what is over: sessions, links, failures, refused forms.

use std::{sync::Arc, time::Duration};

use app::backend::Clock;
use jiff::Timestamp;
use tokio::time::{MissedTickBehavior, interval};

use crate::{
    accounts::throttle,
    services::{attempts, people},
    settings::SessionSettings,
    store::{Store, StoreError},
};

/// Nothing here is urgent: what is over does not work any more, whether it was removed or not.
const EVERY: Duration = Duration::from_secs(10 * 60);

/// Removes what is over, now and then, until the task is dropped.
pub async fn keep_tidy(store: Store, clock: Arc<dyn Clock>, sessions: SessionSettings) {
    let mut ticks = interval(EVERY);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        if let Err(error) = tidy(&store, clock.now(), sessions).await {
            tracing::warn!(%error, "what is over could not be removed; it is tried again later");
        }
    }
}

async fn tidy(store: &Store, now: Timestamp, sessions: SessionSettings) -> Result<(), StoreError> {
    store.forget_sessions(now, now - sessions.idle).await?;
    store.forget_links(now - people::LINK_SHOWN_FOR, now).await?;
    store.forget_failures(now - throttle::MEMORY).await?;
    store.forget_attempts(now - attempts::KEPT_FOR).await?;
    Ok(())
}
