//! One error for the whole library, with a stable [`Code`].

use std::fmt;

use crate::oauth::form::split;

macro_rules! codes {
    ($($(#[$doc:meta])* $variant:ident = $name:literal,)*) => {
        /// What went wrong, as a name that does not change between versions.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum Code {
            $($(#[$doc])* $variant,)*
        }

        impl Code {
            /// Every code the core can give.
            pub const ALL: &[Code] = &[$(Code::$variant,)*];

            /// The code as JavaScript sees it.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Code::$variant => $name,)* }
            }
        }
    };
}

codes! {
    /// An argument is missing or is not what it should be. Nothing was sent.
    InvalidArgument = "invalid_argument",
    /// An `access_token` stands in the query, where servers and logs see it (RFC 9700 §4.3.2).
    TokenInQuery = "token_in_query",
    /// A standard parameter is given more than once (RFC 6749 §3.1).
    DuplicateParameter = "duplicate_parameter",
    /// A `state` was sent and none came back.
    StateMissing = "state_missing",
    /// The `state` that came back is not the one that was sent.
    StateMismatch = "state_mismatch",
    /// No `state` was sent, yet one came.
    StateUnexpected = "state_unexpected",
    /// The response arrived at another address than the redirect address.
    RedirectMismatch = "redirect_mismatch",
    /// The response names another issuer (RFC 9207).
    IssuerMismatch = "issuer_mismatch",
    /// The platform answered with an `error` (RFC 6749 §4.1.2.1, §4.2.2.1).
    ProviderError = "provider_error",
    /// The response breaks the grammar or the rules of RFC 6749.
    MalformedResponse = "malformed_response",
    /// The token is of a type that this library cannot use (RFC 6749 §7.1).
    UnsupportedTokenType = "unsupported_token_type",
    /// No sign-in that waits for an answer was found in this tab.
    TransactionMissing = "transaction_missing",
    /// The sign-in took longer than ten minutes.
    TransactionExpired = "transaction_expired",
    /// 401: key or token is missing, wrong or expired.
    Unauthorized = "unauthorized",
    /// 403: key or token has no right to this.
    Forbidden = "forbidden",
    /// 404: there is no such thing.
    NotFound = "not_found",
    /// 429: too many calls.
    RateLimited = "rate_limited",
    /// Any other 4xx: the platform did not accept the request.
    BadRequest = "bad_request",
    /// 5xx: the platform failed.
    ServerError = "server_error",
    /// The platform refused client, secret or grant as they are configured: nothing that a retry or
    /// a new sign-in can mend.
    ConfigurationError = "configuration_error",
    /// The grant is at its end: the user, or the operator, has to sign in again.
    ReauthorizationRequired = "reauthorization_required",
    /// Another process is getting the token; it was not there in time.
    TokenPending = "token_pending",
    /// The token store does not answer, and no token that is still valid is at hand.
    StoreUnavailable = "store_unavailable",
    /// A webhook's signature is not of its bytes.
    SignatureMismatch = "signature_mismatch",
    /// A webhook's timestamp is too old or too far ahead.
    TimestampOutOfRange = "timestamp_out_of_range",
    /// A webhook came before.
    AlreadyReceived = "already_received",
}

/// Why a call failed, and what to do about it.
///
/// Neither a token nor a code nor a `state` ever stands in it, except inside
/// [`ProviderError::description`], which is the platform's own text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error {
    fault: &'static Fault,
    /// In place of the fault's own, where it is one for many parameters.
    subject: Option<String>,
    provider: Option<ProviderError>,
}

/// A [`Fault`] and the parameter that it is about.
pub(crate) struct Refusal<'a> {
    pub(crate) fault: &'static Fault,
    pub(crate) subject: &'a [u8],
}

impl<'a> Refusal<'a> {
    pub(crate) const fn of(fault: &'static Fault, subject: &'a [u8]) -> Self {
        Self { fault, subject }
    }
}

impl From<&'static Fault> for Refusal<'_> {
    fn from(fault: &'static Fault) -> Self {
        Self::of(fault, b"")
    }
}

