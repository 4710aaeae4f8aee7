//! The authorize pages: what they refuse, what they redirect with, and the faults of redirects.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

mod common;

use common::{BACK, KEY, Redirect, TRUSTOO, Tester, form, header, trustoo, trustpilot};
use plaudit_sandbox::Plan;

fn open(tester: &mut Tester, path: &str, fields: &[(&str, &str)]) -> Plan {
    tester.get(&format!("{path}?{}", form(fields)))
}

fn asked<'a>(redirect_uri: &'a str, response_type: &'a str) -> Vec<(&'a str, &'a str)> {
    vec![
        ("client_id", KEY),
        ("redirect_uri", redirect_uri),
        ("response_type", response_type),
        ("state", "s"),
    ]
}

#[test]
fn the_page_is_a_form_that_works_without_script() {
    let mut tester = Tester::new();
    let mut fields = asked(BACK, "token");
    fields.push(("locale", "en-US"));
    let page = open(&mut tester, "/authenticate", &fields);
    assert_eq!(page.status, 200);
    let html = page.text();
    for part in [
        "<html lang=\"en\">",
        "plaudit sandbox \u{2014} not Trustpilot",
        "<form method=\"post\" action=\"/authenticate\">",
        "<label for=\"email\">",
        "<label for=\"password\">",
        "id=\"allow\" name=\"decision\" value=\"allow\"",
        "id=\"deny\" name=\"decision\" value=\"deny\"",
        "id=\"google\" name=\"decision\" value=\"google\"",
        "name=\"redirect_uri\" value=\"http://127.0.0.1:4000/cb?own=1\"",
        "value=\"demo@example.com\"",
    ] {
        assert!(html.contains(part), "{part}");
    }
    assert!(!html.contains("<script") && !html.contains("style=") && !html.contains("<style"));
    let csp = header(&page, "content-security-policy").unwrap();
    assert!(
        csp.starts_with("default-src 'none'; style-src 'self';"),
        "{csp}"
    );
    // Chromium would hold it against the redirect that follows the form.
    assert!(!csp.contains("form-action"));
    assert_eq!(header(&page, "referrer-policy"), Some("no-referrer"));
    assert_eq!(header(&page, "x-frame-options"), Some("DENY"));
    assert_eq!(header(&page, "cache-control"), Some("no-store"));
    assert_eq!(header(&page, "cross-origin-opener-policy"), None);
}

#[test]
fn the_host_alone_is_registered() {
    let mut tester = Tester::new();
    for good in [
        "http://127.0.0.1:1/any/path?x=1",
        "https://localhost/",
        "http://LOCALHOST:9999/%F0%9F%98%80",
        "https://127.0.0.1",
    ] {
        assert_eq!(
            open(&mut tester, "/authenticate", &asked(good, "code")).status,
            200,
            "{good}"
        );
    }
    for bad in [
        "",
        "/cb",
        "https://evil.example/",
        "https://127.0.0.1.evil.example/",
        "https://sub.localhost/",
        "http://[::1]/",
        "http://127.0.0.2/",
        "https://127.0.0.1@evil.example/",
        "https://evil.example#@127.0.0.1/",
        "https://evil.example\\@127.0.0.1/",
        "javascript:alert(1)//127.0.0.1",
        "https://127.0.0.1/\r\nset-cookie: a=b",
    ] {
        let page = open(&mut tester, "/authenticate", &asked(bad, "token"));
        assert_eq!(page.status, 400, "{bad}");
        assert_eq!(header(&page, "location"), None);
        let mut fields = trustpilot("token", "allow");
        fields[1].1 = bad;
        let posted = tester.submit("/authenticate", &fields);
        assert_eq!(
            (posted.status.as_u16(), header(&posted, "location")),
            (400, None),
            "{bad}"
        );
    }
    tester.config(
        r#"{"clients":[{"client_id":"plaudit-demo-key","redirect_hosts":["Shop.example"]}]}"#,
    );
    let shop = asked("https://shop.example/cb", "token");
    assert_eq!(open(&mut tester, "/authenticate", &shop).status, 200);
    let plain = asked("http://shop.example/cb", "token");
    assert_eq!(open(&mut tester, "/authenticate", &plain).status, 400);
}

#[test]
fn other_bad_requests_are_refused_on_a_page() {
    let mut tester = Tester::new();
    let cases: Vec<Vec<(&str, &str)>> = vec![
        vec![],
        vec![
            ("client_id", "unknown"),
            ("redirect_uri", BACK),
            ("response_type", "token"),
        ],
        vec![
            ("client_id", TRUSTOO),
            ("redirect_uri", BACK),
            ("response_type", "token"),
        ],
        vec![("client_id", KEY), ("redirect_uri", BACK)],
        vec![
            ("client_id", KEY),
            ("redirect_uri", BACK),
            ("response_type", "id_token"),
        ],
        [asked(BACK, "token"), vec![("state", "again")]].concat(),
        [asked(BACK, "token"), vec![("redirect_uri", BACK)]].concat(),
    ];
    for fields in cases {
        let page = open(&mut tester, "/authenticate", &fields);
        assert_eq!(
            (page.status.as_u16(), header(&page, "location")),
            (400, None),
            "{fields:?}"
        );
        assert!(page.text().contains("id=\"problem\""));
    }
}

