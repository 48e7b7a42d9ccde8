//! Change requests: the inbox, one request, verdicts, and the one-time look at a private key.

use domain::{
    approval::{Verdict, VerdictObstacle},
    ids::{ApiKeyId, OrgId, RequestNumber},
    plan::{CallKind, Plan, Severity},
    policy::Requirement,
    request::{RequestState, StepState},
};
use jiff::Timestamp;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use super::connections::Explanation;
use crate::{error::ApiError, paths};

/// A view of the list of requests.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RequestTab {
    /// Pending, and the caller may decide and has not yet.
    #[default]
    NeedsMe,
    /// Asked for by the caller.
    Mine,
    /// Pending, approved, executing or unknown.
    Open,
    /// Nothing more will happen.
    Done,
}

impl RequestTab {
    /// All views.
    pub const ALL: [Self; 4] = [Self::NeedsMe, Self::Mine, Self::Open, Self::Done];

    /// The word in addresses.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::NeedsMe => "needs-me",
            Self::Mine => "mine",
            Self::Open => "open",
            Self::Done => "done",
        }
    }

    /// The words shown.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::NeedsMe => "Needs me",
            Self::Mine => "Mine",
            Self::Open => "All open",
            Self::Done => "Done",
        }
    }
}

/// Which requests a list shows.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct RequestQuery {
    /// The view.
    pub tab: RequestTab,
    /// The page, from 1.
    pub page: u32,
}

impl RequestQuery {
    /// Reads the query of an address; `get` answers with the value of a parameter.
    pub fn read(get: impl Fn(&str) -> Option<String>) -> Self {
        let tab = get("tab")
            .and_then(|word| RequestTab::ALL.into_iter().find(|tab| tab.as_str() == word))
            .unwrap_or_default();
        Self { tab, page: get("page").and_then(|page| page.parse().ok()).unwrap_or(1).clamp(1, 1_000_000) }
    }

    /// The address of the list with this query.
    #[must_use]
    pub fn address(&self) -> String {
        let tab = if self.tab == RequestTab::default() { String::new() } else { self.tab.as_str().to_owned() };
        let page = if self.page > 1 { self.page.to_string() } else { String::new() };
        paths::with_query(paths::REQUESTS, &[("tab", tab), ("page", page)])
    }
}

/// A warning as a chip.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Risk {
    /// How loud it is.
    pub severity: Severity,
    /// Two or three words.
    pub label: String,
}

/// A line of the list of requests.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RequestRow {
    /// Its number.
    pub number: RequestNumber,
    /// The change as a sentence.
    pub sentence: String,
    /// What should be looked at twice.
    #[serde(default)]
    pub risks: Vec<Risk>,
    /// Who asked.
    pub requester: String,
    /// Whether it is the caller's own.
    pub is_mine: bool,
    /// The reason's first line.
    pub reason: String,
    /// Where it stands, expiry included.
    pub state: RequestState,
    /// How many approvals count.
    pub approvals: u32,
    /// How many are needed.
    pub needed: u32,
    /// When it was submitted.
    pub submitted_at: Timestamp,
    /// When it expires.
    pub expires_at: Timestamp,
}

/// A page of requests.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RequestPage {
    /// The rows, the one that is due first on top.
    #[serde(default)]
    pub rows: Vec<RequestRow>,
    /// How many there are in this view.
    pub matching: u32,
    /// The page shown, from 1.
    pub page: u32,
    /// How many pages there are, at least 1.
    pub pages: u32,
    /// How many there are in each view, in the order of [`RequestTab::ALL`].
    #[serde(default)]
    pub counts: Vec<u32>,
    /// Whether the caller may ask for changes somewhere.
    pub may_request: bool,
    /// Whether the caller may decide somewhere.
    pub may_decide: bool,
}

/// A verdict as shown.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct VoteView {
    /// Who.
    pub name: String,
    /// Yes or no.
    pub verdict: Verdict,
    /// When.
    pub at: Timestamp,
    /// Why, when it was no.
    pub reason: Option<String>,
    /// Why it no longer counts, if it does not: the plan changed, or the person lost the role.
    pub fallen: Option<String>,
}

/// What a step of the execution came to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct StepView {
    /// The organization's name.
    pub org_name: String,
    /// The kind of call.
    pub kind: CallKind,
    /// The call in words.
    pub sentence: String,
    /// The method.
    pub method: String,
    /// The path, with the new key's id once it is known.
    pub path: String,
    /// Whether it takes something back, and is only sent after a failure.
    pub is_undo: bool,
    /// Where it stands.
    pub state: StepState,
    /// When the intent was written.
    pub sent_at: Option<Timestamp>,
    /// When the outcome was written.
    pub done_at: Option<Timestamp>,
    /// The HTTP status.
    pub status: Option<u16>,
    /// What went wrong or what was found, if there is something to say.
    pub note: Option<Explanation>,
}

