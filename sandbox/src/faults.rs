//! Faults: the list as data, rules that switch them on, and what they do to an API answer
//! (SB9 to SB12). What they do to a redirect stands in `redirect`.

use http::StatusCode;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::plan::{End, Plan};
use crate::seed::Seed;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Area {
    Redirect,
    Api,
}

/// One fault that the sandbox can play.
#[derive(Debug, Serialize)]
pub(crate) struct Kind {
    pub(crate) id: &'static str,
    pub(crate) title: &'static str,
    pub(crate) description: &'static str,
    pub(crate) area: Area,
    /// Members of a rule (or of `__fault`) that this fault reads, besides `ms` for a delay.
    pub(crate) options: &'static [&'static str],
}

const fn redirect(id: &'static str, title: &'static str, description: &'static str) -> Kind {
    Kind {
        id,
        title,
        description,
        area: Area::Redirect,
        options: &[],
    }
}

const fn api(
    id: &'static str,
    title: &'static str,
    description: &'static str,
    options: &'static [&'static str],
) -> Kind {
    Kind {
        id,
        title,
        description,
        area: Area::Api,
        options,
    }
}

pub(crate) const KINDS: &[Kind] = &[
    redirect(
        "state-dropped",
        "State dropped",
        "The redirect comes back without state.",
    ),
    redirect(
        "state-forged",
        "State forged",
        "The redirect carries a state that was never sent.",
    ),
    redirect(
        "state-duplicated",
        "State twice",
        "The redirect carries state two times.",
    ),
    redirect(
        "token-duplicated",
        "Token twice",
        "access_token (or code) stands in the redirect two times, with two values.",
    ),
    redirect(
        "token-in-query",
        "Token in the query",
        "access_token stands in the query, where servers and logs see it. Asked for a code, the \
         token stands beside the code.",
    ),
    redirect(
        "token-type-missing",
        "No token type",
        "The redirect has a token but no token_type.",
    ),
    redirect(
        "token-type-mac",
        "Other token type",
        "token_type is mac instead of bearer.",
    ),
    redirect(
        "expires-in-garbage",
        "Expiry is no number",
        "expires_in is the word soon.",
    ),
    redirect(
        "error-and-token",
        "Error and token",
        "error stands beside an access_token (or a code) in one redirect.",
    ),
    redirect(
        "provider-error",
        "Provider error",
        "The redirect says error=server_error.",
    ),
    redirect(
        "temporarily-unavailable",
        "Temporarily unavailable",
        "The redirect says error=temporarily_unavailable.",
    ),
    Kind {
        id: "expires-soon",
        title: "Expires soon",
        description: "The token lives 65 seconds, or as many as the option says, and is refused \
                      afterwards.",
        area: Area::Redirect,
        options: &["seconds"],
    },
    redirect(
        "other-type",
        "Answer of the other type",
        "Asked for a token, a code comes in the fragment. Asked for a code, a token comes in the \
         fragment and the query has nothing.",
    ),
    redirect(
        "control-characters",
        "Control characters",
        "The token (or code) ends in an encoded NUL and line feed.",
    ),
    redirect(
        "coop",
        "Opener cut off",
        "The sign-in page sends Cross-Origin-Opener-Policy: same-origin, so a popup loses its \
         opener.",
    ),
    api(
        "delay",
        "Late answer",
        "The answer comes late, by 1,000 ms or as many as ms says.",
        &[],
    ),
    api(
        "hang",
        "No answer",
        "The request is taken and never answered.",
        &[],
    ),
    api(
        "cut-before-headers",
        "Cut at once",
        "The connection closes before any header.",
        &[],
    ),
    api(
        "cut-body",
        "Cut in the body",
        "The connection closes in the middle of the body.",
        &[],
    ),
    api(
        "truncated-json",
        "Half a JSON text",
        "The body ends half-way, as if it were whole.",
        &[],
    ),
    api(
        "html",
        "HTML instead of JSON",
        "A page of a proxy, status 200 unless one is given.",
        &["status"],
    ),
    api(
        "wrong-type",
        "Wrong content type",
        "The right JSON, sent as text/plain.",
        &[],
    ),
    api(
        "wrong-shape",
        "Wrong shape",
        "Valid JSON of another shape: a list, not an object.",
        &[],
    ),
    api(
        "drip",
        "Slow body",
        "The body comes in ten pieces, 100 ms apart or as many as ms says.",
        &[],
    ),
    api(
        "duplicate-page",
        "Page again",
        "The items of the page before, with the links of the one that was asked for.",
        &[],
    ),
    api(
        "repeated-cursor",
        "Cursor again",
        "The next page is the one that was asked for, so that there is no end.",
        &[],
    ),
    api(
        "date-skew",
        "Wrong Date",
        "The Date header is 3,600 seconds ahead, or as many as seconds says, or behind if negative.",
        &["seconds"],
    ),
    api(
        "bug",
        "Bug of the sandbox",
        "The sandbox itself fails: 500, and verify tells of it.",
        &[],
    ),
    api("empty", "Empty body", "Status 200 and nothing else.", &[]),
    api(
        "status",
        "Any status",
        "The status that is given, 400 to 599.",
        &["status", "retry_after"],
    ),
    api(
        "401",
        "401 Unauthorized",
        "As if the key or token were not known.",
        &[],
    ),
    api(
        "403",
        "403 Forbidden",
        "As if the key had no right to this.",
        &[],
    ),
    api(
        "404",
        "404 Not Found",
        "As if there were no such thing.",
        &[],
    ),
    api(
        "429",
        "429 Too Many Requests",
        "Over the limit; without a hint unless retry_after is given (seconds, date:SECONDS for an \
         HTTP date, or any text).",
        &["retry_after"],
    ),
    api(
        "500",
        "500 Internal Server Error",
        "The platform failed.",
        &["retry_after"],
    ),
    api(
        "503",
        "503 Service Unavailable",
        "The platform is away.",
        &["retry_after"],
    ),
    api(
        "520",
        "520 as text",
        "The content network's own error, as plain text.",
        &[],
    ),
    api(
        "cors-off",
        "No CORS headers",
        "The answer, preflight included, lacks CORS headers.",
        &[],
    ),
];

