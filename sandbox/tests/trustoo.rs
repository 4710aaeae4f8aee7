//! Trustoo's Open API and its webhooks: SB5, SB7, SB14, SB19.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

mod common;

use common::{SECRET, TRUSTOO, Tester, header, json};
use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value, json};
use sha2::Sha256;

const ROOT: &str = "/trustoo/api/v1/openapi";
const PUBLIC: &str = "plaudit-demo-public-token";
const PRIVATE: &str = "plaudit-demo-private-token";

fn mac(text: &str) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(PRIVATE.as_bytes()).unwrap();
    mac.update(text.as_bytes());
    let bytes = mac.finalize().into_bytes();
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

impl Tester {
    fn ask(&mut self, path: &str, bearer: &str) -> Value {
        self.call("GET", &format!("{ROOT}/{path}"), bearer, &Value::Null)
            .1
    }

    fn tell(&mut self, path: &str, bearer: &str, body: &Value) -> Value {
        self.call("POST", &format!("{ROOT}/{path}"), bearer, body).1
    }

    fn signed(&mut self, path: &str, timestamp: &str, text: &str, body: &str) -> Value {
        let sign = mac(text);
        let headers = [
            ("content-type", "application/json"),
            ("public-token", PUBLIC),
            ("timestamp", timestamp),
            ("sign", &sign),
        ];
        let method = if body.is_empty() { "GET" } else { "POST" };
        json(&self.send(method, &format!("{ROOT}/{path}"), &headers, body))
    }
}

