//! A whole element as text, with what it shows in a declarative shadow root, which the element in the
//! page takes over as it is: no flash, no request.
//!
//! ```
//! use plaudit::widgets::render::{Score, Widget, rating};
//! use plaudit::widgets::{Host, render_to_string};
//!
//! let score = Score { value: Some(4.5), count: Some(1234), ..Score::default() };
//! let host = Host {
//!     attributes: &[("domain", "example.com"), ("proxy", "/reviews")],
//!     data: Some(r#"{"rating":{"provider":"trustpilot","value":4.5,"stars":4.5,"count":1234}}"#),
//!     ..Host::default()
//! };
//! let html = render_to_string(&Widget::Rating(rating::View::english(&score)), &host)?.html;
//! assert!(html.starts_with(
//!     r#"<plaudit-rating domain="example.com" proxy="/reviews" locale="en"><template shadowrootmode="open""#
//! ));
//! assert!(html.contains("1,234 reviews on Trustpilot"));
//! # Ok::<(), plaudit::Error>(())
//! ```

use core::fmt::Write;
use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use super::element::{ELEMENTS, Element};
use super::html::escape;
use super::jsonld::{self, Item, Made, Rating, Review, Schema, Warning, json_ld};
use super::render::Widget;
use super::sheets;
use crate::error::{Error, Fault, fault};

static TAG: Fault = fault!(InvalidArgument, "tag", "is not that of an element");
static NAME: Fault = fault!(
    InvalidArgument,
    "attributes",
    "has a name that is none, or that of a handler, or one twice"
);
static STYLE: Fault = fault!(
    InvalidArgument,
    "style",
    "would end its own element, or has no address"
);

/// How the sheets come to the root. Under a strict policy of content that is a nonce or an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style<'a> {
    /// A `<style>` with the crate's own sheets.
    Own {
        /// Its nonce.
        nonce: Option<&'a str>,
    },
    /// A `<style>` with other text.
    Text {
        /// The text.
        css: &'a str,
        /// Its nonce.
        nonce: Option<&'a str>,
    },
    /// A `<link>` to the sheet that the npm package has as `dist/elements.css`.
    Link {
        /// Its address.
        href: &'a str,
    },
}

impl Default for Style<'_> {
    fn default() -> Self {
        Self::Own { nonce: None }
    }
}

/// What is around what an element shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Host<'a> {
    /// The element's attributes. An `api-key` is left out: what is in a page, everyone has.
    pub attributes: &'a [(&'a str, &'a str)],
    /// The language that was spoken, as BCP 47 writes it; `en` where nothing is said. It becomes the
    /// element's `locale`, unless it has that or a `lang`.
    pub locale: Option<&'a str>,
    /// The sheets.
    pub style: Style<'a>,
    /// What was drawn, as JSON: what the element's property `data` takes. With it the element draws
    /// and fetches nothing until something changes.
    pub data: Option<&'a str>,
}

/// An element as text, and what speaks against its structured data.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Rendered {
    /// The text.
    pub html: String,
    /// Warnings, where its attribute `schema` asks for structured data.
    pub warnings: Vec<Warning>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Data {
    rating: Option<Rating>,
    reviews: Option<Vec<Review>>,
}

/// A widget as a whole element.
///
/// # Errors
///
/// [`Code::InvalidArgument`](crate::Code) when an attribute's name would break the markup, names a
/// handler or comes twice, when the text of the sheets would end their element, or the link is empty.
pub fn render_to_string(widget: &Widget, host: &Host<'_>) -> Result<Rendered, Error> {
    let tag = widget.tag();
    let element = ELEMENTS.iter().find(|it| it.tag == tag).ok_or(&TAG)?;
    let attributes = attributes(host)?;
    let mut html = format!("<{tag}");
    for (name, value) in &attributes {
        attribute(&mut html, name, value);
    }
    html.push_str(
        "><template shadowrootmode=\"open\" shadowrootclonable=\"\" shadowrootserializable=\"\">",
    );
    style(&mut html, tag, host.style)?;
    html.push_str(&widget.html());
    if let Some(data) = host.data {
        html.push_str("<script type=\"application/json\"");
        attribute(
            &mut html,
            "data-of",
            &key(element, &attributes, host.locale),
        );
        let _ = write!(html, ">{}</script>", jsonld::escape(data));
    }
    html.push_str("</template>");
    let described = item(element, &attributes, host.data).map(|item| json_ld(&item));
    let Made {
        key,
        json,
        warnings,
    } = described.unwrap_or_default();
    if let Some(json) = json {
        html.push_str("<script type=\"application/ld+json\"");
        attribute(&mut html, "data-plaudit", &key);
        let _ = write!(html, ">{json}</script>");
    }
    let _ = write!(html, "</{tag}>");
    Ok(Rendered { html, warnings })
}

