//! Organizations and the connections through which they are read and changed.
#![expect(clippy::too_many_arguments, reason = "one argument per field of a form")]

use domain::{
    Known,
    ids::{OrgId, RequestNumber},
};
use jiff::Timestamp;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use crate::error::ApiError;

/// What went wrong, why, and what to do next, in words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Explanation {
    /// What went wrong and why.
    pub problem: String,
    /// What to do next.
    pub next: String,
}

/// How a connection is doing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum Health {
    /// The last refresh read everything.
    Healthy,
    /// The last refresh read some parts and not others.
    Partial {
        /// What could not be read.
        why: Explanation,
    },
    /// The last refresh failed.
    Failed {
        /// Two words: "access refused", "no route".
        word: String,
        /// Why, and what to do.
        why: Explanation,
    },
    /// It has not been read yet.
    NotYetRead,
    /// It is being read now.
    Refreshing,
}

/// A line of the table of organizations.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct OrganizationRow {
    /// The organization.
    pub org: OrgId,
    /// Its name in Atlas.
    pub name: String,
    /// Its label here; the name unless somebody chose another.
    pub label: String,
    /// Its environment, such as `prod`; may be empty.
    pub environment: String,
    /// How the connection is doing.
    pub health: Health,
    /// How many API keys it has.
    pub keys: Known<u32>,
    /// How many projects it has.
    pub projects: Known<u32>,
    /// How many of its keys have a finding of high severity.
    pub high_findings: Known<u32>,
    /// How many of its keys have a finding of medium severity.
    pub medium_findings: Known<u32>,
    /// How many requests for it are open.
    pub open_requests: u32,
    /// Whether there is a writer, so that approved plans can be executed.
    pub has_writer: bool,
    /// When it was last read.
    pub read_at: Option<Timestamp>,
    /// Whether the caller may ask for changes here.
    pub may_request: bool,
}

/// One of a connection's two credentials.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CredentialView {
    /// The public key; the private key never leaves the server.
    pub public_key: String,
    /// The organization roles Atlas reported at the last test.
    #[serde(default)]
    pub roles: Vec<String>,
    /// What these roles allow and do not allow, a sentence each: "Reads projects and keys", "Cannot read other keys' access lists".
    #[serde(default)]
    pub abilities: Vec<Ability>,
    /// How many entries its own access list has; with none it may be used from anywhere.
    pub access_list_entries: Known<u32>,
    /// When it was last tested.
    pub tested_at: Option<Timestamp>,
    /// What went wrong at the last test, if something did.
    pub failure: Option<Explanation>,
}

/// Something that a credential can or cannot do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ability {
    /// Whether it can.
    pub can: bool,
    /// What: "Read access lists of other keys".
    pub what: String,
    /// The role that would allow it, when it cannot.
    pub needs: Option<String>,
}

/// When one part of an organization was read, and what went wrong.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PartView {
    /// "Projects", "API keys", "Access lists", "Project assignments".
    pub part: String,
    /// When it was last read successfully.
    pub read_at: Option<Timestamp>,
    /// What went wrong the last time, if something did.
    pub failure: Option<Explanation>,
}

/// One organization with its connection.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ConnectionView {
    /// Name, health and counts.
    pub row: OrganizationRow,
    /// The base URL.
    pub base_url: String,
    /// Who looks after it; may be empty.
    pub owner: String,
    /// Who connected it, and when.
    pub connected_by: String,
    /// When it was connected.
    pub connected_at: Timestamp,
    /// The credentials that pages and refreshes use.
    pub reader: CredentialView,
    /// The credentials that only the executor uses, for one approved plan.
    pub writer: Option<CredentialView>,
    /// The address Atlas saw us call from.
    pub address_seen: Known<String>,
    /// The parts and when each was read.
    #[serde(default)]
    pub parts: Vec<PartView>,
    /// Open requests for this organization.
    #[serde(default)]
    pub open_requests: Vec<RequestNumber>,
    /// Whether the caller may change the connection.
    pub may_manage: bool,
    /// Whether the caller has to give the password again for that.
    pub needs_password: bool,
}

/// What the form for connecting an organization needs to know.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ConnectionChoices {
    /// The base URLs that are allowed.
    #[serde(default)]
    pub base_urls: Vec<String>,
    /// Whether the caller has to give the password again.
    pub needs_password: bool,
}

