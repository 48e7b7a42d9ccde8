//! Drafts of the wizard that creates an API key, its review, and its submission as a change request.

pub(super) mod acting;

use std::sync::Arc;

use app::{
    api::drafts::{DraftRow, DraftView, ReviewView},
    backend::{Answer, Caller, Clock, ConnectionService, DraftChange, DraftService, Go},
    error::ApiError,
    paths,
};
use async_trait::async_trait;
use domain::{
    atlas_roles,
    create_key::{CreateKeyDraft, CreateKeyInput, Knowledge, Step},
    ids::{DraftId, OrgId, RequestNumber},
    key_end,
    people::{Permission, Role},
    plan::Plan,
    policy,
};
use jiff::{SignedDuration, Timestamp};
use uuid::Uuid;

use super::{
    atlas_access::AtlasAccess,
    planner,
    requests::submission::{self, Submission},
};
use crate::{
    log::Actor,
    store::{Store, StoredDraft},
};

/// How long a draft is kept after it was last saved.
const KEPT_FOR: SignedDuration = SignedDuration::from_hours(14 * 24);
/// The most drafts a person can have.
const MAX_DRAFTS: i64 = 20;
/// The longest text that is kept of a field, in characters: as much as a request's body can carry, so that nothing typed is lost.
const MAX_TYPED: usize = 262_144;

/// The service.
#[derive(Clone)]
pub struct Drafts {
    store: Store,
    clock: Arc<dyn Clock>,
    connections: Arc<dyn ConnectionService>,
    atlas: Arc<dyn AtlasAccess>,
}

impl Drafts {
    /// The service over `store`, planning with what `atlas` shows.
    #[must_use]
    pub fn new(
        store: Store,
        clock: Arc<dyn Clock>,
        connections: Arc<dyn ConnectionService>,
        atlas: Arc<dyn AtlasAccess>,
    ) -> Self {
        Self { store, clock, connections, atlas }
    }

    async fn own(&self, caller: &Caller, id: DraftId, now: Timestamp) -> Answer<StoredDraft> {
        self.store.draft(caller.person, id, now).await?.ok_or(ApiError::NotFound)
    }

    /// What is known about the draft's organization, as far as the caller may ask for changes there.
    async fn knowledge(&self, caller: &Caller, draft: &CreateKeyDraft) -> Answer<(Knowledge, Option<Timestamp>)> {
        let today = key_end::today(self.clock.now());
        let Some(org) = self.allowed_org(caller, draft).await? else {
            return Ok((Knowledge { today, ..Knowledge::default() }, None));
        };
        let (projects, read_at) = self.atlas.projects(&org).await?;
        Ok((Knowledge { org_allowed: true, projects, today }, read_at))
    }

    async fn allowed_org(&self, caller: &Caller, draft: &CreateKeyDraft) -> Answer<Option<OrgId>> {
        let Ok(org) = draft.org.parse::<OrgId>() else {
            return Ok(None);
        };
        if !caller.grants.allow(Permission::Request(&org)) {
            return Ok(None);
        }
        let known = self.connections.list(caller).await?;
        Ok(known.into_iter().any(|row| row.org == org).then_some(org))
    }

    async fn plan(&self, input: &CreateKeyInput) -> Answer<Plan> {
        let reader = self.atlas.reader(&input.org).await?;
        planner::plan_create_key(input, &reader).await
    }

    /// The typed input of a draft whose steps before the review are in order.
    fn finished_input(draft: &CreateKeyDraft, known: &Knowledge) -> Answer<CreateKeyInput> {
        draft.input(known).map_err(|(step, _)| {
            ApiError::refused(
                format!("The step {} is not finished.", step.label()),
                "Go back to it; what is wrong is said there.",
            )
        })
    }
}

