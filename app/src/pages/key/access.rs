//! A key's access list: from where it may be used, and from where it is.

use domain::Known;
use jiff::Timestamp;
use leptos::prelude::*;

use crate::{
    api::inventory::{EntryRow, KeyRow},
    components::{Card, Chip, DataTable, Note, RelativeTime, Tone, thousands},
    pages::{known::why_unknown, words::counted},
    paths,
};

/// The card with the access list, or with why there is none to see.
pub(super) fn access_card(
    row: &KeyRow,
    entries: Known<Vec<EntryRow>>,
    blocked: Vec<String>,
    now: Timestamp,
) -> AnyView {
    match entries {
        Known::Yes(entries) if entries.is_empty() => no_entries(blocked),
        Known::Yes(entries) => table(entries, now),
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

fn table(entries: Vec<EntryRow>, now: Timestamp) -> AnyView {
    let count = u32::try_from(entries.len()).unwrap_or(u32::MAX);
    let unused = u32::try_from(entries.iter().filter(|entry| entry.last_used.is_none()).count()).unwrap_or(u32::MAX);
    let subtitle = match unused {
        0 => counted(count, "entry", "entries"),
        unused if unused == count => format!("{}, none ever used", counted(count, "entry", "entries")),
        unused => format!("{}, {unused} never used", counted(count, "entry", "entries")),
    };
    let rows = entries.into_iter().map(|entry| entry_row(entry, now)).collect::<Vec<_>>();
    view! {
        <DataTable caption="Access list, entries never used first" title="Access list" subtitle>
            <thead>
                <tr>
                    <th scope="col">"Allows"</th>
                    <th scope="col">"Added"</th>
                    <th scope="col" aria-sort="ascending">"Last used"</th>
                    <th scope="col">"From"</th>
                    <th scope="col" class="num">"Calls"</th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </DataTable>
    }
    .into_any()
}

fn entry_row(entry: EntryRow, now: Timestamp) -> AnyView {
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
        </tr>
    }
    .into_any()
}
