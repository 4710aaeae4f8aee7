//! Token requests and what the platforms answer to them.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use jiff::fmt::rfc2822::DateTimeParser;
use serde::ser::SerializeSeq;
use serde::{Deserialize, Serialize, Serializer};
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

use super::Secret;
use crate::error::{Error, Fault, fault};
use crate::oauth::address::Address;
use crate::oauth::form;
use crate::oauth::grammar::{self, VSCHAR};
use crate::oauth::writer;
use crate::providers::{self, BodyFormat, CredentialsIn, GrantType, Refusal, Server};

/// A POST, ready to be sent. It holds secrets, so that it shows neither headers nor body.
#[derive(Clone, Debug, Serialize)]
pub struct Outgoing {
    /// Always `POST`.
    pub method: &'static str,
    /// The whole address.
    pub url: String,
    /// Names in lower case, with their values.
    #[serde(serialize_with = "shown_all")]
    pub headers: Vec<(String, Secret)>,
    /// The body.
    #[serde(serialize_with = "shown")]
    pub body: Secret,
}

fn shown<S: Serializer>(secret: &Secret, to: S) -> Result<S::Ok, S::Error> {
    to.serialize_str(secret.expose())
}

fn shown_if<S: Serializer>(secret: &Option<Secret>, to: S) -> Result<S::Ok, S::Error> {
    to.serialize_some(&secret.as_ref().map(Secret::expose))
}

fn shown_all<S: Serializer>(headers: &[(String, Secret)], to: S) -> Result<S::Ok, S::Error> {
    let mut out = to.serialize_seq(Some(headers.len()))?;
    for (name, value) in headers {
        out.serialize_element(&(name, value.expose()))?;
    }
    out.end()
}

/// Where a client sends its token requests, and who it is.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Client {
    /// The platform's name.
    pub provider: String,
    /// `client_id`; at Trustpilot the API key.
    pub client_id: String,
    /// `client_secret`.
    pub client_secret: Secret,
    /// Where the two go; the platform's usual place where it is not said.
    #[serde(default)]
    pub send_in: Option<SendIn>,
    /// In place of the platform's own, for example a sandbox's.
    #[serde(default)]
    pub base_url: Option<String>,
    /// Whole addresses in place of those made of the base.
    #[serde(default)]
    pub endpoints: Endpoints,
    /// Names an integration partner in a header. Its name is not documented.
    #[serde(default)]
    pub partner_id: Option<String>,
    /// That header's name.
    #[serde(default)]
    pub partner_id_header: Option<String>,
}

/// Where credentials go.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum SendIn {
    /// `Authorization: Basic`.
    Header,
    /// The body.
    Body,
}

/// Addresses that are other than the platform's.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Endpoints {
    /// The token endpoint.
    pub token: Option<String>,
    /// The refresh endpoint.
    pub refresh: Option<String>,
    /// The revocation endpoint.
    pub revoke: Option<String>,
}

/// How tokens are asked for.
#[derive(Clone, Debug, Deserialize)]
#[serde(
    tag = "type",
    rename_all = "snake_case",
    rename_all_fields = "camelCase"
)]
pub enum Grant {
    /// RFC 6749 §4.4.
    ClientCredentials,
    /// RFC 6749 §4.3. RFC 9700 §2.4: must not be used where there is another way.
    Password {
        /// `username`.
        username: String,
        /// `password`.
        password: Secret,
    },
    /// RFC 6749 §4.1.3.
    AuthorizationCode {
        /// `code`.
        code: Secret,
        /// `redirect_uri`, to the letter that of the authorize URL.
        redirect_uri: String,
        /// `code_verifier` of RFC 7636; no document of either platform speaks of it.
        #[serde(default)]
        code_verifier: Option<Secret>,
    },
    /// RFC 6749 §6.
    RefreshToken {
        /// `refresh_token`.
        refresh_token: Secret,
        /// Whether it goes to the token endpoint although there is one for refreshes.
        #[serde(default)]
        at_token_endpoint: bool,
    },
}

impl Grant {
    const fn grant_type(&self) -> GrantType {
        match self {
            Grant::ClientCredentials => GrantType::ClientCredentials,
            Grant::Password { .. } => GrantType::Password,
            Grant::AuthorizationCode { .. } => GrantType::AuthorizationCode,
            Grant::RefreshToken { .. } => GrantType::RefreshToken,
        }
    }
}

