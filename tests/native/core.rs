//! Tables of single cases, each named by the rule that it holds the core to.

#![allow(clippy::unwrap_used, clippy::panic)]

use plaudit::api::trustpilot::business_units;
use plaudit::api::{Access, Key, is_retryable, read_status};
use plaudit::oauth::callback::{self, Callback, Expected, NONCE_PARAMETER};
use plaudit::oauth::token::Phase;
use plaudit::oauth::{
    AuthorizeRequest, authorize_url, parse_callback, scope, state, token, transaction,
};
use plaudit::providers::{self, Profile, ResponseType, TRUSTOO, TRUSTPILOT};
use plaudit::{Code, Error};

const REQUEST: AuthorizeRequest<'static> = AuthorizeRequest {
    profile: &TRUSTPILOT,
    endpoint: None,
    response_type: ResponseType::Token,
    client_id: "key",
    redirect_uri: "https://app.example/cb",
    state: "St8",
    scope: &[],
    extra: &[],
};

fn subject(result: Result<String, Error>) -> String {
    let error = result.unwrap_err();
    assert_eq!(error.code(), Code::InvalidArgument);
    error.subject().to_owned()
}

#[test]
fn q1_names_and_their_order() {
    assert_eq!(
        authorize_url(&AuthorizeRequest {
            scope: &["read", "write"],
            extra: &[("ui_locales", "nl"), ("empty", ""), ("prompt", "login")],
            ..REQUEST
        }),
        Ok(String::from(
            "https://authenticate.trustpilot.com?response_type=token&client_id=key\
             &redirect_uri=https%3A%2F%2Fapp.example%2Fcb&scope=read+write&state=St8\
             &ui_locales=nl&prompt=login"
        ))
    );
    assert_eq!(
        authorize_url(&AuthorizeRequest {
            profile: &TRUSTOO,
            response_type: ResponseType::Code,
            scope: &["a", "b"],
            ..REQUEST
        }),
        Ok(String::from(
            "https://rapi.trustoo.io/api/v1/openapi/oauth/authorize?response_type=code\
             &client_id=key&redirect_uri=https%3A%2F%2Fapp.example%2Fcb&scope=a%2Cb&state=St8"
        ))
    );
    for (what, request) in [
        (
            "clientId",
            AuthorizeRequest {
                client_id: "",
                ..REQUEST
            },
        ),
        (
            "clientId",
            AuthorizeRequest {
                client_id: "a\u{7f}",
                ..REQUEST
            },
        ),
        (
            "clientId",
            AuthorizeRequest {
                client_id: "é",
                ..REQUEST
            },
        ),
        (
            "state",
            AuthorizeRequest {
                state: "",
                ..REQUEST
            },
        ),
        (
            "state",
            AuthorizeRequest {
                state: "a\n",
                ..REQUEST
            },
        ),
        (
            "responseType",
            AuthorizeRequest {
                profile: &TRUSTOO,
                ..REQUEST
            },
        ),
    ] {
        assert_eq!(subject(authorize_url(&request)), what);
    }
}

#[test]
fn q2_the_endpoints_own_query_is_kept_and_there_is_one_question_mark() {
    let start = |endpoint| {
        let url = authorize_url(&AuthorizeRequest {
            endpoint: Some(endpoint),
            ..REQUEST
        })
        .unwrap();
        let at = url.find("response_type").unwrap();
        url.get(..at).unwrap().to_owned()
    };
    for (endpoint, expected) in [
        ("https://as.example", "https://as.example?"),
        ("https://as.example/a&b", "https://as.example/a&b?"),
        ("https://as.example/?", "https://as.example/?"),
        (
            "https://as.example/?tenant=1",
            "https://as.example/?tenant=1&",
        ),
        (
            "https://as.example/?tenant=1&",
            "https://as.example/?tenant=1&",
        ),
        (
            "http://127.0.0.1:8080/a?x=%41+b",
            "http://127.0.0.1:8080/a?x=%41+b&",
        ),
    ] {
        assert_eq!(start(endpoint), expected);
    }
    for endpoint in [
        "https://as.example/#",
        "https://as.example/#f",
        "https://as.example/?state=1",
        "https://as.example/?a=1&client%5Fid",
        "as.example",
        "ftp://as.example/",
    ] {
        let request = AuthorizeRequest {
            endpoint: Some(endpoint),
            ..REQUEST
        };
        assert_eq!(subject(authorize_url(&request)), "endpoint", "{endpoint}");
    }
}

