//! Numbers in sentences.

use crate::components::thousands;

/// "1 key", "1,284 keys".
#[must_use]
pub fn counted(count: u32, one: &str, many: &str) -> String {
    if count == 1 { format!("1 {one}") } else { format!("{} {many}", thousands(u64::from(count))) }
}

/// The same at the beginning of a sentence, where small numbers are written out: "Three requests".
#[must_use]
pub fn counted_first(count: u32, one: &str, many: &str) -> String {
    const SMALL: [&str; 13] =
        ["No", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine", "Ten", "Eleven", "Twelve"];
    let noun = if count == 1 || count == 0 { one } else { many };
    match usize::try_from(count).ok().and_then(|index| SMALL.get(index)) {
        Some(word) => format!("{word} {noun}"),
        None => counted(count, one, many),
    }
}

/// "a", "a and b", "a, b and c".
#[must_use]
pub fn listed(words: &[String]) -> String {
    match words {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nouns_agree_with_their_number() {
        assert_eq!(counted(1, "key", "keys"), "1 key");
        assert_eq!(counted(0, "key", "keys"), "0 keys");
        assert_eq!(counted(1284, "key", "keys"), "1,284 keys");
        assert_eq!(counted_first(0, "request", "requests"), "No request");
        assert_eq!(counted_first(3, "request", "requests"), "Three requests");
        assert_eq!(counted_first(13, "request", "requests"), "13 requests");
    }

    #[test]
    fn lists_end_in_and() {
        let words = |words: &[&str]| listed(&words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>());
        assert_eq!(words(&["a"]), "a");
        assert_eq!(words(&["a", "b"]), "a and b");
        assert_eq!(words(&["a", "b", "c"]), "a, b and c");
    }
}
