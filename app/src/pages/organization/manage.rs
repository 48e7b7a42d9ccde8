//! Test, replace, remove: what an administrator does with a connection.

use leptos::prelude::*;

use crate::{
    api::{attempts::AttemptView, connections::ConnectionView},
    components::{Button, ButtonKind, Card, Confirm, Field, Hidden, LinkButton, PostButton, Width, field_id},
    icons::IconName,
    pages::connection_form::PasswordField,
    paths,
};

/// Why somebody without the role cannot change the connection.
const NEEDS_ADMINISTRATOR: &str = "It takes the role administrator for this organization.";

/// The name of the password field in the form that removes the writer; ids are made of it.
pub(super) const WRITER_PASSWORD: &str = "password-writer";

/// The same in the form that removes the organization.
pub(super) const REMOVAL_PASSWORD: &str = "password-removal";

/// Whether the form that came back is the one that removes the organization: only that one keeps what was typed.
pub(super) fn is_removal(attempt: &AttemptView) -> bool {
    attempt.values.iter().any(|(name, _)| name == "typed_name")
}

/// The card with everything that changes the connection.
pub(super) fn manage_card(view: &ConnectionView, attempt: &AttemptView) -> AnyView {
    let org = view.row.org.to_string();
    let blocked = (!view.may_manage).then(|| NEEDS_ADMINISTRATOR.to_owned());
    let replace = paths::organization_credentials(&view.row.org);
    let simple = view! {
        <div class="row wrap">
            <PostButton
                action="/api/organizations/test"
                fields=vec![("org".to_owned(), org)]
                icon=IconName::Plug
                blocked=blocked.clone()
            >
                "Test again"
            </PostButton>
            <LinkButton href=replace icon=IconName::Edit blocked=blocked>"Replace credentials"</LinkButton>
        </div>
    };
    let may_manage = view.may_manage;
    let removing = is_removal(attempt);
    let password_error = attempt.error("password");
    let remove_writer = (may_manage && view.writer.is_some()).then(|| {
        let error = password_error.clone().filter(|_| !removing);
        remove_writer(view, error)
    });
    let remove = may_manage.then(|| remove_organization(view, attempt, removing));
    view! {
        <Card title="Change the connection">
            <div class="stack">
                {simple.into_any()}
                {(!may_manage).then(|| view! { <p class="muted">{NEEDS_ADMINISTRATOR}</p> })}
                {remove_writer}
                {remove}
            </div>
        </Card>
    }
    .into_any()
}

fn remove_writer(view: &ConnectionView, error: Option<String>) -> AnyView {
    let open = error.is_some();
    let needed = view.needs_password;
    let org = view.row.org.to_string();
    view! {
        <Confirm label="Remove the writer" title="Remove the writer?" kind=ButtonKind::Danger icon=IconName::Minus inline=true open>
            <p>
                "Approved requests are no longer carried out from here; they can be done by hand. The key itself stays in Atlas. Delete it there if nothing else uses it."
            </p>
            <form method="post" action="/api/organizations/remove-writer" class="form narrow">
                <Hidden name="org" value=org/>
                <PasswordField needed error id=field_id(WRITER_PASSWORD)/>
                <div class="row">
                    <Button kind=ButtonKind::DangerSure>"Remove the writer"</Button>
                </div>
            </form>
        </Confirm>
    }
    .into_any()
}

fn remove_organization(view: &ConnectionView, attempt: &AttemptView, open: bool) -> AnyView {
    let needed = view.needs_password;
    let name = view.row.name.clone();
    let org = view.row.org.to_string();
    let typed = attempt.value("typed_name");
    let name_error = attempt.error("typed_name");
    let password_error = attempt.error("password").filter(|_| open);
    let hint = format!("Type {name} to confirm.");
    view! {
        <Confirm
            label="Remove this organization"
            title="Remove this organization from Meridian?"
            kind=ButtonKind::Danger
            icon=IconName::Trash
            inline=true
            open
        >
            <p>
                "Its credentials and everything that was read through them are deleted here. Nothing changes in Atlas; delete the keys there if nothing else uses them. Requests and the log stay."
            </p>
            <form method="post" action="/api/organizations/remove" class="form narrow">
                <Hidden name="org" value=org/>
                <Field
                    label="Name of the organization"
                    name="typed_name"
                    value=typed
                    hint
                    error=name_error
                    autocomplete="off"
                    width=Width::Medium
                    required=true
                />
                <PasswordField needed error=password_error id=field_id(REMOVAL_PASSWORD)/>
                <div class="row">
                    <Button kind=ButtonKind::DangerSure>"Remove the organization"</Button>
                </div>
            </form>
        </Confirm>
    }
    .into_any()
}
