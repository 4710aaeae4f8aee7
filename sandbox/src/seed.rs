//! The only source of variety: a hash of seed, labels and counters (SB3, SB4).

/// A point in the tree of derived values. Not for cryptography.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Seed(u64);

const BASE64: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

impl Seed {
    pub(crate) const fn new(seed: u64) -> Self {
        Self(mix(seed))
    }

    /// The seed below this one that bears `label`.
    pub(crate) fn named(self, label: &str) -> Self {
        let hash = label
            .bytes()
            .fold(self.0 ^ 0xcbf2_9ce4_8422_2325, |hash, byte| {
                (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
            });
        Self(mix(hash ^ label.len() as u64))
    }

    /// The seed below this one at `index`.
    pub(crate) fn at(self, index: u64) -> Self {
        Self(mix(self.0 ^ mix(index.wrapping_add(0x9e37_79b9_7f4a_7c15))))
    }

    /// A number below `limit`.
    pub(crate) fn below(self, limit: u64) -> u64 {
        if limit == 0 { 0 } else { self.0 % limit }
    }

    /// A number in `0.0..1.0`.
    pub(crate) fn unit(self) -> f64 {
        // 53 bits are what a double holds exactly.
        (self.0 >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// `length` lower-case hex digits.
    pub(crate) fn hex(self, length: usize) -> String {
        let mut text = String::with_capacity(length + 16);
        let mut index = 0;
        while text.len() < length {
            text.push_str(&format!("{:016x}", self.at(index).0));
            index += 1;
        }
        text.truncate(length);
        text
    }

    /// An id in the form of the platforms, 24 hex digits, that [`Seed::number`] reads back.
    pub(crate) fn id(self, number: u64) -> String {
        let hidden = mix(number ^ self.0);
        let check = mix(hidden ^ self.0.rotate_left(32)) >> 32;
        format!("{check:08x}{hidden:016x}")
    }

    /// The number in an id that [`Seed::id`] of the same seed made.
    pub(crate) fn number(self, id: &str) -> Option<u64> {
        let hidden = u64::from_str_radix(id.get(8..)?, 16).ok()?;
        let number = unmix(hidden) ^ self.0;
        (self.id(number) == id).then_some(number)
    }

    /// `value` in a shuffled order of the numbers below `size`.
    pub(crate) fn shuffled(self, value: u64, size: u64) -> u64 {
        self.walk_until(value, size, [0, 1, 2, 3], false)
    }

    /// What [`Seed::shuffled`] made `value` of.
    pub(crate) fn unshuffled(self, value: u64, size: u64) -> u64 {
        self.walk_until(value, size, [3, 2, 1, 0], true)
    }

    /// A Feistel network of four rounds, walked until it comes back below `size`.
    fn walk_until(self, value: u64, size: u64, rounds: [u64; 4], back: bool) -> u64 {
        if size < 2 {
            return 0;
        }
        let half = (64 - (size - 1).leading_zeros()).div_ceil(2);
        let mask = (1_u64 << half) - 1;
        let mut value = value % size;
        loop {
            let (mut left, mut right) = (value >> half & mask, value & mask);
            for round in rounds {
                if back {
                    (left, right) = (right ^ (self.at(left << 2 | round).0 & mask), left);
                } else {
                    (left, right) = (right, left ^ (self.at(right << 2 | round).0 & mask));
                }
            }
            value = left << half | right;
            if value < size {
                return value;
            }
        }
    }

    /// Sixteen bytes in standard base64 with padding, marked with `sbx`; `plus` says whether a
    /// `+` stands in it.
    pub(crate) fn base64(self, plus: bool) -> String {
        let mut text = String::from("sbx");
        let plus_at = 3 + self.named("plus").below(18) as usize;
        for position in 3..21 {
            let digit = match self.at(position as u64).below(64) {
                _ if plus && position == plus_at => 62,
                62 if !plus => 63,
                digit => digit,
            };
            text.push(symbol(digit));
        }
        // The 22nd digit carries the last two bits alone.
        text.push(symbol(self.named("tail").below(4) << 4));
        text.push_str("==");
        text
    }
}

fn symbol(digit: u64) -> char {
    BASE64
        .get(digit as usize)
        .map_or('A', |byte| char::from(*byte))
}

/// The finaliser of splitmix64.
const fn mix(value: u64) -> u64 {
    let value = value.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let value = (value ^ (value >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let value = (value ^ (value >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    value ^ (value >> 31)
}

/// The way back from [`mix`].
fn unmix(value: u64) -> u64 {
    let value = value ^ (value >> 31) ^ (value >> 62);
    let value = value.wrapping_mul(0x3196_42b2_d24d_8ec3);
    let value = value ^ (value >> 27) ^ (value >> 54);
    let value = value.wrapping_mul(0x96de_1b17_3f11_9089);
    let value = value ^ (value >> 30) ^ (value >> 60);
    value.wrapping_sub(0x9e37_79b9_7f4a_7c15)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]
mod tests {
    use super::*;

    #[test]
    fn sb3_same_seed_same_values() {
        let one = Seed::new(7).named("token");
        assert_eq!(one.at(3).hex(40), Seed::new(7).named("token").at(3).hex(40));
        assert_ne!(one.at(3).hex(40), one.at(4).hex(40));
        assert_ne!(one.at(3).hex(40), Seed::new(8).named("token").at(3).hex(40));
        assert_ne!(Seed::new(1).named("a").named("b"), Seed::new(1).named("ab"));
    }

    #[test]
    fn base64_is_sixteen_bytes_with_a_plus_where_asked() {
        for index in 0..500 {
            let text = Seed::new(1).at(index).base64(true);
            assert_eq!(text.len(), 24);
            assert!(text.starts_with("sbx") && text.ends_with("=="));
            assert!(text.contains('+') && !Seed::new(1).at(index).base64(false).contains('+'));
            // Four unused bits: the last digit is one of these in canonical base64.
            assert!(
                text.chars()
                    .nth(21)
                    .is_some_and(|last| "AQgw".contains(last)),
                "{text}"
            );
        }
    }

    #[test]
    fn sb4_ids_are_read_back_and_no_other_text_is_one() {
        let seed = Seed::new(5).named("review");
        for number in [0, 1, 7 << 32 | 99_999, u64::MAX] {
            let id = seed.id(number);
            assert_eq!(id.len(), 24);
            assert_eq!(seed.number(&id), Some(number));
            assert_eq!(Seed::new(6).number(&id), None);
            assert_eq!(
                seed.number(&id.replace(char::from(id.as_bytes()[3]), "g")),
                None
            );
            assert_eq!(seed.number(&format!("{id}0")), None);
        }
        for text in [
            "",
            "x",
            "000000000000000000000000",
            "\u{e9}\u{e9}\u{e9}\u{e9}\u{e9}",
        ] {
            assert_eq!(seed.number(text), None, "{text}");
        }
    }

    #[test]
    fn sb4_a_shuffle_is_a_permutation_with_a_way_back() {
        for size in [0, 1, 2, 3, 64, 100, 1_000] {
            let seed = Seed::new(9).at(size);
            let mut all: Vec<_> = (0..size).map(|value| seed.shuffled(value, size)).collect();
            let back: Vec<_> = all
                .iter()
                .map(|value| seed.unshuffled(*value, size))
                .collect();
            assert!(back.into_iter().eq(0..size), "{size}");
            all.sort_unstable();
            assert!(all.into_iter().eq(0..size), "{size}");
        }
    }

    #[test]
    fn unit_stays_below_one() {
        assert!((0..1000).all(|index| (0.0..1.0).contains(&Seed::new(2).at(index).unit())));
    }
}
