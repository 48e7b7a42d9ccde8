//! Reading `Authorization: Digest …` the way clients write it: fields quoted or not, in any order, `algorithm` left out.

/// The fields of one signature.
#[derive(Default, Debug)]
pub(super) struct Signature {
    pub(super) username: String,
    pub(super) realm: String,
    pub(super) nonce: String,
    pub(super) uri: String,
    pub(super) response: String,
    pub(super) cnonce: String,
    /// The counter as sent: it is part of what is signed.
    pub(super) count_text: String,
    pub(super) count: u32,
}

impl Signature {
    /// Reads the header; nothing when it is another scheme, incomplete, or asks for what the challenge did not offer.
    pub(super) fn read(header: &str) -> Option<Self> {
        let (scheme, rest) = header.trim_start().split_once(' ')?;
        scheme.eq_ignore_ascii_case("digest").then_some(())?;
        let mut read = Self::default();
        let mut qop = String::new();
        for (name, value) in fields(rest)? {
            match name.as_str() {
                "username" => read.username = value,
                "realm" => read.realm = value,
                "nonce" => read.nonce = value,
                "uri" => read.uri = value,
                "response" => read.response = value,
                "cnonce" => read.cnonce = value,
                "nc" => read.count_text = value,
                "qop" => qop = value,
                "algorithm" if !value.eq_ignore_ascii_case("md5") => return None,
                _ => {}
            }
        }
        let complete = [&read.username, &read.nonce, &read.uri, &read.response, &read.cnonce];
        if complete.iter().any(|field| field.is_empty())
            || !qop.eq_ignore_ascii_case("auth")
            || read.count_text.len() != 8
        {
            return None;
        }
        read.count = u32::from_str_radix(&read.count_text, 16).ok()?;
        Some(read)
    }
}

/// Splits `name=value, name="quoted \"value\""`; names come back in lower case.
fn fields(text: &str) -> Option<Vec<(String, String)>> {
    let mut found = Vec::new();
    let mut rest = text.trim_matches(|c: char| c.is_whitespace() || c == ',');
    while !rest.is_empty() {
        let (name, after) = rest.split_once('=')?;
        let after = after.trim_start();
        let (value, after) = match after.strip_prefix('"') {
            Some(quoted) => unquoted(quoted)?,
            None => {
                let end = after.find(|c: char| c == ',' || c.is_whitespace()).unwrap_or(after.len());
                (after[..end].to_owned(), &after[end..])
            }
        };
        found.push((name.trim().to_ascii_lowercase(), value));
        rest = after.trim_start_matches(|c: char| c.is_whitespace() || c == ',');
    }
    Some(found)
}

/// The value up to the closing quote, and what follows it.
fn unquoted(text: &str) -> Option<(String, &str)> {
    let mut value = String::new();
    let mut chars = text.char_indices();
    while let Some((at, c)) = chars.next() {
        match c {
            '"' => return Some((value, &text[at + 1..])),
            '\\' => value.push(chars.next()?.1),
            _ => value.push(c),
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quoted_and_bare_fields_read_the_same() {
        let bare = r#"Digest username="u", realm="MMS Public API", nonce="n", uri="/a?b=c,d", algorithm=MD5, qop=auth, nc=0000000a, cnonce="c", response="r""#;
        let quoted = r#"digest  username="u",realm="MMS Public API",nonce="n",uri="/a?b=c,d",qop="auth",nc=0000000a,cnonce="c",response="r""#;
        for header in [bare, quoted] {
            let read = Signature::read(header).unwrap();
            assert_eq!((read.uri.as_str(), read.count), ("/a?b=c,d", 10), "{header}");
        }
    }

    #[test]
    fn other_schemes_and_half_a_signature_are_nothing() {
        for header in [
            "Basic dTpw",
            "Digest",
            "Digest username=\"u",
            "Digest gibberish",
            r#"Digest username="u", realm="r", nonce="n", uri="/", qop=auth, nc=1, cnonce="c", response="r""#,
            r#"Digest username="u", realm="r", nonce="n", uri="/", qop=auth-int, nc=00000001, cnonce="c", response="r""#,
            r#"Digest username="u", realm="r", nonce="n", uri="/", qop=auth, algorithm=SHA-256, nc=00000001, cnonce="c", response="r""#,
        ] {
            assert!(Signature::read(header).is_none(), "{header}");
        }
    }
}
