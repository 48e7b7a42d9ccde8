//! All organizations with the health of their connections.

use jiff::Timestamp;
use leptos::prelude::*;

pub mod query;
pub mod table;

use self::{
    query::{OrgQuery, OrgSort, StateFilter},
    table::{OrganizationTable, needs_repair},
};
use super::{
    failed::{Failed, RefusedAct},
    frame::{Console, last_attempt, now, query as parameter},
    stale::TableAge,
    words::{counted, counted_first},
};
use crate::{
    api::{
        attempts::AttemptView,
        connections::{Health, OrganizationRow, list_organizations},
        session::frame,
    },
    components::{
        ButtonKind, EmptyState, FilterSearch, FilterSelect, Filters, Fold, LinkButton, Note, PageHeader, SelectOption,
        Skeleton, Tone,
    },
    icons::IconName,
    layout::Section,
    paths,
};

/// Why somebody without the role cannot connect an organization.
pub const NEEDS_ADMINISTRATOR: &str = "It takes the role administrator for all organizations.";

/// How many broken connections are explained at once; the others are folded away.
const EXPLAINED: usize = 3;

/// All organizations.
#[component]
pub fn OrganizationsPage() -> impl IntoView {
    let wanted = OrgQuery::read(parameter);
    let attempt = last_attempt();
    let imported = parameter("imported").and_then(|count| count.parse().ok()).filter(|count| *count > 0);
    let listing = Resource::new(|| (), |()| list_organizations());
    // Who manages people is an administrator everywhere, and that is what connecting takes.
    let may_connect = Resource::new(|| (), |()| async { frame().await.is_ok_and(|frame| frame.sees_people) });
    view! {
        <Console title="Organizations" current=Section::Organizations>
            <Suspense fallback=|| view! { <Skeleton/> }>
                {Suspend::new(async move {
                    let attempt = attempt.await.unwrap_or_default();
                    let may_connect = may_connect.await;
                    match listing.await {
                        Ok(rows) => organizations_page(rows, &wanted, may_connect, imported, attempt, now()),
                        Err(error) => view! {
                            <PageHeader title="Organizations"/>
                            <Failed error what="see organizations" title="The organizations could not be shown">
                                <LinkButton href=paths::ORGANIZATIONS>"Try again"</LinkButton>
                            </Failed>
                        }
                        .into_any(),
                    }
                })}
            </Suspense>
        </Console>
    }
}

fn organizations_page(
    rows: Vec<OrganizationRow>,
    wanted: &OrgQuery,
    may_connect: bool,
    imported: Option<u32>,
    attempt: AttemptView,
    now: Timestamp,
) -> AnyView {
    let body = if rows.is_empty() { nothing_connected(may_connect) } else { listing(&rows, wanted, now) };
    let connect = (!rows.is_empty()).then(|| {
        view! {
            {import_button(may_connect)}
            {connect_button(may_connect)}
        }
    });
    view! {
        <PageHeader title="Organizations" lead=lead(&rows)>{connect}</PageHeader>
        {imported.map(imported_note)}
        <RefusedAct problem=attempt.problem/>
        {body}
    }
    .into_any()
}

/// Says that an import went well. The number comes from the address, where anybody can write one.
fn imported_note(count: u32) -> AnyView {
    let verb = if count == 1 { "was" } else { "were" };
    let title = format!("{} {verb} added.", counted_first(count, "organization", "organizations"));
    view! { <Note tone=Tone::Ok title>"Meridian reads what is new in the background; the table says how far it is."</Note> }
        .into_any()
}

fn import_button(may_connect: bool) -> Option<AnyView> {
    may_connect.then(|| view! { <LinkButton href=paths::IMPORT_ORGANIZATIONS>"Import several"</LinkButton> }.into_any())
}

fn connect_button(may_connect: bool) -> AnyView {
    let blocked = (!may_connect).then(|| NEEDS_ADMINISTRATOR.to_owned());
    view! {
        <LinkButton href=paths::NEW_ORGANIZATION icon=IconName::Plus kind=ButtonKind::Main blocked>
            "Connect an organization"
        </LinkButton>
    }
    .into_any()
}

/// What stands in the place of the table while no organization is connected.
pub fn nothing_connected(may_connect: bool) -> AnyView {
    let (title, body) = if may_connect {
        (
            "Connect the first organization",
            "All it takes is an API key that may read. Meridian tests it, reads the organization, and shows its projects and keys.",
        )
    } else {
        (
            "No organization to see yet",
            "An administrator of Meridian connects organizations. If that is done, ask for a role in those you need to see.",
        )
    };
    view! {
        <div class="card">
            <EmptyState icon=IconName::Organization title body>
                {connect_button(may_connect)}
                {import_button(may_connect)}
            </EmptyState>
        </div>
    }
    .into_any()
}

