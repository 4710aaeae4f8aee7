//! Every private endpoint: the request that is built, the answer that is read.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

use std::collections::{BTreeMap, BTreeSet};

use plaudit::api::answer::{Answer, Type};
use plaudit::api::{self, Cache, Endpoint, Kind, Members, Parameter, Platform};
use plaudit::server::endpoint::{Input, Output, endpoint_request, request};
use plaudit::server::private::reviews::PrivateReview;
use plaudit::server::private::{self, product_reviews, products};
use plaudit::{Code, Error};
use proptest::prelude::*;
use serde_json::{Map, Value, json};

const REQUESTS: &str = include_str!("../vectors/private-requests.json");
const OFFICIAL: &str = include_str!("../vectors/official-requests.json");

fn vectors() -> Value {
    serde_json::from_str(REQUESTS).unwrap()
}

fn all() -> BTreeMap<String, &'static Endpoint> {
    let all = private::PLATFORM.endpoints.iter().copied().flatten();
    all.map(|it| (format!("{}.{}", it.group, it.name), it))
        .collect()
}

fn text(value: &Value) -> String {
    value.as_str().unwrap().to_owned()
}

fn ask(endpoint: &str, arguments: &Value, base: Option<&str>) -> Result<Output, Error> {
    endpoint_request(Input {
        platform: "trustpilot".into(),
        endpoint: endpoint.into(),
        base: base.map(String::from),
        arguments: arguments.as_object().unwrap().clone(),
    })
}

#[test]
fn every_endpoint_has_its_request_to_the_byte() {
    let vectors = vectors();
    let mut left: BTreeSet<_> = all().into_keys().collect();
    let rows = vectors["requests"].as_array().unwrap();
    for row in rows {
        let name = text(&row["endpoint"]);
        assert!(left.remove(&name), "{name}");
        let endpoint = all()[&name];
        // All that cannot be given at once is given but once.
        let alone: BTreeSet<_> = endpoint
            .one_of
            .iter()
            .flat_map(|it| it[1..].to_vec())
            .collect();
        let declared: BTreeSet<_> = endpoint.parameters.iter().map(|it| it.name).collect();
        let named: BTreeSet<_> = row["arguments"].as_object().unwrap().keys().collect();
        let named: BTreeSet<_> = named.into_iter().map(String::as_str).collect();
        assert_eq!(named, &declared - &alone, "{name}");
    }
    assert_eq!(left, BTreeSet::new());
    assert_eq!(rows.len(), 25);
    for row in rows.iter().chain(vectors["more"].as_array().unwrap()) {
        let name = text(&row["endpoint"]);
        let made = ask(&name, &row["arguments"], None).unwrap();
        let body = row.get("body").map(text);
        assert_eq!(
            (made.method, made.url, made.body),
            (row["method"].as_str().unwrap(), text(&row["url"]), body),
            "{name}"
        );
    }
}

#[test]
fn both_hosts_give_way_to_one_base() {
    for row in vectors()["requests"].as_array().unwrap() {
        let base = "http://127.0.0.1:8080/w/a/v1";
        let own = text(&row["url"]);
        let (_, path) = own.split_once("/v1/").unwrap();
        let made = ask(&text(&row["endpoint"]), &row["arguments"], Some(base)).unwrap();
        assert_eq!(made.url, format!("{base}/{path}"));
    }
    for base in [
        "http://api.example/v1",
        "https://a.example/v1?b",
        "",
        "api.example",
    ] {
        let error = ask(
            "reviews.tags",
            &json!({ "reviewId": "0".repeat(24) }),
            Some(base),
        );
        assert_eq!(error.unwrap_err().subject(), "baseUrl", "{base}");
    }
}

#[test]
fn what_is_no_argument_is_refused_by_its_way() {
    let vectors = vectors();
    let rows = vectors["requests"].as_array().unwrap();
    for case in vectors["refused"].as_array().unwrap() {
        let row = rows.iter().find(|it| it["endpoint"] == case["endpoint"]);
        let mut arguments = row.unwrap()["arguments"].clone();
        for (name, value) in case["change"].as_object().unwrap() {
            arguments[name] = value.clone();
        }
        let error = ask(&text(&case["endpoint"]), &arguments, None).unwrap_err();
        assert_eq!(
            (error.code(), error.subject()),
            (Code::InvalidArgument, case["subject"].as_str().unwrap()),
            "{case}"
        );
        assert!(!error.message().is_empty());
    }
    for (platform, endpoint) in [
        ("trustpilot", "reviews.get"),
        ("trustpilot", "reviews"),
        ("trustpilot", ""),
        ("yelp", "reviews.tags"),
    ] {
        let input = json!({ "platform": platform, "endpoint": endpoint, "arguments": {} });
        let error = endpoint_request(serde_json::from_value(input).unwrap()).unwrap_err();
        assert_eq!(error.subject(), "endpoint");
    }
}

