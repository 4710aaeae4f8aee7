//! Products, their reviews and conversations, as the business itself sees and changes them.

use http::StatusCode;
use serde::Deserialize;
use serde_json::{Value, json};

use super::invitations::{Members, Object};
use super::private_reviews::empty;
use super::product_reviews::summary;
use super::{Answer, Ask, Change, Refusal, Written, bad, not_found, ok};
use crate::config::Provider;
use crate::data::products::{Comment, OWN, Shelf, Talk};
use crate::data::walk::{Listing, Slots};
use crate::data::{Business, Link};
use crate::date;
use crate::plan::Plan;
use crate::state::Product;
use crate::world::World;

/// Products in one request; the platform names no limit that was found.
const PRODUCTS: usize = 1_000;

/// The members of a product that are texts, as they come and go.
const TEXTS: &[&str] = &[
    "title",
    "description",
    "link",
    "imageLink",
    "price",
    "currency",
    "gtin",
    "mpn",
    "brand",
    "groupId",
];

const VARIATIONS: &[&str] = &["color", "pattern", "material", "ageGroup", "gender", "size"];

/// What a product is known by within its business.
fn product_key(sku: Option<&str>, google: Option<&str>) -> Option<String> {
    sku.or(google).map(str::to_owned)
}

/// A product of the data, before any request.
fn own_product(shelf: &Shelf, product: u64) -> Product {
    let title = Shelf::handle(product);
    let mut texts = Object::new();
    texts.insert("title".to_owned(), json!(title));
    texts.insert("link".to_owned(), json!(shelf.url(product)));
    Product {
        id: shelf.business.seed.named("product").id(product),
        sku: Some(shelf.sku(product)),
        google: None,
        texts,
        variations: Object::new(),
    }
}

impl Product {
    fn shown(&self, business: &Business) -> Value {
        let member = |from: &Object, name: &str| from.get(name).cloned().unwrap_or_default();
        let mut out = Object::new();
        out.insert("id".to_owned(), json!(self.id));
        out.insert("businessUnitId".to_owned(), json!(business.id()));
        out.insert("sku".to_owned(), json!(self.sku));
        out.insert(
            "googleMerchantCenterProductId".to_owned(),
            json!(self.google),
        );
        for name in TEXTS {
            out.insert((*name).to_owned(), member(&self.texts, name));
        }
        out.insert("processedImages".to_owned(), json!([]));
        let category = match self.texts.get("productCategoryGoogleId") {
            Some(Value::String(id)) => json!({ "id": id, "name": null }),
            _ => Value::Null,
        };
        out.insert("productCategory".to_owned(), category);
        out.insert("attributes".to_owned(), json!([]));
        let mut variations: Object = VARIATIONS
            .iter()
            .map(|name| ((*name).to_owned(), member(&self.variations, name)))
            .collect();
        variations.insert("customVariationAttributes".to_owned(), json!([]));
        out.insert("variationAttributes".to_owned(), Value::Object(variations));
        Value::Object(out)
    }

    fn change(&mut self, given: &Members<'_>) -> Result<(), Refusal> {
        for name in TEXTS.iter().chain(&["productCategoryGoogleId"]) {
            if let Some(text) = given.text(name)? {
                self.texts.insert((*name).to_owned(), json!(text));
            }
        }
        if let Some(variations) = given.object("variationAttributes")? {
            for name in VARIATIONS {
                if let Some(text) = variations.text(name)? {
                    self.variations.insert((*name).to_owned(), json!(text));
                }
            }
        }
        Ok(())
    }
}

