//! A key's access list: from where it may be used, and from where it is.

use std::cmp::Ordering;

use domain::{Known, access_list::read_range};
use jiff::Timestamp;
use leptos::prelude::*;

use crate::{
    api::inventory::{EntryRow, KeyRow},
    components::{Card, Chip, DataTable, LinkButton, Note, RelativeTime, Sort, SortHeader, Tone, thousands},
    pages::{keys::NEEDS_OPERATOR, known::why_unknown, words::counted},
    paths,
};

/// A column of the access list.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Column {
    /// How many addresses it allows.
    Width,
    /// When it was added.
    Added,
    /// When it was last used; never comes before everything else.
    #[default]
    LastUsed,
    /// How many calls it allowed.
    Calls,
}

impl Column {
    const ALL: [Self; 4] = [Self::Width, Self::Added, Self::LastUsed, Self::Calls];

    const fn as_str(self) -> &'static str {
        match self {
            Self::Width => "width",
            Self::Added => "added",
            Self::LastUsed => "last-used",
            Self::Calls => "calls",
        }
    }
}

/// How the access list is sorted. It lives in the address; what does not make sense there is left out.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct AccessSort {
    column: Column,
    descending: bool,
}

impl AccessSort {
    /// Reads the query of an address; `get` answers with the value of a parameter.
    pub(super) fn read(get: impl Fn(&str) -> Option<String>) -> Self {
        let column = get("sort").and_then(|word| Column::ALL.into_iter().find(|column| column.as_str() == word));
        Self { column: column.unwrap_or_default(), descending: get("dir").as_deref() == Some("desc") }
    }

    fn address(self, row: &KeyRow) -> String {
        let sort = if self.column == Column::default() { "" } else { self.column.as_str() };
        let dir = if self.descending { "desc" } else { "" };
        paths::with_query(&paths::key(&row.org, &row.key), &[("sort", sort.to_owned()), ("dir", dir.to_owned())])
    }

    fn compare(self, a: &EntryRow, b: &EntryRow) -> Ordering {
        let order = match self.column {
            Column::Width => width(a).cmp(&width(b)),
            Column::Added => a.created.cmp(&b.created),
            Column::LastUsed => a.last_used.cmp(&b.last_used),
            Column::Calls => a.count.cmp(&b.count),
        };
        let order = if self.descending { order.reverse() } else { order };
        order.then_with(|| a.range.cmp(&b.range))
    }
}

/// How many bits of an address an entry leaves open.
fn width(entry: &EntryRow) -> Option<u8> {
    read_range(&entry.range).ok().map(|(net, _)| net.max_prefix_len() - net.prefix_len())
}

/// What the card is drawn from.
pub(super) struct Access {
    /// The entries, as far as they are known.
    pub(super) list: Known<Vec<EntryRow>>,
    /// What the key cannot do for want of entries.
    pub(super) blocked: Vec<String>,
    /// How the entries are sorted.
    pub(super) sort: AccessSort,
    /// Whether the reader may ask for changes.
    pub(super) may_request: bool,
}

/// The card with the access list, or with why there is none to see.
pub(super) fn access_card(row: &KeyRow, access: Access, now: Timestamp) -> AnyView {
    let Access { list, blocked, sort, may_request } = access;
    match list {
        Known::Yes(entries) if entries.is_empty() => no_entries(blocked),
        Known::Yes(entries) => table(row, entries, sort, may_request, now),
        unknown => {
            let href = paths::organization(&row.org);
            view! {
                <Card title="Access list">
                    <p>
                        <span class="tone-wait">{why_unknown(&unknown)}</span>" "
                        <a href=href>"Look at the connection"</a>
                    </p>
                </Card>
            }
            .into_any()
        }
    }
}

fn no_entries(blocked: Vec<String>) -> AnyView {
    let cannot = (!blocked.is_empty()).then(|| {
        let items = blocked.into_iter().map(|what| view! { <li>{what}</li> }).collect::<Vec<_>>();
        view! {
            <Note tone=Tone::Warn title="Without an access list it cannot:" quiet=true><ul>{items}</ul></Note>
        }
    });
    view! {
        <Card title="Access list" subtitle="no entries">
            <div class="stack tight">
                <p>
                    "It may be used from any address, unless its organization requires access lists; then it cannot be used at all."
                </p>
                {cannot}
            </div>
        </Card>
    }
    .into_any()
}

