//! Redirect addresses: read strictly, and built with or without faults.

use crate::faults::Fault;

/// A redirect address that passed every check but the registration of its host.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Address {
    /// The address as it was given.
    pub(crate) text: String,
    /// The host in lower case, IPv6 with its brackets, no port.
    pub(crate) host: String,
    has_path: bool,
}

/// Reads an absolute https address, or http on loopback (a sandbox's liberty: tests run there).
pub(crate) fn read(text: &str) -> Result<Address, &'static str> {
    if text.is_empty() {
        return Err("redirect_uri is missing");
    }
    // Browsers and parsers disagree on these, so an address that holds one has no certain host.
    if text
        .bytes()
        .any(|byte| !(0x21..0x7f).contains(&byte) || b"\\\"<>^`{|}".contains(&byte))
    {
        return Err("redirect_uri holds characters that must be percent-encoded");
    }
    let Some((scheme, rest)) = text.split_once("://") else {
        return Err("redirect_uri is not an absolute address");
    };
    let secure = scheme.eq_ignore_ascii_case("https");
    if !secure && !scheme.eq_ignore_ascii_case("http") {
        return Err("redirect_uri must be an https address");
    }
    if text.contains('#') {
        return Err("redirect_uri must not have a fragment");
    }
    let end = rest.find(['/', '?']).unwrap_or(rest.len());
    let (authority, tail) = rest.split_at(end);
    if authority.contains('@') {
        return Err("redirect_uri must not name a user");
    }
    let (host, port) = match authority.split_once(']') {
        Some((host, port)) => (format!("{host}]"), port),
        None => match authority.split_once(':') {
            Some((host, _)) => (
                host.to_owned(),
                authority.strip_prefix(host).unwrap_or_default(),
            ),
            None => (authority.to_owned(), ""),
        },
    };
    let host = host.to_ascii_lowercase();
    let port_fits = match port.strip_prefix(':') {
        Some(digits) => {
            digits.bytes().all(|byte| byte.is_ascii_digit()) && digits.parse::<u16>().is_ok()
        }
        None => port.is_empty(),
    };
    if !port_fits || !is_host(&host) {
        return Err("redirect_uri has no valid host");
    }
    if !secure && !is_loopback(&host) {
        return Err("redirect_uri must be an https address");
    }
    Ok(Address {
        text: text.to_owned(),
        host,
        has_path: tail.starts_with('/'),
    })
}

fn is_host(host: &str) -> bool {
    match host
        .strip_prefix('[')
        .and_then(|host| host.strip_suffix(']'))
    {
        Some(inner) => {
            !inner.is_empty()
                && inner
                    .bytes()
                    .all(|byte| byte.is_ascii_hexdigit() || b":.".contains(&byte))
        }
        None => {
            !host.is_empty()
                && host
                    .bytes()
                    .all(|byte| byte.is_ascii_alphanumeric() || b"-._".contains(&byte))
        }
    }
}

fn is_loopback(host: &str) -> bool {
    let numbers: Vec<_> = host.split('.').map(str::parse::<u8>).collect();
    let is_127 = matches!(numbers.as_slice(), [Ok(127), Ok(_), Ok(_), Ok(_)]);
    is_127 || host == "localhost" || host == "[::1]"
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    Query,
    Fragment,
}

/// One member of a response. `raw` members are written as they are.
#[derive(Clone, Debug)]
pub(crate) struct Member {
    name: &'static str,
    value: String,
    raw: bool,
    place: Place,
}

/// The response that a redirect carries.
#[derive(Clone, Debug, Default)]
pub(crate) struct Response {
    members: Vec<Member>,
}

impl Response {
    fn push(&mut self, place: Place, name: &'static str, value: &str) {
        self.members.push(Member {
            name,
            value: value.to_owned(),
            raw: false,
            place,
        });
    }

    fn retain(&mut self, name: &str) {
        self.members.retain(|member| member.name != name);
    }

    fn set(&mut self, name: &'static str, value: &str) {
        for member in self.members.iter_mut().filter(|member| member.name == name) {
            member.value = value.to_owned();
        }
    }
}

/// What the redirect is to say, before faults.
#[derive(Clone, Debug)]
pub(crate) enum Outcome {
    Token { token: String, expires_in: u64 },
    Code { code: String, encode: bool },
    Error { error: String, description: String },
}