/// Counts the connections that are not well, in words.
pub fn troubles(rows: &[OrganizationRow]) -> Vec<String> {
    let count = |is: &dyn Fn(&OrganizationRow) -> bool| {
        u32::try_from(rows.iter().filter(|row| is(row)).count()).unwrap_or(u32::MAX)
    };
    let broken = count(&needs_repair);
    let partial = count(&|row| matches!(row.health, Health::Partial { .. }));
    let unread = count(&|row| matches!(row.health, Health::NotYetRead));
    let mut words = Vec::new();
    if broken > 0 {
        let verb = if broken == 1 { "needs" } else { "need" };
        words.push(format!("{} {verb} repair.", counted_first(broken, "connection", "connections")));
    }
    if partial > 0 {
        let verb = if partial == 1 { "is" } else { "are" };
        words.push(format!("{} {verb} read in part.", counted_first(partial, "organization", "organizations")));
    }
    if unread > 0 {
        let verb = if unread == 1 { "has" } else { "have" };
        words.push(format!("{} {verb} not been read yet.", counted_first(unread, "organization", "organizations")));
    }
    words
}

fn lead(rows: &[OrganizationRow]) -> String {
    if rows.is_empty() {
        return "Every Atlas organization that Meridian looks after, and how its connection is doing.".to_owned();
    }
    let count = u32::try_from(rows.len()).unwrap_or(u32::MAX);
    let total = format!("{} connected.", counted(count, "organization", "organizations"));
    let troubles = troubles(rows);
    if troubles.is_empty() { format!("{total} All are healthy.") } else { format!("{total} {}", troubles.join(" ")) }
}

fn listing(rows: &[OrganizationRow], wanted: &OrgQuery, now: Timestamp) -> AnyView {
    let wanted = wanted.clone();
    let as_of = rows.iter().filter(|row| !needs_repair(row)).filter_map(|row| row.read_at).min();
    let refreshing = rows.iter().any(|row| row.health == Health::Refreshing);
    let aside = view! { <TableAge as_of refreshing back=wanted.address() now/> }.into_any();
    let states =
        StateFilter::ALL.iter().map(|state| SelectOption::new(state.as_str(), state.label())).collect::<Vec<_>>();
    let mut keep = Vec::new();
    if wanted.sort != OrgSort::default() {
        keep.push(("sort".to_owned(), wanted.sort.as_str().to_owned()));
    }
    if wanted.descending {
        keep.push(("dir".to_owned(), "desc".to_owned()));
    }
    let all = OrgQuery { sort: wanted.sort, descending: wanted.descending, ..OrgQuery::default() };
    let clear = wanted.is_filtered().then(|| all.address());
    let shown = wanted.apply(rows);
    let explained = failures(rows);
    let body = if shown.is_empty() {
        view! {
            <div class="card">
                <EmptyState
                    icon=IconName::Find
                    title="No organization fits these filters"
                    body="Take a filter away, or look for a shorter piece of the name."
                >
                    <LinkButton href=paths::ORGANIZATIONS>"Show all organizations"</LinkButton>
                </EmptyState>
            </div>
        }
        .into_any()
    } else {
        view! { <OrganizationTable rows=shown sorted=wanted.clone() now/> }.into_any()
    };
    view! {
        <Filters action=paths::ORGANIZATIONS keep clear aside>
            <FilterSearch label="Name, environment or id" name="q" value=wanted.q.clone()/>
            <FilterSelect
                label="State"
                name="state"
                value=wanted.state.map(StateFilter::as_str).unwrap_or_default()
                options=states
            />
        </Filters>
        {explained}
        {body}
    }
    .into_any()
}

/// What is wrong with each broken connection, in words, with the way out.
pub fn failures(rows: &[OrganizationRow]) -> AnyView {
    let mut notes: Vec<AnyView> = rows
        .iter()
        .filter_map(|row| match &row.health {
            Health::Failed { why, .. } => {
                let (title, problem, next) =
                    (format!("{} could not be read.", row.label), why.problem.clone(), why.next.clone());
                let href = paths::organization(&row.org);
                Some(
                    view! {
                        <Note tone=Tone::Warn title>
                            {problem}" "{next}" "<a href=href>"Repair the connection"</a>
                        </Note>
                    }
                    .into_any(),
                )
            }
            _ => None,
        })
        .collect();
    let rest = if notes.len() > EXPLAINED { notes.split_off(EXPLAINED) } else { vec![] };
    let more = (!rest.is_empty()).then(|| {
        let label = format!("{} more connections need repair", rest.len());
        view! { <Fold label><div class="stack tight">{rest}</div></Fold> }
    });
    view! {
        {notes}
        {more}
    }
    .into_any()
}
