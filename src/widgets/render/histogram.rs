//! `<plaudit-histogram>`.

use serde::Deserialize;

use super::{part, unseen};
use crate::widgets::html::Html;
use crate::widgets::words;

/// What a histogram shows.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct View {
    /// From five stars to one.
    pub rows: Vec<Row>,
    /// Instead of rows, where it is not known how many there are.
    pub status: Option<String>,
}

/// The reviews with so many stars.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Row {
    /// How many stars, 1 to 5; more are drawn as 5.
    pub stars: u8,
    /// The same in words, such as "5 stars".
    pub label: String,
    /// How many of all, such as "66%".
    pub share: String,
    /// All of it for who cannot see the bar, such as "5 stars, 812 reviews, 66%".
    pub name: String,
    /// The length of the bar, of 1,000.
    pub width: u16,
    /// Whether it is chosen, where it can be: then it is a button.
    pub is_pressed: Option<bool>,
}

impl View {
    /// In English, of how many reviews there are of one star, of two, and so on.
    #[must_use]
    pub fn english(distribution: [u64; 5]) -> Self {
        let all: u64 = distribution
            .iter()
            .fold(0, |sum, count| sum.saturating_add(*count));
        let row = |(stars, &count): (u8, &u64)| {
            // as floats: what is lost is far below a pixel
            #[allow(clippy::cast_precision_loss)]
            let ratio = if all == 0 {
                0.0
            } else {
                count as f64 / all as f64
            };
            let label = words::english("stars", &[], stars.into());
            let reviews = words::english("reviews", &[], count);
            let share = format!("{}%", percent(count, all));
            let values = [
                ("stars", &*label),
                ("reviews", &*reviews),
                ("share", &*share),
            ];
            let name = words::english("row", &values, count);
            Row {
                stars,
                name,
                width: width_of(ratio),
                label,
                share,
                is_pressed: None,
            }
        };
        Self {
            rows: (1..=5).zip(&distribution).map(row).rev().collect(),
            status: None,
        }
    }

    /// In English, where it is not known how many there are.
    #[must_use]
    pub fn unknown() -> Self {
        Self {
            rows: Vec::new(),
            status: Some(words::english("none", &[], 0)),
        }
    }

    /// Writes it.
    pub fn draw(&self, html: &mut Html) {
        if let Some(status) = self.status.as_ref().filter(|it| !it.is_empty()) {
            let attributes = [("class", Some("status")), ("part", Some("status"))];
            html.leaf("p", &attributes, status);
            return;
        }
        let list = [
            ("class", Some("list")),
            ("part", Some("list")),
            // WebKit takes it from lists without markers
            ("role", Some("list")),
        ];
        html.open("ul", &list);
        for row in &self.rows {
            row.draw(html);
        }
        html.close("ul");
    }
}

/// So many of all in percent, in whole numbers: halves go up, which floats may be just below.
fn percent(count: u64, all: u64) -> u128 {
    let all = u128::from(all);
    (u128::from(count) * 200 + all)
        .checked_div(all * 2)
        .unwrap_or_default()
}

/// Few are seen too.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
fn width_of(ratio: f64) -> u16 {
    if ratio > 0.0 {
        (ratio * 1000.0).round().clamp(10.0, 1000.0) as u16
    } else {
        0
    }
}

impl Row {
    fn draw(&self, html: &mut Html) {
        let stars = self.stars.clamp(1, 5).to_string();
        let tag = if self.is_pressed.is_some() {
            "button"
        } else {
            "div"
        };
        let given = |text| self.is_pressed.map(|_| text);
        html.open("li", &[]).open(
            tag,
            &[
                ("class", Some("row")),
                ("part", Some("row")),
                ("type", given("button")),
                ("data-do", given("filter")),
                ("data-stars", given(&stars)),
                (
                    "aria-pressed",
                    self.is_pressed.map(|it| if it { "true" } else { "false" }),
                ),
            ],
        );
        unseen(html, &self.name);
        part(html, "label", &self.label, true);
        let track = [
            ("class", Some("track")),
            ("part", Some("track")),
            ("viewBox", Some("0 0 1000 1")),
            ("preserveAspectRatio", Some("none")),
            ("data-grade", Some(&*stars)),
            ("aria-hidden", Some("true")),
        ];
        let bar = format!("M0 0h{}v1H0z", self.width.min(1000));
        let path = [
            ("class", Some("f")),
            ("part", Some("bar")),
            ("d", Some(&*bar)),
        ];
        html.open("svg", &track)
            .leaf("path", &path, "")
            .close("svg");
        part(html, "share", &self.share, true);
        html.close(tag).close("li");
    }
}
