//! Posts that another site made a browser send are refused.
//!
//! Browsers say where a request comes from in `Sec-Fetch-Site`, and older ones in `Origin`. A program that sends
//! neither has no cookies of somebody else's browser either.

use axum::{
    extract::{Request, State},
    middleware::Next,
    response::{IntoResponse as _, Response},
};
use http::{HeaderMap, Method, StatusCode, header};

use super::Gate;

const SITE: &str = "sec-fetch-site";

pub(super) async fn refuse_forged(State(gate): State<Gate>, request: Request, next: Next) -> Response {
    let only_reads = [Method::GET, Method::HEAD].contains(request.method());
    if only_reads || is_ours(request.headers(), gate.inner.server.public_url.origin()) {
        return next.run(request).await;
    }
    tracing::warn!("refused a post that came from another site");
    StatusCode::FORBIDDEN.into_response()
}

fn is_ours(headers: &HeaderMap, own: &str) -> bool {
    if headers.contains_key(SITE) {
        return headers.get_all(SITE).iter().all(|site| site == "same-origin" || site == "none");
    }
    headers.get_all(header::ORIGIN).iter().all(|origin| origin.as_bytes() == own.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(list: &[(&'static str, &'static str)]) -> HeaderMap {
        list.iter().map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap())).collect()
    }

    #[test]
    fn only_our_own_pages_and_programs_may_post() {
        let own = "https://meridian.example";
        for ours in [
            &[("sec-fetch-site", "same-origin")][..],
            &[("sec-fetch-site", "none")],
            &[("origin", "https://meridian.example")],
            &[],
        ] {
            assert!(is_ours(&headers(ours), own), "{ours:?}");
        }
        for foreign in [
            &[("sec-fetch-site", "cross-site")][..],
            &[("sec-fetch-site", "same-site"), ("origin", "https://meridian.example")],
            &[("sec-fetch-site", ""), ("origin", "https://meridian.example")],
            &[("origin", "https://evil.example")],
            &[("origin", "http://meridian.example")],
            &[("origin", "null")],
        ] {
            assert!(!is_ours(&headers(foreign), own), "{foreign:?}");
        }
    }
}
