//! The people who have an account here, their roles and whether they can sign in.

pub mod password;
pub mod roles;

use domain::people::Role;
use jiff::Timestamp;
use leptos::prelude::*;

use self::roles::{OrgNames, org_names, role_chips};
use super::{
    failed::{Failed, way_on},
    frame::{Console, now},
};
use crate::{
    api::people::{PersonRow, list_people},
    components::{
        Avatar, ButtonKind, Chip, DataTable, LinkButton, Note, PageHeader, RelativeTime, Skeleton, StateDot, Tone,
        thousands,
    },
    error::ApiError,
    icons::IconName,
    layout::Section,
    paths,
};

/// Everybody, in a table.
#[component]
pub fn PeoplePage() -> impl IntoView {
    let listing = Resource::new(|| (), |()| async { Ok::<_, ApiError>((list_people().await?, org_names().await)) });
    view! {
        <Console title="People" current=Section::People>
            <Suspense fallback=|| view! { <Skeleton/> }>
                {Suspend::new(async move {
                    match listing.await {
                        Ok((people, names)) => page_view(people, &names),
                        Err(error) => view! {
                            <PageHeader title="People"/>
                            <Failed error=error.clone() what="see or change the people who have an account here" title="The people could not be shown">
                                {way_on(&error, paths::PEOPLE)}
                            </Failed>
                        }
                        .into_any(),
                    }
                })}
            </Suspense>
        </Console>
    }
}

fn page_view(people: Vec<PersonRow>, names: &OrgNames) -> AnyView {
    let now = now();
    let lead = match people.len() {
        1 => "You are the only one with an account here.".to_owned(),
        count => format!("{} people have an account here.", thousands(count as u64)),
    };
    let warning = no_approver(&people).then(|| {
        view! {
            <Note tone=Tone::Warn title="Nobody can approve yet." quiet=true>
                "Nobody approves their own request, so a change needs a second person with the role approver. Add one, or give the role to somebody."
            </Note>
        }
    });
    let rows = people.into_iter().map(|person| row(person, names, now)).collect_view();
    view! {
        <PageHeader title="People" lead>
            <LinkButton href=paths::NEW_PERSON icon=IconName::Plus kind=ButtonKind::Main>"Add person"</LinkButton>
        </PageHeader>
        {warning}
        <DataTable caption="People">
            <thead>
                <tr>
                    <th scope="col">"Person"</th>
                    <th scope="col">"Roles"</th>
                    <th scope="col">"Last sign-in"</th>
                    <th scope="col">"State"</th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </DataTable>
    }
    .into_any()
}

/// Whether nobody who can sign in decides anywhere.
fn no_approver(people: &[PersonRow]) -> bool {
    !people.iter().any(|person| !person.disabled && person.grants.roles().contains(&Role::Approver))
}

fn row(person: PersonRow, names: &OrgNames, now: Timestamp) -> impl IntoView + use<> {
    let chips = role_chips(&person.grants, names);
    let state = state_view(&person);
    let is_caller = person.is_caller;
    view! {
        <tr>
            <td>
                <div class="row">
                    <Avatar name=person.display_name.clone()/>
                    <div>
                        <a class="name" href=paths::person(person.id)>{person.display_name}</a>
                        {is_caller.then(|| view! { " "<Chip tone=Tone::Info>"you"</Chip> })}
                        <span class="sub mono">{person.username}</span>
                    </div>
                </div>
            </td>
            <td data-label="Roles">{chips}</td>
            <td data-label="Last sign-in">{last_sign_in_view(person.last_sign_in, now)}</td>
            <td data-label="State">{state}</td>
        </tr>
    }
}

/// When somebody last signed in.
pub(super) fn last_sign_in_view(at: Option<Timestamp>, now: Timestamp) -> AnyView {
    match at {
        Some(at) => view! { <RelativeTime at now/> }.into_any(),
        None => view! { <span class="muted">"never"</span> }.into_any(),
    }
}

/// Whether somebody can sign in.
pub(super) fn state_view(person: &PersonRow) -> AnyView {
    if person.disabled {
        view! { <StateDot tone=Tone::Bad>"closed"</StateDot> }.into_any()
    } else if person.awaits_password {
        view! { <StateDot tone=Tone::Wait>"has no password yet"</StateDot> }.into_any()
    } else {
        view! { <StateDot tone=Tone::Ok>"open"</StateDot> }.into_any()
    }
}
