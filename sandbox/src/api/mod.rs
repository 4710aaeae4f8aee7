//! The platforms' API: what every endpoint shares.

pub(crate) mod business_units;
pub(crate) mod categories;
pub(crate) mod consumers;
pub(crate) mod invitations;
pub(crate) mod partners;
pub(crate) mod private_products;
pub(crate) mod private_reviews;
pub(crate) mod product_reviews;
pub(crate) mod resources;
pub(crate) mod reviews;
pub(crate) mod trustoo;
pub(crate) mod trustoo_admin;
pub(crate) mod trustoo_customers;
pub(crate) mod trustoo_reviews;

use std::ops::RangeInclusive;

use http::StatusCode;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::config::{Client, Provider};
use crate::data::products::{self, Shelf};
use crate::data::{Business, Consumer, Link};
use crate::faults::{gateway_fault, plain_error};
use crate::issued::Record;
use crate::plan::Plan;
use crate::routes::{Access, Route};
use crate::seed::Seed;
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

/// Records that a walk over pages reaches.
pub(crate) const REACH: u64 = 100_000;

/// An answer, or the refusal that comes instead.
pub(crate) type Answer = Result<Plan, Refusal>;

/// What a request changes, once its answer stands.
pub(crate) type Change = Box<dyn FnOnce(&mut World)>;

/// An answer with what it changes.
pub(crate) type Written = Result<(Plan, Change), Refusal>;

