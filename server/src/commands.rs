//! What the program does for each command of the command line.

mod audit;
mod healthcheck;
mod sandbox;
mod serve;
mod user;

use std::{
    io::{self, Write as _},
    process::ExitCode,
};

use anyhow::{Context as _, bail};

use crate::{
    cli::{Audit, Cli, Command},
    settings::Settings,
    store::{Location, Store},
};

/// Does what the command line asks for.
///
/// # Errors
///
/// With what to tell the person at the console.
pub async fn run(cli: Cli) -> anyhow::Result<ExitCode> {
    if let Command::Sandbox(options) = &cli.command {
        return sandbox::run(options).await;
    }
    let settings = Settings::load(cli.config.as_deref(), std::env::vars_os()).context("these settings are wrong")?;
    match cli.command {
        Command::Serve(options) => serve::run(settings, options).await,
        Command::User(command) => user::run(&settings, command).await,
        Command::Audit(Audit::Verify { expect }) => audit::verify(&settings, expect).await,
        Command::Healthcheck => healthcheck::run(&settings).await,
        Command::Sandbox(_) => unreachable!("done above, since it needs no settings"),
    }
}

/// Opens the database of an installation that `serve` has made before; these commands make none.
async fn existing(settings: &Settings) -> anyhow::Result<Store> {
    if let Location::Sqlite { path, .. } = &settings.storage.database
        && !path.exists()
    {
        bail!(
            "there is no database at {}; set MERIDIAN_DATA_DIR to the directory that `meridian serve` uses",
            path.display()
        );
    }
    Ok(Store::open(&settings.storage.database).await?)
}

/// Writes a line for the person at the console. A console that is gone is no reason to fail.
fn say(line: &str) {
    let mut out = io::stdout().lock();
    let written = writeln!(out, "{line}").and_then(|()| out.flush());
    if let Err(error) = written {
        tracing::debug!(%error, "the console is gone");
    }
}
