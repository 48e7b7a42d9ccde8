//! Private key.

use leptos::prelude::*;

/// Private key.
#[component]
pub fn RequestSecretPage() -> impl IntoView {
    view! { <h1>"Private key"</h1> }
}
