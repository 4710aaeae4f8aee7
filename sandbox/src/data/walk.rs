//! Orders and filters over endless lists, without walking them (SB4).
//!
//! A list is cut into blocks of a hundred. Every block holds the same hundred *slots*, each block
//! in an order of its own, and what can be filtered or sorted by is a function of the slot. So
//! every full block has as many matches as every other one, and the k-th match is found by a
//! division and a look at one block.

use crate::seed::Seed;

pub(crate) const BLOCK: u64 = 100;

/// A set of slots.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Slots(u128);

impl Slots {
    /// The slots that `wanted` says yes to.
    pub(crate) fn of(wanted: impl Fn(u64) -> bool) -> Self {
        Self(
            (0..BLOCK)
                .filter(|slot| wanted(*slot))
                .fold(0, |set, slot| set | 1 << slot),
        )
    }

    fn has(self, slot: u64) -> bool {
        self.0 >> slot & 1 == 1
    }

    fn len(self) -> u64 {
        u64::from(self.0.count_ones())
    }
}

/// An endless list of slots.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Walk(pub(crate) Seed);

impl Walk {
    pub(crate) fn slot(self, index: u64) -> u64 {
        #[cfg(test)]
        LOOKS.with(|looks| looks.set(looks.get() + 1));
        self.0.at(index / BLOCK).shuffled(index % BLOCK, BLOCK)
    }

    /// How many matches stand before `index`.
    pub(crate) fn before(self, slots: Slots, index: u64) -> u64 {
        let block = index / BLOCK * BLOCK;
        let rest = (block..index).filter(|index| slots.has(self.slot(*index)));
        index / BLOCK * slots.len() + rest.count() as u64
    }

    /// The index of match number `count`, from 0.
    pub(crate) fn nth(self, slots: Slots, count: u64) -> Option<u64> {
        let block = count.checked_div(slots.len())? * BLOCK;
        let rank = count % slots.len();
        (block..block + BLOCK)
            .filter(|index| slots.has(self.slot(*index)))
            .nth(usize::try_from(rank).ok()?)
    }

    /// How many of the first `length` have which value from 1 to 5.
    pub(crate) fn histogram(
        self,
        slots: Slots,
        length: u64,
        value: impl Fn(u64) -> u8,
    ) -> [u64; 5] {
        let mut counts = [0; 5];
        let mut add = |slot: u64, times: u64| {
            let place = usize::from(value(slot).clamp(1, 5)) - 1;
            if let Some(count) = counts.get_mut(place).filter(|_| slots.has(slot)) {
                *count += times;
            }
        };
        (0..BLOCK).for_each(|slot| add(slot, length / BLOCK));
        (length / BLOCK * BLOCK..length).for_each(|index| add(self.slot(index), 1));
        counts
    }
}

/// A part of a walk in some order.
#[derive(Debug)]
pub(crate) struct Listing {
    walk: Walk,
    /// Matches of the part, the number of its first one in the walk, and whether it runs backwards.
    parts: Vec<(Slots, u64, u64, bool)>,
}

impl Listing {
    /// The indices `from..to` of `walk`, one part after the other; true runs backwards.
    pub(crate) fn new(walk: Walk, from: u64, to: u64, parts: &[(Slots, bool)]) -> Self {
        let part = |(slots, backwards): &(Slots, bool)| {
            let first = walk.before(*slots, from);
            let count = walk.before(*slots, to.max(from)) - first;
            (*slots, first, count, *backwards)
        };
        Self {
            walk,
            parts: parts.iter().map(part).collect(),
        }
    }

    pub(crate) fn len(&self) -> u64 {
        self.parts.iter().map(|(_, _, count, _)| count).sum()
    }

    fn get(&self, mut number: u64) -> Option<u64> {
        for (slots, first, count, backwards) in &self.parts {
            if number < *count {
                let place = if *backwards {
                    count - 1 - number
                } else {
                    number
                };
                return self.walk.nth(*slots, first + place);
            }
            number -= count;
        }
        None
    }

    /// The indices at `skip..skip + take` of this order.
    pub(crate) fn page(&self, skip: u64, take: u64) -> Vec<u64> {
        let end = skip.saturating_add(take).min(self.len());
        (skip..end).filter_map(|number| self.get(number)).collect()
    }
}

#[cfg(test)]
thread_local! {
    /// How many slots were looked at: the work that a page costs.
    pub(crate) static LOOKS: std::cell::Cell<u64> = const { std::cell::Cell::new(0) };
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]
mod tests {
    use super::*;

    const WALK: Walk = Walk(Seed::new(4));

    fn walked(slots: Slots, from: u64, to: u64) -> Vec<u64> {
        (from..to)
            .filter(|index| slots.has(WALK.slot(*index)))
            .collect()
    }

    #[test]
    fn sb4_counting_and_finding_equal_walking() {
        for slots in [
            Slots::of(|_| true),
            Slots::of(|slot| slot % 7 == 3),
            Slots::of(|slot| slot == 50),
            Slots::of(|_| false),
        ] {
            for (from, to) in [(0, 1_234), (0, 0), (17, 17), (150, 999), (5, 3)] {
                let slow = walked(slots, from, to);
                let listing = Listing::new(WALK, from, to, &[(slots, false)]);
                assert_eq!(listing.len(), slow.len() as u64);
                assert_eq!(listing.page(0, 2_000), slow);
                assert_eq!(
                    listing.page(3, 4),
                    slow.iter().copied().skip(3).take(4).collect::<Vec<_>>()
                );
                let back = Listing::new(WALK, from, to, &[(slots, true)]);
                assert!(back.page(0, 2_000).into_iter().rev().eq(slow));
            }
        }
    }

    #[test]
    fn parts_follow_one_another() {
        let even = Slots::of(|slot| slot % 2 == 0);
        let odd = Slots::of(|slot| slot % 2 == 1);
        let listing = Listing::new(WALK, 10, 310, &[(odd, false), (even, true)]);
        let mut expected = walked(odd, 10, 310);
        expected.extend(walked(even, 10, 310).into_iter().rev());
        assert_eq!(listing.page(0, u64::MAX), expected);
        assert!(listing.page(300, 5).is_empty() && listing.page(u64::MAX, 5).is_empty());
    }

    #[test]
    fn a_histogram_equals_walking() {
        let slots = Slots::of(|slot| slot != 9);
        let value = |slot| (slot % 5) as u8 + 1;
        let mut slow = [0; 5];
        for index in walked(slots, 0, 777) {
            slow[usize::from(value(WALK.slot(index))) - 1] += 1;
        }
        assert_eq!(WALK.histogram(slots, 777, value), slow);
    }
}
