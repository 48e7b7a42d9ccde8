//! Log.

use leptos::prelude::*;

/// Log.
#[component]
pub fn LogPage() -> impl IntoView {
    view! { <h1>"Log"</h1> }
}
