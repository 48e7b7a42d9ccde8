//! People and their roles, and one's own account.

mod change;

use std::sync::Arc;

use app::{
    api::people::{AccountView, GrantForm, PersonRow, PersonView, SessionRow},
    backend::{Answer, Caller, Clock, PeopleService},
    error::ApiError,
    paths,
};
use async_trait::async_trait;
use domain::{ids::PersonId, people::Permission};
use jiff::{SignedDuration, Timestamp};

use super::{Surroundings, sign_in::SignIn};
use crate::{
    accounts::session::{CurrentRequest, id_hash},
    sealing::Keys,
    services::{fault::internal, sign_in::place},
    settings::PublicUrl,
    store::{Person, Store},
};

/// How long an administrator is shown the link they made.
pub(crate) const LINK_SHOWN_FOR: SignedDuration = SignedDuration::from_mins(10);

/// The service.
#[derive(Clone)]
pub struct People {
    store: Store,
    clock: Arc<dyn Clock>,
    keys: Keys,
    public_url: PublicUrl,
    idle: SignedDuration,
    sign_in: SignIn,
    surroundings: Arc<dyn Surroundings>,
}

impl People {
    /// The service over `store`; `idle` is after how long a session that is not used ends.
    #[must_use]
    pub fn new(
        store: Store,
        clock: Arc<dyn Clock>,
        keys: Keys,
        public_url: PublicUrl,
        idle: SignedDuration,
        sign_in: SignIn,
        surroundings: Arc<dyn Surroundings>,
    ) -> Self {
        Self { store, clock, keys, public_url, idle, sign_in, surroundings }
    }

    fn row(&self, person: Person, caller: &Caller) -> PersonRow {
        PersonRow {
            id: person.id,
            username: person.username,
            display_name: person.display_name,
            disabled: person.disabled_at.is_some(),
            awaits_password: person.password_hash.is_none(),
            last_sign_in: person.last_sign_in_at,
            is_caller: person.id == caller.person,
            grants: person.grants,
        }
    }

    async fn known(&self, person: PersonId) -> Answer<Person> {
        self.store.person(person).await?.ok_or(ApiError::NotFound)
    }

    /// The link that `caller` made for `person` a moment ago.
    async fn shown_link(
        &self,
        caller: &Caller,
        person: PersonId,
        now: Timestamp,
    ) -> Answer<Option<(String, Timestamp)>> {
        let since = now - LINK_SHOWN_FOR;
        let Some(link) = self.store.shown_link(person, caller.person, since, now).await? else {
            return Ok(None);
        };
        let opened = self.keys.open(place(&link.id.to_string()), &link.sealed_token);
        let token = opened.map_err(|error| internal(&error))?;
        let token = String::from_utf8_lossy(&token);
        Ok(Some((self.public_url.join(&paths::one_time_link(&token)), link.expires_at)))
    }
}

#[async_trait]
impl PeopleService for People {
    async fn list(&self, caller: &Caller) -> Answer<Vec<PersonRow>> {
        caller.require(Permission::ManagePeople)?;
        let people = self.store.people().await?;
        Ok(people.into_iter().map(|person| self.row(person, caller)).collect())
    }

    async fn get(&self, caller: &Caller, person: PersonId) -> Answer<PersonView> {
        caller.require(Permission::ManagePeople)?;
        let now = self.clock.now();
        let link = self.shown_link(caller, person, now).await?;
        let person = self.known(person).await?;
        let obstacle = (person.id == caller.person).then(|| {
            "This is you. Somebody else with the administrator role changes your roles; your password is on your account page."
                .to_owned()
        });
        Ok(PersonView {
            person: self.row(person, caller),
            organizations: self.surroundings.organizations(caller).await?,
            obstacle,
            link,
        })
    }

    async fn add(
        &self,
        caller: &Caller,
        username: &str,
        display_name: &str,
        grants: Vec<GrantForm>,
    ) -> Answer<(PersonId, String)> {
        self.add_person(caller, username, display_name, grants).await
    }

    async fn set_grants(&self, caller: &Caller, person: PersonId, grants: Vec<GrantForm>) -> Answer<()> {
        self.change_grants(caller, person, grants).await
    }

    async fn start_reset(&self, caller: &Caller, person: PersonId) -> Answer<String> {
        self.begin_reset(caller, person).await
    }

    async fn set_disabled(&self, caller: &Caller, person: PersonId, disabled: bool) -> Answer<()> {
        self.change_disabled(caller, person, disabled).await
    }

    async fn account(&self, caller: &Caller) -> Answer<AccountView> {
        let now = self.clock.now();
        let person = self.known(caller.person).await?;
        let sessions = self.store.sessions_of(caller.person, now, now - self.idle).await?;
        let this = caller_session();
        Ok(AccountView {
            person: self.row(person, caller),
            sessions: sessions
                .into_iter()
                .map(|session| SessionRow {
                    address: session.address.unwrap_or_else(|| "unknown".to_owned()),
                    browser: session.agent.unwrap_or_else(|| "unknown".to_owned()),
                    created_at: session.created_at,
                    last_seen: session.last_seen_at,
                    is_this: this == Some(session.id_hash),
                })
                .collect(),
        })
    }

    async fn change_password(&self, caller: &Caller, current: &str, new: &str) -> Answer<()> {
        self.change_own_password(caller, current, new).await
    }

    async fn end_other_sessions(&self, caller: &Caller) -> Answer<()> {
        self.end_others(caller).await
    }
}

/// The hash of the session in use.
fn caller_session() -> Option<[u8; 32]> {
    CurrentRequest::get().and_then(|request| request.session.id()).map(id_hash)
}
