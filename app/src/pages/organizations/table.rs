//! The table of organizations, which stands on the overview and on the page of all organizations.

use domain::Known;
use jiff::Timestamp;
use leptos::prelude::*;

use super::query::{OrgQuery, OrgSort};
use crate::{
    api::connections::{Health, OrganizationRow},
    components::{Chip, DataTable, RelativeTime, Sort, SortHeader, StateDot, Tone},
    pages::known::{known, known_count},
    paths,
};

/// Whether the connection has to be repaired before anything can be read through it again.
#[must_use]
pub fn needs_repair(row: &OrganizationRow) -> bool {
    matches!(row.health, Health::Failed { .. })
}

/// How a connection is doing, as a colour and its word.
#[must_use]
pub fn health_words(health: &Health) -> (Tone, String) {
    match health {
        Health::Healthy => (Tone::Ok, "healthy".to_owned()),
        Health::Partial { .. } => (Tone::Warn, "partly read".to_owned()),
        Health::Failed { word, .. } => (Tone::Bad, word.clone()),
        Health::NotYetRead => (Tone::Wait, "not read yet".to_owned()),
        Health::Refreshing => (Tone::Wait, "being read".to_owned()),
    }
}

/// The table. With a query its headers sort; without one it is only shown.
#[component]
pub fn OrganizationTable(
    /// The organizations, in order.
    rows: Vec<OrganizationRow>,
    /// How they are sorted now.
    #[prop(optional_no_strip, into)]
    sorted: Option<OrgQuery>,
    /// A heading.
    #[prop(optional, into)]
    title: String,
    /// A few words after the heading.
    #[prop(optional, into)]
    subtitle: String,
    /// What stands at the right of the heading.
    #[prop(optional)]
    aside: Option<AnyView>,
    /// What stands below.
    #[prop(optional)]
    foot: Option<AnyView>,
    /// Now, by the clock of the request.
    now: Timestamp,
) -> impl IntoView {
    let header = |label: &'static str, column: OrgSort, numeric: bool, optional: bool| match &sorted {
        Some(query) => {
            let (sort, descending) = match (query.sort == column, query.descending) {
                (false, _) => (Sort::None, false),
                (true, false) => (Sort::Ascending, true),
                (true, true) => (Sort::Descending, false),
            };
            let href = OrgQuery { sort: column, descending, ..query.clone() }.address();
            view! { <SortHeader label href sort numeric optional/> }.into_any()
        }
        None => {
            let class = match (numeric, optional) {
                (true, true) => "num opt",
                (true, false) => "num",
                (false, true) => "opt",
                (false, false) => "",
            };
            view! { <th scope="col" class=class>{label}</th> }.into_any()
        }
    };
    let head = view! {
        <tr>
            {header("Organization", OrgSort::Label, false, false)}
            {header("State", OrgSort::State, false, false)}
            {header("Keys", OrgSort::Keys, true, false)}
            {header("Projects", OrgSort::Projects, true, false)}
            {header("Findings", OrgSort::Findings, false, false)}
            {header("Open requests", OrgSort::Requests, true, true)}
            <th scope="col" class="opt">"Writer"</th>
            {header("Read", OrgSort::Read, false, false)}
        </tr>
    };
    // The overview has no room for it; one click further there is.
    let explains = sorted.is_some();
    let rows = rows.into_iter().map(|row| organization_row(row, explains, now)).collect::<Vec<_>>();
    let children = move || {
        view! {
            <thead>{head}</thead>
            <tbody>{rows}</tbody>
        }
        .into_any()
    };
    table(title, subtitle, aside, foot, Box::new(children))
}

