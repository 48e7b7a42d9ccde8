//! Connect an organization.

use leptos::prelude::*;

/// Connect an organization.
#[component]
pub fn NewOrganizationPage() -> impl IntoView {
    view! { <h1>"Connect an organization"</h1> }
}
