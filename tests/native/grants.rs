//! Token requests, and what the platforms answer to them: the published vectors, and what must hold
//! whatever comes.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

use plaudit::Code;
use plaudit::server::Secret;
use plaudit::server::grants::{
    RevokeRequest, TokenAnswer, TokenRequest, TokenResult, describe_server, read_revoke_answer,
    read_token_answer, retry_after_ms, revoke_request, token_request,
};
use proptest::prelude::*;
use serde_json::{Map, Value, json};

const VECTORS: &str = include_str!("../vectors/tokens.json");

fn cases(list: &str) -> Vec<Value> {
    let vectors: Value = serde_json::from_str(VECTORS).unwrap();
    vectors[list].as_array().unwrap().clone()
}

fn without(case: &Value, names: &[&str]) -> Value {
    let mut case = case.clone();
    for name in ["id", "rules", "title", "request", "error", "result"]
        .iter()
        .chain(names)
    {
        case.as_object_mut().unwrap().remove(*name);
    }
    case
}

/// A request as the vectors have it.
fn written(request: &Value) -> Value {
    let headers: Map<String, Value> = request["headers"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| (it[0].as_str().unwrap().to_owned(), it[1].clone()))
        .collect();
    let body = request["body"].as_str().unwrap();
    let is_json = headers["content-type"] == "application/json";
    let body = if is_json {
        serde_json::from_str(body).unwrap()
    } else {
        json!(body)
    };
    assert_eq!(request["method"], "POST");
    json!({ "url": request["url"], "headers": headers, "body": body })
}

fn requests(list: &str, make: impl Fn(Value) -> Result<Value, plaudit::Error>) {
    for case in cases(list) {
        let id = case["id"].as_str().unwrap();
        match (make(without(&case, &[])), case.get("request")) {
            (Ok(request), Some(expected)) => assert_eq!(&written(&request), expected, "{id}"),
            (Err(error), None) => {
                assert_eq!(error.code(), Code::InvalidArgument, "{id}");
                assert_eq!(error.subject(), case["error"], "{id}");
            }
            (got, _) => panic!("{id}: {got:?}"),
        }
    }
}

#[test]
fn t1_t2_t3_t4_token_requests() {
    requests("tokenRequests", |case| {
        let request: TokenRequest = serde_json::from_value(case).unwrap();
        Ok(serde_json::to_value(token_request(request)?).unwrap())
    });
}

#[test]
fn t5_revoke_requests() {
    requests("revokeRequests", |case| {
        let request: RevokeRequest = serde_json::from_value(case).unwrap();
        Ok(serde_json::to_value(revoke_request(request)?).unwrap())
    });
}

fn answer(case: &Value) -> TokenAnswer {
    let mut input = without(case, &["bodyText"]);
    let body = case.get("bodyText").cloned();
    input["body"] = body.unwrap_or_else(|| json!(case["body"].to_string()));
    if input.get("now").is_none() {
        input["now"] = json!(0);
    }
    serde_json::from_value(input).unwrap()
}

type Read = fn(TokenAnswer) -> Result<TokenResult, plaudit::Error>;

