//! Trustoo's Open API: reviews of a shop and its ratings.

use serde::Deserialize;
use serde_json::{Value, json};

use super::trustoo::{Problem, envelope, invalid};
use super::trustoo_admin::{
    Caller, body, caller, happened, number, shop_number, shopify_domain, written,
};
use super::trustoo_customers::paged;
use super::{Answer, Ask, Change, Written};
use crate::data::products::{OWN, Shelf};
use crate::data::{DAY_MS, decimal};
use crate::date;
use crate::state::MadeReview;
use crate::world::World;

/// Products of a size that does not fit into 32 bits.
const FIRST_PRODUCT: u64 = 8_070_000_000_000;

/// Reviews that were made begin here, above all that there were.
const FIRST_MADE: u64 = 1 << 40;

/// Where a review may say that it comes from.
const SOURCES: &[&str] = &[
    "AliExpress",
    "Amazon",
    "Auto",
    "ChatWILL",
    "CSV uploaded",
    "Email request",
    "QR Code",
    "Shop",
    "Shopee",
    "Store front",
    "Store link",
];

const IMAGES: usize = 10;

fn product_id(shelf: &Shelf, product: u64) -> u64 {
    FIRST_PRODUCT + (shelf.business.number << 8) + product
}

fn review_id(shelf: &Shelf, index: u64) -> u64 {
    shelf.business.number << 24 | index
}

/// A review that was there from the beginning, in the members that clients read.
fn shown(shelf: &Shelf, index: u64) -> Value {
    let slot = shelf.walk().slot(index);
    let product = Shelf::product(slot);
    let author = shelf.author(index);
    let handle = Shelf::handle(product);
    json!({
        "id": review_id(shelf, index).to_string(),
        "rating": shelf.business.stars(slot),
        "author": author.name(),
        "author_email": format!("customer-{index}@customers.example"),
        "author_country": shelf.business.country,
        "title": shelf.title(index),
        "content": shelf.text(index),
        "commented_at": date::iso(shelf.created(index)),
        "is_verified": u8::from(index.is_multiple_of(3)),
        "item_type": "product",
        "source": "Email request",
        "product_id": product_id(shelf, product).to_string(),
        "product_title": handle,
        "product_handle": handle,
        "media": { "images": [], "video": "", "video_thumbnail": "" },
        "reply": shelf.reply(index).map(|text| json!({
            "content": text,
            "reply_at": date::iso(shelf.created(index) + DAY_MS),
        })),
        "created_at": date::iso(shelf.created(index)),
        "updated_at": date::iso_local(shelf.created(index)).replace('T', " "),
    })
}

/// A review of a shop, by its number.
enum Found<'a> {
    There(u64),
    Made(&'a MadeReview),
}

fn find<'a>(ask: &'a Ask<'_>, shelf: &Shelf, id: u64) -> Result<Found<'a>, Problem> {
    let state = &ask.world.state;
    let gone = || (5, "review not found".to_owned());
    if state.trustoo_deleted.get(&id).is_some() {
        return Err(gone());
    }
    if let Some(made) = state.trustoo_reviews.get(&id) {
        let own = made.business == shelf.business.number;
        return own.then_some(Found::Made(made)).ok_or_else(gone);
    }
    let index = id & 0xff_ffff;
    let own = review_id(shelf, index) == id && index < shelf.length();
    own.then_some(Found::There(index)).ok_or_else(gone)
}

impl Found<'_> {
    fn shown(&self, shelf: &Shelf) -> Value {
        match self {
            Self::There(index) => shown(shelf, *index),
            Self::Made(made) => made.shown.clone(),
        }
    }
}

fn reader(ask: &Ask<'_>) -> Result<Shelf, Problem> {
    let caller = caller(ask)?;
    caller.needs(ask, "read_reviews")?;
    Ok(Shelf::new(caller.shop, OWN))
}

/// `GET /trustoo/api/v1/openapi/get_review?id=`
pub(crate) fn review(ask: &Ask<'_>) -> Answer {
    let answer = || {
        let shelf = reader(ask)?;
        let id = ask.value("id").ok_or_else(|| invalid("id is required"))?;
        let id = id.parse().map_err(|_| invalid("id must be a number"))?;
        Ok(find(ask, &shelf, id)?.shown(&shelf))
    };
    envelope(ask, answer())
}

/// `GET /trustoo/api/v1/openapi/get_reviews`
pub(crate) fn reviews(ask: &Ask<'_>) -> Answer {
    envelope(ask, listed(ask))
}

/// Every value of a parameter, also as `name[0]`.
fn values<'a>(ask: &'a Ask<'_>, name: &str) -> Vec<&'a str> {
    let given = ask.call.query.iter().filter(|(known, _)| {
        let rest = known.strip_prefix(name);
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('['))
    });
    given
        .flat_map(|(_, value)| value.split(','))
        .map(str::trim)
        .filter(|value| !value.is_empty())
        .collect()
}

