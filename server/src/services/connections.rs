//! Organizations and their connections: adding, testing, replacing and removing credentials, and their health.
//!
//! A connection has a *reader*, which pages and refreshes use, and maybe a *writer*, which only the executor opens
//! ([`WriterAccess`]). Both are sealed at rest and never leave the server. Everything that changes a connection is logged in the
//! transaction that changes it.

mod check;
mod form;
mod import;
mod vault;
mod view;
mod words;
mod writer;

use std::sync::Arc;

use app::{
    api::{
        connections::{ConnectionChoices, ConnectionForm, ConnectionView, OrganizationRow},
        import::ImportView,
    },
    backend::{Answer, Caller, ConnectionService},
    error::ApiError,
};
use async_trait::async_trait;
use atlas::BaseUrl;
use domain::{create_key::KnownProject, ids::OrgId, people::Permission};
use jiff::Timestamp;

pub(crate) use self::words::{OWNER, explanation, word};
use self::{
    check::{CheckError, Checked},
    form::{Names, Pair, Purpose},
};
pub use self::{
    vault::{NoClient, Vault},
    writer::WriterAccess,
};
use super::{
    atlas_access::{ApprovedPlan, AtlasAccess},
    inventory::Refresher,
};
use crate::{
    clock::Clock,
    log::{Action, Actor, Entry, Outcome},
    store::{ConnectionRecord, NewConnection, NewCredential, ProjectFilter, Slot, Store, StoreError, Tested, Tx},
};

/// Implements [`ConnectionService`], and [`AtlasAccess`] for the services that talk to Atlas.
pub struct Connections {
    store: Store,
    vault: Arc<Vault>,
    writers: WriterAccess,
    refresher: Arc<Refresher>,
    clock: Arc<dyn Clock>,
    base_urls: Vec<String>,
}

impl std::fmt::Debug for Connections {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Connections").field("base_urls", &self.base_urls).finish_non_exhaustive()
    }
}

impl Connections {
    /// The service. `base_urls` are those that a connection may have, the first one being offered first.
    #[must_use]
    pub fn new(
        store: Store,
        vault: Arc<Vault>,
        refresher: Arc<Refresher>,
        clock: Arc<dyn Clock>,
        base_urls: Vec<String>,
    ) -> Self {
        let writers = WriterAccess::new(Arc::clone(&vault));
        Self { store, vault, writers, refresher, clock, base_urls }
    }

    /// Opens writers; for the executor, and for tests that count how often it did.
    #[must_use]
    pub fn writers(&self) -> &WriterAccess {
        &self.writers
    }

    fn entry(&self, caller: &Caller, action: Action, org: &OrgId) -> Entry {
        let actor = Actor::Person { id: caller.person, username: caller.username.clone() };
        Entry::new(self.clock.now(), actor, action).org(org).address(Some(&caller.address))
    }

    /// The connection, for those who may see it. A foreign organization and a missing one answer alike.
    async fn seen(&self, caller: &Caller, org: &OrgId) -> Answer<ConnectionRecord> {
        if !caller.grants.allow(Permission::View(org)) {
            return Err(ApiError::NotFound);
        }
        self.store.connection(org).await?.ok_or(ApiError::NotFound)
    }

    /// The connection, for those who may change it.
    async fn managed(&self, caller: &Caller, org: &OrgId) -> Answer<ConnectionRecord> {
        let record = self.seen(caller, org).await?;
        caller.require(Permission::ManageConnection(org))?;
        Ok(record)
    }

