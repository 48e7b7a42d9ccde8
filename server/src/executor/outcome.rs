//! What the answer to a call means, and writing it down.

use std::time::Duration;

use atlas::{AtlasError, Category, CreatedApiKey, RawAnswer};
use domain::{
    ids::{OrgId, PersonId, RequestNumber},
    plan::CallKind,
    request::{RequestState, StepState},
};
use jiff::{SignedDuration, Timestamp};
use secrecy::ExposeSecret as _;
use serde_json::{Value, json};
use tokio::time::sleep;

use super::{Executor, Left, Step};
use crate::{
    log::{Action, Actor, Entry, Outcome},
    sealing::Place,
    store::{Store, StoreError, StoredNote, StoredRequest},
};

/// How long a revealed-once secret waits for its requester.
const SECRET_WAITS: SignedDuration = SignedDuration::from_hours(24);
/// How often a call that was certainly not carried out is sent again when the reason passes by itself.
const MAX_ATTEMPTS: u32 = 6;
/// How often the outcome is written again when the database cannot take it at once.
const WRITES: u32 = 6;

/// What becomes of a step.
struct Verdict {
    state: StepState,
    status: Option<u16>,
    result: Option<Value>,
    note: Option<StoredNote>,
    /// The sealed private key, if the answer brought one.
    sealed: Option<Vec<u8>>,
    /// When the step is tried again, if it is.
    again_at: Option<Timestamp>,
    logged: Outcome,
}

impl Verdict {
    fn done(status: u16, result: Option<Value>) -> Self {
        Self {
            state: StepState::Done,
            status: Some(status),
            result,
            note: None,
            sealed: None,
            again_at: None,
            logged: Outcome::Done,
        }
    }

    fn failed(error: &AtlasError) -> Self {
        Self {
            state: StepState::Failed,
            status: error.status(),
            result: None,
            note: Some(explained(error)),
            sealed: None,
            again_at: None,
            logged: Outcome::Failed,
        }
    }
}

/// The place a private key is sealed to: the request and the one person who may see it.
pub(crate) fn secret_row(number: RequestNumber, person: PersonId) -> String {
    format!("{}:{person}", number.0)
}

/// Where a private key is sealed.
pub(crate) fn secret_place(row: &str) -> Place<'_> {
    Place { table: "reveals", column: "sealed", row }
}

pub(super) fn note(problem: &str, next: &str) -> StoredNote {
    StoredNote { problem: problem.to_owned(), next: next.to_owned() }
}

pub(super) fn explained(error: &AtlasError) -> StoredNote {
    let explanation = error.explanation();
    note(&explanation.cause, &explanation.next_step)
}

pub(super) fn atlas_org(org: &OrgId) -> atlas::OrgId {
    org.as_str().parse().expect("both kinds of id have the same form")
}

impl Executor {
    /// Writes down what a call came to, and says how the execution goes on.
    pub(super) async fn note_outcome(
        &self,
        request: &StoredRequest,
        step: &Step<'_>,
        answer: Result<RawAnswer, AtlasError>,
        sent_at: Timestamp,
    ) -> Result<Option<Left>, StoreError> {
        let request_id = match &answer {
            Ok(answer) => answer.request_id.clone(),
            Err(error) => error.request_id().map(str::to_owned),
        };
        let verdict = self.judge(request, step, answer);
        // The secret lives only in this memory until it is written, so a full disk is waited for.
        let mut pause = Duration::from_millis(500);
        for _ in 1..WRITES {
            match self.write_outcome(request, step, &verdict, request_id.as_deref(), sent_at).await {
                Err(error) => {
                    tracing::error!(error = %error, request.number = %request.number, "an outcome could not be written; trying again");
                    sleep(pause).await;
                    pause *= 2;
                }
                Ok(left) => return Ok(left),
            }
        }
        self.write_outcome(request, step, &verdict, request_id.as_deref(), sent_at).await
    }

