//! Keeps a page true while something is under way.
#![expect(missing_docs, reason = "the island macro makes a struct for the properties and does not document it")]

use leptos::prelude::*;

/// Loads the page again as soon as it would look different, while something is under way. Without script it is a link that does the same.
///
/// It asks `url` (this page by default) every `every_ms` for text that holds `data-live="VERSION"`. It rests while nobody sees the
/// page and while somebody types into it, and gives up after some failures.
#[component]
pub fn LiveRefresh(
    /// What the page shows now, as letters, digits, `-`, `.` and `:`; differs whenever the page would.
    #[prop(into)]
    version: String,
    /// What to ask; empty for this page.
    #[prop(optional, into)]
    url: String,
    /// How often to ask, in milliseconds.
    #[prop(default = 2_000)]
    every_ms: u32,
) -> impl IntoView {
    view! { <LiveIsland version url every_ms/> }
}

/// The part of [`LiveRefresh`] that runs in the browser; the properties of an island cannot be left out.
#[island]
pub fn LiveIsland(
    /// What the page shows now.
    version: String,
    /// What to ask; empty for this page.
    url: String,
    /// How often to ask, in milliseconds.
    every_ms: u32,
) -> impl IntoView {
    let alive = RwSignal::new(false);
    let mark = version.clone();

    Effect::new(move |_| {
        #[cfg(feature = "islands")]
        browser::start(version.clone(), url.clone(), every_ms, alive);
        #[cfg(not(feature = "islands"))]
        let _ = (&version, &url, every_ms, alive);
    });

    view! {
        <span class="asof" data-live=mark>
            <span hidden=move || !alive.get()>"This page keeps itself up to date."</span>
            <a href="" hidden=alive>"Reload to see how far it is"</a>
        </span>
    }
}

#[cfg(feature = "islands")]
mod browser {
    use crate::islands::browser::{all, is_hidden};
    use leptos::{
        __reexports::wasm_bindgen_futures::JsFuture,
        leptos_dom::helpers::IntervalHandle,
        prelude::*,
        task::spawn_local,
        wasm_bindgen::{JsCast, JsValue},
        web_sys::Response,
    };
    use std::{cell::Cell, rc::Rc, time::Duration};

    const FAILURES: u32 = 5;

    pub(super) fn start(version: String, url: String, every_ms: u32, alive: RwSignal<bool>) {
        let marker = format!("data-live=\"{version}\"");
        let failures = Rc::new(Cell::new(0_u32));
        let handle = Rc::new(Cell::new(None::<IntervalHandle>));
        let tick = {
            let handle = Rc::clone(&handle);
            move || {
                if is_hidden() || is_busy() {
                    return;
                }
                let (marker, url) = (marker.clone(), url.clone());
                let (failures, handle) = (Rc::clone(&failures), Rc::clone(&handle));
                spawn_local(async move {
                    match read(&url).await {
                        Ok(text) if text.contains(&marker) => failures.set(0),
                        Ok(_) => {
                            stop(&handle);
                            let _ = window().location().reload();
                        }
                        Err(_) if failures.get() < FAILURES => failures.set(failures.get() + 1),
                        Err(_) => {
                            stop(&handle);
                            alive.set(false);
                        }
                    }
                });
            }
        };
        handle.set(set_interval_with_handle(tick, Duration::from_millis(every_ms.into())).ok());
        alive.set(true);
    }

    fn stop(handle: &Cell<Option<IntervalHandle>>) {
        if let Some(handle) = handle.take() {
            handle.clear();
        }
    }

    /// Whether somebody is about to do something that a reload would take away.
    fn is_busy() -> bool {
        let typing = document()
            .active_element()
            .is_some_and(|at| matches!(at.tag_name().as_str(), "INPUT" | "TEXTAREA" | "SELECT"));
        typing || !all(None, "details.confirm[open]").is_empty()
    }

    async fn read(url: &str) -> Result<String, JsValue> {
        let url = if url.is_empty() { window().location().href()? } else { url.to_owned() };
        let response: Response = JsFuture::from(window().fetch_with_str(&url)).await?.dyn_into()?;
        if !response.ok() {
            return Err(JsValue::NULL);
        }
        let text = JsFuture::from(response.text()?).await?;
        Ok(text.as_string().unwrap_or_default())
    }
}
