//! Products, their reviews, and reviews that came from elsewhere.

use serde_json::{Value, json};

use super::tables::{ATTRIBUTES, PRODUCTS};
use super::walk::{Slots, Walk};
use super::{Business, Consumer, DAY_MS, Times, texts};
use crate::date;
use crate::seed::Seed;

/// Products of a business that has reviews; the last one has none itself.
const COUNT: u64 = PRODUCTS.len() as u64;

/// Reviews of the products of a business: its own ones, or imported ones.
pub(crate) struct Shelf {
    pub(crate) business: Business,
    kind: &'static str,
    seed: Seed,
}

/// The kinds of shelves; the names are those of the seeds.
pub(crate) const OWN: &str = "product-review";
pub(crate) const IMPORTED: &str = "imported-review";

/// How a product is averaged.
pub(crate) struct Summary {
    pub(crate) stars: [u64; 5],
}

/// What was said about a product review.
#[derive(Clone, Debug)]
pub(crate) struct Talk {
    pub(crate) public: bool,
    pub(crate) created: u64,
    pub(crate) comments: Vec<Comment>,
}

#[derive(Clone, Debug)]
pub(crate) struct Comment {
    pub(crate) id: String,
    pub(crate) content: String,
    pub(crate) created: u64,
    pub(crate) updated: Option<u64>,
    /// Whether the company wrote it, and not the consumer.
    pub(crate) company: bool,
    pub(crate) author: String,
}

impl Summary {
    pub(crate) fn total(&self) -> u64 {
        self.stars.iter().sum()
    }

    /// The average in hundredths, 0 without reviews.
    pub(crate) fn hundredths(&self) -> u64 {
        let sum: u64 = self
            .stars
            .iter()
            .zip(1..)
            .map(|(count, stars)| count * stars)
            .sum();
        let total = self.total();
        (sum * 100 + total / 2).checked_div(total).unwrap_or(0)
    }
}

impl Shelf {
    pub(crate) fn new(business: Business, kind: &'static str) -> Self {
        let seed = business.seed.named(kind);
        Self {
            business,
            kind,
            seed,
        }
    }

    /// The shelf and the index that stand in the id of a review.
    pub(crate) fn of_review(world: Seed, id: &str) -> Option<(Self, u64)> {
        Self::of(world, OWN, id)
    }

    /// Those in the id of a conversation, whether it was begun or not.
    pub(crate) fn at_conversation(world: Seed, id: &str) -> Option<(Self, u64)> {
        Self::of(world, "conversation", id)
    }

    fn of(world: Seed, label: &str, id: &str) -> Option<(Self, u64)> {
        let number = world.named(label).number(id)?;
        let shelf = Self::new(Business::numbered(world, number >> 32)?, OWN);
        let index = number & u64::from(u32::MAX);
        (index < shelf.length()).then_some((shelf, index))
    }

    pub(crate) fn is_own(&self) -> bool {
        self.kind == OWN
    }

    pub(crate) fn review_id(&self, index: u64) -> String {
        self.business.world.named(self.kind).id(self.number(index))
    }

    /// The id that a conversation about a review has, or would have.
    pub(crate) fn talk_id(&self, index: u64) -> String {
        let ids = self.business.world.named("conversation");
        ids.id(self.number(index))
    }

    /// How many reviews stand on it.
    pub(crate) fn length(&self) -> u64 {
        self.business.reviews * 2 / if self.kind == OWN { 5 } else { 15 }
    }

    pub(crate) fn walk(&self) -> Walk {
        Walk(self.seed.named("walk"))
    }

    /// Which product a review is about: nearly half are about the first.
    pub(crate) fn product(slot: u64) -> u64 {
        match (slot * 41 + 3) % 100 {
            0..45 => 0,
            45..60 => 1,
            60..70 => 2,
            other => 3 + (other - 70) / 4,
        }
    }

    fn products(&self) -> std::ops::Range<u64> {
        if self.business.reviews == 0 {
            0..0
        } else {
            0..COUNT
        }
    }

