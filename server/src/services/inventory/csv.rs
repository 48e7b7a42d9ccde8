//! The table of keys as CSV.
//!
//! Cells that a spreadsheet would take for a formula get an apostrophe in front: descriptions are written by whoever may name keys
//! in Atlas.

use app::api::inventory::{KeyFinding, KeyRow};
use csv::Writer;
use domain::Known;
use jiff::Timestamp;

/// Keys fetched at once.
pub(super) const BATCH: usize = 500;

const HEADER: [&str; 17] = [
    "organization",
    "organization_id",
    "description",
    "key_id",
    "public_key",
    "organization_roles",
    "projects",
    "reaches_all_projects",
    "access_list_entries",
    "widest_range",
    "created",
    "last_used",
    "owner",
    "ends",
    "request",
    "findings",
    "read_at",
];

/// A table under way. It is written to memory, so that writing cannot fail.
pub(super) struct KeyTable {
    writer: Writer<Vec<u8>>,
    rows: u32,
}

impl KeyTable {
    /// A table with its header.
    pub(super) fn new() -> Self {
        let mut table = Self { writer: Writer::from_writer(Vec::new()), rows: 0 };
        table.write(HEADER.map(str::to_owned));
        table
    }

    /// Adds a row.
    pub(super) fn add(&mut self, key: &KeyRow, read_at: Option<Timestamp>) {
        self.rows += 1;
        self.write([
            key.org_name.clone(),
            key.org.to_string(),
            key.description.clone(),
            key.key.to_string(),
            key.public_key.clone(),
            key.org_roles.join(" "),
            known(&key.projects, ToString::to_string),
            if key.reaches_all_projects { "yes" } else { "no" }.to_owned(),
            known(&key.entries, ToString::to_string),
            known(&key.widest, |widest| widest.clone().unwrap_or_else(|| "none".to_owned())),
            time(key.created),
            known(&key.last_used, |used| used.map_or_else(|| "never".to_owned(), time)),
            known(&key.owner, Clone::clone),
            known(&key.ends, |ends| ends.map_or_else(|| "no end".to_owned(), day)),
            key.request.map(|number| number.to_string()).unwrap_or_default(),
            key.findings.iter().map(|finding| KeyFinding::as_str(*finding)).collect::<Vec<_>>().join(" "),
            read_at.map(time).unwrap_or_default(),
        ]);
    }

    /// The bytes and the number of rows, header not counted.
    pub(super) fn finish(self) -> (Vec<u8>, u32) {
        (self.writer.into_inner().expect("writing to memory does not fail"), self.rows)
    }

    fn write(&mut self, cells: [String; HEADER.len()]) {
        self.writer.write_record(cells.map(neutral)).expect("writing to memory does not fail");
    }
}

fn time(at: Timestamp) -> String {
    Timestamp::from_second(at.as_second()).unwrap_or(at).to_string()
}

/// Ends are days: the first moment of one in UTC.
fn day(at: Timestamp) -> String {
    domain::key_end::today(at).to_string()
}

fn known<T>(fact: &Known<T>, shown: impl Fn(&T) -> String) -> String {
    match fact {
        Known::Yes(fact) => shown(fact),
        Known::NotReadable { needs } => format!("not readable (needs {needs})"),
        Known::NotYetRead => "not yet read".to_owned(),
        Known::Unknown { .. } => "unknown".to_owned(),
    }
}

/// A cell that no spreadsheet takes for a formula.
fn neutral(cell: String) -> String {
    if cell.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{cell}") } else { cell }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_are_neutralized() {
        for cell in ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx"] {
            assert_eq!(neutral(cell.to_owned()), format!("'{cell}"));
        }
        assert_eq!(neutral("ci-deploy".to_owned()), "ci-deploy");
    }
}
