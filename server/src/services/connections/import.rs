//! Connecting several organizations from one file.
//!
//! The file is checked first: each row is read and its credentials are tested, and the result is kept, sealed, among the refused
//! forms, for as long as those. Adding takes what was kept, all of it or nothing, in one transaction. Rows at fault keep the
//! others back until somebody says to leave them out, and their private keys are not kept.

mod atlas_cli;
mod file;
mod table;

use std::time::Duration;

use app::{
    api::{
        connections::ConnectionForm,
        import::{Finding, ImportRow, ImportView},
    },
    backend::{Answer, Caller},
    error::ApiError,
};
use domain::{ids::OrgId, people::Permission};
use futures_util::{StreamExt as _, stream};
use secrecy::{ExposeSecret as _, SecretString};
use serde::{Deserialize, Serialize};
use tokio::time::{Instant, timeout_at};
use zeroize::Zeroizing;

use self::file::{Content, Row, words};
use super::{
    Connections, Examined,
    form::{Names, Pair},
};
use crate::{
    random,
    services::{attempts::KEPT_FOR, fault::internal},
    store::{Store, Tested},
};

/// How many credentials are tested at the same time: Atlas limits how much is asked of it at once.
const AT_ONCE: usize = 4;

/// How long testing takes at most. A request has half a minute; rows that are left then are told to be tried again.
const PATIENCE: Duration = Duration::from_secs(20);

/// What is kept between checking and adding. It has no `Debug`: there are private keys in it.
#[derive(Serialize, Deserialize)]
struct Kept {
    rows: Vec<ImportRow>,
    good: Vec<KeptConnection>,
}

#[derive(Serialize, Deserialize)]
struct KeptConnection {
    org: OrgId,
    name: String,
    base_url: String,
    reader: KeptCredential,
    writer: Option<KeptCredential>,
    label: String,
    environment: String,
    owner: String,
}

#[derive(Serialize, Deserialize)]
struct KeptCredential {
    public_key: String,
    private_key: String,
    tested: Tested,
}

impl KeptCredential {
    fn of((pair, tested): (Pair, Tested)) -> Self {
        let private_key = pair.private_key.expose_secret().to_owned();
        Self { public_key: pair.public_key, private_key, tested }
    }

    fn into_pair(self) -> (Pair, Tested) {
        let private_key = SecretString::from(self.private_key);
        (Pair { public_key: self.public_key, private_key }, self.tested)
    }
}

impl From<Examined> for KeptConnection {
    fn from(examined: Examined) -> Self {
        let Examined { org, name, base_url, reader, writer, names: Names { label, environment, owner } } = examined;
        let (reader, writer) = (KeptCredential::of(reader), writer.map(KeptCredential::of));
        Self { org, name, base_url, reader, writer, label, environment, owner }
    }
}

impl From<KeptConnection> for Examined {
    fn from(kept: KeptConnection) -> Self {
        let KeptConnection { org, name, base_url, reader, writer, label, environment, owner } = kept;
        let (reader, writer) = (reader.into_pair(), writer.map(KeptCredential::into_pair));
        Self { org, name, base_url, reader, writer, names: Names { label, environment, owner } }
    }
}

/// A row after its test.
enum Tried {
    Good(Box<Examined>),
    Other(Finding),
}

impl Connections {
    /// See [`app::backend::ConnectionService::check_import`].
    pub(super) async fn check_rows(&self, caller: &Caller, text: &str) -> Answer<String> {
        caller.require(Permission::AddConnections)?;
        caller.require_confirmed(self.clock.now())?;
        let rows = file::read(text)?;
        let deadline = Instant::now() + PATIENCE;
        let mut about = Vec::with_capacity(rows.len());
        let mut trials = Vec::with_capacity(rows.len());
        for Row { line, profile, public_key, content } in rows {
            about.push((line, profile, public_key));
            trials.push(Box::pin(self.tried(content, deadline)));
        }
        let tried: Vec<Tried> = stream::iter(trials).buffered(AT_ONCE).collect().await;

        let mut kept = Kept { rows: Vec::new(), good: Vec::new() };
        let mut lines: Vec<(OrgId, u32)> = Vec::new();
        for ((line, profile, public_key), tried) in about.into_iter().zip(tried) {
            let finding = match tried {
                Tried::Other(finding) => finding,
                Tried::Good(examined) => match lines.iter().find(|(org, _)| *org == examined.org) {
                    Some((_, first)) => bad(format!(
                        "This key belongs to “{}”, as the one in line {first} does. An organization is connected once: \
                         keep one of the two.",
                        examined.name
                    )),
                    None => {
                        lines.push((examined.org.clone(), line));
                        let finding = good(&examined);
                        kept.good.push(KeptConnection::from(*examined));
                        finding
                    }
                },
            };
            kept.rows.push(ImportRow { line, profile, public_key, finding });
        }

        let content = Zeroizing::new(serde_json::to_vec(&kept).map_err(|error| internal(&error))?);
        let token = random::token();
        let hash = hash_of(token.expose_secret());
        let sealed = self.vault.seal_import(&hex::encode(hash), &content);
        self.store.insert_attempt(hash, Some(caller.person), sealed, self.clock.now()).await?;
        Ok(token.expose_secret().to_owned())
    }

