//! What a fault of the database or of our own becomes for the person who asked. The cause is logged here, once.

use app::error::ApiError;

use crate::{accounts::session::CurrentRequest, random, store::StoreError};

impl From<StoreError> for ApiError {
    fn from(error: StoreError) -> Self {
        if matches!(error, StoreError::Full(_) | StoreError::Busy(_) | StoreError::Unavailable(_)) {
            tracing::error!(error = %error, causes = causes(&error), "the database cannot do its work");
            return Self::StorageUnavailable;
        }
        internal(&error)
    }
}

/// A fault nobody expected: logs its cause under a reference, and tells the person the reference only.
pub(crate) fn internal(error: &(dyn std::error::Error + 'static)) -> ApiError {
    let reference = CurrentRequest::get().map_or_else(|| hex::encode(random::bytes::<4>()), |request| request.id);
    tracing::error!(reference, error = %error, causes = causes(error), "a fault");
    ApiError::Internal { reference }
}

/// What led to an error, the nearest first.
fn causes(error: &(dyn std::error::Error + 'static)) -> String {
    let causes = std::iter::successors(error.source(), |cause| cause.source()).map(ToString::to_string);
    causes.collect::<Vec<_>>().join(": ")
}
