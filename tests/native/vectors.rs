//! The published vectors, through the public API.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)]

use std::collections::BTreeSet;

use plaudit::oauth::{Callback, Expected, form, parse_callback, token};
use plaudit::providers::{self, Profile, ResponseType, TokenEncoding};
use serde_json::{Value, json};

const CALLBACK: &str = include_str!("../vectors/callback.json");
const WPT: &str = include_str!("../vectors/wpt-urlencoded-parser.json");

fn text(value: &Value, repeated: &Value) -> String {
    let part = |name: &str| repeated[name].as_str().unwrap();
    match value.as_str() {
        Some(text) => text.to_owned(),
        None => {
            let times = usize::try_from(repeated["times"].as_u64().unwrap()).unwrap();
            part("prefix").to_owned() + &part("repeat").repeat(times) + part("suffix")
        }
    }
}

/// `None` where the argument is one that Rust's types do not let through.
fn profile(value: &Value) -> Option<Profile<'_>> {
    if let Some(id) = value.as_str() {
        return providers::by_name(id).copied();
    }
    Some(Profile {
        id: value["id"].as_str()?,
        authorization_endpoint: value["authorizationEndpoint"].as_str()?,
        response_types: &[ResponseType::Token, ResponseType::Code],
        scope_delimiter: if value["scopeDelimiter"] == "," {
            b','
        } else {
            b' '
        },
        token_encoding: if value["tokenEncoding"] == "base64" {
            TokenEncoding::Base64
        } else {
            TokenEncoding::Opaque
        },
        issuer: value["issuer"].as_str(),
        api_origins: "",
    })
}

fn response_type(value: &Value) -> Option<ResponseType> {
    [ResponseType::Token, ResponseType::Code]
        .into_iter()
        .find(|kind| value == kind.as_str())
}

/// What the case gives, or `None` where its arguments cannot be written down in Rust.
fn read(url: &str, options: &Value) -> Option<Value> {
    let received_at = options["receivedAt"].as_f64().filter(|at| *at >= 0.0)?;
    let profile = profile(&options["provider"])?;
    let state = match options.get("state")? {
        Value::Null => None,
        state => Some(state.as_str()?),
    };
    let redirect_uri = match options.get("redirectUri") {
        None => None,
        Some(uri) => Some(uri.as_str()?),
    };
    let expected = Expected {
        profile: &profile,
        response_type: response_type(&options["responseType"])?,
        state,
        redirect_uri,
    };
    Some(match parse_callback(url, &expected) {
        Ok(Callback::None) => json!({ "kind": "none" }),
        Ok(Callback::Code(code)) => json!({ "kind": "code", "code": code }),
        Ok(Callback::Token(response)) => {
            let asked: Option<Vec<_>> = options["scope"]
                .as_array()
                .map(|scope| scope.iter().map(|it| it.as_str().unwrap()).collect());
            let scope = (response.scope.is_some() || asked.is_some())
                .then(|| response.granted(&asked.unwrap_or_default(), &profile));
            json!({
                "kind": "token",
                "accessToken": response.access_token,
                "tokenType": "bearer",
                "expiresIn": response.expires_in,
                // Whole milliseconds: JSON tells 1.0 from 1.
                "expiresAt": token::expires_at(received_at, response.expires_in)
                    .map(|at| at as u64),
                "scope": scope,
            })
        }
        Err(error) => {
            let mut out = json!({ "error": error.code().as_str() });
            if let Some(provider) = error.provider() {
                out["oauthError"] = json!(provider.error);
                if let Some(description) = &provider.description {
                    out["description"] = json!(description);
                }
            }
            out
        }
    })
}

#[test]
fn callback_vectors() {
    let vectors: Value = serde_json::from_str(CALLBACK).unwrap();
    let cases = vectors["cases"].as_array().unwrap();
    let mut ids = BTreeSet::new();
    let mut failures = Vec::new();
    let mut left_out = 0;
    for case in cases {
        assert!(
            ids.insert(case["id"].as_str().unwrap()),
            "{} is there twice",
            case["id"]
        );
        let url = text(&case["url"], &case["urlRepeat"]);
        let mut expect = case["expect"].clone();
        if let Some(repeated) = expect.as_object_mut().unwrap().remove("accessTokenRepeat") {
            expect["accessToken"] = json!(text(&Value::Null, &repeated));
        }
        match read(&url, &case["options"]) {
            None => {
                // Nothing but a refused argument may be beyond Rust's types.
                assert_eq!(
                    expect,
                    json!({ "error": "invalid_argument" }),
                    "{}",
                    case["id"]
                );
                left_out += 1;
            }
            Some(got) if got != expect => failures.push(format!(
                "{} {}\n  {}\n  expected {expect:.200}\n  got      {got:.200}",
                case["id"], case["rules"], case["title"],
            )),
            Some(_) => {}
        }
    }
    assert!(
        failures.is_empty(),
        "{} failed:\n{}",
        failures.len(),
        failures.join("\n")
    );
    assert!(
        cases.len() >= 200 && left_out <= 16,
        "{} cases, {left_out} left out",
        cases.len()
    );
}

#[test]
fn wpt_urlencoded_parser() {
    let cases: Value = serde_json::from_str(WPT).unwrap();
    let cases = cases.as_array().unwrap();
    assert!(cases.len() >= 35);
    for case in cases {
        let input = case["input"].as_str().unwrap();
        let pairs: Vec<_> = form::pairs(input)
            .map(|(name, value)| json!([name, value]))
            .collect();
        assert_eq!(Value::from(pairs), case["output"], "{input:?}");
    }
}
