//! Service reviews: of a business, one by one, and the latest.

use http::StatusCode;
use serde::Serialize;
use serde_json::json;

use super::{Answer, Ask, Page, REACH, Refusal, bad, ok};
use crate::config::PastReach;
use crate::data::tables::LOCALES;
use crate::data::walk::{Listing, Slots};
use crate::data::{Business, Consumer, Link, Review, texts};
use crate::date;

#[derive(Serialize)]
struct Reviews {
    links: Vec<Link>,
    reviews: Vec<Review>,
}

/// What the parameters of a walk ask for.
pub(crate) struct Wanted<'a> {
    stars: Vec<u8>,
    languages: Vec<&'a str>,
    location: Option<&'a str>,
    tag: (Option<&'a str>, Option<&'a str>),
    responded: Option<bool>,
    reported: Option<bool>,
    with_reported: bool,
    order: Vec<Order>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Order {
    Newest,
    Oldest,
    FewestStars,
    MostStars,
}

impl<'a> Wanted<'a> {
    pub(crate) fn read(ask: &'a Ask<'_>) -> Result<Self, Refusal> {
        let orders = ask.list("orderBy").into_iter().map(|order| match order {
            "createdat.desc" => Some(Order::Newest),
            "createdat.asc" => Some(Order::Oldest),
            "stars.asc" => Some(Order::FewestStars),
            "stars.desc" => Some(Order::MostStars),
            _ => None,
        });
        let names = "orderBy is none of createdat.asc, createdat.desc, stars.asc, stars.desc";
        Ok(Self {
            stars: ask.stars()?,
            languages: ask.languages()?,
            location: ask.value("internalLocationId"),
            tag: (ask.value("tagGroup"), ask.value("tagValue")),
            responded: ask.boolean("responded")?,
            reported: ask.boolean("reported")?,
            with_reported: ask.boolean("includeReportedReviews")?.unwrap_or(false),
            order: orders.collect::<Option<_>>().ok_or_else(|| bad(names))?,
        })
    }

    /// Whether a review in this slot of the business is asked for.
    pub(crate) fn takes(&self, business: &Business, slot: u64) -> bool {
        let among = |list: &[u8], value: u8| list.is_empty() || list.contains(&value);
        let tag = |wanted: Option<&str>, have: Option<&str>| wanted.is_none() || wanted == have;
        let have = Business::tag(slot);
        let reported = Business::reported(slot);
        among(&self.stars, business.stars(slot))
            && (self.languages.is_empty() || self.languages.contains(&business.language(slot)))
            && self.location.is_none_or(|wanted| {
                Business::location(slot).is_some_and(|have| business.location_id(have) == wanted)
            })
            && tag(self.tag.0, have.map(|(group, _)| group))
            && tag(self.tag.1, have.map(|(_, value)| value))
            && self
                .responded
                .is_none_or(|wanted| Business::replied(slot) == wanted)
            && match self.reported {
                Some(wanted) => reported == wanted,
                None => self.with_reported || !reported,
            }
    }

    /// The reviews `from..to` of a business in the order asked for.
    fn listing(&self, business: &Business, from: u64, to: u64) -> Listing {
        let oldest_first = self.order.contains(&Order::Oldest);
        let slots = |stars: Option<u8>| {
            Slots::of(|slot| {
                stars.is_none_or(|stars| business.stars(slot) == stars)
                    && self.takes(business, slot)
            })
        };
        let stars: Vec<_> = match self.order.first() {
            Some(Order::FewestStars) => (1..=5).map(Some).collect(),
            Some(Order::MostStars) => (1..=5).rev().map(Some).collect(),
            _ => vec![None],
        };
        let parts: Vec<_> = stars
            .into_iter()
            .map(|stars| (slots(stars), oldest_first))
            .collect();
        Listing::new(business.walk(), from, to, &parts)
    }

