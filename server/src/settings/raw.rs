//! Settings as text, each with the place it came from, until they are read.

use std::{
    collections::{BTreeMap, BTreeSet},
    ffi::OsString,
    fmt,
    path::Path,
    str::FromStr,
};

use config::{Config, File, FileFormat, Source as _, Value, ValueKind};
use secrecy::SecretString;

/// Variables that start like this are ours.
const PREFIX: &str = "MERIDIAN_";
/// Variables for our tests, not for the program.
const TEST_PREFIX: &str = "MERIDIAN_TEST_";
/// The one variable without our prefix, since every platform calls it so.
const DATABASE_URL: &str = "DATABASE_URL";

/// Something wrong with one setting.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The setting, as it was given: a variable, or a name and the file.
    pub setting: String,
    /// What is wrong with it.
    pub message: String,
}

/// Everything that is wrong with the settings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SettingsError {
    /// The problems; there is at least one.
    pub problems: Vec<Problem>,
}

impl fmt::Display for SettingsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, problem) in self.problems.iter().enumerate() {
            if index > 0 {
                writeln!(f)?;
            }
            write!(f, "{}: {}", problem.setting, problem.message)?;
        }
        Ok(())
    }
}

impl std::error::Error for SettingsError {}

/// The two names of a setting.
#[derive(Debug, Clone, Copy)]
pub(super) struct Name {
    /// The variable.
    pub(super) variable: &'static str,
    /// `section.name` in the file.
    pub(super) key: &'static str,
}

/// A value with the place it came from.
pub(super) struct Given {
    pub(super) text: String,
    pub(super) origin: String,
}

/// What is given and not read yet, and what was wrong so far.
pub(super) struct Raw {
    variables: BTreeMap<String, String>,
    keys: BTreeMap<String, String>,
    file: String,
    known: BTreeSet<String>,
    problems: Vec<Problem>,
}

impl Raw {
    pub(super) fn new(
        file: Option<&Path>,
        environment: impl IntoIterator<Item = (OsString, OsString)>,
    ) -> Result<Self, SettingsError> {
        let mut raw = Self {
            variables: BTreeMap::new(),
            keys: BTreeMap::new(),
            file: file.map(|path| path.display().to_string()).unwrap_or_default(),
            known: BTreeSet::new(),
            problems: Vec::new(),
        };
        for (name, value) in environment {
            let Some(name) = name.to_str() else { continue };
            let ours = name.starts_with(PREFIX) || matches!(name, "DATABASE_URL" | "DATABASE_URL_FILE");
            if !ours || name.starts_with(TEST_PREFIX) {
                continue;
            }
            match value.into_string() {
                // Composition tools set what is not given to nothing.
                Ok(value) if value.is_empty() => {}
                Ok(value) => {
                    raw.variables.insert(name.to_owned(), value);
                }
                Err(_) => raw.problem(name, "is not UTF-8 text"),
            }
        }
        if let Some(path) = file {
            raw.read_file(path)?;
        }
        Ok(raw)
    }

    fn read_file(&mut self, path: &Path) -> Result<(), SettingsError> {
        let setting = path.display().to_string();
        let one = |message: String| SettingsError { problems: vec![Problem { setting: setting.clone(), message }] };
        let text = std::fs::read_to_string(path).map_err(|error| one(format!("cannot be read: {error}")))?;
        let table = Config::builder()
            .add_source(File::from_str(&text, FileFormat::Toml))
            .build()
            .and_then(|config| config.collect())
            // The parser's own message quotes the line, which may hold a secret.
            .map_err(|_| one("is not TOML: check quotes, brackets and that no name stands twice".to_owned()))?;
        for (name, value) in table {
            self.flatten(name, value);
        }
        Ok(())
    }

    fn flatten(&mut self, key: String, value: Value) {
        let text = match value.kind {
            ValueKind::Table(table) => {
                for (name, value) in table {
                    self.flatten(format!("{key}.{name}"), value);
                }
                return;
            }
            ValueKind::Array(values) => {
                let texts: Result<Vec<String>, _> = values.into_iter().map(Value::into_string).collect();
                texts.map(|texts| texts.join(","))
            }
            _ => value.into_string(),
        };
        match text {
            Ok(text) => {
                self.keys.insert(key, text);
            }
            Err(_) => {
                let setting = self.in_file(&key);
                self.problem(&setting, "must be text, a number, true or false, or a list of text");
            }
        }
    }

