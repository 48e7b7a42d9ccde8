//! API keys of all organizations, filtered, sorted and paged by the address.

use domain::{
    Known,
    atlas_roles::ORG_ROLES,
    key_end::{day_in_words, today},
};
use jiff::Timestamp;
use leptos::prelude::*;

use super::{
    failed::{FailedPage, RefusedAct},
    frame::{Console, last_attempt, now, query},
    known::{known, known_count},
    stale::{StaleNotes, TableAge},
    words::counted,
};
use crate::{
    api::{
        attempts::AttemptView,
        findings::FindingSeverity,
        inventory::{
            DUE_DAYS, EndsFilter, KeyFinding, KeyPage, KeyQuery, KeyRow, KeySort, PAGE_SIZE, UsedFilter, list_keys,
        },
    },
    components::{
        Age, ButtonKind, Chip, DataTable, EmptyState, FilterSearch, FilterSelect, Filters, LinkButton, PageHeader,
        PageLinks, Pagination, RelativeTime, RoleChip, SelectOption, Skeleton, Sort, SortHeader, Tone, relative_text,
        thousands,
    },
    icons::IconName,
    layout::Section,
    paths,
};

/// Why somebody without the role cannot ask for a key.
pub const NEEDS_OPERATOR: &str = "It takes the role operator. Ask an administrator of Meridian for it.";

/// API keys of all organizations.
#[component]
pub fn KeysPage() -> impl IntoView {
    let wanted = KeyQuery::read(query);
    let attempt = last_attempt();
    let asked = wanted.clone();
    let listing = Resource::new(|| (), move |()| list_keys(asked.clone()));
    view! {
        <Console title="API keys" current=Section::ApiKeys>
            <Suspense fallback=|| view! { <Skeleton lines=12/> }>
                {Suspend::new(async move {
                    let attempt = attempt.await.unwrap_or_default();
                    match listing.await {
                        Ok(page) => keys_page(page, &wanted, attempt, now()),
                        Err(error) => view! { <FailedPage page="API keys" error what="see API keys" title="The API keys could not be shown" href=paths::KEYS>"Show all keys"</FailedPage> }
                        .into_any(),
                    }
                })}
            </Suspense>
        </Console>
    }
}

fn keys_page(page: KeyPage, wanted: &KeyQuery, attempt: AttemptView, now: Timestamp) -> AnyView {
    let first_page = KeyQuery { page: 1, ..wanted.clone() };
    let lead = if page.organizations == 0 {
        "Every API key of every organization you look after, in one table.".to_owned()
    } else {
        let total = counted(page.total, "key", "keys");
        let organizations = counted(page.organizations, "organization", "organizations");
        match wanted.is_filtered() {
            true => format!("{} of {total} in {organizations}.", thousands(u64::from(page.matching))),
            false => format!("{total} in {organizations}."),
        }
    };
    let nothing_to_export = (page.matching == 0).then(|| "There is no key to export.".to_owned());
    let no_json = nothing_to_export.clone();
    let may_not_request = (!page.may_request).then(|| NEEDS_OPERATOR.to_owned());
    let has_organizations = page.organizations > 0;
    view! {
        <PageHeader title="API keys" lead>
            {has_organizations.then(|| view! {
                <LinkButton href=first_page.address(paths::KEYS_CSV) icon=IconName::Download download=true blocked=nothing_to_export>
                    "Export CSV"
                </LinkButton>
                <LinkButton href=first_page.address(paths::KEYS_JSON) icon=IconName::Download download=true blocked=no_json>
                    "JSON"
                </LinkButton>
                <LinkButton href=paths::NEW_KEY icon=IconName::Plus kind=ButtonKind::Main blocked=may_not_request>
                    "Create API key"
                </LinkButton>
            })}
        </PageHeader>
        <RefusedAct problem=attempt.problem/>
        {if has_organizations { listing(page, wanted, now) } else { no_organizations() }}
    }
    .into_any()
}

fn no_organizations() -> AnyView {
    view! {
        <EmptyState
            icon=IconName::Organization
            title="No organization is connected yet"
            body="As soon as one is connected, its keys are listed here with their roles, access lists and last use."
        >
            <LinkButton href=paths::NEW_ORGANIZATION icon=IconName::Plus kind=ButtonKind::Main>
                "Connect an organization"
            </LinkButton>
        </EmptyState>
    }
    .into_any()
}

