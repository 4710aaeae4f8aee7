//! What stands in a widget, as markup: the same, byte for byte, as the npm package's elements draw it.
//! A widget is drawn of a view: texts that are said as they are, numbers and addresses.
//!
//! ```
//! use plaudit::widgets::render::{Score, Widget, rating};
//!
//! let score = Score { value: Some(4.5), count: Some(1234), ..Score::default() };
//! let html = Widget::Rating(rating::View::english(&score)).html();
//! assert!(html.contains("Excellent"));
//! assert!(html.contains("1,234 reviews on Trustpilot"));
//! ```

pub mod badge;
pub mod histogram;
pub mod rating;
pub mod reviews;
pub mod stars;

use serde::Deserialize;

use super::html::Html;
use super::words;

/// A widget and what it shows; as JSON `{ "element": "plaudit-rating", "view": { … } }`.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(tag = "element", content = "view")]
pub enum Widget {
    /// `<plaudit-stars>`.
    #[serde(rename = "plaudit-stars")]
    Stars(stars::View),
    /// `<plaudit-rating>`.
    #[serde(rename = "plaudit-rating")]
    Rating(rating::View),
    /// `<plaudit-badge>`.
    #[serde(rename = "plaudit-badge")]
    Badge(badge::View),
    /// `<plaudit-histogram>`.
    #[serde(rename = "plaudit-histogram")]
    Histogram(histogram::View),
    /// `<plaudit-reviews>`.
    #[serde(rename = "plaudit-reviews")]
    Reviews(reviews::View),
}

impl Widget {
    /// The name of its element.
    #[must_use]
    pub const fn tag(&self) -> &'static str {
        match self {
            Self::Stars(_) => "plaudit-stars",
            Self::Rating(_) => "plaudit-rating",
            Self::Badge(_) => "plaudit-badge",
            Self::Histogram(_) => "plaudit-histogram",
            Self::Reviews(_) => "plaudit-reviews",
        }
    }

    /// What stands in it, without sheets.
    #[must_use]
    pub fn html(&self) -> String {
        let mut html = Html::new();
        match self {
            Self::Stars(view) => view.draw(&mut html),
            Self::Rating(view) => view.draw(&mut html),
            Self::Badge(view) => view.draw(&mut html),
            Self::Histogram(view) => view.draw(&mut html),
            Self::Reviews(view) => view.draw(&mut html),
        }
        html.into_string()
    }
}

/// A score as a platform tells it, to be put in words.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Score<'a> {
    /// 1 to 5; none before the first review, which 0 is too. What is above 5 is no score: none.
    pub value: Option<f64>,
    /// The value to the half, where the platform sends it; else it is rounded here.
    pub stars: Option<f64>,
    /// How many reviews.
    pub count: Option<u64>,
    /// The platform's name.
    pub platform: &'a str,
    /// Where the widget leads.
    pub href: Option<&'a str>,
}

impl Default for Score<'_> {
    /// No rating yet, on Trustpilot.
    fn default() -> Self {
        Self {
            value: None,
            stars: None,
            count: None,
            platform: "Trustpilot",
            href: None,
        }
    }
}

impl Score<'_> {
    fn halves(&self) -> u8 {
        let value = self.value().unwrap_or_default();
        let stars = self.stars.filter(|_| value > 0.0).unwrap_or_default();
        match super::stars::half_stars(stars) {
            0 => super::stars::half_stars(value),
            halves => halves,
        }
    }

    fn value(&self) -> Option<f64> {
        self.value.filter(|value| (1.0..=5.0).contains(value))
    }

    /// The value with one decimal, or none.
    fn english(&self) -> Option<String> {
        let value = self.value()?;
        // halves go up, as in `Intl`
        Some(format!("{:.1}", (value * 10.0).round() / 10.0))
    }

    /// How many reviews there are and where.
    fn source(&self) -> String {
        if self.english().is_none() {
            return words::english("none", &[], 0);
        }
        match self.count {
            None | Some(0) => self.platform.to_owned(),
            Some(count) => {
                let what = words::english("reviews", &[], count);
                words::english("on", &[("what", &what), ("platform", self.platform)], count)
            }
        }
    }
}

/// An address that may be linked: `https:` alone, which one without a scheme (`//…`) is taken for.
/// What browsers would leave out or read otherwise (controls, spaces, backslashes) makes it none.
#[must_use]
pub fn address(text: &str) -> Option<String> {
    let rest = match text.split_at_checked(6) {
        Some((scheme, rest)) if scheme.eq_ignore_ascii_case("https:") => rest,
        _ => text,
    };
    let host = rest.strip_prefix("//")?;
    let is_plain =
        |it: char| !matches!(it, '\0'..=' ' | '\u{7f}'..='\u{a0}' | '\\' | '<' | '>' | '"' | '`');
    (!host.is_empty() && !host.starts_with('/') && host.chars().all(is_plain))
        .then(|| format!("https:{rest}"))
}

/// Opens what holds all of a widget: a link, where there is an address. Gives the tag to close.
fn open_base(html: &mut Html, href: Option<&str>) -> &'static str {
    let href = href.and_then(address);
    let tag = if href.is_some() { "a" } else { "div" };
    let given = |text| href.is_some().then_some(text);
    html.open(
        tag,
        &[
            ("class", Some("base")),
            ("part", Some("base")),
            ("href", href.as_deref()),
            ("target", given("_blank")),
            ("rel", given("noopener")),
        ],
    );
    tag
}

/// An element with a text whose class is the name that `::part()` reaches it by.
fn part(html: &mut Html, name: &str, text: &str, is_hidden: bool) {
    html.leaf(
        "span",
        &[
            ("class", Some(name)),
            ("part", Some(name)),
            ("aria-hidden", is_hidden.then_some("true")),
        ],
        text,
    );
}

/// A text that only readers of screens are told.
fn unseen(html: &mut Html, text: &str) {
    html.leaf("span", &[("class", Some("hidden"))], text);
}

/// A drawing and its score, which stay together, then number and place: as the rating and the badge
/// have them.
fn draw_score(
    html: &mut Html,
    drawing: impl FnOnce(&mut Html),
    score: Option<&str>,
    scale: Option<&str>,
    text: &str,
) {
    html.open("span", &[("class", Some("pair"))]);
    drawing(html);
    if let Some(score) = score {
        part(html, "score", score, true);
    }
    if let Some(scale) = scale {
        unseen(html, scale);
    }
    html.close("span");
    part(html, "count", text, false);
}
