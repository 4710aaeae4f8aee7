//! Categories, and who is in them.

use serde_json::{Value, json};

use super::business_units::units;
use super::{Answer, Ask, Refusal, not_found, ok};
use crate::data::Business;
use crate::data::tables::{CATEGORIES, Category};

fn name(category: &Category, locale: &str) -> &'static str {
    let place = ["en", "da", "de", "fr"]
        .iter()
        .position(|language| locale.starts_with(language));
    let name = category.names.get(place.unwrap_or(0));
    name.copied().unwrap_or_default()
}

fn short(category: &Category, locale: &str) -> Value {
    json!({
        "id": category.id,
        "name": name(category, "en-US"),
        "displayName": name(category, locale),
        "parentId": (!category.parent.is_empty()).then_some(category.parent),
    })
}

/// `GET /v1/categories`
pub(crate) fn list(ask: &Ask<'_>) -> Answer {
    ask.countries()?;
    let locale = ask.locale("locale")?;
    let parent = ask.value("parentId");
    if let Some(parent) = parent {
        by_id(parent)?;
    }
    let categories: Vec<_> = CATEGORIES
        .iter()
        .filter(|category| parent.is_none_or(|parent| category.parent == parent))
        .map(|category| short(category, locale))
        .collect();
    ok(&json!({ "categories": categories }))
}

fn by_id(id: &str) -> Result<&'static Category, Refusal> {
    let known = CATEGORIES.iter().find(|category| category.id == id);
    known.ok_or_else(|| not_found("Category"))
}

/// `GET /v1/categories/{id}?country=`
pub(crate) fn get(ask: &Ask<'_>) -> Answer {
    let category = by_id(ask.id)?;
    ask.required("country")?;
    ask.countries()?;
    let locale = ask.locale("locale")?;
    let mut shown = short(category, locale);
    if let Value::Object(shown) = &mut shown {
        let children = CATEGORIES
            .iter()
            .filter(|child| child.parent == category.id);
        let children: Vec<_> = children.map(|child| short(child, locale)).collect();
        shown.insert("children".to_owned(), json!(children));
    }
    ok(&shown)
}

/// `GET /v1/categories/{id}/business-units?country=`
pub(crate) fn business_units(ask: &Ask<'_>) -> Answer {
    let category = by_id(ask.id)?;
    ask.required("country")?;
    let countries = ask.countries()?;
    ask.locale("locale")?;
    let page = ask.page("perPage", 20, 100)?;
    let found = Business::all(ask.seed()).filter(|business| {
        countries.contains(&business.country)
            && business
                .categories()
                .iter()
                .any(|own| own.id == category.id)
    });
    let units = units(ask, found, page.skip(), page.per_page);
    ok(&json!({ "businessUnits": units }))
}

/// `GET /v1/business-units/{id}/categories`
pub(crate) fn of_business(ask: &Ask<'_>) -> Answer {
    let business = ask.business()?;
    ask.countries()?;
    let locale = ask.locale("locale")?;
    let shown = |(place, category): (usize, &&Category)| {
        let seed = business.seed.named(category.id);
        let cardinality = 1 + seed.below(400);
        json!({
            "id": category.id,
            "name": name(category, "en-US"),
            "displayName": name(category, locale),
            "isPrimary": place == 0,
            "predictedTopCategory": seed.named("predicted").below(2) == 0,
            "ranking": (seed.named("ranked").below(3) > 0).then(|| json!({
                "position": 1 + seed.named("position").below(cardinality),
                "cardinality": cardinality,
            })),
            "relevance": if place == 0 { "primary" } else { "secondary" },
            "source": "user",
        })
    };
    let categories = business.categories();
    let categories: Vec<_> = categories.iter().enumerate().map(shown).collect();
    ok(&json!({ "categories": categories }))
}
