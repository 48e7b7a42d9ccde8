//! Carries out approved plans, step by step, at most once per step.
//!
//! Before a call its intent is written, after it its outcome, each in one transaction with its entry in the log. Whoever finds an
//! intent without an outcome looks at Atlas before anything is sent again: the Administration API knows no idempotency keys.
//! Several workers, also of several replicas, take requests under a lease; a worker that lost its lease sends nothing.

mod course;
mod outcome;
mod reconcile;
mod sweep;

use std::{sync::Arc, time::Duration};

use app::{backend::Clock, error::ApiError};
use domain::{
    ids::{ApiKeyId, RequestNumber},
    people::Permission,
    plan::{CallKind, Change, NEW_KEY, PlannedCall},
    request::{RequestState, StepState},
};
use jiff::{SignedDuration, Timestamp};
use serde_json::json;
use tokio::{sync::Notify, task::JoinSet, time::sleep};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use self::course::{Course, Next, Step};
pub(crate) use self::outcome::{secret_place, secret_row};
use crate::{
    log::{Action, Actor, Entry, Outcome},
    pause,
    sealing::Keys,
    services::{
        atlas_access::{ApprovedPlan, AtlasAccess},
        requests::{compare, recount},
    },
    store::{Dialect, Store, StoreError, StoredDrift, StoredRequest, StoredStep, Tx},
};

/// How many requests are carried out at the same time, so that a slow organization does not hold up the others.
const WORKERS: usize = 4;
/// Longer than any call to Atlas may take.
const LEASE: SignedDuration = SignedDuration::from_secs(180);
/// How often workers look for work that nobody told them about, such as another replica's.
const LOOK_EVERY: Duration = Duration::from_secs(2);
/// How soon a request is looked at again that cannot go on now.
const LATER: SignedDuration = SignedDuration::from_secs(15);

/// What the executor works with.
#[derive(Clone)]
pub struct Executor {
    store: Store,
    clock: Arc<dyn Clock>,
    atlas: Arc<dyn AtlasAccess>,
    keys: Keys,
    wake: Arc<Notify>,
    reconcile_after: SignedDuration,
    owner: String,
}

/// Why a request was left for now.
enum Left {
    /// It ended, or somebody else has it.
    Ended,
    /// It is to be looked at again then.
    Until(Timestamp),
}

impl Executor {
    /// An executor; `wake` is notified when a request was approved, `reconcile_after` is how long after a lost answer Atlas is
    /// looked at.
    #[must_use]
    pub fn new(
        store: Store,
        clock: Arc<dyn Clock>,
        atlas: Arc<dyn AtlasAccess>,
        keys: Keys,
        wake: Arc<Notify>,
        reconcile_after: SignedDuration,
    ) -> Self {
        Self { store, clock, atlas, keys, wake, reconcile_after, owner: Uuid::now_v7().to_string() }
    }

    /// Works until `stop` is cancelled; a step that is being sent then is finished first.
    pub async fn run(self, stop: CancellationToken) {
        if self.store.dialect() == Dialect::Sqlite
            && let Err(error) = self.store.free_all_leases().await
        {
            tracing::error!(error = %error, "leases of the process before could not be freed; they run out by themselves");
        }
        let mut workers = JoinSet::new();
        for _ in 0..WORKERS {
            workers.spawn(self.clone().work(stop.clone()));
        }
        workers.spawn(self.clone().sweep_regularly(stop));
        while let Some(ended) = workers.join_next().await {
            if let Err(error) = ended {
                tracing::error!(error = %error, "a worker of the executor ended unexpectedly");
            }
        }
    }

    async fn work(self, stop: CancellationToken) {
        while !stop.is_cancelled() {
            match self.next().await {
                Ok(true) => {}
                Ok(false) => {
                    tokio::select! {
                        () = stop.cancelled() => {}
                        () = self.wake.notified() => {}
                        () = sleep(LOOK_EVERY) => {}
                    }
                }
                Err(error) => {
                    tracing::error!(error = %error, "the executor cannot work at the moment");
                    tokio::select! {
                        () = stop.cancelled() => {}
                        () = sleep(LOOK_EVERY) => {}
                    }
                }
            }
        }
    }

