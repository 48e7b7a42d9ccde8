//! The calls of a request on their way: which were sent, what came of them, what nobody knows.

use domain::request::{RequestState, StepState};
use jiff::Timestamp;
use leptos::prelude::*;

use super::plan::counted;
use crate::{
    api::requests::{RequestView, StepView},
    components::{Card, Chip, RelativeTime, Tone},
    icons::IconName,
};

/// Whether there is anything to tell: before the approvals are there, the plan says it all.
pub(super) fn is_shown(view: &RequestView) -> bool {
    !view.steps.is_empty()
        && (matches!(view.state, RequestState::Approved | RequestState::Executing | RequestState::Unknown)
            || view.steps.iter().any(|step| step.state != StepState::Waiting))
}

/// The steps with their states.
pub(super) fn card(view: &RequestView, now: Timestamp) -> AnyView {
    // Calls that take something back are only of interest once one of them was needed.
    let undone = view.steps.iter().any(|step| step.is_undo && !idle(step.state));
    let shown: Vec<&StepView> = view.steps.iter().filter(|step| !step.is_undo || undone).collect();
    let done = shown.iter().filter(|step| step.state == StepState::Done).count();
    let subtitle =
        format!("{done} of {}", counted(u32::try_from(shown.len()).unwrap_or(u32::MAX), "call done", "calls done"),);
    let steps = shown.into_iter().enumerate().map(|(index, one)| step(index + 1, one, now)).collect_view();
    view! {
        <Card title="Execution" subtitle flush=true><ol class="steps-list">{steps}</ol></Card>
    }
    .into_any()
}

const fn idle(state: StepState) -> bool {
    matches!(state, StepState::Waiting | StepState::Skipped)
}

fn chip(state: StepState) -> AnyView {
    let (tone, icon) = match state {
        StepState::Waiting => (Tone::Neutral, IconName::Clock),
        StepState::Sent => (Tone::Info, IconName::Play),
        StepState::Done => (Tone::Ok, IconName::Check),
        StepState::Failed => (Tone::Bad, IconName::Stop),
        StepState::Unknown => (Tone::Wait, IconName::Question),
        StepState::Skipped => (Tone::Neutral, IconName::Minus),
    };
    view! { <Chip tone icon>{state.label()}</Chip> }.into_any()
}

fn step(number: usize, step: &StepView, now: Timestamp) -> AnyView {
    let when = match (step.done_at, step.sent_at) {
        (Some(at), _) => Some(view! { <RelativeTime at now/> }.into_any()),
        (None, Some(at)) => Some(view! { "sent "<RelativeTime at now/> }.into_any()),
        (None, None) => None,
    };
    let took = step.sent_at.zip(step.done_at).map(|(sent, done)| {
        let milliseconds = (done.as_millisecond() - sent.as_millisecond()).max(0);
        if milliseconds < 10_000 {
            format!(" · took {milliseconds} ms")
        } else {
            format!(" · took {} s", milliseconds / 1000)
        }
    });
    let status = step.status.map(|status| format!(" · HTTP {status}"));
    let note = step.note.clone().map_or_else(
        || lost(step.state).map(|text| view! { <span class="step-note wait">{text}</span> }.into_any()),
        |note| {
            let class = match step.state {
                StepState::Unknown => "step-note wait",
                StepState::Failed => "step-note bad",
                _ => "step-note",
            };
            Some(view! { <span class=class>{note.problem}" "{note.next}</span> }.into_any())
        },
    );
    view! {
        <li>
            <span class="n">{number}</span>
            <div>
                <div>
                    {step.sentence.clone()}
                    {step.is_undo.then(|| view! { " "<Chip>"takes back"</Chip> })}
                </div>
                <div class="call"><b>{step.method.clone()}</b>" "{step.path.clone()}</div>
                {when.map(|when| view! { <div class="faint small">{when}{took}{status}</div> })}
                {note}
            </div>
            {chip(step.state)}
        </li>
    }
    .into_any()
}

fn lost(state: StepState) -> Option<&'static str> {
    (state == StepState::Unknown).then_some(
        "The answer was lost, so the call may or may not have taken effect. Meridian looks at Atlas before it goes on and never sends it blindly again.",
    )
}
