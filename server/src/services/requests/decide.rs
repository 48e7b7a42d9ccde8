//! Approving, denying, withdrawing, checking. Each is decided and written in one transaction that holds the request's row.

use app::{
    backend::{Answer, Caller},
    error::ApiError,
};
use domain::{
    approval::{Verdict, VerdictCase, VerdictObstacle, Vote},
    ids::RequestNumber,
    people::{Grants, Role},
    request::RequestState,
};

use super::{Requests, compare};
use crate::{
    log::{Action, Entry, Outcome},
    pause,
    services::drafts::actor,
    store::{Store, StoredRequest},
};

impl Requests {
    pub(super) async fn decide(
        &self,
        caller: &Caller,
        number: RequestNumber,
        digest: &str,
        verdict: Verdict,
        reason: Option<&str>,
    ) -> Answer<()> {
        let request = self.visible(caller, number).await?;
        let votes: Vec<Vote> = self.store.verdicts(number).await?.into_iter().map(|stored| stored.vote).collect();
        self.refuse_obstacle(caller, &request, &votes, &caller.grants, digest, verdict).await?;
        caller.require_confirmed(self.clock.now())?;
        // Reading Atlas takes time, so it happens before the row is held.
        let comparison = match verdict {
            Verdict::Approve => Some(compare::with_atlas(&*self.atlas, &request).await?),
            Verdict::Deny => None,
        };

        let now = self.clock.now();
        let mut tx = self.store.begin().await?;
        let request = Store::lock_request(&mut tx, number).await?.ok_or(ApiError::NotFound)?;
        let people = Store::active_grants_in(&mut tx).await?;
        let votes: Vec<Vote> = Store::verdicts_in(&mut tx, number).await?.into_iter().map(|v| v.vote).collect();
        let orgs = request.orgs();
        let grants = people.of(caller.person);
        if let Some(obstacle) = self.case(&request, &orgs, &votes).obstacle(caller.person, &grants, digest) {
            return Err(refusal(&obstacle));
        }
        let entry = |action| {
            Entry::new(now, actor(caller), action).about(&request.plan).request(number).address(Some(&caller.address))
        };
        if let Some(comparison) = &comparison {
            Store::note_checks(&mut tx, number, now, &comparison.checks, &comparison.drift).await?;
            if !comparison.drift.is_empty() {
                Store::move_request(&mut tx, number, RequestState::Pending, RequestState::Stale, now).await?;
                Store::append_log(&mut tx, &entry(Action::RequestStale).detail("differences", comparison.drift.len()))
                    .await?;
                tx.commit().await?;
                return Err(compare::stale());
            }
        }
        let vote = Vote { person: caller.person, verdict, digest: request.digest.clone(), at: now };
        Store::insert_verdict(&mut tx, number, &vote, reason).await?;
        let log = match verdict {
            Verdict::Deny => {
                Store::move_request(&mut tx, number, RequestState::Pending, RequestState::Denied, now).await?;
                entry(Action::RequestDenied).detail("reason", reason.unwrap_or_default())
            }
            Verdict::Approve => {
                let tally = Store::tally_in(&mut tx, &request).await?;
                if tally.is_enough() {
                    Store::move_request(&mut tx, number, RequestState::Pending, RequestState::Approved, now).await?;
                }
                entry(Action::RequestApproved)
                    .detail("plan", request.digest.clone())
                    .detail("approvals", tally.approvals)
                    .detail("needed", tally.needed)
            }
        };
        Store::append_log(&mut tx, &log).await?;
        tx.commit().await?;
        pause::at("after-verdict").await;
        self.wake.notify_one();
        Ok(())
    }

    fn case<'a>(
        &self,
        request: &'a StoredRequest,
        orgs: &'a [domain::ids::OrgId],
        votes: &'a [Vote],
    ) -> VerdictCase<'a> {
        VerdictCase {
            requester: request.requester,
            state: request.state.at(self.clock.now(), request.expires_at),
            digest: &request.digest,
            orgs,
            votes,
        }
    }

    /// Refuses a verdict that may not be given; trying to decide about one's own request leaves an entry in the log.
    async fn refuse_obstacle(
        &self,
        caller: &Caller,
        request: &StoredRequest,
        votes: &[Vote],
        grants: &Grants,
        digest: &str,
        verdict: Verdict,
    ) -> Answer<()> {
        let orgs = request.orgs();
        let Some(obstacle) = self.case(request, &orgs, votes).obstacle(caller.person, grants, digest) else {
            return Ok(());
        };
        if matches!(obstacle, VerdictObstacle::OwnRequest | VerdictObstacle::NotApprover) {
            let entry = Entry::new(self.clock.now(), actor(caller), Action::Refused)
                .outcome(Outcome::Refused)
                .request(request.number)
                .address(Some(&caller.address))
                .detail("wanted", verdict.as_str())
                .detail("why", obstacle.to_string());
            self.store.log_alone(&entry).await?;
        }
        Err(refusal(&obstacle))
    }

    pub(super) async fn take_back(&self, caller: &Caller, number: RequestNumber) -> Answer<()> {
        self.visible(caller, number).await?;
        let now = self.clock.now();
        let mut tx = self.store.begin().await?;
        let request = Store::lock_request(&mut tx, number).await?.ok_or(ApiError::NotFound)?;
        if request.requester != caller.person {
            return Err(ApiError::refused(
                "Only the person who asked can withdraw a request.",
                "If you may decide about it, you can deny it.",
            ));
        }
        let state = request.state.at(now, request.expires_at);
        if !state.may_become(RequestState::Withdrawn) {
            return Err(ApiError::refused(
                format!("This request can no longer be withdrawn: it is {}.", state.label().to_lowercase()),
                "Reload the page to see where it stands.",
            ));
        }
        Store::move_request(&mut tx, number, request.state, RequestState::Withdrawn, now).await?;
        let entry = Entry::new(now, actor(caller), Action::RequestWithdrawn)
            .about(&request.plan)
            .request(number)
            .address(Some(&caller.address));
        Store::append_log(&mut tx, &entry).await?;
        tx.commit().await?;
        Ok(())
    }

    pub(super) async fn check_now(&self, caller: &Caller, number: RequestNumber) -> Answer<()> {
        let request = self.visible(caller, number).await?;
        if request.state.at(self.clock.now(), request.expires_at).is_final() {
            return Err(ApiError::refused("This request has ended, so there is nothing to compare any more.", ""));
        }
        let comparison = compare::with_atlas(&*self.atlas, &request).await?;
        let now = self.clock.now();
        let mut tx = self.store.begin().await?;
        Store::note_checks(&mut tx, number, now, &comparison.checks, &comparison.drift).await?;
        let entry = Entry::new(now, actor(caller), Action::RequestChecked)
            .request(number)
            .address(Some(&caller.address))
            .detail("differences", comparison.drift.len());
        Store::append_log(&mut tx, &entry).await?;
        tx.commit().await?;
        Ok(())
    }
}

fn refusal(obstacle: &VerdictObstacle) -> ApiError {
    match obstacle {
        VerdictObstacle::NotApprover => ApiError::Forbidden { role: Role::Approver },
        VerdictObstacle::NotPending { .. } | VerdictObstacle::AlreadyApproved => {
            ApiError::refused(obstacle.to_string(), "Reload the page to see where it stands.")
        }
        VerdictObstacle::OwnRequest | VerdictObstacle::PlanChanged => ApiError::refused(obstacle.to_string(), ""),
    }
}
