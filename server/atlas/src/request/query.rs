//! The query parameters of each operation, from Atlas's description. `envelope`, `pretty` and `includeCount` change how
//! an answer looks and are left out: this crate reads one form only.

use jiff::{Timestamp, civil::Date};

use super::Operation;
use crate::{ApiUserId, percent};

/// Names and values of a query, not yet encoded.
pub(crate) type Query = Vec<(&'static str, String)>;

/// One parameter of a query.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Parameter {
    pub(super) name: &'static str,
    kind: Kind,
    repeats: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Flag,
    Count,
    Id,
    Time,
    Date,
    Text,
}

const fn one(name: &'static str, kind: Kind) -> Parameter {
    Parameter { name, kind, repeats: false }
}

const fn many(name: &'static str) -> Parameter {
    Parameter { name, kind: Kind::Text, repeats: true }
}

const SIZE: Parameter = one("itemsPerPage", Kind::Count);
const PAGE: Parameter = one("pageNum", Kind::Count);
const NAME: Parameter = one("name", Kind::Text);
const USERNAME: Parameter = one("username", Kind::Text);
const STATUSES: Parameter = many("orgMembershipStatuses");
const RAW: Parameter = one("includeRaw", Kind::Flag);
const FROM: Parameter = one("minDate", Kind::Time);
const UNTIL: Parameter = one("maxDate", Kind::Time);

/// The parameters of `operation`.
pub(super) const fn parameters(operation: Operation) -> &'static [Parameter] {
    match operation {
        Operation::ListEventTypes
        | Operation::ListGroups
        | Operation::ListOrgApiKeys
        | Operation::ListOrgApiKeyAccessListEntries
        | Operation::CreateOrgApiKeyAccessListEntry
        | Operation::ListGroupApiKeys
        | Operation::UpdateGroupApiKeyRoles
        | Operation::ListOrgServiceAccountAccessList
        | Operation::CreateOrgServiceAccountAccessList
        | Operation::GetOrgServiceAccountGroups
        | Operation::ListGroupServiceAccountAccessList
        | Operation::CreateGroupServiceAccountAccessList
        | Operation::ListOrgTeams
        | Operation::ListGroupTeams
        | Operation::SearchOrgInvoiceLineItems
        | Operation::ListOrgInvoiceReports
        | Operation::ListSkus => const { &[SIZE, PAGE] },
        Operation::ListOrgs | Operation::GetOrgGroups => const { &[NAME, SIZE, PAGE] },
        Operation::ListOrgServiceAccounts | Operation::ListGroupServiceAccounts => {
            const { &[one("includeSystemManaged", Kind::Flag), SIZE, PAGE] }
        }
        Operation::CreateGroup => const { &[one("projectOwnerId", Kind::Id)] },
        Operation::ListOrgUsers => const { &[USERNAME, STATUSES, SIZE, PAGE] },
        Operation::ListGroupUsers => {
            const { &[USERNAME, STATUSES, one("flattenTeams", Kind::Flag), one("includeOrgUsers", Kind::Flag), SIZE, PAGE] }
        }
        Operation::ListOrgTeamUsers => const { &[USERNAME, STATUSES, one("userId", Kind::Id), SIZE, PAGE] },
        Operation::GetOrgUser | Operation::GetGroupUser => const { &[STATUSES] },
        Operation::ListOrgInvites | Operation::ListGroupInvites => const { &[USERNAME] },
        Operation::ListOrgEvents => const { &[many("eventType"), FROM, UNTIL, RAW, SIZE, PAGE] },
        Operation::ListGroupEvents => {
            const { &[many("eventType"), many("excludedEventType"), many("clusterNames"), FROM, UNTIL, RAW, SIZE, PAGE] }
        }
        Operation::GetOrgEvent | Operation::GetGroupEvent => const { &[RAW] },
        Operation::ListOrgInvoices => {
            const {
                &[
                    one("viewLinkedInvoices", Kind::Flag),
                    many("statusNames"),
                    one("fromDate", Kind::Date),
                    one("toDate", Kind::Date),
                    one("sortBy", Kind::Text),
                    one("orderBy", Kind::Text),
                    SIZE,
                    PAGE,
                ]
            }
        }
        Operation::GetOrgAssociatedInvoices => {
            const { &[one("month", Kind::Count), one("year", Kind::Count), one("includeLinkedOrgs", Kind::Flag)] }
        }
        // `name` and `endpointPath` may be repeated, says Atlas's prose.
        Operation::ListRateLimits => {
            const {
                &[
                    one("orgId", Kind::Id),
                    one("groupId", Kind::Id),
                    one("userId", Kind::Text),
                    one("ipAddress", Kind::Text),
                    many("name"),
                    many("endpointPath"),
                    SIZE,
                    PAGE,
                ]
            }
        }
        Operation::GetRateLimit => {
            const {
                &[
                    one("orgId", Kind::Id),
                    one("groupId", Kind::Id),
                    one("userId", Kind::Text),
                    one("ipAddress", Kind::Text),
                ]
            }
        }
        _ => &[],
    }
}

impl Kind {
    fn fits(self, value: &str) -> bool {
        match self {
            Self::Flag => matches!(value, "true" | "false"),
            Self::Count => value.parse::<u32>().is_ok_and(|count| count > 0 && count.to_string() == value),
            Self::Id => value.parse::<ApiUserId>().is_ok(),
            Self::Time => value.parse::<Timestamp>().is_ok(),
            Self::Date => value.parse::<Date>().is_ok_and(|date| date.to_string() == value),
            Self::Text => !value.is_empty() && !value.chars().any(char::is_control),
        }
    }
}

/// The pairs of a query of `operation`, decoded; `None` if it is none of its queries.
pub(super) fn pairs_of(operation: Operation, query: &str) -> Option<Query> {
    let known = parameters(operation);
    let mut pairs = Query::new();
    for pair in query.split('&') {
        let (name, value) = pair.split_once('=')?;
        let parameter = known.iter().find(|parameter| parameter.name == name)?;
        let value = percent::decoded(value)?;
        let is_new = pairs.iter().all(|(earlier, _)| *earlier != parameter.name);
        if !parameter.kind.fits(&value) || !(parameter.repeats || is_new) {
            return None;
        }
        pairs.push((parameter.name, value));
    }
    Some(pairs)
}

/// The text of a query, encoded; empty for none.
pub(super) fn text(pairs: &[(&'static str, String)]) -> String {
    let pairs: Vec<String> = pairs.iter().map(|(name, value)| format!("{name}={}", percent::encoded(value))).collect();
    pairs.join("&")
}

/// Pairs for the values that are there.
pub(super) fn given<V: ToString>(name: &'static str, values: impl IntoIterator<Item = V>) -> Query {
    values.into_iter().map(|value| (name, value.to_string())).collect()
}
