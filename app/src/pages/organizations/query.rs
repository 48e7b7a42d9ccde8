//! Which organizations the table shows, and how. It lives in the address; what does not make sense there is left out.

use domain::Known;
use std::cmp::Ordering;

use crate::{
    api::connections::{Health, OrganizationRow},
    paths,
};

/// How a connection is doing, for filtering.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StateFilter {
    /// Everything was read.
    Healthy,
    /// Some parts could not be read.
    Partial,
    /// The last refresh failed.
    Failed,
    /// Never read, or being read now.
    Waiting,
}

impl StateFilter {
    /// All choices.
    pub const ALL: [Self; 4] = [Self::Healthy, Self::Partial, Self::Failed, Self::Waiting];

    /// The word in addresses.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Healthy => "healthy",
            Self::Partial => "partial",
            Self::Failed => "failed",
            Self::Waiting => "waiting",
        }
    }

    /// The words shown.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Healthy => "healthy",
            Self::Partial => "partly read",
            Self::Failed => "needs repair",
            Self::Waiting => "not read yet",
        }
    }

    fn selects(self, health: &Health) -> bool {
        match health {
            Health::Healthy => self == Self::Healthy,
            Health::Partial { .. } => self == Self::Partial,
            Health::Failed { .. } => self == Self::Failed,
            Health::NotYetRead | Health::Refreshing => self == Self::Waiting,
        }
    }
}

/// The column that the table is sorted by.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum OrgSort {
    /// The label.
    #[default]
    Label,
    /// How the connection is doing, the worst first.
    State,
    /// How many keys it has.
    Keys,
    /// How many projects it has.
    Projects,
    /// How many keys have a finding.
    Findings,
    /// How many requests are open.
    Requests,
    /// When it was read.
    Read,
}

impl OrgSort {
    /// All columns.
    pub const ALL: [Self; 7] =
        [Self::Label, Self::State, Self::Keys, Self::Projects, Self::Findings, Self::Requests, Self::Read];

    /// The word in addresses.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Label => "organization",
            Self::State => "state",
            Self::Keys => "keys",
            Self::Projects => "projects",
            Self::Findings => "findings",
            Self::Requests => "requests",
            Self::Read => "read",
        }
    }
}

/// Which organizations a table shows, and how.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OrgQuery {
    /// Part of a label, a name, an environment or an id.
    pub q: String,
    /// Only connections doing so.
    pub state: Option<StateFilter>,
    /// The column to sort by.
    pub sort: OrgSort,
    /// Whether the largest comes first.
    pub descending: bool,
}

impl OrgQuery {
    /// Reads the query of an address; `get` answers with the value of a parameter.
    pub fn read(get: impl Fn(&str) -> Option<String>) -> Self {
        let text = |name: &str| get(name).unwrap_or_default().trim().chars().take(200).collect::<String>();
        Self {
            q: text("q"),
            state: StateFilter::ALL.into_iter().find(|state| state.as_str() == text("state")),
            sort: OrgSort::ALL.into_iter().find(|sort| sort.as_str() == text("sort")).unwrap_or_default(),
            descending: text("dir") == "desc",
        }
    }

    /// The address of the table with this query.
    #[must_use]
    pub fn address(&self) -> String {
        let sort = if self.sort == OrgSort::default() { String::new() } else { self.sort.as_str().to_owned() };
        paths::with_query(
            paths::ORGANIZATIONS,
            &[
                ("q", self.q.clone()),
                ("state", self.state.map(StateFilter::as_str).unwrap_or_default().to_owned()),
                ("sort", sort),
                ("dir", if self.descending { "desc".to_owned() } else { String::new() }),
            ],
        )
    }

    /// Whether anything narrows the table.
    #[must_use]
    pub fn is_filtered(&self) -> bool {
        !self.q.is_empty() || self.state.is_some()
    }

    /// The rows that the query selects, in its order.
    #[must_use]
    pub fn apply(&self, rows: &[OrganizationRow]) -> Vec<OrganizationRow> {
        let wanted = self.q.to_lowercase();
        let finds = |row: &OrganizationRow| {
            wanted.is_empty()
                || [row.label.as_str(), row.name.as_str(), row.environment.as_str(), row.org.as_str()]
                    .iter()
                    .any(|text| text.to_lowercase().contains(&wanted))
        };
        let mut rows: Vec<OrganizationRow> = rows
            .iter()
            .filter(|row| finds(row) && self.state.is_none_or(|state| state.selects(&row.health)))
            .cloned()
            .collect();
        rows.sort_by(|a, b| {
            let order = self.compare(a, b);
            // Rows that are equal in the column keep the order of their labels whichever way it is sorted.
            (if self.descending { order.reverse() } else { order }).then_with(|| by_label(a, b))
        });
        rows
    }

