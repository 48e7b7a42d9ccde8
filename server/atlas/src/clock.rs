//! The difference between this machine's clock and Atlas's, for the test of a connection: a clock
//! that is off makes certificates look expired and the times of the log wrong.

use std::fmt;

use http::{HeaderMap, header};
use jiff::{SignedDuration, Timestamp, fmt::rfc2822};

/// How far this machine's clock is off, when it is far enough to matter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClockSkew {
    /// Positive when this machine's clock is ahead of Atlas's.
    pub ahead: SignedDuration,
}

impl fmt::Display for ClockSkew {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let minutes = self.ahead.abs().as_secs().saturating_add(30) / 60;
        let unit = if minutes == 1 { "minute" } else { "minutes" };
        let direction = if self.ahead.is_negative() { "behind" } else { "ahead of" };
        write!(f, "this machine's clock is {minutes} {unit} {direction} Atlas's")
    }
}

/// Compares the `Date` of an answer just received with our clock.
///
/// `None` when they agree within a minute: the header has whole seconds and answers take time.
#[must_use]
pub fn clock_skew(server: Timestamp, ours: Timestamp) -> Option<ClockSkew> {
    let ahead = ours.duration_since(server);
    (ahead.abs() > SignedDuration::from_secs(60)).then_some(ClockSkew { ahead })
}

/// The `Date` of an answer (RFC 9110 section 5.6.7: the preferred form is also one of RFC 2822).
pub(crate) fn server_date(headers: &HeaderMap) -> Option<Timestamp> {
    let text = headers.get(header::DATE)?.to_str().ok()?;
    rfc2822::DateTimeParser::new().parse_timestamp(text).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_date_of_an_answer_is_read() {
        let mut headers = HeaderMap::new();
        headers.insert(header::DATE, http::HeaderValue::from_static("Sun, 06 Nov 1994 08:49:37 GMT"));
        assert_eq!(server_date(&headers), Some("1994-11-06T08:49:37Z".parse().unwrap()));
        headers.insert(header::DATE, http::HeaderValue::from_static("yesterday"));
        assert_eq!(server_date(&headers), None);
    }

    #[test]
    fn a_clock_that_is_off_is_described_with_its_direction() {
        let server: Timestamp = "2026-08-10T12:00:00Z".parse().unwrap();
        let at = |text: &str| clock_skew(server, text.parse().unwrap()).map(|skew| skew.to_string());
        assert_eq!(at("2026-08-10T12:00:59Z"), None);
        assert_eq!(at("2026-08-10T12:10:10Z").as_deref(), Some("this machine's clock is 10 minutes ahead of Atlas's"));
        assert_eq!(at("2026-08-10T11:58:45Z").as_deref(), Some("this machine's clock is 1 minute behind Atlas's"));
    }
}
