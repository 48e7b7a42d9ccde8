//! A PostgreSQL of our own for the time of the tests: in a temporary folder, on a free port of 127.0.0.1, without a socket
//! file, and without waiting for the disk, since nothing of it is kept.
//!
//! A small shell script looks after it. The script holds one end of a pipe and we hold the other; however we end (done, failed,
//! interrupted, killed) the pipe closes, and the script stops the server and removes the folder.

use std::{
    env, fs,
    io::{BufRead as _, BufReader},
    net::TcpListener,
    os::unix::process::CommandExt as _,
    path::PathBuf,
    process::{Child, Command, Stdio},
};

use anyhow::{Context as _, bail};

use crate::{
    debian,
    workspace::{command, find_program, output},
};

const KEEPER: &str = r#"
set -eu
trap '' INT TERM HUP
folder=$(mktemp -d "${TMPDIR:-/tmp}/meridian-postgres.XXXXXX")
cd "$folder"
end() { "$BIN/pg_ctl" -D data -m immediate stop >/dev/null 2>&1 || true; cd /; rm -rf "$folder"; }
trap end EXIT
"$BIN/initdb" -D data -U meridian -A trust -E UTF8 --locale=C --no-sync >init.log 2>&1 || { cat init.log >&2; exit 1; }
"$BIN/pg_ctl" -D data -l server.log -w -t 60 start -o "-p $PORT -c listen_addresses=127.0.0.1 -c unix_socket_directories='' -c max_connections=200 -c fsync=off -c synchronous_commit=off -c full_page_writes=off" >start.log 2>&1 ||
  { cat start.log server.log >&2; exit 1; }
echo ready
read -r _ || true
"#;

/// A running server; dropping it stops it.
pub(crate) struct Postgres {
    keeper: Child,
    port: u16,
}

impl Postgres {
    /// Starts a server, installing PostgreSQL when it is missing.
    ///
    /// # Errors
    ///
    /// When PostgreSQL is missing and cannot be installed, or does not start.
    pub(crate) fn start() -> anyhow::Result<Self> {
        let programs = debian::ensure("PostgreSQL", "postgresql", find)?;
        let port =
            TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).context("no free port")?.port();
        let mut keeper = keeper_command()?;
        keeper.env("BIN", &programs).env("PORT", port.to_string()).current_dir("/");
        keeper.env_remove("PGDATA").env_remove("PGPORT").env_remove("PGHOST").env_remove("PGOPTIONS");
        // A group of its own: Ctrl-C is for us, and the script hears of it by the pipe.
        keeper.process_group(0).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut keeper = keeper.spawn().context("cannot start a shell for PostgreSQL")?;
        let mut word = String::new();
        if let Some(answers) = keeper.stdout.take() {
            BufReader::new(answers).read_line(&mut word).context("PostgreSQL's keeper does not answer")?;
        }
        if word.trim() != "ready" {
            keeper.wait()?;
            bail!("PostgreSQL does not start (its words are above)");
        }
        Ok(Self { keeper, port })
    }

    /// Where the tests reach it.
    pub(crate) fn url(&self) -> String {
        format!("postgres://meridian@127.0.0.1:{}/postgres", self.port)
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        drop(self.keeper.stdin.take());
        // Nothing to be done about a failure here, and nothing is lost by it.
        drop(self.keeper.wait());
    }
}

/// The shell for the script. PostgreSQL refuses to run as root, so root hands it to another user.
fn keeper_command() -> anyhow::Result<Command> {
    if debian::user_id().as_deref() != Some("0") {
        let mut shell = command("sh");
        shell.args(["-c", KEEPER]);
        return Ok(shell);
    }
    let user = ["postgres", "nobody"].into_iter().find(|user| output(command("id").args(["-u", user])).is_ok());
    let user = user.context("PostgreSQL does not run as root, and there is no user `postgres` or `nobody`")?;
    let group = output(command("id").args(["-g", user]))?;
    let mut shell = command("setpriv");
    shell.args(["--reuid", user, "--regid", &group, "--clear-groups", "sh", "-c", KEEPER]);
    shell.env("HOME", "/").env_remove("TMPDIR");
    Ok(shell)
}

/// The folder with `initdb` and `pg_ctl`: the newest of Debian's, or the one on the `PATH`.
fn find() -> Option<PathBuf> {
    let mut versions: Vec<(u32, PathBuf)> = fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|entry| Some((entry.file_name().to_str()?.parse().ok()?, entry.path().join("bin"))))
        .filter(|(_, folder)| folder.join("initdb").is_file() && folder.join("pg_ctl").is_file())
        .collect();
    versions.sort();
    if let Some((_, folder)) = versions.pop() {
        return Some(folder);
    }
    let path = env::var_os("PATH").unwrap_or_default();
    let on_path = find_program(&["initdb"])?;
    env::split_paths(&path).find(|folder| on_path.starts_with(folder))
}
