//! `cargo xtask`: everything it takes to build, run and test Meridian, from a fresh clone with nothing but
//! Rust (and, for the browser tests, Node).
//!
//! - `cargo xtask run` builds the browser part and the server and starts `meridian serve --demo`.
//! - `cargo xtask build --release` makes the one file that is copied to a machine.
//! - `cargo xtask test` runs every check there is, the same that continuous integration runs.
//! - `cargo xtask conformance` compares the sandbox with Atlas's published interface, operation by operation.
//! - `cargo xtask bench` runs the benchmarks.
//!
//! How the browser's files reach the server is a contract between [`site`] and the server's asset handler;
//! it is written down in the documentation of [`site`].
#![expect(clippy::print_stdout, reason = "a command-line tool: standard output is where it answers")]

mod build;
mod checks;
mod conformance;
mod css;
mod debian;
mod end2end;
mod postgres;
mod progress;
mod site;
mod workspace;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Builds, runs and tests Meridian.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Build the browser part and the program.
    Build {
        /// Optimize, name files by their content, compress them, and put everything inside the one binary.
        #[arg(long)]
        release: bool,
        /// Build the program for another machine, for example `x86_64-unknown-linux-musl` for a static binary.
        #[arg(long, value_name = "TRIPLE")]
        target: Option<String>,
    },
    /// Build, then start the program: `meridian serve --demo` unless told otherwise.
    Run {
        /// Build as for production first.
        #[arg(long)]
        release: bool,
        /// What to pass to `meridian` instead of `serve --demo`.
        #[arg(last = true, value_name = "ARGS")]
        arguments: Vec<String>,
    },
    /// Run all checks, or the named ones.
    Test {
        /// Which parts to run; all of them when none is named.
        #[arg(value_name = "NAME")]
        parts: Vec<String>,
    },
    /// Run the tests that call the sandbox, and print for each operation of Atlas's published interface whether it is
    /// served, called and valid. Fails below 100 % of those that are neither deprecated nor preview.
    Conformance,
    /// Run the benchmarks.
    Bench {
        /// What to pass to the benchmarks, for example part of a name.
        #[arg(last = true, value_name = "ARGS")]
        arguments: Vec<String>,
    },
}

fn main() -> ExitCode {
    let outcome = match Arguments::parse().task {
        Task::Build { release, target } => build::build(release, target.as_deref()).map(|binary| {
            println!("{}", binary.display());
            ExitCode::SUCCESS
        }),
        Task::Run { release, arguments } => build::run(release, &arguments),
        Task::Test { parts } => checks::run(&parts),
        Task::Conformance => conformance::run(&checks::HOST),
        Task::Bench { arguments } => checks::bench(&arguments),
    };
    outcome.unwrap_or_else(|problem| {
        eprintln!("error: {problem:#}");
        ExitCode::FAILURE
    })
}
