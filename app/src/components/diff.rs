//! What will be different afterwards, grouped by where.

use crate::icons::{Icon, IconName};
use leptos::prelude::*;

/// What happens to a thing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sign {
    /// It comes.
    Added,
    /// It becomes different.
    Changed,
    /// It goes.
    Removed,
    /// It stays as it is.
    Same,
}

impl Sign {
    const fn parts(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Self::Added => ("line add", "+", "Added: "),
            Self::Changed => ("line chg", "~", "Changed: "),
            Self::Removed => ("line del", "−", "Removed: "),
            Self::Same => ("line", "=", "Unchanged: "),
        }
    }
}

/// A difference; holds [`DiffGroup`]s. Belongs into a `Card` with `flush`.
#[component]
pub fn Diff(
    /// The groups.
    children: Children,
) -> impl IntoView {
    view! { <div class="diff">{children()}</div> }
}

/// What changes in one place; holds [`DiffLine`]s.
#[component]
pub fn DiffGroup(
    /// The place, usually an organization.
    #[prop(into)]
    title: String,
    /// Drawn before it.
    #[prop(optional)]
    icon: Option<IconName>,
    /// The lines.
    children: Children,
) -> impl IntoView {
    view! {
        <div class="group">
            <h3>
                <Icon name=icon.unwrap_or(IconName::Organization)/>
                {title}
            </h3>
            {children()}
        </div>
    }
    .into_any()
}

/// One thing that comes, changes or goes.
#[component]
pub fn DiffLine(
    /// What happens to it.
    sign: Sign,
    /// A warning at the right, for instance a [`Chip`](super::Chip).
    #[prop(optional)]
    aside: Option<AnyView>,
    /// A remark below.
    #[prop(optional, into)]
    note: String,
    /// The thing.
    children: Children,
) -> impl IntoView {
    let (class, mark, word) = sign.parts();
    view! {
        <div class=class>
            <span class="sign" aria-hidden="true">{mark}</span>
            <span class="what">
                <span class="sr">{word}</span>
                {children()}
                {(!note.is_empty()).then(|| view! { <span class="note-line">{note}</span> })}
            </span>
            {aside.map(|aside| view! { <span class="aside">{aside}</span> })}
        </div>
    }
    .into_any()
}
