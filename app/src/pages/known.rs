//! How facts that may not be known are drawn: never as zero, as a dash or as "no".

use domain::Known;
use leptos::prelude::*;

use crate::components::{Chip, Tone, thousands};

/// `fact` as `draw` draws it, or two words on why it is not known, for a cell of a table.
pub fn known<T>(fact: &Known<T>, draw: impl FnOnce(&T) -> AnyView) -> AnyView {
    match fact {
        Known::Yes(value) => draw(value),
        Known::NotReadable { needs } => {
            let (title, more) = (format!("Needs {needs}"), format!(": needs {needs}"));
            view! {
                <Chip tone=Tone::Wait title>
                    "not readable"<span class="sr">{more}</span>
                </Chip>
            }
            .into_any()
        }
        Known::NotYetRead => view! { <Chip tone=Tone::Wait>"not read yet"</Chip> }.into_any(),
        Known::Unknown { why } => view! {
            <span class="tone-wait" title=why.clone()>"unknown"<span class="sr">{format!(": {why}")}</span></span>
        }
        .into_any(),
    }
}

/// A number, or two words on why it is not known.
pub fn known_count(fact: &Known<u32>) -> AnyView {
    known(fact, |count| thousands(u64::from(*count)).into_any())
}

/// `fact` as `draw` draws it, or a sentence on why it is not known, where there is room for one.
pub fn known_fact<T>(fact: &Known<T>, draw: impl FnOnce(&T) -> AnyView) -> AnyView {
    match fact {
        Known::Yes(value) => draw(value),
        other => view! { <span class="tone-wait">{why_unknown(other)}</span> }.into_any(),
    }
}

/// A sentence on why `fact` is not known; nothing when it is.
pub fn why_unknown<T>(fact: &Known<T>) -> Option<String> {
    match fact {
        Known::Yes(_) => None,
        Known::NotReadable { needs } => {
            Some(format!("Not readable: the reader of this connection needs the role {needs}."))
        }
        Known::NotYetRead => Some("Not read yet. Refresh the organization to read it.".to_owned()),
        Known::Unknown { why } => Some(format!("Unknown: {why}")),
    }
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::*;

    fn text(fact: &Known<u32>) -> String {
        known_count(fact).to_html()
    }

    #[test]
    fn what_is_not_known_is_neither_zero_nor_a_dash() {
        let unknown = [
            Known::NotReadable { needs: "Organization Owner".into() },
            Known::NotYetRead,
            Known::Unknown { why: "Atlas does not tell it.".into() },
        ];
        for fact in unknown {
            let cell = text(&fact);
            assert!(!cell.contains('0') && !cell.contains(['–', '—']) && !cell.contains(">no<"), "{cell}");
            assert!(cell.contains("unknown") || cell.contains("not read"), "{cell}");
            assert!(why_unknown(&fact).is_some());
        }
        assert!(text(&Known::Yes(0)).contains('0'));
        assert_eq!(why_unknown(&Known::Yes(0)), None);
    }

    #[test]
    fn what_is_not_readable_names_the_role_that_would_read_it() {
        let cell = text(&Known::NotReadable { needs: "Organization Owner".into() });
        assert!(cell.contains("needs Organization Owner"), "{cell}");
    }
}
