//! The description of an API key.

/// The longest description Atlas takes, in characters (`createOrgApiKey`, `desc` 1–250).
pub const MAX_DESCRIPTION: usize = 250;

/// Checks a key's description and returns it without the spaces around it.
///
/// # Errors
///
/// Says in words what is wrong: empty, longer than [`MAX_DESCRIPTION`] characters, or with control characters, which would let
/// a description pretend to be something else in a terminal or a log.
pub fn check_description(text: &str) -> Result<String, String> {
    let text = text.trim();
    let length = text.chars().count();
    if length == 0 {
        return Err("Give the key a description, so that people know what it is for.".into());
    }
    if length > MAX_DESCRIPTION {
        return Err(format!(
            "Atlas takes at most {MAX_DESCRIPTION} characters; this is {length}. Shorten it by {}.",
            length - MAX_DESCRIPTION
        ));
    }
    if let Some(position) = text.chars().position(is_deceptive) {
        return Err(format!(
            "Character {} is a control or direction mark that cannot be seen. Type the description anew without it.",
            position + 1
        ));
    }
    Ok(text.to_owned())
}

/// Whether a character is invisible and may change how the text around it reads: control characters, line and paragraph
/// separators, bidirectional overrides and isolates, zero-width marks.
#[must_use]
pub fn is_deceptive(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}' | '\u{061c}')
}

/// Checks a text of several lines, such as a reason: line breaks and tabs are fine, other invisible characters are not.
///
/// # Errors
///
/// Says in words what is wrong with it.
pub fn check_prose(text: &str, what: &str, max: usize) -> Result<String, String> {
    let text = text.trim().replace("\r\n", "\n");
    let length = text.chars().count();
    if length == 0 {
        return Err(format!("{what} is missing."));
    }
    if length > max {
        return Err(format!("{what} can have at most {max} characters; this is {length}."));
    }
    if text.chars().any(|c| is_deceptive(c) && c != '\n' && c != '\t') {
        return Err(format!(
            "{what} contains control or direction marks that cannot be seen. Type it anew without them."
        ));
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_description_has_1_to_250_characters() {
        assert!(check_description("  ").is_err());
        assert_eq!(check_description(" ci-deploy ").as_deref(), Ok("ci-deploy"));
        assert!(check_description(&"ä".repeat(250)).is_ok());
        let long = check_description(&"ä".repeat(251)).unwrap_err();
        assert!(long.contains("250") && long.contains("251"), "{long}");
    }

    #[test]
    fn invisible_characters_are_refused_and_located() {
        assert!(check_description("ci\u{0}deploy").unwrap_err().contains("Character 3"));
        assert!(check_description("ci\u{202e}deploy").is_err());
        assert!(check_description("ci\ndeploy").is_err());
    }
}
