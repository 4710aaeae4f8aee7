//! Every endpoint: the request that is built, the answer that is read.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

use std::collections::{BTreeMap, BTreeSet};
use std::slice;
use std::sync::OnceLock;

use plaudit::api::answer::{Object, Type};
use plaudit::api::common::{Rating, Review};
use plaudit::api::trustpilot::{business_units, consumers, product_reviews, resources, reviews};
use plaudit::api::{
    self, Access, Cache, Endpoint, Key, Kind, Method, PLATFORMS, Parameter, Platform, Request,
    trustoo, trustpilot,
};
use plaudit::{Code, Error};
use readers::{READERS, Reader, platform};
use serde_json::{Map, Value, json};

mod readers;

const ANSWERS: &str = include_str!("../vectors/answers.json");
const REQUESTS: &str = include_str!("../vectors/requests.json");
const OFFICIAL: &str = include_str!("../vectors/official-requests.json");

const ID: &str = "46d6a890000064000500e0c3";

/// Names with their values.
type Arguments = Vec<(&'static str, Vec<&'static str>)>;

/// An endpoint with all its parameters, what becomes of them behind the base, and the body.
struct Row {
    name: &'static str,
    platform: &'static Platform,
    endpoint: &'static Endpoint,
    arguments: Arguments,
    url: &'static str,
    body: Option<&'static Value>,
}

/// `tests/vectors/requests.json`.
fn vectors() -> &'static Value {
    static VECTORS: OnceLock<Value> = OnceLock::new();
    VECTORS.get_or_init(|| serde_json::from_str(REQUESTS).unwrap())
}

/// A text, or the texts of a list.
fn texts(value: &'static Value) -> Vec<&'static str> {
    let one = value.as_str().into_iter();
    let several = value.as_array().into_iter().flatten();
    one.chain(several.map(|it| it.as_str().unwrap())).collect()
}

/// Every endpoint with arguments for all its parameters.
fn all() -> Vec<Row> {
    let rows = vectors()["requests"].as_array().unwrap().iter();
    rows.map(|row| {
        let text = |name: &str| row[name].as_str().unwrap();
        let (platform, name) = (platform(text("platform")), text("endpoint"));
        let endpoint = endpoints(platform).find(|it| it.0 == name).expect(name).1;
        let arguments = row["arguments"].as_object().unwrap();
        Row {
            name,
            platform,
            endpoint,
            arguments: arguments
                .iter()
                .map(|it| (it.0.as_str(), texts(it.1)))
                .collect(),
            url: text("url"),
            body: row.get("body"),
        }
    })
    .collect()
}

/// The request with these arguments.
fn ask(endpoint: &Endpoint, access: &Access<'_>, arguments: &Arguments) -> Result<Request, Error> {
    let lent: Vec<_> = arguments
        .iter()
        .map(|(name, values)| (*name, &values[..]))
        .collect();
    endpoint.request(access, &lent)
}

const BASE: &str = "https://api.example/v1";
const OPEN: Access<'static> = Access {
    base: BASE,
    key: Key::None,
};

/// The endpoints of a platform with their names as in [`Reader::endpoint`].
fn endpoints(platform: &Platform) -> impl Iterator<Item = (String, &'static Endpoint)> {
    let all = platform.endpoints.iter().copied().flatten();
    all.map(|it| (format!("{}.{}", it.group, it.name), it))
}

/// The parameter that a call was refused for.
#[track_caller]
fn refused<T>(result: Result<T, Error>) -> String {
    let Err(error) = result else {
        panic!("it was let through");
    };
    assert_eq!(error.code(), Code::InvalidArgument);
    assert!(!error.message().is_empty());
    assert!(error.to_string().starts_with(error.subject()));
    error.subject().to_owned()
}

#[test]
fn every_endpoint_has_its_request() {
    let mut left: BTreeSet<_> = PLATFORMS
        .iter()
        .flat_map(|it| endpoints(it).map(|(name, _)| (it.id, name)))
        .collect();
    for row in all() {
        let Row { name, endpoint, .. } = row;
        assert!(left.remove(&(row.platform.id, name.into())), "{name}");
        let names: BTreeSet<_> = row.arguments.iter().map(|(name, _)| *name).collect();
        let declared: BTreeSet<_> = endpoint.parameters.iter().map(|it| it.name).collect();
        assert_eq!(names, declared, "{name}");
        assert_eq!(endpoint.parameters.len(), declared.len(), "{name}");

        let base = row.platform.base;
        let access = Access {
            base,
            key: Key::None,
        };
        // The order of arguments is not the caller's to know.
        let mut turned = row.arguments.clone();
        turned.reverse();
        for arguments in [&row.arguments, &turned] {
            let request = ask(endpoint, &access, arguments).unwrap();
            assert_eq!(request.url, format!("{base}{}", row.url), "{name}");
            let body = request.body.as_deref();
            let body = body.map(|it| serde_json::from_str::<Value>(it).unwrap());
            assert_eq!(body.as_ref(), row.body, "{name}");
            let method = if body.is_some() {
                Method::Post
            } else {
                Method::Get
            };
            assert_eq!(
                (request.method, endpoint.method),
                (method, method),
                "{name}"
            );
            assert_eq!(request.api_key, None);
        }
    }
    assert_eq!(left, BTreeSet::new());
    assert_eq!(all().len(), 47);
}

