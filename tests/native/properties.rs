//! What holds for every input.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use plaudit::api::answer::Type;
use plaudit::api::common::{Rating, Review};
use plaudit::api::trustpilot::business_units;
use plaudit::api::{self, Access, Endpoint, Key, Kind, Method, PLATFORMS};
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
use readers::{READERS, platform};
use serde_json::{Map, Value, json};

mod readers;

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

/// The names of all members that answers are declared to have.
fn member_names() -> Vec<String> {
    fn collect(of: Type, into: &mut Vec<String>) {
        match of {
            Type::List(inner) | Type::Map(inner) => collect(inner(), into),
            Type::Object(object) => {
                for field in object.fields {
                    let name = field.wire(object);
                    if !into.contains(&name) {
                        into.push(name);
                        collect((field.of)(), into);
                    }
                }
            }
            _ => {}
        }
    }
    let mut names = Vec::new();
    for reader in READERS {
        collect((reader.describe)(), &mut names);
    }
    names
}

/// Any JSON, of which much is nearly an answer.
fn values() -> impl Strategy<Value = Value> {
    let texts = select(vec![
        "",
        "7",
        "-1.50",
        "007",
        "1e3",
        "//a.example",
        "https://a.example",
        "2013-09-07T13:37:00",
        "2017-07-21T13:52:26Z",
        "2024-10-14 19:42:40.5+02:00",
        "2024-02-30T00:00:00.1Z",
        "5é",
    ]);
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        texts.prop_map(Value::from),
        any::<String>().prop_map(Value::from),
        "[0-9]{4}-[0-9]{2}-[0-9]{2}[T _][0-9:]{8}[.,]?[0-9]{0,12}(Z|[+-][0-9]{2}:?[0-9]{2}|é)?"
            .prop_map(Value::from),
    ];
    let names = member_names();
    leaf.prop_recursive(5, 64, 6, move |inner| {
        let name = prop_oneof![8 => select(names.clone()), 1 => any::<String>()];
        let members = vec((name, inner.clone()), 0..6);
        prop_oneof![
            1 => vec(inner, 0..4).prop_map(Value::from),
            3 => members.prop_map(|all| all.into_iter().collect::<Map<_, _>>().into()),
        ]
    })
}

fn every_endpoint() -> Vec<&'static Endpoint> {
    let all = PLATFORMS.iter().flat_map(|it| it.endpoints);
    all.copied().flatten().collect()
}

/// Values that this kind of parameter takes.
fn accepted(kind: Kind) -> BoxedStrategy<Vec<String>> {
    let one = |regex| vec(regex, 1).boxed();
    let list = |regex| vec(regex, 1..4).boxed();
    match kind {
        Kind::Id => one("[0-9a-fA-F]{24}"),
        Kind::Ids => list("[0-9a-fA-F]{24}"),
        Kind::Domain => one("[a-zA-Z0-9é-]{1,8}(\\.[a-z0-9漢-]{1,8}){1,3}"),
        Kind::Stars => list("[1-5]"),
        Kind::HalfStars => one("[0-5]|[1-4]\\.5"),
        Kind::Whole => one("[1-9][0-9]{0,8}"),
        Kind::PerPage => one("[1-9][0-9]?|100"),
        Kind::PerLargePage => one("[1-9][0-9]{0,2}|1000"),
        Kind::Flag => one("true|false"),
        Kind::OrderBy => one("(createdat|stars)\\.(asc|desc)"),
        Kind::Text => one("\\PC{1,12}"),
        Kind::Texts => list("\\PC{1,12}"),
        Kind::Locale => one("[a-z]{2,3}(-[A-Z][a-z]{3})?-[A-Z]{2}"),
        Kind::Country => one("[A-Z]{2}"),
        Kind::Countries => list("[A-Z]{2}"),
        Kind::Languages => list("[a-zA-Z]{2}"),
        Kind::Slug => one("[a-zA-Z0-9_-]{1,12}"),
        #[cfg(feature = "server")]
        kind => panic!("{kind:?} is of private endpoints alone"),
    }
}