fn flag(ask: &Ask<'_>, name: &str) -> Result<bool, Problem> {
    match ask.value(name) {
        None | Some("0" | "false") => Ok(false),
        Some("1" | "true") => Ok(true),
        Some(_) => Err(invalid(&format!("{name} must be 0 or 1"))),
    }
}

fn listed(ask: &Ask<'_>) -> Result<Value, Problem> {
    let shelf = reader(ask)?;
    let (products, ratings) = (values(ask, "product_ids"), values(ask, "ratings"));
    let (sources, keyword) = (values(ask, "sources"), ask.value("keyword"));
    let store = flag(ask, "is_store_review")?;
    let state = &ask.world.state;
    let text =
        |shown: &Value, name: &str| shown.get(name).and_then(Value::as_str).map(str::to_owned);
    let fits = |rating: u8, product: &str, source: &str| {
        (ratings.is_empty() || ratings.contains(&rating.to_string().as_str()))
            && (products.is_empty() || products.contains(&product))
            && (sources.is_empty() || sources.contains(&source))
            && (!store || product == "0")
    };
    let says = |content: Option<String>| {
        keyword.is_none_or(|word| content.is_some_and(|content| content.contains(word)))
    };
    let made = state.trustoo_reviews.iter().rev().filter(|(_, made)| {
        let own = |name| text(&made.shown, name).unwrap_or_default();
        made.business == shelf.business.number
            && fits(made.rating, &own("product_id"), &own("source"))
            && says(Some(own("content")))
    });
    let there = (0..shelf.length()).filter(|index| {
        let slot = shelf.walk().slot(*index);
        let product = product_id(&shelf, Shelf::product(slot)).to_string();
        fits(shelf.business.stars(slot), &product, "Email request")
            && state
                .trustoo_deleted
                .get(&review_id(&shelf, *index))
                .is_none()
            && says(keyword.and_then(|_| shelf.text(*index)))
    });
    let all: Vec<_> = made
        .map(|(_, made)| Found::Made(made))
        .chain(there.map(Found::There))
        .collect();
    paged(ask, &all, |found| found.shown(&shelf))
}

/// `GET /trustoo/api/v1/openapi/get_rating`
pub(crate) fn rating(ask: &Ask<'_>) -> Answer {
    envelope(ask, rated(ask))
}

fn rated(ask: &Ask<'_>) -> Result<Value, Problem> {
    let shelf = reader(ask)?;
    let (id, handle) = (ask.value("product_id"), ask.value("product_handle"));
    let store = flag(ask, "is_store_rating")?;
    let products = flag(ask, "is_all_products_rating")?;
    let all = flag(ask, "is_all_rating")?;
    if id.is_none() && handle.is_none() && !store && !products && !all {
        return Err(invalid("what is to be rated is not named"));
    }
    let of_product = |product: u64| {
        id.is_some_and(|id| id == product_id(&shelf, product).to_string())
            || handle.is_some_and(|handle| handle == Shelf::handle(product))
    };
    let mut stars = shelf
        .summary(&shelf.find(|product| products || all || of_product(product)))
        .stars;
    let state = &ask.world.state;
    let mut count = |rating: u8, more: bool| {
        let place = usize::from(rating).checked_sub(1);
        if let Some(count) = place.and_then(|place| stars.get_mut(place)) {
            *count = if more {
                *count + 1
            } else {
                count.saturating_sub(1)
            };
        }
    };
    for (_, made) in state.trustoo_reviews.iter() {
        let product = made.shown.get("product_id").and_then(Value::as_str);
        let is_store = product == Some("0");
        let wanted = all
            || (is_store && store)
            || (!is_store && (products || (id.is_some() && id == product)));
        if made.business == shelf.business.number && wanted {
            count(made.rating, true);
        }
    }
    for (id, ()) in state.trustoo_deleted.iter() {
        let index = id & 0xff_ffff;
        if review_id(&shelf, index) == *id && index < shelf.length() {
            let slot = shelf.walk().slot(index);
            if products || all || of_product(Shelf::product(slot)) {
                count(shelf.business.stars(slot), false);
            }
        }
    }
    let total: u64 = stars.iter().sum();
    let sum: u64 = stars
        .iter()
        .zip(1..)
        .map(|(count, value)| count * value)
        .sum();
    let tenths = (sum * 10 + total / 2).checked_div(total).unwrap_or(0);
    let [one, two, three, four, five] = stars;
    Ok(json!({
        "rating_value": decimal(tenths).to_string(),
        "review_count": total,
        "star1_count": one,
        "star2_count": two,
        "star3_count": three,
        "star4_count": four,
        "star5_count": five,
    }))
}

