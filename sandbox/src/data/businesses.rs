//! Businesses: seven with a name, and five thousand more.

use crate::seed::Seed;

use super::tables::{CATEGORIES, COUNTRIES, FIRST, TRADES};
use super::walk::{Slots, Walk};
use super::{decimal, pick};
use crate::data::{BusinessUnit, Link, Name, NumberOfReviews, Score};

struct Known {
    domain: &'static str,
    name: &'static str,
    country: &'static str,
    reviews: u64,
    mix: usize,
    category: &'static str,
}

const KNOWN: [Known; 7] = [
    Known {
        domain: "trustpilot.com",
        name: "Trustpilot",
        country: "DK",
        reviews: 1_204,
        mix: 0,
        category: "review_site",
    },
    Known {
        domain: "example.com",
        name: "Example Store",
        country: "US",
        reviews: 137,
        mix: 0,
        category: "clothing_store",
    },
    Known {
        domain: "books.example",
        name: "Seventh Shelf Books",
        country: "GB",
        reviews: 412,
        mix: 1,
        category: "book_store",
    },
    Known {
        domain: "coffee.example",
        name: "Kaffe & Søn",
        country: "DK",
        reviews: 58,
        mix: 1,
        category: "coffee_store",
    },
    Known {
        domain: "bikes.example",
        name: "Radwerk Köln",
        country: "DE",
        reviews: 903,
        mix: 0,
        category: "bicycle_store",
    },
    Known {
        domain: "new-shop.example",
        name: "New Shop",
        country: "NL",
        reviews: 0,
        mix: 0,
        category: "toy_store",
    },
    Known {
        domain: "big.example",
        name: "Big Department Store",
        country: "GB",
        reviews: 250_000,
        mix: 2,
        category: "furniture_store",
    },
];

const NAMED: u64 = KNOWN.len() as u64;
const BLOCK: u64 = FIRST.len() as u64;

/// How many businesses there are.
pub(crate) const COUNT: u64 = NAMED + BLOCK * TRADES.len() as u64;

/// Of a hundred reviews, how many have one star, two and so on.
const MIXES: [[u64; 5]; 5] = [
    [5, 4, 8, 22, 61],
    [2, 1, 4, 13, 80],
    [14, 6, 8, 20, 52],
    [41, 17, 12, 13, 17],
    [0, 0, 3, 9, 88],
];

/// Reviews of the generated business at this place in its block: few have many.
const fn generated_reviews(place: u64) -> u64 {
    let rank = (place * 37 + 11) % BLOCK;
    rank * rank * rank / 1_000
}

/// Places for reviews: those that were reported come on top of those that count.
const fn room(reviews: u64) -> u64 {
    if reviews == 0 {
        0
    } else {
        reviews + reviews / 97 * 3 + 3
    }
}

const fn room_before(place: u64) -> u64 {
    let mut sum = 0;
    let mut at = 0;
    while at < place {
        sum += room(generated_reviews(at));
        at += 1;
    }
    sum
}

const ROOM_OF_BLOCK: u64 = room_before(BLOCK);

/// Where the reviews of business `number` begin among those of all.
pub(crate) fn first_place(number: u64) -> u64 {
    let named = usize::try_from(number.min(NAMED)).unwrap_or(usize::MAX);
    let known: u64 = KNOWN
        .iter()
        .take(named)
        .map(|known| room(known.reviews))
        .sum();
    let generated = number.saturating_sub(NAMED);
    known + generated / BLOCK * ROOM_OF_BLOCK + room_before(generated % BLOCK)
}

/// Which business, and which of its reviews, stands at `place`.
pub(crate) fn at_place(place: u64) -> (u64, u64) {
    let named = first_place(NAMED);
    let (from, to) = if place < named {
        (0, NAMED)
    } else {
        let block = NAMED + (place - named) / ROOM_OF_BLOCK * BLOCK;
        (block, block + BLOCK)
    };
    let mut start = first_place(from);
    for number in from..to {
        let room = room(reviews_of(number));
        if place - start < room {
            return (number, place - start);
        }
        start += room;
    }
    (COUNT, 0)
}

fn reviews_of(number: u64) -> u64 {
    let known = usize::try_from(number)
        .ok()
        .and_then(|number| KNOWN.get(number));
    known.map_or_else(
        || generated_reviews(number.saturating_sub(NAMED) % BLOCK),
        |known| known.reviews,
    )
}

/// One business of a world.
pub(crate) struct Business {
    pub(crate) world: Seed,
    pub(crate) number: u64,
    pub(crate) seed: Seed,
    pub(crate) domain: String,
    pub(crate) name: String,
    pub(crate) country: &'static str,
    pub(crate) category: &'static str,
    /// Reviews that are shown unless asked for reported ones too.
    pub(crate) reviews: u64,
    mix: [u64; 5],
}

