//! Webhooks, signatures and links, each case named by the rule that it holds the core to. What is
//! expected was made by other programs: tests/vectors/signing.json, and the values in this file.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

use plaudit::server::links::{self, Link, Payload};
use plaudit::server::signing::{Message, Rule, Unsigned, sign};
use plaudit::server::webhooks::{Delivery, Part, Profile, StringToSign, Verified, check, verify};
use plaudit::{Code, Error};
use proptest::prelude::*;
use serde_json::{Value, json};

const NOW: f64 = 1_700_000_000_000.0;
const SECRET: &str = "trustoo-private-token";
const BODY: &[u8] = br#"{"list":[{"id":123,"my_shopify_domain":"example.myshopify.com"}]}"#;
/// HMAC-SHA256 of `timestamp=1700000000|` and [`BODY`], by Python's hmac.
const SIGN: &str = "2f4ee0586e268a5a3c5c1d60ddd03fc7d8242d9bfdcb81ee39e137dfc001f3a0";

fn mac(secret: &str, message: &[u8]) -> String {
    let signed = |rest: &str| {
        sign(Unsigned {
            public_token: String::from("x"),
            private_token: secret.into(),
            timestamp: 0,
            query: vec![],
            body: Some(String::from(rest).into()),
            rule: Rule::SortedParameters,
        })
    };
    // `timestamp=0|` stands before what is signed here.
    let rest = str::from_utf8(message)
        .unwrap()
        .strip_prefix("timestamp=0|")
        .unwrap();
    signed(rest).unwrap().sign
}

fn delivery(changes: Value) -> Delivery {
    let mut all = json!({
        "provider": "trustoo",
        "headers": [
            ["Content-Type", "application/json"],
            ["Open-Trustoo-Webhook-Public-token", "pub"],
            ["Open-Trustoo-Webhook-Timestamp", "1700000000"],
            ["Open-Trustoo-Webhook-Sign", SIGN],
            ["Open-Trustoo-Webhook-RequestId", "r-1"],
        ],
        "secrets": [SECRET],
        "toleranceMs": 900_000,
        "nowMs": NOW,
    });
    for (name, value) in changes.as_object().unwrap() {
        all[name] = value.clone();
    }
    serde_json::from_value(all).unwrap()
}

fn with_header(name: &str, value: &str) -> Value {
    let mut headers = vec![
        ["open-trustoo-webhook-public-token", "pub"],
        ["open-trustoo-webhook-timestamp", "1700000000"],
        ["open-trustoo-webhook-sign", SIGN],
    ];
    headers.retain(|header| header[0] != name);
    headers.push([name, value]);
    json!({ "headers": headers })
}

fn fails(result: Result<Verified, Error>, code: Code) {
    match result {
        Ok(_) => panic!("{code:?} was to come"),
        Err(error) => assert_eq!(error.code(), code, "{error}"),
    }
}

#[test]
fn trustoo_s_delivery_is_verified() {
    let verified = verify(delivery(json!({})), BODY).unwrap();
    assert_eq!(verified.provider, "trustoo");
    assert_eq!(verified.timestamp, Some(1_700_000_000_000));
    assert_eq!(verified.request_id.as_deref(), Some("r-1"));
    assert_eq!(verified.public_token.as_deref(), Some("pub"));
    // Anybody can write another request id: the signature is what a replay has in common with it.
    assert_eq!(verified.replay_key, format!("trustoo:mac:{SIGN}"));
    assert!(verified.event_key.starts_with("trustoo:event:"));
}

#[test]
fn wh1_bytes_are_signed_not_what_they_mean() {
    for body in [
        &b"\xEF\xBB\xBF{\"list\":[{\"id\":123,\"my_shopify_domain\":\"example.myshopify.com\"}]}"[..],
        b"{\"list\":[{\"my_shopify_domain\":\"example.myshopify.com\",\"id\":123}]}",
        b"{\"list\":[{\"id\":123,\"my_shopify_domain\":\"example.myshopify.com\"}]}\r\n",
        b"{\"list\":[{\"id\":122,\"id\":123,\"my_shopify_domain\":\"example.myshopify.com\"}]}",
        b"{\"list\":[{\"id\":123,\"my_shopify_domain\":\"example.myshopify.com\"}]\xFF",
    ] {
        fails(verify(delivery(json!({})), body), Code::SignatureMismatch);
    }
}

