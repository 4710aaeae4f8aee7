//! The authorize pages: a form without script, and the redirect that follows it.

use http::StatusCode;
use serde_json::json;

use crate::config::{OnDeny, Provider, StateEcho, TrustooAuthorize};
use crate::faults::{Area, Fault, Target};
use crate::html::{self, escape};
use crate::issued::{Kind, Record};
use crate::plan::Plan;
use crate::redirect::{self, Address, Build, Outcome};
use crate::routes::{TRUSTOO_AUTHORIZE, TRUSTPILOT_AUTHORIZE};
use crate::state::Authorized;
use crate::tokens::envelope;
use crate::world::{Call, World};

type Pairs = [(String, String)];

/// What a page asks for, checked.
struct Asked {
    provider: Provider,
    client_id: String,
    address: Address,
    token: bool,
    state: Option<String>,
    scope: String,
}

impl Provider {
    fn title(self) -> &'static str {
        match self {
            Self::Trustpilot => "Trustpilot",
            Self::Trustoo => "Trustoo",
        }
    }

    fn path(self) -> &'static str {
        match self {
            Self::Trustpilot => TRUSTPILOT_AUTHORIZE,
            Self::Trustoo => TRUSTOO_AUTHORIZE,
        }
    }
}

fn value<'a>(pairs: &'a Pairs, name: &str) -> &'a str {
    pairs
        .iter()
        .find(|(known, _)| known == name)
        .map_or("", |(_, value)| value)
}

fn read(world: &World, provider: Provider, pairs: &Pairs) -> Result<Asked, String> {
    for name in [
        "client_id",
        "redirect_uri",
        "response_type",
        "state",
        "scope",
    ] {
        if pairs.iter().filter(|(known, _)| known == name).count() > 1 {
            return Err(format!("{name} is given twice."));
        }
    }
    let client_id = value(pairs, "client_id");
    if client_id.is_empty() {
        return Err("client_id is missing.".to_owned());
    }
    let Some(client) = world.config.client(provider, client_id) else {
        return Err(format!(
            "The client \u{201c}{client_id}\u{201d} is not known."
        ));
    };
    let given = value(pairs, "redirect_uri");
    let address = redirect::read(given).map_err(|problem| format!("{problem}: {given}"))?;
    // The platform registers hosts, not whole addresses.
    if !client
        .redirect_hosts
        .iter()
        .any(|host| host.eq_ignore_ascii_case(&address.host))
    {
        return Err(format!(
            "The host \u{201c}{}\u{201d} is not registered for this client.",
            address.host
        ));
    }
    let token = match (provider, value(pairs, "response_type")) {
        (_, "code") => false,
        (Provider::Trustpilot, "token") => true,
        (_, "") => return Err("response_type is missing.".to_owned()),
        (_, other) => {
            return Err(format!(
                "response_type \u{201c}{other}\u{201d} is not supported."
            ));
        }
    };
    Ok(Asked {
        provider,
        client_id: client_id.to_owned(),
        address,
        token,
        // RFC 6749: a parameter without a value is one that was not sent.
        state: Some(value(pairs, "state"))
            .filter(|state| !state.is_empty())
            .map(str::to_owned),
        scope: value(pairs, "scope").to_owned(),
    })
}

fn banner(provider: Provider) -> String {
    format!("plaudit sandbox \u{2014} not {}", provider.title())
}

fn refusal(world: &World, provider: Provider, problem: &str) -> Plan {
    let main = format!(
        "<h1>Sign-in cannot start</h1>\n<p class=\"error\" id=\"problem\">{}</p>\n\
         <p class=\"hint\">The sandbox does not redirect to an address that it cannot trust.</p>\n",
        escape(problem)
    );
    let title = "Sign-in cannot start";
    html::page(
        StatusCode::BAD_REQUEST,
        &world.prefix,
        &banner(provider),
        title,
        &main,
    )
}

/// GET: the form.
pub(crate) fn sign_in(world: &mut World, call: &Call, provider: Provider) -> Plan {
    match read(world, provider, &call.query) {
        Err(problem) => refusal(world, provider, &problem),
        Ok(asked) => form(world, call, &asked, &call.faults, None),
    }
}