    /// Reviews that do not stand in one walk, in the order asked for.
    pub(crate) fn sort(&self, reviews: &mut [(Business, u64)]) {
        let time =
            |(business, index): &(Business, u64)| business.times(business.length()).at(*index);
        let stars =
            |(business, index): &(Business, u64)| business.stars(business.walk().slot(*index));
        reviews.sort_by_key(|review| std::cmp::Reverse(time(review)));
        if self.order.contains(&Order::Oldest) {
            reviews.reverse();
        }
        match self.order.first() {
            Some(Order::FewestStars) => reviews.sort_by_key(stars),
            Some(Order::MostStars) => {
                reviews.sort_by_key(|review| std::cmp::Reverse(stars(review)))
            }
            _ => {}
        }
    }
}

/// What stands in next-page links even when it was left out.
pub(crate) const SHOWN: &[(&str, &str)] = &[
    ("orderBy", "createdat.desc"),
    ("includeReportedReviews", "false"),
];

/// Refuses a page that lies past the records that can be reached.
fn within_reach(ask: &Ask<'_>, page: &Page) -> Result<(), Refusal> {
    let past = page.skip().saturating_add(page.per_page) > REACH;
    if past && page.skip() < u64::MAX && ask.world.config.past_reach == PastReach::Refuse {
        return Err(bad(format!(
            "only the first {REACH} reviews can be reached by page"
        )));
    }
    Ok(())
}

fn of_business(ask: &Ask<'_>, business: &Business, range: (u64, u64), private: bool) -> Answer {
    let wanted = Wanted::read(ask)?;
    let page = ask.page("perPage", 20, 100)?;
    let listing = wanted.listing(business, range.0, range.1);
    if listing.len() > REACH {
        within_reach(ask, &page)?;
    }
    let reachable = page.skip() < REACH;
    let take = if reachable { page.per_page } else { 0 };
    let reviews = listing
        .page(page.skip(), take)
        .into_iter()
        .map(|index| business.review(ask.base(), index, private))
        .collect();
    let links = ask.next_page(&page, listing.len(), SHOWN);
    ok(&Reviews { links, reviews })
}

/// `GET /v1/business-units/{id}/reviews`
pub(crate) fn public(ask: &Ask<'_>) -> Answer {
    let business = ask.business()?;
    of_business(ask, &business, (0, business.length()), false)
}

/// `GET /v1/private/business-units/{id}/reviews`
pub(crate) fn private(ask: &Ask<'_>) -> Answer {
    let business = ask.own_business()?;
    for name in [
        "referralEmail",
        "username",
        "findReviewer",
        "source",
        "ignoreTagValueCase",
    ] {
        if ask.value(name).is_some() {
            let text = format!("the sandbox does not filter by {name}");
            return Err(Refusal::new(StatusCode::NOT_IMPLEMENTED, text));
        }
    }
    let length = business.length();
    let times = business.times(length);
    let time = |name: &str| match ask.value(name) {
        None => Ok(None),
        Some(text) => match date::parse(text) {
            Some(ms) => Ok(Some(ms)),
            None => Err(bad(format!(
                "{name} must be a date, such as 2026-01-31T09:05:07"
            ))),
        },
    };
    let mut from = time("endDateTime")?.map_or(0, |ms| times.first_until(ms, length));
    let mut to = match time("startDateTime")? {
        Some(ms) => ms
            .checked_sub(1)
            .map_or(length, |ms| times.first_until(ms, length)),
        None => length,
    };
    if let Some(reference) = ask.value("referenceId") {
        let number = reference
            .strip_prefix("order-")
            .and_then(|text| text.parse::<u64>().ok());
        let index = number.and_then(|number| (100_000 + length).checked_sub(number));
        match index.filter(|index| (from..to).contains(index)) {
            Some(index) => (from, to) = (index, index + 1),
            None => to = from,
        }
    }
    of_business(ask, &business, (from, to), true)
}

/// Reviews on one page of all-reviews.
const TOKEN_PAGE: u64 = 100;

