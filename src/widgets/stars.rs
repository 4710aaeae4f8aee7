//! The five stars: rounding, colours, words, drawing.

/// The part of a star drawing that is seen: the width of five tiles of 96 with gaps of 8.
pub const VIEW_BOX: &str = "0 0 512 96";

/// Trustpilot's colours of one to five stars, and of an empty tile. **Unverified** for half stars,
/// which take the colour of the whole star that they round to: 4.5 is known to be that of 5.
pub const COLOURS: [&str; 5] = ["#ff3722", "#ff8622", "#ffce00", "#73cf11", "#00b67a"];

/// The tile of a star that was not given. **Unverified**.
pub const EMPTY: &str = "#dcdce6";

const TILE: u32 = 96;
const STEP: u32 = 104;
/// A five-pointed star in a tile of 96, after its first point.
const GLYPH: &str = "l7.9 24.3h25.6l-20.7 15 7.9 24.3-20.7-15-20.7 15 7.9-24.3-20.7-15h25.6z";

/// A score as half stars, as Trustpilot rounds since 2019: to the nearest half, standard rounding.
/// What is below 1 is no rating yet: 0; so is what is no score, above 5. What the platform sends as `stars`
/// goes first.
///
/// ```
/// use plaudit::widgets::stars::half_stars;
/// assert_eq!((half_stars(4.2), half_stars(4.3), half_stars(0.0)), (8, 9, 0));
/// ```
#[must_use]
pub fn half_stars(score: f64) -> u8 {
    if !(1.0..=5.0).contains(&score) {
        return 0;
    }
    let halves = (1..=10u8)
        .rev()
        .find(|&n| score * 2.0 >= f64::from(n) - 0.5);
    halves.unwrap_or_default()
}

/// Which of [`COLOURS`] and of the words a number of half stars has: 1 to 5, 0 for none.
///
/// Derived from two pages that were seen, not documented: 1.5 is the first, 4.5 the last.
#[must_use]
pub const fn grade(half_stars: u8) -> u8 {
    match half_stars {
        0 => 0,
        1..=3 => 1,
        4 | 5 => 2,
        6 | 7 => 3,
        8 => 4,
        _ => 5,
    }
}

/// The path of all five tiles.
#[must_use]
pub fn tiles() -> String {
    filled(10)
}

/// The path of the tiles that a number of half stars fills, at most ten.
#[must_use]
pub fn filled(half_stars: u8) -> String {
    let halves = u32::from(half_stars.min(10));
    (0..halves.div_ceil(2))
        .map(|at| {
            let width = if halves > at * 2 + 1 { TILE } else { TILE / 2 };
            format!("M{} 0h{width}v{TILE}h-{width}z", at * STEP)
        })
        .collect()
}

/// The path of the five stars in the tiles.
#[must_use]
pub fn glyphs() -> String {
    (0..5)
        .map(|at| format!("M{} 16{GLYPH}", at * STEP + TILE / 2))
        .collect()
}
