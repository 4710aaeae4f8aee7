//! What JavaScript sees of the core: values that cross, errors that keep their identity. Run in
//! Node and in Chromium. The arguments are written as js/core.ts writes them.
#![allow(
    unsafe_code,
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing
)]

use wasm_bindgen_test::wasm_bindgen_test;

use super::{api, mailbox, oauth};

const TOKEN: u32 = 0;
const CODE: u32 = 1;
const STATE: u32 = 8;
const TRUSTPILOT: u32 = 1 << 8;
const TRUSTOO: u32 = 2 << 8;

struct Call {
    start: usize,
    bytes: usize,
}

fn send(arguments: &[&str]) -> Call {
    let all = arguments.concat();
    let start = mailbox::reserve(4096);
    for (at, argument) in arguments.iter().enumerate() {
        // SAFETY: there are 128 slots, and no test has more arguments.
        unsafe {
            mailbox::slots()
                .cast_mut()
                .add(at)
                .write(argument.len() as u32)
        };
    }
    assert!(all.len() <= 4096);
    // SAFETY: 4,096 bytes were reserved.
    unsafe { start.copy_from_nonoverlapping(all.as_ptr(), all.len()) };
    Call {
        start: start as usize,
        bytes: all.len(),
    }
}

impl Call {
    fn slot(&self, at: usize) -> u32 {
        // SAFETY: see `send`.
        unsafe { mailbox::slots().add(at).read() }
    }

    fn text(&self, at: usize) -> String {
        let (start, length) = (self.slot(at) as usize, self.slot(at + 1) as usize);
        // SAFETY: the call has just put a text there, and `wipe` was not called yet.
        let bytes = unsafe { std::slice::from_raw_parts(start as *const u8, length) };
        String::from_utf8(bytes.to_vec()).unwrap()
    }

    /// Code, subject, message, `error`, `error_description`.
    fn error(&self) -> [String; 5] {
        [0, 2, 4, 6, 8].map(|at| self.text(at))
    }

    fn is_inside(&self, at: usize) -> bool {
        let start = self.slot(at) as usize;
        start >= self.start && start + self.slot(at + 1) as usize <= self.start + self.bytes
    }
}

impl Drop for Call {
    fn drop(&mut self) {
        mailbox::wipe(self.bytes);
    }
}

#[wasm_bindgen_test]
fn p2_a_plain_token_is_a_slice_of_the_argument() {
    let url = "https://app.example/#access_token=tok-1&token_type=bearer&expires_in=359999";
    let call = send(&[url, "", "", ""]);
    assert_eq!(oauth::parse_callback(TRUSTPILOT | TOKEN), 2);
    assert_eq!(call.text(0), "tok-1");
    assert!(call.is_inside(0));
    assert_eq!((call.slot(2), call.slot(3)), (1, 359_999));
}

#[wasm_bindgen_test]
fn p2_a_decoded_token_lies_outside_of_the_argument_and_is_wiped() {
    let url = "https://app.example/é?x=🙂#access_token=a%2Bb&token_type=Bearer&scope=r+w";
    let call = send(&[url, "", "", ""]);
    assert_eq!(oauth::parse_callback(TRUSTPILOT | TOKEN), 2);
    assert_eq!(
        (call.text(0), call.text(5)),
        ("a+b".to_owned(), "r w".to_owned())
    );
    assert!(!call.is_inside(0));
    assert_eq!(call.slot(2), 0, "P9 an unknown lifetime is unknown");
    let (start, length) = (call.slot(0) as usize, call.slot(1) as usize);
    drop(call);
    // SAFETY: the scratch is static memory.
    let bytes = unsafe { std::slice::from_raw_parts(start as *const u8, length) };
    assert_eq!(bytes, [0, 0, 0]);
}

#[wasm_bindgen_test]
fn d9_a_base64_code_gets_its_plus_back() {
    let url = "https://app.example/cb?code=/o6aGgGn4cDP+qxnwBBr4Q==&state=St1";
    let call = send(&[url, "St1", "", ""]);
    assert_eq!(oauth::parse_callback(TRUSTOO | CODE | STATE), 3);
    assert_eq!(call.text(0), "/o6aGgGn4cDP+qxnwBBr4Q==");
}

