//! A redirect read strictly (RFC 6749 §4.1.2, §4.2.2; RFC 9700; RFC 9207).

use std::borrow::Cow;

use super::address::Address;
use super::{form, grammar, scope, state};
use crate::error::{Code, Error, ProviderError};
use crate::providers::{Profile, ResponseType, TokenEncoding};

/// The query parameter that carries the nonce where `state` does not come back.
pub const NONCE_PARAMETER: &str = "plaudit_state";

/// Lifetimes beyond this many seconds (136 years) are read as this.
pub const LONGEST_EXPIRES_IN: u32 = u32::MAX;

/// What the redirect must answer to.
#[derive(Clone, Copy, Debug)]
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
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Callback<'a> {
    /// No OAuth response: an ordinary page address.
    None,
    /// An access token.
    Token(TokenResponse<'a>),
    /// An authorization code, to be exchanged by a server.
    Code(Cow<'a, str>),
}

/// A successful implicit response (RFC 6749 §4.2.2). Its type is always bearer.
#[derive(Clone, PartialEq, Eq)]
pub struct TokenResponse<'a> {
    /// `access_token`.
    pub access_token: Cow<'a, str>,
    /// `expires_in`, in seconds; `None` is unknown, not endless.
    pub expires_in: Option<u32>,
    /// `scope` as it came; `None` means what was asked for.
    pub scope: Option<Cow<'a, str>>,
}

impl std::fmt::Debug for TokenResponse<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("TokenResponse")
            .field("expires_in", &self.expires_in)
            .field("scope", &self.scope)
            .finish_non_exhaustive()
    }
}

impl TokenResponse<'_> {
    /// The scopes granted: those that came, else those that were asked for.
    #[must_use]
    pub fn granted<'s>(&'s self, asked: &[&'s str], profile: &Profile<'_>) -> Vec<&'s str> {
        match &self.scope {
            Some(value) => scope::split(value, profile.scope_delimiter).collect(),
            None => asked.to_vec(),
        }
    }
}

/// What can be told of an address before anything is known of a transaction.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Peek<'a> {
    /// Whether it holds a response, or a token where none may stand.
    pub is_callback: bool,
    /// `state`, where one came.
    pub state: Option<Cow<'a, str>>,
    /// The nonce in the address's query ([`NONCE_PARAMETER`]), where one is there.
    pub nonce: Option<Cow<'a, str>>,
}

macro_rules! parameters {
    ($($variant:ident = $name:literal,)*) => {
        #[derive(Clone, Copy)]
        enum Parameter { $($variant,)* }

        impl Parameter {
            const NAMES: &[&str] = &[$($name,)*];

            fn find(name: &str) -> Option<(Parameter, &'static str)> {
                match name { $($name => Some((Parameter::$variant, $name)),)* _ => None }
            }
        }
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

/// The standard parameters of one component, and the first that is named twice.
#[derive(Default)]
struct Fields<'a> {
    values: [Option<form::Piece<'a>>; Parameter::NAMES.len()],
    twice: Option<&'static str>,
}

impl<'a> Fields<'a> {
    fn read(component: &'a str) -> Self {
        let mut fields = Fields::default();
        for piece in form::pieces(component) {
            let Some((parameter, name)) = Parameter::find(&piece.name()) else {
                continue;
            };
            if let Some(slot) = fields.values.get_mut(parameter as usize) {
                if slot.is_some() {
                    fields.twice = fields.twice.or(Some(name));
                } else {
                    *slot = Some(piece);
                }
            }
        }
        fields
    }

    fn is_named(&self, parameter: Parameter) -> bool {
        self.values
            .get(parameter as usize)
            .is_some_and(Option::is_some)
    }

    /// The decoded value; one that is empty counts as absent (RFC 6749 §3.1).
    fn get(&self, parameter: Parameter) -> Option<Cow<'a, str>> {
        let piece = self.values.get(parameter as usize)?.as_ref()?;
        Some(piece.value()).filter(|value| !value.is_empty())
    }

    fn is_callback(&self) -> bool {
        self.is_named(Parameter::AccessToken)
            || self.is_named(Parameter::Code)
            || self.is_named(Parameter::Error)
    }
}

const fn component<'a>(address: &Address<'a>, response_type: ResponseType) -> &'a str {
    let component = match response_type {
        ResponseType::Token => address.fragment,
        ResponseType::Code => address.query,
    };
    match component {
        Some(component) => component,
        None => "",
    }
}

fn has_token_in_query(address: &Address<'_>) -> bool {
    address
        .query
        .is_some_and(|query| form::pieces(query).any(|piece| piece.name() == "access_token"))
}

