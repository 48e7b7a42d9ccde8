//! Overview.

use leptos::prelude::*;

/// Overview.
#[component]
pub fn HomePage() -> impl IntoView {
    view! { <h1>"Overview"</h1> }
}
