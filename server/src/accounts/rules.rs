//! Which passwords and user names may be chosen.

use std::collections::HashSet;

/// Characters of a password, at least and at most.
const LENGTH: std::ops::RangeInclusive<usize> = 12..=128;

/// Passwords of twelve characters and more that every list of leaked ones begins with.
const COMMON: &str = include_str!("common_passwords.txt");

/// Words that everybody would try here first.
const OUR_WORDS: [&str; 6] = ["meridian", "mongodb", "atlas", "password", "admin", "administrator"];

/// Says what is wrong with a password that a person wants to have, if anything is. It is not trimmed or changed.
///
/// # Errors
///
/// With a sentence for beside the field.
pub fn check_password(password: &str, username: &str) -> Result<(), String> {
    let length = password.chars().count();
    if length < *LENGTH.start() {
        return Err(format!("Use at least {} characters. A few unrelated words do well.", LENGTH.start()));
    }
    if length > *LENGTH.end() {
        return Err(format!("Use at most {} characters.", LENGTH.end()));
    }
    let lower = password.to_lowercase();
    if lower.chars().collect::<HashSet<_>>().len() < 5 {
        return Err("This repeats the same few characters. Choose something harder to guess.".to_owned());
    }
    if COMMON.lines().any(|common| common == lower) {
        return Err("This is one of the passwords tried first. Choose something harder to guess.".to_owned());
    }
    let mut rest = lower;
    for word in OUR_WORDS.iter().copied().chain((username.len() > 2).then_some(username)) {
        rest = rest.replace(&word.to_lowercase(), "");
    }
    if rest.chars().filter(|c| c.is_alphabetic()).count() < 4 && rest.chars().count() < *LENGTH.start() {
        return Err(
            "This is mostly your user name or a word that everybody would try here. Choose something else.".to_owned()
        );
    }
    Ok(())
}

/// Says what is wrong with a user name, if anything is.
///
/// # Errors
///
/// With a sentence for beside the field.
pub fn check_username(username: &str) -> Result<(), String> {
    if username.is_empty() {
        return Err("Enter a user name.".to_owned());
    }
    if username.len() > 64 {
        return Err("Use at most 64 characters.".to_owned());
    }
    let is_plain = username.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_' | b'@' | b'+'));
    if !is_plain || !username.as_bytes()[0].is_ascii_alphanumeric() {
        return Err("Use letters, digits and . - _ @ +, beginning with a letter or digit.".to_owned());
    }
    // These stand for nobody in particular in the log.
    if ["system", "console", "stranger"].contains(&username.to_lowercase().as_str()) {
        return Err("This name has a meaning of its own in the log. Choose another one.".to_owned());
    }
    Ok(())
}

/// Says what is wrong with the name shown, if anything is.
///
/// # Errors
///
/// With a sentence for beside the field.
pub fn check_display_name(name: &str) -> Result<(), String> {
    if name.is_empty() {
        return Err("Enter the name that others will see.".to_owned());
    }
    if name.chars().count() > 100 {
        return Err("Use at most 100 characters.".to_owned());
    }
    // Marks that change the direction of text could make a name look like another one.
    if name.chars().any(|c| {
        c.is_control() || matches!(c, '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
    }) {
        return Err("Use letters, digits and punctuation, without line breaks or invisible characters.".to_owned());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn guessable_passwords_are_refused() {
        for bad in [
            "short",
            "elevenchars",
            "aaaaaaaaaaaaaaaa",
            "123456789012",
            "qwertyuiopas",
            "Password1234",
            "meridian12345",
            "MongoDBAtlas2026!",
            "ana.alvarez12",
            "ana.alvarez12345",
            &"x1y2z3".repeat(30),
        ] {
            assert!(check_password(bad, "ana.alvarez").is_err(), "{bad}");
        }
    }

    #[test]
    fn other_passwords_are_taken_as_they_are() {
        for good in ["correct horse battery", " leading and trailing ", "пароль достаточно длинный", "Tr0ub4dor&3-xyz"]
        {
            assert_eq!(check_password(good, "ana"), Ok(()), "{good}");
        }
    }

    #[test]
    fn user_names_are_plain() {
        for good in ["ana", "a.b-c_d@example.com", "7up"] {
            assert_eq!(check_username(good), Ok(()), "{good}");
        }
        for bad in ["", "-x", "with space", "zoë", "System", "a/b", &"x".repeat(65)] {
            assert!(check_username(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn shown_names_have_no_tricks() {
        assert_eq!(check_display_name("Zoë O’Neil (DBA)"), Ok(()));
        for bad in ["", "two\nlines", "ab\u{202E}cd", &"x".repeat(101)] {
            assert!(check_display_name(bad).is_err(), "{bad:?}");
        }
    }
}
