//! What happened to a key: in Atlas, and through requests here.

use jiff::Timestamp;
use leptos::prelude::*;

use crate::{
    api::requests::{TimelineItem, TimelineKind},
    components::{Card, Timeline, TimelineEvent, Tone},
    icons::IconName,
    paths,
};

/// The card with the history, newest first.
pub(super) fn history_card(items: Vec<TimelineItem>, now: Timestamp) -> AnyView {
    if items.is_empty() {
        return view! {
            <Card title="History">
                <p class="muted">"No request here was about this key. What was done to it in Atlas itself stands in Atlas’s activity feed."</p>
            </Card>
        }
        .into_any();
    }
    let events = items.into_iter().map(|item| event(item, now)).collect::<Vec<_>>();
    view! { <Card title="History"><Timeline>{events}</Timeline></Card> }.into_any()
}

fn event(item: TimelineItem, now: Timestamp) -> AnyView {
    let (icon, tone) = match item.kind {
        TimelineKind::Submitted => (IconName::Plus, Tone::Neutral),
        TimelineKind::Policy => (IconName::Shield, Tone::Neutral),
        TimelineKind::Approved => (IconName::Check, Tone::Ok),
        TimelineKind::Refused => (IconName::Cross, Tone::Bad),
        TimelineKind::Checked => (IconName::Refresh, Tone::Neutral),
        TimelineKind::Call => (IconName::Terminal, Tone::Neutral),
        TimelineKind::Finished => (IconName::Check, Tone::Ok),
        TimelineKind::Secret => (IconName::Lock, Tone::Wait),
        TimelineKind::Created => (IconName::Key, Tone::Info),
    };
    let who = item.who.map(|who| view! { <b>{who}</b>" " });
    let request = item.request.map(|number| {
        view! { " "<a href=paths::request(number)>{number.to_string()}</a> }
    });
    let (what, at, quote) = (item.what, item.at, item.quote);
    view! {
        <TimelineEvent icon tone at now quote>{who}{what}{request}</TimelineEvent>
    }
    .into_any()
}
