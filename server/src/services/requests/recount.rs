//! Counting approvals again, when what people hold may have changed: a role given back makes one count, a role lost takes it away.

use domain::{ids::RequestNumber, request::RequestState};
use jiff::Timestamp;

use crate::{
    log::{Action, Actor, Entry},
    store::{Store, StoreError, StoredRequest, Tx},
};

/// Counts all requests that wait for approvals or for their execution; says whether one may be carried out now that could not before.
///
/// # Errors
///
/// When the database cannot do its part. What was counted until then stays.
pub(crate) async fn all(store: &Store, now: Timestamp) -> Result<bool, StoreError> {
    let mut approved = false;
    let numbers = [store.requests_with_enough_votes(now).await?, store.requests_not_begun(now).await?].concat();
    for number in numbers {
        approved |= settle(store, number, now).await? == Some(RequestState::Approved);
    }
    Ok(approved)
}

/// The state that a request was moved to, if it was.
async fn settle(store: &Store, number: RequestNumber, now: Timestamp) -> Result<Option<RequestState>, StoreError> {
    let mut tx = store.begin().await?;
    let Some(request) = Store::lock_request(&mut tx, number).await? else {
        return Ok(None);
    };
    let Some(state) = one(&mut tx, &request, now).await? else {
        return Ok(None);
    };
    tx.commit().await?;
    Ok(Some(state))
}

/// Counts the approvals of `request`, whose row the transaction holds, moves it to where they put it with an entry in the log, and
/// returns that state. `None` when it stays as it is.
///
/// # Errors
///
/// When the database cannot do its part.
pub(crate) async fn one(
    tx: &mut Tx,
    request: &StoredRequest,
    now: Timestamp,
) -> Result<Option<RequestState>, StoreError> {
    let state = request.state.at(now, request.expires_at);
    if !matches!(state, RequestState::Pending | RequestState::Approved) {
        return Ok(None);
    }
    let tally = Store::tally_in(tx, request).await?;
    let (to, entry) = match (state, tally.is_enough()) {
        (RequestState::Pending, true) => (
            RequestState::Approved,
            Entry::new(now, Actor::System, Action::RequestApproved).detail("plan", request.digest.clone()),
        ),
        (RequestState::Approved, false) => {
            (RequestState::Pending, Entry::new(now, Actor::System, Action::ApprovalLost))
        }
        _ => return Ok(None),
    };
    Store::move_request(tx, request.number, state, to, now).await?;
    let entry = entry.request(request.number).detail("approvals", tally.approvals).detail("needed", tally.needed);
    Store::append_log(tx, &entry).await?;
    Ok(Some(to))
}
