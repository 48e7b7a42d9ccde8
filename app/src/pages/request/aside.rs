//! What stands beside a request: approvals, checks, details.

use domain::{approval::Verdict, create_key::IfStepFails, plan::short_digest, request::RequestState};
use jiff::Timestamp;
use leptos::prelude::*;

use super::plan::{self, counted, joined};
use crate::{
    api::requests::{RequestView, VoteView},
    components::{Card, CardAside, Chip, DescriptionList, Dot, Fact, RelativeTime, Tone, Vote, Votes, utc_text},
    icons::IconName,
    islands::CopyButton,
    paths,
};

/// A time to the minute, with the second on hover: "4 Dec 2026, 18:00 UTC".
fn minute(at: Timestamp) -> AnyView {
    let words = at.strftime("%-d %b %Y, %H:%M UTC").to_string();
    view! { <time datetime=at.to_string() title=utc_text(at) class="nowrap">{words}</time> }.into_any()
}

/// How many approvals there are of how many it takes, by whom, and who could still give one.
pub(super) fn approvals(view: &RequestView, now: Timestamp) -> AnyView {
    let (have, need) = (view.approvals, view.requirement.approvals);
    let denied = view.votes.iter().any(|vote| vote.verdict == Verdict::Deny);
    let votes = view.votes.iter().map(|one| vote(one, now)).collect_view();
    let missing = if view.state == RequestState::Pending { need.saturating_sub(have) } else { 0 };
    let waiting = (0..missing).map(|index| waiting(view, index == 0)).collect_view();
    let reasons = view.requirement.reasons.iter().map(|reason| view! { <li>{reason.clone()}</li> }).collect_view();
    let policy = format!("Policy “{}”", view.requirement.policy);
    view! {
        <Card title="Approvals">
            <CardAside slot><span class="muted num">{format!("{have} of {need}")}</span></CardAside>
            <Votes have need denied>{votes}{waiting}</Votes>
            <div class="policy">
                <span class="muted">{policy}</span>
                <ul class="bullets">{reasons}</ul>
            </div>
        </Card>
    }
    .into_any()
}

fn vote(vote: &VoteView, now: Timestamp) -> AnyView {
    let at = vote.at;
    let note = match &vote.fallen {
        Some(why) => view! { <RelativeTime at now/>" · counts no more: "{why.clone()} }.into_any(),
        None => view! { <RelativeTime at now/> }.into_any(),
    };
    let chip = match (vote.verdict, &vote.fallen) {
        (Verdict::Approve, None) => view! { <Chip tone=Tone::Ok icon=IconName::Check>"approved"</Chip> }.into_any(),
        (Verdict::Approve, Some(_)) => view! { <Chip icon=IconName::Undo>"fallen away"</Chip> }.into_any(),
        (Verdict::Deny, _) => view! { <Chip tone=Tone::Bad icon=IconName::Cross>"denied"</Chip> }.into_any(),
    };
    view! { <Vote who=vote.name.clone() note>{chip}</Vote> }.into_any()
}

/// A verdict that is still missing; the first one says who could give it.
fn waiting(view: &RequestView, first: bool) -> AnyView {
    let could = match (first, view.could_decide.as_slice()) {
        (false, _) => String::new(),
        (true, []) => "nobody can at the moment: an administrator has to give somebody the role approver".to_owned(),
        (true, names) => joined(names),
    };
    let chip = view! { <Chip tone=Tone::Wait icon=IconName::Clock>"waiting"</Chip> }.into_any();
    let placeholder = if first { "An approver" } else { "Another approver" };
    if could.is_empty() {
        view! { <Vote placeholder>{chip}</Vote> }.into_any()
    } else {
        view! { <Vote placeholder note=could.into_any()>{chip}</Vote> }.into_any()
    }
}

/// Whether Atlas is still as it was when the plan was made.
pub(super) fn checks(view: &RequestView, now: Timestamp) -> AnyView {
    let checks = view
        .checks
        .iter()
        .map(|check| {
            let (tone, word) = if check.ok { (Tone::Ok, "Fine: ") } else { (Tone::Bad, "Not as planned: ") };
            view! {
                <li>
                    <Dot tone/>
                    <span><span class="sr">{word}</span>{check.text.clone()}</span>
                </li>
            }
        })
        .collect_view();
    let at = view.checked_at;
    let when = match at {
        Some(at) => view! { <span class="faint"><RelativeTime at now/></span> }.into_any(),
        None => ().into_any(),
    };
    let body = if view.checks.is_empty() {
        let words =
            if at.is_none() { "Not checked since it was planned." } else { "The last check had nothing to compare." };
        view! { <p class="tone-wait">{words}</p> }.into_any()
    } else {
        view! { <ul class="checks">{checks}</ul> }.into_any()
    };
    view! {
        <Card title="Checks">
            <CardAside slot>{when}</CardAside>
            {body}
        </Card>
    }
    .into_any()
}

/// Targets, the plan's digest, times, the key that came of it.
pub(super) fn details(view: &RequestView) -> AnyView {
    let targets = u32::try_from(view.plan.targets.len()).unwrap_or(u32::MAX);
    let calls = u32::try_from(view.plan.call_count()).unwrap_or(u32::MAX);
    let undo = match plan::final_calls(&view.plan) {
        0 => "possible for every change".to_owned(),
        some => format!("not possible for {some} of {}", counted(calls, "call", "calls")),
    };
    let failing = if view.plan.targets.iter().any(|target| !target.on_failure.is_empty()) {
        IfStepFails::Delete
    } else {
        IfStepFails::Keep
    };
    let failing = match failing {
        IfStepFails::Keep => "stop, keep what is done",
        IfStepFails::Delete => "delete the key again",
    };
    let created = view.created.clone().map(|key| {
        view! {
            <Fact term="Key"><a href=paths::key(&key.org, &key.key)><code>{key.public_key}</code></a></Fact>
        }
    });
    let (submitted_at, expires_at) = (view.submitted_at, view.expires_at);
    let expires = matches!(view.state, RequestState::Pending | RequestState::Approved).then(|| {
        view! { <Fact term="Expires">{minute(expires_at)}</Fact> }
    });
    let (kind, digest) = (view.plan.kind.label(), view.digest.clone());
    let short = short_digest(&digest);
    view! {
        <Card title="Details">
            <DescriptionList narrow=true>
                <Fact term="Kind">{kind}</Fact>
                <Fact term="Targets">{counted(targets, "organization", "organizations")}</Fact>
                {created}
                <Fact term="Asked">{minute(submitted_at)}</Fact>
                {expires}
                <Fact term="If one fails">{failing}</Fact>
                <Fact term="Undo">{undo}</Fact>
                <Fact term="Plan">
                    <span class="ident">
                        <code title=digest.clone()>{short}</code>
                        <CopyButton value=digest compact=true/>
                    </span>
                </Fact>
            </DescriptionList>
        </Card>
    }
    .into_any()
}
