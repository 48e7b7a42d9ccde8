//! Tables: filters above, headers that sort, pages below. All of it is links and a GET form, so the state is the URL.
//!
//! Cells are written as plain `<td>`s. `class="num"` aligns figures at the right, `class="opt"` gives way on narrow cards,
//! and `data-label="Roles"` names the cell where rows become cards; the first cell needs no label.

use super::field::{SelectOption, field_id, option_views};
use crate::{
    icons::{Icon, IconName},
    islands::AutoSubmit,
};
use leptos::prelude::*;

/// How a column is sorted now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Sort {
    /// The table is not sorted by it.
    #[default]
    None,
    /// Smallest first.
    Ascending,
    /// Largest first.
    Descending,
}

/// A column's header that sorts by it.
#[component]
pub fn SortHeader(
    /// The column.
    #[prop(into)]
    label: String,
    /// The address of the table sorted by it; the other way round when it is already.
    #[prop(into)]
    href: String,
    /// How it is sorted now.
    #[prop(optional)]
    sort: Sort,
    /// A column of figures.
    #[prop(optional)]
    numeric: bool,
    /// Gives way on narrow cards.
    #[prop(optional)]
    optional: bool,
) -> impl IntoView {
    let class = match (numeric, optional) {
        (false, false) => None,
        (true, false) => Some("num"),
        (false, true) => Some("opt"),
        (true, true) => Some("num opt"),
    };
    let (aria, icon, icon_class) = match sort {
        Sort::None => (None, IconName::ArrowUp, "idle"),
        Sort::Ascending => (Some("ascending"), IconName::ArrowUp, ""),
        Sort::Descending => (Some("descending"), IconName::ArrowDown, ""),
    };
    view! {
        <th scope="col" class=class aria-sort=aria>
            <a href=href>
                {label}
                <Icon name=icon class=icon_class/>
            </a>
        </th>
    }
    .into_any()
}

/// A card with a table in it. Wants `<thead>` and `<tbody>` as children.
#[component]
pub fn DataTable(
    /// What the table holds, for those who do not see it.
    #[prop(into)]
    caption: String,
    /// A visible heading above it.
    #[prop(optional, into)]
    title: String,
    /// A few words after the heading.
    #[prop(optional, into)]
    subtitle: String,
    /// What stands at the right of the heading.
    #[prop(optional)]
    aside: Option<AnyView>,
    /// What stands below, usually [`Pagination`].
    #[prop(optional)]
    foot: Option<AnyView>,
    /// `<thead>` and `<tbody>`.
    children: Children,
) -> impl IntoView {
    let header = (!title.is_empty() || aside.is_some()).then(|| {
        view! {
            <header>
                <h2>{title}</h2>
                {(!subtitle.is_empty()).then(|| view! { <span class="muted">{subtitle}</span> })}
                {aside.map(|aside| view! { <div class="aside">{aside}</div> })}
            </header>
        }
    });
    view! {
        <section class="card table-card">
            {header}
            <div class="table-scroll">
                <table>
                    <caption class="sr">{caption}</caption>
                    {children()}
                </table>
            </div>
            {foot}
        </section>
    }
    .into_any()
}

/// Where the pages of a table lie.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PageLinks {
    /// The page before this one.
    pub previous: Option<String>,
    /// The page after this one.
    pub next: Option<String>,
}

