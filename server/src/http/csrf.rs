//! Posts that another site made a browser send are refused.
//!
//! Browsers say where a request comes from in `Sec-Fetch-Site` and in `Origin`, older ones only in the latter. Where both are
//! said, both have to be right. A program that sends neither has no cookies of somebody else's browser either.

use axum::{
    extract::{Request, State},
    middleware::Next,
    response::{IntoResponse as _, Response},
};
use http::{HeaderMap, HeaderValue, Method, StatusCode, header};

use super::Gate;

const SITE: &str = "sec-fetch-site";

pub(super) async fn refuse_forged(State(gate): State<Gate>, request: Request, next: Next) -> Response {
    let only_reads = [Method::GET, Method::HEAD].contains(request.method());
    if only_reads || is_ours(request.headers(), gate.inner.server.public_url.origin()) {
        return next.run(request).await;
    }
    tracing::warn!(
        "refused a post that came from another site; if it was sent from a page of Meridian, MERIDIAN_PUBLIC_URL is not the \
         address that browsers use"
    );
    StatusCode::FORBIDDEN.into_response()
}

fn is_ours(headers: &HeaderMap, own: &str) -> bool {
    let site_is_ours = headers.get_all(SITE).iter().all(|site| site == "same-origin" || site == "none");
    // Where the browser vouches for the site, the address it was asked for will do: `localhost` for `127.0.0.1`, say.
    let asked = headers.get(header::HOST).filter(|_| headers.contains_key(SITE));
    let is_asked = |origin: &HeaderValue| {
        let authority = origin.as_bytes().splitn(3, |byte| *byte == b'/').nth(2);
        asked.is_some_and(|host| Some(host.as_bytes()) == authority)
    };
    site_is_ours
        && headers.get_all(header::ORIGIN).iter().all(|origin| origin.as_bytes() == own.as_bytes() || is_asked(origin))
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
            &[("sec-fetch-site", "same-origin"), ("origin", "https://meridian.example")],
            &[("sec-fetch-site", "same-origin"), ("origin", "http://localhost:7420"), ("host", "localhost:7420")],
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
            &[("sec-fetch-site", "same-origin"), ("origin", "https://evil.example"), ("host", "meridian.example")],
            &[("sec-fetch-site", "none"), ("origin", "https://evil.example"), ("host", "meridian.example")],
            &[("sec-fetch-site", "same-origin"), ("origin", "null"), ("host", "null")],
            &[("sec-fetch-site", "cross-site"), ("origin", "https://evil.example"), ("host", "evil.example")],
            &[("origin", "http://localhost:7420"), ("host", "localhost:7420")],
        ] {
            assert!(!is_ours(&headers(foreign), own), "{foreign:?}");
        }
    }
}
