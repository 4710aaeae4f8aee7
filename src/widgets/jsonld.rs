//! Structured data (JSON-LD, schema.org) of what is rated: text that may stand in a script element as
//! it is, and warnings where a search engine's or a platform's rules speak against it.
//!
//! Sources: Google's pages on review snippets, read again by others (marked so in the guide), and
//! Trustpilot's on showing reviews.

use serde::ser::Serializer;
use serde::{Deserialize, Serialize};

/// Types whose ratings Google shows stars for; a business's own rating of itself is not among them.
pub const WITH_STARS: &[&str] = &[
    "Book",
    "Course",
    "CreativeWorkSeason",
    "CreativeWorkSeries",
    "Episode",
    "Event",
    "Game",
    "MediaObject",
    "MobileApplication",
    "Movie",
    "MusicPlaylist",
    "MusicRecording",
    "Product",
    "Recipe",
    "SoftwareApplication",
    "VideoGame",
    "WebApplication",
];

/// What each node must have, or it says nothing to Google; of members with `|` between, one.
pub const REQUIRED: &[(&str, &[&str])] = &[
    (
        "AggregateRating",
        &["ratingValue", "ratingCount|reviewCount"],
    ),
    ("Review", &["author", "reviewRating"]),
    ("Rating", &["ratingValue"]),
    ("Person", &["name"]),
];

/// The author of a review has fewer characters than this, or Google takes it for something else.
pub const AUTHOR_LIMIT: usize = 100;

/// What is marked up.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Schema {
    /// The score and the count alone.
    #[default]
    Aggregate,
    /// The reviews too.
    Reviews,
}

/// A score, as the common view of the npm package has it.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct Rating {
    /// 1 to 5; none where there is none yet.
    pub value: Option<f64>,
    /// How many reviews it is made of.
    pub count: Option<f64>,
    /// The name of what is rated.
    pub name: Option<String>,
    /// Where the platform shows it. It tells items without a source apart, and is not written.
    pub url: Option<String>,
}

/// A review, as the common view of the npm package has it.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Review {
    /// 1 to 5.
    pub stars: Option<f64>,
    /// Its heading.
    pub title: Option<String>,
    /// Its text.
    pub text: Option<String>,
    /// The language that it is written in.
    pub language: Option<String>,
    /// When it was written: an ISO date, whatever follows it.
    pub created_at: Option<String>,
    /// Who wrote it.
    pub author: Option<String>,
}

/// What is rated, and how.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct Item {
    /// What is marked up.
    pub schema: Schema,
    /// The type of what is rated (schema.org).
    #[serde(rename = "type")]
    pub kind: String,
    /// Its `@id`, where the page has markup of it already.
    pub id: Option<String>,
    /// Its name; else the rating's own.
    pub name: Option<String>,
    /// The platform: `trustpilot` or `trustoo`.
    pub provider: String,
    /// Whether a business as a whole was rated, not something that it sells.
    pub business: bool,
    /// What is asked for it, the same for all elements that show the item: business unit or domain,
    /// shop, sku. It tells items apart, and is not written.
    pub source: Option<String>,
    /// The score.
    pub rating: Option<Rating>,
    /// The reviews that stand in the page.
    pub reviews: Option<Vec<Review>>,
}

/// What speaks against markup, or why there is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Warning {
    /// The type is not the name of one. Nothing is written.
    BadType,
    /// What is rated has no name. Nothing is written.
    MissingName,
    /// The score is not between 1 and 5. It is left out.
    BadValue,
    /// A score without a number of reviews. It is left out.
    MissingCount,
    /// There are reviews and no score, and reviews were not asked for. Nothing is written.
    ReviewsNotAsked,
    /// Reviews without stars or author, or with an author of 100 characters, are left out.
    ReviewLeftOut,
    /// Google shows no stars for this type.
    NoStars,
    /// A business's rating is not that of a product.
    BusinessAsProduct,
    /// Trustpilot wants no texts of its API in search results.
    PlatformReviews,
    /// The page has the item's rating already. Nothing is written.
    AlreadyThere,
    /// The page has another item of the type.
    SecondItem,
}

impl Warning {
    /// All of them.
    pub const ALL: [Self; 11] = [
        Self::BadType,
        Self::MissingName,
        Self::BadValue,
        Self::MissingCount,
        Self::ReviewsNotAsked,
        Self::ReviewLeftOut,
        Self::NoStars,
        Self::BusinessAsProduct,
        Self::PlatformReviews,
        Self::AlreadyThere,
        Self::SecondItem,
    ];

