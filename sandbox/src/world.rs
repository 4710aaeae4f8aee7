//! One world: its clock, tokens, rules and journal, and the way of a request through it.

use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};

use http::{HeaderMap, StatusCode};

use crate::clock::{Clock, Start};
use crate::config::{Config, Provider};
use crate::faults::{
    Area as FaultArea, CURSORS, Fault, Rules, Target, plain_error, with_items_of, with_own_cursor,
};
use crate::issued::{Issued, Kind, Record};
use crate::journal::{Bug, Entry, Journal, Marks};
use crate::limits::{Allowances, Counted};
use crate::plan::{End, Plan};
use crate::routes::{Area, Found, Handler, Router};
use crate::seed::Seed;
use crate::state::State;
use crate::{api, authorize, control, home, html, tokens};

/// What the API keys begin with that partners have made for customers.
pub(crate) const CUSTOMER_KEY: &str = "plaudit-demo-customer-";

/// The header that tells what only a sandbox says.
pub(crate) const MARKER: &str = "x-plaudit-sandbox";

/// Query parameters whose values may stand in journal and log.
const OPEN_NAMES: &[&str] = &[
    "businessUnitId",
    "count",
    "country",
    "decision",
    "due",
    "domain",
    "endDateTime",
    "includeReportedReviews",
    "language",
    "limit",
    "locale",
    "method",
    "name",
    "orderBy",
    "page",
    "page_size",
    "parentId",
    "perPage",
    "perpage",
    "product_handle",
    "query",
    "responded",
    "response_type",
    "route",
    "scope",
    "since",
    "sku",
    "sort_by",
    "stars",
    "startDateTime",
    "translationLocale",
];

/// One request, taken apart.
#[derive(Clone)]
pub(crate) struct Call {
    pub(crate) method: String,
    /// The path below the world's prefix.
    pub(crate) path: String,
    pub(crate) raw_query: String,
    /// The query without `__fault`.
    pub(crate) query: Vec<(String, String)>,
    pub(crate) faults: Vec<Fault>,
    pub(crate) bad_fault: Option<String>,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
    /// Origin and prefix, for links.
    pub(crate) base: String,
    /// The time that the shell handed in.
    pub(crate) real: u64,
    /// The time of the world.
    pub(crate) now: u64,
}

