//! Trustpilot's private endpoints: SB7, SB14, SB19.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

mod common;

use common::{KEY, Tester, json};
use serde_json::{Value, json};

const NONE: Value = Value::Null;

/// A sandbox, a user's `Authorization`, the id of example.com.
struct Private {
    tester: Tester,
    user: String,
    business: String,
}

impl Private {
    fn new() -> Self {
        let mut tester = Tester::new();
        let user = format!("Bearer {}", tester.token());
        let business = json(&tester.find(""))["id"].as_str().unwrap().to_owned();
        Self {
            tester,
            user,
            business,
        }
    }

    fn call(&mut self, method: &str, path: &str, body: &Value) -> (u16, Value) {
        let path = path.replace("{business}", &self.business);
        let user = self.user.clone();
        self.tester
            .call(method, &format!("/v1/private/{path}"), &user, body)
    }

    fn ok(&mut self, method: &str, path: &str, body: &Value) -> Value {
        let (status, answer) = self.call(method, path, body);
        assert!(
            (200..300).contains(&status),
            "{method} {path}: {status} {answer}"
        );
        answer
    }

    fn status(&mut self, method: &str, path: &str, body: &Value) -> u16 {
        self.call(method, path, body).0
    }

    fn get(&mut self, path: &str) -> Value {
        self.ok("GET", path, &NONE)
    }

    fn public(&mut self, path: &str) -> (u16, Value) {
        let plan = self
            .tester
            .send("GET", &format!("/v1/{path}"), &[("apikey", KEY)], "");
        (plan.status.as_u16(), json(&plan))
    }

    /// The reviews of the business for which this holds.
    fn reviews(&mut self, query: &str) -> Vec<Value> {
        let page = self.get(&format!(
            "business-units/{{business}}/reviews?perPage=100&{query}"
        ));
        page["reviews"].as_array().unwrap().clone()
    }

    fn review(&mut self, fits: impl Fn(&Value) -> bool) -> String {
        let reviews = self.reviews("");
        let review = reviews.iter().find(|review| fits(review)).unwrap();
        review["id"].as_str().unwrap().to_owned()
    }
}

#[test]
fn sb19_tags_are_added_set_listed_and_removed() {
    let mut world = Private::new();
    let id = world.review(|review| review["tags"] == json!([]));
    let tags = format!("reviews/{id}/tags");
    let tag = |value: &str| json!({ "group": "Shop", "value": value });
    let body =
        |values: &[&str]| json!({ "tags": values.iter().map(|one| tag(one)).collect::<Vec<_>>() });
    assert_eq!(world.get(&tags), json!({ "tags": [] }));
    world.ok("PUT", &tags, &body(&["a", "B", "a"]));
    world.ok("PUT", &tags, &body(&["c"]));
    assert_eq!(world.get(&tags), body(&["a", "B", "c"]));
    assert_eq!(
        world.get(&format!("reviews/{id}"))["tags"],
        body(&["a", "B", "c"])["tags"]
    );
    let found = |world: &mut Private, query: &str| {
        let reviews = world.reviews(query);
        reviews.iter().filter(|review| review["id"] == *id).count()
    };
    assert_eq!(found(&mut world, "tagGroup=Shop&tagValue=B"), 1);
    assert_eq!(found(&mut world, "tagGroup=Shop&tagValue=b"), 0);
    assert_eq!(
        found(
            &mut world,
            "tagGroup=Shop&tagValue=b&ignoreTagValueCase=true"
        ),
        1
    );
    assert_eq!(
        world.status("DELETE", &format!("{tags}?group=Shop&value=B"), &NONE),
        204
    );
    assert_eq!(
        world.status("DELETE", &format!("{tags}?group=Shop&value=B"), &NONE),
        404
    );
    assert_eq!(
        world.status("DELETE", &format!("{tags}?group=Shop"), &NONE),
        400
    );
    world.ok("POST", &tags, &body(&["z"]));
    assert_eq!(world.get(&tags), body(&["z"]));
    // A tag of the data goes as well.
    let tagged =
        world.review(|review| review["tags"] == json!([{"group":"Department","value":"Online"}]));
    world.ok(
        "DELETE",
        &format!("reviews/{tagged}/tags?group=Department&value=Online"),
        &NONE,
    );
    let left = world.reviews("tagGroup=Department&tagValue=Online");
    assert!(!left.is_empty() && left.iter().all(|review| review["id"] != *tagged));
    for bad in [
        json!({}),
        json!({ "tags": [{ "group": "x" }] }),
        json!({ "tags": [{ "group": " ", "value": "x" }] }),
    ] {
        assert_eq!(world.status("PUT", &tags, &bad), 400, "{bad}");
    }
    let unknown = "reviews/000000000000000000000000/tags";
    assert_eq!(world.status("PUT", unknown, &body(&["a"])), 404);
}

