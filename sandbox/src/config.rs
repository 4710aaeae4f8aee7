//! What a world can be told to do otherwise. Unverified behaviour is an option here (SB14).

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::limits::Limits;

/// The API key (and `client_id`) that every new world knows for Trustpilot.
pub const DEMO_CLIENT: &str = "plaudit-demo-key";
/// The `client_id` that every new world knows for Trustoo.
pub const DEMO_TRUSTOO_CLIENT: &str = "plaudit-demo-trustoo";
/// The `client_id` of the integration partner that every new world knows at Trustpilot.
pub const DEMO_PARTNER_CLIENT: &str = "plaudit-demo-partner-key";
/// The partner id of that client.
pub const DEMO_PARTNER: &str = "plaudit-demo-partner";
/// The `client_id` of a platform at Trustoo, which gets tokens of its own.
pub const DEMO_TRUSTOO_PLATFORM: &str = "plaudit-demo-trustoo-platform";
/// The client secret of all of them.
pub const DEMO_SECRET: &str = "plaudit-demo-secret";

/// Which platform something belongs to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Provider {
    #[default]
    Trustpilot,
    Trustoo,
}

/// Whether the redirect gives `state` back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum StateEcho {
    Always,
    Never,
    LostOnGoogle,
}

/// What happens after Deny.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum OnDeny {
    Redirect,
    Page,
}

/// What a refresh answers with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum RefreshRotation {
    /// A new refresh token; the used one is dead.
    Rotate,
    /// The same refresh token again.
    Keep,
    /// No refresh token; the used one goes on.
    Omit,
}

/// Which members Trustpilot's token answer has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum TokenAnswer {
    /// As captured in 2025: `issued_at` in seconds.
    Current,
    /// As captured in 2021, from the gateway of that time: more members, `issued_at` in
    /// milliseconds.
    Apigee,
}

/// How Trustpilot's token endpoints word a refusal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum TokenErrors {
    Gateway,
    Rfc6749,
}

/// Whether revoking needs the client's credentials.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum RevokeAuth {
    Optional,
    Required,
}

/// How Trustoo's answers tell of an error.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum TrustooErrors {
    /// Status 200: the envelope's `code` alone.
    Envelope,
    /// The status that belongs to that code as well.
    Status,
}

/// How Trustoo tells where an authorization leads back to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum TrustooAuthorize {
    Redirect,
    /// In its envelope: `code`, `redirect_url`, `state`.
    Json,
}

/// What Trustoo's `Sign` is made over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum TrustooSign {
    /// `k=v` of query and timestamp, sorted by name and joined by `&`; a body follows after `|`.
    SortedQuery,
    /// Public token and timestamp.
    TokenTimestamp,
}

/// What a webhook carries when it comes again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum WebhookRetries {
    /// A new timestamp and a new signature; the same request id.
    Resigned,
    /// The bytes of the first attempt.
    Same,
}

/// What a page of reviews past the first 100,000 is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum PastReach {
    Refuse,
    Empty,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Client {
    #[serde(default)]
    pub(crate) provider: Provider,
    pub(crate) client_id: String,
    /// Without one the client gets no token from a token endpoint.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) client_secret: Option<String>,
    #[serde(default)]
    pub(crate) redirect_hosts: Vec<String>,
    /// Trustoo: whether it may use client credentials.
    #[serde(default)]
    pub(crate) platform: bool,
    /// Trustpilot: the id of the integration partner that it belongs to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) partner_id: Option<String>,
    /// The businesses that its own tokens, without a user, open; without a list every one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) domains: Option<Vec<String>>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct User {
    pub(crate) email: String,
    pub(crate) password: String,
    /// The businesses of the account; without a list every one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) domains: Option<Vec<String>>,
}

/// The keys of links that a business makes by itself, in base64.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct LinkKeys {
    pub(crate) encryption_key: String,
    pub(crate) authentication_key: String,
}

