//! The list of change requests: those that need the caller, the caller's own, the open and the finished ones.

use domain::request::RequestState;
use jiff::Timestamp;
use leptos::prelude::*;

use super::{
    failed::FailedPage,
    frame::{Console, now, query},
    request::{plan::severity_tone, state_chip},
};
use crate::{
    api::requests::{RequestPage, RequestQuery, RequestRow, RequestTab, list_requests},
    components::{
        ButtonKind, Chip, DataTable, EmptyState, LinkButton, PageHeader, PageLinks, Pagination, RelativeTime, Skeleton,
        thousands,
    },
    error::ApiError,
    icons::IconName,
    layout::Section,
    paths,
};

/// How many rows the service puts on a page.
const ROWS: u64 = 50;

/// The approvals inbox.
#[component]
pub fn RequestsPage() -> impl IntoView {
    let asked = RequestQuery::read(query);
    let listing = Resource::new(|| (), {
        let asked = asked.clone();
        move |()| list_requests(asked.clone())
    });
    view! {
        <Console title="Requests" current=Section::Requests>
            <Suspense fallback=|| view! { <Skeleton/> }>
                {move || {
                    let asked = asked.clone();
                    Suspend::new(async move {
                        match listing.await {
                            Ok(page) => page_view(page, &asked),
                            Err(error) => failed_view(error),
                        }
                    })
                }}
            </Suspense>
        </Console>
    }
}

fn failed_view(error: ApiError) -> AnyView {
    view! { <FailedPage page="Requests" error what="see requests" title="The requests could not be shown" href=paths::REQUESTS>"Try again"</FailedPage> }
    .into_any()
}

fn count_of(page: &RequestPage, tab: RequestTab) -> u32 {
    let index = RequestTab::ALL.into_iter().position(|other| other == tab).unwrap_or(0);
    page.counts.get(index).copied().unwrap_or(0)
}

fn page_view(page: RequestPage, asked: &RequestQuery) -> AnyView {
    let waiting = count_of(&page, RequestTab::NeedsMe);
    let document_title = if waiting > 0 { format!("({waiting}) Requests") } else { "Requests".to_owned() };
    let lead = match waiting {
        0 => "Every change to Atlas is asked for here and approved by somebody else. Nothing needs you.".to_owned(),
        1 => "Every change to Atlas is asked for here and approved by somebody else. 1 needs you.".to_owned(),
        more => format!("Every change to Atlas is asked for here and approved by somebody else. {more} need you."),
    };
    let blocked =
        (!page.may_request).then(|| "Asking for changes needs the role operator in an organization.".to_owned());
    let tabs = tabs(&page, asked.tab);
    let rows = if page.rows.is_empty() { empty(&page, asked.tab) } else { table(page, asked, now()) };
    view! {
        <PageHeader title="Requests" document_title lead>
            <LinkButton href=paths::NEW_KEY icon=IconName::Plus kind=ButtonKind::Main blocked>"Create API key"</LinkButton>
        </PageHeader>
        {tabs}
        {rows}
    }
    .into_any()
}

fn tabs(page: &RequestPage, current: RequestTab) -> AnyView {
    let tabs = RequestTab::ALL
        .into_iter()
        .map(|tab| {
            let count = count_of(page, tab);
            let marked = (tab == current).then_some("page");
            let class = if tab == RequestTab::NeedsMe && count > 0 { "count" } else { "count quiet" };
            view! {
                <a href=RequestQuery { tab, page: 1 }.address() aria-current=marked>
                    {tab.label()}<span class=class>{thousands(u64::from(count))}</span>
                </a>
            }
        })
        .collect_view();
    view! { <nav class="tabs" aria-label="Views">{tabs}</nav> }.into_any()
}

