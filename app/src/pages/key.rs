//! One API key: what it may do and where, who may use it from where, what should be looked at, and what happened to it.

use domain::{
    Known, atlas_roles,
    ids::OrgId,
    key_end::{day_in_words, today},
};
use jiff::Timestamp;
use leptos::prelude::*;

mod access;
mod history;

use self::{
    access::{Access, AccessSort, access_card},
    history::history_card,
};
use super::{
    atlas::{AtlasPage, atlas_link},
    failed::Failed,
    frame::{Console, now, query, segment},
    keys::{ends, finding_tone, named},
    known::{known_fact, why_unknown},
    stale::StaleNotes,
};
use crate::{
    api::inventory::{Command, KeyDetail, KeyFinding, KeyRow, ProjectRolesRow, get_key},
    components::{
        AsOf, Card, Chip, CodeBlock, Crumb, DataTable, DescriptionList, Fact, Fold, HeadLead, HeadStatus, LinkButton,
        Note, PageHeader, PostButton, RelativeTime, RoleChip, Skeleton, Tone, age_text, utc_text,
    },
    error::ApiError,
    icons::IconName,
    islands::CopyButton,
    layout::Section,
    paths,
};

/// One API key.
#[component]
pub fn KeyPage() -> impl IntoView {
    let (org, key) = (segment("org").parse::<OrgId>().ok(), segment("key"));
    let detail = Resource::new(
        || (),
        move |()| {
            let (org, key) = (org.clone(), key.clone());
            async move {
                match org {
                    Some(org) => get_key(org, key).await,
                    None => Err(ApiError::NotFound),
                }
            }
        },
    );
    view! {
        <Console title="API key" current=Section::ApiKeys>
            <Suspense fallback=|| view! { <Skeleton/> }>
                {Suspend::new(async move {
                    match detail.await {
                        Ok(detail) => key_page(detail, now()),
                        Err(error) => view! {
                            <PageHeader title="API key"/>
                            <Failed error what="see this key" title="The key could not be shown">
                                <LinkButton href=paths::KEYS>"All API keys"</LinkButton>
                            </Failed>
                        }
                        .into_any(),
                    }
                })}
            </Suspense>
        </Console>
    }
}

fn key_page(detail: KeyDetail, now: Timestamp) -> AnyView {
    let header = header(&detail, now);
    let facts = facts_card(&detail.row, now);
    let findings = findings_card(&detail.row.findings);
    let projects = projects_card(&detail);
    let commands = commands_card(detail.commands);
    let requests = (!detail.open_requests.is_empty()).then(|| {
        let title = match detail.open_requests.len() {
            1 => "An open request is about this key.",
            _ => "Open requests are about this key.",
        };
        let links = detail
            .open_requests
            .iter()
            .map(|number| view! { <a href=paths::request(*number)>{number.to_string()}</a>" " })
            .collect::<Vec<_>>();
        view! { <Note tone=Tone::Wait title quiet=true>{links}</Note> }
    });
    let stale = detail.stale.into_iter().collect::<Vec<_>>();
    let sort = AccessSort::read(query);
    let access = access_card(
        &detail.row,
        Access { list: detail.access_list, blocked: detail.blocked, sort, may_request: detail.may_request },
        now,
    );
    let history = history_card(detail.timeline, now);
    view! {
        {header}
        <StaleNotes stale things="this key" now/>
        {requests}
        <div class="two">
            <div class="stack">
                {findings}
                {access}
                {projects}
                {history}
                {commands}
            </div>
            <aside class="stack" aria-label="About this key">{facts}</aside>
        </div>
    }
    .into_any()
}

fn header(detail: &KeyDetail, now: Timestamp) -> AnyView {
    let row = &detail.row;
    let title = named(&row.description);
    let chips = row
        .findings
        .iter()
        .map(|finding| {
            let finding = *finding;
            view! { <Chip tone=finding_tone(finding)>{finding.label()}</Chip> }
        })
        .collect::<Vec<_>>();
    let (org_name, org_href) = (row.org_name.clone(), paths::organization(&row.org));
    let crumbs = vec![
        Crumb::link("API keys", paths::KEYS),
        Crumb::link(org_name.clone(), org_href.clone()),
        Crumb::here(title.clone()),
    ];
    let age = age_text(row.created, now);
    let fields = vec![("org".to_owned(), row.org.to_string())];
    let (read_at, is_stale) = (detail.read_at, detail.stale.is_some());
    view! {
        <PageHeader title crumbs>
            <HeadStatus slot>
                {chips}
                <AsOf at=read_at now stale=is_stale/>
            </HeadStatus>
            <HeadLead slot>"An API key of "<a href=org_href>{org_name}</a>", "{age}" old."</HeadLead>
            <PostButton action="/api/organizations/refresh" fields icon=IconName::Refresh>"Refresh its organization"</PostButton>
        </PageHeader>
    }
    .into_any()
}

