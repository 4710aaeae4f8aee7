//! One world: its clock, tokens, rules and journal, and the way of a request through it.

use std::collections::{BTreeMap, VecDeque};

use http::{HeaderMap, StatusCode};

use crate::clock::{Clock, Start};
use crate::config::{Config, Provider};
use crate::faults::{Area as FaultArea, Fault, Rules, Target, plain_error};
use crate::journal::{Entry, Journal, Marks};
use crate::plan::{End, Plan};
use crate::routes::{Area, Found, Handler, Router};
use crate::seed::Seed;
use crate::{api, authorize, control, html};

/// The header that tells what only a sandbox says.
pub(crate) const MARKER: &str = "x-plaudit-sandbox";

/// Tokens and codes that a world remembers.
const ISSUED: usize = 5_000;

/// Query parameters whose values may stand in journal and log.
const OPEN_NAMES: &[&str] = &[
    "businessUnitId",
    "count",
    "country",
    "decision",
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

    /// The API key: the header, else the query.
    pub(crate) fn apikey(&self) -> Option<&str> {
        self.header("apikey").or_else(|| self.value("apikey"))
    }

    pub(crate) fn bearer(&self) -> Option<&str> {
        let (scheme, token) = self.header("authorization")?.split_once(' ')?;
        scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
    }
}

/// What a world gave out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kept {
    Token { expires_at: u64 },
    Code,
}

pub(crate) struct World {
    pub(crate) name: String,
    /// `/w/<name>`, empty for the world without a name.
    pub(crate) prefix: String,
    pub(crate) seed: Seed,
    pub(crate) clock: Clock,
    pub(crate) config: Config,
    pub(crate) rules: Rules,
    pub(crate) journal: Journal,
    pub(crate) marks: Marks,
    /// The redirect faults that the request at hand met.
    pub(crate) played: Option<String>,
    issued: BTreeMap<String, (Provider, Kept)>,
    order: VecDeque<String>,
    made: u64,
    forged: u64,
}

impl World {
    pub(crate) fn new(seed: Seed, name: &str, start: Start) -> Self {
        Self {
            name: name.to_owned(),
            prefix: if name.is_empty() {
                String::new()
            } else {
                format!("/w/{name}")
            },
            seed: seed.named("world").named(name),
            clock: Clock::new(start),
            config: Config::default(),
            rules: Rules::default(),
            journal: Journal::default(),
            marks: Marks::default(),
            played: None,
            issued: BTreeMap::new(),
            order: VecDeque::new(),
            made: 0,
            forged: 0,
        }
    }

    /// Back to how the world began: the same requests give the same answers again.
    pub(crate) fn reset(&mut self) {
        self.clock.reset();
        self.config = Config::default();
        self.rules = Rules::default();
        self.journal = Journal::default();
        self.marks = Marks::default();
        self.forget_issued();
        self.made = 0;
        self.forged = 0;
    }

    /// Every token and code is dead.
    pub(crate) fn forget_issued(&mut self) {
        self.issued.clear();
        self.order.clear();
    }

    /// A new token or code.
    pub(crate) fn issue(&mut self, kept: Kept, provider: Provider) -> String {
        let count = self.made;
        self.made += 1;
        let seed = self.seed.named("issued").at(count);
        let text = match (provider, kept) {
            (Provider::Trustpilot, Kept::Token { .. }) => format!("tpa-sandbox-{}", seed.hex(32)),
            (Provider::Trustpilot, Kept::Code) => format!("tpc-sandbox-{}", seed.hex(32)),
            // Three of four hold a plus: in reality two of seven do.
            (Provider::Trustoo, _) => seed.base64(count % 4 != 3),
        };
        if self.order.len() >= ISSUED
            && let Some(oldest) = self.order.pop_front()
        {
            self.issued.remove(&oldest);
        }
        self.issued.insert(text.clone(), (provider, kept));
        self.order.push_back(text.clone());
        text
    }