    /// Takes one request and carries it as far as it goes; says whether there was one.
    ///
    /// # Errors
    ///
    /// When the database cannot do its part.
    pub async fn next(&self) -> Result<bool, StoreError> {
        let now = self.clock.now();
        let Some(number) = self.store.take_work(&self.owner, now, now + LEASE).await? else {
            return Ok(false);
        };
        let left = self.carry_out(number).await;
        let due = match &left {
            Ok(Left::Ended) => None,
            Ok(Left::Until(due)) => Some(*due),
            Err(_) => Some(self.clock.now() + LATER),
        };
        self.store.release_work(number, &self.owner, due).await?;
        left.map(|_| true)
    }

    async fn carry_out(&self, number: RequestNumber) -> Result<Left, StoreError> {
        loop {
            let Some(request) = self.store.request(number).await? else {
                return Ok(Left::Ended);
            };
            let left = match request.state {
                RequestState::Approved => self.begin(&request).await?,
                RequestState::Executing | RequestState::Unknown => self.advance(&request).await?,
                _ => Some(Left::Ended),
            };
            if let Some(left) = left {
                return Ok(left);
            }
        }
    }

    /// Checks once more what was checked at the approval, then begins.
    async fn begin(&self, request: &StoredRequest) -> Result<Option<Left>, StoreError> {
        let later = Ok(Some(Left::Until(self.clock.now() + LATER)));
        for org in request.orgs() {
            match self.atlas.has_writer(&org).await {
                Ok(true) => {}
                // The page tells that a writer is missing; the plan can be carried out by hand.
                Ok(false) | Err(_) => return later,
            }
        }
        let Ok(comparison) = compare::with_atlas(&*self.atlas, request).await else {
            return later;
        };

        let now = self.clock.now();
        let mut tx = self.store.begin().await?;
        let Some(request) = Store::lock_request(&mut tx, request.number).await? else {
            return Ok(Some(Left::Ended));
        };
        if request.state.at(now, request.expires_at) != RequestState::Approved
            || !Store::hold_lease(&mut tx, request.number, &self.owner, now + LEASE).await?
        {
            return Ok(Some(Left::Ended));
        }
        let requester = Store::active_grants_in(&mut tx).await?.of(request.requester);
        let mut drift = comparison.drift;
        if !request.orgs().iter().all(|org| requester.allow(Permission::Request(org))) {
            drift.push(StoredDrift {
                org_name: String::new(),
                label: format!("{} may ask for this", request.requester_name),
                was: "yes".into(),
                now: "no".into(),
            });
        }
        Store::note_checks(&mut tx, request.number, now, &comparison.checks, &drift).await?;
        let entry = |action| Entry::new(now, Actor::System, action).request(request.number);
        if !drift.is_empty() {
            Store::move_request(&mut tx, request.number, RequestState::Approved, RequestState::Stale, now).await?;
            Store::append_log(&mut tx, &entry(Action::RequestStale).detail("differences", drift.len())).await?;
            tx.commit().await?;
            return Ok(Some(Left::Ended));
        }
        if recount::one(&mut tx, &request, now).await?.is_some() {
            tx.commit().await?;
            return Ok(Some(Left::Ended));
        }
        Store::move_request(&mut tx, request.number, RequestState::Approved, RequestState::Executing, now).await?;
        let entry = entry(Action::ExecutionStarted).detail("plan", request.digest.clone());
        Store::append_log(&mut tx, &entry).await?;
        tx.commit().await?;
        Ok(None)
    }

