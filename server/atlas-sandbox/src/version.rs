//! Versions: the date in a media type chooses the newest release of the operation that is not after it.

use http::{HeaderMap, StatusCode, header};
use jiff::civil::Date;

use crate::errors::ApiError;

/// The release of an operation that `Accept` asks for; `releases` are its dates, oldest first.
///
/// # Errors
///
/// 406 when no media type carries a version, when the date is malformed or before the first release, or when another
/// form than JSON is wanted.
pub(crate) fn chosen(headers: &HeaderMap, releases: &'static [&'static str]) -> Result<&'static str, ApiError> {
    let texts = headers.get_all(header::ACCEPT).iter().filter_map(|value| value.to_str().ok());
    texts.flat_map(|text| text.split(',')).find_map(|media| newest(dated(media)?, releases)).ok_or_else(|| {
        ApiError::new(StatusCode::NOT_ACCEPTABLE, "INVALID_VERSION_DATE", "Invalid accept header or version date.")
    })
}

/// Checks that a request body says it is JSON, with or without a version.
///
/// # Errors
///
/// 415 for any other type, none, or a version before the operation's first release.
pub(crate) fn body_type(headers: &HeaderMap, releases: &'static [&'static str]) -> Result<(), ApiError> {
    let text = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let essence = text.split(';').next().unwrap_or_default().trim();
    let fits = essence.eq_ignore_ascii_case("application/json")
        || dated(text).and_then(|date| newest(date, releases)).is_some();
    fits.then_some(()).ok_or_else(|| {
        ApiError::new(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "UNEXPECTED_ERROR",
            "The request body must be typed as JSON of a known version.",
        )
    })
}

/// The media type of an answer in `release`.
pub(crate) fn content_type(release: &str) -> String {
    format!("application/vnd.atlas.{release}+json;charset=utf-8")
}

fn newest(date: Date, releases: &'static [&'static str]) -> Option<&'static str> {
    let date = date.to_string();
    releases.iter().rev().find(|release| **release <= date.as_str()).copied()
}

/// The date of `application/vnd.atlas.DATE+json`, parameters aside.
fn dated(media: &str) -> Option<Date> {
    let essence = media.split(';').next()?.trim().to_ascii_lowercase();
    let date = essence.strip_prefix("application/vnd.atlas.")?.strip_suffix("+json")?;
    let plain = date.len() == 10 && date.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-');
    plain.then(|| date.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    const RELEASES: &[&str] = &["2023-01-01", "2024-05-30"];

    fn asking(accept: &str) -> Option<&'static str> {
        let headers = HeaderMap::from_iter([(header::ACCEPT, accept.parse().unwrap())]);
        chosen(&headers, RELEASES).ok()
    }

    #[test]
    fn the_newest_release_not_after_the_date_answers() {
        assert_eq!(asking("application/vnd.atlas.2023-01-01+json"), Some("2023-01-01"));
        assert_eq!(asking("application/vnd.atlas.2024-05-29+json"), Some("2023-01-01"));
        assert_eq!(asking("application/vnd.atlas.2024-05-30+json"), Some("2024-05-30"));
        assert_eq!(asking("application/vnd.atlas.2025-03-12+json"), Some("2024-05-30"));
        assert_eq!(asking("text/html, Application/Vnd.Atlas.2023-02-01+JSON; q=0.5"), Some("2023-01-01"));
    }

    #[test]
    fn no_malformed_and_too_early_versions_are_refused() {
        for accept in [
            "*/*",
            "application/json",
            "application/vnd.atlas.2022-12-31+json",
            "application/vnd.atlas.2023-13-01+json",
            "application/vnd.atlas.2023-1-1+json",
            "application/vnd.atlas.preview+json",
            "application/vnd.atlas.2023-01-01+csv",
            "application/vnd.atlas.2023-01-01",
        ] {
            assert_eq!(asking(accept), None, "{accept}");
        }
    }
}