/// Trustoo's tokens of a shop for signed requests.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct SignKeys {
    pub(crate) public_token: String,
    pub(crate) private_token: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Config {
    /// Seconds that a token of Trustpilot lives.
    pub(crate) token_lifetime: u64,
    /// Seconds that a token of Trustoo lives.
    pub(crate) trustoo_token_lifetime: u64,
    pub(crate) refresh_token_lifetime: u64,
    pub(crate) code_lifetime: u64,
    pub(crate) refresh_rotation: RefreshRotation,
    /// How long a used refresh token gives the same answer again.
    pub(crate) refresh_reuse_ms: u64,
    /// Whether a used refresh token that comes again kills what followed it.
    pub(crate) refresh_reuse_revokes: bool,
    pub(crate) old_access_token_dies: bool,
    pub(crate) token_answer: TokenAnswer,
    pub(crate) token_errors: TokenErrors,
    /// Whether a token can be had with GET.
    pub(crate) token_get: bool,
    pub(crate) revoke_auth: RevokeAuth,
    pub(crate) trustoo_errors: TrustooErrors,
    /// Whether POSTs and their preflights carry the CORS headers that GETs carry.
    pub(crate) post_cors: bool,
    pub(crate) limits: Limits,
    /// Whether a query name that an endpoint of the API does not know is refused.
    pub(crate) strict: bool,
    pub(crate) state_echo: StateEcho,
    /// Whether Trustoo percent-encodes the code that it redirects with.
    pub(crate) encode_code: bool,
    pub(crate) deny: OnDeny,
    pub(crate) past_reach: PastReach,
    /// The header in which a partner's client names its partner id when it changes a code for a
    /// token; nothing is asked for without one.
    pub(crate) partner_header: Option<String>,
    /// The domains of the customers who turned on partnership permissions.
    pub(crate) partner_permissions: Vec<String>,
    /// Whether a token without a user needs the header `x-business-user-id` for invitations.
    pub(crate) require_business_user_id: bool,
    pub(crate) link_keys: LinkKeys,
    /// The domain of the shop that Trustoo's tokens are for.
    pub(crate) trustoo_shop: String,
    pub(crate) trustoo_installed: bool,
    pub(crate) trustoo_authorize: TrustooAuthorize,
    pub(crate) trustoo_sign: TrustooSign,
    pub(crate) trustoo_sign_keys: SignKeys,
    /// Whether a token of Trustoo opens only what its scopes name.
    pub(crate) trustoo_scopes: bool,
    pub(crate) webhook_retries: WebhookRetries,
    pub(crate) user: User,
    pub(crate) clients: Vec<Client>,
}

/// One behaviour that no document settles.
#[derive(Debug, Serialize)]
pub(crate) struct Unverified {
    pub(crate) option: &'static str,
    pub(crate) values: &'static str,
    pub(crate) default: &'static str,
    pub(crate) note: &'static str,
}

