//! A client for the sandbox as a value.

#![allow(dead_code, clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use http::Request;
use plaudit_sandbox::{Options, Plan, Sandbox, Start};
use serde_json::Value;

/// 2026-01-01T00:00:00Z
pub const NOW: u64 = 1_767_225_600_000;
pub const KEY: &str = plaudit_sandbox::DEMO_CLIENT;
pub const SECRET: &str = plaudit_sandbox::DEMO_SECRET;
pub const TRUSTOO: &str = plaudit_sandbox::DEMO_TRUSTOO_CLIENT;
pub const BACK: &str = "http://127.0.0.1:4000/cb?own=1";

pub struct Tester {
    pub sandbox: Sandbox,
    pub now: u64,
    pub world: &'static str,
}

impl Tester {
    pub fn new() -> Self {
        Self::seeded(1)
    }

    pub fn seeded(seed: u64) -> Self {
        let sandbox = Sandbox::new(Options {
            seed,
            clock: Start::Running,
        });
        Self {
            sandbox,
            now: NOW,
            world: "",
        }
    }

    pub fn send(&mut self, method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> Plan {
        let mut request = Request::builder()
            .method(method)
            .uri(format!("{}{path}", self.world))
            .header("host", "127.0.0.1:4700");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        self.sandbox
            .handle(self.now, request.body(body.as_bytes().to_vec()).unwrap())
    }

    pub fn get(&mut self, path: &str) -> Plan {
        self.send("GET", path, &[], "")
    }

    pub fn control(&mut self, method: &str, path: &str, body: &str) -> Value {
        let plan = self.send(method, &format!("/__sandbox/{path}"), &[], body);
        assert!(
            plan.status.is_success(),
            "{method} {path}: {} {}",
            plan.status,
            plan.text()
        );
        serde_json::from_str(&plan.text()).unwrap()
    }

    pub fn config(&mut self, patch: &str) {
        self.control("POST", "config", patch);
    }

    pub fn fault(&mut self, rule: &str) -> String {
        let added = self.control("POST", "faults", rule);
        added["id"].as_str().unwrap().to_owned()
    }

    pub fn requests(&mut self) -> Vec<Value> {
        self.control("GET", "requests", "")["requests"]
            .as_array()
            .unwrap()
            .clone()
    }

    pub fn find(&mut self, extra: &str) -> Plan {
        self.get(&format!(
            "/v1/business-units/find?name=example.com&apikey={KEY}{extra}"
        ))
    }

    pub fn submit(&mut self, path: &str, fields: &[(&str, &str)]) -> Plan {
        self.send(
            "POST",
            path,
            &[("content-type", "application/x-www-form-urlencoded")],
            &form(fields),
        )
    }

    pub fn find_with(&mut self, token: &str) -> Plan {
        let bearer = format!("Bearer {token}");
        let path = "/v1/business-units/find?name=example.com";
        self.send("GET", path, &[("authorization", &bearer)], "")
    }

    /// Sends Trustpilot's form as the demo user.
    pub fn decide(&mut self, response_type: &str, decision: &str) -> Redirect {
        let fields = trustpilot(response_type, decision);
        Redirect::of(&self.submit("/authenticate", &fields))
    }

    /// The `Authorization` of a client's own token, or of the grant in `fields`.
    pub fn bearer(&mut self, client_id: &str, fields: &[(&str, &str)]) -> String {
        let mut all = vec![("client_id", client_id), ("client_secret", SECRET)];
        if fields.is_empty() {
            all.push(("grant_type", "client_credentials"));
        }
        all.extend(fields);
        let path = "/v1/oauth/oauth-business-users-for-applications/accesstoken";
        let answer = json(&self.submit(path, &all));
        let token = answer["access_token"].as_str();
        format!("Bearer {}", token.unwrap_or_else(|| panic!("{answer}")))
    }

    /// The `Authorization` of a shop's token with these scopes.
    pub fn shop_bearer(&mut self, scope: &str) -> String {
        let mut fields = trustoo("allow");
        fields.push(("scope", scope));
        let plan = self.submit("/trustoo/oauth/authorize", &fields);
        let code = Redirect::of(&plan).query("code").unwrap();
        let body = serde_json::json!({ "client_id": TRUSTOO, "client_secret": SECRET,
            "grant_type": "authorization_code", "code": code, "redirect_uri": BACK });
        let path = "/trustoo/api/v1/openapi/oauth/token";
        let kind = [("content-type", "application/json")];
        let answer = json(&self.send("POST", path, &kind, &body.to_string()));
        let token = answer["data"]["access_token"].as_str();
        format!("Bearer {}", token.unwrap_or_else(|| panic!("{answer}")))
    }

    /// Sends JSON with an `Authorization`; status and answer, null where there is none.
    pub fn call(
        &mut self,
        method: &str,
        path: &str,
        authorization: &str,
        body: &Value,
    ) -> (u16, Value) {
        let kind = ("content-type", "application/json");
        let text = if body.is_null() {
            String::new()
        } else {
            body.to_string()
        };
        let plan = self.send(
            method,
            path,
            &[kind, ("authorization", authorization)],
            &text,
        );
        let answer = serde_json::from_str(&plan.text()).unwrap_or_default();
        (plan.status.as_u16(), answer)
    }

    pub fn token(&mut self) -> String {
        self.decide("token", "allow")
            .fragment("access_token")
            .unwrap()
    }
}

pub fn trustpilot<'a>(response_type: &'a str, decision: &'a str) -> Vec<(&'a str, &'a str)> {
    vec![
        ("client_id", KEY),
        ("redirect_uri", BACK),
        ("response_type", response_type),
        ("state", "st-1 &+"),
        ("email", "demo@example.com"),
        ("password", "plaudit"),
        ("decision", decision),
    ]
}