fn listing(page: KeyPage, wanted: &KeyQuery, now: Timestamp) -> AnyView {
    let age = view! {
        <TableAge as_of=page.as_of refreshing=page.refreshing back=wanted.address(paths::KEYS) now/>
    };
    let filters = filters(&page, wanted, age.into_any());
    let KeyPage { rows, matching, total, page: number, pages, stale, refreshing, may_request, .. } = page;
    let body = if rows.is_empty() {
        empty(wanted, total, refreshing, may_request)
    } else {
        table(rows, wanted, Shown { matching, number, pages }, now)
    };
    view! {
        {filters}
        <StaleNotes stale things="its keys" now/>
        {body}
    }
    .into_any()
}

fn filters(page: &KeyPage, wanted: &KeyQuery, age: AnyView) -> AnyView {
    let wanted = wanted.clone();
    let organizations = page.choices.iter().map(|org| SelectOption::new(&org.id, &org.name)).collect::<Vec<_>>();
    let roles = ORG_ROLES.iter().map(|role| SelectOption::new(role.name, role.label)).collect::<Vec<_>>();
    let findings =
        KeyFinding::ALL.iter().map(|finding| SelectOption::new(finding.as_str(), finding.label())).collect::<Vec<_>>();
    let used = UsedFilter::ALL.iter().map(|used| SelectOption::new(used.as_str(), used.label())).collect::<Vec<_>>();
    let ends = EndsFilter::ALL.iter().map(|ends| SelectOption::new(ends.as_str(), ends.label())).collect::<Vec<_>>();
    let mut keep = Vec::new();
    if wanted.sort != KeySort::default() {
        keep.push(("sort".to_owned(), wanted.sort.as_str().to_owned()));
    }
    if wanted.descending {
        keep.push(("dir".to_owned(), "desc".to_owned()));
    }
    let all = KeyQuery { sort: wanted.sort, descending: wanted.descending, ..KeyQuery::default() };
    let clear = wanted.is_filtered().then(|| all.address(paths::KEYS));
    view! {
        <Filters action=paths::KEYS keep clear aside=age>
            <FilterSearch label="Description, public key or address" name="q" value=wanted.q.clone()/>
            <FilterSelect
                label="Organization"
                name="org"
                value=wanted.org.as_ref().map(ToString::to_string).unwrap_or_default()
                options=organizations
            />
            <FilterSelect label="Role" name="role" value=wanted.role.clone() options=roles/>
            <FilterSelect
                label="Finding"
                name="finding"
                value=wanted.finding.map(KeyFinding::as_str).unwrap_or_default()
                options=findings
            />
            <FilterSelect
                label="Last used"
                name="used"
                any="any time"
                value=wanted.used.map(UsedFilter::as_str).unwrap_or_default()
                options=used
            />
            <FilterSelect
                label="Ends"
                name="ends"
                any="any time"
                value=wanted.ends.map(EndsFilter::as_str).unwrap_or_default()
                options=ends
            />
        </Filters>
    }
    .into_any()
}

fn empty(wanted: &KeyQuery, total: u32, refreshing: bool, may_request: bool) -> AnyView {
    let face = if wanted.is_filtered() && total > 0 {
        view! {
            <EmptyState
                icon=IconName::Find
                title="No key fits these filters"
                body="Take a filter away, or look for a shorter piece of the description or the public key."
            >
                <LinkButton href=paths::KEYS>"Show all keys"</LinkButton>
            </EmptyState>
        }
        .into_any()
    } else if refreshing {
        view! {
            <EmptyState
                icon=IconName::Refresh
                title="The keys are being read"
                body="Atlas is being asked for them at this moment. They appear here as soon as they are there."
            />
        }
        .into_any()
    } else {
        let blocked = (!may_request).then(|| NEEDS_OPERATOR.to_owned());
        view! {
            <EmptyState
                icon=IconName::Key
                title="No API keys yet"
                body="The organizations that could be read have none. Ask for the first one; somebody else approves it, and Meridian creates it."
            >
                <LinkButton href=paths::NEW_KEY icon=IconName::Plus kind=ButtonKind::Main blocked>"Create API key"</LinkButton>
            </EmptyState>
        }
        .into_any()
    };
    view! { <div class="card">{face}</div> }.into_any()
}