pub(crate) const UNVERIFIED: &[Unverified] = &[
    Unverified {
        option: "state_echo",
        values: "always | never | lost-on-google",
        default: "lost-on-google",
        note: "No platform documents state. One report says that signing in with Google loses it.",
    },
    Unverified {
        option: "encode_code",
        values: "true | false",
        default: "true",
        note: "Whether Trustoo percent-encodes its base64 code in the redirect.",
    },
    Unverified {
        option: "deny",
        values: "redirect | page",
        default: "redirect",
        note: "What follows Deny: RFC 6749's error redirect, or a page that leads nowhere.",
    },
    Unverified {
        option: "refresh_token_lifetime",
        values: "seconds",
        default: "7776000",
        note: "Trustpilot's guide says 30 days, its blog and a captured answer 90. Trustoo says \
               nothing.",
    },
    Unverified {
        option: "code_lifetime",
        values: "seconds",
        default: "600",
        note: "No platform says how long a code lives. RFC 6749 recommends 10 minutes at most.",
    },
    Unverified {
        option: "refresh_rotation",
        values: "rotate | keep | omit",
        default: "rotate",
        note: "Trustpilot gives a new refresh token. Whether the used one dies, and what Trustoo \
               does, no document says.",
    },
    Unverified {
        option: "refresh_reuse_ms",
        values: "milliseconds",
        default: "0",
        note: "Whether a used refresh token gives the same answer again for a while.",
    },
    Unverified {
        option: "refresh_reuse_revokes",
        values: "true | false",
        default: "false",
        note: "Whether a used refresh token that comes again ends what followed it.",
    },
    Unverified {
        option: "old_access_token_dies",
        values: "true | false",
        default: "true",
        note: "Trustpilot's blog says that the old token is no longer active after a refresh. \
               Whether at once, it does not say; Trustoo says nothing.",
    },
    Unverified {
        option: "token_answer",
        values: "current | apigee",
        default: "current",
        note: "The members of Trustpilot's token answer: as captured in 2025, or in 2021 with \
               issued_at in milliseconds.",
    },
    Unverified {
        option: "token_errors",
        values: "gateway | rfc6749",
        default: "gateway",
        note: "The body of a refusal at Trustpilot's token endpoints: a fault or ErrorCode and \
               Error as clients report, or error and error_description.",
    },
    Unverified {
        option: "token_get",
        values: "true | false",
        default: "false",
        note: "Two clients ask for Trustpilot's token with GET. The documents say POST.",
    },
    Unverified {
        option: "revoke_auth",
        values: "optional | required",
        default: "optional",
        note: "Trustpilot's collection revokes with Basic, clients without any credentials.",
    },
    Unverified {
        option: "trustoo_errors",
        values: "envelope | status",
        default: "envelope",
        note: "Whether Trustoo's errors have an HTTP status of their own, or 200.",
    },
    Unverified {
        option: "post_cors",
        values: "true | false",
        default: "false",
        note: "Trustpilot says that CORS is for GET. Whether a POST is answered with CORS headers, \
               no capture shows.",
    },
    Unverified {
        option: "limits",
        values: "api, token: [{ calls, seconds }]; retry_after: none | seconds | date",
        default: "api: 833 in 300 and 10000 in 3600; token: 100 in 300; none",
        note: "The API's numbers are documented as a recommendation. Too frequent authentication \
               is documented to end in 429, without a number. No hint is documented.",
    },
    Unverified {
        option: "past_reach",
        values: "refuse | empty",
        default: "refuse",
        note: "What a page of reviews past the first 100,000 is: a 400, or an empty list.",
    },
    Unverified {
        option: "partner_header",
        values: "a header name | null",
        default: "null",
        note: "Trustpilot's guide has a partner add its id to the HTTP header of the token \
               request, and does not name the header. Where a name is set it is asked for.",
    },
    Unverified {
        option: "require_business_user_id",
        values: "true | false",
        default: "false",
        note: "Trustpilot says that some endpoints want x-business-user-id from a token without a \
               user, and not which. Where it is on, the invitations do.",
    },
    Unverified {
        option: "trustoo_authorize",
        values: "redirect | json",
        default: "redirect",
        note: "Whether Trustoo redirects back, as the newer documents say, or answers with JSON \
               that holds redirect_url, as the older ones show.",
    },
    Unverified {
        option: "trustoo_sign",
        values: "sorted-query | token-timestamp",
        default: "sorted-query",
        note: "What Trustoo's Sign is made over: the section of the documents that says so was \
               not found, and clients differ.",
    },
    Unverified {
        option: "trustoo_scopes",
        values: "true | false",
        default: "true",
        note: "Trustoo names a scope for each endpoint. What a token without it meets is code 8 \
               here; a token that was given no scope opens everything.",
    },
    Unverified {
        option: "webhook_retries",
        values: "resigned | same",
        default: "resigned",
        note: "Whether a webhook of Trustoo's that comes again has a new timestamp and signature.",
    },
];

