//! Lists of requests: views, counts, and what a person may see.

use std::collections::HashMap;

use domain::{
    ids::{ApiKeyId, OrgId, PersonId, RequestNumber},
    request::RequestState,
};
use jiff::Timestamp;

use super::{Query, Row, Store, StoreError, StoredRisk, number};

/// A view of the requests.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RequestView {
    /// Pending, and `decidable` says the person may decide.
    NeedsMe,
    /// Asked for by the person.
    Mine,
    /// Not ended.
    Open,
    /// Ended.
    Done,
}

/// Which requests to list, for whom.
#[derive(Debug, Clone)]
pub struct RequestFilter {
    /// The view.
    pub view: RequestView,
    /// For whom.
    pub person: PersonId,
    /// The organizations the person may see; `None` for all. A request is seen by who sees all its organizations.
    pub visible: Option<Vec<OrgId>>,
    /// The organizations the person may decide about; `None` for all.
    pub decidable: Option<Vec<OrgId>>,
    /// The time, for expiry.
    pub now: Timestamp,
}

/// A request as a list shows it.
#[derive(Debug, Clone, PartialEq)]
pub struct RequestLine {
    /// Its number.
    pub number: RequestNumber,
    /// Who asked.
    pub requester: PersonId,
    /// The name of who asked.
    pub requester_name: String,
    /// The change as a sentence.
    pub sentence: String,
    /// What to look at twice.
    pub risks: Vec<StoredRisk>,
    /// Why.
    pub reason: String,
    /// Where it stands, as written.
    pub state: RequestState,
    /// How many different people approved this plan.
    pub approvals: u32,
    /// How many are needed.
    pub needed: u32,
    /// When it was submitted.
    pub submitted_at: Timestamp,
    /// When it expires.
    pub expires_at: Timestamp,
}

const OPEN: [&str; 4] = [
    RequestState::Pending.as_str(),
    RequestState::Approved.as_str(),
    RequestState::Executing.as_str(),
    RequestState::Unknown.as_str(),
];
/// The states in which time can run out.
const PERISHABLE: [&str; 2] = [RequestState::Pending.as_str(), RequestState::Approved.as_str()];

fn read(row: &Row) -> Result<RequestLine, StoreError> {
    let small = |column: &'static str| u32::try_from(row.get_i64(column)?).map_err(|_| row.corrupt(column));
    Ok(RequestLine {
        number: number(row, "number")?,
        requester: PersonId(row.get_uuid("requester_id")?),
        requester_name: row.get_text("requester_name")?,
        sentence: row.get_text("sentence")?,
        risks: row.get_json("risks")?,
        reason: row.get_text("reason")?,
        state: row.parse("state")?,
        approvals: small("approvals")?,
        needed: small("approvals_needed")?,
        submitted_at: row.get_timestamp("submitted_at")?,
        expires_at: row.get_timestamp("expires_at")?,
    })
}

/// Appends the condition that all organizations of a request are among `orgs`.
fn within(query: Query, orgs: Option<&[OrgId]>) -> Query {
    match orgs {
        None => query,
        Some([]) => query.push(" and 1 = 0"),
        Some(orgs) => query
            .push(
                " and not exists (select 1 from request_orgs o where o.request_number = r.number and o.org_id not in (",
            )
            .push_list(orgs.iter().map(OrgId::as_str))
            .push("))"),
    }
}

fn filtered(query: Query, filter: &RequestFilter) -> Query {
    let query = match filter.view {
        RequestView::NeedsMe => {
            let query = query
                .push(" where r.state = ")
                .push_bind(RequestState::Pending.as_str())
                .push(" and r.expires_at > ")
                .push_bind(filter.now)
                .push(" and r.requester_id <> ")
                .push_bind(filter.person.0)
                .push(" and not exists (select 1 from verdicts v where v.request_number = r.number and v.digest = r.digest and v.person_id = ")
                .push_bind(filter.person.0)
                .push(")");
            within(query, filter.decidable.as_deref())
        }
        RequestView::Mine => query.push(" where r.requester_id = ").push_bind(filter.person.0),
        RequestView::Open => query
            .push(" where r.state in (")
            .push_list(OPEN)
            .push(") and (r.expires_at > ")
            .push_bind(filter.now)
            .push(" or r.state not in (")
            .push_list(PERISHABLE)
            .push("))"),
        RequestView::Done => query
            .push(" where (r.state not in (")
            .push_list(OPEN)
            .push(") or (r.expires_at <= ")
            .push_bind(filter.now)
            .push(" and r.state in (")
            .push_list(PERISHABLE)
            .push(")))"),
    };
    // One's own request stays visible when a role was taken away meanwhile.
    if filter.view == RequestView::Mine { query } else { within(query, filter.visible.as_deref()) }
}

