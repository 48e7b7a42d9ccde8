//! `meridian sandbox`: the stand-in for Atlas alone.

use std::{fs, io, process::ExitCode};

use anyhow::Context as _;
use app::backend::Clock as _;
use atlas_sandbox::{Sandbox, ScaledOptions};
use jiff::Timestamp;
use tokio::net::TcpListener;

use super::{say, serve::until_asked_to_end};
use crate::{cli, clock::SystemClock};

pub(super) async fn run(options: &cli::Sandbox) -> anyhow::Result<ExitCode> {
    let listener = TcpListener::bind(options.listen)
        .await
        .with_context(|| format!("cannot listen on {}; choose another address with --listen", options.listen))?;
    let base_url = format!("http://{}", listener.local_addr()?);
    let mut sandbox = populated(options, SystemClock.now())?
        .with_latency(options.latency)
        .with_rate_limit(options.rate_limit)
        .with_control(options.control);
    if let Some(file) = &options.state {
        sandbox = sandbox.with_state_file(file.clone());
    }
    sandbox.add_faults(options.faults.iter().cloned());
    say(sandbox.demo_shell_lines(&base_url).trim_end());
    say(&format!("Sandbox listening on {base_url}"));
    sandbox.clone().serve(listener, until_asked_to_end()).await.context("the sandbox ended")?;
    if let Some(file) = &options.state {
        sandbox.save().with_context(|| format!("cannot save the sandbox into {}", file.display()))?;
        say(&format!("Saved into {}", file.display()));
    }
    Ok(ExitCode::SUCCESS)
}

/// From the file, or as many organizations as asked for, or the demo.
fn populated(options: &cli::Sandbox, now: Timestamp) -> anyhow::Result<Sandbox> {
    if let Some(file) = &options.state {
        match fs::read(file) {
            Ok(saved) => {
                return Sandbox::restored(&saved, now).with_context(|| {
                    format!(
                        "{} is no sandbox that this program can go on with; move it away to begin anew",
                        file.display()
                    )
                });
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(error).with_context(|| format!("cannot read {}", file.display())),
        }
    }
    let cli::Sandbox { orgs, projects, keys, seed, .. } = *options;
    if orgs.is_none() && projects.is_none() && keys.is_none() && seed.is_none() {
        return Ok(Sandbox::demo(now));
    }
    let usual = ScaledOptions::default();
    let options = ScaledOptions {
        orgs: orgs.unwrap_or(usual.orgs),
        projects: projects.unwrap_or(usual.projects),
        keys: keys.unwrap_or(usual.keys),
        seed: seed.unwrap_or(usual.seed),
        ..usual
    };
    Ok(Sandbox::scaled(&options, now))
}
