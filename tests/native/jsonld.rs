//! Structured data, held to the published vectors and to a table of what search engines require.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)]

use plaudit::widgets::jsonld::{AUTHOR_LIMIT, Item, REQUIRED, Rating, Review, Schema};
use plaudit::widgets::jsonld::{Warning, escape, json_ld};
use proptest::prelude::*;
use serde_json::Value;

const VECTORS: &str = include_str!("../vectors/jsonld.json");

fn cases() -> Vec<Value> {
    let all: Value = serde_json::from_str(VECTORS).unwrap();
    all["cases"].as_array().unwrap().clone()
}

/// Every node that has a type has what the table says that it must.
fn check_required(node: &Value) {
    let own = match node {
        Value::Array(items) => return items.iter().for_each(check_required),
        Value::Object(own) => own,
        _ => return,
    };
    let kind = own["@type"].as_str().unwrap();
    let table = REQUIRED.iter().find(|(it, _)| *it == kind);
    // what is rated is the node at the top
    for needed in table.map_or(&["name"][..], |(_, needed)| *needed) {
        let there = |name: &str| own.get(name).is_some_and(|it| !it.is_null());
        assert!(
            needed.split('|').any(there),
            "{kind} without {needed}: {node}"
        );
    }
    if kind == "Person" {
        assert!(own["name"].as_str().unwrap().chars().count() < AUTHOR_LIMIT);
    }
    own.values().for_each(check_required);
}

#[test]
fn ld1_to_ld5_the_vectors() {
    for case in cases() {
        let item: Item = serde_json::from_value(case["item"].clone()).unwrap();
        let made = serde_json::to_value(json_ld(&item)).unwrap();
        assert_eq!(made, case["expect"], "{}", case["title"]);
    }
}

#[test]
fn ld1_each_output_of_the_vectors_has_what_is_required() {
    let mut seen = 0;
    for case in cases() {
        let Some(text) = case["expect"]["json"].as_str() else {
            continue;
        };
        check_required(&serde_json::from_str(text).unwrap());
        seen += 1;
    }
    assert!(seen > 15);
}

#[test]
fn each_warning_has_a_name_and_a_sentence() {
    for warning in Warning::ALL {
        assert_eq!(serde_json::to_value(warning).unwrap(), warning.as_str());
        assert!(warning.message().len() > 30);
    }
}

/// Texts with what could end a script, or a string, in them.
fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        Just(String::from("</script><script>alert(1)//")),
        Just(String::from("<!--<script>")),
        "[<>&\"'/\\\\!a-z\u{2028}\u{2029}\u{0}-\u{1f} -]{0,40}",
        any::<String>(),
    ]
}

fn is_safe(json: &str) -> bool {
    !json.contains(['<', '>', '&', '\u{2028}', '\u{2029}'])
}

prop_compose! {
    fn review()(
        stars in proptest::option::of(prop_oneof![any::<f64>(), 1.0..=5.0]),
        title in proptest::option::of(text()),
        body in proptest::option::of(text()),
        created_at in proptest::option::of(text()),
        author in proptest::option::of(text()),
    ) -> Review {
        Review { stars, title, text: body, created_at, author, language: None }
    }
}

proptest! {
    #[test]
    fn ld5_one_script_and_equal_json(
        kind in prop_oneof![Just(String::from("Product")), text()],
        name in proptest::option::of(text()),
        id in proptest::option::of(text()),
        value in proptest::option::of(prop_oneof![any::<f64>(), 1.0..=5.0]),
        count in proptest::option::of(prop_oneof![any::<f64>(), (1.0..1e6).prop_map(f64::round)]),
        reviews in proptest::collection::vec(review(), 0..4),
    ) {
        let item = Item {
            schema: Schema::Reviews,
            kind,
            id,
            name,
            rating: Some(Rating { value, count, ..Rating::default() }),
            reviews: Some(reviews),
            ..Item::default()
        };
        if let Some(json) = json_ld(&item).json {
            prop_assert!(is_safe(&json));
            check_required(&serde_json::from_str(&json).unwrap());
        }
    }

    #[test]
    fn ld5_escaped_json_is_the_same_json(text in text()) {
        let json = serde_json::to_string(&text).unwrap();
        let safe = escape(&json);
        prop_assert!(is_safe(&safe));
        prop_assert_eq!(serde_json::from_str::<String>(&safe).unwrap(), text);
    }
}
