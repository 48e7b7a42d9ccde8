//! Your account.

use leptos::prelude::*;

/// Your account.
#[component]
pub fn AccountPage() -> impl IntoView {
    view! { <h1>"Your account"</h1> }
}