/// What a fault can be told besides its name.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub(crate) struct Options {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) ms: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) seconds: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) status: Option<u16>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) retry_after: Option<String>,
}

/// A fault that is to be played.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Fault {
    pub(crate) id: String,
    pub(crate) area: Area,
    pub(crate) options: Options,
}

impl Fault {
    pub(crate) fn new(id: &str, options: Options) -> Result<Self, String> {
        let kind = KINDS.iter().find(|kind| kind.id == id);
        let bare_status = id.len() == 3 && id.parse().is_ok_and(is_error);
        if kind.is_none() && !bare_status {
            return Err(format!("unknown fault: {id}"));
        }
        match options.status {
            Some(status) if !(200..600).contains(&status) => {
                return Err("status must be 200 to 599".to_owned());
            }
            Some(status) if id == "status" && !is_error(status) => {
                return Err("status must be 400 to 599".to_owned());
            }
            None if id == "status" => return Err("the fault status needs a status".to_owned()),
            _ => {}
        }
        let area = kind.map_or(Area::Api, |kind| kind.area);
        Ok(Self {
            id: id.to_owned(),
            area,
            options,
        })
    }

    /// Reads `429;retry-after=2`, the form that stands in a query (SB11).
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let mut parts = text.split(';').map(str::trim);
        let id = parts.next().unwrap_or_default();
        let mut options = Options::default();
        for part in parts.filter(|part| !part.is_empty()) {
            let (name, value) = part.split_once('=').unwrap_or((part, ""));
            let bad = || format!("bad value for {name}: {value}");
            match name {
                "ms" => options.ms = Some(value.parse().map_err(|_| bad())?),
                "seconds" => options.seconds = Some(value.parse().map_err(|_| bad())?),
                "status" => options.status = Some(value.parse().map_err(|_| bad())?),
                "retry-after" => options.retry_after = Some(value.to_owned()),
                _ => return Err(format!("unknown fault option: {name}")),
            }
        }
        Self::new(id, options)
    }

    /// The inverse of `parse`.
    pub(crate) fn query_form(&self) -> String {
        let Options {
            ms,
            seconds,
            status,
            retry_after,
        } = &self.options;
        let texts = [
            ("ms", ms.map(|value| value.to_string())),
            ("seconds", seconds.map(|value| value.to_string())),
            ("status", status.map(|value| value.to_string())),
            ("retry-after", retry_after.clone()),
        ];
        let mut text = self.id.clone();
        for (name, value) in texts {
            if let Some(value) = value {
                text.push_str(&format!(";{name}={value}"));
            }
        }
        text
    }

    fn status(&self) -> Option<u16> {
        match self.id.as_str() {
            "status" => self.options.status,
            id => id.parse().ok(),
        }
    }

    /// Whether the platform never gets to handle the request.
    pub(crate) fn replaces(&self) -> bool {
        matches!(self.id.as_str(), "hang" | "cut-before-headers" | "html")
            || self.status().is_some()
    }

    /// Plays an API fault on an answer.
    pub(crate) fn apply(&self, mut plan: Plan, now: u64) -> Plan {
        let late = match (self.id.as_str(), self.options.ms) {
            ("delay", ms) => ms.unwrap_or(1_000),
            ("drip", _) => 0,
            (_, ms) => ms.unwrap_or(0),
        };
        let delay = plan.delay_ms.saturating_add(late);
        if let Some(status) = self.status() {
            plan = status_answer(status);
            if let Some(hint) = &self.options.retry_after {
                plan.set("retry-after", &retry_after(hint, now));
            }
        }
        let body = plan.chunks.concat();
        let half = || body.get(..body.len() / 2).unwrap_or_default().to_vec();
        match self.id.as_str() {
            "hang" => {
                plan.chunks.clear();
                plan.end = End::Hang;
            }
            "cut-before-headers" => {
                plan.chunks.clear();
                plan.end = End::Cut;
            }
            "cut-body" => {
                plan.chunks = vec![half()];
                plan.end = End::Cut;
            }
            "truncated-json" => plan.chunks = vec![half()],
            "drip" => {
                let size = body.len().div_ceil(DRIPS).max(1);
                plan.chunks = body.chunks(size).map(<[u8]>::to_vec).collect();
                plan.pause_ms = self.options.ms.unwrap_or(100);
            }
            "date-skew" => {
                let seconds = self.options.seconds.unwrap_or(3_600);
                let at = now.saturating_add_signed(seconds.saturating_mul(1_000));
                plan.set("date", &crate::date::http(at));
            }
            "html" => {
                let status = self.options.status.unwrap_or(200);
                let html =
                    "<!doctype html>\n<title>Sandbox proxy</title>\n<h1>Sandbox proxy</h1>\n";
                plan = Plan::body(code(status), "text/html; charset=utf-8", html.into());
            }
            "wrong-type" => plan.set("content-type", "text/plain; charset=utf-8"),
            "wrong-shape" => plan.chunks = vec![b"[\"sandbox\"]".to_vec()],
            "empty" => {
                plan.status = StatusCode::OK;
                plan.chunks = vec![Vec::new()];
            }
            _ => {}
        }
        plan.delay_ms = delay;
        plan
    }
}

