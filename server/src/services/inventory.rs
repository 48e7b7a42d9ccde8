//! The inventory: what was last read from Atlas, in pages, and how it is read.
//!
//! Pages come from the database only and show the organizations that the caller may see, never more. What Atlas does not tell is
//! told as such ([`domain::Known`]), never as zero.

mod detail;
mod export;
mod facts;
mod findings;
mod read;
mod refresh;
mod rows;

use std::sync::Arc;

use app::{
    api::{
        exports::Export,
        findings::{FindingsPage, KeyFinding},
        inventory::{
            DUE_DAYS, EndsFilter, KeyDetail, KeyPage, KeyQuery, PAGE_SIZE, ProjectPage, ProjectQuery, ProjectRow,
            StaleOrg, UsedFilter,
        },
        people::OrgChoice,
    },
    backend::{Answer, Caller, InventoryService},
    error::ApiError,
};
use async_trait::async_trait;
use axum::body::Body;
use domain::{
    Known,
    ids::OrgId,
    people::{Permission, Role},
};
use jiff::{SignedDuration, Timestamp};

pub(crate) use self::facts::{bounds, clean, parse_block, shown};
pub use self::refresh::Refresher;
use crate::{
    clock::Clock,
    store::{EndRange, KeyFilter, KeyOrder, ListedProject, OrgSummary, ProjectFilter, Store, UsedRange},
};

/// What counts as used recently.
const RECENT: SignedDuration = SignedDuration::from_hours(30 * 24);

/// From when on a key's end is due.
const DUE: SignedDuration = SignedDuration::from_hours(24 * DUE_DAYS);

/// Implements [`InventoryService`].
pub struct Inventory {
    store: Store,
    refresher: Arc<Refresher>,
    clock: Arc<dyn Clock>,
}

impl std::fmt::Debug for Inventory {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Inventory").finish_non_exhaustive()
    }
}

impl Inventory {
    /// The service.
    #[must_use]
    pub fn new(store: Store, refresher: Arc<Refresher>, clock: Arc<dyn Clock>) -> Self {
        Self { store, refresher, clock }
    }

    async fn visible(&self, caller: &Caller) -> Answer<Orgs> {
        let visible = caller.grants.visible_orgs();
        let orgs = self.store.org_summaries(visible.as_deref()).await?;
        Ok(Orgs { orgs, visible })
    }

    fn is_refreshing(&self, orgs: &Orgs, only: Option<&OrgId>) -> bool {
        orgs.shown(only).any(|org| self.refresher.is_refreshing(&org.org))
    }

    fn key_filter(&self, orgs: &Orgs, query: &KeyQuery) -> KeyFilter {
        let now = self.clock.now();
        let recently = now - RECENT;
        KeyFilter {
            visible: orgs.visible.clone(),
            org: query.org.clone(),
            text: query.q.to_lowercase(),
            range: domain::access_list::read_range(&query.q).ok().map(|(range, _)| facts::bounds(&range)),
            role: query.role.clone(),
            finding: query.finding,
            found_at: now,
            used: query.used.map(|used| match used {
                UsedFilter::Recent => UsedRange::Since(recently),
                UsedFilter::Stale => UsedRange::Before(recently),
                UsedFilter::Never => UsedRange::Never,
                UsedFilter::Unknown => UsedRange::Unknown,
            }),
            ends: query.ends.map(|ends| match ends {
                EndsFilter::Soon => EndRange::Between(now, now + DUE),
                EndsFilter::Past => EndRange::Until(now),
                EndsFilter::None => EndRange::Never,
                EndsFilter::Unknown => EndRange::Unknown,
            }),
        }
    }

    /// How many keys the query selects: from the counts kept with each organization where these know.
    async fn matching_keys(&self, orgs: &Orgs, query: &KeyQuery, filter: &KeyFilter) -> Answer<u32> {
        let is_uncounted = !query.q.is_empty()
            || query.used.is_some()
            || query.ends.is_some()
            || query.finding.is_some_and(KeyFinding::depends_on_time);
        if is_uncounted || (query.finding.is_some() && !query.role.is_empty()) {
            return Ok(self.store.count_keys(filter).await?);
        }
        let counted = |org: &OrgSummary| match (query.finding, query.role.as_str()) {
            (Some(finding), _) => org.counts.findings.get(finding.as_str()).copied(),
            (None, "") => org.counts.keys,
            (None, role) => org.counts.roles.get(role).copied(),
        };
        Ok(orgs.shown(query.org.as_ref()).filter_map(counted).sum())
    }
}

/// The organizations a caller may see.
struct Orgs {
    orgs: Vec<OrgSummary>,
    /// As in [`domain::people::Grants::visible_orgs`].
    visible: Option<Vec<OrgId>>,
}

impl Orgs {
    fn shown(&self, only: Option<&OrgId>) -> impl Iterator<Item = &OrgSummary> {
        self.orgs.iter().filter(move |org| only.is_none_or(|only| *only == org.org))
    }

    fn get(&self, org: &OrgId) -> Option<&OrgSummary> {
        self.orgs.iter().find(|summary| summary.org == *org)
    }

    fn label(&self, org: &OrgId) -> String {
        self.get(org).map(|org| org.label.clone()).unwrap_or_default()
    }

    fn choices(&self) -> Vec<OrgChoice> {
        self.orgs.iter().map(|org| OrgChoice { id: org.org.to_string(), name: org.label.clone() }).collect()
    }