#[wasm_bindgen_test]
fn errors_keep_code_subject_and_message() {
    let call = send(&["https://app.example/#access_token=tok-1", "St1", "", ""]);
    assert_eq!(oauth::parse_callback(TRUSTPILOT | STATE), 1);
    let [code, subject, message, error, description] = call.error();
    assert_eq!((&*code, &*subject), ("state_missing", "state"));
    assert!(message.contains("Sign in again"), "{message}");
    assert_eq!((&*error, &*description), ("", ""));
}

#[wasm_bindgen_test]
fn p12_a_provider_error_keeps_its_words() {
    let url = "https://app.example/#error=access_denied&error_description=The+user+denied%21";
    let call = send(&[url, "", "", ""]);
    assert_eq!(oauth::parse_callback(TRUSTPILOT), 1);
    let [code, .., error, description] = call.error();
    assert_eq!(code, "provider_error");
    assert_eq!(
        (&*error, &*description),
        ("access_denied", "The user denied!")
    );
}

#[wasm_bindgen_test]
fn q5_an_authorize_url_is_a_text() {
    let call = send(&["", "ké y", "https://app.example/cb", "St1"]);
    assert_eq!(oauth::authorize_url(TRUSTPILOT, 0, 0), 1);
    assert_eq!(call.error()[..2], ["invalid_argument", "clientId"]);
    drop(call);
    let call = send(&[
        "",
        "k y",
        "https://app.example/cb",
        "St1",
        "a",
        "b",
        "locale",
        "da-DK",
    ]);
    assert_eq!(oauth::authorize_url(TRUSTPILOT, 2, 1), 0);
    assert_eq!(
        call.text(0),
        "https://authenticate.trustpilot.com?response_type=token&client_id=k+y\
         &redirect_uri=https%3A%2F%2Fapp.example%2Fcb&scope=a+b&state=St1&locale=da-DK"
    );
}

#[wasm_bindgen_test]
fn a_platform_is_found_by_name_with_its_origins() {
    let call = send(&["trustoo"]);
    assert_eq!(oauth::provider(), 2);
    assert_eq!(call.text(0), "https://rapi.trustoo.io");
    drop(call);
    let _call = send(&["constructor"]);
    assert_eq!(oauth::provider(), 0);
}

#[wasm_bindgen_test]
fn u3_cleaning_keeps_what_is_the_applications() {
    let call = send(&["https://app.example/?a=1&plaudit_state=n#/route&access_token=t&x=%20"]);
    assert_eq!(oauth::clean(TOKEN), 0);
    assert_eq!(call.text(0), "https://app.example/?a=1#/route&x=%20");
}

fn line(group: &str, name: &str) -> String {
    let endpoints = crate::api::PLATFORMS.iter().flat_map(|it| it.endpoints);
    let mut all = endpoints.copied().flatten();
    all.find(|it| (it.group, it.name) == (group, name))
        .unwrap()
        .line()
}

#[wasm_bindgen_test]
fn a_request_carries_its_key_in_the_header_alone() {
    let base = "https://api.trustpilot.com/v1/";
    let find = line("businessUnits", "find");
    let _call = send(&[base, "key-1", &find, "domain", "trustpilot.com"]);
    let request = api::request(1, 1).unwrap();
    assert_eq!(
        request.url(),
        "https://api.trustpilot.com/v1/business-units/find?name=trustpilot.com"
    );
    assert_eq!(request.method(), "GET");
    assert_eq!(
        gloo_net::http::Request::from(request)
            .headers()
            .get("apikey")
            .unwrap(),
        "key-1"
    );
}

