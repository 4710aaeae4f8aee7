//! The control interface under `/__sandbox/`, and the page that explains it.

use http::StatusCode;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::config::{Config, DEMO_CLIENT, DEMO_TRUSTOO_CLIENT, UNVERIFIED};
use crate::data::Business;
use crate::faults::{Draft, KINDS, Rule};
use crate::html::{self, escape};
use crate::plan::Plan;
use crate::routes::{Area, Handler, ROUTES};
use crate::world::{Call, World};

/// Open to pages of any origin: the sandbox is a tool on one's own machine.
pub(crate) const CORS: &[(&str, &str)] = &[
    ("access-control-allow-origin", "*"),
    ("access-control-allow-methods", "GET, POST, DELETE"),
    ("access-control-allow-headers", "content-type"),
    ("access-control-max-age", "600"),
];

fn ok(value: &Value) -> Plan {
    Plan::json(StatusCode::OK, value)
}

fn refused(status: StatusCode, problem: &str) -> Plan {
    Plan::json(status, &json!({ "error": problem }))
}

fn bad(problem: &str) -> Plan {
    refused(StatusCode::BAD_REQUEST, problem)
}

/// The JSON body; an empty one reads as an empty object.
fn body<'a, T: Deserialize<'a>>(call: &'a Call) -> Result<T, String> {
    let bytes: &[u8] = if call.body.is_empty() {
        b"{}"
    } else {
        &call.body
    };
    serde_json::from_slice(bytes).map_err(|error| error.to_string())
}

pub(crate) fn handle(world: &mut World, call: &Call, handler: Handler, id: &str) -> Plan {
    let answer = match handler {
        Handler::Health => Ok(health(world, call)),
        Handler::Routes => Ok(ok(
            &json!({ "routes": crate::api::listed(world), "unverified": UNVERIFIED }),
        )),
        Handler::Reset => reset(world, call),
        Handler::Clock => Ok(clock(world, call)),
        Handler::SetClock => set_clock(world, call),
        Handler::Requests => requests(world, call),
        Handler::ClearRequests => Ok(ok(&json!({ "removed": world.journal.clear() }))),
        Handler::RemoveRequest => Ok(removed(id.parse().is_ok_and(|id| world.journal.remove(id)))),
        Handler::Faults => Ok(faults(world)),
        Handler::AddFault => add_fault(world, call),
        Handler::ClearFaults => Ok(ok(&json!({ "removed": world.rules.clear() }))),
        Handler::RemoveFault => Ok(removed(world.rules.remove(id))),
        Handler::Config => Ok(Plan::json(StatusCode::OK, &world.config)),
        Handler::SetConfig => set_config(world, call),
        _ => Ok(refused(StatusCode::NOT_FOUND, "unknown route")),
    };
    answer.unwrap_or_else(|problem| bad(&problem))
}

fn removed(found: bool) -> Plan {
    if found {
        ok(&json!({ "removed": 1 }))
    } else {
        refused(StatusCode::NOT_FOUND, "there is none with this id")
    }
}

fn health(world: &World, call: &Call) -> Plan {
    ok(&json!({
        "status": "ok",
        "name": "plaudit-sandbox",
        "version": env!("CARGO_PKG_VERSION"),
        "world": world.name,
        "now": call.now,
        "requests": world.journal.entries.len(),
        "unknown_routes": world.journal.unknown_routes,
    }))
}

fn clock(world: &World, call: &Call) -> Plan {
    Plan::json(StatusCode::OK, &world.clock.reading(call.real))
}

