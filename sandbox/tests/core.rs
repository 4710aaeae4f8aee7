//! Worlds, seeds, clock, journal: SB1, SB2, SB3, SB5, SB8, SB13, SB18, SB19.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

mod common;

use common::{KEY, NOW, Tester, header, json, trustpilot};
use plaudit_sandbox::Plan;

fn bytes(plan: &Plan) -> String {
    format!(
        "{} {:?} {} {:?} {}\n",
        plan.status,
        plan.headers,
        plan.delay_ms,
        plan.end,
        plan.text()
    )
}

/// One step of a session that uses every part of the sandbox.
fn step(tester: &mut Tester, index: usize) -> String {
    let plan = match index % 9 {
        0 => tester.find(""),
        1 => tester.submit("/authenticate", &trustpilot("token", "allow")),
        2 => tester.submit("/trustoo/oauth/authorize", &common::trustoo("allow")),
        3 => {
            let rule = r#"{"fault":"503","probability":0.5}"#;
            tester.send("POST", "/__sandbox/faults", &[], rule)
        }
        4 => tester.get("/w/other/v1/business-units/find?name=example.com"),
        5 => tester.send("POST", "/__sandbox/clock", &[], r#"{"advance":1000}"#),
        6 => tester.get("/__sandbox/requests"),
        7 => tester.find("&__fault=truncated-json"),
        _ => tester.get("/"),
    };
    bytes(&plan)
}

#[test]
fn sb1_fifty_interleaved_equal_fifty_in_turn() {
    let in_turn: Vec<String> = (0..50)
        .map(|seed| {
            let mut tester = Tester::seeded(seed);
            (0..20).map(|index| step(&mut tester, index)).collect()
        })
        .collect();
    let mut testers: Vec<_> = (0..50).map(Tester::seeded).collect();
    let mut interleaved = vec![String::new(); 50];
    for index in 0..20 {
        for (tester, out) in testers.iter_mut().zip(&mut interleaved) {
            out.push_str(&step(tester, index));
        }
    }
    assert!(in_turn == interleaved);
    assert_ne!(in_turn[0], in_turn[1]);
}

#[test]
fn sb2_worlds_share_nothing() {
    let mut tester = Tester::new();
    tester.world = "/w/a";
    let token_of_a = tester.token();
    tester.fault(r#"{"fault":"429"}"#);
    assert_eq!(tester.find("").status, 429);

    tester.world = "/w/b";
    assert_eq!(tester.find("").status, 200);
    assert_ne!(tester.token(), token_of_a);
    let bearer = format!("Bearer {token_of_a}");
    let path = "/v1/business-units/find?name=example.com";
    let with_token = [("authorization", bearer.as_str())];
    assert_eq!(tester.send("GET", path, &with_token, "").status, 401);
    // find, the form and the refused one.
    assert_eq!(tester.requests().len(), 3);
    let unit = json(&tester.find(""));
    let href = unit["links"][0]["href"].as_str().unwrap();
    assert!(
        href.starts_with("http://127.0.0.1:4700/w/b/v1/business-units/"),
        "{href}"
    );
    let page = tester.get(&format!(
        "/authenticate?client_id={KEY}&redirect_uri=https%3A%2F%2F127.0.0.1&response_type=code"
    ));
    assert!(page.text().contains("action=\"/w/b/authenticate\""));
    assert!(page.text().contains("href=\"/w/b/__sandbox/style.css\""));

    tester.world = "/w/a";
    assert_eq!(
        tester.control("GET", "faults", "")["rules"]
            .as_array()
            .unwrap()
            .len(),
        1
    );
    assert_eq!(tester.control("GET", "health", "")["world"], "a");
    tester.world = "";
    assert!(tester.requests().is_empty());
}

#[test]
fn sb2_a_world_has_a_plain_name_and_a_bounded_number() {
    let mut tester = Tester::new();
    for path in ["/w/", "/w//v1/x", "/w/a%20b/", "/w/%3Cb%3E/"] {
        let plan = tester.get(path);
        assert_eq!(plan.status, 404, "{path}");
        assert_eq!(header(&plan, "x-plaudit-sandbox"), Some("bad-world"));
    }
    assert_eq!(tester.get("/w/ok").status, 200);
    let statuses: Vec<_> = (0..4_200)
        .map(|index| tester.get(&format!("/w/n{index}/__sandbox/health")).status)
        .collect();
    assert_eq!(statuses.last().unwrap().as_u16(), 503);
    assert_eq!(tester.get("/w/ok").status, 200);
}

#[test]
fn sb3_the_bytes_are_pinned() {
    // These are what every other build of the core must give as well.
    let mut tester = Tester::new();
    assert_eq!(
        tester.token(),
        "tpa-sandbox-6d7185d83805206e921a307f21550eea"
    );
    let unit = json(&tester.find(""));
    assert_eq!(unit["id"].as_str().unwrap().len(), 24);
    let mut again = Tester::new();
    let transcript = |tester: &mut Tester| (0..60).map(|i| step(tester, i)).collect::<String>();
    assert_eq!(transcript(&mut Tester::new()), transcript(&mut again));
    assert_ne!(
        transcript(&mut Tester::seeded(2)),
        transcript(&mut Tester::new())
    );
}

#[test]
fn sb3_a_reset_world_begins_again() {
    let mut tester = Tester::new();
    let first = tester.token();
    tester.config(r#"{"state_echo":"never"}"#);
    tester.fault(r#"{"fault":"503"}"#);
    tester.control("POST", "clock", r#"{"set":5}"#);
    tester.control("POST", "reset", "");
    assert!(tester.requests().is_empty());
    assert_eq!(tester.find("").status, 200);
    assert_eq!(tester.control("GET", "clock", "")["now"], NOW);
    let redirect = tester.decide("token", "allow");
    assert_eq!(redirect.fragment("access_token").unwrap(), first);
    assert!(redirect.fragment("state").is_some());
}

#[test]
fn a_reset_can_name_its_parts() {
    let mut tester = Tester::new();
    let token = tester.token();
    tester.fault(r#"{"fault":"503"}"#);
    tester.control("POST", "reset", r#"{"only":["tokens"]}"#);
    assert_eq!(tester.find("").status, 503);
    tester.control("POST", "reset", r#"{"only":["faults","clock","config"]}"#);
    assert_eq!(tester.find("").status, 200);
    assert!(!tester.requests().is_empty());
    tester.control("POST", "reset", r#"{"only":["requests"]}"#);
    assert!(tester.requests().is_empty());
    assert_eq!(reviews(&mut tester, Some(&token)).status, 401);
    assert_ne!(tester.token(), token);
    let plan = tester.send("POST", "/__sandbox/reset", &[], r#"{"only":["token"]}"#);
    assert_eq!(plan.status, 400);
}

fn business(tester: &mut Tester) -> String {
    json(&tester.find(""))["id"].as_str().unwrap().to_owned()
}

fn reviews(tester: &mut Tester, token: Option<&str>) -> Plan {
    let path = format!("/v1/private/business-units/{}/reviews", business(tester));
    let bearer = token.map(|token| format!("Bearer {token}"));
    let headers: Vec<_> = bearer
        .iter()
        .map(|value| ("authorization", value.as_str()))
        .collect();
    tester.send("GET", &path, &headers, "")
}

#[test]
fn sb5_a_token_dies_and_revives_with_the_clock() {
    let mut tester = Tester::new();
    let token = tester.token();
    assert_eq!(reviews(&mut tester, Some(&token)).status, 200);
    tester.control("POST", "clock", r#"{"advance":359998999}"#);
    assert_eq!(reviews(&mut tester, Some(&token)).status, 200);
    let reading = tester.control("POST", "clock", r#"{"advance":1}"#);
    assert_eq!(reading["mode"], "running");
    let dead = reviews(&mut tester, Some(&token));
    assert_eq!(dead.status, 401);
    assert_eq!(
        json(&dead)["fault"]["detail"]["errorcode"],
        "oauth.v2.InvalidAccessToken"
    );
    tester.control("POST", "clock", r#"{"advance":-1}"#);
    assert_eq!(reviews(&mut tester, Some(&token)).status, 200);
}

#[test]
fn sb5_a_set_clock_stands_still_and_runs_on() {
    let mut tester = Tester::new();
    let reading = tester.control("POST", "clock", r#"{"set":784111777000}"#);
    assert_eq!(reading["mode"], "frozen");
    assert_eq!(reading["iso"], "1994-11-06T08:49:37Z");
    tester.now += 60_000;
    assert_eq!(
        header(&tester.find(""), "date"),
        Some("Sun, 06 Nov 1994 08:49:37 GMT")
    );
    assert_eq!(tester.requests()[0]["time"], 784_111_777_000_u64);
    tester.control("POST", "clock", r#"{"mode":"running"}"#);
    tester.now += 1_000;
    assert_eq!(
        header(&tester.find(""), "date"),
        Some("Sun, 06 Nov 1994 08:49:38 GMT")
    );
    tester.control("POST", "clock", r#"{"mode":"frozen"}"#);
    tester.now += 1_000;
    assert_eq!(
        tester.control("GET", "clock", "")["now"],
        784_111_778_000_u64
    );
    for bad in [
        r#"{"set":"x"}"#,
        r#"{"set":-1}"#,
        r#"{"sett":1}"#,
        "[",
        r#"{"mode":"fast"}"#,
    ] {
        assert_eq!(
            tester.send("POST", "/__sandbox/clock", &[], bad).status,
            400,
            "{bad}"
        );
    }
}

#[test]
fn sb8_secrets_are_marks_everywhere() {
    let mut tester = Tester::new();
    let token = tester.token();
    let redirect =
        common::Redirect::of(&tester.submit("/trustoo/oauth/authorize", &common::trustoo("allow")));
    let code = redirect.query("code").unwrap();
    let encoded: String = form_urlencoded::byte_serialize(code.as_bytes()).collect();
    let bearer = format!("Bearer {token}");
    let referer = format!("http://127.0.0.1/x?access_token={token}&plaudit_state=canary-1#{token}");
    let all = [
        ("authorization", bearer.as_str()),
        ("referer", referer.as_str()),
    ];
    let paths = [
        format!("/v1/business-units/find?name=example.com&apikey={KEY}"),
        format!("/v1/business-units/find?name={token}&access_token={token}&{token}&x=canary-2"),
        format!("/v1/{token}/x?code={encoded}&state=canary-3&{encoded}=1"),
        format!(
            "/v1/{}?name={}",
            encoded.to_lowercase(),
            code.replace('+', "%2b")
        ),
        "/v1/x?name=%74pa-sandbox-".to_owned() + token.strip_prefix("tpa-sandbox-").unwrap(),
        format!("/authenticate?client_id={KEY}&redirect_uri=https%3A%2F%2Fx%2F%3Fs%3Dcanary-4"),
        format!("/__sandbox/requests?token={token}"),
    ];
    let mut log = String::new();
    for path in &paths {
        log.push_str(&tester.send("GET", path, &all, "").masked_target);
        log.push('\n');
    }
    let journal = tester.get("/__sandbox/requests").text();
    let page = tester.get("/").text();
    let secrets = [
        token.as_str(),
        &token[12..],
        code.as_str(),
        &encoded,
        KEY,
        "canary",
    ];
    for text in [&log, &journal] {
        for secret in secrets {
            assert!(!text.contains(secret), "{secret} stands in {text}");
        }
    }
    assert!(!page.contains(&token));

    let entries = tester.requests();
    let with_key = &entries[2];
    assert_eq!(with_key["query"], "name=example.com&apikey=key#1");
    assert_eq!(with_key["authorization"], "Bearer tok#1");
    assert_eq!(
        with_key["referer"],
        "http://127.0.0.1/x?access_token=tok#1&plaudit_state=val#1#tok#1="
    );
    assert_eq!(
        with_key["token_seen"],
        serde_json::json!(["authorization", "referer"])
    );
    assert_eq!(
        entries[3]["token_seen"],
        serde_json::json!(["query", "authorization", "referer"])
    );
    assert_eq!(entries[4]["token_seen"][0], "path");
}

#[test]
fn sb8_equal_and_unequal_secrets_and_filters() {
    let mut tester = Tester::new();
    for key in [KEY, "other", KEY] {
        tester.send(
            "GET",
            "/v1/business-units/find?name=example.com",
            &[("ApiKey", key)],
            "",
        );
    }
    tester.get("/v1/none");
    let entries = tester.requests();
    assert_eq!(entries[0]["apikey"], entries[2]["apikey"]);
    assert_ne!(entries[0]["apikey"], entries[1]["apikey"]);
    let statuses: Vec<_> = entries
        .iter()
        .map(|entry| entry["status"].as_u64().unwrap())
        .collect();
    assert_eq!(statuses, [200, 401, 200, 404]);
    let count = |tester: &mut Tester, query: &str| {
        let answer = tester.control("GET", &format!("requests?{query}"), "");
        answer["requests"].as_array().unwrap().len()
    };
    assert_eq!(count(&mut tester, "since=1"), 3);
    assert_eq!(count(&mut tester, "method=get"), 4);
    assert_eq!(count(&mut tester, "method=POST"), 0);
    assert_eq!(count(&mut tester, "route=/v1/business-units/find"), 3);
    assert_eq!(tester.get("/__sandbox/requests?since=x").status, 400);
    tester.control("DELETE", "requests/2", "");
    assert_eq!(
        tester
            .send("DELETE", "/__sandbox/requests/2", &[], "")
            .status,
        404
    );
    assert_eq!(tester.requests().len(), 3);
    assert_eq!(tester.control("DELETE", "requests", "")["removed"], 3);
    assert!(tester.requests().is_empty());
}

#[test]
fn sb13_unknown_routes_say_so() {
    let mut tester = Tester::new();
    for path in [
        "/v1/nothing",
        "/v1/business-units/find/",
        "/authenticate/x",
        "/favicon.ico",
    ] {
        let plan = tester.get(path);
        assert_eq!(plan.status, 404, "{path}");
        assert_eq!(header(&plan, "x-plaudit-sandbox"), Some("unknown-route"));
        assert_eq!(json(&plan)["ErrorCode"], "404");
    }
    assert_eq!(tester.control("GET", "health", "")["unknown_routes"], 4);
    assert_eq!(tester.requests()[0]["route"], serde_json::Value::Null);
    let put = tester.send("PUT", "/v1/business-units/find", &[], "");
    assert_eq!(
        (put.status.as_u16(), header(&put, "allow")),
        (405, Some("GET"))
    );
    let control = tester.get("/__sandbox/nothing");
    assert_eq!(header(&control, "x-plaudit-sandbox"), Some("unknown-route"));
}

#[test]
fn sb14_strict_refuses_query_names_that_are_not_documented() {
    let mut tester = Tester::new();
    assert_eq!(tester.find("&nam=x").status, 200);
    tester.config(r#"{"strict":true}"#);
    assert_eq!(tester.find("").status, 200);
    assert_eq!(tester.find("&__fault=delay;ms=1").status, 200);
    for name in ["nam", "Name", "", "plaudit-demo-key"] {
        let plan = tester.find(&format!("&{name}=x"));
        assert_eq!(plan.status, 400, "{name}");
        assert_eq!(
            header(&plan, "x-plaudit-sandbox"),
            Some("unknown-parameter")
        );
        assert!(!plan.text().contains(KEY));
    }
    // Every example is made of documented names; the sign-in pages take what they are given.
    let routes = tester.control("GET", "routes", "")["routes"].clone();
    for route in routes.as_array().unwrap() {
        let example = route["example"].as_str().unwrap();
        if route["method"] == "GET" && route["area"] == "api" && !example.is_empty() {
            let plan = tester.send("GET", example, &[("apikey", KEY)], "");
            assert_ne!(plan.status, 400, "{example}");
        }
    }
    let page = "/authenticate?redirect_uri=http%3A%2F%2F127.0.0.1&response_type=code&x=y";
    let page = tester.get(&format!("{page}&client_id={KEY}"));
    assert_eq!(page.status, 200);
}

#[test]
fn sb18_cors_headers_as_captured_on_everything() {
    let mut tester = Tester::new();
    let path = "/v1/business-units/find?name=example.com";
    let preflight = tester.send("OPTIONS", path, &[("origin", "https://a.example")], "");
    assert_eq!(preflight.status, 200);
    let plans = [
        preflight,
        tester.find(""),
        tester.get(path),
        tester.get("/v1/nothing"),
        tester.send("OPTIONS", "/v1/nothing", &[], ""),
        tester.find("&__fault=500"),
        tester.find("&__fault=nonsense"),
        tester.find("&__fault=html"),
    ];
    for plan in plans {
        assert_eq!(header(&plan, "access-control-allow-origin"), Some("*"));
        assert_eq!(header(&plan, "access-control-allow-methods"), Some("GET"));
        assert_eq!(header(&plan, "access-control-max-age"), Some("3628800"));
        assert_eq!(
            header(&plan, "access-control-allow-headers"),
            Some(
                "Authorization, Accept, Accept-Charset, Accept-Encoding, Accept-Language, \
                 Cache-Control, Connection, Content-Length, Content-Type, Host, Origin, \
                 User-Agent, ApiKey, X-Requested-With"
            )
        );
        assert_eq!(header(&plan, "access-control-expose-headers"), None);
    }
    // CORS is for GET: neither a POST nor its preflight has it, unless told so.
    let asks_post = [("access-control-request-method", "POST")];
    for allowed in [None, Some("*")] {
        for plan in [
            tester.send("OPTIONS", path, &asks_post, ""),
            tester.send("POST", path, &[], ""),
            tester.send("POST", &format!("{path}&__fault=nonsense"), &[], ""),
            tester.send(
                "POST",
                "/v1/oauth/oauth-business-users-for-applications/accesstoken",
                &[],
                "",
            ),
        ] {
            assert_eq!(header(&plan, "access-control-allow-origin"), allowed);
        }
        tester.config(r#"{"post_cors":true}"#);
    }
    let control = tester.send("OPTIONS", "/__sandbox/faults/f1", &[], "");
    assert_eq!(control.status, 204);
    assert_eq!(header(&control, "access-control-allow-origin"), Some("*"));
    assert_eq!(
        header(&control, "access-control-allow-methods"),
        Some("GET, POST, DELETE")
    );
    assert_eq!(
        header(&control, "access-control-allow-headers"),
        Some("content-type")
    );
    let refused = tester.send("POST", "/__sandbox/faults", &[], "{");
    assert_eq!(refused.status, 400);
    assert_eq!(header(&refused, "access-control-allow-origin"), Some("*"));
    assert!(header(&tester.get("/authenticate"), "access-control-allow-origin").is_none());
}

#[test]
fn sb19_what_a_post_changes_a_get_reads() {
    let mut tester = Tester::new();
    let clients = r#"{"clients":[{"client_id":"k2","redirect_hosts":["shop.example"]}]}"#;
    tester.config(clients);
    assert_eq!(tester.find("").status, 401);
    assert_eq!(
        tester
            .get("/v1/business-units/find?name=example.com&apikey=k2")
            .status,
        200
    );
    let config = tester.control("GET", "config", "");
    assert_eq!(config["clients"][0]["provider"], "trustpilot");
    assert_eq!(config["token_lifetime"], 359_999);
    tester.config(r#"{"token_lifetime":5}"#);
    assert_eq!(
        tester.control("GET", "config", "")["clients"][0]["client_id"],
        "k2"
    );
    for bad in [
        "[]",
        "{",
        r#"{"nope":1}"#,
        r#"{"state_echo":"x"}"#,
        r#"{"clients":[{}]}"#,
    ] {
        assert_eq!(
            tester.send("POST", "/__sandbox/config", &[], bad).status,
            400,
            "{bad}"
        );
    }
}

#[test]
fn find_gives_the_documented_shape() {
    let mut tester = Tester::new();
    let unit = json(&tester.find(""));
    let names = |value: &serde_json::Value| {
        let mut names: Vec<_> = value.as_object().unwrap().keys().cloned().collect();
        names.sort();
        names.join(" ")
    };
    assert_eq!(
        names(&unit),
        "badFit country displayName id links name numberOfReviews score status websiteUrl"
    );
    assert_eq!(names(&unit["links"][0]), "href method rel");
    assert_eq!(names(&unit["name"]), "identifying referring");
    assert_eq!(names(&unit["score"]), "stars trustScore");
    assert_eq!(
        names(&unit["numberOfReviews"]),
        "fiveStars fourStars oneStar threeStars total twoStars usedForTrustScoreCalculation"
    );
    let id = unit["id"].as_str().unwrap();
    assert!(id.len() == 24 && id.bytes().all(|byte| byte.is_ascii_hexdigit()));
    assert_eq!(unit["name"]["referring"][1], "www.example.com");
    let same = tester.get(&format!(
        "/v1/business-units/find?name=WWW.Example.com&apikey={KEY}"
    ));
    assert_eq!(json(&same)["id"], unit["id"]);
    let trustpilot = tester.get(&format!(
        "/v1/business-units/find?name=trustpilot.com&apikey={KEY}"
    ));
    assert_eq!(json(&trustpilot)["displayName"], "Trustpilot");
}

#[test]
fn find_wants_a_key_and_a_name() {
    let mut tester = Tester::new();
    let path = "/v1/business-units/find?name=example.com";
    let captured = r#"{"fault":{"faultstring":"Invalid ApiKey","detail":{"errorcode":"oauth.v2.InvalidApiKey"}}}"#;
    for headers in [
        &[][..],
        &[("apikey", "wrong")],
        &[("authorization", "Bearer wrong")],
    ] {
        let plan = tester.send("GET", path, headers, "");
        assert_eq!(
            (plan.status.as_u16(), plan.text().as_str()),
            (401, captured)
        );
    }
    for name in ["apikey", "ApiKey", "APIKEY"] {
        assert_eq!(tester.send("GET", path, &[(name, KEY)], "").status, 200);
    }
    let bearer = format!("Bearer {}", tester.token());
    assert_eq!(
        tester
            .send("GET", path, &[("authorization", &bearer)], "")
            .status,
        200
    );
    let key = [("apikey", KEY)];
    let unknown = tester.send("GET", "/v1/business-units/find?name=no.example", &key, "");
    assert_eq!(unknown.status, 404);
    assert!(json(&unknown).is_object());
    assert_eq!(header(&unknown, "x-plaudit-sandbox"), None);
    assert_eq!(
        tester
            .send("GET", "/v1/business-units/find", &key, "")
            .status,
        400
    );
}

#[test]
fn private_reviews_want_a_living_token_and_page() {
    let mut tester = Tester::new();
    for token in [None, Some("tpa-sandbox-0"), Some(KEY)] {
        assert_eq!(reviews(&mut tester, token).status, 401);
    }
    let token = tester.token();
    let bearer = format!("bearer {token}");
    let headers = [("authorization", bearer.as_str())];
    let path = format!(
        "/v1/private/business-units/{}/reviews",
        business(&mut tester)
    );
    let mut ids = Vec::new();
    let mut next = Some(format!("{path}?perPage=50"));
    while let Some(path) = next {
        let plan = tester.send("GET", &path, &headers, "");
        assert_eq!(plan.status, 200, "{}", plan.text());
        let page = json(&plan);
        let reviews = page["reviews"].as_array().unwrap();
        ids.extend(
            reviews
                .iter()
                .map(|review| review["id"].as_str().unwrap().to_owned()),
        );
        next = page["links"].get(0).map(|link| {
            assert_eq!(link["rel"], "next-page");
            link["href"]
                .as_str()
                .unwrap()
                .replace("http://127.0.0.1:4700", "")
        });
    }
    assert_eq!(ids.len(), 137);
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), 137);

    let ones = json(&tester.send(
        "GET",
        &format!("{path}?stars=1,2&orderBy=stars.asc"),
        &headers,
        "",
    ));
    let stars: Vec<_> = ones["reviews"]
        .as_array()
        .unwrap()
        .iter()
        .map(|review| review["stars"].as_u64().unwrap())
        .collect();
    assert!(!stars.is_empty() && stars.is_sorted() && stars.iter().all(|stars| *stars <= 2));
    for bad in [
        "perPage=101",
        "perPage=0",
        "page=0",
        "page=x",
        "stars=6",
        "orderBy=random",
    ] {
        assert_eq!(
            tester
                .send("GET", &format!("{path}?{bad}"), &headers, "")
                .status,
            400,
            "{bad}"
        );
    }
    let past = json(&tester.send(
        "GET",
        &format!("{path}?page=2147483647&perPage=100"),
        &headers,
        "",
    ));
    assert_eq!(past["reviews"].as_array().unwrap().len(), 0);
    let other = tester.send("GET", "/v1/private/business-units/x/reviews", &headers, "");
    assert_eq!(other.status, 404);
}

#[test]
fn a_code_is_no_token() {
    let mut tester = Tester::new();
    let code = tester.decide("code", "allow").query("code").unwrap();
    assert_eq!(reviews(&mut tester, Some(&code)).status, 401);
}

#[test]
fn the_home_page_lists_routes_and_faults() {
    let mut tester = Tester::new();
    let page = tester.get("/").text();
    let routes = tester.control("GET", "routes", "");
    for route in routes["routes"].as_array().unwrap() {
        assert!(page.contains(route["path"].as_str().unwrap()));
    }
    assert_eq!(routes["unverified"][0]["option"], "state_echo");
    for kind in tester.control("GET", "faults", "")["kinds"]
        .as_array()
        .unwrap()
    {
        assert!(page.contains(&format!("<code>{}</code>", kind["id"].as_str().unwrap())));
    }
    let style = tester.get("/__sandbox/style.css");
    assert_eq!(
        header(&style, "content-type"),
        Some("text/css; charset=utf-8")
    );
}

#[test]
fn odd_requests_get_an_answer() {
    let mut tester = Tester::new();
    for path in [
        "/?%",
        "/%ff%fe",
        "/v1/business-units/find?name=%ff&apikey=%00",
        "/?&&==&%=%",
        "//",
    ] {
        let _ = tester.get(path);
    }
    let request = http::Request::builder()
        .uri("/v1/business-units/find?name=example.com")
        .header("apikey", http::HeaderValue::from_bytes(b"\xff").unwrap())
        .header("host", "<script>")
        .body(vec![0xff; 100]);
    assert_eq!(tester.sandbox.handle(NOW, request.unwrap()).status, 401);
    let request = http::Request::builder()
        .uri(format!(
            "/v1/business-units/find?name=example.com&apikey={KEY}"
        ))
        .header("host", "\"><script>")
        .body(Vec::new());
    let unit = tester.sandbox.handle(0, request.unwrap());
    assert!(unit.text().contains("http://sandbox.invalid/v1/"));
}
