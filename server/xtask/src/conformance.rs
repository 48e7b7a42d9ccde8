//! `cargo xtask conformance`: operation by operation of Atlas's published interface, whether the sandbox serves it, a test
//! calls it, and what was sent and answered is as described.
//!
//! The tests of `atlas-sandbox` and those of `atlas` against it compare every exchange with the description; told by
//! [`FOLDER`], they leave notes of what they compared. This reads them.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write as _,
    fs,
    path::PathBuf,
    process::ExitCode,
};

use anyhow::Context as _;
use serde_json::{Map, Value};

use crate::{
    progress::Step,
    workspace::{cargo, root},
};

/// The variable that tells the tests where to leave their notes.
pub(crate) const FOLDER: &str = "MERIDIAN_CONFORMANCE_DIR";

/// The published interface, from the top folder.
const INTERFACE: &str = "server/atlas-sandbox/tests/data/interface.json";

/// Where the notes go.
pub(crate) fn folder() -> PathBuf {
    root().join("target/conformance")
}

/// Forgets the notes of earlier runs.
///
/// # Errors
///
/// When they cannot be removed.
pub(crate) fn forget() -> anyhow::Result<()> {
    let folder = folder();
    if folder.exists() {
        fs::remove_dir_all(&folder).with_context(|| format!("cannot remove {}", folder.display()))?;
    }
    Ok(())
}

/// Runs the tests that leave notes; true when they pass.
///
/// # Errors
///
/// When they cannot be started.
pub(crate) fn run_tests(packages: &[&str]) -> anyhow::Result<bool> {
    forget()?;
    let mut test = cargo("test");
    test.args(packages).args(["--no-fail-fast", "--test", "api", "--test", "against_sandbox"]).env(FOLDER, folder());
    let mut step = Step::begin("Running the tests that call the sandbox");
    let status = step.run(&mut test, Some)?;
    step.done();
    Ok(status.success())
}

/// `cargo xtask conformance`: runs the tests and prints the table.
///
/// # Errors
///
/// When the tests cannot be started, or the interface or the notes cannot be read.
pub(crate) fn run(packages: &[&str]) -> anyhow::Result<ExitCode> {
    let passed = run_tests(packages)?;
    let table = Table::read()?;
    println!("\n{}", table.text());
    if !passed {
        println!("Some of these tests fail, so the table may miss something.");
    }
    Ok(if passed && table.is_complete() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// What an operation is in the description.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Standing {
    /// To be served, called and validated.
    Current,
    /// Served where other clients still call it.
    Deprecated,
    /// Has no stable release.
    Preview,
}

/// One line.
#[derive(Debug)]
struct Row {
    id: String,
    standing: Standing,
    is_served: bool,
    /// The statuses that tests were answered.
    statuses: BTreeSet<u64>,
    /// What was sent with success, and whether all of it was valid.
    request: Option<bool>,
    /// The answers, and whether all of them were valid.
    answer: Option<bool>,
}

impl Row {
    fn is_complete(&self) -> bool {
        self.is_served && self.has_succeeded() && self.request == Some(true) && self.answer == Some(true)
    }

    fn has_succeeded(&self) -> bool {
        self.statuses.iter().any(|status| (200..300).contains(status))
    }
}

/// All operations.
#[derive(Debug)]
pub(crate) struct Table(Vec<Row>);

impl Table {
    /// Reads the interface and the notes.
    ///
    /// # Errors
    ///
    /// When one of them cannot be read.
    pub(crate) fn read() -> anyhow::Result<Self> {
        let file = root().join(INTERFACE);
        let text = fs::read_to_string(&file).with_context(|| format!("cannot read {}", file.display()))?;
        let interface = serde_json::from_str(&text).with_context(|| format!("{} is no JSON", file.display()))?;
        let mut notes = Vec::new();
        for entry in fs::read_dir(folder()).context("the tests left no notes")? {
            let text = fs::read_to_string(entry?.path())?;
            // A program that was ended may leave half a line, which says nothing.
            notes.extend(text.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok()));
        }
        Ok(Self::of(&interface, &notes))
    }

    fn of(interface: &Value, notes: &[Value]) -> Self {
        let mut rows: BTreeMap<String, Row> = BTreeMap::new();
        let paths = interface["paths"].as_object().into_iter().flat_map(Map::values).filter_map(Value::as_object);
        for operation in paths.flat_map(Map::values) {
            if let Some(id) = operation["operationId"].as_str() {
                let standing = standing(operation);
                let row = Row {
                    id: id.to_owned(),
                    standing,
                    is_served: false,
                    statuses: BTreeSet::new(),
                    request: None,
                    answer: None,
                };
                rows.insert(id.to_owned(), row);
            }
        }
        for note in notes {
            for served in note["served"].as_array().into_iter().flatten().filter_map(Value::as_str) {
                if let Some(row) = rows.get_mut(served) {
                    row.is_served = true;
                }
            }
            let Some(row) = note["operation"].as_str().and_then(|id| rows.get_mut(id)) else { continue };
            row.statuses.extend(note["status"].as_u64());
            let half = if note["half"] == "request" { &mut row.request } else { &mut row.answer };
            *half = Some(half.unwrap_or(true) && note["valid"] == true);
        }
        Self(rows.into_values().collect())
    }

    /// Whether every operation that is neither deprecated nor preview is served, called with success and valid.
    pub(crate) fn is_complete(&self) -> bool {
        let (complete, all) = self.count();
        complete == all && all > 0
    }

    /// How many of those operations are complete, and how many there are.
    pub(crate) fn count(&self) -> (usize, usize) {
        let current = self.0.iter().filter(|row| row.standing == Standing::Current);
        (current.clone().filter(|row| row.is_complete()).count(), current.count())
    }

    /// The table for people.
    pub(crate) fn text(&self) -> String {
        // Writing to a String does not fail.
        let mut text = String::new();
        let _ =
            writeln!(text, "{:42} {:10} {:10} {:8} {:8} answered in tests", "operation", "", "", "request", "answer");
        for row in &self.0 {
            let standing = match row.standing {
                Standing::Current if row.is_complete() => "ok",
                Standing::Current => "MISSING",
                Standing::Deprecated => "deprecated",
                Standing::Preview => "preview",
            };
            let served = if row.is_served { "served" } else { "not served" };
            let statuses: Vec<String> = row.statuses.iter().map(u64::to_string).collect();
            let _ = writeln!(
                text,
                "{:42} {standing:10} {served:10} {:8} {:8} {}",
                row.id,
                verdict(row.request),
                verdict(row.answer),
                statuses.join(" ")
            );
        }
        let (complete, all) = self.count();
        let percent = (100 * complete).checked_div(all).unwrap_or(0);
        let _ = write!(
            text,
            "\n{complete} of {all} operations that are neither deprecated nor preview are served, called and valid: {percent} %"
        );
        for (name, standing) in [("deprecated", Standing::Deprecated), ("preview", Standing::Preview)] {
            let rows = self.0.iter().filter(|row| row.standing == standing);
            let served = rows.clone().filter(|row| row.is_served).count();
            let _ = write!(text, "\n{served} of {} {name} ones are served", rows.count());
        }
        text
    }
}

