//! What server functions share: who is calling, the services behind them, and how an answer gets its status.

use std::sync::Arc;

use domain::FieldError;
use http::{StatusCode, header, request::Parts};
use jiff::Timestamp;
use leptos::prelude::{expect_context, use_context};
use leptos_axum::ResponseOptions;

use crate::{
    backend::{Attempt, Backend, Caller},
    error::ApiError,
};

/// The caller and the services, or [`ApiError::SignInRequired`].
///
/// # Errors
///
/// When nobody is signed in.
pub fn begin() -> Result<(Caller, Backend), ApiError> {
    let caller = caller().ok_or(ApiError::SignInRequired)?;
    Ok((caller, backend()))
}

/// The services.
#[must_use]
pub fn backend() -> Backend {
    expect_context::<Backend>()
}

/// Who is signed in, if anybody: the session layer puts the caller into the request's extensions.
#[must_use]
pub fn caller() -> Option<Caller> {
    use_context::<Parts>()?.extensions.get::<Arc<Caller>>().map(|caller| Caller::clone(caller))
}

/// The time at which this request is answered.
#[must_use]
pub fn now() -> Timestamp {
    backend().clock.now()
}

/// Whether the answer goes to a form without script, which wants a redirect rather than data.
fn wants_html() -> bool {
    use_context::<Parts>().is_some_and(|parts| {
        parts.method == http::Method::POST
            && parts
                .headers
                .get(header::ACCEPT)
                .and_then(|value| value.to_str().ok())
                .is_some_and(|accept| accept.contains("text/html"))
    })
}

/// Sets the status of the answer under way.
pub fn set_status(status: u16) {
    if let (Some(options), Ok(status)) = (use_context::<ResponseOptions>(), StatusCode::from_u16(status)) {
        options.set_status(status);
    }
}

/// An answer to a reading server function: sets the HTTP status, which Leptos would leave at 500.
///
/// While a page is drawn the status is left alone; the page decides what a failed part means for the whole.
///
/// # Errors
///
/// Passes on what it is given.
pub fn answer<T>(outcome: Result<T, ApiError>) -> Result<T, ApiError> {
    if let Err(error) = &outcome
        && use_context::<Parts>().is_some_and(|parts| parts.uri.path().starts_with("/api/"))
    {
        set_status(error.status());
    }
    outcome
}

/// What a form sent, for drawing it again when something is wrong. Secrets do not belong in here.
#[derive(Debug, Clone, Default)]
pub struct Typed {
    /// Names and values of the fields.
    pub values: Vec<(String, String)>,
}

impl Typed {
    /// Nothing worth keeping.
    #[must_use]
    pub fn nothing() -> Self {
        Self::default()
    }

    /// The fields with these names and values.
    #[must_use]
    pub fn of(values: &[(&str, &str)]) -> Self {
        Self { values: values.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect() }
    }
}

/// An answer to a changing server function that a plain form posts to.
///
/// A form without script is sent on to the path in `outcome`, or, when something is wrong, back to `form` with a reference to
/// what was typed and what is wrong with it. Anybody else gets the outcome with its status.
///
/// # Errors
///
/// Passes on what it is given, unless it is told by redirect.
pub async fn answer_form(form: &str, typed: Typed, outcome: Result<String, ApiError>) -> Result<(), ApiError> {
    match (outcome, wants_html()) {
        (Ok(to), _) => {
            leptos_axum::redirect(&to);
            Ok(())
        }
        (Err(ApiError::SignInRequired), true) => {
            leptos_axum::redirect(&crate::paths::sign_in_then(form));
            Ok(())
        }
        (Err(error), true) => {
            let attempt = Attempt { form: form.to_owned(), values: typed.values, error };
            let id = backend().attempts.keep(caller().as_ref(), attempt).await?;
            let separator = if form.contains('?') { '&' } else { '?' };
            leptos_axum::redirect(&format!("{form}{separator}attempt={id}"));
            Ok(())
        }
        (Err(error), false) => {
            set_status(error.status());
            Err(error)
        }
    }
}

/// A complaint about each field for which `check` fails, beside the values for which it does not.
pub fn collect(errors: &mut Vec<FieldError>, field: &str, check: Result<String, String>) -> String {
    check.unwrap_or_else(|message| {
        errors.push(FieldError::new(field, message));
        String::new()
    })
}

/// The caller, confirmed by `password` when one was given. Services that need a confirmed caller refuse others themselves.
///
/// # Errors
///
/// When the password is wrong, or too many were tried.
pub async fn confirmed(caller: Caller, backend: &Backend, password: &str) -> Result<Caller, ApiError> {
    if password.is_empty() { Ok(caller) } else { backend.session.confirm(&caller, password).await }
}
