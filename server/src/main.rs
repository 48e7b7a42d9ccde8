//! The program `meridian`: reads the command line, sets up the process, and does what was asked.

use std::process::ExitCode;

use clap::Parser as _;
use server::{cli::Cli, commands, telemetry};

/// The one of the C library is slow where the program is linked statically.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

#[tokio::main]
async fn main() -> ExitCode {
    // Without one of these every TLS client panics; with two of them as well.
    if rustls::crypto::ring::default_provider().install_default().is_err() {
        return telemetry::fail("a provider of TLS was installed already");
    }
    let cli = Cli::parse();
    telemetry::start(&cli);
    match Box::pin(commands::run(cli)).await {
        Ok(code) => code,
        Err(error) => telemetry::fail(&format!("{error:#}")),
    }
}
