//! Small marks: chips, role names, dots and faces. A colour never comes without its word.

use crate::icons::{Icon, IconName};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// What a colour says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Tone {
    /// Nothing in particular.
    #[default]
    Neutral,
    /// Worth knowing, in the accent.
    Info,
    /// Good.
    Ok,
    /// Needs attention.
    Warn,
    /// Dangerous or failed.
    Bad,
    /// Waiting, or not known: never to be taken for good or bad.
    Wait,
}

impl Tone {
    /// The class that carries it.
    pub const fn class(self) -> &'static str {
        match self {
            Self::Neutral => "neutral",
            Self::Info => "info",
            Self::Ok => "ok",
            Self::Warn => "warn",
            Self::Bad => "bad",
            Self::Wait => "wait",
        }
    }

    /// The icon that stands for it where no better one is at hand.
    pub const fn icon(self) -> IconName {
        match self {
            Self::Neutral | Self::Info => IconName::Info,
            Self::Ok => IconName::Check,
            Self::Warn => IconName::Warning,
            Self::Bad => IconName::Stop,
            Self::Wait => IconName::Clock,
        }
    }
}

/// A word or two on a ground of colour.
#[component]
pub fn Chip(
    /// What the colour says.
    #[prop(optional)]
    tone: Tone,
    /// Drawn before the word.
    #[prop(optional)]
    icon: Option<IconName>,
    /// An explanation on hover, for what the words already say briefly.
    #[prop(optional, into)]
    title: Option<String>,
    /// The words.
    children: Children,
) -> impl IntoView {
    let class = match tone {
        Tone::Neutral => "chip",
        Tone::Info => "chip info",
        Tone::Ok => "chip ok",
        Tone::Warn => "chip warn",
        Tone::Bad => "chip bad",
        Tone::Wait => "chip wait",
    };
    view! {
        <span class=class title=title>
            {icon.map(|name| view! { <Icon name/> })}
            {children()}
        </span>
    }
}

/// The name of a role as Atlas or Meridian spells it.
#[component]
pub fn RoleChip(
    /// For instance `ORG_READ_ONLY`.
    #[prop(into)]
    role: String,
) -> impl IntoView {
    view! { <span class="chip role">{role}</span> }
}

/// A dot of colour, for use before a word.
#[component]
pub fn Dot(
    /// What the colour says.
    tone: Tone,
) -> impl IntoView {
    view! { <span class=format!("dot {}", tone.class()) aria-hidden="true"></span> }
}

/// A dot and its word: "healthy", "access refused".
#[component]
pub fn StateDot(
    /// What the colour says.
    tone: Tone,
    /// The word.
    children: Children,
) -> impl IntoView {
    view! {
        <span class="state">
            <Dot tone/>
            <span>{children()}</span>
        </span>
    }
}

/// The round mark with a person's initials; a question mark for somebody not yet known.
#[component]
pub fn Avatar(
    /// The person's name; empty for somebody not yet known.
    #[prop(into)]
    name: String,
) -> impl IntoView {
    let (class, letters) =
        if name.trim().is_empty() { ("face unknown", "?".to_owned()) } else { ("face", initials(&name)) };
    view! { <span class=class aria-hidden="true">{letters}</span> }
}

/// The one or two letters that stand for a name: of its first and last word.
pub fn initials(name: &str) -> String {
    let mut words = name.split(|c: char| !c.is_alphanumeric()).filter_map(|word| word.chars().next());
    let first = words.next();
    first.into_iter().chain(words.next_back()).flat_map(char::to_uppercase).collect()
}

#[cfg(test)]
mod tests {
    use super::initials;

    #[test]
    fn initials_are_of_the_first_and_the_last_word() {
        assert_eq!(initials("Ana Novak"), "AN");
        assert_eq!(initials("ana maria de novak"), "AN");
        assert_eq!(initials("operator"), "O");
        assert_eq!(initials("Žiga Ćosić"), "ŽĆ");
        assert_eq!(initials(" "), "");
    }
}
