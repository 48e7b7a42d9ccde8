//! Link.

use leptos::prelude::*;

/// Link.
#[component]
pub fn LinkPage() -> impl IntoView {
    view! { <h1>"Link"</h1> }
}
