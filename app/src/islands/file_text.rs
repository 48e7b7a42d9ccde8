//! Reads a text file into a field.
#![expect(missing_docs, reason = "the island macro makes a struct for the properties and does not document it")]

use leptos::prelude::*;

/// Lets one choose a text file whose text goes into a field. Without script it is not there: people paste the text instead.
#[island]
pub fn FileText(
    /// The id of the field.
    #[prop(into)]
    field: String,
    /// The words beside the choice.
    #[prop(into)]
    label: String,
    /// The largest file, in bytes.
    max: u32,
) -> impl IntoView {
    let ready = RwSignal::new(false);
    let said = RwSignal::new(String::new());
    Effect::new(move |_| ready.set(true));
    let id = format!("{field}-file");

    let choose = move |event: leptos::ev::Event| {
        #[cfg(feature = "islands")]
        said.set(browser::read(&event, &field, max, said).unwrap_or_default());
        #[cfg(not(feature = "islands"))]
        let _ = (&event, &field, max);
    };

    view! {
        <div class="ask" hidden=move || !ready.get()>
            <label for=id.clone()>{label}</label>
            <input class="input" type="file" id=id accept=".csv,.toml,.txt,text/csv,text/plain" on:change=choose/>
            <span class="hint" role="status">{said}</span>
        </div>
    }
}

#[cfg(feature = "islands")]
mod browser {
    use leptos::{
        ev::Event,
        prelude::*,
        wasm_bindgen::{JsCast, JsValue, closure::Closure},
        web_sys::js_sys::{Function, Promise, Reflect},
    };

    /// Begins to read the chosen file into the field and returns what to say meanwhile.
    pub(super) fn read(event: &Event, field: &str, max: u32, said: RwSignal<String>) -> Option<String> {
        let get = |of: &JsValue, name: &str| Reflect::get(of, &JsValue::from_str(name)).ok();
        let input: JsValue = event.target()?.into();
        let file = get(&get(&input, "files")?, "0").filter(JsValue::is_object)?;
        let name = get(&file, "name")?.as_string()?;
        if get(&file, "size")?.as_f64()? > f64::from(max) {
            return Some(format!("{name} is too large: at most {} KB.", max / 1024));
        }
        let field = JsValue::from(document().get_element_by_id(field)?);
        let reading: Promise = get(&file, "text")?.dyn_into::<Function>().ok()?.call0(&file).ok()?.dyn_into().ok()?;
        let put = Closure::once_into_js(move |text: JsValue| {
            // A failure leaves the field as it is, for pasting.
            let _ = Reflect::set(&field, &JsValue::from_str("value"), &text);
            said.set(format!("{name} stands in the field above. It leaves this computer when you check it."));
        });
        // `then` through the object, since the typed one wants a closure that lives on.
        let then: Function = get(&reading, "then")?.dyn_into().ok()?;
        then.call1(&reading, &put).ok()?;
        None
    }
}