#[derive(Deserialize)]
struct Draft {
    #[serde(default)]
    product_id: Option<Value>,
    rating: u8,
    author: String,
    #[serde(default)]
    author_email: Option<String>,
    #[serde(default)]
    author_country: Option<String>,
    #[serde(default)]
    title: Option<String>,
    #[serde(default)]
    content: Option<String>,
    #[serde(default)]
    commented_at: Option<String>,
    #[serde(default)]
    source: Option<String>,
    #[serde(default)]
    is_verified: u8,
    /// An object in one generation of the documents, a list in another.
    #[serde(default)]
    media: Option<Value>,
    #[serde(default)]
    reply: Option<Value>,
}

fn writer(ask: &Ask<'_>) -> Result<Caller, Problem> {
    let caller = caller(ask)?;
    caller.needs(ask, "write_reviews")?;
    Ok(caller)
}

fn check(draft: &Draft) -> Result<(), Problem> {
    let short = |text: Option<&String>, most: usize, name: &str| {
        if text.is_some_and(|text| text.chars().count() > most) {
            return Err(invalid(&format!("{name} has more than {most} characters")));
        }
        Ok(())
    };
    if !(1..=5).contains(&draft.rating) {
        return Err(invalid("rating must be 1 to 5"));
    }
    if draft.author.trim().is_empty() {
        return Err(invalid("author is required"));
    }
    short(Some(&draft.author), 120, "author")?;
    short(draft.title.as_ref(), 300, "title")?;
    short(draft.content.as_ref(), 10_000, "content")?;
    let source = draft.source.as_deref();
    if source.is_some_and(|source| !SOURCES.contains(&source)) {
        return Err(invalid("source is not known"));
    }
    let images = match &draft.media {
        Some(Value::Array(list)) => Some(list),
        Some(media) => media.get("images").and_then(Value::as_array),
        None => None,
    };
    if images.is_some_and(|list| list.len() > IMAGES) {
        return Err(invalid("more than 10 images"));
    }
    Ok(())
}

/// What a webhook tells of a review.
fn told(shelf: &Shelf, review: &Value) -> Value {
    let mut item = review.clone();
    if let Value::Object(item) = &mut item {
        let domain = shopify_domain(&shelf.business);
        item.insert("my_shopify_domain".to_owned(), json!(domain));
        let shop = shop_number(&shelf.business).to_string();
        item.insert("shopify_shop_id".to_owned(), json!(shop));
    }
    item
}

/// `POST /trustoo/api/v1/openapi/create_review`
pub(crate) fn create(ask: &Ask<'_>) -> Written {
    let answer = || {
        let shelf = Shelf::new(writer(ask)?.shop, OWN);
        let draft: Draft = body(ask)?;
        check(&draft)?;
        let product = match &draft.product_id {
            Some(value) => number(Some(value), "product_id")?,
            None => 0,
        };
        let of = shelf.find(|one| product_id(&shelf, one) == product);
        let handle = of.first().map(|one| Shelf::handle(*one));
        let (now, made) = (ask.call.now, ask.world.state.made + 1);
        let id = FIRST_MADE + made;
        let shown = json!({
            "id": id.to_string(),
            "rating": draft.rating,
            "author": draft.author,
            "author_email": draft.author_email.unwrap_or_default(),
            "author_country": draft.author_country.unwrap_or_default(),
            "title": draft.title,
            "content": draft.content,
            "commented_at": draft.commented_at.unwrap_or_else(|| date::iso(now)),
            "is_verified": draft.is_verified,
            "item_type": if product == 0 { "store" } else { "product" },
            "source": draft.source.as_deref().unwrap_or("Shop"),
            "product_id": product.to_string(),
            "product_title": handle,
            "product_handle": handle,
            "media": draft.media,
            "reply": draft.reply,
            "created_at": date::iso(now),
            "updated_at": date::iso_local(now).replace('T', " "),
        });
        let item = told(&shelf, &shown);
        let review = MadeReview {
            business: shelf.business.number,
            rating: draft.rating,
            shown,
        };
        let change = move |world: &mut World| {
            world.state.made = made;
            world.state.trustoo_reviews.put(id, review);
            let _numbers = happened(world, now, "review/created", None, &item);
        };
        Ok((json!({ "id": id.to_string() }), Box::new(change) as Change))
    };
    written(ask, answer())
}

#[derive(Deserialize)]
struct Named {
    #[serde(default)]
    id: Option<Value>,
}

/// `POST /trustoo/api/v1/openapi/delete_review`
pub(crate) fn delete(ask: &Ask<'_>) -> Written {
    let answer = || {
        let shelf = Shelf::new(writer(ask)?.shop, OWN);
        let named: Named = body(ask)?;
        let id = number(named.id.as_ref(), "id")?;
        let item = told(&shelf, &find(ask, &shelf, id)?.shown(&shelf));
        let now = ask.call.now;
        let change = move |world: &mut World| {
            if world.state.trustoo_reviews.remove(&id).is_none() {
                world.state.trustoo_deleted.put(id, ());
            }
            let _numbers = happened(world, now, "review/deleted", None, &item);
        };
        Ok((json!({}), Box::new(change) as Change))
    };
    written(ask, answer())
}
