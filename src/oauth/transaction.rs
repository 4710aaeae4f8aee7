//! A sign-in under way: how long it may take, and where the user goes back to.

use super::address::Address;
use crate::error::{Error, Fault, fault};

/// How long a sign-in may take, in milliseconds.
pub const LIFETIME_MS: f64 = 600_000.0;

static RETURN_TO: Fault = fault!(
    InvalidArgument,
    "returnTo",
    "must be a path that starts with one \"/\" or a URL of this page's own origin",
);

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
    Ok(local_path(page, target)?)
}

pub(crate) fn local_path<'a>(page: &str, target: &'a str) -> Result<&'a str, &'static Fault> {
    find_path(page, target).ok_or(&RETURN_TO)
}

fn find_path<'a>(page: &str, target: &'a str) -> Option<&'a str> {
    // Browsers drop tabs and line breaks before they read a URL and take `\` for `/`.
    if target
        .bytes()
        .any(|byte| matches!(byte, 0..0x20 | b'\\' | 0x7F))
    {
        return None;
    }
    let path = match Address::parse(target) {
        None => target,
        Some(address) if address.same_origin(&Address::parse(page)?) => {
            match target.get(address.path_start()..)? {
                "" => "/",
                path => path,
            }
        }
        Some(_) => return None,
    };
    (path.starts_with('/') && !path.starts_with("//")).then_some(path)
}