    /// The base URL if it is one of those allowed: Meridian calls no other machine.
    fn allowed_base(&self, text: &str) -> Answer<BaseUrl> {
        let typed = match (text.trim(), self.base_urls.first()) {
            ("", Some(first)) => first.as_str(),
            (typed, _) => typed,
        };
        let base: BaseUrl =
            typed.parse().map_err(|error: atlas::InvalidBaseUrl| ApiError::field("base_url", sentence(&error)))?;
        let is_allowed =
            self.base_urls.iter().filter_map(|url| url.parse::<BaseUrl>().ok()).any(|allowed| allowed == base);
        if is_allowed {
            return Ok(base);
        }
        let message = format!(
            "{base} is not one of the base URLs allowed here ({}). Whoever runs Meridian can add it to \
             MERIDIAN_ATLAS_BASE_URLS.",
            self.base_urls.join(", ")
        );
        Err(ApiError::field("base_url", message))
    }

    async fn checked(&self, base: &BaseUrl, slot: Slot, pair: &Pair) -> Answer<Checked> {
        let client = check::client(self.vault.transport(), base.clone(), &pair.public_key, pair.private_key.clone());
        check::check(&client, self.clock.now()).await.map_err(|error| {
            if let CheckError::Atlas(error, _) = &error {
                tracing::info!(error = %error, "a credential did not pass its test");
            }
            error.complaint(slot)
        })
    }

    /// Reads the form, tests its credentials and finds their organization, which must not be connected yet. Changes nothing.
    async fn examined(&self, form: &ConnectionForm) -> Answer<Examined> {
        let base = self.allowed_base(&form.base_url)?;
        let form::Read { reader, writer, names } = form::read(form, Purpose::Connect)?;
        let Some(reader) = reader else {
            return Err(ApiError::field("reader_public", "Paste the public key of the reader."));
        };
        let found = self.checked(&base, Slot::Reader, &reader).await?;
        let org = found.org.clone();
        if let Some(known) = self.store.connection(&org).await? {
            return Err(duplicate(&found.name, &known.summary.label));
        }
        let writer = match writer {
            None => None,
            Some(pair) => {
                let checked = self.checked(&base, Slot::Writer, &pair).await?;
                if checked.org != org {
                    return Err(other_organization(&checked, &found.name));
                }
                Some((pair, checked.tested))
            }
        };
        let base_url = base.as_str().to_owned();
        Ok(Examined { org, name: found.name, base_url, reader: (reader, found.tested), writer, names })
    }

    /// What the log says when an organization is connected.
    fn entry_of(&self, caller: &Caller, new: &Examined) -> Entry {
        let (reader, tested) = &new.reader;
        let entry = self
            .entry(caller, Action::ConnectionAdded, &new.org)
            .detail("name", new.name.as_str())
            .detail("base_url", new.base_url.as_str())
            .detail("reader", reader.public_key.as_str())
            .detail("reader_roles", tested.roles.clone());
        match &new.writer {
            Some((writer, tested)) => {
                entry.detail("writer", writer.public_key.as_str()).detail("writer_roles", tested.roles.clone())
            }
            None => entry,
        }
    }

    /// The connection to store, its credentials sealed.
    fn new_connection(&self, caller: &Caller, examined: Examined) -> NewConnection {
        let Examined { org, name, base_url, reader, writer, names } = examined;
        let label = if names.label.is_empty() { name.clone() } else { names.label };
        NewConnection {
            name,
            label,
            environment: names.environment,
            owner: names.owner,
            base_url,
            reader: self.sealed(&org, Slot::Reader, reader.0, reader.1),
            writer: writer.map(|(pair, tested)| self.sealed(&org, Slot::Writer, pair, tested)),
            connected_by: caller.display_name.clone(),
            at: self.clock.now(),
            org,
        }
    }

    fn sealed(&self, org: &OrgId, slot: Slot, pair: Pair, tested: Tested) -> NewCredential {
        let sealed = self.vault.seal(org, slot, &pair.private_key);
        NewCredential { public_key: pair.public_key, sealed, tested }
    }

