//! One organization: how its connection is doing, what its credentials can do, what was read and when.

use domain::ids::OrgId;
use jiff::Timestamp;
use leptos::prelude::*;

mod credential;
mod manage;
mod parts;

use self::{credential::credential_card, manage::manage_card, parts::parts_card};
use super::{
    atlas::{AtlasPage, atlas_link},
    failed::{FailedPage, RefusedAct},
    frame::{Console, last_attempt, now, segment},
    keys::NEEDS_OPERATOR,
    known::known_fact,
    organizations::table::{findings, health_words, needs_repair},
    words::{counted, listed},
};
use crate::{
    api::{
        attempts::AttemptView,
        connections::{ConnectionView, Health, OrganizationRow, get_organization},
        inventory::{KeyQuery, ProjectQuery},
    },
    components::{
        AsOf, ButtonKind, Card, Chip, Crumb, DescriptionList, ErrorItem, ErrorSummary, Fact, HeadStatus, LinkButton,
        Note, PageHeader, PostButton, RelativeTime, Skeleton, Tone, thousands,
    },
    error::ApiError,
    icons::IconName,
    islands::{CopyButton, LiveRefresh},
    layout::Section,
    paths,
};

/// One organization with its connection.
#[component]
pub fn OrganizationPage() -> impl IntoView {
    let attempt = last_attempt();
    let org = segment("org").parse::<OrgId>().ok();
    let connection = Resource::new(
        || (),
        move |()| {
            let org = org.clone();
            async move {
                match org {
                    Some(org) => get_organization(org).await,
                    None => Err(ApiError::NotFound),
                }
            }
        },
    );
    view! {
        <Console title="Organization" current=Section::Organizations>
            <Suspense fallback=|| view! { <Skeleton/> }>
                {Suspend::new(async move {
                    let attempt = attempt.await.unwrap_or_default();
                    match connection.await {
                        Ok(view) => organization_page(view, attempt, now()),
                        Err(error) => view! { <FailedPage page="Organization" error what="see this organization" title="The organization could not be shown" href=paths::ORGANIZATIONS>"All organizations"</FailedPage> }
                        .into_any(),
                    }
                })}
            </Suspense>
        </Console>
    }
}

fn organization_page(view: ConnectionView, attempt: AttemptView, now: Timestamp) -> AnyView {
    let header = header(&view, now);
    let notes = notes(&view, attempt.clone());
    let facts = facts_card(&view, now);
    let holds = holds_card(&view.row);
    let parts = parts_card(&view.parts, now);
    let reader = credential_card(credential::Which::Reader, Some(view.reader.clone()), &view, now);
    let writer = credential_card(credential::Which::Writer, view.writer.clone(), &view, now);
    let manage = manage_card(&view, &attempt);
    view! {
        {header}
        {notes}
        <div class="two">
            <div class="stack">
                {reader}
                {writer}
                {parts}
                {manage}
            </div>
            <aside class="stack" aria-label="About this organization">
                {holds}
                {facts}
            </aside>
        </div>
    }
    .into_any()
}

fn header(view: &ConnectionView, now: Timestamp) -> AnyView {
    let row = &view.row;
    let (tone, word) = health_words(&row.health);
    let environment = (!row.environment.is_empty()).then(|| {
        let environment = row.environment.clone();
        view! { <Chip>{environment}</Chip> }
    });
    let no_writer = (!row.has_writer).then(|| view! { <Chip tone=Tone::Wait>"reader only"</Chip> });
    let refreshing = row.health == Health::Refreshing;
    let version = format!("reading-{}", row.read_at.map_or(0, Timestamp::as_second));
    let keep_up = refreshing.then(|| view! { "· reading now "<LiveRefresh version/> });
    let blocked_key = (!row.may_request).then(|| NEEDS_OPERATOR.to_owned());
    let blocked_refresh = refreshing.then(|| "It is being read at this moment.".to_owned());
    let org = row.org.to_string();
    let (read_at, failed) = (row.read_at, needs_repair(row));
    let new_key = paths::with_query(paths::NEW_KEY, &[("org", org.clone())]);
    view! {
        <PageHeader
            title=row.label.clone()
            crumbs=vec![Crumb::link("Organizations", paths::ORGANIZATIONS), Crumb::here(row.label.clone())]
        >
            <HeadStatus slot>
                <Chip tone icon=tone.icon()>{word}</Chip>
                {environment}
                {no_writer}
                <AsOf at=read_at now stale=failed>{keep_up}</AsOf>
            </HeadStatus>
            <PostButton
                action="/api/organizations/refresh"
                fields=vec![("org".to_owned(), org)]
                icon=IconName::Refresh
                blocked=blocked_refresh
            >
                "Refresh"
            </PostButton>
            <LinkButton href=new_key icon=IconName::Plus kind=ButtonKind::Main blocked=blocked_key>"Create API key"</LinkButton>
        </PageHeader>
    }
    .into_any()
}