impl Call {
    pub(crate) fn value(&self, name: &str) -> Option<&str> {
        self.query
            .iter()
            .find(|(known, _)| known == name)
            .map(|(_, value)| value.as_str())
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    /// The first query name that is none of these and not the key's.
    fn stray_name(&self, known: &[&str]) -> Option<&str> {
        let mut names = self.query.iter().map(|(name, _)| name.as_str());
        names.find(|name| {
            // Lists may be written as name[0].
            let bare = name.split_once('[').map_or(*name, |(bare, _)| bare);
            *name != "apikey" && !known.contains(&bare)
        })
    }

    /// The page, cursor or token that was asked for; the text is the cursor's or token's.
    fn page_asked(&self) -> Option<Option<&str>> {
        let cursor = CURSORS.iter().find_map(|name| self.value(name));
        (cursor.is_some() || self.value("page").is_some()).then_some(cursor)
    }

    /// The request for the page before, or for the first one where pages have no numbers.
    fn page_before(&self) -> Option<Self> {
        let mut before = self.clone();
        if CURSORS.iter().any(|name| self.value(name).is_some()) {
            before
                .query
                .retain(|(name, _)| !CURSORS.contains(&name.as_str()));
            return Some(before);
        }
        let (_, page) = before.query.iter_mut().find(|(name, _)| name == "page")?;
        *page = page.parse::<u64>().ok()?.checked_sub(1)?.to_string();
        Some(before)
    }

    /// The address of the request, as links write it: without key and fault.
    fn own_address(&self) -> String {
        let pairs = self.query.iter().filter(|(name, _)| name != "apikey");
        let query = form_urlencoded::Serializer::new(String::new())
            .extend_pairs(pairs)
            .finish();
        format!("{}{}?{query}", self.base, self.path)
    }

    /// The API key: the header, else the query.
    pub(crate) fn apikey(&self) -> Option<&str> {
        self.header("apikey").or_else(|| self.value("apikey"))
    }

    pub(crate) fn bearer(&self) -> Option<&str> {
        let (scheme, token) = self.header("authorization")?.split_once(' ')?;
        scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
    }
}

#[derive(Clone)]
pub(crate) struct World {
    pub(crate) name: String,
    /// `/w/<name>`, empty for the world without a name.
    pub(crate) prefix: String,
    pub(crate) seed: Seed,
    pub(crate) clock: Clock,
    /// What `config` begins with.
    pub(crate) initial: Config,
    pub(crate) config: Config,
    pub(crate) rules: Rules,
    pub(crate) journal: Journal,
    pub(crate) marks: Marks,
    /// The redirect faults that the request at hand met.
    pub(crate) played: Option<String>,
    pub(crate) issued: Issued,
    pub(crate) allowances: Allowances,
    pub(crate) state: State,
    forged: u64,
    answered: u64,
    snapshots: Snapshots,
}

/// Worlds as they were.
#[derive(Clone, Default)]
struct Snapshots {
    made: u64,
    kept: VecDeque<Snapshot>,
}

#[derive(Clone)]
struct Snapshot {
    id: String,
    at: u64,
    world: World,
}

/// Snapshots that a world keeps; the oldest goes.
const SNAPSHOTS: usize = 16;

impl World {
    pub(crate) fn new(seed: Seed, name: &str, start: Start, config: Config) -> Self {
        Self {
            name: name.to_owned(),
            prefix: if name.is_empty() {
                String::new()
            } else {
                format!("/w/{name}")
            },
            seed: seed.named("world").named(name),
            clock: Clock::new(start),
            initial: config.clone(),
            config,
            rules: Rules::default(),
            journal: Journal::default(),
            marks: Marks::default(),
            played: None,
            issued: Issued::default(),
            allowances: Allowances::default(),
            state: State::default(),
            forged: 0,
            answered: 0,
            snapshots: Snapshots::default(),
        }
    }

    /// Keeps the world as it is, and names what was kept.
    pub(crate) fn snapshot(&mut self, real: u64) -> String {
        let mut snapshots = std::mem::take(&mut self.snapshots);
        let world = self.clone();
        snapshots.made += 1;
        let id = format!("s{}", snapshots.made);
        if snapshots.kept.len() >= SNAPSHOTS {
            snapshots.kept.pop_front();
        }
        snapshots.kept.push_back(Snapshot {
            id: id.clone(),
            at: world.clock.now(real),
            world,
        });
        self.snapshots = snapshots;
        id
    }

    /// Back to a snapshot; a running clock runs on from the time that it had then.
    pub(crate) fn restore(&mut self, id: &str, real: u64) -> bool {
        let found = self.snapshots.kept.iter().find(|one| one.id == id);
        let Some(Snapshot { at, world, .. }) = found.cloned() else {
            return false;
        };
        let snapshots = std::mem::take(&mut self.snapshots);
        *self = World { snapshots, ..world };
        self.clock.resume(at, real);
        true
    }

    /// Back to how the world began: the same requests give the same answers again.
    pub(crate) fn reset(&mut self) {
        self.clock.reset();
        self.config = self.initial.clone();
        self.rules = Rules::default();
        self.journal = Journal::default();
        self.marks = Marks::default();
        self.issued = Issued::default();
        self.allowances = Allowances::default();
        self.state = State::default();
        self.forged = 0;
        self.answered = 0;
    }

    /// A new token or code.
    pub(crate) fn issue(&mut self, record: Record) -> String {
        self.issued.issue(self.seed, record)
    }

    /// Whether an access token is good, which it is only while its client is known.
    pub(crate) fn token_lives(&self, token: &str, provider: Provider, now: u64) -> bool {
        self.issued.get(token).is_some_and(|record| {
            record.kind == Kind::Access
                && record.lives(provider, now)
                && self.config.client(provider, &record.client_id).is_some()
        })
    }

