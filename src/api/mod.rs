//! Every endpoint as a request that is built and a status that is read. No network here.

pub mod trustpilot;

use crate::error::{Code, Error, Fault, fault};
use crate::oauth::address::Address;
use crate::oauth::form;
use crate::oauth::grammar::{self, NQCHAR};
use crate::oauth::writer::{self, Writer};

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

impl Access<'_> {
    /// Writes the address of `path`. `baseUrl` or `apiKey` is refused when it cannot be used.
    fn write(
        &self,
        out: &mut Writer<'_>,
        path: &str,
        query: &[(&str, &str)],
    ) -> Result<(), &'static Fault> {
        match Address::parse(self.base) {
            Some(base) if base.is_safe() && base.query.is_none() && base.fragment.is_none() => {}
            _ => return Err(&BASE_URL),
        }
        if let Key::Header(key) | Key::Query(key) = self.key
            && !grammar::all(NQCHAR, key.as_bytes())
        {
            return Err(&API_KEY);
        }
        let base = self.base.as_bytes();
        out.extend(base.strip_suffix(b"/").unwrap_or(base));
        out.extend(path.as_bytes());
        for (name, value) in query {
            form::encode_pair(out, name, value);
        }
        if let Key::Query(key) = self.key {
            form::encode_pair(out, "apikey", key);
        }
        Ok(())
    }

    /// The request whose address `write` writes out of `values` bytes of values.
    fn request(
        &self,
        values: usize,
        write: impl FnOnce(&mut Writer<'_>) -> Result<(), &'static Fault>,
    ) -> Result<Request, Error> {
        let (key, header) = match self.key {
            Key::None => (0, None),
            Key::Header(key) => (0, Some(key)),
            Key::Query(key) => (key.len(), None),
        };
        // Every byte may become three; 256 are for the path and the names.
        let room = self.base.len() + 3 * (values + key) + 256;
        Ok(Request {
            url: writer::to_string(room, write)?,
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
