//! The `state` parameter (RFC 6749 §10.12): made from 32 random bytes, compared in full.

/// 32 bytes of a cryptographic random source as 43 characters of base64url, which no server
/// re-encodes.
#[must_use]
pub fn encode(random: &[u8; 32]) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let mut out = String::with_capacity(43);
    for chunk in random.chunks(3) {
        let bits = chunk
            .iter()
            .chain([0, 0].iter())
            .take(3)
            .fold(0_usize, |bits, &byte| bits << 8 | usize::from(byte));
        for digit in 0..=chunk.len() {
            let index = bits >> (18 - 6 * digit) & 63;
            out.push(ALPHABET.get(index).copied().unwrap_or_default() as char);
        }
    }
    out
}

/// Whether two states are the same, in a time that does not depend on where they differ.
#[must_use]
pub fn matches(expected: &str, received: &str) -> bool {
    expected.len() == received.len()
        && expected
            .bytes()
            .zip(received.bytes())
            .fold(0, |diff, (a, b)| diff | (a ^ b))
            == 0
}
