//! What answers look like, read leniently: anything may be missing or null, numbers may come as
//! text, addresses without a scheme, dates in three spellings, and unknown members stay.

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer, Serialize};
use serde_json::{Map, Value};

/// The type of a value, for whoever makes a reader of it.
#[derive(Clone, Copy)]
pub enum Type {
    /// Text.
    Text,
    /// A number, which may come as text.
    Number,
    /// `true` or `false`.
    Flag,
    /// A point in time; see [`Date`].
    Date,
    /// An address; see [`Url`].
    Url,
    /// Whatever was sent.
    Any,
    /// A list of these.
    List(fn() -> Type),
    /// An object whose members are all of this type.
    Map(fn() -> Type),
    /// An object.
    Object(&'static Object),
}

/// The declaration of an answer or of a part of one.
pub struct Object {
    /// For example `BusinessUnit`.
    pub name: &'static str,
    /// What it is.
    pub docs: &'static str,
    /// Its members.
    pub fields: &'static [Field],
    /// How its members are spelled: `camelCase` or `snake_case`.
    pub spelling: &'static str,
}

/// A member of an [`Object`].
pub struct Field {
    /// Its name in Rust; see [`Object::spelling`].
    pub name: &'static str,
    /// Its name at the platform, where that follows no rule.
    pub renamed: Option<&'static str>,
    /// What it is.
    pub docs: &'static str,
    /// Its type. It may also be missing or null.
    pub of: fn() -> Type,
}

impl Field {
    /// Its name as the platform spells it.
    #[must_use]
    pub fn wire(&self, object: &Object) -> String {
        if let Some(name) = self.renamed {
            return name.to_owned();
        }
        if object.spelling == "snake_case" {
            return self.name.to_owned();
        }
        let mut words = self.name.split('_');
        let mut name = words.next().unwrap_or_default().to_owned();
        for word in words {
            let (first, rest) = word.split_at_checked(1).unwrap_or_default();
            name.push_str(&first.to_ascii_uppercase());
            name.push_str(rest);
        }
        name
    }
}

/// A value that can stand in an answer.
pub trait Answer: Sized {
    /// What it looks like.
    fn describe() -> Type;

