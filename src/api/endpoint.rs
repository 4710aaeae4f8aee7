//! An endpoint as data, and the one function that makes requests of all of them.

use crate::api::{Access, Key, Request};
use crate::error::{Error, Fault, Refusal, fault};
use crate::oauth::form::{self, split};
use crate::oauth::grammar::{self, TYPE};
use crate::oauth::writer::{self, Writer};

/// The method of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// `GET`, parameters in the query.
    Get,
    /// `POST`, parameters as a JSON object in the body.
    Post,
    /// `PUT`, as `POST`.
    Put,
    /// `DELETE`, as `GET`.
    Delete,
}

impl Method {
    /// As a request line has it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Put => "PUT",
            Self::Delete => "DELETE",
        }
    }

    /// Whether parameters go into a body.
    #[must_use]
    pub const fn has_body(self) -> bool {
        matches!(self, Self::Post | Self::Put)
    }
}

/// What a parameter may be. The discriminant is its letter in [`Endpoint::line`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Kind {
    /// 24 hexadecimal digits.
    Id = b'i',
    /// Several of these.
    Ids = b'j',
    /// A domain such as `trustpilot.com`.
    Domain = b'd',
    /// Whole stars, 1 to 5; several as a list.
    Stars = b's',
    /// Stars that there are images and words for: 0, and 1 to 5 in halves.
    HalfStars = b'h',
    /// A whole number from 1.
    Whole = b'n',
    /// A page's size, 1 to 100.
    PerPage = b'p',
    /// A page's size, 1 to 1000.
    PerLargePage = b'q',
    /// `true` or `false`.
    Flag = b'f',
    /// `createdat` or `stars`, each `.asc` or `.desc`.
    OrderBy = b'o',
    /// Any text without control characters that is not empty.
    Text = b't',
    /// Several of these.
    Texts = b'u',
    /// A locale such as `en-US`.
    Locale = b'l',
    /// A country as ISO 3166-1 alpha-2, such as `DK`.
    Country = b'c',
    /// Several of these.
    Countries = b'k',
    /// Languages as ISO 639-1, such as `en`; several as a list.
    Languages = b'm',
    /// A name made of letters, digits, `_` and `-`, such as `pet_store`.
    Slug = b'g',
    /// Text that may have several lines, not empty.
    #[cfg(feature = "server")]
    Prose = b'v',
    /// An address of electronic mail.
    #[cfg(feature = "server")]
    Email = b'e',
    /// Several of these.
    #[cfg(feature = "server")]
    Emails = b'b',
    /// An absolute http or https address.
    #[cfg(feature = "server")]
    Uri = b'r',
    /// A day, or a day and a time, of ISO 8601, or `MM/DD/YYYY hh:mm:ss` as some of the platform's
    /// pages spell it.
    #[cfg(feature = "server")]
    DateTime = b'w',
    /// One of [`Parameter::words`].
    #[cfg(feature = "server")]
    Word = b'y',
    /// Several of these.
    #[cfg(feature = "server")]
    Words = b'z',
    /// An object with the members [`Parameter::of`]. In bodies alone, like the next two.
    #[cfg(feature = "server")]
    Object = b'1',
    /// Several of these.
    #[cfg(feature = "server")]
    Objects = b'2',
    /// Any JSON, sent as it is.
    #[cfg(feature = "server")]
    Any = b'3',
    /// `true` or `false`, sent as 1 or 0.
    #[cfg(feature = "server")]
    Bit = b'4',
}