#[test]
fn what_may_be_left_out_may_and_what_may_not_is_named() {
    for Row {
        name,
        endpoint,
        arguments,
        ..
    } in all()
    {
        let is_required = |wanted: &str| {
            let mut parameters = endpoint.parameters.iter();
            parameters.any(|it| it.name == wanted && it.required)
        };
        let (required, optional): (Arguments, Arguments) = arguments
            .iter()
            .cloned()
            .partition(|(name, _)| is_required(name));
        let least = ask(endpoint, &OPEN, &required).unwrap();
        assert!(least.method == Method::Post || least.url.matches('=').count() <= required.len());
        for one in optional {
            let request = ask(
                endpoint,
                &OPEN,
                &[&required[..], slice::from_ref(&one)].concat(),
            );
            assert!(request.is_ok_and(|it| it != least), "{name} {}", one.0);
        }
        for (missing, _) in &required {
            let rest = arguments
                .iter()
                .filter(|it| it.0 != *missing)
                .cloned()
                .collect();
            let error = ask(endpoint, &OPEN, &rest).unwrap_err();
            assert_eq!(
                (error.code(), error.subject()),
                (Code::InvalidArgument, *missing),
                "{name}"
            );
            assert_eq!(error.message(), "is missing");
        }
        for positional in endpoint.parameters.iter().filter(|it| it.positional) {
            assert!(positional.required, "{name}");
        }
    }
}

#[test]
fn cl29_unknown_parameters_are_refused() {
    for Row {
        name,
        endpoint,
        arguments,
        ..
    } in all()
    {
        for unknown in [
            "", "x", "perpage", "limit", "apikey", "shop_id", "PAGE", "page ", "é", "a,b", "{",
        ] {
            let mut with = arguments.clone();
            with.push((unknown, vec!["1"]));
            let error = ask(endpoint, &OPEN, &with).unwrap_err();
            assert_eq!(
                (error.code(), error.message()),
                (Code::InvalidArgument, "is no parameter of this call"),
                "{name} {unknown}"
            );
            assert_eq!(error.subject(), unknown, "{name}");
        }
    }
}

#[test]
fn every_parameter_takes_what_it_must_and_is_named_where_it_refuses() {
    let mut kinds = BTreeSet::new();
    for Row {
        name,
        endpoint,
        arguments,
        ..
    } in all()
    {
        for Parameter {
            name: given, kind, ..
        } in endpoint.parameters
        {
            let kind = format!("{kind:?}");
            let values = |which: &str| {
                let all = vectors()["kinds"][kind.as_str()][which].as_array().unwrap();
                assert!(all.len() >= 2);
                all.iter().map(texts)
            };
            let with = |values: &Vec<&'static str>| {
                let mut changed = arguments.clone();
                changed
                    .iter_mut()
                    .find(|it| it.0 == *given)
                    .unwrap()
                    .1
                    .clone_from(values);
                ask(endpoint, &OPEN, &changed)
            };
            for values in values("accepted") {
                assert!(with(&values).is_ok(), "{name} {given} {values:?}");
            }
            for values in values("refused") {
                let error = with(&values).err();
                let told = error.as_ref().map(|it| (it.code(), it.subject()));
                let expected = Some((Code::InvalidArgument, *given));
                assert_eq!(told, expected, "{name} {given} {values:?}");
                assert_ne!(error.unwrap().message(), "is missing");
            }
            kinds.insert(kind);
        }
    }
    let declared = vectors()["kinds"].as_object().unwrap();
    assert_eq!(kinds, declared.keys().cloned().collect());
    assert_eq!(kinds.len(), 17);
}

