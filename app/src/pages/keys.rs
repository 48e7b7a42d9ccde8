//! API keys.

use leptos::prelude::*;

/// API keys.
#[component]
pub fn KeysPage() -> impl IntoView {
    view! { <h1>"API keys"</h1> }
}