#[async_trait]
impl DraftService for Drafts {
    async fn list(&self, caller: &Caller) -> Answer<Vec<DraftRow>> {
        let drafts = self.store.drafts_of(caller.person, self.clock.now()).await?;
        let names = self.connections.list(caller).await?;
        let mut rows = Vec::with_capacity(drafts.len());
        for stored in drafts {
            let (known, _) = self.knowledge(caller, &stored.draft).await?;
            let description = stored.draft.description.trim();
            rows.push(DraftRow {
                id: stored.id,
                title: if description.is_empty() { "Not named yet".into() } else { short(description, 80) },
                org_name: names.iter().find(|row| row.org.as_str() == stored.draft.org).map(|row| row.label.clone()),
                step: stored.draft.first_unfinished_before(Step::Review, &known).unwrap_or(Step::Review),
                saved_at: stored.saved_at,
                expires_at: stored.expires_at,
            });
        }
        Ok(rows)
    }

    async fn start(&self, caller: &Caller, org: &str) -> Answer<DraftId> {
        if !caller.grants.roles().contains(&Role::Operator) {
            return Err(ApiError::Forbidden { role: Role::Operator });
        }
        let now = self.clock.now();
        let mut draft = CreateKeyDraft {
            org: short(org, 100),
            expiry: key_end::DEFAULT_CHOICE.to_owned(),
            ..CreateKeyDraft::default()
        };
        if self.allowed_org(caller, &draft).await?.is_none() {
            draft.org.clear();
        }
        let stored = StoredDraft {
            id: DraftId(Uuid::now_v7()),
            person: caller.person,
            draft,
            saved_at: now,
            expires_at: now + KEPT_FOR,
        };
        if self.store.insert_draft(&stored, now, MAX_DRAFTS).await? {
            Ok(stored.id)
        } else {
            Err(ApiError::refused(
                format!("You have {MAX_DRAFTS} drafts already."),
                "Go on with one of them, or discard those you no longer need.",
            ))
        }
    }

    async fn get(&self, caller: &Caller, id: DraftId, step: Step) -> Answer<DraftView> {
        let stored = self.own(caller, id, self.clock.now()).await?;
        let draft = &stored.draft;
        let (known, projects_read_at) = self.knowledge(caller, draft).await?;
        let finished = Step::ALL
            .into_iter()
            .filter(|s| draft.visited.contains(s) && draft.errors(*s, &known).is_empty())
            .collect();
        let errors = if draft.visited.contains(&step) { draft.errors(step, &known) } else { vec![] };
        let only = (step != Step::Organization).then_some(draft.org.as_str());
        let organizations = acting::organizations(self, caller, only).await?;
        let server_address = match draft.org.parse::<OrgId>() {
            Ok(org) if known.org_allowed && step == Step::AccessList => {
                self.connections.get(caller, &org).await?.address_seen.value().cloned()
            }
            _ => None,
        };
        Ok(DraftView {
            id,
            step,
            errors,
            unfinished: draft.first_unfinished_before(step, &known),
            finished,
            organizations,
            projects: known.projects,
            end: draft.end(known.today).ok(),
            today: known.today,
            projects_read_at,
            browser_address: caller.address.parse::<std::net::IpAddr>().ok().map(|address| address.to_string()),
            server_address,
            saved_at: stored.saved_at,
            expires_at: stored.expires_at,
            draft: stored.draft,
        })
    }

    async fn save(&self, caller: &Caller, id: DraftId, step: Step, change: DraftChange, go: Go) -> Answer<String> {
        let now = self.clock.now();
        let mut stored = self.own(caller, id, now).await?;
        change(&mut stored.draft);
        bound(&mut stored.draft);
        let advancing = matches!(go, Go::Next | Go::Review) || (step == Step::Review && go == Go::Stay);
        if advancing && !stored.draft.visited.contains(&step) {
            stored.draft.visited.push(step);
        }
        stored.saved_at = now;
        stored.expires_at = now + KEPT_FOR;
        if !self.store.save_draft(&stored).await? {
            return Err(ApiError::NotFound);
        }
        let (known, _) = self.knowledge(caller, &stored.draft).await?;
        let in_order = stored.draft.errors(step, &known).is_empty();
        let to = match go {
            Go::Next if in_order => step.next().unwrap_or(step),
            Go::Review if in_order => Step::Review,
            Go::Back => step.previous().unwrap_or(step),
            Go::Leave => return Ok(paths::NEW_KEY.to_owned()),
            Go::Next | Go::Review | Go::Stay => step,
        };
        Ok(paths::new_key_step(id, to))
    }