#[test]
fn q3_the_redirect_address_is_sent_to_the_letter() {
    for (uri, encoded) in [
        (
            "https://App.Example:443/a/../b/",
            "https%3A%2F%2FApp.Example%3A443%2Fa%2F..%2Fb%2F",
        ),
        ("https://app.example", "https%3A%2F%2Fapp.example"),
        (
            "https://app.example/?a=b%20c+d&e",
            "https%3A%2F%2Fapp.example%2F%3Fa%3Db%2520c%2Bd%26e",
        ),
        ("http://localhost:3000/", "http%3A%2F%2Flocalhost%3A3000%2F"),
        ("http://[::1]/", "http%3A%2F%2F%5B%3A%3A1%5D%2F"),
    ] {
        let url = authorize_url(&AuthorizeRequest {
            redirect_uri: uri,
            ..REQUEST
        })
        .unwrap();
        assert!(
            url.contains(&format!("&redirect_uri={encoded}&state=")),
            "{url}"
        );
    }
    for uri in [
        "",
        "/cb",
        "cb",
        "//app.example/cb",
        "https://",
        "https://app.example/#",
        "https:app",
    ] {
        let request = AuthorizeRequest {
            redirect_uri: uri,
            ..REQUEST
        };
        assert_eq!(subject(authorize_url(&request)), "redirectUri", "{uri}");
    }
}

#[test]
fn q4_no_parameter_twice() {
    let own = Some("https://as.example/?tenant=1&a%62=2");
    for extra in [
        &[("state", "x")][..],
        &[("client_id", "x")],
        &[("response_type", "code")],
        &[("redirect_uri", "https://evil.example")],
        &[("scope", "x")],
        &[("tenant", "2")],
        &[("ab", "2")],
        &[("x", "1"), ("x", "2")],
        &[("", "1")],
        &[("client_secret", "hush")],
    ] {
        let request = AuthorizeRequest {
            endpoint: own,
            extra,
            ..REQUEST
        };
        assert_eq!(subject(authorize_url(&request)), "extra", "{extra:?}");
    }
    let case = AuthorizeRequest {
        extra: &[("State", "1")],
        ..REQUEST
    };
    assert!(
        authorize_url(&case)
            .unwrap()
            .ends_with("&state=St8&State=1")
    );
}

#[test]
fn q5_form_encoding_is_that_of_appendix_b() {
    let url = authorize_url(&AuthorizeRequest {
        extra: &[("v", " %&+£€"), ("k é", "*-._~'")],
        ..REQUEST
    });
    assert!(
        url.unwrap()
            .ends_with("&v=+%25%26%2B%C2%A3%E2%82%AC&k+%C3%A9=*-._%7E%27")
    );
}

#[test]
fn q6_scope_tokens_and_the_providers_delimiter() {
    let with = |profile: &'static Profile<'static>, scope: &[&str]| {
        authorize_url(&AuthorizeRequest {
            profile,
            response_type: ResponseType::Code,
            scope,
            ..REQUEST
        })
    };
    for bad in ["", "a b", "a\"", "a\\", "é", "\t"] {
        assert_eq!(subject(with(&TRUSTPILOT, &["ok", bad])), "scope", "{bad:?}");
    }
    assert_eq!(subject(with(&TRUSTOO, &["a,b"])), "scope");
    assert!(
        with(&TRUSTPILOT, &["B,a", "a"])
            .unwrap()
            .contains("&scope=B%2Ca+a&")
    );
    assert!(!with(&TRUSTPILOT, &[]).unwrap().contains("scope"));
}

