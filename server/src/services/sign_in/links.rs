//! One-time links: the first set-up, and choosing a password.

use app::{api::session::LinkView, backend::Answer, error::ApiError, paths};
use domain::{
    FieldError,
    ids::PersonId,
    people::{Grant, Role},
};
use jiff::{SignedDuration, Timestamp};
use secrecy::{ExposeSecret as _, SecretString};
use uuid::Uuid;

use super::{SignIn, actor, current};
use crate::{
    accounts::rules,
    log::{Action, Actor, Entry},
    random,
    sealing::{Keys, Place},
    services::fault::internal,
    store::{LinkPurpose, NewLink, OpenLink, Person, Store, StoreError, Tx},
};

/// How long a link works.
const WORKS_FOR: SignedDuration = SignedDuration::from_mins(30);

/// A link that was just made.
#[derive(Debug)]
pub struct OneTimeLink {
    /// What stands in it.
    pub token: SecretString,
    /// When it ends.
    pub expires_at: Timestamp,
}

impl OneTimeLink {
    /// Its path, which is as secret as the token.
    #[must_use]
    pub fn path(&self) -> String {
        paths::one_time_link(self.token.expose_secret())
    }
}

/// Where a sealed token is kept.
pub(in crate::services) fn place(id: &str) -> Place<'_> {
    Place { table: "one_time_links", column: "sealed_token", row: id }
}

/// Makes the link for the first administrator, if there is none yet. Earlier ones stop working.
///
/// # Errors
///
/// When the database cannot take it.
pub async fn make_set_up_link(store: &Store, now: Timestamp) -> Result<Option<OneTimeLink>, StoreError> {
    if store.has_administrator().await? {
        return Ok(None);
    }
    let token = random::token();
    let expires_at = now + WORKS_FOR;
    let mut tx = store.begin().await?;
    let link = NewLink {
        id: Uuid::now_v7(),
        token_hash: random::token_hash(&token),
        purpose: LinkPurpose::SetUp,
        person: None,
        created_by: None,
        sealed_token: None,
        created_at: now,
        expires_at,
    };
    Store::insert_link(&mut tx, link).await?;
    tx.commit().await?;
    Ok(Some(OneTimeLink { token, expires_at }))
}

/// Makes a link with which `person` chooses a password. With `shown_to`, that administrator's page shows it for some
/// minutes.
///
/// # Errors
///
/// When the database cannot take it.
pub async fn start_reset(
    tx: &mut Tx,
    person: PersonId,
    shown_to: Option<(PersonId, &Keys)>,
    now: Timestamp,
) -> Result<OneTimeLink, StoreError> {
    let token = random::token();
    let expires_at = now + WORKS_FOR;
    let id = Uuid::now_v7();
    let link = NewLink {
        id,
        token_hash: random::token_hash(&token),
        purpose: LinkPurpose::ChoosePassword,
        person: Some(person),
        created_by: shown_to.map(|(maker, _)| maker),
        sealed_token: shown_to.map(|(_, keys)| keys.seal(place(&id.to_string()), token.expose_secret().as_bytes())),
        created_at: now,
        expires_at,
    };
    Store::insert_link(tx, link).await?;
    Ok(OneTimeLink { token, expires_at })
}

impl SignIn {
    pub(super) async fn describe_link(&self, token: &str) -> Answer<Option<LinkView>> {
        let Some(link) = self.open(token).await? else { return Ok(None) };
        Ok(match (link.purpose, link.person) {
            (LinkPurpose::SetUp, _) => (!self.store.has_administrator().await?).then_some(LinkView::SetUp),
            (LinkPurpose::ChoosePassword, Some(person)) => self.store.person(person).await?.map(|person| {
                LinkView::ChoosePassword { username: person.username, display_name: person.display_name }
            }),
            (LinkPurpose::ChoosePassword, None) => None,
        })
    }