/// The members of an object that is sent.
#[derive(Debug, PartialEq, Eq)]
pub struct Members {
    /// For example `Tag`.
    pub name: &'static str,
    /// What it is.
    pub docs: &'static str,
    /// Its members.
    pub fields: &'static [Parameter],
    /// Sets of members of which exactly one has to be given.
    pub one_of: &'static [&'static [&'static str]],
}

/// A parameter of an endpoint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Parameter {
    /// Its name here: the platform's, but for quirks of spelling.
    pub name: &'static str,
    /// Its name at the platform.
    pub wire: &'static str,
    /// What it may be.
    pub kind: Kind,
    /// Whether the endpoint asks for it.
    pub required: bool,
    /// Whether it stands before the options in JavaScript.
    pub positional: bool,
    /// What it does.
    pub docs: &'static str,
    /// The members, where it is an object or a list of these.
    pub of: Option<&'static Members>,
    /// The words, where it is one or several of them.
    pub words: &'static [&'static str],
}

/// A parameter that may be left out.
pub(crate) const fn optional(name: &'static str, kind: Kind, docs: &'static str) -> Parameter {
    Parameter {
        name,
        wire: name,
        kind,
        required: false,
        positional: false,
        docs,
        of: None,
        words: &[],
    }
}

/// A parameter that may not.
pub(crate) const fn required(name: &'static str, kind: Kind, docs: &'static str) -> Parameter {
    Parameter {
        required: true,
        ..optional(name, kind, docs)
    }
}

/// What a call is about: one that may not be left out and stands first.
pub(crate) const fn subject(name: &'static str, kind: Kind, docs: &'static str) -> Parameter {
    Parameter {
        positional: true,
        ..required(name, kind, docs)
    }
}

impl Parameter {
    /// The same under another name at the platform.
    pub(crate) const fn sent_as(self, wire: &'static str) -> Self {
        Self { wire, ..self }
    }

    /// The same with these members.
    #[cfg(feature = "server")]
    pub(crate) const fn of(self, members: &'static Members) -> Self {
        Self {
            of: Some(members),
            ..self
        }
    }

    /// The same with these words.
    #[cfg(feature = "server")]
    pub(crate) const fn among(self, words: &'static [&'static str]) -> Self {
        Self { words, ..self }
    }
}

/// How long an answer may be kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Cache {
    /// Not at all; a POST may change something, and is never sent twice.
    Never = 0,
    /// Scores and reviews: at most a day.
    Day = 1,
    /// What hardly changes: star images, words, locales.
    Long = 2,
    /// A POST that only reads: not kept, yet sent again after a failure.
    Reads = 3,
}

/// How the platform cuts a list into pages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Paging {
    /// The parameter that chooses the page: `page`, `cursor` or `pageToken`.
    pub parameter: &'static str,
    /// The member of the answer that holds the items.
    pub items: &'static str,
    /// The member that says how it goes on; empty where only links do.
    pub next: &'static str,
    /// The largest page.
    pub most: u32,
    /// The parameter for the size of a page; empty where there is none.
    pub per_page: &'static str,
}