/// A request for tokens.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct TokenRequest {
    /// Who asks.
    pub client: Client,
    /// By what.
    pub grant: Grant,
    /// `scope`, sent where there is one; the platform's delimiter is put between them.
    #[serde(default)]
    pub scope: Vec<String>,
}

/// A request to end a token.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RevokeRequest {
    /// Who asks.
    pub client: Client,
    /// The token; a refresh token ends all that came of it.
    pub token: Secret,
}

static PROVIDER: Fault = fault!(
    InvalidArgument,
    "provider",
    "must be \"trustpilot\" or \"trustoo\""
);
static BASE_URL: Fault = fault!(
    InvalidArgument,
    "baseUrl",
    "must be an absolute https URL without query and fragment; http is for loopback hosts only",
);
static ENDPOINT: Fault = fault!(
    InvalidArgument,
    "endpoints",
    "must be absolute https URLs without fragment; http is for loopback hosts only",
);
static CREDENTIALS: Fault = fault!(
    InvalidArgument,
    "credentials",
    "the id or the secret is missing, or holds what neither has"
);
static SEND_IN: Fault = fault!(
    InvalidArgument,
    "credentials.sendIn",
    "this platform takes credentials in the body alone"
);
static COLON: Fault = fault!(
    InvalidArgument,
    "credentials.clientId",
    "cannot go into a header: it holds a colon (RFC 7617 §2)"
);
static GRANT: Fault = fault!(
    InvalidArgument,
    "grant",
    "this platform has no such grant type"
);
static GRANT_VALUE: Fault = fault!(
    InvalidArgument,
    "grant",
    "a part of it is empty, or holds what it cannot"
);
static SCOPE: Fault = fault!(
    InvalidArgument,
    "scope",
    "must be names of printable ASCII without the platform's delimiter"
);
static PARTNER: Fault = fault!(
    InvalidArgument,
    "partnerId",
    "id and header name must be fit for a header, and the platform must have partners"
);

fn server(provider: &str) -> Result<&'static Server<'static>, Error> {
    providers::server_by_name(provider).ok_or_else(|| Error::from(&PROVIDER))
}

/// Which address a request goes to.
#[derive(Clone, Copy)]
enum At {
    Token,
    Refresh,
    Revoke,
}

impl Client {
    /// The address, checked: neither credentials nor tokens go over plain HTTP.
    fn url(&self, server: &Server<'_>, at: At) -> Result<String, Error> {
        let (given, path) = match at {
            At::Token => (&self.endpoints.token, server.token),
            At::Revoke => (&self.endpoints.revoke, server.revoke),
            At::Refresh => match (&self.endpoints.refresh, server.refresh) {
                (None, None) => return self.url(server, At::Token),
                (given, path) => (given, path.unwrap_or(server.token)),
            },
        };
        if let Some(url) = given {
            return if address(url).is_some() {
                Ok(url.clone())
            } else {
                Err(Error::from(&ENDPOINT))
            };
        }
        let base = self.base_url.as_deref().unwrap_or(server.base);
        let is_good = address(base).is_some_and(|it| it.query.is_none());
        if !is_good {
            return Err(Error::from(&BASE_URL));
        }
        Ok(format!("{}{path}", base.strip_suffix('/').unwrap_or(base)))
    }

