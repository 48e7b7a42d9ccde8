//! Signing in and out, giving the password again, and one-time links.

mod links;

use std::{net::IpAddr, sync::Arc};

use app::{
    api::session::{DemoAccount, FrameView, LinkView, SignedIn},
    backend::{Answer, Caller, Clock, SessionService},
    error::ApiError,
};
use async_trait::async_trait;
use domain::people::Permission;
use jiff::Timestamp;
use secrecy::SecretString;

use super::{Surroundings, fault::internal};
use crate::{
    accounts::{
        passwords::{Checked, Passwords},
        session::{CurrentRequest, SignedInAs},
        throttle::{Throttle, Try, Verdict},
    },
    log::{Action, Actor, Entry, Outcome},
    store::{Person, Store, Tx},
};

pub(super) use links::place;
pub use links::{OneTimeLink, make_set_up_link, start_reset};

/// The service.
#[derive(Clone)]
pub struct SignIn {
    store: Store,
    clock: Arc<dyn Clock>,
    passwords: Passwords,
    throttle: Arc<Throttle>,
    surroundings: Arc<dyn Surroundings>,
    demo_accounts: Arc<[DemoAccount]>,
}

/// A password that was right.
pub(super) struct Right {
    attempt: Try,
    /// A stronger hash of it, when the stored one is weaker than what we make today.
    stronger: Option<String>,
}

impl SignIn {
    /// The service over `store`. `demo_accounts` is empty unless this is the demo.
    #[must_use]
    pub fn new(
        store: Store,
        clock: Arc<dyn Clock>,
        passwords: Passwords,
        surroundings: Arc<dyn Surroundings>,
        demo_accounts: Vec<DemoAccount>,
    ) -> Self {
        Self {
            store,
            clock,
            passwords,
            throttle: Arc::new(Throttle::default()),
            surroundings,
            demo_accounts: demo_accounts.into(),
        }
    }

    /// Looks at a password, behind the brake. A wrong one is logged and refused with `refusal`.
    ///
    /// # Errors
    ///
    /// The refusal, or how long to wait.
    pub(super) async fn check_password(
        &self,
        username: &str,
        person: Option<&Person>,
        password: &SecretString,
        asked: &Asked,
        refusal: ApiError,
    ) -> Answer<Right> {
        let now = self.clock.now();
        let actor = || person.map_or(Actor::Stranger, actor);
        let attempt = match self.throttle.begin(&self.store, username, asked.address, now).await? {
            Verdict::Go(attempt) => attempt,
            Verdict::Wait { wait, is_news } => {
                if is_news {
                    let entry = Entry::new(now, actor(), Action::SignInThrottled)
                        .outcome(Outcome::Refused)
                        .address(Some(asked.address));
                    self.store.log_alone(&entry).await?;
                }
                let whole = wait.as_secs() + i64::from(wait.subsec_nanos() > 0);
                return Err(ApiError::TooManyTries { seconds: u32::try_from(whole).unwrap_or(u32::MAX).max(1) });
            }
        };
        let may_sign_in = person.filter(|person| person.disabled_at.is_none());
        let stored = may_sign_in.and_then(|person| person.password_hash.as_deref());
        let checked = self.passwords.check(password, stored).await;
        if checked == Checked::Wrong {
            let entry =
                Entry::new(now, actor(), Action::SignInFailed).outcome(Outcome::Refused).address(Some(asked.address));
            self.store.log_alone(&entry).await?;
            return Err(refusal);
        }
        let stronger = match checked {
            Checked::RightButWeak => Some(self.passwords.hash(password).await),
            _ => None,
        };
        Ok(Right { attempt, stronger })
    }

    /// Forgives the failures before a right password, and keeps its stronger hash.
    pub(super) async fn accept(&self, tx: &mut Tx, person: &Person, right: Right, now: Timestamp) -> Answer<()> {
        self.throttle.forgive(tx, right.attempt).await?;
        if let Some(hash) = right.stronger {
            Store::set_password_hash(tx, person.id, &hash, now).await?;
        }
        Ok(())
    }

    /// Opens the session of `person` for the current request.
    async fn open_session(&self, person: &Person, request: &CurrentRequest, now: Timestamp) -> Answer<()> {
        let entry = SignedInAs {
            person: person.id,
            since: now,
            confirmed_at: now,
            address: request.address.to_string(),
            agent: request.agent.clone(),
        };
        entry.enter(&request.session).await.map_err(|error| internal(&error))
    }

    pub(super) fn passwords(&self) -> &Passwords {
        &self.passwords
    }
}

/// From where something is asked.
pub(super) struct Asked {
    pub(super) address: IpAddr,
}

