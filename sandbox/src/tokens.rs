//! The token endpoints of both platforms.

use http::StatusCode;
use serde::Serialize;
use serde_json::{Map, Value, json};

use crate::config::{
    Client, Provider, RefreshRotation, RevokeAuth, TokenAnswer, TokenErrors, TrustooErrors,
};
use crate::faults::{gateway_fault, plain_error};
use crate::issued::{Followed, Kind, Record};
use crate::limits::Counted;
use crate::plan::Plan;
use crate::world::{Call, World};

type Pairs = [(String, String)];

/// Trustpilot's three addresses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Endpoint {
    AccessToken,
    Refresh,
    Revoke,
}

/// Why there is no token, in the words of RFC 6749.
#[derive(Debug)]
struct Refusal {
    status: StatusCode,
    error: &'static str,
    text: String,
}

fn refusal(error: &'static str, text: &str) -> Refusal {
    let status = match error {
        "invalid_client" => StatusCode::UNAUTHORIZED,
        _ => StatusCode::BAD_REQUEST,
    };
    Refusal {
        status,
        error,
        text: text.to_owned(),
    }
}

/// Where a request stops: refused, or over the limit.
enum Stop {
    Refused(Refusal),
    Limited { wait_ms: u64 },
}

impl From<Refusal> for Stop {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

/// What a token endpoint gives.
struct Grant {
    access: String,
    /// The refresh token and how many refreshes led to it.
    refresh: Option<(String, u64)>,
    issued_at: u64,
    scope: String,
    grant_type: &'static str,
}

fn value<'a>(pairs: &'a Pairs, name: &str) -> Option<&'a str> {
    pairs
        .iter()
        .find(|(known, _)| known == name)
        .map(|(_, value)| value.as_str())
        // RFC 6749: a parameter without a value is one that was not sent.
        .filter(|value| !value.is_empty())
}

fn required<'a>(pairs: &'a Pairs, name: &str) -> Result<&'a str, Refusal> {
    value(pairs, name).ok_or_else(|| refusal("invalid_request", &format!("{name} is missing")))
}

fn no_repeats(pairs: &Pairs) -> Result<(), Refusal> {
    let mut names: Vec<_> = pairs.iter().map(|(name, _)| name).collect();
    names.sort_unstable();
    match names.windows(2).find(|two| two.first() == two.last()) {
        Some(_) => Err(refusal("invalid_request", "A parameter is given twice")),
        None => Ok(()),
    }
}

// --- Trustpilot ---

/// POST below `/v1/oauth/oauth-business-users-for-applications/`.
pub(crate) fn trustpilot(world: &mut World, call: &Call, endpoint: Endpoint) -> Plan {
    let answer = form(call).and_then(|pairs| match endpoint {
        Endpoint::Revoke => revoke(world, call, &pairs),
        _ => token(world, call, &pairs, endpoint),
    });
    trustpilot_plan(world, call, answer)
}

/// GET of the access token, which two clients do.
pub(crate) fn trustpilot_get(world: &mut World, call: &Call) -> Plan {
    if !world.config.token_get {
        return plain_error(StatusCode::METHOD_NOT_ALLOWED, "Method Not Allowed")
            .with("allow", "POST");
    }
    let answer = no_repeats(&call.query)
        .map_err(Stop::from)
        .and_then(|()| token(world, call, &call.query, Endpoint::AccessToken));
    trustpilot_plan(world, call, answer)
}

fn trustpilot_plan(world: &World, call: &Call, answer: Result<Plan, Stop>) -> Plan {
    let plan = match answer {
        Ok(plan) => plan,
        Err(Stop::Limited { wait_ms }) => world.config.limits.refusal(wait_ms, call.now),
        Err(Stop::Refused(refusal)) => refused(world.config.token_errors, &refusal),
    };
    plan.with("cache-control", "no-store")
}