/// What the form for connecting an organization sends.
#[derive(Clone, Default)]
pub struct ConnectionForm {
    /// The base URL.
    pub base_url: String,
    /// The reader's public key.
    pub reader_public: String,
    /// The reader's private key.
    pub reader_private: String,
    /// The writer's public key; empty for none.
    pub writer_public: String,
    /// The writer's private key.
    pub writer_private: String,
    /// The label; empty for the organization's name.
    pub label: String,
    /// The environment; may be empty.
    pub environment: String,
    /// Who looks after it; may be empty.
    pub owner: String,
}

impl std::fmt::Debug for ConnectionForm {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ConnectionForm")
            .field("base_url", &self.base_url)
            .field("reader_public", &self.reader_public)
            .field("writer_public", &self.writer_public)
            .field("label", &self.label)
            .finish_non_exhaustive()
    }
}

/// Every organization the caller may see.
#[server(prefix = "/api", endpoint = "organizations/list")]
pub async fn list_organizations() -> Result<Vec<OrganizationRow>, ApiError> {
    use crate::server::{answer, begin};

    let listing = async {
        let (caller, backend) = begin()?;
        backend.connections.list(&caller).await
    };
    answer(listing.await)
}

/// One organization with its connection.
#[server(prefix = "/api", endpoint = "organizations/get")]
pub async fn get_organization(
    /// The organization.
    org: OrgId,
) -> Result<ConnectionView, ApiError> {
    use crate::server::{answer, begin};

    let getting = async {
        let (caller, backend) = begin()?;
        backend.connections.get(&caller, &org).await
    };
    answer(getting.await)
}

/// What the form for connecting an organization needs to know.
#[server(prefix = "/api", endpoint = "organizations/choices")]
pub async fn get_connection_choices() -> Result<ConnectionChoices, ApiError> {
    use crate::server::{answer, begin};

    let choosing = async {
        let (caller, backend) = begin()?;
        backend.connections.choices(&caller).await
    };
    answer(choosing.await)
}

/// Connects an organization.
#[server(prefix = "/api", endpoint = "organizations/add")]
pub async fn add_organization(
    /// The base URL.
    #[server(default)]
    base_url: String,
    /// The reader's public key.
    #[server(default)]
    reader_public: String,
    /// The reader's private key.
    #[server(default)]
    reader_private: String,
    /// The writer's public key.
    #[server(default)]
    writer_public: String,
    /// The writer's private key.
    #[server(default)]
    writer_private: String,
    /// The label.
    #[server(default)]
    label: String,
    /// The environment.
    #[server(default)]
    environment: String,
    /// Who looks after it.
    #[server(default)]
    owner: String,
    /// The caller's password, when it has to be given again.
    #[server(default)]
    password: String,
) -> Result<(), ApiError> {
    use crate::{
        paths,
        server::{Typed, answer_form, begin, confirmed},
    };

    let typed = Typed::of(&[
        ("base_url", &base_url),
        ("reader_public", &reader_public),
        ("writer_public", &writer_public),
        ("label", &label),
        ("environment", &environment),
        ("owner", &owner),
    ]);
    let adding = async {
        let (caller, backend) = begin()?;
        let caller = confirmed(caller, &backend, &password).await?;
        let form = ConnectionForm {
            base_url,
            reader_public,
            reader_private,
            writer_public,
            writer_private,
            label,
            environment,
            owner,
        };
        backend.connections.add(&caller, form).await.map(|org| paths::organization(&org))
    };
    answer_form(paths::NEW_ORGANIZATION, typed, adding.await).await
}

/// Replaces a connection's credentials, label, environment and owner; empty private keys leave their slot as it is.
#[server(prefix = "/api", endpoint = "organizations/replace")]
pub async fn replace_credentials(
    /// The organization's id.
    #[server(default)]
    org: String,
    /// The reader's public key.
    #[server(default)]
    reader_public: String,
    /// The reader's private key.
    #[server(default)]
    reader_private: String,
    /// The writer's public key.
    #[server(default)]
    writer_public: String,
    /// The writer's private key.
    #[server(default)]
    writer_private: String,
    /// The label.
    #[server(default)]
    label: String,
    /// The environment.
    #[server(default)]
    environment: String,
    /// Who looks after it.
    #[server(default)]
    owner: String,
    /// The caller's password, when it has to be given again.
    #[server(default)]
    password: String,
) -> Result<(), ApiError> {
    use crate::{
        paths,
        server::{Typed, answer_form, begin, confirmed},
    };

    let typed = Typed::of(&[
        ("reader_public", &reader_public),
        ("writer_public", &writer_public),
        ("label", &label),
        ("environment", &environment),
        ("owner", &owner),
    ]);
    let form_page =
        org.parse().map_or_else(|_| paths::ORGANIZATIONS.to_owned(), |org| paths::organization_credentials(&org));
    let replacing = async {
        let (caller, backend) = begin()?;
        let org: OrgId = org.parse().map_err(|_| ApiError::NotFound)?;
        let caller = confirmed(caller, &backend, &password).await?;
        let form = ConnectionForm {
            base_url: String::new(),
            reader_public,
            reader_private,
            writer_public,
            writer_private,
            label,
            environment,
            owner,
        };
        backend.connections.replace(&caller, &org, form).await.map(|()| paths::organization(&org))
    };
    answer_form(&form_page, typed, replacing.await).await
}