    /// See [`app::backend::ConnectionService::import`].
    pub(super) async fn checked_rows(&self, caller: &Caller, id: &str) -> Answer<ImportView> {
        caller.require(Permission::AddConnections)?;
        let checked = self.kept(caller, id).await?.map(|kept| kept.rows);
        let needs_password = !caller.is_confirmed(self.clock.now());
        Ok(ImportView { base_urls: self.base_urls.clone(), needs_password, checked })
    }

    /// See [`app::backend::ConnectionService::add_import`].
    pub(super) async fn add_rows(&self, caller: &Caller, id: &str, only_good: bool) -> Answer<u32> {
        caller.require(Permission::AddConnections)?;
        caller.require_confirmed(self.clock.now())?;
        let Some(kept) = self.kept(caller, id).await? else {
            return Err(ApiError::refused(
                "What was checked is no longer kept, or it was added already.",
                "Look at the list of organizations; if some are missing, check the file again.",
            ));
        };
        let faults = kept.rows.iter().filter(|row| matches!(row.finding, Finding::Bad { .. })).count();
        if kept.good.is_empty() {
            return Err(ApiError::refused("There is nothing to add.", "Correct the file, then check it again."));
        }
        if faults > 0 && !only_good {
            return Err(ApiError::refused(
                "Nothing was added, because some rows cannot be.",
                "Correct the file and check it again, or say that only the good rows are to be added.",
            ));
        }
        let mut orgs = Vec::with_capacity(kept.good.len());
        let mut tx = self.store.begin().await?;
        if !Store::take_attempt(&mut tx, hash_of(id)).await? {
            return Err(ApiError::Conflict);
        }
        for connection in kept.good {
            let examined = Examined::from(connection);
            let entry = self.entry_of(caller, &examined);
            let (org, name) = (examined.org.clone(), examined.name.clone());
            match Store::add_connection(&mut tx, self.new_connection(caller, examined)).await {
                Err(error) if error.is_unique_violation() => {
                    return Err(ApiError::refused(
                        format!("“{name}” was connected by somebody else meanwhile. Nothing was added."),
                        "Check the file again.",
                    ));
                }
                done => done?,
            }
            Store::append_log(&mut tx, &entry).await?;
            orgs.push(org);
        }
        tx.commit().await?;
        for org in &orgs {
            self.refresher.begin(org);
        }
        Ok(u32::try_from(orgs.len()).unwrap_or(u32::MAX))
    }

    /// What the check found that `id` refers to, if it is `caller`'s and not too old.
    async fn kept(&self, caller: &Caller, id: &str) -> Answer<Option<Kept>> {
        if id.is_empty() {
            return Ok(None);
        }
        let hash = hash_of(id);
        let since = self.clock.now() - KEPT_FOR;
        let Some(sealed) = self.store.attempt(hash, Some(caller.person), since).await? else { return Ok(None) };
        let content = self.vault.open_import(&hex::encode(hash), &sealed).map_err(|error| internal(&error))?;
        serde_json::from_slice(&content).map(Some).map_err(|error| internal(&error))
    }

    /// Tests what a row holds.
    async fn tried(&self, content: Content, deadline: Instant) -> Tried {
        let (form, expected) = match content {
            Content::Bad(problems) => return Tried::Other(Finding::Bad { problems }),
            Content::Skipped(why) => return Tried::Other(Finding::Skipped { why }),
            Content::Form { form, org } => (form, org),
        };
        let Ok(examined) = timeout_at(deadline, self.examined_row(*form)).await else {
            return Tried::Other(bad(
                "There was not enough time to test this one. Check the file again, or check fewer rows at once.".into(),
            ));
        };
        match examined {
            Err(error) => Tried::Other(Finding::Bad { problems: words(&error) }),
            Ok(examined) => match expected.filter(|expected| *expected != examined.org) {
                Some(expected) => Tried::Other(bad(format!(
                    "The profile names the organization {expected}, but its key belongs to “{}” ({}). Correct org_id or \
                     use a key of that organization.",
                    examined.name, examined.org
                ))),
                None => Tried::Good(Box::new(examined)),
            },
        }
    }

    async fn examined_row(&self, mut form: ConnectionForm) -> Answer<Examined> {
        // The CLI's word for "Atlas for everybody"; where only another one is allowed, that one is meant.
        if form.base_url == atlas_cli::USUAL_ATLAS && self.allowed_base(&form.base_url).is_err() {
            form.base_url.clear();
        }
        self.examined(&form).await
    }
}

fn good(examined: &Examined) -> Finding {
    let Examined { org, name, reader, writer, names, .. } = examined;
    Finding::Good {
        org: org.clone(),
        name: name.clone(),
        label: if names.label.is_empty() { name.clone() } else { names.label.clone() },
        roles: reader.1.roles.clone(),
        writer_roles: writer.as_ref().map(|(_, tested)| tested.roles.clone()),
    }
}

fn bad(problem: String) -> Finding {
    Finding::Bad { problems: vec![problem] }
}

/// The place of an import among the refused forms. The words in front keep the two apart: the reference to one finds nothing as
/// the other, whose content a browser may see.
fn hash_of(id: &str) -> [u8; 32] {
    random::token_hash(&SecretString::from(format!("import {id}")))
}