/// One request that the platform answers.
#[derive(Clone, Copy, Debug)]
pub struct Endpoint {
    /// The resource it belongs to, for example `businessUnits`.
    pub group: &'static str,
    /// Its name there, for example `find`.
    pub name: &'static str,
    /// Its name in the platform's own collection of requests.
    pub official: &'static str,
    /// What it answers.
    pub docs: &'static str,
    /// How it is sent.
    pub method: Method,
    /// Another base address than the platform's; empty where it is that.
    pub base: &'static str,
    /// Below the base address; the first parameters stand in the place of `{…}`.
    pub path: &'static str,
    /// Those in the path first.
    pub parameters: &'static [Parameter],
    /// Sets of parameters of which exactly one has to be given.
    pub one_of: &'static [&'static [&'static str]],
    /// The member that every answer has; empty where none is sure.
    pub must: &'static str,
    /// How long the answer may be kept.
    pub cache: Cache,
    /// How it is paged, where it is.
    pub paging: Option<Paging>,
    /// What the answer looks like.
    #[cfg(feature = "serde")]
    pub answer: fn() -> super::answer::Type,
}

/// `endpoint!(/// docs NAME = Get "group" "name" "/path" ("official name") [parameters] -> Answer, "must", Cache, paging);`
/// and before the end, where they are needed, `; at base` and `; one of sets`.
macro_rules! endpoint {
    ($(#[doc = $docs:literal])+ $ident:ident = $method:ident $group:literal $name:literal
     $path:literal ($official:literal) [$($parameter:expr),* $(,)?] -> $answer:ty, $must:literal,
     $cache:ident $(, $paging:expr)? $(; at $base:expr)? $(; one of $one_of:expr)?) => {
        $(#[doc = $docs])+
        pub const $ident: $crate::api::Endpoint = $crate::api::Endpoint {
            group: $group,
            name: $name,
            official: $official,
            docs: concat!($($docs, "\n"),+),
            method: $crate::api::Method::$method,
            base: $crate::api::endpoint::or(&[$($base)?], ""),
            path: $path,
            parameters: &[$($parameter),*],
            one_of: $crate::api::endpoint::or(&[$($one_of)?], &[]),
            must: $must,
            cache: $crate::api::Cache::$cache,
            paging: $crate::api::endpoint::paging([$($paging)?]),
            #[cfg(feature = "serde")]
            answer: <$answer as $crate::api::answer::Answer>::describe,
        };
    };
}
pub(crate) use endpoint;

pub(crate) const fn paging<const N: usize>(given: [Paging; N]) -> Option<Paging> {
    given.as_slice().first().copied()
}

/// What was given, if anything was.
pub(crate) const fn or<T: Copy>(given: &[T], usual: T) -> T {
    match given.first() {
        Some(given) => *given,
        None => usual,
    }
}

impl Endpoint {
    /// The request with these arguments: names, each with its value or, for a list, values. For the
    /// endpoints of a platform's public API; those of `server` take JSON.
    ///
    /// # Errors
    /// `invalid_argument`, its subject the parameter that is unknown, missing or not what it must
    /// be, or what of `access` cannot be used.
    pub fn request(
        &self,
        access: &Access<'_>,
        arguments: &[(&str, &[&str])],
    ) -> Result<Request, Error> {
        let line = self.line();
        let joined: Vec<_> = arguments
            .iter()
            .map(|(name, values)| (*name, values.join("\u{1f}")))
            .collect();
        let arguments: Vec<_> = joined
            .iter()
            .map(|(name, value)| (*name, value.as_str()))
            .collect();
        request(&line, access, &arguments)
    }

    /// All that a request is made of, as one line: `P` where parameters go into a body, else `G`,
    /// how many parameters stand before the options, the path with `{` for each parameter in it, and
    /// for each parameter a comma, its kind's letter (a capital where it is required), its name, and
    /// `=` with the platform's name where that is another.
    /// `G1/business-units/{/reviews,IbusinessUnitId,npage`.
    #[must_use]
    pub fn line(&self) -> String {
        let method = if self.method.has_body() { 'P' } else { 'G' };
        let positional = self.parameters.iter().filter(|it| it.positional).count();
        let mut line = format!("{method}{positional}");
        for part in self.path.split_inclusive('{') {
            line.push_str(part.split_once('}').map_or(part, |(_, rest)| rest));
        }
        for parameter in self.parameters {
            let kind = char::from(parameter.kind as u8);
            line.push(',');
            line.push(if parameter.required {
                kind.to_ascii_uppercase()
            } else {
                kind
            });
            line.push_str(parameter.name);
            if parameter.wire != parameter.name {
                line.push('=');
                line.push_str(parameter.wire);
            }
        }
        line
    }
}

/// A GET of an address below the base that is not in the table.
///
/// # Errors
/// `invalid_argument` as for [`Endpoint::request`].
pub fn get(access: &Access<'_>, path: &str, arguments: &[(&str, &str)]) -> Result<Request, Error> {
    let mut all = vec![("path", path)];
    all.extend(arguments);
    request(ANY, access, &all)
}

pub(crate) fn request(
    line: &str,
    access: &Access<'_>,
    arguments: &[(&str, &str)],
) -> Result<Request, Error> {
    let given: usize = arguments
        .iter()
        .map(|(name, value)| name.len() + value.len())
        .sum();
    let key = match access.key {
        Key::Query(key) => key.len(),
        _ => 0,
    };
    // Every byte may become three, and there is something before each name and value.
    let room = access.base.len() + 3 * (given + key) + 8 * arguments.len() + line.len() + 256;
    let mut body = None;
    let mut text = writer::to_string(room, |out| {
        body = write(out, line, access, arguments)?;
        Ok::<_, Error>(())
    })?;
    Ok(Request {
        method: body.map_or(Method::Get, |_| Method::Post),
        body: body.map(|start| text.split_off(start)),
        url: text,
        api_key: access.header().map(String::from),
    })
}

pub(crate) static UNKNOWN: Fault = fault!(InvalidArgument, "", "is no parameter of this call");
pub(crate) static MISSING: Fault = fault!(InvalidArgument, "", "is missing");
static PATH: Fault = fault!(
    InvalidArgument,
    "",
    "must be a path such as \"/business-units/all\": plain segments, no query, nothing encoded",
);

/// The line of a request that is not declared, whatever its method: the path is its first argument
/// (of the kind `x`, which nothing else has), and all others go into the query.
pub const ANY: &str = "A1{,Xpath";

/// Writes address and body of a request whose [`Endpoint::line`] this is. Answers where the body
/// starts, if there is one.
pub(crate) fn write<'a>(
    out: &mut Writer<'_>,
    line: &'a str,
    access: &Access<'_>,
    arguments: &[(&'a str, &'a str)],
) -> Result<Option<usize>, Refusal<'a>> {
    let (head, specs) = split(line.as_bytes(), b',');
    let [method, _, path @ ..] = head else {
        return Err((&UNKNOWN).into());
    };
    let specs = Specs { rest: specs };
    access.start(out)?;
    let mut path = path;
    let mut known = 0;
    let mut body = None;
    for spec in specs.clone() {
        let Some(value) = find(arguments, spec.name) else {
            if spec.required {
                return Err(Refusal::of(&MISSING, spec.name));
            }
            continue;
        };
        known += 1;
        if let Some(fault) = refusal_of(spec.kind, value) {
            return Err(Refusal::of(fault, spec.name));
        }
        // Nothing in a path has to be encoded: only kinds with a narrow grammar stand there.
        let (before, after) = split(path, b'{');
        out.extend(before);
        path = after.unwrap_or_default();
        if after.is_some() {
            out.extend(value);
        } else if *method == b'P' {
            let between = if body.is_some() { b',' } else { b'{' };
            if body.is_none() {
                access.finish(out);
                body = Some(out.written().len());
            }
            out.push(between);
            write_json(out, spec.wire, false);
            out.push(b':');
            write_json(out, value, matches!(spec.kind, b'j' | b'u'));
        } else {
            write_query(out, spec.wire, value);
        }
    }
    out.extend(path);
    if known < arguments.len() {
        // The path is the first argument, and a query may have another of its name.
        for (name, value) in arguments.iter().skip(usize::from(*method == b'A')) {
            let name = name.as_bytes();
            if *method == b'A' {
                write_query(out, name, value.as_bytes());
            } else if specs.clone().all(|spec| spec.name != name) || is_twice(arguments, name) {
                return Err(Refusal::of(&UNKNOWN, name));
            }
        }
    }
    match body {
        Some(_) => out.push(b'}'),
        None => access.finish(out),
    }
    Ok(body)
}

/// Whether a name is given again, as one that has its place before the options.
fn is_twice(arguments: &[(&str, &str)], name: &[u8]) -> bool {
    let same = |it: &&(&str, &str)| it.0.as_bytes() == name;
    arguments.iter().filter(same).count() > 1
}

#[inline(never)]
fn find<'a>(arguments: &[(&str, &'a str)], name: &[u8]) -> Option<&'a [u8]> {
    let same = |it: &&(&str, &str)| it.0.as_bytes() == name;
    arguments
        .iter()
        .find(same)
        .map(|(_, value)| value.as_bytes())
}

