//! Requests.

use leptos::prelude::*;

/// Requests.
#[component]
pub fn RequestsPage() -> impl IntoView {
    view! { <h1>"Requests"</h1> }
}