    /// Whether a key opens Trustpilot's public API: a client's, or one that a partner had made.
    pub(crate) fn knows_key(&self, key: &str) -> bool {
        self.config.client(Provider::Trustpilot, key).is_some()
            || self.state.customer_keys.get(&key.to_owned()).is_some()
    }

    /// The client whose allowance a call to Trustpilot's API takes from.
    fn caller(&self, call: &Call) -> Option<String> {
        let provider = Provider::Trustpilot;
        match (call.apikey(), call.bearer()) {
            (Some(key), _) => self.knows_key(key).then(|| key.to_owned()),
            (None, Some(token)) if self.token_lives(token, provider, call.now) => self
                .issued
                .get(token)
                .map(|record| record.client_id.clone()),
            _ => None,
        }
    }

    /// The one user that there is.
    pub(crate) fn user_id(&self) -> String {
        self.seed.named("user").hex(24)
    }

    /// What names an answer of Trustoo's.
    pub(crate) fn request_id(&mut self) -> String {
        self.answered += 1;
        self.seed.named("request").at(self.answered).hex(32)
    }

    /// A state that no client sent.
    pub(crate) fn forged_state(&mut self) -> String {
        self.forged += 1;
        format!(
            "forged-{}",
            self.seed.named("forged").at(self.forged).hex(32)
        )
    }

    pub(crate) fn handle(&mut self, router: &Router, call: &Call) -> Plan {
        self.played = None;
        let found = router.find(&call.method, &call.path);
        let (area, route) = match &found {
            Found::Route { route, .. } => (Some(route.area), Some(route.path)),
            Found::OtherMethod { area, path, .. } => (Some(*area), Some(*path)),
            Found::Unknown => (None, None),
        };
        let mut plan = match area {
            Some(Area::Control) => self.guarded(call, |world| world.control(&found, call)),
            Some(Area::Page) => self.guarded(call, |world| world.page(&found, call)),
            _ => {
                let plan = self.platform(&found, call, route);
                self.record(&plan, call, route);
                plan
            }
        };
        if !plan.headers.contains_key("date") {
            plan.set("date", &crate::date::http(call.now));
        }
        plan.masked_target = self.masked(&format!("{}{}", self.prefix, call.path));
        if !call.raw_query.is_empty() {
            let query = self.masked_query(&call.raw_query);
            plan.masked_target = format!("{}?{query}", plan.masked_target);
        }
        plan
    }

    /// What a handler answers; where it fails itself, a 500 that says so (SB20). Where panics
    /// abort, as in WebAssembly, they end the instance and its shell must see to it.
    fn guarded(&mut self, call: &Call, run: impl FnOnce(&mut Self) -> Plan) -> Plan {
        let message = match catch_unwind(AssertUnwindSafe(|| run(self))) {
            Ok(plan) => return plan,
            Err(payload) => match payload.downcast_ref::<&str>() {
                Some(text) => (*text).to_owned(),
                None => payload
                    .downcast_ref::<String>()
                    .map_or_else(String::new, Clone::clone),
            },
        };
        self.failed(call, &message)
    }

    fn failed(&mut self, call: &Call, message: &str) -> Plan {
        let bug = Bug {
            time: call.now,
            method: call.method.clone(),
            path: self.masked(&call.path),
            message: self.masked(message),
        };
        self.journal.bug(bug);
        let text = "The sandbox itself has failed";
        plain_error(StatusCode::INTERNAL_SERVER_ERROR, text).with(MARKER, "bug")
    }

    fn control(&mut self, found: &Found<'_>, call: &Call) -> Plan {
        let mut plan = match found {
            Found::Route { route, params } => {
                let id = params.first().copied().unwrap_or_default();
                control::handle(self, call, route.handler, id)
            }
            Found::OtherMethod { .. } if call.method == "OPTIONS" => {
                Plan::new(StatusCode::NO_CONTENT)
            }
            found => other_method(found),
        };
        for (name, value) in control::CORS {
            plan.set(name, value);
        }
        plan.with("cache-control", "no-store")
    }

