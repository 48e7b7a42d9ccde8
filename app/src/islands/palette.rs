//! Search over everything without leaving the page.
#![expect(missing_docs, reason = "the island macro makes a struct for the properties and does not document it")]

use crate::icons::{Icon, IconName};
use leptos::prelude::*;

/// A dialog that finds anything while somebody types. Ctrl K or ⌘ K opens it, and so does every link with `data-palette`, which
/// leads to the page of the search where no script runs.
///
/// The arrows go through what was found, Enter opens it, Escape closes. No other key is taken from anybody.
#[island]
pub fn Palette(
    /// Where pieces of a page with results come from; takes `q`.
    results: String,
    /// The page of the search; takes `q`.
    page: String,
) -> impl IntoView {
    Effect::new(move |_| {
        #[cfg(feature = "islands")]
        browser::attach(results.clone());
        #[cfg(not(feature = "islands"))]
        let _ = &results;
    });
    view! {
        <dialog id="palette" class="palette" aria-label="Find anything">
            <form method="get" action=page role="search" aria-label="Everything">
                <Icon name=IconName::Find/>
                <input
                    id="palette-text"
                    type="search"
                    name="q"
                    maxlength="200"
                    aria-label="Find anything"
                    aria-describedby="palette-keys"
                    placeholder="Name, id, public key, address or request"
                    autocomplete="off"
                    spellcheck="false"
                />
                <button type="button" class="btn plain small" data-close="">"Close"</button>
            </form>
            <p class="sr" role="status" id="palette-status"></p>
            <div class="results" id="palette-results"></div>
            <p class="keys" id="palette-keys"><kbd>"↑"</kbd><kbd>"↓"</kbd>" choose, "<kbd>"Enter"</kbd>" opens, "<kbd>"Esc"</kbd>" closes"</p>
        </dialog>
    }
}

#[cfg(feature = "islands")]
mod browser {
    use crate::islands::browser::all;
    use leptos::{
        __reexports::wasm_bindgen_futures::JsFuture,
        leptos_dom::helpers::TimeoutHandle,
        prelude::*,
        task::spawn_local,
        wasm_bindgen::{JsCast, JsValue, closure::Closure},
        web_sys::{
            Element, Event, EventTarget, HtmlDialogElement, HtmlElement, HtmlInputElement, KeyboardEvent, Response,
            js_sys::encode_uri_component,
        },
    };
    use std::{cell::Cell, rc::Rc, time::Duration};

    /// Long enough that fast typing asks once, short enough that nobody notices.
    const PAUSE: Duration = Duration::from_millis(90);

    #[derive(Clone)]
    struct Parts {
        dialog: HtmlDialogElement,
        text: HtmlInputElement,
        results: Element,
        status: Element,
        url: String,
        /// Counts questions, so that an old answer does not come after a new one.
        asked: Rc<Cell<u32>>,
        /// The question that is shown.
        shown: Rc<Cell<u32>>,
        /// Somebody pressed Enter before the answer was there.
        wants_first: Rc<Cell<bool>>,
        pending: Rc<Cell<Option<TimeoutHandle>>>,
    }

    pub(super) fn attach(url: String) {
        let Some(parts) = find(url) else { return };
        listen(document().as_ref(), "keydown", {
            let parts = parts.clone();
            move |event| shortcut(&parts, event)
        });
        listen(document().as_ref(), "click", {
            let parts = parts.clone();
            move |event| clicked(&parts, event)
        });
        listen(parts.dialog.as_ref(), "keydown", {
            let parts = parts.clone();
            move |event| key(&parts, event)
        });
        listen(parts.text.as_ref(), "input", {
            let parts = parts.clone();
            move |_| later(&parts)
        });
    }

    fn find(url: String) -> Option<Parts> {
        let by_id = |id: &str| document().get_element_by_id(id);
        Some(Parts {
            dialog: by_id("palette")?.dyn_into().ok()?,
            text: by_id("palette-text")?.dyn_into().ok()?,
            results: by_id("palette-results")?,
            status: by_id("palette-status")?,
            url,
            asked: Rc::default(),
            shown: Rc::default(),
            wants_first: Rc::default(),
            pending: Rc::default(),
        })
    }

    fn shortcut(parts: &Parts, event: &Event) {
        let Some(event) = event.dyn_ref::<KeyboardEvent>() else { return };
        let opens = (event.ctrl_key() || event.meta_key()) && !event.alt_key() && !event.shift_key();
        if !opens || !event.key().eq_ignore_ascii_case("k") {
            return;
        }
        event.prevent_default();
        if parts.dialog.open() { parts.dialog.close() } else { open(parts) }
    }

