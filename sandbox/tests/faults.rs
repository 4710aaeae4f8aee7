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
