//! The request of an endpoint from arguments as JSON: what a body holds beside texts.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::PLATFORMS;
use crate::api::endpoint::{self, MISSING, SEPARATOR, TEXT, UNKNOWN, refusal_of};
use crate::api::{Access, Endpoint, Key, Kind, Members, Parameter, Platform};
use crate::error::{Error, Fault, Refusal, fault};
use crate::oauth::address::Address;

/// What [`endpoint_request`] takes.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Input {
    /// The platform's name.
    pub platform: String,
    /// Resource and name, for example `reviews.setTags`.
    pub endpoint: String,
    /// A base address in place of all of the platform's own, for example a sandbox's.
    #[serde(default)]
    pub base: Option<String>,
    /// The endpoint's parameters by name. `null` is like one that is not given.
    pub arguments: Map<String, Value>,
}

/// A request, ready to be sent with whatever it is authorized by.
#[derive(Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Output {
    /// For example `PUT`.
    pub method: &'static str,
    /// The whole address.
    pub url: String,
    /// The body as JSON text; `None` where there is none.
    pub body: Option<String>,
}

impl std::fmt::Debug for Output {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // Address and body name people.
        f.debug_struct("Output")
            .field("method", &self.method)
            .finish_non_exhaustive()
    }
}

static ENDPOINT: Fault = fault!(
    InvalidArgument,
    "endpoint",
    "is none of this platform's private ones"
);
static LIST: Fault = fault!(InvalidArgument, "", "must be a list");
static FILLED: Fault = fault!(InvalidArgument, "", "must be a list that is not empty");
static OBJECT: Fault = fault!(InvalidArgument, "", "must be an object");
static ONE_OF: Fault = fault!(InvalidArgument, "", "give exactly one of these");
static PROSE: Fault = fault!(InvalidArgument, "", "must be text, not empty");
static EMAIL: Fault = fault!(
    InvalidArgument,
    "",
    "must be an address such as \"name@example.com\", without a display name"
);
static URI: Fault = fault!(
    InvalidArgument,
    "",
    "must be an absolute http or https address"
);
static DATE_TIME: Fault = fault!(
    InvalidArgument,
    "",
    "must be a date such as \"2013-09-07T13:37:00Z\""
);
static BIT: Fault = fault!(InvalidArgument, "", "must be true or false");
static WORD: Fault = fault!(
    InvalidArgument,
    "",
    "must be one of the words that the platform knows here"
);

/// The request of one of [`PLATFORMS`]' endpoints.
///
/// # Errors
/// `invalid_argument`, its subject the way to what is unknown, missing or not what it must be, for
/// example `tags[1].group`.
pub fn endpoint_request(input: Input) -> Result<Output, Error> {
    let platform = PLATFORMS.iter().find(|it| it.id == input.platform);
    let found = platform.and_then(|it| Some((it, find(it, &input.endpoint)?)));
    let (platform, endpoint) = found.ok_or(Error::from(&ENDPOINT))?;
    request(platform, endpoint, input.base.as_deref(), &input.arguments)
}

fn find<'a>(platform: &'a Platform, name: &str) -> Option<&'a Endpoint> {
    let (group, name) = name.split_once('.')?;
    let mut all = platform.endpoints.iter().copied().flatten();
    all.find(|it| it.group == group && it.name == name)
}

/// The request of `endpoint`; `base` stands in place of the base address of platform and endpoint.
///
/// # Errors
/// As for [`endpoint_request`].
pub fn request(
    platform: &Platform,
    endpoint: &Endpoint,
    base: Option<&str>,
    arguments: &Map<String, Value>,
) -> Result<Output, Error> {
    let mut sheet = Sheet::default();
    sheet.members(endpoint.parameters, endpoint.one_of, arguments)?;

    let in_path = endpoint.path.matches('{').count();
    let (path, rest) = endpoint
        .parameters
        .split_at_checked(in_path)
        .unwrap_or_default();
    // What is checked by now is written as text: nothing in a path has to be encoded.
    let mut line = "G0".to_owned();
    for part in endpoint.path.split_inclusive('{') {
        line.push_str(part.split_once('}').map_or(part, |(_, rest)| rest));
    }
    let has_body = endpoint.method.has_body();
    let mut texts = Vec::new();
    for parameter in path.iter().chain(if has_body { &[][..] } else { rest }) {
        if let Some(text) = given(arguments, parameter).and_then(|it| query_of(parameter, it)) {
            line.push_str(",u");
            line.push_str(parameter.name);
            line.push('=');
            line.push_str(parameter.wire);
            texts.push((parameter.name, text));
        }
    }
    let usual = if endpoint.base.is_empty() {
        platform.base
    } else {
        endpoint.base
    };
    let access = Access {
        base: base.unwrap_or(usual),
        key: Key::None,
    };
    let pairs: Vec<_> = texts.iter().map(|(name, text)| (*name, &**text)).collect();
    let url = endpoint::request(&line, &access, &pairs)?.url;
    // A POST that takes nothing has no body; one that takes something and was given nothing, `{}`.
    let body = (has_body && !rest.is_empty()).then(|| object(rest, arguments));
    Ok(Output {
        method: endpoint.method.as_str(),
        url,
        body,
    })
}

