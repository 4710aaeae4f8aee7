//! `application/x-www-form-urlencoded` as the WHATWG URL standard §5 has it.

use super::grammar::{self, FORM};
use super::writer::Writer;

/// The name-value pairs of a query or fragment without its `?` or `#`, decoded once.
pub fn pairs(input: &str) -> impl Iterator<Item = (String, String)> {
    let text = |raw| {
        let bytes: Vec<u8> = decode(raw).collect();
        String::from_utf8_lossy(&bytes).into_owned()
    };
    pieces(input.as_bytes()).map(move |piece| (text(piece.name), text(piece.value)))
}

/// One `name=value` as it stands in the input.
#[derive(Clone, Copy)]
pub(crate) struct Piece<'a> {
    /// The whole piece.
    pub raw: &'a [u8],
    /// What is before the first `=`, still encoded.
    pub name: &'a [u8],
    /// What is after it, still encoded.
    pub value: &'a [u8],
}

impl Piece<'_> {
    /// Whether its name is `name` once it is decoded.
    pub(crate) fn is_named(&self, name: &str) -> bool {
        decode(self.name).eq(name.bytes())
    }
}

/// Splits at `&` and at the first `=`; empty pieces are dropped.
pub(crate) fn pieces(input: &[u8]) -> Pieces<'_> {
    Pieces { rest: Some(input) }
}

pub(crate) struct Pieces<'a> {
    rest: Option<&'a [u8]>,
}

impl<'a> Iterator for Pieces<'a> {
    type Item = Piece<'a>;

    fn next(&mut self) -> Option<Piece<'a>> {
        loop {
            let (raw, rest) = split(self.rest?, b'&');
            self.rest = rest;
            if !raw.is_empty() {
                let (name, value) = split(raw, b'=');
                let value = value.unwrap_or_default();
                return Some(Piece { raw, name, value });
            }
        }
    }
}

/// What stands before the first `byte`, and after it where there is one.
pub(crate) fn split(text: &[u8], byte: u8) -> (&[u8], Option<&[u8]>) {
    let at = text.iter().position(|&it| it == byte);
    match at.and_then(|at| text.split_at_checked(at)) {
        Some((before, after)) => (before, after.get(1..)),
        None => (text, None),
    }
}

/// Decodes a name or value: `+` is a space, `%` and two hex digits a byte, anything else itself.
pub(crate) fn decode(raw: &[u8]) -> Decoded<'_> {
    Decoded { rest: raw }
}

pub(crate) struct Decoded<'a> {
    rest: &'a [u8],
}

impl Iterator for Decoded<'_> {
    type Item = u8;

    fn next(&mut self) -> Option<u8> {
        let (&byte, rest) = self.rest.split_first()?;
        self.rest = rest;
        if let (b'%', [high, low, rest @ ..]) = (byte, rest)
            && let (Some(high), Some(low)) = (hex(*high), hex(*low))
        {
            self.rest = rest;
            return Some((high << 4) | low);
        }
        Some(if byte == b'+' { b' ' } else { byte })
    }
}

fn hex(digit: u8) -> Option<u8> {
    char::from(digit).to_digit(16).map(|digit| digit as u8)
}

/// Whether decoding may change it, or has to look at its spaces.
pub(crate) fn is_encoded(raw: &[u8]) -> bool {
    raw.iter()
        .any(|&byte| byte <= b'+' && matches!(byte, b'%' | b'+' | b' '))
}

/// Writes `input`, encoded: ASCII letters, digits and `*-._` stay, a space becomes `+`.
pub(crate) fn encode(out: &mut Writer<'_>, input: &[u8]) {
    for &byte in input {
        if grammar::has(FORM, byte) {
            out.push(byte);
        } else if byte == b' ' {
            out.push(b'+');
        } else {
            out.push(b'%');
            out.push(hex_digit(byte >> 4));
            out.push(hex_digit(byte & 15));
        }
    }
}

const fn hex_digit(digit: u8) -> u8 {
    digit + if digit < 10 { b'0' } else { b'A' - 10 }
}

/// Writes `name=` behind a URL without fragment, after `?` or `&` as its query needs.
pub(crate) fn encode_name(url: &mut Writer<'_>, name: &[u8]) {
    match split(url.written(), b'?').1 {
        None => url.push(b'?'),
        Some([] | [.., b'&']) => {}
        Some(_) => url.push(b'&'),
    }
    encode(url, name);
    url.push(b'=');
}

/// Writes `name=value` behind a URL. A pair without a value is left out, since RFC 6749 §3.1 reads
/// it so.
pub(crate) fn encode_pair(url: &mut Writer<'_>, name: &str, value: &str) {
    if !value.is_empty() {
        encode_name(url, name.as_bytes());
        encode(url, value.as_bytes());
    }
}
