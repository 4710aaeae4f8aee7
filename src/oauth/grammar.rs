//! The character sets of RFC 6749, Appendix A.

/// `1*VSCHAR`: tokens, codes, `state`, `client_id` (A.1, A.5, A.11, A.12).
#[must_use]
pub fn is_vschar(value: &str) -> bool {
    all(value, |byte| matches!(byte, 0x20..=0x7E))
}

/// `1*NQSCHAR`: `error`, `error_description` (A.7, A.8).
#[must_use]
pub fn is_nqschar(value: &str) -> bool {
    all(value, |byte| byte == b' ' || is_nqchar(byte))
}

/// `1*NQCHAR`: one scope token (A.4); also the characters of `error_uri` (A.9).
#[must_use]
pub fn is_scope_token(value: &str) -> bool {
    all(value, is_nqchar)
}

/// `scope-token *( SP scope-token )` (A.4).
#[must_use]
pub fn is_scope(value: &str) -> bool {
    value.split(' ').all(is_scope_token)
}

/// `1*DIGIT`: `expires_in` (A.14).
#[must_use]
pub fn is_digits(value: &str) -> bool {
    all(value, |byte| byte.is_ascii_digit())
}

/// `type-name / URI-reference`: `token_type` (A.13).
#[must_use]
pub fn is_token_type(value: &str) -> bool {
    all(value, |byte| {
        is_nqchar(byte) && !matches!(byte, b'<' | b'>' | b'^' | b'`' | b'{'..=b'}')
    })
}

const fn is_nqchar(byte: u8) -> bool {
    matches!(byte, 0x21 | 0x23..=0x5B | 0x5D..=0x7E)
}

fn all(value: &str, allowed: impl Fn(u8) -> bool) -> bool {
    !value.is_empty() && value.bytes().all(allowed)
}
