//! What `plaudit/server` calls: JSON in, JSON out. All that is freed is wiped, since secrets pass
//! through here.

use std::alloc::System;

use serde::Serialize;
use serde::de::DeserializeOwned;
use wasm_bindgen::prelude::wasm_bindgen;
use zeroizing_alloc::ZeroAlloc;

use crate::error::{Error, Fault, fault};
use crate::server;
use crate::server::tokens::machine::{self, Advance, Start};
use crate::server::tokens::{Machine, Step};
use crate::widgets;
use crate::widgets::jsonld::{Item, Made, json_ld};

#[cfg_attr(not(test), global_allocator)]
#[cfg_attr(test, allow(dead_code))]
static ALLOCATOR: ZeroAlloc<System> = ZeroAlloc(System);

static ARGUMENT: Fault = fault!(InvalidArgument, "", "is not what this call takes");

/// An [`Error`] as JavaScript reads it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Failure<'a> {
    code: &'a str,
    subject: &'a str,
    message: &'a str,
    oauth_error: Option<&'a str>,
    description: Option<&'a str>,
}

/// `name => function,` makes a function of JSON text of one of values. Its error is JSON too.
macro_rules! exports {
    ($($name:ident => $function:path,)*) => {
        $(
            #[wasm_bindgen]
            pub fn $name(input: &str) -> Result<String, String> {
                answer(input, $function)
            }
        )*
    };
}

exports! {
    endpoint_request => server::endpoint::endpoint_request,
    store_key => server::store_key,
    fingerprint => server::grants::fingerprint,
    describe_server => server::grants::describe_server,
    token_request => server::grants::token_request,
    revoke_request => server::grants::revoke_request,
    read_token_answer => server::grants::read_token_answer,
    read_revoke_answer => server::grants::read_revoke_answer,
    tokens_policy => server::tokens::policy::policy,
    tokens_start => first_machine,
    tokens_step => next_machine,
    record_view => server::tokens::record::view,
    record_begin => server::tokens::record::begin,
    record_mark => server::tokens::record::mark,
    record_commit => server::tokens::record::commit,
    record_fail => server::tokens::record::fail,
    record_end => server::tokens::record::end,
    webhook_check => server::webhooks::check_options,
    request_sign => server::signing::sign,
    link_prepare => server::links::prepare,
    partner_address => server::partner::address,
    partner_read => server::partner::read,
    partner_advice => server::partner::advice,
    render_widget => widgets::host::render_input,
    structured_data => describe_item,
}

fn describe_item(item: Item) -> Result<Made, Error> {
    Ok(json_ld(&item))
}

fn first_machine(input: Start) -> Result<Machine, Error> {
    Ok(machine::start(&input))
}

fn next_machine(input: Advance) -> Result<Step, Error> {
    Ok(machine::advance(input))
}

/// The same for functions that take bytes beside their JSON.
macro_rules! exports_of_bytes {
    ($($name:ident => $function:path,)*) => {
        $(
            #[wasm_bindgen]
            pub fn $name(input: &str, bytes: &[u8]) -> Result<String, String> {
                answer(input, |input| $function(input, bytes))
            }
        )*
    };
}

exports_of_bytes! {
    webhook_verify => server::webhooks::verify,
    link_address => server::links::address,
}

fn answer<I: DeserializeOwned, O: Serialize>(
    input: &str,
    function: impl FnOnce(I) -> Result<O, Error>,
) -> Result<String, String> {
    // What serde says of a value may quote it.
    serde_json::from_str(input)
        .map_err(|_| Error::from(&ARGUMENT))
        .and_then(function)
        .and_then(|output| serde_json::to_string(&output).map_err(|_| Error::from(&ARGUMENT)))
        .map_err(|error| {
            let provider = error.provider();
            let failure = Failure {
                code: error.code().as_str(),
                subject: error.subject(),
                message: error.message(),
                oauth_error: provider.map(|it| it.error.as_str()),
                description: provider.and_then(|it| it.description.as_deref()),
            };
            serde_json::to_string(&failure).unwrap_or_default()
        })
}
