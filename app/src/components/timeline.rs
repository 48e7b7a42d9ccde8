//! What has happened to a request, who has decided, and the bar in which one decides.

use super::{
    chip::{Avatar, Tone},
    time::RelativeTime,
};
use crate::icons::{Icon, IconName};
use jiff::Timestamp;
use leptos::prelude::*;

/// What has happened, in order; holds [`TimelineEvent`]s.
#[component]
pub fn Timeline(
    /// The events.
    children: Children,
) -> impl IntoView {
    view! { <ol class="time">{children()}</ol> }
}

/// One event: who did what, and when.
#[component]
pub fn TimelineEvent(
    /// What kind of event.
    icon: IconName,
    /// How it went.
    #[prop(optional)]
    tone: Tone,
    /// When.
    at: Timestamp,
    /// Now, by the clock of the request.
    now: Timestamp,
    /// A word after the time: "plan 9f3c 41ab".
    #[prop(optional, into)]
    note: String,
    /// What somebody wrote, word for word.
    #[prop(optional_no_strip, into)]
    quote: Option<String>,
    /// Who did what.
    children: Children,
) -> impl IntoView {
    view! {
        <li class=tone.class()>
            <span class="ic"><Icon name=icon/></span>
            <div>
                <div>{children()}</div>
                <div class="when">
                    <RelativeTime at now/>
                    {(!note.is_empty()).then(|| format!(" · {note}"))}
                </div>
                {quote.filter(|text| !text.is_empty()).map(|text| view! { <blockquote class="quote">{text}</blockquote> })}
            </div>
        </li>
    }
    .into_any()
}

/// How many approvals there are of how many it takes; holds [`Vote`]s.
#[component]
pub fn Votes(
    /// Approvals so far.
    have: u32,
    /// Approvals it takes.
    need: u32,
    /// Somebody has denied it.
    #[prop(optional)]
    denied: bool,
    /// Who has decided, and who may.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    let segments = (0..need.max(1))
        .map(|index| {
            let class = match (denied, index < have) {
                (_, true) => "on",
                (true, false) => "no",
                (false, false) => "",
            };
            view! { <i class=class></i> }
        })
        .collect_view();
    view! {
        <div class="votes">
            <div class="seg" role="img" aria-label=format!("{have} of {need} approvals")>
                {segments}
            </div>
            {children.map(|children| children())}
        </div>
    }
    .into_any()
}

/// One decision, or one that is still to come.
#[component]
pub fn Vote(
    /// Who; empty for somebody not yet known.
    #[prop(optional, into)]
    who: String,
    /// What to write for somebody not yet known: "Any approver".
    #[prop(optional, into)]
    placeholder: String,
    /// A line below: their role, when.
    #[prop(optional)]
    note: Option<AnyView>,
    /// The decision, as a chip.
    children: Children,
) -> impl IntoView {
    let (class, words) = if who.is_empty() { ("name muted", placeholder) } else { ("name", who.clone()) };
    view! {
        <div class="vote">
            <Avatar name=who/>
            <div class=class>
                {words}
                {note.map(|note| view! { <small>{note}</small> })}
            </div>
            {children()}
        </div>
    }
    .into_any()
}

/// The bar in which one decides. It stays in reach while the page scrolls.
#[component]
pub fn VerdictBar(
    /// What is decided: "Your verdict on revision 2".
    #[prop(into)]
    title: String,
    /// What one says yes to: "You approve exactly these 7 changes, plan 9f3c 41ab."
    #[prop(into)]
    note: String,
    /// The buttons, the main one last.
    children: Children,
) -> impl IntoView {
    view! {
        <section class="verdict" aria-label=title>
            <div class="says">
                <b>{title.clone()}</b>
                <small>{note}</small>
            </div>
            {children()}
        </section>
    }
    .into_any()
}
