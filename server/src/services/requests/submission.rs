//! Handing in a plan, whatever kind of change it is: from here on it is a request like any other.

use app::backend::{Answer, Caller};
use domain::{
    ids::RequestNumber,
    people::{Grants, Permission},
    plan::{Plan, SealedPlan},
    policy,
};
use jiff::{SignedDuration, Timestamp};

use crate::{
    log::{Action, Entry},
    services::{drafts::actor, fault::internal},
    store::{NewRequest, Store, Tx},
};

/// How long a request may wait for its verdicts and its execution.
const REQUEST_LIVES_FOR: SignedDuration = SignedDuration::from_hours(3 * 24);

/// What a person hands in.
pub(in crate::services) struct Submission<'a> {
    /// What will be done.
    pub(in crate::services) plan: &'a Plan,
    /// The plan's bytes with their digest.
    pub(in crate::services) sealed: SealedPlan,
    /// Why.
    pub(in crate::services) reason: &'a str,
    /// A ticket; may be empty.
    pub(in crate::services) ticket: &'a str,
}

/// Makes a request of it, within a transaction that also holds whatever else belongs to handing it in.
///
/// # Errors
///
/// When the database cannot take it.
pub(in crate::services) async fn submit(
    tx: &mut Tx,
    caller: &Caller,
    submission: Submission<'_>,
    now: Timestamp,
) -> Answer<RequestNumber> {
    let Submission { plan, sealed, reason, ticket } = submission;
    let requirement = policy::default_policy(plan);
    let plan_text = String::from_utf8(sealed.bytes).map_err(|error| internal(&error))?;
    let new = NewRequest {
        requester: caller.person,
        plan,
        plan_text: &plan_text,
        digest: &sealed.digest,
        requirement: &requirement,
        reason: reason.trim(),
        ticket: ticket.trim(),
        submitted_at: now,
        expires_at: now + REQUEST_LIVES_FOR,
    };
    let number = Store::insert_request(tx, &new).await?;
    let entry = Entry::new(now, actor(caller), Action::RequestSubmitted)
        .about(plan)
        .request(number)
        .address(Some(&caller.address))
        .detail("what", plan.sentence.clone())
        .detail("plan", sealed.digest)
        .detail("approvals", requirement.approvals);
    Store::append_log(tx, &entry).await?;
    Ok(number)
}

/// The names of those who could approve `plan`, other than the caller.
///
/// # Errors
///
/// When the database cannot answer.
pub(in crate::services) async fn approvers(store: &Store, caller: &Caller, plan: &Plan) -> Answer<Vec<String>> {
    let people = store.active_grants().await?;
    let may = |grants: &Grants| plan.orgs().all(|org| grants.allow(Permission::Decide(org)));
    Ok(people
        .into_iter()
        .filter(|(person, _, grants)| *person != caller.person && may(grants))
        .map(|(_, name, _)| name)
        .collect())
}