    fn request<'a>(
        &'a self,
        server: &Server<'_>,
        at: At,
        mut members: Vec<(&'static str, &'a str)>,
    ) -> Result<Outgoing, Error> {
        let (id, secret) = (self.client_id.as_str(), self.client_secret.expose());
        if !is_visible(id) || !is_visible(secret) {
            return Err(Error::from(&CREDENTIALS));
        }
        let way = match self.send_in {
            Some(SendIn::Header) => CredentialsIn::Header,
            Some(SendIn::Body) => CredentialsIn::Body,
            None => *server.credentials.first().unwrap_or(&CredentialsIn::Body),
        };
        if !server.credentials.contains(&way) {
            return Err(Error::from(&SEND_IN));
        }
        let url = self.url(server, at)?;
        let mut headers = self.partner(server)?;
        let mut header = |name: &str, value: &str| {
            headers.push((name.to_owned(), Secret::from(value)));
        };
        header("accept", "application/json");
        match way {
            CredentialsIn::Header if id.contains(':') => return Err(Error::from(&COLON)),
            CredentialsIn::Header => {
                let pair = Secret::from(format!("{id}:{secret}"));
                let pair = Secret::from(STANDARD.encode(pair.expose()));
                header("authorization", &format!("Basic {}", pair.expose()));
            }
            CredentialsIn::Body => members.extend([("client_id", id), ("client_secret", secret)]),
        }
        let (content_type, body) = match server.body {
            BodyFormat::Form => ("application/x-www-form-urlencoded", form_body(&members)),
            BodyFormat::Json => ("application/json", json_body(&members)),
        };
        header("content-type", content_type);
        Ok(Outgoing {
            method: "POST",
            url,
            headers,
            body: Secret::from(body),
        })
    }

    fn partner(&self, server: &Server<'_>) -> Result<Vec<(String, Secret)>, Error> {
        let Some(id) = &self.partner_id else {
            return Ok(Vec::new());
        };
        let name = self.partner_id_header.as_deref().or(server.partner_header);
        match name.filter(|name| is_header_name(name) && is_visible(id)) {
            Some(name) => Ok(vec![(name.to_ascii_lowercase(), Secret::from(id.as_str()))]),
            None => Err(Error::from(&PARTNER)),
        }
    }
}

/// An address that secrets may be sent to: https or loopback, no fragment, and no user before the
/// host, who is there to be taken for it.
fn address(url: &str) -> Option<Address<'_>> {
    let address = Address::parse(url)?;
    let authority = address.base.get(..address.path_start())?;
    let is_good = address.is_safe() && address.fragment.is_none() && !authority.contains(&b'@');
    Some(address).filter(|_| is_good)
}

/// Printable ASCII without spaces at its ends: what can stand in a header, and in a JSON text or a
/// form.
fn is_visible(text: &str) -> bool {
    grammar::all(VSCHAR, text.as_bytes()) && text.trim() == text
}

/// RFC 9110 §5.6.2, `token`; names that fetch or HTTP itself sets are not for others.
fn is_header_name(name: &str) -> bool {
    let is_token = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
    let taken = [
        "authorization",
        "accept",
        "content-type",
        "content-length",
        "host",
        "cookie",
        "connection",
        "transfer-encoding",
    ];
    !name.is_empty()
        && name.bytes().all(is_token)
        && !taken.iter().any(|it| it.eq_ignore_ascii_case(name))
}