/// The foot of a table: which rows one sees, of how many, and the way to the others.
#[component]
pub fn Pagination(
    /// The number of the first row on the page, from 1; 0 when there is none.
    first: u64,
    /// The number of the last row on the page.
    last: u64,
    /// How many there are; none when that has not been counted.
    #[prop(optional_no_strip, into)]
    total: Option<u64>,
    /// Where the other pages lie.
    links: PageLinks,
    /// What stands between the count and the buttons, for instance a link to the export.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    let range = match (first, total) {
        (0, _) => "None".to_owned(),
        (_, Some(total)) => format!("{}–{} of {}", thousands(first), thousands(last), thousands(total)),
        (_, None) => format!("{}–{}", thousands(first), thousands(last)),
    };
    let only_page = links.previous.is_none() && links.next.is_none();
    let step = |label: &'static str, rel: &'static str, href: Option<String>| match href {
        Some(href) => view! { <a class="btn" rel=rel href=href>{label}</a> }.into_any(),
        None => view! { <span class="btn" aria-disabled="true">{label}</span> }.into_any(),
    };
    view! {
        <div class="foot">
            <span class="num">{range}</span>
            {children.map(|children| children())}
            {(!only_page).then(|| view! {
                <nav class="pages" aria-label="Pages">
                    {step("Previous", "prev", links.previous)}
                    {step("Next", "next", links.next)}
                </nav>
            })}
        </div>
    }
    .into_any()
}

/// A number with its thousands set apart: "1,320".
pub fn thousands(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// The filters of a table: a GET form that sends itself when something changes, and has a button where no script runs.
#[component]
pub fn Filters(
    /// The address of the page.
    #[prop(into)]
    action: String,
    /// Values that are kept while filtering: the column it is sorted by.
    #[prop(optional)]
    keep: Vec<(String, String)>,
    /// Where the unfiltered table lies; given only while something is filtered.
    #[prop(optional_no_strip, into)]
    clear: Option<String>,
    /// What stands at the right: how old the data is.
    #[prop(optional)]
    aside: Option<AnyView>,
    /// The fields.
    children: Children,
) -> impl IntoView {
    let keep =
        keep.into_iter().map(|(name, value)| view! { <input type="hidden" name=name value=value/> }).collect_view();
    view! {
        <div class="filters">
            // Without autocomplete the browser does not put earlier choices into the fields of a page one goes back to: they would
            // differ from its address.
            <form method="get" action=action role="search" aria-label="Filters" id="filters" autocomplete="off">
                {keep}
                {children()}
                <noscript><button type="submit" class="btn">"Apply"</button></noscript>
                {clear.map(|href| view! { <a class="btn plain" href=href>"Clear filters"</a> })}
                <AutoSubmit form="filters".to_owned()/>
            </form>
            {aside.map(|aside| view! { <div class="end">{aside}</div> })}
        </div>
    }
    .into_any()
}

/// The field of a filter bar in which one types.
#[component]
pub fn FilterSearch(
    /// What one can type: "Description, public key or address".
    #[prop(into)]
    label: String,
    /// Its name in the URL.
    #[prop(into)]
    name: String,
    /// What stands in it.
    #[prop(optional, into)]
    value: String,
) -> impl IntoView {
    let id = field_id(&name);
    view! {
        <label class="filter search">
            <Icon name=IconName::Find/>
            <input type="search" aria-label=label.clone() id=id name=name value=value placeholder=label autocomplete="off" spellcheck="false"/>
        </label>
    }
    .into_any()
}

/// A list of a filter bar: "Role: any".
#[component]
pub fn FilterSelect(
    /// What it filters by.
    #[prop(into)]
    label: String,
    /// Its name in the URL.
    #[prop(into)]
    name: String,
    /// What is chosen; empty for any.
    #[prop(optional, into)]
    value: String,
    /// The word for no filter.
    #[prop(default = "any".to_owned(), into)]
    any: String,
    /// The choices.
    options: Vec<SelectOption>,
) -> impl IntoView {
    let id = field_id(&name);
    let class = if value.is_empty() { "filter" } else { "filter on" };
    view! {
        <label class=class>
            <span>{label}":"</span>
            <select id=id name=name>
                <option value="" selected=value.is_empty()>{any}</option>
                {option_views(options, &value)}
            </select>
            <Icon name=IconName::ChevronDown/>
        </label>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::thousands;

    #[test]
    fn thousands_are_set_apart() {
        assert_eq!(thousands(0), "0");
        assert_eq!(thousands(999), "999");
        assert_eq!(thousands(1_320), "1,320");
        assert_eq!(thousands(1_234_567), "1,234,567");
    }
}