/// The page with its form; `retry` holds the email of an attempt that failed.
fn form(
    world: &mut World,
    call: &Call,
    asked: &Asked,
    faults: &[Fault],
    retry: Option<&str>,
) -> Plan {
    let mut hidden = String::new();
    let mut hide = |name: &str, value: &str| {
        let (name, value) = (escape(name), escape(value));
        hidden.push_str(&format!(
            "<input type=\"hidden\" name=\"{name}\" value=\"{value}\">\n"
        ));
    };
    hide("client_id", &asked.client_id);
    hide("redirect_uri", &asked.address.text);
    hide("response_type", if asked.token { "token" } else { "code" });
    if let Some(state) = &asked.state {
        hide("state", state);
    }
    if !asked.scope.is_empty() {
        hide("scope", &asked.scope);
    }
    for fault in faults.iter().filter(|fault| fault.area == Area::Redirect) {
        hide("__fault", &fault.query_form());
    }
    let scopes: Vec<_> = asked
        .scope
        .split([',', ' '])
        .filter(|scope| !scope.is_empty())
        .collect();
    let scopes = if scopes.is_empty() || asked.provider == Provider::Trustpilot {
        String::new()
    } else {
        format!(
            "<p>It asks for: <code>{}</code></p>\n",
            escape(&scopes.join(", "))
        )
    };
    let user = &world.config.user;
    let (alert, title, mark) = match retry {
        Some(_) => (
            "<p class=\"error\" role=\"alert\" id=\"error\">Email or password is not right.</p>\n",
            "Error: sign in",
            " aria-invalid=\"true\" aria-describedby=\"error\"",
        ),
        None => ("", "Sign in", " aria-describedby=\"hint\""),
    };
    let google = if asked.provider == Provider::Trustpilot {
        "<button type=\"submit\" id=\"google\" name=\"decision\" value=\"google\" formnovalidate>\
         Continue with Google</button>\n"
    } else {
        ""
    };
    let main = format!(
        "<h1>Sign in to continue</h1>\n\
         <p>The site <strong>{host}</strong> asks to act for your business.</p>\n{scopes}{alert}\
         <form method=\"post\" action=\"{prefix}{path}\">\n{hidden}\
         <label for=\"email\">Email</label>\n\
         <input id=\"email\" name=\"email\" type=\"email\" autocomplete=\"username\" required \
         value=\"{email}\"{mark}>\n\
         <label for=\"password\">Password</label>\n\
         <input id=\"password\" name=\"password\" type=\"password\" \
         autocomplete=\"current-password\" required value=\"{password}\"{mark}>\n\
         <p class=\"hint\" id=\"hint\">Demo user: {demo_email}, password {demo_password}. Nothing \
         here reaches a real account.</p>\n\
         <button type=\"submit\" class=\"primary\" id=\"allow\" name=\"decision\" value=\"allow\">\
         Allow</button>\n{google}\
         <button type=\"submit\" id=\"deny\" name=\"decision\" value=\"deny\" formnovalidate>\
         Deny</button>\n</form>\n",
        host = escape(&asked.address.host),
        prefix = escape(&world.prefix),
        path = asked.provider.path(),
        email = escape(retry.unwrap_or(&user.email)),
        password = if retry.is_some() {
            String::new()
        } else {
            escape(&user.password)
        },
        demo_email = escape(&user.email),
        demo_password = escape(&user.password),
    );
    let status = if retry.is_some() {
        StatusCode::UNAUTHORIZED
    } else {
        StatusCode::OK
    };
    let mut page = html::page(status, &world.prefix, &banner(asked.provider), title, &main);
    let by_rule = world
        .rules
        .pick_redirect(world.seed, &target(call, asked), true);
    if by_rule.iter().chain(faults).any(|fault| fault.id == "coop") {
        page.set("cross-origin-opener-policy", "same-origin");
    }
    page
}

fn target<'a>(call: &'a Call, asked: &'a Asked) -> Target<'a> {
    Target {
        method: &call.method,
        route: Some(asked.provider.path()),
        path: &call.path,
        apikey: Some(&asked.client_id),
    }
}

