//! How approved changes are carried out.

use jiff::SignedDuration;

use super::raw::{Name, Raw};

/// How approved changes are carried out: section `[execution]`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ExecutionSettings {
    /// `MERIDIAN_RECONCILE_AFTER_SECONDS`, `reconcile_after_seconds`: how long after a lost answer Atlas is looked at
    /// to find out whether the change was made, since a change may take a moment to show. Default 15.
    pub reconcile_after: SignedDuration,
}

impl ExecutionSettings {
    pub(super) fn read(raw: &mut Raw) -> Self {
        let name = Name { variable: "MERIDIAN_RECONCILE_AFTER_SECONDS", key: "execution.reconcile_after_seconds" };
        Self { reconcile_after: SignedDuration::from_secs(raw.number(name, 15, 0..=3600).into()) }
    }
}

impl Default for ExecutionSettings {
    fn default() -> Self {
        Self { reconcile_after: SignedDuration::from_secs(15) }
    }
}