    /// Reads it.
    ///
    /// # Errors
    /// Says what was there in its place. Neither missing members nor unknown ones are an error.
    fn read(value: Value) -> Result<Self, serde_json::Error>;
}

/// How each member is read: null is like missing.
pub(crate) fn member<'de, D: Deserializer<'de>, T: Answer>(from: D) -> Result<Option<T>, D::Error> {
    let value = Option::<Value>::deserialize(from)?;
    value
        .map(T::read)
        .transpose()
        .map_err(serde::de::Error::custom)
}

/// Declares answers whose members are spelled in one way. Each becomes a struct of optional members with `other` for unknown ones.
macro_rules! answers {
    ($spelling:literal: $(
        $(#[doc = $docs:literal])+
        $name:ident {
            $($(#[doc = $field_docs:literal])+ $field:ident $(= $rename:literal)? : $type:ty,)*
        }
    )+) => {$(
        $(#[doc = $docs])+
        #[derive(Clone, Debug, Default, PartialEq, serde::Serialize, serde::Deserialize)]
        #[serde(default, rename_all = $spelling)]
        pub struct $name {
            $(
                $(#[doc = $field_docs])+
                #[serde(
                    $(rename = $rename,)?
                    deserialize_with = "crate::api::answer::member",
                    skip_serializing_if = "Option::is_none"
                )]
                pub $field: Option<$type>,
            )*
            /// Members that this version does not know.
            #[serde(flatten)]
            pub other: serde_json::Map<String, serde_json::Value>,
        }

        impl $crate::api::answer::Answer for $name {
            fn describe() -> $crate::api::answer::Type {
                static OBJECT: $crate::api::answer::Object = $crate::api::answer::Object {
                    name: stringify!($name),
                    docs: concat!($($docs, "\n"),+),
                    fields: &[$($crate::api::answer::Field {
                        name: stringify!($field),
                        renamed: $crate::api::answer::first(&[$($rename)?]),
                        docs: concat!($($field_docs, "\n"),+),
                        of: <$type as $crate::api::answer::Answer>::describe,
                    }),*],
                    spelling: $spelling,
                };
                $crate::api::answer::Type::Object(&OBJECT)
            }

            fn read(value: serde_json::Value) -> Result<Self, serde_json::Error> {
                serde_json::from_value(value)
            }
        }
    )+};
}
pub(crate) use answers;

pub(crate) const fn first(given: &[&'static str]) -> Option<&'static str> {
    given.first().copied()
}

/// An address. One without a scheme, as the platform sends those of images, is given `https:`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Url(pub String);

/// A point in time as `Date.prototype.toISOString` of ECMAScript writes it, in UTC. A text that is
/// no date stays what it is.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(transparent)]
pub struct Date(pub String);

impl Answer for Url {
    fn describe() -> Type {
        Type::Url
    }

    fn read(value: Value) -> Result<Self, serde_json::Error> {
        let url: String = serde_json::from_value(value)?;
        let prefix = if url.starts_with("//") { "https:" } else { "" };
        Ok(Self(format!("{prefix}{url}")))
    }
}

impl Answer for Date {
    fn describe() -> Type {
        Type::Date
    }

    fn read(value: Value) -> Result<Self, serde_json::Error> {
        let text: String = serde_json::from_value(value)?;
        Ok(Self(super::date::spell(&text).unwrap_or(text)))
    }
}

impl Answer for String {
    fn describe() -> Type {
        Type::Text
    }

    fn read(value: Value) -> Result<Self, serde_json::Error> {
        serde_json::from_value(value)
    }
}

impl Answer for bool {
    fn describe() -> Type {
        Type::Flag
    }

    fn read(value: Value) -> Result<Self, serde_json::Error> {
        serde_json::from_value(value)
    }
}

impl Answer for Value {
    fn describe() -> Type {
        Type::Any
    }

    fn read(value: Value) -> Result<Self, serde_json::Error> {
        Ok(value)
    }
}

impl Answer for u64 {
    fn describe() -> Type {
        Type::Number
    }

    fn read(value: Value) -> Result<Self, serde_json::Error> {
        let value = number(value);
        // JSON has one kind of number: 4.0 is 4.
        match value.as_f64().filter(|_| value.is_f64()) {
            Some(whole @ 0.0..=MOST) if whole.fract() == 0.0 => Ok(whole as Self),
            _ => serde_json::from_value(value),
        }
    }
}

/// The largest whole number that a double has for certain, 2^53 - 1.
const MOST: f64 = 9_007_199_254_740_991.0;

impl Answer for f64 {
    fn describe() -> Type {
        Type::Number
    }

    fn read(value: Value) -> Result<Self, serde_json::Error> {
        serde_json::from_value(number(value))
    }
}

/// A number that came as text, as a number.
fn number(value: Value) -> Value {
    let parsed = value.as_str().filter(|text| is_decimal(text));
    // Zeros before it are no JSON.
    let whole = parsed.and_then(|text| text.parse::<i64>().ok().map(Value::from));
    let real = || parsed.and_then(|text| text.parse::<f64>().ok().map(Value::from));
    match whole.or_else(real).filter(|number| !number.is_null()) {
        Some(number) => number,
        None => value,
    }
}

/// Digits with a sign before and a fraction behind them at most.
fn is_decimal(text: &str) -> bool {
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let text = text.strip_prefix('-').unwrap_or(text);
    match text.split_once('.') {
        None => digits(text),
        Some((whole, fraction)) => digits(whole) && digits(fraction),
    }
}

impl<T: Answer> Answer for Vec<T> {
    fn describe() -> Type {
        Type::List(T::describe)
    }

    fn read(value: Value) -> Result<Self, serde_json::Error> {
        let items: Vec<Value> = serde_json::from_value(value)?;
        // A null item is no item.
        let present = items.into_iter().filter(|item| !item.is_null());
        present.map(T::read).collect()
    }
}

/// Members by name, where the names are not known beforehand.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Members<T> {
    /// Those that are what is looked for.
    #[serde(flatten)]
    pub named: BTreeMap<String, T>,
    /// Those that are something else, for example links among images.
    #[serde(flatten)]
    pub other: Map<String, Value>,
}

impl<T: Answer> Answer for Members<T> {
    fn describe() -> Type {
        Type::Map(T::describe)
    }

    fn read(value: Value) -> Result<Self, serde_json::Error> {
        let all: Map<String, Value> = serde_json::from_value(value)?;
        let mut members = Self {
            named: BTreeMap::new(),
            other: Map::new(),
        };
        for (name, value) in all.into_iter().filter(|(_, value)| !value.is_null()) {
            match T::read(value.clone()) {
                Ok(member) => drop(members.named.insert(name, member)),
                Err(_) => drop(members.other.insert(name, value)),
            }
        }
        Ok(members)
    }
}

impl<'de, T: Answer> Deserialize<'de> for Members<T> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        Self::read(Value::deserialize(from)?).map_err(serde::de::Error::custom)
    }
}