#[test]
fn sb19_a_reply_stands_under_the_review_until_it_is_deleted() {
    let mut world = Private::new();
    let id = world.review(|review| review["companyReply"].is_null());
    let reply = format!("reviews/{id}/reply");
    assert_eq!(world.status("DELETE", &reply, &NONE), 404);
    let before = world.reviews("responded=true").len();
    assert_eq!(
        world.status("POST", &reply, &json!({ "message": "Thank you" })),
        201
    );
    let (_, shown) = world.public(&format!("reviews/{id}"));
    assert_eq!(
        shown["companyReply"],
        json!({ "text": "Thank you", "createdAt": "2026-01-01T00:00:00Z", "updatedAt": null })
    );
    assert_eq!(world.reviews("responded=true").len(), before + 1);
    assert!(
        world
            .reviews("responded=false")
            .iter()
            .all(|review| review["id"] != *id)
    );
    world.tester.now += 60_000;
    let author = "507f191e810c19729de860ea";
    let again = json!({ "message": "And again", "authorBusinessUserId": author });
    world.ok("POST", &reply, &again);
    assert_eq!(
        world.get(&format!("reviews/{id}"))["companyReply"],
        json!({ "text": "And again", "authorBusinessUserId": author,
            "createdAt": "2026-01-01T00:00:00Z", "updatedAt": "2026-01-01T00:01:00Z" })
    );
    assert_eq!(world.status("DELETE", &reply, &NONE), 204);
    assert_eq!(world.reviews("responded=true").len(), before);
    for bad in [
        json!({ "message": " " }),
        json!({ "message": "x", "authorBusinessUserId": "me" }),
        json!({ "message": "x", "submittedAt": "soon" }),
    ] {
        assert_eq!(world.status("POST", &reply, &bad), 400, "{bad}");
    }
    // A token without a user must name one.
    world.user = world.tester.bearer(KEY, &[]);
    assert_eq!(
        world.status("POST", &reply, &json!({ "message": "x" })),
        400
    );
    assert_eq!(world.status("POST", &reply, &again), 201);
}

#[test]
fn sb19_a_reviewer_is_asked_once() {
    let mut world = Private::new();
    let id = world.review(|review| review["findReviewer"]["isEligible"] == true);
    let other = world.review(|review| review["findReviewer"]["isEligible"] == false);
    let ask = json!({ "message": "Who are you?" });
    assert_eq!(
        world.status("POST", &format!("reviews/{other}/find-reviewer"), &ask),
        400
    );
    assert_eq!(
        world.status("POST", &format!("reviews/{id}/find-reviewer"), &ask),
        202
    );
    assert_eq!(
        world.status("POST", &format!("reviews/{id}/find-reviewer"), &ask),
        400
    );
    let found = world.get(&format!("reviews/{id}"))["findReviewer"].clone();
    assert_eq!(found["requests"][0]["status"], "Pending");
    assert_eq!(found["requests"][0]["businessUserMessage"], "Who are you?");
    let contacted = world.reviews("findReviewer=contacted");
    assert_eq!((contacted.len(), &contacted[0]["id"]), (1, &json!(id)));
    let bad = "business-units/{business}/reviews?findReviewer=x";
    assert_eq!(world.status("GET", bad, &NONE), 400);
}

