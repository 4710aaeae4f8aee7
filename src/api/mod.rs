//! Every endpoint as a request that is built and a status that is read. No network here.

pub mod trustpilot;

use crate::error::{Code, Error};
use crate::oauth::address::Address;
use crate::oauth::{form, grammar};

/// A GET request, ready to be sent.
#[derive(Clone, PartialEq, Eq)]
pub struct Request {
    /// The whole address, query included.
    pub url: String,
    /// The `apikey` header, where the key goes there.
    pub api_key: Option<String>,
}

impl std::fmt::Debug for Request {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Request").finish_non_exhaustive()
    }
}

/// Where the public API key goes.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Key<'a> {
    /// Nowhere: a proxy adds it.
    None,
    /// Into the `apikey` header, as the platform advises; costs a page a preflight.
    Header(&'a str),
    /// Into the query: no preflight, but logs see it.
    Query(&'a str),
}

/// How the API is reached.
#[derive(Clone, Copy)]
pub struct Access<'a> {
    /// The base address, for example `https://api.trustpilot.com/v1`.
    pub base: &'a str,
    /// The public API key.
    pub key: Key<'a>,
}

impl Access<'_> {
    /// # Errors
    /// `invalid_argument` for a base address or a key that cannot be used.
    fn get(&self, path: &str, query: &[(&str, &str)]) -> Result<Request, Error> {
        let is_usable = Address::parse(self.base)
            .is_some_and(|base| base.is_safe() && base.query.is_none() && base.fragment.is_none());
        if !is_usable {
            return Err(Error::argument(
                "baseUrl",
                "must be an absolute https URL without query and fragment; http is for loopback \
                 hosts only",
            ));
        }
        let (header, in_query) = match self.key {
            Key::None => (None, None),
            Key::Header(key) => (Some(key), None),
            Key::Query(key) => (None, Some(key)),
        };
        if header
            .or(in_query)
            .is_some_and(|key| !grammar::is_scope_token(key))
        {
            return Err(Error::argument(
                "apiKey",
                "is missing or holds what no key has",
            ));
        }
        let mut url = String::from(self.base.trim_end_matches('/'));
        url.push_str(path);
        for (name, value) in query
            .iter()
            .copied()
            .chain(in_query.map(|key| ("apikey", key)))
        {
            form::append_pair(&mut url, name, value);
        }
        Ok(Request {
            url,
            api_key: header.map(String::from),
        })
    }
}

/// What an HTTP status means; `None` for success.
#[must_use]
pub const fn read_status(status: u16) -> Option<Code> {
    match status {
        200..=299 => None,
        401 => Some(Code::Unauthorized),
        403 => Some(Code::Forbidden),
        404 => Some(Code::NotFound),
        429 => Some(Code::RateLimited),
        500..=599 => Some(Code::ServerError),
        _ => Some(Code::BadRequest),
    }
}

/// Whether the same request may succeed later: no answer at all is the caller's to judge.
#[must_use]
pub const fn is_retryable(status: u16) -> bool {
    matches!(status, 408 | 429 | 500 | 502..=504 | 520..=524)
}
