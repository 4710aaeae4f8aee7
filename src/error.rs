//! One error for the whole library, with a stable [`Code`].

use std::fmt;

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
}

/// Why a call failed, and what to do about it.
///
/// Neither a token nor a code nor a `state` ever stands in it, except inside
/// [`ProviderError::description`], which is the platform's own text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error {
    /// The stable name of what went wrong.
    pub code: Code,
    /// The parameter or argument that it is about; empty where there is none.
    pub subject: &'static str,
    /// What happened and what to do, as a sentence.
    pub message: &'static str,
    /// What the platform said, where it answered with an `error`.
    pub provider: Option<Box<ProviderError>>,
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

impl Error {
    pub(crate) const fn new(code: Code, subject: &'static str, message: &'static str) -> Self {
        Self {
            code,
            subject,
            message,
            provider: None,
        }
    }

    pub(crate) const fn argument(subject: &'static str, message: &'static str) -> Self {
        Self::new(Code::InvalidArgument, subject, message)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.subject.is_empty() {
            f.write_str(self.subject)?;
            f.write_str(": ")?;
        }
        f.write_str(self.message)
    }
}

impl std::error::Error for Error {}
