//! The one moment in which the private key of a new API key is shown.
//!
//! The page with the form answers GET. The form posts to the same address; its handler draws this page with the secret, or with the
//! reason why there is none, in the context. The secret stands in that one answer and nowhere else.

use domain::ids::RequestNumber;
use jiff::Timestamp;
use leptos::prelude::*;

use super::{
    failed::Failed,
    frame::{Console, now, page_status, segment},
};
use crate::{
    api::requests::{RequestView, RevealedSecret, SecretState, get_request},
    components::{
        Button, ButtonKind, Crumb, EmptyState, ErrorItem, ErrorSummary, Field, LinkButton, Note, PageHeader,
        RelativeTime, Skeleton, Tone, Width,
    },
    error::ApiError,
    icons::IconName,
    islands::CopyButton,
    layout::Section,
    paths,
};

const TITLE: &str = "Private key";

fn revealed() -> Option<RevealedSecret> {
    #[cfg(feature = "ssr")]
    {
        use_context()
    }
    #[cfg(not(feature = "ssr"))]
    None
}

fn refused() -> Option<ApiError> {
    #[cfg(feature = "ssr")]
    {
        use_context()
    }
    #[cfg(not(feature = "ssr"))]
    None
}

/// The page of a request's private key.
#[component]
pub fn RequestSecretPage() -> impl IntoView {
    let number = segment("number");
    let (secret, refusal) = (revealed(), refused());
    if let Some(error) = &refusal {
        page_status(error);
    }
    let loading = Resource::new(
        || (),
        move |()| {
            let number = number.parse();
            async move { get_request(number.map_err(|_| ApiError::NotFound)?).await }
        },
    );
    let page = match secret {
        Some(secret) => shown(secret),
        None => view! {
            <Suspense fallback=|| view! { <Skeleton/> }>
                {move || {
                    let refusal = refusal.clone();
                    Suspend::new(async move {
                        match loading.await {
                            Ok(view) => asked(&view, refusal, now()),
                            Err(error) => failed_view(error),
                        }
                    })
                }}
            </Suspense>
        }
        .into_any(),
    };
    view! { <Console title=TITLE current=Section::Requests>{page}</Console> }
}

fn crumbs(number: RequestNumber) -> Vec<Crumb> {
    vec![
        Crumb::link("Requests", paths::REQUESTS),
        Crumb::link(number.to_string(), paths::request(number)),
        Crumb::here(TITLE),
    ]
}

fn failed_view(error: ApiError) -> AnyView {
    view! {
        <PageHeader title=TITLE crumbs=vec![Crumb::link("Requests", paths::REQUESTS)]/>
        <Failed error what="see this request" title="This request could not be shown">
            <LinkButton href=paths::REQUESTS>"All requests"</LinkButton>
        </Failed>
    }
    .into_any()
}

fn shown(secret: RevealedSecret) -> AnyView {
    let RevealedSecret { number, description, org_name, public_key, private_key } = secret;
    view! {
        <PageHeader
            title=format!("The key {description}")
            document_title=TITLE
            lead=format!("In {org_name}. Store both parts now, in your secret store.")
            crumbs=crumbs(number)
        />
        <div class="form">
            <Note tone=Tone::Warn icon=IconName::Lock title="This is the only time the private key is shown.">
                "It is no longer stored here, and Atlas does not tell it again. Reloading this page does not bring it back."
            </Note>
            <div class="secret">
                <div>
                    <div class="label" id="public-label">"Public key"</div>
                    <div class="value">
                        <code id="public-key">{public_key}</code>
                        <CopyButton from="public-key"/>
                    </div>
                </div>
                <div>
                    <div class="label" id="private-label">"Private key"</div>
                    <div class="value">
                        <code id="private-key">{private_key}</code>
                        <CopyButton from="private-key"/>
                    </div>
                </div>
            </div>
            <p class="hint">
                "The request, its approvals and this reveal are in the log; the value is not. Programs use the pair with HTTP Digest; the Atlas CLI reads it from "
                <code>"MONGODB_ATLAS_PUBLIC_API_KEY"</code>" and "<code>"MONGODB_ATLAS_PRIVATE_API_KEY"</code>"."
            </p>
            <div class="form-foot">
                <span class="grow"></span>
                <LinkButton href=paths::request(number) kind=ButtonKind::Main>
                    {format!("I have stored it: back to {number}")}
                </LinkButton>
            </div>
        </div>
    }
    .into_any()
}