/// `name=value` behind the address, a list with commas between its values.
#[inline(never)]
fn write_query(out: &mut Writer<'_>, name: &[u8], value: &[u8]) {
    form::encode_name(out, name);
    for &byte in value {
        form::encode(out, &[if byte == SEPARATOR { b',' } else { byte }]);
    }
}

/// Stands between the values of a list: no value has it.
pub(crate) const SEPARATOR: u8 = 0x1F;

/// A JSON string, or a list of them. What was let through has no control characters.
fn write_json(out: &mut Writer<'_>, value: &[u8], is_list: bool) {
    if is_list {
        out.push(b'[');
    }
    out.push(b'"');
    for &byte in value {
        match byte {
            SEPARATOR => out.extend(b"\",\""),
            b'"' | b'\\' => {
                out.push(b'\\');
                out.push(byte);
            }
            _ => out.push(byte),
        }
    }
    out.push(b'"');
    if is_list {
        out.push(b']');
    }
}

/// A parameter as [`Endpoint::line`] has it.
struct Spec<'a> {
    kind: u8,
    required: bool,
    name: &'a [u8],
    wire: &'a [u8],
}

#[derive(Clone)]
struct Specs<'a> {
    rest: Option<&'a [u8]>,
}

impl<'a> Iterator for Specs<'a> {
    type Item = Spec<'a>;