/// What answers an address.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Act {
    Read(fn(&Ask<'_>) -> Answer),
    Write(fn(&Ask<'_>) -> Written),
}

/// Why there is no answer.
#[derive(Debug)]
pub(crate) struct Refusal {
    status: StatusCode,
    pub(crate) text: String,
}

impl Refusal {
    pub(crate) fn new(status: StatusCode, text: impl Into<String>) -> Self {
        Self {
            status,
            text: text.into(),
        }
    }

    fn plan(&self) -> Plan {
        plain_error(self.status, &self.text)
    }
}

/// One request to an endpoint.
pub(crate) struct Ask<'a> {
    pub(crate) world: &'a World,
    pub(crate) call: &'a Call,
    /// What stands in the path for its first parameter, and for its second.
    pub(crate) id: &'a str,
    pub(crate) second: &'a str,
}

/// A part of a list.
pub(crate) struct Page {
    pub(crate) number: u64,
    pub(crate) per_page: u64,
    /// The query name of `per_page`: the platform has two spellings.
    name: &'static str,
}

impl Page {
    pub(crate) fn skip(&self) -> u64 {
        (self.number - 1).saturating_mul(self.per_page)
    }
}

pub(crate) fn ok<T: Serialize>(value: &T) -> Answer {
    Ok(Plan::json(StatusCode::OK, value))
}

pub(crate) fn bad(text: impl Into<String>) -> Refusal {
    Refusal::new(StatusCode::BAD_REQUEST, text)
}

pub(crate) fn not_found(what: &str) -> Refusal {
    Refusal::new(StatusCode::NOT_FOUND, format!("{what} not found"))
}

fn forbidden() -> Refusal {
    let text = "The account has no access to this business unit";
    Refusal::new(StatusCode::FORBIDDEN, text)
}

/// Answers a request to `route`.
pub(crate) fn answer(
    world: &mut World,
    call: &Call,
    route: &'static Route,
    params: &[&str],
) -> Plan {
    if let Some(refusal) = refused(world, call, route.access) {
        return refusal;
    }
    let param = |place| params.get(place).copied().unwrap_or_default();
    let ask = Ask {
        world,
        call,
        id: param(0),
        second: param(1),
    };
    let answer = match route.answer {
        Some(Act::Read(answer)) => answer(&ask).map(|plan| (plan, None)),
        Some(Act::Write(answer)) => answer(&ask).map(|(plan, change)| (plan, Some(change))),
        None => Err(Refusal::new(StatusCode::NOT_IMPLEMENTED, "Not Implemented")),
    };
    match answer {
        Ok((plan, change)) => {
            if let Some(change) = change {
                change(world);
            }
            plan
        }
        Err(refusal) => refusal.plan(),
    }
}

fn refused(world: &World, call: &Call, access: Access) -> Option<Plan> {
    let lives = |token: &str| world.token_lives(token, Provider::Trustpilot, call.now);
    let known = |key: &str| world.knows_key(key);
    let (opened, text, code) = match access {
        // Trustoo's refuse by themselves, in their envelope.
        Access::Open | Access::Signed | Access::Client => return None,
        Access::Key => (
            match call.apikey() {
                Some(key) => known(key),
                None => call.bearer().is_some_and(lives),
            },
            "Invalid ApiKey",
            "oauth.v2.InvalidApiKey",
        ),
        Access::Bearer => (
            call.bearer().is_some_and(lives),
            "Invalid access token",
            "oauth.v2.InvalidAccessToken",
        ),
    };
    (!opened).then(|| gateway_fault(StatusCode::UNAUTHORIZED, text, code))
}

impl Ask<'_> {
    pub(crate) fn seed(&self) -> Seed {
        self.world.seed
    }

    pub(crate) fn base(&self) -> &str {
        &self.call.base
    }

    /// The business in the path.
    pub(crate) fn business(&self) -> Result<Business, Refusal> {
        Business::by_id(self.seed(), self.id).ok_or_else(|| not_found("Business unit"))
    }

    /// The grant of the bearer token, and its client.
    pub(crate) fn bearer(&self, provider: Provider) -> Option<(&Record, &Client)> {
        let token = self.call.bearer()?;
        if !self.world.token_lives(token, provider, self.call.now) {
            return None;
        }
        let record = self.world.issued.get(token)?;
        let client = self.world.config.client(provider, &record.client_id)?;
        Some((record, client))
    }

    /// Refuses a token of an account that the business does not belong to.
    pub(crate) fn owned(&self, business: Business) -> Result<Business, Refusal> {
        let config = &self.world.config;
        let domains = match self.bearer(Provider::Trustpilot) {
            Some((record, _)) if record.user => config.user.domains.as_ref(),
            Some((_, client)) => client.domains.as_ref(),
            None => return Err(forbidden()),
        };
        match domains {
            Some(domains) if !domains.contains(&business.domain) => Err(forbidden()),
            _ => Ok(business),
        }
    }

    /// The business in the path, of the account that the token is of.
    pub(crate) fn own_business(&self) -> Result<Business, Refusal> {
        self.owned(self.business()?)
    }

    /// The consumer in the path.
    pub(crate) fn consumer(&self) -> Result<Consumer, Refusal> {
        Consumer::by_id(self.seed(), self.id).ok_or_else(|| not_found("Consumer"))
    }

    /// The review in the path.
    pub(crate) fn review(&self) -> Result<(Business, u64), Refusal> {
        Business::of_review(self.seed(), self.id).ok_or_else(|| not_found("Review"))
    }

    /// A parameter that is there and not empty.
    pub(crate) fn value(&self, name: &str) -> Option<&str> {
        self.call.value(name).filter(|value| !value.is_empty())
    }

    pub(crate) fn required(&self, name: &str) -> Result<&str, Refusal> {
        self.value(name)
            .filter(|value| !value.trim().is_empty())
            .ok_or_else(|| bad(format!("{name} is required")))
    }

    pub(crate) fn number(
        &self,
        name: &str,
        otherwise: u64,
        range: RangeInclusive<u64>,
    ) -> Result<u64, Refusal> {
        let Some(text) = self.value(name) else {
            return Ok(otherwise);
        };
        let (least, most) = (range.start(), range.end());
        let problem = || bad(format!("{name} must be {least} to {most}"));
        text.parse()
            .ok()
            .filter(|number| range.contains(number))
            .ok_or_else(problem)
    }

    pub(crate) fn boolean(&self, name: &str) -> Result<Option<bool>, Refusal> {
        match self.value(name) {
            None => Ok(None),
            Some("true") => Ok(Some(true)),
            Some("false") => Ok(Some(false)),
            Some(_) => Err(bad(format!("{name} must be true or false"))),
        }
    }

    /// Every value of a parameter: separated by commas, given several times, or both.
    pub(crate) fn list(&self, name: &str) -> Vec<&str> {
        let given = self.call.query.iter().filter(|(known, _)| known == name);
        given
            .flat_map(|(_, value)| value.split(','))
            .map(str::trim)
            .filter(|part| !part.is_empty())
            .collect()
    }

    /// The stars asked for, none for all.
    pub(crate) fn stars(&self) -> Result<Vec<u8>, Refusal> {
        let read = |part: &str| part.parse().ok().filter(|stars| (1..=5).contains(stars));
        let stars: Option<Vec<u8>> = self.list("stars").into_iter().map(read).collect();
        stars.ok_or_else(|| bad("stars must be 1 to 5, separated by commas"))
    }

    /// The languages asked for, none for all.
    pub(crate) fn languages(&self) -> Result<Vec<&str>, Refusal> {
        let languages = self.list("language");
        let fits = |code: &&str| code.len() == 2 && code.bytes().all(|b| b.is_ascii_lowercase());
        if languages.iter().all(fits) {
            Ok(languages)
        } else {
            Err(bad("language must be an ISO 639-1 code, such as en"))
        }
    }

    pub(crate) fn countries(&self) -> Result<Vec<&str>, Refusal> {
        let countries = self.list("country");
        let fits = |code: &&str| code.len() == 2 && code.bytes().all(|b| b.is_ascii_uppercase());
        if countries.iter().all(fits) {
            Ok(countries)
        } else {
            Err(bad("country must be an ISO 3166-1 code, such as DK"))
        }
    }

    /// The locale in the parameter `name`: `en-US` where there is none.
    pub(crate) fn locale(&self, name: &str) -> Result<&str, Refusal> {
        let Some(locale) = self.value(name) else {
            return Ok("en-US");
        };
        let shape = |(language, region): (&str, &str)| {
            language.len() == 2
                && region.len() == 2
                && language.bytes().all(|b| b.is_ascii_lowercase())
                && region.bytes().all(|b| b.is_ascii_uppercase())
        };
        if locale.split_once('-').is_some_and(shape) {
            Ok(locale)
        } else {
            Err(bad(format!("{name} must be a locale, such as en-US")))
        }
    }

    /// The page asked for, `name` being perPage or perpage.
    pub(crate) fn page(
        &self,
        name: &'static str,
        otherwise: u64,
        most: u64,
    ) -> Result<Page, Refusal> {
        Ok(Page {
            number: self.number("page", 1, 1..=2_147_483_647)?,
            per_page: self.number(name, otherwise, 1..=most)?,
            name,
        })
    }

    /// The link to the page after this one, where there is one. `shown` names the parameters that
    /// stand in it even when they were left out.
    pub(crate) fn next_page(
        &self,
        page: &Page,
        total: u64,
        shown: &[(&'static str, &str)],
    ) -> Vec<Link> {
        if page.skip().saturating_add(page.per_page) >= total {
            return Vec::new();
        }
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.append_pair("page", &(page.number + 1).to_string());
        query.append_pair(page.name, &page.per_page.to_string());
        for (name, otherwise) in shown {
            if self.value(name).is_none() {
                query.append_pair(name, otherwise);
            }
        }
        for (name, value) in &self.call.query {
            // Links never carry the key.
            let taken = ["page", page.name, "apikey"].contains(&name.as_str());
            if !taken && !value.is_empty() {
                query.append_pair(name, value);
            }
        }
        let address = format!("{}{}?{}", self.base(), self.call.path, query.finish());
        vec![Link::get("next-page", address)]
    }

    /// The JSON body.
    pub(crate) fn body<T: DeserializeOwned>(&self) -> Result<T, Refusal> {
        let kind = self.call.header("content-type").unwrap_or_default();
        let kind = kind.split(';').next().unwrap_or_default().trim();
        if !kind.eq_ignore_ascii_case("application/json") {
            let status = StatusCode::UNSUPPORTED_MEDIA_TYPE;
            return Err(Refusal::new(
                status,
                "Content-Type must be application/json",
            ));
        }
        serde_json::from_slice(&self.call.body).map_err(|error| bad(error.to_string()))
    }
}

/// What stands for the data of a world in the examples of the route table.
pub(crate) struct Examples(Vec<(&'static str, String)>);

impl Examples {
    pub(crate) fn of(world: &World) -> Self {
        let Some(business) = Business::by_domain(world.seed, "example.com") else {
            return Self(Vec::new());
        };
        let review = business.review("", 0, false);
        let business_id = business.id();
        let first = |fits: &dyn Fn(u64) -> bool| {
            let index = (0..business.length()).find(|index| fits(*index));
            business.review_id(index.unwrap_or_default())
        };
        let slot = |index| business.walk().slot(index);
        let replied = first(&|index| Business::replied(slot(index)));
        let tagged = first(&|index| Business::tag(slot(index)) == Some(("Department", "Online")));
        let eligible = first(&|index| {
            let own = business.review("", index, true).private;
            own.is_some_and(|own| own.find_reviewer.get("isEligible") == Some(&json!(true)))
        });
        let shelf = Shelf::new(business, products::OWN);
        let talked = (0..shelf.length()).find(|index| shelf.conversation_id(*index).is_some());
        let talk = talked.and_then(|index| shelf.talk(index));
        let comment = talk.and_then(|talk| Some(talk.comments.first()?.id.clone()));
        let conversation = talked.map(|index| shelf.talk_id(index));
        Self(vec![
            ("{business}", business_id),
            ("{review}", review.id),
            ("{replied}", replied),
            ("{tagged}", tagged),
            ("{eligible}", eligible),
            ("{consumer}", review.consumer.id),
            ("{product-review}", shelf.review_id(0)),
            ("{conversation}", conversation.unwrap_or_default()),
            ("{comment}", comment.unwrap_or_default()),
        ])
    }

    fn filled(&self, text: &str) -> String {
        self.0.iter().fold(text.to_owned(), |text, (name, value)| {
            text.replace(name, value)
        })
    }

    /// A request to a route that this world takes: path and query, and body.
    pub(crate) fn example(&self, route: &Route) -> Option<(String, Option<String>)> {
        let body = route.example_body.map(|body| self.filled(body));
        (!route.example.is_empty()).then(|| (self.filled(route.example), body))
    }
}

/// The routes with examples that work in this world.
pub(crate) fn listed(world: &World) -> Value {
    let examples = Examples::of(world);
    let show = |route: &Route| {
        let mut shown = json!(route);
        if let (Value::Object(shown), Some((target, body))) = (&mut shown, examples.example(route))
        {
            shown.insert("example".to_owned(), json!(target));
            shown.insert("example_body".to_owned(), json!(body));
        }
        shown
    };
    crate::routes::ROUTES.iter().map(show).collect()
}
