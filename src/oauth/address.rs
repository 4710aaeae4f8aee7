//! A redirect address taken apart, as far as OAuth needs it.

/// An absolute http(s) URL, split but neither decoded nor normalised.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Address<'a> {
    /// Whether the scheme is https.
    pub secure: bool,
    userinfo: Option<&'a str>,
    host: &'a str,
    port: &'a str,
    path: &'a str,
    /// All before the query and the fragment.
    pub base: &'a str,
    /// What follows the first `?` before any `#`, without it.
    pub query: Option<&'a str>,
    /// What follows the first `#`, without it.
    pub fragment: Option<&'a str>,
}

impl<'a> Address<'a> {
    /// Splits `url`, or gives `None` where it is not an absolute http(s) URL with a host.
    #[must_use]
    pub fn parse(url: &'a str) -> Option<Self> {
        let (secure, rest) = if let Some(rest) = strip_scheme(url, "https://") {
            (true, rest)
        } else {
            (false, strip_scheme(url, "http://")?)
        };
        let (before, fragment) = split(rest, b'#');
        let (hierarchy, query) = split(before, b'?');
        let at = hierarchy
            .bytes()
            .position(|byte| byte == b'/')
            .unwrap_or(hierarchy.len());
        let (authority, path) = hierarchy.split_at_checked(at)?;
        let (userinfo, host_and_port) = match authority.rsplit_once('@') {
            Some((userinfo, rest)) => (Some(userinfo), rest),
            None => (None, authority),
        };
        let (host, port) = split_port(host_and_port)?;
        let base = url.get(..url.len() - rest.len() + hierarchy.len())?;
        is_host(host).then_some(Self {
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
            && self.host.eq_ignore_ascii_case(other.host)
            && self.explicit_port() == other.explicit_port()
    }

    /// Whether origin and path are the same to the letter; an empty path is `/`.
    #[must_use]
    pub fn same_endpoint(&self, other: &Address<'_>) -> bool {
        self.same_origin(other) && self.userinfo == other.userinfo && self.path() == other.path()
    }

    /// Whether tokens may travel here: https, or http on a loopback host (RFC 9700 §2.6).
    #[must_use]
    pub fn is_safe(&self) -> bool {
        self.secure || is_loopback(self.host)
    }

    /// The path, `/` where the URL has none.
    #[must_use]
    pub fn path(&self) -> &'a str {
        if self.path.is_empty() { "/" } else { self.path }
    }

    /// Where the path starts in the URL.
    pub(crate) fn path_start(&self) -> usize {
        self.base.len() - self.path.len()
    }

    fn explicit_port(&self) -> &'a str {
        let default = if self.secure { "443" } else { "80" };
        let port = self.port.trim_start_matches('0');
        if port == default { "" } else { port }
    }
}

fn strip_scheme<'a>(url: &'a str, scheme: &str) -> Option<&'a str> {
    let (start, rest) = url.split_at_checked(scheme.len())?;
    start.eq_ignore_ascii_case(scheme).then_some(rest)
}

fn split(text: &str, at: u8) -> (&str, Option<&str>) {
    match text.bytes().position(|byte| byte == at) {
        Some(index) => (text.get(..index).unwrap_or_default(), text.get(index + 1..)),
        None => (text, None),
    }
}

fn split_port(authority: &str) -> Option<(&str, &str)> {
    let after_brackets = authority
        .bytes()
        .rposition(|byte| byte == b']')
        .map_or(0, |at| at + 1);
    let colon = authority
        .bytes()
        .skip(after_brackets)
        .position(|byte| byte == b':');
    let Some(colon) = colon.map(|at| at + after_brackets) else {
        return Some((authority, ""));
    };
    let port = authority.get(colon + 1..)?;
    let number = port.bytes().try_fold(0_u32, |sum, byte| {
        let digit = byte.is_ascii_digit().then_some(u32::from(byte & 15))?;
        Some(sum.saturating_mul(10).saturating_add(digit))
    })?;
    (number <= 65_535).then_some((authority.get(..colon)?, port))
}

fn is_host(host: &str) -> bool {
    if let Some(address) = host.strip_prefix('[') {
        return address.strip_suffix(']').is_some_and(|address| {
            address.len() > 1
                && address
                    .bytes()
                    .all(|b| b.is_ascii_hexdigit() || matches!(b, b':' | b'.'))
        });
    }
    !host.is_empty()
        && host.bytes().all(|byte| match byte {
            b'0'..=b'9' | b'A'..=b'Z' | b'a'..=b'z' | b'-' | b'.' | b'_' | 0x80.. => true,
            // Legal in a reg-name (RFC 3986 §3.2.2), though no DNS name has them.
            b'!' | b'$' | b'&' | b'\'' | b'(' | b')' | b'*' | b'+' | b',' | b';' | b'=' | b'~' => {
                true
            }
            _ => false,
        })
}

fn is_loopback(host: &str) -> bool {
    host.eq_ignore_ascii_case("localhost")
        || host == "[::1]"
        || (host.starts_with("127.")
            && host
                .bytes()
                .all(|byte| byte.is_ascii_digit() || byte == b'.'))
}