#[test]
fn sb14_the_private_list_filters_by_what_is_private() {
    let mut world = Private::new();
    let all = world.reviews("");
    let one = all
        .iter()
        .find(|review| !review["referralEmail"].is_null())
        .unwrap();
    let value = |path: &Value| path.as_str().unwrap().replace(' ', "%20");
    let email = value(&one["referralEmail"]);
    assert_eq!(
        world.reviews(&format!("referralEmail={email}")),
        std::slice::from_ref(one)
    );
    let name = value(&one["consumer"]["displayName"]);
    assert!(world.reviews(&format!("username={name}")).contains(one));
    let source = value(&one["source"]);
    let same = world.reviews(&format!("source={source}&orderBy=stars.asc"));
    assert!(same.contains(one) && same.iter().all(|review| review["source"] == one["source"]));
    let stars: Vec<_> = same.iter().map(|review| review["stars"].as_u64()).collect();
    assert!(stars.is_sorted());
}

#[test]
fn sb19_invitations_are_taken_in_and_deleted() {
    let mut world = Private::new();
    let root = "business-units/{business}";
    let kept = |world: &mut Private| {
        let data = world.tester.control("GET", "data", "");
        data["invitations"].as_array().unwrap().clone()
    };
    let invitation = json!({ "consumerEmail": "zoe@example.com", "consumerName": "Zo\u{eb}",
        "replyTo": "shop@example.com", "locale": "da-DK", "type": "email",
        "serviceReviewInvitation": { "templateId": "507f191e810c19729de860ea",
            "preferredSendTime": "09/07/2013 13:37:00", "redirectUri": "https://example.com",
            "tags": ["a"] },
        "productReviewInvitation": { "preferredSendTime": "2013-09-07T13:37:00",
            "products": [{ "sku": "ABC" }] } });
    assert_eq!(
        world.status("POST", &format!("{root}/email-invitations"), &invitation),
        202
    );
    assert_eq!(kept(&mut world)[0]["body"], invitation);
    for (change, value) in [
        ("/consumerEmail", json!("zoe")),
        ("/consumerEmail", json!(null)),
        ("/replyTo", json!("a@b@c.d")),
        ("/locale", json!("danish")),
        ("/serviceReviewInvitation/templateId", json!("x")),
        (
            "/serviceReviewInvitation/preferredSendTime",
            json!("09/07/2013"),
        ),
        ("/serviceReviewInvitation/redirectUri", json!("/x")),
        ("/serviceReviewInvitation/tags", json!([7])),
        ("/productReviewInvitation/products", json!(["ABC"])),
        ("/productReviewInvitation", json!([])),
    ] {
        let mut bad = invitation.clone();
        *bad.pointer_mut(change).unwrap() = value;
        let status = world.status("POST", &format!("{root}/email-invitations"), &bad);
        assert_eq!(status, 400, "{change}");
    }
    let link = json!({ "email": "zoe@example.com", "locale": "da-DK", "tags": ["a"] });
    let made = world.ok("POST", &format!("{root}/invitation-links"), &link);
    assert!(
        made["url"]
            .as_str()
            .unwrap()
            .ends_with(made["id"].as_str().unwrap())
    );
    assert_ne!(
        world.ok("POST", &format!("{root}/invitation-links"), &link),
        made
    );
    let product = json!({ "consumer": { "email": "ann@example.com", "name": "Ann" },
        "referenceId": "1", "locale": "en-US", "productIds": ["x"] });
    let products = format!("product-reviews/{root}/invitation-links");
    let made = world.ok("POST", &products, &product);
    assert!(made["reviewUrl"].as_str().unwrap().starts_with("https://"));
    for name in ["consumer", "referenceId", "locale", "productIds"] {
        let mut bad = product.clone();
        bad.as_object_mut().unwrap().remove(name);
        assert_eq!(world.status("POST", &products, &bad), 400, "{name}");
    }
    let templates = world.get(&format!("{root}/templates"))["templates"].clone();
    assert_eq!(templates[0]["isDefaultTemplate"], true);

    assert_eq!(kept(&mut world).len(), 4);
    let delete = format!("{root}/invitation-data/delete");
    let emails = json!({ "customerEmails": ["zoe@example.com"] });
    let other = json(&world.tester.get(&format!(
        "/v1/business-units/find?name=books.example&apikey={KEY}"
    )));
    let elsewhere = delete.replace("{business}", other["id"].as_str().unwrap());
    world.ok("POST", &elsewhere, &emails);
    assert_eq!(kept(&mut world).len(), 4);
    world.ok("POST", &delete, &emails);
    assert_eq!(kept(&mut world)[0]["email"], "ann@example.com");
    world.ok(
        "POST",
        &delete,
        &json!({ "deleteOlderThan": "2026-01-01T00:00:00.000Z" }),
    );
    assert_eq!(kept(&mut world).len(), 1);
    world.ok(
        "POST",
        &delete,
        &json!({ "deleteOlderThan": "01/02/2026 00:00:00" }),
    );
    assert_eq!(kept(&mut world).len(), 0);
    for bad in [
        json!({}),
        json!({ "customerEmails": [] }),
        json!({ "customerEmails": ["x"] }),
        json!({ "customerEmails": ["a@b.c"], "deleteOlderThan": "2026-01-01" }),
        json!({ "deleteOlderThan": "soon" }),
    ] {
        assert_eq!(world.status("POST", &delete, &bad), 400, "{bad}");
    }
}

