//! What a page shows when it could not be drawn, and when something that was asked for on it was refused.

use leptos::prelude::*;

use super::frame::page_status;
use crate::{
    api::attempts::AttemptView,
    components::{Crumb, ErrorItem, LinkButton, NoAccess, Note, PageHeader, Problem, Tone},
    error::ApiError,
    icons::IconName,
    paths,
};

/// The face of a page that could not be drawn; sets the status of the answer. Children are ways on from here.
#[component]
pub fn Failed(
    /// Why.
    error: ApiError,
    /// What one wanted, after "You may not": "see this key".
    #[prop(into)]
    what: String,
    /// The heading: "This key could not be shown".
    #[prop(into)]
    title: String,
    /// Ways on.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    page_status(&error);
    let ways_on = move || children.map(|children| children());
    match error {
        ApiError::Forbidden { role } => view! {
            <NoAccess what role_needed=role.as_str()>{ways_on()}</NoAccess>
        }
        .into_any(),
        ApiError::NotFound => view! {
            <Problem
                title="There is nothing here"
                icon=IconName::Find
                happened="It does not exist, it was removed, or your roles do not let you see it."
                next="Check the address. If somebody sent you the link, ask them whether you should see it."
            >
                {ways_on()}
            </Problem>
        }
        .into_any(),
        ApiError::SignInRequired => view! {
            <Problem
                title
                icon=IconName::Lock
                happened="Your session has ended."
                next="Sign in again; you come back to where you were going."
            >
                <LinkButton href=paths::SIGN_IN>"Sign in"</LinkButton>
            </Problem>
        }
        .into_any(),
        ApiError::Refused { problem, next } => {
            view! { <Problem title happened=problem next>{ways_on()}</Problem> }.into_any()
        }
        ApiError::Internal { reference } => view! {
            <Problem
                title
                happened="Something went wrong on the server. Nothing was changed."
                next="Reload the page. If it stays like this, give the reference to whoever runs Meridian."
                reference=Some(reference)
            >
                {ways_on()}
            </Problem>
        }
        .into_any(),
        other => view! {
            <Problem title happened=other.to_string() next="Then load the page again.">{ways_on()}</Problem>
        }
        .into_any(),
    }
}

/// The whole page when what it is about could not be read: its heading, why, and a button that leads on.
#[component]
pub fn FailedPage(
    /// The heading of the page: "API keys".
    #[prop(into)]
    page: String,
    /// Why.
    error: ApiError,
    /// What one wanted, after "You may not": "see this key".
    #[prop(into)]
    what: String,
    /// The heading of the failure: "This key could not be shown".
    #[prop(into)]
    title: String,
    /// Where the button leads.
    #[prop(into)]
    href: String,
    /// What stands above the heading.
    #[prop(optional)]
    crumbs: Vec<Crumb>,
    /// The words on the button.
    children: Children,
) -> impl IntoView {
    view! {
        <PageHeader title=page crumbs/>
        <Failed error what title><LinkButton href>{children()}</LinkButton></Failed>
    }
    .into_any()
}

/// The button below a failure: the page `href` again, or the overview when roles are in the way.
#[must_use]
pub fn way_on(error: &ApiError, href: &'static str) -> AnyView {
    match error {
        ApiError::Forbidden { .. } => view! { <LinkButton href=paths::HOME>"Overview"</LinkButton> }.into_any(),
        ApiError::NotFound => view! { <LinkButton href=href>"See what there is"</LinkButton> }.into_any(),
        _ => view! { <LinkButton href=href>"Try again"</LinkButton> }.into_any(),
    }
}

/// Says on a page that what was asked for on it was refused, and why. Draws nothing when nothing was.
#[component]
pub fn RefusedAct(
    /// Why.
    problem: Option<ApiError>,
) -> impl IntoView {
    problem.map(|problem| match problem {
        ApiError::Refused { problem, next } => view! { <Note tone=Tone::Bad title=problem>{next}</Note> }.into_any(),
        other => view! { <Note tone=Tone::Bad title="That did not work.">{other.to_string()}</Note> }.into_any(),
    })
}

/// What is wrong with a form, for the summary at its head.
#[must_use]
pub fn error_items(attempt: &AttemptView) -> Vec<ErrorItem> {
    let whole = attempt.problem.iter().map(|problem| ErrorItem::new("", problem.to_string()));
    let fields = attempt.fields.iter().map(|error| ErrorItem::new(error.field.as_str(), error.message.as_str()));
    whole.chain(fields).collect()
}