    /// Its stable name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::BadType => "bad_type",
            Self::MissingName => "missing_name",
            Self::BadValue => "bad_value",
            Self::MissingCount => "missing_count",
            Self::ReviewsNotAsked => "reviews_not_asked",
            Self::ReviewLeftOut => "review_left_out",
            Self::NoStars => "no_stars",
            Self::BusinessAsProduct => "business_as_product",
            Self::PlatformReviews => "platform_reviews",
            Self::AlreadyThere => "already_there",
            Self::SecondItem => "second_item",
        }
    }

    /// What it says to a developer.
    #[must_use]
    pub const fn message(self) -> &'static str {
        match self {
            Self::BadType => {
                "the schema type is not the name of a type at schema.org; nothing is marked up"
            }
            Self::MissingName => {
                "structured data needs the name of what is rated; nothing is marked up"
            }
            Self::BadValue => "a score that is not between 1 and 5 is not marked up",
            Self::MissingCount => "a score without a number of reviews is not marked up",
            Self::ReviewsNotAsked => {
                "there is no score to mark up; reviews are marked up by schema=\"reviews\" alone"
            }
            Self::ReviewLeftOut => {
                "reviews without stars or author, or with an author of 100 characters and more, are not marked up"
            }
            Self::NoStars => {
                "Google shows no stars for this type: a rating of a business on its own site (Organization, LocalBusiness and their kinds) is self-serving"
            }
            Self::BusinessAsProduct => {
                "the rating of a business is marked up as that of a product; Google wants reviews of the product itself"
            }
            Self::PlatformReviews => {
                "Trustpilot does not want texts of its reviews in search results: mark up score and count alone, on five pages at most"
            }
            Self::AlreadyThere => {
                "the page has an aggregateRating of this item already; none is added"
            }
            Self::SecondItem => {
                "the page marks up several items of this type; Google wants one, and no list"
            }
        }
    }
}

/// Structured data, or why there is none.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Made {
    /// What tells items of a page apart.
    pub key: String,
    /// JSON that may stand in a script element as it is; none where there is nothing to mark up.
    pub json: Option<String>,
    /// What speaks against it.
    pub warnings: Vec<Warning>,
}

#[derive(Serialize)]
struct Node<'a> {
    #[serde(rename = "@context")]
    context: &'static str,
    #[serde(rename = "@type")]
    kind: &'a str,
    #[serde(rename = "@id", skip_serializing_if = "Option::is_none")]
    id: Option<&'a str>,
    name: &'a str,
    #[serde(rename = "aggregateRating", skip_serializing_if = "Option::is_none")]
    aggregate: Option<AggregateNode>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    review: Vec<ReviewNode<'a>>,
}

#[derive(Serialize)]
struct AggregateNode {
    #[serde(rename = "@type")]
    kind: &'static str,
    #[serde(rename = "ratingValue")]
    value: Number,
    #[serde(rename = "bestRating")]
    best: u8,
    #[serde(rename = "worstRating")]
    worst: u8,
    #[serde(rename = "reviewCount")]
    count: Number,
}

#[derive(Serialize)]
struct ReviewNode<'a> {
    #[serde(rename = "@type")]
    kind: &'static str,
    author: PersonNode<'a>,
    #[serde(rename = "datePublished", skip_serializing_if = "Option::is_none")]
    date: Option<&'a str>,
    #[serde(rename = "reviewRating")]
    rating: RatingNode,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<&'a str>,
    #[serde(rename = "reviewBody", skip_serializing_if = "Option::is_none")]
    body: Option<&'a str>,
    #[serde(rename = "inLanguage", skip_serializing_if = "Option::is_none")]
    language: Option<&'a str>,
}

#[derive(Serialize)]
struct PersonNode<'a> {
    #[serde(rename = "@type")]
    kind: &'static str,
    name: &'a str,
}

#[derive(Serialize)]
struct RatingNode {
    #[serde(rename = "@type")]
    kind: &'static str,
    #[serde(rename = "ratingValue")]
    value: Number,
    #[serde(rename = "bestRating")]
    best: u8,
    #[serde(rename = "worstRating")]
    worst: u8,
}

/// A number as JavaScript writes it: whole ones without a point.
struct Number(f64);

impl Serialize for Number {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "whole, and between 1 and 2^53"
    )]
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.0.fract() == 0.0 {
            serializer.serialize_u64(self.0 as u64)
        } else {
            serializer.serialize_f64(self.0)
        }
    }
}