impl Business {
    pub(crate) fn numbered(world: Seed, number: u64) -> Option<Self> {
        if number >= COUNT {
            return None;
        }
        let seed = world.named("business").at(number);
        let reviews = reviews_of(number);
        let place = usize::try_from(number).ok()?;
        let business = if let Some(known) = KNOWN.get(place) {
            Self {
                world,
                number,
                seed,
                domain: known.domain.to_owned(),
                name: known.name.to_owned(),
                country: known.country,
                category: known.category,
                reviews,
                mix: MIXES.get(known.mix).copied().unwrap_or_default(),
            }
        } else {
            let place = place - KNOWN.len();
            let first = FIRST.get(place % FIRST.len())?;
            let (trade, category) = *TRADES.get(place / FIRST.len())?;
            let country = seed.named("country").below(COUNTRIES.len() as u64) as usize;
            Self {
                world,
                number,
                seed,
                domain: format!("{first}-{trade}.example"),
                name: format!("{} {}", capital(first), capital(trade)),
                country: COUNTRIES.get(country)?.0,
                category,
                reviews,
                mix: pick(&MIXES, seed.named("mix")),
            }
        };
        Some(business)
    }

    /// By its domain, with or without `www.`.
    pub(crate) fn by_domain(world: Seed, name: &str) -> Option<Self> {
        let name = name.trim().to_ascii_lowercase();
        let bare = name.strip_prefix("www.").unwrap_or(&name);
        let number = match KNOWN.iter().position(|known| known.domain == bare) {
            Some(place) => place,
            None => {
                let (first, trade) = bare.strip_suffix(".example")?.split_once('-')?;
                let first = FIRST.iter().position(|known| *known == first)?;
                let trade = TRADES.iter().position(|(known, _)| *known == trade)?;
                KNOWN.len() + trade * FIRST.len() + first
            }
        };
        Self::numbered(world, number as u64)
    }

    pub(crate) fn by_id(world: Seed, id: &str) -> Option<Self> {
        Self::numbered(world, world.named("business").number(id)?)
    }

    /// The domains that every world knows, without the generated ones.
    pub(crate) fn domains() -> impl Iterator<Item = &'static str> {
        KNOWN.iter().map(|known| known.domain)
    }

    /// Every business.
    pub(crate) fn all(world: Seed) -> impl Iterator<Item = Self> {
        (0..COUNT).filter_map(move |number| Self::numbered(world, number))
    }

    pub(crate) fn id(&self) -> String {
        self.world.named("business").id(self.number)
    }

    /// The category it is in, and the one above.
    pub(crate) fn categories(&self) -> Vec<&'static super::tables::Category> {
        let find = |id: &str| CATEGORIES.iter().find(|category| category.id == id);
        let own = find(self.category);
        own.into_iter()
            .chain(own.and_then(|own| find(own.parent)))
            .collect()
    }

    /// The language of most reviews.
    fn home(&self) -> &'static str {
        COUNTRIES
            .iter()
            .find(|(code, ..)| *code == self.country)
            .map_or("en", |(_, _, _, language)| language)
    }

    pub(crate) fn walk(&self) -> Walk {
        Walk(self.seed.named("walk"))
    }

    pub(crate) fn stars(&self, slot: u64) -> u8 {
        let mut left = slot;
        for (stars, count) in (1..).zip(self.mix) {
            if left < count {
                return stars;
            }
            left -= count;
        }
        5
    }

    pub(crate) fn language(&self, slot: u64) -> &'static str {
        match (slot * 37 + 17) % 100 {
            0..45 => self.home(),
            45..70 => "en",
            other => super::texts::languages()
                .nth((other as usize - 70) / 3 + 1)
                .unwrap_or("en"),
        }
    }

    pub(crate) fn replied(slot: u64) -> bool {
        slot % 4 == 1
    }

    pub(crate) fn reported(slot: u64) -> bool {
        slot % 33 == 7
    }

    /// Whether a review counts for the TrustScore.
    fn counted(slot: u64) -> bool {
        slot % 50 != 11
    }

    pub(crate) fn counts(slot: u64) -> bool {
        Self::counted(slot) && !Self::reported(slot)
    }

    /// Which of its shops a review is about.
    pub(crate) fn location(slot: u64) -> Option<u64> {
        (slot % 10 == 3).then_some(slot / 10 % 3)
    }

    pub(crate) fn tag(slot: u64) -> Option<(&'static str, &'static str)> {
        match slot % 16 {
            2 => Some(("Department", "Online")),
            10 => Some(("Department", "Store & café")),
            _ => None,
        }
    }

    fn shown() -> Slots {
        Slots::of(|slot| !Self::reported(slot))
    }

    /// How many reviews there are with those that were reported.
    pub(crate) fn length(&self) -> u64 {
        let last = self.reviews.checked_sub(1);
        last.and_then(|last| self.walk().nth(Self::shown(), last))
            .map_or(0, |index| index + 1)
    }

    pub(crate) fn location_id(&self, location: u64) -> String {
        self.seed.named("location").id(location)
    }

    pub(crate) fn number_of_reviews(&self) -> (NumberOfReviews, u64) {
        let stars = |slot| self.stars(slot);
        let length = self.length();
        let [one_star, two_stars, three_stars, four_stars, five_stars] =
            self.walk().histogram(Self::shown(), length, stars);
        let used = self
            .walk()
            .histogram(Slots::of(Self::counts), length, stars);
        let used_for_trust_score_calculation = used.iter().sum();
        let sum: u64 = used
            .iter()
            .zip(1..)
            .map(|(count, stars)| count * stars)
            .sum();
        // The platform mixes in seven reviews of 3.5 stars.
        let weight = used_for_trust_score_calculation + 7;
        let tenths = match used_for_trust_score_calculation {
            0 => 0,
            _ => (sum * 10 + 245 + weight / 2) / weight,
        };
        let numbers = NumberOfReviews {
            total: self.reviews,
            used_for_trust_score_calculation,
            one_star,
            two_stars,
            three_stars,
            four_stars,
            five_stars,
        };
        (numbers, tenths)
    }

    pub(crate) fn unit(&self, base: &str) -> BusinessUnit {
        let domain = &self.domain;
        let id = self.id();
        let (number_of_reviews, tenths) = self.number_of_reviews();
        let own = |rel, path: &str| Link::get(rel, format!("{base}/v1/business-units/{id}{path}"));
        BusinessUnit {
            links: vec![
                own("self", ""),
                own("reviews", "/reviews"),
                own("web-links", "/web-links"),
                own("categories", "/categories"),
                own("images", "/images"),
            ],
            display_name: self.name.clone(),
            name: Name {
                identifying: domain.clone(),
                referring: vec![domain.clone(), format!("www.{domain}")],
            },
            website_url: format!("http://www.{domain}"),
            country: self.country,
            number_of_reviews,
            status: "active",
            score: Score {
                trust_score: decimal(tenths),
                // Half stars.
                stars: decimal((tenths + 2) / 5 * 5),
            },
            bad_fit: self.number >= NAMED && self.seed.named("bad-fit").below(20) == 0,
            id,
        }
    }
}

