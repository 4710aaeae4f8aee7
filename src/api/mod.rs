//! Every endpoint as a request that is built and an answer that is read. No network here.

#[cfg(feature = "serde")]
pub mod answer;
#[cfg(feature = "serde")]
pub mod common;
#[cfg(feature = "serde")]
mod date;
pub(crate) mod endpoint;
pub mod trustoo;
pub mod trustpilot;

use crate::error::{Code, Fault, fault};
use crate::oauth::address::Address;
use crate::oauth::form;
use crate::oauth::grammar::{self, NQCHAR};
use crate::oauth::writer::Writer;

pub use endpoint::{ANY, Cache, Endpoint, Kind, Members, Method, Paging, Parameter, get};

/// A platform's public API as data.
pub struct Platform {
    /// Its name, that of its [`Profile`](crate::providers::Profile).
    pub id: &'static str,
    /// The base address of its endpoints.
    pub base: &'static str,
    /// Its endpoints, by resource.
    pub endpoints: &'static [&'static [Endpoint]],
    /// What the numbers of its envelope mean, where its answers come in one; others are
    /// [`Code::BadRequest`], 0 is success.
    pub envelope: Option<&'static [(u32, Code)]>,
    /// Where the common view finds what it shows of a rating: its member, and paths in the answer
    /// with `|` between those that are tried in turn.
    pub rating: &'static [(&'static str, &'static str)],
    /// The same of a review.
    pub review: &'static [(&'static str, &'static str)],
}

/// The platforms.
pub const PLATFORMS: &[&Platform] = &[&trustpilot::PLATFORM, &trustoo::PLATFORM];

/// A request, ready to be sent.
#[derive(Clone, PartialEq, Eq)]
pub struct Request {
    /// How it is sent.
    pub method: Method,
    /// The whole address, query included.
    pub url: String,
    /// The `apikey` header, where the key goes there.
    pub api_key: Option<String>,
    /// The body of a POST, as JSON.
    pub body: Option<String>,
}

impl std::fmt::Debug for Request {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Request").finish_non_exhaustive()
    }
}

/// Where the public API key goes.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Key<'a> {
    /// Nowhere: a proxy adds it, or the platform asks for none.
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

static BASE_URL: Fault = fault!(
    InvalidArgument,
    "baseUrl",
    "must be an absolute https URL without query and fragment; http is for loopback hosts only",
);
static API_KEY: Fault = fault!(
    InvalidArgument,
    "apiKey",
    "is missing or holds what no key has"
);
static DEMO_KEY: Fault = fault!(
    InvalidArgument,
    "apiKey",
    "is the sandbox's: give its base address too, or a key of the platform's"
);

/// Apart from [`PLATFORMS`], which a build for browsers has no other use for.
const BASES: [&str; 2] = [trustpilot::PLATFORM.base, trustoo::PLATFORM.base];

/// What the keys of the sandbox begin with.
const DEMO: &str = "plaudit-demo";

impl<'a> Access<'a> {
    /// Writes the base address. `baseUrl` or `apiKey` is refused when it cannot be used.
    fn start(&self, out: &mut Writer<'_>) -> Result<(), &'static Fault> {
        let base = match Address::parse(self.base) {
            Some(base) if base.is_safe() && base.query.is_none() && base.fragment.is_none() => base,
            _ => return Err(&BASE_URL),
        };
        if let Key::Header(key) | Key::Query(key) = self.key {
            if !grammar::all(NQCHAR, key.as_bytes()) {
                return Err(&API_KEY);
            }
            let is_platform =
                |own: &&str| Address::parse(own).is_some_and(|own| own.same_origin(&base));
            if key.starts_with(DEMO) && BASES.iter().any(is_platform) {
                return Err(&DEMO_KEY);
            }
        }
        let base = self.base.as_bytes();
        out.extend(base.strip_suffix(b"/").unwrap_or(base));
        Ok(())
    }

    /// Writes the key where it goes into the query.
    fn finish(&self, out: &mut Writer<'_>) {
        if let Key::Query(key) = self.key {
            form::encode_pair(out, "apikey", key);
        }
    }

    /// The key where it goes into a header.
    pub(crate) const fn header(&self) -> Option<&'a str> {
        match self.key {
            Key::Header(key) => Some(key),
            _ => None,
        }
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
