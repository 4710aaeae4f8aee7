//! The calls of an integration partner: 201 means yes, 200 means no.

use http::StatusCode;
use serde_json::json;

use super::{Answer, Ask, Refusal, Written, not_found};
use crate::config::Provider;
use crate::data::Business;
use crate::plan::Plan;
use crate::world::CUSTOMER_KEY;

/// The documents' words for a 403.
fn wrong_authentication() -> Refusal {
    let text = "Incorrect authentication for Business Unit";
    Refusal::new(StatusCode::FORBIDDEN, text)
}

/// The customer's business, and whether it let the partner in.
fn customer(ask: &Ask<'_>) -> Result<(Business, bool), Refusal> {
    let business = Business::by_id(ask.seed(), ask.second).ok_or_else(wrong_authentication)?;
    let let_in = ask
        .world
        .config
        .partner_permissions
        .contains(&business.domain);
    Ok((business, let_in))
}

/// The partner id of the client that the token was given to.
fn partner<'a>(ask: &'a Ask<'_>) -> Result<&'a str, Refusal> {
    let client = ask.bearer(Provider::Trustpilot).map(|(_, client)| client);
    let id = client.and_then(|client| client.partner_id.as_deref());
    id.ok_or_else(wrong_authentication)
}

fn status(yes: bool) -> StatusCode {
    if yes {
        StatusCode::CREATED
    } else {
        StatusCode::OK
    }
}

/// `GET /v1/private/partners/{id}/check/{businessUnitId}`
pub(crate) fn check(ask: &Ask<'_>) -> Answer {
    if partner(ask)? != ask.id {
        return Err(wrong_authentication());
    }
    let (_, let_in) = customer(ask)?;
    Ok(Plan::json(status(let_in), &json!({})))
}

/// `POST /v1/private/partners/{id}/key/{businessUnitId}`
pub(crate) fn key(ask: &Ask<'_>) -> Written {
    if partner(ask)? != ask.id {
        return Err(not_found("Partner"));
    }
    let (business, let_in) = customer(ask)?;
    if !let_in {
        return Ok((Plan::json(status(false), &json!({})), Box::new(|_| {})));
    }
    let made = ask.world.state.made;
    let hidden = ask.seed().named("customer-key").at(made).hex(32);
    let key = format!("{CUSTOMER_KEY}{hidden}");
    let plan = Plan::json(status(true), &json!({ "partnerCustomerKey": key }));
    let change = move |world: &mut crate::world::World| {
        world.state.made += 1;
        world.state.customer_keys.put(key, business.number);
    };
    Ok((plan, Box::new(change)))
}
