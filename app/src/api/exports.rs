//! Tables as files: which there are, and what stands in them.

use super::inventory::{KeyQuery, ProjectQuery};

/// How a table is written down.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileFormat {
    /// Comma-separated values, for spreadsheets.
    Csv,
    /// One JSON object that says what it holds before it does.
    Json,
}

/// What is taken out as a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Export {
    /// The keys that a query selects, in the order of the page.
    Keys(KeyQuery, FileFormat),
    /// The projects that a query selects, in the order of the page.
    Projects(ProjectQuery, FileFormat),
    /// Every credential of every organization the caller may see; always CSV.
    CredentialReport,
}

/// A column of the credential report.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReportColumn {
    /// Its name in the first line.
    pub name: &'static str,
    /// What stands in it.
    pub holds: &'static str,
    /// Where that comes from.
    pub from: &'static str,
}

const fn column(name: &'static str, holds: &'static str, from: &'static str) -> ReportColumn {
    ReportColumn { name, holds, from }
}

/// The columns of the credential report. Their names, order and meaning stay; new ones are only ever added at the end.
pub const REPORT_COLUMNS: [ReportColumn; 22] = [
    column("generated_at", "When this file was made; the same in every row.", "Meridian"),
    column("organization", "The organization's label.", "Meridian"),
    column("organization_id", "The organization's id.", "Atlas"),
    column("environment", "The organization's environment; may be empty.", "Meridian"),
    column("credential_type", "api_key.", "Atlas"),
    column("credential_id", "The key's id.", "Atlas"),
    column("public_key", "What one signs in with, beside the secret.", "Atlas"),
    column("description", "The key's description.", "Atlas"),
    column("organization_roles", "Its roles in the organization, with spaces between them.", "Atlas"),
    column("projects", "How many projects it has a role of its own in.", "Atlas"),
    column("created", "When it was made.", "see created_from"),
    column("created_from", "key_id: the time inside the id, since Atlas tells no other.", "Meridian"),
    column("last_used", "When it was last used, never, or why that is not known.", "see last_used_from"),
    column(
        "last_used_from",
        "access_list: the latest use noted on any entry of its list; empty when not known.",
        "Meridian",
    ),
    column(
        "expires",
        "When it is no longer needed, no end, or unknown. Atlas knows no end of API keys.",
        "see expires_from",
    ),
    column("expires_from", "request: as its requester said in Meridian; empty when not known.", "Meridian"),
    column("owner", "Who answers for it: whoever asked for it in Meridian, or unknown.", "Meridian"),
    column("request", "The request that made it; empty when it was not made through Meridian.", "Meridian"),
    column("access_list_entries", "How many entries its access list has, or why that is not known.", "Atlas"),
    column("widest_range", "The widest of them, none, or why that is not known.", "Atlas"),
    column("findings", "What should be looked at, with spaces between them.", "Meridian"),
    column("read_at", "When the organization's keys were last read from Atlas.", "Meridian"),
];
