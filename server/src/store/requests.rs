//! Change requests, their verdicts, steps and secrets.

mod reveals;
mod selection;
mod steps;
mod verdicts;

use domain::{
    ids::{OrgId, PersonId, RequestNumber},
    plan::{Plan, Severity},
    policy::{self, Requirement},
    request::RequestState,
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

pub use reveals::StoredReveal;
pub use selection::{RequestFilter, RequestLine, RequestView};
pub use steps::{StepKey, StoredNote, StoredStep};
pub use verdicts::{ActiveGrants, StoredVerdict, Tally};

use super::{Query, Row, Store, StoreError, Tx};

/// A warning as a chip, kept beside the plan so that lists need not read plans.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoredRisk {
    /// How loud it is.
    pub severity: Severity,
    /// Two or three words.
    pub label: String,
}

/// Something that was compared with Atlas.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoredCheck {
    /// Whether it is fine.
    pub ok: bool,
    /// What was checked, or what is wrong.
    pub text: String,
}

/// A fact that is no longer as the plan saw it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoredDrift {
    /// The organization's name.
    pub org_name: String,
    /// The fact in words.
    pub label: String,
    /// As it was when planned.
    pub was: String,
    /// As it is now.
    pub now: String,
}

/// A new request.
#[derive(Debug, Clone)]
pub struct NewRequest<'a> {
    /// Who asks.
    pub requester: PersonId,
    /// What will be done.
    pub plan: &'a Plan,
    /// The plan's canonical bytes, as text.
    pub plan_text: &'a str,
    /// Their digest.
    pub digest: &'a str,
    /// What the policy asks for.
    pub requirement: &'a Requirement,
    /// Why.
    pub reason: &'a str,
    /// The ticket; may be empty.
    pub ticket: &'a str,
    /// When.
    pub submitted_at: Timestamp,
    /// When it is too late to approve and execute it.
    pub expires_at: Timestamp,
}

/// A request as it is kept.
#[derive(Debug, Clone, PartialEq)]
pub struct StoredRequest {
    /// Its number.
    pub number: RequestNumber,
    /// Who asked.
    pub requester: PersonId,
    /// The name of who asked.
    pub requester_name: String,
    /// What will be done.
    pub plan: Plan,
    /// The digest of the plan.
    pub digest: String,
    /// What the policy asked for when it was submitted.
    pub requirement: Requirement,
    /// Why.
    pub reason: String,
    /// The ticket; may be empty.
    pub ticket: String,
    /// Where it stands, as written; see [`RequestState::at`] for expiry.
    pub state: RequestState,
    /// When it was submitted.
    pub submitted_at: Timestamp,
    /// When it expires.
    pub expires_at: Timestamp,
    /// When it ended.
    pub finished_at: Option<Timestamp>,
    /// When it was last compared with Atlas.
    pub checked_at: Option<Timestamp>,
    /// What was found then.
    pub checks: Vec<StoredCheck>,
    /// What was no longer as planned.
    pub drift: Vec<StoredDrift>,
}

impl StoredRequest {
    /// The organizations its plan touches.
    #[must_use]
    pub fn orgs(&self) -> Vec<OrgId> {
        self.plan.orgs().cloned().collect()
    }

    /// How many approvals it needs: what was asked for when it was submitted, or more if the policy has become stricter.
    #[must_use]
    pub fn needed(&self) -> u32 {
        self.requirement.approvals.max(policy::default_policy(&self.plan).approvals)
    }
}

const SELECT: &str = "select r.number, r.requester_id, p.display_name as requester_name, r.plan, r.digest, r.requirement, \
     r.reason, r.ticket, r.state, r.submitted_at, r.expires_at, r.finished_at, r.checked_at, r.checks, r.drift \
     from requests r join people p on p.id = r.requester_id";

fn read(row: &Row) -> Result<StoredRequest, StoreError> {
    let digest = row.get_text("digest")?;
    let text = row.get_text("plan")?;
    // A plan that was changed behind our back is worth nothing: its approvals were for another one.
    if domain::plan::digest(text.as_bytes()) != digest {
        return Err(row.corrupt("plan"));
    }
    Ok(StoredRequest {
        number: number(row, "number")?,
        requester: PersonId(row.get_uuid("requester_id")?),
        requester_name: row.get_text("requester_name")?,
        plan: row.get_json("plan")?,
        digest,
        requirement: row.get_json("requirement")?,
        reason: row.get_text("reason")?,
        ticket: row.get_text("ticket")?,
        state: row.parse("state")?,
        submitted_at: row.get_timestamp("submitted_at")?,
        expires_at: row.get_timestamp("expires_at")?,
        finished_at: row.get_opt_timestamp("finished_at")?,
        checked_at: row.get_opt_timestamp("checked_at")?,
        checks: row.get_json("checks")?,
        drift: row.get_json("drift")?,
    })
}

