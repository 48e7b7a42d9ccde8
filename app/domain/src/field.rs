//! A complaint about one field of a form.

use serde::{Deserialize, Serialize};

/// What is wrong with one field, in words shown beside it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldError {
    /// The field's name in the form.
    pub field: String,
    /// A sentence that says what is wrong and what would be right.
    pub message: String,
}

impl FieldError {
    /// A complaint about `field`.
    #[must_use]
    pub fn new(field: impl Into<String>, message: impl Into<String>) -> Self {
        Self { field: field.into(), message: message.into() }
    }
}