#[test]
fn hostile_values_are_escaped() {
    let mut tester = Tester::new();
    let attack = "\"'><script>alert(1)</script><b a=\"&amp;";
    let mut pages = Vec::new();
    for name in ["client_id", "redirect_uri", "response_type"] {
        let mut fields = asked(BACK, "token");
        fields
            .iter_mut()
            .filter(|field| field.0 == name)
            .for_each(|field| field.1 = attack);
        pages.push(open(&mut tester, "/authenticate", &fields));
    }
    let mut fields = asked(BACK, "token");
    fields[3].1 = attack;
    let page = open(&mut tester, "/authenticate", &fields);
    assert!(
        page.text()
            .contains("&quot;&#39;&gt;&lt;script&gt;alert(1)"),
        "state must come back"
    );
    pages.push(page);
    let mut fields = trustpilot("token", "allow");
    fields[4].1 = attack;
    pages.push(tester.submit("/authenticate", &fields));
    let mut fields = trustpilot("token", attack);
    fields.push(("scope", attack));
    pages.push(tester.submit("/authenticate", &fields));
    let scope = [
        ("client_id", TRUSTOO),
        ("redirect_uri", BACK),
        ("response_type", "code"),
    ];
    let scope = [&scope[..], &[("scope", attack)]].concat();
    pages.push(open(&mut tester, "/trustoo/oauth/authorize", &scope));
    for page in pages {
        let html = page.text();
        assert!(
            !html.contains("<script") && !html.contains("<b a"),
            "{html}"
        );
    }
}

#[test]
fn implicit_gives_a_token_in_the_fragment_and_keeps_the_own_query() {
    let mut tester = Tester::new();
    let redirect = tester.decide("token", "allow");
    assert!(
        redirect
            .location
            .starts_with("http://127.0.0.1:4000/cb?own=1#access_token=tpa-sandbox-")
    );
    let names: Vec<_> = redirect
        .fragment
        .iter()
        .map(|(name, _)| name.as_str())
        .collect();
    assert_eq!(names, ["access_token", "token_type", "expires_in", "state"]);
    assert_eq!(redirect.fragment("token_type").unwrap(), "bearer");
    assert_eq!(redirect.fragment("expires_in").unwrap(), "359999");
    assert_eq!(redirect.fragment("state").unwrap(), "st-1 &+");
    assert_ne!(tester.token(), redirect.fragment("access_token").unwrap());
}

#[test]
fn code_comes_in_the_query_beside_the_own_one() {
    let mut tester = Tester::new();
    let redirect = tester.decide("code", "allow");
    assert!(
        redirect
            .location
            .starts_with("http://127.0.0.1:4000/cb?own=1&code=")
    );
    assert!(redirect.fragment.is_empty());
    assert_eq!(redirect.query("state").unwrap(), "st-1 &+");
}

