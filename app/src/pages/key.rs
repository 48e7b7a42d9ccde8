//! API key.

use leptos::prelude::*;

/// API key.
#[component]
pub fn KeyPage() -> impl IntoView {
    view! { <h1>"API key"</h1> }
}
