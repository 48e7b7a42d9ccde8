//! What is written to the console.

use std::str::FromStr;

use super::raw::{Name, Raw};

/// What is written to the console: section `[logging]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LoggingSettings {
    /// `MERIDIAN_LOG_FORMAT`, `format`: `text` for people or `json` for machines. Default `text`.
    pub format: LogFormat,
    /// `MERIDIAN_LOG`, `filter`: what is written, such as `info` or `warn,server=debug`. Default `info`.
    pub filter: String,
}

/// How lines on the console look.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum LogFormat {
    /// For people.
    #[default]
    Text,
    /// One JSON object a line.
    Json,
}

impl FromStr for LogFormat {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        match text {
            "text" => Ok(Self::Text),
            "json" => Ok(Self::Json),
            _ => Err(()),
        }
    }
}

impl LoggingSettings {
    pub(super) fn read(raw: &mut Raw) -> Self {
        let format = Name { variable: "MERIDIAN_LOG_FORMAT", key: "logging.format" };
        let filter = Name { variable: "MERIDIAN_LOG", key: "logging.filter" };
        Self {
            format: raw.parse(format, LogFormat::Text, "text or json"),
            filter: raw.read(filter, "info".to_owned(), |text| {
                tracing_subscriber::EnvFilter::try_new(text)
                    .map(|_| text.to_owned())
                    .map_err(|_| format!("`{text}` is not a filter such as info or warn,server=debug"))
            }),
        }
    }
}

impl Default for LoggingSettings {
    fn default() -> Self {
        Self { format: LogFormat::Text, filter: "info".to_owned() }
    }
}
