//! Consumers and their profiles.

use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::reviews::{SHOWN, Wanted};
use super::{Answer, Ask, bad, ok};
use crate::data::{Consumer, Link};

/// `GET /v1/consumers/{id}/profile`
pub(crate) fn profile(ask: &Ask<'_>) -> Answer {
    ok(&ask.consumer()?.profile())
}

/// `GET /v1/consumers/{id}`
pub(crate) fn get(ask: &Ask<'_>) -> Answer {
    let consumer = ask.consumer()?;
    let id = consumer.id();
    let own = |rel, path: &str| Link::get(rel, format!("{}/v1/consumers/{id}{path}", ask.base()));
    let mut profile = consumer.profile();
    if let Value::Object(profile) = &mut profile {
        let links = [
            own("self", ""),
            own("reviews", "/reviews"),
            own("web-links", "/web-links"),
        ];
        profile.insert("links".to_owned(), json!(links));
        let count = consumer.number_of_reviews();
        profile.insert("numberOfReviews".to_owned(), json!(count));
    }
    ok(&profile)
}

/// `GET /v1/consumers/{id}/web-links`
pub(crate) fn web_links(ask: &Ask<'_>) -> Answer {
    let id = ask.consumer()?.id();
    let locale = ask.locale("locale")?;
    let site = super::resources::site(locale);
    ok(&json!({
        "locale": locale,
        "profileUrl": format!("{site}/users/{id}"),
        "links": [Link::get("consumer", format!("{}/v1/consumers/{id}", ask.base()))],
    }))
}

/// `GET /v1/consumers/{id}/reviews`
pub(crate) fn reviews(ask: &Ask<'_>) -> Answer {
    let consumer = ask.consumer()?;
    let wanted = Wanted::read(ask)?;
    let page = ask.page("perPage", 20, 100)?;
    let business_unit = ask.value("businessUnitId");
    let mut found = consumer.reviews();
    found.retain(|(business, index)| {
        wanted.takes_review(ask, business, *index)
            && business_unit.is_none_or(|id| business.id() == id)
    });
    wanted.sort(&mut found);
    let size = |number| usize::try_from(number).unwrap_or(usize::MAX);
    let reviews: Vec<_> = found
        .iter()
        .skip(size(page.skip()))
        .take(size(page.per_page))
        .map(|(business, index)| ask.shown_review(business, *index, false))
        .collect();
    let links = ask.next_page(&page, found.len() as u64, SHOWN);
    ok(&json!({ "links": links, "reviews": reviews }))
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Bulk {
    consumer_ids: Vec<String>,
}

/// Profiles in one request; the platform names no limit.
const BULK: usize = 1_000;

/// `POST /v1/consumers/profile/bulk`
pub(crate) fn bulk(ask: &Ask<'_>) -> Answer {
    let Bulk { consumer_ids } = ask.body()?;
    if consumer_ids.is_empty() || consumer_ids.len() > BULK {
        return Err(bad(format!("consumerIds must hold 1 to {BULK} ids")));
    }
    let mut consumers = Map::new();
    let mut missing = Vec::new();
    for id in consumer_ids {
        match Consumer::by_id(ask.seed(), &id) {
            Some(consumer) => {
                consumers.insert(id, consumer.profile());
            }
            None => missing.push(id),
        }
    }
    ok(&json!({ "consumers": consumers, "notFoundConsumerIds": missing }))
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct DisplayName {
    display_name: String,
}

/// What the platform could object to in a name.
fn objection(name: &str) -> Option<&'static str> {
    let length = name.trim().chars().count();
    if !(2..=30).contains(&length) {
        Some("displayName must have 2 to 30 characters")
    } else if name
        .chars()
        .any(|letter| letter.is_control() || "<>@".contains(letter))
    {
        Some("displayName holds a character that is not allowed")
    } else {
        None
    }
}

/// `POST /v1/consumers/profile/displayname/validate`
pub(crate) fn validate_display_name(ask: &Ask<'_>) -> Answer {
    let DisplayName { display_name } = ask.body()?;
    let objection = objection(&display_name);
    let valid = objection.is_none();
    ok(&json!({ "displayName": display_name, "isValid": valid, "reason": objection }))
}

/// `POST /v1/consumers/profile/displayname/create`: the name, mended where it must be.
pub(crate) fn create_display_name(ask: &Ask<'_>) -> Answer {
    let DisplayName { display_name } = ask.body()?;
    let kept: String = display_name
        .trim()
        .chars()
        .filter(|letter| !letter.is_control() && !"<>@".contains(*letter))
        .take(30)
        .collect();
    let name = if objection(&kept).is_none() {
        kept
    } else {
        "Consumer".to_owned()
    };
    ok(&json!({ "displayName": name }))
}
