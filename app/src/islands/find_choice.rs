//! A field that finds among many things to tick.
#![expect(missing_docs, reason = "the island macro makes a struct for the properties and does not document it")]

use crate::icons::{Icon, IconName};
use leptos::prelude::*;

/// Shows only those choices of a list whose label contains what is typed; ticked ones stay in sight. Not there without script, where
/// the whole list is.
#[island]
pub fn FindChoice(
    /// The id of the list's first box; the list itself is `…-choices`.
    group: String,
    /// What one looks for: "Find a project".
    label: String,
) -> impl IntoView {
    let (ready, text, shown) = (RwSignal::new(false), RwSignal::new(String::new()), RwSignal::new(None::<u32>));

    Effect::new(move |_| {
        #[cfg(feature = "islands")]
        {
            ready.set(true);
            shown.set(browser::show(&group, &text.get()));
        }
        #[cfg(not(feature = "islands"))]
        let _ = (&group, ready, shown);
    });

    view! {
        <div class="find" hidden=move || !ready.get()>
            <label class="filter search">
                <Icon name=IconName::Find/>
                <input
                    type="search"
                    aria-label=label.clone()
                    placeholder=label
                    autocomplete="off"
                    spellcheck="false"
                    on:input=move |event| text.set(event_target_value(&event))
                    // Enter would send the form and leave the step.
                    on:keydown=move |event| if event.key() == "Enter" { event.prevent_default() }
                />
            </label>
            <span class="muted" role="status">
                {move || match shown.get() {
                    None => String::new(),
                    Some(0) => "None has that in its name".to_owned(),
                    Some(1) => "1 found".to_owned(),
                    Some(count) => format!("{count} found"),
                }}
            </span>
        </div>
    }
}

#[cfg(feature = "islands")]
mod browser {
    use crate::islands::browser::all;
    use leptos::{prelude::*, wasm_bindgen::JsCast, web_sys::HtmlInputElement};

    /// Hides what does not fit; says how many do, or nothing while nothing is looked for.
    pub(super) fn show(group: &str, text: &str) -> Option<u32> {
        let list = document().get_element_by_id(&format!("{group}-choices"))?;
        let wanted = text.trim().to_lowercase();
        let mut found = 0;
        for choice in all(Some(&list), ".choice") {
            let fits = choice.text_content().unwrap_or_default().to_lowercase().contains(&wanted);
            let is_ticked = all(Some(&choice), "input")
                .first()
                .and_then(|input| input.dyn_ref::<HtmlInputElement>().map(HtmlInputElement::checked))
                .unwrap_or_default();
            found += u32::from(fits);
            let _ = choice.class_list().toggle_with_force("other", !fits && !is_ticked);
        }
        (!wanted.is_empty()).then_some(found)
    }
}
