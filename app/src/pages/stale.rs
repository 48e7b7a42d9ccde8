//! What tables over several organizations say about their age: when they were read, and which organizations could not be.

use jiff::Timestamp;
use leptos::prelude::*;

use crate::{
    api::inventory::StaleOrg,
    components::{AsOf, ButtonKind, Fold, Note, PostButton, RelativeTime, Tone},
    icons::IconName,
    islands::LiveRefresh,
    paths,
};

/// How many organizations are named at once; the others are folded away.
const SHOWN: usize = 3;

/// One note for each organization that could not be read, with the way out.
#[component]
pub fn StaleNotes(
    /// The organizations.
    stale: Vec<StaleOrg>,
    /// What is old because of that: "its keys".
    #[prop(into)]
    things: String,
    /// Now, by the clock of the request.
    now: Timestamp,
) -> impl IntoView {
    let mut notes: Vec<AnyView> = stale.into_iter().map(|org| note(org, &things, now)).collect();
    let rest = if notes.len() > SHOWN { notes.split_off(SHOWN) } else { vec![] };
    let more = (!rest.is_empty()).then(|| {
        let label = format!("{} more organizations could not be read", rest.len());
        view! { <Fold label><div class="stack tight">{rest}</div></Fold> }
    });
    view! {
        {notes}
        {more}
    }
}

/// One organization that could not be read.
fn note(org: StaleOrg, things: &str, now: Timestamp) -> AnyView {
    let things = things.to_owned();
    let age = match org.read_at {
        Some(at) => view! { " What you see of "{things}" was read "<RelativeTime at now/>"." }.into_any(),
        None => view! { " Nothing of it has been read so far." }.into_any(),
    };
    view! {
        <Note tone=Tone::Warn title=format!("{} could not be read.", org.name)>
            {org.why.problem}
            {age}
            " "{org.why.next}" "
            <a href=paths::organization(&org.org)>"Repair the connection"</a>
        </Note>
    }
    .into_any()
}

/// How old a table is, with the button that reads every organization again; while that is under way the page keeps itself up to date.
#[component]
pub fn TableAge(
    /// The oldest reading on the page.
    as_of: Option<Timestamp>,
    /// Whether a refresh is under way.
    refreshing: bool,
    /// The address to come back to.
    #[prop(into)]
    back: String,
    /// Now, by the clock of the request.
    now: Timestamp,
) -> impl IntoView {
    if refreshing {
        let version = format!("reading-{}", as_of.map_or(0, Timestamp::as_second));
        return view! {
            <AsOf at=as_of now>"· reading again"<LiveRefresh version/></AsOf>
        }
        .into_any();
    }
    view! {
        <AsOf at=as_of now>
            <PostButton
                action="/api/organizations/refresh-all"
                fields=vec![("back".to_owned(), back)]
                kind=ButtonKind::Plain
                icon=IconName::Refresh
                small=true
            >
                "Refresh"
            </PostButton>
        </AsOf>
    }
    .into_any()
}