/// What the redirect is built from.
pub(crate) struct Build<'a> {
    pub(crate) outcome: Outcome,
    /// Whether the client asked for a token, so that the answer belongs into the fragment.
    pub(crate) token_asked: bool,
    pub(crate) state: Option<String>,
    pub(crate) faults: &'a [Fault],
    /// A second token or code, and a forged state: made by the world, used by faults only.
    pub(crate) spare: String,
    pub(crate) forged_state: String,
}

/// Seconds that a token lives under the faults.
pub(crate) fn lifetime(faults: &[Fault], otherwise: u64) -> u64 {
    faults
        .iter()
        .find(|fault| fault.id == "expires-soon")
        .map_or(otherwise, |fault| {
            u64::try_from(fault.options.seconds.unwrap_or(65)).unwrap_or(0)
        })
}

/// The `Location` of the redirect.
pub(crate) fn location(address: &Address, build: Build<'_>) -> String {
    let place = if build.token_asked {
        Place::Fragment
    } else {
        Place::Query
    };
    let mut response = Response::default();
    match &build.outcome {
        Outcome::Token { token, expires_in } => {
            // A token that nobody asked for still comes in the fragment.
            response.push(Place::Fragment, "access_token", token);
            response.push(Place::Fragment, "token_type", "bearer");
            response.push(Place::Fragment, "expires_in", &expires_in.to_string());
        }
        Outcome::Code { code, encode } => {
            let raw = !encode;
            response.members.push(Member {
                name: "code",
                value: code.clone(),
                raw,
                place,
            });
        }
        Outcome::Error { error, description } => {
            response.push(place, "error", error);
            response.push(place, "error_description", description);
        }
    }
    let place = response
        .members
        .first()
        .map_or(place, |member| member.place);
    if let Some(state) = &build.state {
        response.push(place, "state", state);
    }
    for fault in build.faults {
        play(&mut response, fault, &build, place);
    }
    write(address, &response)
}

fn play(response: &mut Response, fault: &Fault, build: &Build<'_>, place: Place) {
    match fault.id.as_str() {
        "state-dropped" => response.retain("state"),
        "state-forged" => {
            response.retain("state");
            response.push(place, "state", &build.forged_state);
        }
        "state-duplicated" => {
            let given = response
                .members
                .iter()
                .find(|member| member.name == "state");
            match given.cloned() {
                Some(member) => response.members.push(member),
                None => {
                    response.push(place, "state", &build.forged_state);
                    response.push(place, "state", &build.forged_state);
                }
            }
        }
        "token-duplicated" => {
            let given = response
                .members
                .iter()
                .find(|member| ["access_token", "code"].contains(&member.name))
                .cloned();
            if let Some(member) = given {
                response.members.push(Member {
                    value: build.spare.clone(),
                    ..member
                });
            }
        }
        "token-in-query" => {
            for member in &mut response.members {
                member.place = Place::Query;
            }
            if !build.token_asked {
                response.push(Place::Query, "access_token", &build.spare);
            }
        }
        "token-type-missing" => response.retain("token_type"),
        "token-type-mac" => response.set("token_type", "mac"),
        "expires-in-garbage" => response.set("expires_in", "soon"),
        "error-and-token" => {
            response.push(place, "error", "server_error");
        }
        "control-characters" => {
            for member in &mut response.members {
                if ["access_token", "code"].contains(&member.name) {
                    member.value.push_str("\u{0}\n");
                    member.raw = false;
                }
            }
        }
        // The others change what is asked for, not how it is written.
        _ => {}
    }
}

fn write(address: &Address, response: &Response) -> String {
    let part = |place: Place| {
        let members = response
            .members
            .iter()
            .filter(|member| member.place == place);
        let pairs: Vec<_> = members
            .map(|member| {
                let value = if member.raw {
                    member.value.clone()
                } else {
                    encode(&member.value)
                };
                format!("{}={value}", member.name)
            })
            .collect();
        pairs.join("&")
    };
    let mut text = address.text.clone();
    if !address.has_path {
        let at = text.find('?').unwrap_or(text.len());
        text.insert(at, '/');
    }
    let query = part(Place::Query);
    if !query.is_empty() {
        let glue = match text.split_once('?') {
            None => "?",
            Some((_, own)) if own.is_empty() || own.ends_with('&') => "",
            Some(_) => "&",
        };
        text.push_str(glue);
        text.push_str(&query);
    }
    let fragment = part(Place::Fragment);
    if !fragment.is_empty() {
        text.push('#');
        text.push_str(&fragment);
    }
    text
}

