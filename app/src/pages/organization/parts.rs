//! The parts of an organization, when each was read, and what went wrong.

use jiff::Timestamp;
use leptos::prelude::*;

use crate::{
    api::connections::PartView,
    components::{Chip, DataTable, RelativeTime, StateDot, Tone},
};

/// The table of what was read.
pub(super) fn parts_card(parts: &[PartView], now: Timestamp) -> AnyView {
    if parts.is_empty() {
        return view! {
            <section class="card">
                <header><h2>"What was read"</h2></header>
                <div class="body"><p class="muted">"Nothing has been read yet. Refresh the organization to read it."</p></div>
            </section>
        }
        .into_any();
    }
    let rows = parts.iter().map(|part| row(part, now)).collect::<Vec<_>>();
    view! {
        <DataTable caption="What was read, and when" title="What was read">
            <thead>
                <tr>
                    <th scope="col">"Part"</th>
                    <th scope="col">"Last reading"</th>
                    <th scope="col">"Read"</th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </DataTable>
    }
    .into_any()
}

fn row(part: &PartView, now: Timestamp) -> AnyView {
    let state = match (&part.failure, part.read_at) {
        (Some(why), _) => {
            let (problem, next) = (why.problem.clone(), why.next.clone());
            view! { <StateDot tone=Tone::Bad>"failed"</StateDot><span class="sub">{problem}" "{next}</span> }.into_any()
        }
        (None, Some(_)) => view! { <StateDot tone=Tone::Ok>"complete"</StateDot> }.into_any(),
        (None, None) => view! { <StateDot tone=Tone::Wait>"not read yet"</StateDot> }.into_any(),
    };
    let at = match part.read_at {
        Some(at) => view! { <RelativeTime at now/> }.into_any(),
        None => view! { <Chip tone=Tone::Wait>"never"</Chip> }.into_any(),
    };
    view! {
        <tr>
            <th scope="row">{part.part.clone()}</th>
            <td data-label="Last reading"><div>{state}</div></td>
            <td data-label="Read" class="muted nowrap">{at}</td>
        </tr>
    }
    .into_any()
}
