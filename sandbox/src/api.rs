//! The platforms' API, as far as it is built.

use http::StatusCode;
use serde::Serialize;

use crate::config::Provider;
use crate::data::{Business, Link, Review};
use crate::faults::{gateway_fault, plain_error};
use crate::plan::Plan;
use crate::world::{Call, World};

/// The CORS headers as they were captured: GET only, and nothing exposed (SB18).
pub(crate) const CORS: &[(&str, &str)] = &[
    ("access-control-allow-origin", "*"),
    (
        "access-control-allow-headers",
        "Authorization, Accept, Accept-Charset, Accept-Encoding, Accept-Language, Cache-Control, \
         Connection, Content-Length, Content-Type, Host, Origin, User-Agent, ApiKey, \
         X-Requested-With",
    ),
    ("access-control-max-age", "3628800"),
    ("access-control-allow-methods", "GET"),
];

fn bad_request(text: &str) -> Plan {
    plain_error(StatusCode::BAD_REQUEST, text)
}

/// Whether a key or a token opens the public endpoints.
fn key_refused(world: &World, call: &Call) -> Option<Plan> {
    let opened = match (call.apikey(), call.bearer()) {
        (Some(key), _) => world.config.client(Provider::Trustpilot, key).is_some(),
        (None, Some(token)) => world.token_lives(token, Provider::Trustpilot, call.now),
        (None, None) => false,
    };
    let refusal = || {
        gateway_fault(
            StatusCode::UNAUTHORIZED,
            "Invalid ApiKey",
            "oauth.v2.InvalidApiKey",
        )
    };
    (!opened).then(refusal)
}

/// `GET /v1/business-units/find?name=`
pub(crate) fn find(world: &World, call: &Call) -> Plan {
    if let Some(refusal) = key_refused(world, call) {
        return refusal;
    }
    let name = call.value("name").unwrap_or_default();
    if name.trim().is_empty() {
        return bad_request("name is required");
    }
    match Business::by_domain(world.seed, name) {
        Some(business) => Plan::json(StatusCode::OK, &business.unit(&call.base)),
        None => plain_error(StatusCode::NOT_FOUND, "Business unit not found"),
    }
}

#[derive(Serialize)]
struct Reviews {
    links: Vec<Link>,
    reviews: Vec<Review>,
}

/// `GET /v1/private/business-units/{id}/reviews`
pub(crate) fn private_reviews(world: &World, call: &Call, id: &str) -> Plan {
    let lives = |token| world.token_lives(token, Provider::Trustpilot, call.now);
    if !call.bearer().is_some_and(lives) {
        let code = "oauth.v2.InvalidAccessToken";
        return gateway_fault(StatusCode::UNAUTHORIZED, "Invalid access token", code);
    }
    let Some(business) = Business::by_id(world.seed, id) else {
        return plain_error(StatusCode::NOT_FOUND, "Business unit not found");
    };
    match page(&business, call, id) {
        Ok(page) => Plan::json(StatusCode::OK, &page),
        Err(problem) => bad_request(&problem),
    }
}

fn page(business: &Business, call: &Call, id: &str) -> Result<Reviews, String> {
    let number = |name: &str, otherwise: u64, most: u64| match call.value(name) {
        None => Ok(otherwise),
        Some(text) => text
            .parse::<u64>()
            .ok()
            .filter(|value| (1..=most).contains(value))
            .ok_or_else(|| format!("{name} must be 1 to {most}")),
    };
    let page = number("page", 1, 2_147_483_647)?;
    let per_page = number("perPage", 20, 100)?;
    let mut stars: Vec<u8> = Vec::new();
    for part in call
        .value("stars")
        .unwrap_or_default()
        .split(',')
        .filter(|part| !part.is_empty())
    {
        match part.trim().parse() {
            Ok(value @ 1..=5) => stars.push(value),
            _ => return Err("stars must be 1 to 5, separated by commas".to_owned()),
        }
    }
    let language = call
        .value("language")
        .filter(|language| !language.is_empty());
    let order = call.value("orderBy").unwrap_or("createdat.desc");
    let mut indices: Vec<u64> = (0..business.reviews())
        .filter(|index| stars.is_empty() || stars.contains(&business.stars(*index)))
        .filter(|index| language.is_none_or(|language| business.language(*index) == language))
        .collect();
    match order {
        "createdat.desc" => {}
        "createdat.asc" => indices.reverse(),
        "stars.asc" => indices.sort_by_key(|index| business.stars(*index)),
        "stars.desc" => indices.sort_by_key(|index| std::cmp::Reverse(business.stars(*index))),
        _ => {
            return Err(
                "orderBy is none of createdat.asc, createdat.desc, stars.asc, stars.desc".into(),
            );
        }
    }
    let skip = usize::try_from((page - 1) * per_page).unwrap_or(usize::MAX);
    let take = usize::try_from(per_page).unwrap_or(usize::MAX);
    let chosen = indices.iter().skip(skip).take(take);
    let reviews: Vec<_> = chosen
        .map(|index| business.review(&call.base, *index))
        .collect();
    let mut links = Vec::new();
    if skip.saturating_add(take) < indices.len() {
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.append_pair("page", &(page + 1).to_string());
        query.append_pair("perPage", &per_page.to_string());
        query.append_pair("orderBy", order);
        for name in ["stars", "language"] {
            if let Some(value) = call.value(name).filter(|value| !value.is_empty()) {
                query.append_pair(name, value);
            }
        }
        let path = format!("{}/v1/private/business-units/{id}/reviews", call.base);
        links.push(Link::get("next-page", format!("{path}?{}", query.finish())));
    }
    Ok(Reviews { links, reviews })
}