    fn page(&mut self, found: &Found<'_>, call: &Call) -> Plan {
        match found {
            Found::Route { route, .. } if route.handler == Handler::Home => {
                home::page(self, &call.base)
            }
            Found::Route { route, .. } if route.handler == Handler::Style => html::stylesheet(),
            Found::Route { route, .. } if route.handler == Handler::Script => html::script(),
            found => other_method(found),
        }
    }

    /// What stands in for a platform: faults, CORS, and the handler in between.
    fn platform(&mut self, found: &Found<'_>, call: &Call, route: Option<&'static str>) -> Plan {
        let is_api = match found {
            Found::Route { route, .. } => matches!(route.area, Area::Api | Area::Token),
            Found::OtherMethod { area, .. } => matches!(area, Area::Api | Area::Token),
            Found::Unknown => true,
        };
        let has_cors = is_api && (self.config.post_cors || !is_post(call));
        if let Some(problem) = &call.bad_fault {
            let mut plan = plain_error(StatusCode::BAD_REQUEST, problem).with(MARKER, "bad-fault");
            if has_cors {
                api::CORS
                    .iter()
                    .for_each(|(name, value)| plan.set(name, value));
            }
            return plan;
        }
        let preflight = call.method == "OPTIONS";
        let mut faults: Vec<Fault> = call
            .faults
            .iter()
            .filter(|fault| fault.area == FaultArea::Api)
            .cloned()
            .collect();
        if preflight {
            // The browser sends the query of the request along: only CORS itself may fail here.
            faults.retain(|fault| fault.id == "cors-off");
        }
        if faults.is_empty() {
            let target = Target {
                method: &call.method,
                route,
                path: &call.path,
                apikey: call.apikey(),
            };
            faults.extend(self.rules.pick(self.seed, &target));
        }
        let answered = (preflight && is_api) || faults.iter().any(Fault::replaces);
        let has = |id: &str| faults.iter().any(|fault| fault.id == id);
        let mut plan = if answered {
            Plan::new(StatusCode::OK)
        } else if has("bug") {
            self.injected_bug(call)
        } else {
            self.guarded(call, |world| world.answer(found, call))
        };
        if has("duplicate-page")
            && let Some(before) = call.page_before()
        {
            let other = self.guarded(call, |world| world.dispatch(found, &before));
            plan = with_items_of(plan, &other);
        }
        if has("repeated-cursor")
            && let Some(asked) = call.page_asked()
        {
            plan = with_own_cursor(plan, asked, &call.own_address());
        }
        for fault in &faults {
            plan = fault.apply(plan, call.now);
        }
        if has_cors && !faults.iter().any(|fault| fault.id == "cors-off") {
            api::CORS
                .iter()
                .for_each(|(name, value)| plan.set(name, value));
        }
        if let Some(fault) = faults.first() {
            self.played = Some(fault.id.clone());
        }
        plan
    }

    /// A failure on demand. Unwinding by hand leaves the panic hook out of it.
    fn injected_bug(&mut self, call: &Call) -> Plan {
        const MESSAGE: &str = "the fault bug was asked for";
        if cfg!(panic = "unwind") {
            self.guarded(call, |_| std::panic::resume_unwind(Box::new(MESSAGE)))
        } else {
            self.failed(call, MESSAGE)
        }
    }

    /// What the platform answers while the allowance lasts.
    fn answer(&mut self, found: &Found<'_>, call: &Call) -> Plan {
        if let Found::Route { route, .. } = found
            && self.config.strict
            && route.area == Area::Api
            && let Some(name) = call.stray_name(route.query)
        {
            let text = format!("Unknown parameter: {}", self.masked(name));
            return plain_error(StatusCode::BAD_REQUEST, &text).with(MARKER, "unknown-parameter");
        }
        if let Found::Route { route, .. } = found
            && route.area == Area::Api
            && let Some(client_id) = self.caller(call)
        {
            let limits = &self.config.limits;
            let taken = self
                .allowances
                .take(Counted::Api, &client_id, &limits.api, call.now);
            if let Err(wait_ms) = taken {
                return limits.refusal(wait_ms, call.now);
            }
        }
        self.dispatch(found, call)
    }

