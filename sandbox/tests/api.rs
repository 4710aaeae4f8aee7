//! Every endpoint: its example, its parameters, its pages; what the data holds: SB3, SB4, SB14.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

mod common;

use std::collections::{BTreeMap, BTreeSet};

use common::{KEY, Tester, json};
use plaudit_sandbox::Plan;
use serde_json::Value;

/// The requests of Trustpilot's official collection without those for tokens.
const OFFICIAL: [&str; 70] = [
    "Business Signup API/Gets domain availability",
    "Business Units API (public)/Find a business unit",
    "Business Units API (public)/Get a list of all business units",
    "Business Units API (public)/Get company promotion box of business unit",
    "Business Units API (public)/Get customer guarantee of business unit",
    "Business Units API (public)/Get profile promotion of business unit",
    "Business Units API (public)/Get public business unit",
    "Business Units API/Get a business unit's reviews (paginate)",
    "Business Units API/Get a business unit's reviews",
    "Business Units API/Get a business unit's web links",
    "Business Units API/Get business unit company header",
    "Business Units API/Get business unit company logo",
    "Business Units API/Get business unit company promotion box",
    "Business Units API/Get images of business unit",
    "Business Units API/Get profile info of business unit",
    "Business Units API/List categories for business unit",
    "Business Units API/Search for business units",
    "Categories API/Get category",
    "Categories API/List business units in category",
    "Categories API/List categories",
    "Consumer API/Get a consumer's reviews",
    "Consumer Profile API/Create a valid consumer display name",
    "Consumer Profile API/Get a list of consumer profiles",
    "Consumer Profile API/Get the profile of the consumer(reviews+weblinks)",
    "Consumer Profile API/Get the profile of the consumer",
    "Consumer Profile API/Get the profile web links of the consumer",
    "Consumer Profile API/Validate consumer display name",
    "Product Reviews API/Get batch product reviews summaries",
    "Product Reviews API/Get imported product reviews summary",
    "Product Reviews API/Get imported product reviews",
    "Product Reviews API/Get product reviews summary",
    "Product Reviews API/Get product reviews",
    "Product Reviews API/Get public batch aggregated attribute rating",
    "Product Reviews API/Get public conversation",
    "Resources API/Contains navigational links to all image resources",
    "Resources API/Get Trustpilot supported locales",
    "Resources API/Get all countries known to Trustpilot",
    "Resources API/Get the Trustpilot icon images",
    "Resources API/Get the Trustpilot logo images",
    "Resources API/Get the star image resources",
    "Resources API/Get the string representation of the stars",
    "Service Reviews API/Get a review's likes",
    "Service Reviews API/Get a review's web links",
    "Service Reviews API/Get a review",
    "Service Reviews API/Get latest reviews by language",
    "Business Units API/Business unit private reviews",
    "Invitation API/Create invitations (private)",
    "Invitation API/Delete invitation data (private)",
    "Invitation API/Generate service review invitation link (private)",
    "Invitation API/Get list of invitation templates (private)",
    "Private Products API/Batch upsert products",
    "Private Products API/Get products",
    "Product Reviews API/Create comment",
    "Product Reviews API/Create product review conversation",
    "Product Reviews API/Create product review invitation link",
    "Product Reviews API/Get comment",
    "Product Reviews API/Get conversation",
    "Product Reviews API/Get private product review",
    "Product Reviews API/Get private product reviews",
    "Product Reviews API/Get product reviews summaries list",
    "Product Reviews API/Set conversation state",
    "Product Reviews API/Update comment",
    "Service Reviews API/Add tags to a review",
    "Service Reviews API/Create Find Reviewer request for a review",
    "Service Reviews API/Delete a reply to a review",
    "Service Reviews API/Get list of tags for a review",
    "Service Reviews API/Get private review",
    "Service Reviews API/Remove a tag from a review",
    "Service Reviews API/Reply to a review",
    "Service Reviews API/Set tags on review",
];

impl Tester {
    /// A GET with the key.
    fn read(&mut self, target: &str) -> (u16, Value) {
        let plan = self.send("GET", target, &[("apikey", KEY)], "");
        (plan.status.as_u16(), json(&plan))
    }

    fn ok(&mut self, target: &str) -> Value {
        let (status, body) = self.read(target);
        assert_eq!(status, 200, "{target}: {body}");
        body
    }

    fn refused(&mut self, target: &str) -> u16 {
        let (status, body) = self.read(target);
        assert_eq!(body["ErrorCode"], status.to_string(), "{target}: {body}");
        assert!(!body["Error"].as_str().unwrap().is_empty());
        status
    }

    fn unit(&mut self, domain: &str) -> Value {
        self.ok(&format!("/v1/business-units/find?name={domain}"))
    }

    fn id(&mut self, domain: &str) -> String {
        self.unit(domain)["id"].as_str().unwrap().to_owned()
    }

    /// Every item of a walk over next-page links.
    fn walk(&mut self, target: &str, member: &str) -> Vec<Value> {
        let mut items = Vec::new();
        let mut next = Some(target.to_owned());
        while let Some(target) = next {
            let page = self.ok(&target);
            let some = page[member].as_array().unwrap();
            assert!(!some.is_empty() || items.is_empty(), "{target}");
            items.extend(some.iter().cloned());
            let links = page["links"].as_array().unwrap();
            next = links
                .iter()
                .find(|link| link["rel"] == "next-page")
                .map(|link| {
                    let address = link["href"].as_str().unwrap();
                    assert!(!address.contains("apikey"), "{address}");
                    address
                        .strip_prefix("http://127.0.0.1:4700")
                        .unwrap()
                        .to_owned()
                });
        }
        items
    }
}

fn ids(items: &[Value]) -> BTreeSet<String> {
    items
        .iter()
        .map(|item| item["id"].as_str().unwrap().to_owned())
        .collect()
}

fn hex(id: &Value) -> bool {
    let id = id.as_str().unwrap();
    id.len() == 24 && id.bytes().all(|byte| byte.is_ascii_hexdigit())
}