fn refused(words: TokenErrors, refusal: &Refusal) -> Plan {
    let Refusal {
        status,
        error,
        text,
    } = refusal;
    match words {
        TokenErrors::Rfc6749 => {
            let body = json!({ "error": error, "error_description": text });
            let plan = Plan::json(*status, &body);
            if *status == StatusCode::UNAUTHORIZED {
                plan.with("www-authenticate", "Basic realm=\"plaudit sandbox\"")
            } else {
                plan
            }
        }
        TokenErrors::Gateway if *status == StatusCode::UNAUTHORIZED => {
            gateway_fault(*status, "Invalid ApiKey", "oauth.v2.InvalidApiKey")
        }
        TokenErrors::Gateway => Plan::json(
            *status,
            &ErrorCode {
                error_code: error,
                error: text,
            },
        ),
    }
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct ErrorCode<'a> {
    error_code: &'a str,
    error: &'a str,
}

/// The members of a form body.
fn form(call: &Call) -> Result<Vec<(String, String)>, Stop> {
    let given = call.header("content-type").unwrap_or_default();
    let essence = given.split(';').next().unwrap_or_default().trim();
    let is_form = essence.eq_ignore_ascii_case("application/x-www-form-urlencoded");
    // A client that has nothing to send names no type.
    let is_nothing = essence.is_empty() && call.body.is_empty();
    if !is_form && !is_nothing {
        return Err(Stop::Refused(Refusal {
            status: StatusCode::UNSUPPORTED_MEDIA_TYPE,
            error: "invalid_request",
            text: "The body must be application/x-www-form-urlencoded".to_owned(),
        }));
    }
    let pairs: Vec<_> = form_urlencoded::parse(&call.body).into_owned().collect();
    no_repeats(&pairs)?;
    Ok(pairs)
}

/// The client that Basic or the body names, if it proves to be it.
fn client(world: &World, call: &Call, pairs: &Pairs) -> Result<Client, Refusal> {
    let wrong = || {
        refusal(
            "invalid_client",
            "The client is not known by these credentials",
        )
    };
    let in_body = value(pairs, "client_id");
    let spellings = match call.header("authorization") {
        Some(header) => basic(header).ok_or_else(wrong)?,
        None => vec![(
            in_body.unwrap_or_default().to_owned(),
            value(pairs, "client_secret").unwrap_or_default().to_owned(),
        )],
    };
    let found = spellings
        .iter()
        .find_map(|(id, secret)| authenticate(world, Provider::Trustpilot, id, secret));
    let client = found.ok_or_else(wrong)?;
    if in_body.is_some_and(|id| id != client.client_id) {
        return Err(refusal(
            "invalid_request",
            "client_id is another than that of the header",
        ));
    }
    Ok(client)
}

fn authenticate(world: &World, provider: Provider, id: &str, secret: &str) -> Option<Client> {
    world
        .config
        .client(provider, id)
        .filter(|client| !secret.is_empty() && client.client_secret.as_deref() == Some(secret))
        .cloned()
}

/// Name and secret of a Basic header: as they stand, and form-decoded as RFC 6749 wants them.
/// No document says which of the two the platform reads; its own keys are the same in both.
fn basic(header: &str) -> Option<Vec<(String, String)>> {
    let (scheme, encoded) = header.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let text = String::from_utf8(base64(encoded.trim())?).ok()?;
    let (id, secret) = text.split_once(':')?;
    let decoded = |text: &str| crate::world::decode(text);
    Some(vec![
        (id.to_owned(), secret.to_owned()),
        (decoded(id), decoded(secret)),
    ])
}

/// Standard base64 with its padding.
pub(crate) fn base64(text: &str) -> Option<Vec<u8>> {
    if !text.len().is_multiple_of(4) {
        return None;
    }
    let digits = text.trim_end_matches('=');
    if text.len() - digits.len() > 2 {
        return None;
    }
    let mut bytes = Vec::with_capacity(digits.len() * 3 / 4);
    let (mut bits, mut held) = (0_u32, 0_u32);
    for digit in digits.bytes() {
        let value = match digit {
            b'A'..=b'Z' => digit - b'A',
            b'a'..=b'z' => digit - b'a' + 26,
            b'0'..=b'9' => digit - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            _ => return None,
        };
        bits = (bits << 6 | u32::from(value)) & 0xffff;
        held += 6;
        if held >= 8 {
            held -= 8;
            bytes.push((bits >> held & 0xff) as u8);
        }
    }
    Some(bytes)
}