    fn dispatch(&mut self, found: &Found<'_>, call: &Call) -> Plan {
        let Found::Route { route, params } = found else {
            return other_method(found);
        };
        match route.handler {
            Handler::Token(endpoint) => tokens::trustpilot(self, call, endpoint),
            Handler::TokenByGet => tokens::trustpilot_get(self, call),
            Handler::TrustooToken => tokens::trustoo(self, call),
            Handler::TrustooRevoke => tokens::trustoo_revoke(self, call),
            Handler::SignIn(provider) => authorize::sign_in(self, call, provider),
            Handler::Decide(provider) => authorize::decide(self, call, provider),
            Handler::Api => api::answer(self, call, route, params),
            _ => other_method(&Found::Unknown),
        }
    }

    fn record(&mut self, plan: &Plan, call: &Call, route: Option<&'static str>) {
        if route.is_none() {
            let path = self.masked(&call.path);
            self.journal.unknown_route(&call.method, path);
        }
        let authorization = call
            .header("authorization")
            .map(|value| match value.split_once(' ') {
                Some((scheme, secret)) if scheme.eq_ignore_ascii_case("basic") => {
                    format!("{scheme} {}", self.mark("client_secret", secret.trim()))
                }
                Some((scheme, secret)) if scheme.len() <= 8 => {
                    format!("{scheme} {}", self.mark("authorization", secret.trim()))
                }
                _ => self.mark("authorization", value),
            });
        let entry = Entry {
            id: 0,
            time: call.now,
            method: call.method.clone(),
            route,
            path: self.masked(&call.path),
            query: self.masked_query(&call.raw_query),
            origin: call
                .header("origin")
                .map(|value| self.masked_address(value)),
            referer: call
                .header("referer")
                .map(|value| self.masked_address(value)),
            authorization,
            apikey: call
                .header("apikey")
                .map(|value| self.mark("apikey", value)),
            status: (plan.end == End::Whole || !plan.chunks.is_empty())
                .then(|| plan.status.as_u16()),
            fault: self.played.clone(),
            token_seen: self.token_seen(call),
        };
        self.journal.push(entry);
    }

    /// The mark of a secret; `name` says what it is where nothing better is known.
    fn mark(&mut self, name: &str, value: &str) -> String {
        if value.is_empty() {
            return String::new();
        }
        let kind = match self.issued.get(value).map(|record| &record.kind) {
            Some(Kind::Access) => "tok",
            Some(Kind::Refresh { .. }) => "ref",
            Some(Kind::Code { .. }) => "code",
            None => match name {
                "apikey" | "client_id" => "key",
                "authorization" | "access_token" | "token" => "tok",
                "state" => "state",
                "code" => "code",
                "refresh_token" => "ref",
                "client_secret" | "password" => "sec",
                _ if value.starts_with("tpa-sandbox-") => "tok",
                _ if value.starts_with("tpr-sandbox-") => "ref",
                _ if value.starts_with(CUSTOMER_KEY) => "key",
                _ if issued_in(value) == Some(value) => "code",
                _ => "val",
            },
        };
        self.marks.mark(kind, value)
    }