#[test]
fn lists_are_joined_as_the_platform_writes_them() {
    let sku = |values: &[&str]| {
        let arguments = [("businessUnitId", &[ID][..]), ("sku", values)];
        let url = product_reviews::SUMMARY
            .request(&OPEN, &arguments)
            .unwrap()
            .url;
        url.split_once("?sku=").unwrap().1.to_owned()
    };
    assert_eq!(sku(&["A"]), "A");
    assert_eq!(sku(&["A", "B", "C"]), "A%2CB%2CC");
    // A comma in a stock keeping unit cannot be told from one between two: unverified.
    assert_eq!(sku(&["A,B"]), "A%2CB");
    assert_eq!(sku(&["[\"A\",\"B\"]"]), "%5B%22A%22%2C%22B%22%5D");

    let skus = |values: &[&str]| {
        let arguments = [("businessUnitId", &[ID][..]), ("skus", values)];
        let body = product_reviews::BATCH_SUMMARIES
            .request(&OPEN, &arguments)
            .unwrap()
            .body;
        let body: Value = serde_json::from_str(&body.unwrap()).unwrap();
        assert_eq!(body.as_object().unwrap().len(), 1);
        body["skus"].clone()
    };
    for values in [
        &["A"][..],
        &["A", "B"],
        &["A,B", "C"],
        &["\"", "\\", "\\\"", "\\u0041", "\",\"", "],["],
        &["漢字", "😀", "\u{2028}", "\u{80}", "e\u{301}", "\u{FFFF}"],
        &[" ", "null", "1", "{}"],
    ] {
        assert_eq!(skus(values), json!(values));
    }
}

#[test]
fn the_platforms_spellings_stop_here() {
    for (endpoint, name, wire) in [
        (business_units::SEARCH, "perPage", "perpage"),
        (business_units::FIND, "domain", "name"),
        (trustoo::PRODUCT_REVIEWS, "perPage", "limit"),
        (trustoo::PRODUCT_REVIEWS, "sortBy", "sort_by"),
        (trustoo::PRODUCT_REVIEWS, "isShowAll", "is_show_all"),
        (trustoo::PRODUCT_REVIEWS, "shopId", "shop_id"),
        (trustoo::PRODUCT_RATINGS, "productHandles", "product_handle"),
    ] {
        let parameter = endpoint.parameters.iter().find(|it| it.name == name);
        assert_eq!(parameter.unwrap().wire, wire);
    }
    let others = all().into_iter().flat_map(|it| it.endpoint.parameters);
    let quirks: BTreeSet<_> = others
        .filter(|it| it.name != it.wire)
        .map(|it| it.wire)
        .collect();
    assert_eq!(
        quirks.into_iter().collect::<Vec<_>>(),
        [
            "is_show_all",
            "limit",
            "name",
            "perpage",
            "product_handle",
            "shop_id",
            "sort_by"
        ]
    );
}

#[test]
fn the_key_goes_where_it_is_told_to() {
    for Row {
        name,
        endpoint,
        arguments,
        ..
    } in all()
    {
        let request = |key| {
            let access = Access { base: BASE, key };
            ask(endpoint, &access, &arguments).unwrap()
        };
        let plain = request(Key::None);
        let header = request(Key::Header("K&y=/+"));
        assert_eq!(
            (&header.url, &header.body),
            (&plain.url, &plain.body),
            "{name}"
        );
        assert_eq!(
            (header.api_key.as_deref(), plain.api_key),
            (Some("K&y=/+"), None),
            "{name}"
        );
        let query = request(Key::Query("K&y=/+"));
        let mark = if plain.url.contains('?') { '&' } else { '?' };
        assert_eq!(
            query.url,
            format!("{}{mark}apikey=K%26y%3D%2F%2B", plain.url),
            "{name}"
        );
        assert_eq!((query.api_key, query.body), (None, plain.body), "{name}");
        assert!(!format!("{header:?}").contains("K&y"), "{name}");
    }
}

#[test]
fn nothing_is_too_long() {
    let long = "\u{e9}".repeat(5000);
    let key = "%".repeat(5000);
    let access = Access {
        base: BASE,
        key: Key::Query(&key),
    };
    let found = business_units::SEARCH
        .request(&access, &[("query", &[&long])])
        .unwrap();
    let (escaped, key) = ("%C3%A9".repeat(5000), "%25".repeat(5000));
    let expected = format!("{BASE}/business-units/search?query={escaped}&apikey={key}");
    assert!(found.url == expected);
    let logos = resources::LOGOS.request(&access, &[]).unwrap();
    assert!(logos.url == format!("{BASE}/resources/images/logos?apikey={key}"));

    let pairs = [("\u{e9}", ""); 1000];
    let many = api::get(&OPEN, "/a", &pairs).unwrap();
    assert!(many.url == format!("{BASE}/a?{}", vec!["%C3%A9="; 1000].join("&")));
    let skus: Vec<_> = (0..1000).map(|_| "\"").collect();
    let arguments = [("businessUnitId", &[ID][..]), ("skus", &skus)];
    let body = product_reviews::BATCH_SUMMARIES
        .request(&OPEN, &arguments)
        .unwrap()
        .body;
    let body: Value = serde_json::from_str(&body.unwrap()).unwrap();
    assert_eq!(body, json!({ "skus": skus }));
}

