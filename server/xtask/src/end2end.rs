//! The browser tests of `end2end/`: Playwright drives Chromium against the real program.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context as _, bail};

use crate::{
    build, debian,
    progress::{Line, Step},
    site::Kind,
    workspace::{command, find_program, root},
};

/// How many browser tests passed and failed.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    /// Tests that passed.
    pub(crate) passed: usize,
    /// Tests that failed, or did not get to run.
    pub(crate) failed: usize,
}

/// Runs the browser tests, with `program` if it has been built already. `Ok` means that they ran, not that they passed.
///
/// # Errors
///
/// When something that they need is missing or cannot be built.
pub(crate) fn run(program: Option<&Path>) -> anyhow::Result<(bool, Tally)> {
    let chromium = debian::chromium()?;
    install_packages()?;
    let mut step = Step::begin("Looking at the types of the browser tests");
    let types = step.run(command(installed("tsc")).current_dir(folder()), Some)?;
    step.done();
    let binary = match program {
        None => build::build(false, None)?,
        Some(program) => {
            build::site(Kind::Dev, 2)?;
            program.to_path_buf()
        }
    };
    let mut step = Step::begin("Running the browser tests");
    let mut playwright = command(installed("playwright"));
    playwright.arg("test").current_dir(folder()).env("CHROMIUM", chromium).env("MERIDIAN_BIN", binary);
    let mut tally = Tally::default();
    let status = step.run(&mut playwright, |line| {
        if let Line::Out(text) = &line {
            tally.read(text);
        }
        Some(line)
    })?;
    step.done();
    if !types.success() {
        tally.failed += 1;
    }
    Ok((status.success(), tally))
}

fn folder() -> PathBuf {
    root().join("end2end")
}

/// A program that npm installed there.
fn installed(name: &str) -> PathBuf {
    folder().join("node_modules/.bin").join(name)
}

impl Tally {
    /// Takes in a line of the reporter's summary: `  12 passed (3.4s)`, `  1 failed`, `  2 did not run`.
    fn read(&mut self, line: &str) {
        let mut words = line.split_whitespace();
        let (Some(count), Some(what)) = (words.next().and_then(|word| word.parse::<usize>().ok()), words.next()) else {
            return;
        };
        match (what, words.next()) {
            ("passed", _) => self.passed = count,
            ("failed", None) => self.failed += count,
            ("did", Some("not")) | ("interrupted" | "flaky", _) => self.failed += count,
            _ => {}
        }
    }
}

/// `npm ci`, unless the packages are those of the lock file already.
fn install_packages() -> anyhow::Result<()> {
    let folder = folder();
    let lock = fs::read(folder.join("package-lock.json")).context("cannot read end2end/package-lock.json")?;
    let installed = folder.join("node_modules/.installed-lock");
    if fs::read(&installed).is_ok_and(|last| last == lock) {
        return Ok(());
    }
    if find_program(&["npm"]).is_none() {
        bail!("the browser tests need Node 20 or newer with npm; install it with `sudo apt-get install nodejs npm`");
    }
    let mut step = Step::begin("Fetching the browser tests' packages");
    let status = step.run(command("npm").arg("ci").current_dir(&folder), Some)?;
    if !status.success() {
        bail!("`npm ci` failed in end2end");
    }
    fs::write(&installed, lock).context("cannot note which packages are installed")?;
    step.done();
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_reporters_summary_is_counted() {
        let mut tally = Tally::default();
        for line in [
            "  ✓  1 signs in (1.2s)",
            "  2 failed",
            "    [chromium] › a.spec.ts:3:1 › signs in",
            "  1 did not run",
            "  12 passed (3.4s)",
        ] {
            tally.read(line);
        }
        assert_eq!(tally, Tally { passed: 12, failed: 3 });
    }
}
