//! Trustoo's Open API: who may call, shops, authorization and webhooks.

use serde::Deserialize;
use serde_json::{Value, json};

use super::trustoo::{Problem, envelope, invalid};
use super::{Answer, Ask, Change, Written};
use crate::config::{Client, Provider};
use crate::data::Business;
use crate::date;
use crate::deliveries::Event;
use crate::redirect;
use crate::sign::sign;
use crate::state::Webhook;
use crate::world::World;

/// Numbers of shops in the platform's size: they do not fit into 32 bits.
const FIRST_SHOP: u64 = 59_730_000_000;

/// How far a signed request's timestamp may be off.
const SIGNED_SECONDS: u64 = 15 * 60;

/// What a webhook can be about, and the scope that it takes.
const TOPICS: &[(&str, &str)] = &[
    ("review/created", "write_reviews"),
    ("review/updated", "write_reviews"),
    ("review/deleted", "write_reviews"),
    ("customer_event/created", "read_customer_events"),
];

fn unauthenticated(text: &str) -> Problem {
    (16, text.to_owned())
}

/// Who calls, and for which shop.
pub(crate) struct Caller {
    pub(crate) shop: Business,
    /// The client of the token; none where the request was signed.
    pub(crate) client: Option<String>,
    scope: String,
}

impl Caller {
    /// Refuses a token whose scopes are others.
    pub(crate) fn needs(&self, ask: &Ask<'_>, scope: &str) -> Result<(), Problem> {
        let mut scopes = self.scope.split([',', ' ']).filter(|one| !one.is_empty());
        let open =
            self.client.is_none() || self.scope.is_empty() || !ask.world.config.trustoo_scopes;
        if open || scopes.any(|one| one == scope) {
            Ok(())
        } else {
            Err((8, format!("the scope {scope} was not granted")))
        }
    }
}

/// The domain that Shopify knows a shop by.
pub(crate) fn shopify_domain(business: &Business) -> String {
    let name = business
        .domain
        .rsplit_once('.')
        .map_or("", |(name, _)| name);
    format!("{name}.myshopify.com")
}

pub(crate) fn shop_number(business: &Business) -> u64 {
    FIRST_SHOP + business.number
}

/// A shop by its domain, one at Shopify or one of its own.
pub(crate) fn by_domain(ask: &Ask<'_>, domain: &str) -> Option<Business> {
    match domain.strip_suffix(".myshopify.com") {
        Some(name) => ["example", "com"]
            .iter()
            .find_map(|end| Business::by_domain(ask.seed(), &format!("{name}.{end}"))),
        None => Business::by_domain(ask.seed(), domain),
    }
}

/// A shop by its number.
pub(crate) fn by_number(ask: &Ask<'_>, number: &str) -> Option<Business> {
    let number = number.parse::<u64>().ok()?.checked_sub(FIRST_SHOP)?;
    Business::numbered(ask.seed(), number)
}

/// By bearer token where there is an `Authorization`, else by signature.
pub(crate) fn caller(ask: &Ask<'_>) -> Result<Caller, Problem> {
    let shop = by_domain(ask, &ask.world.config.trustoo_shop)
        .ok_or_else(|| (13, "trustoo_shop is no shop of this world".to_owned()))?;
    if ask
        .call
        .header("authorization")
        .is_some_and(|text| !text.is_empty())
    {
        let (record, client) = ask
            .bearer(Provider::Trustoo)
            .ok_or_else(|| unauthenticated("invalid access token"))?;
        return Ok(Caller {
            shop,
            client: Some(client.client_id.clone()),
            scope: record.scope.clone(),
        });
    }
    let header = |name: &str| ask.call.header(name).unwrap_or_default();
    let (public, timestamp) = (header("public-token"), header("timestamp"));
    let config = &ask.world.config;
    if public.is_empty() || public != config.trustoo_sign_keys.public_token {
        return Err(unauthenticated("invalid public token"));
    }
    let plain = timestamp.bytes().all(|byte| byte.is_ascii_digit());
    let seconds = timestamp.parse::<u64>().ok().filter(|_| plain);
    if seconds.is_none_or(|at| at.abs_diff(ask.call.now / 1_000) > SIGNED_SECONDS) {
        return Err(unauthenticated("timestamp is out of range"));
    }
    if header("sign") != sign(config, timestamp, &ask.call.query, &ask.call.body) {
        return Err(unauthenticated("invalid sign"));
    }
    Ok(Caller {
        shop,
        client: None,
        scope: String::new(),
    })
}

/// The answer with what it changes, where it is one.
pub(crate) fn written(ask: &Ask<'_>, answer: Result<(Value, Change), Problem>) -> Written {
    let (data, change) = match answer {
        Ok((data, change)) => (Ok(data), change),
        Err(problem) => (Err(problem), Box::new(|_: &mut World| {}) as Change),
    };
    envelope(ask, data).map(|plan| (plan, change))
}

/// The members of a JSON body.
pub(crate) fn body<T: for<'de> Deserialize<'de>>(ask: &Ask<'_>) -> Result<T, Problem> {
    ask.body().map_err(|refusal| invalid(&refusal.text))
}

