//! A little chance, so that many callers do not do the same at the same moment. Not for secrets.

use std::hash::{BuildHasher, Hasher, RandomState};

/// A number from 0 up to 1.
pub(crate) fn fraction() -> f64 {
    // Each `RandomState` has keys of its own, so that the hash of nothing differs every time.
    let bits = RandomState::new().build_hasher().finish();
    f64::from(u32::try_from(bits >> 32).unwrap_or_default()) / f64::from(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fraction_lies_between_0_and_1_and_differs() {
        let drawn: Vec<f64> = (0..50).map(|_| fraction()).collect();
        assert!(drawn.iter().all(|fraction| (0.0..=1.0).contains(fraction)));
        assert!(drawn.windows(2).any(|pair| pair[0] < pair[1]) && drawn.windows(2).any(|pair| pair[0] > pair[1]));
    }
}
