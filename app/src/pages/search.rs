//! Search over everything: the page, and the piece of it that the palette shows while somebody types.

use leptos::prelude::*;

use super::{
    failed::FailedPage,
    frame::{Console, query},
    words::counted,
};
use crate::{
    api::search::{LONGEST, SearchGroup, SearchHit, SearchKind, SearchResults, search},
    components::{EmptyState, PageHeader, Skeleton},
    icons::{Icon, IconName},
    paths,
};

/// How many of each kind the page shows.
const SHOWN: u32 = 20;

/// Search over everything.
#[component]
pub fn SearchPage() -> impl IntoView {
    let text: String = query("q").unwrap_or_default().trim().chars().take(LONGEST).collect();
    let asked = text.clone();
    let searching = Resource::new(|| (), move |()| search(asked.clone(), SHOWN));
    let title = if text.is_empty() { "Find anything".to_owned() } else { format!("“{text}”") };
    view! {
        <Console title>
            <Suspense fallback=|| view! { <Skeleton/> }>
                {Suspend::new(async move {
                    match searching.await {
                        Ok(results) => search_page(&results),
                        Err(error) => view! { <FailedPage page="Find anything" error what="search" title="Nothing could be looked up" href=paths::SEARCH>"Try again"</FailedPage> }
                        .into_any(),
                    }
                })}
            </Suspense>
        </Console>
    }
}

fn search_page(results: &SearchResults) -> AnyView {
    let lead = if results.text.is_empty() {
        "Organizations, projects, API keys and requests, in all organizations you may see.".to_owned()
    } else {
        summary(results)
    };
    let document_title =
        if results.text.is_empty() { "Find anything".to_owned() } else { format!("Find “{}”", results.text) };
    view! {
        <PageHeader title="Find anything" document_title lead/>
        <form class="filters" method="get" action=paths::SEARCH role="search">
            <label class="filter search">
                <Icon name=IconName::Find/>
                <input
                    type="search"
                    name="q"
                    value=results.text.clone()
                    maxlength=LONGEST.to_string()
                    aria-label="Name, id, public key, address or request"
                    placeholder="Name, id, public key, address or request"
                    autocomplete="off"
                    spellcheck="false"
                />
            </label>
            <button type="submit" class="btn">"Find"</button>
        </form>
        {found(results)}
    }
    .into_any()
}

/// What was found as a sentence.
fn summary(results: &SearchResults) -> String {
    let shown = u32::try_from(results.shown()).unwrap_or(u32::MAX);
    if shown == 0 {
        return format!("Nothing that you may see has “{}” in it.", results.text);
    }
    let more = if results.groups.iter().any(|group| group.more.is_some()) { "The first " } else { "" };
    format!("{more}{} for “{}”.", counted(shown, "result", "results"), results.text)
}

/// The results, for the palette.
#[must_use]
pub fn piece(results: &SearchResults) -> String {
    Owner::new().with(|| {
        let spoken = if results.text.is_empty() { String::new() } else { summary(results) };
        view! { <div data-found=spoken>{found(results)}</div> }.to_html()
    })
}

fn found(results: &SearchResults) -> AnyView {
    if results.groups.is_empty() {
        return view! {
            <EmptyState
                icon=IconName::Find
                title="Nothing found"
                body="Try a shorter piece of a name or a description, a whole id, an address such as 203.0.113.7, or the number of a request such as CR-0412."
            />
        }
        .into_any();
    }
    let groups = results.groups.iter().cloned().map(group).collect::<Vec<_>>();
    view! { <div class="found">{groups}</div> }.into_any()
}

fn group(group: SearchGroup) -> AnyView {
    let icon = icon(group.kind);
    let hits = group.hits.into_iter().map(|hit| hit_view(hit, icon)).collect::<Vec<_>>();
    let more = group.more.map(|href| view! { <p><a href=href>"Show all"</a></p> });
    let note = group.note.map(|note| {
        view! { <p class="muted">{note.text}" "<a href=note.href>{note.link}</a></p> }
    });
    let hits = (!hits.is_empty()).then(|| view! { <ul>{hits}</ul> });
    view! {
        <section aria-label=group.kind.label()>
            <h2>{group.kind.label()}</h2>
            {hits}
            {note}
            {more}
        </section>
    }
    .into_any()
}

fn hit_view(hit: SearchHit, icon: IconName) -> AnyView {
    let id = (!hit.id.is_empty()).then(|| view! { <code>{hit.id}</code> });
    let detail = (!hit.detail.is_empty()).then(|| view! { <span class="muted">{hit.detail}</span> });
    view! {
        <li>
            <a class="hit" href=hit.href>
                <Icon name=icon/>
                <b>{hit.title}</b>
                {detail}
                {id}
            </a>
        </li>
    }
    .into_any()
}

fn icon(kind: SearchKind) -> IconName {
    match kind {
        SearchKind::Request => IconName::Inbox,
        SearchKind::Organization => IconName::Organization,
        SearchKind::Project => IconName::Project,
        SearchKind::ApiKey => IconName::Key,
        SearchKind::AllowedKey => IconName::Globe,
        SearchKind::Person => IconName::Person,
        SearchKind::Page => IconName::ArrowRight,
    }
}