    pub(super) async fn use_set_up_link(
        &self,
        token: &str,
        username: &str,
        display_name: &str,
        password: &str,
    ) -> Answer<()> {
        let request = current()?;
        let link = self.open(token).await?.filter(|link| link.purpose == LinkPurpose::SetUp);
        let link = link.ok_or_else(dead)?;
        let mut errors = Vec::new();
        let mut check = |field: &str, outcome: Result<(), String>| {
            if let Err(message) = outcome {
                errors.push(FieldError::new(field, message));
            }
        };
        check("username", rules::check_username(username));
        check("display_name", rules::check_display_name(display_name));
        check("password", rules::check_password(password, username));
        if !errors.is_empty() {
            return Err(ApiError::Invalid { fields: errors });
        }
        let hash = self.passwords().hash(&SecretString::from(password)).await;

        let now = self.clock.now();
        let person = Person {
            id: PersonId(Uuid::now_v7()),
            username: username.to_lowercase(),
            display_name: display_name.to_owned(),
            password_hash: None,
            disabled_at: None,
            created_at: now,
            last_sign_in_at: Some(now),
            grants: domain::people::Grants::default(),
        };
        let mut tx = self.store.begin().await?;
        if !Store::use_link(&mut tx, link.id, now).await? {
            return Err(dead());
        }
        Store::insert_person(&mut tx, person.id, username, display_name, now).await.map_err(|error| {
            if error.is_unique_violation() {
                ApiError::field("username", "This user name is taken. Choose another one.")
            } else {
                error.into()
            }
        })?;
        let administrator = [Grant { role: Role::Administrator, org: None }];
        Store::replace_grants(&mut tx, person.id, &administrator, None, now).await?;
        Store::set_password_hash(&mut tx, person.id, &hash, now).await?;
        Store::note_sign_in(&mut tx, person.id, now).await?;
        for action in [Action::SetUp, Action::SignedIn] {
            let entry = Entry::new(now, actor(&person), action).address(Some(request.address));
            Store::append_log(&mut tx, &entry).await?;
        }
        tx.commit().await?;
        self.open_session(&person, &request, now).await
    }

    pub(super) async fn use_password_link(&self, token: &str, password: &str) -> Answer<()> {
        let request = current()?;
        let link = self.open(token).await?;
        let link = link.filter(|link| link.purpose == LinkPurpose::ChoosePassword).ok_or_else(dead)?;
        let person = match link.person {
            Some(person) => self.store.person(person).await?,
            None => None,
        };
        let person = person.ok_or_else(dead)?;
        rules::check_password(password, &person.username).map_err(|message| ApiError::field("password", message))?;
        let hash = self.passwords().hash(&SecretString::from(password)).await;

        let now = self.clock.now();
        let mut tx = self.store.begin().await?;
        if !Store::use_link(&mut tx, link.id, now).await? {
            return Err(dead());
        }
        Store::set_password_hash(&mut tx, person.id, &hash, now).await?;
        let ended = Store::delete_sessions_of(&mut tx, person.id, None).await?;
        // Whoever holds the link need not be the person: the entry names both only as far as it is known.
        let entry = Entry::new(now, Actor::Stranger, Action::PasswordChosen)
            .address(Some(request.address))
            .detail("person", person.username.as_str())
            .detail("sessions_ended", ended);
        Store::append_log(&mut tx, &entry).await?;
        tx.commit().await?;
        request.session.flush().await.map_err(|error| internal(&error))
    }

    async fn open(&self, token: &str) -> Result<Option<OpenLink>, StoreError> {
        let hash = random::token_hash(&SecretString::from(token));
        self.store.open_link(hash, self.clock.now()).await
    }
}

fn dead() -> ApiError {
    ApiError::refused(
        "This link was used already, or its 30 minutes are over.",
        "Ask an administrator for a new one; for the very first set-up, restart Meridian and look at its console.",
    )
}
