//! How the dashboard looks to one browser. Nobody needs to be signed in for it, and nothing is stored here.

use leptos::prelude::*;

use crate::error::ApiError;

/// Chooses light, dark, or what the system says, and goes back to `back` with its filters.
#[server(prefix = "/api", endpoint = "appearance/theme")]
pub async fn choose_theme(
    /// "light" or "dark"; anything else is the system's.
    #[server(default)]
    theme: String,
    /// The page one came from, a path of this dashboard.
    #[server(default)]
    back: String,
) -> Result<(), ApiError> {
    use http::{HeaderValue, header};
    use leptos_axum::ResponseOptions;

    use crate::{
        layout::Theme,
        paths,
        server::{Typed, answer_form},
    };

    if let Some(options) = use_context::<ResponseOptions>()
        && let Ok(cookie) = HeaderValue::from_str(&Theme::from_name(&theme).set_cookie())
    {
        options.append_header(header::SET_COOKIE, cookie);
    }
    let back = paths::open_path(&back).to_owned();
    answer_form(&back, Typed::nothing(), Ok(back.clone())).await
}
