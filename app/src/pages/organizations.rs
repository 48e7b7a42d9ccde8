//! Organizations.

use leptos::prelude::*;

/// Organizations.
#[component]
pub fn OrganizationsPage() -> impl IntoView {
    view! { <h1>"Organizations"</h1> }
}