#[test]
fn q8_https_or_a_loopback_host() {
    for (host, is_safe) in [
        ("https://a", true),
        ("HTTPS://a", true),
        ("http://localhost", true),
        ("http://LocalHost:1", true),
        ("http://127.0.0.1", true),
        ("http://127.1.2.3:80", true),
        ("http://[::1]:9", true),
        ("http://a", false),
        ("http://localhost.evil.example", false),
        ("http://127.0.0.1.evil.example", false),
        ("http://127.", false),
        ("http://128.0.0.1", false),
        ("http://[::2]", false),
        ("http://localhost@evil.example", false),
        // A browser goes to evil.example.
        ("http://evil.example\\@localhost/", false),
        ("http://user@localhost/", false),
    ] {
        let uri = format!("{host}/cb");
        let redirect = authorize_url(&AuthorizeRequest {
            redirect_uri: &uri,
            ..REQUEST
        });
        assert_eq!(redirect.is_ok(), is_safe, "{uri}");
        let endpoint = authorize_url(&AuthorizeRequest {
            endpoint: Some(&uri),
            ..REQUEST
        });
        assert_eq!(endpoint.is_ok(), is_safe, "{uri}");
    }
}

#[test]
fn s1_s2_a_state_is_43_characters_of_base64url() {
    assert_eq!(state::encode(&[0; 32]), "A".repeat(43));
    assert_eq!(state::encode(&[0xFF; 32]), "_".repeat(42) + "8");
    let mut counting = [0_u8; 32];
    for (place, value) in counting.iter_mut().zip(0..) {
        *place = value;
    }
    assert_eq!(
        state::encode(&counting),
        "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8"
    );
    let mut edge = [0_u8; 32];
    edge[..3].copy_from_slice(&[0xFB, 0xEF, 0xBE]);
    assert!(state::encode(&edge).starts_with("----AAAA"));
}

#[test]
fn s5_states_are_compared_exactly() {
    for (received, is_same) in [
        ("abc", true),
        ("", false),
        ("ab", false),
        ("abcd", false),
        ("abC", false),
        ("Abc", false),
        (" abc", false),
        ("abc ", false),
    ] {
        assert_eq!(
            state::matches("abc", received.as_bytes()),
            is_same,
            "{received:?}"
        );
    }
    // One difference cancels out no other.
    assert!(!state::matches("ab", b"ba"));
}

#[test]
fn s9_a_return_target_stays_on_the_page() {
    let page = "https://app.example/login?x#y";
    for (target, expected) in [
        ("/", Some("/")),
        ("/a/b?c=d#e", Some("/a/b?c=d#e")),
        ("/a?next=//evil.example", Some("/a?next=//evil.example")),
        ("https://app.example", Some("/")),
        ("https://app.example/a#b", Some("/a#b")),
        ("HTTPS://APP.example:443/a", Some("/a")),
        ("https://app.example//evil.example", None),
        ("https://app.example?a=b", None),
        ("https://user@app.example/a", Some("/a")),
        ("//evil.example", None),
        ("/\\evil.example", None),
        ("\\\\evil.example", None),
        ("/\t/evil.example", None),
        ("\t//evil.example", None),
        ("/\n/evil.example", None),
        ("/a\u{0}", None),
        ("/a\u{7f}", None),
        ("https:evil.example", None),
        ("https:/evil.example", None),
        ("https:\\\\evil.example", None),
        ("https://evil.example/", None),
        ("https://app.example.evil.example/", None),
        ("https://app.example@evil.example/", None),
        ("http://app.example/", None),
        ("https://app.example:8443/", None),
        ("javascript:alert(1)", None),
        ("JaVaScRiPt://app.example/%0aalert(1)", None),
        ("data:text/html,x", None),
        ("", None),
        ("a", None),
        ("?a", None),
        ("#a", None),
        (" /a", None),
    ] {
        let got = transaction::return_to(page, target);
        assert_eq!(got.clone().ok(), expected, "{target:?}");
        if let Err(error) = got {
            assert_eq!(
                (error.code(), error.subject()),
                (Code::InvalidArgument, "returnTo")
            );
        }
    }
    assert!(transaction::return_to("about:blank", "https://app.example/").is_err());
}

