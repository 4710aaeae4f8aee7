//! Links that a business makes by itself, read back (BG4): the MAC is checked first, and whatever
//! is wrong with a link is one and the same refusal.

use aes::Aes256;
use cbc::Decryptor;
use cbc::cipher::block_padding::Pkcs7;
use cbc::cipher::{BlockModeDecrypt, KeyIvInit};
use serde_json::{Value, json};

use crate::config::LinkKeys;
use crate::sign::verified;
use crate::tokens::base64;

const KEY: usize = 32;
const IV: usize = 16;
const MAC: usize = 32;

/// What every link begins with.
const START: &str = "https://www.trustpilot.com/evaluate-bgl/";

fn key(text: &str) -> Result<Vec<u8>, String> {
    base64(text)
        .filter(|key| key.len() == KEY)
        .ok_or_else(|| format!("a key must be {KEY} bytes in base64"))
}

/// Domain and members of a link.
pub(crate) fn read(link: &str, keys: &LinkKeys) -> Result<Value, String> {
    let encryption = key(&keys.encryption_key)?;
    let authentication = key(&keys.authentication_key)?;
    let wrong = || "the link is not valid".to_owned();
    let (domain, members) = parts(link)
        .and_then(|(domain, bytes)| {
            let members = opened(&bytes, &encryption, &authentication)?;
            Some((domain, members))
        })
        .ok_or_else(wrong)?;
    Ok(json!({ "domain": domain, "data": members }))
}

/// The domain, and the bytes of `p`.
fn parts(link: &str) -> Option<(String, Vec<u8>)> {
    let (domain, query) = link.strip_prefix(START)?.split_once('?')?;
    let mut pairs = form_urlencoded::parse(query.as_bytes()).filter(|(name, _)| name == "p");
    let (_, text) = pairs.next()?;
    let whole = pairs.next().is_none() && !domain.contains('/') && !link.contains('#');
    let bytes = base64(&text).filter(|_| whole)?;
    Some((crate::world::decode(domain), bytes))
}

fn opened(bytes: &[u8], encryption: &[u8], authentication: &[u8]) -> Option<Value> {
    let (sealed, mac) = bytes.split_at_checked(bytes.len().checked_sub(MAC)?)?;
    if !verified(authentication, sealed, mac) {
        return None;
    }
    let (iv, text) = sealed.split_at_checked(IV)?;
    let cipher = Decryptor::<Aes256>::new_from_slices(encryption, iv).ok()?;
    let mut text = text.to_vec();
    let plain = cipher.decrypt_padded::<Pkcs7>(&mut text).ok()?;
    let members: Value = serde_json::from_slice(plain).ok()?;
    members.is_object().then_some(members)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]
mod tests {
    use super::*;

    fn keys() -> LinkKeys {
        LinkKeys {
            encryption_key: "BAXltLTmPHVo7tX1HzrlbxjUOGaHEFEN4HbTZQYj+UA=".to_owned(),
            authentication_key: "/Cmm+QZRIMRplLKSaXSePvt1W23a8inGbQLxNtxIE7w=".to_owned(),
        }
    }

    const LINK: &str = "https://www.trustpilot.com/evaluate-bgl/my-domain.com?p=\
        QAoJS2MQXsAwlDTMR2TQReLw6nELdd3dM0SxcfRZT%2Ft3z4bjH6BeXF7f8DZ4uqsF7XT7NPvMhCPXmu5x6yQnR5Pp\
        %2Fv6bw3NRMDyRZhIDfoLz2n%2F%2FMX5Y%2FaRQnXXVUUDLAZ638bgMXkpdaXstyGYfEhdaGimfIz%2BiE09038lta\
        uyvV4KNciFIGoWLIKoi3z6abpzQz2ee91nS3TNdt9qDiWf2JxoMrufgj%2F1vfI0tY3w%3D";

    #[test]
    fn bg4_a_link_is_read_back() {
        let read = read(LINK, &keys()).unwrap();
        assert_eq!(
            read,
            json!({ "domain": "my-domain.com", "data": {
                "email": "zo\u{eb}@example.com", "name": "Zo\u{eb} O'Neil", "ref": "A-1001",
                "skus": ["sku/1", "sku+2"], "tags": ["first order"],
            } })
        );
    }

    #[test]
    fn bg4_whatever_is_wrong_with_a_link_is_one_refusal() {
        let other = LinkKeys {
            encryption_key: keys().authentication_key,
            ..keys()
        };
        for (link, keys) in [
            ("".to_owned(), keys()),
            (LINK.replace("?p=QAo", "?p=QAp"), keys()),
            (LINK.replace("Y3w%3D", "Y3g%3D"), keys()),
            (LINK.replace("%2F", "/").replace("%2B", "+"), keys()),
            (LINK.replace("?p=", "/?p="), keys()),
            (LINK.replace("https", "http"), keys()),
            (format!("{START}x?p=AAAA"), keys()),
            (format!("{LINK}&p=x"), keys()),
            // The MAC is right, and the text is not.
            (LINK.to_owned(), other),
        ] {
            assert_eq!(
                read(&link, &keys).unwrap_err(),
                "the link is not valid",
                "{link}"
            );
        }
    }

    #[test]
    fn bg1_a_key_of_another_length_says_so() {
        for encryption_key in ["", "AAAA", "no base64"] {
            let keys = LinkKeys {
                encryption_key: encryption_key.to_owned(),
                ..keys()
            };
            assert_eq!(
                read(LINK, &keys).unwrap_err(),
                "a key must be 32 bytes in base64"
            );
        }
    }
}
