//! What the pages need of the server: the caller, and one trait per area. The server's services implement them.
//!
//! Every method takes the caller and checks what the caller may do; none trusts its arguments.

use std::sync::Arc;

use async_trait::async_trait;
use axum::body::Body;
use domain::{
    create_key::{CreateKeyDraft, Step},
    ids::{ApiKeyId, DraftId, OrgId, PersonId, RequestNumber},
    people::{Grants, Permission},
};
use jiff::Timestamp;

use crate::{
    api::{
        connections::{ConnectionChoices, ConnectionForm, ConnectionView, OrganizationRow},
        drafts::{DraftRow, DraftView, ReviewView},
        exports::Export,
        findings::FindingsPage,
        import::ImportView,
        inventory::{KeyDetail, KeyPage, KeyQuery, ProjectPage, ProjectQuery},
        log::{LogPage, LogQuery},
        narrow::NarrowView,
        people::{AccountView, GrantForm, PersonRow, PersonView},
        requests::{RequestPage, RequestQuery, RequestView, RevealedSecret},
        search::SearchResults,
        session::{DemoAccount, FrameView, LinkView, SignedIn},
    },
    error::ApiError,
};

/// What a call answers.
pub type Answer<T> = Result<T, ApiError>;

/// Who is asking. The session layer makes it anew for every request, so a role taken away is gone with the next one.
#[derive(Debug, Clone)]
pub struct Caller {
    /// The person.
    pub person: PersonId,
    /// The name they sign in with.
    pub username: String,
    /// The name shown.
    pub display_name: String,
    /// What they may do.
    pub grants: Grants,
    /// When they last gave their password.
    pub confirmed_at: Timestamp,
    /// The address they call from, as far as it can be trusted.
    pub address: String,
    /// The reference of this request, also in the server's log.
    pub request_id: String,
}

/// How long a password given at sign-in or for a sensitive act covers further sensitive acts, in seconds.
pub const CONFIRMED_FOR_SECONDS: i64 = 5 * 60;

impl Caller {
    /// Whether the password was given recently enough for a sensitive act at `now`.
    #[must_use]
    pub fn is_confirmed(&self, now: Timestamp) -> bool {
        now.as_second() - self.confirmed_at.as_second() <= CONFIRMED_FOR_SECONDS
    }

    /// Lets only those through who gave their password within the last five minutes.
    ///
    /// # Errors
    ///
    /// [`ApiError::PasswordNeeded`] otherwise.
    pub fn require_confirmed(&self, now: Timestamp) -> Answer<()> {
        if self.is_confirmed(now) { Ok(()) } else { Err(ApiError::PasswordNeeded) }
    }

    /// Lets only those through whose roles allow `permission`.
    ///
    /// # Errors
    ///
    /// [`ApiError::Forbidden`] with the role that is missing.
    pub fn require(&self, permission: Permission<'_>) -> Answer<()> {
        if self.grants.allow(permission) { Ok(()) } else { Err(ApiError::Forbidden { role: permission.role_needed() }) }
    }
}

/// Tells the time; a test moves it.
pub trait Clock: Send + Sync {
    /// The time now.
    fn now(&self) -> Timestamp;
}

/// A form that was refused: what was typed (no secrets) and what is wrong.
#[derive(Debug, Clone, PartialEq)]
pub struct Attempt {
    /// The path of the page with the form.
    pub form: String,
    /// Names and values of its fields.
    pub values: Vec<(String, String)>,
    /// What is wrong.
    pub error: ApiError,
}

/// Keeps refused forms for a quarter of an hour, so that a form without script loses nothing.
#[async_trait]
pub trait AttemptService: Send + Sync {
    /// Keeps `attempt` and returns an unguessable reference to it.
    async fn keep(&self, caller: Option<&Caller>, attempt: Attempt) -> Answer<String>;
    /// The attempt behind a reference, if it is `caller`'s and not too old.
    async fn find(&self, caller: Option<&Caller>, id: &str) -> Answer<Option<Attempt>>;
}

/// Signing in and out, one-time links, and the frame around every page.
#[async_trait]
pub trait SessionService: Send + Sync {
    /// Signs in; the same answer and about the same time for unknown names and wrong passwords.
    async fn sign_in(&self, username: &str, password: &str) -> Answer<SignedIn>;
    /// Ends the session of this request.
    async fn sign_out(&self) -> Answer<()>;
    /// Checks the password again, notes the time in the session under a new id, and returns the caller as confirmed now.
    async fn confirm(&self, caller: &Caller, password: &str) -> Answer<Caller>;
    /// What a one-time link is for, if it is still good.
    async fn link(&self, token: &str) -> Answer<Option<LinkView>>;
    /// Uses the set-up link: creates the first administrator and signs in.
    async fn set_up(&self, token: &str, username: &str, display_name: &str, password: &str) -> Answer<()>;
    /// Uses a link for a new password.
    async fn choose_password(&self, token: &str, password: &str) -> Answer<()>;
    /// The demo's accounts; empty unless started with `--demo`.
    async fn demo_accounts(&self) -> Answer<Vec<DemoAccount>>;
    /// What the frame shows: name, roles, counts, banners.
    async fn frame(&self, caller: &Caller) -> Answer<FrameView>;
}