    fn clicked(parts: &Parts, event: &Event) {
        let Some(target) = event.target().and_then(|target| target.dyn_into::<Element>().ok()) else { return };
        let is_plain = event.dyn_ref::<leptos::web_sys::MouseEvent>().is_none_or(|click| {
            click.button() == 0 && !click.ctrl_key() && !click.meta_key() && !click.shift_key() && !click.alt_key()
        });
        let within = |selector: &str| target.closest(selector).ok().flatten().is_some();
        if within("[data-palette]") && is_plain {
            event.prevent_default();
            open(parts);
        } else if within("#palette [data-close]") || target == **parts.dialog {
            // The dialog itself is only hit beside its content.
            parts.dialog.close();
        }
    }

    fn open(parts: &Parts) {
        // A popover, such as the navigation of small screens, would lie above.
        if parts.dialog.open() || parts.dialog.show_modal().is_err() {
            return;
        }
        parts.text.select();
        ask(parts);
    }

    fn key(parts: &Parts, event: &Event) {
        let Some(event) = event.dyn_ref::<KeyboardEvent>() else { return };
        let links = links(parts);
        let at = document().active_element();
        let place = links.iter().position(|link| at.as_ref() == Some(link));
        match (event.key().as_str(), place) {
            ("ArrowDown", place) => {
                event.prevent_default();
                focus(links.get(place.map_or(0, |place| place + 1)).or(links.last()));
            }
            ("ArrowUp", Some(0)) => {
                event.prevent_default();
                let _ = parts.text.focus();
            }
            ("ArrowUp", Some(place)) => {
                event.prevent_default();
                focus(links.get(place - 1));
            }
            ("Enter", None) if at.as_ref() == Some(parts.text.as_ref()) && !parts.text.value().trim().is_empty() => {
                event.prevent_default();
                if is_shown(parts) { go(parts) } else { parts.wants_first.set(true) }
            }
            // Who types on while a result has the focus goes on typing.
            (key, Some(_))
                if key.chars().count() == 1
                    && key != " "
                    && !event.ctrl_key()
                    && !event.meta_key()
                    && !event.alt_key() =>
            {
                let _ = parts.text.focus();
            }
            _ => {}
        }
    }

    /// Everything in the results that leads somewhere.
    fn links(parts: &Parts) -> Vec<Element> {
        all(Some(&parts.results), "a")
    }

    fn focus(link: Option<&Element>) {
        if let Some(link) = link.and_then(|link| link.dyn_ref::<HtmlElement>()) {
            let _ = link.focus();
        }
    }

    fn is_shown(parts: &Parts) -> bool {
        let is_waiting = parts.pending.take().map(|handle| parts.pending.set(Some(handle))).is_some();
        !is_waiting && parts.shown.get() == parts.asked.get()
    }

    /// Opens what was found first, or the page of the search when nothing was.
    fn go(parts: &Parts) {
        match all(Some(&parts.results), "a.hit").first().and_then(|hit| hit.dyn_ref::<HtmlElement>()) {
            Some(hit) => hit.click(),
            None => {
                if let Some(form) = parts.text.form() {
                    let _ = form.request_submit();
                }
            }
        }
    }

    fn later(parts: &Parts) {
        if let Some(handle) = parts.pending.take() {
            handle.clear();
        }
        parts.wants_first.set(false);
        let of = parts.clone();
        let handle = set_timeout_with_handle(
            move || {
                of.pending.set(None);
                ask(&of);
            },
            PAUSE,
        );
        parts.pending.set(handle.ok());
    }

    fn ask(parts: &Parts) {
        let number = parts.asked.get() + 1;
        parts.asked.set(number);
        let text = String::from(encode_uri_component(parts.text.value().trim()));
        let (url, parts) = (format!("{}?q={text}", parts.url), parts.clone());
        spawn_local(async move {
            let answer = read(&url).await;
            if parts.asked.get() != number {
                return;
            }
            match answer {
                Ok(html) => {
                    parts.results.set_inner_html(&html);
                    let spoken = all(Some(&parts.results), "[data-found]")
                        .first()
                        .and_then(|found| found.get_attribute("data-found"))
                        .unwrap_or_default();
                    parts.status.set_text_content(Some(&spoken));
                }
                Err(_) => {
                    parts.results.set_inner_html("");
                    // Enter leads to the page, which says what is wrong.
                    parts.status.set_text_content(Some("Nothing can be looked up at the moment. Enter tries again."));
                }
            }
            parts.shown.set(number);
            if parts.wants_first.take() {
                go(&parts);
            }
        });
    }

    async fn read(url: &str) -> Result<String, JsValue> {
        let response: Response = JsFuture::from(window().fetch_with_str(url)).await?.dyn_into()?;
        // Who is not signed in any more is sent to a page for that.
        if !response.ok() || response.redirected() {
            return Err(JsValue::NULL);
        }
        let text = JsFuture::from(response.text()?).await?;
        Ok(text.as_string().unwrap_or_default())
    }

    fn listen(target: &EventTarget, event: &str, act: impl Fn(&Event) + 'static) {
        let listener = Closure::<dyn Fn(Event)>::new(move |event: Event| act(&event));
        let _ = target.add_event_listener_with_callback(event, listener.as_ref().unchecked_ref());
        listener.forget();
    }
}