pub fn trustoo(decision: &str) -> Vec<(&str, &str)> {
    let mut fields = trustpilot("code", decision);
    fields[0] = ("client_id", TRUSTOO);
    fields
}

pub fn form(fields: &[(&str, &str)]) -> String {
    form_urlencoded::Serializer::new(String::new())
        .extend_pairs(fields)
        .finish()
}

pub fn header<'a>(plan: &'a Plan, name: &str) -> Option<&'a str> {
    plan.headers.get(name).map(|value| value.to_str().unwrap())
}

pub fn json(plan: &Plan) -> Value {
    serde_json::from_str(&plan.text()).unwrap_or_else(|_| panic!("no JSON: {}", plan.text()))
}

/// A redirect taken apart.
#[derive(Debug)]
pub struct Redirect {
    pub location: String,
    pub query: Vec<(String, String)>,
    pub fragment: Vec<(String, String)>,
}

impl Redirect {
    pub fn of(plan: &Plan) -> Self {
        assert_eq!(plan.status, 303, "{}", plan.text());
        let location = header(plan, "location").unwrap().to_owned();
        let (rest, fragment) = location.split_once('#').unwrap_or((&location, ""));
        let (_, query) = rest.split_once('?').unwrap_or((rest, ""));
        let pairs = |text: &str| {
            form_urlencoded::parse(text.as_bytes())
                .into_owned()
                .collect()
        };
        Self {
            query: pairs(query),
            fragment: pairs(fragment),
            location: location.clone(),
        }
    }

    pub fn query(&self, name: &str) -> Option<String> {
        one(&self.query, name)
    }

    pub fn fragment(&self, name: &str) -> Option<String> {
        one(&self.fragment, name)
    }

    pub fn count(&self, name: &str) -> usize {
        self.query
            .iter()
            .chain(&self.fragment)
            .filter(|(known, _)| known == name)
            .count()
    }
}

fn one(pairs: &[(String, String)], name: &str) -> Option<String> {
    pairs
        .iter()
        .find(|(known, _)| known == name)
        .map(|(_, value)| value.clone())
}
