//! Projects of all organizations, filtered, sorted and paged by the address.

use jiff::Timestamp;
use leptos::prelude::*;

use super::{
    atlas::{AtlasPage, atlas_link},
    failed::{FailedPage, RefusedAct},
    frame::{Console, last_attempt, now, query},
    known::{known, known_count},
    stale::{StaleNotes, TableAge},
    words::counted,
};
use crate::{
    api::{
        attempts::AttemptView,
        inventory::{PAGE_SIZE, ProjectPage, ProjectQuery, ProjectRow, ProjectSort, list_projects},
    },
    components::{
        Age, ButtonKind, DataTable, EmptyState, FilterSearch, FilterSelect, Filters, LinkButton, PageHeader, PageLinks,
        Pagination, SelectOption, Skeleton, Sort, SortHeader, thousands,
    },
    icons::IconName,
    islands::CopyButton,
    layout::Section,
    paths,
};

/// Projects of all organizations.
#[component]
pub fn ProjectsPage() -> impl IntoView {
    let wanted = ProjectQuery::read(query);
    let attempt = last_attempt();
    let asked = wanted.clone();
    let listing = Resource::new(|| (), move |()| list_projects(asked.clone()));
    view! {
        <Console title="Projects" current=Section::Projects>
            <Suspense fallback=|| view! { <Skeleton lines=12/> }>
                {Suspend::new(async move {
                    let attempt = attempt.await.unwrap_or_default();
                    match listing.await {
                        Ok(page) => projects_page(page, &wanted, attempt, now()),
                        Err(error) => view! { <FailedPage page="Projects" error what="see projects" title="The projects could not be shown" href=paths::PROJECTS>"Show all projects"</FailedPage> }
                        .into_any(),
                    }
                })}
            </Suspense>
        </Console>
    }
}

fn is_filtered(wanted: &ProjectQuery) -> bool {
    !wanted.q.is_empty() || wanted.org.is_some()
}

fn projects_page(page: ProjectPage, wanted: &ProjectQuery, attempt: AttemptView, now: Timestamp) -> AnyView {
    let total = counted(page.total, "project", "projects");
    let organizations = counted(page.organizations, "organization", "organizations");
    let lead = match (page.organizations, is_filtered(wanted)) {
        (0, _) => "Every project of every organization you look after, in one table.".to_owned(),
        (_, true) => format!("{} of {total} in {organizations}.", thousands(u64::from(page.matching))),
        (_, false) => format!("{total} in {organizations}."),
    };
    let has_organizations = page.organizations > 0;
    let first_page = ProjectQuery { page: 1, ..wanted.clone() };
    let nothing = (page.matching == 0).then(|| "There is no project to export.".to_owned());
    let no_json = nothing.clone();
    let body = if page.organizations == 0 { no_organizations() } else { listing(page, wanted, now) };
    view! {
        <PageHeader title="Projects" lead>
            {has_organizations.then(|| view! {
                <LinkButton href=first_page.address_at(paths::PROJECTS_CSV) icon=IconName::Download download=true blocked=nothing>
                    "Export CSV"
                </LinkButton>
                <LinkButton href=first_page.address_at(paths::PROJECTS_JSON) icon=IconName::Download download=true blocked=no_json>
                    "JSON"
                </LinkButton>
            })}
        </PageHeader>
        <RefusedAct problem=attempt.problem/>
        {body}
    }
    .into_any()
}

fn no_organizations() -> AnyView {
    view! {
        <EmptyState
            icon=IconName::Organization
            title="No organization is connected yet"
            body="As soon as one is connected, its projects are listed here."
        >
            <LinkButton href=paths::NEW_ORGANIZATION icon=IconName::Plus kind=ButtonKind::Main>
                "Connect an organization"
            </LinkButton>
        </EmptyState>
    }
    .into_any()
}

fn listing(page: ProjectPage, wanted: &ProjectQuery, now: Timestamp) -> AnyView {
    let filters = filters(&page, wanted, now);
    let ProjectPage { rows, matching, total, page: number, pages, stale, refreshing, .. } = page;
    let body = if rows.is_empty() {
        empty(is_filtered(wanted) && total > 0, refreshing)
    } else {
        let first = u64::from(number.saturating_sub(1)) * u64::from(PAGE_SIZE) + 1;
        let last = first + rows.len() as u64 - 1;
        let at = |page: u32| ProjectQuery { page, ..wanted.clone() }.address();
        let links = PageLinks {
            previous: (number > 1).then(|| at(number - 1)),
            next: (number < pages).then(|| at(number + 1)),
        };
        let foot = view! { <Pagination first last total=Some(u64::from(matching)) links/> }.into_any();
        table(rows, wanted, foot, now)
    };
    view! {
        {filters}
        <StaleNotes stale things="its projects" now/>
        {body}
    }
    .into_any()
}

