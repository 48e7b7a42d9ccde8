//! People and what they were granted.

use std::collections::{BTreeMap, btree_map::Entry};

use domain::{
    ids::PersonId,
    people::{Grant, Grants, Role},
};
use jiff::Timestamp;
use uuid::Uuid;

use super::{Query, Row, Store, StoreError, Tx};

/// A person as stored.
#[derive(Clone)]
pub struct Person {
    /// Their id.
    pub id: PersonId,
    /// The name they sign in with, in lower case.
    pub username: String,
    /// The name shown.
    pub display_name: String,
    /// The hash of their password; `None` until they have chosen one.
    pub password_hash: Option<String>,
    /// Since when they may not sign in.
    pub disabled_at: Option<Timestamp>,
    /// When they were added.
    pub created_at: Timestamp,
    /// When they last signed in.
    pub last_sign_in_at: Option<Timestamp>,
    /// What they may do.
    pub grants: Grants,
}

/// Without the hash, which is nobody's business.
impl std::fmt::Debug for Person {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Person").field("id", &self.id).field("username", &self.username).finish_non_exhaustive()
    }
}

const SELECT: &str = "select p.id, p.username, p.display_name, p.password_hash, p.disabled_at, p.created_at, \
     p.last_sign_in_at, g.role, g.org_id from people p left join grants g on g.person_id = p.id";

impl Store {
    /// Everybody, by user name.
    ///
    /// # Errors
    ///
    /// When the database cannot answer.
    pub async fn people(&self) -> Result<Vec<Person>, StoreError> {
        let query = Query::new(SELECT).push(" order by p.username, g.role, g.org_id");
        let mut people = gather(&self.fetch_all(query).await?)?;
        people.sort_by(|a, b| a.username.cmp(&b.username));
        Ok(people)
    }

    /// One person.
    ///
    /// # Errors
    ///
    /// When the database cannot answer.
    pub async fn person(&self, id: PersonId) -> Result<Option<Person>, StoreError> {
        let query = Query::new(SELECT).push(" where p.id = ").push_bind(id.0);
        Ok(gather(&self.fetch_all(query).await?)?.pop())
    }

    /// The person who signs in with `username`, which is compared in lower case.
    ///
    /// # Errors
    ///
    /// When the database cannot answer.
    pub async fn person_named(&self, username: &str) -> Result<Option<Person>, StoreError> {
        let query = Query::new(SELECT).push(" where p.username = ").push_bind(username.to_lowercase());
        Ok(gather(&self.fetch_all(query).await?)?.pop())
    }

    /// Whether there is somebody who looks after this installation, that is, whether it was set up.
    ///
    /// # Errors
    ///
    /// When the database cannot answer.
    pub async fn has_administrator(&self) -> Result<bool, StoreError> {
        let query = Query::new("select count(*) as n from grants where org_id is null and role = ")
            .push_bind(Role::Administrator.as_str());
        Ok(self.fetch_one(query).await?.get_i64("n")? > 0)
    }

    /// Adds a person without a password.
    ///
    /// # Errors
    ///
    /// A unique violation when the user name is taken.
    pub async fn insert_person(
        tx: &mut Tx,
        id: PersonId,
        username: &str,
        display_name: &str,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        tx.execute(
            Query::new("insert into people (id, username, display_name, created_at) values ($1, $2, $3, $4)")
                .bind(id.0)
                .bind(username.to_lowercase())
                .bind(display_name)
                .bind(now),
        )
        .await
        .map(drop)
    }

    /// Replaces what a person was granted.
    ///
    /// # Errors
    ///
    /// When the database cannot take it.
    pub async fn replace_grants(
        tx: &mut Tx,
        person: PersonId,
        grants: &[Grant],
        by: Option<PersonId>,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        tx.execute(Query::new("delete from grants where person_id = $1").bind(person.0)).await?;
        for grant in grants {
            tx.execute(
                Query::new(
                    "insert into grants (id, person_id, role, org_id, granted_at, granted_by) \
                     values ($1, $2, $3, $4, $5, $6) on conflict do nothing",
                )
                .bind(Uuid::now_v7())
                .bind(person.0)
                .bind(grant.role.as_str())
                .bind(grant.org.as_ref().map(|org| org.as_str().to_owned()))
                .bind(now)
                .bind(by.map(|by| by.0)),
            )
            .await?;
        }
        Ok(())
    }

    /// Sets a person's password by its hash.
    ///
    /// # Errors
    ///
    /// When the database cannot take it.
    pub async fn set_password_hash(
        tx: &mut Tx,
        person: PersonId,
        hash: &str,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        tx.execute(
            Query::new("update people set password_hash = $1, password_changed_at = $2 where id = $3")
                .bind(hash)
                .bind(now)
                .bind(person.0),
        )
        .await
        .map(drop)
    }

    /// Keeps a person from signing in since `since`, or lets them in again.
    ///
    /// # Errors
    ///
    /// When the database cannot take it.
    pub async fn set_disabled(tx: &mut Tx, person: PersonId, since: Option<Timestamp>) -> Result<(), StoreError> {
        tx.execute(Query::new("update people set disabled_at = $1 where id = $2").bind(since).bind(person.0))
            .await
            .map(drop)
    }

    /// Notes that a person signed in.
    ///
    /// # Errors
    ///
    /// When the database cannot take it.
    pub async fn note_sign_in(tx: &mut Tx, person: PersonId, now: Timestamp) -> Result<(), StoreError> {
        tx.execute(Query::new("update people set last_sign_in_at = $1 where id = $2").bind(now).bind(person.0))
            .await
            .map(drop)
    }

    /// The administrators of the installation who can sign in. Their rows stay locked until the transaction ends, so
    /// that two of them cannot remove each other at the same moment.
    ///
    /// # Errors
    ///
    /// When the database cannot answer.
    pub async fn lock_administrators(tx: &mut Tx) -> Result<Vec<PersonId>, StoreError> {
        let query = Query::new(
            "select id from people where disabled_at is null and password_hash is not null and id in \
             (select person_id from grants where org_id is null and role = ",
        )
        .push_bind(Role::Administrator.as_str())
        .push(") order by id")
        .push(tx.dialect().for_update());
        tx.fetch_all(query).await?.iter().map(|row| row.get_uuid("id").map(PersonId)).collect()
    }
}

/// One row a grant becomes one person with all of theirs.
fn gather(rows: &[Row]) -> Result<Vec<Person>, StoreError> {
    let mut people: BTreeMap<PersonId, Person> = BTreeMap::new();
    for row in rows {
        let id = PersonId(row.get_uuid("id")?);
        let person = match people.entry(id) {
            Entry::Occupied(entry) => entry.into_mut(),
            Entry::Vacant(entry) => entry.insert(Person {
                id,
                username: row.get_text("username")?,
                display_name: row.get_text("display_name")?,
                password_hash: row.get_opt_text("password_hash")?,
                disabled_at: row.get_opt_timestamp("disabled_at")?,
                created_at: row.get_timestamp("created_at")?,
                last_sign_in_at: row.get_opt_timestamp("last_sign_in_at")?,
                grants: Grants::default(),
            }),
        };
        if let Some(role) = row.parse_opt("role")? {
            person.grants.0.push(Grant { role, org: row.parse_opt("org_id")? });
        }
    }
    Ok(people.into_values().collect())
}