fn api_routes(tester: &mut Tester) -> Vec<Value> {
    let routes = tester.control("GET", "routes", "");
    let routes = routes["routes"].as_array().unwrap().iter();
    routes
        .filter(|route| route["area"] == "api")
        // What names what was made before has none.
        .filter(|route| route["example"] != "")
        .cloned()
        .collect()
}

#[test]
fn sb14_every_official_request_has_its_route() {
    let mut tester = Tester::new();
    let routes = api_routes(&mut tester);
    let names: Vec<_> = routes
        .iter()
        .filter_map(|route| route["official"].as_str())
        .collect();
    let mut missing: BTreeSet<_> = OFFICIAL.into_iter().collect();
    for name in &names {
        assert!(
            missing.remove(name),
            "{name} is there twice, or is not official"
        );
    }
    assert!(missing.is_empty(), "{missing:?}");
}

#[test]
fn every_endpoint_answers_its_example_and_checks_its_key() {
    let mut tester = Tester::new();
    let demo = tester.bearer(KEY, &[]);
    let partner = tester.bearer(plaudit_sandbox::DEMO_PARTNER_CLIENT, &[]);
    for route in api_routes(&mut tester) {
        let (method, target) = (
            route["method"].as_str().unwrap(),
            route["example"].as_str().unwrap(),
        );
        let body = route["example_body"].as_str().unwrap_or_default();
        let what = format!("{method} {target}");
        let access = route["access"].as_str().unwrap();
        let bearer = match access {
            "signed" => tester.shop_bearer(""),
            _ if target.contains("/partners/") => partner.clone(),
            _ => demo.clone(),
        };
        let kind = ("content-type", "application/json; charset=utf-8");
        let plain = tester.send(method, target, &[kind], body);
        let with_key = tester.send(method, target, &[kind, ("apikey", KEY)], body);
        let with_token = tester.send(method, target, &[kind, ("authorization", &bearer)], body);
        // A success may have another status than 200.
        let status = |plan: &Plan| match plan.status.as_u16() {
            200..300 => 200,
            other => other,
        };
        let statuses = [&plain, &with_key, &with_token].map(status);
        let expected = match access {
            "key" => [401, 200, 200],
            "bearer" => [401, 401, 200],
            _ => [200, 200, 200],
        };
        assert_eq!(statuses, expected, "{what}: {}", with_token.text());
        let answer = match with_token.chunks.is_empty() {
            true => Value::Null,
            false => json(&with_token),
        };
        assert!(
            answer.is_object() || (method != "GET" && answer.is_null()),
            "{what}"
        );
        if access == "signed" {
            assert_eq!(
                (&json(&plain)["code"], &answer["code"]),
                (&16.into(), &0.into())
            );
        }
        // The query names of the example are known ones.
        if let Some((_, query)) = target.split_once('?') {
            for (name, _) in form_urlencoded::parse(query.as_bytes()) {
                let known = route["query"].as_array().unwrap();
                assert!(known.iter().any(|known| *known == *name), "{what}: {name}");
            }
        }
        if !body.is_empty() {
            let send = |tester: &mut Tester, kind: &str, body: &str| {
                let mut headers = vec![("content-type", kind), ("authorization", &bearer)];
                if access == "key" {
                    headers[1] = ("apikey", KEY);
                }
                let plan = tester.send(method, target, &headers, body);
                // Trustoo's envelope: 3 is an invalid argument.
                match (access, json(&plan)["code"].as_u64()) {
                    ("signed", Some(3)) if kind == "application/json" => 400,
                    ("signed", Some(3)) => 415,
                    _ => plan.status.as_u16(),
                }
            };
            assert_eq!(send(&mut tester, "application/json", "{"), 400, "{what}");
            assert_eq!(send(&mut tester, "application/json", "[]"), 400, "{what}");
            // Of these every member may be missing.
            let all_optional = ["find-reviewer", "/invitation-links"]
                .iter()
                .any(|end| target.ends_with(end) && !target.contains("product-reviews"));
            let nothing = send(&mut tester, "application/json", "{}");
            assert!(nothing == 400 || all_optional, "{what}: {nothing}");
            assert_eq!(
                send(&mut tester, "application/x-www-form-urlencoded", body),
                415,
                "{what}"
            );
            assert_eq!(tester.send("PATCH", target, &[], "").status, 405, "{what}");
        }
    }
}

#[test]
fn sb3_the_same_requests_give_the_same_bytes() {
    let transcript = |seed: u64| {
        let mut tester = Tester::seeded(seed);
        let routes = api_routes(&mut tester);
        let mut text = String::new();
        for route in routes {
            let headers = [("content-type", "application/json"), ("apikey", KEY)];
            let body = route["example_body"].as_str().unwrap_or_default();
            let (method, target) = (
                route["method"].as_str().unwrap(),
                route["example"].as_str().unwrap(),
            );
            text.push_str(&tester.send(method, target, &headers, body).text());
        }
        text
    };
    assert!(transcript(1) == transcript(1));
    assert!(transcript(1) != transcript(2));
}