/// Without the secret: the form when it waits for the caller, otherwise why there is nothing to see and what to do next.
fn asked(view: &RequestView, refusal: Option<ApiError>, now: Timestamp) -> AnyView {
    let number = view.number;
    let body = match (&view.secret, view.is_mine) {
        (SecretState::Waiting { until }, true) => form(number, *until, refusal, now),
        (SecretState::Waiting { .. }, false) => {
            let body = format!(
                "The private key waits for {}, who asked for it. Nobody else ever sees it, whatever their roles.",
                view.requester
            );
            gone(number, IconName::Lock, format!("Only {} can reveal it", view.requester), body, false)
        }
        (SecretState::None, _) => {
            let body = if view.state.is_final() {
                "This request ended without creating a key, so there is no private key."
            } else {
                "The key has not been created yet. Come back when the request is applied."
            };
            gone(number, IconName::Clock, "There is no private key".to_owned(), body.to_owned(), false)
        }
        (SecretState::Revealed { .. }, mine) => {
            let who = if mine { "You".to_owned() } else { view.requester.clone() };
            let body = format!(
                "{who} revealed it, and it was destroyed here after that. If it was not stored, delete the key in Atlas and ask for a new one."
            );
            gone(number, IconName::Lock, "It was revealed already".to_owned(), body, mine)
        }
        (SecretState::Destroyed { .. }, mine) => gone(
            number,
            IconName::Clock,
            "It was destroyed unseen".to_owned(),
            "Its time ran out. The key exists in Atlas, but nobody can use it: delete it there and ask for a new one.".to_owned(),
            mine,
        ),
        (SecretState::Lost, mine) => gone(
            number,
            IconName::Question,
            "It was lost on the way".to_owned(),
            "Atlas created the key, but the answer that held its private key never arrived. Delete the key in Atlas and ask for a new one."
                .to_owned(),
            mine,
        ),
    };
    view! {
        <PageHeader title=TITLE lead=view.plan.sentence.clone() crumbs=crumbs(number)/>
        {body}
    }
    .into_any()
}

fn gone(number: RequestNumber, icon: IconName, title: String, body: String, ask_again: bool) -> AnyView {
    let again = ask_again.then(|| view! { <LinkButton href=paths::NEW_KEY>"Ask for a new key"</LinkButton> });
    view! {
        <section class="card">
            <EmptyState title body icon>
                <LinkButton href=paths::request(number)>{format!("Back to {number}")}</LinkButton>
                {again}
            </EmptyState>
        </section>
    }
    .into_any()
}

fn form(number: RequestNumber, until: Timestamp, refusal: Option<ApiError>, now: Timestamp) -> AnyView {
    let (field, whole) = match refusal {
        Some(ApiError::Invalid { fields }) => {
            (fields.into_iter().find(|error| error.field == "password").map(|error| error.message), None)
        }
        Some(other) => (None, Some(other.to_string())),
        None => (None, None),
    };
    let errors = field
        .iter()
        .map(|message| ErrorItem::new("password", message.clone()))
        .chain(whole.iter().map(|message| ErrorItem::new("", message.clone())))
        .collect();
    view! {
        <form method="post" action=paths::request_secret(number) class="form narrow" autocomplete="off">
            <ErrorSummary errors/>
            <Note tone=Tone::Wait icon=IconName::Lock title="It is shown once." quiet=true>
                "After that it is destroyed here. If you do not fetch it, it is destroyed "<RelativeTime at=until now/>
                ". Have a place ready where you keep it, and look who is looking."
            </Note>
            <Field
                label="Your password, once more"
                name="password"
                kind="password"
                autocomplete="current-password"
                error=field
                width=Width::Medium
                required=true
                autofocus=true
            />
            <div class="form-foot">
                <LinkButton href=paths::request(number)>"Not now"</LinkButton>
                <span class="grow"></span>
                <Button kind=ButtonKind::Main icon=IconName::Eye>"Reveal it once"</Button>
            </div>
        </form>
    }
    .into_any()
}