/// Every product of a business, with what requests made of it.
fn products(ask: &Ask<'_>, shelf: &Shelf) -> Vec<Product> {
    let number = shelf.business.number;
    let kept = &ask.world.state.products;
    let own: Vec<_> = shelf
        .find(|_| true)
        .into_iter()
        .map(|product| own_product(shelf, product))
        .collect();
    let key = |product: &Product| product_key(product.sku.as_deref(), product.google.as_deref());
    let keys: Vec<_> = own.iter().filter_map(key).collect();
    let changed = own.into_iter().map(|product| {
        let kept = key(&product).and_then(|key| kept.get(&(number, key)));
        kept.cloned().unwrap_or(product)
    });
    let more = kept
        .iter()
        .filter(|((business, key), _)| *business == number && !keys.contains(key))
        .map(|(_, product)| product.clone());
    changed.chain(more).collect()
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Upsert {
    products: Vec<Object>,
    #[serde(default)]
    sku_same_as_google_merchant_center_product_id: bool,
}

/// `POST /v1/private/business-units/{id}/products`
pub(crate) fn upsert(ask: &Ask<'_>) -> Written {
    let shelf = Shelf::new(ask.own_business()?, OWN);
    let body: Upsert = ask.body()?;
    if body.products.is_empty() || body.products.len() > PRODUCTS {
        return Err(bad(format!("products must hold 1 to {PRODUCTS} of them")));
    }
    let mut all = products(ask, &shelf);
    let (number, before) = (shelf.business.number, ask.world.state.made);
    let ids = shelf.business.seed.named("product");
    let (mut changed, mut made) = (Vec::new(), before);
    for given in &body.products {
        let given = Members(given);
        let (mut sku, mut google) = (
            given.text("sku")?,
            given.text("googleMerchantCenterProductId")?,
        );
        if body.sku_same_as_google_merchant_center_product_id {
            (sku, google) = (sku.or(google), google.or(sku));
        }
        let key = product_key(sku, google)
            .filter(|key| !key.trim().is_empty())
            .ok_or_else(|| bad("a product needs sku or googleMerchantCenterProductId"))?;
        let is_it = |one: &Product| {
            product_key(one.sku.as_deref(), one.google.as_deref()).as_ref() == Some(&key)
        };
        let place = match all.iter().position(is_it) {
            Some(place) => place,
            None => {
                made += 1;
                all.push(Product {
                    // The products of the data have the first numbers.
                    id: ids.id((1 << 32) + made),
                    sku: None,
                    google: None,
                    texts: Object::new(),
                    variations: Object::new(),
                });
                all.len() - 1
            }
        };
        if let Some(product) = all.get_mut(place) {
            product.sku = sku.map(str::to_owned).or(product.sku.take());
            product.google = google.map(str::to_owned).or(product.google.take());
            product.change(&given)?;
            changed.push((key, product.clone()));
        }
    }
    let shown: Vec<_> = changed
        .iter()
        .map(|(_, product)| product.shown(&shelf.business))
        .collect();
    let change = move |world: &mut World| {
        world.state.made = made;
        for (key, product) in changed {
            world.state.products.put((number, key), product);
        }
    };
    let answer = Plan::json(StatusCode::OK, &json!({ "products": shown }));
    Ok((answer, Box::new(change)))
}

/// `GET /v1/private/business-units/{id}/products`
pub(crate) fn list(ask: &Ask<'_>) -> Answer {
    let shelf = Shelf::new(ask.own_business()?, OWN);
    let page = ask.page("perPage", 10_000, 100_000)?;
    ask.locale("locale")?;
    let (skus, group) = (ask.list("skus"), ask.value("groupId"));
    let mut all = products(ask, &shelf);
    let in_group = |product: &Product, group: &str| {
        product.texts.get("groupId").and_then(Value::as_str) == Some(group)
    };
    all.retain(|product| match (skus.is_empty(), group) {
        (false, _) => product
            .sku
            .as_deref()
            .is_some_and(|sku| skus.contains(&sku)),
        (true, Some(group)) => in_group(product, group),
        (true, None) => true,
    });
    let size = |number| usize::try_from(number).unwrap_or(usize::MAX);
    let shown: Vec<_> = all
        .iter()
        .skip(size(page.skip()))
        .take(size(page.per_page))
        .map(|product| product.shown(&shelf.business))
        .collect();
    let last = page.skip().saturating_add(page.per_page) >= all.len() as u64;
    ok(&json!({ "products": shown, "isLastPage": last }))
}

// --- Reviews ---

/// What the business sees of a product review.
fn shown(ask: &Ask<'_>, shelf: &Shelf, index: u64, locale: &str) -> Value {
    let public = ask.product_review(shelf, index, locale, &[]);
    let member = |name: &str| public.get(name).cloned().unwrap_or_default();
    let product = Shelf::product(shelf.walk().slot(index));
    let author = shelf.author(index);
    let id = shelf.review_id(index);
    let address = format!("{}/v1/private/product-reviews/{id}", ask.base());
    json!({
        "id": id,
        "createdAt": member("createdAt"),
        "stars": member("stars"),
        "content": member("content"),
        "product": {
            "id": shelf.business.seed.named("product").id(product),
            "sku": shelf.sku(product),
            "name": Shelf::handle(product),
        },
        "consumer": {
            "id": author.id(),
            "email": format!("customer-{index}@customers.example"),
            "name": author.name(),
        },
        "language": member("language"),
        "locale": locale,
        "state": "published",
        "referenceId": format!("product-order-{}", 100_000 + index),
        "conversationId": member("conversationId"),
        "attributeRatings": member("attributeRatings"),
        "attachments": member("attachments"),
        "links": [Link::get("self", address)],
    })
}

/// `GET /v1/private/product-reviews/business-units/{id}/reviews`
pub(crate) fn reviews(ask: &Ask<'_>) -> Answer {
    let shelf = Shelf::new(ask.own_business()?, OWN);
    let languages = ask.languages()?;
    let locale = ask.locale("locale")?;
    let states = ask.list("state");
    let known = ["published", "unpublished", "underModeration", "archived"];
    if states.iter().any(|state| !known.contains(state)) {
        return Err(bad(format!("state must be one of {}", known.join(", "))));
    }
    let page = ask.page("perPage", 20, 100)?;
    let skus = ask.list("sku");
    let products = (!skus.is_empty()).then(|| shelf.by_sku(&skus));
    let published = states.is_empty() || states.contains(&"published");
    let slots = Slots::of(|slot| {
        published
            && products
                .as_ref()
                .is_none_or(|products| products.contains(&Shelf::product(slot)))
            && (languages.is_empty() || languages.contains(&shelf.business.language(slot)))
    });
    let listing = Listing::new(shelf.walk(), 0, shelf.length(), &[(slots, false)]);
    let reviews: Vec<_> = listing
        .page(page.skip(), page.per_page)
        .into_iter()
        .map(|index| shown(ask, &shelf, index, locale))
        .collect();
    let links = ask.next_page(&page, listing.len(), &[]);
    ok(&json!({ "productReviews": reviews, "links": links }))
}

impl Ask<'_> {
    /// The product review in the path, of a business of the token's account.
    fn own_product_review(&self) -> Result<(Shelf, u64), Refusal> {
        let found = Shelf::of_review(self.seed(), self.id);
        let (shelf, index) = found.ok_or_else(|| not_found("Product review"))?;
        let business = self.owned(shelf.business)?;
        Ok((Shelf::new(business, OWN), index))
    }

    /// What was said about a product review, if anything.
    pub(crate) fn talk(&self, shelf: &Shelf, index: u64) -> Option<Talk> {
        let key = (shelf.business.number, index);
        let kept = self.world.state.talks.get(&key).cloned();
        kept.or_else(|| shelf.talk(index))
    }

    /// The conversation with this id.
    pub(crate) fn conversation(&self, id: &str) -> Result<(Shelf, u64, Talk), Refusal> {
        let found = Shelf::at_conversation(self.seed(), id);
        let found = found.and_then(|(shelf, index)| {
            let talk = self.talk(&shelf, index)?;
            Some((shelf, index, talk))
        });
        found.ok_or_else(|| not_found("Conversation"))
    }

    fn own_conversation(&self) -> Result<(Shelf, u64, Talk), Refusal> {
        let (shelf, index, talk) = self.conversation(self.id)?;
        let business = self.owned(shelf.business)?;
        Ok((Shelf::new(business, OWN), index, talk))
    }

    /// A product review as everybody sees it.
    pub(crate) fn product_review(
        &self,
        shelf: &Shelf,
        index: u64,
        locale: &str,
        attributes: &[&str],
    ) -> Value {
        let mut review = shelf.review(index, locale, attributes);
        let key = (shelf.business.number, index);
        if let (true, Some(talk), Value::Object(members)) = (
            shelf.is_own(),
            self.world.state.talks.get(&key),
            &mut review,
        ) {
            let first = talk.comments.iter().find(|one| one.company);
            let first = first.filter(|_| talk.public).map(
                |one| json!({ "comment": one.content, "createdAt": date::iso_ms(one.created) }),
            );
            members.insert("firstCompanyComment".to_owned(), json!(first));
            let id = shelf.talk_id(index);
            members.insert("conversationId".to_owned(), json!(id));
        }
        review
    }
}