    /// Does the next thing that the state of the steps asks for.
    async fn advance(&self, request: &StoredRequest) -> Result<Option<Left>, StoreError> {
        let steps = self.store.steps(request.number).await?;
        let course = Course::new(&request.plan, &steps);
        let now = self.clock.now();
        match course.next() {
            Next::Send(step) => self.send(request, &course, step).await,
            Next::Skip(steps, why) => {
                let mut tx = self.store.begin().await?;
                let note = outcome::note(why, "");
                for step in steps {
                    Store::finish_step(&mut tx, step.key, StepState::Skipped, now, None, None, Some(&note)).await?;
                }
                tx.commit().await?;
                Ok(None)
            }
            Next::LookUp(step) => {
                let due = step.sent_at.unwrap_or(now) + self.reconcile_after;
                if step.state == StepState::Sent || request.state == RequestState::Executing {
                    // Nobody is sending it any more: this worker holds the lease.
                    self.mark_unknown(request, step, "Meridian stopped while the call was under way.").await?;
                }
                if now < due { Ok(Some(Left::Until(due))) } else { self.look_up(request, &course, step).await }
            }
            Next::Finish(state) => self.finish(request, &course, state).await,
        }
    }

    async fn send(
        &self,
        request: &StoredRequest,
        course: &Course<'_>,
        step: Step<'_>,
    ) -> Result<Option<Left>, StoreError> {
        let org = &step.target.org;
        let plan = ApprovedPlan { org, digest: &request.digest };
        let client = match self.atlas.writer(&plan).await {
            Ok(Some(client)) => client,
            Ok(None) => return Ok(Some(Left::Until(self.clock.now() + LATER))),
            Err(error) => return self.fail(request, step.stored, &refused(&error)).await,
        };
        let Some(call) = outgoing(step.call, course.created_key(step.index)) else {
            let problem = "The call in the plan is none that Meridian may send.";
            return self.fail(request, step.stored, &outcome::note(problem, "Ask for the change again.")).await;
        };
        // What is there before tells afterwards, should the answer be lost, whether the call was carried out.
        let before = match step.call.kind {
            CallKind::CreateApiKey => match client.list_org_api_keys(&outcome::atlas_org(org)).await {
                Ok(keys) => Some(json!(keys.iter().map(|key| key.id.as_str()).collect::<Vec<_>>())),
                Err(error) if error.is_passing() && self.clock.now() < request.expires_at => {
                    return Ok(Some(Left::Until(self.clock.now() + LATER)));
                }
                Err(error) => return self.fail(request, step.stored, &outcome::explained(&error)).await,
            },
            CallKind::AddAccessListEntries
            | CallKind::RemoveAccessListEntry
            | CallKind::AddKeyToProject
            | CallKind::DeleteApiKey => None,
        };

        pause::at("before-intent").await;
        let sent_at = self.clock.now();
        let mut tx = self.store.begin().await?;
        let may_send = Store::hold_lease(&mut tx, request.number, &self.owner, sent_at + LEASE).await?
            && Store::intend_step(&mut tx, step.stored.key, before.as_ref(), sent_at).await?;
        if !may_send {
            return Ok(Some(Left::Ended));
        }
        let entry = self.step_entry(sent_at, Action::StepIntended, request, &step);
        Store::append_log(&mut tx, &entry).await?;
        tx.commit().await?;
        pause::at("after-intent").await;

        let answer = client.execute(&call).await;
        pause::at("after-call").await;
        let left = self.note_outcome(request, &step, answer, sent_at).await;
        pause::at("after-outcome").await;
        left
    }

    /// Ends a step without having sent it.
    async fn fail(
        &self,
        request: &StoredRequest,
        step: &StoredStep,
        note: &crate::store::StoredNote,
    ) -> Result<Option<Left>, StoreError> {
        let now = self.clock.now();
        let mut tx = self.store.begin().await?;
        Store::finish_step(&mut tx, step.key, StepState::Failed, now, None, None, Some(note)).await?;
        let entry = Entry::new(now, Actor::System, Action::StepFinished)
            .request(request.number)
            .outcome(Outcome::Failed)
            .detail("problem", note.problem.clone());
        Store::append_log(&mut tx, &entry).await?;
        tx.commit().await?;
        Ok(None)
    }

