//! `application/x-www-form-urlencoded` as the WHATWG URL standard §5 has it.

use std::borrow::Cow;

/// The name-value pairs of a query or fragment without its `?` or `#`, decoded once.
pub fn pairs(input: &str) -> impl Iterator<Item = (Cow<'_, str>, Cow<'_, str>)> {
    pieces(input).map(|piece| (piece.name(), piece.value()))
}

/// One `name=value` as it stands in the input.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Piece<'a> {
    /// The whole piece, still encoded.
    pub raw: &'a str,
    raw_name: &'a str,
    raw_value: &'a str,
    name_is_plain: bool,
    value_is_plain: bool,
}

impl<'a> Piece<'a> {
    pub(crate) fn name(&self) -> Cow<'a, str> {
        if self.name_is_plain {
            Cow::Borrowed(self.raw_name)
        } else {
            decode(self.raw_name)
        }
    }

    pub(crate) fn value(&self) -> Cow<'a, str> {
        if self.value_is_plain {
            Cow::Borrowed(self.raw_value)
        } else {
            decode(self.raw_value)
        }
    }
}

/// Splits at `&` and at the first `=`, in one pass over the bytes.
pub(crate) fn pieces(input: &str) -> Pieces<'_> {
    Pieces { rest: Some(input) }
}

pub(crate) struct Pieces<'a> {
    rest: Option<&'a str>,
}

impl<'a> Iterator for Pieces<'a> {
    type Item = Piece<'a>;

    fn next(&mut self) -> Option<Piece<'a>> {
        loop {
            let rest = self.rest?;
            let (mut equals, mut end) = (None, rest.len());
            let (mut name_is_plain, mut value_is_plain) = (true, true);
            for (at, byte) in rest.bytes().enumerate() {
                match byte {
                    b'&' => {
                        end = at;
                        break;
                    }
                    b'=' if equals.is_none() => equals = Some(at),
                    b'%' | b'+' if equals.is_none() => name_is_plain = false,
                    b'%' | b'+' => value_is_plain = false,
                    _ => {}
                }
            }
            self.rest = rest.get(end + 1..);
            let raw = rest.get(..end).unwrap_or_default();
            if raw.is_empty() {
                continue;
            }
            let (raw_name, raw_value) = match equals {
                Some(at) => (
                    raw.get(..at).unwrap_or_default(),
                    raw.get(at + 1..).unwrap_or_default(),
                ),
                None => (raw, ""),
            };
            return Some(Piece {
                raw,
                raw_name,
                raw_value,
                name_is_plain,
                value_is_plain,
            });
        }
    }
}

/// Decodes one name or value: `+` is a space, `%` and two hex digits a byte, anything else itself;
/// then UTF-8 with U+FFFD in place of what is none. Never fails.
#[must_use]
pub fn decode(input: &str) -> Cow<'_, str> {
    let mut bytes = Vec::with_capacity(input.len());
    let mut rest = input.as_bytes();
    while let Some((&byte, after)) = rest.split_first() {
        rest = after;
        bytes.push(match byte {
            b'+' => b' ',
            b'%' => match after {
                [high, low, after @ ..] => match (hex(*high), hex(*low)) {
                    (Some(high), Some(low)) => {
                        rest = after;
                        high << 4 | low
                    }
                    _ => byte,
                },
                _ => byte,
            },
            _ => byte,
        });
    }
    Cow::Owned(match String::from_utf8(bytes) {
        Ok(text) => text,
        Err(error) => String::from_utf8_lossy(error.as_bytes()).into_owned(),
    })
}

fn hex(digit: u8) -> Option<u8> {
    match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'a'..=b'f' => Some(digit - b'a' + 10),
        b'A'..=b'F' => Some(digit - b'A' + 10),
        _ => None,
    }
}

/// Appends `input`, encoded: ASCII letters, digits and `*-._` stay, a space becomes `+`.
pub fn encode_into(out: &mut String, input: &str) {
    const DIGITS: &[u8; 16] = b"0123456789ABCDEF";
    for byte in input.bytes() {
        match byte {
            b'0'..=b'9' | b'A'..=b'Z' | b'a'..=b'z' | b'*' | b'-' | b'.' | b'_' => {
                out.push(byte as char);
            }
            b' ' => out.push('+'),
            _ => {
                out.push('%');
                for digit in [byte >> 4, byte & 15] {
                    out.push(DIGITS.get(usize::from(digit)).copied().unwrap_or_default() as char);
                }
            }
        }
    }
}

/// Appends `name=value` to a URL, after `?` or `&` as its query needs.
pub(crate) fn append_pair(url: &mut String, name: &str, value: &str) {
    match url.find('?') {
        None => url.push('?'),
        Some(_) if url.ends_with(['?', '&']) => {}
        Some(_) => url.push('&'),
    }
    encode_into(url, name);
    url.push('=');
    encode_into(url, value);
}
