//! Notes which operations the tests called and that the calls were valid, for `cargo xtask conformance`.
//!
//! A test program writes a file of its own into the folder that [`FOLDER`] names, one JSON object a line: first what the
//! sandbox serves, then each thing that was seen, once. Without the variable nothing is written.

use std::{
    collections::BTreeSet,
    fs::{self, File},
    io::Write as _,
    path::PathBuf,
    sync::{LazyLock, Mutex},
};

use atlas_sandbox::Exchange;
use serde_json::{Value, json};

/// The variable that names the folder.
const FOLDER: &str = "MERIDIAN_CONFORMANCE_DIR";

static NOTES: LazyLock<Option<Mutex<Notes>>> = LazyLock::new(|| Notes::begin().map(Mutex::new));

/// Which half of an exchange was looked at.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Half {
    /// What was sent.
    Request,
    /// What came back.
    Answer,
}

/// Writes down that half an exchange was compared with the description, and how that went.
pub(crate) fn note(exchange: &Exchange, half: Half, is_valid: bool) {
    let (Some(notes), Some(operation)) = (&*NOTES, exchange.operation) else { return };
    let half = match half {
        Half::Request => "request",
        Half::Answer => "answer",
    };
    notes.lock().expect("nobody panics while writing").write(json!({
        "operation": operation, "status": exchange.status, "half": half, "valid": is_valid,
    }));
}

struct Notes {
    file: File,
    written: BTreeSet<String>,
}

impl Notes {
    fn begin() -> Option<Self> {
        let folder = PathBuf::from(std::env::var_os(FOLDER)?);
        fs::create_dir_all(&folder).expect("the folder for notes can be made");
        let program = std::env::current_exe().expect("a program knows where it is");
        let name = program.file_stem().expect("a program has a name").to_string_lossy().into_owned();
        let file = File::create(folder.join(format!("{name}.jsonl"))).expect("notes can be written");
        let mut notes = Self { file, written: BTreeSet::new() };
        notes.write(json!({ "served": atlas_sandbox::operations().collect::<Vec<_>>() }));
        Some(notes)
    }

    fn write(&mut self, note: Value) {
        let line = format!("{note}\n");
        if self.written.insert(line.clone()) {
            // In one call, so that a program which is ended leaves no half a line.
            self.file.write_all(line.as_bytes()).expect("notes can be written");
        }
    }
}
