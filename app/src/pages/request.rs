//! One change request: what it will do, why, who decides, what happened, and what to do next.

mod aside;
mod execution;
mod outcome;
pub(super) mod plan;
mod verdict;

use domain::{
    approval::Verdict,
    ids::RequestNumber,
    plan::Severity,
    request::{RequestState, StepState},
};
use jiff::Timestamp;
use leptos::prelude::*;

use super::{
    failed::{FailedPage, RefusedAct},
    frame::{Console, last_attempt, now, segment},
};
use crate::{
    api::{
        attempts::AttemptView,
        requests::{RequestView, TimelineItem, TimelineKind, get_request},
    },
    components::{
        ButtonKind, Card, Chip, Confirm, Crumb, HeadLead, HeadStatus, Hidden, PageHeader, PostButton, RelativeTime,
        Skeleton, Timeline, TimelineEvent, Tone,
    },
    error::ApiError,
    icons::IconName,
    islands::LiveRefresh,
    layout::Section,
    paths,
};

/// The page of one request.
#[component]
pub fn RequestPage() -> impl IntoView {
    let number = segment("number");
    let title = number.parse::<RequestNumber>().map_or_else(|_| "Request".to_owned(), |number| number.to_string());
    let loading = Resource::new(
        || (),
        move |()| {
            let number = number.parse();
            async move { get_request(number.map_err(|_| ApiError::NotFound)?).await }
        },
    );
    let attempt = last_attempt();
    view! {
        <Console title current=Section::Requests>
            <Suspense fallback=|| view! { <Skeleton/> }>
                {move || Suspend::new(async move {
                    let attempt = attempt.await.unwrap_or_default();
                    match loading.await {
                        Ok(view) => request_view(view, attempt),
                        Err(error) => failed_view(error),
                    }
                })}
            </Suspense>
        </Console>
    }
}

fn failed_view(error: ApiError) -> AnyView {
    view! { <FailedPage page="Request" error crumbs=vec![Crumb::link("Requests", paths::REQUESTS)] what="see this request" title="This request could not be shown" href=paths::REQUESTS>"All requests"</FailedPage> }
    .into_any()
}

/// A request's state as a chip: a word, a colour, an icon. Violet is for what waits or is not known.
pub(super) fn state_chip(state: RequestState) -> AnyView {
    let (tone, icon) = match state {
        RequestState::Pending => (Tone::Wait, IconName::Clock),
        RequestState::Approved => (Tone::Info, IconName::Check),
        RequestState::Executing => (Tone::Info, IconName::Play),
        RequestState::Applied => (Tone::Ok, IconName::Check),
        RequestState::PartlyApplied => (Tone::Warn, IconName::Warning),
        RequestState::Failed => (Tone::Bad, IconName::Stop),
        RequestState::Unknown => (Tone::Wait, IconName::Question),
        RequestState::Denied => (Tone::Bad, IconName::Cross),
        RequestState::Withdrawn => (Tone::Neutral, IconName::Undo),
        RequestState::Expired => (Tone::Neutral, IconName::Clock),
        RequestState::Stale => (Tone::Warn, IconName::Refresh),
    };
    view! { <Chip tone icon>{state.label()}</Chip> }.into_any()
}

fn request_view(view: RequestView, attempt: AttemptView) -> AnyView {
    let now = now();
    let open = !view.state.is_final();
    let execution = execution::is_shown(&view).then(|| execution::card(&view, now));
    view! {
        {head(&view, now)}
        <RefusedAct problem=attempt.problem.clone()/>
        {outcome::notes(&view, now)}
        <div class="two">
            <div class="stack">
                {why(&view)}
                {plan::warning_notes(loud(&view))}
                {plan::plan_card(&view.plan, if open { "What will change" } else { "What was asked for" })}
                {execution}
                {conversation(&view, now)}
                {verdict::bar(&view, &attempt)}
            </div>
            <div class="stack">
                {aside::approvals(&view, now)}
                {aside::checks(&view, now)}
                {aside::details(&view)}
            </div>
        </div>
    }
    .into_any()
}

/// Warnings that need a sentence; the others are told well enough by the difference.
fn loud(view: &RequestView) -> Vec<domain::plan::Warning> {
    view.plan.warnings.iter().filter(|warning| warning.severity > Severity::Notice).cloned().collect()
}

