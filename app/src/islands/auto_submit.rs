//! Filter bars that send themselves.
#![expect(missing_docs, reason = "the island macro makes a struct for the properties and does not document it")]

use leptos::prelude::*;

/// Submits a GET form when a choice changes or typing pauses, and what was changed before it started; leaves empty fields out of the address, and puts the focus back
/// where it was on the page that answers.
#[island]
pub fn AutoSubmit(
    /// The id of the form.
    #[prop(into)]
    form: String,
) -> impl IntoView {
    Effect::new(move |_| {
        #[cfg(feature = "islands")]
        browser::attach(&form);
        #[cfg(not(feature = "islands"))]
        let _ = &form;
    });
}

#[cfg(feature = "islands")]
mod browser {
    use crate::islands::browser::{all, value_of};
    use leptos::{
        leptos_dom::helpers::TimeoutHandle,
        prelude::*,
        wasm_bindgen::{JsCast, JsValue, closure::Closure},
        web_sys::{Element, Event, FormData, HtmlElement, HtmlFormElement, HtmlInputElement, js_sys::Reflect},
    };
    use std::{cell::Cell, rc::Rc, time::Duration};

    const PAUSE: Duration = Duration::from_millis(450);
    const FOCUS: &str = "filters-focus";

    pub(super) fn attach(id: &str) {
        let Some(form) = document().get_element_by_id(id).and_then(|form| form.dyn_into::<HtmlFormElement>().ok())
        else {
            return;
        };
        restore_focus(&form);
        leave_empty_out(&form);

        let pending = Rc::new(Cell::new(None::<TimeoutHandle>));
        listen(&form, "change", {
            let form = form.clone();
            let pending = Rc::clone(&pending);
            move |event| {
                clear(&pending);
                submit(&form, field_of(&event));
            }
        });
        listen(&form, "input", {
            let form = form.clone();
            let pending = Rc::clone(&pending);
            move |event| {
                let typed =
                    event.target().is_some_and(|target| target.dyn_ref::<HtmlInputElement>().is_some_and(is_text));
                if typed {
                    clear(&pending);
                    later(&pending, &form, field_of(&event));
                }
            }
        });
        // Nobody heard what was chosen or typed before the island ran. It counts as if it had happened just now.
        if let Some(changed) = all(Some(&form), "input, select").into_iter().find(differs) {
            later(&pending, &form, Some(changed));
        }
    }

    /// Whether a field says something else than the page that the server drew.
    fn differs(field: &Element) -> bool {
        if let Some(input) = field.dyn_ref::<HtmlInputElement>() {
            return input.value() != input.default_value();
        }
        let drawn = all(Some(field), "option[selected]").first().map(value_of).unwrap_or_default();
        value_of(field) != drawn
    }

    fn field_of(event: &Event) -> Option<Element> {
        event.target().and_then(|field| field.dyn_into::<Element>().ok())
    }

    fn later(pending: &Rc<Cell<Option<TimeoutHandle>>>, form: &HtmlFormElement, field: Option<Element>) {
        let form = form.clone();
        pending.set(set_timeout_with_handle(move || submit(&form, field), PAUSE).ok());
    }

    fn is_text(input: &HtmlInputElement) -> bool {
        matches!(input.type_().as_str(), "search" | "text")
    }

    fn clear(pending: &Cell<Option<TimeoutHandle>>) {
        if let Some(handle) = pending.take() {
            handle.clear();
        }
    }

    fn submit(form: &HtmlFormElement, field: Option<Element>) {
        let name = field.and_then(|field| field.get_attribute("name"));
        if let (Some(name), Ok(Some(store))) = (name, window().session_storage()) {
            // A full or forbidden store costs the focus, nothing else.
            let _ = store.set_item(FOCUS, &name);
        }
        let _ = form.request_submit();
    }

    fn restore_focus(form: &HtmlFormElement) {
        let Ok(Some(store)) = window().session_storage() else { return };
        let Ok(Some(name)) = store.get_item(FOCUS) else { return };
        let _ = store.remove_item(FOCUS);
        let field =
            all(Some(form), "[name]").into_iter().find(|field| field.get_attribute("name").as_ref() == Some(&name));
        if let Some(field) = field.and_then(|field| field.dyn_into::<HtmlElement>().ok()) {
            let _ = field.focus();
            if let Some(input) = field.dyn_ref::<HtmlInputElement>() {
                let end = u32::try_from(input.value().encode_utf16().count()).unwrap_or(u32::MAX);
                let _ = input.set_selection_range(end, end);
            }
        }
    }

    fn leave_empty_out(form: &HtmlFormElement) {
        let of = form.clone();
        listen(form, "formdata", move |event| {
            // web-sys does not know the class of this event.
            let Ok(data) = Reflect::get(&event, &JsValue::from_str("formData")) else { return };
            let Ok(data) = data.dyn_into::<FormData>() else { return };
            for field in all(Some(&of), "[name]") {
                if let Some(name) = field.get_attribute("name")
                    && value_of(&field).is_empty()
                {
                    data.delete(&name);
                }
            }
        });
    }

    fn listen(form: &HtmlFormElement, event: &str, act: impl Fn(Event) + 'static) {
        let listener = Closure::<dyn Fn(Event)>::new(act);
        let _ = form.add_event_listener_with_callback(event, listener.as_ref().unchecked_ref());
        listener.forget();
    }
}
