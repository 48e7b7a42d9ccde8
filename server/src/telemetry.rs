//! What the program writes about itself to standard error.

use std::{
    io::{self, IsTerminal as _, Write as _},
    process::ExitCode,
};

use tracing_subscriber::{EnvFilter, layer::SubscriberExt as _, util::SubscriberInitExt as _};

use crate::{
    cli::Cli,
    settings::{LogFormat, LoggingSettings, Settings},
};

/// Parts that would drown the rest, or that write down what came in.
const QUIET: &str = "hyper=warn,h2=warn,rustls=warn,sqlx=warn,tower_sessions=error,tower_sessions_core=error";

/// Begins writing lines, in the form that the settings ask for. Wrong settings are told elsewhere.
pub fn start(cli: &Cli) {
    let settings = Settings::load(cli.config.as_deref(), std::env::vars_os());
    let LoggingSettings { format, filter } = settings.map(|settings| settings.logging).unwrap_or_default();
    let filter = EnvFilter::try_new(format!("{QUIET},{filter}")).unwrap_or_else(|_| EnvFilter::new("info"));
    let lines = tracing_subscriber::registry().with(filter);
    let layer = tracing_subscriber::fmt::layer().with_writer(io::stderr).with_ansi(io::stderr().is_terminal());
    let started = match format {
        LogFormat::Text => lines.with(layer.with_target(false)).try_init(),
        LogFormat::Json => lines.with(layer.json().flatten_event(true)).try_init(),
    };
    if let Err(error) = started {
        tracing::debug!(%error, "lines are written already");
    }
    // The message of a panic may quote a value; the place is enough to find it.
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        tracing::error!(place, "panic");
    }));
}

/// Tells the person at the console why the program ends.
pub fn fail(message: &str) -> ExitCode {
    let mut err = io::stderr().lock();
    // Nobody is there to be told that nobody is there.
    let _ = writeln!(err, "meridian: {message}");
    ExitCode::FAILURE
}
