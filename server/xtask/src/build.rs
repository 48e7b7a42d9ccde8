//! Building and starting the program.

use std::{
    path::{Path, PathBuf},
    process::{Command, ExitCode},
};

use anyhow::{Context as _, bail};
use serde_json::Value;

use crate::{
    progress::{Line, Step},
    site::{self, Kind},
    workspace::{WASM, cargo, command, ensure_wasm_target},
};

/// Builds browser part and program, the program for `target` if it is not to run here; returns where the program is.
///
/// # Errors
///
/// When a tool is missing or something does not compile; the compiler's own words have been printed by then.
pub(crate) fn build(release: bool, target: Option<&str>) -> anyhow::Result<PathBuf> {
    let kind = if release { Kind::Release } else { Kind::Dev };
    site(kind, 3)?;
    program(kind, target)
}

/// Compiles the browser part and makes the site of `kind`: the first two of `steps`.
///
/// # Errors
///
/// When a tool is missing or something does not compile.
pub(crate) fn site(kind: Kind, steps: u8) -> anyhow::Result<()> {
    ensure_wasm_target()?;
    let step = Step::begin(format!("Building the browser part (1 of {steps})"));
    let compiled = compile_for_browser(step, kind)?;
    let step = Step::begin(format!("Preparing scripts and styles (2 of {steps})"));
    site::assemble(kind, &compiled)?;
    step.done();
    Ok(())
}

fn compile_for_browser(step: Step, kind: Kind) -> anyhow::Result<PathBuf> {
    let mut build = cargo("build");
    build.args(["--package", "frontend", "--lib", "--target", WASM]);
    if kind == Kind::Release {
        build.args(["--profile", "wasm-release"]);
    }
    let files = compile(step, &mut build, "frontend", "the browser part")?;
    files
        .into_iter()
        .find(|file| file.extension().is_some_and(|ending| ending == "wasm"))
        .context("the browser part has no wasm file")
}

fn program(kind: Kind, target: Option<&str>) -> anyhow::Result<PathBuf> {
    let step = Step::begin("Building the program (3 of 3)");
    let mut build = cargo("build");
    build.args(["--package", "server", "--bin", "meridian"]);
    if kind == Kind::Release {
        build.arg("--release");
    }
    if let Some(target) = target {
        build.args(["--target", target]);
    }
    compile(step, &mut build, "meridian", "the program")?.pop().context("the program has no executable")
}

/// Runs a `cargo build` and returns the files of the target called `name`.
fn compile(mut step: Step, build: &mut Command, name: &str, what: &str) -> anyhow::Result<Vec<PathBuf>> {
    build.arg("--message-format=json-render-diagnostics");
    let mut files = Vec::new();
    let status = step.run(build, |line| match line {
        Line::Out(message) => {
            files.extend(files_of(&message, name));
            None
        }
        line @ Line::Err(_) => Some(line),
    })?;
    if !status.success() {
        bail!("{what} does not compile");
    }
    step.done();
    Ok(files)
}

/// The files in one of cargo's messages, when it is about the target called `name`.
fn files_of(message: &str, name: &str) -> Vec<PathBuf> {
    let Ok(message) = serde_json::from_str::<Value>(message) else {
        return Vec::new();
    };
    if message["reason"] != "compiler-artifact" || message["target"]["name"] != name {
        return Vec::new();
    }
    let files = message["filenames"].as_array().into_iter().flatten();
    files.filter_map(Value::as_str).map(PathBuf::from).collect()
}

/// Where the program is, when one of cargo's messages tells that it has been built.
pub(crate) fn program_in(message: &str) -> Option<PathBuf> {
    let message: Value = serde_json::from_str(message).ok()?;
    let is_program = message["target"]["name"] == "meridian" && message["profile"]["test"] == false;
    message["executable"].as_str().filter(|_| is_program).map(PathBuf::from)
}

/// Builds, then becomes the program: signals and the exit status are its own from then on.
///
/// # Errors
///
/// When building fails or the program cannot be started.
pub(crate) fn run(release: bool, arguments: &[String]) -> anyhow::Result<ExitCode> {
    let binary = build(release, None)?;
    let mut start = command(&binary);
    if arguments.is_empty() {
        start.args(["serve", "--demo"]);
    } else {
        start.args(arguments);
    }
    start.stdin(std::process::Stdio::inherit());
    if let Ok(here) = std::env::current_dir() {
        start.current_dir(here);
    }
    become_program(start, &binary)
}

#[cfg(unix)]
fn become_program(mut start: Command, binary: &Path) -> anyhow::Result<ExitCode> {
    use std::os::unix::process::CommandExt as _;

    Err(start.exec()).with_context(|| format!("cannot start {}", binary.display()))
}

#[cfg(not(unix))]
fn become_program(mut start: Command, binary: &Path) -> anyhow::Result<ExitCode> {
    let status = start.status().with_context(|| format!("cannot start {}", binary.display()))?;
    Ok(u8::try_from(status.code().unwrap_or(1)).unwrap_or(1).into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_program_is_told_from_its_tests() {
        let message = |test: bool| {
            format!(r#"{{"target":{{"name":"meridian"}},"profile":{{"test":{test}}},"executable":"/t/meridian"}}"#)
        };
        assert_eq!(program_in(&message(false)), Some(PathBuf::from("/t/meridian")));
        assert_eq!(program_in(&message(true)), None);
    }

    #[test]
    fn only_the_files_of_the_wanted_target_are_taken() {
        let message = r#"{"reason":"compiler-artifact","target":{"name":"frontend"},"filenames":["/t/frontend.wasm","/t/libfrontend.rlib"]}"#;
        assert_eq!(files_of(message, "frontend").len(), 2);
        assert!(files_of(message, "app").is_empty());
        assert!(files_of("not JSON", "frontend").is_empty());
    }
}
