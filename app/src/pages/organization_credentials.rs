//! Credentials.

use leptos::prelude::*;

/// Credentials.
#[component]
pub fn OrganizationCredentialsPage() -> impl IntoView {
    view! { <h1>"Credentials"</h1> }
}
