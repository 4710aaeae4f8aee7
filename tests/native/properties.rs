//! What holds for every input.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use plaudit::api::trustpilot::business_units;
use plaudit::api::{self, Access, Key};
use plaudit::oauth::address::Address;
use plaudit::oauth::callback::{self, Callback, Expected, NONCE_PARAMETER};
use plaudit::oauth::{
    AuthorizeRequest, authorize_url, form, parse_callback, scope, state, token, transaction,
};
use plaudit::providers::{PROVIDERS, Profile, ResponseType, TRUSTOO, TRUSTPILOT};
use plaudit::{Code, Error};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;

const STANDARD: [&str; 10] = [
    "access_token",
    "token_type",
    "expires_in",
    "scope",
    "state",
    "code",
    "error",
    "error_description",
    "error_uri",
    "iss",
];

fn response_types() -> impl Strategy<Value = ResponseType> {
    select(vec![ResponseType::Token, ResponseType::Code])
}

fn profiles() -> impl Strategy<Value = &'static Profile<'static>> {
    select(PROVIDERS.to_vec())
}

/// Text that is full of what queries are made of.
fn components() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        4 => select(STANDARD.to_vec()).prop_map(String::from),
        2 => select(vec!["&", "=", "%", "+", "?", "#", ";", "%2", "%zz", "%00", "%25", "%E2%82", "%26"])
            .prop_map(String::from),
        1 => "\\PC{0,4}",
        1 => "[a-zA-Z0-9%&=+ ]{0,6}",
    ];
    vec(piece, 0..24).prop_map(|pieces| pieces.concat())
}

fn urls() -> impl Strategy<Value = String> {
    let base = select(vec![
        "https://app.example/cb",
        "https://app.example",
        "HTTP://u:p@[::1]:80/a/b",
        "http://127.0.0.1:8080/",
        "https:///x",
        "",
        "https://h:99999/",
    ]);
    let mark = || select(vec!["?", "#", ""]);
    prop_oneof![
        4 => (base, mark(), components(), mark(), components())
            .prop_map(|(base, m, a, n, b)| format!("{base}{m}{a}{n}{b}")),
        1 => any::<String>(),
        1 => ".{0,40}",
    ]
}

/// `text` with some of its bytes percent-encoded, in either case of hex.
fn spelled(text: &'static str) -> impl Strategy<Value = String> {
    vec(0..3_u8, text.len()).prop_map(move |how| {
        text.bytes()
            .zip(how)
            .map(|(byte, how)| match how {
                0 => char::from(byte).to_string(),
                1 => format!("%{byte:02X}"),
                _ => format!("%{byte:02x}"),
            })
            .collect()
    })
}