#[test]
fn wh3_a_signature_of_another_length_or_spelling() {
    let sign = "open-trustoo-webhook-sign";
    let upper = verify(delivery(with_header(sign, &SIGN.to_uppercase())), BODY).unwrap();
    // The same signature: in the same case where replays are looked for.
    assert_eq!(upper.replay_key, format!("trustoo:mac:{SIGN}"));
    for wrong in [
        "",
        "00",
        &SIGN[..62],
        &SIGN[..63],
        &format!("{SIGN}00"),
        &format!("0x{}", &SIGN[2..]),
        &format!(" {SIGN}"),
        &format!("sha256={SIGN}"),
        &SIGN.replace('2', "g"),
        &SIGN.replacen('2', "0", 1),
    ] {
        let result = verify(delivery(with_header(sign, wrong)), BODY);
        fails(result, Code::SignatureMismatch);
    }
}

#[test]
fn wh4_the_time_is_digits_and_near_now_both_ways() {
    for (late, code) in [
        (0, None),
        (900_000, None),
        (901_000, Some(Code::TimestampOutOfRange)),
        (-900_000, None),
        (-901_000, Some(Code::TimestampOutOfRange)),
    ] {
        let result = verify(delivery(json!({ "nowMs": NOW + f64::from(late) })), BODY);
        assert_eq!(result.map_err(|error| error.code()).err(), code, "{late}");
    }
    let profile = |unit: &str, text: &str| {
        delivery(json!({
            "profile": {
                "id": "own",
                "signatureHeader": "sign",
                "timestampHeader": "time",
                "timestampUnit": unit,
                "stringToSign": [{ "text": "timestamp=0|" }, "body"],
            },
            "headers": [["sign", mac(SECRET, b"timestamp=0|{}")], ["time", text]],
        }))
    };
    verify(profile("seconds", "1700000000"), b"{}").unwrap();
    verify(profile("milliseconds", "1700000000000"), b"{}").unwrap();
    for (unit, text) in [
        ("seconds", "1700000000000"),
        ("milliseconds", "1700000000"),
        ("seconds", "1e9"),
        ("seconds", "abc"),
        ("seconds", "-1700000000"),
        ("seconds", "+1700000000"),
        ("seconds", "1700000000.0"),
        ("seconds", "1700000000abc"),
        ("seconds", " 1700000000"),
        ("seconds", "18446744073709551616"),
        ("seconds", "18446744073709551615"),
    ] {
        let result = verify(profile(unit, text), b"{}");
        fails(result, Code::TimestampOutOfRange);
    }
}

#[test]
fn wh5_a_header_twice_is_refused_whatever_its_case() {
    for name in ["timestamp", "sign", "requestid", "public-token"] {
        let own = format!("open-trustoo-webhook-{name}");
        let mut twice = delivery(json!({}));
        twice.headers.push((own.to_uppercase(), String::from("1")));
        let error = verify(twice, BODY).err().unwrap();
        assert_eq!(
            (error.code(), error.subject()),
            (Code::SignatureMismatch, own.as_str())
        );
    }
    let joined = format!("{SIGN}, {SIGN}");
    let result = verify(
        delivery(with_header("open-trustoo-webhook-sign", &joined)),
        BODY,
    );
    fails(result, Code::SignatureMismatch);
    for name in [
        "open-trustoo-webhook-sign",
        "open-trustoo-webhook-timestamp",
    ] {
        let mut without = delivery(json!({}));
        without
            .headers
            .retain(|(it, _)| !it.eq_ignore_ascii_case(name));
        fails(verify(without, BODY), Code::SignatureMismatch);
    }
}