    async fn review(&self, caller: &Caller, id: DraftId) -> Answer<ReviewView> {
        let now = self.clock.now();
        let stored = self.own(caller, id, now).await?;
        let (known, _) = self.knowledge(caller, &stored.draft).await?;
        let input = Self::finished_input(&stored.draft, &known)?;
        let plan = self.plan(&input).await?;
        let sealed = plan.seal().map_err(|error| super::fault::internal(&error))?;
        let requirement = policy::default_policy(&plan);
        let approvers = submission::approvers(&self.store, caller, &plan).await?;
        Ok(ReviewView {
            digest: sealed.digest,
            requirement,
            approver_count: u32::try_from(approvers.len()).unwrap_or(u32::MAX),
            approvers: approvers.into_iter().take(5).collect(),
            acting: acting::sentence(self, &input.org).await?,
            planned_at: now,
            plan,
        })
    }

    async fn submit(&self, caller: &Caller, id: DraftId, digest: &str) -> Answer<RequestNumber> {
        let now = self.clock.now();
        let stored = self.own(caller, id, now).await?;
        let (known, _) = self.knowledge(caller, &stored.draft).await?;
        let input = Self::finished_input(&stored.draft, &known)?;
        let errors = stored.draft.errors(Step::Review, &known);
        if !errors.is_empty() {
            // The review says beside the fields what is wrong.
            return Err(ApiError::Invalid { fields: errors });
        }
        let plan = self.plan(&input).await?;
        let sealed = plan.seal().map_err(|error| super::fault::internal(&error))?;
        if sealed.digest != digest {
            return Err(ApiError::refused(
                "The plan is no longer the one you reviewed: something changed in Atlas or in your answers.",
                "Read it once more below, then submit it.",
            ));
        }
        let mut tx = self.store.begin().await?;
        if !Store::take_draft(&mut tx, caller.person, id).await? {
            return Err(ApiError::NotFound);
        }
        let submission = Submission { plan: &plan, sealed, reason: &stored.draft.reason, ticket: &stored.draft.ticket };
        let number = submission::submit(&mut tx, caller, submission, now).await?;
        tx.commit().await?;
        Ok(number)
    }

    async fn discard(&self, caller: &Caller, id: DraftId) -> Answer<()> {
        let mut tx = self.store.begin().await?;
        if !Store::take_draft(&mut tx, caller.person, id).await? {
            return Err(ApiError::NotFound);
        }
        tx.commit().await?;
        Ok(())
    }
}

/// The caller as the log knows them.
pub(super) fn actor(caller: &Caller) -> Actor {
    Actor::Person { id: caller.person, username: caller.username.clone() }
}

fn short(text: &str, max: usize) -> String {
    text.chars().take(max).collect()
}

/// Cuts what no honest person types, so that a draft stays small.
fn bound(draft: &mut CreateKeyDraft) {
    for text in [
        &mut draft.org,
        &mut draft.description,
        &mut draft.access_list,
        &mut draft.expiry,
        &mut draft.expiry_date,
        &mut draft.reason,
        &mut draft.ticket,
    ] {
        if text.chars().count() > MAX_TYPED {
            *text = short(text, MAX_TYPED);
        }
    }
    draft.roles.truncate(2 * atlas_roles::ORG_ROLES.len());
    draft.projects.truncate(2 * domain::create_key::MAX_PROJECTS);
    for project in &mut draft.projects {
        project.roles.truncate(2 * atlas_roles::PROJECT_ROLES.len());
    }
}