#[test]
fn addresses_and_keys_that_cannot_be_used_are_refused() {
    let arguments = [("consumerIds", &[ID][..])];
    type Call<'a> = &'a dyn Fn(&Access<'_>) -> Result<Request, Error>;
    let calls: [Call<'_>; 3] = [
        &|access| resources::LOGOS.request(access, &[]),
        &|access| consumers::PROFILES.request(access, &arguments),
        &|access| api::get(access, "/x", &[]),
    ];
    for call in calls {
        for base in [
            "",
            "/v1",
            "api.example",
            "//api.example",
            "http://api.example",
            "ftp://api.example",
            "javascript:alert(1)",
            "https://",
            "https:api.example",
            "https://a.example/?x",
            "https://a.example/#",
            "https://a.example:65536",
            "https://a b.example",
            "https://a\n.example",
            "http://localhost.evil.example",
        ] {
            let access = Access {
                base,
                key: Key::None,
            };
            assert_eq!(refused(call(&access)), "baseUrl", "{base}");
        }
        for (base, start) in [
            ("https://a.example", "https://a.example/"),
            ("https://a.example/", "https://a.example/"),
            ("https://a.example/b", "https://a.example/b/"),
            ("https://a.example:8443/b/c/", "https://a.example:8443/b/c/"),
            ("http://localhost:1", "http://localhost:1/"),
            ("http://127.0.0.1:1/w/x", "http://127.0.0.1:1/w/x/"),
            ("http://[::1]:1/", "http://[::1]:1/"),
        ] {
            let request = call(&Access {
                base,
                key: Key::None,
            })
            .unwrap();
            assert!(request.url.starts_with(start), "{}", request.url);
            assert!(!request.url[8..].contains("//"), "{}", request.url);
        }
        for key in [
            "",
            " ",
            "a b",
            "é",
            "a\r\nb: c",
            "\"",
            "\\",
            "a\u{0}",
            "a\u{7f}",
        ] {
            for key in [Key::Header(key), Key::Query(key)] {
                assert_eq!(refused(call(&Access { base: BASE, key })), "apiKey");
            }
        }
    }
}

#[test]
fn sb16_the_sandboxes_keys_never_go_to_a_platform() {
    for (base, is_platform) in [
        ("https://api.trustpilot.com/v1", true),
        ("https://api.trustpilot.com", true),
        ("https://API.Trustpilot.COM:443/elsewhere/", true),
        ("https://u@api.trustpilot.com/v1", true),
        ("https://api.trustoo.io/api/v1", true),
        ("https://api.trustoo.io/", true),
        ("https://api.trustpilot.com.example/v1", false),
        ("https://sandbox.example/api.trustpilot.com/v1", false),
        ("http://127.0.0.1:8787/v1", false),
        ("http://localhost/w/test/v1", false),
    ] {
        for key in ["plaudit-demo", "plaudit-demo-key", "plaudit-demoX"] {
            for key in [Key::Header(key), Key::Query(key)] {
                let access = Access { base, key };
                for result in [
                    business_units::FIND.request(&access, &[("domain", &["a.example"])]),
                    consumers::PROFILES.request(&access, &[("consumerIds", &[ID])]),
                    api::get(&access, "/x", &[]),
                ] {
                    assert_eq!(result.is_err(), is_platform, "{base}");
                    if is_platform {
                        assert_eq!(refused(result), "apiKey");
                    }
                }
            }
        }
        for key in [Key::None, Key::Header("demo"), Key::Query("Xplaudit-demo")] {
            assert!(
                resources::LOGOS.request(&Access { base, key }, &[]).is_ok(),
                "{base}"
            );
        }
    }
}

#[test]
fn the_way_out_stays_below_the_base() {
    let key = Key::Query("k");
    let get = |path, query: &[(&str, &str)]| api::get(&Access { base: BASE, key }, path, query);
    for (path, query, rest) in [
        ("/a", &[][..], "/a?apikey=k"),
        ("/a/b-c_d.e~f/1", &[], "/a/b-c_d.e~f/1?apikey=k"),
        ("/a..b/...", &[], "/a..b/...?apikey=k"),
        (
            "/a:b@c;d=e&f,g!$'()*+",
            &[],
            "/a:b@c;d=e&f,g!$'()*+?apikey=k",
        ),
        (
            "/a",
            &[
                ("x", "1"),
                ("x", "2"),
                ("é y", "& =\n#?"),
                ("z", ""),
                ("path", "/b"),
            ],
            "/a?x=1&x=2&%C3%A9+y=%26+%3D%0A%23%3F&z=&path=%2Fb&apikey=k",
        ),
    ] {
        let request = get(path, query).unwrap();
        assert_eq!(request.url, format!("{BASE}{rest}"));
        assert_eq!((request.method, request.body), (Method::Get, None));
    }
    for path in [
        "",
        "a",
        "a/b",
        "//evil.example",
        "///evil.example",
        "/..",
        "/../x",
        "/a/..",
        "/a/../../x",
        "/.",
        "/./a",
        "/a/.",
        "/%2e%2e/x",
        "/%2E%2E",
        "/.%2e/x",
        "/%2e./x",
        "/%2e",
        "/a/%2E/b",
        "/a?b",
        "/a#b",
        "?a",
        "#a",
        "\\evil.example",
        "/\\evil.example",
        "/a\\..\\b",
        "/a b",
        "/a\tb",
        "/.\t./x",
        "/.\n.",
        "\t//evil.example",
        "/a\r\nb",
        "/a\u{0}",
        "/a\u{7f}",
        "/é",
        "/\u{FF0E}\u{FF0E}/x",
        "/a\"b",
        "/<script>",
        "@evil.example",
        ":1@evil.example",
        ".evil.example",
        "https://evil.example/",
    ] {
        assert_eq!(refused(get(path, &[])), "path", "{path:?}");
    }
}

#[test]
fn every_official_request_has_its_endpoint() {
    let official: Value = serde_json::from_str(OFFICIAL).unwrap();
    let faults = official["faults"].as_array().unwrap();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let requests = official["requests"].as_array().unwrap();
    let expected: BTreeMap<_, _> = requests
        .iter()
        .map(|it| {
            let fault = faults.iter().find(|fault| fault["name"] == it["name"]);
            let path = fault.map_or(&it["path"], |fault| &fault["path"]);
            (text(&it["name"]), (text(&it["method"]), text(path)))
        })
        .collect();
    let ours: BTreeMap<_, _> = endpoints(&trustpilot::PLATFORM)
        .map(|(_, it)| {
            let method = format!("{:?}", it.method).to_uppercase();
            (it.official.to_owned(), (method, it.path.to_owned()))
        })
        .collect();
    let missing: Vec<_> = expected
        .iter()
        .filter(|(name, _)| !ours.contains_key(*name))
        .collect();
    let extra: Vec<_> = ours
        .iter()
        .filter(|(name, _)| !expected.contains_key(*name))
        .collect();
    assert!(
        missing.is_empty() && extra.is_empty(),
        "missing {missing:?}, extra {extra:?}"
    );
    assert_eq!(ours, expected);
    assert_eq!((requests.len(), expected.len()), (45, 45));
    assert_eq!(endpoints(&trustpilot::PLATFORM).count(), 45);
    // An exception that is none any more has to go.
    for fault in faults {
        let of = requests
            .iter()
            .find(|it| it["name"] == fault["name"])
            .unwrap();
        assert_ne!(of["path"], fault["path"]);
        assert!(text(&fault["reason"]).len() > 20);
    }
    // Nobody documents Trustoo's.
    assert!(endpoints(&trustoo::PLATFORM).all(|(_, it)| it.official.is_empty()));
}

#[test]
fn endpoints_are_declared_without_contradiction() {
    for platform in PLATFORMS {
        let mut names = BTreeSet::new();
        for (name, endpoint) in endpoints(platform) {
            assert!(names.insert(name.clone()), "{name} is there twice");
            assert!(!endpoint.docs.trim().is_empty());
            let of = |wanted: &str| endpoint.parameters.iter().find(|it| it.name == wanted);
            let in_path: Vec<_> = endpoint
                .path
                .split('{')
                .skip(1)
                .map(|it| it.split_once('}').unwrap().0)
                .collect();
            let first: Vec<_> = endpoint.parameters.iter().map(|it| it.name).collect();
            assert!(first.starts_with(&in_path), "{name}");
            for parameter in &endpoint.parameters[..in_path.len()] {
                let narrow = matches!(parameter.kind, Kind::Id | Kind::Slug | Kind::HalfStars);
                assert!(narrow && parameter.required, "{name}: not for a path");
            }
            let is_post = endpoint.method == Method::Post;
            // CL10: a GET may be sent again; a POST has to say so.
            assert!(is_post || endpoint.cache != Cache::Reads, "{name}");
            assert!(
                !is_post || matches!(endpoint.cache, Cache::Never | Cache::Reads),
                "{name}"
            );

            let fields = match (endpoint.answer)() {
                Type::Object(object) => members(object),
                _ => BTreeMap::new(),
            };
            assert!(
                endpoint.must.is_empty() || fields.contains_key(endpoint.must),
                "{name}"
            );
            let Some(paging) = endpoint.paging else {
                assert!(
                    of("page").is_none() && of("cursor").is_none(),
                    "{name} is not paged"
                );
                continue;
            };
            assert!(
                of(paging.parameter).is_some_and(|it| !it.required),
                "{name}"
            );
            assert!(matches!(fields[paging.items], Type::List(_)), "{name}");
            assert_eq!(paging.items, endpoint.must, "{name}");
            assert!(
                paging.next.is_empty() || fields.contains_key(paging.next),
                "{name}"
            );
            let most = match of("perPage").map(|it| (it.name, it.kind)) {
                None => ("", 0),
                Some((name, Kind::PerPage)) => (name, 100),
                Some((name, Kind::PerLargePage)) => (name, 1000),
                other => panic!("{name}: {other:?}"),
            };
            assert_eq!((paging.per_page, paging.most), most, "{name}");
        }
    }
}

/// The members of an object by their names at the platform.
fn members(object: &'static Object) -> BTreeMap<String, Type> {
    let fields = object.fields.iter();
    fields.map(|it| (it.wire(object), (it.of)())).collect()
}

#[test]
fn the_common_view_looks_where_something_is() {
    for platform in PLATFORMS {
        let mut known = BTreeSet::new();
        for (_, endpoint) in endpoints(platform) {
            let found = (endpoint.answer)();
            collect(found, "", &mut known, 0);
        }
        let both = platform.rating.iter().chain(platform.review);
        let mut count = 0;
        for path in both.flat_map(|(_, paths)| paths.split(['|', ','])) {
            count += 1;
            assert!(known.contains(path), "{} {path}", platform.id);
        }
        assert!(count >= 10, "{count}");
    }
}

/// Every path of names below an object, from wherever an object begins.
fn collect(of: Type, path: &str, into: &mut BTreeSet<String>, depth: u8) {
    match of {
        Type::List(item) | Type::Map(item) if depth < 4 => collect(item(), "", into, depth + 1),
        Type::Object(object) if depth < 4 => {
            for (name, of) in members(object) {
                let dot = if path.is_empty() { "" } else { "." };
                let path = format!("{path}{dot}{name}");
                collect(of, &path, into, depth + 1);
                into.insert(path);
            }
        }
        _ => {}
    }
}

/// A type as text, down to its members.
fn told(of: Type) -> String {
    match of {
        Type::Text => "text".into(),
        Type::Number => "number".into(),
        Type::Flag => "flag".into(),
        Type::Date => "date".into(),
        Type::Url => "url".into(),
        Type::Any => "any".into(),
        Type::List(item) => format!("[{}]", told(item())),
        Type::Map(member) => format!("{{*: {}}}", told(member())),
        Type::Object(object) => {
            let all: Vec<_> = members(object)
                .into_iter()
                .map(|(name, of)| format!("{name}: {}", told(of)))
                .collect();
            format!("{} {{{}}}", object.name, all.join(", "))
        }
    }
}

#[test]
fn every_endpoint_has_a_reader() {
    for platform in PLATFORMS {
        let expected: BTreeMap<_, _> = endpoints(platform)
            .map(|(name, it)| (name, told((it.answer)())))
            .collect();
        let ours = READERS.iter().filter(|it| it.platform == platform.id);
        let ours: BTreeMap<_, _> = ours
            .map(|it| (it.endpoint.to_owned(), told((it.describe)())))
            .collect();
        assert_eq!(ours, expected);
    }
    assert_eq!(READERS.len(), 47);
}

/// A value of this type as the platform may send it, and as it comes out.
fn sample(of: Type, depth: u8) -> (Value, Value) {
    match of {
        Type::Text => (json!("t\u{e9}xt"), json!("t\u{e9}xt")),
        Type::Number => (json!("12"), json!(12)),
        Type::Flag => (json!(true), json!(true)),
        Type::Date => (
            json!("2013-09-07 13:37:00"),
            json!("2013-09-07T13:37:00.000Z"),
        ),
        Type::Url => (json!("//a.example"), json!("https://a.example")),
        Type::Any => (json!({ "a": ["1", null] }), json!({ "a": ["1", null] })),
        Type::List(item) => {
            let (sent, read) = sample(item(), depth + 1);
            (json!([sent, null]), json!([read]))
        }
        Type::Map(member) => {
            let (sent, read) = sample(member(), depth + 1);
            (json!({ "a b": sent, "gone": null }), json!({ "a b": read }))
        }
        Type::Object(object) => {
            assert!(depth < 16, "{} holds itself", object.name);
            let (mut sent, mut read) = (Map::new(), Map::new());
            for (name, of) in members(object) {
                let (a, b) = sample(of, depth + 1);
                sent.insert(name.clone(), a);
                read.insert(name, b);
            }
            for unknown in ["unheardOf", "unheard_of"] {
                sent.insert(unknown.into(), json!("7"));
                read.insert(unknown.into(), json!("7"));
            }
            (sent.into(), read.into())
        }
    }
}

fn read(reader: &Reader, value: &Value) -> Value {
    let name = reader.endpoint;
    (reader.read)(value.clone()).unwrap_or_else(|error| panic!("{name}: {error} in {value}"))
}

#[test]
fn every_answer_is_read_full_null_and_empty() {
    for reader in READERS {
        let (sent, expected) = sample((reader.describe)(), 0);
        assert_same(&read(reader, &sent), &expected, reader.endpoint);
        // What was read is read again as what it is.
        assert_same(&read(reader, &expected), &expected, reader.endpoint);

        let Value::Object(sent) = sent else {
            assert_eq!(read(reader, &json!([])), json!([]));
            assert_eq!(read(reader, &json!([null, {}])), json!([{}]));
            continue;
        };
        assert_eq!(read(reader, &json!({})), json!({}));
        for name in sent.keys() {
            let mut without = sent.clone();
            without.insert(name.clone(), Value::Null);
            let mut expected = expected.clone();
            expected.as_object_mut().unwrap().remove(name);
            assert_same(&read(reader, &without.into()), &expected, name);
        }
        let nulls: Map<_, _> = sent.keys().map(|it| (it.clone(), Value::Null)).collect();
        assert_same(&read(reader, &nulls.into()), &json!({}), reader.endpoint);
    }
}

#[test]
fn a_member_of_another_type_is_an_error_that_says_so() {
    let mut count = 0;
    for reader in READERS {
        let Type::Object(object) = (reader.describe)() else {
            continue;
        };
        for (name, of) in members(object) {
            let wrong: &[Value] = match of {
                Type::Any => continue,
                Type::Flag => &[json!("true"), json!(1), json!({}), json!([])],
                Type::Text | Type::Date | Type::Url => {
                    &[json!(1), json!(true), json!([]), json!({})]
                }
                Type::Number => &[
                    json!("many"),
                    json!(""),
                    json!(" 1"),
                    json!("1,5"),
                    json!("0x1"),
                    json!("1e3"),
                    json!("."),
                    json!("-"),
                    json!("+1"),
                    json!("\u{661}"),
                    json!(true),
                    json!([]),
                    json!({}),
                ],
                Type::List(_) => &[json!("a"), json!({}), json!(1)],
                Type::Map(_) | Type::Object(_) => &[json!("a"), json!([]), json!(1)],
            };
            for wrong in wrong {
                let error = (reader.read)(json!({ name.as_str(): wrong })).unwrap_err();
                assert!(error.is_data(), "{} {name} {error}", reader.endpoint);
                count += 1;
            }
        }
    }
    assert!(count > 400, "{count}");
    for reader in READERS {
        for root in [
            json!(null),
            json!(1),
            json!("a"),
            json!(true),
            json!([1]),
            json!([[]]),
        ] {
            assert!((reader.read)(root).is_err(), "{}", reader.endpoint);
        }
    }
}

/// Without members and items that are null, and with all numbers of one kind.
fn plain(value: &Value) -> Value {
    match value {
        Value::Array(items) => {
            let items = items.iter().filter(|it| !it.is_null());
            items.map(plain).collect()
        }
        Value::Object(members) => {
            let members = members.iter().filter(|(_, it)| !it.is_null());
            members
                .map(|(name, it)| (name.clone(), plain(it)))
                .collect()
        }
        Value::Number(number) => json!(number.as_f64()),
        other => other.clone(),
    }
}

#[track_caller]
fn assert_same(got: &Value, expected: &Value, what: &str) {
    assert_eq!(plain(got), plain(expected), "{what}");
}

#[test]
fn answer_vectors() {
    let vectors: Value = serde_json::from_str(ANSWERS).unwrap();
    let cases = vectors["cases"].as_array().unwrap();
    let mut ids = BTreeSet::new();
    let mut covered = BTreeSet::new();
    let (mut ratings, mut reviews) = (0, 0);
    for case in cases {
        let text = |name: &str| case[name].as_str().unwrap();
        let (id, from, endpoint) = (text("id"), platform(text("platform")), text("endpoint"));
        assert!(ids.insert(id), "{id} is there twice");
        let is_it = |it: &&Reader| it.platform == from.id && it.endpoint == endpoint;
        let reader = READERS.iter().find(is_it).expect(id);
        let sent: Value = match case["answerText"].as_str() {
            Some(text) => serde_json::from_str(text).expect(id),
            None => case["answer"].clone(),
        };
        let data = match opened(from, &sent) {
            Ok(data) => data,
            Err(code) => {
                assert_eq!(case["error"], code.as_str(), "{id}");
                continue;
            }
        };
        assert_eq!(case.get("error"), None, "{id}");
        covered.insert((from.id, endpoint));
        let got = read(reader, data);
        assert_same(&got, case.get("read").unwrap_or(&sent), id);
        for view in case["common"].as_array().into_iter().flatten() {
            let path = view["at"].as_str().unwrap();
            let part = got.pointer(&pointer(path)).expect(id);
            if let Some(expected) = view.get("rating") {
                ratings += 1;
                let rating = serde_json::to_value(Rating::of(from, part)).unwrap();
                assert_same(&rating, expected, id);
            } else {
                reviews += 1;
                let review = serde_json::to_value(Review::of(from, part)).unwrap();
                assert_same(&review, &view["review"], id);
            }
        }
    }
    let missing: Vec<_> = READERS
        .iter()
        .filter(|it| !covered.contains(&(it.platform, it.endpoint)))
        .map(|it| it.endpoint)
        .collect();
    assert_eq!(missing, [""; 0]);
    assert!(cases.len() >= 110 && ratings >= 15 && reviews >= 20);
}

/// `a.0.b` as a JSON Pointer (RFC 6901), and the root for nothing.
fn pointer(path: &str) -> String {
    let parts = path.split('.').filter(|it| !it.is_empty());
    parts.map(|part| format!("/{part}")).collect()
}

/// What lies in an envelope, for platforms that have one.
fn opened<'a>(platform: &api::Platform, sent: &'a Value) -> Result<&'a Value, Code> {
    let Some(codes) = platform.envelope else {
        return Ok(sent);
    };
    let code = &sent["code"];
    let number = code
        .as_str()
        .map_or(code.as_u64(), |text| text.parse().ok());
    match number.expect("a number") {
        0 => Ok(&sent["data"]),
        number => {
            let known = codes.iter().find(|it| u64::from(it.0) == number);
            Err(known.map_or(Code::BadRequest, |it| it.1))
        }
    }
}