fn facts_card(row: &KeyRow, now: Timestamp) -> AnyView {
    let (public_key, id) = (row.public_key.clone(), row.key.to_string());
    let atlas = atlas_link(AtlasPage::ApiKeys(&row.org));
    let roles = if row.org_roles.is_empty() {
        view! { <span class="muted">"none in the organization itself"</span> }.into_any()
    } else {
        row.org_roles.iter().map(|role| role_line(role)).collect::<Vec<_>>().into_any()
    };
    let last_used = known_fact(&row.last_used, |at| match at {
        Some(at) => view! { <RelativeTime at=*at now/> }.into_any(),
        None => "Never, as far as its access list tells.".into_any(),
    });
    let owner = known_fact(&row.owner, |name| name.clone().into_any());
    let end = known_fact(&row.ends, |at| end(*at, now));
    let request = match row.request {
        Some(number) => view! { <a href=paths::request(number)>{number.to_string()}</a> }.into_any(),
        None => view! { <span class="muted">"not created through Meridian"</span> }.into_any(),
    };
    let created = utc_text(row.created);
    view! {
        <Card title="This key">
            <DescriptionList narrow=true>
                <Fact term="Public key">
                    <span class="ident"><code>{public_key.clone()}</code><CopyButton value=public_key what="public key"/></span>
                    <span class="hint small">"Programs sign in with it."</span>
                </Fact>
                <Fact term="Key id">
                    <span class="ident"><code>{id.clone()}</code><CopyButton value=id what="id"/>{atlas}</span>
                    <span class="hint small">"Atlas’s interface names the key by it."</span>
                </Fact>
                <Fact term="Private key"><span class="muted">"Atlas shows it once, at creation. Meridian does not have it."</span></Fact>
                <Fact term="Roles">{roles}</Fact>
                <Fact term="Last used">{last_used}</Fact>
                <Fact term="Created">{created}<span class="hint small">"Read from the id; Atlas does not tell it."</span></Fact>
                <Fact term="Owner">{owner}</Fact>
                <Fact term="Ends">{end}</Fact>
                <Fact term="Request">{request}</Fact>
            </DescriptionList>
        </Card>
    }
    .into_any()
}

/// When it is no longer needed, and who minds that.
fn end(at: Option<Timestamp>, now: Timestamp) -> AnyView {
    let Some(at) = at else {
        return view! {
            "No end"<span class="hint small">"It was asked for without one, so nothing reminds anybody to delete it."</span>
        }
        .into_any();
    };
    let day = day_in_words(today(at));
    let hint = if at <= now {
        "It is past its end and still works: Atlas does not end API keys by itself. Delete it in Atlas, or ask for a new one."
    } else {
        "Atlas does not end API keys by itself: from that day Meridian marks the key as past its end."
    };
    view! { {day}" "{ends(Some(at), now)}<span class="hint small">{hint}</span> }.into_any()
}

/// An organization role with what it means.
fn role_line(role: &str) -> AnyView {
    let about = atlas_roles::org_role(role)
        .map_or("Not in the list of roles that Meridian knows; Atlas adds roles.", |known| known.explanation);
    view! {
        <div><RoleChip role=role.to_owned()/><span class="hint small">{about}</span></div>
    }
    .into_any()
}

/// What should be looked at, with what to do about it; nothing when all is well.
fn findings_card(findings: &[KeyFinding]) -> Option<AnyView> {
    let items = findings
        .iter()
        .map(|finding| {
            let finding = *finding;
            view! {
                <div>
                    <span>{finding.explanation()}</span>
                    <Chip tone=finding_tone(finding)>{finding.label()}</Chip>
                </div>
            }
        })
        .collect::<Vec<_>>();
    (!items.is_empty())
        .then(|| view! { <Card title="Worth a look" flush=true><div class="findings">{items}</div></Card> }.into_any())
}

fn projects_card(detail: &KeyDetail) -> AnyView {
    let everywhere = detail.row.reaches_all_projects.then(|| {
        view! {
            <Note tone=Tone::Warn title="It reaches every project." quiet=true>
                "As organization owner it may do everything in all of them, also in those without a line here."
            </Note>
        }
        .into_any()
    });
    let body = match &detail.projects {
        Known::Yes(projects) if !projects.is_empty() => return projects_table(projects, everywhere),
        Known::Yes(_) if detail.row.reaches_all_projects => {
            view! { <p class="muted">"It has no role of its own in any project."</p> }.into_any()
        }
        Known::Yes(_) => view! { <p class="muted">"It is in no project."</p> }.into_any(),
        unknown => view! { <p class="tone-wait">{why_unknown(unknown)}</p> }.into_any(),
    };
    view! { <Card title="Projects"><div class="stack tight">{everywhere}{body}</div></Card> }.into_any()
}

fn projects_table(projects: &[ProjectRolesRow], everywhere: Option<AnyView>) -> AnyView {
    let count = projects.len().to_string();
    let rows = projects
        .iter()
        .map(|project| {
            let roles = project.roles.iter().map(|role| view! { <RoleChip role=role.clone()/> }).collect::<Vec<_>>();
            view! {
                <tr>
                    <th scope="row">{project.name.clone()}<span class="sub mono">{project.project.to_string()}</span></th>
                    <td data-label="Roles"><div class="chips">{roles}</div></td>
                </tr>
            }
        })
        .collect::<Vec<_>>();
    view! {
        {everywhere}
        <DataTable caption="Roles by project" title="Projects" subtitle=count>
            <thead><tr><th scope="col">"Project"</th><th scope="col">"Roles"</th></tr></thead>
            <tbody>{rows}</tbody>
        </DataTable>
    }
    .into_any()
}

/// The same with the Atlas CLI; nothing when there is no command to show.
fn commands_card(commands: Vec<Command>) -> Option<AnyView> {
    let blocks = commands
        .into_iter()
        .map(|command| view! { <CodeBlock title=command.label code=command.command/> })
        .collect::<Vec<_>>();
    (!blocks.is_empty()).then(|| {
        view! {
            <Card>
                <Fold label="The same with the Atlas CLI"><div class="stack tight">{blocks}</div></Fold>
            </Card>
        }
        .into_any()
    })
}
