//! API faults as plans, and the rules that switch them on: SB6, SB9, SB10, SB11.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

mod common;

use common::{KEY, Tester, header, json};
use plaudit_sandbox::{End, Plan};

/// The answer to a request under one fault.
fn under(fault: &str) -> Plan {
    Tester::new().find(&format!("&__fault={fault}"))
}

#[test]
fn sb10_each_api_fault() {
    let whole = Tester::new().find("").text();
    let delay = under("delay;ms=70");
    assert_eq!((delay.delay_ms, delay.text()), (70, whole.clone()));
    assert_eq!(under("delay").delay_ms, 1_000);
    let hang = under("hang");
    assert!(hang.end == End::Hang && hang.chunks.is_empty());
    let cut = under("cut-before-headers");
    assert!(cut.end == End::Cut && cut.chunks.is_empty());
    let cut = under("cut-body");
    assert_eq!(
        (cut.end, cut.text().as_str()),
        (End::Cut, &whole[..whole.len() / 2])
    );
    let half = under("truncated-json");
    assert_eq!(
        (half.end, half.text().as_str()),
        (End::Whole, &whole[..whole.len() / 2])
    );
    let html = under("html");
    assert_eq!(
        header(&html, "content-type"),
        Some("text/html; charset=utf-8")
    );
    assert_eq!(
        (
            html.status.as_u16(),
            under("html;status=502").status.as_u16()
        ),
        (200, 502)
    );
    let text = under("wrong-type");
    assert_eq!(
        header(&text, "content-type"),
        Some("text/plain; charset=utf-8")
    );
    assert_eq!(text.text(), whole);
    assert!(json(&under("wrong-shape")).is_array());
    let empty = under("empty");
    assert_eq!((empty.status.as_u16(), empty.text().as_str()), (200, ""));
    for status in [401, 403, 404, 429, 500, 503] {
        let plan = under(&status.to_string());
        assert_eq!(plan.status.as_u16(), status);
        assert!(json(&plan).is_object());
        assert_eq!(header(&plan, "retry-after"), None);
    }
    assert_eq!(under("status;status=418").status.as_u16(), 418);
    assert_eq!(under("418").status.as_u16(), 418);
    let network = under("520");
    assert_eq!(
        (network.status.as_u16(), header(&network, "content-type")),
        (520, Some("text/plain"))
    );
    assert!(!network.text().starts_with('{'));
    let closed = under("cors-off");
    assert_eq!(closed.status, 200);
    assert!(
        closed
            .headers
            .keys()
            .all(|name| !name.as_str().starts_with("access-control"))
    );
}

#[test]
fn sb10_drip_comes_in_pieces() {
    let whole = Tester::new().find("").text();
    let drip = under("drip;ms=30");
    assert_eq!((drip.pause_ms, drip.delay_ms, drip.text()), (30, 0, whole));
    assert_eq!((under("drip").pause_ms, drip.chunks.len()), (100, 10));
    // Nothing to cut is nothing to wait for.
    let empty = under("empty&__fault=drip");
    assert_eq!((empty.chunks.len(), empty.text().as_str()), (0, ""));
}

