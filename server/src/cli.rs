//! The command line.

use std::{net::SocketAddr, path::PathBuf};

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
}
