//! HMAC-SHA256 as platforms sign requests and webhooks with it. What is signed differs, and is data.
//!
//! Trustoo's own rule (section 2.2 of its quick start) was not found: what is here of it is derived
//! from programs that call its API, and **unverified**. So each rule that was seen has a name.

use hmac::{Hmac, KeyInit, Mac};
use serde::{Deserialize, Serialize};
use sha2::Sha256;
use zeroize::Zeroizing;

use super::Secret;
use crate::error::{Error, Fault, fault};

static SECRET: Fault = fault!(
    InvalidArgument,
    "privateToken",
    "is empty, or white space alone"
);
static PUBLIC_TOKEN: Fault = fault!(
    InvalidArgument,
    "publicToken",
    "must be printable ASCII, not empty"
);

/// What is signed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Rule {
    /// The query's parameters and `timestamp`, sorted by name, as `name=value` with `&` between;
    /// then, where there is a body, `|` and the body's bytes. Values stand as they are, not
    /// percent-encoded. **Derived**: two programs that call Trustoo agree on it.
    #[default]
    SortedParameters,
    /// The public token and the timestamp alone. **Derived** from a third program. Neither query nor
    /// body is covered: whoever sees one message can send others for as long as it is valid.
    PublicTokenTimestamp,
}

/// What a rule picks from.
#[derive(Clone, Copy)]
pub struct Message<'a> {
    /// Who signs.
    pub public_token: &'a str,
    /// As it stands in its header.
    pub timestamp: &'a str,
    /// Names and values of the query, decoded.
    pub query: &'a [(String, String)],
    /// The body's bytes.
    pub body: &'a [u8],
}

impl Rule {
    /// The bytes that are signed.
    #[must_use]
    pub fn string_to_sign(self, message: &Message<'_>) -> Vec<u8> {
        match self {
            Rule::PublicTokenTimestamp => [message.public_token, message.timestamp]
                .concat()
                .into_bytes(),
            Rule::SortedParameters => {
                let mut parameters: Vec<_> = message
                    .query
                    .iter()
                    .map(|(name, value)| (name.as_str(), value.as_str()))
                    .chain([("timestamp", message.timestamp)])
                    .collect();
                // Stable: values of one name keep their order.
                parameters.sort_by_key(|(name, _)| *name);
                let pairs: Vec<_> = parameters
                    .iter()
                    .map(|(name, value)| format!("{name}={value}"))
                    .collect();
                let mut text = pairs.join("&").into_bytes();
                if !message.body.is_empty() {
                    text.push(b'|');
                    text.extend_from_slice(message.body);
                }
                text
            }
        }
    }
}

/// The HMAC-SHA256 (RFC 2104) of `message`.
pub(crate) fn mac(secret: &Secret, message: &[u8]) -> Option<Hmac<Sha256>> {
    // No length is refused: `None` is never seen.
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.expose().as_bytes()).ok()?;
    mac.update(message);
    Some(mac)
}

/// Bytes as lower-case hexadecimal digits.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes
        .iter()
        .flat_map(|byte| [byte >> 4, byte & 15])
        .filter_map(|digit| char::from_digit(u32::from(digit), 16))
        .collect()
}

/// What [`sign`] takes.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Unsigned {
    /// The shop's public token.
    pub public_token: String,
    /// The shop's private token: the key.
    pub private_token: Secret,
    /// Now, in seconds since the Unix epoch. Trustoo takes it for 15 minutes.
    pub timestamp: u64,
    /// Names and values of the query, decoded.
    #[serde(default)]
    pub query: Vec<(String, String)>,
    /// The body, byte for byte as it will be sent.
    #[serde(default)]
    pub body: Option<Zeroizing<String>>,
    /// What is signed.
    #[serde(default)]
    pub rule: Rule,
}

/// The headers of a signed request, with their values.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SignedHeaders {
    /// Who signed.
    #[serde(rename = "Public-Token")]
    pub public_token: String,
    /// When, in seconds since the Unix epoch.
    #[serde(rename = "Timestamp")]
    pub timestamp: String,
    /// The HMAC-SHA256, 64 lower-case hexadecimal digits.
    #[serde(rename = "Sign")]
    pub sign: String,
}

/// Signs a request to Trustoo as its HMAC mode has it.
///
/// # Errors
/// `invalid_argument`: a token is empty, or cannot stand in a header.
pub fn sign(request: Unsigned) -> Result<SignedHeaders, Error> {
    let is_header = |text: &str| !text.is_empty() && text.bytes().all(|it| it.is_ascii_graphic());
    if !is_header(&request.public_token) {
        return Err((&PUBLIC_TOKEN).into());
    }
    if request.private_token.expose().trim().is_empty() {
        return Err((&SECRET).into());
    }
    let timestamp = request.timestamp.to_string();
    let body = request.body.as_ref().map_or("", |body| body.as_str());
    let message = request.rule.string_to_sign(&Message {
        public_token: &request.public_token,
        timestamp: &timestamp,
        query: &request.query,
        body: body.as_bytes(),
    });
    let mac = mac(&request.private_token, &message).ok_or(&SECRET)?;
    Ok(SignedHeaders {
        public_token: request.public_token,
        timestamp,
        sign: hex(&mac.finalize().into_bytes()),
    })
}
