//! One request with all there is to know about it, from its rows.

use app::{
    api::{
        connections::Explanation,
        requests::{
            CheckView, CreatedKey, Drift, RequestRow, RequestView, Risk, SecretState, StepView, TimelineItem,
            TimelineKind, VoteView,
        },
    },
    backend::{Answer, Caller},
};
use domain::{
    approval::{Verdict, VerdictCase, Vote},
    people::{Grants, Permission},
    plan::{CallKind, Change, NEW_KEY, short_digest},
    policy::Requirement,
    request::{RequestState, StepState},
};
use jiff::Timestamp;

use super::Requests;
use crate::store::{RequestLine, StoredRequest, StoredReveal, StoredStep, StoredVerdict, Tally};

/// A line of the list.
pub(super) fn row(line: RequestLine, caller: &Caller, now: Timestamp) -> RequestRow {
    RequestRow {
        number: line.number,
        sentence: line.sentence,
        risks: line.risks.into_iter().map(|risk| Risk { severity: risk.severity, label: risk.label }).collect(),
        requester: line.requester_name,
        is_mine: line.requester == caller.person,
        reason: line.reason.lines().next().unwrap_or_default().chars().take(160).collect(),
        state: line.state.at(now, line.expires_at),
        approvals: line.approvals,
        needed: line.needed,
        submitted_at: line.submitted_at,
        expires_at: line.expires_at,
    }
}

/// The key that a request created, once Atlas has told its id.
pub(super) fn created_key(request: &StoredRequest, steps: &[StoredStep]) -> Option<CreatedKey> {
    steps.iter().find_map(|step| {
        let target = request.plan.targets.get(step.key.target as usize)?;
        let call = target.calls.get(step.key.position as usize)?;
        if call.kind != CallKind::CreateApiKey || step.state != StepState::Done {
            return None;
        }
        let result = step.result.as_ref()?;
        let description = target.changes.iter().find_map(|change| match change {
            Change::KeyAdded { description, .. } => Some(description.clone()),
            _ => None,
        })?;
        Some(CreatedKey {
            org: target.org.clone(),
            key: result["key"].as_str()?.parse().ok()?,
            public_key: result["public_key"].as_str().unwrap_or_default().to_owned(),
            description,
        })
    })
}

impl Requests {
    pub(super) async fn view(&self, caller: &Caller, request: StoredRequest) -> Answer<RequestView> {
        let now = self.clock.now();
        let number = request.number;
        let steps = self.store.steps(number).await?;
        let verdicts = self.store.verdicts(number).await?;
        let reveal = self.store.reveal(number).await?;
        let people = self.store.active_grants().await?;
        let orgs = request.orgs();
        let may_decide = |grants: &Grants| orgs.iter().all(|org| grants.allow(Permission::Decide(org)));
        let votes: Vec<Vote> = verdicts.iter().map(|stored| stored.vote.clone()).collect();
        let state = request.state.at(now, request.expires_at);
        let case =
            VerdictCase { requester: request.requester, state, digest: &request.digest, orgs: &orgs, votes: &votes };

        let tally = Tally::of(&request, &votes, &people);
        let requirement = Requirement { approvals: tally.needed, ..request.requirement.clone() };
        let could_decide = people
            .iter()
            .filter(|(person, _, grants)| *person != request.requester && may_decide(grants))
            .filter(|(person, ..)| !votes.iter().any(|vote| vote.person == *person && vote.digest == request.digest))
            .map(|(_, name, _)| name.to_owned())
            .take(6)
            .collect();
        let mut without_writer = Vec::new();
        if !state.is_final() {
            for target in &request.plan.targets {
                if !self.atlas.has_writer(&target.org).await? {
                    without_writer.push(target.org_name.clone());
                }
            }
        }
        let is_mine = request.requester == caller.person;
        Ok(RequestView {
            number,
            state,
            is_mine,
            approvals: tally.approvals,
            obstacle: case.obstacle(caller.person, &caller.grants, &request.digest),
            can_withdraw: is_mine && state.may_become(RequestState::Withdrawn),
            needs_password: !caller.is_confirmed(now),
            timeline: timeline(&request, &verdicts, &steps, reveal.as_ref(), now),
            votes: verdicts
                .iter()
                .map(|stored| VoteView {
                    name: stored.name.clone(),
                    verdict: stored.vote.verdict,
                    at: stored.vote.at,
                    reason: stored.reason.clone(),
                    fallen: fallen(stored, &request.digest, may_decide(&people.of(stored.vote.person))),
                })
                .collect(),
            could_decide,
            created: created_key(&request, &steps),
            secret: secret(reveal.as_ref(), &steps, now),
            steps: steps.iter().filter_map(|step| step_view(&request, &steps, step)).collect(),
            drift: request
                .drift
                .iter()
                .map(|drift| Drift {
                    org_name: drift.org_name.clone(),
                    label: drift.label.clone(),
                    was: drift.was.clone(),
                    now: drift.now.clone(),
                })
                .collect(),
            checks: request.checks.iter().map(|check| CheckView { ok: check.ok, text: check.text.clone() }).collect(),
            checked_at: request.checked_at,
            requirement,
            without_writer,
            requester: request.requester_name,
            reason: request.reason,
            ticket: request.ticket,
            submitted_at: request.submitted_at,
            expires_at: request.expires_at,
            digest: request.digest,
            plan: request.plan,
        })
    }
}