impl From<&CurrentRequest> for Asked {
    fn from(request: &CurrentRequest) -> Self {
        Self { address: request.address }
    }
}

/// The current request; these services are only called within one.
pub(super) fn current() -> Answer<CurrentRequest> {
    CurrentRequest::get().ok_or_else(|| {
        tracing::error!("a service that needs the request was called outside of one");
        ApiError::Internal { reference: "-".to_owned() }
    })
}

pub(super) fn actor(person: &Person) -> Actor {
    Actor::Person { id: person.id, username: person.username.clone() }
}

pub(super) fn caller_actor(caller: &Caller) -> Actor {
    Actor::Person { id: caller.person, username: caller.username.clone() }
}

#[async_trait]
impl SessionService for SignIn {
    async fn sign_in(&self, username: &str, password: &str) -> Answer<SignedIn> {
        let request = current()?;
        let person = self.store.person_named(username).await?;
        let refusal = ApiError::field("password", "The username or the password is wrong. Check both, then try again.");
        let right = self
            .check_password(username, person.as_ref(), &SecretString::from(password), &(&request).into(), refusal)
            .await?;
        let person = person.ok_or(ApiError::SignInRequired)?;

        let now = self.clock.now();
        let mut tx = self.store.begin().await?;
        self.accept(&mut tx, &person, right, now).await?;
        Store::note_sign_in(&mut tx, person.id, now).await?;
        let entry = Entry::new(now, actor(&person), Action::SignedIn).address(Some(request.address));
        Store::append_log(&mut tx, &entry).await?;
        tx.commit().await?;
        self.open_session(&person, &request, now).await?;
        Ok(SignedIn::Done)
    }

    async fn sign_out(&self) -> Answer<()> {
        let request = current()?;
        let signed_in = SignedInAs::of(&request.session).await.map_err(|error| internal(&error))?;
        if let Some(signed_in) = signed_in
            && let Some(person) = self.store.person(signed_in.person).await?
        {
            let entry = Entry::new(self.clock.now(), actor(&person), Action::SignedOut).address(Some(request.address));
            self.store.log_alone(&entry).await?;
        }
        request.session.flush().await.map_err(|error| internal(&error))
    }

    async fn confirm(&self, caller: &Caller, password: &str) -> Answer<Caller> {
        let request = current()?;
        let person = self.store.person(caller.person).await?.ok_or(ApiError::SignInRequired)?;
        let refusal = ApiError::field("password", "The password is wrong. Type it again.");
        let right = self
            .check_password(&person.username, Some(&person), &SecretString::from(password), &(&request).into(), refusal)
            .await?;

        let now = self.clock.now();
        let mut tx = self.store.begin().await?;
        self.accept(&mut tx, &person, right, now).await?;
        let entry = Entry::new(now, actor(&person), Action::Reauthenticated).address(Some(request.address));
        Store::append_log(&mut tx, &entry).await?;
        tx.commit().await?;

        let session_problem = |error| internal(&error);
        let mut signed_in =
            SignedInAs::of(&request.session).await.map_err(session_problem)?.ok_or(ApiError::SignInRequired)?;
        signed_in.confirmed_at = now;
        signed_in.enter(&request.session).await.map_err(session_problem)?;
        Ok(Caller { confirmed_at: now, ..caller.clone() })
    }

    async fn link(&self, token: &str) -> Answer<Option<LinkView>> {
        self.describe_link(token).await
    }

    async fn set_up(&self, token: &str, username: &str, display_name: &str, password: &str) -> Answer<()> {
        self.use_set_up_link(token, username, display_name, password).await
    }

    async fn choose_password(&self, token: &str, password: &str) -> Answer<()> {
        self.use_password_link(token, password).await
    }

    async fn demo_accounts(&self) -> Answer<Vec<DemoAccount>> {
        Ok(self.demo_accounts.to_vec())
    }

    async fn frame(&self, caller: &Caller) -> Answer<FrameView> {
        let organizations = self.surroundings.organizations(caller).await?;
        let roles: Vec<&str> = caller.grants.roles().into_iter().map(|role| role.as_str()).collect();
        let mut roles = roles.join(", ");
        if let Some(first) = roles.get_mut(..1) {
            first.make_ascii_uppercase();
        }
        Ok(FrameView {
            display_name: caller.display_name.clone(),
            roles,
            inbox: self.surroundings.inbox(caller).await?,
            organizations: u32::try_from(organizations.len()).unwrap_or(u32::MAX),
            sees_log: caller.grants.allow(Permission::ReadLog),
            sees_people: caller.grants.allow(Permission::ManagePeople),
            is_demo: !self.demo_accounts.is_empty(),
        })
    }
}
