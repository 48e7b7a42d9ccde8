//! The lines of an invoice.

use jiff::Timestamp;

use super::{
    Month,
    skus::{self, Sku},
};
use crate::{
    id::Id,
    random::Random,
    state::{Org, State},
};

/// One line.
pub(crate) struct Item {
    pub(crate) sku: &'static Sku,
    /// Nothing where the organization as a whole is charged.
    pub(crate) place: Option<Place>,
    pub(crate) quantity: f64,
    pub(crate) cents: i64,
    pub(crate) start: Timestamp,
    pub(crate) end: Timestamp,
}

/// The cluster that is charged for.
#[derive(Clone)]
pub(crate) struct Place {
    pub(crate) project: Id,
    pub(crate) project_name: String,
    pub(crate) cluster: String,
    pub(crate) cluster_id: Id,
}

/// A project as long as an organization had it.
struct Held<'a> {
    id: Id,
    name: &'a str,
    clusters: u32,
    from: Timestamp,
    to: Timestamp,
}

/// What an organization is charged for a month as far as it is over.
pub(super) fn of(state: &State, org: &Org, month: Month, now: Timestamp) -> Vec<Item> {
    let end = month.end().min(now);
    let present = org.projects.iter().filter_map(|id| state.projects.get(id)).map(|project| Held {
        id: project.id,
        name: &project.name,
        clusters: project.clusters,
        from: project.since,
        to: end,
    });
    let past = org.past_projects.iter().map(|past| Held {
        id: past.id,
        name: &past.name,
        clusters: past.clusters,
        from: past.since,
        to: past.until.min(end),
    });
    let mut items = Vec::new();
    for held in past.chain(present) {
        let start = month.start().max(held.from);
        if start < held.to {
            for number in 0..held.clusters {
                add_cluster(&mut items, &held, number, month, start);
            }
        }
    }
    if org.is_paying {
        let share = hours(month.start(), end) / hours(month.start(), month.end());
        add(&mut items, "NDS_SUPPORT", None, share, (month.start(), end));
    }
    items
}

fn add_cluster(items: &mut Vec<Item>, held: &Held<'_>, number: u32, month: Month, start: Timestamp) {
    // What a cluster is stays the same, what goes through it differs from month to month.
    let mut fixed = Random::seeded(held.id.seed() ^ u64::from(number).wrapping_mul(0x00c1_0570));
    let mut varying = Random::seeded(fixed.next() ^ month.index());
    let provider = ["AWS", "AWS", "AWS", "AZURE", "GCP"][usize::try_from(held.id.seed() % 5).unwrap_or(0)];
    let tier = fixed.pick(&["M10", "M10", "M30", "M30", "M50"]);
    let gigabytes = match tier {
        "M10" => 10,
        "M30" => 40 + fixed.below(200),
        _ => 200 + fixed.below(900),
    };
    let gigabytes = number_of(gigabytes);
    let (cluster, cluster_id) = (format!("Cluster{number}"), Id::made_at(held.from, &mut fixed));
    let place = Place { project: held.id, project_name: held.name.to_owned(), cluster, cluster_id };
    let period = (start, held.to);
    let hours = hours(start, held.to);
    let days = hours / 24.0;
    let mut line = |name: &str, quantity: f64| {
        add(items, &format!("NDS_{provider}_{name}"), Some(place.clone()), quantity, period);
    };
    line(&format!("INSTANCE_{tier}"), 3.0 * hours);
    line("STORAGE_PROVISIONED", 3.0 * gigabytes * hours);
    line("BACKUP_SNAPSHOT_STORAGE", gigabytes * days * number_of(8 + varying.below(5)) / 10.0);
    line("DATA_TRANSFER_SAME_REGION", days * number_of(varying.below(60)) / 10.0);
    line("DATA_TRANSFER_INTERNET", days * number_of(varying.below(20)) / 10.0);
}

fn add(items: &mut Vec<Item>, name: &str, place: Option<Place>, quantity: f64, (start, end): (Timestamp, Timestamp)) {
    let Some(sku) = skus::named(name) else {
        return;
    };
    let quantity = (quantity * 1_000.0).round() / 1_000.0;
    items.push(Item { sku, place, quantity, cents: cents(quantity * sku.dollars), start, end });
}

fn hours(from: Timestamp, to: Timestamp) -> f64 {
    number_of(u64::try_from(to.as_second() - from.as_second()).unwrap_or(0)) / 3_600.0
}

#[expect(clippy::cast_precision_loss, reason = "seconds of a month and gigabytes are small")]
fn number_of(count: u64) -> f64 {
    count as f64
}

#[expect(clippy::cast_possible_truncation, reason = "cents of one line, rounded before")]
fn cents(dollars: f64) -> i64 {
    (dollars * 100.0).round() as i64
}