fn verdict(valid: Option<bool>) -> &'static str {
    match valid {
        None => "-",
        Some(true) => "valid",
        Some(false) => "INVALID",
    }
}

fn standing(operation: &Value) -> Standing {
    let answers = operation["responses"].as_object().into_iter().flat_map(Map::values);
    let mut media = answers.filter_map(|answer| answer["content"].as_object()).flat_map(Map::keys).peekable();
    if operation["deprecated"] == true {
        Standing::Deprecated
    } else if media.peek().is_some() && media.all(|name| name.contains(".preview+")) {
        Standing::Preview
    } else {
        Standing::Current
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn interface() -> Value {
        let answer = |media: &str| json!({ "200": { "content": { media: {} } } });
        json!({ "paths": {
            "/a": {
                "parameters": [],
                "get": { "operationId": "getA", "responses": answer("application/vnd.atlas.2023-01-01+json") },
                "put": { "operationId": "putA", "deprecated": true, "responses": {} },
            },
            "/b": { "get": { "operationId": "getB", "responses": answer("application/vnd.atlas.preview+gzip") } },
        } })
    }

    fn note(half: &str, status: u16, valid: bool) -> Value {
        json!({ "operation": "getA", "half": half, "status": status, "valid": valid })
    }

    #[test]
    fn an_operation_counts_when_it_is_served_called_with_success_and_valid() {
        let served = json!({ "served": ["getA"] });
        let good = [served.clone(), note("answer", 200, true), note("request", 200, true)];
        let table = Table::of(&interface(), &good);
        assert!(table.is_complete());
        assert_eq!(table.count(), (1, 1), "deprecated and preview ones are not counted");
        for (spoilt, why) in [
            (vec![served.clone()], "not called"),
            (good[1..].to_vec(), "not served"),
            (vec![served.clone(), note("answer", 404, true), note("request", 404, true)], "no success"),
            (vec![served, note("answer", 200, true)], "request not looked at"),
            ([&good[..], &[note("answer", 401, false)]].concat(), "an invalid answer"),
        ] {
            assert!(!Table::of(&interface(), &spoilt).is_complete(), "{why}");
        }
    }

    #[test]
    fn the_table_says_what_is_missing_and_ends_with_the_figure() {
        let text = Table::of(&interface(), &[json!({ "served": ["putA"] })]).text();
        let line = |id: &str| {
            let line = text.lines().find(|line| line.starts_with(id)).unwrap_or_default();
            line.split_whitespace().collect::<Vec<_>>().join(" ")
        };
        assert_eq!(line("getA"), "getA MISSING not served - -");
        assert_eq!(line("putA"), "putA deprecated served - -");
        assert_eq!(line("getB"), "getB preview not served - -");
        assert!(
            text.contains(
                "0 of 1 operations that are neither deprecated nor preview are served, called and valid: 0 %"
            )
        );
        assert!(text.ends_with("1 of 1 deprecated ones are served\n0 of 1 preview ones are served"));
    }
}