#[test]
fn every_parameter_is_checked() {
    let mut tester = Tester::new();
    let id = tester.id("example.com");
    let review = tester.ok(&format!("/v1/business-units/{id}/reviews?perPage=1"));
    let review = review["reviews"][0].clone();
    let consumer = review["consumer"]["id"].as_str().unwrap().to_owned();
    let review = review["id"].as_str().unwrap().to_owned();
    let unit = format!("/v1/business-units/{id}");
    for target in [
        "/v1/business-units/find".to_owned(),
        "/v1/business-units/find?name=".to_owned(),
        "/v1/business-units/all?perPage=1001".to_owned(),
        "/v1/business-units/all?country=dk".to_owned(),
        "/v1/business-units/all?cursor=x".to_owned(),
        "/v1/business-units/search".to_owned(),
        "/v1/business-units/search?query=%20".to_owned(),
        "/v1/business-units/search?query=a&perpage=101".to_owned(),
        "/v1/business-units/search?query=a&page=0".to_owned(),
        format!("{unit}/web-links"),
        format!("{unit}/web-links?locale=english"),
        format!("{unit}/categories?locale=en_US"),
        format!("{unit}/reviews?stars=0"),
        format!("{unit}/reviews?stars=1,6"),
        format!("{unit}/reviews?perPage=101"),
        format!("{unit}/reviews?perPage=0"),
        format!("{unit}/reviews?page=2147483648"),
        format!("{unit}/reviews?page=-1"),
        format!("{unit}/reviews?orderBy=stars"),
        format!("{unit}/reviews?language=english"),
        format!("{unit}/reviews?responded=yes"),
        format!("{unit}/reviews?includeReportedReviews=1"),
        format!("{unit}/all-reviews?pageToken=x"),
        format!("{unit}/all-reviews?pageToken={id}"),
        "/v1/categories?locale=x".to_owned(),
        "/v1/categories/pet_store".to_owned(),
        "/v1/categories/pet_store?country=Denmark".to_owned(),
        "/v1/categories/pet_store/business-units".to_owned(),
        format!("/v1/consumers/{consumer}/reviews?perPage=101"),
        format!("/v1/consumers/{consumer}/web-links?locale=x"),
        "/v1/reviews/latest?language=en".to_owned(),
        "/v1/reviews/latest?count=5".to_owned(),
        "/v1/reviews/latest?count=x&language=en".to_owned(),
        "/v1/reviews/latest?count=101&language=en".to_owned(),
        format!("/v1/reviews/{review}/web-links"),
        "/v1/resources/strings/stars/4?locale=x".to_owned(),
        "/v1/resources/metadata/locales?translationLocale=x".to_owned(),
        "/v1/business-signup/domain-availability".to_owned(),
        "/v1/business-signup/domain-availability?domain=x".to_owned(),
    ] {
        assert_eq!(tester.refused(&target), 400, "{target}");
    }
    for target in [
        "/v1/business-units/find?name=nobody.example".to_owned(),
        "/v1/business-units/x".to_owned(),
        format!("/v1/business-units/{review}"),
        format!("/v1/business-units/{consumer}/reviews"),
        format!("{unit}/images/logo?locationId={id}"),
        "/v1/categories/none?country=DK".to_owned(),
        "/v1/categories?parentId=none".to_owned(),
        format!("/v1/consumers/{id}"),
        format!("/v1/reviews/{id}"),
        "/v1/resources/images/stars/6".to_owned(),
        "/v1/resources/images/stars/0.5".to_owned(),
        "/v1/resources/images/stars/4.2".to_owned(),
        "/v1/resources/strings/stars/x".to_owned(),
    ] {
        assert_eq!(tester.refused(&target), 404, "{target}");
    }
}

#[test]
fn sb4_counts_equal_what_a_walk_gives() {
    let mut tester = Tester::new();
    for domain in [
        "example.com",
        "books.example",
        "coffee.example",
        "new-shop.example",
        "willow-gym.example",
    ] {
        let unit = tester.unit(domain);
        let path = format!(
            "/v1/business-units/{}/reviews",
            unit["id"].as_str().unwrap()
        );
        let reviews = tester.walk(&format!("{path}?perPage=100"), "reviews");
        let numbers = &unit["numberOfReviews"];
        assert_eq!(ids(&reviews).len() as u64, numbers["total"], "{domain}");
        assert_eq!(reviews.len() as u64, numbers["total"], "{domain}");
        for (stars, name) in (1..).zip([
            "oneStar",
            "twoStars",
            "threeStars",
            "fourStars",
            "fiveStars",
        ]) {
            let walked = reviews
                .iter()
                .filter(|review| review["stars"] == stars)
                .count();
            assert_eq!(walked as u64, numbers[name], "{domain} {name}");
            let filtered = tester.walk(&format!("{path}?stars={stars}&perPage=7"), "reviews");
            assert!(filtered.iter().all(|review| review["stars"] == stars));
            assert_eq!(ids(&filtered).len(), walked, "{domain} {name}");
        }
        let used = reviews
            .iter()
            .filter(|review| review["countsTowardsTrustScore"] == true)
            .count();
        assert_eq!(
            used as u64, numbers["usedForTrustScoreCalculation"],
            "{domain}"
        );
        let dates: Vec<_> = reviews
            .iter()
            .map(|review| review["createdAt"].as_str().unwrap())
            .collect();
        assert!(dates.is_sorted_by(|newer, older| newer > older), "{domain}");
    }
    let sum: u64 = [
        "trustpilot.com",
        "example.com",
        "books.example",
        "coffee.example",
        "bikes.example",
        "new-shop.example",
        "big.example",
    ]
    .map(|domain| {
        tester.unit(domain)["numberOfReviews"]["total"]
            .as_u64()
            .unwrap()
    })
    .iter()
    .sum();
    assert_eq!(sum, 1_204 + 137 + 412 + 58 + 903 + 250_000);
    let score = tester.unit("trustpilot.com")["score"].clone();
    assert_eq!(
        (score["trustScore"].as_f64(), score["stars"].as_f64()),
        (Some(4.3), Some(4.5))
    );
}

