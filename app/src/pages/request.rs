//! Request.

use leptos::prelude::*;

/// Request.
#[component]
pub fn RequestPage() -> impl IntoView {
    view! { <h1>"Request"</h1> }
}
