//! A redirect read strictly (RFC 6749 §4.1.2, §4.2.2; RFC 9700; RFC 9207).

use super::address::Address;
use super::form;
use super::grammar::{self, NQCHAR, NQSCHAR, Set, TYPE, VSCHAR};
use super::writer::{self, Scratch, Writer};
use super::{scope, state};
use crate::error::{Error, Fault, ProviderError, fault};
use crate::providers::{Profile, ResponseType, TokenEncoding};

/// The query parameter that carries the nonce where `state` does not come back.
pub const NONCE_PARAMETER: &str = "plaudit_state";

/// Lifetimes beyond this many seconds (136 years) are read as this.
pub const LONGEST_EXPIRES_IN: u32 = u32::MAX;

/// What the redirect must answer to.
#[derive(Clone, Copy)]
pub struct Expected<'a> {
    /// The platform.
    pub profile: &'a Profile<'a>,
    /// The grant, and with it the component that is read.
    pub response_type: ResponseType,
    /// The `state` that was sent; `None` says that none was.
    pub state: Option<&'a str>,
    /// The redirect address that was sent; `None` leaves the address unchecked.
    pub redirect_uri: Option<&'a str>,
}

/// What a redirect holds.
#[derive(Clone, PartialEq, Eq)]
pub enum Callback {
    /// No OAuth response: an ordinary page address.
    None,
    /// An access token.
    Token(TokenResponse),
    /// An authorization code, to be exchanged by a server.
    Code(String),
}

// By hand, here and below: neither token nor code may be printed.
impl std::fmt::Debug for Callback {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Callback::None => f.write_str("None"),
            Callback::Token(response) => response.fmt(f),
            Callback::Code(_) => f.debug_tuple("Code").finish_non_exhaustive(),
        }
    }
}

/// A successful implicit response (RFC 6749 §4.2.2). Its type is always bearer.
#[derive(Clone, PartialEq, Eq)]
pub struct TokenResponse {
    /// `access_token`.
    pub access_token: String,
    /// `expires_in`, in seconds; `None` is unknown, not endless.
    pub expires_in: Option<u32>,
    /// `scope` as it came; `None` means what was asked for.
    pub scope: Option<String>,
}

impl std::fmt::Debug for TokenResponse {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("TokenResponse")
            .field("expires_in", &self.expires_in)
            .field("scope", &self.scope)
            .finish_non_exhaustive()
    }
}

impl TokenResponse {
    /// The scopes granted: those that came, else those that were asked for.
    #[must_use]
    pub fn granted<'a>(&'a self, asked: &[&'a str], profile: &Profile<'_>) -> Vec<&'a str> {
        match &self.scope {
            Some(value) => scope::split(value, profile.scope_delimiter).collect(),
            None => asked.to_vec(),
        }
    }
}

/// What can be told of an address before anything is known of a transaction.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Peek {
    /// Whether it holds a response, or a token where none may stand.
    pub is_callback: bool,
    /// `state`, where one came.
    pub state: Option<String>,
    /// The nonce in the address's query ([`NONCE_PARAMETER`]), where one is there.
    pub nonce: Option<String>,
}

/// [`Callback`], borrowed: what is empty did not come.
pub(crate) enum Answer<'a> {
    None,
    Token {
        access_token: &'a [u8],
        expires_in: Option<u32>,
        scope: &'a [u8],
    },
    Code(&'a [u8]),
    /// The platform answered with an error.
    Refusal {
        fault: &'static Fault,
        error: &'a [u8],
        description: &'a [u8],
    },
}

/// [`Peek`], borrowed.
#[derive(Default)]
pub(crate) struct Glance<'a> {
    pub is_callback: bool,
    pub state: &'a [u8],
    pub nonce: &'a [u8],
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn given(bytes: &[u8]) -> Option<String> {
    Some(text(bytes)).filter(|text| !text.is_empty())
}

