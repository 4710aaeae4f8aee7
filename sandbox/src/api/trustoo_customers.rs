//! Trustoo's Open API: orders, what customers do, whom it does not write to, and uploads.

use serde::Deserialize;
use serde_json::{Value, json};

use super::trustoo::{Problem, envelope, invalid};
use super::trustoo_admin::{body, caller, number, written};
use super::{Answer, Ask, Change, Written};
use crate::date;
use crate::seed::Seed;
use crate::state::Exclusion;
use crate::world::World;

/// Orders of the shop, and events.
const ORDERS: u64 = 24;
const EVENTS: u64 = 30;

const EVENT_TYPES: &[&str] = &["VIEW_REVIEW", "CLICK_MEDIA"];
const SYSTEMS: &[&str] = &["IOS", "WINDOWS"];
const PLACES: &[&str] = &["STOREFRONT", "EMAIL"];

const EMAIL_TYPES: &[&str] = include!("../../../src/server/email_types.in");

/// A page of what is there, in its order, newest first, or in the other.
pub(crate) fn paged<T>(
    ask: &Ask<'_>,
    all: &[T],
    show: impl Fn(&T) -> Value,
) -> Result<Value, Problem> {
    let whole = |name: &str, otherwise, most| {
        ask.number(name, otherwise, 1..=most)
            .map_err(|refusal| invalid(&refusal.text))
    };
    let page = whole("page", 1, 2_147_483_647)?;
    let size = whole("page_size", 20, 100)?;
    let oldest_first = match ask.value("sort_by") {
        None | Some("created-descending") => false,
        Some("created-ascending") => true,
        Some(other) => return Err(invalid(&format!("sort_by {other} is not known"))),
    };
    let count = all.len() as u64;
    let skip = usize::try_from((page - 1).saturating_mul(size)).unwrap_or(usize::MAX);
    let list: Vec<_> = (skip..all.len())
        .take(size as usize)
        .map(|place| {
            if oldest_first {
                all.len() - 1 - place
            } else {
                place
            }
        })
        .filter_map(|place| all.get(place))
        .map(show)
        .collect();
    Ok(json!({
        "page": {
            "page": page,
            "page_size": size,
            "total_page": count.div_ceil(size),
            "count": count,
        },
        "list": list,
    }))
}

/// `GET /trustoo/api/v1/openapi/get_orders`
pub(crate) fn orders(ask: &Ask<'_>) -> Answer {
    let list = || {
        let caller = caller(ask)?;
        caller.needs(ask, "read_orders")?;
        let wanted = match ask.value("type") {
            None | Some("0") => None,
            Some(text) => match text.parse::<u64>() {
                Ok(kind @ 1..=6) => Some(kind),
                _ => return Err(invalid("type must be 0 to 6")),
            },
        };
        let ids = caller.shop.seed.named("order");
        let all: Vec<_> = (0..ORDERS)
            .filter(|index| wanted.is_none_or(|kind| index % 6 + 1 == kind))
            .collect();
        let id = |index: &u64| 5_550_000_000_000 + ids.at(*index).below(1 << 36);
        paged(ask, &all, |index| json!({ "id": id(index).to_string() }))
    };
    envelope(ask, list())
}

fn one_of<'a>(list: &[&'a str], seed: Seed) -> &'a str {
    let place = seed.below(list.len() as u64) as usize;
    list.get(place).copied().unwrap_or_default()
}

/// `GET /trustoo/api/v1/openapi/get_customer_events`
pub(crate) fn events(ask: &Ask<'_>) -> Answer {
    let list = || {
        let caller = caller(ask)?;
        caller.needs(ask, "read_customer_events")?;
        let fits = |name: &str, value: &str| ask.value(name).is_none_or(|wanted| wanted == value);
        let ids = caller.shop.seed.named("customer-event");
        let event = |index: u64| {
            let seed = ids.at(index);
            let kind = one_of(EVENT_TYPES, seed.named("type"));
            let system = one_of(SYSTEMS, seed.named("system"));
            let place = one_of(PLACES, seed.named("place"));
            let wanted =
                fits("event_type", kind) && fits("os_type", system) && fits("event_source", place);
            wanted.then(|| {
                json!({
                    "id": (index + 1).to_string(),
                    "event_type": kind,
                    "os_type": system,
                    "event_source": place,
                })
            })
        };
        let all: Vec<_> = (0..EVENTS).rev().filter_map(event).collect();
        paged(ask, &all, Value::clone)
    };
    envelope(ask, list())
}

