//! Nothing here.

use leptos::prelude::*;

/// Nothing here.
#[component]
pub fn NotFoundPage() -> impl IntoView {
    view! { <h1>"Nothing here"</h1> }
}