macro_rules! parameters {
    ($($variant:ident = $name:literal,)*) => {
        #[derive(Clone, Copy)]
        enum Parameter { $($variant,)* }

        const PARAMETERS: [&str; [$($name,)*].len()] = [$($name,)*];

        /// What is wrong when a parameter is given twice, in the same order.
        static TWICE: [Fault; PARAMETERS.len()] = [$(
            fault!(DuplicateParameter, $name, "is given more than once: sign in again"),
        )*];
    };
}

parameters! {
    AccessToken = "access_token",
    TokenType = "token_type",
    ExpiresIn = "expires_in",
    Scope = "scope",
    State = "state",
    Code = "code",
    Error = "error",
    ErrorDescription = "error_description",
    ErrorUri = "error_uri",
    Iss = "iss",
}

/// The standard parameters of one component, decoded, and the first that is named twice.
struct Fields<'a> {
    values: [&'a [u8]; PARAMETERS.len()],
    /// One bit a parameter: an empty value is a name all the same.
    named: u32,
    twice: Option<&'static Fault>,
}

impl<'a> Fields<'a> {
    const EMPTY: Fields<'static> = Fields {
        values: [b""; PARAMETERS.len()],
        named: 0,
        twice: None,
    };

    fn read(&mut self, component: &'a [u8], encoding: TokenEncoding, scratch: &mut Scratch<'a>) {
        for piece in form::pieces(component) {
            // Hardly any name is encoded, and comparing is faster than decoding.
            let as_it_stands =
                |name: &&str| name.len() == piece.name.len() && name.as_bytes() == piece.name;
            let decoded = || PARAMETERS.iter().position(|name| piece.is_named(name));
            let found = PARAMETERS.iter().position(as_it_stands);
            let Some(at) = found.or_else(decoded) else {
                continue;
            };
            let bit = 1 << at;
            if self.named & bit != 0 {
                self.twice = self.twice.or(TWICE.get(at));
                continue;
            }
            self.named |= bit;
            // Base64 has no space: one is a `+` that was not percent-encoded.
            let is_repaired = encoding == TokenEncoding::Base64
                && (at == Parameter::AccessToken as usize || at == Parameter::Code as usize);
            if let Some(value) = self.values.get_mut(at) {
                *value = scratch.decode(piece.value, if is_repaired { b'+' } else { b' ' });
            }
        }
    }

    /// The value; one that is empty counts as absent (RFC 6749 §3.1).
    fn get(&self, parameter: Parameter) -> &'a [u8] {
        self.values
            .get(parameter as usize)
            .copied()
            .unwrap_or_default()
    }

    fn is_callback(&self) -> bool {
        const ANY: u32 = (1 << Parameter::AccessToken as u32)
            | (1 << Parameter::Code as u32)
            | (1 << Parameter::Error as u32);
        self.named & ANY != 0
    }
}

fn component<'a>(address: &Address<'a>, response_type: ResponseType) -> &'a [u8] {
    let component = match response_type {
        ResponseType::Token => address.fragment,
        ResponseType::Code => address.query,
    };
    component.unwrap_or_default()
}

fn has_token_in_query(address: &Address<'_>) -> bool {
    form::pieces(address.query.unwrap_or_default()).any(|piece| piece.is_named("access_token"))
}

/// Looks whether `url` holds a response at all, and whose.
#[must_use]
pub fn peek(url: &str, response_type: ResponseType) -> Peek {
    let mut room = vec![0; url.len()];
    let glance = glance(url, response_type, &mut Scratch(&mut room));
    Peek {
        is_callback: glance.is_callback,
        state: given(glance.state),
        nonce: given(glance.nonce),
    }
}