fn query_client<'a>(ask: &'a Ask<'_>) -> Result<&'a Client, Problem> {
    let value = |name| {
        ask.value(name)
            .ok_or_else(|| invalid(&format!("{name} is required")))
    };
    let (id, secret) = (value("client_id")?, value("client_secret")?);
    ask.world
        .config
        .client(Provider::Trustoo, id)
        .filter(|client| client.client_secret.as_deref() == Some(secret))
        .ok_or_else(|| unauthenticated("client authentication failed"))
}

fn query_shop(ask: &Ask<'_>) -> Result<Business, Problem> {
    let found = match (ask.value("shop_id"), ask.value("myshopify_domain")) {
        (Some(number), _) => by_number(ask, number),
        (None, Some(domain)) => by_domain(ask, domain),
        (None, None) => return Err(invalid("shop_id or myshopify_domain is required")),
    };
    found.ok_or_else(|| (5, "shop not found".to_owned()))
}

/// `GET /trustoo/api/v1/openapi/get_oauth_authorize_url`
pub(crate) fn authorize_url(ask: &Ask<'_>) -> Answer {
    envelope(ask, built_url(ask))
}

fn built_url(ask: &Ask<'_>) -> Result<Value, Problem> {
    let id = ask
        .value("client_id")
        .ok_or_else(|| invalid("client_id is required"))?;
    let client = ask
        .world
        .config
        .client(Provider::Trustoo, id)
        .ok_or_else(|| unauthenticated("unknown client"))?;
    let given = ask.value("redirect_uri").unwrap_or_default();
    let address = redirect::read(given).map_err(invalid)?;
    let mut hosts = client.redirect_hosts.iter();
    if !hosts.any(|host| host.eq_ignore_ascii_case(&address.host)) {
        return Err(invalid("the host of redirect_uri is not registered"));
    }
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.append_pair("client_id", id);
    query.append_pair("redirect_uri", given);
    query.append_pair("response_type", "code");
    for name in ["state", "scope"] {
        if let Some(value) = ask.value(name) {
            query.append_pair(name, value);
        }
    }
    let path = crate::routes::TRUSTOO_AUTHORIZE;
    let url = format!("{}{path}?{}", ask.base(), query.finish());
    Ok(json!({ "authorize_url": url }))
}

/// `GET /trustoo/api/v1/openapi/get_shop_authorization_info`
pub(crate) fn authorization_info(ask: &Ask<'_>) -> Answer {
    let info = || {
        let client = query_client(ask)?;
        let shop = query_shop(ask)?;
        let own = shop.domain == ask.world.config.trustoo_shop;
        let authorized = ask.world.state.authorized.get(&client.client_id);
        let authorized = authorized.filter(|_| own);
        Ok(json!({
            "is_authorized": authorized.is_some(),
            "authorized_at": authorized.map(|one| date::iso(one.at)),
            "granted_scopes": authorized.map_or("", |one| &one.scope),
            "shop_id": shop_number(&shop).to_string(),
            "myshopify_domain": shopify_domain(&shop),
        }))
    };
    envelope(ask, info())
}

/// `GET /trustoo/api/v1/openapi/get_shop_install_status`
pub(crate) fn install_status(ask: &Ask<'_>) -> Answer {
    let status = || {
        query_client(ask)?;
        let shop = query_shop(ask)?;
        let config = &ask.world.config;
        let installed = shop.domain == config.trustoo_shop && config.trustoo_installed;
        Ok(json!({
            "is_installed": u8::from(installed),
            "installed_at": installed.then(|| date::iso(crate::data::NEWEST_MS)),
        }))
    };
    envelope(ask, status())
}

/// `POST /trustoo/api/v1/openapi/oauth/disconnect`: every token of the platform ends.
pub(crate) fn disconnect(ask: &Ask<'_>) -> Written {
    let answer = || {
        let caller = caller(ask)?;
        let client = caller
            .client
            .ok_or_else(|| unauthenticated("a bearer token is needed"))?;
        let change = move |world: &mut World| {
            world.issued.kill_client(Provider::Trustoo, &client);
            world.state.authorized.remove(&client);
            let owner = Some(client);
            world
                .state
                .webhooks
                .retain(|_, webhook| webhook.owner != owner);
        };
        Ok((json!({}), Box::new(change) as Change))
    };
    written(ask, answer())
}

#[derive(Deserialize)]
struct Draft {
    #[serde(default)]
    id: Option<Value>,
    #[serde(default)]
    topic: Option<String>,
    #[serde(default)]
    url: Option<String>,
}

/// A number that may come as a text.
pub(crate) fn number(value: Option<&Value>, name: &str) -> Result<u64, Problem> {
    let read = match value {
        Some(Value::String(text)) => text.parse().ok(),
        Some(value) => value.as_u64(),
        None => return Err(invalid(&format!("{name} is required"))),
    };
    read.ok_or_else(|| invalid(&format!("{name} must be a number")))
}

