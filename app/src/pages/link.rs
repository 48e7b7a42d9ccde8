//! One-time links: the first set-up, and choosing a password.

use leptos::prelude::*;

use super::{
    failed::{RefusedAct, error_items},
    frame::{last_attempt, page_status, segment},
};
use crate::{
    api::{
        attempts::AttemptView,
        session::{LinkView, link},
    },
    components::{ErrorSummary, Field, Hidden, LinkButton},
    error::ApiError,
    layout::GateFrame,
    paths,
};

/// The rule about passwords, as it stands above each field in which one is chosen.
pub(super) const PASSWORD_RULE: &str = "12 to 128 characters of any kind, also spaces. A few unrelated words do well. Passwords that everybody tries first are refused.";

/// What the link in the address is for, or the way out when it is for nothing any more.
#[component]
pub fn LinkPage() -> impl IntoView {
    let token = segment("token");
    let looking = Resource::new(|| (), {
        let token = token.clone();
        move |()| link(token.clone())
    });
    let last = last_attempt();
    view! {
        <Suspense>
            {Suspend::new(async move {
                let attempt = last.await.unwrap_or_default();
                match looking.await {
                    Ok(Some(LinkView::SetUp)) => set_up_view(token, attempt),
                    Ok(Some(LinkView::ChoosePassword { username, display_name })) => {
                        choose_view(token, username, display_name, attempt)
                    }
                    Ok(None) => dead_view(),
                    Err(error) => failed_view(error),
                }
            })}
        </Suspense>
    }
}

fn set_up_view(token: String, attempt: AttemptView) -> AnyView {
    view! {
        <GateFrame title="Set up Meridian">
            <p class="muted">"You become the first administrator: you connect organizations and add other people. This link works once."</p>
            <form method="post" action="/api/session/set-up" class="form narrow">
                <ErrorSummary errors=error_items(&attempt)/>
                <Hidden name="token" value=token/>
                <Field
                    label="Username"
                    name="username"
                    value=attempt.value("username")
                    error=attempt.error("username")
                    hint="You sign in with it. Letters, digits and . - _ @ +"
                    autocomplete="username"
                    maxlength=64_u32
                />
                <Field
                    label="Your name"
                    name="display_name"
                    value=attempt.value("display_name")
                    error=attempt.error("display_name")
                    hint="Others see it beside what you do."
                    autocomplete="name"
                    maxlength=100_u32
                />
                {new_password_fields(&attempt)}
                <button type="submit" class="btn main wide">"Set up and sign in"</button>
            </form>
        </GateFrame>
    }
    .into_any()
}

fn choose_view(token: String, username: String, display_name: String, attempt: AttemptView) -> AnyView {
    view! {
        <GateFrame title="Choose your password">
            <p class="muted">{format!("Hello, {display_name}. This link works once; afterwards you sign in with your username and this password.")}</p>
            <form method="post" action="/api/session/choose-password" class="form narrow">
                <ErrorSummary errors=error_items(&attempt)/>
                <Hidden name="token" value=token/>
                // Not needed by the form: password managers keep the password under it.
                <Field label="Username" name="username" value=username autocomplete="username" readonly=true/>
                {new_password_fields(&attempt)}
                <button type="submit" class="btn main wide">"Set this password"</button>
            </form>
        </GateFrame>
    }
    .into_any()
}

fn new_password_fields(attempt: &AttemptView) -> impl IntoView + use<> {
    view! {
        <Field
            label="Password"
            name="password"
            kind="password"
            error=attempt.error("password")
            hint=PASSWORD_RULE
            autocomplete="new-password"
        />
        <Field
            label="Password again"
            name="password_again"
            kind="password"
            error=attempt.error("password_again")
            autocomplete="new-password"
        />
    }
}

fn dead_view() -> AnyView {
    page_status(&ApiError::NotFound);
    view! {
        <GateFrame title="This link does not work any more">
            <p>"It was used already, its 30 minutes are over, or a newer one took its place."</p>
            <div class="stack tight">
                <p><b>"Your password is set?"</b>" Then sign in with it."</p>
                <p><b>"You were to choose a password?"</b>" Ask an administrator of Meridian for a new link, or whoever runs it: "<code>"meridian user reset-password NAME"</code></p>
                <p><b>"You were setting up Meridian?"</b>" Restart it and take the new link from its console."</p>
            </div>
            <div class="row"><LinkButton href=paths::SIGN_IN>"Sign in"</LinkButton></div>
        </GateFrame>
    }
    .into_any()
}

fn failed_view(error: ApiError) -> AnyView {
    page_status(&error);
    view! {
        <GateFrame title="This link could not be looked up">
            <RefusedAct problem=Some(error)/>
            <p>"The link was not used up. Load the page again."</p>
        </GateFrame>
    }
    .into_any()
}