/// Where it is asked for, a partner's client must name its partner id in a header.
fn partner(world: &World, call: &Call, client: &Client) -> Result<(), Refusal> {
    let (Some(name), Some(id)) = (&world.config.partner_header, &client.partner_id) else {
        return Ok(());
    };
    if call.header(name) == Some(id) {
        return Ok(());
    }
    let text = format!("The header {name} must hold the partner id");
    Err(refusal("invalid_request", &text))
}

fn limit(world: &mut World, call: &Call, client: &Client) -> Result<(), Stop> {
    let windows = &world.config.limits.token;
    world
        .allowances
        .take(Counted::Token, &client.client_id, windows, call.now)
        .map_err(|wait_ms| Stop::Limited { wait_ms })
}

fn token(world: &mut World, call: &Call, pairs: &Pairs, endpoint: Endpoint) -> Result<Plan, Stop> {
    let client = client(world, call, pairs)?;
    limit(world, call, &client)?;
    let grant_type = required(pairs, "grant_type")?;
    let grant = match (endpoint, grant_type) {
        (_, "refresh_token") => refresh(world, call.now, &client, pairs)?,
        (Endpoint::AccessToken, "client_credentials") => {
            client_credentials(world, call.now, &client, "")
        }
        (Endpoint::AccessToken, "password") => password(world, call.now, &client, pairs)?,
        (Endpoint::AccessToken, "authorization_code") => {
            partner(world, call, &client)?;
            code(world, call.now, &client, pairs)?
        }
        (_, other) => {
            let text = format!("The grant type {other} is not supported here");
            return Err(refusal("unsupported_grant_type", &text).into());
        }
    };
    Ok(match world.config.token_answer {
        TokenAnswer::Current => current(world, &client, &grant),
        TokenAnswer::Apigee => apigee(world, &client, &grant),
    })
}

/// The answer as it was captured in 2025: every number is a string.
#[derive(Serialize)]
struct Current<'a> {
    access_token: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    refresh_token: Option<&'a str>,
    issued_at: String,
    expires_in: String,
    token_type: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    refresh_token_issued_at: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    refresh_token_expires_in: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    refresh_token_status: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    app_enduser: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    client_id: Option<&'a str>,
}

fn current(world: &World, client: &Client, grant: &Grant) -> Plan {
    let seconds = (grant.issued_at / 1_000).to_string();
    let refresh = grant.refresh.as_ref();
    // The captured answer to a refresh lacks both.
    let first = grant.grant_type != "refresh_token";
    let body = Current {
        access_token: &grant.access,
        refresh_token: refresh.map(|(token, _)| token.as_str()),
        issued_at: seconds.clone(),
        expires_in: world.config.token_lifetime.to_string(),
        token_type: "BearerToken",
        refresh_token_issued_at: refresh.map(|_| seconds),
        refresh_token_expires_in: refresh.map(|_| world.config.refresh_token_lifetime.to_string()),
        refresh_token_status: refresh.map(|_| "approved"),
        app_enduser: refresh.filter(|_| first).map(|_| world.user_id()),
        client_id: first.then_some(client.client_id.as_str()),
    };
    Plan::json(StatusCode::OK, &body)
}

/// The answer of the gateway that Trustpilot had in 2021.
fn apigee(world: &World, client: &Client, grant: &Grant) -> Plan {
    let mut body = Map::new();
    let mut put = |name: &str, value: &str| {
        body.insert(name.to_owned(), Value::from(value));
    };
    let issued_at = grant.issued_at.to_string();
    put("access_token", &grant.access);
    put("token_type", "BearerToken");
    put("issued_at", &issued_at);
    put("expires_in", &world.config.token_lifetime.to_string());
    put("client_id", &client.client_id);
    put("status", "approved");
    put("scope", &grant.scope);
    put("organization_name", "trustpilot");
    put("application_name", &world.seed.named("application").hex(8));
    put("api_product_list", "[sandbox]");
    if let Some((token, count)) = &grant.refresh {
        put("refresh_token", token);
        put("refresh_token_issued_at", &issued_at);
        let lifetime = world.config.refresh_token_lifetime.to_string();
        put("refresh_token_expires_in", &lifetime);
        put("refresh_token_status", "approved");
        put("refresh_count", &count.to_string());
        put("app_enduser", &world.user_id());
    }
    body.insert("api_product_list_json".to_owned(), json!(["sandbox"]));
    Plan::json(StatusCode::OK, &body)
}

