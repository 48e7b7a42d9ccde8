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

/// A file of the site.
struct File {
    content: Cow<'static, [u8]>,
    sha256: [u8; 32],
    kind: String,
}

fn built(name: &str) -> Option<File> {
    let EmbeddedFile { data, metadata } = Site::get(name)?;
    Some(File { content: data, sha256: metadata.sha256_hash(), kind: metadata.mimetype().to_owned() })
}

/// Answers with the file at the address asked for, or with nothing.
pub async fn serve(request: Request) -> Response {
    answer(&manifest(), built, request.uri().path(), request.headers())
}

fn answer(manifest: &Manifest, get: impl Fn(&str) -> Option<File>, path: &str, asked: &HeaderMap) -> Response {
    let found = path
        .strip_prefix('/')
        .and_then(|name| manifest.iter().find(|(_, file)| file.as_str() == name))
        .and_then(|(logical, name)| Some((logical != name, name, get(name)?)));
    let Some((is_hashed, name, file)) = found else {
        return StatusCode::NOT_FOUND.into_response();
    };

    let mut headers = HeaderMap::new();
    let etag = format!("\"{}\"", hex::encode(&file.sha256[..16]));
    let caching = if is_hashed { "public, max-age=31536000, immutable" } else { "no-cache" };
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(caching));
    headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    if let Ok(value) = HeaderValue::from_str(&etag) {
        headers.insert(header::ETAG, value);
    }
    if asked.get(header::IF_NONE_MATCH).is_some_and(|known| known.as_bytes() == etag.as_bytes()) {
        return (StatusCode::NOT_MODIFIED, headers).into_response();
    }
    let kind = content_type(&file.kind);
    if let Ok(value) = HeaderValue::from_str(&kind) {
        headers.insert(header::CONTENT_TYPE, value);
    }
    let (encoding, file) = compressed(name, asked, get).map_or((None, file), |(e, file)| (Some(e), file));
    if let Some(encoding) = encoding {
        headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(encoding));
    }
    (headers, body(file)).into_response()
}

fn body(file: File) -> Body {
    match file.content {
        Cow::Borrowed(bytes) => Body::from(bytes),
        Cow::Owned(bytes) => Body::from(bytes),
    }
}

/// The smallest form of a file that the browser understands.
fn compressed(name: &str, headers: &HeaderMap, get: impl Fn(&str) -> Option<File>) -> Option<(&'static str, File)> {
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
        .find_map(|(encoding, ending)| Some((encoding, get(&format!("{name}.{ending}"))?)))
}

fn content_type(guessed: &str) -> Cow<'_, str> {
    let is_text = guessed.starts_with("text/") || guessed == "image/svg+xml" || guessed == "application/json";
    if is_text { Cow::Owned(format!("{guessed}; charset=utf-8")) } else { Cow::Borrowed(guessed) }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HASHED: &str = "main.0123456789abcdef.css";

    fn manifest() -> Manifest {
        [("main.css", HASHED), ("favicon.svg", "favicon.svg"), ("gone.js", "gone.fedcba.js")]
            .map(|(logical, name)| (logical.to_owned(), name.to_owned()))
            .into()
    }

    /// A site of three files; the style sheet also compressed, the icon only by gzip.
    fn site(name: &str) -> Option<File> {
        let (content, kind): (&'static [u8], _) = match name {
            HASHED => (b"plain css", "text/css"),
            "main.0123456789abcdef.css.br" => (b"brotli css", "application/octet-stream"),
            "main.0123456789abcdef.css.gz" => (b"gzip css", "application/gzip"),
            "favicon.svg" => (b"plain icon", "image/svg+xml"),
            "favicon.svg.gz" => (b"gzip icon", "application/gzip"),
            "manifest.json" => (b"{}", "application/json"),
            _ => return None,
        };
        let mut sha256 = [0; 32];
        sha256[..content.len()].copy_from_slice(content);
        Some(File { content: content.into(), sha256, kind: kind.to_owned() })
    }

    fn ask(path: &str, headers: &[(http::HeaderName, &str)]) -> Response {
        let headers = headers.iter().map(|(name, value)| (name.clone(), value.parse().unwrap())).collect();
        answer(&manifest(), site, path, &headers)
    }

    fn header<'a>(response: &'a Response, name: &http::HeaderName) -> &'a str {
        response.headers().get(name).map_or("", |value| value.to_str().unwrap())
    }

    async fn text(response: Response) -> String {
        let bytes = axum::body::to_bytes(response.into_body(), 1000).await.unwrap();
        String::from_utf8_lossy(&bytes).into_owned()
    }

    #[tokio::test]
    async fn a_name_with_a_hash_is_kept_for_ever_and_another_asked_for_again() {
        let styles = ask(&format!("/{HASHED}"), &[]);
        assert_eq!(styles.status(), StatusCode::OK);
        assert_eq!(header(&styles, &header::CACHE_CONTROL), "public, max-age=31536000, immutable");
        assert_eq!(header(&styles, &header::CONTENT_TYPE), "text/css; charset=utf-8");
        assert_eq!(header(&styles, &header::CONTENT_ENCODING), "");
        assert_eq!(text(styles).await, "plain css");

        let icon = ask("/favicon.svg", &[]);
        assert_eq!(header(&icon, &header::CACHE_CONTROL), "no-cache");
        let known = header(&icon, &header::ETAG).to_owned();
        let again = ask("/favicon.svg", &[(header::IF_NONE_MATCH, &known)]);
        assert_eq!(again.status(), StatusCode::NOT_MODIFIED);
        assert_eq!(header(&again, &header::ETAG), known);
        assert_eq!(text(again).await, "");
    }

    #[tokio::test]
    async fn the_smallest_form_that_the_browser_understands_is_sent() {
        for (path, accepted, encoding, content) in [
            (HASHED, "gzip, deflate, br, zstd", "br", "brotli css"),
            (HASHED, "gzip", "gzip", "gzip css"),
            (HASHED, "br;q=0, gzip;q=0.5", "gzip", "gzip css"),
            (HASHED, "br;q=0.000,gzip;q=0", "", "plain css"),
            (HASHED, "identity", "", "plain css"),
            ("favicon.svg", "br, gzip", "gzip", "gzip icon"),
            ("favicon.svg", "br", "", "plain icon"),
        ] {
            let response = ask(&format!("/{path}"), &[(header::ACCEPT_ENCODING, accepted)]);
            assert_eq!(header(&response, &header::CONTENT_ENCODING), encoding, "{path} for {accepted}");
            assert_eq!(header(&response, &header::VARY), "accept-encoding");
            assert!(!header(&response, &header::CONTENT_TYPE).contains("octet-stream"), "the type is the file's own");
            assert_eq!(text(response).await, content, "{path} for {accepted}");
        }
    }

    #[test]
    fn only_what_is_in_the_list_is_there() {
        for path in
            ["/main.css", "/manifest.json", "/main.0123456789abcdef.css.br", "/gone.fedcba.js", "/nothing", "", "/"]
        {
            let response = ask(path, &[]);
            assert_eq!(response.status(), StatusCode::NOT_FOUND, "{path:?}");
            assert_eq!(header(&response, &header::CACHE_CONTROL), "", "a file that is missing is not kept for ever");
        }
    }
}
