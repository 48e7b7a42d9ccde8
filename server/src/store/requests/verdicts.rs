//! Verdicts, and who may still give one.

use domain::{
    approval::{Verdict, VerdictCase, Vote},
    ids::{PersonId, RequestNumber},
    people::{Grant, Grants},
};
use uuid::Uuid;

use super::{Query, Row, Store, StoreError, StoredRequest, Tx};

/// A verdict as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredVerdict {
    /// Who, what, for which plan, when.
    pub vote: Vote,
    /// The person's name.
    pub name: String,
    /// Why, when it was no.
    pub reason: Option<String>,
}

/// What everybody who is not disabled holds now, by name.
#[derive(Debug, Clone, Default)]
pub struct ActiveGrants(Vec<(PersonId, String, Grants)>);

impl ActiveGrants {
    /// What `person` holds; nothing when they are disabled.
    #[must_use]
    pub fn of(&self, person: PersonId) -> Grants {
        self.0.iter().find(|(id, ..)| *id == person).map_or_else(Grants::default, |(.., grants)| grants.clone())
    }

    /// Everybody with name and grants, in the order of their names.
    pub fn iter(&self) -> impl Iterator<Item = (PersonId, &str, &Grants)> {
        self.0.iter().map(|(person, name, grants)| (*person, name.as_str(), grants))
    }
}

impl IntoIterator for ActiveGrants {
    type Item = (PersonId, String, Grants);
    type IntoIter = std::vec::IntoIter<Self::Item>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

/// How the approvals of a request stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tally {
    /// How many count now: for this plan, from different people other than the requester who may still decide.
    pub approvals: u32,
    /// How many are needed.
    pub needed: u32,
}

impl Tally {
    /// The one rule of how many approvals of `request` count and how many it needs, for verdicts and people as they are given.
    #[must_use]
    pub fn of(request: &StoredRequest, votes: &[Vote], people: &ActiveGrants) -> Self {
        let orgs = request.orgs();
        // Who counts does not depend on the state.
        let case = VerdictCase {
            requester: request.requester,
            state: request.state,
            digest: &request.digest,
            orgs: &orgs,
            votes,
        };
        Self { approvals: case.approvals(|person| people.of(person)), needed: request.needed() }
    }

    /// Whether there are enough.
    #[must_use]
    pub fn is_enough(self) -> bool {
        self.approvals >= self.needed
    }
}

const SELECT: &str = "select v.id, v.person_id, p.display_name, v.verdict, v.digest, v.reason, v.at \
     from verdicts v join people p on p.id = v.person_id where v.request_number = $1 order by v.at, v.id";

fn read(row: &Row) -> Result<StoredVerdict, StoreError> {
    let verdict = match row.get_text("verdict")?.as_str() {
        "approve" => Verdict::Approve,
        "deny" => Verdict::Deny,
        _ => return Err(row.corrupt("verdict")),
    };
    Ok(StoredVerdict {
        vote: Vote {
            person: PersonId(row.get_uuid("person_id")?),
            verdict,
            digest: row.get_text("digest")?,
            at: row.get_timestamp("at")?,
        },
        name: row.get_text("display_name")?,
        reason: row.get_opt_text("reason")?,
    })
}

impl Store {
    /// All verdicts on a request, oldest first.
    ///
    /// # Errors
    ///
    /// When the database cannot answer.
    pub async fn verdicts(&self, number: RequestNumber) -> Result<Vec<StoredVerdict>, StoreError> {
        self.fetch_all(Query::new(SELECT).bind(number.0)).await?.iter().map(read).collect()
    }

    /// As [`Store::verdicts`], within a transaction.
    ///
    /// # Errors
    ///
    /// When the database cannot answer.
    pub async fn verdicts_in(tx: &mut Tx, number: RequestNumber) -> Result<Vec<StoredVerdict>, StoreError> {
        tx.fetch_all(Query::new(SELECT).bind(number.0)).await?.iter().map(read).collect()
    }

    /// Keeps a verdict.
    ///
    /// # Errors
    ///
    /// A unique violation when the person has given the same verdict on the same plan already.
    pub async fn insert_verdict(
        tx: &mut Tx,
        number: RequestNumber,
        vote: &Vote,
        reason: Option<&str>,
    ) -> Result<(), StoreError> {
        let insert = Query::new(
            "insert into verdicts (id, request_number, person_id, verdict, digest, reason, at) values ($1, $2, $3, $4, $5, $6, $7)",
        )
        .bind(Uuid::now_v7())
        .bind(number.0)
        .bind(vote.person.0)
        .bind(vote.verdict.as_str())
        .bind(&vote.digest)
        .bind(reason)
        .bind(vote.at);
        tx.execute(insert).await.map(drop)
    }

    /// What everybody who is not disabled may do, by person and name: for counting approvals and naming approvers.
    ///
    /// # Errors
    ///
    /// When the database cannot answer.
    pub async fn active_grants(&self) -> Result<ActiveGrants, StoreError> {
        gather(&self.fetch_all(Query::new(ACTIVE)).await?)
    }

    /// As [`Store::active_grants`], within a transaction.
    ///
    /// # Errors
    ///
    /// When the database cannot answer.
    pub async fn active_grants_in(tx: &mut Tx) -> Result<ActiveGrants, StoreError> {
        gather(&tx.fetch_all(Query::new(ACTIVE)).await?)
    }

    /// How the approvals of `request` stand at this moment of the transaction.
    ///
    /// # Errors
    ///
    /// When the database cannot answer.
    pub async fn tally_in(tx: &mut Tx, request: &StoredRequest) -> Result<Tally, StoreError> {
        let people = Self::active_grants_in(tx).await?;
        let votes: Vec<Vote> =
            Self::verdicts_in(tx, request.number).await?.into_iter().map(|stored| stored.vote).collect();
        Ok(Tally::of(request, &votes, &people))
    }
}

const ACTIVE: &str = "select p.id, p.display_name, g.role, g.org_id from people p join grants g on g.person_id = p.id \
     where p.disabled_at is null order by p.display_name, p.id";

fn gather(rows: &[Row]) -> Result<ActiveGrants, StoreError> {
    let mut people: Vec<(PersonId, String, Grants)> = Vec::new();
    for row in rows {
        let id = PersonId(row.get_uuid("id")?);
        if people.last().is_none_or(|(last, ..)| *last != id) {
            people.push((id, row.get_text("display_name")?, Grants::default()));
        }
        if let Some((.., grants)) = people.last_mut() {
            grants.0.push(Grant { role: row.parse("role")?, org: row.parse_opt("org_id")? });
        }
    }
    Ok(ActiveGrants(people))
}