impl Default for Config {
    fn default() -> Self {
        let demo = |provider, client_id: &str| Client {
            provider,
            client_id: client_id.to_owned(),
            client_secret: Some(DEMO_SECRET.to_owned()),
            redirect_hosts: vec!["127.0.0.1".to_owned(), "localhost".to_owned()],
            platform: false,
            partner_id: None,
            domains: None,
        };
        let partner = Client {
            partner_id: Some(DEMO_PARTNER.to_owned()),
            domains: Some(Vec::new()),
            ..demo(Provider::Trustpilot, DEMO_PARTNER_CLIENT)
        };
        let texts = |list: &[&str]| list.iter().map(|text| (*text).to_owned()).collect();
        Self {
            token_lifetime: 359_999,
            trustoo_token_lifetime: 3_600,
            refresh_token_lifetime: 7_776_000,
            code_lifetime: 600,
            refresh_rotation: RefreshRotation::Rotate,
            refresh_reuse_ms: 0,
            refresh_reuse_revokes: false,
            old_access_token_dies: true,
            token_answer: TokenAnswer::Current,
            token_errors: TokenErrors::Gateway,
            token_get: false,
            revoke_auth: RevokeAuth::Optional,
            trustoo_errors: TrustooErrors::Envelope,
            post_cors: false,
            limits: Limits::default(),
            strict: false,
            state_echo: StateEcho::LostOnGoogle,
            encode_code: true,
            deny: OnDeny::Redirect,
            past_reach: PastReach::Refuse,
            partner_header: None,
            partner_permissions: texts(&["example.com", "books.example", "coffee.example"]),
            require_business_user_id: false,
            // "plaudit-demo-encryption-key-32by" and "plaudit-demo-authentication-key3".
            link_keys: LinkKeys {
                encryption_key: "cGxhdWRpdC1kZW1vLWVuY3J5cHRpb24ta2V5LTMyYnk=".to_owned(),
                authentication_key: "cGxhdWRpdC1kZW1vLWF1dGhlbnRpY2F0aW9uLWtleTM=".to_owned(),
            },
            trustoo_shop: "example.com".to_owned(),
            trustoo_installed: true,
            trustoo_authorize: TrustooAuthorize::Redirect,
            trustoo_sign: TrustooSign::SortedQuery,
            trustoo_sign_keys: SignKeys {
                public_token: "plaudit-demo-public-token".to_owned(),
                private_token: "plaudit-demo-private-token".to_owned(),
            },
            trustoo_scopes: true,
            webhook_retries: WebhookRetries::Resigned,
            user: User {
                email: "demo@example.com".to_owned(),
                password: "plaudit".to_owned(),
                domains: None,
            },
            clients: vec![
                demo(Provider::Trustpilot, DEMO_CLIENT),
                partner,
                demo(Provider::Trustoo, DEMO_TRUSTOO_CLIENT),
                Client {
                    platform: true,
                    ..demo(Provider::Trustoo, DEMO_TRUSTOO_PLATFORM)
                },
            ],
        }
    }
}

impl Config {
    /// This configuration with the named members replaced; a name that is none is an error.
    pub(crate) fn patched(&self, patch: &Value) -> Result<Self, String> {
        let Value::Object(patch) = patch else {
            return Err("the body must be a JSON object".to_owned());
        };
        let mut merged = serde_json::to_value(self).map_err(|error| error.to_string())?;
        if let Value::Object(members) = &mut merged {
            members.extend(
                patch
                    .iter()
                    .map(|(name, value)| (name.clone(), value.clone())),
            );
        }
        serde_json::from_value(merged).map_err(|error| error.to_string())
    }

    /// Seconds that a new access token lives.
    pub(crate) fn lifetime(&self, provider: Provider) -> u64 {
        match provider {
            Provider::Trustpilot => self.token_lifetime,
            Provider::Trustoo => self.trustoo_token_lifetime,
        }
    }

    pub(crate) fn client(&self, provider: Provider, client_id: &str) -> Option<&Client> {
        self.clients
            .iter()
            .find(|client| client.provider == provider && client.client_id == client_id)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_patch_changes_what_it_names_and_refuses_what_is_unknown() {
        let config = Config::default();
        let patched = config.patched(&json!({ "state_echo": "never" })).unwrap();
        assert_eq!(patched.state_echo, StateEcho::Never);
        assert_eq!(patched.clients, config.clients);
        assert!(config.patched(&json!({ "state_eco": "never" })).is_err());
        assert!(config.patched(&json!({ "token_lifetime": "x" })).is_err());
        assert!(config.patched(&json!([])).is_err());
    }

    #[test]
    fn sb14_the_list_of_what_is_unverified_names_members_and_their_defaults() {
        let config = serde_json::to_value(Config::default()).unwrap();
        for open in UNVERIFIED {
            let value = &config[open.option];
            assert!(
                !value.is_null() || open.default == "null",
                "{}",
                open.option
            );
            if !value.is_object() {
                let text = value.to_string();
                assert_eq!(text.trim_matches('"'), open.default, "{}", open.option);
            }
        }
    }
}
