//! Trustpilot: <https://developers.trustpilot.com/authentication>.

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