impl Store {
    /// How many requests `filter` selects.
    ///
    /// # Errors
    ///
    /// When the database cannot answer.
    pub async fn count_requests(&self, filter: &RequestFilter) -> Result<u32, StoreError> {
        let query = filtered(Query::new("select count(*) as n from requests r"), filter);
        let row = self.fetch_one(query).await?;
        u32::try_from(row.get_i64("n")?).map_err(|_| row.corrupt("n"))
    }

    /// A page of the requests that `filter` selects: open ones by due time, ended ones by their end.
    ///
    /// # Errors
    ///
    /// When the database cannot answer.
    pub async fn list_requests(
        &self,
        filter: &RequestFilter,
        limit: u32,
        offset: u32,
    ) -> Result<Vec<RequestLine>, StoreError> {
        let query = Query::new(
            "select r.number, r.requester_id, p.display_name as requester_name, r.sentence, r.risks, r.reason, r.state, \
             r.approvals_needed, r.submitted_at, r.expires_at, \
             (select count(distinct v.person_id) from verdicts v where v.request_number = r.number and v.digest = r.digest \
             and v.verdict = 'approve') as approvals \
             from requests r join people p on p.id = r.requester_id",
        );
        let order = match filter.view {
            RequestView::NeedsMe | RequestView::Open => " order by r.expires_at, r.number limit ",
            RequestView::Mine | RequestView::Done => " order by r.number desc limit ",
        };
        let query = filtered(query, filter).push(order).push_bind(limit).push(" offset ").push_bind(offset);
        self.fetch_all(query).await?.iter().map(read).collect()
    }

    /// The open requests that touch `org`.
    ///
    /// # Errors
    ///
    /// When the database cannot answer.
    pub async fn open_requests_of(&self, org: &OrgId, now: Timestamp) -> Result<Vec<RequestNumber>, StoreError> {
        let query = Query::new(
            "select r.number from requests r join request_orgs o on o.request_number = r.number where o.org_id = ",
        )
        .push_bind(org.as_str())
        .push(" and r.state in (")
        .push_list(OPEN)
        .push(") and (r.expires_at > ")
        .push_bind(now)
        .push(" or r.state not in (")
        .push_list(PERISHABLE)
        .push(")) order by r.number limit 50");
        self.fetch_all(query).await?.iter().map(|row| number(row, "number")).collect()
    }

    /// The open requests whose plan changes a key that is there already.
    ///
    /// # Errors
    ///
    /// When the database cannot answer.
    pub async fn open_requests_about(
        &self,
        org: &OrgId,
        key: &ApiKeyId,
        now: Timestamp,
    ) -> Result<Vec<RequestNumber>, StoreError> {
        // Plans are canonical JSON, in which no text can hold a bare quotation mark: this finds the id of a target's key only.
        let query = Query::new(
            "select r.number from requests r join request_orgs o on o.request_number = r.number where o.org_id = ",
        )
        .push_bind(org.as_str())
        .push(" and r.plan like ")
        .push_bind(format!("%\"id\":\"{key}\"%"))
        .push(" and r.state in (")
        .push_list(OPEN)
        .push(") and (r.expires_at > ")
        .push_bind(now)
        .push(" or r.state not in (")
        .push_list(PERISHABLE)
        .push(")) order by r.number limit 50");
        self.fetch_all(query).await?.iter().map(|row| number(row, "number")).collect()
    }

    /// How many requests are open for each organization that has any.
    ///
    /// # Errors
    ///
    /// When the database cannot answer.
    pub async fn open_request_counts(&self, now: Timestamp) -> Result<HashMap<OrgId, u32>, StoreError> {
        let query = Query::new(
            "select o.org_id, count(*) as n from requests r join request_orgs o on o.request_number = r.number \
             where r.state in (",
        )
        .push_list(OPEN)
        .push(") and (r.expires_at > ")
        .push_bind(now)
        .push(" or r.state not in (")
        .push_list(PERISHABLE)
        .push(")) group by o.org_id");
        self.fetch_all(query).await?.iter().map(|row| Ok((row.parse("org_id")?, row.get_u32("n")?))).collect()
    }
}