fn encode(value: &str) -> String {
    form_urlencoded::byte_serialize(value.as_bytes()).collect()
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]
mod tests {
    use super::*;
    use crate::faults::Options;

    #[test]
    fn addresses_that_are_taken() {
        for (text, host) in [
            ("https://shop.example", "shop.example"),
            ("HTTPS://Shop.Example:8443/a?b=c", "shop.example"),
            ("http://127.0.0.1:9/cb", "127.0.0.1"),
            ("http://localhost?x", "localhost"),
            ("http://[::1]:80/", "[::1]"),
        ] {
            assert_eq!(
                read(text).map(|address| address.host),
                Ok(host.to_owned()),
                "{text}"
            );
        }
    }

    #[test]
    fn addresses_that_are_refused() {
        for text in [
            "",
            "/relative",
            "//shop.example/",
            "javascript:alert(1)",
            "javascript://127.0.0.1/%0aalert(1)",
            "data:text/html,x",
            "http://shop.example/",
            "https://user@shop.example/",
            "https://shop.example@evil.example/",
            "https://evil.example\\@127.0.0.1/",
            "https://127.0.0.1\\.evil.example/",
            "https:///path",
            "https://:80/",
            "https://shop.example:99999/",
            "https://shop.example:1:2/",
            "https://shop.example:+80/",
            "https://[::1/",
            "https://[::1]evil/",
            "https://shöp.example/",
            "https://shop%2eexample/",
            "https://shop.example/#f",
            "https://shop.example/\r\nSet-Cookie: a=b",
            "https://shop.example/\"><script>",
            "http://127.0.0.1.evil.example/",
            "http://128.0.0.1/",
        ] {
            assert!(read(text).is_err(), "{text}");
        }
    }

    fn built(address: &str, token: bool, faults: &[&str]) -> String {
        let faults: Vec<_> = faults
            .iter()
            .map(|id| Fault::new(id, Options::default()).unwrap())
            .collect();
        let outcome = if token {
            Outcome::Token {
                token: "t".to_owned(),
                expires_in: 9,
            }
        } else {
            Outcome::Code {
                code: "a+/=".to_owned(),
                encode: true,
            }
        };
        let build = Build {
            outcome,
            token_asked: token,
            state: Some("s &".to_owned()),
            faults: &faults,
            spare: "t2".to_owned(),
            forged_state: "f".to_owned(),
        };
        location(&read(address).unwrap(), build)
    }

    #[test]
    fn the_own_query_stays() {
        let token = "#access_token=t&token_type=bearer&expires_in=9&state=s+%26";
        assert_eq!(built("https://h", true, &[]), format!("https://h/{token}"));
        assert_eq!(
            built("https://h?a=1", true, &[]),
            format!("https://h/?a=1{token}")
        );
        let code = "code=a%2B%2F%3D&state=s+%26";
        assert_eq!(
            built("https://h/cb", false, &[]),
            format!("https://h/cb?{code}")
        );
        assert_eq!(
            built("https://h/cb?", false, &[]),
            format!("https://h/cb?{code}")
        );
        assert_eq!(
            built("https://h/cb?a=1", false, &[]),
            format!("https://h/cb?a=1&{code}")
        );
        assert_eq!(
            built("https://h/cb?a=1&", false, &[]),
            format!("https://h/cb?a=1&{code}")
        );
    }

    #[test]
    fn faults_change_the_response_and_add_up() {
        let of = |faults: &[&str]| built("https://h/", true, faults);
        assert_eq!(
            of(&["token-in-query"]),
            "https://h/?access_token=t&token_type=bearer&expires_in=9&state=s+%26"
        );
        assert_eq!(
            of(&["state-dropped", "token-type-mac", "expires-in-garbage"]),
            "https://h/#access_token=t&token_type=mac&expires_in=soon"
        );
        assert!(of(&["state-forged"]).ends_with("expires_in=9&state=f"));
        assert!(of(&["state-duplicated"]).ends_with("&state=s+%26&state=s+%26"));
        assert!(of(&["token-duplicated"]).ends_with("&access_token=t2"));
        assert!(of(&["error-and-token"]).ends_with("&error=server_error"));
        assert!(!of(&["token-type-missing"]).contains("token_type"));
        assert!(of(&["control-characters"]).contains("access_token=t%00%0A&"));
        let code = built("https://h/", false, &["token-in-query"]);
        assert!(
            code.contains("code=") && code.ends_with("&access_token=t2"),
            "{code}"
        );
    }
}