/// Into how many pieces `drip` cuts a body.
const DRIPS: usize = 10;

fn is_error(status: u16) -> bool {
    (400..600).contains(&status)
}

fn code(status: u16) -> StatusCode {
    StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}

fn retry_after(hint: &str, now: u64) -> String {
    match hint
        .strip_prefix("date:")
        .and_then(|seconds| seconds.parse::<u64>().ok())
    {
        Some(seconds) => crate::date::http(now.saturating_add(seconds.saturating_mul(1_000))),
        None => hint.to_owned(),
    }
}

/// An error in the shape that the platform's gateway gives it.
pub(crate) fn gateway_fault(status: StatusCode, text: &str, error_code: &str) -> Plan {
    // A type and not `json!`, which would sort the members: captured bytes stay as they were.
    let detail = Detail {
        errorcode: error_code,
    };
    Plan::json(
        status,
        &Gateway {
            fault: GatewayFault {
                faultstring: text,
                detail,
            },
        },
    )
}

#[derive(Serialize)]
struct Gateway<'a> {
    fault: GatewayFault<'a>,
}

#[derive(Serialize)]
struct GatewayFault<'a> {
    faultstring: &'a str,
    detail: Detail<'a>,
}

#[derive(Serialize)]
struct Detail<'a> {
    errorcode: &'a str,
}

