//! Service reviews.

use serde::Serialize;
use serde_json::{Value, json};

use super::{Business, Consumer, DAY_MS, Link, Times, image, pick, texts};
use crate::date;
use crate::seed::Seed;

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Review {
    pub(crate) links: Vec<Link>,
    pub(crate) id: String,
    pub(crate) consumer: Reviewer,
    pub(crate) business_unit: Reviewed,
    pub(crate) location: Option<Value>,
    pub(crate) stars: u8,
    pub(crate) title: Option<String>,
    pub(crate) text: Option<String>,
    pub(crate) language: &'static str,
    pub(crate) created_at: String,
    pub(crate) experienced_at: Option<String>,
    pub(crate) updated_at: Option<String>,
    pub(crate) company_reply: Option<Reply>,
    pub(crate) is_verified: bool,
    pub(crate) source: &'static str,
    pub(crate) number_of_likes: u64,
    pub(crate) status: &'static str,
    pub(crate) report_data: Option<Value>,
    pub(crate) compliance_labels: Vec<&'static str>,
    pub(crate) counts_towards_trust_score: bool,
    pub(crate) counts_towards_location_trust_score: Option<bool>,
    pub(crate) invitation: Option<Value>,
    pub(crate) business_unit_history: Vec<Value>,
    pub(crate) review_verification_level: &'static str,
    #[serde(flatten)]
    pub(crate) private: Option<Private>,
}

/// What only the business itself sees.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Private {
    pub(crate) reference_id: String,
    pub(crate) referral_email: Option<String>,
    pub(crate) tags: Vec<Value>,
    pub(crate) find_reviewer: Value,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Reviewer {
    pub(crate) links: Vec<Link>,
    pub(crate) id: String,
    pub(crate) display_name: String,
    pub(crate) display_location: Option<&'static str>,
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
    pub(crate) text: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) author_business_user_id: Option<String>,
    pub(crate) created_at: String,
    pub(crate) updated_at: Option<String>,
}

/// How the number in the id of a review is made of business and index.
fn number(business: u64, index: u64) -> u64 {
    business << 32 | index
}

impl Business {
    pub(crate) fn times(&self, length: u64) -> Times {
        Times::new(self.seed.named("time"), length)
    }

    fn review_seed(&self, index: u64) -> Seed {
        self.seed.named("review").at(index)
    }

    pub(crate) fn review_id(&self, index: u64) -> String {
        self.world.named("review").id(number(self.number, index))
    }

    /// The business and the index of a review.
    pub(crate) fn of_review(world: Seed, id: &str) -> Option<(Self, u64)> {
        let number = world.named("review").number(id)?;
        let business = Self::numbered(world, number >> 32)?;
        let index = number & u64::from(u32::MAX);
        (index < business.length()).then_some((business, index))
    }

    /// The reference number that the business gave, highest for the newest.
    pub(crate) fn reference(&self, index: u64, length: u64) -> String {
        format!("order-{}", 100_000 + length.saturating_sub(index))
    }

    pub(crate) fn likes(&self, index: u64) -> u64 {
        let seed = self.review_seed(index).named("likes");
        if seed.below(4) == 0 {
            seed.at(1).below(7)
        } else {
            0
        }
    }

    /// Who liked a review.
    pub(crate) fn liked_by(&self, index: u64) -> Vec<Consumer> {
        let seed = self.review_seed(index).named("liked");
        (0..self.likes(index))
            .map(|number| Consumer::numbered(self.world, seed.at(number).below(Consumer::count())))
            .collect()
    }

