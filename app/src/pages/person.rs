//! Person.

use leptos::prelude::*;

/// Person.
#[component]
pub fn PersonPage() -> impl IntoView {
    view! { <h1>"Person"</h1> }
}
