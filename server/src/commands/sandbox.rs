//! `meridian sandbox`: the stand-in for Atlas alone.

use std::process::ExitCode;

use anyhow::Context as _;
use app::backend::Clock as _;
use atlas_sandbox::Sandbox;
use tokio::net::TcpListener;

use super::{say, serve::until_asked_to_end};
use crate::{cli, clock::SystemClock};

pub(super) async fn run(options: &cli::Sandbox) -> anyhow::Result<ExitCode> {
    let listener = TcpListener::bind(options.listen)
        .await
        .with_context(|| format!("cannot listen on {}; choose another address with --listen", options.listen))?;
    let base_url = format!("http://{}", listener.local_addr()?);
    let sandbox = Sandbox::demo(SystemClock.now());
    say(sandbox.demo_shell_lines(&base_url).trim_end());
    say(&format!("Sandbox listening on {base_url}"));
    sandbox.serve(listener, until_asked_to_end()).await.context("the sandbox ended")?;
    Ok(ExitCode::SUCCESS)
}
