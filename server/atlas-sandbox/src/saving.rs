//! A sandbox in a file: what it remembers, so that it goes on where it ended. Of secrets the file has hashes only; the
//! credentials that came with the population are made anew, as they repeat with the seed.

use std::{
    fs,
    io::{self, Write as _},
    path::Path,
    time::Duration,
};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{DemoCredentials, RateLimit, ScaledOptions, demo, id::Id, state::State};

/// Which files these are; a different number is refused.
const FORMAT: u32 = 1;

/// Where a population came from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Origin {
    /// The demo.
    Demo,
    /// [`ScaledOptions`].
    Scaled { orgs: u32, projects: u32, keys: u32, seed: u64 },
}

impl Origin {
    /// The options a population was made with.
    pub(crate) fn scaled(options: &ScaledOptions) -> Self {
        let ScaledOptions { orgs, projects, keys, seed, .. } = *options;
        Self::Scaled { orgs, projects, keys, seed }
    }

    /// The population.
    pub(crate) fn population(&self, now: Timestamp) -> (State, Vec<DemoCredentials>) {
        match *self {
            Self::Demo => demo::population(now),
            Self::Scaled { orgs, projects, keys, seed } => {
                let (latency, rate_limit) = (Duration::ZERO, RateLimit::default());
                demo::scaled::population(&ScaledOptions { orgs, projects, keys, seed, latency, rate_limit }, now)
            }
        }
    }
}

#[derive(Serialize)]
struct Writing<'a> {
    format: u32,
    origin: &'a Origin,
    state: &'a State,
}

#[derive(Deserialize)]
struct Reading {
    format: u32,
    origin: Origin,
    state: State,
}

/// Writes everything down.
pub(crate) fn write(origin: &Origin, state: &State) -> io::Result<Vec<u8>> {
    Ok(serde_json::to_vec(&Writing { format: FORMAT, origin, state })?)
}

/// Reads what was written down, with the credentials of the organizations that are still there.
pub(crate) fn read(saved: &[u8], now: Timestamp) -> io::Result<(Origin, State, Vec<DemoCredentials>)> {
    let Reading { format, origin, state } = serde_json::from_slice(saved)?;
    if format != FORMAT {
        let text = format!("the file has format {format}, this program reads format {FORMAT}");
        return Err(io::Error::new(io::ErrorKind::InvalidData, text));
    }
    let (_, mut credentials) = origin.population(now);
    credentials.retain(|one| Id::parse(&one.org_id).is_some_and(|id| state.orgs.contains_key(&id)));
    Ok((origin, state, credentials))
}

/// Puts a file in place as a whole or not at all, readable by its owner only.
pub(crate) fn replace(file: &Path, content: &[u8]) -> io::Result<()> {
    let mut name = file.file_name().unwrap_or_default().to_owned();
    name.push(".new");
    let beside = file.with_file_name(name);
    let mut options = fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut written = options.open(&beside)?;
    written.write_all(content)?;
    written.sync_all()?;
    fs::rename(beside, file)
}
