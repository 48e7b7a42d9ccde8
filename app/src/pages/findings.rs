//! Findings of all organizations by kind, with what was seen, why it matters, what to do, and the way there.

use jiff::Timestamp;
use leptos::prelude::*;

use super::{
    failed::{FailedPage, RefusedAct},
    frame::{Console, last_attempt, now, query},
    keys::{finding_tone, named},
    stale::{StaleNotes, TableAge},
    words::{counted, listed},
};
use crate::{
    api::{
        attempts::AttemptView,
        exports::REPORT_COLUMNS,
        findings::{FindingExample, FindingGroup, FindingSeverity, FindingsPage, KeyFinding, list_findings},
        inventory::KeyQuery,
    },
    components::{
        ButtonKind, Card, CardAside, Chip, DataTable, DescriptionList, EmptyState, Fact, FilterSelect, Filters, Fold,
        LinkButton, Note, PageHeader, SelectOption, Skeleton, Tone, thousands,
    },
    icons::IconName,
    layout::Section,
    paths,
};
use domain::ids::OrgId;

/// How many organizations a finding names at once; the others are folded away.
const ORGANIZATIONS_SHOWN: usize = 8;

/// Findings of all organizations.
#[component]
pub fn FindingsPage() -> impl IntoView {
    // What makes no sense there is left out, as everywhere.
    let only: Option<OrgId> = query("org").and_then(|org| org.parse().ok());
    let attempt = last_attempt();
    let asked = only.clone();
    let listing = Resource::new(|| (), move |()| list_findings(asked.clone()));
    view! {
        <Console title="Findings" current=Section::Findings>
            <Suspense fallback=|| view! { <Skeleton lines=12/> }>
                {Suspend::new(async move {
                    let attempt = attempt.await.unwrap_or_default();
                    match listing.await {
                        Ok(page) => findings_page(page, only.as_ref(), attempt, now()),
                        Err(error) => view! { <FailedPage page="Findings" error what="see findings" title="The findings could not be shown" href=paths::FINDINGS>"Try again"</FailedPage> }
                        .into_any(),
                    }
                })}
            </Suspense>
        </Console>
    }
}

fn address(only: Option<&OrgId>) -> String {
    paths::with_query(paths::FINDINGS, &[("org", only.map(ToString::to_string).unwrap_or_default())])
}

fn findings_page(page: FindingsPage, only: Option<&OrgId>, attempt: AttemptView, now: Timestamp) -> AnyView {
    if page.choices.is_empty() {
        return view! {
            <PageHeader title="Findings" lead="What an administrator should look at, in every organization you look after."/>
            <EmptyState
                icon=IconName::Organization
                title="No organization is connected yet"
                body="As soon as one is connected, Meridian looks at its keys and says here what is not well."
            >
                <LinkButton href=paths::NEW_ORGANIZATION icon=IconName::Plus kind=ButtonKind::Main>
                    "Connect an organization"
                </LinkButton>
            </EmptyState>
        }
        .into_any();
    }
    let lead = lead(&page);
    let filters = filters(&page, only, now);
    let notes = unread(&page);
    let missing = nothing_of(&page);
    let FindingsPage { groups, stale, keys, refreshing, .. } = page;
    let body = if groups.is_empty() {
        empty(keys, refreshing)
    } else {
        let groups = groups.into_iter().map(|group| group_card(group, only)).collect::<Vec<_>>();
        view! { <div class="stack">{groups}</div> }.into_any()
    };
    view! {
        <PageHeader title="Findings" lead>
            <LinkButton href=paths::CREDENTIAL_REPORT icon=IconName::Download download=true>"Credential report"</LinkButton>
        </PageHeader>
        <RefusedAct problem=attempt.problem/>
        {filters}
        <StaleNotes stale things="its keys" now/>
        {notes}
        {body}
        {missing}
        {report()}
    }
    .into_any()
}

