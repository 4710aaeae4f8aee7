use gloo_net::http::Request;
use wasm_bindgen::prelude::wasm_bindgen;

use super::mailbox::{call, fail, put, put_text};
use crate::api::{self, Access, Key, endpoint};
use crate::error::{Fault, Refusal, fault};
use crate::oauth::writer::Writer;

static BASE_URL: Fault = fault!(
    InvalidArgument,
    "baseUrl",
    "is not an address that requests can go to"
);

/// As many as JavaScript hands over at once: it has 128 lengths to fill.
const MOST_PAIRS: usize = 62;

/// Arguments: base address, key, the endpoint's line, then names and values of `count` parameters in
/// turn. `key_in`: 0 nowhere, 1 header, 2 query. Leaves the body of a POST in the slots.
#[wasm_bindgen]
pub fn request(key_in: u32, count: usize) -> Option<web_sys::Request> {
    call(|mut arguments| {
        let (base, key) = (arguments.next(), arguments.next());
        let key = match key_in {
            0 => Key::None,
            1 => Key::Header(key),
            _ => Key::Query(key),
        };
        let access = Access { base, key };
        let line = arguments.next();
        let mut pairs = [("", ""); MOST_PAIRS];
        for pair in pairs.iter_mut().take(count) {
            *pair = (arguments.next(), arguments.next());
        }
        let pairs = pairs.get(..count).unwrap_or_default();
        let mut out = Writer::new(arguments.scratch());
        let built = endpoint::write(&mut out, line, &access, pairs).and_then(|body| {
            let (url, body) = out
                .written()
                .split_at_checked(body.unwrap_or(out.written().len()))
                .unwrap_or_default();
            put_text(0, body);
            Ok(to_request(url, &access)?)
        });
        match built {
            Ok(request) => Some(web_sys::Request::from(request)),
            Err(Refusal { fault, subject }) => {
                fail(fault);
                if !subject.is_empty() {
                    put_text(2, subject);
                }
                None
            }
        }
    })
}

fn to_request(url: &[u8], access: &Access<'_>) -> Result<Request, &'static Fault> {
    // SAFETY: it is the base address, which came as a `str`, and ASCII.
    #[allow(unsafe_code)]
    let url = unsafe { str::from_utf8_unchecked(url) };
    // What is thrown may be no `Error`, which gloo-net's own builder does not bear.
    let request = web_sys::Request::new_with_str(url).map_err(|_| &BASE_URL)?;
    let request = Request::from(request);
    if let Some(key) = access.header() {
        request.headers().set("apikey", key);
    }
    Ok(request)
}

/// The code of a failed answer as a text, and whether a retry may help.
#[wasm_bindgen]
pub fn read_status(status: u16) -> u32 {
    put(2, u32::from(api::is_retryable(status)));
    match api::read_status(status) {
        None => 0,
        Some(code) => {
            put_text(0, code.as_str().as_bytes());
            1
        }
    }
}
