//! What an execution does next: a function of the plan and of what became of its steps so far.

use domain::{
    plan::{CallKind, Plan, PlannedCall, Target},
    request::{RequestState, StepState},
};

use crate::store::StoredStep;

/// A plan with its steps.
pub(super) struct Course<'a> {
    plan: &'a Plan,
    steps: &'a [StoredStep],
}

/// A step with the call and the target it belongs to.
#[derive(Clone, Copy)]
pub(super) struct Step<'a> {
    pub(super) index: u32,
    pub(super) target: &'a Target,
    pub(super) call: &'a PlannedCall,
    pub(super) stored: &'a StoredStep,
}

/// What to do next.
pub(super) enum Next<'a> {
    /// Send this step.
    Send(Step<'a>),
    /// Look in Atlas whether this step happened.
    LookUp(&'a StoredStep),
    /// Leave these steps out, for this reason.
    Skip(Vec<&'a StoredStep>, &'static str),
    /// The execution is over.
    Finish(RequestState),
}

/// What became of a target.
#[derive(Clone, Copy, PartialEq, Eq)]
enum End {
    Applied,
    Partly,
    Nothing,
}

impl<'a> Course<'a> {
    pub(super) fn new(plan: &'a Plan, steps: &'a [StoredStep]) -> Self {
        Self { plan, steps }
    }

    /// The id of the key that the target at `index` created, once it is known.
    pub(super) fn created_key(&self, index: u32) -> Option<&'a str> {
        self.of(index)
            .filter(|step| step.call.kind == CallKind::CreateApiKey && step.stored.state == StepState::Done)
            .find_map(|step| step.stored.result.as_ref()?.get("key")?.as_str())
    }

    /// The id of the key that the target at `index` is about: the one that was there already, or the one it created.
    pub(super) fn key(&self, index: u32) -> Option<&'a str> {
        let there = self.plan.targets.get(index as usize)?.key.as_ref();
        there.map(|key| key.id.as_str()).or_else(|| self.created_key(index))
    }

    /// The step that `stored` belongs to.
    pub(super) fn step(&self, stored: &'a StoredStep) -> Option<Step<'a>> {
        self.of(stored.key.target).find(|step| step.stored.key == stored.key)
    }

    pub(super) fn next(&self) -> Next<'a> {
        let mut ends = Vec::with_capacity(self.plan.targets.len());
        for index in 0..u32::try_from(self.plan.targets.len()).unwrap_or(u32::MAX) {
            match self.next_of(index) {
                Ok(end) => ends.push(end),
                Err(next) => return next,
            }
        }
        Next::Finish(if ends.iter().all(|end| *end == End::Applied) {
            RequestState::Applied
        } else if ends.iter().all(|end| *end == End::Nothing) {
            RequestState::Failed
        } else {
            RequestState::PartlyApplied
        })
    }

    fn of(&self, index: u32) -> impl Iterator<Item = Step<'a>> + use<'a> {
        let target = self.plan.targets.get(index as usize);
        self.steps.iter().filter(move |stored| stored.key.target == index).filter_map(move |stored| {
            let target = target?;
            let call = target.calls.iter().chain(&target.on_failure).nth(stored.key.position as usize)?;
            Some(Step { index, target, call, stored })
        })
    }

    /// How the target at `index` ended, or what to do next for it.
    fn next_of(&self, index: u32) -> Result<End, Next<'a>> {
        let (undo, calls): (Vec<_>, Vec<_>) = self.of(index).partition(|step| step.stored.is_undo);
        let mut broken = false;
        for step in &calls {
            match step.stored.state {
                StepState::Waiting if broken => {}
                StepState::Waiting => return Err(Next::Send(*step)),
                StepState::Sent | StepState::Unknown => return Err(Next::LookUp(step.stored)),
                StepState::Done => broken |= secret_lost(step.stored),
                StepState::Failed | StepState::Skipped => broken = true,
            }
        }
        skip(&calls, broken, "Not sent, because an earlier call did not succeed.")?;
        let any_done = calls.iter().any(|step| step.stored.state == StepState::Done);
        skip(&undo, !(broken && any_done), "Not needed.")?;
        for step in &undo {
            match step.stored.state {
                StepState::Waiting => return Err(Next::Send(*step)),
                StepState::Sent | StepState::Unknown => return Err(Next::LookUp(step.stored)),
                StepState::Done | StepState::Failed | StepState::Skipped => {}
            }
        }
        let taken_back = !undo.is_empty() && undo.iter().all(|step| step.stored.state == StepState::Done);
        Ok(if !broken {
            End::Applied
        } else if any_done && !taken_back {
            End::Partly
        } else {
            End::Nothing
        })
    }
}

/// Whether Atlas created the key, but its private key was lost with the answer: nothing further is worth doing for it.
fn secret_lost(step: &StoredStep) -> bool {
    step.result.as_ref().and_then(|result| result.get("secret")).and_then(|secret| secret.as_str()) == Some("lost")
}

