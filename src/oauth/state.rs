//! The `state` parameter (RFC 6749 §10.12): made from 32 random bytes, compared in full.

use super::writer::{self, Writer};

/// 32 bytes of a cryptographic random source as 43 characters of base64url, which no server
/// re-encodes.
#[must_use]
pub fn encode(random: &[u8; 32]) -> String {
    let Ok(state) = writer::to_string(43, |out| {
        write(out, random);
        Ok::<_, std::convert::Infallible>(())
    });
    state
}

pub(crate) fn write(out: &mut Writer<'_>, random: &[u8; 32]) {
    let (mut bits, mut count) = (0_u32, 0);
    for &byte in random {
        bits = (bits << 8) | u32::from(byte);
        count += 8;
        while count >= 6 {
            count -= 6;
            out.push(digit(bits >> count));
        }
    }
    // 256 bits are 42 digits and four bits more.
    out.push(digit(bits << 2));
}

/// The base64url digit of the lowest six bits.
fn digit(bits: u32) -> u8 {
    match bits as u8 & 63 {
        value @ 0..=25 => b'A' + value,
        value @ 26..=51 => b'a' - 26 + value,
        value @ 52..=61 => value - 52 + b'0',
        62 => b'-',
        _ => b'_',
    }
}

/// Whether the state that came is the one that was sent, in a time that does not depend on where
/// they differ.
#[must_use]
pub fn matches(sent: &str, received: &[u8]) -> bool {
    let (mut differences, mut is_ascii) = (sent.len() ^ received.len(), true);
    let mut rest = received;
    for &a in sent.as_bytes() {
        // Smaller and faster than a zip.
        if let [b, after @ ..] = rest {
            differences |= usize::from(a ^ b);
            rest = after;
        }
        is_ascii &= a < 0x80;
    }
    differences == 0 || (!is_ascii && is_read_as(received, sent))
}

/// Whether `bytes`, with U+FFFD for what is no UTF-8, read as `text`.
pub(crate) fn is_read_as(bytes: &[u8], text: &str) -> bool {
    let mut rest = text;
    for chunk in bytes.utf8_chunks() {
        let invalid = if chunk.invalid().is_empty() {
            ""
        } else {
            "\u{FFFD}"
        };
        let after = rest
            .strip_prefix(chunk.valid())
            .and_then(|rest| rest.strip_prefix(invalid));
        match after {
            Some(after) => rest = after,
            None => return false,
        }
    }
    rest.is_empty()
}