#[test]
fn each_required_parameter_is_missed() {
    for row in vectors()["requests"].as_array().unwrap() {
        let name = text(&row["endpoint"]);
        for parameter in all()[&name].parameters.iter().filter(|it| it.required) {
            let mut arguments = row["arguments"].clone();
            arguments.as_object_mut().unwrap().remove(parameter.name);
            let error = ask(&name, &arguments, None).unwrap_err();
            assert_eq!(
                (error.subject(), error.message()),
                (parameter.name, "is missing"),
                "{name}"
            );
        }
    }
}

#[test]
fn kinds_take_what_they_say() {
    for case in vectors()["kinds"].as_array().unwrap() {
        let kind = text(&case["kind"]);
        let (endpoint, name) = match &*kind {
            "Prose" => ("reviews.reply", "message"),
            "Email" => ("invitations.email", "consumerEmail"),
            "Uri" => ("invitations.links", "redirectUri"),
            "DateTime" => ("businessUnits.privateReviews", "startDateTime"),
            _ => panic!("{kind}"),
        };
        let parameter = all()[endpoint].parameters.iter().find(|it| it.name == name);
        assert_eq!(format!("{:?}", parameter.unwrap().kind), kind);
        let rows = vectors();
        let rows = rows["requests"].as_array().unwrap();
        let row = rows.iter().find(|it| it["endpoint"] == endpoint).unwrap();
        for (values, is_taken) in [(&case["accepted"], true), (&case["refused"], false)] {
            for value in values.as_array().unwrap() {
                let mut arguments = row["arguments"].clone();
                arguments[name] = value.clone();
                let made = ask(endpoint, &arguments, None);
                assert_eq!(made.is_ok(), is_taken, "{kind} {value} {made:?}");
            }
        }
    }
}

#[test]
fn they_are_the_private_requests_of_the_platforms_collection() {
    let official: Value = serde_json::from_str(OFFICIAL).unwrap();
    let requests = official["private"].as_array().unwrap();
    let expected: BTreeMap<_, _> = requests
        .iter()
        .map(|it| (text(&it["name"]), (text(&it["method"]), text(&it["url"]))))
        .collect();
    let ours: BTreeMap<_, _> = all()
        .into_values()
        .map(|it| {
            let base = [it.base, private::PLATFORM.base];
            let base = base.iter().find(|it| !it.is_empty()).unwrap();
            let request = (it.method.as_str().to_owned(), format!("{base}{}", it.path));
            (it.official.to_owned(), request)
        })
        .collect();
    assert_eq!(ours, expected);
    assert_eq!((requests.len(), expected.len(), all().len()), (25, 25, 25));
}

#[test]
fn no_public_endpoint_is_private_and_names_do_not_meet() {
    let public: BTreeSet<_> = api::trustpilot::PLATFORM
        .endpoints
        .iter()
        .copied()
        .flatten()
        .inspect(|it| assert!(!it.path.contains("/private/")))
        .map(|it| format!("{}.{}", it.group, it.name))
        .collect();
    for (name, endpoint) in all() {
        assert!(!public.contains(&name), "{name}");
        assert!(endpoint.path.starts_with("/private/"), "{name}");
        // What only the business may know is not kept.
        assert_eq!(endpoint.cache, Cache::Never, "{name}");
        let in_path = endpoint.path.matches('{').count();
        for (at, parameter) in endpoint.parameters.iter().enumerate() {
            if at < in_path {
                // Nothing in a path is encoded.
                assert!(matches!(parameter.kind, Kind::Id), "{name}");
                assert!(parameter.positional);
            } else if !endpoint.method.has_body() {
                let is_body_only = matches!(
                    parameter.kind,
                    Kind::Object | Kind::Objects | Kind::Any | Kind::Prose
                );
                assert!(!is_body_only, "{name} {}", parameter.name);
            }
        }
        if let Some(paging) = endpoint.paging {
            for wanted in [paging.parameter, paging.per_page] {
                assert!(endpoint.parameters.iter().any(|it| it.name == wanted));
            }
            assert_eq!(paging.items, endpoint.must);
        }
    }
}

/// Every object that is sent, with the place it is declared at.
fn sent(parameters: &'static [Parameter], into: &mut BTreeMap<&'static str, &'static Members>) {
    for parameter in parameters {
        let is_object = matches!(parameter.kind, Kind::Object | Kind::Objects);
        assert_eq!(parameter.of.is_some(), is_object, "{}", parameter.name);
        let is_word = matches!(parameter.kind, Kind::Word | Kind::Words);
        assert_eq!(!parameter.words.is_empty(), is_word, "{}", parameter.name);
        if let Some(members) = parameter.of {
            if let Some(known) = into.insert(members.name, members) {
                assert_eq!(known, members);
            }
            sent(members.fields, into);
        }
    }
}

#[test]
fn objects_that_are_sent_are_whole() {
    let mut objects = BTreeMap::new();
    for endpoint in all().into_values() {
        sent(endpoint.parameters, &mut objects);
        for set in endpoint.one_of {
            for name in *set {
                assert!(endpoint.parameters.iter().any(|it| it.name == *name));
            }
        }
    }
    for members in objects.values() {
        for name in members.one_of.iter().copied().flatten() {
            assert!(members.fields.iter().any(|it| it.name == *name));
        }
    }
    let names: Vec<_> = objects.into_keys().collect();
    assert_eq!(
        names,
        [
            "ConsumerInput",
            "InvitedProductInput",
            "ProductInput",
            "ProductReviewInvitationInput",
            "ReviewedProductInput",
            "ServiceReviewInvitationInput",
            "TagInput",
            "VariationAttributesInput",
        ]
    );
}

