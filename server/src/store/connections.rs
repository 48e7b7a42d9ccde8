//! Connected organizations and their sealed credentials.

use std::collections::HashMap;

use app::api::connections::{Explanation, Health};
use domain::ids::{ApiKeyId, OrgId};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Query, Row, Store, StoreError, Tx, inventory::Counts};

/// What the last test of a credential found out.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Tested {
    /// The key's id in Atlas.
    pub key: Option<ApiKeyId>,
    /// Its organization roles.
    pub roles: Vec<String>,
    /// How many entries its own access list has, if Atlas said so.
    pub entries: Option<u32>,
    /// When it was tested.
    pub at: Option<Timestamp>,
    /// What was wrong, if something was.
    pub failure: Option<Explanation>,
}

/// A credential without its secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CredentialRecord {
    /// The public key.
    pub public_key: String,
    /// What the last test said.
    pub tested: Tested,
}

/// What pages need to know of every organization.
#[derive(Debug, Clone, PartialEq)]
pub struct OrgSummary {
    /// The organization.
    pub org: OrgId,
    /// Its name in Atlas.
    pub name: String,
    /// Its label here.
    pub label: String,
    /// Its environment; may be empty.
    pub environment: String,
    /// Whether there is a writer.
    pub has_writer: bool,
    /// When the last refresh began.
    pub tried_at: Option<Timestamp>,
    /// When its keys were last read.
    pub read_at: Option<Timestamp>,
    /// How the last refresh went; `None` before the first.
    pub health: Option<Health>,
    /// What was counted then.
    pub counts: Counts,
}

/// One organization with its connection, without secrets.
#[derive(Debug, Clone, PartialEq)]
pub struct ConnectionRecord {
    /// Name, health and counts.
    pub summary: OrgSummary,
    /// Who looks after it; may be empty.
    pub owner: String,
    /// The base URL.
    pub base_url: String,
    /// The reader.
    pub reader: CredentialRecord,
    /// The writer.
    pub writer: Option<CredentialRecord>,
    /// Counts changes of the credentials.
    pub version: i64,
    /// The address Atlas saw us call from.
    pub address_seen: Option<String>,
    /// Who connected it.
    pub connected_by: String,
    /// When.
    pub connected_at: Timestamp,
}

/// A credential as it is stored.
#[derive(Debug, Clone)]
pub struct SealedCredential {
    /// Where it is used.
    pub base_url: String,
    /// The public key.
    pub public_key: String,
    /// The sealed private key.
    pub sealed: Vec<u8>,
    /// The connection's version.
    pub version: i64,
}

/// A credential to be stored.
#[derive(Debug, Clone)]
pub struct NewCredential {
    /// The public key.
    pub public_key: String,
    /// The sealed private key.
    pub sealed: Vec<u8>,
    /// What its test said.
    pub tested: Tested,
}

/// A connection to be stored.
#[derive(Debug, Clone)]
pub struct NewConnection {
    /// The organization.
    pub org: OrgId,
    /// Its name in Atlas.
    pub name: String,
    /// Its label here.
    pub label: String,
    /// Its environment; may be empty.
    pub environment: String,
    /// Who looks after it; may be empty.
    pub owner: String,
    /// The base URL.
    pub base_url: String,
    /// The reader.
    pub reader: NewCredential,
    /// The writer, if there is one.
    pub writer: Option<NewCredential>,
    /// Who connects it.
    pub connected_by: String,
    /// When.
    pub at: Timestamp,
}

/// One of a connection's two credentials.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Slot {
    /// The one pages and refreshes use.
    Reader,
    /// The one only the executor uses.
    Writer,
}

/// The columns of an [`OrgSummary`]; a macro because a statement takes only fixed text.
macro_rules! summary_columns {
    () => {
        "select org_id, org_name, label, environment, writer_public_key, tried_at, read_at, health, counts"
    };
}

impl Store {
    /// The organizations among `visible` (`None`: all), by label.
    ///
    /// # Errors
    ///
    /// When the database cannot answer.
    pub async fn org_summaries(&self, visible: Option<&[OrgId]>) -> Result<Vec<OrgSummary>, StoreError> {
        let mut query = Query::new(concat!(summary_columns!(), " from connections"));
        if let Some(orgs) = visible {
            if orgs.is_empty() {
                return Ok(Vec::new());
            }
            query = query.push(" where org_id in (").push_list(orgs.iter().map(OrgId::as_str)).push(")");
        }
        let mut found: Vec<OrgSummary> =
            self.fetch_all(query).await?.iter().map(read_summary).collect::<Result<_, _>>()?;
        found.sort_by_cached_key(|org| (org.label.to_lowercase(), org.org.clone()));
        Ok(found)
    }

