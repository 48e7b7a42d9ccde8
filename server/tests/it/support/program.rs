//! The real program as a process of its own, which a test can kill.

use std::{
    path::Path,
    process::{Child, Command, Stdio},
    sync::mpsc::{Receiver, channel},
    thread,
    time::Duration,
};

use std::io::{BufRead as _, BufReader, Read};

/// Longer than anything waited for here takes, so that a test that would hang fails instead.
const PATIENCE: Duration = Duration::from_secs(60);

/// A running `meridian serve`.
pub(crate) struct Program {
    child: Child,
    lines: Receiver<String>,
    /// Everything it has printed so far, for searching.
    pub(crate) printed: Vec<String>,
    /// Where it listens.
    pub(crate) address: String,
}

impl Program {
    /// Starts it over `data`, with Atlas at `atlas`; `pause_at` names a point at which it stops for ever.
    pub(crate) fn start(data: &Path, atlas: &str, pause_at: Option<&str>) -> Self {
        let variables: Vec<_> = pause_at.map(|point| ("TEST_PAUSE_AT", point)).into_iter().collect();
        Self::start_with(data, atlas, &variables)
    }

    /// Starts it over `data`, with Atlas at `atlas` and these variables set.
    pub(crate) fn start_with(data: &Path, atlas: &str, variables: &[(&str, &str)]) -> Self {
        let mut command = command(data, atlas);
        command.arg("serve").stdout(Stdio::piped()).stderr(Stdio::piped()).envs(variables.iter().copied());
        let mut child = command.spawn().unwrap();
        let (sender, lines) = channel();
        let streams: [Box<dyn Read + Send>; 2] =
            [Box::new(child.stdout.take().unwrap()), Box::new(child.stderr.take().unwrap())];
        for stream in streams {
            let sender = sender.clone();
            thread::spawn(move || {
                for line in BufReader::new(stream).lines().map_while(Result::ok) {
                    if sender.send(line).is_err() {
                        break;
                    }
                }
            });
        }
        drop(sender);
        let mut program = Self { child, lines, printed: vec![], address: String::new() };
        let line = program.wait_for("listening on ");
        program.address = line.split("listening on ").nth(1).unwrap().trim().to_owned();
        program
    }

    /// Waits until it prints a line with `text`, and returns the line.
    pub(crate) fn wait_for(&mut self, text: &str) -> String {
        if let Some(line) = self.printed.iter().find(|line| line.contains(text)) {
            return line.clone();
        }
        loop {
            let line = self
                .lines
                .recv_timeout(PATIENCE)
                .unwrap_or_else(|_| panic!("no line with {text:?}; it printed:\n{}", self.printed.join("\n")));
            self.printed.push(line.clone());
            if line.contains(text) {
                return line;
            }
        }
    }

    /// `kill -9`, then everything it has ever printed.
    pub(crate) fn kill_and_read(mut self) -> String {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
        // The streams end with the process, and the channel with them.
        let rest: Vec<String> = self.lines.iter().collect();
        self.printed.extend(rest);
        self.printed.join("\n")
    }

    /// `kill -9`.
    pub(crate) fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        // Already gone after `kill`.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn command(data: &Path, atlas: &str) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_meridian"));
    command
        .env_clear()
        .env("MERIDIAN_DATA_DIR", data)
        .env("MERIDIAN_LISTEN", "127.0.0.1:0")
        .env("MERIDIAN_ATLAS_BASE_URLS", atlas)
        .env("MERIDIAN_LOG_FORMAT", "json")
        .env("MERIDIAN_RECONCILE_AFTER_SECONDS", "0");
    command
}

/// Runs a command of the program to its end, and returns whether it succeeded and what it printed.
pub(crate) fn run(data: &Path, atlas: &str, arguments: &[&str]) -> (bool, String) {
    let output = command(data, atlas).args(arguments).output().unwrap();
    let text = [output.stdout, output.stderr].concat();
    (output.status.success(), String::from_utf8_lossy(&text).into_owned())
}
