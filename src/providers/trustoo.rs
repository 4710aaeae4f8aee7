//! Trustoo: <https://apidoc.trustoo.io>.

#[cfg(feature = "server")]
use super::{BodyFormat, CredentialsIn, GrantType, Refusal, Server};
use super::{Profile, ResponseType, TokenEncoding};

/// Trustoo. The code grant only; its tokens and codes are padded standard base64, its scopes are
/// divided by commas. Whether the redirect percent-encodes the code is not documented.
pub const TRUSTOO: Profile<'static> = Profile {
    id: "trustoo",
    authorization_endpoint: "https://rapi.trustoo.io/api/v1/openapi/oauth/authorize",
    response_types: &[ResponseType::Code],
    scope_delimiter: b',',
    token_encoding: TokenEncoding::Base64,
    issuer: None,
    api_origins: "https://rapi.trustoo.io",
};

/// JSON bodies, answers in an envelope. Which of its numbers a refused token request gets is
/// **unverified**; 5 ("not found") is taken for a refresh token or code that is not there.
/// Whether a refresh ends what was before it is not documented: the careful reading is taken.
#[cfg(feature = "server")]
pub const SERVER: Server<'static> = Server {
    id: "trustoo",
    base: "https://rapi.trustoo.io/api/v1/openapi",
    token: "/oauth/token",
    refresh: None,
    revoke: "/oauth_revoke_token",
    body: BodyFormat::Json,
    credentials: &[CredentialsIn::Body],
    grants: &[
        GrantType::ClientCredentials,
        GrantType::AuthorizationCode,
        GrantType::RefreshToken,
    ],
    envelope: Some(&[
        (1, Refusal::Unavailable),
        (4, Refusal::Unavailable),
        (5, Refusal::InvalidGrant),
        (13, Refusal::Unavailable),
        (16, Refusal::InvalidClient),
    ]),
    dead_grant: &[],
    business_user_header: None,
    partner_header: None,
    old_access_token_dies: true,
    refresh_reuse_ms: None,
};