/// `DataTable` with parts that may be missing.
fn table(
    title: String,
    subtitle: String,
    aside: Option<AnyView>,
    foot: Option<AnyView>,
    children: Box<dyn FnOnce() -> AnyView + Send>,
) -> AnyView {
    let aside = aside.unwrap_or_else(|| ().into_any());
    let foot = foot.unwrap_or_else(|| ().into_any());
    if title.is_empty() {
        view! { <DataTable caption="Organizations" foot>{children()}</DataTable> }.into_any()
    } else {
        view! { <DataTable caption="Organizations" title subtitle aside foot>{children()}</DataTable> }.into_any()
    }
}

fn organization_row(row: OrganizationRow, explains: bool, now: Timestamp) -> AnyView {
    let (tone, word) = health_words(&row.health);
    // What is wrong with a broken connection stands above the table, with the way out.
    let about = match &row.health {
        Health::Partial { why } if explains => Some(why.problem.clone()),
        _ => None,
    };
    let about = about.map(|problem| view! { <span class="sub about two-lines">{problem}</span> });
    let other_name = (row.label != row.name).then(|| view! { <span class="sub">{row.name.clone()}</span> });
    let environment = (!row.environment.is_empty()).then(|| view! { " "<Chip>{row.environment.clone()}</Chip> });
    let requests = match row.open_requests {
        0 => view! { <span class="muted">"none"</span> }.into_any(),
        count => count.into_any(),
    };
    let writer = match row.has_writer {
        true => "stored".into_any(),
        false => view! { <span class="muted">"none"</span> }.into_any(),
    };
    let read = match row.read_at {
        Some(at) => view! { <RelativeTime at now/> }.into_any(),
        None => "never".into_any(),
    };
    view! {
        <tr>
            <th scope="row">
                <a class="name" href=paths::organization(&row.org)>{row.label.clone()}</a>
                {environment}
                {other_name}
            </th>
            <td data-label="State"><div><StateDot tone>{word}</StateDot>{about}</div></td>
            <td data-label="Keys" class="num">{known_count(&row.keys)}</td>
            <td data-label="Projects" class="num">{known_count(&row.projects)}</td>
            <td data-label="Findings">{findings(&row.high_findings, &row.medium_findings)}</td>
            <td data-label="Open requests" class="num opt">{requests}</td>
            <td data-label="Writer" class="opt">{writer}</td>
            <td data-label="Read" class="muted">{read}</td>
        </tr>
    }
    .into_any()
}

/// How many keys of an organization have findings: "3 high", "2 medium", "none". What is known is shown beside what is not.
pub fn findings(high: &Known<u32>, medium: &Known<u32>) -> AnyView {
    let chip = |fact: &Known<u32>, tone: Tone, word: &'static str| match fact {
        Known::Yes(0) => None,
        fact => Some(known(fact, |count| {
            let words = format!("{count} {word}");
            view! { <Chip tone>{words}</Chip> }.into_any()
        })),
    };
    let both_unknown = high.value().is_none() && medium.value().is_none();
    let chips: Vec<AnyView> =
        [chip(high, Tone::Bad, "high"), chip(medium, Tone::Warn, "medium").filter(|_| !both_unknown)]
            .into_iter()
            .flatten()
            .collect();
    if chips.is_empty() {
        return view! { <span class="muted">"none"</span> }.into_any();
    }
    view! { <div class="chips">{chips}</div> }.into_any()
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::*;

    fn html(high: Known<u32>, medium: Known<u32>) -> String {
        findings(&high, &medium).to_html()
    }

    #[test]
    fn a_known_finding_is_not_hidden_by_what_could_not_be_read() {
        let unreadable = || Known::NotReadable { needs: "Organization Owner".into() };
        let cell = html(Known::Yes(3), unreadable());
        assert!(cell.contains("3 high") && cell.contains("not readable"), "{cell}");
        assert_eq!(html(unreadable(), unreadable()).matches("needs Organization Owner").count(), 1);
    }

    #[test]
    fn none_is_said_only_when_both_are_known() {
        assert!(html(Known::Yes(0), Known::Yes(0)).contains("none"));
        assert!(!html(Known::Yes(0), Known::NotYetRead).contains("none"));
    }
}