#[test]
fn wh6_each_secret_of_the_ring_is_taken_and_no_other() {
    for (secrets, is_taken) in [
        (vec![SECRET, "new"], true),
        (vec!["new", SECRET], true),
        (vec!["new"], false),
        (vec!["trustoo-private-token "], false),
    ] {
        let result = verify(delivery(json!({ "secrets": secrets })), BODY);
        assert_eq!(result.is_ok(), is_taken, "{secrets:?}");
    }
}

#[test]
fn wh7_a_signed_request_id_tells_replays_apart() {
    let own = |id: &str, signed: &[u8]| {
        delivery(json!({
            "profile": {
                "id": "own",
                "signatureHeader": "sign",
                "requestIdHeader": "id",
                "stringToSign": [{ "text": "timestamp=0|" }, "requestId", "body"],
            },
            "headers": [["sign", mac(SECRET, signed)], ["id", id]],
        }))
    };
    let first = verify(own("a", b"timestamp=0|a{}"), b"{}").unwrap();
    assert_eq!(first.replay_key, "own:id:a");
    assert_eq!(first.timestamp, None);
    let second = verify(own("b", b"timestamp=0|b{}"), b"{}").unwrap();
    assert_eq!(second.event_key, first.event_key);
    fails(
        verify(own("b", b"timestamp=0|a{}"), b"{}"),
        Code::SignatureMismatch,
    );
    fails(
        verify(own("", b"timestamp=0|{}"), b"{}"),
        Code::SignatureMismatch,
    );
}

#[test]
fn wh10_an_empty_body_and_empty_secrets_have_errors_of_their_own() {
    fails(verify(delivery(json!({})), b""), Code::MalformedResponse);
    for (secrets, subject) in [
        (json!([]), "secrets"),
        (json!([""]), "secrets"),
        (json!([SECRET, " \t\n"]), "secrets"),
    ] {
        let error = check(&delivery(json!({ "secrets": secrets }))).unwrap_err();
        assert_eq!(
            (error.code(), error.subject()),
            (Code::InvalidArgument, subject)
        );
    }
    for changes in [
        json!({ "provider": "trustpilot" }),
        json!({ "provider": null }),
        json!({ "toleranceMs": 0 }),
        json!({ "toleranceMs": -1 }),
    ] {
        let error = check(&delivery(changes)).unwrap_err();
        assert_eq!(error.code(), Code::InvalidArgument);
    }
}

#[test]
fn a_profile_names_what_it_signs_and_signs_the_body() {
    let own = |parts: Vec<Part>| Profile {
        id: String::from("own"),
        signature_header: String::from("sign"),
        signature_prefix: String::new(),
        encoding: Default::default(),
        timestamp_header: None,
        timestamp_unit: Default::default(),
        request_id_header: None,
        public_token_header: None,
        string_to_sign: StringToSign::Parts(parts),
    };
    for (parts, is_taken) in [
        (vec![Part::Body], true),
        (vec![], false),
        (vec![Part::Text(String::from("x"))], false),
        (vec![Part::Timestamp, Part::Body], false),
        (vec![Part::RequestId, Part::Body], false),
        (vec![Part::PublicToken, Part::Body], false),
    ] {
        let mut given = delivery(json!({}));
        given.profile = Some(own(parts.clone()));
        assert_eq!(check(&given).is_ok(), is_taken, "{parts:?}");
    }
}

#[test]
fn signing_as_an_independent_implementation_signs() {
    let vectors: Value = serde_json::from_str(include_str!("../vectors/signing.json")).unwrap();
    let cases = vectors["cases"].as_array().unwrap();
    assert_eq!(cases.len(), 9);
    for case in cases {
        let mut input = case.clone();
        for extra in ["name", "stringToSign", "sign"] {
            input.as_object_mut().unwrap().remove(extra);
        }
        let unsigned: Unsigned = serde_json::from_value(input).unwrap();
        let text = unsigned.rule.string_to_sign(&Message {
            public_token: &unsigned.public_token,
            timestamp: &unsigned.timestamp.to_string(),
            query: &unsigned.query,
            body: case["body"].as_str().unwrap_or_default().as_bytes(),
        });
        let name = case["name"].as_str().unwrap();
        assert_eq!(
            text,
            case["stringToSign"].as_str().unwrap().as_bytes(),
            "{name}"
        );
        let signed = serde_json::to_value(sign(unsigned).unwrap()).unwrap();
        let expected = json!({
            "Public-Token": case["publicToken"],
            "Timestamp": case["timestamp"].to_string(),
            "Sign": case["sign"],
        });
        assert_eq!(signed, expected, "{name}");
    }
}