    /// The writers of the organizations among `visible` (`None`: all) that have one.
    ///
    /// # Errors
    ///
    /// When the database cannot answer.
    pub async fn writers(&self, visible: Option<&[OrgId]>) -> Result<HashMap<OrgId, CredentialRecord>, StoreError> {
        let mut query = Query::new(
            "select org_id, writer_public_key, writer_tested from connections where writer_public_key is not null",
        );
        if let Some(orgs) = visible {
            if orgs.is_empty() {
                return Ok(HashMap::new());
            }
            query = query.push(" and org_id in (").push_list(orgs.iter().map(OrgId::as_str)).push(")");
        }
        let rows = self.fetch_all(query).await?;
        let mut writers = HashMap::new();
        for row in &rows {
            if let Some(writer) = read_writer(row)? {
                writers.insert(row.parse("org_id")?, writer);
            }
        }
        Ok(writers)
    }

    /// One organization with its connection.
    ///
    /// # Errors
    ///
    /// When the database cannot answer.
    pub async fn connection(&self, org: &OrgId) -> Result<Option<ConnectionRecord>, StoreError> {
        let query = Query::new(concat!(
            summary_columns!(),
            ", owner, base_url, reader_public_key, reader_tested, writer_tested, version, address_seen, connected_by, \
             connected_at from connections where org_id = $1"
        ));
        self.fetch_optional(query.bind(org.as_str())).await?.as_ref().map(read_connection).transpose()
    }

    /// The sealed credential in `slot`.
    ///
    /// # Errors
    ///
    /// When the database cannot answer.
    pub async fn sealed_credential(&self, org: &OrgId, slot: Slot) -> Result<Option<SealedCredential>, StoreError> {
        let query = match slot {
            Slot::Reader => Query::new(
                "select base_url, version, reader_public_key as public_key, reader_private_key as sealed \
                 from connections where org_id = $1",
            ),
            Slot::Writer => Query::new(
                "select base_url, version, writer_public_key as public_key, writer_private_key as sealed \
                 from connections where org_id = $1 and writer_private_key is not null",
            ),
        };
        let row = self.fetch_optional(query.bind(org.as_str())).await?;
        row.map(|row| {
            Ok(SealedCredential {
                base_url: row.get_text("base_url")?,
                public_key: row.get_text("public_key")?,
                sealed: row.get_bytes("sealed")?,
                version: row.get_i64("version")?,
            })
        })
        .transpose()
    }

    /// The version of an organization's credentials, if it is connected.
    ///
    /// # Errors
    ///
    /// When the database cannot answer.
    pub async fn connection_version(&self, org: &OrgId) -> Result<Option<i64>, StoreError> {
        let query = Query::new("select version from connections where org_id = $1").bind(org.as_str());
        self.fetch_optional(query).await?.map(|row| row.get_i64("version")).transpose()
    }

    /// Stores a new connection.
    ///
    /// # Errors
    ///
    /// A unique violation when the organization is connected already.
    pub async fn add_connection(tx: &mut Tx, new: NewConnection) -> Result<(), StoreError> {
        let NewConnection { org, name, label, environment, owner, base_url, reader, writer, connected_by, at } = new;
        let (writer_key, writer_sealed, writer_tested) = split(writer);
        let query = Query::new(
            "insert into connections (org_id, org_name, label, environment, owner, base_url, reader_public_key, \
             reader_private_key, reader_tested, writer_public_key, writer_private_key, writer_tested, version, \
             connected_by, connected_at) \
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, 1, $13, $14)",
        )
        .bind(org.as_str())
        .bind(name)
        .bind(label)
        .bind(environment)
        .bind(owner)
        .bind(base_url)
        .bind(reader.public_key)
        .bind(reader.sealed)
        .bind(to_json(&reader.tested))
        .bind(writer_key)
        .bind(writer_sealed)
        .bind(writer_tested)
        .bind(connected_by)
        .bind(at);
        tx.execute(query).await.map(drop)
    }

    /// Puts another credential into `slot`; `None` empties the writer's.
    ///
    /// # Errors
    ///
    /// When the database cannot take it; a constraint violation for emptying the reader's slot.
    pub async fn set_credential(
        tx: &mut Tx,
        org: &OrgId,
        slot: Slot,
        credential: Option<NewCredential>,
    ) -> Result<u64, StoreError> {
        let (public_key, sealed, tested) = split(credential);
        let query = match slot {
            Slot::Reader => Query::new(
                "update connections set reader_public_key = $1, reader_private_key = $2, reader_tested = $3, \
                 address_seen = null, version = version + 1 where org_id = $4",
            ),
            Slot::Writer => Query::new(
                "update connections set writer_public_key = $1, writer_private_key = $2, writer_tested = $3, \
                 version = version + 1 where org_id = $4",
            ),
        };
        tx.execute(query.bind(public_key).bind(sealed).bind(tested).bind(org.as_str())).await
    }