fn skip<'a>(steps: &[Step<'a>], when: bool, why: &'static str) -> Result<(), Next<'a>> {
    let waiting: Vec<_> =
        steps.iter().map(|step| step.stored).filter(|step| step.state == StepState::Waiting).collect();
    if when && !waiting.is_empty() { Err(Next::Skip(waiting, why)) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use domain::{ids::RequestNumber, plan::ChangeKind};
    use serde_json::json;

    use super::*;
    use crate::store::StepKey;

    fn call(kind: CallKind) -> PlannedCall {
        PlannedCall {
            kind,
            sentence: String::new(),
            method: "POST".into(),
            path: String::new(),
            version: "2023-01-01".into(),
            body: None,
            undo: String::new(),
            irreversible: false,
            cli: String::new(),
        }
    }

    fn plan(with_undo: bool) -> Plan {
        Plan {
            kind: ChangeKind::CreateApiKey,
            sentence: String::new(),
            warnings: vec![],
            targets: vec![Target {
                org: "5f1a2b3c4d5e6f7081920a1b".parse().unwrap(),
                org_name: String::new(),
                key: None,
                observed: vec![],
                changes: vec![],
                calls: vec![
                    call(CallKind::CreateApiKey),
                    call(CallKind::AddAccessListEntries),
                    call(CallKind::AddKeyToProject),
                ],
                on_failure: if with_undo { vec![call(CallKind::DeleteApiKey)] } else { vec![] },
            }],
        }
    }

    fn steps(plan: &Plan, states: &[StepState]) -> Vec<StoredStep> {
        let calls = plan.targets[0].calls.len();
        (0_u32..)
            .zip(states)
            .map(|(position, state)| StoredStep {
                key: StepKey { number: RequestNumber(1), target: 0, position },
                is_undo: position as usize >= calls,
                state: *state,
                attempts: 0,
                before: None,
                sent_at: None,
                done_at: None,
                status: None,
                result: (position == 0 && *state == StepState::Done).then(|| json!({"key": "k", "secret": "sealed"})),
                note: None,
            })
            .collect()
    }

    fn next(with_undo: bool, states: &[StepState]) -> String {
        let plan = plan(with_undo);
        let steps = steps(&plan, states);
        match Course::new(&plan, &steps).next() {
            Next::Send(step) => format!("send {}", step.stored.key.position),
            Next::LookUp(step) => format!("look up {}", step.key.position),
            Next::Skip(steps, _) => format!("skip {:?}", steps.iter().map(|s| s.key.position).collect::<Vec<_>>()),
            Next::Finish(state) => state.as_str().to_owned(),
        }
    }

    use StepState::{Done, Failed, Sent, Skipped, Unknown, Waiting};

    #[test]
    fn calls_follow_one_another() {
        assert_eq!(next(false, &[Waiting, Waiting, Waiting]), "send 0");
        assert_eq!(next(false, &[Done, Waiting, Waiting]), "send 1");
        assert_eq!(next(false, &[Done, Done, Done]), "applied");
    }

    #[test]
    fn a_lost_answer_is_looked_up_before_anything_else() {
        assert_eq!(next(false, &[Sent, Waiting, Waiting]), "look up 0");
        assert_eq!(next(false, &[Done, Unknown, Waiting]), "look up 1");
    }

    #[test]
    fn a_failure_stops_its_target() {
        assert_eq!(next(false, &[Failed, Waiting, Waiting]), "skip [1, 2]");
        assert_eq!(next(false, &[Failed, Skipped, Skipped]), "failed");
        assert_eq!(next(false, &[Done, Failed, Skipped]), "partly_applied");
    }

    #[test]
    fn what_was_made_is_taken_back_when_the_plan_says_so() {
        assert_eq!(next(true, &[Done, Failed, Skipped, Waiting]), "send 3");
        assert_eq!(next(true, &[Done, Failed, Skipped, Done]), "failed");
        assert_eq!(next(true, &[Done, Failed, Skipped, Failed]), "partly_applied");
        assert_eq!(next(true, &[Failed, Skipped, Skipped, Waiting]), "skip [3]");
        assert_eq!(next(true, &[Done, Done, Done, Waiting]), "skip [3]");
        assert_eq!(next(true, &[Done, Done, Done, Skipped]), "applied");
    }

    #[test]
    fn a_key_whose_private_key_was_lost_gets_nothing_more() {
        let plan = plan(false);
        let mut steps = steps(&plan, &[Done, Waiting, Waiting]);
        steps[0].result = Some(json!({"key": "k", "secret": "lost"}));
        assert!(matches!(Course::new(&plan, &steps).next(), Next::Skip(skipped, _) if skipped.len() == 2));
    }
}
