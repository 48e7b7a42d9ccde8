//! Adding a person: name, roles; they choose their own password by a one-time link.

use domain::people::Grants;
use leptos::prelude::*;

use super::{
    failed::{Failed, way_on},
    frame::{Console, last_attempt},
    people::{
        password::{OwnPassword, error_items},
        roles::{RolesEditor, ticked},
    },
};
use crate::{
    api::{
        attempts::AttemptView,
        connections::list_organizations,
        people::{OrgChoice, list_people},
    },
    components::{Button, ButtonKind, Crumb, ErrorSummary, Field, LinkButton, PageHeader, Skeleton, Width},
    error::ApiError,
    layout::Section,
    paths,
};

/// The form.
#[component]
pub fn NewPersonPage() -> impl IntoView {
    let last = last_attempt();
    let organizations = Resource::new(|| (), |()| choices());
    view! {
        <Console title="Add a person" current=Section::People>
            <Suspense fallback=|| view! { <Skeleton/> }>
                {Suspend::new(async move {
                    let attempt = last.await.unwrap_or_default();
                    match organizations.await {
                        Ok(organizations) => form_view(organizations, attempt),
                        Err(error) => view! {
                            {header()}
                            <Failed error=error.clone() what="add people" title="The form could not be shown">
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

/// The organizations a role can be limited to, for those who may add people.
async fn choices() -> Result<Vec<OrgChoice>, ApiError> {
    // Refused to everybody else.
    list_people().await?;
    let organizations = list_organizations().await?;
    Ok(organizations.into_iter().map(|row| OrgChoice { id: row.org.to_string(), name: row.label }).collect())
}

fn header() -> impl IntoView {
    view! {
        <PageHeader
            title="Add a person"
            lead="You give the name and the roles. They choose their password themselves, by a link that works once."
            crumbs=vec![Crumb::link("People", paths::PEOPLE), Crumb::here("Add a person")]
        />
    }
}

fn form_view(organizations: Vec<OrgChoice>, attempt: AttemptView) -> AnyView {
    let ticked = ticked(&attempt, &Grants::default());
    view! {
        {header()}
        <form method="post" action="/api/people/add" class="form">
            <ErrorSummary errors=error_items(&attempt)/>
            <Field
                label="Username"
                name="username"
                value=attempt.value("username")
                error=attempt.error("username")
                hint="They sign in with it, and the log names them by it. Letters, digits and . - _ @ +. It cannot be changed later."
                autocomplete="off"
                width=Width::Medium
                maxlength=64_u32
            />
            <Field
                label="Name"
                name="display_name"
                value=attempt.value("display_name")
                error=attempt.error("display_name")
                hint="As others know them."
                autocomplete="off"
                width=Width::Medium
                maxlength=100_u32
            />
            <RolesEditor organizations ticked error=attempt.error("grants")/>
            <OwnPassword attempt of="add"/>
            <div class="form-foot">
                <LinkButton href=paths::PEOPLE>"Cancel"</LinkButton>
                <span class="grow"></span>
                <Button kind=ButtonKind::Main>"Add and make a link"</Button>
            </div>
        </form>
    }
    .into_any()
}
