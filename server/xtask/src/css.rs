//! The style sheet: parts put together, files it refers to renamed, comments taken out.
//!
//! `style/main.css` is plain CSS. It may be split: `@import "parts/table.css";` on a line of its own (also with
//! `layer(name)`) is replaced by that file, so the browser always loads exactly one. Beyond that nothing is translated.

use std::{fs, path::Path};

use anyhow::{Context as _, bail};

/// Reads a style sheet with everything it imports.
///
/// # Errors
///
/// When one of the files cannot be read, or an import has a form that is not understood.
pub(crate) fn read(file: &Path) -> anyhow::Result<String> {
    let text = fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))?;
    let mut whole = String::with_capacity(text.len());
    for line in text.lines() {
        let Some(import) = line.strip_prefix("@import ") else {
            whole.push_str(line);
            whole.push('\n');
            continue;
        };
        let Some((name, rest)) =
            import.trim_end().trim_end_matches(';').strip_prefix('"').and_then(|rest| rest.split_once('"'))
        else {
            bail!("{}: write imports as @import \"FILE\"; or @import \"FILE\" layer(NAME);", file.display());
        };
        let part = read(&file.with_file_name(name))?;
        match rest.trim() {
            "" => whole.push_str(&part),
            rest => {
                let layer = rest.strip_prefix("layer(").and_then(|rest| rest.strip_suffix(')'));
                let Some(layer) = layer else { bail!("{}: cannot import with `{rest}`", file.display()) };
                whole.push_str(&format!("@layer {layer} {{\n{part}}}\n"));
            }
        }
    }
    Ok(whole)
}

/// Replaces the addresses in `url(…)` by what `file_name` says; `data:` addresses and mere fragments stay.
///
/// # Errors
///
/// When an address is not of our own site, or names a file that does not exist.
pub(crate) fn point_to(sheet: &str, file_name: impl Fn(&str) -> Option<String>) -> anyhow::Result<String> {
    let mut whole = String::with_capacity(sheet.len());
    let mut rest = sheet;
    while let Some(start) = rest.find("url(") {
        let (before, from) = rest.split_at(start + "url(".len());
        whole.push_str(before);
        let Some(end) = from.find(')') else { bail!("the style sheet has a url( without an end") };
        let (address, after) = from.split_at(end);
        let bare = address.trim().trim_matches(['"', '\'']);
        if bare.starts_with("data:") || bare.starts_with('#') {
            whole.push_str(address);
        } else {
            let known = bare.strip_prefix('/').and_then(&file_name);
            let Some(name) = known else { bail!("the style sheet refers to {bare}, which is not in style/public") };
            whole.push_str(&format!("\"/{name}\""));
        }
        rest = after;
    }
    whole.push_str(rest);
    Ok(whole)
}

/// Takes out comments, indentation and empty lines. Compression does the rest; anything cleverer could change a meaning.
pub(crate) fn squeeze(sheet: &str) -> String {
    let mut bare = String::with_capacity(sheet.len());
    let mut rest = sheet.chars().peekable();
    let mut quote = None;
    while let Some(letter) = rest.next() {
        match (quote, letter) {
            (None, '/') if rest.peek() == Some(&'*') => {
                rest.next();
                let mut last = ' ';
                for inside in rest.by_ref() {
                    if last == '*' && inside == '/' {
                        break;
                    }
                    last = inside;
                }
                // A comment separates words.
                bare.push(' ');
            }
            (None, '"' | '\'') => {
                quote = Some(letter);
                bare.push(letter);
            }
            (Some(_), '\\') => {
                bare.push(letter);
                bare.extend(rest.next());
            }
            (Some(open), close) if open == close => {
                quote = None;
                bare.push(letter);
            }
            _ => bare.push(letter),
        }
    }
    let lines: Vec<&str> = bare.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn imports_become_one_sheet_in_the_order_they_are_written() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(
            folder.path().join("main.css"),
            "@import \"tokens.css\";\n@import \"table.css\" layer(parts);\nbody { margin: 0 }\n",
        )
        .unwrap();
        fs::write(folder.path().join("tokens.css"), ":root { --a: 1px }\n").unwrap();
        fs::write(folder.path().join("table.css"), "td { padding: var(--a) }\n").unwrap();
        assert_eq!(
            read(&folder.path().join("main.css")).unwrap(),
            ":root { --a: 1px }\n@layer parts {\ntd { padding: var(--a) }\n}\nbody { margin: 0 }\n"
        );
    }

    #[test]
    fn addresses_are_renamed_and_data_stays() {
        let sheet = "a { src: url('/fonts/a.woff2') } b { mask: url(data:image/svg+xml,x) } c { fill: url(#g) }";
        let renamed = point_to(sheet, |name| (name == "fonts/a.woff2").then(|| "fonts/a-1.woff2".to_owned())).unwrap();
        assert_eq!(
            renamed,
            "a { src: url(\"/fonts/a-1.woff2\") } b { mask: url(data:image/svg+xml,x) } c { fill: url(#g) }"
        );
    }

    #[test]
    fn other_peoples_addresses_are_refused() {
        assert!(point_to("a { src: url(//fonts.example/a.woff2) }", |_| None).is_err());
    }

    #[test]
    fn comments_go_and_strings_stay() {
        let sheet = "/* a */\n\n  a::after { content: \"/* not one */ \\\" \"; }\n\tb { color: red/* x */}\n";
        assert_eq!(squeeze(sheet), "a::after { content: \"/* not one */ \\\" \"; }\nb { color: red }");
    }
}