    fn in_file(&self, key: &str) -> String {
        format!("{key} in {}", self.file)
    }

    pub(super) fn problem(&mut self, setting: &str, message: impl Into<String>) {
        self.problems.push(Problem { setting: setting.to_owned(), message: message.into() });
    }

    /// The value of `name` as text, the variable before the file.
    pub(super) fn given(&mut self, name: Name) -> Option<Given> {
        self.known.insert(name.variable.to_owned());
        let variable = self.variables.remove(name.variable);
        let key = self.keys.remove(name.key);
        variable
            .map(|text| Given { text, origin: name.variable.to_owned() })
            .or_else(|| key.map(|text| Given { text, origin: self.in_file(name.key) }))
    }

    /// The value of `name`, or `default` when it is not given or `read` does not like it, which is noted.
    pub(super) fn read<T>(&mut self, name: Name, default: T, read: impl FnOnce(&str) -> Result<T, String>) -> T {
        let Some(given) = self.given(name) else { return default };
        match read(given.text.trim()) {
            Ok(value) => value,
            Err(message) => {
                self.problem(&given.origin, message);
                default
            }
        }
    }

    /// As [`Raw::read`] for a type that has `FromStr`; `form` says in words what is expected.
    pub(super) fn parse<T: FromStr>(&mut self, name: Name, default: T, form: &str) -> T {
        self.read(name, default, |text| text.parse().map_err(|_| format!("`{text}` is not {form}")))
    }

    /// A whole number within bounds.
    pub(super) fn number(&mut self, name: Name, default: u32, bounds: std::ops::RangeInclusive<u32>) -> u32 {
        self.read(name, default, |text| {
            text.parse()
                .ok()
                .filter(|number| bounds.contains(number))
                .ok_or_else(|| format!("`{text}` is not a number from {} to {}", bounds.start(), bounds.end()))
        })
    }

    /// A secret, given directly or as the name of a file that holds it, and where it came from.
    pub(super) fn secret(&mut self, name: Name, file: Name) -> Option<(SecretString, String)> {
        let direct = self.given(name);
        let by_file = self.given(file);
        match (direct, by_file) {
            (Some(direct), Some(by_file)) => {
                self.problem(&by_file.origin, format!("{} is set as well; keep one of them", direct.origin));
                None
            }
            (Some(direct), None) => Some((direct.text.into(), direct.origin)),
            (None, Some(by_file)) => match std::fs::read_to_string(by_file.text.trim()) {
                Ok(text) => Some((text.trim().to_owned().into(), by_file.origin)),
                Err(error) => {
                    self.problem(&by_file.origin, format!("{} cannot be read: {error}", by_file.text.trim()));
                    None
                }
            },
            (None, None) => None,
        }
    }

    /// Refuses what nobody has read.
    pub(super) fn finish(mut self) -> Result<(), SettingsError> {
        for variable in std::mem::take(&mut self.variables).into_keys() {
            let near = self.nearest(&variable);
            self.problem(&variable, format!("there is no such setting{near}"));
        }
        for key in std::mem::take(&mut self.keys).into_keys() {
            let setting = self.in_file(&key);
            self.problem(&setting, "there is no such setting");
        }
        if self.problems.is_empty() { Ok(()) } else { Err(SettingsError { problems: self.problems }) }
    }

    /// The known variable that shares the longest beginning with `variable`.
    fn nearest(&self, variable: &str) -> String {
        let shared = |known: &str| known.bytes().zip(variable.bytes()).take_while(|(a, b)| a == b).count();
        self.known
            .iter()
            .max_by_key(|known| shared(known))
            .filter(|known| shared(known) > PREFIX.len())
            .map(|known| format!("; did you mean {known}?"))
            .unwrap_or_default()
    }
}

/// The variable that names a PostgreSQL server.
pub(super) const DATABASE: Name = Name { variable: DATABASE_URL, key: "storage.database_url" };
/// The same, from a file.
pub(super) const DATABASE_FILE: Name = Name { variable: "DATABASE_URL_FILE", key: "storage.database_url_file" };
