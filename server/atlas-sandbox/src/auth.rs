//! HTTP Digest (RFC 7616, MD5, `qop=auth`), written from the standard and sharing nothing with the client's crate, so
//! that the two check each other.
//!
//! A nonce authenticates itself (its time, a random part and a keyed hash of both), so that answering an unsigned
//! request stores nothing. Only a nonce that somebody signed with gets a window of the counters seen.

mod header;
mod window;

use std::collections::HashMap;

use base64::{Engine, engine::general_purpose::STANDARD};
use jiff::Timestamp;
use md5::{Digest, Md5};
use subtle::ConstantTimeEq;

use crate::{id::Id, random, state::CallerId};
use header::Signature;
use window::Window;

/// The realm Atlas names.
pub(crate) const REALM: &str = "MMS Public API";

/// How many nonces are remembered before the expired ones are swept out for the first time.
const FIRST_SWEEP: usize = 1024;

/// What became of a signature.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// Signed by this key, or brought by this account's token.
    Signed(CallerId),
    /// Not signed, or not by anybody known.
    Stranger,
    /// Signed well, but with a nonce that cannot be used (any more).
    Stale,
    /// A token that is unknown, expired or revoked.
    BadToken,
}

/// The token of `Authorization: Bearer …`.
pub(crate) fn bearer(authorization: &str) -> Option<&str> {
    let (scheme, token) = authorization.trim_start().split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

/// The keeper of nonces.
pub(crate) struct Gate {
    secret: [u8; 16],
    lifetime_ms: i64,
    seen: HashMap<(String, Id), (i64, Window)>,
    sweep_above: usize,
}

impl Gate {
    /// A gate whose nonces live for `lifetime_ms`.
    pub(crate) fn new(lifetime_ms: i64) -> Self {
        let mut secret = [0; 16];
        random::fill(&mut secret);
        Self { secret, lifetime_ms, seen: HashMap::new(), sweep_above: FIRST_SWEEP }
    }

    /// Changes how long nonces live.
    pub(crate) fn set_lifetime(&mut self, lifetime_ms: i64) {
        self.lifetime_ms = lifetime_ms;
    }

    /// The challenge of a 401.
    pub(crate) fn challenge(&self, now: Timestamp, stale: bool) -> String {
        let nonce = self.nonce(now);
        format!("Digest realm=\"{REALM}\", domain=\"\", nonce=\"{nonce}\", algorithm=MD5, qop=\"auth\", stale={stale}")
    }

    /// Judges the `Authorization` header of a request for `target` (path and query exactly as sent); `known` finds a
    /// public key's id and HA1.
    pub(crate) fn judge<'a>(
        &mut self,
        authorization: Option<&str>,
        method: &str,
        target: &str,
        now: Timestamp,
        known: impl FnOnce(&str) -> Option<(Id, &'a str)>,
    ) -> Verdict {
        let Some(signature) = authorization.and_then(Signature::read) else {
            return Verdict::Stranger;
        };
        if signature.realm != REALM || signature.uri != target {
            return Verdict::Stranger;
        }
        let Some((key, ha1)) = known(&signature.username) else {
            return Verdict::Stranger;
        };
        let expected = response(ha1, method, &signature);
        if !bool::from(expected.as_bytes().ct_eq(signature.response.to_ascii_lowercase().as_bytes())) {
            return Verdict::Stranger;
        }
        match self.made(&signature.nonce) {
            Some(made) if now.as_millisecond() - made < self.lifetime_ms => self.count(signature, key, made, now),
            _ => Verdict::Stale,
        }
    }

    fn count(&mut self, signature: Signature, key: Id, made: i64, now: Timestamp) -> Verdict {
        if self.seen.len() > self.sweep_above {
            let oldest = now.as_millisecond() - self.lifetime_ms;
            self.seen.retain(|_, (made, _)| *made >= oldest);
            self.sweep_above = FIRST_SWEEP.max(2 * self.seen.len());
        }
        let (_, window) = self.seen.entry((signature.nonce, key)).or_insert_with(|| (made, Window::default()));
        if window.admit(signature.count) { Verdict::Signed(CallerId::Key(key)) } else { Verdict::Stale }
    }

    fn nonce(&self, now: Timestamp) -> String {
        let mut bytes = [0; 24];
        bytes[..8].copy_from_slice(&now.as_millisecond().to_be_bytes());
        random::fill(&mut bytes[8..16]);
        let seal = self.seal(&bytes[..16]);
        bytes[16..].copy_from_slice(&seal);
        STANDARD.encode(bytes)
    }

    /// When one of our nonces was made, in milliseconds.
    fn made(&self, nonce: &str) -> Option<i64> {
        let bytes: [u8; 24] = STANDARD.decode(nonce).ok()?.try_into().ok()?;
        let (body, seal) = bytes.split_at(16);
        bool::from(self.seal(body).ct_eq(seal)).then_some(())?;
        Some(i64::from_be_bytes(body[..8].try_into().ok()?))
    }

    fn seal(&self, body: &[u8]) -> [u8; 8] {
        let hash = Md5::new().chain_update(self.secret).chain_update(body).chain_update(self.secret).finalize();
        let mut seal = [0; 8];
        seal.copy_from_slice(&hash[..8]);
        seal
    }
}

/// HA1 of a key pair, in hexadecimal.
pub(crate) fn ha1(public_key: &str, private_key: &str) -> String {
    hashed(&[public_key, REALM, private_key])
}

fn response(ha1: &str, method: &str, signature: &Signature) -> String {
    let ha2 = hashed(&[method, &signature.uri]);
    hashed(&[ha1, &signature.nonce, &signature.count_text, &signature.cnonce, "auth", &ha2])
}

fn hashed(parts: &[&str]) -> String {
    hex::encode(Md5::digest(parts.join(":")))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 7616, section 3.9.1, with its own realm, user and password.
    #[test]
    fn the_example_of_rfc_7616_gives_its_response() {
        let header = r#"Digest username="Mufasa", realm="http-auth@example.org", uri="/dir/index.html", algorithm=MD5,
            nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", nc=00000001,
            cnonce="f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ", qop=auth,
            response="8ca523f5e9506fed4657c9700eebdbec", opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS""#;
        let signature = Signature::read(header).unwrap();
        let ha1 = hashed(&["Mufasa", "http-auth@example.org", "Circle of Life"]);
        assert_eq!(response(&ha1, "GET", &signature), "8ca523f5e9506fed4657c9700eebdbec");
        assert_eq!(signature.response, "8ca523f5e9506fed4657c9700eebdbec");
    }

    fn signed(nonce: &str, count: &str) -> String {
        let uri = "/api/atlas/v2";
        let ha2 = hashed(&["GET", uri]);
        let answer = hashed(&[&ha1("abcdefgh", "secret"), nonce, count, "xyz", "auth", &ha2]);
        format!(
            r#"Digest username="abcdefgh", realm="{REALM}", nonce="{nonce}", uri="{uri}", nc={count}, cnonce="xyz", qop="auth", response="{answer}""#
        )
    }

    #[test]
    fn a_nonce_serves_many_counters_once_each_until_it_is_old() {
        let start: Timestamp = "2026-08-10T03:02:57Z".parse().unwrap();
        let mut gate = Gate::new(60_000);
        let nonce = gate.nonce(start);
        assert_eq!(nonce.len(), 32);
        let hash = ha1("abcdefgh", "secret");
        let id = Id::parse("5e2211c17a3e5a48f5497de3").unwrap();
        let judge = |gate: &mut Gate, count: &str, nonce: &str, later: i64| {
            let header = signed(nonce, count);
            let now = start + jiff::SignedDuration::from_millis(later);
            gate.judge(Some(&header), "GET", "/api/atlas/v2", now, |user| {
                (user == "abcdefgh").then_some((id, hash.as_str()))
            })
        };
        assert_eq!(judge(&mut gate, "00000005", &nonce, 0), Verdict::Signed(CallerId::Key(id)));
        assert_eq!(judge(&mut gate, "00000003", &nonce, 0), Verdict::Signed(CallerId::Key(id)));
        assert_eq!(judge(&mut gate, "00000003", &nonce, 0), Verdict::Stale);
        assert_eq!(judge(&mut gate, "00000006", &nonce, 59_999), Verdict::Signed(CallerId::Key(id)));
        assert_eq!(judge(&mut gate, "00000007", &nonce, 60_000), Verdict::Stale);
        let foreign = Gate::new(60_000).nonce(start);
        assert_eq!(judge(&mut gate, "00000001", &foreign, 0), Verdict::Stale);
    }
}
