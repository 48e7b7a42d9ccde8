//! Overview: what waits for the viewer, and how the organizations are doing.

use domain::Known;
use jiff::Timestamp;
use leptos::prelude::*;

use super::{
    failed::{Failed, RefusedAct},
    frame::{Console, last_attempt, now, query},
    keys::NEEDS_OPERATOR,
    organizations::{
        failures, nothing_connected,
        query::{OrgQuery, OrgSort, StateFilter},
        table::{OrganizationTable, needs_repair},
        troubles,
    },
    words::{counted, counted_first, listed},
};
use crate::{
    api::{
        connections::{OrganizationRow, list_organizations},
        requests::{RequestPage, RequestQuery, RequestRow, list_requests},
        session::{FrameView, frame},
    },
    components::{
        ButtonKind, Chip, DataTable, EmptyState, FilterSearch, FilterSelect, Filters, LinkButton, PageHeader,
        RelativeTime, SelectOption, Skeleton, Stat, StatRow, Tone, age_text, relative_text, thousands,
    },
    error::ApiError,
    icons::IconName,
    layout::Section,
    paths,
};

/// How many of the waiting requests are listed here; the rest is one link away.
const REQUESTS_SHOWN: usize = 5;

/// How many organizations are listed here, those that need a look first.
const ORGANIZATIONS_SHOWN: usize = 12;

/// The word in the address for a table per environment.
const BY_ENVIRONMENT: &str = "environment";

/// Overview.
#[component]
pub fn HomePage() -> impl IntoView {
    let shown = Shown::read();
    let attempt = last_attempt();
    let viewer = Resource::new(|| (), |()| frame());
    let organizations = Resource::new(|| (), |()| list_organizations());
    let requests = Resource::new(|| (), |()| list_requests(RequestQuery::default()));
    view! {
        <Console title="Overview" current=Section::Overview>
            <Suspense fallback=|| view! { <Skeleton/> }>
                {Suspend::new(async move {
                    let attempt = attempt.await.unwrap_or_default();
                    let viewer = viewer.await.unwrap_or_default();
                    let requests = requests.await;
                    let page = match organizations.await {
                        Ok(organizations) => overview(&viewer, organizations, requests, &shown, now()),
                        Err(error) => view! {
                            <PageHeader title=greeting(&viewer.display_name) document_title="Overview"/>
                            <Failed error what="see organizations" title="The organizations could not be shown">
                                <LinkButton href=paths::REQUESTS>"Go to the requests"</LinkButton>
                            </Failed>
                        }
                        .into_any(),
                    };
                    view! {
                        <RefusedAct problem=attempt.problem/>
                        {page}
                    }
                })}
            </Suspense>
        </Console>
    }
}

fn greeting(name: &str) -> String {
    match name.split_whitespace().next() {
        Some(first) => format!("Hello, {first}"),
        None => "Overview".to_owned(),
    }
}

fn overview(
    viewer: &FrameView,
    organizations: Vec<OrganizationRow>,
    requests: Result<RequestPage, ApiError>,
    shown: &Shown,
    now: Timestamp,
) -> AnyView {
    let may_connect = viewer.sees_people;
    let title = greeting(&viewer.display_name);
    if organizations.is_empty() {
        return view! {
            <PageHeader title document_title="Overview" lead="There is no organization here for you to see yet."/>
            {nothing_connected(may_connect)}
        }
        .into_any();
    }
    let requests = requests.ok();
    let blocked = (!organizations.iter().any(|row| row.may_request)).then(|| NEEDS_OPERATOR.to_owned());
    let lead = lead(requests.as_ref(), &organizations, now);
    let stats = stats(requests.as_ref(), &organizations, now);
    let notes = failures(&organizations);
    view! {
        <PageHeader title document_title="Overview" lead>
            <LinkButton href=paths::NEW_KEY icon=IconName::Plus kind=ButtonKind::Main blocked>"Create API key"</LinkButton>
        </PageHeader>
        {stats}
        {notes}
        <div class="stack">
            {requests.and_then(|page| waiting(page, now))}
            {tables(organizations, shown, may_connect, now)}
        </div>
    }
    .into_any()
}

/// The page's sentence: what waits for the viewer, and what is not well.
fn lead(requests: Option<&RequestPage>, organizations: &[OrganizationRow], now: Timestamp) -> String {
    let mut sentences = Vec::new();
    match requests {
        Some(page) if page.matching > 0 => {
            let verb = if page.matching == 1 { "waits" } else { "wait" };
            let count = counted_first(page.matching, "request", "requests");
            let waits = oldest(page).filter(|at| now.as_second() - at.as_second() >= 60);
            let oldest = waits.map(|at| format!(", the oldest for {}", age_text(at, now))).unwrap_or_default();
            sentences.push(format!("{count} {verb} for you{oldest}."));
        }
        Some(page) if page.may_decide => sentences.push("No request waits for you.".to_owned()),
        Some(_) => {}
        None => sentences.push("The requests could not be read.".to_owned()),
    }
    let troubles = troubles(organizations);
    if troubles.is_empty() {
        let count = u32::try_from(organizations.len()).unwrap_or(u32::MAX);
        sentences.push(format!("{} connected, all healthy.", counted_first(count, "organization", "organizations")));
    }
    sentences.extend(troubles);
    sentences.join(" ")
}