/// The page's sentence: the worst first, or that there is nothing.
fn lead(page: &FindingsPage) -> String {
    let count = |severity: FindingSeverity| {
        let kinds = page.groups.iter().filter(|group| group.finding.severity() == severity).count();
        u32::try_from(kinds).unwrap_or(u32::MAX)
    };
    let keys = counted(page.keys, "key", "keys");
    let organizations = counted(page.organizations, "organization", "organizations");
    let words: Vec<String> = FindingSeverity::ALL
        .into_iter()
        .filter(|severity| *severity != FindingSeverity::NotKnown)
        .filter_map(|severity| {
            let kinds = count(severity);
            (kinds > 0).then(|| format!("{kinds} {}", severity.label().to_lowercase()))
        })
        .collect();
    match words.as_slice() {
        [] => format!("Nothing to put in order among {keys} in {organizations}."),
        words => format!("Kinds of findings among {keys} in {organizations}: {}.", listed(words)),
    }
}

fn filters(page: &FindingsPage, only: Option<&OrgId>, now: Timestamp) -> AnyView {
    let aside = view! { <TableAge as_of=page.as_of refreshing=page.refreshing back=address(only) now/> }.into_any();
    let options = page.choices.iter().map(|org| SelectOption::new(&org.id, &org.name)).collect::<Vec<_>>();
    let clear = only.map(|_| paths::FINDINGS.to_owned());
    let value = only.map(ToString::to_string).unwrap_or_default();
    view! {
        <Filters action=paths::FINDINGS clear aside>
            <FilterSelect
                label="Organization"
                name="org"
                value
                options
            />
        </Filters>
    }
    .into_any()
}

/// Organizations of which nothing can be said.
fn unread(page: &FindingsPage) -> Option<AnyView> {
    if page.unread.is_empty() {
        return None;
    }
    let names: Vec<String> = page.unread.iter().map(|org| org.name.clone()).collect();
    let count = u32::try_from(names.len()).unwrap_or(u32::MAX);
    let title = format!("The keys of {} were never read.", counted(count, "organization", "organizations"));
    let shown = if names.len() > 5 {
        format!("{} and {} more", names[..4].join(", "), names.len() - 4)
    } else {
        listed(&names)
    };
    let text = format!("Nothing below speaks of {shown}.");
    Some(view! { <Note tone=Tone::Wait title quiet=true>{text}</Note> }.into_any())
}

fn empty(keys: u32, refreshing: bool) -> AnyView {
    let face = match (keys, refreshing) {
        (0, true) => view! {
            <EmptyState
                icon=IconName::Refresh
                title="The keys are being read"
                body="Atlas is being asked for them at this moment. What is found appears here as soon as they are there."
            />
        }
        .into_any(),
        (0, false) => view! {
            <EmptyState icon=IconName::Key title="No keys to look at" body="The organizations that could be read have none."/>
        }
        .into_any(),
        _ => view! {
            <EmptyState
                icon=IconName::Check
                title="Nothing to put in order"
                body="No key that could be read has too much power, too wide a list, or goes unused."
            />
        }
        .into_any(),
    };
    view! { <div class="card">{face}</div> }.into_any()
}

fn group_card(group: FindingGroup, only: Option<&OrgId>) -> AnyView {
    let FindingGroup { finding, keys, organizations, examples } = group;
    let severity = finding.severity();
    let count = u32::try_from(organizations.len()).unwrap_or(u32::MAX);
    let subtitle = format!("{} in {}", counted(keys, "key", "keys"), counted(count, "organization", "organizations"));
    let show =
        if keys == 1 { "Show the key".to_owned() } else { format!("Show the {} keys", thousands(u64::from(keys))) };
    let all = keys_with(finding, only);
    let rows: Vec<AnyView> = organizations
        .into_iter()
        .map(|org| {
            let href = keys_with(finding, Some(&org.org));
            view! { <li><a href=href>{org.name}" "<span class="muted">{thousands(u64::from(org.keys))}</span></a></li> }
                .into_any()
        })
        .collect();
    let by_organization = only.is_none().then(|| organizations_view(rows));
    let begin = begin_with(examples);
    view! {
        <Card title=finding.label() subtitle>
            <CardAside slot>
                <Chip tone=finding_tone(finding)>{severity.label()}</Chip>
                <a href=all>{show}</a>
            </CardAside>
            <DescriptionList>
                <Fact term="What was seen">{finding.seen()}</Fact>
                <Fact term="Why it matters">{finding.why()}</Fact>
                <Fact term="What to do">{finding.what_to_do()}</Fact>
                {by_organization}
                {begin}
            </DescriptionList>
        </Card>
    }
    .into_any()
}