    /// Tests the stored credential in `slot` and says what came out; `None` when there is none.
    async fn retest(&self, record: &ConnectionRecord, slot: Slot) -> Answer<Option<(Tested, i64)>> {
        let org = &record.summary.org;
        let stored = match slot {
            Slot::Reader => Some(&record.reader),
            Slot::Writer => record.writer.as_ref(),
        };
        let Some(stored) = stored else { return Ok(None) };
        let (client, version) = match self.vault.open_slot(org, slot).await {
            Ok((client, version)) => (client.with_retries(atlas::RetryPolicy::NONE), version),
            Err(NoClient::Absent) => return Ok(None),
            Err(error) => return Err(error.into()),
        };
        let now = self.clock.now();
        let failed = |failure| Tested { at: Some(now), failure: Some(failure), ..stored.tested.clone() };
        let tested = match check::check(&client, now).await {
            Ok(checked) if checked.org == *org => checked.tested,
            Ok(checked) => failed(app::api::connections::Explanation {
                problem: format!("The key now belongs to another organization, “{}”.", checked.name),
                next: "Replace it by a key of this organization.".into(),
            }),
            Err(error) => failed(error.explanation()),
        };
        Ok(Some((tested, version)))
    }
}

/// An organization that can be connected: its credentials passed their tests.
struct Examined {
    org: OrgId,
    name: String,
    base_url: String,
    reader: (Pair, Tested),
    writer: Option<(Pair, Tested)>,
    names: Names,
}

fn sentence(error: &dyn std::fmt::Display) -> String {
    let text = error.to_string();
    let mut letters = text.chars();
    let first = letters.next().map(|letter| letter.to_uppercase().collect::<String>()).unwrap_or_default();
    format!("{first}{}.", letters.as_str())
}

fn other_organization(writer: &Checked, reader_org: &str) -> ApiError {
    ApiError::field(
        "writer_public",
        format!(
            "This key belongs to the organization “{}”, the reader to “{reader_org}”. Use a key of “{reader_org}”.",
            writer.name
        ),
    )
}

/// Commits what `tx` did together with its line in the log.
async fn commit_logged(mut tx: Tx, entry: Entry) -> Result<(), StoreError> {
    Store::append_log(&mut tx, &entry).await?;
    tx.commit().await
}

#[async_trait]
impl ConnectionService for Connections {
    async fn list(&self, caller: &Caller) -> Answer<Vec<OrganizationRow>> {
        let visible = caller.grants.visible_orgs();
        let orgs = self.store.org_summaries(visible.as_deref()).await?;
        let open = self.store.open_request_counts(self.clock.now()).await?;
        let row = |org| view::row(caller, org, &self.refresher, &open);
        Ok(orgs.iter().map(row).collect())
    }

    async fn get(&self, caller: &Caller, org: &OrgId) -> Answer<ConnectionView> {
        let record = self.seen(caller, org).await?;
        let open = self.store.open_requests_of(org, self.clock.now()).await?;
        let counts = [(org.clone(), u32::try_from(open.len()).unwrap_or(u32::MAX))].into();
        let row = view::row(caller, &record.summary, &self.refresher, &counts);
        let parts = self.store.parts(org).await?;
        Ok(view::connection(caller, record, row, parts, open, self.clock.now()))
    }

    async fn choices(&self, caller: &Caller) -> Answer<ConnectionChoices> {
        caller.require(Permission::AddConnections)?;
        let needs_password = !caller.is_confirmed(self.clock.now());
        Ok(ConnectionChoices { base_urls: self.base_urls.clone(), needs_password })
    }

    async fn add(&self, caller: &Caller, form: ConnectionForm) -> Answer<OrgId> {
        caller.require(Permission::AddConnections)?;
        caller.require_confirmed(self.clock.now())?;
        let examined = self.examined(&form).await?;
        let (org, name) = (examined.org.clone(), examined.name.clone());
        let entry = self.entry_of(caller, &examined);
        let new = self.new_connection(caller, examined);
        let mut tx = self.store.begin().await?;
        match Store::add_connection(&mut tx, new).await {
            // Somebody else was quicker by a moment.
            Err(error) if error.is_unique_violation() => return Err(duplicate(&name, &name)),
            done => done?,
        }
        commit_logged(tx, entry).await?;
        self.refresher.begin(&org);
        Ok(org)
    }

