//! What changes people. Each is one transaction with its log entry, and most ask for the password given lately.

use app::{
    api::people::GrantForm,
    backend::{Answer, Caller},
    error::ApiError,
};
use domain::{
    FieldError,
    ids::PersonId,
    people::{Grant, Permission, Role},
};
use secrecy::SecretString;
use uuid::Uuid;

use super::{People, caller_session};
use crate::{
    accounts::{rules, session::SignedInAs},
    log::{Action, Entry},
    services::{
        fault::internal,
        sign_in::{caller_actor, current, start_reset},
    },
    store::{Person, Store, Tx},
};

impl People {
    pub(super) async fn add_person(
        &self,
        caller: &Caller,
        username: &str,
        display_name: &str,
        grants: Vec<GrantForm>,
    ) -> Answer<(PersonId, String)> {
        let now = self.clock.now();
        caller.require(Permission::ManagePeople)?;
        caller.require_confirmed(now)?;
        let mut errors = Vec::new();
        if let Err(message) = rules::check_username(username) {
            errors.push(FieldError::new("username", message));
        }
        if let Err(message) = rules::check_display_name(display_name) {
            errors.push(FieldError::new("display_name", message));
        }
        let grants = match self.checked(caller, grants).await {
            Ok(grants) => grants,
            Err(ApiError::Invalid { fields }) => {
                errors.extend(fields);
                Vec::new()
            }
            Err(error) => return Err(error),
        };
        if !errors.is_empty() {
            return Err(ApiError::Invalid { fields: errors });
        }

        let person = PersonId(Uuid::now_v7());
        let mut tx = self.store.begin().await?;
        Store::insert_person(&mut tx, person, username, display_name, now).await.map_err(|error| {
            if error.is_unique_violation() {
                ApiError::field("username", "Somebody has this username already. Choose another one.")
            } else {
                error.into()
            }
        })?;
        Store::replace_grants(&mut tx, person, &grants, Some(caller.person), now).await?;
        let link = start_reset(&mut tx, person, Some((caller.person, &self.keys)), now).await?;
        let entry = self
            .entry(caller, Action::PersonAdded)
            .detail("person", username.to_lowercase())
            .detail("grants", words(&grants));
        Store::append_log(&mut tx, &entry).await?;
        tx.commit().await?;
        Ok((person, self.public_url.join(&link.path())))
    }

    pub(super) async fn change_grants(&self, caller: &Caller, person: PersonId, grants: Vec<GrantForm>) -> Answer<()> {
        let person = self.changeable(caller, person).await?;
        let grants = self.checked(caller, grants).await?;
        let now = self.clock.now();
        let mut tx = self.store.begin().await?;
        if !grants.iter().any(|grant| grant.role == Role::Administrator && grant.org.is_none()) {
            self.keep_one_administrator(&mut tx, caller, &person).await?;
        }
        Store::replace_grants(&mut tx, person.id, &grants, Some(caller.person), now).await?;
        let entry = self
            .entry(caller, Action::RolesChanged)
            .detail("person", person.username)
            .detail("before", words(&person.grants.0))
            .detail("after", words(&grants));
        Store::append_log(&mut tx, &entry).await?;
        tx.commit().await?;
        self.surroundings.roles_changed().await;
        Ok(())
    }

    pub(super) async fn begin_reset(&self, caller: &Caller, person: PersonId) -> Answer<String> {
        let person = self.changeable(caller, person).await?;
        if person.disabled_at.is_some() {
            return Err(ApiError::refused("This account is closed.", "Open it again first."));
        }
        let now = self.clock.now();
        let mut tx = self.store.begin().await?;
        let link = start_reset(&mut tx, person.id, Some((caller.person, &self.keys)), now).await?;
        let entry = self.entry(caller, Action::ResetStarted).detail("person", person.username);
        Store::append_log(&mut tx, &entry).await?;
        tx.commit().await?;
        Ok(self.public_url.join(&link.path()))
    }

    pub(super) async fn change_disabled(&self, caller: &Caller, person: PersonId, disabled: bool) -> Answer<()> {
        let person = self.changeable(caller, person).await?;
        let now = self.clock.now();
        if disabled == person.disabled_at.is_some() {
            return Ok(());
        }
        let mut tx = self.store.begin().await?;
        let action = if disabled {
            self.keep_one_administrator(&mut tx, caller, &person).await?;
            Store::delete_sessions_of(&mut tx, person.id, None).await?;
            Action::PersonDisabled
        } else {
            Action::PersonEnabled
        };
        Store::set_disabled(&mut tx, person.id, disabled.then_some(now)).await?;
        let entry = self.entry(caller, action).detail("person", person.username);
        Store::append_log(&mut tx, &entry).await?;
        tx.commit().await?;
        self.surroundings.roles_changed().await;
        Ok(())
    }

