//! Runs a command while saying in words what goes on: what is being done, for how long, and how far it is.

use std::{
    fmt::Write as _,
    io::{BufRead as _, BufReader, IsTerminal as _, Read, Write as _},
    process::{Command, ExitStatus, Stdio},
    sync::mpsc,
    thread,
    time::{Duration, Instant},
};

use anyhow::Context as _;

/// The words with which cargo says what it is doing; they become the progress line instead of hundreds of lines.
const CARGO_STEPS: [&str; 10] = [
    "Compiling",
    "Checking",
    "Documenting",
    "Downloading",
    "Downloaded",
    "Updating",
    "Locking",
    "Blocking",
    "Finished",
    "Fresh",
];

/// One thing being done, with its title and the time since it began.
pub(crate) struct Step {
    title: String,
    started: Instant,
    on_terminal: bool,
    units: usize,
    latest: String,
    line_is_open: bool,
}

/// Where a line came from.
pub(crate) enum Line {
    /// Standard output.
    Out(String),
    /// Standard error.
    Err(String),
}

impl Step {
    /// Announces what begins now.
    pub(crate) fn begin(title: impl Into<String>) -> Self {
        let mut step = Self {
            title: title.into(),
            started: Instant::now(),
            on_terminal: std::io::stdout().is_terminal(),
            units: 0,
            latest: String::new(),
            line_is_open: false,
        };
        if step.on_terminal {
            step.draw();
        } else {
            println!("{}…", step.title);
        }
        step
    }

    /// Says how long it took.
    pub(crate) fn done(mut self) -> Duration {
        let took = self.started.elapsed();
        self.clear();
        println!("{}… {}", self.title, seconds(took));
        took
    }

    /// Runs `command` to its end. Lines that `keep` takes (returning `None`) are not shown; cargo's own progress lines
    /// move the progress line, everything else is printed.
    ///
    /// # Errors
    ///
    /// When the command cannot be started or waited for; its failure is in the returned status.
    pub(crate) fn run(
        &mut self,
        command: &mut Command,
        mut keep: impl FnMut(Line) -> Option<Line>,
    ) -> anyhow::Result<ExitStatus> {
        let name = command.get_program().to_string_lossy().into_owned();
        if self.on_terminal {
            command.env("CARGO_TERM_COLOR", "always");
        }
        command.env("CARGO_TERM_PROGRESS_WHEN", "never").stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().with_context(|| format!("cannot start {name}"))?;
        let (sender, lines) = mpsc::channel();
        let readers = [
            child.stdout.take().map(|stream| forward(stream, sender.clone(), Line::Out)),
            child.stderr.take().map(|stream| forward(stream, sender, Line::Err)),
        ];
        let pause = Duration::from_secs(if self.on_terminal { 1 } else { 30 });
        let mut drawn = Instant::now();
        loop {
            match lines.recv_timeout(pause) {
                Ok(line) => {
                    if let Some(line) = keep(line) {
                        self.show(line);
                    }
                }
                Err(mpsc::RecvTimeoutError::Timeout) => {}
                Err(mpsc::RecvTimeoutError::Disconnected) => break,
            }
            if drawn.elapsed() >= pause {
                drawn = Instant::now();
                self.draw();
            }
        }
        for reader in readers.into_iter().flatten() {
            // A reader only ends early when its stream does; there is nothing to learn from it.
            drop(reader.join());
        }
        child.wait().with_context(|| format!("cannot wait for {name}"))
    }

    fn show(&mut self, line: Line) {
        let text = match line {
            Line::Out(text) | Line::Err(text) => text,
        };
        let plain = without_colour(&text);
        let mut words = plain.split_whitespace();
        if let Some(verb) = words.next()
            && plain.starts_with(' ')
            && CARGO_STEPS.contains(&verb)
        {
            if matches!(verb, "Compiling" | "Checking" | "Documenting") {
                self.units += 1;
                self.latest = words.next().unwrap_or_default().to_owned();
                if self.on_terminal {
                    self.draw();
                }
            }
            return;
        }
        self.clear();
        println!("{text}");
    }

    fn draw(&mut self) {
        let mut line = format!("{}… {}", self.title, seconds(self.started.elapsed()));
        if self.units > 0 {
            // Writing to a String does not fail.
            let _ = write!(line, ", {} crates, now {}", self.units, self.latest);
        }
        if self.on_terminal {
            print!("\r\x1b[2K{line}");
            let _ = std::io::stdout().flush();
            self.line_is_open = true;
        } else {
            println!("{line}");
        }
    }

    fn clear(&mut self) {
        if self.line_is_open {
            print!("\r\x1b[2K");
            self.line_is_open = false;
        }
    }
}

impl Drop for Step {
    fn drop(&mut self) {
        self.clear();
        let _ = std::io::stdout().flush();
    }
}

/// A time as a person says it: `38 s`, `2 min 05 s`.
pub(crate) fn seconds(time: Duration) -> String {
    let whole = time.as_secs();
    match whole {
        0 => format!("{:.1} s", time.as_secs_f64()),
        1..120 => format!("{whole} s"),
        _ => format!("{} min {:02} s", whole / 60, whole % 60),
    }
}

fn forward(
    stream: impl Read + Send + 'static,
    sender: mpsc::Sender<Line>,
    kind: fn(String) -> Line,
) -> thread::JoinHandle<()> {
    thread::spawn(move || {
        for line in BufReader::new(stream).split(b'\n') {
            let Ok(bytes) = line else { break };
            let text = String::from_utf8_lossy(&bytes).trim_end_matches('\r').to_owned();
            if sender.send(kind(text)).is_err() {
                break;
            }
        }
    })
}

fn without_colour(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find('\x1b') {
        plain.push_str(&rest[..start]);
        rest = rest[start..].find('m').map_or("", |end| &rest[start + end + 1..]);
    }
    plain.push_str(rest);
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_read_as_a_person_says_them() {
        assert_eq!(seconds(Duration::from_millis(340)), "0.3 s");
        assert_eq!(seconds(Duration::from_secs(38)), "38 s");
        assert_eq!(seconds(Duration::from_secs(125)), "2 min 05 s");
    }

    #[test]
    fn colour_codes_are_not_part_of_a_word() {
        assert_eq!(without_colour("\x1b[1m\x1b[32m   Compiling\x1b[0m leptos v0.8"), "   Compiling leptos v0.8");
    }
}
