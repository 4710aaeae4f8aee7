//! The authorization request (RFC 6749 §4.1.1, §4.2.1).

use super::address::Address;
use super::form::{self, split};
use super::grammar::{self, NQCHAR, Set, VSCHAR};
use super::writer::{self, Writer};
use crate::error::{Error, Fault, fault};
use crate::providers::{Profile, ResponseType};

static RESPONSE_TYPE: Fault = fault!(
    InvalidArgument,
    "responseType",
    "this platform does not offer that grant"
);
static CLIENT_ID: Fault = fault!(
    InvalidArgument,
    "clientId",
    "must be one or more printable ASCII characters"
);
static STATE: Fault = fault!(
    InvalidArgument,
    "state",
    "is required: pass what createState() gives"
);
static SCOPE: Fault = fault!(
    InvalidArgument,
    "scope",
    "holds a character that no scope may have"
);
static ENDPOINT: Fault = fault!(
    InvalidArgument,
    "endpoint",
    "must be an absolute https URL without a fragment; http is for loopback hosts only",
);
static ENDPOINT_QUERY: Fault = fault!(
    InvalidArgument,
    "endpoint",
    "its query names a standard OAuth parameter, client_secret or response_mode"
);
static REDIRECT_URI: Fault = fault!(
    InvalidArgument,
    "redirectUri",
    "must be an absolute https URL"
);
static REDIRECT_URI_FRAGMENT: Fault = fault!(
    InvalidArgument,
    "redirectUri",
    "must not have a fragment (RFC 6749 §3.1.2)"
);
static REDIRECT_URI_HTTP: Fault = fault!(
    InvalidArgument,
    "redirectUri",
    "must be https; http is for loopback hosts only",
);
static EXTRA: Fault = fault!(
    InvalidArgument,
    "extra",
    "names a parameter that is already there"
);
static EXTRA_REFUSED: Fault = fault!(
    InvalidArgument,
    "extra",
    "may hold neither client_secret (a secret has no place in a browser) nor response_mode (where \
     the response arrives is not the caller's to choose)"
);

const STANDARD: [&str; 5] = [
    "response_type",
    "client_id",
    "redirect_uri",
    "scope",
    "state",
];

/// A secret stays on a server; a token must not be asked into the query (RFC 9700 §4.3.2).
const REFUSED: [&str; 2] = ["client_secret", "response_mode"];

/// What an authorize URL is made of.
#[derive(Clone, Copy)]
pub struct AuthorizeRequest<'a> {
    /// The platform.
    pub profile: &'a Profile<'a>,
    /// Another authorization endpoint than the profile's, for example a sandbox's.
    pub endpoint: Option<&'a str>,
    /// The grant.
    pub response_type: ResponseType,
    /// `client_id`; the API key on Trustpilot.
    pub client_id: &'a str,
    /// `redirect_uri`, sent to the letter.
    pub redirect_uri: &'a str,
    /// `state`: required, since nothing else protects these flows (RFC 9700 §2.1).
    pub state: &'a str,
    /// `scope`; none is sent when it is empty.
    pub scope: &'a [&'a str],
    /// Other parameters, in this order.
    pub extra: &'a [(&'a str, &'a str)],
}

/// The address to send the user to.
///
/// # Errors
/// `invalid_argument`, with the argument's name as subject.
pub fn authorize_url(request: &AuthorizeRequest<'_>) -> Result<String, Error> {
    // Every byte may become three; 256 are for the names of the standard parameters.
    let scope: usize = request.scope.iter().map(|it| it.len() + 1).sum();
    let extra: usize = request
        .extra
        .iter()
        .map(|it| it.0.len() + it.1.len() + 2)
        .sum();
    let endpoint = request
        .endpoint
        .unwrap_or(request.profile.authorization_endpoint);
    let values = request.client_id.len() + request.redirect_uri.len() + request.state.len();
    let room = endpoint.len() + 3 * (scope + extra + values) + 256;
    Ok(writer::to_string(room, |out| write(out, request))?)
}

pub(crate) fn write(
    out: &mut Writer<'_>,
    request: &AuthorizeRequest<'_>,
) -> Result<(), &'static Fault> {
    let profile = request.profile;
    if !profile.response_types.contains(&request.response_type) {
        return Err(&RESPONSE_TYPE);
    }
    let endpoint = request.endpoint.unwrap_or(profile.authorization_endpoint);
    let query = endpoint_query(endpoint)?;
    check(VSCHAR, request.client_id, &CLIENT_ID)?;
    check_redirect_uri(request.redirect_uri)?;
    check(VSCHAR, request.state, &STATE)?;
    for scope in request.scope {
        check(NQCHAR, scope, &SCOPE)?;
        // A comma may stand in a token, but not where it stands between two.
        if split(scope.as_bytes(), profile.scope_delimiter).1.is_some() {
            return Err(&SCOPE);
        }
    }
    check_extra(request.extra, query)?;

    out.extend(endpoint.as_bytes());
    form::encode_pair(out, "response_type", request.response_type.as_str());
    form::encode_pair(out, "client_id", request.client_id);
    form::encode_pair(out, "redirect_uri", request.redirect_uri);
    for (at, scope) in request.scope.iter().enumerate() {
        if at == 0 {
            form::encode_name(out, b"scope");
        } else {
            form::encode(out, &[profile.scope_delimiter]);
        }
        form::encode(out, scope.as_bytes());
    }
    form::encode_pair(out, "state", request.state);
    for (name, value) in request.extra {
        form::encode_pair(out, name, value);
    }
    Ok(())
}

fn check(set: Set, value: &str, fault: &'static Fault) -> Result<(), &'static Fault> {
    if grammar::all(set, value.as_bytes()) {
        Ok(())
    } else {
        Err(fault)
    }
}

fn endpoint_query(endpoint: &str) -> Result<&[u8], &'static Fault> {
    match Address::parse(endpoint) {
        Some(address) if address.fragment.is_none() && address.is_safe() => {
            let query = address.query.unwrap_or_default();
            if STANDARD
                .iter()
                .chain(&REFUSED)
                .any(|name| is_in(query, name))
            {
                return Err(&ENDPOINT_QUERY);
            }
            Ok(query)
        }
        _ => Err(&ENDPOINT),
    }
}

/// Refuses a redirect address that RFC 6749 §3.1.2 or RFC 9700 §2.6 refuses.
fn check_redirect_uri(redirect_uri: &str) -> Result<(), &'static Fault> {
    match Address::parse(redirect_uri) {
        None => Err(&REDIRECT_URI),
        Some(address) if address.fragment.is_some() => Err(&REDIRECT_URI_FRAGMENT),
        Some(address) if !address.is_safe() => Err(&REDIRECT_URI_HTTP),
        Some(_) => Ok(()),
    }
}

fn check_extra(extra: &[(&str, &str)], query: &[u8]) -> Result<(), &'static Fault> {
    for (at, (name, _)) in extra.iter().enumerate() {
        let twice = extra.iter().take(at).any(|(other, _)| other == name);
        if name.is_empty() || twice || STANDARD.contains(name) || is_in(query, name) {
            return Err(&EXTRA);
        }
        if REFUSED.contains(name) {
            return Err(&EXTRA_REFUSED);
        }
    }
    Ok(())
}

fn is_in(query: &[u8], name: &str) -> bool {
    form::pieces(query).any(|piece| piece.is_named(name))
}
