//! `cargo xtask test`: the checks, one after the other, and what became of them.

use std::{
    fmt::Write as _,
    path::PathBuf,
    process::ExitCode,
    time::{Duration, Instant},
};

use anyhow::bail;

use crate::{
    build, conformance, end2end,
    postgres::Postgres,
    progress::{Line, Step, seconds},
    site::{self, Kind},
    workspace::{WASM, cargo, ensure_wasm_target},
};

/// The name under which the tests find the database, as a URL whose database may be used at will.
const POSTGRES_URL: &str = "MERIDIAN_TEST_POSTGRES_URL";

/// Every crate but the browser's entry point: built together with the server, `app` would get the features of both sides at once.
pub(crate) const HOST: [&str; 3] = ["--workspace", "--exclude", "frontend"];

/// What the first visit may cost, compressed: the wasm, and everything together. In kilobytes of 1,000 bytes.
const WASM_BUDGET: usize = 160_000;
const FIRST_VISIT_BUDGET: usize = 260_000;

/// One part of the checks.
struct Part {
    name: &'static str,
    about: &'static str,
    run: fn(&mut Built) -> anyhow::Result<Cases>,
}

/// What one part built and a later one can use.
#[derive(Default)]
struct Built {
    /// The program, as the tests in Rust were run with.
    program: Option<PathBuf>,
    /// Whether the tests in Rust left notes of what they compared with Atlas's interface.
    has_notes: bool,
}

/// How many single cases passed and failed in a part.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Cases {
    passed: usize,
    failed: usize,
}

impl Cases {
    /// A part that is one case in itself.
    fn one(passed: bool) -> Self {
        Self { passed: usize::from(passed), failed: usize::from(!passed) }
    }
}

const PARTS: [Part; 7] = [
    Part { name: "fmt", about: "the code is formatted", run: fmt },
    Part { name: "clippy", about: "no warnings, for the server and for the browser", run: clippy },
    Part { name: "docs", about: "the documentation builds, every link in it leads somewhere", run: docs },
    Part { name: "rust", about: "all tests in Rust, the store on SQLite and PostgreSQL", run: rust },
    Part {
        name: "conformance",
        about: "the sandbox serves what Atlas publishes, and tests call all of it",
        run: conformance,
    },
    Part { name: "size", about: "the browser's first visit stays within its budget", run: size },
    Part { name: "browser", about: "the program in Chromium", run: browser },
];

