//! What time does: requests expire, secrets are destroyed, drafts are thrown away.

use std::time::Duration;

use domain::{ids::RequestNumber, request::RequestState};
use jiff::Timestamp;
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;

use super::Executor;
use crate::{
    log::{Action, Actor, Entry},
    services::requests::recount,
    store::{Store, StoreError},
};

/// How often it is looked whether something is over. What is over is so at once for everybody who asks; this only writes it down.
const EVERY: Duration = Duration::from_secs(30);

impl Executor {
    pub(super) async fn sweep_regularly(self, stop: CancellationToken) {
        while !stop.is_cancelled() {
            if let Err(error) = self.sweep().await {
                tracing::error!(error = %error, "what is over could not be swept away; trying again soon");
            }
            tokio::select! {
                () = stop.cancelled() => {}
                () = sleep(EVERY) => {}
            }
        }
    }

    /// Writes down what is over now.
    ///
    /// # Errors
    ///
    /// When the database cannot do its part.
    pub async fn sweep(&self) -> Result<(), StoreError> {
        let now = self.clock.now();
        for number in self.store.overdue_reveals(now).await? {
            self.destroy_secret(number, now).await?;
        }
        for number in self.store.overdue_requests(now).await? {
            self.expire(number, now).await?;
        }
        if recount::all(&self.store, now).await? {
            self.wake.notify_one();
        }
        self.store.drop_expired_drafts(now).await?;
        Ok(())
    }

    async fn destroy_secret(&self, number: RequestNumber, now: Timestamp) -> Result<(), StoreError> {
        let mut tx = self.store.begin().await?;
        match Store::lock_reveal(&mut tx, number).await? {
            Some(reveal) if reveal.sealed.is_some() && reveal.expires_at <= now => {
                Store::empty_reveal(&mut tx, number, false, now).await?;
                let entry = Entry::new(now, Actor::System, Action::SecretDestroyed).request(number);
                Store::append_log(&mut tx, &entry).await?;
                tx.commit().await
            }
            _ => Ok(()),
        }
    }

    async fn expire(&self, number: RequestNumber, now: Timestamp) -> Result<(), StoreError> {
        let mut tx = self.store.begin().await?;
        let Some(request) = Store::lock_request(&mut tx, number).await? else {
            return Ok(());
        };
        if request.state.at(now, request.expires_at) == RequestState::Expired
            && Store::move_request(&mut tx, number, request.state, RequestState::Expired, now).await?
        {
            let entry = Entry::new(now, Actor::System, Action::RequestExpired).request(number);
            Store::append_log(&mut tx, &entry).await?;
            tx.commit().await?;
        }
        Ok(())
    }
}