#[test]
fn sb14_a_token_without_a_user_may_have_to_name_one() {
    let mut world = Private::new();
    let path = format!(
        "/v1/private/business-units/{}/email-invitations",
        world.business
    );
    let body = json!({ "consumerEmail": "a@b.c" }).to_string();
    let client = world.tester.bearer(KEY, &[]);
    let user = world.user.clone();
    let mut send = |bearer: &str, named: Option<&str>, required: bool| {
        world
            .tester
            .config(&json!({ "require_business_user_id": required }).to_string());
        let mut headers = vec![
            ("content-type", "application/json"),
            ("authorization", bearer),
        ];
        headers.extend(named.map(|id| ("x-business-user-id", id)));
        world
            .tester
            .send("POST", &path, &headers, &body)
            .status
            .as_u16()
    };
    let id = "507f191e810c19729de860ea";
    assert_eq!(send(&client, None, false), 202);
    assert_eq!(send(&client, None, true), 400);
    assert_eq!(send(&client, Some(id), true), 202);
    assert_eq!(send(&client, Some("me"), false), 400);
    assert_eq!(send(&user, None, true), 202);
}

#[test]
fn sb19_products_are_made_changed_and_listed() {
    let mut world = Private::new();
    let path = "business-units/{business}/products";
    let before = world.get(path);
    let own = before["products"].as_array().unwrap();
    assert_eq!(before["isLastPage"], true);
    assert_eq!(own[0]["sku"], "EXAM-1001");
    let given = json!({ "products": [
        { "sku": "EXAM-1001", "price": "9.95", "variationAttributes": { "color": "blue" } },
        { "googleMerchantCenterProductId": "G1", "title": "Car", "groupId": "7", "productCategoryGoogleId": "1267" },
    ], "skuSameAsGoogleMerchantCenterProductId": true });
    let made = world.ok("POST", path, &given)["products"].clone();
    assert_eq!(made[0]["id"], own[0]["id"]);
    assert_eq!(
        (&made[1]["sku"], &made[1]["productCategory"]["id"]),
        (&json!("G1"), &json!("1267"))
    );
    let after = world.get(path)["products"].as_array().unwrap().clone();
    assert_eq!(after.len(), own.len() + 1);
    assert_eq!(after[0]["price"], "9.95");
    assert_eq!(after[0]["title"], own[0]["title"]);
    assert_eq!(after[0]["variationAttributes"]["color"], "blue");
    // The same one once more: changed, not made.
    world.ok(
        "POST",
        path,
        &json!({ "products": [{ "sku": "G1", "title": "Bus" }] }),
    );
    let of = |world: &mut Private, query: &str| {
        world.get(&format!("{path}?{query}"))["products"]
            .as_array()
            .unwrap()
            .clone()
    };
    let by_sku = of(&mut world, "skus=G1,EXAM-1001");
    assert_eq!(by_sku.len(), 2);
    assert_eq!(
        (&by_sku[1]["title"], &by_sku[1]["id"]),
        (&json!("Bus"), &made[1]["id"])
    );
    assert_eq!(of(&mut world, "groupId=7").len(), 1);
    let page = world.get(&format!("{path}?perPage=2&page=2"));
    assert_eq!(
        (
            page["products"].as_array().unwrap().len(),
            &page["isLastPage"]
        ),
        (2, &json!(false))
    );
    for bad in [
        json!({ "products": [] }),
        json!({ "products": [{ "title": "nameless" }] }),
        json!({ "products": [{ "sku": "x", "price": 9.95 }] }),
        json!({ "products": ["x"] }),
    ] {
        assert_eq!(world.status("POST", path, &bad), 400, "{bad}");
    }
}