/// What to do with a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg(feature = "ssr")]
enum Act {
    Test,
    RemoveWriter,
    Refresh,
}

#[cfg(feature = "ssr")]
async fn act_on(org: String, password: String, act: Act) -> Result<(), ApiError> {
    use crate::{
        paths,
        server::{Typed, answer_form, begin, confirmed},
    };

    let page = org.parse().map_or_else(|_| paths::ORGANIZATIONS.to_owned(), |org| paths::organization(&org));
    let acting = async {
        let (caller, backend) = begin()?;
        let org: OrgId = org.parse().map_err(|_| ApiError::NotFound)?;
        let caller = confirmed(caller, &backend, &password).await?;
        match act {
            Act::Test => backend.connections.test(&caller, &org).await,
            Act::RemoveWriter => backend.connections.remove_writer(&caller, &org).await,
            Act::Refresh => backend.connections.refresh(&caller, Some(&org)).await,
        }
    };
    answer_form(&page, Typed::nothing(), acting.await.map(|()| page.clone())).await
}

/// Tests a connection's stored credentials again.
#[server(prefix = "/api", endpoint = "organizations/test")]
pub async fn test_connection(
    /// The organization's id.
    #[server(default)]
    org: String,
) -> Result<(), ApiError> {
    act_on(org, String::new(), Act::Test).await
}

/// Removes a connection's writer.
#[server(prefix = "/api", endpoint = "organizations/remove-writer")]
pub async fn remove_writer(
    /// The organization's id.
    #[server(default)]
    org: String,
    /// The caller's password, when it has to be given again.
    #[server(default)]
    password: String,
) -> Result<(), ApiError> {
    act_on(org, password, Act::RemoveWriter).await
}

/// Reads one organization from Atlas again.
#[server(prefix = "/api", endpoint = "organizations/refresh")]
pub async fn refresh_organization(
    /// The organization's id.
    #[server(default)]
    org: String,
) -> Result<(), ApiError> {
    act_on(org, String::new(), Act::Refresh).await
}

/// Reads every organization the caller may see from Atlas again, and goes back to `back`.
#[server(prefix = "/api", endpoint = "organizations/refresh-all")]
pub async fn refresh_all(
    /// Where to go afterwards, a path of this dashboard.
    #[server(default)]
    back: String,
) -> Result<(), ApiError> {
    use crate::{
        paths,
        server::{Typed, answer_form, begin},
    };

    let refreshing = async {
        let (caller, backend) = begin()?;
        backend.connections.refresh(&caller, None).await?;
        Ok(paths::own_path(&back).to_owned())
    };
    answer_form(paths::own_path(&back), Typed::nothing(), refreshing.await).await
}

/// Removes a connection with everything read through it.
#[server(prefix = "/api", endpoint = "organizations/remove")]
pub async fn remove_organization(
    /// The organization's id.
    #[server(default)]
    org: String,
    /// Its name, typed to confirm.
    #[server(default)]
    typed_name: String,
    /// The caller's password, when it has to be given again.
    #[server(default)]
    password: String,
) -> Result<(), ApiError> {
    use crate::{
        paths,
        server::{Typed, answer_form, begin, confirmed},
    };

    let page = org.parse().map_or_else(|_| paths::ORGANIZATIONS.to_owned(), |org| paths::organization(&org));
    let typed = Typed::of(&[("typed_name", &typed_name)]);
    let removing = async {
        let (caller, backend) = begin()?;
        let org: OrgId = org.parse().map_err(|_| ApiError::NotFound)?;
        let caller = confirmed(caller, &backend, &password).await?;
        backend.connections.remove(&caller, &org, &typed_name).await?;
        Ok(paths::ORGANIZATIONS.to_owned())
    };
    answer_form(&page, typed, removing.await).await
}
