//! Token endpoints of both platforms, and their limit: SB5, SB8, SB14, SB16, SB19.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

mod common;

use common::{BACK, KEY, Redirect, SECRET, TRUSTOO, Tester, form, header, json, trustoo};
use plaudit_sandbox::Plan;
use serde_json::{Value, json};

const ROOT: &str = "/v1/oauth/oauth-business-users-for-applications";
/// `plaudit-demo-key:plaudit-demo-secret`
const BASIC: &str = "Basic cGxhdWRpdC1kZW1vLWtleTpwbGF1ZGl0LWRlbW8tc2VjcmV0";
const FORM: &str = "application/x-www-form-urlencoded";
const USER: [(&str, &str); 3] = [
    ("grant_type", "password"),
    ("username", "demo@example.com"),
    ("password", "plaudit"),
];

fn post(tester: &mut Tester, endpoint: &str, fields: &[(&str, &str)]) -> Plan {
    let headers = [("authorization", BASIC), ("content-type", FORM)];
    tester.send(
        "POST",
        &format!("{ROOT}/{endpoint}"),
        &headers,
        &form(fields),
    )
}

fn token(tester: &mut Tester, fields: &[(&str, &str)]) -> Value {
    let plan = post(tester, "accesstoken", fields);
    assert_eq!(plan.status, 200, "{}", plan.text());
    json(&plan)
}

fn code_fields<'a>(code: &'a str, redirect_uri: &'a str) -> [(&'a str, &'a str); 3] {
    [
        ("grant_type", "authorization_code"),
        ("code", code),
        ("redirect_uri", redirect_uri),
    ]
}

fn refresh_fields(token: &str) -> [(&str, &str); 2] {
    [("grant_type", "refresh_token"), ("refresh_token", token)]
}

fn text<'a>(answer: &'a Value, name: &str) -> &'a str {
    answer[name]
        .as_str()
        .unwrap_or_else(|| panic!("no text {name} in {answer}"))
}

fn names(answer: &Value) -> String {
    let mut names: Vec<_> = answer.as_object().unwrap().keys().cloned().collect();
    names.sort();
    names.join(" ")
}

/// Status and code of a refusal.
fn refusal(plan: &Plan) -> (u16, String) {
    let body = json(plan);
    let code = [&body["ErrorCode"], &body["fault"]["detail"]["errorcode"]]
        .into_iter()
        .find_map(Value::as_str);
    (plan.status.as_u16(), code.unwrap_or_default().to_owned())
}

fn refused(status: u16, code: &str) -> (u16, String) {
    (status, code.to_owned())
}

#[test]
fn client_credentials_give_a_token_and_no_refresh_token() {
    let mut tester = Tester::new();
    let plan = post(
        &mut tester,
        "accesstoken",
        &[("grant_type", "client_credentials")],
    );
    assert_eq!(header(&plan, "cache-control"), Some("no-store"));
    let answer = json(&plan);
    assert_eq!(
        names(&answer),
        "access_token client_id expires_in issued_at token_type"
    );
    assert_eq!(answer["expires_in"], "359999");
    assert_eq!(answer["issued_at"], "1767225600");
    assert_eq!(answer["token_type"], "BearerToken");
    assert_eq!(tester.find_with(text(&answer, "access_token")).status, 200);
}

#[test]
fn sb16_the_password_grant_answers_as_captured_with_marked_tokens() {
    let mut tester = Tester::new();
    let plan = post(&mut tester, "accesstoken", &USER);
    let body = plan.text();
    let mut places = Vec::new();
    for name in [
        "access_token",
        "refresh_token",
        "issued_at",
        "expires_in",
        "token_type",
        "refresh_token_issued_at",
        "refresh_token_expires_in",
        "refresh_token_status",
        "app_enduser",
        "client_id",
    ] {
        places.push(body.find(&format!("\"{name}\":\"")).expect(name));
    }
    assert!(places.is_sorted(), "{body}");
    let answer = json(&plan);
    assert_eq!(answer.as_object().unwrap().len(), places.len());
    assert!(text(&answer, "access_token").starts_with("tpa-sandbox-"));
    assert!(text(&answer, "refresh_token").starts_with("tpr-sandbox-"));
    assert_eq!(answer["refresh_token_expires_in"], "7776000");
    assert_eq!(answer["refresh_token_status"], "approved");
    assert_eq!(tester.find_with(text(&answer, "access_token")).status, 200);
    // A refresh token opens nothing.
    assert_eq!(tester.find_with(text(&answer, "refresh_token")).status, 401);
    let mut wrong = USER;
    wrong[2].1 = "no";
    let plan = post(&mut tester, "accesstoken", &wrong);
    assert_eq!(refusal(&plan), refused(400, "invalid_grant"));
}