#[test]
fn a_request_is_not_signed_with_nothing() {
    let unsigned = |public: &str, private: &str| Unsigned {
        public_token: String::from(public),
        private_token: private.into(),
        timestamp: 1,
        query: vec![],
        body: None,
        rule: Rule::default(),
    };
    for (public, private, subject) in [
        ("", "key", "publicToken"),
        ("a\r\nb", "key", "publicToken"),
        ("public", "", "privateToken"),
        ("public", "  ", "privateToken"),
    ] {
        let error = sign(unsigned(public, private)).unwrap_err();
        assert_eq!(
            (error.code(), error.subject()),
            (Code::InvalidArgument, subject)
        );
    }
}

const ENCRYPTION_KEY: &str = "BAXltLTmPHVo7tX1HzrlbxjUOGaHEFEN4HbTZQYj+UA=";
const AUTHENTICATION_KEY: &str = "/Cmm+QZRIMRplLKSaXSePvt1W23a8inGbQLxNtxIE7w=";

fn link(domain: &str) -> Link {
    Link {
        domain: String::from(domain),
        payload: Payload {
            email: Some(String::from("zoë@example.com")),
            name: Some(String::from("Zoë O'Neil")),
            reference: String::from("A-1001"),
            skus: Some(vec![String::from("sku/1"), String::from("sku+2")]),
            tags: Some(vec![String::from("first order")]),
        },
        encryption_key: ENCRYPTION_KEY.into(),
        authentication_key: AUTHENTICATION_KEY.into(),
    }
}