/// The value of a parameter, unless it is null.
fn given<'a>(arguments: &'a Map<String, Value>, parameter: &Parameter) -> Option<&'a Value> {
    arguments.get(parameter.name).filter(|it| !it.is_null())
}

const fn is_list(kind: Kind) -> bool {
    matches!(
        kind,
        Kind::Ids
            | Kind::Stars
            | Kind::Texts
            | Kind::Countries
            | Kind::Languages
            | Kind::Emails
            | Kind::Words
    )
}

/// A value as a query or a path has it.
fn query_of(parameter: &Parameter, value: &Value) -> Option<String> {
    match parameter.kind {
        Kind::Bit => Some(String::from(bit(value))),
        _ => text_of(value),
    }
}

fn bit(value: &Value) -> &'static str {
    if *value == Value::Bool(true) {
        "1"
    } else {
        "0"
    }
}

/// A text, a number, a flag, or a list of them with [`SEPARATOR`] between.
fn text_of(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(flag) => Some(flag.to_string()),
        Value::Array(items) => {
            let texts: Option<Vec<_>> = items.iter().map(text_of).collect();
            texts.map(|texts| texts.join(&char::from(SEPARATOR).to_string()))
        }
        _ => None,
    }
}

/// The members that are given, as JSON, in the order in which they are declared. They are checked.
fn object(fields: &[Parameter], values: &Map<String, Value>) -> String {
    let members = fields.iter().filter_map(|field| {
        let value = given(values, field)?;
        Some(format!("{}:{}", json(field.wire), written(field, value)))
    });
    format!("{{{}}}", members.collect::<Vec<_>>().join(","))
}

fn written(parameter: &Parameter, value: &Value) -> String {
    let list = |items: &[Value], item: &dyn Fn(&Value) -> String| {
        format!("[{}]", items.iter().map(item).collect::<Vec<_>>().join(","))
    };
    let fields = parameter.of.map_or(&[][..], |it| it.fields);
    let text = |value: &Value| json(&text_of(value).unwrap_or_default());
    match (parameter.kind, value) {
        (Kind::Any, _) => value.to_string(),
        (Kind::Bit, _) => bit(value).to_owned(),
        (Kind::Flag | Kind::Whole | Kind::PerPage | Kind::PerLargePage, _) => {
            text_of(value).unwrap_or_default()
        }
        (_, Value::Object(members)) => object(fields, members),
        (Kind::Objects, Value::Array(items)) => list(items, &|it| {
            it.as_object()
                .map_or_else(String::new, |it| object(fields, it))
        }),
        (_, Value::Array(items)) => list(items, &text),
        (kind, _) if is_list(kind) => format!("[{}]", text(value)),
        _ => text(value),
    }
}

fn json(text: &str) -> String {
    Value::from(text).to_string()
}

/// Checks arguments; `way` leads to the one that it is at.
#[derive(Default)]
struct Sheet {
    way: String,
}

impl Sheet {
    fn refuse(&self, fault: &'static Fault) -> Error {
        Refusal::of(fault, self.way.as_bytes()).into()
    }

    /// Does `check` with `step` at the end of the way.
    fn at(
        &mut self,
        step: &str,
        check: impl FnOnce(&mut Self) -> Result<(), Error>,
    ) -> Result<(), Error> {
        let before = self.way.len();
        if before > 0 && !step.starts_with('[') {
            self.way.push('.');
        }
        self.way.push_str(step);
        check(self)?;
        self.way.truncate(before);
        Ok(())
    }

    fn members(
        &mut self,
        fields: &'static [Parameter],
        one_of: &[&[&str]],
        values: &Map<String, Value>,
    ) -> Result<(), Error> {
        for field in fields {
            self.at(field.name, |sheet| match given(values, field) {
                Some(value) => sheet.value(field, value),
                None if field.required => Err(sheet.refuse(&MISSING)),
                None => Ok(()),
            })?;
        }
        for name in values.keys() {
            if fields.iter().all(|it| it.name != name) {
                return self.at(name, |sheet| Err(sheet.refuse(&UNKNOWN)));
            }
        }
        for set in one_of {
            let is_given = |name: &&&str| values.get(**name).is_some_and(|it| !it.is_null());
            if set.iter().filter(is_given).count() != 1 {
                return self.at(&set.join(", "), |sheet| Err(sheet.refuse(&ONE_OF)));
            }
        }
        Ok(())
    }