/// Which part of the table is shown.
struct Shown {
    matching: u32,
    number: u32,
    pages: u32,
}

fn table(rows: Vec<KeyRow>, wanted: &KeyQuery, shown: Shown, now: Timestamp) -> AnyView {
    let first = u64::from(shown.number.saturating_sub(1)) * u64::from(PAGE_SIZE) + 1;
    let last = first + rows.len() as u64 - 1;
    let at = |page: u32| KeyQuery { page, ..wanted.clone() }.address(paths::KEYS);
    let links = PageLinks {
        previous: (shown.number > 1).then(|| at(shown.number - 1)),
        next: (shown.number < shown.pages).then(|| at(shown.number + 1)),
    };
    let needs = roles_needed(&rows);
    let legend = (!needs.is_empty()).then(|| {
        view! {
            <span>"“Not readable”: the connection’s reader needs "{super::words::listed(&needs)}" to see it."</span>
        }
    });
    let foot = view! {
        <Pagination first last total=Some(u64::from(shown.matching)) links>{legend}</Pagination>
    }
    .into_any();
    let header = |label: &'static str, column: KeySort, numeric: bool, optional: bool| {
        let (sort, descending) = match (wanted.sort == column, wanted.descending) {
            (false, _) => (Sort::None, false),
            (true, false) => (Sort::Ascending, true),
            (true, true) => (Sort::Descending, false),
        };
        let href = KeyQuery { sort: column, descending, page: 1, ..wanted.clone() }.address(paths::KEYS);
        view! { <SortHeader label href sort numeric optional/> }.into_any()
    };
    let head = view! {
        <tr>
            {header("Key", KeySort::Description, false, false)}
            {header("Organization", KeySort::Organization, false, false)}
            <th scope="col">"Roles"</th>
            {header("Projects", KeySort::Projects, true, true)}
            {header("Entries", KeySort::Entries, true, false)}
            {header("Widest", KeySort::Widest, false, true)}
            {header("Age", KeySort::Age, true, true)}
            {header("Last used", KeySort::LastUsed, false, false)}
            <th scope="col" class="least">"Owner"</th>
            {header("Ends", KeySort::Ends, false, false)}
            <th scope="col">"Findings"</th>
        </tr>
    };
    let rows = rows.into_iter().map(|row| key_row(row, now)).collect::<Vec<_>>();
    view! {
        <DataTable caption="API keys" foot>
            <thead>{head}</thead>
            <tbody>{rows}</tbody>
        </DataTable>
    }
    .into_any()
}

/// The roles that would make readable what is not, each once.
fn roles_needed(rows: &[KeyRow]) -> Vec<String> {
    fn needs<T>(fact: &Known<T>) -> Option<&String> {
        match fact {
            Known::NotReadable { needs } => Some(needs),
            _ => None,
        }
    }
    let mut roles: Vec<String> = rows
        .iter()
        .flat_map(|row| [needs(&row.projects), needs(&row.entries), needs(&row.widest), needs(&row.last_used)])
        .flatten()
        .cloned()
        .collect();
    roles.sort();
    roles.dedup();
    roles
}

fn key_row(key: KeyRow, now: Timestamp) -> AnyView {
    let projects = if key.reaches_all_projects {
        view! { <span title="As organization owner it reaches every project.">"all"</span> }.into_any()
    } else {
        known_count(&key.projects)
    };
    view! {
        <tr>
            <th scope="row">
                <a class="name two-lines" href=paths::key(&key.org, &key.key)>{named(&key.description)}</a>
                <span class="sub mono">{key.public_key}</span>
            </th>
            <td data-label="Organization"><a class="quiet" href=paths::organization(&key.org) title=key.org_name.clone()>{key.org_name.clone()}</a></td>
            <td data-label="Roles">{role_chips(&key.org_roles)}</td>
            <td data-label="Projects" class="num opt">{projects}</td>
            <td data-label="Entries" class="num">{known_count(&key.entries)}</td>
            <td data-label="Widest" class="opt">{known(&key.widest, |range| widest(range.as_deref()))}</td>
            <td data-label="Age" class="num opt"><Age at=key.created now/></td>
            <td data-label="Last used">{known(&key.last_used, |at| last_used(*at, now))}</td>
            <td data-label="Owner" class="least">{known(&key.owner, |name| name.clone().into_any())}</td>
            <td data-label="Ends">{known(&key.ends, |at| ends(*at, now))}</td>
            <td data-label="Findings">{finding_chips(&key.findings)}</td>
        </tr>
    }
    .into_any()
}

