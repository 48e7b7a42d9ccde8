//! Headers that every answer carries, also errors and files.
//!
//! What is no request at all never gets here: an address beyond 64 KiB (414), too many or too large headers (431), a request that
//! cannot be parsed (400). hyper refuses these by itself, without headers, and without a body that they could protect.

use axum::{
    extract::{Request, State},
    middleware::Next,
    response::Response,
};
use http::{HeaderName, HeaderValue, header};
use leptos::nonce::Nonce;

use super::Gate;

/// What the browser may not be asked for by our pages. We need none of it; copying to the clipboard stays.
const PERMISSIONS: &str = "accelerometer=(), autoplay=(), browsing-topics=(), camera=(), \
    clipboard-read=(), display-capture=(), encrypted-media=(), fullscreen=(), gamepad=(), geolocation=(), \
    gyroscope=(), hid=(), idle-detection=(), magnetometer=(), microphone=(), midi=(), payment=(), \
    picture-in-picture=(), publickey-credentials-get=(), screen-wake-lock=(), serial=(), usb=(), \
    xr-spatial-tracking=()";

const FIXED: [(HeaderName, &str); 6] = [
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    // Errors of plain form posts come back to the page they were sent from, so it has to be told to us.
    (header::REFERRER_POLICY, "same-origin"),
    (HeaderName::from_static("permissions-policy"), PERMISSIONS),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    (header::X_FRAME_OPTIONS, "DENY"),
];

/// Two years; the host alone, since what else it serves is not ours to decide.
const HSTS: &str = "max-age=63072000";

pub(super) async fn secure(State(gate): State<Gate>, mut request: Request, next: Next) -> Response {
    let nonce = Nonce::new();
    let policy = policy(&nonce);
    request.extensions_mut().insert(nonce);
    let mut response = next.run(request).await;

    let headers = response.headers_mut();
    for (name, value) in FIXED {
        headers.insert(name, HeaderValue::from_static(value));
    }
    headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    if gate.inner.server.public_url.is_https() {
        headers.insert(header::STRICT_TRANSPORT_SECURITY, HeaderValue::from_static(HSTS));
    }
    // Files say themselves how long they may be kept; nothing else is to be.
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    response
}

/// The content security policy, one directive for each thing that a page of ours does.
fn policy(nonce: &Nonce) -> HeaderValue {
    let script = format!("script-src 'self' 'nonce-{nonce}' 'wasm-unsafe-eval'");
    let directives = [
        "default-src 'none'",
        // The wasm, and the inline script of this very answer that starts it.
        &script,
        "style-src 'self'",
        "img-src 'self'",
        "font-src 'self'",
        // Server functions, called by islands.
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    ];
    HeaderValue::from_str(&directives.join("; ")).expect("a nonce is URL-safe base64")
}
