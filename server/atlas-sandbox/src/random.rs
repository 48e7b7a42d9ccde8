//! Numbers that look random and repeat with the seed (SplitMix64), for a population that is the same in every run.
//! What must be a surprise (private keys made at run time, nonces) comes from the operating system instead.

/// A seeded generator.
#[derive(serde::Serialize, serde::Deserialize)]
pub(crate) struct Random(u64);

impl Random {
    /// The generator that always gives the same numbers for `seed`.
    pub(crate) fn seeded(seed: u64) -> Self {
        Self(seed ^ 0x6d65_7269_6469_616e)
    }

    /// The next number.
    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number below `bound`, which is at least 1.
    pub(crate) fn below(&mut self, bound: u64) -> u64 {
        self.next() % bound.max(1)
    }

    /// True `percent` times in a hundred.
    pub(crate) fn chance(&mut self, percent: u64) -> bool {
        self.below(100) < percent
    }

    /// One of `choices`, which are not empty.
    pub(crate) fn pick<'a, T: ?Sized>(&mut self, choices: &[&'a T]) -> &'a T {
        let count = u64::try_from(choices.len()).unwrap_or(1);
        choices[usize::try_from(self.below(count)).unwrap_or(0)]
    }

    /// A public key: eight lower-case letters.
    pub(crate) fn public_key(&mut self) -> String {
        (0..8).map(|_| char::from(b'a' + u8::try_from(self.below(26)).unwrap_or(0))).collect()
    }

    /// A private key (a UUID) that repeats with the seed.
    pub(crate) fn private_key(&mut self) -> String {
        let mut bytes = [0; 16];
        bytes[..8].copy_from_slice(&self.next().to_be_bytes());
        bytes[8..].copy_from_slice(&self.next().to_be_bytes());
        written_as_uuid(bytes)
    }
}

/// A private key (a UUID) nobody can foresee.
pub(crate) fn surprising_private_key() -> String {
    let mut bytes = [0; 16];
    fill(&mut bytes);
    written_as_uuid(bytes)
}

/// Fills `bytes` with randomness of the operating system.
pub(crate) fn fill(bytes: &mut [u8]) {
    getrandom::fill(bytes).expect("the operating system provides randomness");
}

fn written_as_uuid(mut bytes: [u8; 16]) -> String {
    bytes[6] = (bytes[6] & 0x0f) | 0x40;
    bytes[8] = (bytes[8] & 0x3f) | 0x80;
    let text = hex::encode(bytes);
    format!("{}-{}-{}-{}-{}", &text[..8], &text[8..12], &text[12..16], &text[16..20], &text[20..])
}