#[test]
fn sb19_what_is_said_about_a_product_review_is_heard() {
    let mut world = Private::new();
    let root = "product-reviews/business-units/{business}";
    let list = world.get(&format!("{root}/reviews?perPage=100&sku=EXAM-1001"));
    let reviews = list["productReviews"].as_array().unwrap();
    assert!(
        reviews
            .iter()
            .all(|review| review["product"]["sku"] == "EXAM-1001")
    );
    let silent = reviews
        .iter()
        .find(|review| review["conversationId"].is_null())
        .unwrap();
    let id = silent["id"].as_str().unwrap();
    assert_eq!(world.get(&format!("product-reviews/{id}")), *silent);
    let none = world.get(&format!("{root}/reviews?state=archived,unpublished"));
    assert_eq!(none["productReviews"], json!([]));
    assert_eq!(
        world.status("GET", &format!("{root}/reviews?state=x"), &NONE),
        400
    );

    let begun = world.ok(
        "POST",
        &format!("product-reviews/{id}/create-conversation"),
        &NONE,
    );
    let talk = begun["conversationId"].as_str().unwrap().to_owned();
    let again = world.ok(
        "POST",
        &format!("product-reviews/{id}/create-conversation"),
        &NONE,
    );
    assert_eq!(again, begun);
    assert_eq!(
        world.get(&format!("product-reviews/{id}"))["conversationId"],
        *talk
    );
    let path = format!("conversations/{talk}");
    let shown = world.get(&path);
    assert_eq!(
        (&shown["state"], &shown["sourceId"]),
        (&json!("private"), &json!(id))
    );
    assert_eq!(world.public(&path).0, 404);
    let said = world.ok(
        "POST",
        &format!("{path}/comments"),
        &json!({ "content": "Hello" }),
    );
    let comment = format!("{path}/comments/{}", said["commentId"].as_str().unwrap());
    assert_eq!(world.get(&comment), said);
    world.tester.now += 1_000;
    world.ok(
        "PUT",
        &comment,
        &json!({ "content": "Hello!", "integrationId": "x" }),
    );
    assert_eq!(
        world.status(
            "POST",
            &format!("{path}/state"),
            &json!({ "state": "open" })
        ),
        400
    );
    world.ok(
        "POST",
        &format!("{path}/state"),
        &json!({ "state": "public" }),
    );
    let (status, public) = world.public(&path);
    assert_eq!(
        (status, &public["comments"][0]["content"]),
        (200, &json!("Hello!"))
    );
    assert_eq!(
        public["comments"][0]["updatedAt"],
        "2026-01-01T00:00:01.000Z"
    );
    let (_, page) = world.public(&format!(
        "product-reviews/business-units/{}/reviews?perPage=100",
        world.business.clone()
    ));
    let reviews = page["productReviews"].as_array().unwrap();
    let review = reviews.iter().find(|review| review["id"] == *id).unwrap();
    assert_eq!(review["firstCompanyComment"]["comment"], "Hello!");
    assert_eq!(review["conversationId"], *talk);

    assert_eq!(
        world.status(
            "POST",
            &format!("{path}/comments"),
            &json!({ "content": "" })
        ),
        400
    );
    for unknown in [
        "product-reviews/000000000000000000000000".to_owned(),
        "conversations/000000000000000000000000".to_owned(),
        format!("{path}/comments/000000000000000000000000"),
    ] {
        assert_eq!(world.status("GET", &unknown, &NONE), 404, "{unknown}");
    }
    let summaries = world.get(&format!("{root}/summaries?perPage=2"));
    assert_eq!(summaries["summaries"].as_array().unwrap().len(), 2);
    assert_eq!(summaries["links"][0]["rel"], "next-page");
}

