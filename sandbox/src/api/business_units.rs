//! Business units, and what belongs to them.

use serde_json::{Value, json};

use super::{Answer, Ask, bad, not_found, ok};
use crate::data::{Business, Link};
use crate::seed::Seed;

/// `GET /v1/business-units/find?name=`
pub(crate) fn find(ask: &Ask<'_>) -> Answer {
    let name = ask.required("name")?;
    let business = Business::by_domain(ask.seed(), name);
    let business = business.ok_or_else(|| not_found("Business unit"))?;
    ok(&business.unit(ask.base()))
}

/// `GET /v1/business-units/{id}`
pub(crate) fn get(ask: &Ask<'_>) -> Answer {
    ok(&ask.business()?.unit(ask.base()))
}

fn cursors(world: Seed) -> Seed {
    world.named("cursor")
}

/// `GET /v1/business-units/all`: the number of the next business is the cursor.
pub(crate) fn all(ask: &Ask<'_>) -> Answer {
    let countries = ask.countries()?;
    let per_page = ask.number("perPage", 1_000, 1..=1_000)?;
    let first = match ask.value("cursor") {
        None => 0,
        Some(cursor) => cursors(ask.seed())
            .number(cursor)
            .ok_or_else(|| bad("cursor is not one that was given out"))?,
    };
    let mut found = Business::all(ask.seed())
        .skip(usize::try_from(first).unwrap_or(usize::MAX))
        .filter(|business| countries.is_empty() || countries.contains(&business.country));
    let take = usize::try_from(per_page).unwrap_or(usize::MAX);
    let units: Vec<_> = found
        .by_ref()
        .take(take)
        .map(|business| business.unit(ask.base()))
        .collect();
    let cursor = found.next().map(|next| cursors(ask.seed()).id(next.number));
    ok(&json!({ "businessUnits": units, "cursor": cursor }))
}

/// `GET /v1/business-units/search?query=`
pub(crate) fn search(ask: &Ask<'_>) -> Answer {
    let query = ask.required("query")?.trim().to_lowercase();
    let countries = ask.countries()?;
    let page = ask.page("perpage", 20, 100)?;
    let found = Business::all(ask.seed()).filter(|business| {
        (business.domain.contains(&query) || business.name.to_lowercase().contains(&query))
            && (countries.is_empty() || countries.contains(&business.country))
    });
    let units = units(ask, found, page.skip(), page.per_page);
    ok(&json!({ "businessUnits": units }))
}

/// A page of businesses.
pub(crate) fn units(
    ask: &Ask<'_>,
    found: impl Iterator<Item = Business>,
    skip: u64,
    take: u64,
) -> Vec<crate::data::BusinessUnit> {
    let size = |number| usize::try_from(number).unwrap_or(usize::MAX);
    found
        .skip(size(skip))
        .take(size(take))
        .map(|business| business.unit(ask.base()))
        .collect()
}

/// `GET /v1/business-units/{id}/profileinfo`
pub(crate) fn profile_info(ask: &Ask<'_>) -> Answer {
    let business = ask.business()?;
    let Business {
        domain, name, seed, ..
    } = &business;
    let known = |label: &str| seed.named(label).below(4) > 0;
    let social = |site: &str| known(site).then(|| format!("https://{site}.example/{domain}"));
    ok(&json!({
        "links": [own(ask, &business, "business-unit", "")],
        "isSubscriber": known("subscriber"),
        "email": known("email").then(|| format!("hello@{domain}")),
        "phone": known("phone").then_some("+45 00 00 00 00"),
        "companyName": known("company").then(|| format!("{name} A/S")),
        "address": known("address").then(|| json!({
            "street": "Example Street 1",
            "city": known("city").then_some("København"),
            "postcode": "1000",
            "country": business.country,
            "countryCode": business.country,
        })),
        "description": known("description").then(|| json!({
            "header": format!("About {name}"),
            "text": format!("{name} sells \"good things\" & answers <quickly>.\nSince 1999."),
        })),
        "socialmedia": known("socialmedia").then(|| json!({
            "facebook": social("facebook"),
            "linkedin": social("linkedin"),
            "twitter": social("twitter"),
            "googleplus": null,
            "youtube": social("youtube"),
            "instagram": social("instagram"),
        })),
        // The documents show a number, the tools that read it a text.
        "facebookPageId": match seed.named("facebook-page").below(3) {
            0 => json!(123_456_789),
            1 => json!("123456789"),
            _ => Value::Null,
        },
        "facebookPageUrl": social("facebook"),
        "isFacebookActivated": !known("activated"),
        "isCommentsEnabled": known("comments"),
        "isIncentivisingUsers": !known("incentives"),
        "isClaimed": known("claimed"),
    }))
}