fn is_email(text: &str) -> bool {
    text.split_once('@')
        .is_some_and(|(name, host)| !name.is_empty() && host.contains('.'))
}

fn email(given: Option<String>) -> Result<String, Problem> {
    given
        .filter(|text| is_email(text))
        .ok_or_else(|| invalid("email must be an email address"))
}

#[derive(Deserialize)]
struct Unsubscribe {
    #[serde(default)]
    email: Option<String>,
    #[serde(default)]
    email_type: String,
}

/// `POST /trustoo/api/v1/openapi/email_unsubscribe`
pub(crate) fn unsubscribe(ask: &Ask<'_>) -> Written {
    let answer = || {
        caller(ask)?;
        let given: Unsubscribe = body(ask)?;
        let email = email(given.email)?;
        if !EMAIL_TYPES.contains(&given.email_type.as_str()) {
            return Err(invalid("email_type is not known"));
        }
        let (now, key) = (ask.call.now, (email, given.email_type));
        let change = move |world: &mut World| world.state.unsubscribed.put(key, now);
        Ok((json!({}), Box::new(change) as Change))
    };
    written(ask, answer())
}

#[derive(Deserialize)]
struct Customer {
    #[serde(default)]
    email: Option<String>,
    #[serde(default)]
    customer_id: Option<Value>,
}

/// `POST /trustoo/api/v1/openapi/create_customer_exclude`
pub(crate) fn exclude(ask: &Ask<'_>) -> Written {
    let answer = || {
        caller(ask)?;
        let given: Customer = body(ask)?;
        let email = email(given.email)?;
        let state = &ask.world.state;
        if state.exclusions.iter().any(|(_, one)| one.email == email) {
            return Err((6, "the customer is excluded already".to_owned()));
        }
        let (now, made) = (ask.call.now, state.made + 1);
        let id = 7_770_000_000_000 + made;
        let data = json!({
            "customer_id": id.to_string(),
            "first_name": "",
            "last_name": "",
            "email": email,
            "phone": "",
            "created_at": date::iso(now),
            "updated_at": date::iso(now),
        });
        let change = move |world: &mut World| {
            world.state.made = made;
            world.state.exclusions.put(id, Exclusion { email, at: now });
        };
        Ok((data, Box::new(change) as Change))
    };
    written(ask, answer())
}

/// `POST /trustoo/api/v1/openapi/delete_customer_exclude`
pub(crate) fn include(ask: &Ask<'_>) -> Written {
    let answer = || {
        caller(ask)?;
        let given: Customer = body(ask)?;
        let id = match (&given.customer_id, given.email) {
            (Some(id), None) => Some(number(Some(id), "customer_id")?),
            (None, Some(email)) => {
                let mut all = ask.world.state.exclusions.iter();
                all.find(|(_, one)| one.email == email).map(|(id, _)| *id)
            }
            _ => return Err(invalid("customer_id or email is required, not both")),
        };
        let id = id.filter(|id| ask.world.state.exclusions.get(id).is_some());
        let id = id.ok_or_else(|| (5, "the customer is not excluded".to_owned()))?;
        let change = move |world: &mut World| {
            world.state.exclusions.remove(&id);
        };
        Ok((json!({}), Box::new(change) as Change))
    };
    written(ask, answer())
}

/// `GET /trustoo/api/v1/openapi/get_image_upload_policy_token`: what it gives opens nothing.
pub(crate) fn image_upload(ask: &Ask<'_>) -> Answer {
    let token = || {
        caller(ask)?;
        let until = ask.call.now / 1_000 + 600;
        let seed = ask.seed().named("upload").at(until);
        Ok(json!({
            "access_id": "plaudit-demo-access-id",
            "host": "https://upload.sandbox.invalid",
            "expire": until.to_string(),
            "signature": seed.named("signature").base64(false),
            "policy": seed.named("policy").base64(false),
            "dir": format!("reviews/{}/", seed.hex(8)),
            "callback": seed.named("callback").base64(false),
        }))
    };
    envelope(ask, token())
}