/// People and their roles.
#[async_trait]
pub trait PeopleService: Send + Sync {
    /// Everybody.
    async fn list(&self, caller: &Caller) -> Answer<Vec<PersonRow>>;
    /// One person with grants and sessions.
    async fn get(&self, caller: &Caller, person: PersonId) -> Answer<PersonView>;
    /// Adds a person and returns them with a one-time link for choosing a password.
    async fn add(
        &self,
        caller: &Caller,
        username: &str,
        display_name: &str,
        grants: Vec<GrantForm>,
    ) -> Answer<(PersonId, String)>;
    /// Replaces a person's grants.
    async fn set_grants(&self, caller: &Caller, person: PersonId, grants: Vec<GrantForm>) -> Answer<()>;
    /// Makes a one-time link for a new password; the old password goes on until the link is used.
    async fn start_reset(&self, caller: &Caller, person: PersonId) -> Answer<String>;
    /// Disables or enables a person; disabling ends their sessions.
    async fn set_disabled(&self, caller: &Caller, person: PersonId, disabled: bool) -> Answer<()>;
    /// One's own account.
    async fn account(&self, caller: &Caller) -> Answer<AccountView>;
    /// Changes one's own password and ends one's other sessions.
    async fn change_password(&self, caller: &Caller, current: &str, new: &str) -> Answer<()>;
    /// Ends one's other sessions.
    async fn end_other_sessions(&self, caller: &Caller) -> Answer<()>;
}

/// Organizations and their connections.
#[async_trait]
pub trait ConnectionService: Send + Sync {
    /// Every organization the caller may see, with its health.
    async fn list(&self, caller: &Caller) -> Answer<Vec<OrganizationRow>>;
    /// One organization with its connection.
    async fn get(&self, caller: &Caller, org: &OrgId) -> Answer<ConnectionView>;
    /// What the form for connecting an organization needs to know.
    async fn choices(&self, caller: &Caller) -> Answer<ConnectionChoices>;
    /// Tests credentials, finds their organization, stores them sealed, begins the first refresh.
    async fn add(&self, caller: &Caller, form: ConnectionForm) -> Answer<OrgId>;
    /// Reads a file with credentials of several organizations, tests each row and keeps the result, sealed, for a short
    /// while. Returns an unguessable reference to it. Adds nothing.
    async fn check_import(&self, caller: &Caller, text: &str) -> Answer<String>;
    /// What a check found, without secrets, and what the form needs to know.
    async fn import(&self, caller: &Caller, id: &str) -> Answer<ImportView>;
    /// Connects what a check found good, all or nothing, and begins to read it. With bad rows only when `only_good` says to
    /// leave them out. Returns how many were added.
    async fn add_import(&self, caller: &Caller, id: &str, only_good: bool) -> Answer<u32>;
    /// Tests and replaces credentials; an empty slot stays as it is.
    async fn replace(&self, caller: &Caller, org: &OrgId, form: ConnectionForm) -> Answer<()>;
    /// Tests the stored credentials again.
    async fn test(&self, caller: &Caller, org: &OrgId) -> Answer<()>;
    /// Removes the writer only.
    async fn remove_writer(&self, caller: &Caller, org: &OrgId) -> Answer<()>;
    /// Removes the connection with what was read through it; `typed_name` must be the organization's name.
    async fn remove(&self, caller: &Caller, org: &OrgId, typed_name: &str) -> Answer<()>;
    /// Reads one organization, or all the caller may see, from Atlas again. Returns when it has begun.
    async fn refresh(&self, caller: &Caller, org: Option<&OrgId>) -> Answer<()>;
}

/// What was read from Atlas.
#[async_trait]
pub trait InventoryService: Send + Sync {
    /// A page of API keys.
    async fn keys(&self, caller: &Caller, query: &KeyQuery) -> Answer<KeyPage>;
    /// The findings of the organizations the caller may see, or of one of them.
    async fn findings(&self, caller: &Caller, org: Option<&OrgId>) -> Answer<FindingsPage>;
    /// A table as a file, written while it is read. It is noted in the log before its first byte.
    async fn export(&self, caller: &Caller, export: &Export) -> Answer<Body>;
    /// One key; `key` may be its id or its public key.
    async fn key(&self, caller: &Caller, org: &OrgId, key: &str) -> Answer<KeyDetail>;
    /// A page of projects.
    async fn projects(&self, caller: &Caller, query: &ProjectQuery) -> Answer<ProjectPage>;
}

/// Search over everything.
#[async_trait]
pub trait SearchService: Send + Sync {
    /// Finds `text` in what the caller may see: at most `limit` of each kind, 0 for as many as usual. For no text, where one can go.
    async fn find(&self, caller: &Caller, text: &str, limit: u32) -> Answer<SearchResults>;
}

