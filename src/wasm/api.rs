use gloo_net::http::{Request, Response};
use wasm_bindgen::prelude::wasm_bindgen;

use super::mailbox::{call, fail, put, put_text};
use crate::api::trustpilot::business_units;
use crate::api::{self, Access, Key};
use crate::error::{Fault, fault};
use crate::oauth::writer::Writer;

static BASE_URL: Fault = fault!(
    InvalidArgument,
    "baseUrl",
    "is not an address that requests can go to"
);

/// Arguments: base address, key, domain. `key_in`: 0 nowhere, 1 header, 2 query.
#[wasm_bindgen]
pub fn find_business_unit(key_in: u32) -> Option<web_sys::Request> {
    call(|mut arguments| {
        let (base, key) = (arguments.next(), arguments.next());
        let domain = arguments.next();
        let key = match key_in {
            0 => Key::None,
            1 => Key::Header(key),
            _ => Key::Query(key),
        };
        let mut out = Writer::new(arguments.scratch());
        let access = Access { base, key };
        let built = business_units::write_find(&mut out, &access, domain)
            .and_then(|()| request(out.written(), key));
        built.map_err(fail).ok().map(web_sys::Request::from)
    })
}

fn request(url: &[u8], key: Key<'_>) -> Result<Request, &'static Fault> {
    let url = str::from_utf8(url).map_err(|_| &BASE_URL)?;
    // What is thrown may be no `Error`, which gloo-net's own builder does not bear.
    let request = web_sys::Request::new_with_str(url).map_err(|_| &BASE_URL)?;
    let request = Request::from(request);
    if let Key::Header(key) = key {
        request.headers().set("apikey", key);
    }
    Ok(request)
}

/// The code of a failed answer as a text, and whether a retry may help.
#[wasm_bindgen]
pub fn read_response(response: web_sys::Response) -> u32 {
    let status = Response::from(response).status();
    put(2, u32::from(api::is_retryable(status)));
    match api::read_status(status) {
        None => 0,
        Some(code) => {
            put_text(0, code.as_str().as_bytes());
            1
        }
    }
}