fn oldest(page: &RequestPage) -> Option<Timestamp> {
    page.rows.iter().map(|row| row.submitted_at).min()
}

/// Adds what is known, and counts what is not.
fn sum(facts: impl Iterator<Item = Known<u32>>) -> (Option<u32>, u32) {
    facts.fold((None, 0), |(total, unknown), fact| match fact.value() {
        Some(value) => (Some(total.unwrap_or(0) + value), unknown),
        None => (total, unknown + 1),
    })
}

/// What to write below a sum that leaves some organizations out.
fn without(unknown: u32, otherwise: String) -> String {
    if unknown == 0 { otherwise } else { format!("not counting {}", counted(unknown, "organization", "organizations")) }
}

fn written(total: Option<u32>) -> Option<String> {
    total.map(|total| thousands(u64::from(total)))
}

fn stats(requests: Option<&RequestPage>, organizations: &[OrganizationRow], now: Timestamp) -> AnyView {
    let requests = match requests {
        Some(page) => {
            let note = match oldest(page) {
                Some(at) => format!("oldest {}", relative_text(at, now)),
                None if page.may_decide => "nothing to decide".to_owned(),
                None => "you decide nothing here".to_owned(),
            };
            let value = thousands(u64::from(page.matching));
            view! { <Stat label="Requests for you" value=Some(value) note href=RequestQuery::default().address()/> }
                .into_any()
        }
        None => {
            let value: Option<String> = None;
            view! { <Stat label="Requests for you" value note="could not be read"/> }.into_any()
        }
    };
    let (high, high_unknown) = sum(organizations.iter().map(|row| row.high_findings.clone()));
    let (keys, keys_unknown) = sum(organizations.iter().map(|row| row.keys.clone()));
    let (projects, _) = sum(organizations.iter().map(|row| row.projects.clone()));
    let high_note = without(high_unknown, "keys with too much power or reach".to_owned());
    let keys_note = without(
        keys_unknown,
        projects.map(|count| format!("in {}", counted(count, "project", "projects"))).unwrap_or_default(),
    );
    let broken: Vec<String> =
        organizations.iter().filter(|row| needs_repair(row)).map(|row| row.label.clone()).collect();
    let repair_note = match broken.as_slice() {
        [] => "every connection works".to_owned(),
        names if names.len() <= 2 => listed(names),
        names => format!("{} and {} more", names[0], names.len() - 1),
    };
    let to_repair = match broken.is_empty() {
        true => paths::ORGANIZATIONS.to_owned(),
        false => OrgQuery { state: Some(StateFilter::Failed), ..OrgQuery::default() }.address(),
    };
    view! {
        <StatRow>
            {requests}
            <Stat label="High findings" value=written(high) note=high_note href=paths::FINDINGS/>
            <Stat label="Connections to repair" value=Some(broken.len().to_string()) note=repair_note href=to_repair/>
            <Stat label="API keys" value=written(keys) note=keys_note href=paths::KEYS/>
        </StatRow>
    }
    .into_any()
}

/// The requests that wait for the viewer; nothing when none does.
fn waiting(page: RequestPage, now: Timestamp) -> Option<AnyView> {
    if page.rows.is_empty() {
        return None;
    }
    let more = usize::try_from(page.matching).unwrap_or(usize::MAX) > REQUESTS_SHOWN;
    let aside = view! {
        <a href=RequestQuery::default().address()>{if more { format!("All {}", page.matching) } else { "All requests".to_owned() }}</a>
    }
    .into_any();
    let rows = page.rows.into_iter().take(REQUESTS_SHOWN).map(|row| request_row(row, now)).collect::<Vec<_>>();
    Some(
        view! {
            <DataTable caption="Requests that wait for you" title="Waiting for you" aside>
                <thead>
                    <tr>
                        <th scope="col">"Request"</th>
                        <th scope="col">"Asked by"</th>
                        <th scope="col" class="opt">"Worth a look"</th>
                        <th scope="col" class="num">"Approvals"</th>
                        <th scope="col">"Asked"</th>
                        <th scope="col">"Expires"</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </DataTable>
        }
        .into_any(),
    )
}

fn request_row(row: RequestRow, now: Timestamp) -> AnyView {
    use domain::plan::Severity;
    let risks = row
        .risks
        .into_iter()
        .map(|risk| {
            let tone = match risk.severity {
                Severity::Danger => Tone::Bad,
                Severity::Attention => Tone::Warn,
                Severity::Notice => Tone::Neutral,
            };
            view! { <Chip tone>{risk.label}</Chip> }
        })
        .collect::<Vec<_>>();
    let risks = (!risks.is_empty()).then(|| view! { <div class="chips">{risks}</div> });
    view! {
        <tr>
            <th scope="row">
                <a class="name" href=paths::request(row.number)>{row.sentence}</a>
                <span class="sub">{row.number.to_string()}" · "{row.reason}</span>
            </th>
            <td data-label="Asked by">{row.requester}</td>
            <td data-label="Worth a look" class="opt">{risks}</td>
            <td data-label="Approvals" class="num">{format!("{} of {}", row.approvals, row.needed)}</td>
            <td data-label="Asked" class="muted"><RelativeTime at=row.submitted_at now/></td>
            <td data-label="Expires" class="muted"><RelativeTime at=row.expires_at now/></td>
        </tr>
    }
    .into_any()
}

