//! The counters (`nc`) a nonce has been used with: concurrent requests arrive out of order, so the newest thousand are
//! remembered one by one.

const WORDS: usize = 16;
const WIDTH: u32 = 1024;

/// A sliding window over counters.
#[derive(Default, Debug)]
pub(super) struct Window {
    highest: Option<u32>,
    seen: [u64; WORDS],
}

impl Window {
    /// Takes note of a counter; false when it was used before or has fallen out of the window.
    pub(super) fn admit(&mut self, count: u32) -> bool {
        let highest = *self.highest.get_or_insert(count);
        if count > highest {
            if count - highest >= WIDTH {
                self.seen = [0; WORDS];
            } else {
                (highest + 1..=count).for_each(|skipped| self.clear(skipped));
            }
            self.highest = Some(count);
        } else if highest - count >= WIDTH {
            return false;
        }
        let (word, bit) = place(count);
        let fresh = self.seen[word] & bit == 0;
        self.seen[word] |= bit;
        fresh
    }

    fn clear(&mut self, count: u32) {
        let (word, bit) = place(count);
        self.seen[word] &= !bit;
    }
}

fn place(count: u32) -> (usize, u64) {
    let slot = count % WIDTH;
    (usize::try_from(slot / 64).unwrap_or(0), 1 << (slot % 64))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counters_pass_once_in_any_order_within_the_window() {
        let mut window = Window::default();
        assert!([9, 7, 8, 1, 500, 499, 1033].into_iter().all(|count| window.admit(count)));
        assert!(![9, 7, 8, 1, 500, 499, 1033].into_iter().any(|count| window.admit(count)));
        assert!(window.admit(10));
        assert!(window.admit(5_000));
        assert!(!window.admit(3_976), "fallen out");
        assert!(window.admit(3_977));
        assert!(window.admit(u32::MAX));
    }
}
