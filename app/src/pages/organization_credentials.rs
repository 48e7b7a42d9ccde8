//! Replace a connection's credentials, its label, environment and owner.

use domain::ids::OrgId;
use leptos::prelude::*;

use super::{
    connection_form::{
        AddressComplaint, HowKeysAreKept, KeyPairFields, LabelFields, PasswordField, Slot, WhatKeysNeed,
    },
    failed::{FailedPage, error_items},
    frame::{Console, last_attempt, segment},
};
use crate::{
    api::{
        attempts::AttemptView,
        connections::{ConnectionView, get_organization},
    },
    components::{Button, ButtonKind, Crumb, ErrorSummary, Hidden, LinkButton, PageHeader, QuestionHead, Skeleton},
    error::ApiError,
    layout::Section,
    paths,
};

/// Replace the credentials of a connection.
#[component]
pub fn OrganizationCredentialsPage() -> impl IntoView {
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
        <Console title="Replace credentials" current=Section::Organizations>
            <Suspense fallback=|| view! { <Skeleton/> }>
                {Suspend::new(async move {
                    let attempt = attempt.await.unwrap_or_default();
                    let shown = connection.await.and_then(|view| {
                        if view.may_manage { Ok(view) } else { Err(ApiError::Forbidden { role: domain::people::Role::Administrator }) }
                    });
                    match shown {
                        Ok(view) => form(view, attempt),
                        Err(error) => view! { <FailedPage page="Replace credentials" error what="change this connection" title="The connection could not be shown" href=paths::ORGANIZATIONS>"Back to the organizations"</FailedPage> }
                        .into_any(),
                    }
                })}
            </Suspense>
        </Console>
    }
}

fn form(connection: ConnectionView, attempt: AttemptView) -> AnyView {
    let row = connection.row;
    let page = paths::organization(&row.org);
    let reader_now = format!("Now {}. Leave both empty to keep it.", connection.reader.public_key);
    let writer_now = match &connection.writer {
        Some(writer) => format!("Now {}. Leave both empty to keep it.", writer.public_key),
        None => "There is none yet. Leave both empty to go on without.".to_owned(),
    };
    let label = if row.label == row.name { String::new() } else { row.label.clone() };
    let crumbs = vec![
        Crumb::link("Organizations", paths::ORGANIZATIONS),
        Crumb::link(row.label.clone(), page.clone()),
        Crumb::here("Credentials"),
    ];
    let fields = view! {
        <section class="stack">
            <QuestionHead title="Reader">"Pages and refreshes read Atlas with it."</QuestionHead>
            <KeyPairFields which=Slot::Reader attempt=attempt.clone() stored=reader_now/>
        </section>
        <section class="stack">
            <QuestionHead title="Writer">
                "Only the executor opens it, for one approved plan at a time. It must be a key of the same organization."
            </QuestionHead>
            <KeyPairFields which=Slot::Writer attempt=attempt.clone() stored=writer_now/>
        </section>
        <section class="stack">
            <QuestionHead title="How it is listed here"/>
            <LabelFields attempt=attempt.clone() label environment=row.environment owner=connection.owner/>
        </section>
        <AddressComplaint error=attempt.error("base_url")/>
        <PasswordField needed=connection.needs_password error=attempt.error("password")/>
    };
    view! {
        <PageHeader
            title="Replace credentials"
            document_title=format!("Credentials of {}", row.label)
            lead="New keys are tested before anything is replaced. If a test fails, everything stays as it is."
            crumbs
        />
        <div class="two">
            <form method="post" action="/api/organizations/replace" class="form">
                <ErrorSummary errors=error_items(&attempt)/>
                <Hidden name="org" value=row.org.to_string()/>
                {fields.into_any()}
                <div class="form-foot">
                    <LinkButton href=page>"Cancel"</LinkButton>
                    <span class="grow"></span>
                    <Button kind=ButtonKind::Main>"Test and save"</Button>
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