    fn next(&mut self) -> Option<Spec<'a>> {
        let (spec, rest) = split(self.rest?, b',');
        self.rest = rest;
        let (letter, names) = spec.split_first()?;
        let (name, wire) = split(names, b'=');
        Some(Spec {
            kind: letter | 0x20,
            required: letter & 0x20 == 0,
            name,
            wire: wire.unwrap_or(name),
        })
    }
}

static ID: Fault = fault!(InvalidArgument, "", "must be 24 hexadecimal digits");
static DOMAIN: Fault = fault!(
    InvalidArgument,
    "",
    "must be a domain alone, for example \"trustpilot.com\": no scheme, no path",
);
static STARS: Fault = fault!(InvalidArgument, "", "must be 1 to 5");
static HALF_STARS: Fault = fault!(InvalidArgument, "", "must be 0, 1, 1.5, 2 and so on to 5");
static WHOLE: Fault = fault!(InvalidArgument, "", "must be a whole number from 1");
static PER_PAGE: Fault = fault!(InvalidArgument, "", "must be a whole number, 1 to 100");
static PER_LARGE_PAGE: Fault = fault!(InvalidArgument, "", "must be a whole number, 1 to 1000");
static FLAG: Fault = fault!(InvalidArgument, "", "must be true or false");
static ORDER_BY: Fault = fault!(
    InvalidArgument,
    "",
    "must be createdat or stars with .asc or .desc, for example \"stars.desc\""
);
pub(crate) static TEXT: Fault = fault!(
    InvalidArgument,
    "",
    "must be text without control characters, not empty"
);
static LOCALE: Fault = fault!(InvalidArgument, "", "must be a locale such as \"en-US\"");
static CODE: Fault = fault!(
    InvalidArgument,
    "",
    "must be a code of two letters, a country's in capitals"
);
static SLUG: Fault = fault!(
    InvalidArgument,
    "",
    "must be letters, digits, _ and - alone, for example \"pet_store\""
);

