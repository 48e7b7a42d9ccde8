//! Percent-encoding of paths and queries (RFC 3986), in one spelling only, so that what was signed is what is sent and
//! a stored request cannot say one thing in two ways.

use std::fmt::Write as _;

/// `text` with everything escaped but the unreserved characters.
pub(crate) fn encoded(text: &str) -> String {
    text.bytes().fold(String::with_capacity(text.len()), |mut encoded, byte| {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~') {
            encoded.push(char::from(byte));
        } else {
            // Writing to a `String` does not fail.
            let _ = write!(encoded, "%{byte:02X}");
        }
        encoded
    })
}

/// What [`encoded`] was given; `None` for any other spelling.
pub(crate) fn decoded(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte == b'%' {
            let mut digit = || rest.next().and_then(|digit| char::from(digit).to_digit(16));
            bytes.push(u8::try_from(digit()? * 16 + digit()?).ok()?);
        } else {
            bytes.push(byte);
        }
    }
    let plain = String::from_utf8(bytes).ok()?;
    (encoded(&plain) == text).then_some(plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_text_survives() {
        for text in ["", "plain", "a b+c", "ä/ö?", "100%", "2026-08-10T09:00:00Z", "~-._"] {
            assert_eq!(decoded(&encoded(text)).as_deref(), Some(text));
        }
        assert_eq!(encoded("a b+c"), "a%20b%2Bc");
    }

    #[test]
    fn other_spellings_are_refused() {
        for text in ["a b", "a+b", "%2f", "%41", "%", "%2", "%zz", "%FF", "ä"] {
            assert_eq!(decoded(text), None, "{text}");
        }
    }
}