    fn judge(&self, request: &StoredRequest, step: &Step<'_>, answer: Result<RawAnswer, AtlasError>) -> Verdict {
        let answer = match (answer, step.call.kind) {
            (Ok(answer), CallKind::CreateApiKey) => {
                answer.decode::<CreatedApiKey>().map(|created| (answer.status, Some(created)))
            }
            (Ok(answer), _) => Ok((answer.status, None)),
            (Err(error), _) => Err(error),
        };
        match answer {
            Ok((status, Some(created))) => {
                let row = secret_row(request.number, request.requester);
                let sealed = self.keys.seal(secret_place(&row), created.private_key.expose_secret().as_bytes());
                let result = json!({
                    "key": created.key.id.as_str(),
                    "public_key": created.key.public_key,
                    "secret": "sealed",
                });
                Verdict { sealed: Some(sealed), ..Verdict::done(status, Some(result)) }
            }
            Ok((status, None)) => Verdict::done(status, None),
            Err(error) if error.outcome() == atlas::Outcome::NotExecuted => {
                // What was to go and is not there is as it should be.
                let gone = match step.call.kind {
                    CallKind::DeleteApiKey => Some("The key was already gone."),
                    CallKind::RemoveAccessListEntry => Some("The entry was already gone."),
                    CallKind::CreateApiKey | CallKind::AddAccessListEntries | CallKind::AddKeyToProject => None,
                };
                if let Some(gone) = gone.filter(|_| error.category() == Category::NotFound) {
                    return Verdict {
                        note: Some(note(gone, "")),
                        ..Verdict::done(error.status().unwrap_or(404), None)
                    };
                }
                let attempts = step.stored.attempts + 1;
                if error.is_passing() && attempts < MAX_ATTEMPTS {
                    let asked = error.retry_after().and_then(|wait| SignedDuration::try_from(wait).ok());
                    let wait = asked.unwrap_or_else(|| SignedDuration::from_secs(1_i64 << attempts.min(6)));
                    let wait = wait.min(SignedDuration::from_mins(10));
                    return Verdict {
                        state: StepState::Waiting,
                        again_at: Some(self.clock.now() + wait),
                        ..Verdict::failed(&error)
                    };
                }
                Verdict::failed(&error)
            }
            Err(error) => Verdict { state: StepState::Unknown, logged: Outcome::Unknown, ..Verdict::failed(&error) },
        }
    }

    async fn write_outcome(
        &self,
        request: &StoredRequest,
        step: &Step<'_>,
        verdict: &Verdict,
        request_id: Option<&str>,
        sent_at: Timestamp,
    ) -> Result<Option<Left>, StoreError> {
        let now = self.clock.now();
        let mut tx = self.store.begin().await?;
        Store::finish_step(
            &mut tx,
            step.stored.key,
            verdict.state,
            now,
            verdict.status,
            verdict.result.as_ref(),
            verdict.note.as_ref(),
        )
        .await?;
        if let Some(sealed) = &verdict.sealed {
            let until = now + SECRET_WAITS;
            Store::insert_reveal(&mut tx, request.number, request.requester, sealed, now, until).await?;
        }
        let unknown = verdict.state == StepState::Unknown;
        if unknown && request.state == RequestState::Executing {
            Store::move_request(&mut tx, request.number, RequestState::Executing, RequestState::Unknown, now).await?;
        }
        let mut entry = self
            .step_entry(now, Action::StepFinished, request, step)
            .outcome(verdict.logged)
            .detail("milliseconds", (now.as_millisecond() - sent_at.as_millisecond()).max(0));
        if let Some(status) = verdict.status {
            entry = entry.detail("status", status);
        }
        if let Some(id) = request_id {
            entry = entry.detail("atlas_request", id);
        }
        if let Some(note) = &verdict.note {
            entry = entry.detail("problem", note.problem.clone());
        }
        let key = verdict.result.as_ref().and_then(|result| result["key"].as_str()).and_then(|key| key.parse().ok());
        if let Some(key) = &key {
            Self::note_key(&mut tx, request, step, key).await?;
            entry = entry.key(key);
        }
        Store::append_log(&mut tx, &entry).await?;
        if verdict.sealed.is_some() {
            let mut entry = Entry::new(now, Actor::System, Action::SecretSealed)
                .request(request.number)
                .org(&step.target.org)
                .detail("for", request.requester_name.clone());
            if let Some(key) = &key {
                entry = entry.key(key);
            }
            Store::append_log(&mut tx, &entry).await?;
        }
        tx.commit().await?;
        Ok(if unknown { Some(Left::Until(sent_at + self.reconcile_after)) } else { verdict.again_at.map(Left::Until) })
    }
}