impl From<Refusal<'_>> for Error {
    fn from(refusal: Refusal<'_>) -> Self {
        let subject = String::from_utf8_lossy(refusal.subject).into_owned();
        Self {
            subject: Some(subject).filter(|subject| !subject.is_empty()),
            ..Self::new(refusal.fault)
        }
    }
}

/// All of an error that is known when the library is built, as `code|subject|message`: one text, so
/// that an error costs a pointer. Made by `fault!` into a `static`.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Fault(pub &'static [u8]);

/// `fault!(Code, subject, message)` is a [`Fault`].
macro_rules! fault {
    ($code:ident, $subject:expr, $message:expr $(,)?) => {{
        const PARTS: [&str; 3] = [$crate::Code::$code.as_str(), $subject, $message];
        const TEXT: [u8; $crate::error::length(&PARTS)] = $crate::error::join(&PARTS);
        $crate::error::Fault(&TEXT)
    }};
}
pub(crate) use fault;

/// How long [`join`] makes it.
pub(crate) const fn length(parts: &[&str; 3]) -> usize {
    let [code, subject, message] = parts;
    code.len() + subject.len() + message.len() + 2
}

/// `parts` with `|` between them.
// Evaluated by the compiler, where an index out of bounds would not build.
#[allow(clippy::indexing_slicing)]
pub(crate) const fn join<const N: usize>(parts: &[&str; 3]) -> [u8; N] {
    let mut text = [b'|'; N];
    let (mut part, mut at, mut end) = (0, 0, 0);
    while part < parts.len() {
        let (bytes, start) = (parts[part].as_bytes(), end);
        end = start + bytes.len();
        while at < end {
            text[at] = bytes[at - start];
            at += 1;
        }
        end += 1;
        at = end;
        part += 1;
    }
    text
}

/// An error response of the authorization server (RFC 6749 §4.1.2.1, §4.2.2.1).
/// All of it is text that an attacker can write: never show it as HTML.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProviderError {
    /// `error`, for example `access_denied`.
    pub error: String,
    /// `error_description`, where one came.
    pub description: Option<String>,
}

impl Fault {
    /// Code, subject and message.
    pub(crate) fn parts(&self) -> [&'static [u8]; 3] {
        let (code, rest) = split(self.0, b'|');
        let (subject, message) = split(rest.unwrap_or_default(), b'|');
        [code, subject, message.unwrap_or_default()]
    }
}

impl Error {
    const fn new(fault: &'static Fault) -> Self {
        Self {
            fault,
            subject: None,
            provider: None,
        }
    }

    pub(crate) fn refusal(fault: &'static Fault, provider: ProviderError) -> Self {
        Self {
            provider: Some(provider),
            ..Self::new(fault)
        }
    }

    /// The stable name of what went wrong.
    #[must_use]
    pub fn code(&self) -> Code {
        let name = self.part(0);
        let code = Code::ALL.iter().find(|code| code.as_str() == name);
        // It is found: `fault!` took it from there.
        code.copied().unwrap_or(Code::InvalidArgument)
    }

    /// The parameter or argument that it is about; empty where there is none.
    #[must_use]
    pub fn subject(&self) -> &str {
        self.subject.as_deref().unwrap_or(self.part(1))
    }

    /// What happened and what to do, as a sentence.
    #[must_use]
    pub fn message(&self) -> &'static str {
        self.part(2)
    }

    fn part(&self, at: usize) -> &'static str {
        let part = self.fault.parts().get(at).copied().unwrap_or_default();
        str::from_utf8(part).unwrap_or_default()
    }

    /// What the platform said, where it answered with an `error`.
    #[must_use]
    pub const fn provider(&self) -> Option<&ProviderError> {
        self.provider.as_ref()
    }
}

impl From<&'static Fault> for Error {
    fn from(fault: &'static Fault) -> Self {
        Self::new(fault)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.subject().is_empty() {
            f.write_str(self.subject())?;
            f.write_str(": ")?;
        }
        f.write_str(self.message())
    }
}

impl std::error::Error for Error {}
