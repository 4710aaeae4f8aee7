//! What differs between platforms, as data. A third platform is one new file here.

#[cfg(feature = "server")]
mod server;
mod trustoo;
mod trustpilot;

#[cfg(feature = "server")]
pub use server::{BodyFormat, CredentialsIn, GrantType, Refusal, Server, server_by_name};
pub use trustoo::TRUSTOO;
pub use trustpilot::TRUSTPILOT;

/// `response_type` of RFC 6749 §3.1.1, and with it the component that the response arrives in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ResponseType {
    /// The implicit grant: the response is read from the fragment (RFC 6749 §4.2). Legacy; see
    /// RFC 9700 §2.1.2.
    Token,
    /// The authorization code grant: the response is read from the query (RFC 6749 §4.1).
    Code,
}

impl ResponseType {
    /// The parameter's value.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            ResponseType::Token => "token",
            ResponseType::Code => "code",
        }
    }
}

/// How a platform spells its tokens and codes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TokenEncoding {
    /// Any VSCHAR string; taken as it is.
    Opaque,
    /// Standard base64: a space in one is a `+` that was not percent-encoded.
    Base64,
}

/// A platform as an OAuth client sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Profile<'a> {
    /// Short name, for example `trustpilot`.
    pub id: &'a str,
    /// Where the user is sent to sign in (RFC 6749 §3.1).
    pub authorization_endpoint: &'a str,
    /// The grants that the authorization endpoint offers.
    pub response_types: &'a [ResponseType],
    /// What stands between two scopes: a space in RFC 6749 §3.3, a comma on some platforms.
    pub scope_delimiter: u8,
    /// How tokens and codes are spelled.
    pub token_encoding: TokenEncoding,
    /// The issuer identifier, where the platform names one (RFC 9207).
    pub issuer: Option<&'a str>,
    /// The origins that may see a token of this platform, one a line.
    pub api_origins: &'a str,
}

/// The platforms known by name, in the order the JavaScript side counts them.
pub const PROVIDERS: &[&Profile<'static>] = &[&TRUSTPILOT, &TRUSTOO];

/// The profile of a platform known by name.
#[must_use]
pub fn by_name(id: &str) -> Option<&'static Profile<'static>> {
    PROVIDERS.iter().copied().find(|profile| profile.id == id)
}
