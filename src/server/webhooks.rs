//! A webhook's signature, over the bytes that came: WH1 to WH10 are the rules' names in the tests.
//!
//! The `hmac` crate compares, in constant time: the core stays the same natively and in every
//! JavaScript runtime, needs no promise, and wipes the secrets that it was given.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::Mac;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::Secret;
use super::signing::{self, Message, Rule};
use crate::error::{Error, Fault, Refusal, fault};

static NO_SECRET: Fault = fault!(InvalidArgument, "secrets", "is empty: give at least one");
static BLANK: Fault = fault!(
    InvalidArgument,
    "secrets",
    "has one that is empty, or white space alone"
);
static UNKNOWN: Fault = fault!(
    InvalidArgument,
    "provider",
    "sends no webhooks that are known: give a profile"
);
static PROFILE: Fault = fault!(
    InvalidArgument,
    "profile",
    "must name each header that it signs, and sign the body"
);
static TOLERANCE: Fault = fault!(
    InvalidArgument,
    "toleranceMs",
    "must be milliseconds, more than 0"
);
static EMPTY: Fault = fault!(
    MalformedResponse,
    "body",
    "is empty: a webhook has one, so something read it before"
);
static MISSING: Fault = fault!(SignatureMismatch, "", "the header did not come");
static TWICE: Fault = fault!(
    SignatureMismatch,
    "",
    "the header came twice, or with a comma"
);
static MISMATCH: Fault = fault!(
    SignatureMismatch,
    "",
    "the signature is not of these bytes with any of the secrets"
);
static NO_TIMESTAMP: Fault = fault!(
    TimestampOutOfRange,
    "",
    "is no time in digits alone, in the profile's unit"
);
static OLD: Fault = fault!(
    TimestampOutOfRange,
    "",
    "is too old: it is a replay, or a clock is wrong"
);
static AHEAD: Fault = fault!(
    TimestampOutOfRange,
    "",
    "lies too far ahead: a clock is wrong"
);

/// How a platform signs its webhooks.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Profile {
    /// A short name.
    pub id: String,
    /// The header that the signature stands in.
    pub signature_header: String,
    /// What stands before the signature in it, for example `sha256=`.
    #[serde(default)]
    pub signature_prefix: String,
    /// How it is spelled.
    #[serde(default)]
    pub encoding: Encoding,
    /// The header of the time, where one is sent.
    #[serde(default)]
    pub timestamp_header: Option<String>,
    /// What the time counts.
    #[serde(default)]
    pub timestamp_unit: Unit,
    /// The header of the delivery's id, where one is sent.
    #[serde(default)]
    pub request_id_header: Option<String>,
    /// The header that says who signed, where one is sent.
    #[serde(default)]
    pub public_token_header: Option<String>,
    /// What is signed, in this order.
    pub string_to_sign: StringToSign,
}

/// How a signature is spelled.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Encoding {
    /// Hexadecimal digits of either case.
    #[default]
    Hex,
    /// Standard base64 with padding (RFC 4648 §4).
    Base64,
}

/// What a timestamp counts since the Unix epoch.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    /// Seconds.
    #[default]
    Seconds,
    /// Milliseconds.
    Milliseconds,
}

/// What is signed: a rule by its name, or parts.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
pub enum StringToSign {
    /// A rule that is known by name.
    Rule(Rule),
    /// One after the other.
    Parts(Vec<Part>),
}

/// A part of what is signed.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Part {
    /// The timestamp as it came.
    Timestamp,
    /// The delivery's id as it came.
    RequestId,
    /// Who signed, as it came.
    PublicToken,
    /// The body's bytes.
    Body,
    /// A fixed text.
    Text(String),
}

/// Trustoo's webhooks: the headers are documented, what is signed is not.
#[must_use]
pub fn trustoo(rule: Rule) -> Profile {
    let header = |name: &str| format!("open-trustoo-webhook-{name}");
    Profile {
        id: String::from("trustoo"),
        signature_header: header("sign"),
        signature_prefix: String::new(),
        encoding: Encoding::Hex,
        timestamp_header: Some(header("timestamp")),
        timestamp_unit: Unit::Seconds,
        request_id_header: Some(header("requestid")),
        public_token_header: Some(header("public-token")),
        string_to_sign: StringToSign::Rule(rule),
    }
}

impl Profile {
    /// Whether it can be used: what it signs is sent, and parts of one's own have the body among them.
    fn is_whole(&self) -> bool {
        let needs = |part: &Part| match part {
            Part::Timestamp => self.timestamp_header.is_some(),
            Part::RequestId => self.request_id_header.is_some(),
            Part::PublicToken => self.public_token_header.is_some(),
            Part::Body | Part::Text(_) => true,
        };
        let headers = [
            Some(&self.signature_header),
            self.timestamp_header.as_ref(),
            self.request_id_header.as_ref(),
            self.public_token_header.as_ref(),
        ];
        headers.into_iter().flatten().all(|name| !name.is_empty())
            && match &self.string_to_sign {
                StringToSign::Rule(Rule::SortedParameters) => self.timestamp_header.is_some(),
                StringToSign::Rule(Rule::PublicTokenTimestamp) => {
                    self.timestamp_header.is_some() && self.public_token_header.is_some()
                }
                StringToSign::Parts(parts) => {
                    parts.iter().all(needs) && parts.contains(&Part::Body)
                }
            }
    }