fn notes(view: &ConnectionView, attempt: AttemptView) -> AnyView {
    let credentials = paths::organization_credentials(&view.row.org);
    let may_manage = view.may_manage;
    let health = match &view.row.health {
        Health::Failed { why, .. } => Some((Tone::Bad, "The last refresh failed.", why.clone())),
        Health::Partial { why } => Some((Tone::Warn, "The last refresh read some parts only.", why.clone())),
        _ => None,
    };
    let health = health.map(|(tone, title, why)| {
        let replace = may_manage.then(|| view! { " "<a href=credentials>"Replace the credentials"</a> });
        view! { <Note tone title quiet=true>{why.problem}" "{why.next}{replace}</Note> }
    });
    let requests = (!view.open_requests.is_empty()).then(|| {
        let count = u32::try_from(view.open_requests.len()).unwrap_or(u32::MAX);
        let verb = if count == 1 { "is" } else { "are" };
        let title = format!("{} {verb} open for this organization.", counted(count, "request", "requests"));
        let links = view
            .open_requests
            .iter()
            .map(|number| view! { <a href=paths::request(*number)>{number.to_string()}</a>" " })
            .collect::<Vec<_>>();
        view! { <Note tone=Tone::Wait title quiet=true>{links}</Note> }
    });
    // Each complaint also stands beside its field, in the form below that came back.
    let removing = manage::is_removal(&attempt);
    let complaints = attempt
        .fields
        .iter()
        .map(|error| {
            let field = match (error.field.as_str(), removing) {
                ("password", true) => manage::REMOVAL_PASSWORD,
                ("password", false) => manage::WRITER_PASSWORD,
                (field, _) => field,
            };
            ErrorItem::new(field, error.message.as_str())
        })
        .collect::<Vec<_>>();
    view! {
        <RefusedAct problem=attempt.problem/>
        <ErrorSummary errors=complaints/>
        {health}
        {requests}
    }
    .into_any()
}

/// What the organization holds, as far as it was read, with the ways to the tables.
fn holds_card(row: &OrganizationRow) -> AnyView {
    let row = row.clone();
    let keys = KeyQuery { org: Some(row.org.clone()), ..KeyQuery::default() }.address(paths::KEYS);
    let projects = ProjectQuery { org: Some(row.org.clone()), ..ProjectQuery::default() }.address();
    let count = |href: String, one: &'static str, many: &'static str| {
        move |count: &u32| {
            let words =
                if *count == 1 { format!("1 {one}") } else { format!("{} {many}", thousands(u64::from(*count))) };
            view! { <a href=href>{words}</a> }.into_any()
        }
    };
    view! {
        <Card title="In this organization">
            <DescriptionList narrow=true>
                <Fact term="API keys">{known_fact(&row.keys, count(keys, "key", "keys"))}</Fact>
                <Fact term="Projects">{known_fact(&row.projects, count(projects, "project", "projects"))}</Fact>
                <Fact term="Findings">{findings(&row.high_findings, &row.medium_findings)}</Fact>
                <Fact term="Open requests">{if row.open_requests == 0 { "none".to_owned() } else { row.open_requests.to_string() }}</Fact>
            </DescriptionList>
        </Card>
    }
    .into_any()
}

fn facts_card(view: &ConnectionView, now: Timestamp) -> AnyView {
    let view = view.clone();
    let id = view.row.org.to_string();
    let atlas = atlas_link(AtlasPage::Organization(&view.row.org));
    let owner = if view.owner.is_empty() {
        view! { <span class="muted">"nobody named"</span> }.into_any()
    } else {
        view.owner.clone().into_any()
    };
    let seen = known_fact(&view.address_seen, |address| {
        let address = address.clone();
        view! { <code>{address}</code> }.into_any()
    });
    view! {
        <Card title="Connection">
            <DescriptionList narrow=true>
                <Fact term="Name in Atlas">{view.row.name.clone()}</Fact>
                <Fact term="Id">
                    <span class="ident"><code>{id.clone()}</code><CopyButton value=id what="id"/>{atlas}</span>
                </Fact>
                <Fact term="Owner">{owner}</Fact>
                <Fact term="Address of Atlas"><code>{view.base_url.clone()}</code></Fact>
                <Fact term="Seen as">{seen}</Fact>
                <Fact term="Connected">
                    <RelativeTime at=view.connected_at now/>" by "{view.connected_by.clone()}
                </Fact>
            </DescriptionList>
        </Card>
    }
    .into_any()
}

/// Role names in words, for a sentence.
fn role_words(roles: &[String]) -> String {
    let words = roles
        .iter()
        .map(|role| domain::atlas_roles::org_role(role).map_or_else(|| role.clone(), |known| known.label.to_owned()))
        .collect::<Vec<_>>();
    listed(&words)
}