fn table(row: &KeyRow, mut entries: Vec<EntryRow>, sort: AccessSort, may_request: bool, now: Timestamp) -> AnyView {
    let count = u32::try_from(entries.len()).unwrap_or(u32::MAX);
    let unused = u32::try_from(entries.iter().filter(|entry| entry.last_used.is_none()).count()).unwrap_or(u32::MAX);
    let subtitle = match unused {
        0 => counted(count, "entry", "entries"),
        unused if unused == count => format!("{}, none ever used", counted(count, "entry", "entries")),
        unused => format!("{}, {unused} never used", counted(count, "entry", "entries")),
    };
    entries.sort_by(|a, b| sort.compare(a, b));
    let any_narrows = entries.iter().any(|entry| entry.narrows_to.is_some());
    let header = |label: &'static str, column: Column, numeric: bool| {
        let now = match (sort.column == column, sort.descending) {
            (false, _) => Sort::None,
            (true, false) => Sort::Ascending,
            (true, true) => Sort::Descending,
        };
        let href = AccessSort { column, descending: now == Sort::Ascending }.address(row);
        view! { <SortHeader label href sort=now numeric/> }
    };
    let head = view! {
        <tr>
            {header("Allows", Column::Width, false)}
            {header("Added", Column::Added, false)}
            {header("Last used", Column::LastUsed, false)}
            <th scope="col">"From"</th>
            {header("Calls", Column::Calls, true)}
            {any_narrows.then(|| view! { <th scope="col"><span class="sr">"What to do"</span></th> })}
        </tr>
    };
    let rows = entries
        .into_iter()
        .map(|entry| {
            let action = any_narrows.then(|| narrow(row, &entry, may_request));
            entry_row(entry, action, now)
        })
        .collect::<Vec<_>>();
    view! {
        <DataTable caption="Access list" title="Access list" subtitle>
            <thead>{head}</thead>
            <tbody>{rows}</tbody>
        </DataTable>
    }
    .into_any()
}

/// The way to a plan that narrows the entry; nothing where nothing is known to narrow it to.
fn narrow(row: &KeyRow, entry: &EntryRow, may_request: bool) -> AnyView {
    let Some(address) = entry.narrows_to.clone() else {
        return view! { <td class="acts"></td> }.into_any();
    };
    let href = paths::narrow_entry(&row.org, &row.key, &entry.range);
    let blocked = (!may_request).then(|| NEEDS_OPERATOR.to_owned());
    let range = entry.range.clone();
    view! {
        <td class="acts">
            <LinkButton href small=true blocked>
                "Narrow "<span class="sr">{range}" "</span>"to "{address}
            </LinkButton>
        </td>
    }
    .into_any()
}

fn entry_row(entry: EntryRow, action: Option<AnyView>, now: Timestamp) -> AnyView {
    let wide = entry.is_wide.then(|| view! { " "<Chip tone=Tone::Bad>"wide"</Chip> });
    let added = match entry.created {
        Some(at) => view! { <RelativeTime at now/> }.into_any(),
        None => view! { <span class="tone-wait">"unknown"</span> }.into_any(),
    };
    let used = match entry.last_used {
        Some(at) => view! { <RelativeTime at now/> }.into_any(),
        None => view! { <Chip tone=Tone::Warn>"never"</Chip> }.into_any(),
    };
    let from = match (entry.last_address, entry.last_used) {
        (Some(address), _) => view! { <code>{address}</code> }.into_any(),
        (None, None) => view! { <span class="muted">"nowhere yet"</span> }.into_any(),
        (None, Some(_)) => view! { <span class="tone-wait">"unknown"</span> }.into_any(),
    };
    view! {
        <tr>
            <th scope="row"><code>{entry.range}</code>{wide}<span class="sub">{entry.width}</span></th>
            <td data-label="Added" class="muted">{added}</td>
            <td data-label="Last used">{used}</td>
            <td data-label="From">{from}</td>
            <td data-label="Calls" class="num">{thousands(entry.count)}</td>
            {action}
        </tr>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(range: &str, used: Option<i64>, count: u64) -> EntryRow {
        EntryRow {
            range: range.into(),
            width: String::new(),
            is_wide: false,
            created: None,
            last_used: used.map(|second| Timestamp::from_second(second).unwrap()),
            last_address: None,
            count,
            narrows_to: None,
        }
    }

    fn sorted(query: &str) -> Vec<String> {
        let sort = AccessSort::read(|name| {
            query
                .split('&')
                .filter_map(|pair| pair.split_once('='))
                .find(|(n, _)| *n == name)
                .map(|(_, v)| v.to_owned())
        });
        let mut entries =
            [entry("10.0.0.0/8", Some(9), 4), entry("192.0.2.7", None, 0), entry("2001:db8::/64", Some(5), 9)];
        entries.sort_by(|a, b| sort.compare(a, b));
        entries.map(|entry| entry.range.split(['.', ':']).next().unwrap_or_default().to_owned()).to_vec()
    }

    #[test]
    fn entries_never_used_come_first_unless_the_address_says_otherwise() {
        assert_eq!(sorted(""), ["192", "2001", "10"]);
        assert_eq!(sorted("sort=colour"), ["192", "2001", "10"]);
        assert_eq!(sorted("dir=desc"), ["10", "2001", "192"]);
        assert_eq!(sorted("sort=width"), ["192", "10", "2001"]);
        assert_eq!(sorted("sort=calls&dir=desc"), ["2001", "10", "192"]);
    }
}