fn keys_with(finding: KeyFinding, only: Option<&OrgId>) -> String {
    KeyQuery { finding: Some(finding), org: only.cloned(), ..KeyQuery::default() }.address(paths::KEYS)
}

fn organizations_view(mut rows: Vec<AnyView>) -> AnyView {
    let rest = if rows.len() > ORGANIZATIONS_SHOWN { rows.split_off(ORGANIZATIONS_SHOWN) } else { vec![] };
    let more = (!rest.is_empty()).then(|| {
        let label = format!("{} more organizations", rest.len());
        view! { <Fold label><ul class="inline">{rest}</ul></Fold> }
    });
    view! {
        <Fact term="Where">
            <ul class="inline">{rows}</ul>
            {more}
        </Fact>
    }
    .into_any()
}

/// The keys to begin with, and the wizard that helps.
fn begin_with(examples: Vec<FindingExample>) -> Option<AnyView> {
    if examples.is_empty() {
        return None;
    }
    let rows = examples
        .into_iter()
        .map(|example| {
            let key = paths::key(&example.org, &example.key);
            let act = example.narrow.map(|(entry, to)| {
                let href = paths::narrow_entry(&example.org, &example.key, &entry);
                view! { " · "<a href=href>{format!("Narrow {entry} to {to}")}</a> }
            });
            view! {
                <li>
                    <a href=key>{named(&example.description)}</a>
                    " "<span class="muted">{example.org_name}</span>
                    {act}
                </li>
            }
        })
        .collect::<Vec<_>>();
    Some(view! { <Fact term="Begin with"><ul>{rows}</ul></Fact> }.into_any())
}

/// The kinds that were looked for and not found.
fn nothing_of(page: &FindingsPage) -> Option<AnyView> {
    let there = |finding: KeyFinding| page.groups.iter().any(|group| group.finding == finding);
    let names: Vec<String> = KeyFinding::ALL
        .into_iter()
        .filter(|finding| !there(*finding))
        .map(|finding| finding.label().to_owned())
        .collect();
    let says = !names.is_empty() && !page.groups.is_empty();
    says.then(|| view! { <p class="muted below">"Looked for and not found: "{names.join(", ")}"."</p> }.into_any())
}

/// What stands in the credential report.
fn report() -> AnyView {
    let rows = REPORT_COLUMNS
        .iter()
        .map(|column| {
            view! {
                <tr>
                    <th scope="row"><code>{column.name}</code></th>
                    <td data-label="Holds">{column.holds}</td>
                    <td data-label="From">{column.from}</td>
                </tr>
            }
        })
        .collect::<Vec<_>>();
    view! {
        <section class="below" id="credential-report" aria-label="Credential report">
            <Card title="Credential report" subtitle="one row for each key of every organization you may see, as CSV">
                <CardAside slot><a href=paths::CREDENTIAL_REPORT download="">"Download"</a></CardAside>
                <p>
                    "The columns and their order stay as they are, so that scripts and auditors can rely on them. What is not known says so in words, and no cell is taken for a formula by a spreadsheet. Each download is noted in the log."
                </p>
                <Fold label="What the columns hold">
                    <DataTable caption="Columns of the credential report">
                        <thead><tr><th scope="col">"Column"</th><th scope="col">"Holds"</th><th scope="col">"From"</th></tr></thead>
                        <tbody>{rows}</tbody>
                    </DataTable>
                </Fold>
            </Card>
        </section>
    }
    .into_any()
}
