//! Brings programs that the tests need from Debian's packages, when we may; else says how.

use std::{env, path::PathBuf, process::Command};

use anyhow::bail;

use crate::{
    progress::Step,
    workspace::{command, find_program, output},
};

/// Where the program is, installing `package` if `find` does not find it.
///
/// # Errors
///
/// When it is missing and cannot be installed from here; the message holds the one command to run.
pub(crate) fn ensure(what: &str, package: &str, find: impl Fn() -> Option<PathBuf>) -> anyhow::Result<PathBuf> {
    if let Some(found) = find() {
        return Ok(found);
    }
    let by_hand = format!("{what} is missing; install it with `sudo apt-get install {package}`");
    if find_program(&["apt-get"]).is_none() {
        bail!("{what} is missing; install it with your system's package manager");
    }
    let as_root = match user_id().as_deref() {
        Some("0") => Vec::new(),
        _ if find_program(&["sudo"]).is_some() && output(command("sudo").args(["-n", "true"])).is_ok() => {
            vec!["sudo", "-n"]
        }
        _ => bail!(by_hand),
    };
    let mut step = Step::begin(format!("Installing {what}"));
    for arguments in [vec!["-q", "update"], vec!["-q", "install", "--yes", "--no-install-recommends", package]] {
        let mut apt = with_prefix(&as_root, "apt-get");
        apt.args(&arguments).env("DEBIAN_FRONTEND", "noninteractive");
        let mut said = Vec::new();
        let status = step.run(&mut apt, |line| {
            said.push(line);
            None
        })?;
        if !status.success() {
            for line in said {
                let (crate::progress::Line::Out(text) | crate::progress::Line::Err(text)) = line;
                println!("{text}");
            }
            bail!("apt-get {} failed; {by_hand}", arguments[1]);
        }
    }
    step.done();
    match find() {
        Some(found) => Ok(found),
        None => bail!("{what} is still missing after installing {package}"),
    }
}

/// The numeric id of the user we run as.
pub(crate) fn user_id() -> Option<String> {
    output(command("id").arg("-u")).ok()
}

fn with_prefix(prefix: &[&str], program: &str) -> Command {
    match prefix.split_first() {
        None => command(program),
        Some((first, rest)) => {
            let mut whole = command(first);
            whole.args(rest).arg("env").arg("DEBIAN_FRONTEND=noninteractive").arg(program);
            whole
        }
    }
}

/// Chromium, for the browser tests: the one named by `CHROMIUM`, or Debian's.
///
/// # Errors
///
/// As [`ensure`].
pub(crate) fn chromium() -> anyhow::Result<PathBuf> {
    if let Some(named) = env::var_os("CHROMIUM") {
        return Ok(named.into());
    }
    ensure("Chromium", "chromium", || find_program(&["chromium", "chromium-browser", "google-chrome"]))
}