    fn value(&mut self, parameter: &'static Parameter, value: &Value) -> Result<(), Error> {
        let of = parameter.of;
        match (parameter.kind, value) {
            (Kind::Any, _) => Ok(()),
            (Kind::Bit, Value::Bool(_)) => Ok(()),
            (Kind::Bit, _) => Err(self.refuse(&BIT)),
            (Kind::Object, _) => self.object(of, value),
            (Kind::Objects, Value::Array(items)) => {
                for (at, item) in items.iter().enumerate() {
                    self.at(&format!("[{at}]"), |sheet| sheet.object(of, item))?;
                }
                Ok(())
            }
            (Kind::Objects, _) => Err(self.refuse(&LIST)),
            (kind, Value::Array(items)) if is_list(kind) => {
                if items.is_empty() {
                    return Err(self.refuse(&FILLED));
                }
                for (at, item) in items.iter().enumerate() {
                    self.at(&format!("[{at}]"), |sheet| sheet.scalar(parameter, item))?;
                }
                Ok(())
            }
            _ => self.scalar(parameter, value),
        }
    }

    fn object(&mut self, of: Option<&'static Members>, value: &Value) -> Result<(), Error> {
        match (of, value.as_object()) {
            (Some(of), Some(members)) => self.members(of.fields, of.one_of, members),
            _ => Err(self.refuse(&OBJECT)),
        }
    }

    fn scalar(&self, parameter: &Parameter, value: &Value) -> Result<(), Error> {
        let text = match value {
            Value::Array(_) | Value::Object(_) => None,
            _ => text_of(value),
        };
        let fault = match text.as_deref() {
            Some(text) => fault_of(parameter, text),
            None => Some(&TEXT),
        };
        fault.map_or(Ok(()), |fault| Err(self.refuse(fault)))
    }
}

/// Why `text` is not what `parameter` takes.
fn fault_of(parameter: &Parameter, text: &str) -> Option<&'static Fault> {
    let bytes = text.as_bytes();
    let (is_valid, fault) = match parameter.kind {
        Kind::Prose => (!text.trim().is_empty(), &PROSE),
        // Would be two.
        _ if bytes.contains(&SEPARATOR) => (false, &TEXT),
        Kind::Email | Kind::Emails => (is_email(text), &EMAIL),
        Kind::Uri => (is_uri(text), &URI),
        Kind::DateTime => (is_date_time(text), &DATE_TIME),
        Kind::Word | Kind::Words => (parameter.words.contains(&text), &WORD),
        kind => return refusal_of(kind as u8, bytes),
    };
    (!is_valid).then_some(fault)
}

/// What a mailer takes without quotes (RFC 5321 §4.1.2, RFC 6531), at most 254 bytes.
fn is_email(text: &str) -> bool {
    let is_plain =
        |it: char| !it.is_control() && !it.is_whitespace() && !"@\"<>,;:()[]\\".contains(it);
    text.len() <= 254
        && text.rsplit_once('@').is_some_and(|(local, domain)| {
            (1..=64).contains(&local.len())
                && local.chars().all(is_plain)
                && refusal_of(Kind::Domain as u8, domain.as_bytes()).is_none()
        })
}

fn is_uri(text: &str) -> bool {
    let is_plain =
        |it: char| !it.is_control() && !it.is_whitespace() && !"\"<>\\^`{|}".contains(it);
    Address::parse(text).is_some() && text.chars().all(is_plain)
}

/// Whether it is in one of the spellings that [`Kind::DateTime`] names.
fn is_date_time(text: &str) -> bool {
    let american = || {
        let (date, time) = text.split_once(' ')?;
        let [month, day, year] = <[&str; 3]>::try_from(date.split('/').collect::<Vec<_>>()).ok()?;
        (time.len() == 8).then(|| format!("{year}-{month}-{day}T{time}"))
    };
    let iso = american().unwrap_or_else(|| text.to_owned());
    let is_spelled = iso.as_bytes().get(4) == Some(&b'-')
        && matches!(iso.as_bytes().get(10), None | Some(b'T'))
        && (iso.len() == 10 || iso.len() >= 19)
        && !iso.contains('[');
    is_spelled
        && (iso.parse::<jiff::civil::DateTime>().is_ok() || iso.parse::<jiff::Timestamp>().is_ok())
}
