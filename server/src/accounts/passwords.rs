//! Hashing passwords, a few at a time.

use std::sync::Arc;

use argon2::{
    Algorithm, Argon2, Params, Version,
    password_hash::{PasswordHasher as _, PasswordVerifier as _, phc::PasswordHash},
};
use secrecy::{ExposeSecret as _, SecretString};
use tokio::sync::Semaphore;

use crate::random;

/// How many are hashed at once. Each takes 19 MiB and some 25 ms of one core; others wait in line.
const AT_ONCE: usize = 2;

/// KiB of memory, passes and lanes: the second choice of RFC 9106's successor text in the OWASP cheat sheet.
const MEMORY: u32 = 19_456;
const PASSES: u32 = 2;
const LANES: u32 = 1;

/// Hashes and checks passwords with argon2id.
#[derive(Clone)]
pub struct Passwords {
    line: Arc<Semaphore>,
    /// What the password of an unknown account is checked against, so that it takes as long.
    nobody: Arc<str>,
}

/// What checking a password showed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Checked {
    /// It is not the one.
    Wrong,
    /// It is the one.
    Right,
    /// It is the one, but its hash is weaker than what we make today: hash it again.
    RightButWeak,
}

impl Passwords {
    /// Makes ready; hashes once.
    #[must_use]
    pub fn new() -> Self {
        let nobody = hash("nobody has this password").into();
        Self { line: Arc::new(Semaphore::new(AT_ONCE)), nobody }
    }

    /// Hashes a new password.
    pub async fn hash(&self, password: &SecretString) -> String {
        let password = password.clone();
        self.in_line(move || hash(password.expose_secret())).await
    }

    /// Checks a password against a stored hash. Without one it takes as long and is wrong.
    pub async fn check(&self, password: &SecretString, stored: Option<&str>) -> Checked {
        let is_known = stored.is_some();
        let stored = stored.unwrap_or(&self.nobody).to_owned();
        let password = password.clone();
        let checked = self.in_line(move || check(password.expose_secret(), &stored)).await;
        if is_known { checked } else { Checked::Wrong }
    }

    async fn in_line<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> T {
        let place = Arc::clone(&self.line).acquire_owned().await.expect("the semaphore is never closed");
        tokio::task::spawn_blocking(move || {
            let _place = place;
            work()
        })
        .await
        .expect("hashing does not panic, and is not aborted")
    }
}

impl Default for Passwords {
    fn default() -> Self {
        Self::new()
    }
}

impl std::fmt::Debug for Passwords {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Passwords").field("free", &self.line.available_permits()).finish()
    }
}

fn params() -> Params {
    Params::new(MEMORY, PASSES, LANES, None).expect("our parameters are within argon2's bounds")
}

fn hash(password: &str) -> String {
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params())
        .hash_password_with_salt(password.as_bytes(), &random::bytes::<16>())
        .expect("argon2 takes any password of our length with a salt of 16 bytes")
        .to_string()
}

fn check(password: &str, stored: &str) -> Checked {
    let Ok(hash) = PasswordHash::new(stored) else {
        tracing::error!("a stored password hash cannot be read");
        return Checked::Wrong;
    };
    // The parameters come from the hash, not from here.
    if Argon2::default().verify_password(password.as_bytes(), &hash).is_err() {
        return Checked::Wrong;
    }
    let ours = params();
    let is_weak = Params::try_from(&hash)
        .map_or(true, |theirs| theirs.m_cost() < ours.m_cost() || theirs.t_cost() < ours.t_cost());
    if is_weak { Checked::RightButWeak } else { Checked::Right }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn only_the_very_password_is_right() {
        let passwords = Passwords::new();
        let hash = passwords.hash(&"Correct horse ".into()).await;
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
        assert_eq!(passwords.check(&"Correct horse ".into(), Some(&hash)).await, Checked::Right);
        for wrong in ["Correct horse", "correct horse ", "", "Correct horse  "] {
            assert_eq!(passwords.check(&wrong.into(), Some(&hash)).await, Checked::Wrong);
        }
    }

    #[tokio::test]
    async fn an_unknown_account_and_an_unreadable_hash_are_wrong() {
        let passwords = Passwords::new();
        assert_eq!(passwords.check(&"nobody has this password".into(), None).await, Checked::Wrong);
        assert_eq!(passwords.check(&"x".into(), Some("plain")).await, Checked::Wrong);
    }

    #[tokio::test]
    async fn a_weaker_hash_is_to_be_made_again() {
        let weak = Argon2::new(Algorithm::Argon2id, Version::V0x13, Params::new(8192, 1, 1, None).unwrap())
            .hash_password_with_salt(b"password of old", &[1; 16])
            .unwrap()
            .to_string();
        let passwords = Passwords::new();
        assert_eq!(passwords.check(&"password of old".into(), Some(&weak)).await, Checked::RightButWeak);
    }
}