/// POST: what the person decided.
pub(crate) fn decide(world: &mut World, call: &Call, provider: Provider) -> Plan {
    let pairs: Vec<(String, String)> = form_urlencoded::parse(&call.body).into_owned().collect();
    let asked = match read(world, provider, &pairs) {
        Err(problem) => return refusal(world, provider, &problem),
        Ok(asked) => asked,
    };
    let mut faults = call.faults.clone();
    for (_, text) in pairs.iter().filter(|(name, _)| name == "__fault") {
        match Fault::parse(text) {
            Ok(fault) => faults.push(fault),
            Err(problem) => return refusal(world, provider, &problem),
        }
    }
    let decision = value(&pairs, "decision");
    match (decision, provider) {
        // Enter in a field sends the first button; a script may send none.
        ("allow" | "", _) => {
            let email = value(&pairs, "email");
            let user = &world.config.user;
            let known = email == user.email && value(&pairs, "password") == user.password;
            if !known {
                return form(world, call, &asked, &faults, Some(email));
            }
        }
        ("deny", _) => {
            if world.config.deny == OnDeny::Page {
                let main = "<h1>Access denied</h1>\n<p>You can close this page.</p>\n";
                let banner = banner(provider);
                return html::page(
                    StatusCode::OK,
                    &world.prefix,
                    &banner,
                    "Access denied",
                    main,
                );
            }
        }
        ("google", Provider::Trustpilot) => {}
        _ => {
            return refusal(
                world,
                provider,
                "The decision is none that the form offers.",
            );
        }
    }
    let by_rule = world
        .rules
        .pick_redirect(world.seed, &target(call, &asked), false);
    faults.extend(by_rule);
    faults.retain(|fault| fault.area == Area::Redirect && fault.id != "coop");
    let location = answer(world, &asked, decision, &faults, call.now);
    if !faults.is_empty() {
        let ids: Vec<_> = faults.iter().map(|fault| fault.id.as_str()).collect();
        world.played = Some(ids.join(","));
    }
    if provider == Provider::Trustoo && world.config.trustoo_authorize == TrustooAuthorize::Json {
        return told(world, call, &location);
    }
    Plan::new(StatusCode::SEE_OTHER)
        .with("location", &location)
        .with("cache-control", "no-store")
        .with("referrer-policy", "no-referrer")
}

/// Where the redirect would lead, as JSON.
fn told(world: &mut World, call: &Call, location: &str) -> Plan {
    let (_, query) = location.split_once('?').unwrap_or_default();
    let pairs: Vec<(String, String)> = form_urlencoded::parse(query.as_bytes())
        .into_owned()
        .collect();
    let member = |name: &str| {
        let found = pairs.iter().rev().find(|(known, _)| known == name);
        found.map(|(_, value)| value)
    };
    let data = json!({
        "code": member("code"),
        "redirect_url": location,
        "state": member("state"),
    });
    envelope(world, call, 0, "success", Some(&data))
}

fn answer(world: &mut World, asked: &Asked, decision: &str, faults: &[Fault], now: u64) -> String {
    let has = |id: &str| faults.iter().any(|fault| fault.id == id);
    let error = if decision == "deny" {
        Some(("access_denied", "The user denied access"))
    } else if has("provider-error") {
        Some(("server_error", "The sandbox was told to fail"))
    } else if has("temporarily-unavailable") {
        Some(("temporarily_unavailable", "The sandbox was told to be away"))
    } else {
        None
    };
    let lifetime = redirect::lifetime(faults, world.config.lifetime(asked.provider));
    let family = world.issued.family();
    let code_lifetime = world.config.code_lifetime;
    let record = |token: bool| {
        let (kind, seconds) = if token {
            (Kind::Access, lifetime)
        } else {
            let redirect_uri = asked.address.text.clone();
            (Kind::Code { redirect_uri }, code_lifetime)
        };
        Record {
            kind,
            provider: asked.provider,
            client_id: asked.client_id.clone(),
            issued_at: now,
            expires_at: now.saturating_add(seconds.saturating_mul(1_000)),
            family,
            scope: asked.scope.clone(),
            user: true,
            alive: true,
        }
    };
    let token = asked.token != has("other-type");
    let outcome = match error {
        Some((error, description)) => Outcome::Error {
            error: error.to_owned(),
            description: description.to_owned(),
        },
        None if token => Outcome::Token {
            token: world.issue(record(true)),
            expires_in: lifetime,
        },
        None => Outcome::Code {
            code: world.issue(record(false)),
            encode: asked.provider == Provider::Trustpilot || world.config.encode_code,
        },
    };
    let stray_token = has("token-in-query") && !asked.token;
    let spare = if stray_token || has("token-duplicated") {
        world.issue(record(token || stray_token))
    } else {
        String::new()
    };
    let echo = match world.config.state_echo {
        StateEcho::Always => true,
        StateEcho::Never => false,
        StateEcho::LostOnGoogle => decision != "google",
    };
    if error.is_none() && asked.provider == Provider::Trustoo {
        let authorized = Authorized {
            at: now,
            scope: asked.scope.clone(),
        };
        world
            .state
            .authorized
            .put(asked.client_id.clone(), authorized);
    }
    let state = asked.state.clone().filter(|_| echo);
    let forged_state = world.forged_state();
    let token_asked = asked.token;
    redirect::location(
        &asked.address,
        Build {
            outcome,
            token_asked,
            state,
            faults,
            spare,
            forged_state,
        },
    )
}
