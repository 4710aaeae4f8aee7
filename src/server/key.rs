use serde::Deserialize;
use sha2::{Digest, Sha256};

use crate::error::Error;

/// Whose token it is.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Holder {
    /// The platform's name.
    pub provider: String,
    /// `client_id`, at Trustpilot the API key.
    pub client_id: String,
    /// The user, business or session that the grant is of.
    pub subject: String,
    /// `scope`, empty where none was asked for.
    #[serde(default)]
    pub scope: String,
}

/// The name under which a store keeps the tokens of `holder`: the platform and 32 hexadecimal
/// digits. It tells nothing of client or subject, and no two holders share one.
///
/// # Errors
/// None; it is a `Result` as all calls of the boundary are.
pub fn store_key(holder: Holder) -> Result<String, Error> {
    let mut hash = Sha256::new();
    for part in [
        &holder.provider,
        &holder.client_id,
        &holder.subject,
        &holder.scope,
    ] {
        // Its length before each part: "a" and "bc" are not "ab" and "c".
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part);
    }
    let digits = hexadecimal(hash.finalize().get(..16).unwrap_or_default());
    Ok(format!("{}:{digits}", holder.provider))
}

pub(super) fn hexadecimal(bytes: &[u8]) -> String {
    let digits = bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]);
    digits
        .filter_map(|digit| char::from_digit(u32::from(digit), 16))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{Holder, store_key};

    fn key(parts: [&str; 4]) -> Result<String, crate::Error> {
        let [provider, client_id, subject, scope] = parts.map(String::from);
        store_key(Holder {
            provider,
            client_id,
            subject,
            scope,
        })
    }

    #[test]
    fn tm1_each_part_makes_another_key() {
        let base = key(["trustpilot", "a", "b", "c"]);
        for other in [
            ["trustoo", "a", "b", "c"],
            ["trustpilot", "ab", "", "c"],
            ["trustpilot", "a", "bc", ""],
            ["trustpilot", "a", "b", "c "],
        ] {
            assert_ne!(base, key(other));
        }
        assert_eq!(base, key(["trustpilot", "a", "b", "c"]));
        assert!(base.is_ok_and(|key| key.len() == "trustpilot:".len() + 32));
    }
}
