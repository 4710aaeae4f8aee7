//! Trustoo's storefront reads. No document describes them: they are as shops call them.

use serde_json::{Value, json};

use super::trustoo_admin::{by_domain, by_number};
use super::{Answer, Ask};
use crate::data::products::{OWN, Shelf};
use crate::data::walk::{Listing, Slots};
use crate::date;
use crate::plan::Plan;
use crate::tokens::trustoo_status;

/// What is refused: the code of the envelope, and why.
pub(crate) type Problem = (u64, String);

/// The envelope, in which code 0 is success.
pub(crate) fn envelope(ask: &Ask<'_>, answer: Result<Value, Problem>) -> Answer {
    let (code, message, data) = match answer {
        Ok(data) => (0, "success".to_owned(), data),
        Err((code, message)) => (code, message, Value::Null),
    };
    let request = ask.seed().named("request").named(&ask.call.raw_query);
    let body = json!({
        "code": code,
        "message": message,
        "time": ask.call.now / 1_000,
        "request_id": request.at(ask.call.now).hex(32),
        "data": data,
    });
    let status = trustoo_status(ask.world.config.trustoo_errors, code);
    Ok(Plan::json(status, &body))
}

pub(crate) fn invalid(text: &str) -> Problem {
    (3, text.to_owned())
}

/// The shop, by its domain or its number.
fn shelf(ask: &Ask<'_>) -> Result<Shelf, Problem> {
    let business = match (ask.value("shop"), ask.value("shop_id")) {
        (Some(shop), _) => by_domain(ask, shop),
        (None, Some(number)) => by_number(ask, number),
        (None, None) => return Err(invalid("shop or shop_id is required")),
    };
    let business = business.ok_or_else(|| (5, "shop not found".to_owned()))?;
    Ok(Shelf::new(business, OWN))
}

/// `GET /trustoo/api/v1/reviews/get_product_reviews`
pub(crate) fn product_reviews(ask: &Ask<'_>) -> Answer {
    let answer = shelf(ask).and_then(|shelf| page(ask, &shelf));
    envelope(ask, answer)
}

fn page(ask: &Ask<'_>, shelf: &Shelf) -> Result<Value, Problem> {
    let handle = ask
        .value("product_handle")
        .ok_or_else(|| invalid("product_handle is required"))?;
    let number = |name: &str, otherwise, most| {
        ask.number(name, otherwise, 1..=most)
            .map_err(|_| invalid(&format!("{name} must be 1 to {most}")))
    };
    let (current, limit) = (number("page", 1, 2_147_483_647)?, number("limit", 10, 100)?);
    let products = shelf.find(|product| Shelf::handle(product) == handle);
    let of = |stars: Option<u8>| {
        Slots::of(|slot| {
            products.contains(&Shelf::product(slot))
                && stars.is_none_or(|stars| shelf.business.stars(slot) == stars)
        })
    };
    let parts: Vec<_> = match ask.value("sort_by").unwrap_or("comprehensive-descending") {
        "comprehensive-descending" => (1..=5)
            .rev()
            .map(|stars| (of(Some(stars)), false))
            .collect(),
        "created-descending" => vec![(of(None), false)],
        "created-ascending" => vec![(of(None), true)],
        other => return Err(invalid(&format!("sort_by {other} is not known"))),
    };
    let listing = Listing::new(shelf.walk(), 0, shelf.length(), &parts);
    let review = |index: u64| {
        let author = shelf.author(index);
        json!({
            "id": format!("{}", shelf.business.number << 24 | index),
            "star": shelf.business.stars(shelf.walk().slot(index)),
            "author": author.name(),
            "title": shelf.title(index),
            "content": shelf.text(index),
            "commented_at": date::iso(shelf.created(index)),
            "reply_content": shelf.reply(index),
            "verified_badge": u8::from(index.is_multiple_of(3)),
        })
    };
    let skip = (current - 1).saturating_mul(limit);
    let list: Vec<_> = listing.page(skip, limit).into_iter().map(review).collect();
    let count = listing.len();
    Ok(json!({
        "list": list,
        "page": { "cur_page": current, "total_page": count.div_ceil(limit), "count": count },
    }))
}

/// `GET /trustoo/api/v1/reviews/get_products_rating`: in the order of the request.
pub(crate) fn products_rating(ask: &Ask<'_>) -> Answer {
    let answer = shelf(ask).and_then(|shelf| {
        let handles = ask.list("product_handle");
        if handles.is_empty() {
            return Err(invalid("product_handle is required"));
        }
        let rating = |handle: &str| {
            let summary = shelf.summary(&shelf.find(|product| Shelf::handle(product) == handle));
            let rating = crate::data::decimal((summary.hundredths() + 5) / 10);
            json!({ "rating": rating, "total_reviews": summary.total() })
        };
        Ok(handles.into_iter().map(rating).collect())
    });
    envelope(ask, answer)
}
