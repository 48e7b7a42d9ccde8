//! Turning what went wrong into what a browser may learn. The cause is logged here, once.

use app::error::ApiError;

use crate::store::StoreError;

/// The answer when the store fails. `reference` is the id of the request, which the browser shows.
pub fn store_problem(reference: &str) -> impl Fn(StoreError) -> ApiError + Copy + '_ {
    move |error| match error {
        StoreError::Full(_) | StoreError::Busy(_) | StoreError::Unavailable(_) => {
            tracing::error!(request.id = reference, error = %Chain(&error), "the database cannot do its work");
            ApiError::StorageUnavailable
        }
        error => internal(reference, &error),
    }
}

/// The answer when something fails that should not.
pub fn internal(reference: &str, error: &(dyn std::error::Error + 'static)) -> ApiError {
    tracing::error!(request.id = reference, error = %Chain(error), "a request failed");
    ApiError::Internal { reference: reference.to_owned() }
}

/// An error with its causes.
struct Chain<'a>(&'a (dyn std::error::Error + 'static));

impl std::fmt::Display for Chain<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.0)?;
        let mut cause = self.0.source();
        while let Some(error) = cause {
            write!(f, ": {error}")?;
            cause = error.source();
        }
        Ok(())
    }
}