fn empty(page: &RequestPage, tab: RequestTab) -> AnyView {
    let (icon, title, body) = match tab {
        RequestTab::NeedsMe if !page.may_decide => (
            IconName::Lock,
            "Nothing can need you",
            "Deciding about requests needs the role approver in an organization. Somebody who manages people can give it to you.",
        ),
        RequestTab::NeedsMe => (
            IconName::Check,
            "Nothing needs you",
            "Requests appear here when they wait for a verdict that you may give. Your own never do.",
        ),
        RequestTab::Mine => (
            IconName::Inbox,
            "You have not asked for anything yet",
            "Ask for an API key; somebody else approves it, and it is created in Atlas.",
        ),
        RequestTab::Open => {
            (IconName::Inbox, "No open requests", "Nobody waits for a verdict, and nothing is being sent to Atlas.")
        }
        RequestTab::Done => (
            IconName::Log,
            "No finished requests yet",
            "Requests come here when they are applied, denied, taken back or expired.",
        ),
    };
    let act = (tab == RequestTab::Mine && page.may_request)
        .then(|| view! { <LinkButton href=paths::NEW_KEY icon=IconName::Plus>"Create API key"</LinkButton> });
    let open = count_of(page, RequestTab::Open);
    let look = (tab == RequestTab::NeedsMe && open > 0).then(|| {
        let href = RequestQuery { tab: RequestTab::Open, page: 1 }.address();
        view! { <LinkButton href>{format!("All open requests ({open})")}</LinkButton> }
    });
    view! {
        <section class="card">
            <EmptyState title body icon>{act}{look}</EmptyState>
        </section>
    }
    .into_any()
}

fn table(page: RequestPage, asked: &RequestQuery, now: Timestamp) -> AnyView {
    let at = u64::from(page.page.max(1));
    let first = (at - 1) * ROWS + 1;
    let last = first - 1 + page.rows.len() as u64;
    let to = |number: u32| RequestQuery { tab: asked.tab, page: number }.address();
    let links = PageLinks {
        previous: (page.page > 1).then(|| to(page.page - 1)),
        next: (page.page < page.pages).then(|| to(page.page + 1)),
    };
    let ends = if asked.tab == RequestTab::Done { "Asked" } else { "Time left" };
    let rows = page.rows.into_iter().map(|row| row_view(row, asked.tab, now)).collect_view();
    let foot = view! { <Pagination first last total=u64::from(page.matching) links/> }.into_any();
    view! {
        <DataTable caption=format!("Requests: {}", asked.tab.label()) foot>
            <thead>
                <tr>
                    <th scope="col">"Request"</th>
                    <th scope="col">"Look twice"</th>
                    <th scope="col">"Asked by"</th>
                    <th scope="col">"State"</th>
                    <th scope="col" class="num">"Approvals"</th>
                    <th scope="col" class="num">{ends}</th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </DataTable>
    }
    .into_any()
}

fn row_view(row: RequestRow, tab: RequestTab, now: Timestamp) -> AnyView {
    let risks = row
        .risks
        .into_iter()
        .map(|risk| view! { <Chip tone=severity_tone(risk.severity)>{risk.label}</Chip> })
        .collect_view();
    let when = match row.state {
        RequestState::Pending | RequestState::Approved if tab != RequestTab::Done => {
            view! { <RelativeTime at=row.expires_at now/> }.into_any()
        }
        _ if tab == RequestTab::Done => view! { <RelativeTime at=row.submitted_at now/> }.into_any(),
        _ => ().into_any(),
    };
    let requester = if row.is_mine { "You".to_owned() } else { row.requester };
    view! {
        <tr>
            <th scope="row">
                <a class="name" href=paths::request(row.number)>{row.sentence}</a>
                <span class="sub one-line">{row.number.to_string()}" · "{row.reason}</span>
            </th>
            <td data-label="Look twice"><span class="chips">{risks}</span></td>
            <td data-label="Asked by">
                <div><span class="nowrap">{requester}</span><span class="sub"><RelativeTime at=row.submitted_at now/></span></div>
            </td>
            <td data-label="State">{state_chip(row.state)}</td>
            <td data-label="Approvals" class="num">{format!("{} of {}", row.approvals, row.needed)}</td>
            <td data-label=if tab == RequestTab::Done { "Asked" } else { "Time left" } class="num">{when}</td>
        </tr>
    }
    .into_any()
}