    /// Text in which everything that a sandbox gives out, and every key it knows, is a mark.
    fn masked(&mut self, text: &str) -> String {
        let clients = self.config.clients.iter();
        let keys: Vec<_> = clients
            .flat_map(|known| {
                let secret = known.client_secret.iter().map(|secret| ("sec", secret));
                std::iter::once(("key", &known.client_id)).chain(secret)
            })
            // One as short as a word would tear words apart; in its own parameter it is masked
            // anyway.
            .filter(|(_, key)| key.len() >= 8)
            .map(|(kind, key)| (kind, key.clone()))
            .collect();
        let mut out = text.to_owned();
        for (kind, key) in &keys {
            if out.contains(key) {
                out = out.replace(key, &self.marks.mark(kind, key));
            }
        }
        while let Some(secret) = issued_in(&out).map(str::to_owned) {
            out = out.replace(&secret, &self.mark("", &secret));
        }
        // However it was encoded, nothing of such a text is worth the risk.
        let decoded = decode(&out);
        if let Some((kind, key)) = keys.iter().find(|(_, key)| decoded.contains(key)) {
            return self.marks.mark(kind, key);
        }
        match issued_in(&decoded) {
            Some(secret) => self.mark("", secret),
            None => out,
        }
    }

    fn masked_query(&mut self, query: &str) -> String {
        let mut parts = Vec::new();
        for part in query.split('&') {
            let (name, value) = part.split_once('=').unwrap_or((part, ""));
            let decoded = decode(value);
            let plain_name = decode(name);
            let shown = if value.is_empty() {
                String::new()
            } else if plain_name == "redirect_uri" {
                self.masked_address(&decoded)
            } else if plain_name == "__fault" || OPEN_NAMES.contains(&plain_name.as_str()) {
                self.masked(value)
            } else {
                self.mark(&plain_name, &decoded)
            };
            // A long name is more likely a value that stands alone.
            let name = if name.len() > 32 {
                self.mark("", &plain_name)
            } else {
                self.masked(name)
            };
            parts.push(if part.contains('=') {
                format!("{name}={shown}")
            } else {
                name
            });
        }
        parts.join("&")
    }

    fn masked_address(&mut self, address: &str) -> String {
        let (rest, fragment) = match address.split_once('#') {
            Some((rest, fragment)) => (rest, Some(fragment)),
            None => (address, None),
        };
        let (path, query) = match rest.split_once('?') {
            Some((path, query)) => (path, Some(query)),
            None => (rest, None),
        };
        let mut out = self.masked(path);
        for (glue, part) in [('?', query), ('#', fragment)] {
            if let Some(part) = part {
                out.push(glue);
                // Never deeper: an address in an address is a value like any other.
                let masked: Vec<_> = form_urlencoded::parse(part.as_bytes())
                    .map(|(name, value)| {
                        format!("{}={}", self.masked(&name), self.mark(&name, &value))
                    })
                    .collect();
                out.push_str(&masked.join("&"));
            }
        }
        out
    }

    /// Where a token of this world stands in the request.
    fn token_seen(&self, call: &Call) -> Vec<&'static str> {
        let stands_in = |text: &str| {
            let decoded = decode(text);
            [text, &decoded].into_iter().any(|text| {
                let mut rest = text;
                while let Some(secret) = issued_in(rest) {
                    let kind = self.issued.get(secret).map(|record| &record.kind);
                    if matches!(kind, Some(Kind::Access | Kind::Refresh { .. })) {
                        return true;
                    }
                    rest = rest.split_once(secret).map_or("", |(_, rest)| rest);
                }
                false
            })
        };
        let mut places = Vec::new();
        if stands_in(&call.path) {
            places.push("path");
        }
        if stands_in(&call.raw_query) {
            places.push("query");
        }
        if stands_in(&String::from_utf8_lossy(&call.body)) {
            places.push("body");
        }
        let mut other = false;
        for (name, value) in &call.headers {
            let found = stands_in(&String::from_utf8_lossy(value.as_bytes()));
            match name.as_str() {
                "authorization" if found => places.push("authorization"),
                "referer" if found => places.push("referer"),
                _ => other |= found,
            }
        }
        if other {
            places.push("header");
        }
        places
    }
}

/// The platform's answer to what it does not have, with a marker (SB13).
fn other_method(found: &Found<'_>) -> Plan {
    match found {
        Found::OtherMethod { allow, .. } => {
            plain_error(StatusCode::METHOD_NOT_ALLOWED, "Method Not Allowed").with("allow", allow)
        }
        _ => plain_error(StatusCode::NOT_FOUND, "Not Found").with(MARKER, "unknown-route"),
    }
}