#[test]
fn a_link_s_payload_in_the_order_of_the_official_example() {
    let prepared = links::prepare(link("my-domain.com")).unwrap();
    assert_eq!(
        prepared.plaintext,
        r#"{"email":"zoë@example.com","name":"Zoë O'Neil","ref":"A-1001","skus":["sku/1","sku+2"],"tags":["first order"]}"#
    );
    assert_eq!(prepared.plaintext.len(), 112);
    let bare = Payload {
        email: None,
        name: None,
        skus: None,
        tags: None,
        ..link("").payload
    };
    let prepared = links::prepare(Link {
        payload: bare,
        ..link("my-domain.com")
    });
    assert_eq!(prepared.unwrap().plaintext, r#"{"ref":"A-1001"}"#);
}

#[test]
fn bg1_keys_are_strict_base64_of_32_bytes() {
    for key in [
        "",
        "BAXltLTmPHVo7tX1HzrlbxjUOGaHEFEN4HbTZQYj+UA",
        "BAXltLTmPHVo7tX1HzrlbxjUOGaHEFEN4HbTZQYj-UA=",
        "BAXltLTmPHVo7tX1HzrlbxjUOGaHEFEN4HbTZQYj+UB=",
        " BAXltLTmPHVo7tX1HzrlbxjUOGaHEFEN4HbTZQYj+UA=",
        "BAXltLTmPHVo7tX1HzrlbxjUOGaHEFEN4HbTZQYj+Q==",
        "BAXltLTmPHVo7tX1HzrlbxjUOGaHEFEN4HbTZQYj+UAA",
    ] {
        let wrong = Link {
            encryption_key: key.into(),
            ..link("my-domain.com")
        };
        assert_eq!(
            links::prepare(wrong).err().unwrap().subject(),
            "encryptionKey",
            "{key}"
        );
        let wrong = Link {
            authentication_key: key.into(),
            ..link("my-domain.com")
        };
        assert_eq!(
            links::prepare(wrong).err().unwrap().subject(),
            "authenticationKey",
            "{key}"
        );
    }
}

#[test]
fn bg3_a_domain_is_one_segment() {
    let address = |domain: &str| links::prepare(link(domain)).map(|it| it.address);
    assert_eq!(
        address("my-domain.com").unwrap(),
        "https://www.trustpilot.com/evaluate-bgl/my-domain.com?p="
    );
    assert_eq!(
        address("müller.example").unwrap(),
        "https://www.trustpilot.com/evaluate-bgl/m%C3%BCller.example?p="
    );
    for domain in [
        "",
        "localhost",
        "https://my-domain.com",
        "my-domain.com/",
        "a.example/../b",
        "..",
        ".",
        "a..example",
        "a.example?p=1",
        "a.example#",
        "a.example:443",
        "u@a.example",
        "a .example",
        "a.example\n",
        "a%2eexample.com",
        "a\\b.example",
    ] {
        assert_eq!(
            address(domain).err().unwrap().subject(),
            "domain",
            "{domain}"
        );
    }
}

#[test]
fn a_link_s_address_is_percent_encoded_base64() {
    let prepared = links::prepare(link("my-domain.com")).unwrap();
    let mut sealed = vec![0_u8; 64];
    sealed[..3].copy_from_slice(&[0xFB, 0xEF, 0xFE]);
    let address = links::address(prepared.clone(), &sealed).unwrap();
    assert!(
        address.starts_with(
            "https://www.trustpilot.com/evaluate-bgl/my-domain.com?p=%2B%2B%2F%2BAAAA"
        )
    );
    assert!(address.ends_with("AA%3D%3D"));
    for length in [0, 48, 63, 65] {
        assert!(links::address(prepared.clone(), &vec![0; length]).is_err());
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    /// Whatever comes is taken or refused, and taken only with the signature of its bytes.
    #[test]
    fn no_delivery_is_taken_but_the_signed_one(
        body in proptest::collection::vec(any::<u8>(), 1..200),
        other in proptest::collection::vec(any::<u8>(), 1..200),
        sign in "[0-9a-fA-F,= ]{0,70}|\\PC{0,70}",
        time in "1700000[0-9]{3}|\\PC{0,20}",
    ) {
        let signed = |secret: &str, bytes: &[u8]| {
            let message = [b"timestamp=0|", bytes].concat();
            str::from_utf8(&message).is_ok().then(|| mac(secret, &message))
        };
        let own = |sign: &str, time: &str| delivery(json!({
            "profile": {
                "id": "own",
                "signatureHeader": "sign",
                "timestampHeader": "time",
                "stringToSign": [{ "text": "timestamp=0|" }, "body"],
            },
            "headers": [["sign", sign], ["time", time]],
        }));
        // Chance makes no signature.
        prop_assert!(verify(own(&sign, &time), &body).is_err());
        if let Some(right) = signed(SECRET, &body) {
            prop_assert!(verify(own(&right, "1700000000"), &body).is_ok());
            prop_assert_eq!(verify(own(&right, "1700000000"), &other).is_ok(), other == body);
        }
    }

    /// A payload is what a JSON parser reads back, and its address one segment and one parameter.
    #[test]
    fn links_hold_what_was_put_in(
        email in proptest::option::of("\\PC{0,40}"),
        reference in "\\PC{1,40}",
        tags in proptest::option::of(proptest::collection::vec("\\PC{0,10}", 0..4)),
        sealed in 4_usize..40,
        byte in any::<u8>(),
    ) {
        let payload = Payload {
            email: email.clone(),
            reference: reference.clone(),
            tags: tags.clone(),
            name: None,
            skus: None,
        };
        let prepared = links::prepare(Link { payload, ..link("my-domain.com") }).unwrap();
        let mut expected = json!({ "ref": reference });
        if let Some(email) = email {
            expected["email"] = json!(email);
        }
        if let Some(tags) = tags {
            expected["tags"] = json!(tags);
        }
        prop_assert_eq!(serde_json::from_str::<Value>(&prepared.plaintext).unwrap(), expected);
        let address = links::address(prepared, &vec![byte; sealed * 16]).unwrap();
        let (_, parameter) = address.split_once("?p=").unwrap();
        let is_plain = |it: u8| it.is_ascii_alphanumeric() || it == b'%';
        prop_assert!(parameter.bytes().all(is_plain));
    }
}