/// The gateway's answer to too many calls.
pub(crate) fn quota_exceeded() -> Plan {
    gateway_fault(
        StatusCode::TOO_MANY_REQUESTS,
        "Rate limit quota violation. Quota limit exceeded.",
        "policies.ratelimit.QuotaViolation",
    )
}

/// An error in the other shape that clients of the platform report.
pub(crate) fn plain_error(status: StatusCode, text: &str) -> Plan {
    Plan::json(
        status,
        &json!({ "ErrorCode": status.as_str(), "Error": text }),
    )
}

fn status_answer(status: u16) -> Plan {
    let status = code(status);
    match status.as_u16() {
        401 => gateway_fault(status, "Invalid ApiKey", "oauth.v2.InvalidApiKey"),
        429 => quota_exceeded(),
        520 => Plan::body(status, "text/plain", b"error code: 520\n".to_vec())
            .with("x-cache", "Error from cloudfront"),
        _ => plain_error(status, status.canonical_reason().unwrap_or("Error")),
    }
}

/// Puts the items of another answer into this one: every list but the links.
pub(crate) fn with_items_of(plan: Plan, other: &Plan) -> Plan {
    let read = |plan: &Plan| serde_json::from_slice::<Value>(&plan.chunks.concat());
    let (Ok(mut value), Ok(other)) = (read(&plan), read(other)) else {
        return plan;
    };
    take_items(&mut value, &other);
    with_body(plan, &value)
}

fn take_items(value: &mut Value, other: &Value) {
    let (Value::Object(members), Value::Object(others)) = (value, other) else {
        return;
    };
    for (name, member) in members {
        match (member, others.get(name)) {
            // Trustoo's lists are in an envelope.
            (inner @ Value::Object(_), Some(other)) if name == "data" => take_items(inner, other),
            (list @ Value::Array(_), Some(other)) if name != "links" => *list = other.clone(),
            _ => {}
        }
    }
}

/// Names under which a page is asked for or told of.
pub(crate) const CURSORS: &[&str] = &["cursor", "pageToken", "nextPageToken"];

/// Lets an answer name the page that was asked for as the next one, the last page's answer too.
pub(crate) fn with_own_cursor(plan: Plan, asked: Option<&str>, own: &str) -> Plan {
    let Ok(mut value) = serde_json::from_slice::<Value>(&plan.chunks.concat()) else {
        return plan;
    };
    if let Some(asked) = asked {
        for name in CURSORS {
            if let Some(cursor) = value.get_mut(*name) {
                *cursor = asked.into();
            }
        }
    } else if let Some(links) = value.get_mut("links").and_then(Value::as_array_mut) {
        links.retain(|link| link.get("rel").is_none_or(|rel| rel != "next-page"));
        links.push(json!({ "href": own, "method": "GET", "rel": "next-page" }));
    }
    with_body(plan, &value)
}

fn with_body(mut plan: Plan, value: &Value) -> Plan {
    plan.chunks = vec![serde_json::to_vec(value).unwrap_or_default()];
    plan
}

/// Which requests a rule is for. A member that is absent matches everything.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Match {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) method: Option<String>,
    /// A route as `/__sandbox/routes` lists it, a path, or a path that ends in `*`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) route: Option<String>,
    /// Only the nth request (from 1) that otherwise matches.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) nth: Option<u64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) apikey: Option<String>,
}

/// A rule as it is sent in.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Draft {
    fault: String,
    #[serde(default, rename = "match")]
    matching: Match,
    #[serde(default)]
    times: Option<u64>,
    #[serde(default)]
    probability: Option<f64>,
    #[serde(default)]
    ms: Option<u64>,
    #[serde(default)]
    seconds: Option<i64>,
    #[serde(default)]
    status: Option<u16>,
    #[serde(default)]
    retry_after: Option<Value>,
}

#[derive(Clone, Debug)]
pub(crate) struct Rule {
    pub(crate) id: String,
    pub(crate) fault: Fault,
    pub(crate) matching: Match,
    pub(crate) times: Option<u64>,
    pub(crate) probability: Option<f64>,
    pub(crate) hits: u64,
    seen: u64,
}