fn head(view: &RequestView, now: Timestamp) -> AnyView {
    let number = view.number.to_string();
    let crumbs = vec![Crumb::link("Requests", paths::REQUESTS), Crumb::here(number.clone())];
    let document_title = format!("{number} · {}", view.plan.sentence);
    let state = if view.state == RequestState::Pending && view.obstacle.is_none() {
        view! { <Chip tone=Tone::Wait icon=IconName::Clock>"Needs your verdict"</Chip> }.into_any()
    } else {
        state_chip(view.state)
    };
    let risks = view
        .plan
        .warnings
        .iter()
        .filter(|warning| warning.severity > Severity::Notice)
        .map(|warning| {
            let (tone, label) = (plan::severity_tone(warning.severity), warning.label.clone());
            view! { <Chip tone>{label}</Chip> }
        })
        .collect_view();
    let expires_at = view.expires_at;
    let expires = matches!(view.state, RequestState::Pending | RequestState::Approved)
        .then(|| view! { <span class="faint">"expires "<RelativeTime at=expires_at now/></span> });
    let live = matches!(view.state, RequestState::Approved | RequestState::Executing | RequestState::Unknown)
        .then(|| view! { <LiveRefresh version=version(view)/> });
    let who = if view.is_mine { "You".to_owned() } else { view.requester.clone() };
    let submitted_at = view.submitted_at;
    let ticket = (!view.ticket.is_empty()).then(|| view! { " · ticket "{ticket(&view.ticket)} });
    let check = matches!(view.state, RequestState::Pending | RequestState::Approved).then(|| {
        let fields = vec![("number".to_owned(), number.clone())];
        view! { <PostButton action="/api/requests/check" fields icon=IconName::Refresh>"Check now"</PostButton> }
    });
    let withdraw = view.can_withdraw.then(|| withdraw(&number));
    view! {
        <PageHeader title=view.plan.sentence.clone() document_title crumbs>
            <HeadStatus slot>{state}{risks}{expires}{live}</HeadStatus>
            <HeadLead slot>{who}" asked "<RelativeTime at=submitted_at now/>{ticket}</HeadLead>
            {withdraw}
            {check}
        </PageHeader>
    }
    .into_any()
}

/// A ticket as a link when it is an address; anything else could be a script.
fn ticket(ticket: &str) -> AnyView {
    let ticket = ticket.to_owned();
    if ticket.starts_with("https://") || ticket.starts_with("http://") {
        let href = ticket.clone();
        view! { <a href=href rel="noreferrer">{ticket}</a> }.into_any()
    } else {
        view! { <span>{ticket}</span> }.into_any()
    }
}

fn withdraw(number: &str) -> AnyView {
    let number = number.to_owned();
    view! {
        <Confirm label="Take back" title="Take this request back?" kind=ButtonKind::Plain icon=IconName::Undo>
            <p>"Nobody can approve it any more, and nothing is sent to Atlas. It stays here to be read."</p>
            <form method="post" action="/api/requests/withdraw">
                <Hidden name="number" value=number/>
                <button type="submit" class="btn danger sure">"Take it back"</button>
            </form>
        </Confirm>
    }
    .into_any()
}

/// Differs whenever the page would look different while the request is being executed.
fn version(view: &RequestView) -> String {
    let steps: Vec<&str> = view.steps.iter().map(|step| step.state.as_str()).collect();
    let secret = format!("{:?}", view.secret).chars().take_while(char::is_ascii_alphabetic).collect::<String>();
    format!("{}.{}.{secret}.{}", view.state.as_str(), steps.join("-"), view.timeline.len())
}

fn why(view: &RequestView) -> AnyView {
    let reason = view.reason.clone();
    view! { <Card title="Why"><p class="prose pre-line">{reason}</p></Card> }.into_any()
}

fn conversation(view: &RequestView, now: Timestamp) -> AnyView {
    let events = view.timeline.iter().rev().map(|item| event(item, now)).collect_view();
    view! {
        <Card title="Conversation" subtitle="newest first">
            <Timeline>{events}</Timeline>
        </Card>
    }
    .into_any()
}

fn event(item: &TimelineItem, now: Timestamp) -> AnyView {
    let (icon, tone) = match item.kind {
        TimelineKind::Submitted => (IconName::Inbox, Tone::Neutral),
        TimelineKind::Policy => (IconName::Shield, Tone::Neutral),
        TimelineKind::Approved => (IconName::Check, Tone::Ok),
        TimelineKind::Refused => (IconName::Cross, Tone::Bad),
        TimelineKind::Checked => (IconName::Eye, Tone::Neutral),
        TimelineKind::Call => (IconName::Terminal, Tone::Neutral),
        TimelineKind::Finished => (IconName::Check, Tone::Neutral),
        TimelineKind::Secret => (IconName::Lock, Tone::Neutral),
        TimelineKind::Created => (IconName::Key, Tone::Ok),
    };
    let (who, what) = match &item.who {
        Some(who) => (Some(view! { <b>{who.clone()}</b>" " }), item.what.clone()),
        None => (None, capital(&item.what)),
    };
    view! { <TimelineEvent icon tone at=item.at now quote=item.quote.clone()>{who}{what}</TimelineEvent> }.into_any()
}

fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map(|first| first.to_uppercase().chain(chars).collect()).unwrap_or_default()
}

/// Who said no, and why.
fn denial(view: &RequestView) -> Option<(&str, Option<&str>)> {
    let vote = view.votes.iter().rev().find(|vote| vote.verdict == Verdict::Deny)?;
    Some((&vote.name, vote.reason.as_deref()))
}

/// How many steps came to nothing that is known.
fn has_unknown_step(view: &RequestView) -> bool {
    view.steps.iter().any(|step| step.state == StepState::Unknown)
}