    fn stale(&self, only: Option<&OrgId>) -> Vec<StaleOrg> {
        self.shown(only).filter_map(rows::stale).collect()
    }

    /// The oldest reading of those that could be read.
    fn as_of(&self, only: Option<&OrgId>) -> Option<Timestamp> {
        self.shown(only).filter(|org| rows::stale(org).is_none()).filter_map(|org| org.read_at).min()
    }
}

/// The page to show and how many there are.
fn pages(matching: u32, wanted: u32) -> (u32, u32) {
    let pages = matching.div_ceil(PAGE_SIZE).max(1);
    (wanted.clamp(1, pages), pages)
}

fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

#[async_trait]
impl InventoryService for Inventory {
    async fn keys(&self, caller: &Caller, query: &KeyQuery) -> Answer<KeyPage> {
        let orgs = self.visible(caller).await?;
        let only = query.org.as_ref();
        let filter = self.key_filter(&orgs, query);
        // An empty list of organizations is not something to ask a database for.
        let matching = if orgs.orgs.is_empty() { 0 } else { self.matching_keys(&orgs, query, &filter).await? };
        let (page, pages) = pages(matching, query.page);
        let keys = if matching == 0 {
            Vec::new()
        } else {
            let order = KeyOrder { sort: query.sort, descending: query.descending };
            self.store.list_keys(&filter, order, PAGE_SIZE, (page - 1) * PAGE_SIZE).await?
        };
        Ok(KeyPage {
            rows: keys.into_iter().map(|key| rows::key(orgs.label(&key.org), key, filter.found_at)).collect(),
            matching,
            total: orgs.orgs.iter().filter_map(|org| org.counts.keys).sum(),
            organizations: count(orgs.orgs.len()),
            page,
            pages,
            choices: orgs.choices(),
            as_of: orgs.as_of(only),
            stale: orgs.stale(only),
            refreshing: self.is_refreshing(&orgs, only),
            may_request: orgs.orgs.iter().any(|org| caller.grants.has(Role::Operator, &org.org)),
        })
    }

    async fn findings(&self, caller: &Caller, org: Option<&OrgId>) -> Answer<FindingsPage> {
        self.findings_page(caller, org).await
    }

    async fn export(&self, caller: &Caller, export: &Export) -> Answer<Body> {
        self.export_table(caller, export).await
    }

    async fn key(&self, caller: &Caller, org: &OrgId, key: &str) -> Answer<KeyDetail> {
        if !caller.grants.allow(Permission::View(org)) {
            return Err(ApiError::NotFound);
        }
        let summaries = self.store.org_summaries(Some(std::slice::from_ref(org))).await?;
        let summary = summaries.into_iter().next().ok_or(ApiError::NotFound)?;
        let (listed, assignments) = self.store.key(org, key).await?.ok_or(ApiError::NotFound)?;
        let facts = detail::Facts {
            entries: self.store.access_list(org, &listed.key).await?,
            project_names: self.store.project_names(org).await?,
            open_requests: self.store.open_requests_about(org, &listed.key, self.clock.now()).await?,
            may_request: caller.grants.allow(Permission::Request(org)),
            log: self.store.log_of_key(org, &listed.key, detail::LONGEST_TIMELINE).await?,
            now: self.clock.now(),
            assignments,
        };
        Ok(detail::detail(&summary, listed, facts))
    }

    async fn projects(&self, caller: &Caller, query: &ProjectQuery) -> Answer<ProjectPage> {
        let orgs = self.visible(caller).await?;
        let only = query.org.as_ref();
        let filter =
            ProjectFilter { visible: orgs.visible.clone(), org: query.org.clone(), text: query.q.to_lowercase() };
        let matching = if orgs.orgs.is_empty() {
            0
        } else if query.q.is_empty() {
            orgs.shown(only).filter_map(|org| org.counts.projects).sum()
        } else {
            self.store.count_projects(&filter).await?
        };
        let (page, pages) = pages(matching, query.page);
        let projects = if matching == 0 {
            Vec::new()
        } else {
            let offset = (page - 1) * PAGE_SIZE;
            self.store.list_projects(&filter, query.sort, query.descending, PAGE_SIZE, offset).await?
        };
        Ok(ProjectPage {
            rows: projects.into_iter().map(|project| project_row(&orgs, project)).collect(),
            matching,
            total: orgs.orgs.iter().filter_map(|org| org.counts.projects).sum(),
            organizations: count(orgs.orgs.len()),
            page,
            pages,
            choices: orgs.choices(),
            as_of: orgs.as_of(only),
            stale: orgs.stale(only),
            refreshing: self.is_refreshing(&orgs, only),
        })
    }
}

/// A line of the table of projects.
fn project_row(orgs: &Orgs, project: ListedProject) -> ProjectRow {
    ProjectRow {
        org_name: orgs.label(&project.org),
        org: project.org,
        project: project.project,
        name: project.name,
        clusters: project.clusters.map_or_else(|| not_told("how many clusters this project has"), Known::Yes),
        keys: project.keys.map_or(Known::NotYetRead, Known::Yes),
        created: project.created.map_or_else(|| not_told("when this project was created"), Known::Yes),
    }
}

fn not_told<T>(what: &str) -> Known<T> {
    Known::Unknown { why: format!("Atlas did not say {what}.") }
}
