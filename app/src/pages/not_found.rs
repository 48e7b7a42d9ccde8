//! An address at which there is nothing.

use leptos::prelude::*;

use super::{
    failed::Failed,
    frame::{Console, page_status},
};
use crate::{
    components::{LinkButton, PageHeader},
    error::ApiError,
    layout::GateFrame,
    paths,
};

/// Says so, with the status that belongs to it; within the console for those who are signed in.
#[component]
pub fn NotFoundPage() -> impl IntoView {
    if is_signed_in() {
        view! {
            <Console title="Page not found">
                <PageHeader title="Page not found"/>
                <Failed error=ApiError::NotFound what="see this page" title="Nothing here">
                    <LinkButton href=paths::HOME>"Overview"</LinkButton>
                    <LinkButton href=paths::KEYS>"API keys"</LinkButton>
                    <LinkButton href=paths::REQUESTS>"Requests"</LinkButton>
                </Failed>
            </Console>
        }
        .into_any()
    } else {
        page_status(&ApiError::NotFound);
        view! {
            <GateFrame title="Nothing here">
                <p>"There is no page at this address. Check it, or sign in and look from there."</p>
                <div class="row"><LinkButton href=paths::SIGN_IN>"Sign in"</LinkButton></div>
            </GateFrame>
        }
        .into_any()
    }
}

fn is_signed_in() -> bool {
    #[cfg(feature = "ssr")]
    {
        crate::server::caller().is_some()
    }
    #[cfg(not(feature = "ssr"))]
    false
}
