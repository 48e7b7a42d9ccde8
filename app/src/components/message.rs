//! The faces of a page other than the full one, and notes that stand on it.

use super::chip::Tone;
use crate::icons::{Icon, IconName};
use leptos::prelude::*;

/// A note on a page: what is wrong or worth knowing, in words, with the way out as a link inside.
///
/// Bad ones interrupt somebody who listens to the page (`role="alert"`); the others are announced when there is a pause.
#[component]
pub fn Note(
    /// What the colour says.
    #[prop(optional)]
    tone: Tone,
    /// The first sentence, set in bold.
    #[prop(optional, into)]
    title: String,
    /// Another icon than the one of the tone.
    #[prop(optional)]
    icon: Option<IconName>,
    /// It was always there and is not the answer to anything: no live region.
    #[prop(optional)]
    quiet: bool,
    /// The rest.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    let role = match tone {
        _ if quiet => None,
        Tone::Bad => Some("alert"),
        _ => Some("status"),
    };
    view! {
        <div class=format!("note {}", tone.class()) role=role>
            <Icon name=icon.unwrap_or(tone.icon())/>
            <div class="says">
                {(!title.is_empty()).then(|| view! { <b>{title}</b>" " })}
                {children.map(|children| children())}
            </div>
        </div>
    }
    .into_any()
}

/// Nothing here yet: what would be here, and what to do to get it.
#[component]
pub fn EmptyState(
    /// "No API keys yet".
    #[prop(into)]
    title: String,
    /// What to do next.
    #[prop(into)]
    body: String,
    /// What would stand here.
    #[prop(optional)]
    icon: Option<IconName>,
    /// The act that fills it.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    view! {
        <div class="face-page centered">
            <Icon name=icon.unwrap_or(IconName::Inbox)/>
            <h2>{title}</h2>
            <p>{body}</p>
            {children.map(|acts| view! { <div class="acts">{acts()}</div> })}
        </div>
    }
    .into_any()
}

/// It did not work: what happened, what to do next, and the reference under which the server's log has more.
#[component]
pub fn Problem(
    /// "The keys could not be shown".
    #[prop(into)]
    title: String,
    /// What happened, in words.
    #[prop(into)]
    happened: String,
    /// What to do next.
    #[prop(into)]
    next: String,
    /// The reference to quote, if there is one.
    #[prop(optional_no_strip, into)]
    reference: Option<String>,
    /// Another icon.
    #[prop(optional)]
    icon: Option<IconName>,
    /// What can be done from here.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    view! {
        <div class="face-page bad" role="alert">
            <Icon name=icon.unwrap_or(IconName::Warning)/>
            <h2>{title}</h2>
            <p>{happened}</p>
            <p>{next}</p>
            {reference.filter(|text| !text.is_empty()).map(|reference| view! {
                <p class="reference">"Reference for whoever runs Meridian: "<code>{reference}</code></p>
            })}
            {children.map(|acts| view! { <div class="acts">{acts()}</div> })}
        </div>
    }
    .into_any()
}

/// One may not see this: which role it takes, and who can give it.
#[component]
pub fn NoAccess(
    /// What one may not do: "see the log".
    #[prop(into)]
    what: String,
    /// The role it takes: "auditor or administrator".
    #[prop(into)]
    role_needed: String,
    /// Who can give it; empty for "an administrator of Meridian".
    #[prop(optional, into)]
    who_can_grant: String,
    /// Ways on.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    let who = if who_can_grant.is_empty() { "an administrator of Meridian".to_owned() } else { who_can_grant };
    view! {
        <div class="face-page wait">
            <Icon name=IconName::Lock/>
            <h2>{format!("You may not {what}")}</h2>
            <p>"It takes the role "<b>{role_needed}</b>{format!(". Ask {who} for it, and say what you need it for.")}</p>
            {children.map(|acts| view! { <div class="acts">{acts()}</div> })}
        </div>
    }
    .into_any()
}

/// Stands where a table will be while it is being read.
#[component]
pub fn Skeleton(
    /// How many lines.
    #[prop(default = 6)]
    lines: usize,
) -> impl IntoView {
    let lines = (0..lines).map(|_| view! { <i></i> }).collect_view();
    view! {
        <div class="skeleton" role="status">
            <span class="sr">"Loading"</span>
            {lines}
        </div>
    }
    .into_any()
}
