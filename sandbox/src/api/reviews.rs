//! Service reviews: of a business, one by one, and the latest.

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
    tag_case: bool,
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
            tag_case: true,
            responded: ask.boolean("responded")?,
            reported: ask.boolean("reported")?,
            with_reported: ask.boolean("includeReportedReviews")?.unwrap_or(false),
            order: orders.collect::<Option<_>>().ok_or_else(|| bad(names))?,
        })
    }

    /// Whether a review in this slot of the business is asked for.
    fn takes_slot(&self, business: &Business, slot: u64) -> bool {
        let tag = Business::tag(slot);
        self.takes(business, slot, tag.as_slice(), Business::replied(slot))
    }

    /// Whether a review is asked for, with what requests changed of it.
    pub(crate) fn takes_review(&self, ask: &Ask<'_>, business: &Business, index: u64) -> bool {
        let tags = ask.tags(business, index);
        let tags: Vec<_> = tags
            .iter()
            .map(|(group, value)| (group.as_str(), value.as_str()))
            .collect();
        let slot = business.walk().slot(index);
        self.takes(business, slot, &tags, ask.replied(business, index))
    }

    fn takes(&self, business: &Business, slot: u64, tags: &[(&str, &str)], replied: bool) -> bool {
        let among = |list: &[u8], value: u8| list.is_empty() || list.contains(&value);
        let value_fits = |wanted: &str, have: &str| {
            wanted == have || (!self.tag_case && wanted.to_lowercase() == have.to_lowercase())
        };
        let tag = |(group, value): &(&str, &str)| {
            self.tag.0.is_none_or(|wanted| wanted == *group)
                && self.tag.1.is_none_or(|wanted| value_fits(wanted, value))
        };
        let reported = Business::reported(slot);
        among(&self.stars, business.stars(slot))
            && (self.languages.is_empty() || self.languages.contains(&business.language(slot)))
            && self.location.is_none_or(|wanted| {
                Business::location(slot).is_some_and(|have| business.location_id(have) == wanted)
            })
            && (self.tag == (None, None) || tags.iter().any(tag))
            && self.responded.is_none_or(|wanted| replied == wanted)
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
                    && self.takes_slot(business, slot)
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

    /// Reviews of one business, newest first, in the order asked for.
    fn arrange(&self, business: &Business, reviews: &mut [u64]) {
        if self.order.contains(&Order::Oldest) {
            reviews.reverse();
        }
        let stars = |index: &u64| business.stars(business.walk().slot(*index));
        match self.order.first() {
            Some(Order::FewestStars) => reviews.sort_by_key(stars),
            Some(Order::MostStars) => reviews.sort_by_key(|index| std::cmp::Reverse(stars(index))),
            _ => {}
        }
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

/// What the private list can be asked for besides.
#[derive(Default)]
struct Private<'a> {
    email: Option<&'a str>,
    name: Option<&'a str>,
    source: Option<&'a str>,
    contacted: Option<bool>,
}

impl<'a> Private<'a> {
    fn read(ask: &'a Ask<'_>) -> Result<Self, Refusal> {
        Ok(Self {
            email: ask.value("referralEmail"),
            name: ask.value("username"),
            source: ask.value("source"),
            contacted: match ask.value("findReviewer") {
                None => None,
                Some("contacted") => Some(true),
                Some("notContacted") => Some(false),
                Some(_) => return Err(bad("findReviewer must be contacted or notContacted")),
            },
        })
    }

    fn asks(&self) -> bool {
        self.email.is_some()
            || self.name.is_some()
            || self.source.is_some()
            || self.contacted.is_some()
    }

    fn takes(&self, ask: &Ask<'_>, business: &Business, index: u64) -> bool {
        if !self.asks() {
            return true;
        }
        let review = business.review("", index, true);
        let email = review.private.and_then(|own| own.referral_email);
        let key = (business.number, index);
        let contacted = ask.world.state.asked.get(&key).is_some();
        self.email
            .is_none_or(|wanted| email.as_deref() == Some(wanted))
            && self
                .name
                .is_none_or(|wanted| review.consumer.display_name == wanted)
            && self.source.is_none_or(|wanted| review.source == wanted)
            && self.contacted.is_none_or(|wanted| contacted == wanted)
    }
}

/// Whether what requests changed could matter to the choice of reviews.
fn changed(ask: &Ask<'_>, business: &Business, wanted: &Wanted<'_>) -> bool {
    let state = &ask.world.state;
    let own = |key: &(u64, u64)| key.0 == business.number;
    (wanted.responded.is_some() && state.replies.iter().any(|(key, _)| own(key)))
        || (wanted.tag != (None, None) && state.tags.iter().any(|(key, _)| own(key)))
}

fn of_business(
    ask: &Ask<'_>,
    business: &Business,
    range: (u64, u64),
    private: Option<&Private<'_>>,
) -> Answer {
    let mut wanted = Wanted::read(ask)?;
    if private.is_some() {
        wanted.tag_case = !ask.boolean("ignoreTagValueCase")?.unwrap_or(false);
    }
    let page = ask.page("perPage", 20, 100)?;
    let one_by_one =
        !wanted.tag_case || private.is_some_and(Private::asks) || changed(ask, business, &wanted);
    let found = one_by_one.then(|| {
        let mut found: Vec<_> = (range.0..range.1)
            .filter(|index| wanted.takes_review(ask, business, *index))
            .filter(|index| private.is_none_or(|own| own.takes(ask, business, *index)))
            .collect();
        wanted.arrange(business, &mut found);
        found
    });
    let listing = wanted.listing(business, range.0, range.1);
    let total = found
        .as_ref()
        .map_or(listing.len(), |found| found.len() as u64);
    if total > REACH {
        within_reach(ask, &page)?;
    }
    let reachable = page.skip() < REACH;
    let take = if reachable { page.per_page } else { 0 };
    let size = |number| usize::try_from(number).unwrap_or(usize::MAX);
    let chosen = match found {
        None => listing.page(page.skip(), take),
        Some(found) => found
            .into_iter()
            .skip(size(page.skip()))
            .take(size(take))
            .collect(),
    };
    let reviews = chosen
        .into_iter()
        .map(|index| ask.shown_review(business, index, private.is_some()))
        .collect();
    let links = ask.next_page(&page, total, SHOWN);
    ok(&Reviews { links, reviews })
}

/// `GET /v1/business-units/{id}/reviews`
pub(crate) fn public(ask: &Ask<'_>) -> Answer {
    let business = ask.business()?;
    of_business(ask, &business, (0, business.length()), None)
}

/// `GET /v1/private/business-units/{id}/reviews`
pub(crate) fn private(ask: &Ask<'_>) -> Answer {
    let business = ask.own_business()?;
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
    of_business(ask, &business, (from, to), Some(&Private::read(ask)?))
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
        .map(|index| ask.shown_review(&business, index, false))
        .collect();
    let next = first + TOKEN_PAGE;
    let token = (next < listing.len()).then(|| tokens.id(next));
    ok(&json!({ "links": [], "reviews": reviews, "nextPageToken": token }))
}

/// `GET /v1/reviews/{id}`
pub(crate) fn get(ask: &Ask<'_>) -> Answer {
    let (business, index) = ask.review()?;
    ok(&ask.shown_review(&business, index, false))
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
        let review = ask.shown_review(&business, index, false);
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
