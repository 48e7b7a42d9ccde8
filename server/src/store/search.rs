//! Finding things by a piece of their text, or by an address they allow.
//!
//! Keys are found in a narrow index over their texts, and access lists by the first addresses that a range around the wanted one can
//! have: neither reads rows that it does not show.

use domain::{
    ids::{ApiKeyId, OrgId, PersonId, ProjectId, RequestNumber},
    request::RequestState,
};
use jiff::Timestamp;

use super::{Dialect, Query, Row, Store, StoreError};

/// A key that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoundKey {
    /// Its organization.
    pub org: OrgId,
    /// Its id.
    pub key: ApiKeyId,
    /// Its public key.
    pub public_key: String,
    /// Its description.
    pub description: String,
}

/// A project that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoundProject {
    /// Its organization.
    pub org: OrgId,
    /// Its id.
    pub project: ProjectId,
    /// Its name.
    pub name: String,
}

/// A key whose access list allows what was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AllowingKey {
    /// The key.
    pub found: FoundKey,
    /// The entry that allows it, as it is shown.
    pub block: String,
    /// When that entry was last used.
    pub last_used: Option<Timestamp>,
}

/// A change request that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoundRequest {
    /// Its number.
    pub number: RequestNumber,
    /// The change as a sentence.
    pub sentence: String,
    /// Where it stands, as written.
    pub state: RequestState,
    /// When it expires.
    pub expires_at: Timestamp,
}

impl Store {
    /// Keys of `visible` organizations (`None`: all) with the lower-case `text` in description, public key or id: at most `limit`,
    /// those whose description begins with it among them.
    ///
    /// # Errors
    ///
    /// When the database cannot answer.
    pub async fn find_keys(
        &self,
        visible: Option<&[OrgId]>,
        text: &str,
        limit: u32,
    ) -> Result<Vec<FoundKey>, StoreError> {
        if text.is_empty() || visible.is_some_and(<[OrgId]>::is_empty) {
            return Ok(Vec::new());
        }
        let mut ids: Vec<(String, String)> = Vec::new();
        let mut query = Query::new("select k.org_id, k.key_id from api_keys k where k.description_sort >= ")
            .push_bind(text)
            .push(" and k.description_sort < ")
            .push_bind(after(text));
        query = of_visible(query, visible, " and k.org_id in (");
        query = query.push(" order by k.description_sort, k.key_id limit ").push_bind(limit);
        take_ids(&mut ids, &self.fetch_all(query).await?)?;
        if ids.len() < usize::try_from(limit).unwrap_or(usize::MAX) {
            // Answered from the index over these three columns alone.
            let query = Query::new("select k.org_id, k.key_id from api_keys k where ");
            let query = query.push(match self.dialect() {
                Dialect::Sqlite => "instr(k.search, ",
                Dialect::Postgres => "strpos(k.search, ",
            });
            let query = of_visible(query.push_bind(text).push(") > 0"), visible, " and k.org_id in (");
            take_ids(&mut ids, &self.fetch_all(query.push(" limit ").push_bind(limit)).await?)?;
        }
        ids.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
        self.keys_at(&ids).await
    }

    /// Keys of `visible` organizations (`None`: all) whose access list has a range that begins at one of `firsts` and reaches at
    /// least to `last`: at most `limit`, in no order, so that a range that thousands of keys have costs no more than a rare one.
    ///
    /// Every range is a prefix, so those around an address can only begin at as many places as there are prefixes.
    ///
    /// # Errors
    ///
    /// When the database cannot answer.
    pub async fn find_allowing(
        &self,
        visible: Option<&[OrgId]>,
        firsts: &[String],
        last: &str,
        limit: u32,
    ) -> Result<Vec<AllowingKey>, StoreError> {
        if firsts.is_empty() || visible.is_some_and(<[OrgId]>::is_empty) {
            return Ok(Vec::new());
        }
        let query = Query::new(
            "select e.org_id, e.key_id, e.block, e.last_used_at, k.public_key, k.description \
             from access_entries e join api_keys k on k.org_id = e.org_id and k.key_id = e.key_id \
             where e.first_address in (",
        );
        let query = query.push_list(firsts.iter()).push(") and e.last_address >= ").push_bind(last);
        let query = of_visible(query, visible, " and e.org_id in (");
        let rows = self.fetch_all(query.push(" limit ").push_bind(limit)).await?;
        let mut found: Vec<AllowingKey> = Vec::new();
        for row in &rows {
            let key = read_key(row)?;
            if !found.iter().any(|other| other.found == key) {
                let (block, last_used) = (row.get_text("block")?, row.get_opt_timestamp("last_used_at")?);
                found.push(AllowingKey { found: key, block, last_used });
            }
        }
        Ok(found)
    }