/// What a rule is compared with.
#[derive(Debug)]
pub(crate) struct Target<'a> {
    pub(crate) method: &'a str,
    pub(crate) route: Option<&'a str>,
    pub(crate) path: &'a str,
    pub(crate) apikey: Option<&'a str>,
}

impl Rule {
    fn wants(&self, target: &Target<'_>) -> bool {
        let Match {
            method,
            route,
            apikey,
            ..
        } = &self.matching;
        let method_fits = match method {
            Some(method) => method.eq_ignore_ascii_case(target.method),
            // A preflight is the browser's own request: it must not use up the page's fault.
            None => target.method != "OPTIONS" || self.fault.id == "cors-off",
        };
        let route_fits = match route {
            Some(route) => {
                target.route == Some(route.as_str())
                    || target.path == route
                    || route
                        .strip_suffix('*')
                        .is_some_and(|start| target.path.starts_with(start))
            }
            None => {
                self.fault.area == Area::Redirect
                    || target.path.starts_with("/v1/")
                    || target.path.starts_with("/trustoo/api/")
            }
        };
        let key_fits = apikey
            .as_deref()
            .is_none_or(|apikey| Some(apikey) == target.apikey);
        method_fits && route_fits && key_fits
    }

    /// Counts the request, and says whether the fault is played on it.
    fn fires(&mut self, seed: Seed) -> bool {
        if self.times.is_some_and(|times| self.hits >= times) {
            return false;
        }
        self.seen += 1;
        let nth = self.matching.nth.is_none_or(|nth| nth == self.seen);
        let lucky = self.probability.is_none_or(|probability| {
            seed.named("probability")
                .named(&self.id)
                .at(self.seen)
                .unit()
                < probability
        });
        if nth && lucky {
            self.hits += 1;
        }
        nth && lucky
    }
}

/// The ordered rules of one world.
#[derive(Clone, Debug, Default)]
pub(crate) struct Rules {
    pub(crate) list: Vec<Rule>,
    made: u64,
}

impl Rules {
    pub(crate) fn add(&mut self, draft: Draft) -> Result<&Rule, String> {
        if draft
            .probability
            .is_some_and(|value| !(0.0..=1.0).contains(&value))
        {
            return Err("probability must be 0 to 1".to_owned());
        }
        let retry_after = match draft.retry_after {
            None | Some(Value::Null) => None,
            Some(Value::String(text)) => Some(text),
            Some(Value::Number(number)) => Some(number.to_string()),
            Some(_) => return Err("retry_after must be a number or a text".to_owned()),
        };
        let Draft {
            ms,
            seconds,
            status,
            ..
        } = draft;
        let fault = Fault::new(
            &draft.fault,
            Options {
                ms,
                seconds,
                status,
                retry_after,
            },
        )?;
        self.made += 1;
        let rule = Rule {
            id: format!("f{}", self.made),
            fault,
            matching: draft.matching,
            times: draft.times,
            probability: draft.probability,
            hits: 0,
            seen: 0,
        };
        self.list.push(rule);
        self.list
            .last()
            .ok_or_else(|| "no rule was added".to_owned())
    }

    pub(crate) fn remove(&mut self, id: &str) -> bool {
        let before = self.list.len();
        self.list.retain(|rule| rule.id != id);
        self.list.len() < before
    }

    pub(crate) fn clear(&mut self) -> usize {
        std::mem::take(&mut self.list).len()
    }

    /// The first API rule that fires.
    pub(crate) fn pick(&mut self, seed: Seed, target: &Target<'_>) -> Option<Fault> {
        self.list
            .iter_mut()
            .filter(|rule| rule.fault.area == Area::Api && rule.wants(target))
            .find_map(|rule| rule.fires(seed).then(|| rule.fault.clone()))
    }

    /// Every redirect rule that fires: they add up. `coop` belongs to the page, the rest to the
    /// redirect itself.
    pub(crate) fn pick_redirect(
        &mut self,
        seed: Seed,
        target: &Target<'_>,
        coop: bool,
    ) -> Vec<Fault> {
        self.list
            .iter_mut()
            .filter(|rule| rule.fault.area == Area::Redirect && (rule.fault.id == "coop") == coop)
            .filter(|rule| rule.wants(target))
            .filter_map(|rule| rule.fires(seed).then(|| rule.fault.clone()))
            .collect()
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]
mod tests {
    use super::*;