#[test]
fn what_is_asked_for_is_in_no_debug_output() {
    let arguments = json!({ "businessUnitId": "0".repeat(24), "consumerEmail": "a@example.com" });
    let made = ask("invitations.email", &arguments, None).unwrap();
    assert_eq!(format!("{made:?}"), "Output { method: \"POST\", .. }");
}

#[test]
fn answers_are_read_leniently() {
    let review = PrivateReview::read(json!({
        "id": "5972071bfba87f08a8227ee9",
        "stars": "5",
        "createdAt": "2017-07-21T13:52:26",
        "referenceId": "A-1",
        "referralEmail": null,
        "tags": [{ "group": "generic", "value": "a" }, null],
        "companyReply": { "text": "Thanks", "authorBusinessUserId": "507f191e810c19729de860ea" },
        "findReviewer": { "isEligible": true, "requests": [{ "consumerResponse": null }] },
        "brandNew": 1,
    }))
    .unwrap();
    assert_eq!(review.stars, Some(5));
    assert_eq!(review.created_at.unwrap().0, "2017-07-21T13:52:26.000Z");
    assert_eq!(review.tags.unwrap().len(), 1);
    assert_eq!(review.find_reviewer.unwrap().is_eligible, Some(true));
    assert_eq!(review.other["brandNew"], 1);

    let list = products::ProductList::read(json!({
        "products": [{ "processedImages": [{ "type": "100pxWide", "url": "//a.example/b" }] }],
        "isLastPage": false,
    }))
    .unwrap();
    let [product] = &list.products.unwrap()[..] else {
        panic!("one product");
    };
    let [image] = &product.processed_images.as_ref().unwrap()[..] else {
        panic!("one image");
    };
    assert_eq!(image.size.as_deref(), Some("100pxWide"));
    assert_eq!(image.url.as_ref().unwrap().0, "https://a.example/b");
    assert_eq!(list.is_last_page, Some(false));

    let link = product_reviews::ProductInvitationLink::read(json!({ "reviewUrl": "https://a" }));
    assert_eq!(link.unwrap().review_url.unwrap().0, "https://a");
}

/// Declared objects have one name each, here and in the public API.
#[test]
fn names_of_answers_mean_one_thing() {
    fn walk(of: Type, seen: &mut BTreeMap<&'static str, usize>) {
        match of {
            Type::List(item) | Type::Map(item) => walk(item(), seen),
            Type::Object(object) => {
                let place = std::ptr::from_ref(object) as usize;
                if let Some(known) = seen.insert(object.name, place) {
                    assert_eq!(known, place, "{}", object.name);
                    return;
                }
                for field in object.fields {
                    walk((field.of)(), seen);
                }
            }
            _ => {}
        }
    }
    let mut seen = BTreeMap::new();
    let platforms: [&Platform; 2] = [&api::trustpilot::PLATFORM, &private::PLATFORM];
    for endpoint in platforms
        .iter()
        .flat_map(|it| it.endpoints.iter().copied())
        .flatten()
    {
        walk((endpoint.answer)(), &mut seen);
    }
    assert!(seen.contains_key("PrivateReview") && seen.contains_key("Review"));
}

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        ".*".prop_map(Value::from),
        "[0-9a-f]{24}".prop_map(Value::from),
        "[a-z]{1,5}@[a-z]{1,5}\\.[a-z]{2}".prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 16, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::btree_map("[a-zA-Z]{1,8}", inner, 0..4)
                .prop_map(|it| Value::Object(it.into_iter().collect())),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever is given: no panic, and what is let through is a body of JSON and a path of the
    /// endpoint's own segments.
    #[test]
    fn no_argument_leads_elsewhere(
        at in 0_usize..25,
        values in prop::collection::vec(any_json(), 20),
    ) {
        let endpoint = all().into_values().nth(at).unwrap();
        let arguments: Map<String, Value> = endpoint
            .parameters
            .iter()
            .zip(values)
            .map(|(it, value)| {
                let value = if it.kind == Kind::Id { json!("46d6a890000064000500e0c3") } else { value };
                (it.name.to_owned(), value)
            })
            .collect();
        if let Ok(made) = request(&private::PLATFORM, endpoint, None, &arguments) {
            let path = endpoint.path.split('/').map(|it| {
                if it.starts_with('{') { "46d6a890000064000500e0c3" } else { it }
            });
            let path = path.collect::<Vec<_>>().join("/");
            let url = made.url.split('?').next().unwrap();
            prop_assert!(url.ends_with(&path), "{url}");
            prop_assert!(made.url.bytes().all(|it| it.is_ascii_graphic()));
            if let Some(body) = made.body {
                let body: Value = serde_json::from_str(&body).unwrap();
                prop_assert!(body.is_object());
            }
        }
    }
}
