//! The wizard that creates an API key. The draft lives on the server; every step has an address and works without script.

use domain::{
    FieldError,
    create_key::{CreateKeyDraft, KnownProject, Step},
    ids::{DraftId, OrgId},
    key_end::KeyEnd,
    plan::Plan,
    policy::Requirement,
};
use jiff::{Timestamp, civil::Date};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use crate::error::ApiError;

/// A line of the list of drafts.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DraftRow {
    /// The draft.
    pub id: DraftId,
    /// What it is for: its description, or "Not named yet".
    pub title: String,
    /// The organization's label, once chosen.
    pub org_name: Option<String>,
    /// The first step that is not finished.
    pub step: Step,
    /// When it was last saved.
    pub saved_at: Timestamp,
    /// When it is thrown away.
    pub expires_at: Timestamp,
}

/// An organization in the first step.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ActingOrg {
    /// The organization.
    pub org: OrgId,
    /// Its label.
    pub name: String,
    /// Its environment; may be empty.
    pub environment: String,
    /// Which stored connection will act, and whether its roles suffice, in a sentence.
    pub acting: String,
    /// Whether an approved request can be executed from here.
    pub can_execute: bool,
    /// Why it cannot be chosen, if it cannot.
    pub obstacle: Option<String>,
}

/// A draft at one of its steps.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DraftView {
    /// The draft.
    pub id: DraftId,
    /// The answers as typed.
    pub draft: CreateKeyDraft,
    /// The step shown.
    pub step: Step,
    /// What is wrong with the step's answers; empty when the step is shown for the first time.
    #[serde(default)]
    pub errors: Vec<FieldError>,
    /// The earlier step that has to be finished first, if there is one.
    pub unfinished: Option<Step>,
    /// The steps that are in order.
    #[serde(default)]
    pub finished: Vec<Step>,
    /// The organizations of the first step; on the others only the chosen one.
    #[serde(default)]
    pub organizations: Vec<ActingOrg>,
    /// The projects of the chosen organization.
    #[serde(default)]
    pub projects: Vec<KnownProject>,
    /// When the projects were read.
    pub projects_read_at: Option<Timestamp>,
    /// The end that the answers stand for on this day; `None` when they are not in order.
    pub end: Option<KeyEnd>,
    /// The day by which the choices of the step about the end are counted, in UTC.
    pub today: Date,
    /// The address of the person's browser as this server sees it.
    pub browser_address: Option<String>,
    /// The address from which this server calls Atlas, if Atlas has told.
    pub server_address: Option<String>,
    /// When the draft was last saved.
    pub saved_at: Timestamp,
    /// When it is thrown away.
    pub expires_at: Timestamp,
}

/// What the review shows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ReviewView {
    /// The plan as it would be submitted now.
    pub plan: Plan,
    /// Its digest.
    pub digest: String,
    /// Who must approve, and why.
    pub requirement: Requirement,
    /// Who could, by name; at most a handful.
    #[serde(default)]
    pub approvers: Vec<String>,
    /// How many could, other than the requester.
    pub approver_count: u32,
    /// Which connection will act, in a sentence.
    pub acting: String,
    /// When Atlas was read for this plan.
    pub planned_at: Timestamp,
}

/// The caller's drafts.
#[server(prefix = "/api", endpoint = "drafts/list")]
pub async fn list_drafts() -> Result<Vec<DraftRow>, ApiError> {
    use crate::server::{answer, begin};

    let listing = async {
        let (caller, backend) = begin()?;
        backend.drafts.list(&caller).await
    };
    answer(listing.await)
}

/// A draft at one of its steps.
#[server(prefix = "/api", endpoint = "drafts/get")]
pub async fn get_draft(
    /// The draft.
    draft: DraftId,
    /// The step.
    step: Step,
) -> Result<DraftView, ApiError> {
    use crate::server::{answer, begin};

    let getting = async {
        let (caller, backend) = begin()?;
        backend.drafts.get(&caller, draft, step).await
    };
    answer(getting.await)
}

/// The plan as it would be submitted now. Only reads Atlas.
#[server(prefix = "/api", endpoint = "drafts/review")]
pub async fn review_draft(
    /// The draft.
    draft: DraftId,
) -> Result<ReviewView, ApiError> {
    use crate::server::{answer, begin};

    let reviewing = async {
        let (caller, backend) = begin()?;
        backend.drafts.review(&caller, draft).await
    };
    answer(reviewing.await)
}

