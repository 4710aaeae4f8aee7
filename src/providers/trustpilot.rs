//! Trustpilot: <https://developers.trustpilot.com/authentication>.

#[cfg(feature = "server")]
use super::{BodyFormat, CredentialsIn, GrantType, Server};
use super::{Profile, ResponseType, TokenEncoding};

/// Trustpilot. `state` and `scope` are not documented there; `state` is known to be lost when a
/// user signs in with Google. Redirect addresses are registered by host.
pub const TRUSTPILOT: Profile<'static> = Profile {
    id: "trustpilot",
    authorization_endpoint: "https://authenticate.trustpilot.com",
    response_types: &[ResponseType::Token, ResponseType::Code],
    scope_delimiter: b' ',
    token_encoding: TokenEncoding::Opaque,
    issuer: None,
    api_origins: "https://api.trustpilot.com\nhttps://invitations-api.trustpilot.com",
};

/// Basic is `base64(KEY:SECRET)` as they stand, without the encoding of RFC 6749 §2.3.1. `dead_grant`
/// has what the gateway says, Apigee when it was last seen
/// (<https://cloud.google.com/apigee/docs/api-platform/reference/policies/oauth-http-status-code-reference>);
/// what it says today is **unverified**. The name of the partner header
/// is **unverified**: the partner guide says "add your partnerID to the HTTP header" and names none.
#[cfg(feature = "server")]
pub const SERVER: Server<'static> = Server {
    id: "trustpilot",
    base: "https://api.trustpilot.com/v1",
    token: "/oauth/oauth-business-users-for-applications/accesstoken",
    refresh: Some("/oauth/oauth-business-users-for-applications/refresh"),
    revoke: "/oauth/oauth-business-users-for-applications/revoke",
    body: BodyFormat::Form,
    credentials: &[CredentialsIn::Header, CredentialsIn::Body],
    grants: &[
        GrantType::ClientCredentials,
        GrantType::Password,
        GrantType::AuthorizationCode,
        GrantType::RefreshToken,
    ],
    envelope: None,
    dead_grant: &[
        "invalid_refresh_token",
        "refresh_token_expired",
        "invalid refresh token",
        "refresh token expired",
        "invalid authorization code",
    ],
    business_user_header: Some("x-business-user-id"),
    partner_header: Some("partnerId"),
    old_access_token_dies: true,
    refresh_reuse_ms: None,
};