/// Runs the parts named, or all. The last line is `N passed, N failed`.
///
/// # Errors
///
/// When there is no part of a name given.
pub(crate) fn run(names: &[String]) -> anyhow::Result<ExitCode> {
    if let Some(unknown) = names.iter().find(|name| PARTS.iter().all(|part| part.name != **name)) {
        let mut list = String::new();
        for part in &PARTS {
            let _ = write!(list, "\n  {:11} {}", part.name, part.about);
        }
        bail!("there is no part called {unknown}; the parts are{list}");
    }
    let mut outcomes = Vec::new();
    let mut built = Built::default();
    for part in PARTS.iter().filter(|part| names.is_empty() || names.iter().any(|name| name == part.name)) {
        println!("\n== {}: {}", part.name, part.about);
        let started = Instant::now();
        let cases = (part.run)(&mut built).unwrap_or_else(|problem| {
            println!("error: {problem:#}");
            Cases::one(false)
        });
        outcomes.push(Outcome { name: part.name, cases, took: started.elapsed() });
    }
    let failed = outcomes.iter().any(|outcome| outcome.cases.failed > 0);
    println!("\n{}", summary(&outcomes));
    Ok(if failed { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

struct Outcome {
    name: &'static str,
    cases: Cases,
    took: Duration,
}

fn summary(outcomes: &[Outcome]) -> String {
    let mut text = String::new();
    let mut total = Cases::default();
    for Outcome { name, cases, took } in outcomes {
        let verdict = if cases.failed == 0 { "ok" } else { "FAILED" };
        // Writing to a String does not fail.
        let _ = writeln!(
            text,
            "{name:11} {verdict:7} {:>6} passed {:>4} failed {:>13}",
            cases.passed,
            cases.failed,
            seconds(*took)
        );
        total.passed += cases.passed;
        total.failed += cases.failed;
    }
    let _ = write!(text, "\n{} passed, {} failed", total.passed, total.failed);
    text
}

fn fmt(_: &mut Built) -> anyhow::Result<Cases> {
    let mut format = crate::workspace::command(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    let status = Step::begin("Looking at the formatting").run(format.args(["fmt", "--all", "--check"]), Some)?;
    if !status.success() {
        println!("`cargo fmt` puts this right.");
    }
    Ok(Cases::one(status.success()))
}

fn clippy(_: &mut Built) -> anyhow::Result<Cases> {
    ensure_wasm_target()?;
    let mut cases = Cases::default();
    for (title, arguments) in [
        ("Looking at the server's code", [&HOST[..], &["--all-targets"]].concat()),
        ("Looking at the browser's code", vec!["--package", "frontend", "--target", WASM]),
    ] {
        let mut step = Step::begin(title);
        let status = step.run(cargo("clippy").args(arguments).args(["--", "--deny", "warnings"]), Some)?;
        step.done();
        cases.passed += usize::from(status.success());
        cases.failed += usize::from(!status.success());
    }
    Ok(cases)
}

fn docs(_: &mut Built) -> anyhow::Result<Cases> {
    let mut step = Step::begin("Building the documentation");
    let mut doc = cargo("doc");
    doc.args(HOST).args(["--no-deps", "--document-private-items"]).env("RUSTDOCFLAGS", "--deny warnings");
    let status = step.run(&mut doc, Some)?;
    step.done();
    Ok(Cases::one(status.success()))
}

fn rust(built: &mut Built) -> anyhow::Result<Cases> {
    let mut test = cargo("test");
    test.args(HOST).args(["--no-fail-fast", "--message-format=json-render-diagnostics"]);
    conformance::forget()?;
    test.env(conformance::FOLDER, conformance::folder());
    built.has_notes = true;
    let given = std::env::var_os(POSTGRES_URL).is_some();
    let postgres = if given { None } else { Some(Postgres::start()?) };
    if let Some(server) = &postgres {
        test.env(POSTGRES_URL, server.url());
    }
    let mut step = Step::begin("Running the tests in Rust");
    let mut cases = Cases::default();
    let status = step.run(&mut test, |line| {
        if let Line::Out(text) = &line {
            if text.starts_with('{') {
                built.program = build::program_in(text).or_else(|| built.program.take());
                return None;
            }
            if let Some(more) = read_libtest(text) {
                cases.passed += more.passed;
                cases.failed += more.failed;
            }
        }
        Some(line)
    })?;
    step.done();
    if !status.success() && cases.failed == 0 {
        cases.failed = 1; // did not compile, or a test took its process down
    }
    Ok(cases)
}

/// Every operation that counts is a case.
fn conformance(built: &mut Built) -> anyhow::Result<Cases> {
    let passed = built.has_notes || conformance::run_tests(&HOST)?;
    let table = conformance::Table::read()?;
    println!("{}", table.text());
    let (complete, all) = table.count();
    Ok(Cases { passed: complete, failed: all - complete + usize::from(!passed) })
}

/// The numbers in `test result: ok. 3 passed; 0 failed; …`.
fn read_libtest(line: &str) -> Option<Cases> {
    let counts = line.strip_prefix("test result: ")?;
    let number = |what: &str| {
        let (before, _) = counts.split_once(what)?;
        before.split_whitespace().last()?.parse().ok()
    };
    Some(Cases { passed: number(" passed")?, failed: number(" failed")? })
}

fn size(_: &mut Built) -> anyhow::Result<Cases> {
    build::site(Kind::Release, 2)?;
    let mut sizes = site::sizes(Kind::Release)?;
    sizes.sort_by_key(|(_, bytes)| std::cmp::Reverse(*bytes));
    println!("Compressed, as the browser gets it:");
    for (name, bytes) in &sizes {
        println!("  {:>9} {name}", kilobytes(*bytes));
    }
    let wasm = sizes.iter().filter(|(name, _)| name == site::WASM).map(|(_, bytes)| bytes).sum();
    let all = sizes.iter().map(|(_, bytes)| bytes).sum();
    let mut cases = Cases::default();
    for (what, bytes, budget) in [("wasm", wasm, WASM_BUDGET), ("the first visit", all, FIRST_VISIT_BUDGET)] {
        let fits = bytes <= budget;
        println!("{} {what}: {} of {}", if fits { "ok:" } else { "TOO LARGE:" }, kilobytes(bytes), kilobytes(budget));
        cases.passed += usize::from(fits);
        cases.failed += usize::from(!fits);
    }
    Ok(cases)
}

fn kilobytes(bytes: usize) -> String {
    format!("{}.{} KB", bytes / 1000, bytes % 1000 / 100)
}

fn browser(built: &mut Built) -> anyhow::Result<Cases> {
    let (success, tally) = end2end::run(built.program.as_deref())?;
    let mut cases = Cases { passed: tally.passed, failed: tally.failed };
    if !success && cases.failed == 0 {
        cases.failed = 1;
    }
    Ok(cases)
}

/// Runs the benchmarks of all crates.
///
/// # Errors
///
/// When cargo cannot be started.
pub(crate) fn bench(arguments: &[String]) -> anyhow::Result<ExitCode> {
    let mut bench = cargo("bench");
    bench.args(HOST).args(["--bench", "*"]).arg("--").args(arguments);
    let mut step = Step::begin("Running the benchmarks");
    let status = step.run(&mut bench, Some)?;
    step.done();
    Ok(if status.success() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_results_of_a_test_program_are_counted() {
        let line = "test result: FAILED. 12 passed; 3 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.02s";
        assert_eq!(read_libtest(line), Some(Cases { passed: 12, failed: 3 }));
        assert_eq!(read_libtest("test a ... ok"), None);
    }

    #[test]
    fn the_summary_ends_with_one_line_for_all_parts() {
        let outcomes = [
            Outcome { name: "fmt", cases: Cases::one(true), took: Duration::from_secs(1) },
            Outcome { name: "rust", cases: Cases { passed: 40, failed: 2 }, took: Duration::from_secs(200) },
        ];
        let text = summary(&outcomes);
        assert_eq!(text.lines().last(), Some("41 passed, 2 failed"));
        assert!(text.contains("rust        FAILED"));
    }
}
