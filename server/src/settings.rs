//! Settings: from `MERIDIAN_*` variables and an optional TOML file, checked as a whole at start.
//!
//! Every setting has a variable and a place in the file, such as `MERIDIAN_LISTEN` and `listen` under `[server]`;
//! the variable wins. Secrets can also be read from a file, named by the variable with `_FILE` at its end. What is
//! unknown is refused, so that a misspelt setting is not silently ignored.

mod atlas;
mod execution;
mod logging;
mod raw;
mod server;
mod sessions;
mod storage;

use std::{ffi::OsString, path::Path};

pub use atlas::AtlasSettings;
pub use execution::ExecutionSettings;
pub use logging::{LogFormat, LoggingSettings};
pub use raw::{Problem, SettingsError};
pub use server::{PublicUrl, ServerSettings};
pub use sessions::SessionSettings;
pub use storage::StorageSettings;

use raw::Raw;

/// All settings of the program.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Where to listen and how the dashboard is reached.
    pub server: ServerSettings,
    /// Where the data is kept.
    pub storage: StorageSettings,
    /// How long people stay signed in.
    pub sessions: SessionSettings,
    /// Which Atlas may be talked to.
    pub atlas: AtlasSettings,
    /// How approved changes are carried out.
    pub execution: ExecutionSettings,
    /// What is written to the console.
    pub logging: LoggingSettings,
}

impl Settings {
    /// Reads and checks everything: `file`, if there is one, and then the variables of `environment`.
    ///
    /// # Errors
    ///
    /// With every setting that is wrong, contradictory or unknown, and where it came from.
    pub fn load(
        file: Option<&Path>,
        environment: impl IntoIterator<Item = (OsString, OsString)>,
    ) -> Result<Self, SettingsError> {
        let mut raw = Raw::new(file, environment)?;
        let server = ServerSettings::read(&mut raw);
        let storage = StorageSettings::read(&mut raw);
        let sessions = SessionSettings::read(&mut raw);
        let atlas = AtlasSettings::read(&mut raw);
        let execution = ExecutionSettings::read(&mut raw);
        let logging = LoggingSettings::read(&mut raw);
        raw.finish()?;
        Ok(Self { server, storage, sessions, atlas, execution, logging })
    }
}
