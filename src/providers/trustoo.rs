//! Trustoo: <https://apidoc.trustoo.io>.

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
