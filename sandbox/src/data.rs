//! Businesses and reviews: a function of seed, domain and index, nothing kept (SB4).

use serde::Serialize;
use serde_json::Value;

use crate::seed::Seed;

/// 2026-01-01T00:00:00Z, when the newest review of every business was written.
const NEWEST_MS: u64 = 1_767_225_600_000;

struct Known {
    domain: &'static str,
    name: &'static str,
    country: &'static str,
    reviews: u64,
}

const KNOWN: &[Known] = &[
    Known {
        domain: "trustpilot.com",
        name: "Trustpilot",
        country: "DK",
        reviews: 1_204,
    },
    Known {
        domain: "example.com",
        name: "Example Store",
        country: "US",
        reviews: 137,
    },
    Known {
        domain: "books.example",
        name: "Seventh Shelf Books",
        country: "GB",
        reviews: 412,
    },
    Known {
        domain: "coffee.example",
        name: "Kaffe & Søn",
        country: "DK",
        reviews: 58,
    },
    Known {
        domain: "bikes.example",
        name: "Radwerk Köln",
        country: "DE",
        reviews: 903,
    },
    Known {
        domain: "new-shop.example",
        name: "New Shop",
        country: "NL",
        reviews: 0,
    },
];

#[derive(Clone, Debug, Serialize)]
pub(crate) struct Link {
    pub(crate) href: String,
    pub(crate) method: &'static str,
    pub(crate) rel: &'static str,
}

