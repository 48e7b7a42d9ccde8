//! Organization.

use leptos::prelude::*;

/// Organization.
#[component]
pub fn OrganizationPage() -> impl IntoView {
    view! { <h1>"Organization"</h1> }
}