    pub(super) async fn change_own_password(&self, caller: &Caller, given: &str, new: &str) -> Answer<()> {
        let request = current()?;
        let session_problem = |error| internal(&error);
        rules::check_password(new, &caller.username).map_err(|message| ApiError::field("password", message))?;
        let person = self.known(caller.person).await?;
        let refusal = ApiError::field("current", "This is not your password. Type it again.");
        let right = self
            .sign_in
            .check_password(&person.username, Some(&person), &SecretString::from(given), &(&request).into(), refusal)
            .await?;
        let hash = self.sign_in.passwords().hash(&SecretString::from(new)).await;

        let now = self.clock.now();
        let mut tx = self.store.begin().await?;
        self.sign_in.accept(&mut tx, &person, right, now).await?;
        Store::set_password_hash(&mut tx, person.id, &hash, now).await?;
        let ended = Store::delete_sessions_of(&mut tx, person.id, caller_session()).await?;
        let entry = self.entry(caller, Action::PasswordChanged).detail("sessions_ended", ended);
        Store::append_log(&mut tx, &entry).await?;
        tx.commit().await?;

        let mut signed_in =
            SignedInAs::of(&request.session).await.map_err(session_problem)?.ok_or(ApiError::SignInRequired)?;
        signed_in.confirmed_at = now;
        signed_in.enter(&request.session).await.map_err(session_problem)
    }

    pub(super) async fn end_others(&self, caller: &Caller) -> Answer<()> {
        let Some(this) = caller_session() else { return Err(ApiError::SignInRequired) };
        let mut tx = self.store.begin().await?;
        let ended = Store::delete_sessions_of(&mut tx, caller.person, Some(this)).await?;
        let entry = self.entry(caller, Action::SessionsEnded).detail("sessions_ended", ended);
        Store::append_log(&mut tx, &entry).await?;
        Ok(tx.commit().await?)
    }

    fn entry(&self, caller: &Caller, action: Action) -> Entry {
        Entry::new(self.clock.now(), caller_actor(caller), action).address(Some(&caller.address))
    }

    /// The person, if `caller` may change them now. Nobody changes their own roles or state.
    async fn changeable(&self, caller: &Caller, person: PersonId) -> Answer<Person> {
        caller.require(Permission::ManagePeople)?;
        caller.require_confirmed(self.clock.now())?;
        if person == caller.person {
            return Err(ApiError::refused(
                "You cannot change your own roles, reset your own password or close your own account here.",
                "Ask another administrator, or change your password on your account page.",
            ));
        }
        self.known(person).await
    }

    /// The grants of a form, each once, for organizations that are connected.
    async fn checked(&self, caller: &Caller, grants: Vec<GrantForm>) -> Answer<Vec<Grant>> {
        let mut grants: Vec<Grant> = grants.into_iter().map(|GrantForm(grant)| grant).collect();
        grants.sort();
        grants.dedup();
        if grants.len() > 500 {
            return Err(ApiError::field(
                "grants",
                "These are more than 500 grants. Give some of the roles everywhere.",
            ));
        }
        let known = self.surroundings.organizations(caller).await?;
        let is_known =
            |grant: &Grant| grant.org.as_ref().is_none_or(|org| known.iter().any(|choice| choice.id == org.as_str()));
        if grants.iter().all(is_known) {
            Ok(grants)
        } else {
            Err(ApiError::field(
                "grants",
                "One of the organizations is not connected. Reload the page and choose again.",
            ))
        }
    }

    /// Refuses when `person` is the last administrator who can sign in.
    async fn keep_one_administrator(&self, tx: &mut Tx, caller: &Caller, person: &Person) -> Answer<()> {
        let administrators = Store::lock_administrators(tx).await?;
        if administrators.iter().all(|administrator| *administrator == person.id) {
            return Err(ApiError::refused(
                "This is the last administrator who can sign in.",
                "Make somebody else an administrator first.",
            ));
        }
        // The caller may have lost the role since the request began, to the very person they are changing.
        if !administrators.contains(&caller.person) {
            return Err(ApiError::Forbidden { role: Role::Administrator });
        }
        Ok(())
    }
}

/// Grants as words for the log: `operator`, `approver@5f1a…`.
fn words(grants: &[Grant]) -> Vec<String> {
    grants.iter().map(|grant| GrantForm(grant.clone()).write()).collect()
}
