//! Sets of scopes (RFC 6749 §3.3): what was asked for against what was granted.

/// The scopes in a `scope` value. Empty ones are dropped; case and order are kept.
pub fn split(value: &str, delimiter: u8) -> impl Iterator<Item = &str> {
    value
        .split(char::from(delimiter))
        .filter(|scope| !scope.is_empty())
}

/// What was asked for and not granted.
#[must_use]
pub fn missing<'a>(asked: &[&'a str], granted: &[&str]) -> Vec<&'a str> {
    asked
        .iter()
        .copied()
        .filter(|scope| !granted.contains(scope))
        .collect()
}
