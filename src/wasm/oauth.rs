use std::borrow::Cow;

use wasm_bindgen::prelude::wasm_bindgen;

use super::mailbox::{Arguments, answer, fail, put, put_owned, put_text};
use crate::error::Error;
use crate::oauth::address::Address;
use crate::oauth::callback::{self, Callback, Expected, Peek};
use crate::oauth::{AuthorizeRequest, authorize_url as build, state, token, transaction};
use crate::providers::{PROVIDERS, Profile, ResponseType, TokenEncoding};

/// Bits of the number that says what the arguments are.
const CODE: u32 = 1;
const BASE64: u32 = 2;
const COMMA: u32 = 4;
const STATE: u32 = 8;
const REDIRECT_URI: u32 = 16;
/// From here on: 1 + the place of a platform known by name, 0 for a profile of the caller's.
const PROVIDER_SHIFT: u32 = 8;

const fn response_type(flags: u32) -> ResponseType {
    if flags & CODE == 0 {
        ResponseType::Token
    } else {
        ResponseType::Code
    }
}

fn profile(flags: u32, endpoint: &'static str, issuer: &'static str) -> Profile<'static> {
    let known = (flags >> PROVIDER_SHIFT).checked_sub(1);
    match known.and_then(|at| PROVIDERS.get(at as usize)) {
        Some(profile) => **profile,
        None => Profile {
            id: "",
            authorization_endpoint: endpoint,
            response_types: &[ResponseType::Token, ResponseType::Code],
            scope_delimiter: if flags & COMMA == 0 { ' ' } else { ',' },
            token_encoding: match flags & BASE64 {
                0 => TokenEncoding::Opaque,
                _ => TokenEncoding::Base64,
            },
            issuer: Some(issuer).filter(|issuer| !issuer.is_empty()),
            api_origins: "",
        },
    }
}

/// The place of a platform known by name, counted from 1; 0 when there is none such.
#[wasm_bindgen]
pub fn provider() -> u32 {
    let id = Arguments::take().next();
    let at = PROVIDERS.iter().position(|profile| profile.id == id);
    if let Some(profile) = at.and_then(|at| PROVIDERS.get(at)) {
        put_text(0, profile.api_origins);
    }
    at.map_or(0, |at| at as u32 + 1)
}

/// 32 random bytes, as 64 hexadecimal digits would carry them, to a `state`.
#[wasm_bindgen]
pub fn encode_state() -> u32 {
    let mut random = [0; 32];
    let bytes = super::mailbox::bytes();
    for (to, from) in random.iter_mut().zip(bytes) {
        *to = *from;
    }
    answer(Ok(state::encode(&random)))
}

/// Arguments: endpoint, client id, redirect address, state, then `scopes` scopes, then
/// `extras` names and values in turn.
#[wasm_bindgen]
pub fn authorize_url(flags: u32, scopes: usize, extras: usize) -> u32 {
    let mut arguments = Arguments::take();
    let endpoint = arguments.next();
    let profile = profile(flags, endpoint, "");
    let (client_id, redirect_uri, state) = (arguments.next(), arguments.next(), arguments.next());
    let scope = arguments.many(scopes);
    let extra: Vec<_> = (0..extras)
        .map(|_| (arguments.next(), arguments.next()))
        .collect();
    answer(build(&AuthorizeRequest {
        profile: &profile,
        endpoint: Some(endpoint).filter(|endpoint| !endpoint.is_empty()),
        response_type: response_type(flags),
        client_id,
        redirect_uri,
        state,
        scope: &scope,
        extra: &extra,
    }))
}

/// Arguments: URL, state, redirect address, issuer. Answers 0 for none, 1 for an error, 2 for a
/// token, 3 for a code.
#[wasm_bindgen]
pub fn parse_callback(flags: u32) -> u32 {
    let mut arguments = Arguments::take();
    let (url, state, redirect_uri) = (arguments.next(), arguments.next(), arguments.next());
    let profile = profile(flags, "", arguments.next());
    let expected = Expected {
        profile: &profile,
        response_type: response_type(flags),
        state: (flags & STATE != 0).then_some(state),
        redirect_uri: (flags & REDIRECT_URI != 0).then_some(redirect_uri),
    };
    match callback::parse_callback(url, &expected) {
        Ok(Callback::None) => 0,
        Ok(Callback::Token(response)) => {
            put(2, u32::from(response.expires_in.is_some()));
            put(3, response.expires_in.unwrap_or_default());
            put(4, u32::from(profile.scope_delimiter));
            put_both(response.access_token, response.scope);
            2
        }
        Ok(Callback::Code(code)) => {
            put_both(code, None);
            3
        }
        Err(error) => fail(error),
    }
}

/// Arguments: URL. Answers whether it holds a response; its state and nonce as texts.
#[wasm_bindgen]
pub fn peek(flags: u32) -> u32 {
    let Peek {
        is_callback,
        state,
        nonce,
    } = callback::peek(Arguments::take().next(), response_type(flags));
    put_both(state.unwrap_or_default(), nonce);
    u32::from(is_callback)
}

/// Arguments: URL. Answers with the address without the response.
#[wasm_bindgen]
pub fn clean(flags: u32) -> u32 {
    answer(Ok(callback::clean(
        Arguments::take().next(),
        response_type(flags),
    )))
}

/// Arguments: two URLs. Answers whether they are the same redirect address.
#[wasm_bindgen]
pub fn same_endpoint() -> bool {
    let mut arguments = Arguments::take();
    let (a, b) = (
        Address::parse(arguments.next()),
        Address::parse(arguments.next()),
    );
    matches!((a, b), (Some(a), Some(b)) if a.same_endpoint(&b))
}

/// Arguments: the page, the target. Answers with the target as a path of this origin.
#[wasm_bindgen]
pub fn return_to() -> u32 {
    let mut arguments = Arguments::take();
    let (page, target) = (arguments.next(), arguments.next());
    let result: Result<&str, Error> = transaction::return_to(page, target);
    answer(result.map(String::from))
}

/// Whether a transaction is too old.
#[wasm_bindgen]
pub fn is_transaction_expired(created_at: f64, now: f64) -> bool {
    transaction::is_expired(created_at, now)
}

/// 0 fresh, 1 expiring, 2 expired.
#[wasm_bindgen]
pub fn phase(now: f64, expires_at: f64, skew: f64) -> u32 {
    token::phase(now, Some(expires_at), skew) as u32
}

/// Milliseconds until the phase may change; below zero when it never will.
#[wasm_bindgen]
pub fn next_check(now: f64, expires_at: f64, skew: f64) -> f64 {
    token::next_check(now, Some(expires_at), skew).unwrap_or(-1.0)
}

/// Two texts into the slots 0, 1 and 5, 6. What was borrowed from the arguments stays where it
/// is; what had to be decoded is kept together as the answer.
fn put_both(first: Cow<'_, str>, second: Option<Cow<'_, str>>) {
    let second = second.unwrap_or_default();
    match (first, second) {
        (Cow::Borrowed(first), Cow::Borrowed(second)) => {
            put_text(0, first);
            put_text(5, second);
        }
        (first, second) => {
            let (length, start) = (first.len() as u32, second.len() as u32);
            put_owned(0, first.into_owned() + &second);
            let pointer = super::mailbox::get(0);
            put(1, length);
            put(5, pointer + length);
            put(6, start);
        }
    }
}
