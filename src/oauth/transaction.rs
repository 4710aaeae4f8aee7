//! A sign-in under way: how long it may take, and where the user goes back to.

use super::address::Address;
use crate::error::Error;

/// How long a sign-in may take, in milliseconds.
pub const LIFETIME_MS: f64 = 600_000.0;

/// Whether a transaction is too old. One from the future (a clock set back) is too.
#[must_use]
pub fn is_expired(created_at: f64, now: f64) -> bool {
    let age = now - created_at;
    !(-LIFETIME_MS..=LIFETIME_MS).contains(&age)
}

/// Where to go back to after sign-in, as path, query and fragment on the page's own origin.
///
/// `target` is a path that starts with one `/`, or a whole URL of the same origin.
///
/// # Errors
/// `invalid_argument` for anything else, since it would be an open redirector (RFC 9700 §4.11.1).
pub fn return_to<'a>(page: &str, target: &'a str) -> Result<&'a str, Error> {
    let refused = Error::argument(
        "returnTo",
        "must be a path that starts with one \"/\" or a URL of this page's own origin",
    );
    // Browsers drop tabs and line breaks before they read a URL and take `\` for `/`.
    if target
        .bytes()
        .any(|byte| byte < 0x20 || byte == b'\\' || byte == 0x7F)
    {
        return Err(refused);
    }
    let path = match (Address::parse(target), Address::parse(page)) {
        (Some(address), Some(page)) if address.same_origin(&page) => target
            .get(address.path_start()..)
            .filter(|path| !path.is_empty())
            .unwrap_or("/"),
        (None, _) => target,
        _ => return Err(refused),
    };
    let rooted = path.starts_with('/') && !path.starts_with("//");
    if rooted { Ok(path) } else { Err(refused) }
}
