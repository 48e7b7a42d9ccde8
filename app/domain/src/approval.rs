//! Verdicts on change requests: who may give one, and when there are enough.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{
    ids::{OrgId, PersonId},
    people::{Grants, Permission},
    request::RequestState,
};

/// A person's yes or no.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Yes to exactly this plan.
    Approve,
    /// No, with a reason.
    Deny,
}

impl Verdict {
    /// The word stored.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Approve => "approve",
            Self::Deny => "deny",
        }
    }
}

/// One person's verdict on one plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Vote {
    /// Who.
    pub person: PersonId,
    /// Yes or no.
    pub verdict: Verdict,
    /// The digest of the plan it was given for; it counts for no other.
    pub digest: String,
    /// When.
    pub at: Timestamp,
}

/// Why a person cannot give a verdict.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(tag = "obstacle", rename_all = "snake_case")]
pub enum VerdictObstacle {
    /// Nobody approves their own request, whatever their roles.
    #[error(
        "You asked for this change, so somebody else has to decide about it. That holds for every role, also for administrators."
    )]
    OwnRequest,
    /// The person lacks the role, in at least one of the organizations the plan touches.
    #[error(
        "Deciding needs the role approver in every organization the request touches. An administrator can give it to you under People."
    )]
    NotApprover,
    /// The request no longer waits for verdicts.
    #[error("This request no longer waits for verdicts: it is {state}.")]
    NotPending {
        /// What it is instead, in lower case.
        state: String,
    },
    /// The person has already approved this very plan.
    #[error("You have already approved this plan.")]
    AlreadyApproved,
    /// The plan is not the one the person was looking at.
    #[error("The plan has changed since you opened this page. Read the new one before you decide.")]
    PlanChanged,
}

/// The facts of a request that decide about verdicts.
#[derive(Debug, Clone)]
pub struct VerdictCase<'a> {
    /// Who asked.
    pub requester: PersonId,
    /// The state now, expiry included.
    pub state: RequestState,
    /// The digest of the plan as it is stored.
    pub digest: &'a str,
    /// The organizations the plan touches.
    pub orgs: &'a [OrgId],
    /// The verdicts so far.
    pub votes: &'a [Vote],
}

impl VerdictCase<'_> {
    /// Why `person`, holding `grants`, cannot decide about the plan with digest `seen`, if they cannot.
    ///
    /// The page shows the sentence beside the disabled buttons; the service refuses with the same.
    #[must_use]
    pub fn obstacle(&self, person: PersonId, grants: &Grants, seen: &str) -> Option<VerdictObstacle> {
        if person == self.requester {
            return Some(VerdictObstacle::OwnRequest);
        }
        if self.orgs.is_empty() || !self.orgs.iter().all(|org| grants.allow(Permission::Decide(org))) {
            return Some(VerdictObstacle::NotApprover);
        }
        if self.state != RequestState::Pending {
            return Some(VerdictObstacle::NotPending { state: self.state.label().to_lowercase() });
        }
        if seen != self.digest {
            return Some(VerdictObstacle::PlanChanged);
        }
        let approved =
            |vote: &Vote| vote.person == person && vote.verdict == Verdict::Approve && vote.digest == self.digest;
        self.votes.iter().any(approved).then_some(VerdictObstacle::AlreadyApproved)
    }

    /// How many approvals count: different people, other than the requester, for this very digest, who may still decide.
    ///
    /// `grants_of` answers with what a person holds now, so that a role lost meanwhile takes the approval with it.
    #[must_use]
    pub fn approvals(&self, grants_of: impl Fn(PersonId) -> Grants) -> u32 {
        let mut people: Vec<PersonId> = self
            .votes
            .iter()
            .filter(|vote| {
                vote.verdict == Verdict::Approve && vote.digest == self.digest && vote.person != self.requester
            })
            .filter(|vote| {
                let grants = grants_of(vote.person);
                self.orgs.iter().all(|org| grants.allow(Permission::Decide(org)))
            })
            .map(|vote| vote.person)
            .collect();
        people.sort();
        people.dedup();
        u32::try_from(people.len()).unwrap_or(u32::MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::people::{Grant, Role};

    fn person(n: u128) -> PersonId {
        PersonId(uuid::Uuid::from_u128(n))
    }

    fn org() -> OrgId {
        "5f1a2b3c4d5e6f7081920a1b".parse().unwrap()
    }

    fn everything() -> Grants {
        Grants(Role::ALL.into_iter().map(|role| Grant { role, org: None }).collect())
    }

    fn vote(n: u128, digest: &str) -> Vote {
        Vote { person: person(n), verdict: Verdict::Approve, digest: digest.into(), at: Timestamp::UNIX_EPOCH }
    }

    #[test]
    fn nobody_approves_their_own_request_whatever_their_roles() {
        let orgs = [org()];
        let votes = [vote(1, "d"), vote(2, "d")];
        let case =
            VerdictCase { requester: person(1), state: RequestState::Pending, digest: "d", orgs: &orgs, votes: &votes };
        assert_eq!(case.obstacle(person(1), &everything(), "d"), Some(VerdictObstacle::OwnRequest));
        assert_eq!(case.approvals(|_| everything()), 1);
    }

    #[test]
    fn an_approval_counts_for_its_plan_only_and_once_per_person() {
        let orgs = [org()];
        let votes = [vote(2, "old"), vote(3, "d"), vote(3, "d")];
        let case =
            VerdictCase { requester: person(1), state: RequestState::Pending, digest: "d", orgs: &orgs, votes: &votes };
        assert_eq!(case.approvals(|_| everything()), 1);
        assert_eq!(case.obstacle(person(2), &everything(), "d"), None);
        assert_eq!(case.obstacle(person(2), &everything(), "old"), Some(VerdictObstacle::PlanChanged));
        assert_eq!(case.obstacle(person(3), &everything(), "d"), Some(VerdictObstacle::AlreadyApproved));
    }

    #[test]
    fn an_approver_who_lost_the_role_counts_no_more() {
        let orgs = [org()];
        let votes = [vote(2, "d")];
        let case =
            VerdictCase { requester: person(1), state: RequestState::Pending, digest: "d", orgs: &orgs, votes: &votes };
        assert_eq!(case.approvals(|_| Grants::default()), 0);
        assert_eq!(case.obstacle(person(2), &Grants::default(), "d"), Some(VerdictObstacle::NotApprover));
    }
}
