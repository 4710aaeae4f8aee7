//! `<plaudit-badge>`.

use serde::Deserialize;

use super::{Score, draw_score, open_base, rating, stars};
use crate::widgets::html::Html;

/// What a badge shows.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct View {
    /// Where it leads; what is no https address is no link.
    pub href: Option<String>,
    /// How many half stars, at most ten: they give its star the colour.
    pub halves: u8,
    /// The score, such as "4.5".
    pub score: Option<String>,
    /// The score with its scale, for who cannot see the star, such as "4.5 out of 5".
    pub scale: Option<String>,
    /// How many reviews there are and where, or that there are none yet.
    pub text: String,
}

impl View {
    /// In English.
    #[must_use]
    pub fn english(score: &Score<'_>) -> Self {
        let rating::View {
            href,
            halves,
            score,
            scale,
            text,
            ..
        } = rating::View::english(score);
        Self {
            href,
            halves,
            score,
            scale,
            text,
        }
    }

    /// Writes it.
    pub fn draw(&self, html: &mut Html) {
        let tag = open_base(html, self.href.as_deref());
        draw_score(
            html,
            |html| stars::draw_one(html, self.halves),
            self.score.as_deref(),
            self.scale.as_deref(),
            &self.text,
        );
        html.close(tag);
    }
}