    pub(crate) fn review(&self, base: &str, index: u64, private: bool) -> Review {
        let seed = self.review_seed(index);
        let slot = self.walk().slot(index);
        let (stars, language) = (self.stars(slot), self.language(slot));
        let length = self.length();
        let created = self.times(length).at(index);
        let id = self.review_id(index);
        let author = Consumer::of_review(self.world, self.number, index);
        let level = pick(
            &["verified", "invited", "not-verified"],
            seed.named("level"),
        );
        let source = match level {
            "verified" => pick(
                &["AFSv2", "InvitationLinkApi", "BusinessGeneratedLink"],
                seed.named("source"),
            ),
            "invited" => "BasicLink",
            _ => "Organic",
        };
        let reported = Self::reported(slot);
        let written = |rel, path: &str| Link::get(rel, format!("{base}/v1/reviews/{id}{path}"));
        let picture = format!("{base}/v1/business-units/{}/images", self.id());
        let reference_id = self.reference(index, length);
        Review {
            links: vec![
                written("reviews", ""),
                written("reviews-web-links", "/web-links"),
                Link::get(
                    "resources-images-stars",
                    format!("{base}/v1/resources/images/stars/{stars}"),
                ),
            ],
            consumer: author.reviewer(base),
            business_unit: Reviewed {
                links: vec![Link::get("profile-image-small", picture)],
                id: self.id(),
                identifying_name: self.domain.clone(),
                display_name: self.name.clone(),
            },
            location: Self::location(slot).map(|location| self.location_json(location)),
            stars,
            title: texts::title(seed, language, stars),
            text: texts::text(seed, language, stars),
            language,
            created_at: date::iso(created),
            experienced_at: (seed.named("experience").below(9) > 0).then(|| {
                let days = seed.named("experience").at(1).below(20);
                date::iso(created.saturating_sub(days * DAY_MS) / DAY_MS * DAY_MS)
            }),
            updated_at: (seed.named("update").below(12) == 0)
                .then(|| date::iso(created + DAY_MS / 8)),
            company_reply: Self::replied(slot).then(|| Reply {
                text: texts::reply(language).to_owned(),
                author_business_user_id: private.then(|| self.seed.named("user").id(1)),
                created_at: date::iso(created + DAY_MS / 2),
                updated_at: (seed.named("reply").below(5) == 0)
                    .then(|| date::iso(created + DAY_MS)),
            }),
            is_verified: level == "verified",
            source,
            number_of_likes: self.likes(index),
            status: if reported { "reported" } else { "active" },
            report_data: reported.then(|| {
                json!({
                    "source": "Trustpilot",
                    "publicComment": (slot != 7).then_some("This review names a person."),
                    "createdAt": date::iso_local(created + DAY_MS),
                    "reasons": ["privacy"],
                    "reason": "privacy",
                    "reviewVisibility": "hidden",
                })
            }),
            compliance_labels: match seed.named("compliance").below(25) {
                0 => vec!["incentivised"],
                _ => Vec::new(),
            },
            counts_towards_trust_score: Self::counts(slot),
            counts_towards_location_trust_score: Self::location(slot).map(|_| Self::counts(slot)),
            invitation: (level != "not-verified").then(|| json!({ "businessUnitId": self.id() })),
            business_unit_history: match seed.named("history").below(50) {
                0 => vec![json!({
                    "businessUnitId": self.id(),
                    "identifyingName": format!("old.{}", self.domain),
                    "displayName": self.name,
                    "changeDate": date::iso(created + DAY_MS),
                })],
                _ => Vec::new(),
            },
            review_verification_level: level,
            private: private.then(|| Private {
                referral_email: (seed.named("email").below(3) > 0)
                    .then(|| format!("{reference_id}@customers.example")),
                reference_id,
                tags: Self::tag(slot)
                    .map(|(group, value)| json!({ "group": group, "value": value }))
                    .into_iter()
                    .collect(),
                find_reviewer: json!({
                    "isEligible": level == "not-verified" && stars < 4,
                    "requests": [],
                }),
            }),
            id,
        }
    }

    /// One of its three shops.
    pub(crate) fn location_json(&self, location: u64) -> Value {
        let name = pick(super::tables::CITIES, self.seed.named("city").at(location));
        json!({
            "id": self.location_id(location),
            "name": name,
            "urlFormattedName": format!("shop-{}", location + 1),
            "externalId": if location == 2 { json!(null) } else { json!(format!("S{location}")) },
        })
    }

    /// A logo, header or other picture of the business.
    pub(crate) fn picture(&self, kind: &str, width: u64, height: u64) -> Value {
        let path = format!(
            "business-units/{}-{kind}-{width}x{height}-1x.jpg",
            self.id()
        );
        image(&path, width, height)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]
mod tests {
    use super::*;
    use crate::data::walk::LOOKS;

    #[test]
    fn sb4_review_99_999_costs_what_review_0_does() {
        let business = Business::by_domain(Seed::new(1), "big.example").unwrap();
        let cost = |index: u64| {
            LOOKS.set(0);
            business.review("b", index, true);
            LOOKS.get()
        };
        // Blocks that end: of this business, and of those that its author wrote about.
        let most = 100 * 2 * 16;
        for index in [0, 1, 50_000, 99_999, 249_999] {
            assert!(cost(index) < most, "{index}: {}", cost(index));
        }
    }

    #[test]
    fn sb4_data_depends_on_seed_business_and_index_alone() {
        let one = Business::by_domain(Seed::new(1), "example.com").unwrap();
        let written = |index| serde_json::to_string(&one.review("b", index, true)).unwrap();
        let late = written(99);
        written(3);
        assert_eq!(late, written(99));
        let ids: std::collections::BTreeSet<_> = (0..one.length())
            .map(|index| one.review_id(index))
            .collect();
        assert_eq!(ids.len() as u64, one.length());
        let (business, index) = Business::of_review(Seed::new(1), &one.review_id(7)).unwrap();
        assert_eq!((business.number, index), (one.number, 7));
        let none = one.review_id(one.length());
        assert!(Business::of_review(Seed::new(1), &none).is_none());
    }
}