#[test]
fn sb14_a_token_that_is_dead_is_401_and_one_of_another_account_403() {
    let mut world = Private::new();
    let review = world.review(|_| true);
    let conversation = {
        let page = world.get("product-reviews/business-units/{business}/reviews?perPage=100");
        let reviews = page["productReviews"].as_array().unwrap().clone();
        reviews
            .iter()
            .find_map(|one| one["conversationId"].as_str().map(str::to_owned))
            .unwrap()
    };
    let tags = json!({ "tags": [{ "group": "a", "value": "b" }] });
    let calls = [
        ("GET", "business-units/{business}/reviews".to_owned(), NONE),
        ("GET", format!("reviews/{review}"), NONE),
        ("PUT", format!("reviews/{review}/tags"), tags.clone()),
        (
            "POST",
            "business-units/{business}/email-invitations".to_owned(),
            json!({ "consumerEmail": "a@b.c" }),
        ),
        ("GET", "business-units/{business}/products".to_owned(), NONE),
        (
            "POST",
            format!("conversations/{conversation}/comments"),
            json!({ "content": "x" }),
        ),
    ];
    let statuses = |world: &mut Private| -> Vec<u16> {
        calls
            .iter()
            .map(|(method, path, body)| world.status(method, path, body))
            .collect()
    };
    assert!(
        statuses(&mut world)
            .iter()
            .all(|status| (200..300).contains(status))
    );
    let user = |domains: Value| json!({ "user": { "email": "demo@example.com", "password": "plaudit", "domains": domains } });
    world
        .tester
        .config(&user(json!(["books.example"])).to_string());
    assert_eq!(statuses(&mut world), [403; 6]);
    world
        .tester
        .config(&user(json!(["example.com"])).to_string());
    assert!(statuses(&mut world).iter().all(|status| *status < 300));
    world.tester.now += 400_000_000;
    assert_eq!(statuses(&mut world), [401; 6]);
    let path = format!("/v1/private/reviews/{review}");
    let plan = world
        .tester
        .send("GET", &path, &[("authorization", "Bearer no")], "");
    assert_eq!(
        json(&plan)["fault"]["detail"]["errorcode"],
        "oauth.v2.InvalidAccessToken"
    );
    assert_eq!(
        world
            .tester
            .send("GET", &path, &[("apikey", KEY)], "")
            .status,
        401
    );
}

#[test]
fn sb7_what_requests_changed_is_kept_and_reset() {
    let mut world = Private::new();
    let id = world.review(|review| review["companyReply"].is_null());
    let reply = |world: &mut Private| world.get(&format!("reviews/{id}"))["companyReply"].clone();
    world.ok(
        "POST",
        &format!("reviews/{id}/reply"),
        &json!({ "message": "1" }),
    );
    let kept = world.tester.control("POST", "snapshot", "{}");
    world.ok(
        "POST",
        &format!("reviews/{id}/reply"),
        &json!({ "message": "2" }),
    );
    assert_eq!(reply(&mut world)["text"], "2");
    world.tester.control("POST", "restore", &kept.to_string());
    assert_eq!(reply(&mut world)["text"], "1");
    world
        .tester
        .control("POST", "reset", r#"{"only":["data"]}"#);
    assert_eq!(reply(&mut world), NONE);
}
