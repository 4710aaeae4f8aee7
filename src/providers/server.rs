//! What differs between platforms for a server that holds a client's secret, as data.

/// How the body of a token request is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum BodyFormat {
    /// `application/x-www-form-urlencoded`, as RFC 6749 has it.
    Form,
    /// A JSON object.
    Json,
}

/// Where a client proves who it is (RFC 6749 §2.3.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CredentialsIn {
    /// `Authorization: Basic`.
    Header,
    /// `client_id` and `client_secret` in the body.
    Body,
}

/// `grant_type` of RFC 6749, as far as tokens are got by it anew.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum GrantType {
    /// §4.4.
    ClientCredentials,
    /// §4.3; RFC 9700 §2.4 says that it must not be used.
    Password,
    /// §4.1.3.
    AuthorizationCode,
    /// §6.
    RefreshToken,
}

impl GrantType {
    /// The parameter's value.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            GrantType::ClientCredentials => "client_credentials",
            GrantType::Password => "password",
            GrantType::AuthorizationCode => "authorization_code",
            GrantType::RefreshToken => "refresh_token",
        }
    }
}

/// What a refusal at a token endpoint stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Refusal {
    /// The refresh token, the code or the password is not good any more.
    InvalidGrant,
    /// The client is not known by these credentials.
    InvalidClient,
    /// Too many requests.
    Limited,
    /// The platform failed; the request may be in order.
    Unavailable,
    /// Anything else that is the request's fault.
    Other,
}

/// A platform as a confidential client sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Server<'a> {
    /// Short name, that of its [`Profile`](super::Profile).
    pub id: &'a str,
    /// What the paths follow.
    pub base: &'a str,
    /// Path of the token endpoint.
    pub token: &'a str,
    /// Path of the endpoint for refreshes, where they have one of their own. The token endpoint
    /// takes them too.
    pub refresh: Option<&'a str>,
    /// Path of the revocation endpoint.
    pub revoke: &'a str,
    /// How bodies are written.
    pub body: BodyFormat,
    /// The ways to prove who the client is, the usual one first.
    pub credentials: &'a [CredentialsIn],
    /// How tokens can be got.
    pub grants: &'a [GrantType],
    /// Whether answers come in an envelope of `code`, `message` and `data`; then what its numbers
    /// stand for, those that are not listed being [`Refusal::Other`].
    pub envelope: Option<&'a [(u32, Refusal)]>,
    /// Words other than `invalid_grant` that say the same, in lower case: the last part of the
    /// gateway's `errorcode`, or its whole text.
    pub dead_grant: &'a [&'a str],
    /// The header that names a business user where the token is of no user.
    pub business_user_header: Option<&'a str>,
    /// The header that names an integration partner in token requests.
    pub partner_header: Option<&'a str>,
    /// Whether a refresh ends the access token before it.
    pub old_access_token_dies: bool,
    /// For how many milliseconds a refresh token that was used gives the same answer again, where
    /// that is known.
    pub refresh_reuse_ms: Option<u32>,
}

/// The server's side of a platform known by name.
#[must_use]
pub fn server_by_name(id: &str) -> Option<&'static Server<'static>> {
    [&super::trustpilot::SERVER, &super::trustoo::SERVER]
        .into_iter()
        .find(|server| server.id == id)
}
