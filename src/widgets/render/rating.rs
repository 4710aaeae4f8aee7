//! `<plaudit-rating>`.

use serde::Deserialize;

use super::{Score, draw_score, open_base, part, stars};
use crate::widgets::html::Html;
use crate::widgets::stars::grade;
use crate::widgets::words::{self, GRADES};

/// What a rating shows.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct View {
    /// Where it leads; what is no https address is no link.
    pub href: Option<String>,
    /// The platform's word, such as "Excellent".
    pub word: Option<String>,
    /// How many half stars, at most ten.
    pub halves: u8,
    /// The score, such as "4.5".
    pub score: Option<String>,
    /// The score with its scale, for who cannot see the stars, such as "4.5 out of 5".
    pub scale: Option<String>,
    /// How many reviews there are and where, or that there are none yet.
    pub text: String,
}

impl View {
    /// In English.
    #[must_use]
    pub fn english(score: &Score<'_>) -> Self {
        let value = score.english();
        let halves = score.halves();
        let word = usize::from(grade(halves))
            .checked_sub(1)
            .and_then(|at| GRADES.get(at))
            // they are Trustpilot's words
            .filter(|_| score.platform != "Trustoo");
        Self {
            href: score.href.map(str::to_owned),
            word: word.map(|&word| word.to_owned()),
            halves,
            scale: value
                .as_ref()
                .map(|value| words::english("outOf", &[("value", value)], 0)),
            score: value,
            text: score.source(),
        }
    }

    /// Writes it.
    pub fn draw(&self, html: &mut Html) {
        let tag = open_base(html, self.href.as_deref());
        if let Some(word) = &self.word {
            part(html, "label", word, false);
        }
        draw_score(
            html,
            |html| stars::draw(html, self.halves, None),
            self.score.as_deref(),
            self.scale.as_deref(),
            &self.text,
        );
        html.close(tag);
    }
}