impl Link {
    pub(crate) fn get(rel: &'static str, href: String) -> Self {
        Self {
            href,
            method: "GET",
            rel,
        }
    }
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct BusinessUnit {
    pub(crate) links: Vec<Link>,
    pub(crate) id: String,
    pub(crate) display_name: String,
    pub(crate) name: Name,
    pub(crate) website_url: String,
    pub(crate) country: &'static str,
    pub(crate) number_of_reviews: NumberOfReviews,
    pub(crate) status: &'static str,
    pub(crate) score: Score,
    pub(crate) bad_fit: bool,
}

#[derive(Debug, Serialize)]
pub(crate) struct Name {
    pub(crate) identifying: String,
    pub(crate) referring: Vec<String>,
}

#[derive(Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct NumberOfReviews {
    pub(crate) total: u64,
    pub(crate) used_for_trust_score_calculation: u64,
    pub(crate) one_star: u64,
    pub(crate) two_stars: u64,
    pub(crate) three_stars: u64,
    pub(crate) four_stars: u64,
    pub(crate) five_stars: u64,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Score {
    pub(crate) trust_score: Value,
    pub(crate) stars: Value,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Review {
    pub(crate) links: Vec<Link>,
    pub(crate) id: String,
    pub(crate) consumer: Consumer,
    pub(crate) business_unit: Reviewed,
    pub(crate) location: Option<Value>,
    pub(crate) stars: u8,
    pub(crate) title: String,
    pub(crate) text: String,
    pub(crate) language: &'static str,
    pub(crate) created_at: String,
    pub(crate) experienced_at: String,
    pub(crate) updated_at: Option<String>,
    pub(crate) company_reply: Option<Reply>,
    pub(crate) is_verified: bool,
    pub(crate) source: &'static str,
    pub(crate) number_of_likes: u64,
    pub(crate) status: &'static str,
    pub(crate) report_data: Option<Value>,
    pub(crate) compliance_labels: Vec<Value>,
    pub(crate) counts_towards_trust_score: bool,
    pub(crate) counts_towards_location_trust_score: Option<bool>,
    pub(crate) invitation: Option<Value>,
    pub(crate) business_unit_history: Vec<Value>,
    pub(crate) review_verification_level: &'static str,
    pub(crate) reference_id: String,
    pub(crate) referral_email: Option<String>,
    pub(crate) tags: Vec<Value>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Consumer {
    pub(crate) links: Vec<Link>,
    pub(crate) id: String,
    pub(crate) display_name: String,
    pub(crate) display_location: Option<String>,
    pub(crate) number_of_reviews: u64,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Reviewed {
    pub(crate) links: Vec<Link>,
    pub(crate) id: String,
    pub(crate) identifying_name: String,
    pub(crate) display_name: String,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Reply {
    pub(crate) text: &'static str,
    pub(crate) created_at: String,
    pub(crate) updated_at: Option<String>,
}

/// One business of a world.
pub(crate) struct Business {
    known: &'static Known,
    seed: Seed,
}

impl Business {
    fn new(world: Seed, known: &'static Known) -> Self {
        Self {
            known,
            seed: world.named("business").named(known.domain),
        }
    }

    /// By its domain, with or without `www.`.
    pub(crate) fn by_domain(world: Seed, name: &str) -> Option<Self> {
        let name = name.trim().to_ascii_lowercase();
        let bare = name.strip_prefix("www.").unwrap_or(&name);
        let known = KNOWN.iter().find(|known| known.domain == bare)?;
        Some(Self::new(world, known))
    }

    pub(crate) fn by_id(world: Seed, id: &str) -> Option<Self> {
        KNOWN
            .iter()
            .map(|known| Self::new(world, known))
            .find(|business| business.id() == id)
    }

    /// The domains that every world knows.
    pub(crate) fn domains() -> impl Iterator<Item = &'static str> {
        KNOWN.iter().map(|known| known.domain)
    }

    pub(crate) fn id(&self) -> String {
        self.seed.named("id").hex(24)
    }

    pub(crate) fn reviews(&self) -> u64 {
        self.known.reviews
    }

    fn review_seed(&self, index: u64) -> Seed {
        self.seed.named("review").at(index)
    }

    /// The stars of a review, cheap enough to count them all.
    pub(crate) fn stars(&self, index: u64) -> u8 {
        match self.review_seed(index).named("stars").below(100) {
            0..6 => 1,
            6..10 => 2,
            10..19 => 3,
            19..42 => 4,
            _ => 5,
        }
    }

    pub(crate) fn language(&self, index: u64) -> &'static str {
        let home = match self.known.country {
            "DK" => "da",
            "DE" => "de",
            "NL" => "nl",
            _ => "en",
        };
        if self.review_seed(index).named("language").below(3) == 0 {
            home
        } else {
            "en"
        }
    }

    pub(crate) fn unit(&self, base: &str) -> BusinessUnit {
        let Known {
            domain,
            name,
            country,
            reviews,
        } = *self.known;
        let mut counts = NumberOfReviews {
            total: reviews,
            used_for_trust_score_calculation: reviews,
            ..NumberOfReviews::default()
        };
        let mut sum = 0;
        for index in 0..reviews {
            let stars = self.stars(index);
            sum += u64::from(stars);
            match stars {
                1 => counts.one_star += 1,
                2 => counts.two_stars += 1,
                3 => counts.three_stars += 1,
                4 => counts.four_stars += 1,
                _ => counts.five_stars += 1,
            }
        }
        let tenths = (sum * 10 + reviews / 2).checked_div(reviews).unwrap_or(0);
        let id = self.id();
        BusinessUnit {
            links: vec![
                Link::get("self", format!("{base}/v1/business-units/{id}")),
                Link::get("reviews", format!("{base}/v1/business-units/{id}/reviews")),
            ],
            id,
            display_name: name.to_owned(),
            name: Name {
                identifying: domain.to_owned(),
                referring: vec![domain.to_owned(), format!("www.{domain}")],
            },
            website_url: format!("http://www.{domain}"),
            country,
            number_of_reviews: counts,
            status: "active",
            score: Score {
                trust_score: decimal(tenths),
                // Half stars.
                stars: decimal((tenths + 2) / 5 * 5),
            },
            bad_fit: self.seed.named("bad-fit").below(10) == 0,
        }
    }

    pub(crate) fn review(&self, base: &str, index: u64) -> Review {
        const NAMES: [&str; 8] = [
            "Ana B.",
            "Jens Møller",
            "Li Wei",
            "Zoë",
            "أمل",
            "Chris O'Neil",
            "Ümit",
            "J <b> K",
        ];
        const GOOD: [(&str, &str); 3] = [
            (
                "Fast and friendly",
                "Ordered on Monday, arrived on Wednesday. Would buy again.",
            ),
            (
                "Alt var perfekt",
                "Hurtig levering og god service. 5 ud af 5 herfra!",
            ),
            (
                "Great service 👍",
                "They answered my question within the hour & it was right.",
            ),
        ];
        const BAD: [(&str, &str); 2] = [
            (
                "Too late",
                "The parcel came two weeks after the promised day.",
            ),
            (
                "Not as \"described\"",
                "The colour was < what the photo showed. Sent it back.",
            ),
        ];
        let seed = self.review_seed(index);
        let stars = self.stars(index);
        let (title, text) = if stars > 3 {
            pick(&GOOD, seed.named("text"))
        } else {
            pick(&BAD, seed.named("text"))
        };
        let day = 86_400_000;
        let age = index * day / 4 + seed.named("age").below(day / 4);
        let created = NEWEST_MS.saturating_sub(age);
        let experienced = created.saturating_sub(seed.named("experience").below(20) * day);
        let id = seed.named("id").hex(24);
        let consumer = seed.named("consumer");
        let verified = seed.named("verified").below(3) > 0;
        Review {
            links: vec![
                Link::get("reviews", format!("{base}/v1/reviews/{id}")),
                Link::get(
                    "reviews-web-links",
                    format!("{base}/v1/reviews/{id}/web-links"),
                ),
                Link::get(
                    "resources-images-stars",
                    format!("{base}/v1/resources/images/stars/{stars}"),
                ),
            ],
            consumer: Consumer {
                links: Vec::new(),
                id: consumer.hex(24),
                display_name: pick(&NAMES, consumer).to_owned(),
                display_location: None,
                number_of_reviews: 1 + consumer.named("reviews").below(40),
            },
            business_unit: Reviewed {
                links: Vec::new(),
                id: self.id(),
                identifying_name: self.known.domain.to_owned(),
                display_name: self.known.name.to_owned(),
            },
            location: None,
            stars,
            title: title.to_owned(),
            text: text.to_owned(),
            language: self.language(index),
            created_at: crate::date::iso(created),
            experienced_at: crate::date::iso(experienced / day * day),
            updated_at: None,
            company_reply: (seed.named("reply").below(4) == 0).then(|| Reply {
                text: "Thank you for taking the time to write.",
                created_at: crate::date::iso(created + day / 2),
                updated_at: None,
            }),
            is_verified: verified,
            source: if verified { "AFSv2" } else { "Organic" },
            number_of_likes: seed.named("likes").below(5),
            status: "active",
            report_data: None,
            compliance_labels: Vec::new(),
            counts_towards_trust_score: true,
            counts_towards_location_trust_score: None,
            invitation: None,
            business_unit_history: Vec::new(),
            review_verification_level: if verified { "verified" } else { "not-verified" },
            reference_id: format!("order-{}", seed.named("order").below(100_000)),
            referral_email: None,
            tags: Vec::new(),
            id,
        }
    }
}

fn pick<T: Copy + Default>(from: &[T], seed: Seed) -> T {
    from.get(seed.named("pick").below(from.len() as u64) as usize)
        .copied()
        .unwrap_or_default()
}

/// Tenths as the platform writes them: 46 is 4.6 and 40 is 4.
fn decimal(tenths: u64) -> Value {
    if tenths.is_multiple_of(10) {
        Value::from(tenths / 10)
    } else {
        Value::from(tenths as f64 / 10.0)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]
mod tests {
    use super::*;

    #[test]
    fn sb4_data_depends_on_seed_business_and_index_alone() {
        let world = Seed::new(1);
        let one = Business::by_domain(world, "example.com").unwrap();
        let late = serde_json::to_string(&one.review("b", 99_999)).unwrap();
        serde_json::to_string(&one.review("b", 3)).unwrap();
        assert_eq!(
            late,
            serde_json::to_string(&one.review("b", 99_999)).unwrap()
        );
        let other = Business::by_domain(Seed::new(2), "example.com").unwrap();
        assert_ne!(one.id(), other.id());
        assert_eq!(Business::by_id(world, &one.id()).unwrap().id(), one.id());
    }

    #[test]
    fn counts_add_up_and_scores_are_in_range() {
        for domain in Business::domains() {
            let unit = Business::by_domain(Seed::new(1), domain).unwrap().unit("b");
            let n = &unit.number_of_reviews;
            let sum = n.one_star + n.two_stars + n.three_stars + n.four_stars + n.five_stars;
            assert_eq!(sum, n.total, "{domain}");
            let score = unit.score.trust_score.as_f64().unwrap();
            let stars = unit.score.stars.as_f64().unwrap();
            assert!((score - stars).abs() <= 0.3, "{domain}: {score} {stars}");
            assert_eq!(n.total == 0, score == 0.0);
        }
    }

    #[test]
    fn numbers_are_written_as_the_platform_does() {
        assert_eq!(decimal(46).to_string(), "4.6");
        assert_eq!(decimal(40).to_string(), "4");
    }
}
