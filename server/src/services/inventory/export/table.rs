//! A table being written down, as CSV or as JSON.
//!
//! In CSV, cells that a spreadsheet would take for a formula get an apostrophe in front: descriptions are written by whoever may name
//! keys in Atlas.

use app::api::exports::FileFormat;
use bytes::Bytes;
use csv::Writer;
use jiff::Timestamp;
use serde_json::{Map, Value, json};

/// A cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Cell {
    /// Text, also a time.
    Text(String),
    /// A count.
    Number(u32),
    /// Yes or no.
    Yes(bool),
    /// Several words.
    List(Vec<String>),
    /// It has none.
    Nothing,
    /// It is not known, and why.
    NotKnown(String),
}

/// What a file says about itself.
#[derive(Debug)]
pub(super) struct Head {
    pub(super) table: &'static str,
    pub(super) generated_at: Timestamp,
    pub(super) as_of: Option<Timestamp>,
    pub(super) rows: usize,
    /// Where the same can be had again: the path with its filter.
    pub(super) address: String,
    /// Organizations that could not be read, and when they last were.
    pub(super) stale: Vec<(String, Option<Timestamp>)>,
}

/// A table under way.
pub(super) struct Table {
    format: FileFormat,
    columns: Vec<&'static str>,
    written: usize,
}

impl Table {
    pub(super) fn new(format: FileFormat, columns: &[&'static str]) -> Self {
        Self { format, columns: columns.to_vec(), written: 0 }
    }

    /// What stands before the rows.
    pub(super) fn begin(&self, head: &Head) -> Bytes {
        match self.format {
            FileFormat::Csv => lines([self.columns.iter().map(|column| (*column).to_owned()).collect()]),
            FileFormat::Json => {
                let stale: Vec<Value> = head
                    .stale
                    .iter()
                    .map(|(name, read_at)| json!({ "organization": name, "read_at": read_at.map(whole_seconds) }))
                    .collect();
                let about = json!({
                    "table": head.table,
                    "generated_at": whole_seconds(head.generated_at),
                    "as_of": head.as_of.map(whole_seconds),
                    "address": head.address,
                    "could_not_be_read": stale,
                    "rows": head.rows,
                });
                let about = about.to_string();
                // The object stays open for the rows.
                format!("{},\n\"items\":[", about.strip_suffix('}').unwrap_or(&about)).into()
            }
        }
    }

    /// Some rows.
    pub(super) fn rows(&mut self, rows: Vec<Vec<Cell>>) -> Bytes {
        let before = self.written;
        self.written += rows.len();
        match self.format {
            FileFormat::Csv => lines(rows.into_iter().map(|row| row.into_iter().map(plain).collect())),
            FileFormat::Json => {
                let mut out = String::new();
                for (index, row) in rows.into_iter().enumerate() {
                    out.push_str(if before + index == 0 { "\n" } else { ",\n" });
                    let fields: Map<String, Value> =
                        self.columns.iter().map(|name| (*name).to_owned()).zip(row.into_iter().map(value)).collect();
                    out.push_str(&Value::Object(fields).to_string());
                }
                out.into()
            }
        }
    }

    /// What stands after the rows.
    pub(super) fn end(&self) -> Bytes {
        match self.format {
            FileFormat::Csv => Bytes::new(),
            FileFormat::Json => format!("\n],\n\"written\":{}}}\n", self.written).into(),
        }
    }
}

fn whole_seconds(at: Timestamp) -> String {
    Timestamp::from_second(at.as_second()).unwrap_or(at).to_string()
}

fn lines(rows: impl IntoIterator<Item = Vec<String>>) -> Bytes {
    let mut writer = Writer::from_writer(Vec::new());
    for row in rows {
        writer.write_record(row.into_iter().map(neutral)).expect("writing to memory does not fail");
    }
    writer.into_inner().expect("writing to memory does not fail").into()
}

fn plain(cell: Cell) -> String {
    match cell {
        Cell::Text(text) | Cell::NotKnown(text) => text,
        Cell::Number(number) => number.to_string(),
        Cell::Yes(yes) => if yes { "yes" } else { "no" }.to_owned(),
        Cell::List(words) => words.join(" "),
        Cell::Nothing => String::new(),
    }
}

fn value(cell: Cell) -> Value {
    match cell {
        Cell::Text(text) => text.into(),
        Cell::Number(number) => number.into(),
        Cell::Yes(yes) => yes.into(),
        Cell::List(words) => words.into(),
        Cell::Nothing => Value::Null,
        Cell::NotKnown(why) => json!({ "not_known": why }),
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

    #[test]
    fn a_json_file_says_what_it_holds_and_that_it_is_whole() {
        let head = Head {
            table: "keys",
            generated_at: Timestamp::UNIX_EPOCH,
            as_of: None,
            rows: 3,
            address: "/keys.json?q=a".into(),
            stale: vec![("Retail".into(), None)],
        };
        let mut table = Table::new(FileFormat::Json, &["name", "count"]);
        let mut file = table.begin(&head).to_vec();
        file.extend(table.rows(vec![vec![Cell::Text("a\"b".into()), Cell::Number(1)]]));
        file.extend(table.rows(vec![
            vec![Cell::Nothing, Cell::NotKnown("not yet read".into())],
            vec![Cell::List(vec!["x".into()]), Cell::Yes(false)],
        ]));
        file.extend(table.end());
        let read: Value = serde_json::from_slice(&file).unwrap();
        assert_eq!((&read["rows"], &read["written"], &read["as_of"]), (&json!(3), &json!(3), &Value::Null));
        assert_eq!(read["could_not_be_read"][0]["organization"], "Retail");
        assert_eq!(read["items"][0], json!({ "name": "a\"b", "count": 1 }));
        assert_eq!(read["items"][1]["count"]["not_known"], "not yet read");
        let empty = Table::new(FileFormat::Json, &["name"]);
        let file = [empty.begin(&head), empty.end()].concat();
        assert_eq!(serde_json::from_slice::<Value>(&file).unwrap()["items"], json!([]));
    }
}
