//! People, their roles and one's own account.

use domain::{
    ids::PersonId,
    people::{Grant, Grants},
};
use jiff::Timestamp;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use crate::error::ApiError;

/// A line of the table of people.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PersonRow {
    /// The person.
    pub id: PersonId,
    /// The name to sign in with.
    pub username: String,
    /// The name shown.
    pub display_name: String,
    /// What they may do.
    pub grants: Grants,
    /// Whether the account is closed.
    pub disabled: bool,
    /// Whether they still have to choose a password by their one-time link.
    pub awaits_password: bool,
    /// When they last signed in.
    pub last_sign_in: Option<Timestamp>,
    /// Whether it is the caller.
    pub is_caller: bool,
}

/// A choice of organization in a form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrgChoice {
    /// The organization's id.
    pub id: String,
    /// Its label here.
    pub name: String,
}

/// One person.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PersonView {
    /// Name, roles and state.
    pub person: PersonRow,
    /// The organizations a role can be limited to.
    #[serde(default)]
    pub organizations: Vec<OrgChoice>,
    /// Why roles, password and state cannot be changed by the caller, if they cannot.
    pub obstacle: Option<String>,
    /// A one-time link that was just made by the caller and is shown once, with the time it ends.
    pub link: Option<(String, Timestamp)>,
}

/// A grant as a form sends it: `role` or `role@organization`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GrantForm(pub Grant);

impl GrantForm {
    /// Reads `role` or `role@organization`.
    ///
    /// # Errors
    ///
    /// Says that the role or the organization is not known.
    pub fn read(text: &str) -> Result<Self, String> {
        let (role, org) = match text.split_once('@') {
            Some((role, org)) => (role, Some(org)),
            None => (text, None),
        };
        let role = role.parse().map_err(|error| format!("“{role}” is not a role here: {error}."))?;
        let org = org.map(str::parse).transpose().map_err(|_| "That organization is not connected.".to_owned())?;
        Ok(Self(Grant { role, org }))
    }

    /// The text that [`GrantForm::read`] reads.
    #[must_use]
    pub fn write(&self) -> String {
        match &self.0.org {
            Some(org) => format!("{}@{org}", self.0.role),
            None => self.0.role.to_string(),
        }
    }
}

/// A session of the caller.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SessionRow {
    /// The address it was opened from.
    pub address: String,
    /// The browser, as it names itself.
    pub browser: String,
    /// When it was opened.
    pub created_at: Timestamp,
    /// When it was last used.
    pub last_seen: Timestamp,
    /// Whether it is this one.
    pub is_this: bool,
}

/// One's own account.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AccountView {
    /// Name and roles.
    pub person: PersonRow,
    /// Open sessions.
    #[serde(default)]
    pub sessions: Vec<SessionRow>,
}

/// Everybody.
#[server(prefix = "/api", endpoint = "people/list")]
pub async fn list_people() -> Result<Vec<PersonRow>, ApiError> {
    use crate::server::{answer, begin};

    let listing = async {
        let (caller, backend) = begin()?;
        backend.people.list(&caller).await
    };
    answer(listing.await)
}

/// One person.
#[server(prefix = "/api", endpoint = "people/get")]
pub async fn get_person(
    /// The person.
    id: PersonId,
) -> Result<PersonView, ApiError> {
    use crate::server::{answer, begin};

    let getting = async {
        let (caller, backend) = begin()?;
        backend.people.get(&caller, id).await
    };
    answer(getting.await)
}

/// One's own account.
#[server(prefix = "/api", endpoint = "people/account")]
pub async fn account() -> Result<AccountView, ApiError> {
    use crate::server::{answer, begin};

    let getting = async {
        let (caller, backend) = begin()?;
        backend.people.account(&caller).await
    };
    answer(getting.await)
}

#[cfg(feature = "ssr")]
fn read_grants(texts: &[String]) -> Result<Vec<GrantForm>, ApiError> {
    texts.iter().map(|text| GrantForm::read(text).map_err(|message| ApiError::field("grants", message))).collect()
}

/// Adds a person; their one-time link is shown on their page.
#[server(prefix = "/api", endpoint = "people/add")]
pub async fn add_person(
    /// The name to sign in with.
    #[server(default)]
    username: String,
    /// The name shown.
    #[server(default)]
    display_name: String,
    /// Grants, each `role` or `role@organization`.
    #[server(default)]
    grants: Vec<String>,
    /// The caller's password, when it has to be given again.
    #[server(default)]
    password: String,
) -> Result<(), ApiError> {
    use crate::{
        paths,
        server::{Typed, answer_form, begin, confirmed},
    };

    let adding = async {
        let (caller, backend) = begin()?;
        let caller = confirmed(caller, &backend, &password).await?;
        let grants = read_grants(&grants)?;
        let (person, _link) = backend.people.add(&caller, username.trim(), display_name.trim(), grants).await?;
        Ok(paths::person(person))
    };
    let outcome = adding.await;
    let mut typed = Typed::of(&[("username", &username), ("display_name", &display_name)]);
    typed.values.extend(grants.into_iter().map(|grant| ("grants".to_owned(), grant)));
    answer_form(paths::NEW_PERSON, typed, outcome).await
}

