//! Randomness and the tokens made of it.

use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use secrecy::{ExposeSecret as _, SecretString};
use sha2::{Digest as _, Sha256};

/// `N` bytes that nobody can guess.
///
/// # Panics
///
/// When the operating system has no randomness to give; nothing safe could be done then.
#[must_use]
pub fn bytes<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).expect("the operating system gives random bytes");
    bytes
}

/// A token for a link: 32 random bytes as text that needs no escaping in a URL.
#[must_use]
pub fn token() -> SecretString {
    BASE64_URL_SAFE_NO_PAD.encode(bytes::<32>()).into()
}

/// What is kept of a token. A token is random enough that a plain hash cannot be turned back.
#[must_use]
pub fn token_hash(token: &SecretString) -> [u8; 32] {
    Sha256::digest(token.expose_secret().as_bytes()).into()
}
