//! The wizard that creates an API key: where it begins, and the frame around its steps.
//!
//! Each step is a page with an address and a plain form. What was typed lies in the draft on the server, right or wrong, so a step
//! is drawn from the draft alone.

mod access_list;
mod description;
mod expiry;
mod organization;
mod parts;
mod projects;
pub(super) mod review;
mod start;

use domain::create_key::Step;
use leptos::prelude::*;

use super::{
    failed::{FailedPage, RefusedAct},
    frame::{Console, last_attempt, now, query, segment},
};
use crate::{
    api::{
        attempts::AttemptView,
        drafts::{DraftView, ReviewView, get_draft, list_drafts, review_draft},
    },
    components::{
        ButtonKind, Confirm, Crumb, EmptyState, HeadLead, Hidden, LinkButton, Note, PageHeader, PostButton,
        RelativeTime, Skeleton, Steps, Tone,
    },
    error::ApiError,
    icons::IconName,
    layout::Section,
    paths,
};

const TITLE: &str = "Create an API key";
const PROMISE: &str = "Nothing is sent to Atlas until somebody else has approved the request.";

/// A draft at its step, and on the last one the plan that would be submitted.
type Loaded = Result<(DraftView, Option<Result<ReviewView, ApiError>>), ApiError>;

async fn load(draft: String, step: String) -> Loaded {
    let (Ok(draft), Ok(step)) = (draft.parse(), step.parse()) else { return Err(ApiError::NotFound) };
    let view = get_draft(draft, step).await?;
    let review = if step == Step::Review && view.unfinished.is_none() { Some(review_draft(draft).await) } else { None };
    Ok((view, review))
}

/// The start of the wizard: what it will ask, the button that begins it, and the caller's drafts.
#[component]
pub fn NewKeyPage() -> impl IntoView {
    let org = query("org").unwrap_or_default();
    let listing = Resource::new(|| (), |()| list_drafts());
    let attempt = last_attempt();
    view! {
        <Console title=TITLE current=Section::ApiKeys>
            <Suspense fallback=|| view! { <Skeleton/> }>
                {move || {
                    let org = org.clone();
                    Suspend::new(async move {
                        let problem = attempt.await.unwrap_or_default().problem;
                        start::begin_view(listing.await, problem, org)
                    })
                }}
            </Suspense>
        </Console>
    }
}

/// One step of the wizard.
#[component]
pub fn NewKeyStepPage() -> impl IntoView {
    let (draft, step) = (segment("draft"), segment("step"));
    let loading = Resource::new(|| (), move |()| load(draft.clone(), step.clone()));
    let attempt = last_attempt();
    view! {
        <Console title=TITLE current=Section::ApiKeys>
            <Suspense fallback=|| view! { <Skeleton/> }>
                {move || Suspend::new(async move {
                    let attempt = attempt.await.unwrap_or_default();
                    match loading.await {
                        Ok((mut view, review)) => {
                            // A refused submission says what is wrong in the attempt, a refused step in the draft.
                            view.errors.extend(attempt.fields.clone());
                            view.errors.dedup();
                            step_view(view, review, attempt)
                        }
                        Err(ApiError::NotFound) => gone(),
                        Err(error) => view! { <FailedPage page=TITLE error crumbs=crumbs() what="ask for API keys" title="This draft could not be shown" href=paths::NEW_KEY>"My drafts"</FailedPage> }
                        .into_any(),
                    }
                })}
            </Suspense>
        </Console>
    }
}

fn crumbs() -> Vec<Crumb> {
    vec![Crumb::link("API keys", paths::KEYS), Crumb::here("Create")]
}

/// A draft that expired, was thrown away, became a request, or never was.
fn gone() -> AnyView {
    super::frame::page_status(&ApiError::NotFound);
    view! {
        <PageHeader title=TITLE crumbs=crumbs()/>
        <EmptyState
            title="This draft is gone"
            icon=IconName::Clock
            body="It was submitted, thrown away, or kept for its 14 days. A submitted draft lives on as a request; otherwise start again."
        >
            <PostButton action="/api/drafts/start" kind=ButtonKind::Main icon=IconName::Plus>"Start again"</PostButton>
            <LinkButton href=paths::REQUESTS.to_owned() + "?tab=mine">"My requests"</LinkButton>
        </EmptyState>
    }
    .into_any()
}

fn step_view(view: DraftView, review: Option<Result<ReviewView, ApiError>>, attempt: AttemptView) -> AnyView {
    let now = now();
    let (draft, saved_at) = (view.id, view.saved_at);
    let steps = parts::steps(&view);
    let document_title = format!("{} · {TITLE}", view.step.label());
    let question = match (view.unfinished, view.step) {
        (Some(first), step) => out_of_order(&view, first, step),
        (None, Step::Organization) => organization::question(&view),
        (None, Step::Description) => description::question(&view),
        (None, Step::AccessList) => access_list::question(&view),
        (None, Step::Projects) => projects::question(&view, &attempt, now),
        (None, Step::Expiry) => expiry::question(&view),
        (None, Step::Review) => review::question(&view, review, now),
    };
    view! {
        <PageHeader title=TITLE document_title crumbs=crumbs()>
            <HeadLead slot>{PROMISE}" Draft saved "<RelativeTime at=saved_at now/>"."</HeadLead>
            <Confirm label="Discard draft" title="Discard this draft?" kind=ButtonKind::Plain>
                <p>"Its answers are thrown away. Nothing was sent to Atlas, and nobody was asked yet."</p>
                <form method="post" action="/api/drafts/discard">
                    <Hidden name="draft" value=draft.to_string()/>
                    <button type="submit" class="btn danger sure">"Discard it"</button>
                </form>
            </Confirm>
        </PageHeader>
        <RefusedAct problem=attempt.problem/>
        <div class="wiz">
            <Steps steps/>
            <div class="question">{question}</div>
        </div>
    }
    .into_any()
}

/// Somebody came to a step by its address before an earlier one was in order.
fn out_of_order(view: &DraftView, first: Step, wanted: Step) -> AnyView {
    view! {
        <Note tone=Tone::Warn title=format!("First comes “{}”.", first.label())>
            {format!(
                "“{}” depends on it, and it has not been answered yet or is no longer right. What you answered so far is kept.",
                wanted.label(),
            )}
        </Note>
        <div>
            <LinkButton href=paths::new_key_step(view.id, first) kind=ButtonKind::Main>
                {format!("Go to “{}”", first.label())}
            </LinkButton>
        </div>
    }
    .into_any()
}
