//! Versions: the date in a media type chooses the newest release of the operation that is not after it.

use http::{HeaderMap, StatusCode, header};
use jiff::civil::Date;

use crate::errors::ApiError;

/// The release most operations have only.
pub(crate) const FIRST: &[Release] = &[Release::new("2023-01-01")];
/// The release of service accounts, the only one.
pub(crate) const SERVICE_ACCOUNTS: &[Release] = &[Release::new("2024-08-05")];

/// A release of an operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Release {
    /// Its date.
    pub(crate) date: &'static str,
    /// Since when it is deprecated and when it ends, as HTTP dates.
    pub(crate) ending: Option<(&'static str, &'static str)>,
}

impl Release {
    /// A release that is to stay.
    pub(crate) const fn new(date: &'static str) -> Self {
        Self { date, ending: None }
    }

    /// A release that is deprecated since a moment and ends at another one, both HTTP dates: its answers carry them in
    /// `Deprecation` and `Sunset` (recorded).
    pub(crate) const fn ending(self, since: &'static str, sunset: &'static str) -> Self {
        Self { ending: Some((since, sunset)), ..self }
    }
}

/// The form of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    /// `+json`.
    Json,
    /// Comma-separated values, of invoices.
    Csv,
}

impl Form {
    fn suffix(self) -> &'static str {
        match self {
            Self::Json => "json",
            Self::Csv => "csv",
        }
    }
}

/// The release and form that `Accept` asks for; `releases` are in order, oldest first.
///
/// # Errors
///
/// 406 when no media type carries a version, when the date is malformed or before the first release, or when only other
/// forms than the operation's are wanted.
pub(crate) fn chosen(
    headers: &HeaderMap,
    releases: &'static [Release],
    forms: &[Form],
) -> Result<(&'static Release, Form), ApiError> {
    let texts = headers.get_all(header::ACCEPT).iter().filter_map(|value| value.to_str().ok());
    let wanted = texts
        .flat_map(|text| text.split(','))
        .filter_map(|media| forms.iter().find_map(|form| Some((newest(dated(media, *form)?, releases)?, *form))));
    { wanted }.next().ok_or_else(|| {
        ApiError::new(StatusCode::NOT_ACCEPTABLE, "INVALID_VERSION_DATE", "Invalid accept header or version date.")
    })
}

/// Checks that a request body says it is JSON, with or without a version.
///
/// # Errors
///
/// 415 for any other type, none, or a version before the operation's first release.
pub(crate) fn body_type(headers: &HeaderMap, releases: &'static [Release]) -> Result<(), ApiError> {
    let text = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let essence = text.split(';').next().unwrap_or_default().trim();
    let fits = essence.eq_ignore_ascii_case("application/json")
        || dated(text, Form::Json).and_then(|date| newest(date, releases)).is_some();
    fits.then_some(()).ok_or_else(|| {
        ApiError::new(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "UNEXPECTED_ERROR",
            "The request body must be typed as JSON of a known version.",
        )
    })
}

/// The media type of an answer.
pub(crate) fn content_type(release: &Release, form: Form) -> String {
    format!("application/vnd.atlas.{}+{};charset=utf-8", release.date, form.suffix())
}

fn newest(date: Date, releases: &'static [Release]) -> Option<&'static Release> {
    let date = date.to_string();
    releases.iter().rev().find(|release| release.date <= date.as_str())
}

/// The date of `application/vnd.atlas.DATE+FORM`, parameters aside.
fn dated(media: &str, form: Form) -> Option<Date> {
    let essence = media.split(';').next()?.trim().to_ascii_lowercase();
    let date = essence.strip_prefix("application/vnd.atlas.")?.strip_suffix(form.suffix())?.strip_suffix('+')?;
    let plain = date.len() == 10 && date.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-');
    plain.then(|| date.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    const RELEASES: &[Release] = &[Release::new("2023-01-01"), Release::new("2024-05-30")];

    fn asking(accept: &str) -> Option<&'static str> {
        let headers = HeaderMap::from_iter([(header::ACCEPT, accept.parse().unwrap())]);
        chosen(&headers, RELEASES, &[Form::Json]).ok().map(|(release, _)| release.date)
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
