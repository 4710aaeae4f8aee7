//! Business generated links: invitations to review that need no call. What is encrypted, and where
//! it is put; the encryption itself is the platform's (WebCrypto in JavaScript).

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};

use super::Secret;
use crate::error::{Error, Fault, fault};

static REFERENCE: Fault = fault!(InvalidArgument, "ref", "is empty");
static DOMAIN: Fault = fault!(
    InvalidArgument,
    "domain",
    "must be a domain alone, for example \"my-domain.com\": no scheme, no path",
);
static ENCRYPTION_KEY: Fault = fault!(
    InvalidArgument,
    "encryptionKey",
    "must be standard base64 of 32 bytes"
);
static AUTHENTICATION_KEY: Fault = fault!(
    InvalidArgument,
    "authenticationKey",
    "must be standard base64 of 32 bytes"
);
static SEALED: Fault = fault!(
    InvalidArgument,
    "sealed",
    "is no IV, ciphertext and MAC: 16, a multiple of 16, and 32 bytes"
);

/// What the platform's own example links to.
const BASE: &str = "https://www.trustpilot.com/evaluate-bgl/";

/// Whom a link is for. The members stand in the order in which the platform's own example has them;
/// which of them it can do without is not documented.
#[derive(Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Payload {
    /// The customer's address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// The customer's name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The order's number.
    #[serde(rename = "ref")]
    pub reference: String,
    /// The products that were bought.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub skus: Option<Vec<String>>,
    /// The review's labels.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tags: Option<Vec<String>>,
}

/// What [`prepare`] takes.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Link {
    /// The business's domain at the platform.
    pub domain: String,
    /// Whom it is for.
    pub payload: Payload,
    /// The key of AES-256 in base64.
    pub encryption_key: Secret,
    /// The key of HMAC-SHA256 in base64.
    pub authentication_key: Secret,
}

/// What is encrypted, and what the link begins with.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Prepared {
    /// The payload as JSON.
    pub plaintext: String,
    /// The address up to the encrypted part.
    pub address: String,
}

/// Checks domain, payload and keys (BG1, BG3).
///
/// # Errors
/// `invalid_argument`, its subject the argument.
pub fn prepare(link: Link) -> Result<Prepared, Error> {
    if link.payload.reference.is_empty() {
        return Err((&REFERENCE).into());
    }
    let address = address_of(&link.domain)?;
    check_key(&link.encryption_key, &ENCRYPTION_KEY)?;
    check_key(&link.authentication_key, &AUTHENTICATION_KEY)?;
    // Only a writer that fails can fail it.
    let plaintext = serde_json::to_string(&link.payload).map_err(|_| &REFERENCE)?;
    Ok(Prepared { plaintext, address })
}

fn check_key(key: &Secret, fault: &'static Fault) -> Result<(), &'static Fault> {
    let bytes = STANDARD.decode(key.expose()).map(zeroize::Zeroizing::new);
    match bytes {
        Ok(bytes) if bytes.len() == 32 => Ok(()),
        _ => Err(fault),
    }
}

fn address_of(domain: &str) -> Result<String, &'static Fault> {
    let is_taken = |it: char| it.is_alphanumeric() || matches!(it, '.' | '-');
    let is_domain = domain.chars().all(is_taken) && domain.split('.').all(|part| !part.is_empty());
    if !is_domain || !domain.contains('.') {
        return Err(&DOMAIN);
    }
    Ok(format!("{BASE}{}?p=", encode(domain.as_bytes())))
}

/// The whole link: IV, ciphertext and MAC in base64 behind the address.
///
/// # Errors
/// `invalid_argument`: `sealed` cannot be what it should be.
pub fn address(prepared: Prepared, sealed: &[u8]) -> Result<String, Error> {
    let is_whole = sealed.len() >= 16 + 16 + 32 && sealed.len().is_multiple_of(16);
    if !is_whole {
        return Err((&SEALED).into());
    }
    let encoded = encode(STANDARD.encode(sealed).as_bytes());
    Ok(format!("{}{encoded}", prepared.address))
}

/// What `encodeURIComponent` of ECMAScript §19.2.6.5 makes of it.
pub(crate) fn encode(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len() * 3);
    for &byte in bytes {
        match byte {
            b'-' | b'_' | b'.' | b'!' | b'~' | b'*' | b'\'' | b'(' | b')' => {
                text.push(char::from(byte));
            }
            _ if byte.is_ascii_alphanumeric() => text.push(char::from(byte)),
            _ => {
                let digits = super::signing::hex(&[byte]).to_ascii_uppercase();
                text.push('%');
                text.push_str(&digits);
            }
        }
    }
    text
}