/// Which organizations the overview shows. It lives in the address; what does not make sense there is left out.
struct Shown {
    /// Which, by the words that the page of all organizations knows too.
    query: OrgQuery,
    /// Whether each environment has a table of its own.
    by_environment: bool,
}

impl Shown {
    fn read() -> Self {
        let wanted = OrgQuery { q: OrgQuery::read(query).q, ..OrgQuery::default() };
        Self { query: wanted, by_environment: query("group").as_deref() == Some(BY_ENVIRONMENT) }
    }

    /// Everything that is found, not only what needs a look, as soon as somebody asks for something.
    fn is_asked_for(&self) -> bool {
        self.query.is_filtered() || self.by_environment
    }
}

fn filters(shown: &Shown) -> AnyView {
    let clear = shown.is_asked_for().then(|| paths::HOME.to_owned());
    let (text, value) = (shown.query.q.clone(), if shown.by_environment { BY_ENVIRONMENT } else { "" });
    view! {
        <Filters action=paths::HOME clear>
            <FilterSearch label="Organization, environment or id" name="q" value=text/>
            <FilterSelect label="Grouped by" name="group" any="nothing" value options=vec![SelectOption::new(BY_ENVIRONMENT, "environment")]/>
        </Filters>
    }
    .into_any()
}

fn tables(organizations: Vec<OrganizationRow>, shown: &Shown, may_connect: bool, now: Timestamp) -> AnyView {
    // One organization needs neither to be looked for nor grouped.
    let filters = (organizations.len() > 1).then(|| filters(shown));
    let found = shown.query.apply(&organizations);
    let body = if found.is_empty() {
        view! {
            <div class="card">
                <EmptyState
                    icon=IconName::Find
                    title="No organization has that in its name"
                    body="Look for a shorter piece of its name, its environment or its id."
                >
                    <LinkButton href=paths::HOME>"Show all organizations"</LinkButton>
                </EmptyState>
            </div>
        }
        .into_any()
    } else if shown.by_environment {
        let groups = environments(found).into_iter().map(|(environment, rows)| {
            let title = if environment.is_empty() { "No environment".to_owned() } else { environment };
            let subtitle = rows_in_words(&rows);
            view! { <OrganizationTable rows title subtitle now/> }.into_any()
        });
        groups.collect::<Vec<_>>().into_any()
    } else if shown.is_asked_for() {
        let subtitle = format!("{} of {}", found.len(), organizations.len());
        view! { <OrganizationTable rows=found title="Organizations" subtitle now/> }.into_any()
    } else {
        table(organizations, may_connect, now)
    };
    view! {
        {filters}
        {body}
    }
    .into_any()
}

/// Organizations by environment, in the order of their names; those without one come last.
fn environments(rows: Vec<OrganizationRow>) -> Vec<(String, Vec<OrganizationRow>)> {
    let mut groups: Vec<(String, Vec<OrganizationRow>)> = Vec::new();
    for row in rows {
        match groups.iter_mut().find(|(environment, _)| environment.eq_ignore_ascii_case(&row.environment)) {
            Some((_, group)) => group.push(row),
            None => groups.push((row.environment.clone(), vec![row])),
        }
    }
    groups.sort_by_key(|(environment, _)| (environment.is_empty(), environment.to_lowercase()));
    groups
}

/// How many there are, and how many of them cannot be read.
fn rows_in_words(rows: &[OrganizationRow]) -> String {
    let broken = rows.iter().filter(|row| needs_repair(row)).count();
    match broken {
        0 => rows.len().to_string(),
        1 => format!("{}, one not readable", rows.len()),
        broken => format!("{}, {broken} not readable", rows.len()),
    }
}

fn table(organizations: Vec<OrganizationRow>, may_connect: bool, now: Timestamp) -> AnyView {
    let count = organizations.len();
    let subtitle = rows_in_words(&organizations);
    // All of them in the order of their names; of many, those that need a look.
    let query = match count > ORGANIZATIONS_SHOWN {
        true => OrgQuery { sort: OrgSort::State, ..OrgQuery::default() },
        false => OrgQuery::default(),
    };
    let mut rows = query.apply(&organizations);
    rows.truncate(ORGANIZATIONS_SHOWN);
    let all = if count > rows.len() { format!("All {count}") } else { "Details".to_owned() };
    let aside = view! {
        <a href=query.address()>{all}</a>
        {may_connect.then(|| view! { <a href=paths::NEW_ORGANIZATION>"Connect another"</a> })}
    }
    .into_any();
    view! { <OrganizationTable rows title="Organizations" subtitle aside now/> }.into_any()
}
