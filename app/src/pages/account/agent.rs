//! What a browser calls itself, in a few words.

/// "Firefox on Linux" for what a browser sends as its name; the beginning of it when it is nothing known.
pub(super) fn browser_words(agent: &str) -> String {
    // Each names itself and the older ones it resembles, so the order decides.
    let browsers = [
        ("Edg/", "Edge"),
        ("OPR/", "Opera"),
        ("Firefox/", "Firefox"),
        ("HeadlessChrome/", "Chrome without a window"),
        ("Chrome/", "Chrome"),
        ("Safari/", "Safari"),
        ("curl/", "curl"),
    ];
    let systems = [
        ("Android", "Android"),
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Windows", "Windows"),
        ("Mac OS X", "macOS"),
        ("CrOS", "ChromeOS"),
        ("Linux", "Linux"),
    ];
    let find =
        |known: &[(&str, &'static str)]| known.iter().find(|(mark, _)| agent.contains(mark)).map(|(_, name)| *name);
    match (find(&browsers), find(&systems)) {
        (Some(browser), Some(system)) => format!("{browser} on {system}"),
        (Some(browser), None) => browser.to_owned(),
        (None, _) if agent.trim().is_empty() => "unknown browser".to_owned(),
        (None, _) if agent.chars().count() > 40 => format!("{}…", agent.chars().take(40).collect::<String>()),
        (None, _) => agent.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::browser_words;

    #[test]
    fn browsers_are_named_by_the_most_particular_word() {
        let chrome =
            "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36";
        assert_eq!(browser_words(chrome), "Chrome on Linux");
        assert_eq!(browser_words(&format!("{chrome} Edg/142.0.0.0")), "Edge on Linux");
        let safari =
            "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15 Version/19.0 Safari/604.1";
        assert_eq!(browser_words(safari), "Safari on iPhone");
    }

    #[test]
    fn anything_else_is_shown_as_it_is_but_not_for_ever() {
        assert_eq!(browser_words(""), "unknown browser");
        assert_eq!(browser_words("a script"), "a script");
        assert_eq!(browser_words(&"x".repeat(90)).chars().count(), 41);
    }
}