#[wasm_bindgen_test]
fn a_request_carries_its_key_in_the_query_or_not_at_all() {
    let find = line("businessUnits", "find");
    let base = "http://127.0.0.1:8080/v1";
    let call = send(&[base, "key-1", &find, "domain", "x.example"]);
    let request = api::request(2, 1).unwrap();
    assert!(
        request.url().ends_with("/find?name=x.example&apikey=key-1"),
        "{}",
        request.url()
    );
    assert!(
        gloo_net::http::Request::from(request)
            .headers()
            .get("apikey")
            .is_none()
    );
    drop(call);
    let base = "https://shop.example/reviews";
    let _call = send(&[base, "", &find, "domain", "x.example"]);
    let request = api::request(0, 1).unwrap();
    assert_eq!(
        request.url(),
        "https://shop.example/reviews/business-units/find?name=x.example"
    );
}

#[wasm_bindgen_test]
fn every_line_is_read() {
    let endpoints = crate::api::PLATFORMS.iter().flat_map(|it| it.endpoints);
    for endpoint in endpoints.copied().flatten() {
        let required: Vec<_> = endpoint
            .parameters
            .iter()
            .filter(|it| it.required)
            .collect();
        let call = send(&["https://a.example/v1", "", &endpoint.line()]);
        let built = api::request(0, 0);
        match required.first() {
            None => {
                let path = endpoint.path;
                assert_eq!(built.unwrap().url(), format!("https://a.example/v1{path}"));
            }
            Some(first) => {
                assert!(built.is_none(), "{}", endpoint.name);
                assert_eq!(call.error()[..2], ["invalid_argument", first.name]);
            }
        }
    }
    let _call = send(&[
        "https://a.example/v1",
        "",
        crate::api::ANY,
        "path",
        "/new/thing",
        "a b",
        "c&d",
    ]);
    let request = api::request(0, 2).unwrap();
    assert_eq!(request.url(), "https://a.example/v1/new/thing?a+b=c%26d");
}

#[wasm_bindgen_test]
fn the_body_of_a_post_is_handed_over() {
    let id = "507f191e810c19729de860ea";
    let batch = line("productReviews", "batchSummaries");
    let args = [
        "https://a.example/v1",
        "",
        &batch,
        "businessUnitId",
        id,
        "skus",
        "A\u{1f}B\"é",
    ];
    let call = send(&args);
    let request = api::request(0, 2).unwrap();
    assert!(request.url().ends_with(&format!("{id}/batch-summaries")));
    assert_eq!(call.text(0), r#"{"skus":["A","B\"é"]}"#);
    drop(call);
    let find = line("businessUnits", "find");
    let call = send(&["https://a.example/v1", "", &find, "domain", "x.example"]);
    api::request(0, 1).unwrap();
    assert_eq!(call.text(0), "");
}

#[wasm_bindgen_test]
fn what_is_wrong_makes_no_request_and_is_named() {
    let find = line("businessUnits", "find");
    let base = "https://api.trustpilot.com/v1";
    for (domain, name, value) in [
        ("https://x.example/", "domain", "https://x.example/"),
        ("x.example", "limit", "1"),
        ("x.example", "domain", "y.example"),
    ] {
        let call = send(&[base, "key-1", &find, "domain", domain, name, value]);
        assert!(api::request(1, 2).is_none());
        assert_eq!(call.error()[..2], ["invalid_argument", name]);
    }
    let call = send(&[
        "https://api.trustpilot.com/v1",
        "plaudit-demo-key",
        &find,
        "domain",
        "x.example",
    ]);
    assert!(api::request(1, 1).is_none());
    assert_eq!(call.error()[..2], ["invalid_argument", "apiKey"]);
}

#[wasm_bindgen_test]
fn a_status_becomes_a_code_and_says_whether_to_retry() {
    let table = [
        (200, "", 0),
        (400, "bad_request", 0),
        (401, "unauthorized", 0),
        (403, "forbidden", 0),
        (404, "not_found", 0),
        (429, "rate_limited", 1),
        (500, "server_error", 1),
        (501, "server_error", 0),
        (520, "server_error", 1),
    ];
    for (status, code, retryable) in table {
        let call = send(&[]);
        let failed = api::read_status(status);
        assert_eq!(failed, u32::from(!code.is_empty()), "{status}");
        if failed == 1 {
            assert_eq!(call.text(0), code, "{status}");
        }
        assert_eq!(call.slot(2), retryable, "{status}");
    }
}