/// An endpoint with arguments that it takes, any optional ones among them.
fn calls() -> impl Strategy<Value = (&'static Endpoint, Vec<(&'static str, Vec<String>)>)> {
    select(every_endpoint()).prop_flat_map(|endpoint| {
        let parameters = endpoint.parameters.iter().map(|it| {
            (any::<bool>(), accepted(it.kind))
                .prop_map(|(given, values)| (it.required || given).then_some((it.name, values)))
        });
        let all: Vec<_> = parameters.collect();
        let given = all.prop_map(|all| all.into_iter().flatten().collect::<Vec<_>>());
        (Just(endpoint), given.prop_shuffle())
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn cl29_no_json_makes_a_reader_panic(value in values()) {
        for reader in READERS {
            let from = platform(reader.platform);
            // A member of another type may be refused; what is read stays what it is.
            if let Ok(read) = (reader.read)(value.clone()) {
                prop_assert_eq!((reader.read)(read.clone()).ok(), Some(read.clone()));
                let rating = Rating::of(from, &read);
                prop_assert!(rating.value != Some(0.0));
                let review = Review::of(from, &read);
                prop_assert!(review.reply.is_none_or(|reply| !reply.text.is_empty()));
            }
        }
        for from in PLATFORMS {
            let _ = Rating::of(from, &value);
            let _ = Review::of(from, &value);
        }
    }

    #[test]
    fn cl29_no_bytes_make_a_reader_panic(bytes in vec(any::<u8>(), 0..64), text in "[\\[\\]{}\",:0-9a-z\\\\.eE+-]{0,48}") {
        for bytes in [&bytes[..], text.as_bytes()] {
            if let Ok(value) = serde_json::from_slice::<Value>(bytes) {
                for reader in READERS {
                    let _ = (reader.read)(value.clone());
                }
            }
        }
    }

    #[test]
    fn no_arguments_make_a_request_panic(
        endpoint in select(every_endpoint()),
        base in urls(),
        key in ".{0,8}",
        known in vec((0..12_usize, vec(any::<String>(), 0..3)), 0..6),
        unknown in option::of((any::<String>(), any::<String>())),
    ) {
        let mut arguments: Vec<(&str, Vec<&str>)> = known
            .iter()
            .filter_map(|(at, values)| {
                let name = endpoint.parameters.get(*at)?.name;
                Some((name, values.iter().map(String::as_str).collect()))
            })
            .collect();
        if let Some((name, value)) = &unknown {
            arguments.push((name, vec![value]));
        }
        let arguments: Vec<_> = arguments.iter().map(|(name, all)| (*name, &all[..])).collect();
        for key in [Key::None, Key::Header(&key), Key::Query(&key)] {
            for base in [&*base, "https://api.example/v1"] {
                let access = Access { base, key };
                if let Err(error) = endpoint.request(&access, &arguments) {
                    prop_assert_eq!(error.code(), Code::InvalidArgument);
                    prop_assert!(!error.message().is_empty());
                }
                let pairs: Vec<_> = unknown.iter().map(|(a, b)| (&**a, &**b)).collect();
                let _ = api::get(&access, base, &pairs);
            }
        }
    }

    #[test]
    fn what_is_asked_for_is_what_is_sent(
        (endpoint, arguments) in calls(),
        path in select(vec!["", "/", "/v1", "/w/x/v1/"]),
        key in option::of("[!#-\\[\\]-~]{1,12}"),
    ) {
        let base = format!("https://api.example:8443{path}");
        let given: Vec<Vec<&str>> = arguments
            .iter()
            .map(|(_, values)| values.iter().map(String::as_str).collect())
            .collect();
        let given: Vec<_> = arguments.iter().zip(&given).map(|(it, all)| (it.0, &all[..])).collect();
        let place = key.as_deref().map_or(Key::None, Key::Query);
        let access = Access { base: &base, key: place };
        let request = endpoint.request(&access, &given);
        let request = request.map_err(|error| TestCaseError::fail(error.to_string()))?;

        // Below the base, and without anything that a browser would read another way.
        let address = Address::parse(&request.url).expect("an address");
        prop_assert!(address.same_origin(&Address::parse(&base).expect("the base")));
        let (before, query) = request.url.split_once('?').unwrap_or((&request.url, ""));
        let below = before.strip_prefix(base.trim_end_matches('/')).expect("below the base");
        prop_assert!(below.bytes().all(|it| it.is_ascii_alphanumeric() || b"/_-.".contains(&it)));
        prop_assert!(below.split('/').skip(1).all(|it| !matches!(it, "" | "." | "..")));
        let value_of = |name: &str| {
            let found = arguments.iter().find(|(it, _)| *it == name);
            found.map(|(_, values)| values.clone())
        };
        let mut expected_path = endpoint.path.to_owned();
        let mut expected = Vec::new();
        let mut body = Map::new();
        for parameter in endpoint.parameters {
            let Some(values) = value_of(parameter.name) else {
                continue;
            };
            let place = format!("{{{}}}", parameter.name);
            if expected_path.contains(&place) {
                expected_path = expected_path.replace(&place, &values.concat());
            } else if endpoint.method == Method::Get {
                expected.push((parameter.wire.to_owned(), values.join(",")));
            } else {
                let is_list = matches!(parameter.kind, Kind::Ids | Kind::Texts);
                let value = if is_list { json!(values) } else { json!(values.concat()) };
                body.insert(parameter.wire.to_owned(), value);
            }
        }
        if let Some(key) = &key {
            expected.push((String::from("apikey"), key.clone()));
        }
        prop_assert_eq!(below, expected_path);
        let read: Vec<_> = form_urlencoded::parse(query.as_bytes()).into_owned().collect();
        prop_assert_eq!(read, expected);
        prop_assert!(query.is_ascii());
        let sent = request.body.as_deref().map(serde_json::from_str::<Value>);
        match sent {
            None => prop_assert_eq!(endpoint.method, Method::Get),
            Some(sent) => prop_assert_eq!(sent.ok(), Some(Value::from(body))),
        }
    }

    #[test]
    fn the_way_out_stays_below_the_base(
        path in "(/|//|/\\.|/\\.\\.|%2e|%2E|\\\\|[a-z.:@;?#&=~ é\t\n-]{0,4}){0,6}",
        query in vec(("\\PC{0,6}", any::<String>()), 0..4),
    ) {
        let access = Access { base: "https://api.example/v1", key: Key::None };
        let pairs: Vec<_> = query.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect();
        match api::get(&access, &path, &pairs) {
            Err(error) => {
                prop_assert_eq!((error.code(), error.subject()), (Code::InvalidArgument, "path"));
            }
            Ok(request) => {
                let (before, after) = request.url.split_once('?').unwrap_or((&request.url, ""));
                prop_assert_eq!(before, format!("https://api.example/v1{path}"));
                prop_assert!(!before.contains(['%', '\\', '#', ' ', '\n', '\t']));
                prop_assert!(path.split('/').skip(1).all(|it| !matches!(it, "" | "." | "..")));
                let read: Vec<_> = form_urlencoded::parse(after.as_bytes()).into_owned().collect();
                prop_assert_eq!(read, query.into_iter().map(|(a, b)| (a, b.replace('\u{1f}', ","))).collect::<Vec<_>>());
            }
        }
    }
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
        let access = Access { base: &other, key: Key::Query(&url) };
        let _ = business_units::FIND.request(&access, &[("domain", &[&url])]);
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