fn form_body(members: &[(&'static str, &str)]) -> String {
    let room = members
        .iter()
        .map(|(name, value)| name.len() + 3 * value.len() + 2);
    let written = writer::to_string::<()>(room.sum(), |out| {
        for (at, (name, value)) in members.iter().enumerate() {
            if at > 0 {
                out.push(b'&');
            }
            out.extend(name.as_bytes());
            out.push(b'=');
            form::encode(out, value.as_bytes());
        }
        Ok(())
    });
    written.unwrap_or_default()
}

fn json_body(members: &[(&'static str, &str)]) -> String {
    let object: Map<String, Value> = members
        .iter()
        .map(|(name, value)| ((*name).to_owned(), Value::from(*value)))
        .collect();
    Value::Object(object).to_string()
}

/// The request for a token.
///
/// # Errors
/// `invalid_argument`, naming what cannot be sent: an unknown platform, a grant type that it does
/// not have, an address that is not https, a value with a line break in it.
pub fn token_request(input: TokenRequest) -> Result<Outgoing, Error> {
    let TokenRequest {
        client,
        grant,
        scope,
    } = &input;
    let server = server(&client.provider)?;
    let grant_type = grant.grant_type();
    if !server.grants.contains(&grant_type) {
        return Err(Error::from(&GRANT));
    }
    let mut members = vec![("grant_type", grant_type.as_str())];
    let mut at = At::Token;
    match grant {
        Grant::ClientCredentials => {}
        Grant::Password { username, password } => {
            members.extend([
                ("username", username.as_str()),
                ("password", password.expose()),
            ]);
        }
        Grant::AuthorizationCode {
            code,
            redirect_uri,
            code_verifier,
        } => {
            members.extend([("code", code.expose()), ("redirect_uri", redirect_uri)]);
            members.extend(
                code_verifier
                    .iter()
                    .map(|it| ("code_verifier", it.expose())),
            );
        }
        Grant::RefreshToken {
            refresh_token,
            at_token_endpoint,
        } => {
            members.push(("refresh_token", refresh_token.expose()));
            if !at_token_endpoint {
                at = At::Refresh;
            }
        }
    }
    if members.iter().any(|(_, value)| value.is_empty()) {
        return Err(Error::from(&GRANT_VALUE));
    }
    let scope = join_scope(scope, &client.provider)?;
    if !scope.is_empty() {
        members.push(("scope", &scope));
    }
    client.request(server, at, members)
}

/// The request that ends a token (RFC 7009, as the platforms have it).
///
/// # Errors
/// As those of [`token_request`].
pub fn revoke_request(input: RevokeRequest) -> Result<Outgoing, Error> {
    let RevokeRequest { client, token } = &input;
    let server = server(&client.provider)?;
    if token.expose().is_empty() {
        return Err(Error::from(&GRANT_VALUE));
    }
    client.request(server, At::Revoke, vec![("token", token.expose())])
}

fn join_scope(scope: &[String], provider: &str) -> Result<String, Error> {
    let delimiter = delimiter(provider);
    let is_good =
        |name: &String| is_visible(name) && !name.contains([' ', char::from(delimiter), '"', '\\']);
    if !scope.iter().all(is_good) {
        return Err(Error::from(&SCOPE));
    }
    Ok(scope.join(&char::from(delimiter).to_string()))
}

fn delimiter(provider: &str) -> u8 {
    providers::by_name(provider).map_or(b' ', |profile| profile.scope_delimiter)
}

/// What came back from a token or revocation endpoint.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct TokenAnswer {
    /// The platform's name.
    pub provider: String,
    /// The HTTP status.
    pub status: u16,
    /// The `Retry-After` header.
    #[serde(default)]
    pub retry_after: Option<String>,
    /// The body as text, empty where there is none.
    #[serde(default)]
    pub body: Secret,
    /// The time in milliseconds since the Unix epoch, for a `Retry-After` that is a date.
    pub now: f64,
    /// What was sent and must not come back in an error's words.
    #[serde(default)]
    pub sent: Vec<Secret>,
    /// The numbers of the envelope that say that a grant is at its end, in place of the profile's.
    /// Unverified at Trustoo.
    #[serde(default)]
    pub invalid_grant_codes: Option<Vec<u32>>,
}

/// What an answer of a token endpoint says.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(
    tag = "kind",
    rename_all = "snake_case",
    rename_all_fields = "camelCase"
)]
pub enum TokenResult {
    /// Tokens.
    Granted {
        /// The access token.
        #[serde(serialize_with = "shown")]
        access_token: Secret,
        /// The refresh token; where there is none, the one that was used goes on (RFC 6749 §6).
        #[serde(serialize_with = "shown_if")]
        refresh_token: Option<Secret>,
        /// Seconds that the access token lives; `None` where that is not known. Nought is taken
        /// for not known.
        expires_in: Option<u32>,
        /// Seconds that the refresh token lives, where that is known.
        refresh_token_expires_in: Option<u32>,
        /// The scopes that were granted, where the answer says.
        scope: Option<Vec<String>>,
    },
    /// The token was ended, or was none.
    Revoked,
    /// The grant is at its end: `invalid_grant`.
    InvalidGrant {
        /// What the platform said.
        description: Option<String>,
    },
    /// Too many requests.
    Limited {
        /// Milliseconds until the next may be sent, where the platform says.
        retry_after_ms: Option<f64>,
    },
    /// The platform does not accept client or request as they are configured.
    Refused {
        /// `invalid_client`, `unauthorized_client` and so on, or the word of the platform.
        error: String,
        /// What the platform said.
        description: Option<String>,
    },
    /// The platform failed, or answered with what cannot be read. What was asked may have been done.
    Unavailable {
        /// What the platform said.
        description: Option<String>,
    },
}

/// Reads the answer to a [`token_request`].
///
/// # Errors
/// `invalid_argument` for an unknown platform. A refusal is a result, not an error.
pub fn read_token_answer(input: TokenAnswer) -> Result<TokenResult, Error> {
    let server = server(&input.provider)?;
    Ok(match read(&input, server) {
        Ok(body) => granted(&body, delimiter(&input.provider))
            .unwrap_or(TokenResult::Unavailable { description: None }),
        Err(result) => result,
    })
}

/// Reads the answer to a [`revoke_request`]. A token that is not known is revoked (RFC 7009 §2.2).
///
/// # Errors
/// `invalid_argument` for an unknown platform.
pub fn read_revoke_answer(input: TokenAnswer) -> Result<TokenResult, Error> {
    let server = server(&input.provider)?;
    let is_plain = matches!(input.status, 200..=299) && parse(input.body.expose()).is_none();
    Ok(match read(&input, server) {
        Ok(_) | Err(TokenResult::InvalidGrant { .. }) => TokenResult::Revoked,
        // No document says what the body of a success is.
        Err(_) if is_plain => TokenResult::Revoked,
        Err(result) => result,
    })
}

fn parse(text: &str) -> Option<Map<String, Value>> {
    // A byte order mark is no JSON, yet some gateways send one.
    match serde_json::from_str(text.trim_start_matches('\u{feff}')) {
        Ok(Value::Object(members)) => Some(members),
        _ => None,
    }
}

/// The members of a success, or what the answer says in its place.
fn read(input: &TokenAnswer, server: &Server<'_>) -> Result<Map<String, Value>, TokenResult> {
    let body = parse(input.body.expose());
    let mut words = body.as_ref().map(Words::of).unwrap_or_default();
    words.mask(&input.sent);
    let is_success = matches!(input.status, 200..=299);
    let number = body
        .as_ref()
        .filter(|_| server.envelope.is_some())
        .and_then(|body| body.get("code"))
        .and_then(whole);
    let meaning = match (number, &input.invalid_grant_codes) {
        (None, _) => None,
        (Some(0), _) => None,
        (Some(number), Some(codes)) if codes.contains(&number) => Some(Refusal::InvalidGrant),
        (Some(number), codes) => {
            let known = server.envelope.unwrap_or_default().iter();
            let known = known.filter(|(_, it)| codes.is_none() || *it != Refusal::InvalidGrant);
            let found = known.clone().find(|(code, _)| *code == number);
            Some(found.map_or(Refusal::Other, |(_, it)| *it))
        }
    };
    let limited = || TokenResult::Limited {
        retry_after_ms: input
            .retry_after
            .as_deref()
            .and_then(|text| retry_after_ms(text, input.now)),
    };
    if input.status == 429 || words.is_quota() {
        return Err(limited());
    }
    if is_success && meaning.is_none() && (words.code.is_none() || has_token(body.as_ref())) {
        return match body {
            Some(mut body) if number.is_some() => match body.remove("data") {
                Some(Value::Object(data)) => Ok(data),
                _ => Ok(Map::new()),
            },
            Some(body) => Ok(body),
            None => Err(unavailable(words)),
        };
    }
    // RFC 6749 §5.2 has 400; some answer 401. Only these can say that a grant is at its end.
    let may_end = is_success || matches!(input.status, 400 | 401);
    if may_end && words.ends_grant(server.dead_grant) {
        return Err(TokenResult::InvalidGrant {
            description: words.text,
        });
    }
    let meaning = match input.status {
        408 | 500.. => Refusal::Unavailable,
        _ => match meaning {
            Some(Refusal::InvalidGrant) if !may_end => Refusal::Other,
            Some(meaning) => meaning,
            None if words.is_client() || (input.status == 401 && words.code.is_none()) => {
                Refusal::InvalidClient
            }
            None => Refusal::Other,
        },
    };
    Err(match meaning {
        Refusal::InvalidGrant => TokenResult::InvalidGrant {
            description: words.text,
        },
        Refusal::Limited => limited(),
        Refusal::Unavailable => unavailable(words),
        Refusal::InvalidClient => TokenResult::Refused {
            error: "invalid_client".to_owned(),
            description: words.text,
        },
        Refusal::Other => TokenResult::Refused {
            error: words.code.unwrap_or_else(|| match number {
                Some(number) if is_success => format!("code_{number}"),
                _ => format!("http_{}", input.status),
            }),
            description: words.text,
        },
    })
}

fn unavailable(words: Words) -> TokenResult {
    TokenResult::Unavailable {
        description: words.text.or(words.code),
    }
}

fn has_token(body: Option<&Map<String, Value>>) -> bool {
    body.is_some_and(|body| body.get("access_token").is_some_and(Value::is_string))
}

/// `error` and `error_description` in the spellings of RFC 6749 §5.2, of the gateway (`fault`;
/// `ErrorCode` with `Error`), and of an envelope (`message`); `reason` was seen by one client.
#[derive(Default)]
struct Words {
    code: Option<String>,
    text: Option<String>,
}

/// Characters kept of what a platform says.
const LONGEST_WORDS: usize = 300;

impl Words {
    fn of(body: &Map<String, Value>) -> Self {
        let fault = body.get("fault");
        let of_fault = |pointer| fault.and_then(|fault| fault.pointer(pointer));
        let codes = [
            body.get("error"),
            body.get("ErrorCode"),
            of_fault("/detail/errorcode"),
        ];
        let texts = [
            body.get("error_description"),
            body.get("Error"),
            of_fault("/faultstring"),
            body.get("message"),
            body.get("reason"),
        ];
        Self {
            code: first(&codes),
            text: first(&texts),
        }
    }

    /// Takes out of the words what was sent, as it stands and as a form has it.
    fn mask(&mut self, sent: &[Secret]) {
        for part in [&mut self.code, &mut self.text].into_iter().flatten() {
            for secret in sent {
                let secret = secret.expose();
                // A text of a character or two is in most sentences.
                if secret.trim().len() < 4 {
                    continue;
                }
                for spelling in [secret.to_owned(), form_value(secret)] {
                    if part.contains(&spelling) {
                        *part = part.replace(&spelling, "***");
                    }
                }
            }
            *part = part
                .chars()
                .map(|it| if it.is_control() { ' ' } else { it })
                .take(LONGEST_WORDS)
                .collect();
        }
    }

    /// The last part of a gateway's code, in lower case.
    fn last(&self) -> String {
        let code = self.code.as_deref().unwrap_or_default();
        code.rsplit('.').next().unwrap_or(code).to_ascii_lowercase()
    }

    fn ends_grant(&self, dead: &[&str]) -> bool {
        let last = self.last();
        let text = self.text.as_deref().unwrap_or_default();
        let text = text.trim().trim_end_matches('.').to_ascii_lowercase();
        // `oauth.v2.InvalidGrant` is the gateway's spelling of the same.
        matches!(last.as_str(), "invalid_grant" | "invalidgrant")
            || dead.iter().any(|it| *it == last || *it == text)
    }

    fn is_client(&self) -> bool {
        matches!(
            self.last().as_str(),
            "invalid_client" | "invalidclient" | "invalidapikey" | "invalidclientidentifier"
        )
    }

    /// The gateway gives these with 500 as well.
    fn is_quota(&self) -> bool {
        matches!(
            self.last().as_str(),
            "quotaviolation" | "spikearrestviolation" | "slow_down"
        )
    }
}

fn form_value(text: &str) -> String {
    let written = writer::to_string::<()>(3 * text.len(), |out| {
        form::encode(out, text.as_bytes());
        Ok(())
    });
    written.unwrap_or_default()
}

fn first(values: &[Option<&Value>]) -> Option<String> {
    let texts = values.iter().flatten().filter_map(|it| it.as_str());
    texts
        .map(str::trim)
        .find(|text| !text.is_empty())
        .map(str::to_owned)
}

/// A whole number from 0, which may come as text; one too large becomes the largest.
fn whole(value: &Value) -> Option<u32> {
    match value {
        Value::Number(number) => {
            let number = number.as_f64().filter(|it| *it >= 0.0)?;
            Some(number.min(f64::from(u32::MAX)) as u32)
        }
        Value::String(text) => {
            let digits = text.trim();
            let digits = digits.split_once('.').map_or(digits, |(whole, _)| whole);
            grammar::number(digits.as_bytes()).filter(|_| !digits.is_empty())
        }
        _ => None,
    }
}

fn granted(body: &Map<String, Value>, delimiter: u8) -> Option<TokenResult> {
    let token = |name| {
        let text = body.get(name)?.as_str().filter(|text| is_token(text))?;
        Some(Secret::from(text))
    };
    let seconds = |name| body.get(name).and_then(whole).filter(|it| *it > 0);
    let kind = body.get("token_type").and_then(Value::as_str);
    // `bearer`, `Bearer` and `BearerToken` are the same here.
    let is_bearer = kind.is_none_or(|kind| {
        kind.is_empty() || matches!(kind.to_ascii_lowercase().as_str(), "bearer" | "bearertoken")
    });
    let access_token = token("access_token")?;
    if !is_bearer {
        return Some(TokenResult::Refused {
            error: "unsupported_token_type".to_owned(),
            description: None,
        });
    }
    Some(TokenResult::Granted {
        access_token,
        refresh_token: token("refresh_token"),
        expires_in: seconds("expires_in"),
        refresh_token_expires_in: seconds("refresh_token_expires_in"),
        scope: body.get("scope").and_then(|value| scopes(value, delimiter)),
    })
}

/// Whether it can stand behind `Bearer `.
fn is_token(text: &str) -> bool {
    is_visible(text) && !text.contains(' ')
}

fn scopes(value: &Value, delimiter: u8) -> Option<Vec<String>> {
    let names: Vec<String> = match value {
        Value::String(text) => text
            .split([' ', char::from(delimiter)])
            .map(str::to_owned)
            .collect(),
        Value::Array(items) => items
            .iter()
            .filter_map(|item| item.as_str().map(str::to_owned))
            .collect(),
        _ => return None,
    };
    let names: Vec<String> = names.into_iter().filter(|it| !it.is_empty()).collect();
    Some(names).filter(|names| !names.is_empty())
}

/// Milliseconds from `now` that a `Retry-After` names: seconds, or a date (RFC 9110 §10.2.3).
/// One that is neither is none.
#[must_use]
pub fn retry_after_ms(text: &str, now: f64) -> Option<f64> {
    let text = text.trim();
    if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) {
        return grammar::number(text.as_bytes()).map(|seconds| f64::from(seconds) * 1000.0);
    }
    let date = DateTimeParser::new().parse_timestamp(text).ok()?;
    Some((date.as_millisecond() as f64 - now).max(0.0)).filter(|ms| ms.is_finite())
}

