//! A redirect address taken apart, as far as OAuth needs it.

use super::form::split;
use super::grammar::{self, HOST, IPV4, IPV6};

/// An absolute http(s) URL, split but neither decoded nor normalised.
#[derive(Clone, Copy)]
pub struct Address<'a> {
    secure: bool,
    userinfo: Option<&'a [u8]>,
    host: &'a [u8],
    port: u32,
    path: &'a [u8],
    /// All before the query and the fragment.
    pub(crate) base: &'a [u8],
    /// What follows the first `?` before any `#`, without it.
    pub(crate) query: Option<&'a [u8]>,
    /// What follows the first `#`, without it.
    pub(crate) fragment: Option<&'a [u8]>,
}

impl<'a> Address<'a> {
    /// Splits `url`, or gives `None` where it is not an absolute http(s) URL with a host.
    #[must_use]
    pub fn parse(url: &'a str) -> Option<Self> {
        let (before, fragment) = split(url.as_bytes(), b'#');
        let (base, query) = split(before, b'?');
        let (scheme, rest) = split(base, b':');
        let secure = scheme.eq_ignore_ascii_case(b"https");
        if !secure && !scheme.eq_ignore_ascii_case(b"http") {
            return None;
        }
        let hierarchy = rest?.strip_prefix(b"//")?;
        let (authority, _) = split(hierarchy, b'/');
        let path = hierarchy.get(authority.len()..)?;
        let (userinfo, host) = match split(authority, b'@') {
            (userinfo, Some(host)) => (Some(userinfo), host),
            (host, None) => (None, host),
        };
        let default_port = if secure { 443 } else { 80 };
        let (host, port) = split_port(host, default_port);
        (is_host(host) && port <= 65_535).then_some(Self {
            secure,
            userinfo,
            host,
            port,
            path,
            base,
            query,
            fragment,
        })
    }

    /// Whether scheme, host and port are the same. Host case and a spelled-out default port do not
    /// count, since a browser writes both its own way.
    #[must_use]
    pub fn same_origin(&self, other: &Address<'_>) -> bool {
        self.secure == other.secure
            && self.port == other.port
            && self.host.eq_ignore_ascii_case(other.host)
    }

    /// Whether origin and path are the same to the letter; an empty path is `/`.
    #[must_use]
    pub fn same_endpoint(&self, other: &Address<'_>) -> bool {
        self.same_origin(other) && self.userinfo == other.userinfo && self.path() == other.path()
    }

    /// Whether tokens may travel here: https, or http on a loopback host (RFC 9700 §2.6) without
    /// userinfo, behind which a backslash can hide another host (WHATWG URL).
    #[must_use]
    pub fn is_safe(&self) -> bool {
        self.secure
            || (self.userinfo.is_none()
                && (self.host.eq_ignore_ascii_case(b"localhost")
                    || self.host == b"[::1]"
                    || is_ipv4_loopback(self.host)))
    }

    /// The path, `/` where the URL has none.
    fn path(&self) -> &'a [u8] {
        if self.path.is_empty() {
            b"/"
        } else {
            self.path
        }
    }

    /// Where the path starts in the URL.
    pub(crate) fn path_start(&self) -> usize {
        self.base.len() - self.path.len()
    }
}

/// Host and port. What follows the last `:` and is no number belongs to the host, where only an
/// IPv6 address may have it.
fn split_port(authority: &[u8], default: u32) -> (&[u8], u32) {
    let colon = authority.iter().rposition(|&byte| byte == b':');
    let parts = colon.and_then(|at| authority.split_at_checked(at));
    match parts {
        Some((host, [_])) => (host, default),
        Some((host, [_, port @ ..])) => match grammar::number(port) {
            Some(port) => (host, port),
            None => (authority, default),
        },
        _ => (authority, default),
    }
}

/// `127.` alone is no loopback address: browsers read it as 0.0.0.127.
fn is_ipv4_loopback(host: &[u8]) -> bool {
    matches!(host, [b'1', b'2', b'7', b'.', .., b'0'..=b'9']) && grammar::all(IPV4, host)
}

fn is_host(host: &[u8]) -> bool {
    match host {
        [b'[', address @ .., b']'] => grammar::all(IPV6, address),
        _ => grammar::all(HOST, host),
    }
}