fn vschars() -> impl Strategy<Value = String> {
    "[ -~]{1,24}"
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn u8_nothing_panics_and_no_secret_is_told(
        url in urls(),
        other in urls(),
        state in option::of(".{0,8}"),
        redirect in option::of(urls()),
        profile in profiles(),
        response_type in response_types(),
        numbers in any::<[f64; 3]>(),
    ) {
        let expected = Expected {
            profile,
            response_type,
            state: state.as_deref(),
            redirect_uri: redirect.as_deref(),
        };
        let result = parse_callback(&url, &expected);
        if let Err(error) = &result {
            prop_assert!(!error.message().is_empty());
            prop_assert_eq!(error.provider().is_some(), error.code() == Code::ProviderError);
            // Neither form of it has anything but fixed text.
            let told = format!("{error}");
            prop_assert!(told.ends_with(error.message()));
        }
        if let Ok(Callback::Token(response)) = &result {
            let debug = format!("{response:?}");
            prop_assert!(!debug.contains("access_token"));
            let _ = response.granted(&[], profile);
        }
        let _ = callback::peek(&url, response_type);
        let _ = callback::clean(&url, response_type);
        form::pairs(&url).for_each(drop);
        let _ = transaction::return_to(&other, &url);
        let _ = business_units::find(&Access { base: &other, key: Key::Query(&url) }, &url);
        if let (Some(a), Some(b)) = (Address::parse(&url), Address::parse(&other)) {
            prop_assert!(a.same_endpoint(&a));
            prop_assert_eq!(a.same_endpoint(&b), b.same_endpoint(&a));
            let _ = a.is_safe();
        }
        scope::split(&url, b' ').for_each(drop);
        let [now, end, skew] = numbers;
        let _ = token::phase(now, Some(end), skew);
        let _ = token::next_check(now, Some(end), skew);
        let _ = transaction::is_expired(now, end);
    }

    #[test]
    fn q5_what_is_written_is_read_back(
        client_id in vschars(),
        path in "[a-z/]{0,8}",
        query in option::of("[a-z]=[a-z%+]{0,4}"),
        state in vschars(),
        scopes in vec("[!#-\\[\\]-~]{1,6}", 0..4),
        extra in vec(("x_[^=&]{0,4}", "\\PC{1,8}"), 0..3),
        own in option::of("[a-c]=[a-z+]{0,3}"),
    ) {
        let redirect_uri = match query {
            Some(query) => format!("https://app.example/{path}?{query}"),
            None => format!("https://app.example/{path}"),
        };
        let endpoint = match &own {
            Some(own) => format!("https://as.example/authorize?{own}"),
            None => String::from("https://as.example/authorize"),
        };
        let scope: Vec<_> = scopes.iter().map(String::as_str).collect();
        let extra: Vec<_> = extra.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect();
        let mut names: Vec<_> = extra.iter().map(|(name, _)| name).collect();
        names.sort();
        names.dedup();
        prop_assume!(names.len() == extra.len());
        let url = authorize_url(&AuthorizeRequest {
            profile: &TRUSTPILOT,
            endpoint: Some(&endpoint),
            response_type: ResponseType::Token,
            client_id: &client_id,
            redirect_uri: &redirect_uri,
            state: &state,
            scope: &scope,
            extra: &extra,
        });
        let url = url.map_err(|error| TestCaseError::fail(error.to_string()))?;
        let rest = url.strip_prefix(&endpoint).expect("keeps the endpoint to the letter");
        let rest = rest.strip_prefix(if own.is_some() { '&' } else { '?' }).expect("a separator");
        let joined = scope.join(" ");
        let mut expected = vec![
            ("response_type", "token"),
            ("client_id", &client_id),
            ("redirect_uri", &redirect_uri),
        ];
        if !scope.is_empty() {
            expected.push(("scope", &joined));
        }
        expected.push(("state", &state));
        expected.extend(extra);
        let read: Vec<_> = form_urlencoded::parse(rest.as_bytes()).collect();
        let read: Vec<_> = read.iter().map(|(a, b)| (&**a, &**b)).collect();
        prop_assert_eq!(read, expected);
    }

    #[test]
    fn p4_duplicates_are_found_however_spelled(
        (name, first, second) in select(STANDARD.to_vec())
            .prop_flat_map(|name| (Just(name), spelled(name), spelled(name))),
        between in vec("x[0-9]{0,2}(=[a-z%]{0,3})?", 0..4),
        is_empty in any::<bool>(),
        response_type in response_types(),
    ) {
        let value = if is_empty { "" } else { "=v" };
        let (mark, anchor) = match response_type {
            ResponseType::Token => ('#', "error"),
            ResponseType::Code => ('?', "code"),
        };
        prop_assume!(!(response_type == ResponseType::Code && name == "access_token"));
        let between: String = between.iter().map(|piece| format!("{piece}&")).collect();
        let url = format!("https://app.example/cb{mark}{first}{value}&{between}{second}{value}&{anchor}");
        let expected = Expected {
            profile: &TRUSTOO,
            response_type,
            state: None,
            redirect_uri: None,
        };
        let error = parse_callback(&url, &expected).unwrap_err();
        prop_assert_eq!(error.code(), Code::DuplicateParameter);
        // The anchor may be the one that is there three times.
        prop_assert_eq!(error.subject(), name);
    }

    #[test]
    fn p2_pairs_are_those_of_form_urlencoded(input in prop_oneof![components(), any::<String>()]) {
        let ours: Vec<_> = form::pairs(&input).collect();
        let theirs: Vec<_> = form_urlencoded::parse(input.as_bytes()).into_owned().collect();
        prop_assert_eq!(ours, theirs);
    }

    #[test]
    fn p2_state_is_compared_as_it_decodes(
        bytes in vec(prop_oneof![any::<u8>(), 0xE0..=0xF5_u8, 0x80..=0xBF_u8], 1..8),
        other in "[\\u{FFFD}aé\\u{800}]{1,4}",
    ) {
        let encoded: String = bytes.iter().map(|byte| format!("%{byte:02x}")).collect();
        let decoded = String::from_utf8_lossy(&bytes).into_owned();
        let url = format!("https://app.example/#access_token=t&token_type=bearer&state={encoded}");
        for state in [&decoded, &other] {
            let expected = Expected {
                profile: &TRUSTPILOT,
                response_type: ResponseType::Token,
                state: Some(state),
                redirect_uri: None,
            };
            let code = parse_callback(&url, &expected).err().map(|error| error.code());
            let mismatch = (*state != decoded).then_some(Code::StateMismatch);
            prop_assert_eq!(code, mismatch);
        }
        let peeked = callback::peek(&url, ResponseType::Token).state;
        prop_assert_eq!(peeked, Some(decoded));
    }

    #[test]
    fn u3_clean_removes_the_response_and_nothing_else(
        query in option::of(components()),
        fragment in option::of(components()),
        response_type in response_types(),
    ) {
        let query = query.map(|it| it.replace(['#', '?'], ""));
        let mut url = String::from("https://app.example/cb");
        if let Some(query) = &query {
            url.push('?');
            url.push_str(query);
        }
        if let Some(fragment) = &fragment {
            url.push('#');
            url.push_str(fragment);
        }
        let cleaned = callback::clean(&url, response_type);
        prop_assert_eq!(&callback::clean(&cleaned, response_type), &cleaned);
        prop_assert!(!callback::peek(&cleaned, response_type).is_callback);

        let (before, after) = cleaned.split_once('#').unwrap_or((&cleaned, ""));
        let (_, cleaned_query) = before.split_once('?').unwrap_or((before, ""));
        let is_response = |name: &str| {
            STANDARD.contains(&name) || ["refresh_token", "id_token"].contains(&name)
        };
        let names = |text: &str| -> Vec<String> { form::pairs(text).map(|(name, _)| name).collect() };
        let had_token = query.as_deref().is_some_and(|it| names(it).iter().any(|n| n == "access_token"));
        // What is not the response's stays to the letter and in order.
        let kept = |text: &str, strips: bool, strips_nonce: bool| -> Vec<String> {
            text.split('&')
                .filter(|piece| !piece.is_empty())
                .filter(|piece| {
                    let name = form::pairs(piece).next().map(|(name, _)| name).unwrap_or_default();
                    !(strips && is_response(&name) || strips_nonce && name == NONCE_PARAMETER)
                })
                .map(String::from)
                .collect()
        };
        let pieces = |text: &str| kept(text, false, false);
        let strips_query = response_type == ResponseType::Code || had_token;
        let strips_fragment = response_type == ResponseType::Token;
        let (query, fragment) = (query.unwrap_or_default(), fragment.unwrap_or_default());
        prop_assert_eq!(pieces(cleaned_query), kept(&query, strips_query, true));
        prop_assert_eq!(pieces(after), kept(&fragment, strips_fragment, false));
        // Where nothing was to be removed, not even an empty piece is.
        if kept(&query, strips_query, true) == pieces(&query) {
            prop_assert_eq!(cleaned_query, &*query);
        }
        if kept(&fragment, strips_fragment, false) == pieces(&fragment) {
            prop_assert_eq!(after, &*fragment);
        }
    }

    #[test]
    fn s1_states_are_as_many_as_their_random_bytes(a in any::<[u8; 32]>(), b in any::<[u8; 32]>()) {
        let (x, y) = (state::encode(&a), state::encode(&b));
        prop_assert_eq!(x.len(), 43);
        prop_assert!(x.bytes().all(|it| it.is_ascii_alphanumeric() || b"-_".contains(&it)));
        prop_assert_eq!(a == b, x == y);
        prop_assert!(state::matches(&x, x.as_bytes()));
        prop_assert_eq!(state::matches(&x, y.as_bytes()), a == b);
        // The first six bits are the first character.
        let first = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
            .get(usize::from(a[0] >> 2));
        prop_assert_eq!(x.as_bytes().first(), first);
    }

    #[test]
    fn p10_granted_is_a_list_without_empties(value in "[a-z,!:/-]{1,12}") {
        let url = format!("https://app.example/#access_token=t&token_type=bearer&scope={value}");
        let profile = Profile { scope_delimiter: b',', ..TRUSTPILOT };
        let expected = Expected {
            profile: &profile,
            response_type: ResponseType::Token,
            state: None,
            redirect_uri: None,
        };
        let Ok(Callback::Token(response)) = parse_callback(&url, &expected) else {
            return Err(TestCaseError::fail("a token"));
        };
        let granted = response.granted(&["asked"], &profile);
        prop_assert!(granted.iter().all(|it| !it.is_empty() && !it.contains(',')));
        prop_assert_eq!(granted.concat(), value.replace(',', ""));
    }

    #[test]
    fn statuses_are_read_alike_everywhere(status in any::<u16>()) {
        let code = api::read_status(status);
        prop_assert_eq!(code.is_none(), (200..300).contains(&status));
        if api::is_retryable(status) {
            let server = matches!(code, Some(Code::ServerError | Code::RateLimited));
            prop_assert!(server || status == 408);
        }
    }
}

#[test]
fn every_error_is_a_value_and_an_std_error() {
    fn is_error<E: std::error::Error + Send + Sync + Clone + PartialEq + 'static>() {}
    is_error::<Error>();
    let names: std::collections::BTreeSet<_> = Code::ALL.iter().map(|code| code.as_str()).collect();
    assert_eq!(names.len(), Code::ALL.len());
}