    /// Notes what a test said, unless the credentials were changed meanwhile.
    ///
    /// # Errors
    ///
    /// When the database cannot take it.
    pub async fn note_test(
        tx: &mut Tx,
        org: &OrgId,
        slot: Slot,
        version: i64,
        tested: &Tested,
    ) -> Result<(), StoreError> {
        let query = match slot {
            Slot::Reader => Query::new("update connections set reader_tested = $1 where org_id = $2 and version = $3"),
            Slot::Writer => Query::new("update connections set writer_tested = $1 where org_id = $2 and version = $3"),
        };
        tx.execute(query.bind(to_json(tested)).bind(org.as_str()).bind(version)).await.map(drop)
    }

    /// Changes what people call an organization.
    ///
    /// # Errors
    ///
    /// When the database cannot take it.
    pub async fn describe_connection(
        tx: &mut Tx,
        org: &OrgId,
        label: &str,
        environment: &str,
        owner: &str,
    ) -> Result<(), StoreError> {
        let query = Query::new("update connections set label = $1, environment = $2, owner = $3 where org_id = $4");
        tx.execute(query.bind(label).bind(environment).bind(owner).bind(org.as_str())).await?;
        Self::sort_under_label(tx, org, label).await
    }

    /// Lets the rows of an organization sort under its new label.
    pub(super) async fn sort_under_label(tx: &mut Tx, org: &OrgId, label: &str) -> Result<(), StoreError> {
        let sort = label.to_lowercase();
        for query in [
            Query::new("update api_keys set org_sort = $1 where org_id = $2 and org_sort <> $1"),
            Query::new("update projects set org_sort = $1 where org_id = $2 and org_sort <> $1"),
        ] {
            tx.execute(query.bind(sort.as_str()).bind(org.as_str())).await?;
        }
        Ok(())
    }

    /// Removes a connection with everything read through it, and says whether there was one.
    ///
    /// # Errors
    ///
    /// When the database cannot take it.
    pub async fn remove_connection(tx: &mut Tx, org: &OrgId) -> Result<bool, StoreError> {
        let query = Query::new("delete from connections where org_id = $1").bind(org.as_str());
        Ok(tx.execute(query).await? > 0)
    }
}

type Columns = (Option<String>, Option<Vec<u8>>, Option<String>);

fn split(credential: Option<NewCredential>) -> Columns {
    match credential {
        Some(credential) => (Some(credential.public_key), Some(credential.sealed), Some(to_json(&credential.tested))),
        None => (None, None, None),
    }
}

pub(super) fn to_json<T: Serialize>(value: &T) -> String {
    serde_json::to_string(value).expect("plain data with text as names is always JSON")
}

pub(super) fn opt_json<T: serde::de::DeserializeOwned>(
    row: &Row,
    column: &'static str,
) -> Result<Option<T>, StoreError> {
    row.get_opt_text(column)?.map(|text| serde_json::from_str(&text).map_err(|_| row.corrupt(column))).transpose()
}

fn read_summary(row: &Row) -> Result<OrgSummary, StoreError> {
    Ok(OrgSummary {
        org: row.parse("org_id")?,
        name: row.get_text("org_name")?,
        label: row.get_text("label")?,
        environment: row.get_text("environment")?,
        has_writer: row.get_opt_text("writer_public_key")?.is_some(),
        tried_at: row.get_opt_timestamp("tried_at")?,
        read_at: row.get_opt_timestamp("read_at")?,
        health: opt_json(row, "health")?,
        counts: opt_json(row, "counts")?.unwrap_or_default(),
    })
}

fn read_writer(row: &Row) -> Result<Option<CredentialRecord>, StoreError> {
    let Some(public_key) = row.get_opt_text("writer_public_key")? else { return Ok(None) };
    Ok(Some(CredentialRecord { public_key, tested: opt_json(row, "writer_tested")?.unwrap_or_default() }))
}

fn read_connection(row: &Row) -> Result<ConnectionRecord, StoreError> {
    Ok(ConnectionRecord {
        summary: read_summary(row)?,
        owner: row.get_text("owner")?,
        base_url: row.get_text("base_url")?,
        reader: CredentialRecord {
            public_key: row.get_text("reader_public_key")?,
            tested: row.get_json("reader_tested")?,
        },
        writer: read_writer(row)?,
        version: row.get_i64("version")?,
        address_seen: row.get_opt_text("address_seen")?,
        connected_by: row.get_text("connected_by")?,
        connected_at: row.get_timestamp("connected_at")?,
    })
}
