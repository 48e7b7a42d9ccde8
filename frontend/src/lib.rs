//! The browser's entry point: hydrates the islands and nothing else.

use wasm_bindgen::prelude::wasm_bindgen;

/// Called once by the page when the module has loaded.
#[wasm_bindgen]
pub fn hydrate() {
    // Without a mention of the crate the linker drops it, and with it every island.
    let _ = app::paths::HOME;
    console_error_panic_hook::set_once();
    leptos::mount::hydrate_islands();
}
