//! The authorization request (RFC 6749 §4.1.1, §4.2.1).

use super::address::Address;
use super::{form, grammar};
use crate::error::Error;
use crate::providers::{Profile, ResponseType};

/// What an authorize URL is made of.
#[derive(Clone, Copy, Debug)]
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
    let profile = request.profile;
    if !profile.response_types.contains(&request.response_type) {
        return Err(Error::argument(
            "responseType",
            "this platform does not offer that grant",
        ));
    }
    let endpoint = request.endpoint.unwrap_or(profile.authorization_endpoint);
    let query = endpoint_query(endpoint)?;
    if !grammar::is_vschar(request.client_id) {
        return Err(Error::argument(
            "clientId",
            "must be one or more printable ASCII characters",
        ));
    }
    check_redirect_uri(request.redirect_uri)?;
    if !grammar::is_vschar(request.state) {
        return Err(Error::argument(
            "state",
            "is required: pass what createState() gives",
        ));
    }
    let mut scope = String::new();
    for token in request.scope {
        if !grammar::is_scope_token(token)
            || (profile.scope_delimiter != ' ' && token.contains(profile.scope_delimiter))
        {
            return Err(Error::argument(
                "scope",
                "holds a character that no scope may have",
            ));
        }
        if !scope.is_empty() {
            scope.push(profile.scope_delimiter);
        }
        scope.push_str(token);
    }
    check_extra(request.extra, query)?;

    let mut url = String::from(endpoint);
    let standard = [
        ("response_type", request.response_type.as_str()),
        ("client_id", request.client_id),
        ("redirect_uri", request.redirect_uri),
        ("scope", &scope),
        ("state", request.state),
    ];
    for (name, value) in standard.iter().chain(request.extra) {
        if !value.is_empty() {
            form::append_pair(&mut url, name, value);
        }
    }
    Ok(url)
}

/// Refuses a redirect address that RFC 6749 §3.1.2 or RFC 9700 §2.6 refuses.
pub(crate) fn check_redirect_uri(redirect_uri: &str) -> Result<(), Error> {
    match Address::parse(redirect_uri) {
        None => Err(Error::argument(
            "redirectUri",
            "must be an absolute https URL",
        )),
        Some(address) if address.fragment.is_some() => Err(Error::argument(
            "redirectUri",
            "must not have a fragment (RFC 6749 §3.1.2)",
        )),
        Some(address) if !address.is_safe() => Err(Error::argument(
            "redirectUri",
            "must be https; http is for loopback hosts only",
        )),
        Some(_) => Ok(()),
    }
}

fn endpoint_query(endpoint: &str) -> Result<&str, Error> {
    let address = Address::parse(endpoint)
        .filter(|address| address.fragment.is_none() && address.is_safe())
        .ok_or(Error::argument(
            "endpoint",
            "must be an absolute https URL without a fragment; http is for loopback hosts only",
        ))?;
    let query = address.query.unwrap_or_default();
    if form::pairs(query).any(|(name, _)| is_standard(&name)) {
        return Err(Error::argument(
            "endpoint",
            "its query names a standard OAuth parameter",
        ));
    }
    Ok(query)
}

fn check_extra(extra: &[(&str, &str)], query: &str) -> Result<(), Error> {
    for (at, (name, _)) in extra.iter().enumerate() {
        let twice = extra.iter().take(at).any(|(other, _)| other == name)
            || form::pairs(query).any(|(other, _)| other == *name);
        if name.is_empty() || twice || is_standard(name) {
            return Err(Error::argument(
                "extra",
                "names a parameter that is already there",
            ));
        }
        if *name == "client_secret" {
            return Err(Error::argument(
                "extra",
                "a secret has no place in a browser",
            ));
        }
    }
    Ok(())
}

fn is_standard(name: &str) -> bool {
    matches!(
        name,
        "response_type" | "client_id" | "redirect_uri" | "scope" | "state"
    )
}