/// What the manager has to know of a platform.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Description {
    /// The base address of its private API and its token endpoints.
    pub base: &'static str,
    /// `grant_type`s.
    pub grants: Vec<&'static str>,
    /// Whether refreshes have an endpoint of their own.
    pub has_refresh_endpoint: bool,
    /// The header that names a business user.
    pub business_user_header: Option<&'static str>,
    /// Whether a refresh ends the access token before it.
    pub old_access_token_dies: bool,
    /// For how long a used refresh token gives the same answer, where that is known.
    pub refresh_reuse_ms: Option<u32>,
}

/// The platform that is asked about.
#[derive(Clone, Debug, Deserialize)]
pub struct Named {
    /// Its name.
    pub provider: String,
}

/// The server's side of a platform, for the manager.
///
/// # Errors
/// `invalid_argument` for one that is not known.
pub fn describe_server(input: Named) -> Result<Description, Error> {
    let server = server(&input.provider)?;
    Ok(Description {
        base: server.base,
        grants: server.grants.iter().map(|grant| grant.as_str()).collect(),
        has_refresh_endpoint: server.refresh.is_some(),
        business_user_header: server.business_user_header,
        old_access_token_dies: server.old_access_token_dies,
        refresh_reuse_ms: server.refresh_reuse_ms,
    })
}

/// A text to be recognised by.
#[derive(Clone, Debug, Deserialize)]
pub struct Fingerprinted {
    /// A refresh token, for example.
    pub text: Secret,
}

/// SHA-256 of a text, as 64 hexadecimal digits. For texts that nobody can guess.
///
/// # Errors
/// None; it is a `Result` as all calls of the boundary are.
pub fn fingerprint(input: Fingerprinted) -> Result<String, Error> {
    Ok(super::key::hexadecimal(&Sha256::digest(
        input.text.expose(),
    )))
}