/// `scratch` is as long as `url` at least: no part of it is decoded twice.
pub(crate) fn glance<'a>(
    url: &'a str,
    response_type: ResponseType,
    scratch: &mut Scratch<'a>,
) -> Glance<'a> {
    let Some(address) = Address::parse(url) else {
        return Glance::default();
    };
    let mut fields = Fields::EMPTY;
    fields.read(
        component(&address, response_type),
        TokenEncoding::Opaque,
        scratch,
    );
    let nonce = form::pieces(address.query.unwrap_or_default())
        .find(|piece| piece.is_named(NONCE_PARAMETER) && !piece.value.is_empty());
    Glance {
        is_callback: fields.is_callback() || has_token_in_query(&address),
        state: fields.get(Parameter::State),
        nonce: nonce.map_or(b"", |piece| scratch.decode(piece.value, b' ')),
    }
}

macro_rules! against_grammar {
    ($parameter:literal) => {
        fault!(
            MalformedResponse,
            $parameter,
            "is missing or holds what RFC 6749 does not allow there"
        )
    };
}

static STATE: Fault = fault!(
    InvalidArgument,
    "state",
    "must be the state that was sent, or null where none was",
);
static REDIRECT_URI: Fault = fault!(
    InvalidArgument,
    "redirectUri",
    "must be an absolute http(s) URL without a fragment",
);
static URL: Fault = fault!(InvalidArgument, "url", "must be an absolute http(s) URL");
static TOKEN_IN_QUERY: Fault = fault!(
    TokenInQuery,
    "access_token",
    "stands in the query, where servers log it: have it revoked, and let the platform answer in \
     the fragment",
);
static STATE_MISSING: Fault = fault!(
    StateMissing,
    "state",
    "did not come back. Sign in again; on Trustpilot without \"Continue with Google\", which \
     loses it, or with correlateBy: \"redirect-uri\"",
);
static STATE_MISMATCH: Fault = fault!(
    StateMismatch,
    "state",
    "is not the one that was sent: this response belongs to another sign-in. Sign in again",
);
static STATE_UNEXPECTED: Fault = fault!(
    StateUnexpected,
    "state",
    "came although none was sent: this response belongs to another sign-in. Sign in again",
);
static REDIRECT_MISMATCH: Fault = fault!(
    RedirectMismatch,
    "redirectUri",
    "the response arrived at another address than the redirect address",
);
static ISSUER_MISMATCH: Fault = fault!(
    IssuerMismatch,
    "iss",
    "the response comes from another issuer than the request went to",
);
static UNSUPPORTED_TOKEN_TYPE: Fault = fault!(
    UnsupportedTokenType,
    "token_type",
    "is not bearer, so the token cannot be used (RFC 6749 §7.1)",
);
static ACCESS_DENIED: Fault = fault!(ProviderError, "", "the user or the platform said no");
static PLATFORM_FAILED: Fault = fault!(ProviderError, "", "the platform failed: try again later",);
static REFUSED: Fault = fault!(
    ProviderError,
    "",
    "the platform refused the request: check client id, redirect address and grant",
);
static ERROR_BESIDE: Fault = fault!(
    MalformedResponse,
    "error",
    "came together with a token or a code"
);
static CODE_BESIDE: Fault = fault!(
    MalformedResponse,
    "code",
    "came although a token was asked for"
);
static BAD_TOKEN: Fault = against_grammar!("access_token");
static BAD_CODE: Fault = against_grammar!("code");
static BAD_TOKEN_TYPE: Fault = against_grammar!("token_type");
static BAD_EXPIRES_IN: Fault = against_grammar!("expires_in");
static BAD_SCOPE: Fault = against_grammar!("scope");
static BAD_ERROR: Fault = against_grammar!("error");
static BAD_DESCRIPTION: Fault = against_grammar!("error_description");
static BAD_URI: Fault = against_grammar!("error_uri");