/// Why a verdict no longer counts.
fn fallen(stored: &StoredVerdict, digest: &str, may_still: bool) -> Option<String> {
    if stored.vote.verdict == Verdict::Deny {
        None
    } else if stored.vote.digest != digest {
        Some("It was given for an earlier plan.".to_owned())
    } else if !may_still {
        Some(format!("{} may no longer decide here.", stored.name))
    } else {
        None
    }
}

fn secret(reveal: Option<&StoredReveal>, steps: &[StoredStep], now: Timestamp) -> SecretState {
    let lost = steps.iter().any(|step| {
        step.result.as_ref().and_then(|result| result["secret"].as_str()) == Some("lost")
            && step.state == StepState::Done
    });
    match reveal {
        None if lost => SecretState::Lost,
        None => SecretState::None,
        Some(reveal) => match (reveal.revealed_at, reveal.destroyed_at) {
            (Some(at), _) => SecretState::Revealed { at },
            (None, Some(at)) => SecretState::Destroyed { at },
            (None, None) if now >= reveal.expires_at => SecretState::Destroyed { at: reveal.expires_at },
            (None, None) => SecretState::Waiting { until: reveal.expires_at },
        },
    }
}

fn step_view(request: &StoredRequest, steps: &[StoredStep], step: &StoredStep) -> Option<StepView> {
    let target = request.plan.targets.get(step.key.target as usize)?;
    let call = target.calls.iter().chain(&target.on_failure).nth(step.key.position as usize)?;
    let created = steps
        .iter()
        .filter(|other| other.key.target == step.key.target)
        .find_map(|other| other.result.as_ref()?["key"].as_str());
    Some(StepView {
        org_name: target.org_name.clone(),
        kind: call.kind,
        sentence: call.sentence.clone(),
        method: call.method.clone(),
        path: created.map_or_else(|| call.path.clone(), |key| call.path.replace(NEW_KEY, key)),
        is_undo: step.is_undo,
        state: step.state,
        sent_at: step.sent_at,
        done_at: step.done_at,
        status: step.status,
        note: step.note.as_ref().map(|note| Explanation { problem: note.problem.clone(), next: note.next.clone() }),
    })
}

fn timeline(
    request: &StoredRequest,
    verdicts: &[StoredVerdict],
    steps: &[StoredStep],
    reveal: Option<&StoredReveal>,
    now: Timestamp,
) -> Vec<TimelineItem> {
    let item = |kind, at, who: Option<&str>, what: String, quote: Option<String>| TimelineItem {
        kind,
        at,
        who: who.map(str::to_owned),
        what,
        quote,
        request: None,
    };
    let plan = short_digest(&request.digest);
    let requester = Some(request.requester_name.as_str());
    let approvals = request.requirement.approvals;
    let mut items = vec![
        item(TimelineKind::Submitted, request.submitted_at, requester, format!("asked for this, plan {plan}"), None),
        item(
            TimelineKind::Policy,
            request.submitted_at,
            None,
            format!(
                "Policy {} applies: {approvals} {}",
                request.requirement.policy,
                if approvals == 1 { "approval" } else { "approvals" }
            ),
            Some(request.requirement.reasons.join(" ")).filter(|reasons| !reasons.is_empty()),
        ),
    ];
    items.extend(verdicts.iter().map(|stored| {
        let plan = short_digest(&stored.vote.digest);
        let (kind, what) = match stored.vote.verdict {
            Verdict::Approve => (TimelineKind::Approved, format!("approved plan {plan}")),
            Verdict::Deny => (TimelineKind::Refused, format!("denied plan {plan}")),
        };
        item(kind, stored.vote.at, Some(&stored.name), what, stored.reason.clone())
    }));
    items.extend(steps.iter().filter_map(|step| {
        let view = step_view(request, steps, step)?;
        let at = step.done_at.filter(|_| step.attempts > 0)?;
        let what = format!("{}: {}", view.sentence, step.state.label().to_lowercase());
        let quote = view.note.map(|note| format!("{} {}", note.problem, note.next).trim().to_owned());
        Some(item(TimelineKind::Call, at, None, what, quote))
    }));
    let state = request.state.at(now, request.expires_at);
    match (state, request.finished_at) {
        (RequestState::Withdrawn, Some(at)) => {
            items.push(item(TimelineKind::Refused, at, requester, "withdrew it".into(), None));
        }
        (RequestState::Expired, at) => {
            items.push(item(TimelineKind::Finished, at.unwrap_or(request.expires_at), None, "Expired".into(), None));
        }
        (RequestState::Denied, _) | (_, None) => {}
        (state, Some(at)) => items.push(item(TimelineKind::Finished, at, None, state.label().into(), None)),
    }
    if let Some(at) = reveal.and_then(|reveal| reveal.revealed_at) {
        items.push(item(TimelineKind::Secret, at, requester, "revealed the private key".into(), None));
    }
    if let Some(at) = reveal.and_then(|reveal| reveal.destroyed_at) {
        items.push(item(TimelineKind::Secret, at, None, "The private key was destroyed unseen".into(), None));
    }
    items.sort_by_key(|item| item.at);
    items
}
