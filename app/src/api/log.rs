//! The log: who did what, when, and with what result.

use domain::ids::{OrgId, RequestNumber};
use jiff::Timestamp;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use super::people::OrgChoice;
use crate::{error::ApiError, paths};

/// A kind of action to filter by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LogArea {
    /// Signing in and out, set-up, passwords, sessions.
    SignIn,
    /// People and roles.
    People,
    /// Connections and refreshes.
    Connections,
    /// Requests and verdicts.
    Requests,
    /// Calls that change Atlas.
    Executions,
    /// Reveals and destructions of secrets.
    Secrets,
    /// Exports.
    Exports,
    /// Start, stop, keys.
    System,
}

impl LogArea {
    /// All areas.
    pub const ALL: [Self; 8] = [
        Self::SignIn,
        Self::People,
        Self::Connections,
        Self::Requests,
        Self::Executions,
        Self::Secrets,
        Self::Exports,
        Self::System,
    ];

    /// The word in addresses; actions of the area begin with it and a dot.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::SignIn => "session",
            Self::People => "person",
            Self::Connections => "connection",
            Self::Requests => "request",
            Self::Executions => "execution",
            Self::Secrets => "secret",
            Self::Exports => "export",
            Self::System => "system",
        }
    }

    /// The words shown.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::SignIn => "Sign-in",
            Self::People => "People",
            Self::Connections => "Connections",
            Self::Requests => "Requests",
            Self::Executions => "Executions",
            Self::Secrets => "Secrets",
            Self::Exports => "Exports",
            Self::System => "System",
        }
    }
}

/// Which entries a page of the log shows.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct LogQuery {
    /// Part of the actor's name.
    pub actor: String,
    /// Only this area.
    pub area: Option<LogArea>,
    /// Only this organization.
    pub org: Option<OrgId>,
    /// Only this request.
    pub request: Option<RequestNumber>,
    /// Only from this day on, `YYYY-MM-DD`, UTC.
    pub from: String,
    /// Only until this day, `YYYY-MM-DD`, UTC, included.
    pub to: String,
    /// The page, from 1.
    pub page: u32,
}

impl LogQuery {
    /// Reads the query of an address; `get` answers with the value of a parameter.
    pub fn read(get: impl Fn(&str) -> Option<String>) -> Self {
        let text = |name: &str| get(name).unwrap_or_default().trim().chars().take(100).collect::<String>();
        let day = |name: &str| {
            let text = text(name);
            if text.parse::<jiff::civil::Date>().is_ok() { text } else { String::new() }
        };
        Self {
            actor: text("actor"),
            area: LogArea::ALL.into_iter().find(|area| area.as_str() == text("area")),
            org: text("org").parse().ok(),
            request: text("request").parse().ok(),
            from: day("from"),
            to: day("to"),
            page: text("page").parse().unwrap_or(1).clamp(1, 1_000_000),
        }
    }

    /// The address of the log with this query.
    #[must_use]
    pub fn address(&self) -> String {
        paths::with_query(
            paths::LOG,
            &[
                ("actor", self.actor.clone()),
                ("area", self.area.map(LogArea::as_str).unwrap_or_default().to_owned()),
                ("org", self.org.as_ref().map(ToString::to_string).unwrap_or_default()),
                ("request", self.request.as_ref().map(ToString::to_string).unwrap_or_default()),
                ("from", self.from.clone()),
                ("to", self.to.clone()),
                ("page", if self.page > 1 { self.page.to_string() } else { String::new() }),
            ],
        )
    }

    /// Whether anything narrows the log.
    #[must_use]
    pub fn is_filtered(&self) -> bool {
        Self { page: 0, ..self.clone() } != Self::default()
    }
}

/// How something ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LogOutcome {
    /// It was done.
    Done,
    /// It was not allowed.
    Refused,
    /// It was tried and did not work.
    Failed,
    /// It may have happened.
    Unknown,
}

/// An entry of the log.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LogRow {
    /// Its place in the log, from 1, without gaps.
    pub seq: i64,
    /// When.
    pub at: Timestamp,
    /// Who: a person's name, "system" or "console".
    pub actor: String,
    /// The action's dotted name.
    pub action: String,
    /// What happened, as a sentence.
    pub sentence: String,
    /// How it ended.
    pub outcome: LogOutcome,
    /// The organization's name, if it is about one.
    pub org_name: Option<String>,
    /// The request, if it is about one.
    pub request: Option<RequestNumber>,
    /// The address it came from, if it came from one.
    pub address: Option<String>,
    /// More about it, as names and values.
    #[serde(default)]
    pub details: Vec<(String, String)>,
    /// The entry's hash, 64 hexadecimal digits.
    pub hash: String,
}

/// A page of the log, newest first.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LogPage {
    /// The entries.
    #[serde(default)]
    pub rows: Vec<LogRow>,
    /// How many the filter selects.
    pub matching: u32,
    /// How many there are.
    pub total: u32,
    /// The page shown, from 1.
    pub page: u32,
    /// How many pages there are, at least 1.
    pub pages: u32,
    /// The organizations to filter by.
    #[serde(default)]
    pub choices: Vec<OrgChoice>,
    /// The hash of the newest entry, to write down elsewhere.
    pub head: String,
}

/// A page of the log.
#[server(prefix = "/api", endpoint = "log/list")]
pub async fn list_log(
    /// Which entries.
    query: LogQuery,
) -> Result<LogPage, ApiError> {
    use crate::server::{answer, begin};

    let listing = async {
        let (caller, backend) = begin()?;
        backend.log.list(&caller, &query).await
    };
    answer(listing.await)
}