/// Replaces a person's roles.
#[server(prefix = "/api", endpoint = "people/set-grants")]
pub async fn set_grants(
    /// The person's id.
    #[server(default)]
    id: String,
    /// Grants, each `role` or `role@organization`.
    #[server(default)]
    grants: Vec<String>,
    /// The caller's password, when it has to be given again.
    #[server(default)]
    password: String,
) -> Result<(), ApiError> {
    use crate::server::{answer_form, begin, confirmed};

    let setting = async {
        let (caller, backend) = begin()?;
        let person: PersonId = id.parse().map_err(|_| ApiError::NotFound)?;
        let caller = confirmed(caller, &backend, &password).await?;
        let grants = read_grants(&grants)?;
        backend.people.set_grants(&caller, person, grants).await
    };
    let outcome = setting.await;
    let mut typed = crate::server::Typed::nothing();
    typed.values.extend(grants.into_iter().map(|grant| ("grants".to_owned(), grant)));
    let page = person_page(&id);
    answer_form(&format!("{page}?act=roles"), typed, outcome.map(|()| format!("{page}?done=roles"))).await
}

/// Makes a one-time link for a person's new password; it is shown on their page.
#[server(prefix = "/api", endpoint = "people/start-reset")]
pub async fn start_reset(
    /// The person's id.
    #[server(default)]
    id: String,
    /// The caller's password, when it has to be given again.
    #[server(default)]
    password: String,
) -> Result<(), ApiError> {
    use crate::server::{Typed, answer_form, begin, confirmed};

    let starting = async {
        let (caller, backend) = begin()?;
        let person: PersonId = id.parse().map_err(|_| ApiError::NotFound)?;
        let caller = confirmed(caller, &backend, &password).await?;
        backend.people.start_reset(&caller, person).await
    };
    let page = person_page(&id);
    answer_form(&format!("{page}?act=reset"), Typed::nothing(), starting.await.map(|_link| page.clone())).await
}

/// Closes or reopens a person's account.
#[server(prefix = "/api", endpoint = "people/set-disabled")]
pub async fn set_disabled(
    /// The person's id.
    #[server(default)]
    id: String,
    /// Whether it is to be closed.
    #[server(default)]
    disabled: bool,
    /// The caller's password, when it has to be given again.
    #[server(default)]
    password: String,
) -> Result<(), ApiError> {
    use crate::server::{Typed, answer_form, begin, confirmed};

    let setting = async {
        let (caller, backend) = begin()?;
        let person: PersonId = id.parse().map_err(|_| ApiError::NotFound)?;
        let caller = confirmed(caller, &backend, &password).await?;
        backend.people.set_disabled(&caller, person, disabled).await
    };
    let page = person_page(&id);
    answer_form(&format!("{page}?act=state"), Typed::nothing(), setting.await.map(|()| page.clone())).await
}

/// The page of the person whose id a form sent; the list when it is no id.
#[cfg(feature = "ssr")]
fn person_page(id: &str) -> String {
    id.parse().map_or_else(|_| crate::paths::PEOPLE.to_owned(), crate::paths::person)
}

/// Changes one's own password.
#[server(prefix = "/api", endpoint = "people/change-password")]
pub async fn change_password(
    /// The password until now.
    #[server(default)]
    current: String,
    /// The new one.
    #[server(default)]
    password: String,
    /// The new one again.
    #[server(default)]
    password_again: String,
) -> Result<(), ApiError> {
    use crate::{
        paths,
        server::{Typed, answer_form, begin},
    };

    let changing = async {
        let (caller, backend) = begin()?;
        if password != password_again {
            return Err(ApiError::field("password_again", "The two passwords differ. Type them again."));
        }
        backend.people.change_password(&caller, &current, &password).await?;
        Ok(format!("{}?done=password", paths::ACCOUNT))
    };
    answer_form(paths::ACCOUNT, Typed::nothing(), changing.await).await
}

/// Ends one's other sessions.
#[server(prefix = "/api", endpoint = "people/end-other-sessions")]
pub async fn end_other_sessions() -> Result<(), ApiError> {
    use crate::{
        paths,
        server::{Typed, answer_form, begin},
    };

    let ending = async {
        let (caller, backend) = begin()?;
        backend.people.end_other_sessions(&caller).await?;
        Ok(format!("{}?done=sessions", paths::ACCOUNT))
    };
    answer_form(paths::ACCOUNT, Typed::nothing(), ending.await).await
}