fn own(ask: &Ask<'_>, business: &Business, rel: &'static str, path: &str) -> Link {
    let address = format!("{}/v1/business-units/{}{path}", ask.base(), business.id());
    Link::get(rel, address)
}

/// `GET /v1/business-units/{id}/customerguarantee`
pub(crate) fn customer_guarantee(ask: &Ask<'_>) -> Answer {
    let business = ask.business()?;
    let active = business.seed.named("guarantee").below(2) == 0;
    ok(&json!({
        "links": [own(ask, &business, "business-unit", "")],
        "isActive": active,
        "header": active.then_some("Our guarantee"),
        "text": active.then(|| format!("{} takes everything back for 30 days.", business.name)),
    }))
}

/// `GET /v1/business-units/{id}/profilepromotion`
pub(crate) fn profile_promotion(ask: &Ask<'_>) -> Answer {
    let business = ask.business()?;
    ok(&json!({
        "links": [own(ask, &business, "business-unit", "")],
        "title": format!("New at {}", business.name),
        "text": "See what came in this week.",
        "url": format!("https://www.{}/new?a=1&b=2", business.domain),
        "image": business.picture("profile-promotion", 500, 300),
    }))
}

/// `GET /v1/business-units/{id}/promotion-box`
pub(crate) fn promotion_box(ask: &Ask<'_>) -> Answer {
    let business = ask.business()?;
    let active = business.seed.named("promotion").below(2) == 0;
    ok(&json!({
        "links": [own(ask, &business, "images", "/images/promotion-box")],
        "isActive": active,
        "title": active.then_some("Spring sale"),
        "text": active.then_some("20 % off everything <until Sunday>."),
        "url": format!("https://www.{}/sale", business.domain),
        "image": active.then(|| business.picture("promotion-box", 300, 250)),
    }))
}

/// `GET /v1/business-units/{id}/web-links`
pub(crate) fn web_links(ask: &Ask<'_>) -> Answer {
    let business = ask.business()?;
    ask.required("locale")?;
    let locale = ask.locale("locale")?;
    let site = super::resources::site(locale);
    let domain = &business.domain;
    ok(&json!({
        "locale": locale,
        "profileUrl": format!("{site}/review/{domain}"),
        "evaluateUrl": format!("{site}/evaluate/{domain}"),
        "evaluateEmbedUrl": format!("{site}/evaluate/embed/{domain}"),
        "links": [own(ask, &business, "business-unit", "")],
    }))
}

/// `GET /v1/business-units/{id}/images`
pub(crate) fn images(ask: &Ask<'_>) -> Answer {
    let business = ask.business()?;
    ok(&json!({
        "links": [
            own(ask, &business, "logo", "/images/logo"),
            own(ask, &business, "header", "/images/header"),
            own(ask, &business, "promotion-box", "/images/promotion-box"),
        ],
        "profileImage": {
            "image57x43": business.picture("profile", 57, 43),
            "image118x89": business.picture("profile", 118, 89),
            "image198x149": business.picture("profile", 198, 149),
        },
    }))
}

/// One picture of a business; some have none.
fn picture(ask: &Ask<'_>, kind: &str, width: u64, height: u64) -> Answer {
    let business = ask.business()?;
    let links = [own(ask, &business, "images", "/images")];
    let none = business.seed.named(kind).below(5) == 0;
    let image = (!none).then(|| business.picture(kind, width, height));
    ok(&json!({ "links": links, "image": image }))
}

/// `GET /v1/business-units/{id}/images/logo`
pub(crate) fn logo(ask: &Ask<'_>) -> Answer {
    if let Some(location) = ask.value("locationId") {
        let business = ask.business()?;
        if !(0..3).any(|number| business.location_id(number) == location) {
            return Err(not_found("Location"));
        }
    }
    picture(ask, "logo", 300, 300)
}

/// `GET /v1/business-units/{id}/images/header`
pub(crate) fn header(ask: &Ask<'_>) -> Answer {
    picture(ask, "header", 1_110, 250)
}

/// `GET /v1/business-units/{id}/images/promotion-box`
pub(crate) fn promotion_box_image(ask: &Ask<'_>) -> Answer {
    picture(ask, "promotion-box-image", 300, 250)
}

/// `GET /v1/business-signup/domain-availability?domain=`
pub(crate) fn domain_availability(ask: &Ask<'_>) -> Answer {
    let domain = ask.required("domain")?;
    if !domain.contains('.') || domain.contains(['/', ' ', '@']) {
        return Err(bad("domain must be a domain name, such as example.com"));
    }
    let taken = Business::by_domain(ask.seed(), domain).is_some();
    ok(&json!({ "domainIsAvailable": !taken }))
}
