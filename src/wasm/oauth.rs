use wasm_bindgen::prelude::wasm_bindgen;

use super::mailbox::{answer, call, fail, put, put_text, refuse};
use crate::oauth::address::Address;
use crate::oauth::authorize::{self, AuthorizeRequest};
use crate::oauth::callback::{self, Answer, Expected};
use crate::oauth::writer::{Scratch, Writer};
use crate::oauth::{state, token, transaction};
use crate::providers::{PROVIDERS, Profile, ResponseType, TokenEncoding};

/// Bits of the number that says what the arguments are.
const CODE: u32 = 1;
const BASE64: u32 = 2;
const COMMA: u32 = 4;
const STATE: u32 = 8;
const REDIRECT_URI: u32 = 16;
/// From here on: 1 + the place of a platform known by name, 0 for a profile of the caller's.
const PROVIDER_SHIFT: u32 = 8;

/// More scopes or other parameters than there are slots: those too many are read as empty, and
/// refused.
const MANY: usize = 128;

const fn response_type(flags: u32) -> ResponseType {
    if flags & CODE == 0 {
        ResponseType::Token
    } else {
        ResponseType::Code
    }
}

fn given(text: &str) -> Option<&str> {
    Some(text).filter(|text| !text.is_empty())
}

/// The platform known by name, or else the caller's own profile.
fn profile<'p>(flags: u32, own: &'p Profile<'p>) -> &'p Profile<'p> {
    let known = (flags >> PROVIDER_SHIFT).checked_sub(1);
    let known = known.and_then(|at| PROVIDERS.get(at as usize));
    known.copied().unwrap_or(own)
}

fn own_profile<'a>(flags: u32, endpoint: &'a str, issuer: &'a str) -> Profile<'a> {
    Profile {
        id: "",
        authorization_endpoint: endpoint,
        response_types: &[ResponseType::Token, ResponseType::Code],
        scope_delimiter: if flags & COMMA == 0 { b' ' } else { b',' },
        token_encoding: match flags & BASE64 {
            0 => TokenEncoding::Opaque,
            _ => TokenEncoding::Base64,
        },
        issuer: given(issuer),
        api_origins: "",
    }
}

/// The place of a platform known by name, counted from 1; 0 when there is none such.
#[wasm_bindgen]
pub fn provider() -> u32 {
    call(|mut arguments| {
        let id = arguments.next();
        for (profile, place) in PROVIDERS.iter().zip(1..) {
            if profile.id == id {
                put_text(0, profile.api_origins.as_bytes());
                return place;
            }
        }
        0
    })
}

/// The buffer begins with 32 random bytes. Answers with a `state`.
#[wasm_bindgen]
pub fn encode_state() -> u32 {
    call(|arguments| {
        let random = arguments.bytes().first_chunk().unwrap_or(&[0; 32]);
        let mut out = Writer::new(arguments.scratch());
        state::write(&mut out, random);
        answer(out.written(), Ok(()))
    })
}

/// Arguments: endpoint, client id, redirect address, state, then `scopes` scopes, then
/// `extras` names and values in turn.
#[wasm_bindgen]
pub fn authorize_url(flags: u32, scopes: usize, extras: usize) -> u32 {
    call(|mut arguments| {
        let endpoint = arguments.next();
        let own = own_profile(flags, endpoint, "");
        let profile = profile(flags, &own);
        let (client_id, redirect_uri) = (arguments.next(), arguments.next());
        let state = arguments.next();
        let mut scope = [""; MANY];
        let mut extra = [("", ""); MANY];
        let scope = scope.get_mut(..scopes.min(MANY)).unwrap_or_default();
        scope.fill_with(|| arguments.next());
        let extra = extra.get_mut(..extras.min(MANY)).unwrap_or_default();
        extra.fill_with(|| (arguments.next(), arguments.next()));
        let mut out = Writer::new(arguments.scratch());
        let result = authorize::write(
            &mut out,
            &AuthorizeRequest {
                profile,
                endpoint: given(endpoint),
                response_type: response_type(flags),
                client_id,
                redirect_uri,
                state,
                scope,
                extra,
            },
        );
        answer(out.written(), result)
    })
}

/// Arguments: URL, state, redirect address, issuer. Answers 0 for none, 1 for an error, 2 for a
/// token, 3 for a code.
#[wasm_bindgen]
pub fn parse_callback(flags: u32) -> u32 {
    call(|mut arguments| {
        let (url, state, redirect_uri) = (arguments.next(), arguments.next(), arguments.next());
        let own = own_profile(flags, "", arguments.next());
        let profile = profile(flags, &own);
        let expected = Expected {
            profile,
            response_type: response_type(flags),
            state: (flags & STATE != 0).then_some(state),
            redirect_uri: (flags & REDIRECT_URI != 0).then_some(redirect_uri),
        };
        match callback::read(url, &expected, &mut Scratch(arguments.scratch())) {
            Ok(Answer::None) => 0,
            Err(fault) => fail(fault),
            Ok(Answer::Refusal {
                fault,
                error,
                description,
            }) => refuse(fault, error, description),
            Ok(Answer::Token {
                access_token,
                expires_in,
                scope,
            }) => {
                put_text(0, access_token);
                put(2, u32::from(expires_in.is_some()));
                put(3, expires_in.unwrap_or_default());
                put(4, u32::from(profile.scope_delimiter));
                put_text(5, scope);
                2
            }
            Ok(Answer::Code(code)) => {
                put_text(0, code);
                put_text(5, b"");
                3
            }
        }
    })
}

/// Arguments: URL. Answers whether it holds a response; its state and nonce as texts.
#[wasm_bindgen]
pub fn peek(flags: u32) -> u32 {
    call(|mut arguments| {
        let url = arguments.next();
        let mut scratch = Scratch(arguments.scratch());
        let glance = callback::glance(url, response_type(flags), &mut scratch);
        put_text(0, glance.state);
        put_text(5, glance.nonce);
        u32::from(glance.is_callback)
    })
}

/// Arguments: URL. Answers with the address without the response.
#[wasm_bindgen]
pub fn clean(flags: u32) -> u32 {
    call(|mut arguments| {
        let url = arguments.next();
        let mut out = Writer::new(arguments.scratch());
        callback::write_clean(&mut out, url, response_type(flags));
        answer(out.written(), Ok(()))
    })
}

/// Arguments: two URLs. Answers whether they are the same redirect address.
#[wasm_bindgen]
pub fn same_endpoint() -> bool {
    call(|mut arguments| {
        let a = Address::parse(arguments.next());
        let b = Address::parse(arguments.next());
        matches!((a, b), (Some(a), Some(b)) if a.same_endpoint(&b))
    })
}

/// Arguments: URL. Answers whether tokens may travel there.
#[wasm_bindgen]
pub fn is_safe() -> bool {
    call(|mut arguments| Address::parse(arguments.next()).is_some_and(|url| url.is_safe()))
}

/// Arguments: the page, the target. Answers with the target as a path of this origin.
#[wasm_bindgen]
pub fn return_to() -> u32 {
    call(|mut arguments| {
        let (page, target) = (arguments.next(), arguments.next());
        let path = transaction::local_path(page, target);
        answer(path.unwrap_or_default().as_bytes(), path.map(drop))
    })
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
