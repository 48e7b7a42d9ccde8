//! Service accounts, their secrets, and the tokens they were given.

use std::{collections::HashMap, fmt};

use jiff::{SignedDuration, Timestamp};
use md5::{Digest, Md5};
use serde::{Deserialize, Serialize};
use subtle::ConstantTimeEq;

use super::{CallerId, Grants, State, saved};
use crate::{id::Id, random};

/// How long a token lives.
pub(crate) const TOKEN_SECONDS: i64 = 3_600;
/// How many tokens of one account may be alive.
pub(crate) const MAX_TOKENS: usize = 100;
/// How many accounts an organization may have.
pub(crate) const MAX_ACCOUNTS_PER_ORG: usize = 200;
/// How many secrets an account may have, expired ones included.
pub(crate) const MAX_SECRETS: usize = 2;
/// How many entries the access list of an account may have.
pub(crate) const MAX_ENTRIES: usize = 200;
/// What every client id begins with.
pub(crate) const CLIENT_ID: &str = "mdb_sa_id_";
/// What every secret begins with.
const SECRET: &str = "mdb_sa_sk_";

/// A service account.
#[derive(Serialize, Deserialize)]
pub(crate) struct ServiceAccount {
    pub(crate) id: Id,
    pub(crate) created: Timestamp,
    pub(crate) name: String,
    pub(crate) description: String,
    pub(crate) secrets: Vec<Secret>,
    pub(crate) grants: Grants,
}

impl ServiceAccount {
    /// `clientId`.
    pub(crate) fn client_id(&self) -> String {
        format!("{CLIENT_ID}{}", self.id)
    }
}

/// A secret, of which only a fingerprint and the mask of later answers are kept.
#[derive(Serialize, Deserialize)]
pub(crate) struct Secret {
    pub(crate) id: Id,
    pub(crate) created: Timestamp,
    pub(crate) expires: Timestamp,
    pub(crate) last_used: Option<Timestamp>,
    pub(crate) mask: String,
    fingerprint: [u8; 16],
}

/// A service account to be made.
pub(crate) struct NewAccount {
    pub(crate) org: Id,
    pub(crate) created: Timestamp,
    pub(crate) name: String,
    pub(crate) description: String,
    pub(crate) org_roles: Vec<&'static str>,
}

/// The tokens that were given out and neither revoked nor forgotten.
#[derive(Default, Serialize, Deserialize)]
pub(crate) struct Tokens(#[serde(with = "saved::pairs")] HashMap<[u8; 16], Token>);

#[derive(Serialize, Deserialize)]
struct Token {
    account: Id,
    expires: Timestamp,
}

impl fmt::Debug for Tokens {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} tokens", self.0.len())
    }
}

impl Tokens {
    /// Whose token that is, while it lives.
    pub(crate) fn owner(&self, token: &str, now: Timestamp) -> Option<Id> {
        self.0.get(&fingerprint(token)).filter(|token| token.expires > now).map(|token| token.account)
    }

    /// How many tokens of the account are alive.
    pub(crate) fn alive(&self, account: Id, now: Timestamp) -> usize {
        self.0.values().filter(|token| token.account == account && token.expires > now).count()
    }

    /// Gives a token out.
    pub(crate) fn add(&mut self, token: &str, account: Id, now: Timestamp) {
        self.0.retain(|_, token| token.expires > now);
        let expires = now.checked_add(SignedDuration::from_secs(TOKEN_SECONDS)).unwrap_or(Timestamp::MAX);
        self.0.insert(fingerprint(token), Token { account, expires });
    }

    /// Revokes a token of the account; of nobody else's.
    pub(crate) fn revoke(&mut self, token: &str, account: Id) {
        let name = fingerprint(token);
        if self.0.get(&name).is_some_and(|token| token.account == account) {
            self.0.remove(&name);
        }
    }
}

/// Enough to recognise a text again. Nothing here is worth stealing, so the hash need not be a strong one.
fn fingerprint(text: &str) -> [u8; 16] {
    Md5::digest(text).into()
}

impl State {
    /// The account of that client id.
    pub(crate) fn by_client_id(&self, client_id: &str) -> Option<&ServiceAccount> {
        self.accounts.get(&Id::parse(client_id.strip_prefix(CLIENT_ID)?)?)
    }

    /// The account that owns this secret, if the secret is one of its own and has not expired; notes the use.
    pub(crate) fn signed_in(&mut self, client_id: &str, secret: &str, now: Timestamp) -> Option<Id> {
        let id = self.by_client_id(client_id)?.id;
        let wanted = fingerprint(secret);
        let live = self.accounts.get_mut(&id)?.secrets.iter_mut().filter(|one| one.expires > now);
        let mut found = None;
        for one in live {
            if bool::from(one.fingerprint.ct_eq(&wanted)) {
                one.last_used = Some(now);
                found = Some(id);
            }
        }
        found
    }

    /// Adds an account, still without a secret, and says its id.
    pub(crate) fn add_account(&mut self, new: NewAccount) -> Id {
        let id = Id::made_at(new.created, &mut self.random);
        let account = ServiceAccount {
            id,
            created: new.created,
            name: new.name,
            description: new.description,
            secrets: Vec::new(),
            grants: Grants::new(new.org, new.org_roles),
        };
        self.accounts.insert(id, account);
        if let Some(org) = self.orgs.get_mut(&new.org) {
            org.accounts.push(id);
        }
        id
    }

    /// Adds a secret to an account and says its id.
    pub(crate) fn add_secret(&mut self, account: Id, secret: &str, created: Timestamp, hours: u32) -> Id {
        let expires = created.checked_add(SignedDuration::from_hours(hours.into())).unwrap_or(Timestamp::MAX);
        self.add_secret_until(account, secret, created, expires)
    }

    /// The same with a given end.
    pub(crate) fn add_secret_until(&mut self, account: Id, secret: &str, created: Timestamp, expires: Timestamp) -> Id {
        let id = Id::made_at(created, &mut self.random);
        let tail = secret.get(secret.len().saturating_sub(4)..).unwrap_or_default();
        let mask = format!("{SECRET}...{tail}");
        let secret = Secret { id, created, expires, last_used: None, mask, fingerprint: fingerprint(secret) };
        if let Some(account) = self.accounts.get_mut(&account) {
            account.secrets.push(secret);
        }
        id
    }

    /// Deletes an account with its tokens, from its projects too.
    pub(crate) fn delete_account(&mut self, id: Id) {
        let Some(account) = self.accounts.remove(&id) else {
            return;
        };
        self.tokens.0.retain(|_, token| token.account != id);
        let projects: Vec<Id> = account.grants.project_roles.keys().copied().collect();
        for project in projects {
            self.unassign(CallerId::Account(id), project);
        }
        if let Some(org) = self.orgs.get_mut(&account.grants.org) {
            org.accounts.retain(|other| *other != id);
        }
    }
}

/// A secret nobody can foresee.
pub(crate) fn surprising_secret() -> String {
    let mut bytes = [0; 30];
    random::fill(&mut bytes);
    secret_of(bytes)
}

/// The secret written with these bytes.
pub(crate) fn secret_of(bytes: [u8; 30]) -> String {
    use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
    format!("{SECRET}{}", URL_SAFE_NO_PAD.encode(bytes))
}