/// Why `value` is not of this kind.
// Apart, for size.
#[inline(never)]
pub(crate) fn refusal_of(kind: u8, value: &[u8]) -> Option<&'static Fault> {
    let is_list = matches!(kind, b'j' | b's' | b'u' | b'k' | b'm');
    // Of texts a comma is a part; the others may come as the platform writes lists.
    let splits = |byte: &u8| is_list && (*byte == SEPARATOR || (*byte == b',' && kind != b'u'));
    if value.split(splits).all(|it| is_valid(kind, it)) {
        return None;
    }
    Some(match kind {
        b'i' | b'j' => &ID,
        b'd' => &DOMAIN,
        b's' => &STARS,
        b'h' => &HALF_STARS,
        b'n' => &WHOLE,
        b'p' => &PER_PAGE,
        b'q' => &PER_LARGE_PAGE,
        b'f' => &FLAG,
        b'o' => &ORDER_BY,
        b'l' => &LOCALE,
        b'c' | b'k' | b'm' => &CODE,
        b'g' => &SLUG,
        b'x' => &PATH,
        _ => &TEXT,
    })
}

/// Whether `it` is one value of this kind.
#[inline(never)]
fn is_valid(kind: u8, it: &[u8]) -> bool {
    let (least, most) = match kind {
        b'i' | b'j' => (24, 24),
        b'c' | b'k' | b'm' => (2, 2),
        b's' => (1, 1),
        b'h' => (1, 3),
        _ => (1, usize::MAX),
    };
    (least..=most).contains(&it.len())
        && it.iter().all(|&byte| is_in(kind, byte))
        && match kind {
            b'n' | b'p' | b'q' => is_whole(it, kind),
            b'h' => matches!(it, [b'0'..=b'5'] | [b'1'..=b'4', b'.', b'5']),
            b'd' => {
                it.len() < 254 && it.contains(&b'.') && it.split(|&it| it == b'.').all(is_filled)
            }
            b'f' => matches!(it, b"true" | b"false"),
            b'o' => is_order(it),
            b'l' => is_locale(it),
            b'x' => is_path(it),
            _ => true,
        }
}

fn is_filled(part: &[u8]) -> bool {
    !part.is_empty()
}

/// Whether values of this kind may have this byte.
#[inline(never)]
fn is_in(kind: u8, byte: u8) -> bool {
    let is_letter = byte.is_ascii_alphabetic();
    let is_digit = byte.is_ascii_digit();
    match kind {
        b'i' | b'j' => byte.is_ascii_hexdigit(),
        b'c' | b'k' => byte.is_ascii_uppercase(),
        b'm' => is_letter,
        b'l' => is_letter || byte == b'-',
        b's' => matches!(byte, b'1'..=b'5'),
        b'h' => matches!(byte, b'0'..=b'5' | b'.'),
        b'n' | b'p' | b'q' => is_digit,
        b'g' => is_letter || is_digit || matches!(byte, b'_' | b'-'),
        b'd' => is_letter || is_digit || matches!(byte, b'.' | b'-' | 0x80..),
        b'x' => grammar::has(TYPE, byte) && !matches!(byte, b'?' | b'#' | b'%' | b'\\'),
        _ => !byte.is_ascii_control(),
    }
}

fn is_whole(digits: &[u8], kind: u8) -> bool {
    let most = match kind {
        b'p' => 100,
        b'q' => 1000,
        _ => i32::MAX.cast_unsigned(),
    };
    let number = grammar::number(digits).unwrap_or_default();
    (1..=most).contains(&number) && !digits.starts_with(b"0")
}

fn is_path(path: &[u8]) -> bool {
    path.split_first().is_some_and(|(slash, path)| {
        let mut segments = path.split(|&byte| byte == b'/');
        *slash == b'/' && segments.all(|it| !matches!(it, b"" | b"." | b".."))
    })
}

fn is_order(value: &[u8]) -> bool {
    let (by, direction) = split(value, b'.');
    matches!(by, b"createdat" | b"stars") && matches!(direction, Some(b"asc" | b"desc"))
}

/// A language and a region, with a script between them at most.
fn is_locale(value: &[u8]) -> bool {
    let (language, rest) = split(value, b'-');
    let (script, region) = match split(rest.unwrap_or_default(), b'-') {
        (script, Some(region)) => (script.len(), region),
        (region, None) => (4, region),
    };
    matches!((language.len(), script, region.len()), (2 | 3, 4, 2)) && !region.contains(&b'-')
}
