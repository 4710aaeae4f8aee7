//! Product reviews, their summaries, and conversations about them.

use serde::Deserialize;
use serde_json::{Value, json};

use super::{Answer, Ask, Refusal, bad, not_found, ok};
use crate::data::Link;
use crate::data::products::{IMPORTED, OWN, Shelf, Summary};
use crate::data::walk::{Listing, Slots};

/// Skus in one request; the platform names no limit.
const SKUS: usize = 1_000;

impl Ask<'_> {
    fn shelf(&self, kind: &'static str) -> Result<Shelf, Refusal> {
        Ok(Shelf::new(self.business()?, kind))
    }

    /// The skus of the query. The documents show a JSON list, widgets send commas.
    fn skus(&self) -> Result<Vec<String>, Refusal> {
        let first = self.required("sku")?;
        if first.starts_with('[') {
            return serde_json::from_str(first).map_err(|error| bad(format!("sku: {error}")));
        }
        Ok(self.list("sku").into_iter().map(str::to_owned).collect())
    }
}

fn texts(list: &[String]) -> Vec<&str> {
    list.iter().map(String::as_str).collect()
}

fn hundredths(value: u64) -> Value {
    if value.is_multiple_of(100) {
        json!(value / 100)
    } else {
        json!(value as f64 / 100.0)
    }
}

pub(crate) fn summary(sku: Option<&str>, summary: &Summary) -> Value {
    let [one, two, three, four, five] = summary.stars;
    json!({
        "sku": sku,
        "starsAverage": hundredths(summary.hundredths()),
        "numberOfReviews": {
            "total": summary.total(),
            "oneStar": one,
            "twoStars": two,
            "threeStars": three,
            "fourStars": four,
            "fiveStars": five,
        },
    })
}

/// One summary of every sku in the query together.
fn summed(ask: &Ask<'_>, kind: &'static str) -> Answer {
    let shelf = ask.shelf(kind)?;
    let skus = ask.skus()?;
    let products = shelf.by_sku(&texts(&skus));
    let sku = match skus.as_slice() {
        [one] => Some(one.as_str()),
        _ => None,
    };
    ok(&summary(sku, &shelf.summary(&products)))
}

/// `GET /v1/product-reviews/business-units/{id}?sku=`
pub(crate) fn own_summary(ask: &Ask<'_>) -> Answer {
    summed(ask, OWN)
}

/// `GET /v1/product-reviews/business-units/{id}/imported-reviews-summaries?sku=`
pub(crate) fn imported_summary(ask: &Ask<'_>) -> Answer {
    summed(ask, IMPORTED)
}

/// A page of the reviews of some products.
fn page(ask: &Ask<'_>, shelf: &Shelf, products: Option<&[u64]>) -> Answer {
    let (stars, languages) = (ask.stars()?, ask.languages()?);
    let locale = ask.locale("locale")?;
    let attributes = ask.list("attributeIds");
    let page = ask.page("perPage", 20, 100)?;
    let business = &shelf.business;
    let slots = Slots::of(|slot| {
        products.is_none_or(|products| products.contains(&Shelf::product(slot)))
            && (stars.is_empty() || stars.contains(&business.stars(slot)))
            && (languages.is_empty() || languages.contains(&business.language(slot)))
    });
    let listing = Listing::new(shelf.walk(), 0, shelf.length(), &[(slots, false)]);
    let reviews: Vec<_> = listing
        .page(page.skip(), page.per_page)
        .into_iter()
        .map(|index| ask.product_review(shelf, index, locale, &attributes))
        .collect();
    let links = ask.next_page(&page, listing.len(), &[]);
    ok(&json!({ "productReviews": reviews, "links": links }))
}

/// `GET /v1/product-reviews/business-units/{id}/reviews`
pub(crate) fn own(ask: &Ask<'_>) -> Answer {
    let shelf = ask.shelf(OWN)?;
    let urls = ask.list("productUrl");
    let skus = match ask.value("sku") {
        Some(_) => Some(ask.skus()?),
        None => None,
    };
    if skus.is_none() && urls.is_empty() {
        return page(ask, &shelf, None);
    }
    let skus = skus.unwrap_or_default();
    let products = shelf.find(|product| {
        skus.contains(&shelf.sku(product)) || urls.contains(&shelf.url(product).as_str())
    });
    page(ask, &shelf, Some(&products))
}

/// `GET /v1/product-reviews/business-units/{id}/imported-reviews?sku=`
pub(crate) fn imported(ask: &Ask<'_>) -> Answer {
    let shelf = ask.shelf(IMPORTED)?;
    let products = shelf.by_sku(&texts(&ask.skus()?));
    page(ask, &shelf, Some(&products))
}

#[derive(Deserialize)]
struct Skus {
    skus: Vec<String>,
    #[serde(default)]
    locale: Option<String>,
}

impl Skus {
    fn read(ask: &Ask<'_>) -> Result<Self, Refusal> {
        let body: Self = ask.body()?;
        if body.skus.is_empty() || body.skus.len() > SKUS {
            return Err(bad(format!("skus must hold 1 to {SKUS} of them")));
        }
        Ok(body)
    }
}

/// `POST /v1/product-reviews/business-units/{id}/batch-summaries`
pub(crate) fn batch_summaries(ask: &Ask<'_>) -> Answer {
    let shelf = ask.shelf(OWN)?;
    let Skus { skus, .. } = Skus::read(ask)?;
    let one = |sku: &String| summary(Some(sku), &shelf.summary(&shelf.by_sku(&[sku])));
    let summaries: Vec<_> = skus.iter().map(one).collect();
    ok(&json!({ "summaries": summaries }))
}

/// `POST /v1/product-reviews/business-units/{id}/attribute-summaries`
pub(crate) fn attribute_summaries(ask: &Ask<'_>) -> Answer {
    let shelf = ask.shelf(OWN)?;
    let Skus { skus, locale } = Skus::read(ask)?;
    let locale = locale.unwrap_or_else(|| "en-US".to_owned());
    let rated = |sku: &String| {
        let product = shelf.by_sku(&[sku]).first().copied();
        let attribute = |(number, (id, name)): (u64, (String, &str))| {
            let (sum, count) = shelf.attribute_sum(product?, number);
            let rating = (sum * 100).checked_div(count)?;
            Some(json!({ "attributeId": id, "attributeName": name, "rating": hundredths(rating) }))
        };
        let attributes = (0..).zip(shelf.attributes(&locale));
        let attributes: Vec<_> = attributes.filter_map(attribute).collect();
        json!({ "sku": sku, "attributes": attributes })
    };
    let summaries: Vec<_> = skus.iter().map(rated).collect();
    ok(&json!({ "summaries": summaries }))
}

/// `GET /v1/conversations/{id}`
pub(crate) fn conversation(ask: &Ask<'_>) -> Answer {
    let (shelf, index, talk) = ask.conversation(ask.id)?;
    if !talk.public {
        return Err(not_found("Conversation"));
    }
    let mut shown = shelf.conversation(index, &talk);
    if let Value::Object(shown) = &mut shown {
        let address = format!("{}/v1/conversations/{}", ask.base(), ask.id);
        shown.insert("links".to_owned(), json!([Link::get("self", address)]));
    }
    ok(&shown)
}
