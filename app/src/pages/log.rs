//! The log: who did what, when and with what result, newest first.

mod filters;
mod proof;

use domain::ids::RequestNumber;
use jiff::Timestamp;
use leptos::prelude::*;

use self::{filters::filters_view, proof::proof_view};
use super::{
    failed::{Failed, way_on},
    frame::{Console, now, query},
};
use crate::{
    api::log::{LogOutcome, LogPage as Page, LogQuery, LogRow, list_log},
    components::{
        Chip, DataTable, EmptyState, Fold, LinkButton, PageHeader, PageLinks, Pagination, Skeleton, Tone, thousands,
    },
    icons::IconName,
    layout::Section,
    paths,
};

/// How many rows the service puts on a page.
const ROWS: u64 = 50;

/// The entries that the filters in the address select.
#[component]
pub fn LogPage() -> impl IntoView {
    let asked = LogQuery::read(query);
    let listing = Resource::new(|| (), {
        let asked = asked.clone();
        move |()| list_log(asked.clone())
    });
    view! {
        <Console title="Log" current=Section::Log>
            <Suspense fallback=|| view! { <Skeleton/> }>
                {Suspend::new(async move {
                    match listing.await {
                        Ok(page) => page_view(page, &asked),
                        Err(error) => view! {
                            <PageHeader title="Log"/>
                            <Failed error=error.clone() what="see the log" title="The log could not be shown">
                                {way_on(&error, paths::LOG)}
                            </Failed>
                        }
                        .into_any(),
                    }
                })}
            </Suspense>
        </Console>
    }
}

fn page_view(page: Page, asked: &LogQuery) -> AnyView {
    let lead = format!(
        "{} entries. Each carries the hash of the one before it, so a change anywhere shows.",
        thousands(page.total.into())
    );
    let filters = filters_view(asked.clone(), page.choices.clone());
    let proof = proof_view(&page);
    let table = if page.rows.is_empty() { empty_view(&page) } else { table_view(page, asked) };
    view! {
        <PageHeader title="Log" lead/>
        {filters}
        <div class="stack">
            {table}
            {proof}
        </div>
    }
    .into_any()
}

fn empty_view(page: &Page) -> AnyView {
    let inner = if page.total == 0 {
        view! {
            <EmptyState title="Nothing has happened yet" body="Sign-ins, connections, requests and every call to Atlas will stand here." icon=IconName::Log/>
        }
        .into_any()
    } else {
        view! {
            <EmptyState title="No entry matches" body="Nothing in the log fits all of these filters. Take some away." icon=IconName::Find>
                <LinkButton href=paths::LOG>"Clear filters"</LinkButton>
            </EmptyState>
        }
        .into_any()
    };
    view! { <section class="card">{inner}</section> }.into_any()
}

fn table_view(page: Page, asked: &LogQuery) -> AnyView {
    let first = (u64::from(page.page.max(1)) - 1) * ROWS + 1;
    let last = first - 1 + page.rows.len() as u64;
    let to = |number: u32| LogQuery { page: number, ..asked.clone() }.address();
    let links = PageLinks {
        previous: (page.page > 1).then(|| to(page.page - 1)),
        next: (page.page < page.pages).then(|| to(page.page + 1)),
    };
    let foot = view! { <Pagination first last total=u64::from(page.matching) links/> }.into_any();
    let now = now();
    let rows = page.rows.into_iter().map(|row| row_view(row, now)).collect_view();
    view! {
        <DataTable caption="Log entries, newest first" foot>
            <thead>
                <tr>
                    <th scope="col">"When"</th>
                    <th scope="col">"Who"</th>
                    <th scope="col">"What happened"</th>
                    <th scope="col">"Organization"</th>
                    <th scope="col" class="num">"Entry"</th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </DataTable>
    }
    .into_any()
}

fn row_view(row: LogRow, now: Timestamp) -> impl IntoView {
    let sentence = sentence_view(row.sentence, row.request);
    let prefix: String = row.hash.chars().take(8).collect();
    view! {
        <tr id=format!("e{}", row.seq)>
            <td class="when"><EntryTime at=row.at now/></td>
            <td data-label="Who">
                <div>
                    {actor_view(row.actor)}
                    {row.address.map(|address| view! { <span class="sub mono">{address}</span> })}
                </div>
            </td>
            <td data-label="What happened">
                <div>
                    {sentence}
                    {outcome_chip(row.outcome)}
                    {details_view(row.details, row.action, row.hash.clone())}
                </div>
            </td>
            <td data-label="Organization">{row.org_name}</td>
            <td data-label="Entry" class="num">
                <div>
                    <a class="name" href=format!("#e{}", row.seq)>{thousands(row.seq.unsigned_abs())}</a>
                    <span class="sub mono nowrap" title=row.hash>{prefix}</span>
                </div>
            </td>
        </tr>
    }
}

/// The time of an entry: the exact one first, since that is what one compares with other logs.
#[component]
fn EntryTime(at: Timestamp, now: Timestamp) -> impl IntoView {
    use crate::components::{ExactTime, RelativeTime};

    view! {
        <ExactTime at/>
        <span class="sub"><RelativeTime at now/></span>
    }
}

/// Who did it; the words that stand for nobody in particular say on hover what they mean.
fn actor_view(actor: String) -> AnyView {
    let meaning = match actor.as_str() {
        "system" => "Meridian by itself",
        "console" => "Somebody at the command line of the server",
        "stranger" => "Somebody who was not signed in",
        _ => return view! { <span class="strong">{actor}</span> }.into_any(),
    };
    view! { <span class="muted" title=meaning>{actor}</span> }.into_any()
}

/// The sentence, with the request's number in it as a link.
fn sentence_view(sentence: String, request: Option<RequestNumber>) -> AnyView {
    let Some(number) = request else { return view! { <span>{sentence}</span> }.into_any() };
    let words = number.to_string();
    let link = view! { <a class="nowrap" href=paths::request(number)>{words.clone()}</a> };
    match sentence.split_once(&words) {
        Some((before, after)) => {
            let (before, after) = (before.to_owned(), after.to_owned());
            view! { <span>{before}{link}{after}</span> }.into_any()
        }
        None => view! { <span>{sentence}" "{link}</span> }.into_any(),
    }
}

fn outcome_chip(outcome: LogOutcome) -> Option<AnyView> {
    let (tone, word) = match outcome {
        LogOutcome::Done => return None,
        LogOutcome::Refused => (Tone::Warn, "refused"),
        LogOutcome::Failed => (Tone::Bad, "failed"),
        LogOutcome::Unknown => (Tone::Wait, "outcome not known"),
    };
    Some(view! { " "<Chip tone>{word}</Chip> }.into_any())
}

/// What else the entry says, folded away; without script the hash can be selected with one click.
fn details_view(details: Vec<(String, String)>, action: String, hash: String) -> impl IntoView {
    let facts = details.into_iter().map(|(name, value)| view! { <dt>{name}</dt><dd>{value}</dd> }).collect_view();
    view! {
        <Fold label="Details">
            <dl class="facts">
                {facts}
                <dt>"Action"</dt>
                <dd><code>{action}</code></dd>
                <dt>"Hash"</dt>
                <dd><code class="whole">{hash}</code></dd>
            </dl>
        </Fold>
    }
}
