//! The control interface over HTTP and as methods: SB5, SB7, SB13, SB15, SB16.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

mod common;

/// A business generated link of the demo keys.
const LINK: &str = "https://www.trustpilot.com/evaluate-bgl/example.com?p=BwcHBwcHBwcHBwcHBwcHB5liMLsjGa\
     aSwOjq%2BMmFu5Mw4IJH5Psr5LKh6lmj0AIEyPITn6wyclm690cO9xjlvwA4fF9LgYBT%2Bp0gz9jSG1Q%3D";

use common::{KEY, NOW, Tester, header};
use plaudit_sandbox::{Control, Options, Sandbox, Start};
use serde_json::{Value, json};

/// A control address, what is sent there, and the method that does the same.
type Same = (
    &'static str,
    &'static str,
    Value,
    fn(&mut Control<'_>) -> Value,
);

fn every_control_address() -> Vec<Same> {
    vec![
        ("GET", "health", json!(null), |control| control.health()),
        ("GET", "routes", json!(null), |control| control.routes()),
        ("GET", "clock", json!(null), |control| control.clock()),
        (
            "POST",
            "clock",
            json!({ "set": 5, "advance": 7 }),
            |control| {
                control.set(5);
                control.advance(7);
                assert_eq!(control.now(), 12);
                control.clock()
            },
        ),
        ("POST", "clock", json!({ "mode": "running" }), |control| {
            control.run();
            control.clock()
        }),
        ("POST", "clock", json!({ "mode": "frozen" }), |control| {
            control.freeze();
            control.clock()
        }),
        (
            "POST",
            "faults",
            json!({ "fault": "503", "times": 2 }),
            |control| {
                let rule = json!({ "fault": "503", "times": 2 });
                control.add_fault(&rule).unwrap()
            },
        ),
        ("POST", "faults", json!({ "fault": "404" }), |control| {
            control.add_fault(&json!({ "fault": "404" })).unwrap()
        }),
        ("GET", "faults", json!(null), |control| control.faults()),
        ("GET", "verify", json!(null), |control| control.verify()),
        (
            "DELETE",
            "faults/f1",
            json!(null),
            |control| json!({ "removed": u8::from(control.remove_fault("f1")) }),
        ),
        (
            "DELETE",
            "faults",
            json!(null),
            |control| json!({ "removed": control.clear_faults() }),
        ),
        (
            "GET",
            "requests?method=GET&since=1",
            json!(null),
            |control| {
                let filter = [("method", "GET"), ("since", "1")];
                control.requests(&filter).unwrap()
            },
        ),
        (
            "POST",
            "webhooks",
            json!({ "topic": "review/created", "url": "http://127.0.0.1:1/" }),
            |control| {
                let event = json!({ "topic": "review/created", "url": "http://127.0.0.1:1/" });
                control.add_webhook(&event).unwrap()
            },
        ),
        ("GET", "webhooks", json!(null), |control| control.webhooks()),
        ("GET", "data", json!(null), |control| control.data()),
        ("POST", "links", json!({ "link": LINK }), |control| {
            control.read_link(&json!({ "link": LINK })).unwrap()
        }),
        ("POST", "webhooks/1", json!({ "status": 500 }), |control| {
            control
                .answer_webhook(1, &json!({ "status": 500 }))
                .unwrap()
        }),
        (
            "DELETE",
            "requests/2",
            json!(null),
            |control| json!({ "removed": u8::from(control.remove_request(2)) }),
        ),
        (
            "POST",
            "snapshot",
            json!({}),
            |control| json!({ "id": control.snapshot() }),
        ),
        (
            "DELETE",
            "requests",
            json!(null),
            |control| json!({ "removed": control.clear_requests() }),
        ),
        (
            "POST",
            "config",
            json!({ "token_lifetime": 9 }),
            |control| control.set_config(&json!({ "token_lifetime": 9 })).unwrap(),
        ),
        ("POST", "restore", json!({ "id": "s1" }), |control| {
            control.restore("s1").unwrap();
            json!({ "restored": "s1" })
        }),
        ("GET", "config", json!(null), |control| control.config()),
        (
            "POST",
            "reset",
            json!({ "only": ["tokens", "clock"] }),
            |control| {
                control.reset(&["tokens", "clock"]).unwrap();
                json!({ "reset": true })
            },
        ),
        ("POST", "reset", json!({}), |control| {
            control.reset(&[]).unwrap();
            json!({ "reset": true })
        }),
    ]
}

#[test]
fn sb15_methods_and_addresses_do_the_same() {
    let mut by_http = Tester::new();
    let mut by_method = Tester::new();
    for tester in [&mut by_http, &mut by_method] {
        tester.world = "/w/same";
        for _ in 0..3 {
            tester.find("");
        }
    }
    let same = every_control_address();
    for (method, path, body, act) in &same {
        let body = if body.is_null() {
            String::new()
        } else {
            body.to_string()
        };
        let over_http = by_http.control(method, path, &body);
        let mut control = by_method.sandbox.control("same", NOW).unwrap();
        assert_eq!(act(&mut control), over_http, "{method} {path}");
    }
    let routes = by_http.control("GET", "routes", "")["routes"].clone();
    for route in routes.as_array().unwrap() {
        let path = route["path"].as_str().unwrap();
        if route["area"] != "control" {
            continue;
        }
        let known = same.iter().any(|(method, given, ..)| {
            let given = given.split('?').next().unwrap();
            let given = given.replace("/f1", "/{id}").replace("/2", "/{id}");
            let given = given.replace("/1", "/{id}");
            route["method"] == *method && path == format!("/__sandbox/{given}")
        });
        assert!(known, "{} {path} has no method", route["method"]);
    }
}

#[test]
fn sb15_what_http_refuses_the_methods_refuse() {
    let mut sandbox = Sandbox::new(Options::default());
    let mut control = sandbox.control("", NOW).unwrap();
    assert!(control.reset(&["tokenz"]).is_err());
    assert!(control.restore("s1").is_err());
    assert!(control.requests(&[("since", "x")]).is_err());
    assert!(control.add_fault(&json!({ "fault": "no" })).is_err());
    assert!(control.set_config(&json!({ "no": 1 })).is_err());
    assert!(!control.remove_fault("f1") && !control.remove_request(1));
    assert!(sandbox.control("a b", NOW).is_err());
    let mut tester = Tester::new();
    for (path, body) in [
        ("restore", r#"{"id":"s1"}"#),
        ("restore", "{}"),
        ("restore", "["),
    ] {
        let status = tester
            .send("POST", &format!("/__sandbox/{path}"), &[], body)
            .status;
        assert!(status == 404 || status == 400, "{path} {body}");
    }
}

/// Everything that a world would say.
fn everything(tester: &mut Tester) -> String {
    let paths = ["requests", "faults", "config", "clock", "verify", "health"];
    let mut all = String::new();
    for path in paths {
        all.push_str(&tester.control("GET", path, "").to_string());
    }
    // What comes next depends on what was: tokens, allowances, marks.
    for _ in 0..3 {
        let redirect = tester.decide("token", "allow");
        all.push_str(&redirect.location);
        let plan = tester.find("");
        all.push_str(&format!(
            "{} {:?} {}",
            plan.status,
            plan.headers,
            plan.text()
        ));
    }
    all + &tester.control("GET", "requests", "").to_string()
}

#[test]
fn sb7_restore_after_a_thousand_requests_is_equal() {
    for clock in ["frozen", "running"] {
        let mut tester = Tester::new();
        tester.control("POST", "clock", &json!({ "mode": clock }).to_string());
        tester.config(r#"{"limits":{"api":[{"calls":30,"seconds":3600}]}}"#);
        tester.fault(r#"{"fault":"503","probability":0.2}"#);
        let token = tester.token();
        (0..20).for_each(|_| drop(tester.find("")));
        let id = tester.control("POST", "snapshot", "")["id"].to_string();
        let before = everything(&mut tester);
        tester.control("POST", "restore", &format!("{{\"id\":{id}}}"));
        for index in 0..1_000 {
            tester.now += 10;
            tester.find("");
            if index % 100 == 0 {
                tester.control("POST", "reset", r#"{"only":["tokens"]}"#);
                tester.config(r#"{"state_echo":"never"}"#);
                tester.fault(r#"{"fault":"404"}"#);
            }
        }
        assert_ne!(tester.find_with(&token).status, 200);
        tester.control("POST", "restore", &format!("{{\"id\":{id}}}"));
        assert_eq!(everything(&mut tester), before, "{clock}");
    }
}

#[test]
fn sb7_a_clone_is_a_snapshot_of_every_world() {
    let mut tester = Tester::new();
    tester.world = "/w/a";
    tester.find("");
    let kept = tester.sandbox.clone();
    let first = tester.token();
    tester.control("POST", "clock", r#"{"advance":5000}"#);
    tester.sandbox = kept;
    assert_eq!(tester.requests().len(), 1);
    assert_eq!(tester.control("GET", "clock", "")["now"], NOW);
    assert_eq!(tester.token(), first);
}

#[test]
fn sb7_snapshots_belong_to_their_world_and_the_oldest_goes() {
    let mut tester = Tester::new();
    tester.world = "/w/a";
    for count in 1..=17 {
        assert_eq!(
            tester.control("POST", "snapshot", "")["id"],
            format!("s{count}")
        );
    }
    let status = |tester: &mut Tester, id: &str| {
        let body = format!("{{\"id\":\"{id}\"}}");
        tester.send("POST", "/__sandbox/restore", &[], &body).status
    };
    assert_eq!(status(&mut tester, "s1"), 404);
    assert_eq!(status(&mut tester, "s2"), 200);
    tester.control("POST", "reset", "");
    assert_eq!(status(&mut tester, "s17"), 200);
    tester.world = "/w/b";
    assert_eq!(status(&mut tester, "s17"), 404);
}

#[test]
fn sb5_there_is_no_other_clock_in_the_core() {
    let source = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = vec![source];
    let mut seen = 0;
    while let Some(path) = files.pop() {
        if path.is_dir() {
            files.extend(
                std::fs::read_dir(path)
                    .unwrap()
                    .map(|entry| entry.unwrap().path()),
            );
            continue;
        }
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        if ["server.rs", "main.rs"].contains(&name.as_str()) || !name.ends_with(".rs") {
            continue;
        }
        let text = std::fs::read_to_string(&path).unwrap();
        seen += 1;
        for word in [
            "SystemTime",
            "Instant",
            "std::time",
            "std::env",
            "std::fs",
            "rand",
        ] {
            let found = text
                .split(|c: char| !c.is_alphanumeric() && c != ':')
                .any(|part| part == word || (word.contains(':') && part.starts_with(word)));
            assert!(!found, "{word} in {name}");
        }
    }
    assert!(seen > 10);
}

#[test]
fn sb5_a_frozen_sandbox_stands_still() {
    let at = 784_111_777_000;
    let sandbox = Sandbox::new(Options {
        seed: 1,
        clock: Start::Frozen(at),
    });
    let mut tester = Tester::new();
    tester.sandbox = sandbox;
    assert_eq!(
        header(&tester.find(""), "date"),
        Some("Sun, 06 Nov 1994 08:49:37 GMT")
    );
    tester.now += 10_000;
    assert_eq!(tester.control("GET", "clock", "")["now"], at);
}

#[test]
fn sb16_every_key_and_secret_carries_a_mark() {
    let mut tester = Tester::new();
    let config = tester.control("GET", "config", "");
    for client in config["clients"].as_array().unwrap() {
        for name in ["client_id", "client_secret"] {
            assert!(client[name].as_str().unwrap().starts_with("plaudit-demo-"));
        }
    }
    assert_eq!(KEY, "plaudit-demo-key");
}
