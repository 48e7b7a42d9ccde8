//! Times in the viewer's own zone.
#![expect(missing_docs, reason = "the island macro makes a struct for the properties and does not document it")]

use leptos::prelude::*;

/// Shows every `<time>` of the page in the viewer's own zone on hover, beside UTC, and keeps "2 min ago" true while the page lies open.
/// One for the whole page: a table of fifty rows would otherwise carry fifty islands.
#[island]
pub fn LocalTimes(
    /// The server's time when it drew the page, in milliseconds since 1970: the viewer's clock may be wrong.
    now_ms: i64,
) -> impl IntoView {
    Effect::new(move |_| {
        #[cfg(feature = "islands")]
        browser::start(now_ms);
        #[cfg(not(feature = "islands"))]
        let _ = now_ms;
    });
}

#[cfg(feature = "islands")]
mod browser {
    use crate::{
        components::relative_seconds,
        islands::browser::{all, is_hidden},
    };
    use leptos::{
        prelude::*,
        wasm_bindgen::JsValue,
        web_sys::js_sys::{Date, Object, Reflect},
    };
    use std::time::Duration;

    pub(super) fn start(now_ms: i64) {
        let options = styles("long");
        let short = styles("medium");
        for element in all(None, "time[datetime][title]") {
            let Some(date) = date_of(&element.get_attribute("datetime")) else { continue };
            let local: String = date.to_locale_string("en-GB", &options).into();
            let utc = element.get_attribute("title").unwrap_or_default();
            if local != utc && !local.ends_with("UTC") {
                if element.has_attribute("data-exact") {
                    let text: String = date.to_locale_string("en-GB", &short).into();
                    element.set_text_content(Some(&text));
                }
                let _ = element.set_attribute("title", &format!("{local} ({utc})"));
            }
        }

        // The server's clock minus the viewer's.
        #[expect(clippy::cast_precision_loss, reason = "milliseconds since 1970 fit into 53 bits")]
        let ahead = now_ms as f64 - Date::now();
        set_interval(move || refresh(Date::now() + ahead), Duration::from_secs(20));
    }

    /// How a date and a time are written: "long" names the zone, "medium" does not.
    fn styles(time: &str) -> Object {
        let options = Object::new();
        for (name, value) in [("dateStyle", "medium"), ("timeStyle", time)] {
            let _ = Reflect::set(&options, &JsValue::from_str(name), &JsValue::from_str(value));
        }
        options
    }

    fn refresh(now_ms: f64) {
        if is_hidden() {
            return;
        }
        for element in all(None, "time[data-relative]") {
            if let Some(date) = date_of(&element.get_attribute("datetime")) {
                #[expect(clippy::cast_possible_truncation, reason = "seconds between two times of a page")]
                let seconds = ((now_ms - date.get_time()) / 1000.0) as i64;
                element.set_text_content(Some(&relative_seconds(seconds)));
            }
        }
    }

    fn date_of(text: &Option<String>) -> Option<Date> {
        let date = Date::new(&JsValue::from_str(text.as_ref()?));
        (!date.get_time().is_nan()).then_some(date)
    }
}