    /// Whether a part is signed, and so has to come.
    fn signs(&self, part: &Part) -> bool {
        match &self.string_to_sign {
            StringToSign::Rule(rule) => {
                *rule == Rule::PublicTokenTimestamp && *part == Part::PublicToken
            }
            StringToSign::Parts(parts) => parts.contains(part),
        }
    }

    fn string_to_sign(&self, came: &Came<'_>, body: &[u8]) -> Vec<u8> {
        let [timestamp, request_id, public_token] =
            [came.timestamp, came.request_id, came.public_token].map(Option::unwrap_or_default);
        match &self.string_to_sign {
            StringToSign::Rule(rule) => rule.string_to_sign(&Message {
                public_token,
                timestamp,
                query: &[],
                body,
            }),
            StringToSign::Parts(parts) => parts
                .iter()
                .flat_map(|part| match part {
                    Part::Timestamp => timestamp.as_bytes(),
                    Part::RequestId => request_id.as_bytes(),
                    Part::PublicToken => public_token.as_bytes(),
                    Part::Body => body,
                    Part::Text(text) => text.as_bytes(),
                })
                .copied()
                .collect(),
        }
    }
}

/// The headers that a profile names.
struct Came<'a> {
    timestamp: Option<&'a str>,
    request_id: Option<&'a str>,
    public_token: Option<&'a str>,
}

/// What [`verify`] takes besides the body.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Delivery {
    /// A platform known by name, where `profile` is not given.
    #[serde(default)]
    pub provider: Option<String>,
    /// What its unverified part is taken for, where it is known by name.
    #[serde(default)]
    pub rule: Option<Rule>,
    /// Another platform.
    #[serde(default)]
    pub profile: Option<Profile>,
    /// The headers' names, of any case, with their values. One that came more than once stands here
    /// more than once.
    pub headers: Vec<(String, String)>,
    /// The secrets that are taken: the new one and, while it is exchanged, the old one.
    pub secrets: Vec<Secret>,
    /// How far the timestamp may lie from now, both ways, in milliseconds.
    pub tolerance_ms: f64,
    /// Now, in milliseconds since the Unix epoch.
    pub now_ms: f64,
}

/// A delivery whose signature is right.
#[derive(Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Verified {
    /// The profile's name.
    pub provider: String,
    /// When it was signed, in milliseconds since the Unix epoch.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub timestamp: Option<u64>,
    /// The delivery's id. Anybody could write it, unless the profile signs it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub request_id: Option<String>,
    /// Who signed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub public_token: Option<String>,
    /// What a replay has in common with it: the delivery's id where that is signed, else the MAC.
    /// Each begins with the profile's name.
    pub replay_key: String,
    /// What a later delivery of the same event has in common with it: SHA-256 of signer and body.
    pub event_key: String,
}

/// Checks the arguments that stay the same from one delivery to the next (WH10).
///
/// # Errors
/// `invalid_argument`, its subject the argument.
pub fn check(delivery: &Delivery) -> Result<(), Error> {
    profile_of(delivery).map(drop)?;
    if delivery.secrets.is_empty() {
        return Err((&NO_SECRET).into());
    }
    if delivery
        .secrets
        .iter()
        .any(|secret| secret.expose().trim().is_empty())
    {
        return Err((&BLANK).into());
    }
    if !(delivery.tolerance_ms > 0.0 && delivery.tolerance_ms.is_finite()) {
        return Err((&TOLERANCE).into());
    }
    Ok(())
}

/// [`check`] for the boundary to JavaScript.
///
/// # Errors
/// As [`check`].
pub fn check_options(delivery: Delivery) -> Result<(), Error> {
    check(&delivery)
}

fn profile_of(delivery: &Delivery) -> Result<Profile, &'static Fault> {
    let profile = match (&delivery.profile, delivery.provider.as_deref()) {
        (Some(profile), _) => profile.clone(),
        (None, Some("trustoo")) => trustoo(delivery.rule.unwrap_or_default()),
        (None, _) => return Err(&UNKNOWN),
    };
    if profile.is_whole() {
        Ok(profile)
    } else {
        Err(&PROFILE)
    }
}