#[test]
fn wrong_credentials_show_the_form_again() {
    let mut tester = Tester::new();
    for (field, value) in [(4, "other@example.com"), (5, "wrong"), (5, "")] {
        let mut fields = trustpilot("token", "allow");
        fields[field].1 = value;
        let page = tester.submit("/authenticate", &fields);
        assert_eq!(page.status, 401);
        let html = page.text();
        assert!(html.contains("role=\"alert\"") && html.contains("aria-invalid=\"true\""));
        assert!(html.contains("name=\"state\" value=\"st-1 &amp;+\""));
        assert!(!html.contains("value=\"plaudit\"") && !html.contains("value=\"wrong\""));
    }
    let mut fields = trustpilot("token", "");
    assert_eq!(tester.submit("/authenticate", &fields).status, 303);
    fields[6].1 = "other";
    assert_eq!(tester.submit("/authenticate", &fields).status, 400);
    tester.config(r#"{"user":{"email":"a@b.example","password":"x"}}"#);
    assert_eq!(
        tester
            .submit("/authenticate", &trustpilot("token", "allow"))
            .status,
        401
    );
}

#[test]
fn state_is_echoed_as_configured() {
    let mut tester = Tester::new();
    let mut echoed = |mode: &str, decision: &str| {
        tester.config(&format!("{{\"state_echo\":\"{mode}\"}}"));
        tester.decide("token", decision).fragment("state").is_some()
    };
    for (mode, allow, google, deny) in [
        ("always", true, true, true),
        ("lost-on-google", true, false, true),
        ("never", false, false, false),
    ] {
        assert_eq!(echoed(mode, "allow"), allow, "{mode}");
        assert_eq!(echoed(mode, "google"), google, "{mode}");
        assert_eq!(echoed(mode, "deny"), deny, "{mode}");
    }
    let mut tester = Tester::new();
    assert!(
        tester.decide("token", "google").fragment("state").is_none(),
        "the default"
    );
    let mut fields = trustpilot("token", "allow");
    fields[3].1 = "";
    assert_eq!(
        Redirect::of(&tester.submit("/authenticate", &fields)).count("state"),
        0
    );
}

#[test]
fn deny_redirects_with_an_error_or_ends_on_a_page() {
    let mut tester = Tester::new();
    let token = tester.decide("token", "deny");
    assert_eq!(token.fragment("error").unwrap(), "access_denied");
    assert!(token.fragment("error_description").is_some());
    assert_eq!(token.count("access_token"), 0);
    let code = tester.decide("code", "deny");
    assert_eq!(code.query("error").unwrap(), "access_denied");
    assert!(code.fragment.is_empty());
    // Deny needs no password.
    let mut fields = trustpilot("token", "deny");
    fields[5].1 = "";
    assert_eq!(tester.submit("/authenticate", &fields).status, 303);
    tester.config(r#"{"deny":"page"}"#);
    let page = tester.submit("/authenticate", &trustpilot("token", "deny"));
    assert_eq!(
        (page.status.as_u16(), header(&page, "location")),
        (200, None)
    );
}

#[test]
fn trustoo_gives_base64_codes_encoded_or_not() {
    let mut tester = Tester::new();
    let fields = [
        ("client_id", TRUSTOO),
        ("redirect_uri", BACK),
        ("response_type", "code"),
        ("scope", "a,b"),
    ];
    let page = open(&mut tester, "/trustoo/oauth/authorize", &fields);
    assert_eq!(page.status, 200);
    let html = page.text();
    assert!(html.contains("not Trustoo") && html.contains("a, b") && !html.contains("google"));
    let mut token = fields;
    token[2].1 = "token";
    assert_eq!(
        open(&mut tester, "/trustoo/oauth/authorize", &token).status,
        400
    );
    assert_eq!(
        tester
            .submit("/trustoo/oauth/authorize", &trustoo("google"))
            .status,
        400
    );

    let mut with_plus = 0;
    for encode in [true, false] {
        tester.config(&format!("{{\"encode_code\":{encode}}}"));
        for _ in 0..8 {
            let posted = tester.submit("/trustoo/oauth/authorize", &trustoo("allow"));
            let redirect = Redirect::of(&posted);
            let code = redirect.query("code").unwrap();
            assert_eq!(code.len(), 24, "{code}");
            if encode {
                assert!(redirect.location.contains("%3D%3D&"));
                with_plus += usize::from(code.contains('+'));
            } else {
                // Written raw, so that form decoding makes a space of every plus.
                assert!(redirect.location.contains("==&") && !code.contains('+'));
                with_plus += usize::from(code.contains(' '));
            }
        }
    }
    assert_eq!(with_plus, 12);
}

/// What the next sign-in looks like under one rule.
fn under(rule: &str, response_type: &str) -> Redirect {
    let mut tester = Tester::new();
    tester.fault(rule);
    let redirect = tester.decide(response_type, "allow");
    assert_eq!(tester.control("GET", "faults", "")["rules"][0]["hits"], 1);
    let entries = tester.requests();
    assert_eq!(entries[0]["fault"].as_str(), rule.split('"').nth(3));
    redirect
}

#[test]
fn sb10_redirect_faults() {
    let of = |id: &str| under(&format!("{{\"fault\":\"{id}\"}}"), "token");
    assert_eq!(of("state-dropped").count("state"), 0);
    assert!(
        of("state-forged")
            .fragment("state")
            .unwrap()
            .starts_with("forged-")
    );
    assert_eq!(of("state-duplicated").count("state"), 2);
    let twice = of("token-duplicated");
    assert_eq!(twice.count("access_token"), 2);
    assert_ne!(twice.fragment[0].1, twice.fragment.last().unwrap().1);
    let query = of("token-in-query");
    assert!(query.fragment.is_empty() && query.query("access_token").is_some());
    assert_eq!(of("token-type-missing").count("token_type"), 0);
    assert_eq!(of("token-type-mac").fragment("token_type").unwrap(), "mac");
    assert_eq!(
        of("expires-in-garbage").fragment("expires_in").unwrap(),
        "soon"
    );
    let both = of("error-and-token");
    assert!(both.fragment("error").is_some() && both.fragment("access_token").is_some());
    let error = of("provider-error");
    assert_eq!(error.fragment("error").unwrap(), "server_error");
    assert_eq!(error.count("access_token"), 0);
    let away = of("temporarily-unavailable");
    assert_eq!(away.fragment("error").unwrap(), "temporarily_unavailable");
    assert_eq!(of("expires-soon").fragment("expires_in").unwrap(), "65");
    let other = of("other-type");
    assert!(other.fragment("code").is_some());
    assert_eq!(other.count("access_token"), 0);
    assert!(
        of("control-characters")
            .fragment("access_token")
            .unwrap()
            .ends_with("\u{0}\n")
    );
}

#[test]
fn sb10_redirect_faults_of_a_code() {
    let of = |id: &str| under(&format!("{{\"fault\":\"{id}\"}}"), "code");
    assert_eq!(of("token-duplicated").count("code"), 2);
    let query = of("token-in-query");
    assert!(query.query("code").is_some() && query.query("access_token").is_some());
    assert_eq!(of("provider-error").query("error").unwrap(), "server_error");
    let other = of("other-type");
    assert!(other.fragment("access_token").is_some());
    assert_eq!(other.count("code"), 0);
    assert!(
        of("control-characters")
            .query("code")
            .unwrap()
            .ends_with("\u{0}\n")
    );
}

#[test]
fn sb9_redirect_rules_are_used_up_and_add_up() {
    let mut tester = Tester::new();
    tester.fault(r#"{"fault":"state-dropped","times":1}"#);
    tester.fault(r#"{"fault":"expires-soon","seconds":3,"times":2}"#);
    let first = tester.decide("token", "allow");
    assert_eq!(
        (
            first.count("state"),
            first.fragment("expires_in").unwrap().as_str()
        ),
        (0, "3")
    );
    let second = tester.decide("token", "allow");
    assert_eq!(
        (
            second.count("state"),
            second.fragment("expires_in").unwrap().as_str()
        ),
        (1, "3")
    );
    assert_eq!(
        tester
            .decide("token", "allow")
            .fragment("expires_in")
            .unwrap(),
        "359999"
    );
    // The short life is real.
    let token = second.fragment("access_token").unwrap();
    let bearer = format!("Bearer {token}");
    let headers = [("authorization", bearer.as_str())];
    let find = "/v1/business-units/find?name=example.com";
    assert_eq!(tester.send("GET", find, &headers, "").status, 200);
    tester.control("POST", "clock", r#"{"advance":3000}"#);
    assert_eq!(tester.send("GET", find, &headers, "").status, 401);
    // A rule for the one platform leaves the other alone.
    tester.fault(r#"{"fault":"state-dropped","match":{"route":"/trustoo/oauth/authorize"}}"#);
    assert_eq!(tester.decide("token", "allow").count("state"), 1);
    let posted = tester.submit("/trustoo/oauth/authorize", &trustoo("allow"));
    assert_eq!(Redirect::of(&posted).count("state"), 0);
}

#[test]
fn sb11_a_fault_in_the_authorize_address_reaches_the_redirect() {
    let mut tester = Tester::new();
    let mut fields = asked(BACK, "token");
    fields.push(("__fault", "state-forged"));
    fields.push(("__fault", "expires-soon;seconds=9"));
    let html = open(&mut tester, "/authenticate", &fields).text();
    assert!(html.contains("name=\"__fault\" value=\"state-forged\""));
    assert!(html.contains("name=\"__fault\" value=\"expires-soon;seconds=9\""));
    let mut fields = trustpilot("token", "allow");
    fields.push(("__fault", "state-forged"));
    fields.push(("__fault", "expires-soon;seconds=9"));
    let redirect = Redirect::of(&tester.submit("/authenticate", &fields));
    assert!(redirect.fragment("state").unwrap().starts_with("forged-"));
    assert_eq!(redirect.fragment("expires_in").unwrap(), "9");
    fields.push(("__fault", "<nonsense>"));
    assert_eq!(tester.submit("/authenticate", &fields).status, 400);
    let mut fields = asked(BACK, "token");
    fields.push(("__fault", "503"));
    assert_eq!(open(&mut tester, "/authenticate", &fields).status, 503);
}

#[test]
fn coop_is_sent_on_the_page_only_when_told() {
    let mut tester = Tester::new();
    tester.fault(r#"{"fault":"coop","times":1}"#);
    let fields = asked(BACK, "token");
    let page = open(&mut tester, "/authenticate", &fields);
    assert_eq!(
        header(&page, "cross-origin-opener-policy"),
        Some("same-origin")
    );
    let page = open(&mut tester, "/authenticate", &fields);
    assert_eq!(header(&page, "cross-origin-opener-policy"), None);
    let by_query = [fields, vec![("__fault", "coop")]].concat();
    let page = open(&mut tester, "/authenticate", &by_query);
    assert_eq!(
        header(&page, "cross-origin-opener-policy"),
        Some("same-origin")
    );
}