fn revoke(world: &mut World, call: &Call, pairs: &Pairs) -> Result<Plan, Stop> {
    let named = call.header("authorization").is_some() || value(pairs, "client_id").is_some();
    let client = if named || world.config.revoke_auth == RevokeAuth::Required {
        Some(client(world, call, pairs)?)
    } else {
        None
    };
    let token = required(pairs, "token")?;
    let owner = client.as_ref().map(|client| client.client_id.as_str());
    revoke_token(world, Provider::Trustpilot, owner, token)?;
    Ok(Plan::json(StatusCode::OK, &json!({})))
}

// --- Trustoo ---

/// POST `/trustoo/api/v1/openapi/oauth/token`
pub(crate) fn trustoo(world: &mut World, call: &Call) -> Plan {
    let answer = object(call).and_then(|pairs| trustoo_token(world, call, &pairs));
    match answer {
        Ok(data) => envelope(world, call, 0, "success", Some(&data)),
        Err(refusal) => trustoo_refused(world, call, &refusal),
    }
}

/// POST `/trustoo/api/v1/openapi/oauth_revoke_token`
pub(crate) fn trustoo_revoke(world: &mut World, call: &Call) -> Plan {
    let answer = object(call).and_then(|pairs| {
        let client = trustoo_client(world, &pairs)?;
        let token = required(&pairs, "token")?;
        revoke_token(world, Provider::Trustoo, Some(&client.client_id), token)
    });
    match answer {
        // The documents' sample is an empty object, without the envelope.
        Ok(()) => Plan::json(StatusCode::OK, &json!({})).with("cache-control", "no-store"),
        Err(refusal) => trustoo_refused(world, call, &refusal),
    }
}

/// The members of a JSON body that are texts or numbers.
fn object(call: &Call) -> Result<Vec<(String, String)>, Refusal> {
    let bad = || refusal("invalid_request", "the body must be a JSON object");
    let given = call.header("content-type").unwrap_or_default();
    let essence = given.split(';').next().unwrap_or_default().trim();
    if !essence.eq_ignore_ascii_case("application/json") {
        return Err(bad());
    }
    let Ok(Value::Object(members)) = serde_json::from_slice(&call.body) else {
        return Err(bad());
    };
    let text = |value: Value| match value {
        Value::String(text) => text,
        Value::Null => String::new(),
        other => other.to_string(),
    };
    Ok(members
        .into_iter()
        .map(|(name, value)| (name, text(value)))
        .collect())
}

fn trustoo_client(world: &World, pairs: &Pairs) -> Result<Client, Refusal> {
    let id = required(pairs, "client_id")?;
    let secret = required(pairs, "client_secret")?;
    authenticate(world, Provider::Trustoo, id, secret)
        .ok_or_else(|| refusal("invalid_client", "client authentication failed"))
}

#[derive(Serialize)]
struct TrustooToken {
    access_token: String,
    token_type: &'static str,
    expires_in: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    refresh_token: Option<String>,
    scope: String,
}

fn trustoo_token(world: &mut World, call: &Call, pairs: &Pairs) -> Result<TrustooToken, Refusal> {
    let client = trustoo_client(world, pairs)?;
    let grant = match required(pairs, "grant_type")? {
        "authorization_code" => code(world, call.now, &client, pairs)?,
        "refresh_token" => refresh(world, call.now, &client, pairs)?,
        "client_credentials" if client.platform => {
            let scope = value(pairs, "scope").unwrap_or_default();
            client_credentials(world, call.now, &client, scope)
        }
        "client_credentials" => {
            return Err(refusal("unauthorized_client", "the client is no platform"));
        }
        _ => return Err(refusal("unsupported_grant_type", "unsupported grant_type")),
    };
    let scopes: Vec<_> = grant
        .scope
        .split([',', ' '])
        .filter(|scope| !scope.is_empty())
        .collect();
    Ok(TrustooToken {
        access_token: grant.access,
        token_type: "Bearer",
        expires_in: world.config.trustoo_token_lifetime.to_string(),
        refresh_token: grant.refresh.map(|(token, _)| token),
        scope: scopes.join(","),
    })
}

