//! No request is larger than the largest honest form.

use tower_http::limit::RequestBodyLimitLayer;

/// An access list of some thousand entries; reading more would only cost memory.
const LARGEST: usize = 256 * 1024;

pub(super) fn layer() -> RequestBodyLimitLayer {
    RequestBodyLimitLayer::new(LARGEST)
}
