//! The calls of an integration partner: SB14, SB16, SB19.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

mod common;

use common::{BACK, KEY, Redirect, SECRET, Tester, form, json};
use plaudit_sandbox::{DEMO_PARTNER, DEMO_PARTNER_CLIENT};
use serde_json::{Value, json};

fn business(tester: &mut Tester, domain: &str) -> String {
    let path = format!("/v1/business-units/find?name={domain}&apikey={KEY}");
    json(&tester.get(&path))["id"].as_str().unwrap().to_owned()
}

impl Tester {
    fn check(&mut self, bearer: &str, partner: &str, business: &str) -> u16 {
        let path = format!("/v1/private/partners/{partner}/check/{business}");
        self.call("GET", &path, bearer, &Value::Null).0
    }

    fn key(&mut self, bearer: &str, partner: &str, business: &str) -> (u16, Value) {
        let path = format!("/v1/private/partners/{partner}/key/{business}");
        self.call("POST", &path, bearer, &Value::Null)
    }
}

#[test]
fn sb19_201_is_yes_and_200_is_no_and_the_key_that_is_made_opens_the_api() {
    let mut tester = Tester::new();
    let bearer = tester.bearer(DEMO_PARTNER_CLIENT, &[]);
    let with = business(&mut tester, "example.com");
    let without = business(&mut tester, "bikes.example");
    assert_eq!(tester.check(&bearer, DEMO_PARTNER, &with), 201);
    assert_eq!(tester.check(&bearer, DEMO_PARTNER, &without), 200);
    assert_eq!(
        tester.key(&bearer, DEMO_PARTNER, &without),
        (200, json!({}))
    );
    let (status, made) = tester.key(&bearer, DEMO_PARTNER, &with);
    let key = made["partnerCustomerKey"].as_str().unwrap().to_owned();
    assert_eq!(status, 201);
    assert!(key.starts_with("plaudit-demo-customer-"), "{key}");
    assert_ne!(tester.key(&bearer, DEMO_PARTNER, &with).1, made);
    let find = |tester: &mut Tester, key: &str| {
        let path = "/v1/business-units/find?name=example.com";
        tester
            .send("GET", path, &[("apikey", key)], "")
            .status
            .as_u16()
    };
    assert_eq!(
        (find(&mut tester, &key), find(&mut tester, &key[1..])),
        (200, 401)
    );
    let entry = tester.requests().into_iter().rev().nth(1).unwrap();
    assert!(
        entry["apikey"].as_str().unwrap().starts_with("key#"),
        "{entry}"
    );

    tester.config(r#"{"partner_permissions":["bikes.example"]}"#);
    assert_eq!(tester.check(&bearer, DEMO_PARTNER, &with), 200);
    assert_eq!(tester.check(&bearer, DEMO_PARTNER, &without), 201);
    tester.control("POST", "reset", r#"{"only":["data"]}"#);
    assert_eq!(find(&mut tester, &key), 401);
}

#[test]
fn who_is_no_partner_gets_403_and_a_wrong_partner_id_404() {
    let mut tester = Tester::new();
    let partner = tester.bearer(DEMO_PARTNER_CLIENT, &[]);
    let other = tester.bearer(KEY, &[]);
    let id = business(&mut tester, "example.com");
    assert_eq!(tester.check(&other, DEMO_PARTNER, &id), 403);
    assert_eq!(tester.key(&other, DEMO_PARTNER, &id).0, 403);
    assert_eq!(tester.check(&partner, "another", &id), 403);
    assert_eq!(tester.key(&partner, "another", &id).0, 404);
    assert_eq!(tester.check(&partner, DEMO_PARTNER, "0123"), 403);
    assert_eq!(tester.check("Bearer no", DEMO_PARTNER, &id), 401);
}

#[test]
fn a_partners_own_token_opens_no_customer_and_the_customers_does() {
    let mut tester = Tester::new();
    let id = business(&mut tester, "example.com");
    let reviews = format!("/v1/private/business-units/{id}/reviews");
    let own = tester.bearer(DEMO_PARTNER_CLIENT, &[]);
    assert_eq!(tester.call("GET", &reviews, &own, &Value::Null).0, 403);
    let mut fields = common::trustpilot("code", "allow");
    fields[0] = ("client_id", DEMO_PARTNER_CLIENT);
    let code = |tester: &mut Tester| {
        let plan = tester.submit("/authenticate", &fields);
        Redirect::of(&plan).query("code").unwrap()
    };
    let first = code(&mut tester);
    let grant = |code: &str| {
        [
            ("grant_type", "authorization_code".to_owned()),
            ("code", code.to_owned()),
            ("redirect_uri", BACK.to_owned()),
            ("client_id", DEMO_PARTNER_CLIENT.to_owned()),
            ("client_secret", SECRET.to_owned()),
        ]
    };
    let send = |tester: &mut Tester, code: &str, headers: &[(&str, &str)]| {
        let fields = grant(code);
        let fields: Vec<_> = fields
            .iter()
            .map(|(name, value)| (*name, value.as_str()))
            .collect();
        let mut all = vec![("content-type", "application/x-www-form-urlencoded")];
        all.extend(headers);
        let path = "/v1/oauth/oauth-business-users-for-applications/accesstoken";
        tester.send("POST", path, &all, &form(&fields))
    };
    // SB14: without a name for it the header is not asked for.
    let answer = json(&send(&mut tester, &first, &[]));
    let customer = format!("Bearer {}", answer["access_token"].as_str().unwrap());
    assert_eq!(tester.call("GET", &reviews, &customer, &Value::Null).0, 200);

    tester.config(r#"{"partner_header":"X-Partner"}"#);
    let second = code(&mut tester);
    for headers in [&[][..], &[("x-partner", "another")]] {
        let plan = send(&mut tester, &second, headers);
        assert_eq!(json(&plan)["ErrorCode"], "invalid_request");
    }
    let named = send(&mut tester, &second, &[("x-partner", DEMO_PARTNER)]);
    assert_eq!(named.status, 200);

    tester.config(
        r#"{"user":{"email":"demo@example.com","password":"plaudit","domains":["books.example"]}}"#,
    );
    assert_eq!(tester.call("GET", &reviews, &customer, &Value::Null).0, 403);
}