/// Begins a draft, for an organization if one was chosen already, and goes to its first step.
#[server(prefix = "/api", endpoint = "drafts/start")]
pub async fn start_draft(
    /// The organization's id; may be empty.
    #[server(default)]
    org: String,
) -> Result<(), ApiError> {
    use crate::{
        paths,
        server::{Typed, answer_form, begin},
    };

    let starting = async {
        let (caller, backend) = begin()?;
        let draft = backend.drafts.start(&caller, &org).await?;
        Ok(paths::new_key_step(draft, Step::Organization))
    };
    answer_form(paths::NEW_KEY, Typed::nothing(), starting.await).await
}

#[cfg(feature = "ssr")]
async fn save(draft: String, step: Step, go: String, change: crate::backend::DraftChange) -> Result<(), ApiError> {
    use crate::{
        backend::Go,
        paths,
        server::{Typed, answer_form, begin},
    };

    let page = draft.parse().map_or_else(|_| paths::NEW_KEY.to_owned(), |draft| paths::new_key_step(draft, step));
    let saving = async {
        let (caller, backend) = begin()?;
        let draft: DraftId = draft.parse().map_err(|_| ApiError::NotFound)?;
        let go = match go.as_str() {
            "back" => Go::Back,
            "review" => Go::Review,
            "leave" => Go::Leave,
            "next" | "" => Go::Next,
            _ => Go::Stay,
        };
        backend.drafts.save(&caller, draft, step, change, go).await
    };
    answer_form(&page, Typed::nothing(), saving.await).await
}

/// Saves the first step.
#[server(prefix = "/api", endpoint = "drafts/save-organization")]
pub async fn save_organization(
    /// The draft's id.
    #[server(default)]
    draft: String,
    /// The organization's id.
    #[server(default)]
    org: String,
    /// Where to go: `next`, `review`, `leave`.
    #[server(default)]
    go: String,
) -> Result<(), ApiError> {
    let change = move |draft: &mut CreateKeyDraft| {
        if draft.org != org {
            // Projects belong to an organization; those of another one would only be wrong.
            draft.projects.clear();
        }
        draft.org = org;
    };
    save(draft, Step::Organization, go, Box::new(change)).await
}

/// Saves the second step.
#[server(prefix = "/api", endpoint = "drafts/save-description")]
pub async fn save_description(
    /// The draft's id.
    #[server(default)]
    draft: String,
    /// The key's description.
    #[server(default)]
    description: String,
    /// The names of the organization roles.
    #[server(default)]
    roles: Vec<String>,
    /// Where to go: `next`, `back`, `review`, `leave`, or `task:ID` to take the roles proposed for a task.
    #[server(default)]
    go: String,
) -> Result<(), ApiError> {
    let task = go.strip_prefix("task:").and_then(|id| domain::atlas_roles::TASKS.iter().find(|task| task.id == id));
    let change = move |draft: &mut CreateKeyDraft| {
        draft.description = description;
        draft.roles = task.map_or(roles, |task| vec![task.org_role.to_owned()]);
    };
    save(draft, Step::Description, go, Box::new(change)).await
}

/// Saves the third step.
#[server(prefix = "/api", endpoint = "drafts/save-access-list")]
pub async fn save_access_list(
    /// The draft's id.
    #[server(default)]
    draft: String,
    /// Lines of addresses and ranges.
    #[server(default)]
    access_list: String,
    /// Whether the key may be used from anywhere.
    #[server(default)]
    no_access_list: bool,
    /// Where to go: `next`, `back`, `review`, `leave`, or `add:ADDRESS` to add a line.
    #[server(default)]
    go: String,
) -> Result<(), ApiError> {
    let added = go.strip_prefix("add:").map(str::to_owned);
    let change = move |draft: &mut CreateKeyDraft| {
        draft.access_list = access_list.replace("\r\n", "\n");
        draft.no_access_list = no_access_list;
        if let Some(address) = added {
            if !draft.access_list.is_empty() && !draft.access_list.ends_with('\n') {
                draft.access_list.push('\n');
            }
            draft.access_list.push_str(&address);
            draft.access_list.push('\n');
            draft.no_access_list = false;
        }
    };
    save(draft, Step::AccessList, go, Box::new(change)).await
}

