//! Refused forms: what was typed and what is wrong, for drawing the form again.

use domain::FieldError;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use crate::error::ApiError;

/// What was typed into a form that was refused, and why it was.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct AttemptView {
    /// Names and values of the fields; never secrets.
    #[serde(default)]
    pub values: Vec<(String, String)>,
    /// What is wrong with the form as a whole, unless it is only about fields.
    pub problem: Option<ApiError>,
    /// What is wrong with single fields.
    #[serde(default)]
    pub fields: Vec<FieldError>,
}

impl AttemptView {
    /// The value typed into `field`, or nothing.
    #[must_use]
    pub fn value(&self, field: &str) -> String {
        self.values.iter().find(|(name, _)| name == field).map(|(_, value)| value.clone()).unwrap_or_default()
    }

    /// The value typed into `field`, or `otherwise` when the form is shown for the first time.
    #[must_use]
    pub fn value_or(&self, field: &str, otherwise: &str) -> String {
        self.values
            .iter()
            .find(|(name, _)| name == field)
            .map_or_else(|| otherwise.to_owned(), |(_, value)| value.clone())
    }

    /// All values of `field`, which may be sent several times.
    #[must_use]
    pub fn all_values(&self, field: &str) -> Vec<String> {
        self.values.iter().filter(|(name, _)| name == field).map(|(_, value)| value.clone()).collect()
    }

    /// Whether a form was refused at all; otherwise the page shows it for the first time.
    #[must_use]
    pub fn is_refused(&self) -> bool {
        self.problem.is_some() || !self.fields.is_empty()
    }

    /// What is wrong with `field`.
    #[must_use]
    pub fn error(&self, field: &str) -> Option<String> {
        self.fields.iter().find(|error| error.field == field).map(|error| error.message.clone())
    }
}

/// The refused form that `id` refers to; an empty one if there is none, or it is another person's or page's.
#[server(prefix = "/api", endpoint = "attempts/get")]
pub async fn attempt(
    /// The reference from the page's address.
    id: String,
    /// The path of the page that asks.
    form: String,
) -> Result<AttemptView, ApiError> {
    use crate::server::{backend, caller};

    if id.is_empty() {
        return Ok(AttemptView::default());
    }
    let found = backend().attempts.find(caller().as_ref(), &id).await?;
    Ok(found
        .filter(|attempt| attempt.form.split('?').next() == Some(form.as_str()))
        .map(|attempt| {
            let (problem, fields) = match attempt.error {
                ApiError::Invalid { fields } => (None, fields),
                problem => (Some(problem), vec![]),
            };
            AttemptView { values: attempt.values, problem, fields }
        })
        .unwrap_or_default())
}