/// Looks whether `url` holds a response at all, and whose.
#[must_use]
pub fn peek(url: &str, response_type: ResponseType) -> Peek<'_> {
    let Some(address) = Address::parse(url) else {
        return Peek::default();
    };
    let fields = Fields::read(component(&address, response_type));
    let nonce = address.query.and_then(|query| {
        form::pairs(query)
            .find(|(name, value)| name == NONCE_PARAMETER && !value.is_empty())
            .map(|(_, value)| value)
    });
    Peek {
        is_callback: fields.is_callback() || has_token_in_query(&address),
        state: fields.get(Parameter::State),
        nonce,
    }
}

/// Reads a redirect.
///
/// The token, code and `state` are borrowed from `url` where nothing had to be decoded.
///
/// # Errors
/// Any of the codes from [`Code::InvalidArgument`] to [`Code::UnsupportedTokenType`]; the order of
/// the checks is that of the project's documentation, and `error` is looked at only after `state`.
pub fn parse_callback<'a>(url: &'a str, expected: &Expected<'_>) -> Result<Callback<'a>, Error> {
    if expected.state.is_some_and(str::is_empty) {
        return Err(Error::argument(
            "state",
            "must be the state that was sent, or null where none was",
        ));
    }
    let redirect = match expected.redirect_uri.map(Address::parse) {
        None => None,
        Some(Some(address)) if address.fragment.is_none() => Some(address),
        Some(_) => {
            return Err(Error::argument(
                "redirectUri",
                "must be an absolute http(s) URL without a fragment",
            ));
        }
    };
    let Some(address) = Address::parse(url) else {
        return Err(Error::argument("url", "must be an absolute http(s) URL"));
    };

    if has_token_in_query(&address) {
        return Err(Error::new(
            Code::TokenInQuery,
            "access_token",
            "stands in the query, where servers and logs have seen it: have it revoked, and let \
             the platform answer in the fragment",
        ));
    }
    let fields = Fields::read(component(&address, expected.response_type));
    if !fields.is_callback() {
        return Ok(Callback::None);
    }
    if let Some(name) = fields.twice {
        return Err(Error::new(
            Code::DuplicateParameter,
            name,
            "is given more than once, so the response cannot be trusted: sign in again",
        ));
    }
    check_state(expected.state, fields.get(Parameter::State).as_deref())?;
    if redirect.is_some_and(|redirect| !redirect.same_endpoint(&address)) {
        return Err(Error::new(
            Code::RedirectMismatch,
            "redirectUri",
            "the response arrived at another address than the redirect address",
        ));
    }
    if let (Some(issuer), Some(iss)) = (expected.profile.issuer, fields.get(Parameter::Iss))
        && issuer != iss
    {
        return Err(Error::new(
            Code::IssuerMismatch,
            "iss",
            "the response comes from another issuer than the request went to",
        ));
    }
    read_response(&fields, expected)
}

fn check_state(expected: Option<&str>, received: Option<&str>) -> Result<(), Error> {
    match (expected, received) {
        (Some(_), None) => Err(Error::new(
            Code::StateMissing,
            "state",
            "did not come back. Sign in again; on Trustpilot without \"Continue with Google\", \
             which loses it, or with correlateBy: \"redirect-uri\"",
        )),
        (Some(expected), Some(received)) if !state::matches(expected, received) => Err(Error::new(
            Code::StateMismatch,
            "state",
            "is not the one that was sent: this response belongs to another sign-in. Sign in again",
        )),
        (None, Some(_)) => Err(Error::new(
            Code::StateUnexpected,
            "state",
            "came although none was sent: this response belongs to another sign-in. Sign in again",
        )),
        _ => Ok(()),
    }
}

fn read_response<'a>(fields: &Fields<'a>, expected: &Expected<'_>) -> Result<Callback<'a>, Error> {
    let encoding = expected.profile.token_encoding;
    let token = fields
        .get(Parameter::AccessToken)
        .map(|value| repair(value, encoding));
    let code = fields
        .get(Parameter::Code)
        .map(|value| repair(value, encoding));
    if let Some(error) = fields.get(Parameter::Error) {
        if token.is_some() || code.is_some() {
            return Err(malformed("error", "came together with a token or a code"));
        }
        return Err(read_error(fields, error));
    }
    match (expected.response_type, token, code) {
        (ResponseType::Token, Some(token), None) => read_token(fields, token),
        (ResponseType::Token, _, Some(_)) => {
            Err(malformed("code", "came although a token was asked for"))
        }
        (ResponseType::Token, None, None) => Err(malformed("access_token", "is missing")),
        (ResponseType::Code, _, Some(code)) if grammar::is_vschar(&code) => {
            Ok(Callback::Code(code))
        }
        (ResponseType::Code, _, Some(_)) => Err(refused_by_grammar("code")),
        (ResponseType::Code, _, None) => Err(malformed("code", "is missing")),
    }
}