pub(super) fn number(row: &Row, column: &'static str) -> Result<RequestNumber, StoreError> {
    u32::try_from(row.get_i64(column)?).map(RequestNumber).map_err(|_| row.corrupt(column))
}

pub(super) fn json(value: &impl Serialize) -> String {
    serde_json::to_string(value).expect("plain data is always JSON")
}

impl Store {
    /// Keeps a new request with its steps, all waiting, and returns its number.
    ///
    /// # Errors
    ///
    /// When the database cannot take it.
    pub async fn insert_request(tx: &mut Tx, new: &NewRequest<'_>) -> Result<RequestNumber, StoreError> {
        let next = Query::new("update counters set value = value + 1 where name = 'request' returning value");
        let number = number(&tx.fetch_one(next).await?, "value")?;
        let risks: Vec<StoredRisk> = new
            .plan
            .warnings
            .iter()
            .map(|warning| StoredRisk { severity: warning.severity, label: warning.label.clone() })
            .collect();
        let insert = Query::new(
            "insert into requests (number, kind, requester_id, plan, digest, sentence, risks, requirement, approvals_needed, \
             reason, ticket, state, submitted_at, expires_at) \
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)",
        )
        .bind(number.0)
        .bind(new.plan.kind.as_str())
        .bind(new.requester.0)
        .bind(new.plan_text)
        .bind(new.digest)
        .bind(&new.plan.sentence)
        .bind(json(&risks))
        .bind(json(new.requirement))
        .bind(new.requirement.approvals)
        .bind(new.reason)
        .bind(new.ticket)
        .bind(RequestState::Pending.as_str())
        .bind(new.submitted_at)
        .bind(new.expires_at);
        tx.execute(insert).await?;
        for (index, target) in new.plan.targets.iter().enumerate() {
            let insert = Query::new("insert into request_orgs (request_number, org_id) values ($1, $2)")
                .bind(number.0)
                .bind(target.org.as_str());
            tx.execute(insert).await?;
            Self::insert_steps(tx, number, index, target).await?;
        }
        Ok(number)
    }

    /// A request.
    ///
    /// # Errors
    ///
    /// When the database cannot answer, or the plan is not the one that the digest was computed from.
    pub async fn request(&self, number: RequestNumber) -> Result<Option<StoredRequest>, StoreError> {
        let query = Query::new(SELECT).push(" where r.number = ").push_bind(number.0);
        self.fetch_optional(query).await?.as_ref().map(read).transpose()
    }

    /// A request, locked until the transaction ends: whoever decides about it does so one after the other.
    ///
    /// # Errors
    ///
    /// As [`Store::request`].
    pub async fn lock_request(tx: &mut Tx, number: RequestNumber) -> Result<Option<StoredRequest>, StoreError> {
        let lock = Query::new("select number from requests where number = $1").bind(number.0);
        let lock = lock.push(tx.dialect().for_update());
        if tx.fetch_optional(lock).await?.is_none() {
            return Ok(None);
        }
        let query = Query::new(SELECT).push(" where r.number = ").push_bind(number.0);
        tx.fetch_optional(query).await?.as_ref().map(read).transpose()
    }

    /// Moves a request from `from` to `to`; says whether it still was where it was thought to be.
    ///
    /// # Errors
    ///
    /// When the database cannot take it.
    ///
    /// # Panics
    ///
    /// When the lifecycle has no such transition, which is a mistake in this program.
    pub async fn move_request(
        tx: &mut Tx,
        number: RequestNumber,
        from: RequestState,
        to: RequestState,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        assert!(from.may_become(to), "no request goes from {from:?} to {to:?}");
        let finished = to.is_final().then_some(now);
        let update = Query::new("update requests set state = $1, finished_at = $2 where number = $3 and state = $4")
            .bind(to.as_str())
            .bind(finished)
            .bind(number.0)
            .bind(from.as_str());
        Ok(tx.execute(update).await? == 1)
    }

    /// Notes what a comparison with Atlas found.
    ///
    /// # Errors
    ///
    /// When the database cannot take it.
    pub async fn note_checks(
        tx: &mut Tx,
        number: RequestNumber,
        at: Timestamp,
        checks: &[StoredCheck],
        drift: &[StoredDrift],
    ) -> Result<(), StoreError> {
        let update = Query::new("update requests set checked_at = $1, checks = $2, drift = $3 where number = $4")
            .bind(at)
            .bind(json(&checks))
            .bind(json(&drift))
            .bind(number.0);
        tx.execute(update).await.map(drop)
    }