#[test]
fn filters_and_orders_of_reviews() {
    let mut tester = Tester::new();
    let id = tester.id("books.example");
    let path = format!("/v1/business-units/{id}/reviews?perPage=50");
    let all = tester.walk(&path, "reviews");
    let walked =
        |tester: &mut Tester, query: &str| tester.walk(&format!("{path}&{query}"), "reviews");
    let count =
        |wanted: &dyn Fn(&Value) -> bool| all.iter().filter(|review| wanted(review)).count();

    let danish = walked(&mut tester, "language=da,fr&stars=5&stars=4");
    let expected = count(&|review| {
        (review["language"] == "da" || review["language"] == "fr")
            && review["stars"].as_u64() > Some(3)
    });
    assert!(expected > 0 && danish.len() == expected);
    for (responded, wanted) in [("true", true), ("false", false)] {
        let some = walked(&mut tester, &format!("responded={responded}"));
        assert_eq!(
            some.len(),
            count(&|review| review["companyReply"].is_null() != wanted)
        );
    }
    let shop = all
        .iter()
        .find(|review| !review["location"].is_null())
        .unwrap()["location"]["id"]
        .clone();
    let there = walked(
        &mut tester,
        &format!("internalLocationId={}", shop.as_str().unwrap()),
    );
    assert_eq!(
        there.len(),
        count(&|review| review["location"]["id"] == shop)
    );
    let tagged = walked(
        &mut tester,
        "tagGroup=Department&tagValue=Store+%26+caf%C3%A9",
    );
    assert!(!tagged.is_empty() && tagged.len() < walked(&mut tester, "tagGroup=Department").len());
    assert!(walked(&mut tester, "tagGroup=None").is_empty());

    let reported = walked(&mut tester, "includeReportedReviews=true");
    let more: Vec<_> = reported
        .iter()
        .filter(|review| review["status"] == "reported")
        .collect();
    assert!(reported.len() == all.len() + more.len() && more.len() > 5);
    assert!(
        more.iter()
            .all(|review| review["reportData"]["reasons"].is_array())
    );
    assert!(
        all.iter()
            .all(|review| review["reportData"].is_null() && review["status"] == "active")
    );

    let oldest = walked(&mut tester, "orderBy=createdat.asc");
    assert!(oldest.iter().rev().eq(&all));
    for (order, sorted) in [("stars.asc", 1), ("stars.desc", -1)] {
        let walk = walked(&mut tester, &format!("orderBy={order}"));
        assert!(walk.is_sorted_by_key(|review| review["stars"].as_i64().unwrap() * sorted));
        assert_eq!(ids(&walk), ids(&all));
    }
    let both = walked(&mut tester, "orderBy=stars.desc,createdat.asc");
    assert!(both.windows(2).all(|pair| {
        pair[0]["stars"] != pair[1]["stars"]
            || pair[0]["createdAt"].as_str() < pair[1]["createdAt"].as_str()
    }));

    let first = tester.ok(&format!("/v1/business-units/{id}/reviews"));
    assert_eq!(first["reviews"].as_array().unwrap().len(), 20);
    let link = first["links"][0]["href"].as_str().unwrap();
    assert!(
        link.ends_with(
            "/reviews?page=2&perPage=20&orderBy=createdat.desc&includeReportedReviews=false"
        ),
        "{link}"
    );
    let past = tester.ok(&format!("{path}&page=2147483647"));
    assert_eq!(past, serde_json::json!({ "links": [], "reviews": [] }));
}

