//! Step 3: where the key may be used from.

use domain::access_list::{self, ReadLine, Width, read_range};
use leptos::prelude::*;

use super::parts::{self, step_form};
use crate::{
    api::drafts::DraftView,
    components::{Button, CheckField, Chip, QuestionHead, TextArea, Tone},
    icons::IconName,
};

pub(super) fn question(view: &DraftView) -> AnyView {
    let list = view.draft.access_list.clone();
    let read = access_list::read_lines(&list);
    let list_error = parts::error(&view.errors, "access_list");
    let none_error = parts::error(&view.errors, "no_access_list");
    let none = view.draft.no_access_list;
    let (browser, server) = (view.browser_address.clone(), view.server_address.clone());
    let org = parts::org_name(view);
    let autofocus = view.errors.is_empty();
    let rows = u32::try_from(list.lines().count() + 1).unwrap_or(u32::MAX).clamp(4, 14);
    let fields = view! {
        <QuestionHead title="Where may this key call from?" autofocus>
            {format!(
                "Once a key has an access list, Atlas refuses its calls from any other address. If {org} requires access lists, \
                 a key without an entry cannot call at all.",
            )}
        </QuestionHead>
        <div class="stack tight">
            <TextArea
                label="Addresses and ranges"
                name="access_list"
                value=list
                rows
                mono=true
                hint="One per line, IPv4 or IPv6, with or without a prefix length. A comment may follow after #; it stays in Meridian."
                error=list_error
            />
            <div class="row wrap">
                {add_button("This browser’s address", browser, &read.entries)}
                {add_button("Meridian’s address", server.clone(), &read.entries)}
            </div>
            {server.is_none().then(|| view! {
                <span class="hint small">"From which address Meridian calls Atlas is not known: Atlas has not told yet."</span>
            })}
        </div>
        {understood(&read.entries)}
        <CheckField
            label="This key may be used from anywhere"
            name="no_access_list"
            checked=none
            hint="Tick this to leave the list empty. Anybody who gets hold of the key can then use it, unless its organization requires a list. \
                  After Atlas’s page “Get Started with the Atlas Administration API”."
            error=none_error
        />
    }
    .into_any();
    step_form(view, "/api/drafts/save-access-list", fields)
}

/// A button that adds an address to the list; it names the address before it does.
fn add_button(whose: &'static str, address: Option<String>, entries: &[ReadLine]) -> Option<AnyView> {
    let address = address?;
    let there = read_range(&address).is_ok_and(|(range, _)| entries.iter().any(|line| line.entry.range == range));
    let blocked = there.then(|| "It is on the list already.".to_owned());
    Some(
        view! {
            <Button name="go" value=format!("add:{address}") icon=IconName::Plus formnovalidate=true blocked>
                <span>{whose}" "<code>{address}</code></span>
            </Button>
        }
        .into_any(),
    )
}

/// What the lines mean, as far as they were understood.
fn understood(entries: &[ReadLine]) -> Option<AnyView> {
    let lines = entries.iter().map(understood_line).collect_view();
    (!entries.is_empty()).then(|| {
        view! {
            <section class="ask" aria-labelledby="understood">
                <h3 id="understood">"What was understood"</h3>
                <div class="lines">{lines}</div>
            </section>
        }
        .into_any()
    })
}

fn understood_line(line: &ReadLine) -> AnyView {
    let entry = &line.entry;
    let (tone, words) = match entry.width() {
        Width::Narrow => (Tone::Ok, "new"),
        Width::Wide if entry.range.max_prefix_len() == 32 => (Tone::Warn, "wider than /16: one more approval"),
        Width::Wide => (Tone::Warn, "wider than /48: one more approval"),
        Width::Any => (Tone::Bad, "everybody: one more approval"),
    };
    let about = match &entry.comment {
        Some(comment) => format!("{} · {comment}", entry.width_in_words()),
        None => entry.width_in_words(),
    };
    view! {
        <div>
            <div>
                <code>{entry.range.to_string()}</code>
                {line.note.clone().map(|note| view! { <span class="note-line">{note}</span> })}
            </div>
            <span class="faint">{about}</span>
            <Chip tone>{words}</Chip>
        </div>
    }
    .into_any()
}
