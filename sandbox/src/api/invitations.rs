//! Invitations to write reviews, their links and templates. What was taken in is shown by
//! `GET /__sandbox/data`.

use http::StatusCode;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::private_reviews::{empty, is_id};
use super::{Answer, Ask, Change, Refusal, Written, bad, ok};
use crate::config::Provider;
use crate::data::Business;
use crate::date;
use crate::plan::Plan;
use crate::state::Invitation;
use crate::world::World;

/// Names and types of the templates that every business has; the first is the default.
const TEMPLATES: &[(&str, &str)] = &[
    ("Optimized for service reviews", "ServiceReview"),
    ("Plain text", "ServiceReview"),
    ("Optimized for product reviews", "ProductReview"),
];

/// Addresses in one request to delete data; the platform names no limit that was found.
const EMAILS: usize = 1_000;

impl Ask<'_> {
    /// The business in the path. A token without a user may have to name one.
    fn inviting(&self) -> Result<Business, Refusal> {
        let business = self.own_business()?;
        let given = self.call.header("x-business-user-id");
        let user = self
            .bearer(Provider::Trustpilot)
            .is_some_and(|(record, _)| record.user);
        match given {
            Some(id) if !is_id(id) => Err(bad("x-business-user-id must be an id")),
            None if self.world.config.require_business_user_id && !user => {
                Err(bad("x-business-user-id is required"))
            }
            _ => Ok(business),
        }
    }
}

pub(crate) type Object = Map<String, Value>;

/// The members of a body or of an object in it, one by one.
pub(crate) struct Members<'a>(pub(crate) &'a Object);

impl<'a> Members<'a> {
    pub(crate) fn text(&self, name: &str) -> Result<Option<&'a str>, Refusal> {
        match self.0.get(name) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::String(text)) => Ok(Some(text)),
            Some(_) => Err(bad(format!("{name} must be a text"))),
        }
    }

    /// A text that must fit where it is given.
    fn fitting(&self, name: &str, what: &str, fits: fn(&str) -> bool) -> Result<(), Refusal> {
        match self.text(name)? {
            Some(text) if !fits(text) => Err(bad(format!("{name} must be {what}"))),
            _ => Ok(()),
        }
    }

    fn required(&self, name: &str) -> Result<&'a str, Refusal> {
        let text = self.text(name)?.filter(|text| !text.trim().is_empty());
        text.ok_or_else(|| bad(format!("{name} is required")))
    }

    fn email(&self, name: &str) -> Result<(), Refusal> {
        self.fitting(name, "an email address", is_email)
    }

    pub(crate) fn object(&self, name: &str) -> Result<Option<Members<'a>>, Refusal> {
        match self.0.get(name) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::Object(members)) => Ok(Some(Members(members))),
            Some(_) => Err(bad(format!("{name} must be an object"))),
        }
    }

    pub(crate) fn list(&self, name: &str) -> Result<Option<&'a Vec<Value>>, Refusal> {
        match self.0.get(name) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::Array(list)) => Ok(Some(list)),
            Some(_) => Err(bad(format!("{name} must be a list"))),
        }
    }

    fn texts(&self, name: &str) -> Result<Option<Vec<&'a str>>, Refusal> {
        let Some(list) = self.list(name)? else {
            return Ok(None);
        };
        let texts: Option<Vec<_>> = list.iter().map(Value::as_str).collect();
        let texts = texts.ok_or_else(|| bad(format!("{name} must hold texts")))?;
        Ok(Some(texts))
    }

    /// One of two lists, and not both.
    fn either(&self, one: &str, other: &str) -> Result<(), Refusal> {
        match (self.list(one)?, self.texts(other)?) {
            (Some(_), Some(_)) => Err(bad(format!("{one} and {other} exclude each other"))),
            (Some(list), None) if list.iter().any(|item| !item.is_object()) => {
                Err(bad(format!("{one} must hold objects")))
            }
            _ => Ok(()),
        }
    }
}