    /// Projects of `visible` organizations (`None`: all) with the lower-case `text` in their name, or with it as id.
    ///
    /// # Errors
    ///
    /// When the database cannot answer.
    pub async fn find_projects(
        &self,
        visible: Option<&[OrgId]>,
        text: &str,
        limit: u32,
    ) -> Result<Vec<FoundProject>, StoreError> {
        if text.is_empty() || visible.is_some_and(<[OrgId]>::is_empty) {
            return Ok(Vec::new());
        }
        let query = Query::new("select p.org_id, p.project_id, p.name from projects p where (");
        let query = query.push(match self.dialect() {
            Dialect::Sqlite => "instr(p.name_sort, ",
            Dialect::Postgres => "strpos(p.name_sort, ",
        });
        let query = query.push_bind(text).push(") > 0 or p.project_id = ").push_bind(text).push(")");
        let query = of_visible(query, visible, " and p.org_id in (");
        let query = query.push(" order by p.name_sort, p.project_id limit ").push_bind(limit);
        self.fetch_all(query).await?.iter().map(read_project).collect()
    }

    /// The request with this number, if `person` asked for it or all its organizations are `visible` (`None`: all are).
    ///
    /// # Errors
    ///
    /// When the database cannot answer.
    pub async fn find_request(
        &self,
        visible: Option<&[OrgId]>,
        person: PersonId,
        number: RequestNumber,
    ) -> Result<Option<FoundRequest>, StoreError> {
        let query = Query::new("select r.number, r.sentence, r.state, r.expires_at from requests r where r.number = ");
        let mut query = query.push_bind(number.0).push(" and (r.requester_id = ").push_bind(person.0);
        query = match visible {
            None => query.push(" or 1 = 1)"),
            Some([]) => query.push(")"),
            Some(orgs) => query
                .push(" or not exists (select 1 from request_orgs o where o.request_number = r.number and o.org_id not in (")
                .push_list(orgs.iter().map(OrgId::as_str))
                .push(")))"),
        };
        let Some(row) = self.fetch_optional(query).await? else { return Ok(None) };
        Ok(Some(FoundRequest {
            number: RequestNumber(row.get_u32("number")?),
            sentence: row.get_text("sentence")?,
            state: row.parse("state")?,
            expires_at: row.get_timestamp("expires_at")?,
        }))
    }

    /// The keys at these places, in this order; what is gone meanwhile is left out.
    async fn keys_at(&self, ids: &[(String, String)]) -> Result<Vec<FoundKey>, StoreError> {
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let mut query = Query::new(
            "select k.org_id, k.key_id, k.public_key, k.description from api_keys k where (k.org_id, k.key_id) in (values ",
        );
        for (index, (org, key)) in ids.iter().enumerate() {
            query = query.push(if index == 0 { "(" } else { ", (" });
            query = query.push_bind(org).push(", ").push_bind(key).push(")");
        }
        let rows = self.fetch_all(query.push(")")).await?;
        let mut found = rows.iter().map(read_key).collect::<Result<Vec<_>, _>>()?;
        found.sort_by_key(|found| {
            ids.iter().position(|(org, key)| org == found.org.as_str() && key == found.key.as_str())
        });
        Ok(found)
    }
}

fn of_visible(query: Query, visible: Option<&[OrgId]>, condition: &'static str) -> Query {
    match visible {
        None => query,
        Some(orgs) => query.push(condition).push_list(orgs.iter().map(OrgId::as_str)).push(")"),
    }
}

/// A text behind all that begin with `text`, as far as that can be said in characters.
fn after(text: &str) -> String {
    format!("{text}{}", char::MAX)
}

fn take_ids(ids: &mut Vec<(String, String)>, rows: &[Row]) -> Result<(), StoreError> {
    for row in rows {
        let id = (row.get_text("org_id")?, row.get_text("key_id")?);
        if !ids.contains(&id) {
            ids.push(id);
        }
    }
    Ok(())
}

fn read_key(row: &Row) -> Result<FoundKey, StoreError> {
    Ok(FoundKey {
        org: row.parse("org_id")?,
        key: row.parse("key_id")?,
        public_key: row.get_text("public_key")?,
        description: row.get_text("description")?,
    })
}

fn read_project(row: &Row) -> Result<FoundProject, StoreError> {
    Ok(FoundProject { org: row.parse("org_id")?, project: row.parse("project_id")?, name: row.get_text("name")? })
}