#[test]
fn s10_a_transaction_lives_ten_minutes() {
    for (created, now, is_expired) in [
        (0.0, 0.0, false),
        (0.0, 600_000.0, false),
        (0.0, 600_001.0, true),
        (600_001.0, 0.0, true),
        (5.0, 0.0, false),
        (f64::NAN, 0.0, true),
        (0.0, f64::NAN, true),
        (0.0, f64::INFINITY, true),
    ] {
        assert_eq!(
            transaction::is_expired(created, now),
            is_expired,
            "{created} {now}"
        );
    }
}

#[test]
fn t2_the_end_is_counted_from_when_the_response_came() {
    assert_eq!(token::expires_at(1_000.0, Some(3600)), Some(3_601_000.0));
    assert_eq!(
        token::expires_at(1.7e12, Some(u32::MAX)),
        Some(1.7e12 + 4_294_967_295_000.0)
    );
    assert_eq!(token::expires_at(1_000.0, None), None);
    for (now, end, skew, phase) in [
        (0.0, None, 0.0, Phase::Fresh),
        (0.0, Some(60_001.0), 0.0, Phase::Fresh),
        (0.0, Some(60_000.0), 0.0, Phase::Expiring),
        (0.0, Some(60_001.0), 1.0, Phase::Expiring),
        (0.0, Some(1.0), 0.0, Phase::Expiring),
        (1.0, Some(1.0), 0.0, Phase::Expired),
        (0.0, Some(1.0), 1.0, Phase::Expired),
        (9e12, Some(0.0), 0.0, Phase::Expired),
    ] {
        assert_eq!(token::phase(now, end, skew), phase, "{now} {end:?} {skew}");
    }
}

#[test]
fn t3_timers_are_chained_below_two_to_the_31() {
    const LONGEST: f64 = 2_147_483_647.0;
    for (now, end, skew, wait) in [
        (0.0, None, 0.0, None),
        (0.0, Some(100_000.0), 0.0, Some(40_000.0)),
        (0.0, Some(100_000.0), 10_000.0, Some(30_000.0)),
        (0.0, Some(60_000.0), 0.0, Some(60_000.0)),
        (0.0, Some(1.0), 0.0, Some(1.0)),
        (1.0, Some(1.0), 0.0, None),
        (0.0, Some(4_294_967_295_000.0), 0.0, Some(LONGEST)),
        (0.0, Some(LONGEST + 60_000.0), 0.0, Some(LONGEST)),
        (0.0, Some(LONGEST + 59_999.0), 0.0, Some(LONGEST - 1.0)),
    ] {
        assert_eq!(
            token::next_check(now, end, skew),
            wait,
            "{now} {end:?} {skew}"
        );
    }
    // Waiting as told gets there: each step ends in a later phase or nearer to it.
    let (end, mut now, mut steps) = (Some(1e10), 0.0, 0);
    while let Some(wait) = token::next_check(now, end, 0.0) {
        now += wait;
        steps += 1;
    }
    assert_eq!((now, steps), (1e10, 6));
}