/// The first token or code in a text, known by its form: those of other worlds are found too.
pub(crate) fn issued_in(text: &str) -> Option<&str> {
    let hex = |start: usize, mark: &str| {
        let tail = text.get(start + mark.len()..).unwrap_or_default();
        let digits = tail.bytes().take_while(u8::is_ascii_hexdigit).count();
        (start, mark.len() + digits)
    };
    let base64 = |start: usize| {
        let digits = text.get(start..start + 22)?;
        let fits = digits
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"+/".contains(&byte));
        (fits && text.get(start + 22..start + 24) == Some("==")).then_some((start, 24))
    };
    let trustpilot = ["tpa-sandbox-", "tpr-sandbox-", "tpc-sandbox-", CUSTOMER_KEY]
        .into_iter()
        .filter_map(|mark| text.find(mark).map(|start| hex(start, mark)));
    let trustoo = text
        .match_indices("sbx")
        .find_map(|(start, _)| base64(start));
    let (start, length) = trustpilot.chain(trustoo).min()?;
    text.get(start..start + length)
}

/// Whether this is a POST, or the question whether one may be sent.
fn is_post(call: &Call) -> bool {
    let asked = call.header("access-control-request-method");
    call.method == "POST" || (call.method == "OPTIONS" && asked == Some("POST"))
}

/// One round of form decoding.
pub(crate) fn decode(text: &str) -> String {
    // A name without a value decodes in the same way, and `&` and `=` are gone already.
    let guarded = text.replace('&', "%26").replace('=', "%3D");
    form_urlencoded::parse(guarded.as_bytes())
        .map(|(name, _)| name.into_owned())
        .collect()
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]
mod tests {
    use super::*;

    #[test]
    fn sb20_a_panic_of_a_handler_is_a_500_and_a_bug() {
        let seed = Seed::new(1);
        let mut world = World::new(seed, "", Start::Frozen(7), Config::default());
        let call = Call {
            method: "GET".to_owned(),
            path: format!("/v1/{}", crate::DEMO_CLIENT),
            raw_query: String::new(),
            query: Vec::new(),
            faults: Vec::new(),
            bad_fault: None,
            headers: HeaderMap::new(),
            body: Vec::new(),
            base: String::new(),
            real: 9,
            now: 7,
        };
        let text = world.guarded(&call, |_| panic!("a text"));
        let formatted = world.guarded(&call, |_| panic!("with {}", crate::DEMO_CLIENT));
        for plan in [text, formatted] {
            assert_eq!(plan.status, 500);
            assert_eq!(plan.headers[MARKER], "bug");
        }
        let bugs = world.journal.bugs.iter();
        let told: Vec<_> = bugs.map(|bug| (&*bug.path, &*bug.message)).collect();
        assert_eq!(told, [("/v1/key#1", "a text"), ("/v1/key#1", "with key#1")]);
    }

    #[test]
    fn sb8_tokens_and_codes_are_known_by_their_form() {
        let code = crate::seed::Seed::new(3).base64(true);
        assert_eq!(issued_in(&format!("x{code}y")), Some(code.as_str()));
        assert_eq!(issued_in("atpa-sandbox-0fz"), Some("tpa-sandbox-0f"));
        assert_eq!(issued_in("tpc-sandbox-"), Some("tpc-sandbox-"));
        let first = format!("tpa-sandbox-1 {code}");
        assert_eq!(issued_in(&first), Some("tpa-sandbox-1"));
        for text in [
            "",
            "sbx",
            "sbx\u{e9}\u{e9}\u{e9}\u{e9}\u{e9}\u{e9}\u{e9}\u{e9}\u{e9}\u{e9}",
            "tpa-sandbox",
        ] {
            assert_eq!(issued_in(text), None, "{text}");
        }
    }
}
