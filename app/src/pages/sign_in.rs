//! Signing in, and, in a demo only, the accounts one can try it with.

use leptos::prelude::*;

use super::{
    failed::RefusedAct,
    frame::{last_attempt, query},
};
use crate::{
    api::{
        attempts::AttemptView,
        session::{DemoAccount, demo_accounts},
    },
    components::{Avatar, Field, Hidden, Note, Tone},
    error::ApiError,
    icons::IconName,
    layout::GateFrame,
    paths,
};

/// The form to sign in with. Somebody who is signed in already is sent on.
#[component]
pub fn SignInPage() -> impl IntoView {
    let next = paths::own_path(&query("next").unwrap_or_default()).to_owned();
    #[cfg(feature = "ssr")]
    if crate::server::caller().is_some() {
        leptos_axum::redirect(&next);
    }
    let done = query("done");
    let last = last_attempt();
    let accounts = Resource::new(|| (), |()| demo_accounts());
    view! {
        <Suspense>
            {Suspend::new(async move {
                let attempt = last.await.unwrap_or_default();
                // Without its accounts the demo can still be signed in to.
                let below = demo_view(accounts.await.unwrap_or_default(), &next);
                view! {
                    <GateFrame title="Sign in" below>
                        {note_view(done.as_deref(), &next, &attempt)}
                        {form_view(&attempt, next)}
                    </GateFrame>
                }
            })}
        </Suspense>
    }
}

/// Why one sees this page: something just ended, something was refused, or a page asked for it.
fn note_view(done: Option<&str>, next: &str, attempt: &AttemptView) -> AnyView {
    if let Some(problem) = &attempt.problem {
        return match problem {
            ApiError::TooManyTries { seconds } => view! {
                <Note tone=Tone::Warn icon=IconName::Clock title="Too many tries.">
                    {format!("Wait {}, then try again. Nothing is locked for good.", wait_words(*seconds))}
                </Note>
            }
            .into_any(),
            other => view! { <RefusedAct problem=Some(other.clone())/> }.into_any(),
        };
    }
    match done {
        _ if attempt.is_refused() => ().into_any(),
        Some("out") => view! { <Note tone=Tone::Ok title="You are signed out."/> }.into_any(),
        Some("password") => {
            view! { <Note tone=Tone::Ok title="Your password is set.">"Sign in with it."</Note> }.into_any()
        }
        _ if next != paths::HOME => view! { <p class="muted">"Sign in to see the page you asked for."</p> }.into_any(),
        _ => ().into_any(),
    }
}

fn form_view(attempt: &AttemptView, next: String) -> impl IntoView + use<> {
    let username = attempt.value("username");
    let (name_error, password_error) = (attempt.error("username"), attempt.error("password"));
    // Whoever has given a good name goes on where something is missing.
    let at_password = !username.is_empty() && name_error.is_none();
    view! {
        <form method="post" action="/api/session/sign-in" class="form narrow">
            <Hidden name="next" value=next/>
            <Field label="Username" name="username" value=username error=name_error autocomplete="username" autofocus=!at_password/>
            <Field label="Password" name="password" kind="password" error=password_error autocomplete="current-password" autofocus=at_password/>
            <button type="submit" class="btn main wide">"Sign in"</button>
        </form>
    }
}

/// The accounts of the demo, each with a form of its own that signs in with it.
fn demo_view(accounts: Vec<DemoAccount>, next: &str) -> AnyView {
    if accounts.is_empty() {
        return ().into_any();
    }
    let rows = accounts
        .into_iter()
        .map(|account| {
            let DemoAccount { username, password, display_name, explanation } = account;
            view! {
                <li>
                    <Avatar name=display_name.clone()/>
                    <div class="grow">
                        <b>{display_name.clone()}</b>
                        <span class="about">{explanation}</span>
                        <code>{format!("{username} / {password}")}</code>
                    </div>
                    <form method="post" action="/api/session/sign-in">
                        <Hidden name="next" value=next/>
                        <Hidden name="username" value=username.clone()/>
                        <Hidden name="password" value=password/>
                        <button type="submit" class="btn small">
                            "Sign in"
                            <span class="sr">{format!(" as {display_name}, {username}")}</span>
                        </button>
                    </form>
                </li>
            }
        })
        .collect_view();
    view! {
        <section class="card" aria-labelledby="demo-accounts">
            <header><h2 id="demo-accounts">"Accounts of this demo"</h2></header>
            <ul class="accounts">{rows}</ul>
        </section>
    }
    .into_any()
}

/// A wait in words: "40 seconds", "3 minutes".
fn wait_words(seconds: u32) -> String {
    match seconds {
        0 | 1 => "a second".to_owned(),
        2..=99 => format!("{seconds} seconds"),
        100..=5_999 => format!("{} minutes", seconds.div_ceil(60)),
        _ => format!("{} hours", seconds.div_ceil(3_600)),
    }
}

#[cfg(test)]
mod tests {
    use super::wait_words;

    #[test]
    fn a_wait_is_never_told_shorter_than_it_is() {
        assert_eq!(wait_words(1), "a second");
        assert_eq!(wait_words(40), "40 seconds");
        assert_eq!(wait_words(121), "3 minutes");
        assert_eq!(wait_words(7_201), "3 hours");
    }
}
