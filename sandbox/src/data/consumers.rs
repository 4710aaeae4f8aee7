//! Consumers: everybody has written one review or several, and which they were can be computed.
//!
//! The places of all reviews are shuffled and cut into groups of the sizes below; a group is a
//! consumer.

use serde_json::{Value, json};

use super::businesses::{COUNT, at_place, first_place};
use super::reviews::Reviewer;
use super::tables::{CITIES, COUNTRIES, LOCALES, PEOPLE};
use super::{Business, DAY_MS, Link, NEWEST_MS, image, pick};
use crate::date;
use crate::seed::Seed;

/// Of sixty-four reviews: sixteen consumers wrote one each, one wrote fourteen.
const GROUPS: [u64; 29] = [
    1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 2, 3, 3, 3, 3, 5, 5, 14,
];
const CONSUMERS: u64 = GROUPS.len() as u64;
const PLACES: u64 = 64;

fn places() -> u64 {
    first_place(COUNT)
}

/// One consumer of a world.
pub(crate) struct Consumer {
    world: Seed,
    number: u64,
    seed: Seed,
}

impl Consumer {
    pub(crate) fn count() -> u64 {
        places().div_ceil(PLACES) * CONSUMERS
    }

    pub(crate) fn numbered(world: Seed, number: u64) -> Self {
        Self {
            world,
            number,
            seed: world.named("consumer").at(number),
        }
    }

    pub(crate) fn by_id(world: Seed, id: &str) -> Option<Self> {
        let number = world.named("consumer").number(id)?;
        (number < Self::count()).then(|| Self::numbered(world, number))
    }

    /// Who wrote a review.
    pub(crate) fn of_review(world: Seed, business: u64, index: u64) -> Self {
        let place = first_place(business) + index;
        let place = world.named("authors").shuffled(place, places());
        let mut left = place % PLACES;
        let mut group = 0;
        for size in GROUPS {
            if left < size {
                break;
            }
            left -= size;
            group += 1;
        }
        Self::numbered(world, place / PLACES * CONSUMERS + group)
    }

    /// Business and index of each of its reviews, those that were reported too.
    pub(crate) fn reviews(&self) -> Vec<(Business, u64)> {
        let group = (self.number % CONSUMERS) as usize;
        let before: u64 = GROUPS.iter().take(group).sum();
        let first = self.number / CONSUMERS * PLACES + before;
        let size = GROUPS.get(group).copied().unwrap_or(0);
        (first..first + size)
            .filter(|place| *place < places())
            .filter_map(|place| {
                let place = self.world.named("authors").unshuffled(place, places());
                let (number, index) = at_place(place);
                let business = Business::numbered(self.world, number)?;
                (index < business.length()).then_some((business, index))
            })
            .collect()
    }

    pub(crate) fn id(&self) -> String {
        self.world.named("consumer").id(self.number)
    }

    pub(crate) fn name(&self) -> String {
        pick(PEOPLE, self.seed.named("name")).to_owned()
    }

    pub(crate) fn number_of_reviews(&self) -> u64 {
        let shown =
            |(business, index): &(Business, u64)| !Business::reported(business.walk().slot(*index));
        self.reviews().iter().filter(|review| shown(review)).count() as u64
    }

    fn has_image(&self) -> bool {
        self.seed.named("image").below(3) == 0
    }

    pub(crate) fn reviewer(&self, base: &str) -> Reviewer {
        let id = self.id();
        let mut links = Vec::new();
        if self.has_image() {
            let url = format!("https://user-images.trustpilot.com/{id}/73x73.png");
            links.push(Link::get("profile-image", url));
        }
        links.push(Link::get("consumer", format!("{base}/v1/consumers/{id}")));
        Reviewer {
            links,
            display_name: self.name(),
            display_location: (self.seed.named("place").below(3) == 0)
                .then(|| pick(CITIES, self.seed.named("place"))),
            number_of_reviews: self.number_of_reviews(),
            id,
        }
    }

    pub(crate) fn profile(&self) -> Value {
        let id = self.id();
        let known = |label: &str| self.seed.named(label).below(3) > 0;
        let (country, ..) = pick(COUNTRIES, self.seed.named("country"));
        let (locale, ..) = pick(LOCALES, self.seed.named("locale"));
        let picture = |size: u64| {
            if self.has_image() {
                image(&format!("consumers/{id}/{size}x{size}.png"), size, size)
            } else {
                Value::Null
            }
        };
        json!({
            "id": id,
            "displayName": self.name(),
            "city": known("city").then(|| pick(CITIES, self.seed.named("city"))),
            "country": known("country").then_some(country),
            "locale": known("locale").then_some(locale),
            "gender": null,
            "about": (!known("about")).then_some("I buy things & write about them."),
            "createdAt": known("created")
                .then(|| date::iso_local(NEWEST_MS - self.seed.named("age").below(4_000) * DAY_MS)),
            "birthYear": null,
            "hasImage": self.has_image(),
            "profileImage": {
                "image24x24": picture(24),
                "image35x35": picture(35),
                "image64x64": picture(64),
                "image73x73": picture(73),
            },
        })
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]
mod tests {
    use super::*;

    #[test]
    fn sb4_a_consumer_wrote_the_reviews_that_name_it() {
        let world = Seed::new(1);
        let mut numbers = std::collections::BTreeSet::new();
        for domain in [
            "example.com",
            "big.example",
            "amber-zoo.example",
            "willow-energy.example",
        ] {
            let Some(business) = Business::by_domain(world, domain) else {
                assert_eq!(domain, "amber-zoo.example");
                continue;
            };
            for index in (0..business.length()).step_by(1 + business.length() as usize / 50) {
                let author = Consumer::of_review(world, business.number, index);
                let found = author
                    .reviews()
                    .iter()
                    .any(|(other, at)| (other.number, *at) == (business.number, index));
                assert!(found, "{domain} {index}");
                assert_eq!(
                    Consumer::by_id(world, &author.id()).unwrap().number,
                    author.number
                );
                numbers.insert(author.number_of_reviews());
            }
        }
        assert!(
            numbers.contains(&1) && numbers.iter().any(|count| *count > 8),
            "{numbers:?}"
        );
        assert!(Consumer::by_id(world, &world.named("consumer").id(u64::MAX)).is_none());
    }
}