/// Topic and address, checked.
fn subscription(
    ask: &Ask<'_>,
    caller: &Caller,
    draft: &Draft,
) -> Result<(String, String), Problem> {
    let topic = draft.topic.as_deref().unwrap_or_default();
    let known = TOPICS.iter().find(|(known, _)| *known == topic);
    let (topic, scope) = known.ok_or_else(|| invalid("topic is not known"))?;
    caller.needs(ask, scope)?;
    let url = draft.url.as_deref().unwrap_or_default();
    // As with a redirect: https, or http on this machine.
    redirect::read(url).map_err(|_| invalid("url must be an https address"))?;
    Ok(((*topic).to_owned(), url.to_owned()))
}

fn shown(id: u64, webhook: &Webhook) -> Value {
    json!({
        "id": id.to_string(),
        "topic": webhook.topic,
        "url": webhook.url,
        "created_at": date::iso(webhook.created),
        // The documents' sample has two spellings in one object.
        "updated_at": date::iso_local(webhook.updated).replace('T', " "),
    })
}

/// `POST /trustoo/api/v1/openapi/create_shop_webhook`
pub(crate) fn create_webhook(ask: &Ask<'_>) -> Written {
    let answer = || {
        let caller = caller(ask)?;
        let (topic, url) = subscription(ask, &caller, &body(ask)?)?;
        let now = ask.call.now;
        let webhook = Webhook {
            topic,
            url,
            owner: caller.client,
            created: now,
            updated: now,
        };
        let id = ask.world.state.made + 1;
        let data = shown(id, &webhook);
        let change = move |world: &mut World| {
            world.state.made = id;
            world.state.webhooks.put(id, webhook);
        };
        Ok((data, Box::new(change) as Change))
    };
    written(ask, answer())
}

/// The webhook that a body names: a platform sees its own alone.
fn named(ask: &Ask<'_>, caller: &Caller, draft: &Draft) -> Result<(u64, Webhook), Problem> {
    let id = number(draft.id.as_ref(), "id")?;
    let webhook = ask.world.state.webhooks.get(&id);
    let webhook = webhook.filter(|webhook| webhook.owner == caller.client);
    let webhook = webhook.ok_or_else(|| (5, "webhook not found".to_owned()))?;
    Ok((id, webhook.clone()))
}

/// `POST /trustoo/api/v1/openapi/update_shop_webhook`
pub(crate) fn update_webhook(ask: &Ask<'_>) -> Written {
    let answer = || {
        let caller = caller(ask)?;
        let draft: Draft = body(ask)?;
        let (id, known) = named(ask, &caller, &draft)?;
        let draft = Draft {
            id: None,
            topic: draft.topic.or(Some(known.topic)),
            url: draft.url.or(Some(known.url)),
        };
        let (topic, url) = subscription(ask, &caller, &draft)?;
        let webhook = Webhook {
            topic,
            url,
            owner: known.owner,
            created: known.created,
            updated: ask.call.now,
        };
        let data = shown(id, &webhook);
        let change = move |world: &mut World| world.state.webhooks.put(id, webhook);
        Ok((data, Box::new(change) as Change))
    };
    written(ask, answer())
}

/// `POST /trustoo/api/v1/openapi/delete_shop_webhook`
pub(crate) fn delete_webhook(ask: &Ask<'_>) -> Written {
    let answer = || {
        let caller = caller(ask)?;
        let (id, _) = named(ask, &caller, &body(ask)?)?;
        let change = move |world: &mut World| {
            world.state.webhooks.remove(&id);
        };
        Ok((json!({}), Box::new(change) as Change))
    };
    written(ask, answer())
}

/// `GET /trustoo/api/v1/openapi/get_shop_webhooks`
pub(crate) fn webhooks(ask: &Ask<'_>) -> Answer {
    let list = || {
        let caller = caller(ask)?;
        let own = ask.world.state.webhooks.iter();
        let own = own.filter(|(_, webhook)| webhook.owner == caller.client);
        Ok(own.map(|(id, webhook)| shown(*id, webhook)).collect())
    };
    envelope(ask, list())
}

/// Something happened in a shop: one delivery for each webhook that asked for it. `to` is an
/// address that is told besides. Gives the numbers of the deliveries.
pub(crate) fn happened(
    world: &mut World,
    now: u64,
    topic: &str,
    to: Option<&str>,
    item: &Value,
) -> Result<Vec<u64>, String> {
    if !TOPICS.iter().any(|(known, _)| *known == topic) {
        let topics: Vec<_> = TOPICS.iter().map(|(topic, _)| *topic).collect();
        return Err(format!("topic is none of {}", topics.join(", ")));
    }
    let hooks = world.state.webhooks.iter();
    let hooks = hooks.filter(|(_, webhook)| webhook.topic == topic);
    let urls: Vec<_> = hooks
        .map(|(_, webhook)| webhook.url.clone())
        .chain(to.map(str::to_owned))
        .collect();
    let body = json!({ "list": [item] }).to_string();
    Ok(urls
        .iter()
        .map(|url| {
            let request_id = world.request_id();
            let deliveries = &mut world.state.deliveries;
            deliveries.add(Event {
                topic,
                url,
                request_id,
                body: body.clone(),
                now,
            })
        })
        .collect())
}
