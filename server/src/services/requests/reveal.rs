//! The one-time look at a private key.

use app::{
    api::requests::RevealedSecret,
    backend::{Answer, Caller},
    error::ApiError,
};
use domain::ids::RequestNumber;

use super::{Requests, view};
use crate::{
    executor::{secret_place, secret_row},
    log::{Action, Entry, Outcome},
    pause,
    services::{drafts::actor, fault::internal},
    store::Store,
};

impl Requests {
    pub(super) async fn reveal_once(&self, caller: &Caller, number: RequestNumber) -> Answer<RevealedSecret> {
        let request = self.visible(caller, number).await?;
        caller.require_confirmed(self.clock.now())?;
        if request.requester != caller.person {
            let entry = Entry::new(self.clock.now(), actor(caller), Action::Refused)
                .outcome(Outcome::Refused)
                .request(number)
                .address(Some(&caller.address))
                .detail("wanted", "reveal the private key");
            self.store.log_alone(&entry).await?;
            return Err(ApiError::refused(
                format!("Only {} can see this private key.", request.requester_name),
                "If you need a key, ask for one of your own.",
            ));
        }
        let created = view::created_key(&request, &self.store.steps(number).await?).ok_or(ApiError::NotFound)?;

        let now = self.clock.now();
        let mut tx = self.store.begin().await?;
        let reveal = Store::lock_reveal(&mut tx, number).await?.ok_or(ApiError::NotFound)?;
        let Some(sealed) = reveal.sealed.filter(|_| now < reveal.expires_at) else {
            return Err(ApiError::refused(
                "The private key is no longer here: it was shown once, or its 24 hours are over.",
                "Ask for a new key; Atlas does not tell a private key twice.",
            ));
        };
        let row = secret_row(number, caller.person);
        let plain = self.keys.open(secret_place(&row), &sealed).map_err(|error| internal(&error))?;
        let private_key = std::str::from_utf8(&plain).map_err(|error| internal(&error))?.to_owned();
        // The row is emptied and the log written before anybody sees the key; should the answer be lost, it is gone.
        Store::empty_reveal(&mut tx, number, true, now).await?;
        let entry = Entry::new(now, actor(caller), Action::SecretRevealed)
            .request(number)
            .org(&created.org)
            .key(&created.key)
            .address(Some(&caller.address));
        Store::append_log(&mut tx, &entry).await?;
        pause::at("before-reveal").await;
        tx.commit().await?;
        pause::at("after-reveal").await;
        let org_name = request.plan.targets.iter().find(|target| target.org == created.org);
        Ok(RevealedSecret {
            number,
            description: created.description,
            org_name: org_name.map(|target| target.org_name.clone()).unwrap_or_default(),
            public_key: created.public_key,
            private_key,
        })
    }
}