#[test]
fn the_client_proves_itself_by_basic_or_in_the_body() {
    let mut tester = Tester::new();
    let path = format!("{ROOT}/accesstoken");
    let mut ask = |basic: Option<&str>, fields: &[(&str, &str)]| {
        let mut headers = vec![(
            "content-type",
            "application/x-www-form-urlencoded; charset=UTF-8",
        )];
        headers.extend(basic.map(|basic| ("authorization", basic)));
        let mut fields = fields.to_vec();
        fields.push(("grant_type", "client_credentials"));
        refusal(&tester.send("POST", &path, &headers, &form(&fields)))
    };
    let good = refused(200, "");
    let bad = refused(401, "oauth.v2.InvalidApiKey");
    let body = [("client_id", KEY), ("client_secret", SECRET)];
    assert_eq!(ask(Some(BASIC), &[]), good);
    assert_eq!(ask(None, &body), good);
    assert_eq!(ask(Some(BASIC), &body), good);
    // plaudit%2Ddemo%2Dkey:plaudit%2Ddemo%2Dsecret, as RFC 6749 wants it
    let encoded = "Basic cGxhdWRpdCUyRGRlbW8lMkRrZXk6cGxhdWRpdCUyRGRlbW8lMkRzZWNyZXQ=";
    assert_eq!(ask(Some(encoded), &[]), good);
    for (basic, fields) in [
        (None, &[][..]),
        (None, &body[..1]),
        (None, &[("client_id", KEY), ("client_secret", "no")]),
        (None, &[("client_id", TRUSTOO), ("client_secret", SECRET)]),
        (Some("Basic x"), &body),
        (
            Some("Bearer cGxhdWRpdC1kZW1vLWtleTpwbGF1ZGl0LWRlbW8tc2VjcmV0"),
            &[],
        ),
        // plaudit-demo-key: and no secret
        (Some("Basic cGxhdWRpdC1kZW1vLWtleTo="), &[]),
    ] {
        assert_eq!(ask(basic, fields), bad, "{basic:?} {fields:?}");
    }
    let other = [("client_id", "another")];
    assert_eq!(ask(Some(BASIC), &other), refused(400, "invalid_request"));
    tester.config(r#"{"clients":[{"client_id":"plaudit-demo-key"}]}"#);
    let plan = post(&mut tester, "accesstoken", &USER);
    assert_eq!(refusal(&plan).0, 401, "a client without a secret");
}

#[test]
fn only_a_form_is_read() {
    let mut tester = Tester::new();
    let path = format!("{ROOT}/accesstoken");
    let body = r#"{"grant_type":"client_credentials"}"#;
    for headers in [
        &[
            ("authorization", BASIC),
            ("content-type", "application/json"),
        ][..],
        &[("authorization", BASIC)],
    ] {
        let plan = tester.send("POST", &path, headers, body);
        assert_eq!(refusal(&plan), refused(415, "invalid_request"));
    }
    // What the PyPI client sends when it has no user.
    let plan = tester.send("POST", &path, &[("authorization", BASIC)], "");
    assert_eq!(refusal(&plan), refused(400, "invalid_request"));
    for fields in [
        &[][..],
        &[("grant_type", "")],
        &[("grant_type", "password"), ("username", "x")],
        &[("grant_type", "refresh_token")],
        &[("grant_type", "authorization_code"), ("code", "x")],
        &[("grant_type", "password"), ("grant_type", "password")],
    ] {
        let plan = post(&mut tester, "accesstoken", fields);
        assert_eq!(
            refusal(&plan),
            refused(400, "invalid_request"),
            "{fields:?}"
        );
    }
    let unsupported = refused(400, "unsupported_grant_type");
    let plan = post(&mut tester, "accesstoken", &[("grant_type", "implicit")]);
    assert_eq!(refusal(&plan), unsupported);
    assert_eq!(refusal(&post(&mut tester, "refresh", &USER)), unsupported);
}

#[test]
fn sb14_a_token_by_get_is_an_option() {
    let mut tester = Tester::new();
    let path = format!("{ROOT}/accesstoken?grant_type=client_credentials");
    let headers = [("authorization", BASIC)];
    let plan = tester.send("GET", &path, &headers, "");
    assert_eq!(
        (plan.status.as_u16(), header(&plan, "allow")),
        (405, Some("POST"))
    );
    tester.config(r#"{"token_get":true}"#);
    let plan = tester.send("GET", &path, &headers, "");
    assert!(json(&plan)["access_token"].is_string());
    let refused = tester.send("GET", &format!("{ROOT}/refresh"), &headers, "");
    assert_eq!(
        (refused.status.as_u16(), header(&refused, "allow")),
        (405, Some("POST"))
    );
}

#[test]
fn sb19_a_code_is_good_once_for_its_client_and_address() {
    let mut tester = Tester::new();
    let code = tester.decide("code", "allow").query("code").unwrap();
    let dead = refused(400, "invalid_grant");
    let other = post(
        &mut tester,
        "accesstoken",
        &code_fields(&code, "http://127.0.0.1:4000/cb"),
    );
    assert_eq!(refusal(&other), dead);
    let clients = tester.control("GET", "config", "")["clients"].clone();
    let mut both = clients.clone();
    both.as_array_mut()
        .unwrap()
        .push(json!({ "client_id": "k2", "client_secret": "s2" }));
    tester.config(&json!({ "clients": both }).to_string());
    let stranger = [
        &code_fields(&code, BACK)[..],
        &[("client_id", "k2"), ("client_secret", "s2")],
    ]
    .concat();
    let plan = tester.submit(&format!("{ROOT}/accesstoken"), &stranger);
    assert_eq!(refusal(&plan), dead);

    let answer = token(&mut tester, &code_fields(&code, BACK));
    assert_eq!(tester.find_with(text(&answer, "access_token")).status, 200);
    assert!(text(&answer, "refresh_token").starts_with("tpr-sandbox-"));
    let again = post(&mut tester, "accesstoken", &code_fields(&code, BACK));
    assert_eq!(refusal(&again), dead);
    for text in [
        "x",
        text(&answer, "access_token"),
        text(&answer, "refresh_token"),
    ] {
        let plan = post(&mut tester, "accesstoken", &code_fields(text, BACK));
        assert_eq!(refusal(&plan), dead, "{text}");
    }
}

#[test]
fn sb5_codes_and_refresh_tokens_end_by_the_clock() {
    let mut tester = Tester::new();
    let code = tester.decide("code", "allow").query("code").unwrap();
    tester.control("POST", "clock", r#"{"advance":600000}"#);
    let late = post(&mut tester, "accesstoken", &code_fields(&code, BACK));
    assert_eq!(refusal(&late), refused(400, "invalid_grant"));
    tester.control("POST", "clock", r#"{"advance":-1}"#);
    let answer = token(&mut tester, &code_fields(&code, BACK));
    tester.control("POST", "clock", r#"{"advance":7776000000}"#);
    let fields = refresh_fields(text(&answer, "refresh_token"));
    assert_eq!(refusal(&post(&mut tester, "refresh", &fields)).0, 400);
    tester.control("POST", "clock", r#"{"advance":-1}"#);
    assert_eq!(post(&mut tester, "refresh", &fields).status, 200);
    tester.config(r#"{"token_lifetime":60,"refresh_token_lifetime":120,"code_lifetime":1}"#);
    let answer = token(&mut tester, &USER);
    assert_eq!(answer["expires_in"], "60");
    assert_eq!(answer["refresh_token_expires_in"], "120");
    tester.control("POST", "clock", r#"{"advance":60000}"#);
    assert_eq!(tester.find_with(text(&answer, "access_token")).status, 401);
}

#[test]
fn sb19_a_refresh_gives_a_new_pair_and_ends_the_old_one() {
    let mut tester = Tester::new();
    let first = token(&mut tester, &USER);
    let old = refresh_fields(text(&first, "refresh_token"));
    let plan = post(&mut tester, "refresh", &old);
    let second = json(&plan);
    assert_eq!(
        names(&second),
        "access_token expires_in issued_at refresh_token refresh_token_expires_in \
         refresh_token_issued_at refresh_token_status token_type"
    );
    assert_ne!(first["refresh_token"], second["refresh_token"]);
    assert_eq!(tester.find_with(text(&first, "access_token")).status, 401);
    assert_eq!(tester.find_with(text(&second, "access_token")).status, 200);
    for endpoint in ["refresh", "accesstoken"] {
        let used = post(&mut tester, endpoint, &old);
        assert_eq!(refusal(&used), refused(400, "invalid_grant"), "{endpoint}");
    }
    // The one that followed lives on, at either address.
    let third = token(&mut tester, &refresh_fields(text(&second, "refresh_token")));
    assert_eq!(tester.find_with(text(&second, "access_token")).status, 401);
    assert_eq!(tester.find_with(text(&third, "access_token")).status, 200);
    // Another sign-in of the same user is another matter.
    let other = token(&mut tester, &USER);
    post(
        &mut tester,
        "refresh",
        &refresh_fields(text(&third, "refresh_token")),
    );
    assert_eq!(tester.find_with(text(&other, "access_token")).status, 200);
}

#[test]
fn sb14_what_a_refresh_does_is_an_option() {
    let mut tester = Tester::new();
    tester.config(r#"{"refresh_rotation":"keep","old_access_token_dies":false}"#);
    let first = token(&mut tester, &USER);
    let fields = refresh_fields(text(&first, "refresh_token"));
    for _ in 0..2 {
        let next = json(&post(&mut tester, "refresh", &fields));
        assert_eq!(next["refresh_token"], first["refresh_token"]);
        assert_ne!(next["access_token"], first["access_token"]);
    }
    assert_eq!(tester.find_with(text(&first, "access_token")).status, 200);
    tester.config(r#"{"refresh_rotation":"omit"}"#);
    let next = json(&post(&mut tester, "refresh", &fields));
    assert_eq!(names(&next), "access_token expires_in issued_at token_type");
    assert_eq!(post(&mut tester, "refresh", &fields).status, 200);
}

#[test]
fn sb14_a_used_refresh_token_may_answer_again_or_end_the_family() {
    let mut tester = Tester::new();
    tester.config(r#"{"refresh_reuse_ms":5000}"#);
    let first = token(&mut tester, &USER);
    let fields = refresh_fields(text(&first, "refresh_token"));
    let second = post(&mut tester, "refresh", &fields).text();
    tester.now += 4_999;
    assert_eq!(post(&mut tester, "refresh", &fields).text(), second);
    tester.now += 1;
    assert_eq!(post(&mut tester, "refresh", &fields).status, 400);
    let second: Value = serde_json::from_str(&second).unwrap();
    assert_eq!(tester.find_with(text(&second, "access_token")).status, 200);

    tester.config(r#"{"refresh_reuse_revokes":true}"#);
    assert_eq!(post(&mut tester, "refresh", &fields).status, 400);
    assert_eq!(tester.find_with(text(&second, "access_token")).status, 401);
    let fields = refresh_fields(text(&second, "refresh_token"));
    assert_eq!(post(&mut tester, "refresh", &fields).status, 400);
}

#[test]
fn sb14_the_answer_of_the_older_gateway() {
    let mut tester = Tester::new();
    tester.config(r#"{"token_answer":"apigee"}"#);
    let answer = token(&mut tester, &USER);
    assert_eq!(answer["issued_at"], "1767225600000");
    assert_eq!(answer["refresh_count"], "0");
    assert_eq!(answer["status"], "approved");
    assert!(answer["api_product_list_json"].is_array());
    let next = post(
        &mut tester,
        "refresh",
        &refresh_fields(text(&answer, "refresh_token")),
    );
    assert_eq!(json(&next)["refresh_count"], "1");
    let bare = token(&mut tester, &[("grant_type", "client_credentials")]);
    assert!(bare["refresh_count"].is_null() && bare["refresh_token"].is_null());
}

#[test]
fn sb19_a_revoked_token_is_dead() {
    let mut tester = Tester::new();
    let answer = token(&mut tester, &USER);
    let (access, refresh) = (
        text(&answer, "access_token"),
        text(&answer, "refresh_token"),
    );
    let plan = post(&mut tester, "revoke", &[("token", access)]);
    assert_eq!((plan.status.as_u16(), plan.text().as_str()), (200, "{}"));
    assert_eq!(tester.find_with(access).status, 401);
    let next = json(&post(&mut tester, "refresh", &refresh_fields(refresh)));
    let (access, refresh) = (text(&next, "access_token"), text(&next, "refresh_token"));
    // Without credentials, as three clients do.
    let path = format!("{ROOT}/revoke");
    let plan = tester.submit(
        &path,
        &[("token", refresh), ("token_type_hint", "refresh_token")],
    );
    assert_eq!(plan.status, 200);
    assert_eq!(tester.find_with(access).status, 401);
    let plan = post(&mut tester, "refresh", &refresh_fields(refresh));
    assert_eq!(refusal(&plan), refused(400, "invalid_grant"));
    assert_eq!(
        post(&mut tester, "revoke", &[("token", "never-given")]).status,
        200
    );
    assert_eq!(post(&mut tester, "revoke", &[]).status, 400);
    let implicit = tester.token();
    post(&mut tester, "revoke", &[("token", &implicit)]);
    assert_eq!(tester.find_with(&implicit).status, 401);
}

#[test]
fn sb19_a_revoked_key_takes_its_tokens_along() {
    let mut tester = Tester::new();
    let answer = token(&mut tester, &USER);
    let config = tester.control("GET", "config", "");
    tester.config(r#"{"clients":[{"client_id":"k2","client_secret":"s2"}]}"#);
    assert_eq!(tester.find_with(text(&answer, "access_token")).status, 401);
    let fields = refresh_fields(text(&answer, "refresh_token"));
    assert_eq!(post(&mut tester, "refresh", &fields).status, 401);
    tester.config(&json!({ "clients": config["clients"] }).to_string());
    assert_eq!(tester.find_with(text(&answer, "access_token")).status, 200);
    assert_eq!(post(&mut tester, "refresh", &fields).status, 200);
}

#[test]
fn odd_token_requests_get_an_answer() {
    let mut tester = Tester::new();
    let paths = [
        format!("{ROOT}/accesstoken"),
        format!("{ROOT}/revoke"),
        "/trustoo/api/v1/openapi/oauth/token".to_owned(),
        "/trustoo/api/v1/openapi/oauth_revoke_token".to_owned(),
    ];
    let bodies: [&[u8]; 7] = [
        b"",
        b"%",
        b"\xff\xfe=\xff&grant_type=%ff",
        b"{\"client_id\":[{}],\"client_secret\":1e999}",
        b"{\"client_id\":{\"a\":[]},\"client_secret\":true,\"grant_type\":null}",
        b"[[[[[[",
        b"=&=&=",
    ];
    let headers: [&[u8]; 6] = [
        b"",
        b"\xff",
        b"Basic \xff\xff",
        b"Basic /////////w==",
        b"Basic Og==",
        b"basic  Ojo6",
    ];
    for path in &paths {
        for body in bodies {
            for header in headers {
                for kind in [FORM, "application/json", "text/plain; \u{7f}"] {
                    let request = http::Request::post(path).header("authorization", header);
                    let request = match http::HeaderValue::from_str(kind) {
                        Ok(kind) => request.header("content-type", kind),
                        Err(_) => request,
                    };
                    let plan = tester
                        .sandbox
                        .handle(tester.now, request.body(body.to_vec()).unwrap());
                    let status = plan.status.as_u16();
                    assert!((200..500).contains(&status) && json(&plan).is_object());
                }
            }
        }
    }
    assert_eq!(tester.control("GET", "verify", "")["ok"], true);
}

#[test]
fn sb14_revoking_may_want_credentials_and_never_wrong_ones() {
    let mut tester = Tester::new();
    let path = format!("{ROOT}/revoke");
    let alive = tester.token();
    let wrong = [
        ("token", alive.as_str()),
        ("client_id", KEY),
        ("client_secret", "no"),
    ];
    assert_eq!(tester.submit(&path, &wrong).status, 401);
    tester.config(r#"{"revoke_auth":"required"}"#);
    assert_eq!(tester.submit(&path, &[("token", &alive)]).status, 401);
    assert_eq!(tester.find_with(&alive).status, 200);
    let clients =
        r#"{"clients":[{"client_id":"k2","client_secret":"s2"},{"client_id":"plaudit-demo-key"}]}"#;
    tester.config(clients);
    let other = [
        ("token", alive.as_str()),
        ("client_id", "k2"),
        ("client_secret", "s2"),
    ];
    assert_eq!(
        refusal(&tester.submit(&path, &other)),
        refused(400, "invalid_grant")
    );
    assert_eq!(tester.find_with(&alive).status, 200);
}

#[test]
fn sb14_refusals_as_rfc_6749_words_them() {
    let mut tester = Tester::new();
    tester.config(r#"{"token_errors":"rfc6749"}"#);
    let plan = post(&mut tester, "refresh", &refresh_fields("x"));
    assert_eq!(
        json(&plan),
        json!({ "error": "invalid_grant", "error_description": "The refresh token is not valid" })
    );
    let plan = tester.submit(&format!("{ROOT}/accesstoken"), &USER);
    assert_eq!(
        (plan.status.as_u16(), json(&plan)["error"].as_str()),
        (401, Some("invalid_client"))
    );
    assert!(header(&plan, "www-authenticate").is_some_and(|value| value.starts_with("Basic ")));
}

#[test]
fn too_many_tokens_are_429_until_the_window_ends() {
    let mut tester = Tester::new();
    tester.config(r#"{"limits":{"token":[{"calls":2,"seconds":60}]}}"#);
    let fields = [("grant_type", "client_credentials")];
    token(&mut tester, &fields);
    // A refused grant is a call as well; an unknown client spends nobody's allowance.
    assert_eq!(
        post(&mut tester, "refresh", &refresh_fields("x")).status,
        400
    );
    assert_eq!(
        tester
            .submit(&format!("{ROOT}/accesstoken"), &fields)
            .status,
        401
    );
    let plan = post(&mut tester, "accesstoken", &fields);
    assert_eq!(
        refusal(&plan),
        refused(429, "policies.ratelimit.QuotaViolation")
    );
    assert_eq!(header(&plan, "retry-after"), None);
    // The API is counted apart.
    assert_eq!(tester.find("").status, 200);
    tester.now += 59_999;
    assert_eq!(post(&mut tester, "accesstoken", &fields).status, 429);
    tester.now += 1;
    assert_eq!(post(&mut tester, "accesstoken", &fields).status, 200);
}

#[test]
fn the_allowance_of_the_api_is_833_in_five_minutes_and_10_000_an_hour() {
    let mut tester = Tester::new();
    let statuses = |tester: &mut Tester, count: usize| {
        let found = |tester: &mut Tester| tester.find("").status.as_u16();
        let all: Vec<_> = (0..count).map(|_| found(tester)).collect();
        let good = all.iter().filter(|status| **status == 200).count();
        (good, all.last().copied().unwrap())
    };
    assert_eq!(statuses(&mut tester, 834), (833, 429));
    let plan = tester.find("");
    assert_eq!(
        refusal(&plan),
        refused(429, "policies.ratelimit.QuotaViolation")
    );
    assert_eq!(header(&plan, "retry-after"), None);
    assert_eq!(header(&plan, "access-control-allow-origin"), Some("*"));
    // Neither a preflight, a played fault nor a wrong key takes from it or is refused by it.
    let path = "/v1/business-units/find?name=example.com";
    assert_eq!(tester.send("OPTIONS", path, &[], "").status, 200);
    assert_eq!(tester.find("&__fault=503").status, 503);
    assert_eq!(tester.get(path).status, 401);
    tester.now += 299_999;
    assert_eq!(statuses(&mut tester, 1), (0, 429));
    tester.now += 1;
    assert_eq!(statuses(&mut tester, 834), (833, 429));
    let api = tester.control("GET", "config", "")["limits"]["api"].clone();
    let hour = json!({ "calls": 10_000, "seconds": 3_600 });
    assert_eq!(api, json!([{ "calls": 833, "seconds": 300 }, hour]));
    // Twelve times 833 stay below 10 000: the hour counts where the short window does not.
    tester.config(&json!({ "limits": { "api": [hour] } }).to_string());
    assert_eq!(statuses(&mut tester, 10_000 - 2 * 833), (8_334, 200));
    tester.now += 3_299_999;
    assert_eq!(statuses(&mut tester, 1), (0, 429));
    tester.now += 1;
    assert_eq!(statuses(&mut tester, 1), (1, 200));
}

#[test]
fn sb2_sb7_an_allowance_belongs_to_a_key_in_a_world_and_can_be_reset() {
    let mut tester = Tester::new();
    tester.config(r#"{"limits":{"api":[{"calls":1,"seconds":60}]}}"#);
    assert_eq!(tester.find("").status, 200);
    assert_eq!(tester.find("").status, 429);
    // A token spends what belongs to its key.
    let implicit = tester.token();
    assert_eq!(tester.find_with(&implicit).status, 429);
    tester.world = "/w/other";
    assert_eq!(tester.find("").status, 200);
    tester.world = "";
    tester.control("POST", "reset", r#"{"only":["allowances"]}"#);
    assert_eq!(tester.find_with(&implicit).status, 200);
    assert_eq!(tester.find("").status, 429);
    tester.config(r#"{"limits":{"api":[]}}"#);
    assert!((0..50).all(|_| tester.find("").status == 200));
    let config = tester.control("GET", "config", "");
    assert_eq!(
        config["limits"]["token"],
        json!([{ "calls": 100, "seconds": 300 }])
    );
}

#[test]
fn sb14_a_429_may_say_when_to_come_back() {
    let mut tester = Tester::new();
    for (hint, expected) in [
        ("none", None),
        ("seconds", Some("60")),
        ("date", Some("Thu, 01 Jan 2026 00:01:00 GMT")),
    ] {
        tester.control("POST", "reset", r#"{"only":["allowances"]}"#);
        let limits = json!({ "api": [{ "calls": 1, "seconds": 60 }], "retry_after": hint });
        tester.config(&json!({ "limits": limits }).to_string());
        tester.find("");
        assert_eq!(header(&tester.find(""), "retry-after"), expected);
    }
    for bad in [
        r#"{"limits":{"apis":[]}}"#,
        r#"{"limits":{"retry_after":"x"}}"#,
    ] {
        assert_eq!(
            tester.send("POST", "/__sandbox/config", &[], bad).status,
            400
        );
    }
}

#[test]
fn sb8_no_secret_of_a_token_call_stands_in_the_journal() {
    let mut tester = Tester::new();
    let answer = token(&mut tester, &USER);
    let refresh = text(&answer, "refresh_token").to_owned();
    tester.get(&format!(
        "{ROOT}/refresh?refresh_token={refresh}&client_secret={SECRET}"
    ));
    tester.get(&format!("/v1/{SECRET}/{refresh}"));
    tester.submit(&format!("{ROOT}/revoke"), &[("token", &refresh)]);
    let entries = tester.requests();
    let journal = format!("{entries:?}");
    for secret in [SECRET, &refresh, "cGxhdWRpdC1kZW1v", "demo@example.com"] {
        assert!(!journal.contains(secret), "{secret} stands in {journal}");
    }
    assert_eq!(entries[0]["authorization"], "Basic sec#1");
    assert_eq!(
        entries[1]["query"],
        "refresh_token=ref#1&client_secret=sec#2"
    );
    assert_eq!(entries[1]["token_seen"], json!(["query"]));
    assert_eq!(entries[3]["token_seen"], json!(["body"]));
}

#[test]
fn token_endpoints_play_faults() {
    let mut tester = Tester::new();
    tester.fault(&format!(
        r#"{{"fault":"400","times":1,"match":{{"route":"{ROOT}/refresh"}}}}"#
    ));
    let answer = token(&mut tester, &USER);
    let fields = refresh_fields(text(&answer, "refresh_token"));
    assert_eq!(post(&mut tester, "refresh", &fields).status, 400);
    assert_eq!(post(&mut tester, "refresh", &fields).status, 200);
    tester.fault(r#"{"fault":"503"}"#);
    assert_eq!(post(&mut tester, "accesstoken", &USER).status, 503);
    assert_eq!(shop(&mut tester, json!({})).status, 503);
}

// --- Trustoo ---

fn trustoo_post(tester: &mut Tester, path: &str, body: &Value) -> Plan {
    let headers = [("content-type", "application/json")];
    let path = format!("/trustoo/api/v1/openapi/{path}");
    tester.send("POST", &path, &headers, &body.to_string())
}

/// A request for a token, with the client's credentials.
fn shop(tester: &mut Tester, mut fields: Value) -> Plan {
    let members = fields.as_object_mut().unwrap();
    members.insert("client_id".into(), TRUSTOO.into());
    members.insert("client_secret".into(), SECRET.into());
    trustoo_post(tester, "oauth/token", &fields)
}

fn shop_code(tester: &mut Tester, scope: &str) -> String {
    let mut fields = trustoo("allow");
    fields.push(("scope", scope));
    let plan = tester.submit("/trustoo/oauth/authorize", &fields);
    Redirect::of(&plan).query("code").unwrap()
}

fn shop_token(tester: &mut Tester) -> Value {
    let code = shop_code(tester, "read_orders write_reviews");
    let fields = json!({ "grant_type": "authorization_code", "code": code, "redirect_uri": BACK });
    json(&shop(tester, fields))
}

#[test]
fn trustoo_answers_in_its_envelope_with_base64_tokens() {
    let mut tester = Tester::new();
    let answer = shop_token(&mut tester);
    assert_eq!(names(&answer), "code data message request_id time");
    assert_eq!(
        (&answer["code"], &answer["message"]),
        (&json!(0), &json!("success"))
    );
    assert_eq!(answer["time"], 1_767_225_600);
    assert_eq!(text(&answer, "request_id").len(), 32);
    let data = &answer["data"];
    assert_eq!(
        names(data),
        "access_token expires_in refresh_token scope token_type"
    );
    assert_eq!(data["expires_in"], "3600");
    assert_eq!(data["token_type"], "Bearer");
    assert_eq!(data["scope"], "read_orders,write_reviews");
    let tokens = ["access_token", "refresh_token"].map(|name| text(data, name));
    for token in tokens {
        assert!(
            token.len() == 24 && token.starts_with("sbx") && token.ends_with("=="),
            "{token}"
        );
    }
    assert!(tokens.iter().any(|token| token.contains('+')));
    assert_ne!(
        text(&shop_token(&mut tester), "request_id"),
        text(&answer, "request_id")
    );
}

#[test]
fn sb19_trustoo_codes_are_used_once_and_refresh_tokens_change() {
    let mut tester = Tester::new();
    let code = shop_code(&mut tester, "read_reviews");
    let fields = |redirect_uri: &str| json!({ "grant_type": "authorization_code", "code": code, "redirect_uri": redirect_uri });
    assert_eq!(
        json(&shop(&mut tester, fields("http://127.0.0.1/")))["code"],
        5
    );
    let first = json(&shop(&mut tester, fields(BACK)));
    assert_eq!(first["code"], 0);
    assert_eq!(json(&shop(&mut tester, fields(BACK)))["code"], 5);
    let refresh =
        json!({ "grant_type": "refresh_token", "refresh_token": first["data"]["refresh_token"] });
    let second = json(&shop(&mut tester, refresh.clone()));
    assert_eq!(second["data"]["scope"], "read_reviews");
    assert_ne!(
        second["data"]["refresh_token"],
        first["data"]["refresh_token"]
    );
    assert_eq!(json(&shop(&mut tester, refresh))["code"], 5);
    // Trustpilot's endpoint knows nothing of it.
    let token = text(&second["data"], "refresh_token").to_owned();
    assert_eq!(
        post(&mut tester, "refresh", &refresh_fields(&token)).status,
        400
    );

    let body = json!({ "client_id": TRUSTOO, "client_secret": SECRET, "token": token });
    let plan = trustoo_post(&mut tester, "oauth_revoke_token", &body);
    assert_eq!((plan.status.as_u16(), plan.text().as_str()), (200, "{}"));
    let refresh = json!({ "grant_type": "refresh_token", "refresh_token": token });
    assert_eq!(json(&shop(&mut tester, refresh))["code"], 5);
}

#[test]
fn a_token_of_one_platform_is_none_of_the_other() {
    let mut tester = Tester::new();
    let same = json!({ "provider": "trustoo", "client_id": KEY, "client_secret": SECRET,
        "platform": true });
    let own = json!({ "client_id": KEY, "client_secret": SECRET });
    tester.config(&json!({ "clients": [own, same] }).to_string());
    let fields = json!({ "grant_type": "client_credentials", "client_id": KEY,
        "client_secret": SECRET });
    let answer = json(&trustoo_post(&mut tester, "oauth/token", &fields));
    let foreign = text(&answer["data"], "access_token").to_owned();
    assert_eq!(tester.find_with(&foreign).status, 401);
    let own = token(&mut tester, &USER);
    let fields = json!({ "grant_type": "refresh_token", "client_id": KEY,
        "client_secret": SECRET, "refresh_token": own["refresh_token"] });
    let answer = json(&trustoo_post(&mut tester, "oauth/token", &fields));
    assert_eq!(answer["code"], 5);
    let body = json!({ "client_id": KEY, "client_secret": SECRET, "token": own["access_token"] });
    trustoo_post(&mut tester, "oauth_revoke_token", &body);
    assert_eq!(tester.find_with(text(&own, "access_token")).status, 200);
}

#[test]
fn trustoo_gives_client_credentials_to_platforms_alone() {
    let mut tester = Tester::new();
    let fields = json!({ "grant_type": "client_credentials", "scope": "read_shop_install_status" });
    assert_eq!(json(&shop(&mut tester, fields.clone()))["code"], 8);
    tester.config(
        &json!({ "clients": [{ "provider": "trustoo", "client_id": TRUSTOO,
            "client_secret": SECRET, "platform": true }] })
        .to_string(),
    );
    let answer = json(&shop(&mut tester, fields));
    assert_eq!(answer["data"]["scope"], "read_shop_install_status");
    assert!(answer["data"]["refresh_token"].is_null());
}

#[test]
fn a_platform_of_trustoos_has_a_token_of_its_own() {
    let mut tester = Tester::new();
    let grant = json!({ "grant_type": "client_credentials", "client_secret": SECRET,
        "client_id": plaudit_sandbox::DEMO_TRUSTOO_PLATFORM });
    let answer = json(&trustoo_post(&mut tester, "oauth/token", &grant));
    assert_eq!(answer["code"], 0);
    let bearer = format!("Bearer {}", text(&answer["data"], "access_token"));
    let path = "/trustoo/api/v1/openapi/get_shop_webhooks";
    assert_eq!(tester.call("GET", path, &bearer, &Value::Null).1["code"], 0);
}

#[test]
fn sb14_trustoo_may_tell_the_redirect_as_json() {
    let mut tester = Tester::new();
    tester.config(r#"{"trustoo_authorize":"json"}"#);
    let answer = json(&tester.submit("/trustoo/oauth/authorize", &trustoo("allow")));
    let data = &answer["data"];
    assert_eq!(
        (&answer["code"], &data["state"]),
        (&json!(0), &json!("st-1 &+"))
    );
    assert!(text(data, "redirect_url").starts_with(BACK));
    let fields = json!({ "grant_type": "authorization_code", "code": data["code"],
        "redirect_uri": BACK });
    assert_eq!(json(&shop(&mut tester, fields))["code"], 0);
    let denied = json(&tester.submit("/trustoo/oauth/authorize", &trustoo("deny")));
    assert!(text(&denied["data"], "redirect_url").contains("error=access_denied"));
    assert_eq!(denied["data"]["code"], Value::Null);
}

#[test]
fn pkce_is_not_looked_at() {
    let mut tester = Tester::new();
    let mut fields = common::trustpilot("code", "allow");
    fields.push((
        "code_challenge",
        "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM",
    ));
    fields.push(("code_challenge_method", "S256"));
    let code = Redirect::of(&tester.submit("/authenticate", &fields))
        .query("code")
        .unwrap();
    let mut fields = code_fields(&code, BACK).to_vec();
    fields.push(("code_verifier", "another"));
    token(&mut tester, &fields);
}

#[test]
fn sb14_trustoo_errors_are_numbers_and_perhaps_statuses() {
    let mut tester = Tester::new();
    let wrong = json!({ "client_id": TRUSTOO, "client_secret": "no", "grant_type": "x" });
    let unknown = json!({ "client_id": TRUSTOO, "client_secret": SECRET, "grant_type": "x" });
    let code = json!({ "client_id": TRUSTOO, "client_secret": SECRET,
        "grant_type": "authorization_code", "code": "x", "redirect_uri": BACK });
    let cases = [
        (json!([]), 3, 400),
        (json!({}), 3, 400),
        (json!({ "client_id": 7, "client_secret": null }), 3, 400),
        (wrong, 16, 401),
        (unknown, 3, 400),
        (code, 5, 404),
    ];
    for option in ["envelope", "status"] {
        tester.config(&json!({ "trustoo_errors": option }).to_string());
        for (body, number, status) in &cases {
            let plan = trustoo_post(&mut tester, "oauth/token", body);
            let answer = json(&plan);
            assert_eq!(answer["code"], *number, "{body}");
            assert!(answer["data"].is_null() && answer["message"].is_string());
            let status = if option == "status" { *status } else { 200 };
            assert_eq!(plan.status.as_u16(), status, "{body}");
        }
        let path = "/trustoo/api/v1/openapi/oauth/token";
        let fields = [("client_id", TRUSTOO), ("client_secret", SECRET)];
        assert_eq!(
            json(&tester.submit(path, &fields))["code"],
            3,
            "a form is no JSON"
        );
        let plan = trustoo_post(&mut tester, "oauth_revoke_token", &json!({ "token": "x" }));
        assert_eq!(json(&plan)["code"], 3);
        let plan = tester.get("/trustoo/api/v1/reviews/get_products_rating?shop=none");
        let expected = if option == "status" { 404 } else { 200 };
        assert_eq!(
            (json(&plan)["code"].as_u64(), plan.status.as_u16()),
            (Some(5), expected)
        );
    }
}