#[test]
fn p10_granted_and_missing_scopes() {
    assert_eq!(scope::split(" a  b ", b' ').collect::<Vec<_>>(), ["a", "b"]);
    assert_eq!(
        scope::split("a b,,c,", b',').collect::<Vec<_>>(),
        ["a b", "c"]
    );
    assert_eq!(scope::missing(&["a", "b", "c"], &["c", "a"]), ["b"]);
    assert_eq!(scope::missing(&["a"], &["A"]), ["a"]);
    assert_eq!(scope::missing(&[], &["a"]), [""; 0]);
    let granted = |rest: &str, asked: &[&str]| {
        let url = format!("https://a.example/#access_token=t&token_type=bearer{rest}");
        let expected = Expected {
            profile: &TRUSTPILOT,
            response_type: ResponseType::Token,
            state: None,
            redirect_uri: None,
        };
        match parse_callback(&url, &expected) {
            Ok(Callback::Token(response)) => response.granted(asked, &TRUSTPILOT).join("|"),
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(granted("", &["a", "b"]), "a|b");
    assert_eq!(granted("&scope=", &["a", "b"]), "a|b");
    assert_eq!(granted("&scope=b+c", &["a", "b"]), "b|c");
}

#[test]
fn u1_u2_u3_clean_takes_the_response_away_and_leaves_the_rest() {
    use ResponseType::{Code, Token};
    for (kind, url, expected) in [
        (
            Token,
            "#access_token=t&token_type=bearer&expires_in=1&state=s&scope=a",
            "",
        ),
        (Token, "?a=1#access_token=t&state=s", "?a=1"),
        (
            Token,
            "?a=1&state=own&code=own#access_token=t",
            "?a=1&state=own&code=own",
        ),
        (
            Token,
            "#/route?x=1&access_token=t&y=%20",
            "#/route?x=1&y=%20",
        ),
        (Token, "#/route", "#/route"),
        (Token, "#", "#"),
        (Token, "?", "?"),
        (Token, "?&&a#&&b", "?&&a#&&b"),
        (Token, "#&&b&state=s&&", "#b"),
        (Token, "#access%5Ftoken=t&STATE=1", "#STATE=1"),
        (
            Token,
            "#error=access_denied&error_description=No+way&x",
            "#x",
        ),
        (Token, "?access_token=t&b=2#c", "?b=2#c"),
        (Token, "?access_token=t&state=s#state=s", ""),
        (Token, "#refresh_token=r&id_token=i&x=1", "#x=1"),
        (Token, "?plaudit_state=n&a=1#access_token=t", "?a=1"),
        (Token, "#plaudit_state=n", "#plaudit_state=n"),
        (
            Code,
            "?code=c&state=s&a=1#/route?code=x",
            "?a=1#/route?code=x",
        ),
        (Code, "?code=c", ""),
        (Code, "?a+b=%7E&iss=https%3A%2F%2Fas&c", "?a+b=%7E&c"),
        (Code, "?access_token=t#state=s", "#state=s"),
        (Code, "?a;code=1", "?a;code=1"),
    ] {
        let base = "https://App.example:443/a/../b";
        let cleaned = callback::clean(&format!("{base}{url}"), kind);
        assert_eq!(cleaned, format!("{base}{expected}"), "{url}");
    }
    assert_eq!(
        callback::clean("about:blank#code=1", Token),
        "about:blank#code=1"
    );
    assert_eq!(NONCE_PARAMETER, "plaudit_state");
}

#[test]
fn u1_peek_tells_whose_response_it_is() {
    use ResponseType::{Code, Token};
    let peek = |url: &str, kind| {
        let peek = callback::peek(url, kind);
        (
            peek.is_callback,
            peek.state.unwrap_or_default(),
            peek.nonce.unwrap_or_default(),
        )
    };
    for (kind, url, is_callback, state, nonce) in [
        (Token, "https://a/", false, "", ""),
        (Token, "https://a/#access_token", true, "", ""),
        (Token, "https://a/#error=x&state=a%2Bb", true, "a+b", ""),
        (Token, "https://a/#code=x", true, "", ""),
        (Token, "https://a/?code=x&state=s", false, "", ""),
        (Token, "https://a/?access_token=x", true, "", ""),
        (
            Token,
            "https://a/?plaudit%5Fstate=n%21#state=s",
            false,
            "s",
            "n!",
        ),
        (
            Token,
            "https://a/?plaudit_state=&plaudit_state=n",
            false,
            "",
            "n",
        ),
        (
            Code,
            "https://a/?code=x&state=s&plaudit_state=n",
            true,
            "s",
            "n",
        ),
        (Code, "https://a/#code=x", false, "", ""),
        (Code, "https://a/?access_token", true, "", ""),
        (Code, "blob:https://a/?code=x", false, "", ""),
    ] {
        assert_eq!(
            peek(url, kind),
            (is_callback, state.into(), nonce.into()),
            "{url}"
        );
    }
}

#[test]
fn u8_debug_output_holds_no_secret() {
    let expected = Expected {
        profile: &TRUSTPILOT,
        response_type: ResponseType::Token,
        state: Some("St8"),
        redirect_uri: None,
    };
    let url = "https://a.example/#access_token=Tk7&token_type=bearer&state=St8";
    let debug = format!("{:?}", parse_callback(url, &expected));
    assert!(
        debug.contains("TokenResponse") && !debug.contains("Tk7"),
        "{debug}"
    );
    let error = parse_callback(&url.replace("St8", "Other9"), &expected).unwrap_err();
    let told = format!("{error} {error:?}");
    assert!(
        told.starts_with("state: is not the one that was sent"),
        "{told}"
    );
    assert!(!told.contains("St8") && !told.contains("Tk7") && !told.contains("Other9"));
    let access = Access {
        base: "https://api.example",
        key: Key::Header("Ky6"),
    };
    let request = business_units::FIND
        .request(&access, &[("domain", &["a.example"])])
        .unwrap();
    assert!(!format!("{request:?}").contains("Ky6"));
}

#[test]
fn p15_the_redirect_address_is_compared_by_origin_and_path() {
    let read = |url: &str, redirect_uri| {
        let expected = Expected {
            profile: &TRUSTPILOT,
            response_type: ResponseType::Code,
            state: None,
            redirect_uri: Some(redirect_uri),
        };
        match parse_callback(&format!("{url}?code=c"), &expected) {
            Ok(_) => None,
            Err(error) => Some(error.code()),
        }
    };
    const OTHER: Option<Code> = Some(Code::RedirectMismatch);
    for (url, redirect_uri, expected) in [
        ("https://a.example/cb", "https://a.example/cb", None),
        (
            "https://a.example/cb",
            "HTTPS://A.Example:443/cb?own=1",
            None,
        ),
        ("https://a.example/", "https://a.example", None),
        ("https://a.example:0443/", "https://a.example", None),
        ("https://a.example:/", "https://a.example", None),
        ("https://a.example:0/", "https://a.example", OTHER),
        ("https://a.example/cb/", "https://a.example/cb", OTHER),
        ("https://a.example/CB", "https://a.example/cb", OTHER),
        ("https://a.example/c%62", "https://a.example/cb", OTHER),
        ("http://a.example/cb", "https://a.example/cb", OTHER),
        ("https://a.example:8443/cb", "https://a.example/cb", OTHER),
        ("https://u@a.example/cb", "https://a.example/cb", OTHER),
        ("https://a.example/cb", "/cb", Some(Code::InvalidArgument)),
        (
            "https://a.example/cb",
            "https://a.example/cb#",
            Some(Code::InvalidArgument),
        ),
        (
            "https://a.example:65536/",
            "https://a.example",
            Some(Code::InvalidArgument),
        ),
        (
            "https://a.example:1x/",
            "https://a.example",
            Some(Code::InvalidArgument),
        ),
        (
            "https://[::1",
            "https://a.example",
            Some(Code::InvalidArgument),
        ),
        (
            "https://[]/",
            "https://a.example",
            Some(Code::InvalidArgument),
        ),
        ("https://[::1]:443/", "https://[::1]", None),
        (
            "https://b@c@a.example/",
            "https://a.example",
            Some(Code::InvalidArgument),
        ),
    ] {
        assert_eq!(read(url, redirect_uri), expected, "{url} {redirect_uri}");
    }
}

#[test]
fn providers_are_known_by_name() {
    assert_eq!(providers::by_name("trustpilot"), Some(&TRUSTPILOT));
    assert_eq!(providers::by_name("trustoo"), Some(&TRUSTOO));
    assert_eq!(providers::by_name("Trustpilot"), None);
    assert_eq!(providers::by_name(""), None);
    for Profile {
        authorization_endpoint,
        api_origins,
        ..
    } in providers::PROVIDERS
    {
        assert!(authorization_endpoint.starts_with("https://"));
        assert!(
            api_origins
                .lines()
                .all(|it| it.starts_with("https://") && !it.ends_with('/'))
        );
    }
}

#[test]
fn business_units_are_found_by_domain() {
    const V1: &str = "https://api.trustpilot.com/v1";
    let find = |base, key, domain| {
        business_units::FIND.request(&Access { base, key }, &[("domain", &[domain])])
    };
    let request = find(V1, Key::Header("Ky"), "trustpilot.com").unwrap();
    assert_eq!(
        request.url,
        "https://api.trustpilot.com/v1/business-units/find?name=trustpilot.com"
    );
    assert_eq!(request.api_key.as_deref(), Some("Ky"));
    let request = find(
        "http://127.0.0.1:1/v1/",
        Key::Query("K&y"),
        "münchen.example",
    )
    .unwrap();
    assert_eq!(
        request.url,
        "http://127.0.0.1:1/v1/business-units/find?name=m%C3%BCnchen.example&apikey=K%26y"
    );
    assert_eq!(request.api_key, None);
    assert_eq!(find(V1, Key::None, "a.b-c.d").unwrap().api_key, None);

    let long = format!("{}.example", "a".repeat(246));
    for domain in [
        "",
        "a",
        ".",
        "a.",
        ".a",
        "a..b",
        "a b.c",
        "a.b/c",
        "https://a.b",
        "a.b:1",
        "a_b.c",
        "a.b?c",
        "a.b&x=1",
        "a.b\n",
        &long,
    ] {
        let error = find(V1, Key::None, domain).unwrap_err();
        assert_eq!(
            (error.code(), error.subject()),
            (Code::InvalidArgument, "domain"),
            "{domain:?}"
        );
    }
    for base in [
        "",
        "/v1",
        "http://api.example",
        "https://a.example/?x",
        "https://a.example/#",
    ] {
        assert_eq!(
            find(base, Key::None, "a.b").unwrap_err().subject(),
            "baseUrl",
            "{base}"
        );
    }
    for key in ["", "a b", "é", "a\r\nb"] {
        assert_eq!(
            find(V1, Key::Header(key), "a.b").unwrap_err().subject(),
            "apiKey",
            "{key:?}"
        );
        assert_eq!(
            find(V1, Key::Query(key), "a.b").unwrap_err().subject(),
            "apiKey",
            "{key:?}"
        );
    }
}

#[test]
fn statuses_become_codes() {
    for (status, code, retryable) in [
        (200, None, false),
        (204, None, false),
        (299, None, false),
        (300, Some(Code::BadRequest), false),
        (400, Some(Code::BadRequest), false),
        (401, Some(Code::Unauthorized), false),
        (403, Some(Code::Forbidden), false),
        (404, Some(Code::NotFound), false),
        (408, Some(Code::BadRequest), true),
        (429, Some(Code::RateLimited), true),
        (500, Some(Code::ServerError), true),
        (501, Some(Code::ServerError), false),
        (503, Some(Code::ServerError), true),
        (522, Some(Code::ServerError), true),
        (599, Some(Code::ServerError), false),
        (600, Some(Code::BadRequest), false),
        (0, Some(Code::BadRequest), false),
    ] {
        assert_eq!(
            (read_status(status), is_retryable(status)),
            (code, retryable),
            "{status}"
        );
    }
}
