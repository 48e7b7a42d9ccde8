//! Buttons, links that look like buttons, and the questions that stand before something dangerous.

use crate::icons::{Icon, IconName};
use leptos::prelude::*;

/// How much a button weighs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ButtonKind {
    /// One of several acts.
    #[default]
    Normal,
    /// The page's one main act.
    Main,
    /// Something that hurts: denies, removes.
    Danger,
    /// The last button before something that hurts.
    DangerSure,
    /// An act that steps back behind the others.
    Plain,
}

impl ButtonKind {
    const fn class(self, small: bool) -> &'static str {
        match (self, small) {
            (Self::Normal, false) => "btn",
            (Self::Normal, true) => "btn small",
            (Self::Main, false) => "btn main",
            (Self::Main, true) => "btn main small",
            (Self::Danger, false) => "btn danger",
            (Self::Danger, true) => "btn danger small",
            (Self::DangerSure, false) => "btn danger sure",
            (Self::DangerSure, true) => "btn danger sure small",
            (Self::Plain, false) => "btn plain",
            (Self::Plain, true) => "btn plain small",
        }
    }
}

/// A button of the form it stands in.
///
/// With `blocked` it stays where it is, can be reached by keyboard, does nothing, and says why: the sentence is part of its name.
#[component]
pub fn Button(
    /// How much it weighs.
    #[prop(optional)]
    kind: ButtonKind,
    /// Drawn before the words.
    #[prop(optional)]
    icon: Option<IconName>,
    /// A lower button, for rows of tables.
    #[prop(optional)]
    small: bool,
    /// Name and value that it adds to the form.
    #[prop(optional, into)]
    name: Option<String>,
    /// See `name`.
    #[prop(optional, into)]
    value: Option<String>,
    /// The form it belongs to when it stands outside of it.
    #[prop(optional, into)]
    form: Option<String>,
    /// Another address for the form.
    #[prop(optional, into)]
    formaction: Option<String>,
    /// Submits without the browser's own checks: for "Back" and "Save and leave".
    #[prop(optional)]
    formnovalidate: bool,
    /// Why it may not be used now.
    #[prop(optional_no_strip, into)]
    blocked: Option<String>,
    /// Prints the reason below the button instead of showing it on hover and focus.
    #[prop(optional)]
    say_why: bool,
    /// The words.
    children: Children,
) -> impl IntoView {
    let class = kind.class(small);
    let icon = icon.map(|name| view! { <Icon name/> });
    match blocked {
        Some(reason) => blocked_button(class, icon.into_any(), children(), reason, say_why),
        None => view! {
            <button type="submit" class=class name=name value=value form=form formaction=formaction formnovalidate=formnovalidate>
                {icon}
                {children()}
            </button>
        }
        .into_any(),
    }
}

/// A link that looks like a button.
#[component]
pub fn LinkButton(
    /// Where it leads.
    #[prop(into)]
    href: String,
    /// How much it weighs.
    #[prop(optional)]
    kind: ButtonKind,
    /// Drawn before the words.
    #[prop(optional)]
    icon: Option<IconName>,
    /// A lower button, for rows of tables.
    #[prop(optional)]
    small: bool,
    /// The address is a file to keep.
    #[prop(optional)]
    download: bool,
    /// Why it may not be used now.
    #[prop(optional_no_strip, into)]
    blocked: Option<String>,
    /// Prints the reason below the button instead of showing it on hover and focus.
    #[prop(optional)]
    say_why: bool,
    /// The words.
    children: Children,
) -> impl IntoView {
    let class = kind.class(small);
    let icon = icon.map(|name| view! { <Icon name/> });
    match blocked {
        Some(reason) => blocked_button(class, icon.into_any(), children(), reason, say_why),
        None => view! {
            <a class=class href=href download=download>
                {icon}
                {children()}
            </a>
        }
        .into_any(),
    }
}

fn blocked_button(class: &'static str, icon: AnyView, words: AnyView, reason: String, say_why: bool) -> AnyView {
    let wrap = if say_why { "blocked said" } else { "blocked" };
    view! {
        <span class=wrap>
            <button type="button" class=class aria-disabled="true">
                {icon}
                {words}
                <span class="sr">{format!(", not available: {reason}")}</span>
            </button>
            <span class="why" aria-hidden="true">{reason}</span>
        </span>
    }
    .into_any()
}

/// A whole form that is one button: refresh, sign out, withdraw.
#[component]
pub fn PostButton(
    /// Where it posts to.
    #[prop(into)]
    action: String,
    /// What it sends, as names and values.
    #[prop(optional)]
    fields: Vec<(String, String)>,
    /// How much it weighs.
    #[prop(optional)]
    kind: ButtonKind,
    /// Drawn before the words.
    #[prop(optional)]
    icon: Option<IconName>,
    /// A lower button, for rows of tables.
    #[prop(optional)]
    small: bool,
    /// Why it may not be used now.
    #[prop(optional_no_strip, into)]
    blocked: Option<String>,
    /// Prints the reason below the button instead of showing it on hover and focus.
    #[prop(optional)]
    say_why: bool,
    /// The words.
    children: Children,
) -> impl IntoView {
    let class = kind.class(small);
    let icon = icon.map(|name| view! { <Icon name/> });
    match blocked {
        Some(reason) => blocked_button(class, icon.into_any(), children(), reason, say_why),
        None => {
            let fields = fields
                .into_iter()
                .map(|(name, value)| view! { <input type="hidden" name=name value=value/> })
                .collect_view();
            view! {
                <form method="post" action=action>
                    {fields}
                    <button type="submit" class=class>
                        {icon}
                        {children()}
                    </button>
                </form>
            }
            .into_any()
        }
    }
}

/// A button that opens a question; the form with the last word stands inside. Works without any script.
#[component]
pub fn Confirm(
    /// The words on the button.
    #[prop(into)]
    label: String,
    /// The question, as the heading of what opens.
    #[prop(into)]
    title: String,
    /// How much the button weighs.
    #[prop(optional)]
    kind: ButtonKind,
    /// Drawn before the words.
    #[prop(optional)]
    icon: Option<IconName>,
    /// A lower button, for rows of tables.
    #[prop(optional)]
    small: bool,
    /// Opens below in the flow of the page instead of floating above it.
    #[prop(optional)]
    inline: bool,
    /// Stands open at once, after an answer with errors.
    #[prop(optional)]
    open: bool,
    /// What will happen, and the form.
    children: Children,
) -> impl IntoView {
    let class = if inline { "confirm inline" } else { "confirm" };
    view! {
        <details class=class open=open>
            <summary class=kind.class(small)>
                {icon.map(|name| view! { <Icon name/> })}
                {label}
            </summary>
            <div class="panel">
                <h3>{title}</h3>
                {children()}
            </div>
        </details>
    }
    .into_any()
}

/// Details that are folded away.
#[component]
pub fn Fold(
    /// What is folded away.
    #[prop(into)]
    label: String,
    /// Stands open at once.
    #[prop(optional)]
    open: bool,
    /// The details.
    children: Children,
) -> impl IntoView {
    view! {
        <details class="fold" open=open>
            <summary>
                <Icon name=IconName::ChevronRight/>
                {label}
            </summary>
            <div>{children()}</div>
        </details>
    }
    .into_any()
}