    pub(crate) fn token_lives(&self, token: &str, provider: Provider, now: u64) -> bool {
        match self.issued.get(token) {
            Some((owner, Kept::Token { expires_at })) => *owner == provider && now < *expires_at,
            _ => false,
        }
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
            Some(Area::Control) => self.control(&found, call),
            Some(Area::Page) => self.page(&found),
            _ => {
                let plan = self.platform(&found, call, route);
                self.record(&plan, call, route);
                plan
            }
        };
        plan.set("date", &crate::date::http(call.now));
        plan.masked_target = self.masked(&format!("{}{}", self.prefix, call.path));
        if !call.raw_query.is_empty() {
            let query = self.masked_query(&call.raw_query);
            plan.masked_target = format!("{}?{query}", plan.masked_target);
        }
        plan
    }

    fn control(&mut self, found: &Found<'_>, call: &Call) -> Plan {
        let mut plan = match found {
            Found::Route { route, id } => {
                control::handle(self, call, route.handler, id.unwrap_or_default())
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

    fn page(&mut self, found: &Found<'_>) -> Plan {
        match found {
            Found::Route { route, .. } if route.handler == Handler::Home => control::home(self),
            Found::Route { route, .. } if route.handler == Handler::Style => html::stylesheet(),
            found => other_method(found),
        }
    }

    /// What stands in for a platform: faults, CORS, and the handler in between.
    fn platform(&mut self, found: &Found<'_>, call: &Call, route: Option<&'static str>) -> Plan {
        let is_api = match found {
            Found::Route { route, .. } => route.area == Area::Api,
            Found::OtherMethod { area, .. } => *area == Area::Api,
            Found::Unknown => true,
        };
        if let Some(problem) = &call.bad_fault {
            let mut plan = plain_error(StatusCode::BAD_REQUEST, problem).with(MARKER, "bad-fault");
            api::CORS
                .iter()
                .for_each(|(name, value)| plan.set(name, value));
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
        let mut plan = if answered {
            Plan::new(StatusCode::OK)
        } else {
            self.answer(found, call)
        };
        for fault in &faults {
            plan = fault.apply(plan, call.now);
        }
        if is_api && !faults.iter().any(|fault| fault.id == "cors-off") {
            api::CORS
                .iter()
                .for_each(|(name, value)| plan.set(name, value));
        }
        if let Some(fault) = faults.first() {
            self.played = Some(fault.id.clone());
        }
        plan
    }

    fn answer(&mut self, found: &Found<'_>, call: &Call) -> Plan {
        let Found::Route { route, id } = found else {
            return other_method(found);
        };
        match route.handler {
            Handler::SignIn(provider) => authorize::sign_in(self, call, provider),
            Handler::Decide(provider) => authorize::decide(self, call, provider),
            Handler::Api => api::answer(self, call, route, id.unwrap_or_default()),
            _ => other_method(&Found::Unknown),
        }
    }

    fn record(&mut self, plan: &Plan, call: &Call, route: Option<&'static str>) {
        if route.is_none() {
            self.journal.unknown_routes += 1;
        }
        let authorization = call
            .header("authorization")
            .map(|value| match value.split_once(' ') {
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
        let kind = match self.issued.get(value) {
            Some((_, Kept::Token { .. })) => "tok",
            Some((_, Kept::Code)) => "code",
            None => match name {
                "apikey" | "client_id" => "key",
                "authorization" | "access_token" | "token" => "tok",
                "state" => "state",
                "code" => "code",
                _ if value.starts_with("tpa-sandbox-") => "tok",
                _ if issued_in(value) == Some(value) => "code",
                _ => "val",
            },
        };
        self.marks.mark(kind, value)
    }

    /// Text in which everything that a sandbox gives out, and every key it knows, is a mark.
    fn masked(&mut self, text: &str) -> String {
        let keys: Vec<_> = self
            .config
            .clients
            .iter()
            .map(|known| known.client_id.clone())
            .collect();
        // A key as short as a word would tear words apart; in its own parameter it is masked anyway.
        let keys = keys.iter().filter(|key| key.len() >= 8);
        let mut out = text.to_owned();
        for key in keys.clone() {
            out = out.replace(key, &self.marks.mark("key", key));
        }
        while let Some(secret) = issued_in(&out).map(str::to_owned) {
            out = out.replace(&secret, &self.mark("", &secret));
        }
        // However it was encoded, nothing of such a text is worth the risk.
        let decoded = decode(&out);
        if let Some(key) = keys.clone().find(|key| decoded.contains(*key)) {
            return self.marks.mark("key", key);
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
                    if matches!(self.issued.get(secret), Some((_, Kept::Token { .. }))) {
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
    let trustpilot = ["tpa-sandbox-", "tpc-sandbox-"]
        .into_iter()
        .filter_map(|mark| text.find(mark).map(|start| hex(start, mark)));
    let trustoo = text
        .match_indices("sbx")
        .find_map(|(start, _)| base64(start));
    let (start, length) = trustpilot.chain(trustoo).min()?;
    text.get(start..start + length)
}

/// One round of form decoding.
fn decode(text: &str) -> String {
    // A name without a value decodes in the same way, and `&` and `=` are gone already.
    let guarded = text.replace('&', "%26").replace('=', "%3D");
    form_urlencoded::parse(guarded.as_bytes())
        .map(|(name, _)| name.into_owned())
        .collect()
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]
mod tests {
    use super::issued_in;

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