#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
enum Mode {
    Running,
    Frozen,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ClockChange {
    #[serde(default)]
    set: Option<u64>,
    #[serde(default)]
    advance: Option<i64>,
    #[serde(default)]
    mode: Option<Mode>,
}

fn set_clock(world: &mut World, call: &Call) -> Result<Plan, String> {
    let change: ClockChange = body(call)?;
    if let Some(at) = change.set {
        world.clock.set(at);
    }
    if let Some(by) = change.advance {
        world.clock.advance(by);
    }
    match change.mode {
        Some(Mode::Running) => world.clock.run(call.real),
        Some(Mode::Frozen) => world.clock.freeze(call.real),
        None => {}
    }
    Ok(clock(world, call))
}

#[derive(Clone, Copy, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
enum Part {
    Tokens,
    Faults,
    Requests,
    Clock,
    Config,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Reset {
    #[serde(default)]
    only: Option<Vec<Part>>,
}

fn reset(world: &mut World, call: &Call) -> Result<Plan, String> {
    let Reset { only } = body(call)?;
    match only {
        None => world.reset(),
        Some(parts) => {
            for part in parts {
                match part {
                    Part::Tokens => world.forget_issued(),
                    Part::Faults => {
                        world.rules.clear();
                    }
                    Part::Requests => {
                        world.journal.clear();
                    }
                    Part::Clock => world.clock.reset(),
                    Part::Config => world.config = Config::default(),
                }
            }
        }
    }
    Ok(ok(&json!({ "reset": true })))
}

fn requests(world: &World, call: &Call) -> Result<Plan, String> {
    let since = match call.value("since") {
        None => 0,
        Some(text) => text
            .parse::<u64>()
            .map_err(|_| "since must be an id".to_owned())?,
    };
    let method = call.value("method");
    let route = call.value("route");
    let chosen: Vec<_> = world
        .journal
        .entries
        .iter()
        .filter(|entry| entry.id > since)
        .filter(|entry| method.is_none_or(|method| entry.method.eq_ignore_ascii_case(method)))
        .filter(|entry| route.is_none_or(|route| entry.route == Some(route)))
        .collect();
    Ok(ok(
        &json!({ "requests": chosen, "dropped": world.journal.dropped }),
    ))
}

fn shown(world: &mut World, rule: &Rule) -> Value {
    let mut matching = rule.matching.clone();
    matching.apikey = matching.apikey.map(|key| world.marks.mark("key", &key));
    let mut value = json!({
        "id": rule.id,
        "fault": rule.fault.id,
        "area": rule.fault.area,
        "match": matching,
        "times": rule.times,
        "probability": rule.probability,
        "hits": rule.hits,
        "remaining": rule.times.map(|times| times.saturating_sub(rule.hits)),
    });
    if let (Value::Object(value), Ok(Value::Object(options))) =
        (&mut value, serde_json::to_value(&rule.fault.options))
    {
        value.extend(options);
    }
    value
}

fn faults(world: &mut World) -> Plan {
    let list = world.rules.list.clone();
    let rules: Vec<_> = list.iter().map(|rule| shown(world, rule)).collect();
    ok(&json!({ "kinds": KINDS, "rules": rules }))
}

fn add_fault(world: &mut World, call: &Call) -> Result<Plan, String> {
    let draft: Draft = body(call)?;
    let rule = world.rules.add(draft)?.clone();
    Ok(Plan::json(StatusCode::CREATED, &shown(world, &rule)))
}

fn set_config(world: &mut World, call: &Call) -> Result<Plan, String> {
    let patch: Value = body(call)?;
    world.config = world.config.patched(&patch)?;
    Ok(Plan::json(StatusCode::OK, &world.config))
}

/// `GET /`: what this is.
pub(crate) fn home(world: &World) -> Plan {
    let rows = |area: Area| {
        let routes = ROUTES.iter().filter(|route| route.area == area);
        let rows: Vec<_> = routes
            .map(|route| {
                format!(
                    "<tr><td>{}</td><td><code>{}{}</code></td><td>{}</td></tr>\n",
                    route.method,
                    escape(&world.prefix),
                    escape(route.path),
                    escape(route.description)
                )
            })
            .collect();
        rows.concat()
    };
    let faults: Vec<_> = KINDS
        .iter()
        .map(|kind| {
            format!(
                "<tr><td><code>{}</code></td><td>{}</td><td>{}</td></tr>\n",
                kind.id,
                escape(kind.title),
                escape(kind.description)
            )
        })
        .collect();
    let open: Vec<_> = UNVERIFIED
        .iter()
        .map(|open| {
            format!(
                "<tr><td><code>{}</code></td><td>{}</td><td>{}</td></tr>\n",
                open.option,
                escape(open.values),
                escape(open.note)
            )
        })
        .collect();
    let domains: Vec<_> = Business::domains()
        .map(|domain| format!("<code>{domain}</code>"))
        .collect();
    let main = format!(
        "<h1>plaudit sandbox</h1>\n\
         <p>A stand-in for Trustpilot and Trustoo, to test integrations against. Nothing here \
         reaches a real platform. Put <code>/w/any-name</code> before every path for a world of \
         your own.</p>\n\
         <p>Trustpilot key and client_id: <code>{DEMO_CLIENT}</code>. Trustoo client_id: \
         <code>{DEMO_TRUSTOO_CLIENT}</code>. Businesses: {domains}.</p>\n\
         <h2>Platform addresses</h2>\n{platform}\
         <h2>Control</h2>\n{control}\
         <h2>Faults</h2>\n{faults}\
         <h2>Unverified behaviour</h2>\n{open}",
        domains = domains.join(", "),
        platform = table(
            "Platform addresses",
            ["Method", "Path", "What it is"],
            &format!("{}{}", rows(Area::Authorize), rows(Area::Api)),
        ),
        control = table(
            "Control",
            ["Method", "Path", "What it does"],
            &rows(Area::Control)
        ),
        faults = table("Faults", ["Id", "Title", "What it does"], &faults.concat()),
        open = table(
            "Unverified behaviour",
            ["Option", "Values", "Why"],
            &open.concat()
        ),
    );
    let banner = "plaudit sandbox \u{2014} not Trustpilot, not Trustoo";
    html::page(
        StatusCode::OK,
        &world.prefix,
        banner,
        "plaudit sandbox",
        &main,
    )
}

fn table(label: &str, head: [&str; 3], rows: &str) -> String {
    let [first, second, third] = head;
    // Focusable, so that the keyboard can scroll it on a phone's width.
    format!(
        "<div class=\"scroll\" role=\"region\" aria-label=\"{label}\" tabindex=\"0\"><table>\n\
         <thead><tr><th scope=\"col\">{first}</th><th scope=\"col\">{second}</th>\
         <th scope=\"col\">{third}</th></tr></thead>\n<tbody>\n{rows}</tbody>\n</table></div>\n"
    )
}
