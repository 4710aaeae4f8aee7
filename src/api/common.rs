//! One view of a rating and of a review, whichever platform they are from.

use serde::Serialize;
use serde_json::Value;

use crate::api::Platform;

/// How something is rated: a business, a product.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Rating {
    /// The platform's name.
    pub provider: &'static str,
    /// 1 to 5, as exact as the platform says it; none before the first review.
    pub value: Option<f64>,
    /// The same in whole or half stars, as the platform rounds it where it does.
    pub stars: Option<f64>,
    /// How many reviews.
    pub count: Option<f64>,
    /// How many with one star, two and so on to five.
    pub distribution: Option<[f64; 5]>,
    /// What is rated.
    pub name: Option<String>,
    /// Its page at the platform.
    pub url: Option<String>,
}

/// What somebody wrote.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Review {
    /// The platform's name.
    pub provider: &'static str,
    /// The platform's id of it.
    pub id: Option<String>,
    /// 1 to 5.
    pub stars: Option<f64>,
    /// Its heading.
    pub title: Option<String>,
    /// Its text. Anybody could write it: never HTML.
    pub text: Option<String>,
    /// ISO 639-1.
    pub language: Option<String>,
    /// When it was written, as `2013-09-07T13:37:00.000Z`.
    pub created_at: Option<String>,
    /// Who wrote it, as the platform shows the name.
    pub author: Option<String>,
    /// What the business answered.
    pub reply: Option<Reply>,
    /// Whether the platform vouches for it.
    pub verified: Option<bool>,
    /// Its page at the platform.
    pub url: Option<String>,
}

/// What a business answered to a review.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Reply {
    /// Its text.
    pub text: String,
    /// When it was written.
    pub created_at: Option<String>,
}

impl Rating {
    /// The rating in an answer of `platform` that has been read.
    pub fn of(platform: &Platform, answer: &impl Serialize) -> Self {
        let answer = serde_json::to_value(answer).unwrap_or_default();
        let at = |name| find(&answer, platform.rating, name);
        // 0 is what a platform says before the first review.
        let number = |name| at(name).as_f64().filter(|it| *it != 0.0);
        let value = number("value");
        let distribution = platform
            .rating
            .iter()
            .find(|(name, _)| *name == "distribution")
            .and_then(|(_, paths)| {
                let counts: Option<Vec<_>> = paths
                    .split(',')
                    .map(|path| walk(&answer, path)?.as_f64())
                    .collect();
                counts?.try_into().ok()
            });
        Self {
            provider: platform.id,
            value,
            stars: number("stars").or(value.map(|it| (it * 2.0).round() / 2.0)),
            count: at("count").as_f64(),
            distribution,
            name: text(at("name")),
            url: text(at("url")),
        }
    }
}

impl Review {
    /// The review in an answer of `platform` that has been read.
    pub fn of(platform: &Platform, answer: &impl Serialize) -> Self {
        let answer = serde_json::to_value(answer).unwrap_or_default();
        let at = |name| find(&answer, platform.review, name);
        Self {
            provider: platform.id,
            id: text(at("id")),
            stars: at("stars").as_f64(),
            title: text(at("title")),
            text: text(at("text")),
            language: text(at("language")),
            created_at: text(at("createdAt")),
            author: text(at("author")),
            reply: text(at("replyText"))
                .filter(|text| !text.is_empty())
                .map(|reply| Reply {
                    text: reply,
                    created_at: text(at("replyCreatedAt")),
                }),
            verified: is_true(at("verified")),
            url: text(at("url")),
        }
    }
}

/// The first of a member's paths that leads to something.
fn find<'a>(answer: &'a Value, members: &[(&str, &str)], name: &str) -> &'a Value {
    let paths = members.iter().find(|(member, _)| *member == name);
    paths
        .and_then(|(_, paths)| paths.split('|').find_map(|path| walk(answer, path)))
        .unwrap_or(&Value::Null)
}

fn walk<'a>(answer: &'a Value, path: &str) -> Option<&'a Value> {
    let mut at = answer;
    for name in path.split('.') {
        at = at.get(name)?;
    }
    (!at.is_null()).then_some(at)
}

/// A flag, which may be 1, a number or text.
fn is_true(value: &Value) -> Option<bool> {
    let is_true = *value == true || *value == "1" || value.as_f64() == Some(1.0);
    (!value.is_null()).then_some(is_true)
}

/// Text, or a number as text: ids come as both.
fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}