fn read_error(fields: &Fields<'_>, error: Cow<'_, str>) -> Error {
    let description = fields.get(Parameter::ErrorDescription);
    if !grammar::is_nqschar(&error) {
        return refused_by_grammar("error");
    }
    if description
        .as_deref()
        .is_some_and(|text| !grammar::is_nqschar(text))
    {
        return refused_by_grammar("error_description");
    }
    if fields
        .get(Parameter::ErrorUri)
        .is_some_and(|uri| !grammar::is_scope_token(&uri))
    {
        return refused_by_grammar("error_uri");
    }
    let message = match &*error {
        "access_denied" => "the user or the platform said no",
        "server_error" | "temporarily_unavailable" => "the platform failed: try again later",
        _ => "the platform refused the request: check client id, redirect address and grant",
    };
    let mut refusal = Error::new(Code::ProviderError, "", message);
    refusal.provider = Some(Box::new(ProviderError {
        error: error.into_owned(),
        description: description.map(Cow::into_owned),
    }));
    refusal
}

fn read_token<'a>(fields: &Fields<'a>, token: Cow<'a, str>) -> Result<Callback<'a>, Error> {
    if !grammar::is_vschar(&token) {
        return Err(refused_by_grammar("access_token"));
    }
    let Some(token_type) = fields.get(Parameter::TokenType) else {
        return Err(malformed("token_type", "is missing"));
    };
    if !grammar::is_token_type(&token_type) {
        return Err(refused_by_grammar("token_type"));
    }
    let expires_in = match fields.get(Parameter::ExpiresIn) {
        None => None,
        Some(digits) if grammar::is_digits(&digits) => Some(read_seconds(&digits)),
        Some(_) => return Err(refused_by_grammar("expires_in")),
    };
    let scope = fields.get(Parameter::Scope);
    if scope
        .as_deref()
        .is_some_and(|scope| !grammar::is_scope(scope))
    {
        return Err(refused_by_grammar("scope"));
    }
    if !token_type.eq_ignore_ascii_case("bearer") {
        return Err(Error::new(
            Code::UnsupportedTokenType,
            "token_type",
            "is not bearer, so the token cannot be used (RFC 6749 §7.1)",
        ));
    }
    Ok(Callback::Token(TokenResponse {
        access_token: token,
        expires_in,
        scope,
    }))
}

/// Digits alone were let through; what is too large becomes [`LONGEST_EXPIRES_IN`].
fn read_seconds(digits: &str) -> u32 {
    digits.bytes().fold(0, |sum: u32, digit| {
        sum.checked_mul(10)
            .and_then(|sum| sum.checked_add(u32::from(digit & 15)))
            .unwrap_or(LONGEST_EXPIRES_IN)
    })
}

fn repair(value: Cow<'_, str>, encoding: TokenEncoding) -> Cow<'_, str> {
    if encoding == TokenEncoding::Base64 && value.contains(' ') {
        Cow::Owned(value.replace(' ', "+"))
    } else {
        value
    }
}

const fn malformed(subject: &'static str, message: &'static str) -> Error {
    Error::new(Code::MalformedResponse, subject, message)
}

const fn refused_by_grammar(subject: &'static str) -> Error {
    malformed(subject, "holds what RFC 6749 does not allow there")
}

/// The address without the response: what the application put into its query and fragment stays,
/// to the letter and in its order.
#[must_use]
pub fn clean(url: &str, response_type: ResponseType) -> String {
    let Some(address) = Address::parse(url) else {
        return String::from(url);
    };
    let in_query = response_type == ResponseType::Code || has_token_in_query(&address);
    let in_fragment = response_type == ResponseType::Token;
    let mut out = String::from(address.base);
    for (mark, component, holds_response) in [
        ('?', address.query, in_query),
        ('#', address.fragment, in_fragment),
    ] {
        let Some(component) = component else { continue };
        let is_ours = |piece: &form::Piece<'_>| {
            let name = piece.name();
            holds_response && is_response_parameter(&name) || mark == '?' && name == NONCE_PARAMETER
        };
        let mut separator = mark;
        let mut push = |text: &str| {
            out.push(separator);
            out.push_str(text);
            separator = '&';
        };
        if form::pieces(component).any(|piece| is_ours(&piece)) {
            form::pieces(component)
                .filter(|piece| !is_ours(piece))
                .for_each(|it| push(it.raw));
        } else {
            push(component);
        }
    }
    out
}

fn is_response_parameter(name: &str) -> bool {
    // A refresh or ID token has no business here (RFC 6749 §4.2.2), and least of all may it stay.
    Parameter::find(name).is_some() || matches!(name, "refresh_token" | "id_token")
}