    /// The pending requests with as many approvals of their plan as they need, whoever gave them: some may count again, because a
    /// role was given back.
    ///
    /// # Errors
    ///
    /// When the database cannot answer.
    pub async fn requests_with_enough_votes(&self, now: Timestamp) -> Result<Vec<RequestNumber>, StoreError> {
        let query = Query::new("select r.number from requests r where r.state = ")
            .push_bind(RequestState::Pending.as_str())
            .push(" and r.expires_at > ")
            .push_bind(now)
            .push(
                " and r.approvals_needed <= (select count(distinct v.person_id) from verdicts v \
                 where v.request_number = r.number and v.digest = r.digest and v.verdict = 'approve') \
                 order by r.number limit 100",
            );
        self.fetch_all(query).await?.iter().map(|row| number(row, "number")).collect()
    }

    /// The requests that were approved and have not begun: some approvals may count no more, because a role was lost.
    ///
    /// # Errors
    ///
    /// When the database cannot answer.
    pub async fn requests_not_begun(&self, now: Timestamp) -> Result<Vec<RequestNumber>, StoreError> {
        let query = Query::new("select number from requests where state = ")
            .push_bind(RequestState::Approved.as_str())
            .push(" and expires_at > ")
            .push_bind(now)
            .push(" order by number limit 100");
        self.fetch_all(query).await?.iter().map(|row| number(row, "number")).collect()
    }

    /// The requests that expired before `now` and are not yet marked so.
    ///
    /// # Errors
    ///
    /// When the database cannot answer.
    pub async fn overdue_requests(&self, now: Timestamp) -> Result<Vec<RequestNumber>, StoreError> {
        let query = Query::new("select number from requests where state in (")
            .push_list([RequestState::Pending.as_str(), RequestState::Approved.as_str()])
            .push(") and expires_at <= ")
            .push_bind(now)
            .push(" order by number limit 100");
        self.fetch_all(query).await?.iter().map(|row| number(row, "number")).collect()
    }

    /// Takes the next piece of work for `owner`: an approved request whose time has come, or one under way that nobody
    /// holds any more. The lease keeps other replicas away until `until`.
    ///
    /// # Errors
    ///
    /// When the database cannot take it.
    pub async fn take_work(
        &self,
        owner: &str,
        now: Timestamp,
        until: Timestamp,
    ) -> Result<Option<RequestNumber>, StoreError> {
        let mut tx = self.begin().await?;
        let query = Query::new("select number from requests where (lease_until is null or lease_until <= ")
            .push_bind(now)
            .push(") and (due_at is null or due_at <= ")
            .push_bind(now)
            .push(") and (state in (")
            .push_list([RequestState::Executing.as_str(), RequestState::Unknown.as_str()])
            .push(") or (state = ")
            .push_bind(RequestState::Approved.as_str())
            .push(" and expires_at > ")
            .push_bind(now)
            .push(")) order by number limit 1")
            .push(tx.dialect().for_update_skip_locked());
        let Some(row) = tx.fetch_optional(query).await? else {
            return Ok(None);
        };
        let number = number(&row, "number")?;
        let update =
            Query::new("update requests set lease_owner = $1, lease_until = $2, due_at = null where number = $3")
                .bind(owner)
                .bind(until)
                .bind(number.0);
        tx.execute(update).await?;
        tx.commit().await?;
        Ok(Some(number))
    }

    /// Prolongs a lease within the transaction of what it protects; says whether `owner` still holds it. Who does not
    /// hold it must not send anything.
    ///
    /// # Errors
    ///
    /// When the database cannot take it.
    pub async fn hold_lease(
        tx: &mut Tx,
        number: RequestNumber,
        owner: &str,
        until: Timestamp,
    ) -> Result<bool, StoreError> {
        let update = Query::new("update requests set lease_until = $1 where number = $2 and lease_owner = $3")
            .bind(until)
            .bind(number.0)
            .bind(owner);
        Ok(tx.execute(update).await? == 1)
    }

    /// Gives a lease back; the request is looked at again at `due_at`, if it is to be.
    ///
    /// # Errors
    ///
    /// When the database cannot take it.
    pub async fn release_work(
        &self,
        number: RequestNumber,
        owner: &str,
        due_at: Option<Timestamp>,
    ) -> Result<(), StoreError> {
        let update = Query::new(
            "update requests set lease_owner = null, lease_until = null, due_at = $1 where number = $2 and lease_owner = $3",
        )
        .bind(due_at)
        .bind(number.0)
        .bind(owner);
        self.execute(update).await.map(drop)
    }

    /// Frees every lease. SQLite is used by one process, so at its start nobody holds any.
    ///
    /// # Errors
    ///
    /// When the database cannot take it.
    pub async fn free_all_leases(&self) -> Result<(), StoreError> {
        self.execute(Query::new(
            "update requests set lease_owner = null, lease_until = null where lease_owner is not null",
        ))
        .await
        .map(drop)
    }
}