/// Reads a redirect.
///
/// # Errors
/// Any of the codes from [`Code::InvalidArgument`](crate::Code::InvalidArgument) to
/// [`Code::UnsupportedTokenType`](crate::Code::UnsupportedTokenType); the order of
/// the checks is that of the project's documentation, and `error` is looked at only after `state`.
pub fn parse_callback(url: &str, expected: &Expected<'_>) -> Result<Callback, Error> {
    let mut room = vec![0; url.len()];
    match read(url, expected, &mut Scratch(&mut room))? {
        Answer::None => Ok(Callback::None),
        Answer::Code(code) => Ok(Callback::Code(text(code))),
        Answer::Token {
            access_token,
            expires_in,
            scope,
        } => Ok(Callback::Token(TokenResponse {
            access_token: text(access_token),
            expires_in,
            scope: given(scope),
        })),
        Answer::Refusal {
            fault,
            error,
            description,
        } => Err(Error::refusal(
            fault,
            ProviderError {
                error: text(error),
                description: given(description),
            },
        )),
    }
}

/// `scratch` is as long as `url` at least: no part of it is decoded twice.
pub(crate) fn read<'a>(
    url: &'a str,
    expected: &Expected<'_>,
    scratch: &mut Scratch<'a>,
) -> Result<Answer<'a>, &'static Fault> {
    let mut fields = Fields::EMPTY;
    read_fields(url, expected, scratch, &mut fields)?;
    let token = fields.get(Parameter::AccessToken);
    let code = fields.get(Parameter::Code);
    if !fields.is_callback() {
        Ok(Answer::None)
    } else if !fields.get(Parameter::Error).is_empty() {
        if !token.is_empty() || !code.is_empty() {
            return Err(&ERROR_BESIDE);
        }
        read_error(&fields)
    } else if expected.response_type == ResponseType::Code {
        check(VSCHAR, code, &BAD_CODE)?;
        Ok(Answer::Code(code))
    } else if !code.is_empty() {
        Err(&CODE_BESIDE)
    } else {
        check(VSCHAR, token, &BAD_TOKEN)?;
        read_token(&fields)
    }
}

/// All that is checked before the response itself is read, if there is one.
fn read_fields<'a>(
    url: &'a str,
    expected: &Expected<'_>,
    scratch: &mut Scratch<'a>,
    fields: &mut Fields<'a>,
) -> Result<(), &'static Fault> {
    if expected.state.is_some_and(str::is_empty) {
        return Err(&STATE);
    }
    let parsed = Address::parse(url);
    let redirect = match expected.redirect_uri {
        None => None,
        // To the letter the same: nothing has to be taken apart again.
        Some(uri) if parsed.as_ref().is_some_and(|it| it.base == uri.as_bytes()) => None,
        Some(uri) => {
            let redirect = Address::parse(uri);
            if redirect.as_ref().is_none_or(|it| it.fragment.is_some()) {
                return Err(&REDIRECT_URI);
            }
            redirect
        }
    };
    let Some(address) = &parsed else {
        return Err(&URL);
    };
    if has_token_in_query(address) {
        return Err(&TOKEN_IN_QUERY);
    }
    fields.read(
        component(address, expected.response_type),
        expected.profile.token_encoding,
        scratch,
    );
    if !fields.is_callback() {
        return Ok(());
    }
    if let Some(fault) = fields.twice {
        return Err(fault);
    }
    check_state(expected.state, fields.get(Parameter::State))?;
    if let Some(redirect) = &redirect
        && !redirect.same_endpoint(address)
    {
        return Err(&REDIRECT_MISMATCH);
    }
    let iss = fields.get(Parameter::Iss);
    if let Some(issuer) = expected.profile.issuer
        && !iss.is_empty()
        && !state::is_read_as(iss, issuer)
    {
        return Err(&ISSUER_MISMATCH);
    }
    Ok(())
}

fn check_state(sent: Option<&str>, received: &[u8]) -> Result<(), &'static Fault> {
    match sent {
        None if received.is_empty() => Ok(()),
        None => Err(&STATE_UNEXPECTED),
        Some(_) if received.is_empty() => Err(&STATE_MISSING),
        Some(sent) if state::matches(sent, received) => Ok(()),
        Some(_) => Err(&STATE_MISMATCH),
    }
}

