//! Add a person.

use leptos::prelude::*;

/// Add a person.
#[component]
pub fn NewPersonPage() -> impl IntoView {
    view! { <h1>"Add a person"</h1> }
}
