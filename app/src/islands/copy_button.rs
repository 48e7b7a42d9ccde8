//! Copies a text.
#![expect(missing_docs, reason = "the island macro makes a struct for the properties and does not document it")]

use crate::icons::{Icon, IconName};
use leptos::prelude::*;

/// Copies a text. Without script it is not there: people select the text instead.
///
/// Give `from` for secrets, so that they stand in the page only once.
#[component]
pub fn CopyButton(
    /// The text to copy.
    #[prop(optional, into)]
    value: String,
    /// The id of the element whose text is copied, instead of `value`.
    #[prop(optional, into)]
    from: String,
    /// What is copied, where a page has several buttons: "public key" makes "Copy public key".
    #[prop(optional, into)]
    what: String,
    /// Shows the icon only.
    #[prop(optional)]
    compact: bool,
) -> impl IntoView {
    let label = if what.is_empty() { "Copy".to_owned() } else { format!("Copy {what}") };
    view! { <CopyIsland value from label compact/> }
}

/// The part of [`CopyButton`] that runs in the browser; the properties of an island cannot be left out.
#[island]
pub fn CopyIsland(
    /// The text to copy.
    value: String,
    /// The id of the element whose text is copied, instead of `value`.
    from: String,
    /// The words on the button.
    label: String,
    /// Shows the icon only.
    compact: bool,
) -> impl IntoView {
    let ready = RwSignal::new(false);
    let copied = RwSignal::new(false);
    Effect::new(move |_| ready.set(true));

    let copy = move |_| {
        #[cfg(feature = "islands")]
        {
            let text = if from.is_empty() {
                value.clone()
            } else {
                document().get_element_by_id(&from).and_then(|element| element.text_content()).unwrap_or_default()
            };
            // The answer is not waited for: on a secure origin, right after a click, it is yes.
            let _promise = window().navigator().clipboard().write_text(text.trim());
            copied.set(true);
            set_timeout(move || copied.set(false), std::time::Duration::from_secs(2));
        }
        #[cfg(not(feature = "islands"))]
        let _ = (&value, &from);
    };

    view! {
        <button type="button" class="copy" class:done=copied hidden=move || !ready.get() on:click=copy>
            <span hidden=copied><Icon name=IconName::Copy/></span>
            <span hidden=move || !copied.get()><Icon name=IconName::Check/></span>
            <span class:sr=compact aria-live="polite">{move || if copied.get() { "Copied".to_owned() } else { label.clone() }}</span>
        </button>
    }
}