    async fn check_import(&self, caller: &Caller, text: &str) -> Answer<String> {
        self.check_rows(caller, text).await
    }

    async fn import(&self, caller: &Caller, id: &str) -> Answer<ImportView> {
        self.checked_rows(caller, id).await
    }

    async fn add_import(&self, caller: &Caller, id: &str, only_good: bool) -> Answer<u32> {
        self.add_rows(caller, id, only_good).await
    }

    async fn replace(&self, caller: &Caller, org: &OrgId, form: ConnectionForm) -> Answer<()> {
        let record = self.managed(caller, org).await?;
        caller.require_confirmed(self.clock.now())?;
        let form::Read { reader, writer, names } = form::read(&form, Purpose::Change)?;
        let base = record.base_url.parse().map_err(NoClient::BaseUrl)?;
        let mut entry = self.entry(caller, Action::ConnectionReplaced, org);
        let mut credentials = Vec::new();
        for (slot, pair) in [(Slot::Reader, reader), (Slot::Writer, writer)] {
            let Some(pair) = pair else { continue };
            let checked = self.checked(&base, slot, &pair).await?;
            if checked.org != *org {
                return Err(match slot {
                    Slot::Reader => ApiError::field(
                        "reader_public",
                        format!(
                            "This key belongs to the organization “{}”. To connect that one, add a connection; here, use \
                             a key of “{}”.",
                            checked.name, record.summary.name
                        ),
                    ),
                    Slot::Writer => other_organization(&checked, &record.summary.name),
                });
            }
            entry = match slot {
                Slot::Reader => entry.detail("reader", pair.public_key.as_str()),
                Slot::Writer => entry.detail("writer", pair.public_key.as_str()),
            };
            credentials.push((slot, self.sealed(org, slot, pair, checked.tested)));
        }
        let has_new_reader = credentials.iter().any(|(slot, _)| *slot == Slot::Reader);
        let label = if names.label.is_empty() { record.summary.name.clone() } else { names.label };
        entry = entry
            .detail("label", label.as_str())
            .detail("environment", names.environment.as_str())
            .detail("owner", names.owner.as_str());
        let mut tx = self.store.begin().await?;
        for (slot, credential) in credentials {
            if Store::set_credential(&mut tx, org, slot, Some(credential)).await? == 0 {
                return Err(ApiError::Conflict);
            }
        }
        Store::describe_connection(&mut tx, org, &label, &names.environment, &names.owner).await?;
        commit_logged(tx, entry).await?;
        self.vault.forget(org);
        if has_new_reader {
            self.refresher.begin_again(org);
        }
        Ok(())
    }

    async fn test(&self, caller: &Caller, org: &OrgId) -> Answer<()> {
        let record = self.managed(caller, org).await?;
        let mut results = Vec::new();
        for slot in [Slot::Reader, Slot::Writer] {
            if let Some((tested, version)) = self.retest(&record, slot).await? {
                results.push((slot, tested, version));
            }
        }
        let failed = results.iter().any(|(_, tested, _)| tested.failure.is_some());
        let entry = self.entry(caller, Action::ConnectionTested, org).outcome(if failed {
            Outcome::Failed
        } else {
            Outcome::Done
        });
        let mut tx = self.store.begin().await?;
        for (slot, tested, version) in &results {
            Store::note_test(&mut tx, org, *slot, *version, tested).await?;
        }
        commit_logged(tx, entry).await?;
        Ok(())
    }

    async fn remove_writer(&self, caller: &Caller, org: &OrgId) -> Answer<()> {
        let record = self.managed(caller, org).await?;
        caller.require_confirmed(self.clock.now())?;
        let Some(writer) = record.writer else { return Err(ApiError::NotFound) };
        let entry =
            self.entry(caller, Action::ConnectionReplaced, org).detail("writer_removed", writer.public_key.as_str());
        let mut tx = self.store.begin().await?;
        Store::set_credential(&mut tx, org, Slot::Writer, None).await?;
        commit_logged(tx, entry).await?;
        self.vault.forget(org);
        Ok(())
    }

