//! The password that a sensitive act asks for again.

use leptos::prelude::*;

use crate::{
    api::attempts::AttemptView,
    components::{ErrorItem, Field, Width, field_id},
    error::ApiError,
};

/// The caller's own password. It may stay empty within five minutes after it was last given; the server decides.
#[component]
pub fn OwnPassword(
    /// What was refused, if it was this form.
    attempt: AttemptView,
    /// Tells several such fields of a page apart; the form that was refused has the id that its error summary leads to.
    #[prop(into)]
    of: String,
) -> impl IntoView {
    let id = if attempt.is_refused() { field_id("password") } else { field_id(&format!("password-{of}")) };
    let needed = (attempt.problem == Some(ApiError::PasswordNeeded)).then(|| ApiError::PasswordNeeded.to_string());
    view! {
        <Field
            id
            label="Your password"
            name="password"
            kind="password"
            hint="Asked again when you last gave it more than five minutes ago."
            error=attempt.error("password").or(needed)
            autocomplete="current-password"
            width=Width::Medium
        />
    }
}

/// What is wrong with a form that may ask for the password, for the summary at its head.
pub fn error_items(attempt: &AttemptView) -> Vec<ErrorItem> {
    let mut items = super::super::failed::error_items(attempt);
    if attempt.problem == Some(ApiError::PasswordNeeded)
        && let Some(item) = items.first_mut()
    {
        "password".clone_into(&mut item.field);
    }
    items
}