#[test]
fn sb4_a_quarter_of_a_million_reviews() {
    let mut tester = Tester::new();
    let unit = tester.unit("big.example");
    assert_eq!(unit["numberOfReviews"]["total"], 250_000);
    let path = format!("/v1/business-units/{}", unit["id"].as_str().unwrap());
    let last = tester.ok(&format!("{path}/reviews?page=1000&perPage=100"));
    assert_eq!(last["reviews"].as_array().unwrap().len(), 100);
    assert_eq!(last["links"][0]["rel"], "next-page");
    for page in ["page=1001&perPage=100", "page=5001", "page=2147483647"] {
        assert_eq!(
            tester.refused(&format!("{path}/reviews?{page}")),
            400,
            "{page}"
        );
    }
    tester.config(r#"{"past_reach":"empty"}"#);
    let past = tester.ok(&format!("{path}/reviews?page=1001&perPage=100"));
    assert_eq!(past["reviews"].as_array().unwrap().len(), 0);

    let mut seen = BTreeSet::new();
    let mut token = String::new();
    for _ in 0..40 {
        let answer = tester.ok(&format!("{path}/all-reviews?pageToken={token}"));
        let reviews = answer["reviews"].as_array().unwrap();
        assert_eq!(reviews.len(), 100);
        seen.extend(ids(reviews));
        token = answer["nextPageToken"].as_str().unwrap().to_owned();
    }
    assert_eq!(seen.len(), 4_000);
}

#[test]
fn all_reviews_ends_with_null() {
    let mut tester = Tester::new();
    let id = tester.id("books.example");
    let mut reviews = Vec::new();
    let mut token = Some(String::new());
    while let Some(given) = token {
        let page = tester.ok(&format!(
            "/v1/business-units/{id}/all-reviews?pageToken={given}"
        ));
        reviews.extend(page["reviews"].as_array().unwrap().iter().cloned());
        token = page["nextPageToken"].as_str().map(str::to_owned);
    }
    let walked = tester.walk(
        &format!("/v1/business-units/{id}/reviews?perPage=100"),
        "reviews",
    );
    assert_eq!(reviews, walked);
    // A token of one business opens no other.
    let first = tester.ok(&format!("/v1/business-units/{id}/all-reviews"));
    let other = tester.id("bikes.example");
    let token = first["nextPageToken"].as_str().unwrap();
    assert_eq!(
        tester.refused(&format!(
            "/v1/business-units/{other}/all-reviews?pageToken={token}"
        )),
        400
    );
}

#[test]
fn every_business_is_listed_once() {
    let mut tester = Tester::new();
    for (query, per_page) in [("", 1_000), ("country=DK,DE&perPage=60&", 60)] {
        let mut seen = BTreeSet::new();
        let mut count = 0;
        let mut cursor = String::new();
        loop {
            let page = tester.ok(&format!("/v1/business-units/all?{query}cursor={cursor}"));
            let units = page["businessUnits"].as_array().unwrap();
            assert!(units.len() <= per_page && !units.is_empty());
            assert!(units.iter().all(|unit| {
                query.is_empty() || unit["country"] == "DK" || unit["country"] == "DE"
            }));
            count += units.len();
            seen.extend(ids(units));
            match page["cursor"].as_str() {
                Some(next) => cursor = next.to_owned(),
                None => break,
            }
        }
        assert_eq!(seen.len(), count);
        assert_eq!(query.is_empty(), count == 5_007, "{query} {count}");
    }
    let some = tester.ok("/v1/business-units/search?query=LAMPS&perpage=100");
    assert_eq!(some["businessUnits"].as_array().unwrap().len(), 100);
    let cafe = tester.ok("/v1/business-units/search?query=s%C3%B8n");
    assert_eq!(
        cafe["businessUnits"][0]["name"]["identifying"],
        "coffee.example"
    );
    let mut found = BTreeSet::new();
    for page in 1.. {
        let page = tester.ok(&format!(
            "/v1/business-units/search?query=amber&country=GB,DK&perpage=2&page={page}"
        ));
        let units = page["businessUnits"].as_array().unwrap();
        let before = found.len();
        found.extend(ids(units));
        assert_eq!(found.len(), before + units.len());
        if units.len() < 2 {
            break;
        }
    }
    assert!(found.len() > 1);
}

#[test]
fn categories_hang_together() {
    let mut tester = Tester::new();
    let all = tester.ok("/v1/categories?locale=da-DK&country=DK");
    let all = all["categories"].as_array().unwrap();
    let known: BTreeSet<_> = all
        .iter()
        .map(|one| one["categoryId"].as_str().unwrap())
        .collect();
    let mut tops = 0;
    for category in all {
        match category["parentId"].as_str() {
            None => tops += 1,
            Some(parent) => assert!(known.contains(parent)),
        }
        let id = category["categoryId"].as_str().unwrap();
        let one = tester.ok(&format!("/v1/categories/{id}?country=DK&locale=da-DK"));
        assert_eq!(one["displayName"], category["displayName"]);
        let below = tester.ok(&format!("/v1/categories?parentId={id}&locale=da-DK"));
        assert_eq!(one["children"], below["categories"]);
    }
    assert!(tops > 5 && tops < all.len());
    let french = tester.ok("/v1/categories/pet_store?country=FR&locale=fr-FR");
    assert_eq!(french["displayName"], "Animalerie");
    let units = tester.ok("/v1/categories/animals_pets/business-units?country=GB&perPage=100");
    for unit in units["businessUnits"].as_array().unwrap() {
        assert_eq!(unit["country"], "GB");
        let id = unit["id"].as_str().unwrap();
        let own = tester.ok(&format!("/v1/business-units/{id}/categories"));
        assert!(ids(own["categories"].as_array().unwrap()).contains("animals_pets"));
    }
}

#[test]
fn consumers_wrote_what_names_them() {
    let mut tester = Tester::new();
    let id = tester.id("example.com");
    let page = tester.ok(&format!("/v1/business-units/{id}/reviews?perPage=40"));
    let mut most = 0;
    let mut pictures = 0;
    for review in page["reviews"].as_array().unwrap() {
        let consumer = review["consumer"]["id"].as_str().unwrap();
        let path = format!("/v1/consumers/{consumer}");
        let own = tester.walk(&format!("{path}/reviews?perPage=2"), "reviews");
        assert!(own.contains(review), "{consumer}");
        assert!(
            own.iter()
                .all(|other| other["consumer"] == review["consumer"])
        );
        assert_eq!(own.len() as u64, review["consumer"]["numberOfReviews"]);
        let here = tester.ok(&format!(
            "{path}/reviews?businessUnitId={id}&stars={}",
            review["stars"]
        ));
        assert!(here["reviews"].as_array().unwrap().contains(review));
        let whole = tester.ok(&path);
        assert_eq!(whole["numberOfReviews"], own.len());
        let profile = tester.ok(&format!("{path}/profile"));
        assert_eq!(profile["displayName"], review["consumer"]["displayName"]);
        let pictured = profile["hasImage"].as_bool().unwrap();
        assert_eq!(pictured, !profile["profileImage"]["image24x24"].is_null());
        pictures += usize::from(pictured);
        most = most.max(own.len());
    }
    assert!(most > 4 && pictures > 0 && pictures < 40);
    let body = format!(
        r#"{{"consumerIds":["{}","nobody"]}}"#,
        page["reviews"][0]["consumer"]["id"].as_str().unwrap()
    );
    let headers = [("apikey", KEY), ("content-type", "application/json")];
    let bulk = json(&tester.send("POST", "/v1/consumers/profile/bulk", &headers, &body));
    assert_eq!(bulk["notFoundConsumerIds"], serde_json::json!(["nobody"]));
    assert_eq!(bulk["consumers"].as_object().unwrap().len(), 1);
    for (name, valid) in [("Cool Name", true), ("a", false), ("<b>", false)] {
        let body = serde_json::json!({ "displayName": name }).to_string();
        let path = "/v1/consumers/profile/displayname";
        let answer = json(&tester.send("POST", &format!("{path}/validate"), &headers, &body));
        assert_eq!(answer["isValid"], valid, "{name}");
        let made = json(&tester.send("POST", &format!("{path}/create"), &headers, &body));
        assert_eq!(made["displayName"] == name, valid, "{name}");
        let again = tester.send(
            "POST",
            &format!("{path}/validate"),
            &headers,
            &made.to_string(),
        );
        assert_eq!(json(&again)["isValid"], true, "{name}");
    }
}

/// How often each member was null, and how often it was not.
fn nulls(value: &Value, path: &str, counts: &mut BTreeMap<String, [u64; 2]>) {
    match value {
        Value::Object(members) => {
            for (name, value) in members {
                let path = format!("{path}.{name}");
                counts.entry(path.clone()).or_default()[usize::from(!value.is_null())] += 1;
                nulls(value, &path, counts);
            }
        }
        Value::Array(items) => items.iter().for_each(|item| nulls(item, path, counts)),
        _ => {}
    }
}

#[test]
fn reviews_hold_every_null_and_every_script() {
    let mut tester = Tester::new();
    let id = tester.id("bikes.example");
    let token = tester.token();
    let path = format!("/v1/business-units/{id}/reviews?perPage=100&includeReportedReviews=true");
    let reviews = tester.walk(&path, "reviews");
    let mut counts = BTreeMap::new();
    reviews
        .iter()
        .for_each(|review| nulls(review, "", &mut counts));
    for member in [
        ".title",
        ".text",
        ".consumer.displayLocation",
        ".companyReply",
        ".companyReply.updatedAt",
        ".location",
        ".location.externalId",
        ".updatedAt",
        ".experiencedAt",
        ".reportData",
        ".reportData.publicComment",
        ".invitation",
        ".countsTowardsLocationTrustScore",
    ] {
        let [null, some] = counts[member];
        assert!(null > 0 && some > 0, "{member}: {null} null, {some} not");
    }
    let some = |wanted: &dyn Fn(&Value) -> bool| {
        reviews.iter().filter(|review| wanted(review)).count() > 0
    };
    assert!(some(&|review| review["numberOfLikes"].as_u64() > Some(0)));
    assert!(some(&|review| !review["complianceLabels"]
        .as_array()
        .unwrap()
        .is_empty()));
    assert!(some(&|review| !review["businessUnitHistory"]
        .as_array()
        .unwrap()
        .is_empty()));
    for stars in 1..=5 {
        assert!(some(&|review| review["stars"] == stars));
    }
    let texts: Vec<_> = reviews
        .iter()
        .filter_map(|review| review["text"].as_str())
        .collect();
    assert!(
        texts.iter().any(|text| text.len() > 3_000) && texts.iter().any(|text| text.len() < 30)
    );
    let all = texts.concat();
    let scripts = [
        ("Danish", "ø"),
        ("German", "ß"),
        ("French", "é"),
        ("Japanese", "の"),
        ("Chinese", "了"),
        ("Arabic", "خ"),
        ("Hebrew, right to left", "ש"),
        ("Hindi", "ह"),
        ("emoji joined", "👩\u{200d}👩"),
        ("combining", "e\u{301}"),
        ("HTML", "<script>"),
        ("quotes", "\""),
        ("newline", "\n"),
        ("beyond the first plane", "𝒮"),
    ];
    for (script, letter) in scripts {
        assert!(all.contains(letter), "{script}");
    }
    let languages: BTreeSet<_> = reviews
        .iter()
        .map(|review| review["language"].as_str().unwrap())
        .collect();
    assert_eq!(languages.len(), 11, "{languages:?}");

    // The private ones add members and take none away.
    let bearer = format!("Bearer {token}");
    let path = format!("/v1/private/business-units/{id}/reviews");
    let private = |tester: &mut Tester, query: &str| {
        let plan = tester.send(
            "GET",
            &format!("{path}?{query}"),
            &[("authorization", &bearer)],
            "",
        );
        (plan.status.as_u16(), json(&plan))
    };
    let (_, page) = private(&mut tester, "perPage=100");
    let mut counts = BTreeMap::new();
    nulls(&page["reviews"], "", &mut counts);
    for member in [".referralEmail", ".companyReply"] {
        assert!(counts[member].iter().all(|count| *count > 0), "{member}");
    }
    let one = &page["reviews"][7];
    let (_, by_reference) = private(
        &mut tester,
        &format!("referenceId={}", one["referenceId"].as_str().unwrap()),
    );
    assert_eq!(by_reference["reviews"], serde_json::json!([one]));
    let time = one["createdAt"].as_str().unwrap();
    let (_, at_time) = private(
        &mut tester,
        &format!("startDateTime={time}&endDateTime={time}"),
    );
    assert_eq!(at_time["reviews"], serde_json::json!([one]));
    let (_, reported) = private(&mut tester, "reported=true");
    assert!(
        reported["reviews"]
            .as_array()
            .unwrap()
            .iter()
            .all(|review| review["status"] == "reported")
    );
    assert_eq!(private(&mut tester, "startDateTime=soon").0, 400);
}

#[test]
fn reviews_are_found_by_id_and_liked() {
    let mut tester = Tester::new();
    let latest = tester.ok("/v1/reviews/latest?count=40&language=da,ja");
    let latest = latest["reviews"].as_array().unwrap();
    assert_eq!(latest.len(), 40);
    let mut likes = 0;
    for review in latest {
        assert!(review["language"] == "da" || review["language"] == "ja");
        let path = format!("/v1/reviews/{}", review["id"].as_str().unwrap());
        assert_eq!(tester.ok(&path), *review);
        let liked = tester.ok(&format!("{path}/likes"));
        let liked = liked["likes"].as_array().unwrap();
        assert_eq!(liked.len() as u64, review["numberOfLikes"]);
        likes += liked.len();
        assert!(liked.iter().all(|like| hex(&like["consumer"]["id"])));
    }
    assert!(likes > 0);
    let pictured =
        tester.ok("/v1/reviews/latest?count=10&language=en&filterUsersWithoutImages=true");
    for review in pictured["reviews"].as_array().unwrap() {
        assert_eq!(review["consumer"]["links"][0]["rel"], "profile-image");
    }
}

#[test]
fn resources_are_spelled_as_seen() {
    let mut tester = Tester::new();
    for (stars, word) in [
        ("1", "Bad"),
        ("1.5", "Bad"),
        ("2.5", "Poor"),
        ("3", "Average"),
        ("4", "Great"),
        ("4.5", "Excellent"),
        ("5", "Excellent"),
    ] {
        let answer = tester.ok(&format!("/v1/resources/strings/stars/{stars}"));
        assert_eq!(answer["string"], word, "{stars}");
        assert_eq!(answer["locale"], "en-US");
        assert_eq!(answer["stars"].to_string(), stars);
    }
    let danish = tester.ok("/v1/resources/strings/stars/5?locale=da-DK");
    assert_eq!(danish["string"], "Fremragende");
    let images = tester.ok("/v1/resources/images/stars/3.5");
    assert_eq!(
        images["star128x24"]["url"],
        "//images-static.trustpilot.com/api/stars/3.5/128x24.png"
    );
    let mut counts = BTreeMap::new();
    nulls(
        &tester.ok("/v1/resources/metadata/locales"),
        "",
        &mut counts,
    );
    assert_eq!(counts[".locales.locale"], [0, 25]);
    assert!(counts[".locales.blog"][0] > 0);
    let countries = tester.ok("/v1/resources/metadata/countries?locale=de-DE");
    let germany = countries["countries"]
        .as_array()
        .unwrap()
        .iter()
        .find(|one| one["country"] == "DE");
    assert_eq!(germany.unwrap()["translatedName"], "Deutschland");
    let taken = tester.ok("/v1/business-signup/domain-availability?domain=www.big.example");
    assert_eq!(taken, serde_json::json!({ "domainIsAvailable": false }));
    let links = tester.ok("/v1/resources/images");
    for link in links["links"].as_array().unwrap() {
        tester.ok(link["href"]
            .as_str()
            .unwrap()
            .strip_prefix("http://127.0.0.1:4700")
            .unwrap());
    }
}

const PRODUCTS: &str = "/v1/product-reviews/business-units";

#[test]
fn product_reviews_and_their_summaries() {
    let mut tester = Tester::new();
    let id = tester.id("bikes.example");
    let path = format!("{PRODUCTS}/{id}");
    let headers = [("apikey", KEY), ("content-type", "application/json")];
    for (kind, summaries) in [
        ("reviews", ""),
        ("imported-reviews", "/imported-reviews-summaries"),
    ] {
        let mut counts = BTreeMap::new();
        let mut total = 0;
        for sku in [
            "BIKE-1001",
            "180883_BIKE",
            "BIKE%2F40%2B1%20L",
            "BIKE-1004",
            "BIKE-1012",
        ] {
            let target = format!("{path}/{kind}?perPage=40&sku={sku}");
            let reviews = tester.walk(&target, "productReviews");
            assert_eq!(ids(&reviews).len(), reviews.len());
            let summary = tester.ok(&format!("{path}{summaries}?sku={sku}"));
            let numbers = &summary["numberOfReviews"];
            assert_eq!(reviews.len() as u64, numbers["total"], "{sku}");
            let sum: u64 = reviews
                .iter()
                .map(|review| review["stars"].as_u64().unwrap())
                .sum();
            let average = summary["starsAverage"].as_f64().unwrap();
            let exact = sum as f64 / reviews.len().max(1) as f64;
            assert!((average - exact).abs() <= 0.005, "{sku}: {average} {exact}");
            let fives = tester.walk(&format!("{target}&stars=5&language=de"), "productReviews");
            assert!(
                fives
                    .iter()
                    .all(|review| review["stars"] == 5 && review["language"] == "de")
            );
            reviews
                .iter()
                .for_each(|review| nulls(review, "", &mut counts));
            total += reviews.len();
            for review in &reviews {
                let created = review["createdAt"].as_str().unwrap();
                assert!(created.len() == 24 && created.ends_with('Z'), "{created}");
            }
            assert_eq!(reviews.is_empty(), sku == "BIKE-1012", "{sku}");
        }
        assert!(total > 50, "{kind} {total}");
        if kind == "imported-reviews" {
            assert_eq!(counts[".conversationId"][1], 0);
            continue;
        }
        for member in [
            ".content",
            ".firstCompanyComment",
            ".conversationId",
            ".attachments.processedFiles",
        ] {
            assert!(
                counts[member].iter().all(|count| *count > 0),
                "{member} {:?}",
                counts[member]
            );
        }
        assert!(counts[".attributeRatings.rating"][1] > 0);
    }
    let unknown = tester.ok(&format!("{path}?sku=none"));
    assert_eq!(
        (
            &unknown["numberOfReviews"]["total"],
            &unknown["starsAverage"]
        ),
        (&0.into(), &0.into())
    );
    let list = tester.ok(&format!("{path}?sku=%5B%22BIKE-1001%22,%22BIKE-1004%22%5D"));
    let commas = tester.ok(&format!("{path}?sku=BIKE-1001,BIKE-1004"));
    assert_eq!(list, commas);
    let one = tester.ok(&format!("{path}?sku=BIKE-1001"));
    assert!(one["numberOfReviews"]["total"].as_u64() < list["numberOfReviews"]["total"].as_u64());

    let body = r#"{"skus":["BIKE-1004","none","BIKE-1001"],"locale":"da-DK"}"#;
    let batch = json(&tester.send("POST", &format!("{path}/batch-summaries"), &headers, body));
    let skus: Vec<_> = batch["summaries"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["sku"].as_str().unwrap())
        .collect();
    assert_eq!(skus, ["BIKE-1004", "none", "BIKE-1001"]);
    assert_eq!(batch["summaries"][2], one);
    let rated = json(&tester.send(
        "POST",
        &format!("{path}/attribute-summaries"),
        &headers,
        body,
    ));
    assert_eq!(
        rated["summaries"][0]["attributes"][0]["attributeName"],
        "Kvalitet"
    );
    assert_eq!(
        rated["summaries"][1]["attributes"]
            .as_array()
            .unwrap()
            .len(),
        0
    );

    // The average of an attribute is that of its ratings.
    let attribute = &rated["summaries"][2]["attributes"][1];
    let name = attribute["attributeId"].as_str().unwrap();
    let reviews = tester.walk(
        &format!("{path}/reviews?sku=BIKE-1001&perPage=100&attributeIds={name}"),
        "productReviews",
    );
    let ratings: Vec<_> = reviews
        .iter()
        .flat_map(|review| review["attributeRatings"].as_array().unwrap())
        .map(|rating| {
            assert_eq!(rating["attributeId"], name);
            rating["rating"].as_f64().unwrap()
        })
        .collect();
    let exact = ratings.iter().sum::<f64>() / ratings.len() as f64;
    assert!((exact - attribute["rating"].as_f64().unwrap()).abs() < 0.011);

    let by_url = tester.walk(
        &format!(
            "{path}/reviews?productUrl=https://www.bikes.example/products/classic&perPage=100"
        ),
        "productReviews",
    );
    assert_eq!(ids(&by_url), ids(&reviews));
    let all = tester.walk(&format!("{path}/reviews?perPage=100"), "productReviews");
    assert!(all.len() > reviews.len());

    let talked = all
        .iter()
        .find(|review| !review["conversationId"].is_null())
        .unwrap();
    let conversation = tester.ok(&format!(
        "/v1/conversations/{}",
        talked["conversationId"].as_str().unwrap()
    ));
    assert_eq!(conversation["id"], talked["conversationId"]);
    assert_eq!(
        conversation["comments"][0]["content"],
        talked["firstCompanyComment"]["comment"]
    );

    for target in [
        path.clone(),
        format!("{path}?sku=[x"),
        format!("{path}/imported-reviews"),
        format!("{path}/imported-reviews-summaries"),
        format!("{path}/reviews?perPage=101"),
        format!("{path}/reviews?stars=9"),
        format!("{path}/reviews?locale=x"),
    ] {
        assert_eq!(tester.refused(&target), 400, "{target}");
    }
    assert_eq!(tester.refused(&format!("/v1/conversations/{id}")), 404);
    assert_eq!(tester.refused(&format!("{PRODUCTS}/x?sku=a")), 404);
    let none = tester.id("new-shop.example");
    assert!(
        tester
            .walk(&format!("{PRODUCTS}/{none}/reviews"), "productReviews")
            .is_empty()
    );
    let empty = tester.send(
        "POST",
        &format!("{path}/batch-summaries"),
        &headers,
        r#"{"skus":[]}"#,
    );
    assert_eq!(empty.status, 400);
}

#[test]
fn trustoo_answers_in_its_envelope() {
    let mut tester = Tester::new();
    let path = "/trustoo/api/v1/reviews";
    let read = |tester: &mut Tester, target: &str| {
        let plan = tester.get(&format!("{path}/{target}"));
        assert_eq!(plan.status, 200, "{target}");
        let answer = json(&plan);
        let id = answer["request_id"].as_str().unwrap();
        assert!(id.len() == 32 && id.bytes().all(|byte| byte.is_ascii_hexdigit()));
        assert_eq!(answer["time"].as_u64(), Some(common::NOW / 1_000));
        assert_eq!(answer["code"] == 0, !answer["data"].is_null(), "{target}");
        answer
    };
    let mut seen = BTreeSet::new();
    let mut count = 0;
    for page in 1.. {
        let target = format!(
            "get_product_reviews?shop=bikes.myshopify.com&product_handle=classic&limit=30&page={page}&scene=3&is_show_all=1"
        );
        let data = &read(&mut tester, &target)["data"];
        assert_eq!(data["page"]["cur_page"], page);
        count = data["page"]["count"].as_u64().unwrap();
        assert_eq!(data["page"]["total_page"], count.div_ceil(30));
        let list = data["list"].as_array().unwrap();
        let before = seen.len();
        seen.extend(ids(list));
        assert_eq!(seen.len(), before + list.len());
        if list.is_empty() {
            break;
        }
    }
    assert_eq!(seen.len() as u64, count);
    let ratings = |tester: &mut Tester, handles: &str| {
        read(
            tester,
            &format!("get_products_rating?shop=bikes.example&product_handle={handles}"),
        )["data"]
            .clone()
    };
    let data = ratings(&mut tester, "brand-new,classic,nothing,mini");
    assert_eq!(data.as_array().unwrap().len(), 4);
    assert_eq!(data[1]["total_reviews"], count);
    assert_eq!(
        data[0],
        serde_json::json!({ "rating": 0, "total_reviews": 0 })
    );
    assert_eq!(ratings(&mut tester, "mini")[0], data[3]);
    for (sort, falling) in [("created-ascending", false), ("created-descending", true)] {
        let target = format!(
            "get_product_reviews?shop=bikes.example&product_handle=classic&limit=100&sort_by={sort}"
        );
        let answer = read(&mut tester, &target);
        let list = answer["data"]["list"].as_array().unwrap();
        let dates: Vec<_> = list
            .iter()
            .map(|review| review["commented_at"].as_str().unwrap())
            .collect();
        assert!(dates.is_sorted_by(|one, two| if falling { one >= two } else { one <= two }));
    }
    let by_number = read(
        &mut tester,
        "get_products_rating?shop_id=59730000004&product_handle=mini",
    );
    assert_eq!(by_number["data"][0], data[3]);
    for (target, code) in [
        ("get_product_reviews?product_handle=classic", 3),
        ("get_product_reviews?shop=bikes.example", 3),
        (
            "get_product_reviews?shop=bikes.example&product_handle=classic&page=0",
            3,
        ),
        (
            "get_product_reviews?shop=bikes.example&product_handle=classic&limit=101",
            3,
        ),
        (
            "get_product_reviews?shop=bikes.example&product_handle=classic&sort_by=x",
            3,
        ),
        ("get_products_rating?shop=bikes.example", 3),
        ("get_products_rating?shop=nobody&product_handle=a", 5),
        ("get_products_rating?shop_id=1&product_handle=a", 5),
    ] {
        assert_eq!(read(&mut tester, target)["code"], code, "{target}");
    }
}

#[test]
fn businesses_hold_every_null() {
    let mut tester = Tester::new();
    tester.config(r#"{"limits":{"api":[]}}"#);
    let all = tester.ok("/v1/business-units/all?perPage=200");
    let mut counts = BTreeMap::new();
    nulls(&all["businessUnits"], "unit", &mut counts);
    for unit in all["businessUnits"].as_array().unwrap() {
        // Slowly enough for the allowance.
        tester.now += 10_000;
        let id = unit["id"].as_str().unwrap();
        for part in [
            "profileinfo",
            "customerguarantee",
            "promotion-box",
            "images/logo",
            "images/header",
            "images/promotion-box",
            "categories",
        ] {
            let answer = tester.ok(&format!("/v1/business-units/{id}/{part}"));
            nulls(&answer, part, &mut counts);
        }
    }
    for member in [
        "unit.websiteUrl",
        "profileinfo.email",
        "profileinfo.phone",
        "profileinfo.companyName",
        "profileinfo.address",
        "profileinfo.address.city",
        "profileinfo.description",
        "profileinfo.socialmedia",
        "profileinfo.socialmedia.facebook",
        "profileinfo.facebookPageId",
        "profileinfo.facebookPageUrl",
        "customerguarantee.text",
        "promotion-box.image",
        "images/logo.image300x300",
        "images/header.image1110x250",
        "images/promotion-box.image300x250",
        "categories.categories.ranking",
    ] {
        let [null, some] = counts[member];
        assert!(null > 0 && some > 0, "{member}: {null} null, {some} not");
    }
}
