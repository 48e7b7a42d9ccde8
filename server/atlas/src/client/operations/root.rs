//! The caller and its limits.

use crate::{EventType, Name, RateLimit, RateLimitFilter, RateLimitScope, SystemStatus};

calls! {
    /// Who the credential is.
    one system_status() -> SystemStatus;
    /// How fast one organization, project, credential or address may ask, per set of operations.
    list list_rate_limits(filter: &RateLimitFilter) -> RateLimit;
    /// How fast one of them may ask of one set of operations.
    one get_rate_limit(set: &Name, scope: &RateLimitScope) -> RateLimit;
    /// The kinds of event there are, with a description of each.
    list list_event_types() -> EventType;
}