fn is_email(text: &str) -> bool {
    let plain = !text.contains(|letter: char| letter.is_whitespace() || "<>,;".contains(letter));
    let halves = text.split_once('@');
    plain
        && halves.is_some_and(|(name, host)| {
            !name.is_empty() && host.contains('.') && !host.contains('@')
        })
}

fn is_locale(text: &str) -> bool {
    let halves = text.split_once('-');
    halves.is_some_and(|(language, region)| {
        language.len() == 2
            && region.len() == 2
            && language.bytes().all(|byte| byte.is_ascii_lowercase())
            && region.bytes().all(|byte| byte.is_ascii_uppercase())
    })
}

fn is_address(text: &str) -> bool {
    let host = ["https://", "http://"]
        .iter()
        .find_map(|scheme| text.strip_prefix(scheme));
    host.is_some_and(|host| !host.is_empty() && !host.starts_with(['/', '?', '#']))
}

/// `09/07/2013 13:37:00`, as the documents spell it, or a date of the other kind.
fn time(text: &str) -> Option<u64> {
    let american = |text: &str| {
        let (day, time) = text.split_once(' ')?;
        let mut parts = day.split('/');
        let (month, day, year) = (parts.next()?, parts.next()?, parts.next()?);
        date::parse(&format!("{year}-{month}-{day}T{time}"))
    };
    date::parse(text).or_else(|| american(text))
}

fn is_time(text: &str) -> bool {
    time(text).is_some()
}

/// Service or product invitation within a request.
fn check_part(part: &Members<'_>) -> Result<(), Refusal> {
    part.fitting("templateId", "an id", is_id)?;
    part.fitting("preferredSendTime", "a date", is_time)?;
    part.fitting("redirectUri", "an absolute address", is_address)?;
    part.texts("tags")?;
    part.either("products", "productSkus")
}

/// `POST /v1/private/business-units/{id}/email-invitations`
pub(crate) fn email(ask: &Ask<'_>) -> Written {
    let business = ask.inviting()?;
    let body: Object = ask.body()?;
    let members = Members(&body);
    let email = members.required("consumerEmail")?.to_owned();
    members.email("consumerEmail")?;
    members.email("replyTo")?;
    members.email("senderEmail")?;
    members.fitting("locale", "a locale, such as en-US", is_locale)?;
    for name in [
        "senderName",
        "locationId",
        "referenceNumber",
        "consumerName",
        "type",
    ] {
        members.text(name)?;
    }
    for name in ["serviceReviewInvitation", "productReviewInvitation"] {
        if let Some(part) = members.object(name)? {
            check_part(&part)?;
        }
    }
    let invitation = Invitation {
        kind: "email-invitation",
        business: business.number,
        email: Some(email),
        at: ask.call.now,
        id: None,
        body: Value::Object(body),
    };
    let change = move |world: &mut World| world.state.invite(invitation);
    Ok((empty(StatusCode::ACCEPTED), Box::new(change)))
}

fn link(ask: &Ask<'_>, locale: &str) -> (String, String) {
    let id = ask.seed().named("invitation-link").id(ask.world.state.made);
    let site = super::resources::site(locale);
    let url = format!("{site}/evaluate-link/{id}");
    (id, url)
}

/// `POST /v1/private/business-units/{id}/invitation-links`
pub(crate) fn links(ask: &Ask<'_>) -> Written {
    let business = ask.inviting()?;
    let body: Object = ask.body()?;
    let members = Members(&body);
    members.email("email")?;
    members.fitting("locale", "a locale, such as en-US", is_locale)?;
    members.fitting("redirectUri", "an absolute address", is_address)?;
    members.texts("tags")?;
    for name in ["locationId", "referenceId", "name"] {
        members.text(name)?;
    }
    let (id, url) = link(ask, members.text("locale")?.unwrap_or("en-US"));
    let answer = Plan::json(StatusCode::OK, &json!({ "id": id, "url": url }));
    let invitation = Invitation {
        kind: "invitation-link",
        business: business.number,
        email: members.text("email")?.map(str::to_owned),
        at: ask.call.now,
        id: Some(id),
        body: Value::Object(body),
    };
    let change = move |world: &mut World| world.state.invite(invitation);
    Ok((answer, Box::new(change)))
}