#[derive(Serialize)]
struct Envelope<'a, T> {
    code: u64,
    message: &'a str,
    time: u64,
    request_id: String,
    data: Option<T>,
}

pub(crate) fn envelope<T: Serialize>(
    world: &mut World,
    call: &Call,
    code: u64,
    message: &str,
    data: Option<T>,
) -> Plan {
    let status = trustoo_status(world.config.trustoo_errors, code);
    let body = Envelope {
        code,
        message,
        time: call.now / 1_000,
        request_id: world.request_id(),
        data,
    };
    Plan::json(status, &body).with("cache-control", "no-store")
}

/// The status of an envelope with this code.
pub(crate) fn trustoo_status(errors: TrustooErrors, code: u64) -> StatusCode {
    match (code, errors) {
        (0, _) | (_, TrustooErrors::Envelope) => StatusCode::OK,
        (5, _) => StatusCode::NOT_FOUND,
        (8, _) => StatusCode::TOO_MANY_REQUESTS,
        (16, _) => StatusCode::UNAUTHORIZED,
        _ => StatusCode::BAD_REQUEST,
    }
}

fn trustoo_refused(world: &mut World, call: &Call, refusal: &Refusal) -> Plan {
    // The documented numbers; which of them stands for what at this address is not.
    let code = match refusal.error {
        "invalid_client" => 16,
        "invalid_grant" => 5,
        "unauthorized_client" => 8,
        _ => 3,
    };
    envelope(world, call, code, &refusal.text, None::<()>)
}

// --- Grants ---

fn record(world: &World, now: u64, client: &Client, family: u64, scope: &str) -> Record {
    let seconds = world.config.lifetime(client.provider);
    Record {
        kind: Kind::Access,
        provider: client.provider,
        client_id: client.client_id.clone(),
        issued_at: now,
        expires_at: now.saturating_add(seconds.saturating_mul(1_000)),
        family,
        scope: scope.to_owned(),
        user: true,
        alive: true,
    }
}

/// An access token and a refresh token.
fn pair(world: &mut World, record: Record, count: u64, grant_type: &'static str) -> Grant {
    let seconds = world.config.refresh_token_lifetime;
    let refresh = Record {
        kind: Kind::Refresh {
            count,
            followed: None,
        },
        expires_at: record
            .issued_at
            .saturating_add(seconds.saturating_mul(1_000)),
        ..record.clone()
    };
    let (issued_at, scope) = (record.issued_at, record.scope.clone());
    Grant {
        access: world.issue(record),
        refresh: Some((world.issue(refresh), count)),
        issued_at,
        scope,
        grant_type,
    }
}

fn client_credentials(world: &mut World, now: u64, client: &Client, scope: &str) -> Grant {
    let family = world.issued.family();
    let record = Record {
        user: false,
        ..record(world, now, client, family, scope)
    };
    Grant {
        access: world.issue(record),
        refresh: None,
        issued_at: now,
        scope: scope.to_owned(),
        grant_type: "client_credentials",
    }
}

fn password(world: &mut World, now: u64, client: &Client, pairs: &Pairs) -> Result<Grant, Refusal> {
    let name = required(pairs, "username")?;
    let secret = required(pairs, "password")?;
    let user = &world.config.user;
    if name != user.email || secret != user.password {
        return Err(refusal(
            "invalid_grant",
            "Username or password is not right",
        ));
    }
    let family = world.issued.family();
    let record = record(world, now, client, family, "");
    Ok(pair(world, record, 0, "password"))
}

fn code(world: &mut World, now: u64, client: &Client, pairs: &Pairs) -> Result<Grant, Refusal> {
    let text = required(pairs, "code")?;
    let redirect_uri = required(pairs, "redirect_uri")?;
    let dead = || refusal("invalid_grant", "The code is not valid");
    let known = world
        .issued
        .get(text)
        .filter(|record| record.lives(client.provider, now))
        .filter(|record| record.client_id == client.client_id)
        .ok_or_else(dead)?;
    let Kind::Code {
        redirect_uri: asked,
    } = &known.kind
    else {
        return Err(dead());
    };
    if asked != redirect_uri {
        return Err(refusal("invalid_grant", "redirect_uri is another one"));
    }
    let record = record(world, now, client, known.family, &known.scope);
    world.issued.kill(text);
    Ok(pair(world, record, 0, "authorization_code"))
}

