//! The life of a change request.

use std::str::FromStr;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::ids::InvalidId;

/// Where a change request stands. Drafts are no requests yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RequestState {
    /// Waits for verdicts.
    Pending,
    /// Has its approvals and waits for the executor.
    Approved,
    /// Its calls are being sent.
    Executing,
    /// Every call succeeded.
    Applied,
    /// Some calls succeeded, a later one did not.
    PartlyApplied,
    /// Nothing was changed.
    Failed,
    /// An answer was lost; Atlas has to be looked at before anything goes on.
    Unknown,
    /// Somebody said no.
    Denied,
    /// The requester took it back.
    Withdrawn,
    /// Its time ran out before it had its approvals or was executed.
    Expired,
    /// Atlas is no longer what the plan was computed from.
    Stale,
}

impl RequestState {
    /// All states, in the order of a request's life.
    pub const ALL: [Self; 11] = [
        Self::Pending,
        Self::Approved,
        Self::Executing,
        Self::Applied,
        Self::PartlyApplied,
        Self::Failed,
        Self::Unknown,
        Self::Denied,
        Self::Withdrawn,
        Self::Expired,
        Self::Stale,
    ];

    /// The word stored.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Approved => "approved",
            Self::Executing => "executing",
            Self::Applied => "applied",
            Self::PartlyApplied => "partly_applied",
            Self::Failed => "failed",
            Self::Unknown => "unknown",
            Self::Denied => "denied",
            Self::Withdrawn => "withdrawn",
            Self::Expired => "expired",
            Self::Stale => "stale",
        }
    }

    /// The word shown.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Pending => "Pending",
            Self::Approved => "Approved",
            Self::Executing => "Executing",
            Self::Applied => "Applied",
            Self::PartlyApplied => "Partly applied",
            Self::Failed => "Failed",
            Self::Unknown => "Outcome unknown",
            Self::Denied => "Denied",
            Self::Withdrawn => "Withdrawn",
            Self::Expired => "Expired",
            Self::Stale => "Stale",
        }
    }

    /// Whether nothing more will happen to it.
    #[must_use]
    pub fn is_final(self) -> bool {
        !matches!(self, Self::Pending | Self::Approved | Self::Executing | Self::Unknown)
    }

    /// Whether a request may go from `self` to `next`. Everything not listed is refused.
    #[must_use]
    pub fn may_become(self, next: Self) -> bool {
        match self {
            Self::Pending => {
                matches!(next, Self::Approved | Self::Denied | Self::Withdrawn | Self::Expired | Self::Stale)
            }
            Self::Approved => {
                matches!(next, Self::Executing | Self::Withdrawn | Self::Expired | Self::Stale | Self::Pending)
            }
            Self::Executing => {
                matches!(next, Self::Applied | Self::PartlyApplied | Self::Failed | Self::Unknown | Self::Stale)
            }
            Self::Unknown => matches!(next, Self::Executing | Self::Applied | Self::PartlyApplied | Self::Failed),
            Self::Applied
            | Self::PartlyApplied
            | Self::Failed
            | Self::Denied
            | Self::Withdrawn
            | Self::Expired
            | Self::Stale => false,
        }
    }

    /// The state at `now` of a request stored as `self` that expires at `expires_at`: expiry is a matter of time, not of a job.
    #[must_use]
    pub fn at(self, now: Timestamp, expires_at: Timestamp) -> Self {
        if matches!(self, Self::Pending | Self::Approved) && now >= expires_at { Self::Expired } else { self }
    }
}

impl FromStr for RequestState {
    type Err = InvalidId;

    fn from_str(text: &str) -> Result<Self, InvalidId> {
        Self::ALL
            .into_iter()
            .find(|state| state.as_str() == text)
            .ok_or(InvalidId { what: "a request's state", form: "one of the states of a change request" })
    }
}

/// Where one call of a plan stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StepState {
    /// Not begun.
    Waiting,
    /// The intent is written; the call may be on its way.
    Sent,
    /// Atlas said yes, or its effect was found there.
    Done,
    /// Atlas said no.
    Failed,
    /// The answer was lost; it may or may not have happened.
    Unknown,
    /// Not sent, because an earlier call failed or because it was not needed.
    Skipped,
}

impl StepState {
    /// All states.
    pub const ALL: [Self; 6] = [Self::Waiting, Self::Sent, Self::Done, Self::Failed, Self::Unknown, Self::Skipped];

    /// The word stored.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Sent => "sent",
            Self::Done => "done",
            Self::Failed => "failed",
            Self::Unknown => "unknown",
            Self::Skipped => "skipped",
        }
    }

    /// The word shown.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Waiting => "Waiting",
            Self::Sent => "Sending",
            Self::Done => "Done",
            Self::Failed => "Failed",
            Self::Unknown => "Outcome unknown",
            Self::Skipped => "Not sent",
        }
    }
}

impl FromStr for StepState {
    type Err = InvalidId;

    fn from_str(text: &str) -> Result<Self, InvalidId> {
        Self::ALL
            .into_iter()
            .find(|state| state.as_str() == text)
            .ok_or(InvalidId { what: "a step's state", form: "one of the states of a step" })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn final_states_lead_nowhere() {
        for state in RequestState::ALL.into_iter().filter(|state| state.is_final()) {
            assert!(RequestState::ALL.into_iter().all(|next| !state.may_become(next)), "{state:?}");
        }
    }

    #[test]
    fn nothing_is_executed_without_having_been_approved() {
        let before: Vec<_> =
            RequestState::ALL.into_iter().filter(|state| state.may_become(RequestState::Executing)).collect();
        assert_eq!(before, [RequestState::Approved, RequestState::Unknown]);
    }

    #[test]
    fn expiry_is_computed_from_time() {
        let at = |second| Timestamp::from_second(second).unwrap();
        assert_eq!(RequestState::Pending.at(at(99), at(100)), RequestState::Pending);
        assert_eq!(RequestState::Pending.at(at(100), at(100)), RequestState::Expired);
        assert_eq!(RequestState::Applied.at(at(100), at(100)), RequestState::Applied);
    }

    #[test]
    fn words_read_back() {
        assert!(RequestState::ALL.into_iter().all(|state| state.as_str().parse() == Ok(state)));
        assert!(StepState::ALL.into_iter().all(|state| state.as_str().parse() == Ok(state)));
    }
}
