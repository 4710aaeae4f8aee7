//! The control interface under `/__sandbox/`, and the page that explains it.

use http::StatusCode;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::Sandbox;
use crate::config::{LinkKeys, UNVERIFIED};
use crate::faults::{Draft, KINDS, Rule};
use crate::limits::Allowances;
use crate::plan::Plan;
use crate::routes::Handler;
use crate::state::State;
use crate::world::{Call, World};

/// Open to pages of any origin: the sandbox is a tool on one's own machine.
pub(crate) const CORS: &[(&str, &str)] = &[
    ("access-control-allow-origin", "*"),
    ("access-control-allow-methods", "GET, POST, DELETE"),
    ("access-control-allow-headers", "content-type"),
    ("access-control-max-age", "600"),
];

/// What a control handler is told, over HTTP or by a method (SB15).
struct Ask<'a> {
    /// The real time, and that of the world.
    real: u64,
    now: u64,
    /// What stands in the path.
    id: &'a str,
    filter: &'a [(String, String)],
    body: Value,
}

impl Ask<'_> {
    fn body<T: DeserializeOwned>(&self) -> Result<T, Refusal> {
        serde_json::from_value(self.body.clone()).map_err(|error| bad(&error.to_string()))
    }

    fn value(&self, name: &str) -> Option<&str> {
        let found = self.filter.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str())
    }
}

struct Refusal {
    status: StatusCode,
    problem: String,
}

fn bad(problem: &str) -> Refusal {
    Refusal {
        status: StatusCode::BAD_REQUEST,
        problem: problem.to_owned(),
    }
}

fn missing() -> Refusal {
    Refusal {
        status: StatusCode::NOT_FOUND,
        problem: "there is none with this id".to_owned(),
    }
}

/// Over HTTP.
pub(crate) fn handle(world: &mut World, call: &Call, handler: Handler, id: &str) -> Plan {
    // An empty body reads as an empty object.
    let body = match serde_json::from_slice(&call.body) {
        Ok(body) => Ok(body),
        Err(_) if call.body.is_empty() => Ok(json!({})),
        Err(error) => Err(bad(&error.to_string())),
    };
    let answer = body.and_then(|body| {
        let ask = Ask {
            real: call.real,
            now: call.now,
            id,
            filter: &call.query,
            body,
        };
        act(world, handler, &ask)
    });
    match answer {
        Ok(value) if matches!(handler, Handler::AddFault | Handler::AddWebhook) => {
            Plan::json(StatusCode::CREATED, &value)
        }
        Ok(value) => Plan::json(StatusCode::OK, &value),
        Err(Refusal { status, problem }) => Plan::json(status, &json!({ "error": problem })),
    }
}

fn act(world: &mut World, handler: Handler, ask: &Ask<'_>) -> Result<Value, Refusal> {
    match handler {
        Handler::Health => Ok(health(world, ask)),
        Handler::Routes => {
            Ok(json!({ "routes": crate::api::listed(world), "unverified": UNVERIFIED }))
        }
        Handler::Data => Ok(world.state.shown(world.seed)),
        Handler::ReadLink => read_link(world, ask),
        Handler::Reset => reset(world, ask),
        Handler::Clock => Ok(clock(world, ask)),
        Handler::SetClock => set_clock(world, ask),
        Handler::Requests => requests(world, ask),
        Handler::ClearRequests => Ok(json!({ "removed": world.journal.clear() })),
        Handler::RemoveRequest => removed(ask.id.parse().is_ok_and(|id| world.journal.remove(id))),
        Handler::Faults => Ok(faults(world)),
        Handler::AddFault => add_fault(world, ask),
        Handler::ClearFaults => Ok(json!({ "removed": world.rules.clear() })),
        Handler::RemoveFault => removed(world.rules.remove(ask.id)),
        Handler::Config => Ok(json!(world.config)),
        Handler::SetConfig => {
            world.config = world.config.patched(&ask.body).map_err(|text| bad(&text))?;
            Ok(json!(world.config))
        }
        Handler::Snapshot => Ok(json!({ "id": world.snapshot(ask.real) })),
        Handler::Restore => restore(world, ask),
        Handler::Webhooks => Ok(webhooks(world, ask)),
        Handler::AddWebhook => add_webhook(world, ask),
        Handler::AnswerWebhook => answer_webhook(world, ask),
        Handler::Verify => Ok(verify(world)),
        _ => Err(Refusal {
            status: StatusCode::NOT_FOUND,
            problem: "unknown route".to_owned(),
        }),
    }
}