/// `GET /v1/private/product-reviews/{id}`
pub(crate) fn review(ask: &Ask<'_>) -> Answer {
    let (shelf, index) = ask.own_product_review()?;
    let locale = ask.locale("locale")?;
    ok(&shown(ask, &shelf, index, locale))
}

/// `GET /v1/private/product-reviews/business-units/{id}/summaries`
pub(crate) fn summaries(ask: &Ask<'_>) -> Answer {
    let shelf = Shelf::new(ask.own_business()?, OWN);
    let page = ask.page("perPage", 20, 1_000)?;
    let all = shelf.find(|_| true);
    let size = |number| usize::try_from(number).unwrap_or(usize::MAX);
    let shown: Vec<_> = all
        .iter()
        .skip(size(page.skip()))
        .take(size(page.per_page))
        .map(|product| summary(Some(&shelf.sku(*product)), &shelf.summary(&[*product])))
        .collect();
    let links = ask.next_page(&page, all.len() as u64, &[]);
    ok(&json!({ "summaries": shown, "links": links }))
}

// --- Conversations ---

fn comment_json(comment: &Comment) -> Value {
    let kind = if comment.company {
        "businessUser"
    } else {
        "consumer"
    };
    json!({
        "commentId": comment.id,
        "createdAt": date::iso_ms(comment.created),
        "author": { "id": comment.author, "type": kind },
        "content": comment.content,
    })
}