/// What kind of thing happened, for its icon.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TimelineKind {
    /// Submitted.
    Submitted,
    /// The policy's answer.
    Policy,
    /// Approved.
    Approved,
    /// Denied or withdrawn.
    Refused,
    /// Checked.
    Checked,
    /// A call to Atlas.
    Call,
    /// It ended.
    Finished,
    /// A secret was revealed or destroyed.
    Secret,
    /// It began to exist in Atlas.
    Created,
}

/// Something that happened.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TimelineItem {
    /// What kind of thing.
    pub kind: TimelineKind,
    /// When.
    pub at: Timestamp,
    /// Who, if it was a person.
    pub who: Option<String>,
    /// What, in words that go on after the name: "approved this plan".
    pub what: String,
    /// What was said, or more about it.
    pub quote: Option<String>,
    /// The request it belongs to, when it is shown elsewhere.
    pub request: Option<RequestNumber>,
}

/// Something that is no longer as the plan saw it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Drift {
    /// The organization's name.
    pub org_name: String,
    /// The fact in words.
    pub label: String,
    /// As it was when planned.
    pub was: String,
    /// As it is now.
    pub now: String,
}

/// What is known of the private key that the request brought.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "secret", rename_all = "snake_case")]
pub enum SecretState {
    /// There is none (yet).
    None,
    /// It waits for the requester until then.
    Waiting {
        /// When it is destroyed.
        until: Timestamp,
    },
    /// It was revealed then, and destroyed.
    Revealed {
        /// When.
        at: Timestamp,
    },
    /// Its time ran out and it was destroyed.
    Destroyed {
        /// When.
        at: Timestamp,
    },
    /// Atlas created the key, but its answer, and with it the private key, was lost.
    Lost,
}

/// A result of comparing Atlas with the plan.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CheckView {
    /// Whether it is fine.
    pub ok: bool,
    /// What was checked, or what is wrong.
    pub text: String,
}

/// A key that the request created.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CreatedKey {
    /// Its organization.
    pub org: OrgId,
    /// Its id.
    pub key: ApiKeyId,
    /// Its public key.
    pub public_key: String,
    /// Its description.
    pub description: String,
}

/// One request.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RequestView {
    /// Its number.
    pub number: RequestNumber,
    /// The plan.
    pub plan: Plan,
    /// Its digest.
    pub digest: String,
    /// Where it stands, expiry included.
    pub state: RequestState,
    /// Who asked.
    pub requester: String,
    /// Whether it is the caller's own.
    pub is_mine: bool,
    /// Why.
    pub reason: String,
    /// The ticket; may be empty.
    pub ticket: String,
    /// When it was submitted.
    pub submitted_at: Timestamp,
    /// When it expires unless approved and executed.
    pub expires_at: Timestamp,
    /// What the policy asks for.
    pub requirement: Requirement,
    /// How many approvals count now.
    pub approvals: u32,
    /// All verdicts, oldest first.
    #[serde(default)]
    pub votes: Vec<VoteView>,
    /// Who could still decide, by name; at most a handful.
    #[serde(default)]
    pub could_decide: Vec<String>,
    /// Why the caller cannot decide, if they cannot.
    pub obstacle: Option<VerdictObstacle>,
    /// Whether the caller can take it back.
    pub can_withdraw: bool,
    /// Whether a verdict needs the caller's password again.
    pub needs_password: bool,
    /// The steps of the execution, in order.
    #[serde(default)]
    pub steps: Vec<StepView>,
    /// What happened, oldest first.
    #[serde(default)]
    pub timeline: Vec<TimelineItem>,
    /// What is no longer as planned.
    #[serde(default)]
    pub drift: Vec<Drift>,
    /// What was checked the last time.
    #[serde(default)]
    pub checks: Vec<CheckView>,
    /// When that was.
    pub checked_at: Option<Timestamp>,
    /// The private key.
    pub secret: SecretState,
    /// The key that was created.
    pub created: Option<CreatedKey>,
    /// Organizations without a writer, for which the plan has to be carried out by hand.
    #[serde(default)]
    pub without_writer: Vec<String>,
}

/// A private key, for the one moment in which it is shown. It is no server function's answer and is never serialized.
#[derive(Clone)]
pub struct RevealedSecret {
    /// The request that brought it.
    pub number: RequestNumber,
    /// The key's description.
    pub description: String,
    /// The organization's name.
    pub org_name: String,
    /// The public key.
    pub public_key: String,
    /// The private key.
    pub private_key: String,
}