/// Drafts of the wizards.
#[async_trait]
pub trait DraftService: Send + Sync {
    /// The caller's drafts.
    async fn list(&self, caller: &Caller) -> Answer<Vec<DraftRow>>;
    /// Begins a draft.
    async fn start(&self, caller: &Caller, org: &str) -> Answer<DraftId>;
    /// A draft at one of its steps.
    async fn get(&self, caller: &Caller, draft: DraftId, step: Step) -> Answer<DraftView>;
    /// Saves the answers of one step, right or wrong, and returns where to go.
    async fn save(&self, caller: &Caller, draft: DraftId, step: Step, change: DraftChange, go: Go) -> Answer<String>;
    /// The plan as it would be submitted now. Only reads.
    async fn review(&self, caller: &Caller, draft: DraftId) -> Answer<ReviewView>;
    /// Submits the draft with the digest that was reviewed; the draft becomes a request.
    async fn submit(&self, caller: &Caller, draft: DraftId, digest: &str) -> Answer<RequestNumber>;
    /// Throws the draft away.
    async fn discard(&self, caller: &Caller, draft: DraftId) -> Answer<()>;
}

/// Narrowing entries of access lists. Every argument that names something is checked against the inventory.
#[async_trait]
pub trait NarrowService: Send + Sync {
    /// The plan as it would be submitted now. Only reads.
    async fn review(&self, caller: &Caller, org: &OrgId, key: &str, entry: &str) -> Answer<NarrowView>;
    /// Submits the plan with the digest that was reviewed, with a reason.
    async fn ask(
        &self,
        caller: &Caller,
        org: &OrgId,
        key: &str,
        entry: &str,
        digest: &str,
        reason: &str,
    ) -> Answer<RequestNumber>;
}

/// Changes the part of a draft that belongs to one step.
pub type DraftChange = Box<dyn FnOnce(&mut CreateKeyDraft) + Send>;

/// Where to go after a step was saved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Go {
    /// To the next step, if this one is in order.
    Next,
    /// Back one step, in order or not.
    Back,
    /// Straight to the review, if this step is in order.
    Review,
    /// Stay on this step.
    Stay,
    /// Leave the wizard; the draft stays.
    Leave,
}

/// Change requests.
#[async_trait]
pub trait RequestService: Send + Sync {
    /// A page of requests.
    async fn list(&self, caller: &Caller, query: &RequestQuery) -> Answer<RequestPage>;
    /// One request.
    async fn get(&self, caller: &Caller, number: RequestNumber) -> Answer<RequestView>;
    /// Approves the plan with this digest.
    async fn approve(&self, caller: &Caller, number: RequestNumber, digest: &str) -> Answer<()>;
    /// Denies it, with a reason.
    async fn deny(&self, caller: &Caller, number: RequestNumber, digest: &str, reason: &str) -> Answer<()>;
    /// Takes one's own request back.
    async fn withdraw(&self, caller: &Caller, number: RequestNumber) -> Answer<()>;
    /// Looks at Atlas now: whether the facts of the plan still hold. Only reads Atlas; notes the result.
    async fn check(&self, caller: &Caller, number: RequestNumber) -> Answer<()>;
    /// Reveals the private key, once, to the requester. Whoever calls this has checked the password in the same breath.
    async fn reveal(&self, caller: &Caller, number: RequestNumber) -> Answer<RevealedSecret>;
    /// The open requests that touch a key or an organization.
    async fn open_for(&self, caller: &Caller, org: &OrgId, key: Option<&ApiKeyId>) -> Answer<Vec<RequestNumber>>;
}

/// The log.
#[async_trait]
pub trait LogService: Send + Sync {
    /// A page of entries, newest first.
    async fn list(&self, caller: &Caller, query: &LogQuery) -> Answer<LogPage>;
}

/// All services, given to Leptos as context.
#[derive(Clone)]
pub struct Backend {
    /// The address of Atlas’s own pages, without a slash at the end; none in the demo, whose Atlas has no pages.
    pub atlas_pages: Option<Arc<str>>,
    /// The clock.
    pub clock: Arc<dyn Clock>,
    /// Refused forms.
    pub attempts: Arc<dyn AttemptService>,
    /// Signing in and out.
    pub session: Arc<dyn SessionService>,
    /// People.
    pub people: Arc<dyn PeopleService>,
    /// Organizations.
    pub connections: Arc<dyn ConnectionService>,
    /// The inventory.
    pub inventory: Arc<dyn InventoryService>,
    /// Search.
    pub search: Arc<dyn SearchService>,
    /// Drafts.
    pub drafts: Arc<dyn DraftService>,
    /// Narrowing access lists.
    pub narrowing: Arc<dyn NarrowService>,
    /// Change requests.
    pub requests: Arc<dyn RequestService>,
    /// The log.
    pub log: Arc<dyn LogService>,
}