fn removed(found: bool) -> Result<Value, Refusal> {
    if found {
        Ok(json!({ "removed": 1 }))
    } else {
        Err(missing())
    }
}

fn health(world: &World, ask: &Ask<'_>) -> Value {
    json!({
        "status": "ok",
        "name": "plaudit-sandbox",
        "version": env!("CARGO_PKG_VERSION"),
        "world": world.name,
        "now": ask.now,
        "requests": world.journal.entries.len(),
        "unknown_routes": world.journal.unknown_routes,
    })
}

fn clock(world: &World, ask: &Ask<'_>) -> Value {
    json!(world.clock.reading(ask.real))
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

fn set_clock(world: &mut World, ask: &Ask<'_>) -> Result<Value, Refusal> {
    let change: ClockChange = ask.body()?;
    if let Some(at) = change.set {
        world.clock.set(at);
    }
    if let Some(by) = change.advance {
        world.clock.advance(by);
    }
    match change.mode {
        Some(Mode::Running) => world.clock.run(ask.real),
        Some(Mode::Frozen) => world.clock.freeze(ask.real),
        None => {}
    }
    Ok(clock(world, ask))
}

#[derive(Clone, Copy, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
enum Part {
    Tokens,
    Allowances,
    Faults,
    Requests,
    Clock,
    Config,
    Data,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Reset {
    #[serde(default)]
    only: Option<Vec<Part>>,
}

fn reset(world: &mut World, ask: &Ask<'_>) -> Result<Value, Refusal> {
    let Reset { only } = ask.body()?;
    match only {
        None => world.reset(),
        Some(parts) => {
            for part in parts {
                match part {
                    Part::Tokens => world.issued.forget(),
                    Part::Allowances => world.allowances = Allowances::default(),
                    Part::Faults => {
                        world.rules.clear();
                    }
                    Part::Requests => {
                        world.journal.clear();
                    }
                    Part::Clock => world.clock.reset(),
                    Part::Data => world.state = State::default(),
                    Part::Config => world.config = world.initial.clone(),
                }
            }
        }
    }
    Ok(json!({ "reset": true }))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Restore {
    id: String,
}

fn restore(world: &mut World, ask: &Ask<'_>) -> Result<Value, Refusal> {
    let Restore { id } = ask.body()?;
    if world.restore(&id, ask.real) {
        Ok(json!({ "restored": id }))
    } else {
        Err(missing())
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ReadLink {
    link: String,
    #[serde(default)]
    encryption_key: Option<String>,
    #[serde(default)]
    authentication_key: Option<String>,
}

fn read_link(world: &World, ask: &Ask<'_>) -> Result<Value, Refusal> {
    let given: ReadLink = ask.body()?;
    let known = &world.config.link_keys;
    let keys = LinkKeys {
        encryption_key: given
            .encryption_key
            .unwrap_or_else(|| known.encryption_key.clone()),
        authentication_key: given
            .authentication_key
            .unwrap_or_else(|| known.authentication_key.clone()),
    };
    crate::links::read(&given.link, &keys).map_err(|text| bad(&text))
}

fn webhooks(world: &World, ask: &Ask<'_>) -> Value {
    let only_due = ask.value("due") == Some("true");
    let chosen: Vec<_> = world
        .state
        .deliveries
        .iter()
        .filter(|one| !only_due || one.is_due(ask.now))
        .map(|one| one.shown(&world.config, ask.now))
        .collect();
    json!({ "deliveries": chosen })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Happened {
    topic: String,
    #[serde(default)]
    url: Option<String>,
    #[serde(default)]
    data: Option<Value>,
}

fn add_webhook(world: &mut World, ask: &Ask<'_>) -> Result<Value, Refusal> {
    let Happened { topic, url, data } = ask.body()?;
    if let Some(url) = &url {
        crate::redirect::read(url).map_err(|_| bad("url must be an https address"))?;
    }
    let item = data.unwrap_or_else(|| json!({}));
    let numbers =
        crate::api::trustoo_admin::happened(world, ask.now, &topic, url.as_deref(), &item)
            .map_err(|text| bad(&text))?;
    let deliveries = &world.state.deliveries;
    let made = numbers.iter().filter_map(|id| deliveries.get(*id));
    let made: Vec<_> = made.map(|one| one.shown(&world.config, ask.now)).collect();
    Ok(json!({ "deliveries": made }))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Answered {
    status: u16,
    #[serde(default)]
    body: String,
}

fn answer_webhook(world: &mut World, ask: &Ask<'_>) -> Result<Value, Refusal> {
    let Answered { status, body } = ask.body()?;
    let id = ask.id.parse::<u64>().map_err(|_| missing())?;
    let deliveries = &mut world.state.deliveries;
    if !deliveries.answered(id, ask.now, status, &body) {
        return Err(missing());
    }
    let one = deliveries.get(id).ok_or_else(missing)?;
    Ok(one.shown(&world.config, ask.now))
}

fn verify(world: &mut World) -> Value {
    let unhit: Vec<_> = world
        .rules
        .list
        .iter()
        .filter(|rule| rule.hits == 0)
        .cloned()
        .collect();
    let unhit: Vec<_> = unhit.iter().map(|rule| shown(world, rule)).collect();
    let journal = &world.journal;
    let unknown = journal.unknown.iter();
    let unknown: Vec<_> = unknown
        .map(|((method, path), count)| json!({ "method": method, "path": path, "count": count }))
        .collect();
    json!({
        "ok": unhit.is_empty() && unknown.is_empty() && journal.bugs.is_empty(),
        "unhit_rules": unhit,
        "unknown_routes": unknown,
        "bugs": journal.bugs,
    })
}

fn requests(world: &World, ask: &Ask<'_>) -> Result<Value, Refusal> {
    let since = match ask.value("since") {
        None => 0,
        Some(text) => text
            .parse::<u64>()
            .map_err(|_| bad("since must be an id"))?,
    };
    let method = ask.value("method");
    let route = ask.value("route");
    let chosen: Vec<_> = world
        .journal
        .entries
        .iter()
        .filter(|entry| entry.id > since)
        .filter(|entry| method.is_none_or(|method| entry.method.eq_ignore_ascii_case(method)))
        .filter(|entry| route.is_none_or(|route| entry.route == Some(route)))
        .collect();
    Ok(json!({ "requests": chosen, "dropped": world.journal.dropped }))
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

fn faults(world: &mut World) -> Value {
    let list = world.rules.list.clone();
    let rules: Vec<_> = list.iter().map(|rule| shown(world, rule)).collect();
    json!({ "kinds": KINDS, "rules": rules })
}

fn add_fault(world: &mut World, ask: &Ask<'_>) -> Result<Value, Refusal> {
    let draft: Draft = ask.body()?;
    let rule = world.rules.add(draft).map_err(|text| bad(&text))?.clone();
    Ok(shown(world, &rule))
}

/// The control interface of one world, as methods. What they take and give is what the addresses
/// under `/__sandbox/` take and give.
pub struct Control<'s> {
    world: &'s mut World,
    real: u64,
}

impl Sandbox {
    /// The control interface of a world; the first one has no name. `now_ms` is the real time, as
    /// in [`Sandbox::handle`].
    ///
    /// # Errors
    ///
    /// When the name is none for a world, or there are too many.
    pub fn control(&mut self, world: &str, now_ms: u64) -> Result<Control<'_>, String> {
        match self.world(world) {
            Ok(world) => Ok(Control {
                world,
                real: now_ms,
            }),
            Err((_, _, text)) => Err(text.to_owned()),
        }
    }
}

impl Control<'_> {
    fn act(&mut self, handler: Handler, id: &str, body: Value) -> Result<Value, String> {
        let ask = Ask {
            real: self.real,
            now: self.now(),
            id,
            filter: &[],
            body,
        };
        act(self.world, handler, &ask).map_err(|refusal| refusal.problem)
    }

    /// For what cannot be refused.
    fn plain(&mut self, handler: Handler) -> Value {
        self.act(handler, "", json!({})).unwrap_or_default()
    }

    /// The time of the world, in milliseconds since 1970.
    #[must_use]
    pub fn now(&self) -> u64 {
        self.world.clock.now(self.real)
    }

    /// The clock: `now`, `iso`, `mode`.
    #[must_use]
    pub fn clock(&mut self) -> Value {
        self.plain(Handler::Clock)
    }

    /// Stops the clock at a time.
    pub fn set(&mut self, at_ms: u64) {
        self.world.clock.set(at_ms);
    }

    /// Moves the clock, backwards too.
    pub fn advance(&mut self, by_ms: i64) {
        self.world.clock.advance(by_ms);
    }

    /// Stops the clock where it is.
    pub fn freeze(&mut self) {
        self.world.clock.freeze(self.real);
    }

    /// Lets the clock run on from where it is.
    pub fn run(&mut self) {
        self.world.clock.run(self.real);
    }

    /// Begins anew: everything, or the parts that are named.
    ///
    /// # Errors
    ///
    /// When there is no such part.
    pub fn reset(&mut self, only: &[&str]) -> Result<(), String> {
        let body = if only.is_empty() {
            json!({})
        } else {
            json!({ "only": only })
        };
        self.act(Handler::Reset, "", body).map(drop)
    }

    /// Keeps the world as it is, and gives the id of what was kept. A clone of the sandbox keeps
    /// every world.
    pub fn snapshot(&mut self) -> String {
        self.world.snapshot(self.real)
    }

    /// Back to a snapshot.
    ///
    /// # Errors
    ///
    /// When there is none with this id.
    pub fn restore(&mut self, id: &str) -> Result<(), String> {
        let body = json!({ "id": id });
        self.act(Handler::Restore, "", body).map(drop)
    }

    /// The journal; a filter is `method`, `route` or `since`.
    ///
    /// # Errors
    ///
    /// When `since` is no id.
    pub fn requests(&mut self, filter: &[(&str, &str)]) -> Result<Value, String> {
        let filter: Vec<_> = filter
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect();
        let ask = Ask {
            real: self.real,
            now: self.now(),
            id: "",
            filter: &filter,
            body: Value::Null,
        };
        act(self.world, Handler::Requests, &ask).map_err(|refusal| refusal.problem)
    }

    /// Removes an entry of the journal; whether it was there.
    pub fn remove_request(&mut self, id: u64) -> bool {
        self.world.journal.remove(id)
    }

    /// Empties the journal; how many there were.
    pub fn clear_requests(&mut self) -> usize {
        self.world.journal.clear()
    }

    /// The kinds of faults, and the rules.
    #[must_use]
    pub fn faults(&mut self) -> Value {
        self.plain(Handler::Faults)
    }

    /// Adds a rule at the end, and gives it with its id.
    ///
    /// # Errors
    ///
    /// When it is none.
    pub fn add_fault(&mut self, rule: &Value) -> Result<Value, String> {
        self.act(Handler::AddFault, "", rule.clone())
    }

    /// Removes a rule; whether it was there.
    pub fn remove_fault(&mut self, id: &str) -> bool {
        self.world.rules.remove(id)
    }

    /// Removes every rule; how many there were.
    pub fn clear_faults(&mut self) -> usize {
        self.world.rules.clear()
    }

    /// Reads a business generated link, `{ link, encryption_key, authentication_key }`; the keys
    /// are those of the configuration where none are given. Gives `{ domain, data }`.
    ///
    /// # Errors
    ///
    /// When the link is not one of these keys.
    pub fn read_link(&mut self, link: &Value) -> Result<Value, String> {
        self.act(Handler::ReadLink, "", link.clone())
    }

    /// What came in that no endpoint shows: `{ invitations, unsubscribed, excluded }`.
    #[must_use]
    pub fn data(&mut self) -> Value {
        self.plain(Handler::Data)
    }

    /// What Trustoo's webhooks have to tell, signed: `{ deliveries }`.
    #[must_use]
    pub fn webhooks(&mut self) -> Value {
        self.plain(Handler::Webhooks)
    }

    /// Something happened that webhooks are told of, `{ topic, data, url }`; gives the deliveries.
    ///
    /// # Errors
    ///
    /// When there is no such topic, or the address is none.
    pub fn add_webhook(&mut self, event: &Value) -> Result<Value, String> {
        self.act(Handler::AddWebhook, "", event.clone())
    }

    /// What came of an attempt, `{ status, body }`; gives the delivery as it is then.
    ///
    /// # Errors
    ///
    /// When there is none with this id.
    pub fn answer_webhook(&mut self, id: u64, answer: &Value) -> Result<Value, String> {
        self.act(Handler::AnswerWebhook, &id.to_string(), answer.clone())
    }

    /// Whether all went as it should.
    #[must_use]
    pub fn verify(&mut self) -> Value {
        self.plain(Handler::Verify)
    }

    /// The configuration.
    #[must_use]
    pub fn config(&mut self) -> Value {
        self.plain(Handler::Config)
    }

    /// Changes the named members of the configuration, and gives it.
    ///
    /// # Errors
    ///
    /// When a member or a value is none.
    pub fn set_config(&mut self, patch: &Value) -> Result<Value, String> {
        self.act(Handler::SetConfig, "", patch.clone())
    }

    /// What there is: name, version, time, how many requests.
    #[must_use]
    pub fn health(&mut self) -> Value {
        self.plain(Handler::Health)
    }

    /// Every address, and what is unverified.
    #[must_use]
    pub fn routes(&mut self) -> Value {
        self.plain(Handler::Routes)
    }
}