    async fn mark_unknown(&self, request: &StoredRequest, step: &StoredStep, why: &str) -> Result<(), StoreError> {
        let now = self.clock.now();
        let note = outcome::note(why, "Meridian looks at Atlas before anything is sent again.");
        let mut tx = self.store.begin().await?;
        if step.state == StepState::Sent {
            Store::finish_step(&mut tx, step.key, StepState::Unknown, now, None, None, Some(&note)).await?;
            let entry = Entry::new(now, Actor::System, Action::StepFinished)
                .request(request.number)
                .outcome(Outcome::Unknown)
                .detail("problem", why);
            Store::append_log(&mut tx, &entry).await?;
        }
        if request.state == RequestState::Executing {
            Store::move_request(&mut tx, request.number, RequestState::Executing, RequestState::Unknown, now).await?;
        }
        tx.commit().await
    }

    async fn finish(
        &self,
        request: &StoredRequest,
        course: &Course<'_>,
        state: RequestState,
    ) -> Result<Option<Left>, StoreError> {
        let now = self.clock.now();
        let mut tx = self.store.begin().await?;
        if Store::move_request(&mut tx, request.number, request.state, state, now).await? {
            let outcome = match state {
                RequestState::Applied => Outcome::Done,
                _ => Outcome::Failed,
            };
            let mut entry = Entry::new(now, Actor::System, Action::ExecutionFinished)
                .about(&request.plan)
                .request(request.number)
                .outcome(outcome)
                .detail("state", state.as_str());
            if let Some(key) = course.created_key(0).and_then(|key| key.parse().ok()) {
                entry = entry.key(&key);
            }
            Store::append_log(&mut tx, &entry).await?;
        }
        tx.commit().await?;
        tracing::info!(request.number = %request.number, state = state.as_str(), "execution ended");
        for org in request.orgs() {
            self.atlas.refresh_soon(&org).await;
        }
        Ok(Some(Left::Ended))
    }

    /// Notes whose the new key is and until when it is needed, as the plan says, within the transaction of the outcome.
    async fn note_key(tx: &mut Tx, request: &StoredRequest, step: &Step<'_>, key: &ApiKeyId) -> Result<(), StoreError> {
        let end = step.target.changes.iter().find_map(|change| match change {
            Change::KeyAdded { end, .. } => *end,
            Change::AccessListAdded { .. } | Change::AccessListRemoved { .. } | Change::ProjectRolesAdded { .. } => {
                None
            }
        });
        Store::note_key_origin(tx, &step.target.org, key, &request.requester_name, request.number, end).await
    }

    fn step_entry(&self, at: Timestamp, action: Action, request: &StoredRequest, step: &Step<'_>) -> Entry {
        let entry = Entry::new(at, Actor::System, action)
            .request(request.number)
            .org(&step.target.org)
            .detail("call", step.call.sentence.clone())
            .detail("method", step.call.method.clone())
            .detail("path", step.call.path.clone());
        match &step.target.key {
            Some(key) => entry.key(&key.id),
            None => entry,
        }
    }
}

/// The request that `call` describes, with the new key's id in place of its placeholder. `None` unless it is, part by part, what
/// the plan says: nothing outside the plan can be sent.
fn outgoing(call: &PlannedCall, created: Option<&str>) -> Option<atlas::AtlasRequest> {
    let path = match created {
        Some(key) => call.path.replace(NEW_KEY, key),
        None => call.path.clone(),
    };
    let request = atlas::AtlasRequest::from_parts(&call.method, &path, &call.version, call.body.clone()).ok()?;
    let planned =
        request.method().as_str() == call.method && request.path() == path && request.body() == call.body.as_ref();
    planned.then_some(request)
}

fn refused(error: &ApiError) -> crate::store::StoredNote {
    match error {
        ApiError::Refused { problem, next } => outcome::note(problem, next),
        other => outcome::note(&other.to_string(), "Repair the connection, then ask for the change again."),
    }
}
