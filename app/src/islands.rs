//! All that runs in the browser. Each island is small, takes plain data, and improves something that already works
//! without it: what it draws first is the same on both sides, and anything useless without script stays hidden until it runs.

pub mod auto_submit;
pub mod char_count;
pub mod copy_button;
pub mod file_text;
pub mod find_choice;
pub mod live_refresh;
pub mod local_times;
pub mod palette;

pub use auto_submit::AutoSubmit;
pub use char_count::CharCount;
pub use copy_button::{CopyButton, CopyIsland};
pub use file_text::FileText;
pub use find_choice::FindChoice;
pub use live_refresh::{LiveIsland, LiveRefresh};
pub use local_times::LocalTimes;
pub use palette::Palette;

#[cfg(feature = "islands")]
mod browser {
    //! The few things that several islands ask of the browser.

    use leptos::{
        prelude::document,
        wasm_bindgen::{JsCast, JsValue},
        web_sys::{Element, js_sys::Reflect},
    };

    /// The elements below `root` that match, in order.
    pub(super) fn all(root: Option<&Element>, selector: &str) -> Vec<Element> {
        let found = match root {
            Some(root) => root.query_selector_all(selector),
            None => document().query_selector_all(selector),
        };
        let Ok(found) = found else { return Vec::new() };
        (0..found.length()).filter_map(|index| found.item(index)?.dyn_into().ok()).collect()
    }

    /// What stands in a field, of whatever kind it is.
    pub(super) fn value_of(field: &Element) -> String {
        Reflect::get(field, &JsValue::from_str("value")).ok().and_then(|value| value.as_string()).unwrap_or_default()
    }

    /// Whether the page lies in a tab that nobody sees.
    pub(super) fn is_hidden() -> bool {
        document().hidden()
    }
}