    async fn remove(&self, caller: &Caller, org: &OrgId, typed_name: &str) -> Answer<()> {
        let record = self.managed(caller, org).await?;
        caller.require_confirmed(self.clock.now())?;
        let name = &record.summary.name;
        // Atlas's names may begin or end with spaces, which nobody sees.
        if typed_name.trim() != name.trim() {
            return Err(ApiError::field("typed_name", format!("Type the organization’s name, {name}, to confirm.")));
        }
        let entry = self
            .entry(caller, Action::ConnectionRemoved, org)
            .detail("name", name.as_str())
            .detail("label", record.summary.label.as_str());
        let mut tx = self.store.begin().await?;
        if !Store::remove_connection(&mut tx, org).await? {
            return Err(ApiError::NotFound);
        }
        commit_logged(tx, entry).await?;
        self.vault.forget(org);
        Ok(())
    }

    async fn refresh(&self, caller: &Caller, org: Option<&OrgId>) -> Answer<()> {
        let orgs = match org {
            Some(org) => vec![self.seen(caller, org).await?.summary.org],
            None => {
                let visible = caller.grants.visible_orgs();
                let orgs = self.store.org_summaries(visible.as_deref()).await?;
                orgs.into_iter().map(|org| org.org).collect()
            }
        };
        let actor = Actor::Person { id: caller.person, username: caller.username.clone() };
        let entry = Entry::new(self.clock.now(), actor, Action::InventoryRefreshed).address(Some(&caller.address));
        let entry = match org {
            Some(org) => entry.org(org),
            None => entry.detail("organizations", orgs.len()),
        };
        self.store.log_alone(&entry).await?;
        for org in &orgs {
            self.refresher.begin(org);
        }
        Ok(())
    }
}

fn duplicate(name: &str, label: &str) -> ApiError {
    ApiError::field(
        "reader_public",
        format!(
            "This key belongs to “{name}”, which is connected already, under the label “{label}”. To use this key, \
             replace that connection’s credentials."
        ),
    )
}

#[async_trait]
impl AtlasAccess for Connections {
    async fn reader(&self, org: &OrgId) -> Answer<Arc<atlas::Client>> {
        Ok(self.vault.open_reader(org).await?.0)
    }

    async fn writer(&self, plan: &ApprovedPlan<'_>) -> Answer<Option<Arc<atlas::Client>>> {
        match self.writers.open(plan).await {
            Ok(client) => Ok(Some(Arc::new(client))),
            Err(NoClient::Absent) if self.store.connection_version(plan.org).await?.is_some() => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    async fn has_writer(&self, org: &OrgId) -> Answer<bool> {
        let orgs = self.store.org_summaries(Some(std::slice::from_ref(org))).await?;
        Ok(orgs.first().is_some_and(|org| org.has_writer))
    }

    async fn projects(&self, org: &OrgId) -> Answer<(Vec<KnownProject>, Option<Timestamp>)> {
        let filter = ProjectFilter { org: Some(org.clone()), ..ProjectFilter::default() };
        let sort = app::api::inventory::ProjectSort::Name;
        let projects = self.store.list_projects(&filter, sort, false, u32::MAX, 0).await?;
        let parts = self.store.parts(org).await?;
        let read_at = parts.iter().find(|part| part.part == crate::store::Part::Projects).and_then(|part| part.read_at);
        let known = |project: crate::store::ListedProject| KnownProject { id: project.project, name: project.name };
        Ok((projects.into_iter().map(known).collect(), read_at))
    }

    async fn refresh_soon(&self, org: &OrgId) {
        self.refresher.begin_again(org);
    }
}
