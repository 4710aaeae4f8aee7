//! The character sets of RFC 6749, Appendix A, and those of a host.

/// A set of bytes, as one bit of [`SETS`].
#[derive(Clone, Copy)]
pub(crate) struct Set(u8);

/// `VSCHAR`: tokens, codes, `state`, `client_id` (A.1, A.5, A.11, A.12).
pub(crate) const VSCHAR: Set = Set(1);
/// `NQSCHAR`: `error`, `error_description` (A.7, A.8).
pub(crate) const NQSCHAR: Set = Set(2);
/// `NQCHAR`: a scope token (A.4), `error_uri` (A.9).
pub(crate) const NQCHAR: Set = Set(4);
/// `name-char` or what a URI-reference may have: `token_type` (A.13).
pub(crate) const TYPE: Set = Set(8);
/// `reg-name` (RFC 3986 §3.2.2) without percent, and letters beyond ASCII.
pub(crate) const HOST: Set = Set(16);
/// An IPv6 address between its brackets.
pub(crate) const IPV6: Set = Set(32);
/// An IPv4 address.
pub(crate) const IPV4: Set = Set(64);
/// What form encoding leaves as it is (WHATWG URL §1.3).
pub(crate) const FORM: Set = Set(128);

static SETS: [u8; 256] = sets();

const fn sets() -> [u8; 256] {
    let mut sets = [0; 256];
    let mut byte = u8::MAX;
    // Evaluated by the compiler, where an index out of bounds would not build.
    #[allow(clippy::indexing_slicing)]
    while byte > 0 {
        sets[byte as usize] = sets_of(byte);
        byte -= 1;
    }
    sets
}

const fn sets_of(byte: u8) -> u8 {
    let vschar = matches!(byte, 0x20..=0x7E);
    let nqschar = vschar && !matches!(byte, b'"' | b'\\');
    let nqchar = nqschar && byte != b' ';
    let token_type = nqchar && !matches!(byte, b'<' | b'>' | b'^' | b'`' | b'{'..=b'}');
    let form = byte.is_ascii_alphanumeric() || matches!(byte, b'*' | b'-' | b'.' | b'_');
    let host = form || matches!(byte, b'!' | b'$' | b'&'..=b',' | b';' | b'=' | b'~' | 0x80..);
    let ipv4 = byte.is_ascii_digit() || byte == b'.';
    let ipv6 = ipv4 || byte.is_ascii_hexdigit() || byte == b':';
    bit(VSCHAR, vschar)
        | bit(NQSCHAR, nqschar)
        | bit(NQCHAR, nqchar)
        | bit(TYPE, token_type)
        | bit(HOST, host)
        | bit(IPV6, ipv6)
        | bit(IPV4, ipv4)
        | bit(FORM, form)
}

const fn bit(set: Set, is_in: bool) -> u8 {
    if is_in { set.0 } else { 0 }
}

/// Whether `byte` is in `set`.
pub(crate) fn has(set: Set, byte: u8) -> bool {
    SETS.get(usize::from(byte))
        .is_some_and(|sets| sets & set.0 != 0)
}

/// Whether `value` is one or more bytes of `set`.
pub(crate) fn all(set: Set, value: &[u8]) -> bool {
    !value.is_empty() && value.iter().all(|&byte| has(set, byte))
}

/// `scope-token *( SP scope-token )` (A.4).
pub(crate) fn is_scope(value: &[u8]) -> bool {
    // Two spaces in a row, or one at an end, leave an empty token.
    let mut after_space = true;
    for &byte in value {
        let is_space = byte == b' ';
        if !has(NQSCHAR, byte) || (is_space && after_space) {
            return false;
        }
        after_space = is_space;
    }
    !after_space
}

/// `*DIGIT` as a number; one too large becomes the largest (A.14, RFC 3986 §3.2.3).
pub(crate) fn number(digits: &[u8]) -> Option<u32> {
    let mut number: u32 = 0;
    for byte in digits {
        let digit = byte.wrapping_sub(b'0');
        if digit > 9 {
            return None;
        }
        number = number.saturating_mul(10).saturating_add(u32::from(digit));
    }
    Some(number)
}