#[test]
fn answers_are_read_from_text_by_serde_too() {
    let text = format!(
        r#"{{"id":"{ID}","stars":"4","createdAt":"2013-09-07T13:37:00","status":"new","x":[1]}}"#
    );
    let review: reviews::Review = serde_json::from_str(&text).unwrap();
    assert_eq!(review.stars, Some(4));
    assert_eq!(
        review.created_at.as_ref().unwrap().0,
        "2013-09-07T13:37:00.000Z"
    );
    assert_eq!(review.title, None);
    assert_eq!(review.other["x"], json!([1]));
    let view = Review::of(&trustpilot::PLATFORM, &review);
    assert_eq!(view.id.as_deref(), Some(ID));
    assert_eq!(view.created_at.as_deref(), Some("2013-09-07T13:37:00.000Z"));
    let unit: business_units::BusinessUnit =
        serde_json::from_str(r#"{"displayName":"A","score":{"trustScore":"4.6"}}"#).unwrap();
    let rating = Rating::of(&trustpilot::PLATFORM, &unit);
    assert_eq!((rating.value, rating.stars), (Some(4.6), Some(4.5)));
    assert_eq!(
        (rating.provider, rating.name.as_deref()),
        ("trustpilot", Some("A"))
    );
}

#[test]
fn cl29_what_stands_before_the_options_is_no_option() {
    let access = Access {
        base: "https://a.example/v1",
        key: Key::None,
    };
    let twice: &[(&str, &[&str])] = &[("domain", &["a.example"]), ("domain", &["b.example"])];
    let error = business_units::FIND.request(&access, twice).unwrap_err();
    assert_eq!(error.code(), Code::InvalidArgument);
    assert_eq!(error.subject(), "domain");
}

#[test]
fn what_is_posted_has_a_body() {
    // A request is told by its body to be a POST.
    for endpoint in PLATFORMS
        .iter()
        .flat_map(|it| it.endpoints)
        .copied()
        .flatten()
    {
        let inside = endpoint.path.matches('{').count();
        let body = endpoint.parameters.get(inside..).unwrap_or_default();
        let is_posted = endpoint.method == Method::Post;
        assert!(
            !is_posted || body.iter().any(|it| it.required),
            "{}",
            endpoint.name
        );
    }
}
