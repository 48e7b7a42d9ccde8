//! What was asked of billing and is worked out later: reports of invoices, queries of the cost explorer.

use std::collections::HashMap;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::State;
use crate::{billing::Month, id::Id};

/// How long a report waits for its turn, and how long it then takes.
const SECONDS: (i64, i64) = (1, 3);
/// How long a finished report can be downloaded.
const LIFETIME: SignedDuration = SignedDuration::from_hours(24);

/// A report of an invoice.
#[derive(Serialize, Deserialize)]
pub(crate) struct Report {
    pub(crate) id: Id,
    pub(crate) org: Id,
    pub(crate) invoice: Id,
    pub(crate) format_version: String,
    created: Timestamp,
}

impl Report {
    /// How far it is.
    pub(crate) fn state(&self, now: Timestamp) -> &'static str {
        match now.duration_since(self.created).as_secs() {
            ..1 => "PENDING",
            seconds if seconds < SECONDS.0 + SECONDS.1 => "RUNNING",
            _ => "SUCCEEDED",
        }
    }

    /// Until when it can be downloaded.
    pub(crate) fn expires(&self) -> Timestamp {
        self.created.checked_add(LIFETIME).unwrap_or(Timestamp::MAX)
    }
}

/// A query of the cost explorer.
#[derive(Serialize, Deserialize)]
pub(crate) struct CostQuery {
    pub(crate) org: Id,
    pub(crate) from: Month,
    /// The month after the last.
    pub(crate) to: Month,
    pub(crate) group_by: Option<String>,
    pub(crate) orgs: Vec<Id>,
    pub(crate) projects: Vec<Id>,
    pub(crate) clusters: Vec<Id>,
    pub(crate) services: Vec<String>,
    /// What has no project or cluster counts although some are named.
    pub(crate) with_partial: bool,
    /// Whether linked organizations count: the caller may see them.
    pub(crate) with_linked: bool,
    /// Whether somebody has already been told to wait.
    pub(crate) was_polled: bool,
}

/// All of them.
#[derive(Default, Serialize, Deserialize)]
pub(crate) struct Billing {
    reports: Vec<Report>,
    pub(crate) queries: HashMap<String, CostQuery>,
}

impl Billing {
    /// The reports of an invoice that have not expired, newest first.
    pub(crate) fn reports(&self, org: Id, invoice: Id, now: Timestamp) -> Vec<&Report> {
        let live = self.reports.iter().rev().filter(|report| report.expires() > now);
        live.filter(|report| report.org == org && report.invoice == invoice).collect()
    }

    /// A report that has not expired, of any invoice.
    pub(crate) fn report(&self, id: Id, now: Timestamp) -> Option<&Report> {
        self.reports.iter().find(|report| report.id == id && report.expires() > now)
    }
}

impl State {
    /// Begins a report.
    pub(crate) fn add_report(&mut self, org: Id, invoice: Id, format_version: String, now: Timestamp) -> Id {
        let id = Id::made_at(now, &mut self.random);
        self.billing.reports.retain(|report| report.expires() > now);
        self.billing.reports.push(Report { id, org, invoice, format_version, created: now });
        id
    }

    /// Begins a query and says its token, 64 digits nobody can foresee.
    pub(crate) fn add_cost_query(&mut self, query: CostQuery) -> String {
        let mut bytes = [0; 32];
        crate::random::fill(&mut bytes);
        let token = hex::encode_upper(bytes);
        self.billing.queries.insert(token.clone(), query);
        token
    }
}
