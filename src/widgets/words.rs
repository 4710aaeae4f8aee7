//! What widgets say, in English. Other languages are files of the npm package; in Rust they are another
//! [`Words`].

/// A phrase by the plural categories that its language has (CLDR); `{count}` is in it.
pub type Plural = &'static [(&'static str, &'static str)];

/// Phrases with places in braces.
#[derive(Clone, Copy, Debug)]
pub enum Phrase {
    /// The same for every number.
    One(&'static str),
    /// By the plural category of a number.
    Many(Plural),
}

/// All phrases by name, the same names in every language.
pub type Words = &'static [(&'static str, Phrase)];

/// Trustpilot's words for one to five stars in English. Derived, not documented.
pub const GRADES: [&str; 5] = ["Bad", "Poor", "Average", "Great", "Excellent"];

use Phrase::{Many, One};

/// The phrases in English.
pub const ENGLISH: Words = &[
    ("rated", One("Rated {value} out of 5 stars")),
    (
        "ratedBy",
        Many(&[
            (
                "one",
                "Rated {value} out of 5 stars by {count} customer on {platform}",
            ),
            (
                "other",
                "Rated {value} out of 5 stars by {count} customers on {platform}",
            ),
        ]),
    ),
    ("none", One("No reviews yet")),
    ("outOf", One("{value} out of 5")),
    (
        "reviews",
        Many(&[("one", "{count} review"), ("other", "{count} reviews")]),
    ),
    ("on", One("{what} on {platform}")),
    (
        "stars",
        Many(&[("one", "{count} star"), ("other", "{count} stars")]),
    ),
    ("row", One("{stars}, {reviews}, {share}")),
    ("title", One("Reviews")),
    ("notice", One("Only a selection is shown: {what}")),
    ("noMatch", One("No review matches")),
    ("more", One("Show more reviews")),
    (
        "added",
        Many(&[
            ("one", "{count} more review"),
            ("other", "{count} more reviews"),
        ]),
    ),
    ("readMore", One("Read more")),
    ("readLess", One("Read less")),
    ("reply", One("Reply from {name}")),
    ("replied", One("Reply from the business")),
    ("verified", One("Verified")),
    ("anonymous", One("Anonymous")),
    ("previous", One("Previous")),
    ("next", One("Next")),
    ("carousel", One("carousel")),
    ("slide", One("slide")),
    ("position", One("{at} of {count}")),
    ("error", One("This cannot be shown right now.")),
    ("retry", One("Try again")),
    ("offline", One("No connection. This was loaded earlier.")),
    ("signIn", One("Sign in with {platform}")),
    ("signingIn", One("Signing in")),
    ("signOut", One("Sign out")),
    ("notSignedIn", One("Signing in did not succeed.")),
];

/// What comes in a file of its own, elements by their names without `plaudit-`, and the phrases that come
/// with it.
pub const OWN: &[(&str, &[&str])] = &[
    ("histogram", &["row", "stars"]),
    ("loading", &["error", "offline", "retry"]),
    (
        "reviews",
        &[
            "added",
            "anonymous",
            "carousel",
            "more",
            "next",
            "noMatch",
            "notice",
            "position",
            "previous",
            "readLess",
            "readMore",
            "replied",
            "reply",
            "slide",
            "stars",
            "title",
            "verified",
        ],
    ),
    (
        "sign-in",
        &["notSignedIn", "signIn", "signOut", "signingIn"],
    ),
];

/// A phrase in English: `count` in its place and choosing its form, and the values in theirs. Empty for
/// a name that there is none of.
#[must_use]
pub fn english(name: &str, values: &[(&str, &str)], count: u64) -> String {
    let form = if count == 1 { "one" } else { "other" };
    let text = ENGLISH.iter().find(|(own, _)| *own == name);
    let text = text.map_or("", |(_, phrase)| match phrase {
        One(text) => text,
        Many(forms) => forms
            .iter()
            .find_map(|(category, text)| (*category == form).then_some(*text))
            .unwrap_or_default(),
    });
    let number = grouped(count);
    let mut said = String::with_capacity(text.len() + 16);
    let mut rest = text;
    // not by replacing one after the other: a value may hold braces itself
    while let Some((before, after)) = rest.split_once('{') {
        let (place, after) = after.split_once('}').unwrap_or((after, ""));
        let value = values.iter().find(|(own, _)| *own == place);
        said.push_str(before);
        said.push_str(match value {
            Some((_, value)) => value,
            None if place == "count" => &number,
            None => "",
        });
        rest = after;
    }
    said.push_str(rest);
    said
}

/// A number with commas between its thousands.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + 6);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}
