use gloo_net::http::{RequestBuilder, Response};
use wasm_bindgen::prelude::wasm_bindgen;

use super::mailbox::{Arguments, fail, put, put_text};
use crate::api::trustpilot::business_units;
use crate::api::{self, Access, Key};
use crate::error::Error;

/// Arguments: base address, key, domain. `key_in`: 0 nowhere, 1 header, 2 query.
#[wasm_bindgen]
pub fn find_business_unit(key_in: u32) -> Option<web_sys::Request> {
    let mut arguments = Arguments::take();
    let (base, key) = (arguments.next(), arguments.next());
    let key = match key_in {
        0 => Key::None,
        1 => Key::Header(key),
        _ => Key::Query(key),
    };
    request(business_units::find(
        &Access { base, key },
        arguments.next(),
    ))
}

fn request(result: Result<api::Request, Error>) -> Option<web_sys::Request> {
    let request = result.map_err(fail).ok()?;
    let mut builder = RequestBuilder::new(&request.url);
    if let Some(key) = &request.api_key {
        builder = builder.header("apikey", key);
    }
    match builder.build() {
        Ok(request) => Some(request.into()),
        Err(_) => {
            fail(Error::argument(
                "baseUrl",
                "is not an address that requests can go to",
            ));
            None
        }
    }
}

/// The code of a failed answer as a text, and whether a retry may help.
#[wasm_bindgen]
pub fn read_response(response: web_sys::Response) -> u32 {
    let status = Response::from(response).status();
    put(2, u32::from(api::is_retryable(status)));
    match api::read_status(status) {
        None => 0,
        Some(code) => {
            put_text(0, code.as_str());
            1
        }
    }
}
