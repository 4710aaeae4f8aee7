//! Trustoo's Open API: each request to the byte, and answers as the platform's pages show them.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

use std::collections::BTreeSet;

use plaudit::Code;
use plaudit::api::answer::Answer;
use plaudit::server::endpoint::{Input, Output, endpoint_request};
use plaudit::server::trustoo::{
    Authorization, Exclusion, ImageUpload, Installation, PLATFORM, Rating, Webhook,
};
use serde_json::{Value, json};

fn ask(endpoint: &str, arguments: Value) -> Result<Output, plaudit::Error> {
    endpoint_request(Input {
        platform: "trustoo".into(),
        endpoint: endpoint.into(),
        base: None,
        arguments: arguments.as_object().unwrap().clone(),
    })
}

fn requests() -> Vec<(&'static str, Value, &'static str, Option<&'static str>)> {
    vec![
        (
            "authorization.url",
            json!({ "clientId": "trustwill", "redirectUri": "https://a.example/cb", "state": "s",
                    "scope": ["read_orders", "write_reviews"] }),
            "GET /get_oauth_authorize_url?client_id=trustwill\
             &redirect_uri=https%3A%2F%2Fa.example%2Fcb&state=s&scope=read_orders%2Cwrite_reviews",
            None,
        ),
        (
            "authorization.disconnect",
            json!({}),
            "POST /oauth/disconnect",
            None,
        ),
        (
            "authorization.info",
            json!({ "shopId": "59730165893" }),
            "GET /get_shop_authorization_info?shop_id=59730165893",
            None,
        ),
        (
            "authorization.installation",
            json!({ "shopId": null, "myshopifyDomain": "a.myshopify.com" }),
            "GET /get_shop_install_status?myshopify_domain=a.myshopify.com",
            None,
        ),
        (
            "webhooks.create",
            json!({ "url": "https://a.example/hook", "topic": "review/created" }),
            "POST /create_shop_webhook",
            Some(r#"{"topic":"review/created","url":"https://a.example/hook"}"#),
        ),
        (
            "webhooks.update",
            json!({ "id": "19", "topic": "review/deleted", "url": "https://a.example/hook" }),
            "POST /update_shop_webhook",
            Some(r#"{"id":"19","topic":"review/deleted","url":"https://a.example/hook"}"#),
        ),
        (
            "webhooks.delete",
            json!({ "id": "19" }),
            "POST /delete_shop_webhook",
            Some(r#"{"id":"19"}"#),
        ),
        ("webhooks.list", json!({}), "GET /get_shop_webhooks", None),
        (
            "reviews.list",
            json!({ "productIds": ["9200305176832"], "isStoreReview": false, "ratings": [5],
                    "sortBy": "created-descending", "pageSize": 20, "page": 2, "keyword": "très bon" }),
            "GET /get_reviews?product_ids=9200305176832&is_store_review=0&keyword=tr%C3%A8s+bon\
             &ratings=5&sort_by=created-descending&page_size=20&page=2",
            None,
        ),
        (
            "reviews.create",
            json!({ "rating": 5, "author": "Zoë", "productId": "9200305176832", "content": "one\ntwo",
                    "isVerified": true, "isTop": false, "media": [{ "url": "https://i.example/1", "type": 1 }],
                    "reply": { "content": "Thank you", "repliedAt": "2025-06-20 00:00:00" } }),
            "POST /create_review",
            Some(concat!(
                r#"{"rating":5,"author":"Zoë","product_id":"9200305176832","content":"one\ntwo","#,
                r#""is_verified":1,"is_top":0,"media":[{"type":1,"url":"https://i.example/1"}],"#,
                r#""reply":{"content":"Thank you","reply_at":"2025-06-20 00:00:00"}}"#
            )),
        ),
        (
            "reviews.delete",
            json!({ "id": "7" }),
            "POST /delete_review",
            Some(r#"{"id":"7"}"#),
        ),
        (
            "reviews.rating",
            json!({ "productId": "123455", "isStoreRating": true }),
            "GET /get_rating?product_id=123455&is_store_rating=1",
            None,
        ),
        (
            "orders.list",
            json!({ "type": "0", "startTime": "2025-06-20 00:00:00", "page": 1, "pageSize": 10 }),
            "GET /get_orders?type=0&start_time=2025-06-20+00%3A00%3A00&page_size=10&page=1",
            None,
        ),
        (
            "customerEvents.list",
            json!({ "eventType": "CLICK_MEDIA", "osType": "IOS", "eventSource": "EMAIL",
                    "sortBy": "created-ascending" }),
            "GET /get_customer_events?event_type=CLICK_MEDIA&os_type=IOS&event_source=EMAIL\
             &sort_by=created-ascending",
            None,
        ),
        (
            "customers.unsubscribe",
            json!({ "email": "a@example.com", "emailType": "request_update_review" }),
            "POST /email_unsubscribe",
            Some(r#"{"email":"a@example.com","email_type":"request_update_review"}"#),
        ),
        (
            "exclusions.create",
            json!({ "email": "a@example.com" }),
            "POST /create_customer_exclude",
            Some(r#"{"email":"a@example.com"}"#),
        ),
        (
            "exclusions.delete",
            json!({ "customerId": "23044610359590" }),
            "POST /delete_customer_exclude",
            Some(r#"{"customer_id":"23044610359590"}"#),
        ),
        (
            "media.imageUpload",
            json!({}),
            "GET /get_image_upload_policy_token",
            None,
        ),
    ]
}

#[test]
fn every_endpoint_has_its_request_to_the_byte() {
    let all = PLATFORM.endpoints.iter().copied().flatten();
    let mut left: BTreeSet<_> = all.map(|it| format!("{}.{}", it.group, it.name)).collect();
    for (name, arguments, expected, body) in requests() {
        assert!(left.remove(name), "{name}");
        let Output {
            method,
            url,
            body: made,
        } = ask(name, arguments).unwrap();
        let path = url
            .strip_prefix("https://rapi.trustoo.io/api/v1/openapi")
            .unwrap();
        assert_eq!(format!("{method} {path}"), expected, "{name}");
        assert_eq!(made.as_deref(), body, "{name}");
    }
    assert_eq!(left, BTreeSet::new());
}

#[test]
fn no_parameter_is_ever_sent_as_the_word_undefined() {
    for (name, arguments, _, _) in requests() {
        let Output { url, body, .. } = ask(name, arguments).unwrap();
        assert!(!url.contains("undefined") && !url.contains("null"), "{url}");
        assert!(!body.unwrap_or_default().contains("null"));
    }
}

#[test]
fn wrong_arguments_are_refused_by_name() {
    for (endpoint, arguments, subject) in [
        (
            "webhooks.create",
            json!({ "topic": "review/burnt", "url": "https://a.example" }),
            "topic",
        ),
        (
            "webhooks.create",
            json!({ "topic": "review/created", "url": "a.example" }),
            "url",
        ),
        (
            "webhooks.create",
            json!({ "topic": "review/created" }),
            "url",
        ),
        ("webhooks.delete", json!({}), "id"),
        (
            "reviews.list",
            json!({ "isStoreReview": 1 }),
            "isStoreReview",
        ),
        ("reviews.list", json!({ "ratings": [6] }), "ratings[0]"),
        (
            "reviews.create",
            json!({ "rating": "x", "author": "a" }),
            "rating",
        ),
        (
            "reviews.create",
            json!({ "rating": 1, "author": "a", "isTop": "yes" }),
            "isTop",
        ),
        (
            "reviews.create",
            json!({ "rating": 1, "author": "a", "reply": "x" }),
            "reply",
        ),
        ("exclusions.create", json!({ "email": "nobody" }), "email"),
        ("exclusions.delete", json!({}), "customerId, email"),
        (
            "exclusions.delete",
            json!({ "customerId": "1", "email": "a@example.com" }),
            "customerId, email",
        ),
        (
            "customers.unsubscribe",
            json!({ "email": "a@example.com", "emailType": "x" }),
            "emailType",
        ),
        ("orders.list", json!({ "type": "7" }), "type"),
        ("orders.list", json!({ "shop": "x" }), "shop"),
    ] {
        let error = ask(endpoint, arguments).unwrap_err();
        assert_eq!(
            (error.code(), error.subject()),
            (Code::InvalidArgument, subject),
            "{endpoint}"
        );
    }
}

#[test]
fn answers_as_the_pages_show_them() {
    let webhook = Webhook::read(json!({
        "id": "19", "topic": "review/created", "url": "http://api.trustoo.io/webhook",
        "created_at": "2025-06-20T11:06:48Z", "updated_at": "2025-06-20 11:06:48",
    }))
    .unwrap();
    assert_eq!(webhook.id.as_deref(), Some("19"));
    // Two spellings of one time in one object.
    assert_eq!(webhook.created_at, webhook.updated_at);
    assert_eq!(webhook.created_at.unwrap().0, "2025-06-20T11:06:48.000Z");

    let rating = Rating::read(json!({ "rating_value": "0", "review_count": 0, "star5_count": 0 }));
    assert_eq!(rating.unwrap().rating_value, Some(0.0));

    let granted = Authorization::read(json!({
        "is_authorized": true, "authorized_at": "2026-06-05T07:20:50Z",
        "granted_scopes": "read_reviews", "shop_id": "59730165893",
    }))
    .unwrap();
    assert_eq!(granted.is_authorized, Some(Value::Bool(true)));
    assert_eq!(granted.shop_id.as_deref(), Some("59730165893"));
    let installed = Installation::read(json!({ "is_installed": 1 })).unwrap();
    assert_eq!(installed.is_installed, Some(json!(1)));

    let excluded = Exclusion::read(json!({
        "customer_id": "23044610359590", "first_name": "", "email": "",
        "created_at": "2025-07-28T10:13:34Z",
    }));
    assert_eq!(
        excluded.unwrap().customer_id.as_deref(),
        Some("23044610359590")
    );
    let upload =
        ImageUpload::read(json!({ "host": "https://img.trustoo.io", "expire": "1781682923" }));
    assert_eq!(upload.unwrap().expire.as_deref(), Some("1781682923"));
}

#[test]
fn the_envelope_s_numbers_have_codes() {
    let codes = PLATFORM.envelope.unwrap();
    for (number, code) in [
        (5, Code::NotFound),
        (8, Code::Forbidden),
        (13, Code::ServerError),
        (16, Code::Unauthorized),
    ] {
        assert!(codes.contains(&(number, code)), "{number}");
    }
    // 0 is success, 3 and 6 are what any other number is: a bad request.
    assert!(codes.iter().all(|(number, _)| ![0, 3, 6].contains(number)));
}