#[test]
fn t6_t7_t8_t9_tm4_tm8_tm12_tm13_tm14_answers() {
    let mut failures = Vec::new();
    for (list, read) in [
        ("tokenAnswers", read_token_answer as Read),
        ("revokeAnswers", read_revoke_answer as Read),
    ] {
        for case in cases(list) {
            let result = read(answer(&case)).unwrap();
            let result = serde_json::to_value(&result).unwrap();
            if result != case["result"] {
                failures.push(format!("{}: {result}, not {}", case["id"], case["result"]));
            }
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
fn every_debug_hides_what_it_holds() {
    let planted = "s3cr3t-of-the-client";
    for case in cases("tokenRequests") {
        let request: TokenRequest = serde_json::from_value(without(&case, &[])).unwrap();
        assert!(!format!("{request:?}").contains(planted), "{}", case["id"]);
        if let Ok(outgoing) = token_request(request) {
            let shown = format!("{outgoing:?}");
            assert!(
                !shown.contains(planted) && !shown.contains("Basic"),
                "{shown}"
            );
        }
    }
    let granted = json!({ "access_token": "tpa-planted", "refresh_token": "tpr-planted" });
    let result = read_token_answer(TokenAnswer {
        body: Secret::from(granted.to_string()),
        ..plain(200)
    });
    assert!(!format!("{result:?}").contains("planted"));
}

#[test]
fn profiles_are_told() {
    let told = |provider: &str| {
        let input = serde_json::from_value(json!({ "provider": provider })).unwrap();
        serde_json::to_value(describe_server(input).unwrap()).unwrap()
    };
    let trustpilot = told("trustpilot");
    assert_eq!(trustpilot["hasRefreshEndpoint"], true);
    assert_eq!(trustpilot["businessUserHeader"], "x-business-user-id");
    assert_eq!(trustpilot["refreshReuseMs"], Value::Null);
    let trustoo = told("trustoo");
    assert_eq!(trustoo["hasRefreshEndpoint"], false);
    assert!(
        !trustoo["grants"]
            .as_array()
            .unwrap()
            .contains(&json!("password"))
    );
}

fn plain(status: u16) -> TokenAnswer {
    TokenAnswer {
        provider: "trustpilot".to_owned(),
        status,
        retry_after: None,
        body: Secret::from(""),
        now: 0.0,
        sent: Vec::new(),
        invalid_grant_codes: None,
    }
}

/// JSON of the members that a token endpoint may send, with anything in them.
fn bodies(planted: &'static str) -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(json!(null)),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        ".{0,20}".prop_map(Value::from),
        "[a-z_]{1,12}".prop_map(Value::from),
        (".{0,9}", ".{0,9}").prop_map(move |(a, b)| json!(format!("{a}{planted}{b}"))),
        Just(json!("invalid_grant")),
        Just(json!("oauth.v2.InvalidApiKey")),
    ];
    let value = leaf.prop_recursive(3, 24, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::hash_map(name(), inner, 0..6)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    });
    prop::collection::hash_map(name(), value, 0..8)
        .prop_map(|members| Value::Object(members.into_iter().collect()))
}

fn name() -> impl Strategy<Value = String> {
    prop::sample::select(vec![
        "error",
        "error_description",
        "ErrorCode",
        "Error",
        "fault",
        "faultstring",
        "detail",
        "errorcode",
        "message",
        "reason",
        "code",
        "data",
        "access_token",
        "refresh_token",
        "expires_in",
        "token_type",
        "scope",
    ])
    .prop_map(str::to_owned)
}

const PLANTED: &str = "tpr-pl+nted/secret=";

proptest! {
    #[test]
    fn t8_no_answer_panics_or_tells_what_was_sent(
        body in bodies(PLANTED),
        status in prop_oneof![Just(200_u16), Just(400), Just(401), any::<u16>()],
        provider in prop::sample::select(vec!["trustpilot", "trustoo"]),
        retry_after in proptest::option::of(".{0,40}"),
        now in any::<f64>(),
    ) {
        let input = |body| TokenAnswer {
            provider: provider.to_owned(),
            retry_after: retry_after.clone(),
            body,
            now,
            sent: vec![Secret::from(PLANTED)],
            ..plain(status)
        };
        let result = read_token_answer(input(Secret::from(body.to_string()))).unwrap();
        // The platform may give as a token what it likes; its words are what others see.
        if !matches!(result, TokenResult::Granted { .. }) {
            let shown = serde_json::to_string(&result).unwrap();
            prop_assert!(!shown.contains(PLANTED) && !shown.contains("tpr-pl%2Bnted"), "{shown}");
        }
        let is_success = (200..300).contains(&status);
        let is_granted = matches!(result, TokenResult::Granted { .. });
        prop_assert!(is_success || !is_granted);
        if matches!(result, TokenResult::InvalidGrant { .. }) {
            prop_assert!(is_success || matches!(status, 400 | 401));
        }
        read_revoke_answer(input(Secret::from(body.to_string()))).unwrap();
    }

    #[test]
    fn t7_no_text_panics(text in ".{0,200}", status in any::<u16>()) {
        let input = || TokenAnswer { body: Secret::from(text.as_str()), ..plain(status) };
        let result = read_token_answer(input()).unwrap();
        let is_dead = matches!(result, TokenResult::InvalidGrant { .. });
        prop_assert!(!is_dead);
        read_revoke_answer(input()).unwrap();
    }

    #[test]
    fn tm12_a_hint_is_a_finite_wait(text in ".{0,40}", now in any::<f64>()) {
        if let Some(ms) = retry_after_ms(&text, now) {
            prop_assert!(ms.is_finite() && ms >= 0.0);
        }
    }

    #[test]
    fn t4_no_header_has_a_line_break(
        id in ".{0,12}", secret in ".{0,12}", partner in ".{0,12}", header in ".{0,12}",
        provider in prop::sample::select(vec!["trustpilot", "trustoo"]),
        base in ".{0,30}",
    ) {
        let input: TokenRequest = serde_json::from_value(json!({
            "client": {
                "provider": provider, "clientId": id, "clientSecret": secret,
                "partnerId": partner, "partnerIdHeader": header, "baseUrl": base,
            },
            "grant": { "type": "client_credentials" },
        })).unwrap();
        if let Ok(request) = token_request(input) {
            for (name, value) in &request.headers {
                prop_assert!(name.bytes().all(|byte| byte.is_ascii_graphic()));
                prop_assert!(value.expose().bytes().all(|byte| (0x20..0x7F).contains(&byte)));
            }
        }
    }

    #[test]
    fn t1_what_a_form_carries_comes_out_of_it(username in ".{1,30}", password in ".{1,30}") {
        let input: TokenRequest = serde_json::from_value(json!({
            "client": { "provider": "trustpilot", "clientId": "k", "clientSecret": "s" },
            "grant": { "type": "password", "username": username, "password": password },
        })).unwrap();
        let request = token_request(input).unwrap();
        let pairs: Vec<_> = form_urlencoded::parse(request.body.expose().as_bytes()).collect();
        prop_assert_eq!(pairs.len(), 3);
        prop_assert_eq!(&pairs[1].1, username.as_str());
        prop_assert_eq!(&pairs[2].1, password.as_str());
    }
}