#[test]
fn sb10_date_skew_goes_both_ways() {
    for (fault, date) in [
        ("date-skew", "Thu, 01 Jan 2026 01:00:00 GMT"),
        ("date-skew;seconds=5", "Thu, 01 Jan 2026 00:00:05 GMT"),
        ("date-skew;seconds=-5", "Wed, 31 Dec 2025 23:59:55 GMT"),
    ] {
        assert_eq!(header(&under(fault), "date"), Some(date), "{fault}");
    }
    let mut tester = Tester::new();
    tester.fault(r#"{"fault":"date-skew","seconds":-60,"times":1}"#);
    let skewed = tester.find("");
    assert_eq!(
        header(&skewed, "date"),
        Some("Wed, 31 Dec 2025 23:59:00 GMT")
    );
    let right = tester.find("");
    assert_eq!(
        header(&right, "date"),
        Some("Thu, 01 Jan 2026 00:00:00 GMT")
    );
}

/// A page of private reviews: the ids, and the address of the next page.
fn page(tester: &mut Tester, query: &str) -> (Vec<String>, Option<String>) {
    let id = json(&tester.find(""))["id"].as_str().unwrap().to_owned();
    let bearer = format!("Bearer {}", tester.token());
    let path = format!("/v1/private/business-units/{id}/reviews?{query}");
    let answer = json(&tester.send("GET", &path, &[("authorization", &bearer)], ""));
    let reviews = answer["reviews"].as_array().unwrap().iter();
    let ids = reviews.map(|one| one["id"].as_str().unwrap().to_owned());
    let next = &answer["links"][0];
    (
        ids.collect(),
        next["href"].as_str().map(|href| href.to_owned()),
    )
}

#[test]
fn sb10_duplicate_page_gives_the_items_of_the_page_before() {
    let mut tester = Tester::new();
    let (first, _) = page(&mut tester, "page=1&perPage=10");
    let (second, next) = page(&mut tester, "page=2&perPage=10");
    assert_ne!(first, second);
    assert!(next.as_ref().unwrap().contains("page=3"));
    let duplicate = page(&mut tester, "page=2&perPage=10&__fault=duplicate-page");
    assert_eq!(duplicate, (first.clone(), next));
    // There is no page before the first.
    let same = page(&mut tester, "perPage=10&__fault=duplicate-page");
    assert_eq!(same.0, first);
}

#[test]
fn sb10_repeated_cursor_names_the_page_that_was_asked_for() {
    let mut tester = Tester::new();
    let (second, _) = page(&mut tester, "page=2&perPage=10");
    let fault = "__fault=repeated-cursor";
    let (ids, next) = page(&mut tester, &format!("page=2&perPage=10&apikey=x&{fault}"));
    assert_eq!(ids, second);
    let next = next.unwrap();
    assert!(next.starts_with("http://127.0.0.1:4700/v1/private/business-units/"));
    assert!(next.ends_with("/reviews?page=2&perPage=10"), "{next}");
    let (_, next) = page(&mut tester, &format!("page=14&perPage=10&{fault}"));
    assert!(next.unwrap().contains("page=14"), "the last page");
    // Nothing was asked for that could come again.
    let (_, next) = page(&mut tester, &format!("perPage=10&{fault}"));
    assert!(next.unwrap().contains("page=2"));
}

#[test]
fn sb10_cursors_and_tokens_repeat_as_pages_do() {
    let mut tester = Tester::new();
    let get = |tester: &mut Tester, target: &str| {
        json(&tester.send("GET", target, &[("apikey", KEY)], ""))
    };
    let id = json(&tester.find(""))["id"].as_str().unwrap().to_owned();
    let reviews = format!("/v1/business-units/{id}/all-reviews");
    for (target, asked, told, items) in [
        (
            "/v1/business-units/all?perPage=2",
            "cursor",
            "cursor",
            "businessUnits",
        ),
        (&*reviews, "pageToken", "nextPageToken", "reviews"),
    ] {
        let glue = if target.contains('?') { '&' } else { '?' };
        let first = get(&mut tester, target);
        let cursor = first[told].as_str().unwrap();
        let page = format!("{target}{glue}{asked}={cursor}");
        let second = get(&mut tester, &page);
        assert_ne!(second[told], first[told]);
        let again = get(&mut tester, &format!("{page}&__fault=repeated-cursor"));
        assert_eq!(again[told], first[told]);
        assert_eq!(again[items], second[items]);
        let duplicate = get(&mut tester, &format!("{page}&__fault=duplicate-page"));
        assert_eq!(duplicate[told], second[told]);
        assert_eq!(duplicate[items], first[items]);
        assert_ne!(first[items], second[items]);
    }
}

#[test]
fn sb20_a_bug_is_a_500_with_a_marker_and_fails_verify() {
    let mut tester = Tester::new();
    assert_eq!(tester.control("GET", "verify", "")["ok"], true);
    tester.fault(r#"{"fault":"bug","times":1}"#);
    let plan = tester.find("");
    assert_eq!(
        (plan.status.as_u16(), header(&plan, "x-plaudit-sandbox")),
        (500, Some("bug"))
    );
    assert_eq!(json(&plan)["ErrorCode"], "500");
    assert_eq!(header(&plan, "access-control-allow-origin"), Some("*"));
    assert_eq!(tester.find("").status, 200);
    let verify = tester.control("GET", "verify", "");
    assert_eq!(verify["ok"], false);
    assert_eq!(verify["bugs"].as_array().unwrap().len(), 1);
    assert_eq!(verify["bugs"][0]["path"], "/v1/business-units/find");
    assert_eq!(verify["bugs"][0]["message"], "the fault bug was asked for");
    assert_eq!(tester.requests()[0]["fault"], "bug");
    tester.control("POST", "reset", "");
    assert_eq!(tester.control("GET", "verify", "")["ok"], true);
}

#[test]
fn sb10_429_with_each_hint() {
    for (fault, hint) in [
        ("429", None),
        ("429;retry-after=2", Some("2")),
        (
            "429;retry-after=date:2",
            Some("Thu, 01 Jan 2026 00:00:02 GMT"),
        ),
        ("429;retry-after=soonish", Some("soonish")),
    ] {
        assert_eq!(header(&under(fault), "retry-after"), hint, "{fault}");
    }
    let mut tester = Tester::new();
    tester.fault(r#"{"fault":"429","retry_after":2,"times":1}"#);
    assert_eq!(header(&tester.find(""), "retry-after"), Some("2"));
    tester.fault(r#"{"fault":"503","retry_after":"2","ms":30}"#);
    let plan = tester.find("");
    assert_eq!(
        (header(&plan, "retry-after"), plan.delay_ms),
        (Some("2"), 30)
    );
}

#[test]
fn sb9_times_hits_and_removal() {
    let mut tester = Tester::new();
    let first = tester.fault(r#"{"fault":"503","times":2}"#);
    let second =
        tester.fault(r#"{"fault":"404","match":{"method":"GET","apikey":"plaudit-demo-key"}}"#);
    let statuses: Vec<_> = (0..4).map(|_| tester.find("").status.as_u16()).collect();
    assert_eq!(statuses, [503, 503, 404, 404]);
    let rules = tester.control("GET", "faults", "")["rules"].clone();
    assert_eq!(
        (&rules[0]["id"], &rules[0]["hits"], &rules[0]["remaining"]),
        (&first.into(), &2.into(), &0.into())
    );
    assert_eq!(rules[1]["hits"], 2);
    assert_eq!(rules[1]["match"]["apikey"], "key#1");
    let faults: Vec<_> = tester
        .requests()
        .iter()
        .map(|entry| entry["fault"].clone())
        .collect();
    assert_eq!(faults, ["503", "503", "404", "404"]);
    assert_eq!(
        tester.control("DELETE", &format!("faults/{second}"), "")["removed"],
        1
    );
    assert_eq!(
        tester
            .send("DELETE", "/__sandbox/faults/f99", &[], "")
            .status,
        404
    );
    assert_eq!(tester.find("").status, 200);
    assert_eq!(tester.control("DELETE", "faults", "")["removed"], 1);
    assert!(
        tester.control("GET", "faults", "")["rules"]
            .as_array()
            .unwrap()
            .is_empty()
    );
}

#[test]
fn sb9_an_unhit_rule_shows() {
    let mut tester = Tester::new();
    tester.fault(r#"{"fault":"503","match":{"route":"/v1/private/business-units/{id}/reviews"}}"#);
    assert_eq!(tester.find("").status, 200);
    assert_eq!(tester.control("GET", "faults", "")["rules"][0]["hits"], 0);
    assert_eq!(
        tester.get("/v1/private/business-units/x/reviews").status,
        503
    );
    // A rule without a route is for the API: not for pages, not for control.
    tester.fault(r#"{"fault":"500"}"#);
    assert_eq!(tester.get("/").status, 200);
    assert_eq!(tester.get("/__sandbox/health").status, 200);
    assert_eq!(tester.find("").status, 500);
}

#[test]
fn sb9_verify_tells_of_rules_without_hits_and_unknown_routes() {
    let mut tester = Tester::new();
    let rule = tester.fault(r#"{"fault":"503","match":{"apikey":"plaudit-demo-key","nth":2}}"#);
    tester.get("/v1/nothing");
    tester.send("POST", &format!("/v1/{KEY}"), &[], "");
    tester.get("/v1/nothing");
    let verify = tester.control("GET", "verify", "");
    assert_eq!(verify["ok"], false);
    assert_eq!(verify["unhit_rules"][0]["id"], rule);
    assert_eq!(verify["unhit_rules"][0]["match"]["apikey"], "key#1");
    assert_eq!(
        verify["unknown_routes"],
        serde_json::json!([
            { "method": "GET", "path": "/v1/nothing", "count": 2 },
            { "method": "POST", "path": "/v1/key#1", "count": 1 },
        ])
    );
    tester.find("");
    tester.find("");
    let unhit = tester.control("GET", "verify", "")["unhit_rules"].clone();
    assert_eq!(unhit, serde_json::json!([]));
    tester.control("DELETE", "requests", "");
    assert_eq!(tester.control("GET", "verify", "")["ok"], true);
    // Bounded, whatever comes in.
    for index in 0..300 {
        tester.get(&format!("/v1/x{index}"));
    }
    let verify = tester.control("GET", "verify", "");
    assert_eq!(verify["unknown_routes"].as_array().unwrap().len(), 100);
    assert_eq!(tester.control("GET", "health", "")["unknown_routes"], 300);
}

#[test]
fn sb9_bad_rules_are_refused() {
    let mut tester = Tester::new();
    for bad in [
        "",
        "[]",
        r#"{"fault":"nope"}"#,
        r#"{"fault":"503","time":1}"#,
        r#"{"fault":"503","match":{"path":"/"}}"#,
        r#"{"fault":"503","probability":2}"#,
        r#"{"fault":"status"}"#,
        r#"{"fault":"status","status":99}"#,
        r#"{"fault":"429","retry_after":[]}"#,
        r#"{"fault":"503","times":-1}"#,
    ] {
        let plan = tester.send("POST", "/__sandbox/faults", &[], bad);
        assert_eq!(plan.status, 400, "{bad}");
        assert!(json(&plan)["error"].is_string());
    }
    assert!(
        tester.control("GET", "faults", "")["rules"]
            .as_array()
            .unwrap()
            .is_empty()
    );
}

#[test]
fn sb11_the_query_fault_is_taken_off_first() {
    let mut tester = Tester::new();
    let path = format!("/v1/business-units/find?__fault=delay;ms=5&name=example.com&apikey={KEY}");
    let plan = tester.get(&path);
    assert_eq!((plan.status.as_u16(), plan.delay_ms), (200, 5));
    assert!(!plan.text().contains("__fault"));
    // It goes before rules and does not use them up.
    tester.fault(r#"{"fault":"500","times":1}"#);
    assert_eq!(tester.find("&__fault=404").status, 404);
    assert_eq!(tester.find("").status, 500);
    // Several add up.
    let plan = tester.find("&__fault=delay;ms=5&__fault=503");
    assert_eq!((plan.status.as_u16(), plan.delay_ms), (503, 5));
    let bad = tester.find("&__fault=5o3");
    assert_eq!(
        (bad.status.as_u16(), header(&bad, "x-plaudit-sandbox")),
        (400, Some("bad-fault"))
    );
    assert_eq!(bad.end, End::Whole);
}

#[test]
fn sb11_a_preflight_passes_unless_cors_is_off() {
    let mut tester = Tester::new();
    let path = "/v1/business-units/find?name=example.com&__fault=";
    let passed = tester.send("OPTIONS", &format!("{path}503"), &[], "");
    assert_eq!(passed.status, 200);
    assert!(header(&passed, "access-control-allow-origin").is_some());
    let closed = tester.send("OPTIONS", &format!("{path}cors-off"), &[], "");
    assert_eq!(header(&closed, "access-control-allow-origin"), None);
}
