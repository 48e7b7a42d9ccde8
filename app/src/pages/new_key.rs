//! The wizard that creates an API key.

use leptos::prelude::*;

/// The start of the wizard: drafts, and the choice of an organization.
#[component]
pub fn NewKeyPage() -> impl IntoView {
    view! { <h1>"Create an API key"</h1> }
}

/// One step of the wizard.
#[component]
pub fn NewKeyStepPage() -> impl IntoView {
    view! { <h1>"Create an API key"</h1> }
}