fn refresh(world: &mut World, now: u64, client: &Client, pairs: &Pairs) -> Result<Grant, Refusal> {
    let text = required(pairs, "refresh_token")?;
    let dead = || refusal("invalid_grant", "The refresh token is not valid");
    let known = world
        .issued
        .get(text)
        .filter(|record| record.client_id == client.client_id)
        .ok_or_else(dead)?
        .clone();
    let Kind::Refresh { count, followed } = &known.kind else {
        return Err(dead());
    };
    if !known.lives(client.provider, now) {
        let Some(next) = followed else {
            return Err(dead());
        };
        let again = now.saturating_sub(next.at) < world.config.refresh_reuse_ms;
        let good = |token: &str| {
            let record = world.issued.get(token);
            record.is_some_and(|record| record.lives(client.provider, now))
        };
        if again && good(&next.access) && good(&next.refresh) {
            return Ok(Grant {
                access: next.access.clone(),
                refresh: Some((next.refresh.clone(), count + 1)),
                issued_at: next.at,
                scope: known.scope,
                grant_type: "refresh_token",
            });
        }
        if world.config.refresh_reuse_revokes {
            world.issued.kill_family(known.family, false);
        }
        return Err(dead());
    }
    if world.config.old_access_token_dies {
        world.issued.kill_family(known.family, true);
    }
    let record = record(world, now, client, known.family, &known.scope);
    let rotation = world.config.refresh_rotation;
    if rotation != RefreshRotation::Rotate {
        return Ok(Grant {
            access: world.issue(record),
            refresh: (rotation == RefreshRotation::Keep).then(|| (text.to_owned(), count + 1)),
            issued_at: now,
            scope: known.scope,
            grant_type: "refresh_token",
        });
    }
    world.issued.kill(text);
    let grant = pair(world, record, count + 1, "refresh_token");
    if let Some((refresh, _)) = &grant.refresh {
        let next = Followed {
            at: now,
            access: grant.access.clone(),
            refresh: refresh.clone(),
        };
        world.issued.follow(text, next);
    }
    Ok(grant)
}

/// RFC 7009: a token that is not known is revoked already. With a refresh token goes all that
/// followed from the same decision.
fn revoke_token(
    world: &mut World,
    provider: Provider,
    client_id: Option<&str>,
    token: &str,
) -> Result<(), Refusal> {
    let Some(record) = world
        .issued
        .get(token)
        .filter(|known| known.provider == provider)
    else {
        return Ok(());
    };
    if client_id.is_some_and(|id| id != record.client_id) {
        return Err(refusal(
            "invalid_grant",
            "The token was given to another client",
        ));
    }
    let family = record.family;
    if matches!(record.kind, Kind::Refresh { .. }) {
        world.issued.kill_family(family, false);
    } else {
        world.issued.kill(token);
    }
    Ok(())
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]
mod tests {
    use super::*;

    #[test]
    fn basic_credentials_are_read_raw_and_decoded() {
        // "a%2Db:s:%3A+x"
        let read = basic("bAsIc YSUyRGI6czolM0EreA==").unwrap();
        let pair = |id: &str, secret: &str| (id.to_owned(), secret.to_owned());
        assert_eq!(read, [pair("a%2Db", "s:%3A+x"), pair("a-b", "s:: x")]);
        for bad in [
            "",
            "Basic",
            "Basic ",
            "Bearer YTpi",
            "Basic YTpi=",
            "Basic YTp",
            "Basic Y===",
            "Basic YT*i",
            "Basic /////w==",
            "Basic YWI=",
        ] {
            assert!(basic(bad).is_none(), "{bad}");
        }
    }

    #[test]
    fn base64_of_every_length() {
        for (text, bytes) in [
            ("", &b""[..]),
            ("AA==", b"\0"),
            ("//8=", b"\xff\xff"),
            ("+/+/", b"\xfb\xff\xbf"),
            ("cGxhdWRpdA==", b"plaudit"),
        ] {
            assert_eq!(base64(text).unwrap(), bytes, "{text}");
        }
    }
}