impl std::fmt::Debug for RevealedSecret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RevealedSecret").field("number", &self.number).finish_non_exhaustive()
    }
}

/// A page of requests.
#[server(prefix = "/api", endpoint = "requests/list")]
pub async fn list_requests(
    /// Which requests.
    query: RequestQuery,
) -> Result<RequestPage, ApiError> {
    use crate::server::{answer, begin};

    let listing = async {
        let (caller, backend) = begin()?;
        backend.requests.list(&caller, &query).await
    };
    answer(listing.await)
}

/// One request.
#[server(prefix = "/api", endpoint = "requests/get")]
pub async fn get_request(
    /// Its number.
    number: RequestNumber,
) -> Result<RequestView, ApiError> {
    use crate::server::{answer, begin};

    let getting = async {
        let (caller, backend) = begin()?;
        backend.requests.get(&caller, number).await
    };
    answer(getting.await)
}

#[cfg(feature = "ssr")]
fn request_page(number: &str) -> String {
    number.parse().map_or_else(|_| paths::REQUESTS.to_owned(), paths::request)
}

/// Approves exactly the plan with this digest.
#[server(prefix = "/api", endpoint = "requests/approve")]
pub async fn approve(
    /// The request's number.
    #[server(default)]
    number: String,
    /// The digest of the plan that was read.
    #[server(default)]
    digest: String,
    /// The caller's password, when it has to be given again.
    #[server(default)]
    password: String,
) -> Result<(), ApiError> {
    use crate::server::{Typed, answer_form, begin, confirmed};

    let approving = async {
        let (caller, backend) = begin()?;
        let request: RequestNumber = number.parse().map_err(|_| ApiError::NotFound)?;
        let caller = confirmed(caller, &backend, &password).await?;
        backend.requests.approve(&caller, request, &digest).await
    };
    let page = request_page(&number);
    answer_form(&page, Typed::nothing(), approving.await.map(|()| page.clone())).await
}

/// Denies a request, with a reason.
#[server(prefix = "/api", endpoint = "requests/deny")]
pub async fn deny(
    /// The request's number.
    #[server(default)]
    number: String,
    /// The digest of the plan that was read.
    #[server(default)]
    digest: String,
    /// Why not.
    #[server(default)]
    deny_reason: String,
    /// The caller's password, when it has to be given again.
    #[server(default)]
    password: String,
) -> Result<(), ApiError> {
    use crate::server::{Typed, answer_form, begin, confirmed};

    let denying = async {
        let (caller, backend) = begin()?;
        let request: RequestNumber = number.parse().map_err(|_| ApiError::NotFound)?;
        let caller = confirmed(caller, &backend, &password).await?;
        let reason = domain::description::check_prose(&deny_reason, "The reason", domain::create_key::MAX_REASON)
            .map_err(|message| {
                let message = if deny_reason.trim().is_empty() {
                    "Say why not; the person who asked reads it.".to_owned()
                } else {
                    message
                };
                ApiError::field("deny_reason", message)
            })?;
        backend.requests.deny(&caller, request, &digest, &reason).await
    };
    let page = request_page(&number);
    let typed = Typed::of(&[("deny_reason", &deny_reason)]);
    answer_form(&page, typed, denying.await.map(|()| page.clone())).await
}

/// Takes one's own request back.
#[server(prefix = "/api", endpoint = "requests/withdraw")]
pub async fn withdraw(
    /// The request's number.
    #[server(default)]
    number: String,
) -> Result<(), ApiError> {
    use crate::server::{Typed, answer_form, begin};

    let withdrawing = async {
        let (caller, backend) = begin()?;
        let request: RequestNumber = number.parse().map_err(|_| ApiError::NotFound)?;
        backend.requests.withdraw(&caller, request).await
    };
    let page = request_page(&number);
    answer_form(&page, Typed::nothing(), withdrawing.await.map(|()| page.clone())).await
}

/// Compares Atlas with the plan now.
#[server(prefix = "/api", endpoint = "requests/check")]
pub async fn check_now(
    /// The request's number.
    #[server(default)]
    number: String,
) -> Result<(), ApiError> {
    use crate::server::{Typed, answer_form, begin};

    let checking = async {
        let (caller, backend) = begin()?;
        let request: RequestNumber = number.parse().map_err(|_| ApiError::NotFound)?;
        backend.requests.check(&caller, request).await
    };
    let page = request_page(&number);
    answer_form(&page, Typed::nothing(), checking.await.map(|()| page.clone())).await
}