/// Those that are written, in their order.
fn attributes<'a>(host: &Host<'a>) -> Result<Vec<(&'a str, &'a str)>, Error> {
    let mut all: Vec<(&str, &str)> = Vec::new();
    for (name, value) in host.attributes {
        let starts = name.starts_with(|it: char| it.is_ascii_lowercase());
        let plain = |it: char| matches!(it, 'a'..='z' | '0'..='9' | '-' | '_' | '.' | ':');
        let twice = all.iter().any(|(it, _)| it == name);
        if !starts || !name.chars().all(plain) || name.starts_with("on") || twice {
            return Err(Error::from(&NAME));
        }
        if *name != "api-key" {
            all.push((name, value));
        }
    }
    let is_said = all.iter().any(|(it, _)| matches!(*it, "locale" | "lang"));
    if !is_said {
        all.push(("locale", host.locale.unwrap_or("en")));
    }
    Ok(all)
}

/// What the drawing depends on; the element in the page makes the same text of its attributes.
fn key(element: &Element, attributes: &[(&str, &str)], locale: Option<&str>) -> String {
    let find = |name| attributes.iter().find(|(it, _)| *it == name);
    let said = find("locale").or_else(|| find("lang"));
    let mut given: Vec<_> = element
        .attributes
        .iter()
        .copied()
        .flatten()
        .filter_map(|it| find(it.name))
        .map(|(name, value)| format!("{name}={value}"))
        .collect();
    given.sort();
    let mut all = vec![
        Cow::Borrowed(env!("CARGO_PKG_VERSION")),
        Cow::Borrowed(locale.or(said.map(|(_, value)| *value)).unwrap_or("en")),
    ];
    all.extend(given.into_iter().map(Cow::Owned));
    all.join(" ")
}

fn style(html: &mut String, tag: &str, style: Style<'_>) -> Result<(), Error> {
    let (css, nonce) = match style {
        Style::Own { nonce } => (Cow::Owned(sheets::css(tag)), nonce),
        Style::Text { css, nonce } => (Cow::Borrowed(css), nonce),
        Style::Link { href } => {
            if href.is_empty() {
                return Err(Error::from(&STYLE));
            }
            html.push_str("<link rel=\"stylesheet\"");
            attribute(html, "href", href);
            html.push('>');
            return Ok(());
        }
    };
    if css.contains("</") {
        return Err(Error::from(&STYLE));
    }
    html.push_str("<style");
    if let Some(nonce) = nonce {
        attribute(html, "nonce", nonce);
    }
    let _ = write!(html, ">{css}</style>");
    Ok(())
}

fn attribute(html: &mut String, name: &str, value: &str) {
    let _ = write!(html, " {name}=\"");
    escape(html, value);
    html.push('"');
}

/// What is marked up, where that was asked for; as the element in the page does it.
fn item(element: &Element, attributes: &[(&str, &str)], data: Option<&str>) -> Option<Item> {
    let find = |name| {
        let found = attributes.iter().find(|(it, _)| *it == name);
        found
            .map(|(_, value)| *value)
            .filter(|value| !value.is_empty())
    };
    let takes = element
        .attributes
        .iter()
        .copied()
        .flatten()
        .any(|it| it.name == "schema");
    let schema = match find("schema") {
        Some("aggregate") if takes => Schema::Aggregate,
        Some("reviews") if takes => Schema::Reviews,
        _ => return None,
    };
    let sku = find("sku");
    let place = find("business-unit").or_else(|| find("domain"));
    let source: Vec<_> = [place, find("shop"), sku].into_iter().flatten().collect();
    let default = if sku.is_some() {
        "Product"
    } else {
        "Organization"
    };
    // what is no data of ours has nothing to mark up
    let data: Data = serde_json::from_str(data?).unwrap_or_default();
    Some(Item {
        schema,
        kind: find("schema-type").unwrap_or(default).to_owned(),
        id: find("schema-id").map(str::to_owned),
        name: find("name").map(str::to_owned),
        provider: match find("provider") {
            Some("trustoo") => "trustoo",
            _ => "trustpilot",
        }
        .to_owned(),
        business: sku.is_none() && place.is_some(),
        source: Some(source.join(" ")),
        rating: data.rating,
        reviews: data.reviews,
    })
}

/// What `plaudit/server` sends.
#[cfg(feature = "server-wasm")]
#[derive(Deserialize)]
pub(crate) struct Input {
    #[serde(flatten)]
    widget: Widget,
    attributes: Vec<(String, String)>,
    locale: String,
    css: String,
    nonce: Option<String>,
    stylesheet: Option<String>,
    data: Option<String>,
}

#[cfg(feature = "server-wasm")]
pub(crate) fn render_input(input: Input) -> Result<Rendered, Error> {
    let attributes: Vec<_> = input
        .attributes
        .iter()
        .map(|(name, value)| (&**name, &**value))
        .collect();
    let style = match &input.stylesheet {
        Some(href) => Style::Link { href },
        None => Style::Text {
            css: &input.css,
            nonce: input.nonce.as_deref(),
        },
    };
    let host = Host {
        attributes: &attributes,
        locale: Some(&input.locale),
        style,
        data: input.data.as_deref(),
    };
    render_to_string(&input.widget, &host)
}