#[test]
fn sb14_a_request_is_signed_in_one_of_two_ways_within_15_minutes() {
    let mut tester = Tester::new();
    let now = tester.now / 1_000;
    let at = now.to_string();
    let path = "get_rating?is_all_rating=1&product_handle=a%20b";
    let text = format!("is_all_rating=1&product_handle=a b&timestamp={at}");
    assert_eq!(tester.signed(path, &at, &text, "")["code"], 0);
    assert_eq!(tester.signed(path, &at, "no", "")["code"], 16);
    for (off, code) in [(-901, 16), (-900, 0), (900, 0), (901, 16)] {
        let at = (now as i64 + off).to_string();
        let text = format!("is_all_rating=1&timestamp={at}");
        let answer = tester.signed("get_rating?is_all_rating=1", &at, &text, "");
        assert_eq!(answer["code"], code, "{off}");
    }
    let body = r#"{"rating":5,"author":"A"}"#;
    let text = format!("timestamp={at}|{body}");
    assert_eq!(tester.signed("create_review", &at, &text, body)["code"], 0);
    let other = format!("{PUBLIC}{at}");
    assert_eq!(
        tester.signed("create_review", &at, &other, body)["code"],
        16
    );
    tester.config(r#"{"trustoo_sign":"token-timestamp"}"#);
    assert_eq!(tester.signed("create_review", &at, &other, body)["code"], 0);
    tester.config(r#"{"trustoo_errors":"status"}"#);
    let plan = tester.get(&format!("{ROOT}/get_rating"));
    assert_eq!(
        (plan.status.as_u16(), json(&plan)["code"].clone()),
        (401, json!(16))
    );
}

#[test]
fn sb14_a_token_opens_what_its_scopes_name() {
    let mut tester = Tester::new();
    let reader = tester.shop_bearer("read_reviews");
    let review = json!({ "rating": 1, "author": "A" });
    assert_eq!(tester.ask("get_reviews", &reader)["code"], 0);
    assert_eq!(tester.tell("create_review", &reader, &review)["code"], 8);
    let event = json!({ "topic": "customer_event/created", "url": "https://x.example/" });
    assert_eq!(
        tester.tell("create_shop_webhook", &reader, &event)["code"],
        8
    );
    tester.config(r#"{"trustoo_scopes":false}"#);
    assert_eq!(tester.tell("create_review", &reader, &review)["code"], 0);
    // A token of the other platform is none.
    let other = tester.bearer(common::KEY, &[]);
    assert_eq!(tester.ask("get_reviews", &other)["code"], 16);
}

#[test]
fn sb19_what_is_made_is_listed_rated_and_deleted() {
    let mut tester = Tester::new();
    let bearer = tester.shop_bearer("");
    let all = |tester: &mut Tester| {
        let answer = tester.ask("get_reviews?page_size=100", &bearer);
        let count = answer["data"]["page"]["count"].as_u64().unwrap();
        let list = answer["data"]["list"].as_array().unwrap().clone();
        assert_eq!(list.len() as u64, count);
        list
    };
    let rated = |tester: &mut Tester, query: &str| {
        let answer = tester.ask(&format!("get_rating?{query}"), &bearer);
        let data = answer["data"].clone();
        assert!(data["rating_value"].is_string(), "{answer}");
        (
            data["review_count"].as_u64().unwrap(),
            data["star1_count"].as_u64().unwrap(),
        )
    };
    let before = all(&mut tester);
    let (count, ones) = rated(&mut tester, "is_all_rating=1");
    assert_eq!(before.len() as u64, count);
    let review = json!({ "rating": 1, "author": "Zo\u{eb}", "content": "a needle",
        "product_id": 0, "source": "ChatWILL", "media": { "images": ["https://x.example/1"] } });
    let made = tester.tell("create_review", &bearer, &review);
    let id = made["data"]["id"].as_str().unwrap().to_owned();
    assert_eq!(rated(&mut tester, "is_all_rating=1"), (count + 1, ones + 1));
    assert_eq!(rated(&mut tester, "is_store_rating=1"), (1, 1));
    let after = all(&mut tester);
    assert_eq!(
        (after.len(), &after[0]["id"]),
        (before.len() + 1, &json!(id))
    );
    for (query, expected) in [
        ("keyword=needle", 1),
        ("is_store_review=1", 1),
        ("sources%5B0%5D=ChatWILL", 1),
        ("ratings=1,2&sources=ChatWILL", 1),
        ("ratings=5&sources=ChatWILL", 0),
        ("product_ids=7", 0),
    ] {
        let answer = tester.ask(&format!("get_reviews?{query}"), &bearer);
        assert_eq!(answer["data"]["page"]["count"], expected, "{query}");
    }
    let oldest = tester.ask("get_reviews?sort_by=created-ascending&page_size=1", &bearer);
    assert_eq!(oldest["data"]["list"][0], *before.last().unwrap());
    let shown = tester.ask(&format!("get_review?id={id}"), &bearer);
    assert_eq!(shown["data"]["media"], review["media"]);
    for id in [id.clone(), before[0]["id"].as_str().unwrap().to_owned()] {
        let number = json!({ "id": id.parse::<u64>().unwrap() });
        assert_eq!(tester.tell("delete_review", &bearer, &number)["code"], 0);
        assert_eq!(tester.tell("delete_review", &bearer, &number)["code"], 5);
        assert_eq!(
            tester.ask(&format!("get_review?id={id}"), &bearer)["code"],
            5
        );
    }
    assert_eq!(all(&mut tester), before[1..]);
    assert_eq!(rated(&mut tester, "is_all_rating=1").0, count - 1);
    for bad in [
        json!({ "rating": 6, "author": "A" }),
        json!({ "rating": 5, "author": " " }),
        json!({ "rating": 5, "author": "A".repeat(121) }),
        json!({ "rating": 5, "author": "A", "source": "Elsewhere" }),
        json!({ "rating": 5, "author": "A", "media": vec!["https://x.example/"; 11] }),
        json!({ "rating": 5, "author": "A", "product_id": "x" }),
    ] {
        assert_eq!(
            tester.tell("create_review", &bearer, &bad)["code"],
            3,
            "{bad}"
        );
    }
    tester.control("POST", "reset", r#"{"only":["data"]}"#);
    assert_eq!(all(&mut tester), before);
}

#[test]
fn sb19_a_shop_is_authorized_until_it_disconnects() {
    let mut tester = Tester::new();
    let query = format!("client_id={TRUSTOO}&client_secret={SECRET}&shop_id=59730000001");
    let info =
        |tester: &mut Tester| tester.ask(&format!("get_shop_authorization_info?{query}"), "");
    assert_eq!(info(&mut tester)["data"]["is_authorized"], false);
    let bearer = tester.shop_bearer("read_reviews");
    let known = info(&mut tester)["data"].clone();
    assert_eq!(
        known,
        json!({ "is_authorized": true, "authorized_at": "2026-01-01T00:00:00Z",
            "granted_scopes": "read_reviews", "shop_id": "59730000001",
            "myshopify_domain": "example.myshopify.com" })
    );
    let status = |tester: &mut Tester| {
        let answer = tester.ask(&format!("get_shop_install_status?{query}"), "");
        answer["data"]["is_installed"].clone()
    };
    assert_eq!(status(&mut tester), 1);
    tester.config(r#"{"trustoo_installed":false}"#);
    assert_eq!(status(&mut tester), 0);
    for (bad, code) in [
        (query.replace("secret=p", "secret=q"), 16),
        (query.replace("59730000001", "1"), 5),
        (query.replace("&shop_id", "&x"), 3),
    ] {
        let answer = tester.ask(&format!("get_shop_install_status?{bad}"), "");
        assert_eq!(answer["code"], code, "{bad}");
    }
    assert_eq!(tester.tell("oauth/disconnect", "", &json!({}))["code"], 16);
    assert_eq!(
        tester.tell("oauth/disconnect", &bearer, &json!({}))["code"],
        0
    );
    assert_eq!(info(&mut tester)["data"]["is_authorized"], false);
    assert_eq!(tester.ask("get_reviews", &bearer)["code"], 16);
}

#[test]
fn the_authorize_url_leads_to_the_page() {
    let mut tester = Tester::new();
    let query = format!(
        "client_id={TRUSTOO}&redirect_uri=http%3A%2F%2F127.0.0.1%3A1%2F&state=a%20%2B&scope=read_reviews"
    );
    let answer = tester.ask(&format!("get_oauth_authorize_url?{query}"), "");
    let url = answer["data"]["authorize_url"].as_str().unwrap();
    let path = url.strip_prefix("http://127.0.0.1:4700").unwrap();
    // One base address for all of it leads there as well.
    let other = path.replace("/trustoo/oauth", "/trustoo/api/v1/openapi/oauth");
    assert_eq!(tester.get(&other).text(), tester.get(path).text());
    let page = tester.get(path);
    assert!(
        page.status == 200 && page.text().contains("value=\"a +\""),
        "{url}"
    );
    for (bad, code) in [
        (query.replace("plaudit", "x"), 16),
        (query.replace("127.0.0.1", "127.0.0.2"), 3),
        (query.replace("redirect_uri", "x"), 3),
    ] {
        assert_eq!(
            tester.ask(&format!("get_oauth_authorize_url?{bad}"), "")["code"],
            code
        );
    }
}

#[test]
fn a_webhook_is_made_changed_listed_and_ended_by_its_owner() {
    let mut tester = Tester::new();
    let bearer = tester.shop_bearer("");
    let draft = json!({ "topic": "review/created", "url": "https://x.example/hook" });
    let made = tester.tell("create_shop_webhook", &bearer, &draft)["data"].clone();
    let id = made["id"].as_str().unwrap();
    assert_eq!(made["created_at"], "2026-01-01T00:00:00Z");
    assert_eq!(made["updated_at"], "2026-01-01 00:00:00");
    tester.now += 1_000;
    let change = json!({ "id": id, "url": "http://127.0.0.1:9/" });
    let changed = tester.tell("update_shop_webhook", &bearer, &change)["data"].clone();
    assert_eq!(changed["topic"], "review/created");
    assert_eq!(changed["updated_at"], "2026-01-01 00:00:01");
    assert_eq!(
        tester.ask("get_shop_webhooks", &bearer)["data"],
        json!([changed])
    );
    // What the shop itself asks for, by signature, is another list.
    let at = (tester.now / 1_000).to_string();
    let text = format!("timestamp={at}");
    assert_eq!(
        tester.signed("get_shop_webhooks", &at, &text, "")["data"],
        json!([])
    );
    for (bad, code) in [
        (
            json!({ "topic": "review/read", "url": "https://x.example/" }),
            3,
        ),
        (
            json!({ "topic": "review/created", "url": "http://x.example/" }),
            3,
        ),
        (json!({ "topic": "review/created" }), 3),
    ] {
        assert_eq!(
            tester.tell("create_shop_webhook", &bearer, &bad)["code"],
            code,
            "{bad}"
        );
    }
    assert_eq!(
        tester.tell("delete_shop_webhook", &bearer, &json!({ "id": id }))["code"],
        0
    );
    assert_eq!(
        tester.tell("delete_shop_webhook", &bearer, &json!({ "id": id }))["code"],
        5
    );
}

#[test]
fn sb5_a_webhook_comes_again_at_growing_gaps_until_it_is_taken() {
    let mut tester = Tester::new();
    let bearer = tester.shop_bearer("");
    let hook = json!({ "topic": "review/created", "url": "http://127.0.0.1:9/hook" });
    tester.tell("create_shop_webhook", &bearer, &hook);
    tester.tell(
        "create_review",
        &bearer,
        &json!({ "rating": 5, "author": "A" }),
    );
    let due = |tester: &mut Tester| {
        let answer = tester.control("GET", "webhooks?due=true", "");
        answer["deliveries"].as_array().unwrap().clone()
    };
    let first = due(&mut tester)[0].clone();
    assert_eq!(first["url"], hook["url"]);
    let body = first["body"].as_str().unwrap();
    let item = &serde_json::from_str::<Value>(body).unwrap()["list"][0];
    assert_eq!(item["my_shopify_domain"], "example.myshopify.com");
    let named = |one: &Value, name: &str| {
        one["headers"][format!("Open-Trustoo-Webhook-{name}")]
            .as_str()
            .unwrap()
            .to_owned()
    };
    let check = |one: &Value| {
        let at = named(one, "Timestamp");
        assert_eq!(named(one, "Public-token"), PUBLIC);
        assert_eq!(named(one, "Sign"), mac(&format!("timestamp={at}|{body}")));
        at
    };
    assert_eq!(check(&first), "1767225600");
    let answered = |tester: &mut Tester, status: u16, body: &str| {
        let id = first["id"].as_u64().unwrap();
        let told = json!({ "status": status, "body": body }).to_string();
        tester.control("POST", &format!("webhooks/{id}"), &told)
    };
    assert_eq!(answered(&mut tester, 500, "")["attempt"], 2);
    assert!(due(&mut tester).is_empty());
    tester.now += 180_000;
    let second = due(&mut tester)[0].clone();
    assert_eq!(check(&second), "1767225780");
    assert_eq!(named(&first, "RequestId"), named(&second, "RequestId"));
    tester.config(r#"{"webhook_retries":"same"}"#);
    assert_eq!(due(&mut tester)[0]["headers"], first["headers"]);
    // A 200 that does not say code 0 is no success.
    assert_eq!(answered(&mut tester, 200, "ok")["state"], "pending");
    let taken = answered(&mut tester, 200, r#"{"code":0,"message":"success"}"#);
    assert_eq!(
        (&taken["state"], &taken["attempt"]),
        (&json!("delivered"), &Value::Null)
    );

    let event =
        r#"{"topic":"customer_event/created","url":"http://127.0.0.1:8/","data":{"id":"e"}}"#;
    let made = tester.control("POST", "webhooks", event);
    assert_eq!(made["deliveries"][0]["body"], r#"{"list":[{"id":"e"}]}"#);
    for bad in [
        r#"{"topic":"x"}"#,
        r#"{"topic":"review/created","url":"ftp://x"}"#,
    ] {
        let plan = tester.send("POST", "/__sandbox/webhooks", &[], bad);
        assert_eq!(plan.status, 400, "{bad}");
        assert_eq!(header(&plan, "access-control-allow-origin"), Some("*"));
    }
    let plan = tester.send("POST", "/__sandbox/webhooks/99", &[], r#"{"status":200}"#);
    assert_eq!(plan.status, 404);
}

#[test]
fn sb19_customers_are_unsubscribed_and_excluded() {
    let mut tester = Tester::new();
    let bearer = tester.shop_bearer("");
    let mail = json!({ "email": "zoe@example.com", "email_type": "market_email" });
    assert_eq!(tester.tell("email_unsubscribe", &bearer, &mail)["code"], 0);
    let customer = json!({ "email": "zoe@example.com" });
    let made = tester.tell("create_customer_exclude", &bearer, &customer);
    let id = made["data"]["customer_id"].as_str().unwrap().to_owned();
    assert_eq!(
        tester.tell("create_customer_exclude", &bearer, &customer)["code"],
        6
    );
    let data = tester.control("GET", "data", "");
    assert_eq!(data["unsubscribed"][0]["email_type"], "market_email");
    assert_eq!(data["excluded"][0]["customer_id"], *id);
    let both = json!({ "customer_id": id, "email": "zoe@example.com" });
    for (body, code) in [
        (both, 3),
        (json!({}), 3),
        (json!({ "email": "ann@example.com" }), 5),
        (json!({ "customer_id": id }), 0),
        (json!({ "customer_id": id }), 5),
    ] {
        assert_eq!(
            tester.tell("delete_customer_exclude", &bearer, &body)["code"],
            code,
            "{body}"
        );
    }
    tester.tell("create_customer_exclude", &bearer, &customer);
    assert_eq!(
        tester.tell("delete_customer_exclude", &bearer, &customer)["code"],
        0
    );
    for bad in [
        json!({ "email": "zoe", "email_type": "all" }),
        json!({ "email": "zoe@example.com", "email_type": "none" }),
        json!({ "email_type": "all" }),
    ] {
        assert_eq!(
            tester.tell("email_unsubscribe", &bearer, &bad)["code"],
            3,
            "{bad}"
        );
    }
}

#[test]
fn orders_and_events_come_by_page_and_by_scope() {
    let mut tester = Tester::new();
    let bearer = tester.shop_bearer("read_orders,read_customer_events");
    let ids = |answer: &Value| -> Vec<Value> {
        let list = answer["data"]["list"].as_array().unwrap().iter();
        list.map(|one| one["id"].clone()).collect()
    };
    let all = tester.ask("get_orders?page_size=100", &bearer);
    let known = ids(&all);
    assert_eq!(
        (known.len() as u64, &all["data"]["page"]["count"]),
        (24, &json!(24))
    );
    let path = "get_orders?page_size=10&page=3&sort_by=created-ascending";
    assert!(
        ids(&tester.ask(path, &bearer))
            .iter()
            .eq(known[..4].iter().rev())
    );
    assert_eq!(
        tester.ask("get_orders?type=6", &bearer)["data"]["page"]["count"],
        4
    );
    assert_eq!(tester.ask("get_orders?type=7", &bearer)["code"], 3);
    let events = tester.ask(
        "get_customer_events?event_type=CLICK_MEDIA&os_type=IOS",
        &bearer,
    );
    let list = events["data"]["list"].as_array().unwrap();
    assert!(!list.is_empty() && list.iter().all(|one| one["event_type"] == "CLICK_MEDIA"));
    assert_eq!(tester.ask("get_reviews", &bearer)["code"], 8);
    let token = tester.ask("get_image_upload_policy_token", &bearer)["data"].clone();
    assert_eq!(token["expire"], (tester.now / 1_000 + 600).to_string());
    let other = tester.shop_bearer("read_reviews");
    for path in ["get_orders", "get_customer_events"] {
        assert_eq!(tester.ask(path, &other)["code"], 8);
    }
}

#[test]
fn sb7_snapshot_and_restore_hold_what_requests_changed() {
    let mut tester = Tester::new();
    let bearer = tester.shop_bearer("");
    let review = json!({ "rating": 5, "author": "A" });
    tester.tell("create_review", &bearer, &review);
    let before = tester.ask("get_reviews", &bearer)["data"].clone();
    let id = tester.control("POST", "snapshot", "{}")["id"].clone();
    let next = tester.tell("create_review", &bearer, &review)["data"].clone();
    assert_ne!(tester.ask("get_reviews", &bearer)["data"], before);
    tester.control("POST", "restore", &json!({ "id": id }).to_string());
    assert_eq!(tester.ask("get_reviews", &bearer)["data"], before);
    // SB3: the same request gives the same id again.
    assert_eq!(tester.tell("create_review", &bearer, &review)["data"], next);
}