fn talk_json(shelf: &Shelf, index: u64, talk: &Talk) -> Value {
    json!({
        "id": shelf.talk_id(index),
        "businessUnitId": shelf.business.id(),
        "consumerId": shelf.author(index).id(),
        "source": "Product reviews",
        "sourceId": shelf.review_id(index),
        "state": if talk.public { "public" } else { "private" },
        "comments": talk.comments.iter().map(comment_json).collect::<Vec<_>>(),
    })
}

fn keep(shelf: &Shelf, index: u64, talk: Talk) -> Change {
    let key = (shelf.business.number, index);
    Box::new(move |world: &mut World| {
        world.state.made += 1;
        world.state.talks.put(key, talk);
    })
}

/// `POST /v1/private/product-reviews/{id}/create-conversation`: the one that there is, if there
/// is one.
pub(crate) fn create_conversation(ask: &Ask<'_>) -> Written {
    let (shelf, index) = ask.own_product_review()?;
    let talk = ask.talk(&shelf, index).unwrap_or_else(|| Talk {
        public: false,
        created: ask.call.now,
        comments: Vec::new(),
    });
    let id = shelf.talk_id(index);
    let answer = Plan::json(StatusCode::OK, &json!({ "conversationId": id }));
    Ok((answer, keep(&shelf, index, talk)))
}

/// `GET /v1/private/conversations/{id}`
pub(crate) fn conversation(ask: &Ask<'_>) -> Answer {
    let (shelf, index, talk) = ask.own_conversation()?;
    ok(&talk_json(&shelf, index, &talk))
}

/// `GET /v1/private/conversations/{id}/comments/{commentId}`
pub(crate) fn comment(ask: &Ask<'_>) -> Answer {
    let (_, _, talk) = ask.own_conversation()?;
    let found = talk.comments.iter().find(|one| one.id == ask.second);
    let found = found.ok_or_else(|| not_found("Comment"))?;
    ok(&comment_json(found))
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct CommentDraft {
    content: String,
    #[serde(default, rename = "integrationId")]
    _integration_id: Option<String>,
}

fn content(ask: &Ask<'_>) -> Result<String, Refusal> {
    let CommentDraft { content, .. } = ask.body()?;
    if content.trim().is_empty() {
        return Err(bad("content must not be empty"));
    }
    Ok(content)
}

/// The user behind the token, or the client's own.
fn author(ask: &Ask<'_>) -> String {
    let record = ask.bearer(Provider::Trustpilot).map(|(record, _)| record);
    match record {
        Some(record) if !record.user => ask.seed().named("client").named(&record.client_id).id(0),
        _ => ask.world.user_id(),
    }
}

/// `POST /v1/private/conversations/{id}/comments`
pub(crate) fn add_comment(ask: &Ask<'_>) -> Written {
    let (shelf, index, mut talk) = ask.own_conversation()?;
    let comment = Comment {
        id: ask.seed().named("comment").id(ask.world.state.made),
        content: content(ask)?,
        created: ask.call.now,
        updated: None,
        company: true,
        author: author(ask),
    };
    let answer = Plan::json(StatusCode::OK, &comment_json(&comment));
    talk.comments.push(comment);
    Ok((answer, keep(&shelf, index, talk)))
}

/// `PUT /v1/private/conversations/{id}/comments/{commentId}`
pub(crate) fn change_comment(ask: &Ask<'_>) -> Written {
    let (shelf, index, mut talk) = ask.own_conversation()?;
    let content = content(ask)?;
    let found = talk
        .comments
        .iter_mut()
        // What the consumer wrote is not the company's to change.
        .find(|one| one.id == ask.second && one.company)
        .ok_or_else(|| not_found("Comment"))?;
    found.content = content;
    found.updated = Some(ask.call.now);
    let answer = Plan::json(StatusCode::OK, &comment_json(found));
    Ok((answer, keep(&shelf, index, talk)))
}

#[derive(Deserialize)]
struct StateDraft {
    state: String,
}

/// `POST /v1/private/conversations/{id}/state`
pub(crate) fn set_state(ask: &Ask<'_>) -> Written {
    let (shelf, index, mut talk) = ask.own_conversation()?;
    let StateDraft { state } = ask.body()?;
    talk.public = match state.as_str() {
        "public" => true,
        "private" => false,
        _ => return Err(bad("state must be public or private")),
    };
    Ok((empty(StatusCode::OK), keep(&shelf, index, talk)))
}