/// Verifies a delivery: the signature over the bytes (WH1, WH3, WH6), then the time (WH4).
///
/// # Errors
/// `invalid_argument` as [`check`]; `malformed_response` for a body without a byte (WH10);
/// `signature_mismatch`, also where a header is missing or came twice (WH5); `timestamp_out_of_range`.
pub fn verify(delivery: Delivery, body: &[u8]) -> Result<Verified, Error> {
    check(&delivery)?;
    let profile = profile_of(&delivery)?;
    if body.is_empty() {
        return Err((&EMPTY).into());
    }
    let headers = &delivery.headers;
    let signature = find(headers, Some(&profile.signature_header), true)?.unwrap_or_default();
    let came = Came {
        timestamp: find(headers, profile.timestamp_header.as_deref(), true)?,
        request_id: find(
            headers,
            profile.request_id_header.as_deref(),
            profile.signs(&Part::RequestId),
        )?,
        public_token: find(
            headers,
            profile.public_token_header.as_deref(),
            profile.signs(&Part::PublicToken),
        )?,
    };
    let claimed = decode(&profile, signature).unwrap_or_default();
    let message = Zeroizing::new(profile.string_to_sign(&came, body));
    let mut is_right = false;
    let mut right = String::new();
    // No way out early: how long it takes does not tell which secret it was.
    for secret in &delivery.secrets {
        let Some(mac) = signing::mac(secret, &message) else {
            continue;
        };
        let matches = mac.verify_slice(&claimed).is_ok();
        if matches {
            right = signing::hex(&claimed);
        }
        is_right |= matches;
    }
    if !is_right {
        return Err((&MISMATCH).into());
    }
    let timestamp = match (came.timestamp, &profile.timestamp_header) {
        (Some(text), Some(name)) => Some(in_time(&profile, text, &delivery, name)?),
        _ => None,
    };
    let id = &profile.id;
    let replay_key = match came.request_id.filter(|_| profile.signs(&Part::RequestId)) {
        Some(request_id) => format!("{id}:id:{request_id}"),
        None => format!("{id}:mac:{right}"),
    };
    Ok(Verified {
        event_key: event_key(id, came.public_token, body),
        replay_key,
        timestamp,
        request_id: came.request_id.map(String::from),
        public_token: came.public_token.map(String::from),
        provider: profile.id,
    })
}

fn event_key(id: &str, public_token: Option<&str>, body: &[u8]) -> String {
    use sha2::Digest;
    let signer = public_token.unwrap_or_default();
    let hash = sha2::Sha256::new()
        .chain_update(signer.len().to_string())
        .chain_update(":")
        .chain_update(signer)
        .chain_update(body)
        .finalize();
    format!("{id}:event:{}", signing::hex(&hash))
}

/// The one value of a header; `None` where it did not come and is not `required`.
fn find<'a>(
    headers: &'a [(String, String)],
    name: Option<&'a str>,
    required: bool,
) -> Result<Option<&'a str>, Error> {
    let Some(name) = name else {
        return Ok(None);
    };
    let mut values = headers
        .iter()
        .filter(|(it, _)| it.eq_ignore_ascii_case(name))
        .map(|(_, value)| value.as_str());
    let first = values.next();
    // Where two of one name came, most servers join them with a comma; none of these values has one.
    let is_twice = values.next().is_some() || first.is_some_and(|it| it.contains(','));
    if is_twice {
        return Err(Refusal::of(&TWICE, name.as_bytes()).into());
    }
    if required && first.is_none_or(str::is_empty) {
        return Err(Refusal::of(&MISSING, name.as_bytes()).into());
    }
    Ok(first)
}

/// The bytes of a signature, if it is spelled as the profile says.
fn decode(profile: &Profile, signature: &str) -> Option<Vec<u8>> {
    let text = signature.strip_prefix(&profile.signature_prefix)?;
    match profile.encoding {
        Encoding::Base64 => STANDARD.decode(text).ok(),
        Encoding::Hex => {
            let digits = text.as_bytes().chunks(2);
            let digit = |byte: &u8| char::from(*byte).to_digit(16);
            digits
                .map(|pair| match pair {
                    [high, low] => Some((digit(high)? << 4 | digit(low)?) as u8),
                    _ => None,
                })
                .collect()
        }
    }
}

/// The time in milliseconds, if it is not too far from now.
fn in_time(profile: &Profile, text: &str, delivery: &Delivery, name: &str) -> Result<u64, Error> {
    let refuse = |fault| Err(Refusal::of(fault, name.as_bytes()).into());
    let is_digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let factor = match profile.timestamp_unit {
        Unit::Seconds => 1000,
        Unit::Milliseconds => 1,
    };
    // 2^53 ms is the year 287,396.
    let time = Some(text)
        .filter(|_| is_digits)
        .and_then(|text| text.parse::<u64>().ok())
        .and_then(|time| time.checked_mul(factor))
        .filter(|time| *time <= 1 << 53);
    let Some(time) = time else {
        return refuse(&NO_TIMESTAMP);
    };
    let ahead = time as f64 - delivery.now_ms;
    if ahead > delivery.tolerance_ms {
        refuse(&AHEAD)
    } else if ahead >= -delivery.tolerance_ms {
        Ok(time)
    } else {
        refuse(&OLD)
    }
}