/// `GET /v1/business-units/{id}/all-reviews`: the token holds business and place.
pub(crate) fn all(ask: &Ask<'_>) -> Answer {
    let business = ask.business()?;
    let tokens = business.seed.named("page-token");
    let first = match ask.value("pageToken") {
        None => 0,
        Some(token) => tokens
            .number(token)
            .ok_or_else(|| bad("pageToken is not one that was given out"))?,
    };
    let shown = Slots::of(|slot| !Business::reported(slot));
    let listing = Listing::new(business.walk(), 0, business.length(), &[(shown, false)]);
    let reviews: Vec<_> = listing
        .page(first, TOKEN_PAGE)
        .into_iter()
        .map(|index| business.review(ask.base(), index, false))
        .collect();
    let next = first + TOKEN_PAGE;
    let token = (next < listing.len()).then(|| tokens.id(next));
    ok(&json!({ "links": [], "reviews": reviews, "nextPageToken": token }))
}

/// `GET /v1/reviews/{id}`
pub(crate) fn get(ask: &Ask<'_>) -> Answer {
    let (business, index) = ask.review()?;
    ok(&business.review(ask.base(), index, false))
}

/// `GET /v1/reviews/{id}/likes`
pub(crate) fn likes(ask: &Ask<'_>) -> Answer {
    let (business, index) = ask.review()?;
    let written = business.times(business.length()).at(index);
    let like = |(number, consumer): (u64, Consumer)| {
        let reviewer = consumer.reviewer(ask.base());
        json!({
            "consumer": {
                "links": reviewer.links,
                "id": reviewer.id,
                "displayName": reviewer.display_name,
            },
            "createdAt": date::iso_local(written + (number + 1) * 3_600_000),
        })
    };
    let likes: Vec<_> = (0..).zip(business.liked_by(index)).map(like).collect();
    ok(&json!({ "likes": likes }))
}

/// `GET /v1/reviews/{id}/web-links`
pub(crate) fn web_links(ask: &Ask<'_>) -> Answer {
    let (business, index) = ask.review()?;
    ask.required("locale")?;
    let locale = ask.locale("locale")?;
    let site = super::resources::site(locale);
    let id = business.review_id(index);
    ok(&json!({
        "locale": locale,
        "reviewUrl": format!("{site}/reviews/{id}"),
        "links": [Link::get("reviews", format!("{}/v1/reviews/{id}", ask.base()))],
    }))
}

/// `GET /v1/reviews/latest?count=&language=`: the newest of each business in turn.
pub(crate) fn latest(ask: &Ask<'_>) -> Answer {
    ask.required("count")?;
    ask.required("language")?;
    let count = usize::try_from(ask.number("count", 1, 1..=100)?).unwrap_or(1);
    let languages = ask.languages()?;
    let pictures = ask.boolean("filterUsersWithoutImages")?.unwrap_or(false);
    ask.locale("locale")?;
    if let Some(other) = languages.iter().find(|code| !texts::is_language(code)) {
        let known = LOCALES.iter().any(|(locale, ..)| locale.starts_with(other));
        if !known {
            return Err(bad(format!("language {other} is not known")));
        }
    }
    let newest = |business: Business| {
        let slots = Slots::of(|slot| {
            !Business::reported(slot) && languages.contains(&business.language(slot))
        });
        let listing = Listing::new(business.walk(), 0, business.length(), &[(slots, false)]);
        let index = listing.page(0, 1).first().copied()?;
        let review = business.review(ask.base(), index, false);
        let pictured = || {
            review
                .consumer
                .links
                .iter()
                .any(|link| link.rel == "profile-image")
        };
        (!pictures || pictured()).then_some(review)
    };
    let reviews: Vec<_> = Business::all(ask.seed())
        .filter_map(newest)
        .take(count)
        .collect();
    ok(&json!({ "links": [], "reviews": reviews }))
}
