//! How long people stay signed in.

use jiff::SignedDuration;

use super::raw::{Name, Raw};

/// How long people stay signed in: section `[sessions]`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SessionSettings {
    /// `MERIDIAN_SESSION_IDLE_MINUTES`, `idle_minutes`: a session ends when it was not used for so long. Default 480.
    pub idle: SignedDuration,
    /// `MERIDIAN_SESSION_HOURS`, `hours`: a session of somebody who can change something ends after so long, used or
    /// not. Default 12.
    pub writers: SignedDuration,
    /// `MERIDIAN_SESSION_READER_HOURS`, `reader_hours`: the same for those who only read. Default 168, a week.
    pub readers: SignedDuration,
}

impl SessionSettings {
    pub(super) fn read(raw: &mut Raw) -> Self {
        let idle = Name { variable: "MERIDIAN_SESSION_IDLE_MINUTES", key: "sessions.idle_minutes" };
        let writers = Name { variable: "MERIDIAN_SESSION_HOURS", key: "sessions.hours" };
        let readers = Name { variable: "MERIDIAN_SESSION_READER_HOURS", key: "sessions.reader_hours" };
        Self {
            idle: SignedDuration::from_mins(raw.number(idle, 480, 5..=10_080).into()),
            writers: SignedDuration::from_hours(raw.number(writers, 12, 1..=720).into()),
            readers: SignedDuration::from_hours(raw.number(readers, 168, 1..=720).into()),
        }
    }
}

impl Default for SessionSettings {
    fn default() -> Self {
        Self {
            idle: SignedDuration::from_hours(8),
            writers: SignedDuration::from_hours(12),
            readers: SignedDuration::from_hours(168),
        }
    }
}