fn filters(page: &ProjectPage, wanted: &ProjectQuery, now: Timestamp) -> AnyView {
    let wanted = wanted.clone();
    let aside = view! {
        <TableAge as_of=page.as_of refreshing=page.refreshing back=wanted.address() now/>
    }
    .into_any();
    let organizations = page.choices.iter().map(|org| SelectOption::new(&org.id, &org.name)).collect::<Vec<_>>();
    let mut keep = Vec::new();
    if wanted.sort != ProjectSort::default() {
        keep.push(("sort".to_owned(), wanted.sort.as_str().to_owned()));
    }
    if wanted.descending {
        keep.push(("dir".to_owned(), "desc".to_owned()));
    }
    let all = ProjectQuery { sort: wanted.sort, descending: wanted.descending, ..ProjectQuery::default() };
    let clear = is_filtered(&wanted).then(|| all.address());
    view! {
        <Filters action=paths::PROJECTS keep clear aside>
            <FilterSearch label="Name or id" name="q" value=wanted.q.clone()/>
            <FilterSelect
                label="Organization"
                name="org"
                value=wanted.org.as_ref().map(ToString::to_string).unwrap_or_default()
                options=organizations
            />
        </Filters>
    }
    .into_any()
}

fn empty(filtered: bool, refreshing: bool) -> AnyView {
    let face = if filtered {
        view! {
            <EmptyState
                icon=IconName::Find
                title="No project fits these filters"
                body="Take a filter away, or look for a shorter piece of the name."
            >
                <LinkButton href=paths::PROJECTS>"Show all projects"</LinkButton>
            </EmptyState>
        }
        .into_any()
    } else if refreshing {
        view! {
            <EmptyState
                icon=IconName::Refresh
                title="The projects are being read"
                body="Atlas is being asked for them at this moment. They appear here as soon as they are there."
            />
        }
        .into_any()
    } else {
        view! {
            <EmptyState
                icon=IconName::Project
                title="No projects yet"
                body="The organizations that could be read have none. A project that is created in Atlas appears here after the next refresh."
            />
        }
        .into_any()
    };
    view! { <div class="card">{face}</div> }.into_any()
}

fn table(rows: Vec<ProjectRow>, wanted: &ProjectQuery, foot: AnyView, now: Timestamp) -> AnyView {
    let header = |label: &'static str, column: ProjectSort, numeric: bool| {
        let (sort, descending) = match (wanted.sort == column, wanted.descending) {
            (false, _) => (Sort::None, false),
            (true, false) => (Sort::Ascending, true),
            (true, true) => (Sort::Descending, false),
        };
        let href = ProjectQuery { sort: column, descending, page: 1, ..wanted.clone() }.address();
        view! { <SortHeader label href sort numeric/> }.into_any()
    };
    let head = view! {
        <tr>
            {header("Project", ProjectSort::Name, false)}
            {header("Organization", ProjectSort::Organization, false)}
            {header("Clusters", ProjectSort::Clusters, true)}
            {header("Keys", ProjectSort::Keys, true)}
            {header("Age", ProjectSort::Created, true)}
        </tr>
    };
    let rows = rows.into_iter().map(|row| project_row(row, now)).collect::<Vec<_>>();
    view! {
        <DataTable caption="Projects" foot>
            <thead>{head}</thead>
            <tbody>{rows}</tbody>
        </DataTable>
    }
    .into_any()
}

fn project_row(project: ProjectRow, now: Timestamp) -> AnyView {
    let id = project.project.to_string();
    let atlas = atlas_link(AtlasPage::Project(&project.project));
    view! {
        <tr>
            <th scope="row">
                <span class="strong">{project.name}</span>
                <span class="sub mono">{id.clone()}<CopyButton value=id compact=true what="id"/>{atlas}</span>
            </th>
            <td data-label="Organization"><a class="quiet" href=paths::organization(&project.org) title=project.org_name.clone()>{project.org_name.clone()}</a></td>
            <td data-label="Clusters" class="num">{known_count(&project.clusters)}</td>
            <td data-label="Keys" class="num">{known_count(&project.keys)}</td>
            <td data-label="Age" class="num">{known(&project.created, |at| view! { <Age at=*at now/> }.into_any())}</td>
        </tr>
    }
    .into_any()
}
