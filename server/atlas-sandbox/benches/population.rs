//! How long it takes to make a large population.
//!
//! `cargo bench -p atlas-sandbox --bench population`. The figure to reach: 100 organizations with 20 projects and 500 keys each
//! within 5 s.
#![expect(clippy::print_stdout, reason = "a benchmark: standard output is where it answers")]

use std::time::{Duration, Instant};

use atlas_sandbox::{Sandbox, ScaledOptions};

/// How long it may take.
const BUDGET: Duration = Duration::from_secs(5);

fn main() {
    let now = "2026-08-10T03:02:57Z".parse().expect("a time");
    let options = ScaledOptions { orgs: 100, projects: 20, keys: 500, ..ScaledOptions::default() };
    let started = Instant::now();
    let sandbox = Sandbox::scaled(&options, now);
    let made = started.elapsed();
    let started = Instant::now();
    let saved = sandbox.saved().expect("a sandbox can be saved");
    let written = started.elapsed();
    let started = Instant::now();
    Sandbox::restored(&saved, now).expect("what was saved can be read");
    let read = started.elapsed();
    let verdict = if made <= BUDGET { "ok" } else { "TOO SLOW" };
    println!("100 organizations × 20 projects × 500 keys made in {made:.2?} (at most {BUDGET:?}): {verdict}");
    println!("saved as {} MB in {written:.2?}, restored in {read:.2?}", saved.len() / 1_000_000);
    assert!(made <= BUDGET, "too slow");
}