    fn compare(&self, a: &OrganizationRow, b: &OrganizationRow) -> Ordering {
        match self.sort {
            OrgSort::Label => by_label(a, b),
            OrgSort::State => badness(&a.health).cmp(&badness(&b.health)),
            OrgSort::Keys => number(&a.keys).cmp(&number(&b.keys)),
            OrgSort::Projects => number(&a.projects).cmp(&number(&b.projects)),
            OrgSort::Findings => findings(a).cmp(&findings(b)),
            OrgSort::Requests => a.open_requests.cmp(&b.open_requests),
            OrgSort::Read => a.read_at.cmp(&b.read_at),
        }
    }
}

fn by_label(a: &OrganizationRow, b: &OrganizationRow) -> Ordering {
    a.label.to_lowercase().cmp(&b.label.to_lowercase()).then_with(|| a.org.cmp(&b.org))
}

/// What is not known sorts below zero, so that it stays together.
fn number(fact: &Known<u32>) -> Option<u32> {
    fact.value().copied()
}

fn findings(row: &OrganizationRow) -> (Option<u32>, Option<u32>) {
    (number(&row.high_findings), number(&row.medium_findings))
}

fn badness(health: &Health) -> u8 {
    match health {
        Health::Failed { .. } => 0,
        Health::Partial { .. } => 1,
        Health::NotYetRead => 2,
        Health::Refreshing => 3,
        Health::Healthy => 4,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::connections::Explanation;

    fn row(last: char, label: &str, health: Health, keys: Known<u32>) -> OrganizationRow {
        OrganizationRow {
            org: format!("5f1a2b3c4d5e6f7081920a1{last}").parse().unwrap(),
            name: label.into(),
            label: label.into(),
            environment: "prod".into(),
            health,
            keys,
            projects: Known::NotYetRead,
            high_findings: Known::NotYetRead,
            medium_findings: Known::NotYetRead,
            open_requests: 0,
            has_writer: false,
            read_at: None,
            may_request: false,
        }
    }

    fn rows() -> Vec<OrganizationRow> {
        let failed = Health::Failed {
            word: "access refused".into(),
            why: Explanation { problem: "Refused.".into(), next: "Repair.".into() },
        };
        vec![
            row('a', "retail", Health::Healthy, Known::Yes(286)),
            row('b', "Payments", Health::Healthy, Known::Yes(412)),
            row('c', "Logistics", failed, Known::NotYetRead),
        ]
    }

    fn labels(query: &OrgQuery) -> Vec<String> {
        query.apply(&rows()).into_iter().map(|row| row.label).collect()
    }

    #[test]
    fn labels_sort_without_regard_to_capitals() {
        assert_eq!(labels(&OrgQuery::default()), ["Logistics", "Payments", "retail"]);
    }

    #[test]
    fn organizations_are_found_by_label_and_id() {
        assert_eq!(labels(&OrgQuery { q: "PAY".into(), ..OrgQuery::default() }), ["Payments"]);
        assert_eq!(labels(&OrgQuery { q: "1920a1a".into(), ..OrgQuery::default() }), ["retail"]);
    }

    #[test]
    fn the_most_keys_come_first_when_descending_and_unknown_last() {
        let query = OrgQuery { sort: OrgSort::Keys, descending: true, ..OrgQuery::default() };
        assert_eq!(labels(&query), ["Payments", "retail", "Logistics"]);
    }

    #[test]
    fn connections_that_need_repair_can_be_picked_out() {
        assert_eq!(labels(&OrgQuery { state: Some(StateFilter::Failed), ..OrgQuery::default() }), ["Logistics"]);
    }

    #[test]
    fn nonsense_in_an_address_is_left_out() {
        let read = OrgQuery::read(|name| (name != "q").then(|| "nonsense".to_owned()));
        assert_eq!(read, OrgQuery::default());
        assert_eq!(read.address(), paths::ORGANIZATIONS);
    }
}
