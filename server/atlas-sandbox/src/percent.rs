//! Percent-decoding of path segments and query pieces. Paths are matched while still encoded, because `%2F` inside an
//! address must not split it.

/// Decodes a path segment.
pub(crate) fn segment(text: &str) -> String {
    decoded(text, false)
}

/// Decodes one side of a query pair, where `+` is a space.
pub(crate) fn query(text: &str) -> String {
    decoded(text, true)
}

fn decoded(text: &str, plus_is_space: bool) -> String {
    let bytes = text.as_bytes();
    let mut plain = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let escaped = (bytes[at] == b'%').then(|| bytes.get(at + 1..at + 3)).flatten().and_then(byte);
        match (escaped, bytes[at]) {
            (Some(byte), _) => {
                plain.push(byte);
                at += 3;
                continue;
            }
            (None, b'+') if plus_is_space => plain.push(b' '),
            (None, byte) => plain.push(byte),
        }
        at += 1;
    }
    String::from_utf8_lossy(&plain).into_owned()
}

fn byte(digits: &[u8]) -> Option<u8> {
    let mut byte = [0];
    hex::decode_to_slice(digits, &mut byte).ok()?;
    Some(byte[0])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_are_undone_and_half_escapes_stay() {
        assert_eq!(segment("192.0.2.0%2F24"), "192.0.2.0/24");
        assert_eq!(segment("2001%3adb8::%2f32"), "2001:db8::/32");
        assert_eq!(segment("a+b%2"), "a+b%2");
        assert_eq!(query("Group+Fin%C3%A4nce"), "Group Fin\u{e4}nce");
    }
}