/// `POST /v1/private/product-reviews/business-units/{id}/invitation-links`
pub(crate) fn product_links(ask: &Ask<'_>) -> Written {
    let business = ask.inviting()?;
    let body: Object = ask.body()?;
    let members = Members(&body);
    let consumer = members.object("consumer")?;
    let consumer = consumer.ok_or_else(|| bad("consumer is required"))?;
    let email = consumer.required("email")?.to_owned();
    consumer.email("email")?;
    consumer.required("name")?;
    members.required("referenceId")?;
    let locale = members.required("locale")?;
    members.fitting("locale", "a locale, such as en-US", is_locale)?;
    members.fitting("redirectUri", "an absolute address", is_address)?;
    members.either("products", "productIds")?;
    if members.list("products")?.is_none() && members.list("productIds")?.is_none() {
        return Err(bad("products or productIds is required"));
    }
    let (id, url) = link(ask, locale);
    let answer = Plan::json(
        StatusCode::OK,
        &json!({ "reviewLinkId": id, "reviewUrl": url }),
    );
    let invitation = Invitation {
        kind: "product-invitation-link",
        business: business.number,
        email: Some(email),
        at: ask.call.now,
        id: Some(id),
        body: Value::Object(body),
    };
    let change = move |world: &mut World| world.state.invite(invitation);
    Ok((answer, Box::new(change)))
}

/// `GET /v1/private/business-units/{id}/templates`
pub(crate) fn templates(ask: &Ask<'_>) -> Answer {
    let business = ask.own_business()?;
    let ids = business.seed.named("template");
    let shown = |(number, (name, kind)): (u64, &(&str, &str))| {
        json!({
            "id": ids.id(number),
            "name": name,
            "isDefaultTemplate": number == 0,
            "locale": "en-US",
            "type": kind,
        })
    };
    let templates: Vec<_> = (0..).zip(TEMPLATES).map(shown).collect();
    ok(&json!({ "templates": templates }))
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Deletion {
    #[serde(default)]
    customer_emails: Option<Vec<String>>,
    #[serde(default)]
    delete_older_than: Option<String>,
}

/// `POST /v1/private/business-units/{id}/invitation-data/delete`
pub(crate) fn delete_data(ask: &Ask<'_>) -> Written {
    let business = ask.inviting()?.number;
    let deletion: Deletion = ask.body()?;
    let gone: Box<dyn Fn(&Invitation) -> bool> =
        match (deletion.customer_emails, deletion.delete_older_than) {
            (Some(emails), None) => {
                if emails.is_empty() || emails.len() > EMAILS {
                    return Err(bad(format!(
                        "customerEmails must hold 1 to {EMAILS} addresses"
                    )));
                }
                if !emails.iter().all(|email| is_email(email)) {
                    return Err(bad("customerEmails must hold email addresses"));
                }
                Box::new(move |one| one.email.as_ref().is_some_and(|own| emails.contains(own)))
            }
            (None, Some(text)) => {
                let before = time(&text).ok_or_else(|| bad("deleteOlderThan must be a date"))?;
                Box::new(move |one| one.at < before)
            }
            _ => {
                return Err(bad(
                    "customerEmails or deleteOlderThan is required, not both",
                ));
            }
        };
    let change = move |world: &mut World| {
        world
            .state
            .invitations
            .retain(|_, one| one.business != business || !gone(one));
    };
    Ok((empty(StatusCode::OK), Box::new(change) as Change))
}
