//! Surfaces that hold one thing each: cards, figures, lists of facts, code.

use crate::{
    icons::{Icon, IconName},
    islands::CopyButton,
};
use leptos::prelude::*;

/// What stands at the right of a card's title: a count, links.
#[slot]
pub struct CardAside {
    /// The content.
    children: Children,
}

/// What stands at the bottom of a card.
#[slot]
pub struct CardFoot {
    /// The content.
    children: Children,
}

/// A card. Without a title it is only the surface.
#[component]
pub fn Card(
    /// The heading.
    #[prop(optional, into)]
    title: String,
    /// A few words after the heading: "6 added, nothing removed".
    #[prop(optional, into)]
    subtitle: String,
    /// The content brings its own spacing: tables, differences, lists.
    #[prop(optional)]
    flush: bool,
    /// What stands at the right of the title.
    #[prop(optional)]
    card_aside: Option<CardAside>,
    /// What stands at the bottom.
    #[prop(optional)]
    card_foot: Option<CardFoot>,
    /// The content.
    children: Children,
) -> impl IntoView {
    let header = (!title.is_empty() || card_aside.is_some()).then(|| {
        view! {
            <header>
                <h2>{title}</h2>
                {(!subtitle.is_empty()).then(|| view! { <span class="muted">{subtitle}</span> })}
                {card_aside.map(|slot| view! { <div class="aside">{(slot.children)()}</div> })}
            </header>
        }
    });
    let content = children();
    view! {
        <section class="card">
            {header}
            {if flush { content } else { view! { <div class="body">{content}</div> }.into_any() }}
            {card_foot.map(|slot| view! { <div class="foot">{(slot.children)()}</div> })}
        </section>
    }
    .into_any()
}

/// The row of figures at the head of a page; holds [`Stat`]s.
#[component]
pub fn StatRow(
    /// The figures.
    children: Children,
) -> impl IntoView {
    view! { <div class="stats">{children()}</div> }
}

/// One figure with its word above and a remark below.
#[component]
pub fn Stat(
    /// What is counted.
    #[prop(into)]
    label: String,
    /// The figure, already written out; none when it is not known, which is never drawn as zero.
    #[prop(optional_no_strip, into)]
    value: Option<String>,
    /// The remark; for an unknown figure, why it is not known.
    #[prop(optional, into)]
    note: String,
    /// Makes the whole card a link.
    #[prop(optional, into)]
    href: Option<String>,
) -> impl IntoView {
    let inner = view! {
        <span class="label">{label}</span>
        {match value {
            Some(value) => view! { <b class="value">{value}</b> }.into_any(),
            None => view! { <b class="value unknown">"not known"</b> }.into_any(),
        }}
        {(!note.is_empty()).then(|| view! { <span class="note-line">{note}</span> })}
    };
    match href {
        Some(href) => view! { <a class="card stat" href=href>{inner}</a> }.into_any(),
        None => view! { <div class="card stat">{inner}</div> }.into_any(),
    }
}

/// A list of facts; holds [`Fact`]s.
#[component]
pub fn DescriptionList(
    /// For the narrow column at the right of a page.
    #[prop(optional)]
    narrow: bool,
    /// The facts.
    children: Children,
) -> impl IntoView {
    let class = if narrow { "facts narrow" } else { "facts" };
    view! { <dl class=class>{children()}</dl> }
}

/// One fact: its name, and what it is.
#[component]
pub fn Fact(
    /// Its name.
    #[prop(into)]
    term: String,
    /// What it is.
    children: Children,
) -> impl IntoView {
    view! {
        <dt>{term}</dt>
        <dd>{children()}</dd>
    }
    .into_any()
}

/// Code, a call, a command: in a frame, with a button that copies it.
#[component]
pub fn CodeBlock(
    /// The text.
    #[prop(into)]
    code: String,
    /// What it is; also the name of the frame.
    #[prop(optional, into)]
    title: String,
    /// Leaves the button away.
    #[prop(optional)]
    no_copy: bool,
) -> impl IntoView {
    let label = if title.is_empty() { "Code".to_owned() } else { title.clone() };
    let copy = (!no_copy).then(|| view! { <CopyButton value=code.clone()/> });
    let head = (!title.is_empty() || copy.is_some()).then(|| {
        view! {
            <div class="title">
                <span>{title}</span>
                {copy}
            </div>
        }
    });
    // A long block scrolls, so the keyboard must be able to reach it.
    view! {
        <div class="codeblock">
            {head}
            <pre tabindex="0" role="region" aria-label=label><code>{code}</code></pre>
        </div>
    }
    .into_any()
}

/// A name with its identifier, a button that copies the identifier, and a link to Atlas's own page.
#[component]
pub fn Identifier(
    /// What people call it; empty when it has no name.
    #[prop(optional, into)]
    name: String,
    /// What Atlas calls it.
    #[prop(into)]
    id: String,
    /// Where the name leads.
    #[prop(optional, into)]
    href: Option<String>,
    /// Atlas's own page about it.
    #[prop(optional, into)]
    atlas_href: Option<String>,
) -> impl IntoView {
    let name = (!name.is_empty()).then(|| match href {
        Some(href) => view! { <a href=href>{name}</a> }.into_any(),
        None => view! { <span>{name}</span> }.into_any(),
    });
    view! {
        <span class="ident">
            {name}
            <code>{id.clone()}</code>
            <CopyButton value=id compact=true/>
            {atlas_href.map(|href| view! {
                <a class="copy" href=href rel="noreferrer" target="_blank">
                    <Icon name=IconName::External/>
                    "Atlas"
                    <span class="sr">" (opens in a new tab)"</span>
                </a>
            })}
        </span>
    }
    .into_any()
}
