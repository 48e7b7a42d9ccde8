//! One of a connection's two credentials: what it can do, and what went wrong when it was last tested.

use jiff::Timestamp;
use leptos::prelude::*;

use super::role_words;
use crate::{
    api::connections::{Ability, ConnectionView, CredentialView},
    components::{
        ButtonKind, Card, CardAside, Chip, DescriptionList, Fact, LinkButton, Note, RelativeTime, RoleChip, Tone,
    },
    icons::{Icon, IconName},
    pages::known::known_fact,
    paths,
};

/// Which of the two.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Which {
    /// What pages and refreshes use.
    Reader,
    /// What the executor uses.
    Writer,
}

/// The card about a credential, or about there being none.
pub(super) fn credential_card(
    which: Which,
    credential: Option<CredentialView>,
    view: &ConnectionView,
    now: Timestamp,
) -> AnyView {
    let (title, subtitle) = match which {
        Which::Reader => ("Reader", "pages and refreshes use it"),
        Which::Writer => ("Writer", "the executor opens it for one approved plan; no page holds its power"),
    };
    let replace = paths::organization_credentials(&view.row.org);
    let Some(credential) = credential else { return no_writer(title, replace, view.may_manage) };
    let state = match (&credential.failure, credential.tested_at) {
        (Some(_), _) => view! { <Chip tone=Tone::Bad icon=IconName::Stop>"last test failed"</Chip> }.into_any(),
        (None, Some(_)) => view! { <Chip tone=Tone::Ok icon=IconName::Check>"tested"</Chip> }.into_any(),
        (None, None) => view! { <Chip tone=Tone::Wait>"not tested yet"</Chip> }.into_any(),
    };
    let change = view.may_manage.then(|| view! { <a href=replace>"Replace"</a> });
    let failure = credential.failure.clone().map(|why| {
        view! { <Note tone=Tone::Bad title=why.problem quiet=true>{why.next}</Note> }
    });
    let body = facts(&credential, now);
    let abilities = abilities(&credential.abilities);
    view! {
        <Card title subtitle>
            <CardAside slot>{state}{change}</CardAside>
            <div class="stack">
                {failure}
                {body}
                {abilities}
            </div>
        </Card>
    }
    .into_any()
}

fn no_writer(title: &'static str, replace: String, may_manage: bool) -> AnyView {
    let blocked = (!may_manage).then(|| "It takes the role administrator for this organization.".to_owned());
    view! {
        <Card title subtitle="none stored">
            <div class="stack">
                <p class="prose">
                    "Requests for this organization can be planned and approved. Without a writer Meridian cannot carry them out; their pages show the calls and commands for doing it by hand."
                </p>
                <div class="row">
                    <LinkButton href=replace icon=IconName::Plus kind=ButtonKind::Normal blocked say_why=true>"Add a writer"</LinkButton>
                </div>
            </div>
        </Card>
    }
    .into_any()
}

fn facts(credential: &CredentialView, now: Timestamp) -> AnyView {
    let public_key = credential.public_key.clone();
    let roles = if credential.roles.is_empty() {
        view! { <span class="tone-wait">"Not known yet; test it again to see them."</span> }.into_any()
    } else {
        let chips = credential.roles.iter().map(|role| view! { <RoleChip role=role.clone()/> }).collect::<Vec<_>>();
        view! { <div class="chips">{chips}</div><span class="sr">{role_words(&credential.roles)}</span> }.into_any()
    };
    let entries = known_fact(&credential.access_list_entries, |count| {
        match count {
            0 => "No entries: it can be used from any address, unless the organization requires a list.".to_owned(),
            1 => "1 entry".to_owned(),
            count => format!("{count} entries"),
        }
        .into_any()
    });
    let tested = match credential.tested_at {
        Some(at) => view! { <RelativeTime at now/> }.into_any(),
        None => view! { <span class="tone-wait">"not yet"</span> }.into_any(),
    };
    view! {
        <DescriptionList>
            <Fact term="Public key"><code>{public_key}</code></Fact>
            <Fact term="Private key"><span class="muted">"encrypted here, never shown"</span></Fact>
            <Fact term="Roles">{roles}</Fact>
            <Fact term="Access list">{entries}</Fact>
            <Fact term="Last tested">{tested}</Fact>
        </DescriptionList>
    }
    .into_any()
}

/// What it can and cannot do; nothing before the first test.
fn abilities(abilities: &[Ability]) -> Option<AnyView> {
    let items = abilities
        .iter()
        .map(|ability| {
            let (class, icon, word) = match ability.can {
                true => ("tone-ok", IconName::Check, "Can: "),
                false => ("tone-wait", IconName::Cross, "Cannot: "),
            };
            let what = ability.what.clone();
            let needs = ability.needs.clone().filter(|_| !ability.can).map(|role| {
                view! { <span class="muted">{format!(" (needs {role})")}</span> }
            });
            view! {
                <li>
                    <Icon name=icon class/>
                    <span><span class="sr">{word}</span>{what}{needs}</span>
                </li>
            }
        })
        .collect::<Vec<_>>();
    (!items.is_empty()).then(|| {
        view! {
            <div class="stack tight">
                <h3>"What it can do"</h3>
                <ul class="checks">{items}</ul>
            </div>
        }
        .into_any()
    })
}
