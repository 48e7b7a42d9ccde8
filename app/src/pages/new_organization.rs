//! Connect an organization: paste a reader, and a writer if approved plans are to be carried out from here.

use leptos::prelude::*;

use super::{
    connection_form::{
        AddressComplaint, HowKeysAreKept, KeyPairFields, LabelFields, PasswordField, Slot, WhatKeysNeed,
    },
    failed::{Failed, error_items},
    frame::{Console, last_attempt},
};
use crate::{
    api::{
        attempts::AttemptView,
        connections::{ConnectionChoices, get_connection_choices},
    },
    components::{
        Button, ButtonKind, Crumb, ErrorSummary, Hidden, LinkButton, PageHeader, QuestionHead, SelectField,
        SelectOption, Skeleton, Width,
    },
    layout::Section,
    paths,
};

/// Connect an organization.
#[component]
pub fn NewOrganizationPage() -> impl IntoView {
    let attempt = last_attempt();
    let choices = Resource::new(|| (), |()| get_connection_choices());
    view! {
        <Console title="Connect an organization" current=Section::Organizations>
            <PageHeader
                title="Connect an organization"
                lead="Paste an API key. Meridian tests it at once and finds out which organization it belongs to."
                crumbs=vec![Crumb::link("Organizations", paths::ORGANIZATIONS), Crumb::here("Connect")]
            >
                <LinkButton href=paths::IMPORT_ORGANIZATIONS>"Import several"</LinkButton>
            </PageHeader>
            <Suspense fallback=|| view! { <Skeleton/> }>
                {Suspend::new(async move {
                    let attempt = attempt.await.unwrap_or_default();
                    match choices.await {
                        Ok(choices) => form(choices, attempt),
                        Err(error) => view! {
                            <Failed error what="connect organizations" title="The form could not be shown">
                                <LinkButton href=paths::ORGANIZATIONS>"Back to the organizations"</LinkButton>
                            </Failed>
                        }
                        .into_any(),
                    }
                })}
            </Suspense>
        </Console>
    }
}

fn form(choices: ConnectionChoices, attempt: AttemptView) -> AnyView {
    let fields = view! {
        <section class="stack">
            <QuestionHead title="Reader">
                "Pages and refreshes read Atlas with it. It needs no power to change anything."
            </QuestionHead>
            <KeyPairFields which=Slot::Reader attempt=attempt.clone() required=true/>
        </section>
        <section class="stack">
            <QuestionHead title="Writer, if approved plans are carried out from here">
                "Only the executor opens it, for one approved plan at a time. Without a writer, people still plan and approve, and carry the plan out by hand. It can be added later."
            </QuestionHead>
            <KeyPairFields which=Slot::Writer attempt=attempt.clone()/>
        </section>
        <section class="stack">
            <QuestionHead title="How it is listed here"/>
            <LabelFields attempt=attempt.clone()/>
            {base_url(&choices.base_urls, &attempt)}
        </section>
        <PasswordField needed=choices.needs_password error=attempt.error("password")/>
    };
    view! {
        <div class="two">
            <form method="post" action="/api/organizations/add" class="form">
                <ErrorSummary errors=error_items(&attempt)/>
                {fields.into_any()}
                <div class="form-foot">
                    <LinkButton href=paths::ORGANIZATIONS>"Cancel"</LinkButton>
                    <span class="grow"></span>
                    <Button kind=ButtonKind::Main>"Test and connect"</Button>
                </div>
            </form>
            <aside class="stack" aria-label="About the keys">
                <WhatKeysNeed/>
                <HowKeysAreKept/>
            </aside>
        </div>
    }
    .into_any()
}

/// With a single allowed address there is nothing to choose, but one may want to know it.
fn base_url(allowed: &[String], attempt: &AttemptView) -> AnyView {
    match allowed {
        [only] => view! {
            <Hidden name="base_url" value=only.clone()/>
            <p class="muted">"Atlas is reached at "<code>{only.clone()}</code>"."</p>
            <AddressComplaint error=attempt.error("base_url")/>
        }
        .into_any(),
        _ => {
            let options = allowed.iter().map(|url| SelectOption::new(url, url)).collect::<Vec<_>>();
            let first = allowed.first().cloned().unwrap_or_default();
            view! {
                <SelectField
                    label="Address of Atlas"
                    name="base_url"
                    options
                    value=attempt.value_or("base_url", &first)
                    hint="Whoever runs Meridian decides which addresses it may send keys to."
                    error=attempt.error("base_url")
                    width=Width::Medium
                />
            }
            .into_any()
        }
    }
}