/// A description, or words for a key that has none.
#[must_use]
pub fn named(description: &str) -> String {
    if description.trim().is_empty() { "(no description)".to_owned() } else { description.to_owned() }
}

/// At most two of them in a row, so that a row keeps its two lines.
fn role_chips(roles: &[String]) -> AnyView {
    if roles.is_empty() {
        return view! { <span class="muted">"none here"</span> }.into_any();
    }
    let shown = if roles.len() > 2 { 1 } else { roles.len() };
    let chips = roles.iter().take(shown).map(|role| view! { <RoleChip role=role.clone()/> }).collect::<Vec<_>>();
    let more = more_chip(roles.iter().skip(shown).cloned().collect());
    view! { <div class="chips">{chips}{more}</div> }.into_any()
}

/// A chip for what does not fit: "+2", with the words on hover and for those who listen.
fn more_chip(others: Vec<String>) -> Option<AnyView> {
    (!others.is_empty()).then(|| {
        let (count, title) = (others.len(), others.join(", "));
        let spoken = format!(" more: {title}");
        view! { <Chip title>{format!("+{count}")}<span class="sr">{spoken}</span></Chip> }.into_any()
    })
}

/// The widest range by its prefix: "/32", "any".
fn widest(range: Option<&str>) -> AnyView {
    let Some(range) = range else { return view! { <span class="muted">"no list"</span> }.into_any() };
    let range = range.to_owned();
    let short = match range.split_once('/') {
        Some((_, "0")) => "any".to_owned(),
        Some((_, prefix)) => format!("/{prefix}"),
        None if range.contains(':') => "/128".to_owned(),
        None => "/32".to_owned(),
    };
    view! { <span class="mono" title=range>{short}</span> }.into_any()
}

/// When something was last used: "3 h ago", "never".
pub fn last_used(at: Option<Timestamp>, now: Timestamp) -> AnyView {
    match at {
        Some(at) => view! { <RelativeTime at now/> }.into_any(),
        None => view! { <span class="muted">"never"</span> }.into_any(),
    }
}

/// When a key is no longer needed: "in 83 d", "ended 3 d ago", "no end".
pub fn ends(at: Option<Timestamp>, now: Timestamp) -> AnyView {
    let Some(at) = at else { return view! { <span class="muted">"no end"</span> }.into_any() };
    let title = day_in_words(today(at));
    if at <= now {
        return view! { <Chip tone=Tone::Warn title>"ended "{relative_text(at, now)}</Chip> }.into_any();
    }
    if at.as_second() - now.as_second() <= DUE_DAYS * 86_400 {
        return view! { <Chip tone=Tone::Info title>{relative_text(at, now)}</Chip> }.into_any();
    }
    view! { <time datetime=at.to_string() title=title class="nowrap">{relative_text(at, now)}</time> }.into_any()
}

/// The colour of a finding's chip.
#[must_use]
pub fn finding_tone(finding: KeyFinding) -> Tone {
    match finding.severity() {
        FindingSeverity::Critical | FindingSeverity::High => Tone::Bad,
        FindingSeverity::Medium => Tone::Warn,
        FindingSeverity::Low => Tone::Neutral,
        FindingSeverity::NotKnown => Tone::Wait,
    }
}

/// The findings of a key as chips, the worst first and at most two; nothing when there is none.
fn finding_chips(findings: &[KeyFinding]) -> Option<AnyView> {
    let mut findings: Vec<KeyFinding> =
        findings.iter().filter(|finding| !finding.goes_without_saying(findings)).copied().collect();
    findings.sort();
    let chips = findings
        .iter()
        .take(2)
        .map(|finding| {
            let finding = *finding;
            view! { <Chip tone=finding_tone(finding) title=finding.explanation()>{finding.label()}</Chip> }
        })
        .collect::<Vec<_>>();
    let more = more_chip(findings.iter().skip(2).map(|finding| finding.label().to_owned()).collect());
    (!chips.is_empty()).then(|| view! { <div class="chips">{chips}{more}</div> }.into_any())
}