    pub(crate) fn sku(&self, product: u64) -> String {
        let name: String = self
            .business
            .domain
            .chars()
            .filter(char::is_ascii_alphabetic)
            .take(4)
            .collect();
        let name = name.to_uppercase();
        // Some shops put anything into a sku.
        match product {
            1 => format!("{:06}_{name}", 180_883),
            2 => format!("{name}/40+1 L"),
            _ => format!("{name}-{}", 1_001 + product),
        }
    }

    pub(crate) fn handle(product: u64) -> &'static str {
        let known = usize::try_from(product)
            .ok()
            .and_then(|place| PRODUCTS.get(place));
        known.copied().unwrap_or_default()
    }

    pub(crate) fn url(&self, product: u64) -> String {
        let domain = &self.business.domain;
        format!("https://www.{domain}/products/{}", Self::handle(product))
    }

    /// The products of which `is` says that they are meant.
    pub(crate) fn find(&self, is: impl Fn(u64) -> bool) -> Vec<u64> {
        self.products().filter(|product| is(*product)).collect()
    }

    /// The products that these skus name.
    pub(crate) fn by_sku(&self, skus: &[&str]) -> Vec<u64> {
        self.find(|product| skus.contains(&self.sku(product).as_str()))
    }

    pub(crate) fn summary(&self, products: &[u64]) -> Summary {
        let slots = Slots::of(|slot| products.contains(&Self::product(slot)));
        let stars = |slot| self.business.stars(slot);
        Summary {
            stars: self.walk().histogram(slots, self.length(), stars),
        }
    }

    pub(crate) fn created(&self, index: u64) -> u64 {
        let times = Times::new(self.seed.named("time"), self.length());
        times.at(index) + self.seed.named("ms").at(index).below(1_000)
    }

    fn number(&self, index: u64) -> u64 {
        self.business.number << 32 | index
    }

    pub(crate) fn conversation_id(&self, index: u64) -> Option<String> {
        let talked = self.kind == OWN && Business::replied(self.walk().slot(index));
        talked.then(|| self.talk_id(index))
    }

    pub(crate) fn author(&self, index: u64) -> Consumer {
        let number = self.seed.named("author").at(index).below(Consumer::count());
        Consumer::numbered(self.business.world, number)
    }

    fn company_comment(&self, index: u64) -> Option<(String, u64)> {
        let slot = self.walk().slot(index);
        let text = texts::reply(self.business.language(slot)).to_owned();
        Business::replied(slot).then(|| (text, self.created(index) + DAY_MS / 3))
    }

    pub(crate) fn text(&self, index: u64) -> Option<String> {
        let slot = self.walk().slot(index);
        let seed = self.seed.named("content").at(index);
        texts::text(
            seed,
            self.business.language(slot),
            self.business.stars(slot),
        )
    }

    pub(crate) fn title(&self, index: u64) -> Option<String> {
        let slot = self.walk().slot(index);
        let seed = self.seed.named("content").at(index);
        texts::title(
            seed,
            self.business.language(slot),
            self.business.stars(slot),
        )
    }

    pub(crate) fn reply(&self, index: u64) -> Option<String> {
        self.company_comment(index).map(|(text, _)| text)
    }

    /// The attributes of a product: id, name in a locale.
    pub(crate) fn attributes(&self, locale: &str) -> Vec<(String, &'static str)> {
        let ids = self.business.seed.named("attribute");
        (0..)
            .zip(ATTRIBUTES)
            .map(|(number, (english, danish, german))| {
                let name = match locale.get(..2) {
                    Some("da") => danish,
                    Some("de") => german,
                    _ => english,
                };
                (ids.id(number), *name)
            })
            .collect()
    }

    /// What a review gives to an attribute, nothing for some.
    fn attribute(&self, slot: u64, number: u64) -> Option<u64> {
        let stars = u64::from(self.business.stars(slot));
        (!(slot + number).is_multiple_of(3)).then(|| (stars + (slot + number) % 2).min(5))
    }

    /// Sum and count of what the reviews of a product give to attribute `number`.
    pub(crate) fn attribute_sum(&self, product: u64, number: u64) -> (u64, u64) {
        let given = |slot: u64| {
            self.attribute(slot, number)
                .filter(|_| Self::product(slot) == product)
        };
        let slots = Slots::of(|slot| given(slot).is_some());
        let value = |slot: u64| given(slot).unwrap_or(1) as u8;
        let counts = self.walk().histogram(slots, self.length(), value);
        let sum = counts
            .iter()
            .zip(1..)
            .map(|(count, value)| count * value)
            .sum();
        (sum, counts.iter().sum())
    }

    pub(crate) fn review(&self, index: u64, locale: &str, attributes: &[&str]) -> Value {
        let slot = self.walk().slot(index);
        let seed = self.seed.named("content").at(index);
        let author = self.author(index);
        let id = self.review_id(index);
        let ratings: Vec<_> = (0..)
            .zip(self.attributes(locale))
            .filter(|(_, (id, _))| attributes.is_empty() || attributes.contains(&id.as_str()))
            .filter_map(|(number, (id, name))| {
                let rating = self.attribute(slot, number)?;
                Some(json!({ "attributeId": id, "attributeName": name, "rating": rating }))
            })
            .collect();
        let picture = format!("https://attachments.trustpilot.com/{id}/360.jpg");
        let attachments = match seed.named("attachment").below(10) {
            0 => vec![json!({
                "id": self.seed.named("attachment").id(index),
                "state": "processed",
                "processedFiles": [
                    { "mimeType": "image/jpeg", "url": picture, "dimension": "360pxWide" },
                    { "mimeType": null, "url": null, "dimension": "original" },
                ],
            })],
            1 => vec![json!({
                "id": self.seed.named("attachment").id(index),
                "state": "rejected",
                "processedFiles": null,
            })],
            _ => Vec::new(),
        };
        json!({
            "id": id,
            "createdAt": date::iso_ms(self.created(index)),
            "stars": self.business.stars(slot),
            "content": self.text(index),
            "consumer": { "id": author.id(), "displayName": author.name() },
            "language": self.business.language(slot),
            "attributeRatings": if self.kind == OWN { json!(ratings) } else { json!([]) },
            "attachments": if self.kind == OWN { json!(attachments) } else { json!([]) },
            "firstCompanyComment": self.company_comment(index).map(|(text, written)| json!({
                "comment": text,
                "createdAt": date::iso_ms(written),
            })),
            "conversationId": self.conversation_id(index),
        })
    }

    /// A conversation that was begun: a comment of the company, and now and then an answer.
    pub(crate) fn talk(&self, index: u64) -> Option<Talk> {
        let (content, created) = self.company_comment(index).filter(|_| self.is_own())?;
        let ids = self.seed.named("comment").at(index);
        let mut comments = vec![Comment {
            id: ids.id(0),
            content,
            created,
            updated: (ids.below(3) == 0).then_some(created + DAY_MS),
            company: true,
            author: self.business.seed.named("user").id(1),
        }];
        if ids.below(2) == 0 {
            comments.push(Comment {
                id: ids.id(1),
                content: "Thanks! 👍".to_owned(),
                created: created + DAY_MS / 2,
                updated: None,
                company: false,
                author: self.author(index).id(),
            });
        }
        Some(Talk {
            public: true,
            created,
            comments,
        })
    }

    /// A conversation as everybody sees it.
    pub(crate) fn conversation(&self, index: u64, talk: &Talk) -> Value {
        let author = |comment: &Comment| {
            if comment.company {
                let Business { name, .. } = &self.business;
                json!({ "businessUnit": { "id": self.business.id(), "displayName": name } })
            } else {
                let consumer = self.author(index);
                json!({ "consumer": { "id": consumer.id(), "displayName": consumer.name() } })
            }
        };
        let shown = |comment: &Comment| {
            json!({
                "id": comment.id,
                "content": comment.content,
                "createdAt": date::iso_ms(comment.created),
                "updatedAt": comment.updated.map(date::iso_ms),
                "author": author(comment),
            })
        };
        json!({
            "id": self.talk_id(index),
            "state": if talk.public { "public" } else { "private" },
            "createdAt": date::iso_ms(talk.created),
            "comments": talk.comments.iter().map(shown).collect::<Vec<_>>(),
        })
    }
}