/// The structured data of an item.
///
/// ```
/// use plaudit::widgets::jsonld::{Item, Rating, Warning, json_ld};
///
/// let item = Item {
///     kind: String::from("Product"),
///     name: Some(String::from("Kettle <2 l>")),
///     rating: Some(Rating { value: Some(4.5), count: Some(137.0), ..Rating::default() }),
///     ..Item::default()
/// };
/// let made = json_ld(&item);
/// assert_eq!(
///     made.json.as_deref(),
///     Some(concat!(
///         r#"{"@context":"https://schema.org","@type":"Product","name":"Kettle \u003c2 l\u003e","#,
///         r#""aggregateRating":{"@type":"AggregateRating","ratingValue":4.5,"bestRating":5,"#,
///         r#""worstRating":1,"reviewCount":137}}"#
///     ))
/// );
/// assert!(made.warnings.is_empty());
///
/// let shop = json_ld(&Item { kind: String::from("Organization"), ..item });
/// assert_eq!(shop.warnings, [Warning::NoStars]);
/// ```
#[must_use]
pub fn json_ld(item: &Item) -> Made {
    let mut warnings = Vec::new();
    let rating = item.rating.as_ref();
    let name = said(item.name.as_deref()).or_else(|| said(rating?.name.as_deref()));
    let id = said(item.id.as_deref());
    let place = id
        .or_else(|| said(item.source.as_deref()))
        .or_else(|| said(rating?.url.as_deref()))
        .or(name);
    let key = format!("{} {}", item.kind, place.unwrap_or_default());
    let none = |warning| Made {
        key: key.clone(),
        json: None,
        warnings: vec![warning],
    };
    if !is_type(&item.kind) {
        return none(Warning::BadType);
    }
    let Some(name) = name else {
        return none(Warning::MissingName);
    };

    let value = rating.and_then(|it| it.value);
    let aggregate = match (value, rating.and_then(|it| it.count)) {
        (None, _) => None,
        (Some(value), _) if !is_score(value) => {
            warnings.push(Warning::BadValue);
            None
        }
        (Some(value), Some(count)) if is_count(count) => Some(AggregateNode {
            kind: "AggregateRating",
            value: Number(value),
            best: 5,
            worst: 1,
            count: Number(count),
        }),
        _ => {
            warnings.push(Warning::MissingCount);
            None
        }
    };

    let given = item.reviews.as_deref().unwrap_or_default();
    let asked = if item.schema == Schema::Reviews {
        given
    } else {
        &[]
    };
    let review: Vec<_> = asked.iter().filter_map(node).collect();
    if review.len() < asked.len() {
        warnings.push(Warning::ReviewLeftOut);
    }
    if aggregate.is_none() && review.is_empty() {
        if asked.is_empty() && !given.is_empty() {
            warnings.push(Warning::ReviewsNotAsked);
        }
        return Made {
            key,
            json: None,
            warnings,
        };
    }
    if !WITH_STARS.contains(&item.kind.as_str()) {
        warnings.push(Warning::NoStars);
    } else if item.kind == "Product" && item.business {
        warnings.push(Warning::BusinessAsProduct);
    }
    if !review.is_empty() && item.provider == "trustpilot" {
        warnings.push(Warning::PlatformReviews);
    }
    let node = Node {
        context: "https://schema.org",
        kind: &item.kind,
        id,
        name,
        aggregate,
        review,
    };
    let json = serde_json::to_string(&node).ok().map(|text| escape(&text));
    Made {
        key,
        json,
        warnings,
    }
}

/// JSON so that no text in it can end a script element, or begin a comment in one: `<`, `>`, `&` and
/// the two line ends that JavaScript has beside JSON become `\u…`. It is the same JSON.
#[must_use]
pub fn escape(json: &str) -> String {
    let mut safe = String::with_capacity(json.len());
    for it in json.chars() {
        match it {
            '<' => safe.push_str("\\u003c"),
            '>' => safe.push_str("\\u003e"),
            '&' => safe.push_str("\\u0026"),
            '\u{2028}' => safe.push_str("\\u2028"),
            '\u{2029}' => safe.push_str("\\u2029"),
            _ => safe.push(it),
        }
    }
    safe
}

fn node(review: &Review) -> Option<ReviewNode<'_>> {
    let author = said(review.author.as_deref()).filter(|it| it.chars().count() < AUTHOR_LIMIT)?;
    let stars = review.stars.filter(|it| is_score(*it))?;
    Some(ReviewNode {
        kind: "Review",
        author: PersonNode {
            kind: "Person",
            name: author,
        },
        date: review.created_at.as_deref().and_then(date),
        rating: RatingNode {
            kind: "Rating",
            value: Number(stars),
            best: 5,
            worst: 1,
        },
        name: said(review.title.as_deref()),
        body: said(review.text.as_deref()),
        language: said(review.language.as_deref()),
    })
}

/// The text, unless there is nothing in it.
fn said(text: Option<&str>) -> Option<&str> {
    text.map(|it| it.trim_matches(|c: char| c.is_ascii_whitespace()))
        .filter(|it| !it.is_empty())
}

fn is_type(text: &str) -> bool {
    text.starts_with(|it: char| it.is_ascii_uppercase())
        && text.chars().all(|it| it.is_ascii_alphanumeric())
}

fn is_score(value: f64) -> bool {
    (1.0..=5.0).contains(&value)
}

/// Whole, at least one, and exact in a double.
fn is_count(value: f64) -> bool {
    (1.0..=9_007_199_254_740_991.0).contains(&value) && value.fract() == 0.0
}

/// The day of an ISO date or instant.
fn date(text: &str) -> Option<&str> {
    let day = text.get(..10)?;
    let fits = day.bytes().zip(b"0000-00-00").all(|(it, form)| match form {
        b'0' => it.is_ascii_digit(),
        _ => it == *form,
    });
    fits.then_some(day)
}