fn capital(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_uppercase().collect::<String>() + letters.as_str()
    })
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]
mod tests {
    use super::*;

    const WORLD: Seed = Seed::new(1);

    #[test]
    fn sb4_every_business_is_found_by_its_domain_and_its_id() {
        let mut domains = std::collections::BTreeSet::new();
        for business in Business::all(WORLD) {
            let by_domain = Business::by_domain(WORLD, &business.domain).unwrap();
            assert_eq!(by_domain.number, business.number);
            assert_eq!(
                Business::by_id(WORLD, &business.id()).unwrap().number,
                business.number
            );
            assert_eq!(business.categories().len(), 2, "{}", business.domain);
            domains.insert(business.domain);
        }
        assert_eq!(domains.len() as u64, COUNT);
        for none in [
            "",
            "no.example",
            "amber-none.example",
            "-.example",
            "AMBER-",
        ] {
            assert!(Business::by_domain(WORLD, none).is_none(), "{none}");
        }
        let one = Business::by_domain(WORLD, "example.com").unwrap();
        assert_ne!(
            one.id(),
            Business::by_domain(Seed::new(2), "example.com")
                .unwrap()
                .id()
        );
    }

    #[test]
    fn sb4_places_are_read_back() {
        let end = first_place(COUNT);
        assert!(end > 1_000_000, "{end}");
        for place in (0..end).step_by(997).chain([0, end - 1]) {
            let (number, index) = at_place(place);
            assert_eq!(first_place(number) + index, place);
            assert!(index < room(reviews_of(number)));
        }
        for business in Business::all(WORLD) {
            assert!(
                business.length() <= room(business.reviews),
                "{}",
                business.domain
            );
        }
    }

    #[test]
    fn counts_add_up_and_scores_are_in_range() {
        for business in Business::all(WORLD) {
            let unit = business.unit("b");
            let n = &unit.number_of_reviews;
            let sum = n.one_star + n.two_stars + n.three_stars + n.four_stars + n.five_stars;
            assert_eq!(sum, n.total, "{}", business.domain);
            let score = unit.score.trust_score.as_f64().unwrap();
            let stars = unit.score.stars.as_f64().unwrap();
            assert!(
                (score - stars).abs() <= 0.3,
                "{}: {score} {stars}",
                business.domain
            );
            assert_eq!(n.used_for_trust_score_calculation == 0, score == 0.0);
        }
    }
}