fn check(set: Set, value: &[u8], fault: &'static Fault) -> Result<(), &'static Fault> {
    if grammar::all(set, value) {
        Ok(())
    } else {
        Err(fault)
    }
}

/// Like [`check`], for a parameter that may be absent.
fn check_given(set: Set, value: &[u8], fault: &'static Fault) -> Result<(), &'static Fault> {
    if value.is_empty() {
        Ok(())
    } else {
        check(set, value, fault)
    }
}

fn read_error<'a>(fields: &Fields<'a>) -> Result<Answer<'a>, &'static Fault> {
    let error = fields.get(Parameter::Error);
    let description = fields.get(Parameter::ErrorDescription);
    check(NQSCHAR, error, &BAD_ERROR)?;
    check_given(NQSCHAR, description, &BAD_DESCRIPTION)?;
    check_given(NQCHAR, fields.get(Parameter::ErrorUri), &BAD_URI)?;
    // Compared, not matched: patterns of bytes compile to one branch a byte.
    let fault = if error == b"access_denied" {
        &ACCESS_DENIED
    } else if error == b"server_error" || error == b"temporarily_unavailable" {
        &PLATFORM_FAILED
    } else {
        &REFUSED
    };
    Ok(Answer::Refusal {
        fault,
        error,
        description,
    })
}

fn read_token<'a>(fields: &Fields<'a>) -> Result<Answer<'a>, &'static Fault> {
    let token_type = fields.get(Parameter::TokenType);
    let expires_in = fields.get(Parameter::ExpiresIn);
    let scope = fields.get(Parameter::Scope);
    check(TYPE, token_type, &BAD_TOKEN_TYPE)?;
    let seconds = grammar::number(expires_in).ok_or(&BAD_EXPIRES_IN)?;
    if !scope.is_empty() && !grammar::is_scope(scope) {
        return Err(&BAD_SCOPE);
    }
    if !token_type.eq_ignore_ascii_case(b"bearer") {
        return Err(&UNSUPPORTED_TOKEN_TYPE);
    }
    Ok(Answer::Token {
        access_token: fields.get(Parameter::AccessToken),
        expires_in: (!expires_in.is_empty()).then_some(seconds),
        scope,
    })
}

/// The address without the response: what the application put into its query and fragment stays,
/// to the letter and in its order.
#[must_use]
pub fn clean(url: &str, response_type: ResponseType) -> String {
    let Ok(cleaned) = writer::to_string(url.len(), |out| {
        write_clean(out, url, response_type);
        Ok::<_, std::convert::Infallible>(())
    });
    cleaned
}

/// `out` has room for all of `url`.
pub(crate) fn write_clean(out: &mut Writer<'_>, url: &str, response_type: ResponseType) {
    let Some(address) = Address::parse(url) else {
        return out.extend(url.as_bytes());
    };
    out.extend(address.base);
    let in_query = response_type == ResponseType::Code || has_token_in_query(&address);
    let in_fragment = response_type == ResponseType::Token;
    for (mark, component, holds_response) in [
        (b'?', address.query, in_query),
        (b'#', address.fragment, in_fragment),
    ] {
        let is_ours = |piece: &form::Piece<'_>| {
            (holds_response && is_response_parameter(piece))
                || (mark == b'?' && piece.is_named(NONCE_PARAMETER))
        };
        let Some(component) = component else { continue };
        if !form::pieces(component).any(|piece| is_ours(&piece)) {
            out.push(mark);
            out.extend(component);
            continue;
        }
        let mut separator = mark;
        for piece in form::pieces(component) {
            if !is_ours(&piece) {
                out.push(separator);
                out.extend(piece.raw);
                separator = b'&';
            }
        }
    }
}

fn is_response_parameter(piece: &form::Piece<'_>) -> bool {
    // A refresh or ID token has no business here (RFC 6749 §4.2.2), and least of all may it stay.
    piece.is_named("refresh_token")
        || piece.is_named("id_token")
        || PARAMETERS.iter().any(|name| piece.is_named(name))
}
