//! Trustoo's signatures: HMAC-SHA256 in lower-case hex.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use crate::config::{Config, TrustooSign};

/// HMAC-SHA256.
pub(crate) fn mac(key: &[u8], text: &[u8]) -> Vec<u8> {
    // A key of any length will do.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(key) else {
        return Vec::new();
    };
    mac.update(text);
    mac.finalize().into_bytes().to_vec()
}

/// Whether `tag` is the HMAC-SHA256 of a text.
pub(crate) fn verified(key: &[u8], text: &[u8], tag: &[u8]) -> bool {
    Hmac::<Sha256>::new_from_slice(key).is_ok_and(|mut mac| {
        mac.update(text);
        mac.verify_slice(tag).is_ok()
    })
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The `Sign` of a request with these parameters and this body.
pub(crate) fn sign(
    config: &Config,
    timestamp: &str,
    query: &[(String, String)],
    body: &[u8],
) -> String {
    let keys = &config.trustoo_sign_keys;
    let text = match config.trustoo_sign {
        TrustooSign::TokenTimestamp => format!("{}{timestamp}", keys.public_token).into_bytes(),
        TrustooSign::SortedQuery => {
            let own = ("timestamp".to_owned(), timestamp.to_owned());
            let mut pairs: Vec<_> = query
                .iter()
                .filter(|(name, _)| name != "timestamp")
                .chain([&own])
                .collect();
            pairs.sort_by(|one, other| one.0.cmp(&other.0));
            let pairs: Vec<_> = pairs
                .into_iter()
                .map(|(name, value)| format!("{name}={value}"))
                .collect();
            let mut text = pairs.join("&").into_bytes();
            if !body.is_empty() {
                text.push(b'|');
                text.extend_from_slice(body);
            }
            text
        }
    };
    hex(&mac(keys.private_token.as_bytes(), &text))
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]
mod tests {
    use super::*;

    #[test]
    fn the_mac_is_that_of_rfc_4231() {
        let made = mac(b"Jefe", b"what do ya want for nothing?");
        let known = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843";
        assert_eq!(hex(&made), known);
    }

    #[test]
    fn what_is_signed_is_an_option() {
        let mut config = Config::default();
        let key = config.trustoo_sign_keys.private_token.clone();
        let query = [("b", "2"), ("a", "x y"), ("timestamp", "0")];
        let query: Vec<_> = query
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect();
        let of = |text: &str| hex(&mac(key.as_bytes(), text.as_bytes()));
        assert_eq!(
            sign(&config, "17", &query, b""),
            of("a=x y&b=2&timestamp=17")
        );
        assert_eq!(sign(&config, "17", &[], b"{}"), of("timestamp=17|{}"));
        config.trustoo_sign = TrustooSign::TokenTimestamp;
        assert_eq!(
            sign(&config, "17", &query, b"{}"),
            of("plaudit-demo-public-token17")
        );
    }
}
