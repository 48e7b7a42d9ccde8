//! What every page of the console stands in, and what pages share when they read their address.

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::{use_location, use_params_map, use_query_map};

use crate::{
    api::{
        attempts::{AttemptView, attempt},
        session::{FrameView, frame},
    },
    components::Tone,
    error::ApiError,
    layout::{Banner, ConsoleFrame, FrameData, Section},
};

/// The frame of the console with the caller's name, roles and counts around a page.
#[component]
pub fn Console(
    /// The page's title, which the browser shows before "· Meridian".
    #[prop(into)]
    title: String,
    /// Which entry of the navigation is marked.
    #[prop(optional_no_strip, into)]
    current: Option<Section>,
    /// The page.
    children: Children,
) -> impl IntoView {
    let framing = Resource::new(|| (), |()| frame());
    view! {
        <Title text=title/>
        <Suspense>
            {Suspend::new(async move {
                // A page whose frame cannot be read still says what it has to say.
                let frame = frame_data(framing.await.unwrap_or_default());
                view! { <ConsoleFrame frame current>{children()}</ConsoleFrame> }
            })}
        </Suspense>
    }
}

fn frame_data(frame: FrameView) -> FrameData {
    let demo = frame.is_demo.then(|| Banner {
        tone: Tone::Info,
        title: "Demo.".into(),
        text: "The Atlas behind this is the sandbox inside Meridian; nothing here is real and nothing is kept.".into(),
    });
    FrameData {
        display_name: frame.display_name,
        roles_line: frame.roles,
        inbox_count: frame.inbox,
        organization_count: Some(frame.organizations),
        sees_log: frame.sees_log,
        sees_people: frame.sees_people,
        banners: demo.into_iter().collect(),
        now: now(),
    }
}

/// The time at which this page is drawn. The browser never draws a page, so it has no use for it there.
#[must_use]
pub fn now() -> jiff::Timestamp {
    #[cfg(feature = "ssr")]
    {
        crate::server::now()
    }
    #[cfg(not(feature = "ssr"))]
    jiff::Timestamp::UNIX_EPOCH
}

/// The segment `name` of the page's path.
#[must_use]
pub fn segment(name: &str) -> String {
    use_params_map().read_untracked().get(name).unwrap_or_default()
}

/// The value of `name` in the page's query, if it is there.
#[must_use]
pub fn query(name: &str) -> Option<String> {
    use_query_map().read_untracked().get(name)
}

/// What was typed into this page's form when it was last refused, and what is wrong with it.
#[must_use]
pub fn last_attempt() -> Resource<Result<AttemptView, ApiError>> {
    let id = query("attempt").unwrap_or_default();
    let form = use_location().pathname.get_untracked();
    Resource::new(|| (), move |()| attempt(id.clone(), form.clone()))
}

/// Sets the HTTP status of the page: 404 for what is not there, 403 for what one may not see.
pub fn page_status(error: &ApiError) {
    #[cfg(feature = "ssr")]
    crate::server::set_status(error.status());
    #[cfg(not(feature = "ssr"))]
    let _ = error;
}
