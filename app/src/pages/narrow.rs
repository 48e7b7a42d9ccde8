//! Ask for an entry of a key's access list to be narrowed: what is known of its use, the plan, the reason, and the button.

use domain::{create_key::MAX_REASON, ids::OrgId};
use jiff::Timestamp;
use leptos::prelude::*;

use super::{
    failed::{Failed, error_items},
    frame::{Console, last_attempt, now, query, segment},
    keys::named,
    new_key::review::effect,
    request::plan::changes,
};
use crate::{
    api::{
        attempts::AttemptView,
        narrow::{NarrowView, get_narrowing},
    },
    components::{
        Button, ButtonKind, Card, Crumb, DescriptionList, ErrorSummary, Fact, HeadLead, Hidden, LinkButton, Note,
        PageHeader, RelativeTime, Skeleton, StateDot, TextArea, Tone, field_id, thousands,
    },
    error::ApiError,
    islands::CharCount,
    layout::Section,
    paths,
};

/// Ask for an entry to be narrowed.
#[component]
pub fn NarrowPage() -> impl IntoView {
    let (org, key) = (segment("org").parse::<OrgId>().ok(), segment("key"));
    let entry = query("entry").unwrap_or_default();
    let back =
        org.as_ref().zip(key.parse().ok()).map_or_else(|| paths::KEYS.to_owned(), |(org, key)| paths::key(org, &key));
    let attempt = last_attempt();
    let reviewing = Resource::new(
        || (),
        move |()| {
            let (org, key, entry) = (org.clone(), key.clone(), entry.clone());
            async move {
                match org {
                    Some(org) => get_narrowing(org, key, entry).await,
                    None => Err(ApiError::NotFound),
                }
            }
        },
    );
    view! {
        <Console title="Narrow an entry" current=Section::ApiKeys>
            <Suspense fallback=|| view! { <Skeleton lines=12/> }>
                {Suspend::new(async move {
                    let attempt = attempt.await.unwrap_or_default();
                    match reviewing.await {
                        Ok(view) => narrow_page(view, attempt, now()),
                        Err(error) => view! {
                            <PageHeader title="Narrow an entry" crumbs=vec![Crumb::link("API keys", paths::KEYS)]/>
                            <Failed error what="ask for changes in this organization" title="This entry cannot be narrowed">
                                <LinkButton href=back>"Back to the key"</LinkButton>
                            </Failed>
                        }
                        .into_any(),
                    }
                })}
            </Suspense>
        </Console>
    }
}

fn narrow_page(view: NarrowView, attempt: AttemptView, now: Timestamp) -> AnyView {
    let back = paths::key(&view.org, &view.key);
    let name = named(&view.description);
    let crumbs = vec![
        Crumb::link("API keys", paths::KEYS),
        Crumb::link(name.clone(), back.clone()),
        Crumb::here("Narrow an entry"),
    ];
    let title = format!("Narrow {}", view.entry);
    let errors = error_items(&attempt);
    let open = open_requests(&view);
    let (entry, form) = (entry_card(&view, now), form(&view, &attempt, back.clone()));
    let effect = effect(view.review, now);
    view! {
        <PageHeader title crumbs>
            <HeadLead slot>
                "An entry of the access list of "<a href=back>{name}</a>" gives way to the one address that was seen using it."
            </HeadLead>
        </PageHeader>
        <div class="stack">
            <ErrorSummary errors/>
            {open}
            {entry}
            {effect}
            {form}
        </div>
    }
    .into_any()
}

fn open_requests(view: &NarrowView) -> Option<AnyView> {
    let links = view
        .open_requests
        .iter()
        .map(|number| view! { <a href=paths::request(*number)>{number.to_string()}</a>" " })
        .collect_view();
    (!view.open_requests.is_empty()).then(|| {
        view! {
            <Note tone=Tone::Warn title="Another request about this key is open." quiet=true>
                "Read it first: "{links}"As soon as one of them changes the list, the other one no longer fits and becomes stale."
            </Note>
        }
        .into_any()
    })
}

fn entry_card(view: &NarrowView, now: Timestamp) -> AnyView {
    let observed = view.observed.clone();
    let (entry, width, uses) = (view.entry.clone(), view.width.clone(), thousands(view.uses));
    let when = view.last_used.map(|at| view! { ", "<RelativeTime at now/> });
    let others = match view.others {
        0 => "None: afterwards the key can be used from this one address only.".to_owned(),
        1 => "1 other entry, which stays as it is".to_owned(),
        others => format!("{others} other entries, which stay as they are"),
    };
    view! {
        <Card title="The entry">
            <DescriptionList>
                <Fact term="Allows"><code>{entry}</code>" "<span class="muted">{width}</span></Fact>
                <Fact term="Last used from">
                    <span><code>{observed}</code>{when}</span>
                    <span class="hint small">
                        "Atlas tells only the last address; callers from elsewhere in this range will be refused afterwards."
                    </span>
                </Fact>
                <Fact term="Calls it allowed">{uses}</Fact>
                <Fact term="Rest of the list">{others}</Fact>
            </DescriptionList>
        </Card>
    }
    .into_any()
}

fn form(view: &NarrowView, attempt: &AttemptView, back: String) -> AnyView {
    let words = format!("Request approval for {}", changes(&view.review.plan));
    let max = u32::try_from(MAX_REASON).unwrap_or(u32::MAX);
    view! {
        <form method="post" action="/api/keys/narrow" class="form" novalidate=true>
            <Hidden name="org" value=view.org.to_string()/>
            <Hidden name="key" value=view.key.to_string()/>
            <Hidden name="entry" value=view.entry.clone()/>
            <Hidden name="digest" value=view.review.digest.clone()/>
            <TextArea
                label="Reason"
                name="reason"
                value=attempt.value("reason")
                hint="Why is it wanted, and how do you know that nobody else calls from this range? Whoever decides reads it, and it stays in the log. No secrets."
                error=attempt.error("reason")
            >
                <CharCount field=field_id("reason") max/>
            </TextArea>
            <div class="form-foot">
                <LinkButton href=back>"Cancel"</LinkButton>
                <span class="grow"></span>
                <Button kind=ButtonKind::Main>{words}</Button>
            </div>
            <p class="hint end-note">
                <StateDot tone=Tone::Wait>"Nothing is sent to Atlas until somebody else approves."</StateDot>
            </p>
        </form>
    }
    .into_any()
}