    const TARGET: Target<'_> = Target {
        method: "GET",
        route: Some("/v1/a/{id}"),
        path: "/v1/a/7",
        apikey: Some("k"),
    };

    fn rules(drafts: &[Value]) -> Rules {
        let mut rules = Rules::default();
        for draft in drafts {
            rules
                .add(serde_json::from_value(draft.clone()).unwrap())
                .unwrap();
        }
        rules
    }

    fn picks(rules: &mut Rules, count: usize) -> Vec<String> {
        let mut pick = || rules.pick(Seed::new(1), &TARGET).map(|fault| fault.id);
        (0..count).map(|_| pick().unwrap_or_default()).collect()
    }

    #[test]
    fn sb9_order_times_and_nth() {
        let mut both = rules(&[
            json!({ "fault": "503", "times": 2 }),
            json!({ "fault": "429", "match": { "nth": 2 } }),
        ]);
        // The second rule sees a request only once the first one is used up.
        assert_eq!(picks(&mut both, 5), ["503", "503", "", "429", ""]);
        assert_eq!(
            both.list.iter().map(|rule| rule.hits).collect::<Vec<_>>(),
            [2, 1]
        );
    }

    #[test]
    fn sb9_match_members() {
        for (matching, fits) in [
            (json!({}), true),
            (json!({ "method": "get" }), true),
            (json!({ "method": "POST" }), false),
            (json!({ "route": "/v1/a/{id}" }), true),
            (json!({ "route": "/v1/a/7" }), true),
            (json!({ "route": "/v1/*" }), true),
            (json!({ "route": "/v1/b" }), false),
            (json!({ "apikey": "k" }), true),
            (json!({ "apikey": "other" }), false),
        ] {
            let mut rules = rules(&[json!({ "fault": "503", "match": matching })]);
            assert_eq!(picks(&mut rules, 1) == ["503"], fits, "{matching}");
        }
    }

    #[test]
    fn sb9_probability_comes_from_the_seed() {
        let draft = json!({ "fault": "503", "probability": 0.25 });
        let first = picks(&mut rules(std::slice::from_ref(&draft)), 400);
        assert_eq!(first, picks(&mut rules(&[draft]), 400));
        let hits = first.iter().filter(|id| *id == "503").count();
        assert!((60..140).contains(&hits), "{hits}");
    }

    #[test]
    fn a_preflight_uses_up_no_fault_but_cors_off() {
        let preflight = Target {
            method: "OPTIONS",
            ..TARGET
        };
        let mut rules = rules(&[json!({ "fault": "429", "times": 1 })]);
        assert!(rules.pick(Seed::new(1), &preflight).is_none());
        assert!(rules.pick(Seed::new(1), &TARGET).is_some());
        rules
            .add(serde_json::from_value(json!({ "fault": "cors-off" })).unwrap())
            .unwrap();
        assert!(rules.pick(Seed::new(1), &preflight).is_some());
    }

    #[test]
    fn sb11_query_form() {
        let fault = Fault::parse("429;retry-after=2").unwrap();
        assert_eq!(fault.options.retry_after.as_deref(), Some("2"));
        assert_eq!(Fault::parse("delay; ms=50").unwrap().options.ms, Some(50));
        assert!(Fault::parse("418").is_ok());
        for text in [
            "expires-soon;seconds=3",
            "status;ms=1;status=404;retry-after=2",
        ] {
            assert_eq!(Fault::parse(text).unwrap().query_form(), text);
        }
        for bad in [
            "",
            "nope",
            "429;retry=2",
            "delay;ms=x",
            "status",
            "status;status=200",
            "200",
            "999",
        ] {
            assert!(Fault::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn kinds_have_one_id_each() {
        let mut ids: Vec<_> = KINDS.iter().map(|kind| kind.id).collect();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), KINDS.len());
    }

    #[test]
    fn retry_after_may_be_a_date_or_garbage() {
        assert_eq!(retry_after("2", 0), "2");
        assert_eq!(retry_after("date:2", 0), "Thu, 01 Jan 1970 00:00:02 GMT");
        assert_eq!(retry_after("date:x", 0), "date:x");
    }
}
