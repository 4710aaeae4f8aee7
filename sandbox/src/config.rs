//! What a world can be told to do otherwise. Unverified behaviour is an option here (SB14).

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// The API key (and `client_id`) that every new world knows for Trustpilot.
pub const DEMO_CLIENT: &str = "plaudit-demo-key";
/// The `client_id` that every new world knows for Trustoo.
pub const DEMO_TRUSTOO_CLIENT: &str = "plaudit-demo-trustoo";

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
    #[serde(default)]
    pub(crate) redirect_hosts: Vec<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct User {
    pub(crate) email: String,
    pub(crate) password: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Config {
    /// Seconds that a token lives.
    pub(crate) token_lifetime: u64,
    pub(crate) state_echo: StateEcho,
    /// Whether Trustoo percent-encodes the code that it redirects with.
    pub(crate) encode_code: bool,
    pub(crate) deny: OnDeny,
    pub(crate) past_reach: PastReach,
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
        option: "past_reach",
        values: "refuse | empty",
        default: "refuse",
        note: "What a page of reviews past the first 100,000 is: a 400, or an empty list.",
    },
];

impl Default for Config {
    fn default() -> Self {
        let hosts = || vec!["127.0.0.1".to_owned(), "localhost".to_owned()];
        Self {
            token_lifetime: 359_999,
            state_echo: StateEcho::LostOnGoogle,
            encode_code: true,
            deny: OnDeny::Redirect,
            past_reach: PastReach::Refuse,
            user: User {
                email: "demo@example.com".to_owned(),
                password: "plaudit".to_owned(),
            },
            clients: vec![
                Client {
                    provider: Provider::Trustpilot,
                    client_id: DEMO_CLIENT.to_owned(),
                    redirect_hosts: hosts(),
                },
                Client {
                    provider: Provider::Trustoo,
                    client_id: DEMO_TRUSTOO_CLIENT.to_owned(),
                    redirect_hosts: hosts(),
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
}
