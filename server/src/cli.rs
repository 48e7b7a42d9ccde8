//! The command line.

use std::{fmt::Write as _, net::SocketAddr, path::PathBuf, time::Duration};

use atlas_sandbox::{FAULT_NAMES, FaultRule, RateLimit};
use clap::{Args, Parser, Subcommand};
use domain::people::Role;

/// A control desk for many MongoDB Atlas organizations.
#[derive(Debug, Parser)]
#[command(name = "meridian", version, propagate_version = true)]
pub struct Cli {
    /// A TOML file with settings; environment variables (MERIDIAN_…) win over it.
    #[arg(long, global = true, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Serve the dashboard.
    Serve(Serve),
    /// Serve the stand-in for Atlas alone, and print its credentials.
    #[command(after_long_help = misfortunes())]
    Sandbox(Sandbox),
    /// Look after people's accounts from the machine itself.
    #[command(subcommand)]
    User(User),
    /// Examine the log.
    #[command(subcommand)]
    Audit(Audit),
    /// Ask a running server on this machine whether it is ready.
    Healthcheck,
}

/// Serve the dashboard.
#[derive(Debug, Clone, Copy, Default, Args)]
pub struct Serve {
    /// Try it out: with a sandbox instead of Atlas and an account for each role, whose passwords everybody can see.
    #[arg(long)]
    pub demo: bool,
    /// Let other machines reach the demo, although its passwords are known.
    #[arg(long, requires = "demo")]
    pub demo_allow_remote: bool,
}

/// Serve the stand-in for Atlas alone.
#[derive(Debug, Clone, Args)]
pub struct Sandbox {
    /// The address to listen on.
    #[arg(long, value_name = "ADDRESS:PORT", default_value = "127.0.0.1:7430")]
    pub listen: SocketAddr,
    /// How many organizations to make up, instead of the four of the demo.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=10_000))]
    pub orgs: Option<u32>,
    /// How many projects each of them gets.
    #[arg(long, value_name = "N")]
    pub projects: Option<u32>,
    /// How many API keys each of them gets.
    #[arg(long, value_name = "N")]
    pub keys: Option<u32>,
    /// The same number makes the same organizations, identifiers and secrets.
    #[arg(long, value_name = "N")]
    pub seed: Option<u64>,
    /// How much later every answer comes, for example 100ms or 2s.
    #[arg(long, value_name = "TIME", value_parser = time, default_value = "0ms")]
    pub latency: Duration,
    /// How requests are limited: as Atlas publishes it (real), not at all (off), or with so many times the published limits.
    #[arg(long, value_name = "real|off|FACTOR", default_value = "real")]
    pub rate_limit: RateLimit,
    /// Go on from this file if it exists, and save everything into it at the end and at POST /sandbox/state. It has hashes of
    /// secrets only. What it was made from wins over --orgs, --projects, --keys and --seed.
    #[arg(long, value_name = "FILE")]
    pub state: Option<PathBuf>,
    /// What goes wrong, see below; may be given several times.
    #[arg(long = "fault", value_name = "RULE")]
    pub faults: Vec<FaultRule>,
    /// Also serve the remote control below /sandbox (journal, faults, held requests) to whoever reaches the address.
    #[arg(long)]
    pub control: bool,
}

/// A length of time: a whole number with `ms` or `s`.
fn time(text: &str) -> Result<Duration, String> {
    let (number, of): (&str, fn(u64) -> Duration) = match (text.strip_suffix("ms"), text.strip_suffix('s')) {
        (Some(number), _) => (number, Duration::from_millis),
        (None, Some(number)) => (number, Duration::from_secs),
        (None, None) => (text, Duration::from_millis),
    };
    number.parse().map(of).map_err(|_| format!("`{text}` is no time; write for example 100ms or 2s"))
}

/// What can go wrong, for the help of `meridian sandbox`.
fn misfortunes() -> String {
    let mut text = String::from(
        "What goes wrong is said by a RULE: what happens, then what limits it, with commas between.
  429, 500, 503 …        answer this status; with retry-after=SECONDS there are headers,
                         with after-change the request is executed first
  slow=MILLISECONDS      answer late
  cut                    hang up before anything is done
  lost                   make the change and hang up: the answer is lost
  cut-midway             hang up in the middle of the answer's body
  malformed              answer JSON that breaks off
  stale-nonce            refuse the nonce of a signature
  expired-token          let the token of a service account expire
  clock=MINUTES          answer with a clock that is off; negative is behind
It is limited by method=METHOD, path=PART, changes (everything but reading), skip=N, times=N and every=N. Examples:
  --fault 429,retry-after=7,method=POST,times=2     --fault lost,path=/apiKeys,changes,every=3

A request asks for itself with the header `Sandbox-Fault: RULE`. And names do it for all who call with a key or service
account of that name, in an organization or about a project of that name:
",
    );
    for (name, rule) in FAULT_NAMES {
        // Writing to a String does not fail.
        let _ = writeln!(text, "  … {name:32} {rule}");
    }
    text
}

/// Look after people's accounts.
#[derive(Debug, Clone, Subcommand)]
pub enum User {
    /// Add a person and print a link with which they choose their password.
    Add {
        /// The name to sign in with.
        username: String,
        /// The name shown; the user name unless given.
        #[arg(long)]
        name: Option<String>,
        /// A role everywhere; may be given several times.
        #[arg(long = "role", value_name = "ROLE", default_value = "viewer")]
        roles: Vec<Role>,
    },
    /// Print a link with which a person chooses a new password; it also lets a disabled person in again.
    ResetPassword {
        /// The name they sign in with.
        username: String,
    },
    /// List everybody.
    List,
}

/// Examine the log.
#[derive(Debug, Clone, Copy, Subcommand)]
pub enum Audit {
    /// Follow the chain of hashes and name the first entry that is not as it was written. Prints the head: note it elsewhere.
    Verify {
        /// A head noted earlier; the log has to contain it still, so that a cut end is noticed.
        #[arg(long, value_name = "HASH", value_parser = hash)]
        expect: Option<[u8; 32]>,
    },
}

fn hash(text: &str) -> Result<[u8; 32], String> {
    let mut hash = [0; 32];
    hex::decode_to_slice(text.trim(), &mut hash)
        .map_err(|_| "a head has 64 hexadecimal digits, as `meridian audit verify` prints it".to_owned())?;
    Ok(hash)
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    #[test]
    fn the_command_line_is_consistent() {
        Cli::command().debug_assert();
    }

    #[test]
    fn the_sandbox_takes_sizes_times_limits_and_faults() {
        let line =
            "meridian sandbox --orgs 100 --keys 500 --latency 100ms --rate-limit 0.5 --fault lost,changes --fault 503";
        let Ok(Cli { command: Command::Sandbox(sandbox), .. }) = Cli::try_parse_from(line.split(' ')) else {
            panic!("the line is understood");
        };
        assert_eq!((sandbox.orgs, sandbox.projects, sandbox.keys), (Some(100), None, Some(500)));
        assert_eq!(sandbox.latency, Duration::from_millis(100));
        assert_eq!(sandbox.rate_limit, RateLimit::Scaled { percent: 50 });
        assert_eq!(sandbox.faults.len(), 2);
        for wrong in ["--latency soon", "--rate-limit fast", "--fault explode", "--orgs 0"] {
            let line = format!("meridian sandbox {wrong}");
            assert!(Cli::try_parse_from(line.split(' ')).is_err(), "{wrong}");
        }
        assert_eq!([time("2s"), time("40")], [Ok(Duration::from_secs(2)), Ok(Duration::from_millis(40))]);
    }
}
