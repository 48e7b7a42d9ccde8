//! Counts the characters of a field.
#![expect(missing_docs, reason = "the island macro makes a struct for the properties and does not document it")]

use leptos::prelude::*;

/// Says how many characters a field may have, and, once it runs, how many there are.
#[island]
pub fn CharCount(
    /// The id of the field.
    #[prop(into)]
    field: String,
    /// The most characters it takes.
    max: u32,
) -> impl IntoView {
    let count = RwSignal::new(None::<u32>);

    Effect::new(move |_| {
        #[cfg(feature = "islands")]
        browser::watch(&field, count);
        #[cfg(not(feature = "islands"))]
        let _ = (&field, count);
    });

    view! {
        <span class="count-line" class:over=move || count.get().is_some_and(|count| count > max)>
            {move || match count.get() {
                Some(count) => format!("{count} of {max} characters"),
                None => format!("At most {max} characters"),
            }}
        </span>
    }
}

#[cfg(feature = "islands")]
mod browser {
    use crate::islands::browser::value_of;
    use leptos::{
        prelude::*,
        wasm_bindgen::{JsCast, closure::Closure},
    };

    /// Counts what stands in the field now and after every change.
    pub(super) fn watch(field: &str, count: RwSignal<Option<u32>>) {
        let Some(field) = document().get_element_by_id(field) else { return };
        let tell = {
            let field = field.clone();
            move || count.set(u32::try_from(value_of(&field).chars().count()).ok())
        };
        tell();
        let listener = Closure::<dyn Fn()>::new(tell);
        // A failure leaves the sentence as the server wrote it.
        let _ = field.add_event_listener_with_callback("input", listener.as_ref().unchecked_ref());
        listener.forget();
    }
}
