//! The steps of an execution: one row per planned call.

use domain::{ids::RequestNumber, plan::Target, request::StepState};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Query, Row, Store, StoreError, Tx, json};

/// Which step of which request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StepKey {
    /// The request.
    pub number: RequestNumber,
    /// The target's index in the plan.
    pub target: u32,
    /// The call's place: first the calls of the target, then those that take something back.
    pub position: u32,
}

/// What there is to say about a step's outcome.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoredNote {
    /// What happened.
    pub problem: String,
    /// What to do next.
    pub next: String,
}

/// A step as it is kept.
#[derive(Debug, Clone, PartialEq)]
pub struct StoredStep {
    /// Which one.
    pub key: StepKey,
    /// Whether it takes something back.
    pub is_undo: bool,
    /// Where it stands.
    pub state: StepState,
    /// How often it was sent.
    pub attempts: u32,
    /// What was seen in Atlas just before it was sent, for telling afterwards whether it happened.
    pub before: Option<serde_json::Value>,
    /// When the intent was written.
    pub sent_at: Option<Timestamp>,
    /// When the outcome was written.
    pub done_at: Option<Timestamp>,
    /// The HTTP status of the answer.
    pub status: Option<u16>,
    /// What the answer brought; never a secret.
    pub result: Option<serde_json::Value>,
    /// What there is to say.
    pub note: Option<StoredNote>,
}

const SELECT: &str = "select request_number, target, position, is_undo, state, attempts, before, sent_at, done_at, status, \
     result, note from steps where request_number = $1 order by target, position";

fn read(row: &Row) -> Result<StoredStep, StoreError> {
    let small = |column: &'static str| u32::try_from(row.get_i64(column)?).map_err(|_| row.corrupt(column));
    let value = |column: &'static str| {
        row.get_opt_text(column)?.map(|text| serde_json::from_str(&text).map_err(|_| row.corrupt(column))).transpose()
    };
    let status = row.get_opt_i64("status")?.map(|status| u16::try_from(status).map_err(|_| row.corrupt("status")));
    Ok(StoredStep {
        key: StepKey {
            number: super::number(row, "request_number")?,
            target: small("target")?,
            position: small("position")?,
        },
        is_undo: row.get_i64("is_undo")? != 0,
        state: row.parse("state")?,
        attempts: small("attempts")?,
        before: value("before")?,
        sent_at: row.get_opt_timestamp("sent_at")?,
        done_at: row.get_opt_timestamp("done_at")?,
        status: status.transpose()?,
        result: value("result")?,
        note: row
            .get_opt_text("note")?
            .map(|text| serde_json::from_str(&text).map_err(|_| row.corrupt("note")))
            .transpose()?,
    })
}

impl Store {
    pub(super) async fn insert_steps(
        tx: &mut Tx,
        number: RequestNumber,
        index: usize,
        target: &Target,
    ) -> Result<(), StoreError> {
        let target_index = i64::try_from(index).unwrap_or(i64::MAX);
        let calls = target.calls.iter().map(|_| false).chain(target.on_failure.iter().map(|_| true));
        for (position, is_undo) in (0_i64..).zip(calls) {
            let insert = Query::new(
                "insert into steps (request_number, target, position, is_undo, state) values ($1, $2, $3, $4, $5)",
            )
            .bind(number.0)
            .bind(target_index)
            .bind(position)
            .bind(is_undo)
            .bind(StepState::Waiting.as_str());
            tx.execute(insert).await?;
        }
        Ok(())
    }

    /// The steps of a request, in order.
    ///
    /// # Errors
    ///
    /// When the database cannot answer.
    pub async fn steps(&self, number: RequestNumber) -> Result<Vec<StoredStep>, StoreError> {
        self.fetch_all(Query::new(SELECT).bind(number.0)).await?.iter().map(read).collect()
    }

    /// Writes the intent to send a step; says whether the step still waited.
    ///
    /// # Errors
    ///
    /// When the database cannot take it; then nothing may be sent.
    pub async fn intend_step(
        tx: &mut Tx,
        key: StepKey,
        before: Option<&serde_json::Value>,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let update = Query::new(
            "update steps set state = $1, attempts = attempts + 1, before = $2, sent_at = $3, done_at = null, status = null, \
             note = null where request_number = $4 and target = $5 and position = $6 and state = $7",
        )
        .bind(StepState::Sent.as_str())
        .bind(before.map(ToString::to_string))
        .bind(now)
        .bind(key.number.0)
        .bind(key.target)
        .bind(key.position)
        .bind(StepState::Waiting.as_str());
        Ok(tx.execute(update).await? == 1)
    }

    /// Writes a step's outcome.
    ///
    /// # Errors
    ///
    /// When the database cannot take it; the step then stays as it was and is reconciled.
    pub async fn finish_step(
        tx: &mut Tx,
        key: StepKey,
        state: StepState,
        now: Timestamp,
        status: Option<u16>,
        result: Option<&serde_json::Value>,
        note: Option<&StoredNote>,
    ) -> Result<(), StoreError> {
        let update = Query::new(
            "update steps set state = $1, done_at = $2, status = $3, result = coalesce($4, result), note = $5 \
             where request_number = $6 and target = $7 and position = $8",
        )
        .bind(state.as_str())
        .bind(now)
        .bind(status)
        .bind(result.map(ToString::to_string))
        .bind(note.map(json))
        .bind(key.number.0)
        .bind(key.target)
        .bind(key.position);
        tx.execute(update).await.map(drop)
    }
}
