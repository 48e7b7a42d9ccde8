//! The browser's files: from the checkout in a dev build, from inside the binary in a release build.
//!
//! `cargo xtask` writes them, with `manifest.json` from logical names to file names. Where the two differ, the name has
//! a hash of the content in it and the file may be kept for ever. Compressed forms were made at build time.

use std::{borrow::Cow, collections::BTreeMap, sync::LazyLock};

use axum::{
    body::Body,
    extract::Request,
    response::{IntoResponse as _, Response},
};
use http::{HeaderMap, HeaderValue, StatusCode, header};
use rust_embed::{EmbeddedFile, RustEmbed};

const MANIFEST: &str = "manifest.json";
const SCRIPT: &str = "pkg/frontend.js";

#[derive(RustEmbed)]
#[cfg_attr(debug_assertions, folder = "../target/site")]
#[cfg_attr(not(debug_assertions), folder = "../target/site-release")]
#[allow_missing = true]
struct Site;

type Manifest = BTreeMap<String, String>;

/// Logical names and file names. A dev build reads them each time, since files come and go while it runs.
fn manifest() -> Cow<'static, Manifest> {
    static BUILT_IN: LazyLock<Manifest> = LazyLock::new(read_manifest);
    if cfg!(debug_assertions) { Cow::Owned(read_manifest()) } else { Cow::Borrowed(&BUILT_IN) }
}

fn read_manifest() -> Manifest {
    let Some(file) = Site::get(MANIFEST) else { return Manifest::new() };
    serde_json::from_slice(&file.data).unwrap_or_else(|error| {
        tracing::error!(%error, "the list of the browser's files cannot be read");
        Manifest::new()
    })
}

/// The address of a file by its logical name, such as `main.css`.
#[must_use]
pub fn address(logical: &str) -> String {
    format!("/{}", manifest().get(logical).map_or(logical, String::as_str))
}

/// The word that Leptos makes the addresses of script and wasm from.
#[must_use]
pub fn output_name() -> String {
    let manifest = manifest();
    let script = manifest.get(SCRIPT).map_or(SCRIPT, String::as_str);
    script.trim_start_matches("pkg/").trim_end_matches(".js").to_owned()
}

/// Whether there is a file at `path`.
#[must_use]
pub fn is_file(path: &str) -> bool {
    path.strip_prefix('/').is_some_and(|name| manifest().values().any(|file| file == name))
}

/// Answers with the file at the address asked for, or with nothing.
pub async fn serve(request: Request) -> Response {
    let manifest = manifest();
    let found = request
        .uri()
        .path()
        .strip_prefix('/')
        .and_then(|name| manifest.iter().find(|(_, file)| file.as_str() == name))
        .and_then(|(logical, name)| Some((logical != name, name, Site::get(name)?)));
    let Some((is_hashed, name, file)) = found else {
        return StatusCode::NOT_FOUND.into_response();
    };

    let mut headers = HeaderMap::new();
    let etag = format!("\"{}\"", hex::encode(&file.metadata.sha256_hash()[..16]));
    let caching = if is_hashed { "public, max-age=31536000, immutable" } else { "no-cache" };
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(caching));
    headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    if let Ok(value) = HeaderValue::from_str(&etag) {
        headers.insert(header::ETAG, value);
    }
    if request.headers().get(header::IF_NONE_MATCH).is_some_and(|known| known.as_bytes() == etag.as_bytes()) {
        return (StatusCode::NOT_MODIFIED, headers).into_response();
    }
    let kind = content_type(file.metadata.mimetype());
    if let Ok(value) = HeaderValue::from_str(&kind) {
        headers.insert(header::CONTENT_TYPE, value);
    }
    let (encoding, file) = compressed(name, request.headers()).map_or((None, file), |(e, file)| (Some(e), file));
    if let Some(encoding) = encoding {
        headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(encoding));
    }
    (headers, body(file)).into_response()
}

fn body(file: EmbeddedFile) -> Body {
    match file.data {
        Cow::Borrowed(bytes) => Body::from(bytes),
        Cow::Owned(bytes) => Body::from(bytes),
    }
}

/// The smallest form of a file that the browser understands.
fn compressed(name: &str, headers: &HeaderMap) -> Option<(&'static str, EmbeddedFile)> {
    let accepted = headers.get(header::ACCEPT_ENCODING).and_then(|value| value.to_str().ok()).unwrap_or("");
    let accepts = |encoding: &str| {
        accepted.split(',').any(|part| {
            let mut words = part.split(';').map(str::trim);
            words.next() == Some(encoding)
                && !words.any(|quality| matches!(quality, "q=0" | "q=0.0" | "q=0.00" | "q=0.000"))
        })
    };
    [("br", "br"), ("gzip", "gz")]
        .into_iter()
        .filter(|(encoding, _)| accepts(encoding))
        .find_map(|(encoding, ending)| Some((encoding, Site::get(&format!("{name}.{ending}"))?)))
}

fn content_type(guessed: &str) -> Cow<'_, str> {
    let is_text = guessed.starts_with("text/") || guessed == "image/svg+xml" || guessed == "application/json";
    if is_text { Cow::Owned(format!("{guessed}; charset=utf-8")) } else { Cow::Borrowed(guessed) }
}