/// Saves the fourth step: adds the picked projects with the picked roles, or removes one.
#[server(prefix = "/api", endpoint = "drafts/save-projects")]
pub async fn save_projects(
    /// The draft's id.
    #[server(default)]
    draft: String,
    /// The ids of projects to add.
    #[server(default)]
    picked: Vec<String>,
    /// The roles they get.
    #[server(default)]
    picked_roles: Vec<String>,
    /// What happens when a later call fails: `keep` or `delete`.
    #[server(default)]
    if_step_fails: String,
    /// Where to go: `add`, `add-all`, `remove:PROJECT`, `next`, `back`, `review`, `leave`.
    #[server(default)]
    go: String,
) -> Result<(), ApiError> {
    use domain::{FieldError, create_key::DraftProject};

    use crate::{
        paths,
        server::{Typed, answer_form},
    };

    // Adding nothing would lose the ticked roles without a word; the page comes back with them and says what is missing.
    if go == "add" && picked.is_empty() {
        let message = if picked_roles.is_empty() {
            "Pick at least one project here and tick its roles below, then add it."
        } else {
            "Pick at least one project here; the roles ticked below are kept until you do."
        };
        let page = draft
            .parse()
            .map_or_else(|_| paths::NEW_KEY.to_owned(), |draft| paths::new_key_step(draft, Step::Projects));
        let mut values: Vec<(&str, &str)> = picked_roles.iter().map(|role| ("picked_roles", role.as_str())).collect();
        values.push(("if_step_fails", &if_step_fails));
        let refused = ApiError::Invalid { fields: vec![FieldError::new("projects", message)] };
        return answer_form(&page, Typed::of(&values), Err(refused)).await;
    }

    let removed = go.strip_prefix("remove:").map(str::to_owned);
    let change = move |draft: &mut CreateKeyDraft| {
        draft.if_step_fails = if_step_fails;
        for project in picked {
            // Picking a project again gives it the newly picked roles.
            draft.projects.retain(|earlier| earlier.project != project);
            draft.projects.push(DraftProject { project, roles: picked_roles.clone() });
        }
        if let Some(project) = removed {
            draft.projects.retain(|earlier| earlier.project != project);
        }
    };
    save(draft, Step::Projects, go, Box::new(change)).await
}

/// Saves the fifth step: how long the key is needed.
#[server(prefix = "/api", endpoint = "drafts/save-expiry")]
pub async fn save_expiry(
    /// The draft's id.
    #[server(default)]
    draft: String,
    /// A number of days, `date` or `never`.
    #[server(default)]
    expiry: String,
    /// The day, when `expiry` is `date`.
    #[server(default)]
    expiry_date: String,
    /// Where to go: `next`, `back`, `review`, `leave`.
    #[server(default)]
    go: String,
) -> Result<(), ApiError> {
    let change = move |draft: &mut CreateKeyDraft| {
        draft.expiry = expiry;
        draft.expiry_date = expiry_date;
    };
    save(draft, Step::Expiry, go, Box::new(change)).await
}

/// Saves reason and ticket, and submits the plan that was reviewed.
#[server(prefix = "/api", endpoint = "drafts/submit")]
pub async fn submit_draft(
    /// The draft's id.
    #[server(default)]
    draft: String,
    /// The digest of the plan that was reviewed.
    #[server(default)]
    digest: String,
    /// Why the change is wanted.
    #[server(default)]
    reason: String,
    /// A ticket's number or address.
    #[server(default)]
    ticket: String,
    /// Where to go: `submit`, `back`, `leave`.
    #[server(default)]
    go: String,
) -> Result<(), ApiError> {
    use crate::{
        backend::Go,
        paths,
        server::{Typed, answer_form, begin},
    };

    let page =
        draft.parse().map_or_else(|_| paths::NEW_KEY.to_owned(), |draft| paths::new_key_step(draft, Step::Review));
    let submitting = async {
        let (caller, backend) = begin()?;
        let draft: DraftId = draft.parse().map_err(|_| ApiError::NotFound)?;
        let keep = move |draft: &mut CreateKeyDraft| {
            draft.reason = reason;
            draft.ticket = ticket;
        };
        let go = match go.as_str() {
            "back" => Go::Back,
            "leave" => Go::Leave,
            _ => Go::Stay,
        };
        let stays = go == Go::Stay;
        let elsewhere = backend.drafts.save(&caller, draft, Step::Review, Box::new(keep), go).await?;
        if !stays {
            return Ok(elsewhere);
        }
        let number = backend.drafts.submit(&caller, draft, &digest).await?;
        Ok(paths::request(number))
    };
    answer_form(&page, Typed::nothing(), submitting.await).await
}

/// Throws a draft away.
#[server(prefix = "/api", endpoint = "drafts/discard")]
pub async fn discard_draft(
    /// The draft's id.
    #[server(default)]
    draft: String,
) -> Result<(), ApiError> {
    use crate::{
        paths,
        server::{Typed, answer_form, begin},
    };

    let discarding = async {
        let (caller, backend) = begin()?;
        let draft: DraftId = draft.parse().map_err(|_| ApiError::NotFound)?;
        backend.drafts.discard(&caller, draft).await?;
        Ok(paths::NEW_KEY.to_owned())
    };
    answer_form(paths::NEW_KEY, Typed::nothing(), discarding.await).await
}
