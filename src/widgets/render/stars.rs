//! `<plaudit-stars>`, and the drawings that other widgets have too.

use serde::Deserialize;

use super::Score;
use crate::widgets::html::Html;
use crate::widgets::stars::{VIEW_BOX, filled, glyphs, grade, tiles};
use crate::widgets::words;

/// What stars alone show.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct View {
    /// How many half stars, at most ten.
    pub halves: u8,
    /// What they are called; without it they are decoration.
    pub label: Option<String>,
}

impl View {
    /// In English.
    #[must_use]
    pub fn english(score: &Score<'_>) -> Self {
        let label = score.english().map_or_else(
            || words::english("none", &[], 0),
            |value| {
                let values = [("value", &*value), ("platform", score.platform)];
                match score.count {
                    None | Some(0) => words::english("rated", &values, 0),
                    Some(count) => words::english("ratedBy", &values, count),
                }
            },
        );
        Self {
            halves: score.halves(),
            label: Some(label),
        }
    }

    /// Writes it.
    pub fn draw(&self, html: &mut Html) {
        draw(html, self.halves, self.label.as_deref());
    }
}

/// The five stars: tiles, what is filled of them, and the stars in them.
pub(super) fn draw(html: &mut Html, halves: u8, label: Option<&str>) {
    open(html, "stars", VIEW_BOX, halves, label);
    path(html, "e", &tiles());
    path(html, "f", &filled(halves));
    path(html, "g", &glyphs());
    html.close("svg");
}

/// One star in its tile, in the colour that so many have.
pub(super) fn draw_one(html: &mut Html, halves: u8) {
    open(html, "star", "0 0 96 96", halves, None);
    path(html, if halves == 0 { "e" } else { "f" }, "M0 0h96v96h-96z");
    let all = glyphs();
    let first = all.split_inclusive('z').next().unwrap_or_default();
    path(html, "g", first);
    html.close("svg");
}

fn open(html: &mut Html, class: &str, view_box: &str, halves: u8, label: Option<&str>) {
    let grade = grade(halves).to_string();
    html.open(
        "svg",
        &[
            ("class", Some(class)),
            ("part", Some("stars")),
            ("viewBox", Some(view_box)),
            ("data-grade", Some(&grade)),
            ("role", label.map(|_| "img")),
            ("aria-label", label),
            ("aria-hidden", label.is_none().then_some("true")),
        ],
    );
}

fn path(html: &mut Html, class: &str, d: &str) {
    html.leaf("path", &[("class", Some(class)), ("d", Some(d))], "");
}
